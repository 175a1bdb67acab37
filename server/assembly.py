"""Assembly: from settings to everything that a request needs, made once and never changed.

Nothing here waits for the database: what is wrong with model, policy, keys or settings stops the start at once.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from auth.issuer import LocalIssuer
from auth.keys import Keys, RemoteKeys, StaticKeys
from auth.narrow import narrow
from auth.policy import SHIPPED, Policy, load_policies
from auth.secret_file import write_once
from auth.token import TokenVerifier, Trust
from graph.view import View
from resolvers.budget import Budget
from resolvers.cursor import KEY_BYTES
from resolvers.prepare import Plans
from resolvers.read import CompiledRead
from resolvers.role_schema import RoleSchema
from schema.catalogue import complete_model
from schema.errors import SettingInvalid
from schema.model import Model
from server.api import check_changes, role_schema
from server.documents import Documents, KnownDocument
from server.pace import Pace, Rates
from server.settings import Settings

CURSOR_KEY_FILE = "cursor.key"


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may see what: the model, the policies, and the View of each role for each of its purposes."""

    model: Model
    policies: Mapping[str, Policy]
    views: Mapping[tuple[str, str], View]

    def usual_view(self, role: str) -> View:
        """The View of a role for its usual purpose."""
        return self.views[role, self.policies[role].said.purposes[0]]

    @property
    def purposes_of(self) -> Mapping[str, tuple[str, ...]]:
        """The purposes of each role, the usual one first."""
        return {role: policy.said.purposes for role, policy in self.policies.items()}


@dataclass(frozen=True, slots=True)
class Assembly:
    """All that a request needs beside the database. Holds secrets: its printed form shows none."""

    rules: Rules = field(repr=False)
    schemas: Mapping[str, RoleSchema] = field(repr=False)
    documents: Documents
    plans: Plans
    budget: Budget
    verifier: TokenVerifier = field(repr=False)
    cipher: AESSIV = field(repr=False)
    max_body_bytes: int
    pace: Pace = field(default_factory=lambda: Pace(Rates()), repr=False)


def rules_of(policy: Path | None = None) -> Rules:
    """Model and policies, checked against each other. Raises ModelInvalid and PolicyInvalid."""
    model = complete_model()
    policies = load_policies(policy or SHIPPED)
    for each in policies.values():
        check_changes(each)
    views = {
        (role, purpose): narrow(model, each, purpose)
        for role, each in policies.items()
        for purpose in each.said.purposes
    }
    return Rules(model, policies, MappingProxyType(views))


def assemble(settings: Settings) -> Assembly:
    """Everything, from the settings. Makes the keys in the data folder that are not there yet.

    Raises ModelInvalid, PolicyInvalid and SettingInvalid.
    """
    rules = rules_of(settings.policy)
    documents = Documents(settings.plan_cache_size)
    trust, keys = trust_and_keys(settings)
    extensions: tuple[Callable[[], KnownDocument] | type[CompiledRead], ...] = (KnownDocument, CompiledRead)
    return Assembly(
        rules=rules,
        schemas=MappingProxyType({role: role_schema(rules.usual_view(role), extensions) for role in rules.policies}),
        documents=documents,
        plans=Plans(settings.plan_cache_size),
        budget=Budget(depth=settings.max_depth, rows=settings.max_rows, estimate=settings.max_cost),
        verifier=TokenVerifier(trust, keys, rules.purposes_of),
        cipher=AESSIV(cursor_key(settings)),
        max_body_bytes=settings.max_body_bytes,
        pace=Pace(rates_of(settings), trust.issuer),
    )


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


def trust_and_keys(settings: Settings) -> tuple[Trust, Keys]:
    """Whose tokens count, and the keys they are verified with: the named issuer's, else our own local ones."""
    if settings.issuer is None:
        issuer = LocalIssuer(settings.data)
        return issuer.trust, issuer.keys()
    trust = Trust(
        issuer=settings.issuer,
        audience=settings.audience,
        algorithms=settings.algorithms,
        roles_claim=settings.roles_claim,
        purposes_claim=settings.purposes_claim,
    )
    if settings.jwks_file is not None:
        return trust, StaticKeys.read(settings.jwks_file)
    assert settings.jwks_uri is not None
    return trust, RemoteKeys(settings.jwks_uri)


def cursor_key(settings: Settings) -> bytes:
    """The key that seals cursors: the setting, else one that is made in the data folder at first use."""
    if settings.cursor_key is not None:
        return bytes.fromhex(settings.cursor_key.get_secret_value())
    path = settings.data / CURSOR_KEY_FILE
    try:
        if not path.exists():
            write_once(path, secrets.token_bytes(KEY_BYTES).hex())
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError:
        raise SettingInvalid("The data folder cannot be written; name another with --data.") from None
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise SettingInvalid(f"The file {CURSOR_KEY_FILE} in the data folder is damaged. Remove it and start again.")
    return key
