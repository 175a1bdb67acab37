"""Assembly: from settings to everything that a request needs, made once; only what is current may be replaced.

Nothing here waits for the database: what is wrong with model, policy, keys or settings stops the start at once.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from pydantic import SecretStr

from auth.discovery import DiscoveredKeys, Discovery
from auth.issuer import LocalIssuer
from auth.keys import Keys as TokenKeys
from auth.keys import RemoteKeys, StaticKeys
from auth.oauth import OAuthClient
from auth.policy import Policy
from auth.reveals import Reveals
from auth.secret_file import write_once
from auth.token import TokenVerifier, Trust
from graph.vault.vault import PLAIN, Keys
from ingest.definitions import definitions
from ingest.live.sources import LiveSources, read_live_sources
from ingest.suppression import KEY_BYTES as SUPPRESSION_KEY_BYTES
from ingest.suppression import Hasher
from ingest.survivorship import Survivorship
from ingest.survivorship_file import shipped
from resolvers.budget import Budget
from resolvers.cursor import KEY_BYTES
from resolvers.dictionary import Definition
from resolvers.prepare import Plans
from resolvers.role_schema import RoleSchema
from schema.catalogue import complete_model
from schema.contact_rules import ContactRules, read_contact_rules, shipped_contact_rules
from schema.errors import SettingInvalid
from schema.governance import Governance, read_governance
from schema.journey import Stages, read_journey, shipped_journey
from server.api import RoleSchemas
from server.current import Current, Now, Served
from server.documents import Documents
from server.login import Login
from server.pace import Pace, Rates
from server.rules import Rules, rules_of
from server.settings import Settings, callback_of, public_address_of
from server.trusted import Trusted, trusted_of
from server.vault import vault_of

__all__ = ["Assembly", "Rules", "assemble", "rules_of", "served"]

CURSOR_KEY_FILE = "cursor.key"
SUPPRESSION_KEY_FILE = "suppression.key"


@dataclass(frozen=True, slots=True)
class ExportLimits:
    """How many exports there may be at once, and for how many seconds one of their statements may run."""

    at_once: int = 2
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Assembly:
    """All that a request needs beside the database. Holds secrets: its printed form shows none."""

    current: Current = field(repr=False)
    budget: Budget
    verifier: TokenVerifier = field(repr=False)
    cipher: AESSIV = field(repr=False)
    max_body_bytes: int
    pace: Pace = field(default_factory=lambda: Pace(Rates()), repr=False)
    login: Login | None = field(default=None, repr=False)
    origins: tuple[str, ...] = ()
    reveals: Reveals = field(default_factory=Reveals, repr=False)
    live_sources: LiveSources | None = field(default=None, repr=False)
    governance: Governance = field(default_factory=lambda: read_governance(complete_model()), repr=False)

    contact_rules: ContactRules = field(default_factory=shipped_contact_rules, repr=False)
    journey: Stages = field(default_factory=shipped_journey, repr=False)
    dictionary: tuple[Definition, ...] = field(default=(), repr=False)
    vault: Keys = field(default=PLAIN, repr=False)
    suppression: Hasher | None = field(default=None, repr=False)
    exports: ExportLimits = field(default_factory=ExportLimits)

    @property
    def rules(self) -> Rules:
        """Who may see what, now."""
        return self.current.served.rules

    @property
    def schemas(self) -> Mapping[str, RoleSchema]:
        """Each role's schema, now."""
        return self.current.served.schemas

    @property
    def documents(self) -> Documents:
        """What was read against those schemas."""
        return self.current.served.documents

    @property
    def plans(self) -> Plans:
        """What was compiled for those schemas."""
        return self.current.served.plans

    @property
    def trusted(self) -> Trusted:
        """The documents that may be asked, as they fit those schemas."""
        return self.current.served.trusted

    @property
    def policies(self) -> Mapping[str, Policy]:
        """The policies of whatever is current when one looks."""
        return Now(lambda: self.rules.policies)


def assemble(settings: Settings, *, at_once: bool = False) -> Assembly:
    """Everything, from the settings. Makes the keys in the data folder that are not there yet; `at_once` as `served`.

    Raises ModelInvalid, PolicyInvalid, GovernanceInvalid, ContactRulesInvalid, JourneyInvalid, SettingInvalid,
    SourceInvalid, VaultKeysMissing and VaultUnavailable.
    """
    current = Current(served(settings, at_once=at_once))
    governance = read_governance(current.served.rules.model, settings.governance)
    trust, keys = trust_and_keys(settings)
    check_names(trust, current.served.rules)
    verifier = TokenVerifier(trust, keys, Now(lambda: current.served.rules.purposes_of))
    return Assembly(
        current=current,
        budget=Budget(depth=settings.max_depth, rows=settings.max_rows, estimate=settings.max_cost),
        verifier=verifier,
        cipher=AESSIV(cursor_key(settings)),
        max_body_bytes=settings.max_body_bytes,
        pace=Pace(rates_of(settings), trust.issuer),
        login=login_of(settings, trust, keys, verifier),
        origins=settings.cors_origins,
        live_sources=None if settings.live_sources is None else read_live_sources(settings.live_sources),
        governance=governance,
        contact_rules=read_contact_rules(settings.contacts),
        journey=read_journey(settings.journey),
        dictionary=definitions(current.served.rules.model, governance, survivorship_of(settings)),
        vault=vault_of(settings),
        suppression=Hasher(suppression_key(settings)),
        exports=ExportLimits(settings.exports, settings.export_statement_seconds),
    )


