"""Who asks: a bearer token (RFC 6750, RFC 7519) becomes a `Viewer` with one role and one purpose.

Knows no graph and no rule. Follows RFC 8725: the algorithm, the issuer, the audience and the keys are ours to name,
never the token's. See docs/decisions/0003-tokens.md.
"""

import base64
import hashlib
import json
import math
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwa import JWSAlgModel
from joserfc.jwt import JWTClaimsRegistry

from auth.keys import KeyRing, Keys
from schema.errors import KeysUnavailable, PurposeRefused, RoleRefused, SettingInvalid, TokenRefused

LARGEST_TOKEN_BYTES = 8 * 1024
LARGEST_HEADER_BYTES = 2 * 1024
LAST_SECOND = 253_402_300_799  # the end of the year 9999, beyond which no date can be written

SIGNATURES = frozenset(
    ["Ed25519", "EdDSA", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"]
)
REGISTERED = frozenset(["iss", "sub", "aud", "exp", "nbf", "iat", "jti"])  # RFC 7519, section 4.1

BEARER = re.compile(r"bearer +((?:[a-z0-9_-]+\.){2}[a-z0-9_-]+)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, as what and for what: all that authorization knows about a request.

    `claims` is what rules may read: the token's claims without the registered ones, plus `id`, the subject. Lists in
    it are tuples. `expires_at` is in epoch seconds. The printed form holds no personal data.
    """

    subject: str = field(repr=False)
    role: str
    purpose: str
    claims: Mapping[str, object] = field(repr=False)
    expires_at: int


@dataclass(frozen=True, slots=True)
class Trust:
    """Which tokens count. The names of claims may be paths: `realm_access.roles`.

    Raises SettingInvalid for an algorithm that is not an asymmetric signature, and for an empty issuer or audience.
    """

    issuer: str
    audience: str
    algorithms: tuple[str, ...] = ("Ed25519", "EdDSA", "ES256", "RS256")
    types: tuple[str, ...] = ("JWT", "at+jwt")
    leeway_seconds: int = 30
    roles_claim: str = "roles"
    purposes_claim: str = "purposes"

    def __post_init__(self) -> None:
        # an empty list would make the library fall back to its own, which holds HS256
        if not self.algorithms or not SIGNATURES.issuperset(self.algorithms):
            raise SettingInvalid("Name only asymmetric signature algorithms for tokens, such as ES256.")
        if not self.issuer or not self.audience or not self.roles_claim or not self.purposes_claim:
            raise SettingInvalid("Name the issuer and the audience of tokens, and their claims for roles and purposes.")
        if not self.types or self.leeway_seconds < 0:
            raise SettingInvalid("Name at least one type of token, and a leeway of zero seconds or more.")


@dataclass(frozen=True, slots=True)
class Verified:
    """What a genuine token says, before a role is chosen."""

    subject: str = field(repr=False)
    roles: tuple[str, ...]
    purposes: tuple[str, ...] | None
    claims: Mapping[str, object] = field(repr=False)
    expires: float
    kid: str | None


class TokenVerifier:
    """Turns the three headers of a request into a Viewer. Waits for nothing in `verify`; may be used by many threads.

    Genuine tokens are remembered until they expire, the keys change, or newer ones need the room. They are
    remembered by their SHA-256, so the memory of the process holds no token for longer than its request.
    """

    def __init__(
        self,
        trust: Trust,
        keys: Keys,
        purposes_of: Mapping[str, tuple[str, ...]],
        *,
        remembered: int = 4096,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`purposes_of` maps each role to the purposes it may work for, the usual one first."""
        self._trust = trust
        self._keys = keys
        self._purposes_of = purposes_of
        self._most = remembered
        self._clock = clock
        self._registry = Registry(algorithms=trust.algorithms, strict_check_header=False)
        self._known: OrderedDict[bytes, Verified] = OrderedDict()
        self._known_under = KeyRing()
        self._lock = threading.Lock()
        self.hits = 0
        self.misses = 0

    @property
    def remembered(self) -> int:
        """How many tokens are remembered."""
        return len(self._known)

    async def admit(self, authorization: str | None, role: str | None, purpose: str | None) -> Viewer:
        """`ensure`, then `verify`: what a server calls. Of a remembered token not even the header is read again."""
        known = self._known.get(digest_of(authorization))
        if known is None:
            await self.ensure(authorization)
        else:
            await self._keys.ensure(known.kid)
        return self.verify(authorization, role, purpose)

    async def ensure(self, authorization: str | None) -> None:
        """Have the token's key at hand where that needs waiting. Never raises; `verify` is the judge."""
        try:
            kid = self._kid(header_of(bearer_token(authorization)))
        except TokenRefused:
            return
        await self._keys.ensure(kid)

    def verify(self, authorization: str | None, role: str | None, purpose: str | None) -> Viewer:
        """The viewer that the headers Authorization, X-Role and X-Purpose stand for.

        A header sent several times is passed joined by commas (RFC 9110, section 5.3): that never fits.
        Raises TokenRefused, RoleRefused, PurposeRefused; KeysUnavailable while no key was ever loaded.
        """
        verified = self._verified(authorization)
        chosen = chosen_role(verified, role, self._purposes_of)
        return Viewer(
            subject=verified.subject,
            role=chosen,
            purpose=chosen_purpose(verified, purpose, self._purposes_of[chosen]),
            claims=verified.claims,
            expires_at=int(verified.expires),
        )

    def _verified(self, authorization: str | None) -> Verified:
        digest = digest_of(authorization)
        ring = self._keys.ring
        verified = self._remembered(digest, ring)
        if verified is None:
            self.misses += 1
            verified = self._examined(bearer_token(authorization), ring)
            self._remember(digest, verified, ring)
        elif verified.expires <= self._clock() - self._trust.leeway_seconds:
            self._forget(digest)
            raise TokenRefused
        else:
            self.hits += 1
        return verified

    def _remembered(self, digest: bytes, ring: KeyRing) -> Verified | None:
        with self._lock:
            if ring is not self._known_under:
                self._known.clear()
                self._known_under = ring
            if digest in self._known:
                self._known.move_to_end(digest)
            return self._known.get(digest)

    def _remember(self, digest: bytes, verified: Verified, ring: KeyRing) -> None:
        with self._lock:
            # another thread may have seen newer keys meanwhile
            if ring is not self._known_under:
                return
            self._known[digest] = verified
            while len(self._known) > self._most:
                self._known.popitem(last=False)

    def _forget(self, digest: bytes) -> None:
        with self._lock:
            self._known.pop(digest, None)

    def _examined(self, token: str, ring: KeyRing) -> Verified:
        kid = self._kid(header_of(token))
        if not ring.keys:
            raise KeysUnavailable
        key = ring.find(kid)
        if key is None:
            raise TokenRefused
        try:
            signed = jws.extract_compact(token.encode("ascii"), registry=self._registry)
            if not jws.validate_compact(signed, key, registry=self._registry):
                raise TokenRefused
            claims = strict_object(signed.payload)
            self._rules().validate(claims)
            return verified_of(claims, self._trust, kid)
        except (JoseError, ValueError, TypeError, OverflowError, RecursionError):
            # no cause is chained: it could carry what stood in the token
            raise TokenRefused from None

    def _kid(self, header: Mapping[str, object]) -> str | None:
        """The key's id, from a header that we are willing to look at. All other pointers to keys are ignored."""
        algorithm, kind, kid = header.get("alg"), header.get("typ", "JWT"), header.get("kid")
        if not isinstance(algorithm, str) or algorithm not in self._trust.algorithms:
            raise TokenRefused
        if not isinstance(kind, str) or media_type(kind) not in map(media_type, self._trust.types):
            raise TokenRefused
        # crit and b64 change what a signature means, cty says that another token is inside
        if "crit" in header or "b64" in header or "cty" in header:
            raise TokenRefused
        if "kid" in header and not isinstance(kid, str):
            raise TokenRefused
        return kid if isinstance(kid, str) else None

    def _rules(self) -> JWTClaimsRegistry:
        return JWTClaimsRegistry(
            now=int(self._clock()),
            leeway=self._trust.leeway_seconds,
            iss={"essential": True, "value": self._trust.issuer},
            aud={"essential": True, "value": self._trust.audience},
            sub={"essential": True},
            exp={"essential": True},
        )


class Registry(jws.JWSRegistry):
    """The library's rules with our sizes, and without its warning that EdDSA is now called Ed25519 (RFC 9864)."""

    max_header_length = LARGEST_HEADER_BYTES
    max_payload_length = LARGEST_TOKEN_BYTES
    max_signature_length = 2 * 1024

    def get_alg(self, name: str) -> JWSAlgModel:
        if not self.allowed or name not in self.allowed:
            raise UnsupportedAlgorithmError
        return self.algorithms[name]


def digest_of(authorization: str | None) -> bytes:
    """Under what the token of this header is remembered, if it is: SHA-256 of what follows the scheme and its blanks.

    Nothing is checked, for only tokens that were are found. Raises nothing.
    """
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        return b""
    return hashlib.sha256(token.lstrip(" ").encode("utf-8", "surrogatepass")).digest()


def bearer_token(authorization: str | None) -> str:
    """The token of the header: exactly one, in three parts and not too long. Raises TokenRefused."""
    if authorization is None or len(authorization) > LARGEST_TOKEN_BYTES + len("Bearer "):
        raise TokenRefused
    matched = BEARER.fullmatch(authorization)
    if matched is None:
        raise TokenRefused
    return matched[1]


def header_of(token: str) -> dict[str, object]:
    """What the token says of itself; nothing of it is proven. Raises TokenRefused."""
    part = token.partition(".")[0]
    try:
        return strict_object(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        raise TokenRefused from None


def strict_object(text: bytes) -> dict[str, object]:
    """A JSON object in UTF-8 that every reader reads alike: no name twice, no NaN, no infinity. Raises ValueError."""
    read = json.loads(
        text.decode("utf-8"), object_pairs_hook=each_once, parse_constant=no_number, parse_float=finite_number
    )
    if isinstance(read, dict):
        return read
    raise ValueError("not an object")


def each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The members of an object. Raises ValueError for a name that stands there twice."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name stands there twice")
    return members


def no_number(_: str) -> object:
    """NaN and Infinity, which JSON does not have: ValueError."""
    raise ValueError("not a number")


def finite_number(text: str) -> float:
    """A number with a fraction or an exponent. Raises ValueError for 1e999, which would be read as infinity."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("not a number")
    return number


def verified_of(claims: Mapping[str, object], trust: Trust, kid: str | None) -> Verified:
    """What a genuine token says. Raises ValueError where a claim is not what it should be."""
    subject, expires = claims["sub"], claims["exp"]
    if not isinstance(subject, str) or not isinstance(expires, int | float) or expires > LAST_SECOND:
        raise ValueError("not a subject or not a time")
    open_to_rules = {name: frozen(value) for name, value in claims.items() if name not in REGISTERED}
    return Verified(
        subject=subject,
        roles=names_at(claims, trust.roles_claim) or (),
        purposes=names_at(claims, trust.purposes_claim),
        claims=MappingProxyType({**open_to_rules, "id": frozen(subject)}),
        expires=expires,
        kid=kid,
    )


def names_at(claims: Mapping[str, object], path: str) -> tuple[str, ...] | None:
    """The list of names under a claim, None where there is no such claim. Raises ValueError for another type.

    A claim of just that name goes before a path, since names such as `https://example.com/roles` hold dots.
    """
    if path in claims:
        return names_of(claims[path])
    here: object = claims
    for step in path.split("."):
        if not isinstance(here, Mapping) or step not in here:
            return None
        here = here[step]
    return names_of(here)


def names_of(value: object) -> tuple[str, ...]:
    """Names, each once, in their order. Raises ValueError unless the value is a list of non-empty strings."""
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise ValueError("not a list of names")
    return tuple(dict.fromkeys(value))


def frozen(value: object) -> object:
    """The value in a form that nobody can change. Raises ValueError for text that has no UTF-8 form."""
    match value:
        case str():
            value.encode("utf-8")
            return value
        case list():
            return tuple(frozen(each) for each in value)
        case dict():
            return MappingProxyType({name: frozen(each) for name, each in value.items()})
        case _:
            return value


def chosen_role(verified: Verified, wanted: str | None, purposes_of: Mapping[str, tuple[str, ...]]) -> str:
    """The one role of the request. Raises RoleRefused.

    Roles that no policy knows are no roles here: identity providers add some of their own to every token.
    """
    held = [role for role in verified.roles if role in purposes_of]
    if wanted is not None:
        held = [role for role in held if role == wanted]
    if len(held) != 1:
        raise RoleRefused
    return held[0]


def chosen_purpose(verified: Verified, wanted: str | None, allowed: tuple[str, ...]) -> str:
    """The one purpose of the request: the wanted one, else the first that both role and token allow.

    A token without the claim allows all that the role may work for. Raises PurposeRefused.
    """
    permitted = [purpose for purpose in allowed if verified.purposes is None or purpose in verified.purposes]
    if wanted is not None:
        permitted = [purpose for purpose in permitted if purpose == wanted]
    if not permitted:
        raise PurposeRefused
    return permitted[0]


def media_type(kind: str) -> str:
    """A `typ` in the form in which two are compared (RFC 7515, section 4.1.9)."""
    return kind.lower().removeprefix("application/")
