"""Tokens of our own, for the embedded default where no identity provider is at hand. Knows no request.

Signed with ES256: every JWT library verifies it, while Ed25519 goes under two names (RFC 8037, RFC 9864).
"""

import json
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Literal

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from auth.fetch import document_of
from auth.keys import StaticKeys
from auth.secret_file import write_once, write_over
from auth.token import LARGEST_TOKEN_BYTES, REGISTERED, Trust
from schema.errors import ClaimInvalid, SettingInvalid

ISSUER = "customer-graph local issuer"
AUDIENCE = "customer-graph"
ALGORITHM = "ES256"
LIFETIME = timedelta(hours=12)
KEY_FILE = "issuer.json"
OURS = REGISTERED | {"roles", "purposes", "id"}

ClaimType = Literal["string", "integer", "boolean", "list[string]"]


class LocalIssuer:
    """Issues tokens signed with a key that lives in a folder and is readable by its owner alone.

    The key is made at first use; two processes that start at once agree on one. Raises SettingInvalid when the key
    file is there but cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / KEY_FILE
        try:
            if not self._path.exists():
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_once(self._path, written([new_key()]))
        except OSError:
            raise SettingInvalid("The data folder cannot be written; name another or give it to this user.") from None
        self._read()

    @property
    def trust(self) -> Trust:
        """What a verifier must demand of tokens from here."""
        return Trust(issuer=ISSUER, audience=AUDIENCE, algorithms=(ALGORITHM,), types=("JWT",))

    def keys(self) -> StaticKeys:
        """The keys for a verifier in this or another process; they follow a rotation."""
        return StaticKeys.read(self._path)

    def jwks(self) -> dict[str, object]:
        """The public keys, the current one first (RFC 7517)."""
        return {"keys": [key.as_dict(private=False) for key in self._read()]}

    def issue(
        self,
        role: str | Sequence[str],
        purpose: str | Sequence[str] | None = None,
        subject: str | None = None,
        claims: Mapping[str, object] | None = None,
        lifetime: timedelta = LIFETIME,
    ) -> str:
        """A token for one role or several, limited to these purposes if any are named.

        Raises ClaimInvalid for no role, for a claim that the issuer itself sets, and for more than fits a token.
        """
        roles = listed(role)
        if not roles or not all(roles):
            raise ClaimInvalid("Name at least one role for the token.")
        if not OURS.isdisjoint(claims or {}):
            raise ClaimInvalid(f"These claims cannot be given: {', '.join(sorted(OURS))}.")
        now = int(time.time())
        said = {
            **(claims or {}),
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": subject or f"local:{roles[0]}",
            "iat": now,
            "exp": now + int(lifetime.total_seconds()),
            "jti": secrets.token_urlsafe(16),
            "roles": roles,
        }
        if purpose is not None:
            said["purposes"] = listed(purpose)
        key = self._read()[0]
        token = jwt.encode({"alg": ALGORITHM, "typ": "JWT", "kid": key.kid}, said, key, algorithms=[ALGORITHM])
        if len(token) > LARGEST_TOKEN_BYTES:
            raise ClaimInvalid("The claims do not fit into one token; give fewer or shorter ones.")
        return token

    def rotate(self) -> None:
        """Sign with a new key from now on. Tokens signed with the one before stay valid, older ones do not."""
        write_over(self._path, written([new_key(), public_part(self._read()[0])]))

    def _read(self) -> list[ECKey]:
        try:
            entries = document_of(self._path.read_bytes())["keys"]
            if isinstance(entries, list):
                keys = [ECKey.import_key(entry) for entry in entries]
                if keys and keys[0].is_private and keys[0].curve_name == "P-256":
                    return keys
        except (OSError, ValueError, TypeError, KeyError, JoseError):
            pass
        raise SettingInvalid(
            f"The file {KEY_FILE} in the data folder is not a key of the local issuer. Move it away and start again."
        )


def new_key() -> ECKey:
    """A fresh private key that bears its thumbprint (RFC 7638) as id."""
    return ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)


def public_part(key: ECKey) -> ECKey:
    """The key without its secret."""
    return ECKey.import_key(key.as_dict(private=False))


def written(keys: list[ECKey]) -> str:
    """The content of a key file."""
    return json.dumps({"keys": [key.as_dict(private=key.is_private) for key in keys]}, indent=2)


def listed(names: str | Sequence[str]) -> list[str]:
    """One name or several as a list."""
    return [names] if isinstance(names, str) else list(names)


def parse_claims(given: Iterable[str], types: Mapping[str, ClaimType] | None = None) -> dict[str, object]:
    """Claims from the command line: `["regions=GB,US", "tier=2"]` is `{"regions": ["GB", "US"], "tier": "2"}`.

    A value with commas, or one written as a JSON list of strings, is a list; every other value is a string. Where
    `types` knows the claim, its type decides instead. Raises ClaimInvalid, with a message that holds no value.
    """
    claims: dict[str, object] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name.isidentifier():
            raise ClaimInvalid
        if name in claims:
            raise ClaimInvalid(f"The claim {name} is given twice; write a list as {name}=A,B.")
        if name in OURS:
            raise ClaimInvalid(f"The claim {name} cannot be given; the issuer sets it.")
        claims[name] = typed(name, value, (types or {}).get(name))
    return claims


def typed(name: str, value: str, kind: ClaimType | None) -> object:
    """The value of a claim in its type. Raises ClaimInvalid."""
    match kind:
        case None:
            return strings(name, value) if "," in value or value.startswith("[") else value
        case "list[string]":
            return strings(name, value)
        case "string":
            return value
        case "integer":
            if value.removeprefix("-").isdecimal() and value.isascii() and len(value) < 19:
                return int(value)
            raise ClaimInvalid(f"The claim {name} must be a whole number.")
        case "boolean":
            if value in {"true", "false"}:
                return value == "true"
            raise ClaimInvalid(f"The claim {name} must be true or false.")


def strings(name: str, value: str) -> list[str]:
    """A list written with commas or as JSON; nothing is an empty list. Raises ClaimInvalid."""
    if not value.startswith("["):
        found: object = [part.strip() for part in value.split(",")] if value else []
    else:
        try:
            found = json.loads(value)
        except (ValueError, RecursionError):
            found = None
    if isinstance(found, list) and all(isinstance(part, str) and part for part in found):
        return found
    raise ClaimInvalid(f"The claim {name} must be a list such as {name}=GB,US.")