def trusted_documents(settings: Settings, schemas: Mapping[str, RoleSchema]) -> Trusted:
    """The documents that may be asked. Raises TrustedDocumentInvalid, and SettingInvalid for an unknown role."""
    if settings.trusted_documents is None:
        return Trusted()
    if unknown := sorted(set(settings.free_documents_roles) - schemas.keys()):
        raise SettingInvalid(f"CUSTOMER_GRAPH_FREE_DOCUMENTS_ROLES names {unknown[0]}; there are {', '.join(schemas)}.")
    return trusted_of(settings.trusted_documents, schemas, settings.free_documents_roles)


def served(settings: Settings, *, at_once: bool = False) -> Served:
    """What is made of the policies: Views, schemas, the documents that fit them, and empty stores beside them.

    A schema is made when it is asked for first, or `at_once`, which takes some tenths of a second a role: a server
    does that before requests wait. Raises ModelInvalid, PolicyInvalid, TrustedDocumentInvalid and SettingInvalid.
    """
    rules = rules_of(settings.policy)
    schemas = RoleSchemas({role: rules.usual_view(role) for role in rules.policies})
    if at_once:
        schemas.make_all()
    size = settings.plan_cache_size
    trusted = trusted_documents(settings, schemas)
    return Served(rules, schemas, Documents(size), Plans(size), trusted)


def rates_of(settings: Settings) -> Rates:
    """What one viewer may have."""
    return Rates(
        requests=settings.viewer_requests,
        cost=settings.viewer_cost,
        lookups=settings.viewer_lookups,
        questions=settings.viewer_questions,
        concurrent=settings.viewer_concurrent,
        statements=settings.viewer_statements,
        streams=settings.viewer_streams,
    )


def trust_and_keys(settings: Settings) -> tuple[Trust, TokenKeys]:
    """Whose tokens count, and the keys they are verified with: the named issuer's, else our own local ones."""
    if settings.issuer is None:
        issuer = LocalIssuer(settings.data)
        return issuer.trust, issuer.keys()
    trust = Trust(
        issuer=settings.issuer,
        audience=settings.audience,
        algorithms=settings.algorithms,
        leeway_seconds=settings.clock_skew_seconds,
        roles_claim=settings.roles_claim,
        purposes_claim=settings.purposes_claim,
        role_names=settings.role_names,
        claim_paths=settings.claim_paths or {},
    )
    if settings.jwks_file is not None:
        return trust, StaticKeys.read(settings.jwks_file)
    if settings.jwks_uri is not None:
        return trust, RemoteKeys(settings.jwks_uri)
    return trust, DiscoveredKeys(Discovery(settings.issuer))


def login_of(settings: Settings, trust: Trust, keys: TokenKeys, verifier: TokenVerifier) -> Login | None:
    """Signing in with a browser, where the settings name a client for it."""
    if settings.login_client_id is None:
        return None
    discovery = keys.discovery if isinstance(keys, DiscoveredKeys) else Discovery(trust.issuer)
    secret = settings.login_client_secret
    client = OAuthClient(
        discovery,
        settings.login_client_id,
        None if secret is None else secret.get_secret_value(),
        callback_of(settings),
        settings.login_scope,
    )
    identities = TokenVerifier(replace(trust, audience=client.client_id), keys, {}, remembered=0)
    return Login(client, public_address_of(settings), verifier, identities)


def check_names(trust: Trust, rules: Rules) -> None:
    """What the settings map to must be there: a misspelt role would be one that nobody has. Raises SettingInvalid."""
    if unknown := sorted(set((trust.role_names or {}).values()) - set(rules.policies)):
        raise SettingInvalid(
            f"CUSTOMER_GRAPH_ROLE_NAMES: there is no role {unknown[0]}; the roles are {', '.join(rules.policies)}."
        )
    read = sorted({claim for policy in rules.policies.values() for claim in policy.said.claims})
    if unknown := sorted(set(trust.claim_paths) - set(read)):
        raise SettingInvalid(
            f"CUSTOMER_GRAPH_CLAIM_PATHS: no policy reads a claim {unknown[0]}; they read {', '.join(read) or 'none'}."
        )


def survivorship_of(settings: Settings) -> Survivorship:
    """The rules by which golden values are chosen: those beside the company's sources, else the shipped ones."""
    if settings.sources is None:
        return shipped()
    from ingest.sources.read import sources_of  # with DuckDB, which only who has sources needs

    return sources_of([settings.sources], None).survivorship


def cursor_key(settings: Settings) -> bytes:
    """The key that seals cursors: the setting, else one that is made in the data folder at first use."""
    return _key(settings.cursor_key, settings.data / CURSOR_KEY_FILE, KEY_BYTES, "Remove it and start again.")


def suppression_key(settings: Settings) -> bytes:
    """The key by which the erased are known again: the setting, else one that is made in the data folder."""
    path = settings.data / SUPPRESSION_KEY_FILE
    return _key(settings.suppression_key, path, SUPPRESSION_KEY_BYTES, "Put back the copy that was kept.")


def _key(said: SecretStr | None, path: Path, size: int, otherwise: str) -> bytes:
    if said is not None:
        return bytes.fromhex(said.get_secret_value())
    try:
        if not path.exists():
            write_once(path, secrets.token_bytes(size).hex())
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError:
        raise SettingInvalid("The data folder cannot be written; name another with --data.") from None
    except ValueError:
        key = b""
    if len(key) != size:
        raise SettingInvalid(f"The file {path.name} in the data folder is damaged. {otherwise}")
    return key
