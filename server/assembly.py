"""Assembly: from settings to everything that a request needs, made once; only what is current may be replaced.

Nothing here waits for the database: what is wrong with model, policy, keys or settings stops the start at once.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from auth.issuer import LocalIssuer
from auth.keys import Keys, RemoteKeys, StaticKeys
from auth.policy import Policy
from auth.reveals import Reveals
from auth.secret_file import write_once
from auth.token import TokenVerifier, Trust
from resolvers.budget import Budget
from resolvers.cursor import KEY_BYTES
from resolvers.prepare import Plans
from resolvers.read import CompiledRead
from resolvers.role_schema import RoleSchema
from schema.errors import SettingInvalid
from server.api import role_schema
from server.current import Current, Now, Served
from server.documents import Documents, KnownDocument
from server.pace import Pace, Rates
from server.rules import Rules, rules_of
from server.settings import Settings

__all__ = ["Assembly", "Rules", "assemble", "rules_of", "served"]

CURSOR_KEY_FILE = "cursor.key"


@dataclass(frozen=True, slots=True)
class Assembly:
    """All that a request needs beside the database. Holds secrets: its printed form shows none."""

    current: Current = field(repr=False)
    budget: Budget
    verifier: TokenVerifier = field(repr=False)
    cipher: AESSIV = field(repr=False)
    max_body_bytes: int
    pace: Pace = field(default_factory=lambda: Pace(Rates()), repr=False)
    reveals: Reveals = field(default_factory=Reveals, repr=False)

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
    def policies(self) -> Mapping[str, Policy]:
        """The policies of whatever is current when one looks."""
        return Now(lambda: self.rules.policies)


def assemble(settings: Settings) -> Assembly:
    """Everything, from the settings. Makes the keys in the data folder that are not there yet.

    Raises ModelInvalid, PolicyInvalid and SettingInvalid.
    """
    current = Current(served(settings))
    trust, keys = trust_and_keys(settings)
    return Assembly(
        current=current,
        budget=Budget(depth=settings.max_depth, rows=settings.max_rows, estimate=settings.max_cost),
        verifier=TokenVerifier(trust, keys, Now(lambda: current.served.rules.purposes_of)),
        cipher=AESSIV(cursor_key(settings)),
        max_body_bytes=settings.max_body_bytes,
        pace=Pace(rates_of(settings), trust.issuer),
    )


def served(settings: Settings) -> Served:
    """What is made of the policies: Views, schemas, and empty stores beside them.

    Raises ModelInvalid and PolicyInvalid. Takes about a tenth of a second a role, so not where requests are waiting.
    """
    rules = rules_of(settings.policy)
    extensions: tuple[Callable[[], KnownDocument] | type[CompiledRead], ...] = (KnownDocument, CompiledRead)
    schemas = {role: role_schema(rules.usual_view(role), extensions) for role in rules.policies}
    size = settings.plan_cache_size
    return Served(rules, MappingProxyType(schemas), Documents(size), Plans(size))


def rates_of(settings: Settings) -> Rates:
    """What one viewer may have."""
    return Rates(
        requests=settings.viewer_requests,
        cost=settings.viewer_cost,
        lookups=settings.viewer_lookups,
        questions=settings.viewer_questions,
        concurrent=settings.viewer_concurrent,
        statements=settings.viewer_statements,
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
