"""Public keys of whoever issues our tokens, from a JWKS document (RFC 7517). Knows no token and no role.

Reading a key never waits: `ring` is what is known now. Whatever may wait happens in `ensure`, before.
"""

import asyncio
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, OKPKey, RSAKey, import_key

from auth.fetch import FAILURES, checked_uri, document_of, fetched
from schema.errors import SettingInvalid

PublicKey = RSAKey | ECKey | OKPKey

SMALLEST_RSA_BITS = 2048  # NIST SP 800-131A


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of one moment. A changed set is a new ring, so `is` tells whether anything changed."""

    keys: tuple[PublicKey, ...] = ()

    def find(self, kid: str | None) -> PublicKey | None:
        """The key with this id; without an id the only key there is. Two keys under one id are no key."""
        found = self.keys if kid is None else [key for key in self.keys if key.kid == kid]
        return found[0] if len(found) == 1 else None


class Keys(Protocol):
    """Where a verifier gets its keys: a document, an address, or what discovery finds (auth.discovery)."""

    @property
    def ring(self) -> KeyRing:
        """The keys known now; empty when none was ever loaded."""

    async def ensure(self, kid: str | None) -> None:
        """Bring the ring up to date if it is old or lacks `kid`. Never raises: what failed is simply not there."""


class StaticKeys:
    """Keys from a JWKS document. Read from a file, they follow the file when it is replaced."""

    def __init__(self, document: Mapping[str, object]) -> None:
        """Raises SettingInvalid when the document holds no public key that can verify a signature."""
        self._ring = ring_of(document)
        self._path: Path | None = None
        self._seen: tuple[int, int, int] | None = None
        if not self._ring.keys:
            raise SettingInvalid("The JWKS document holds no key that can verify signatures.")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Keys of a JWKS file. Private members in it are ignored. Raises SettingInvalid."""
        try:
            seen = state_of(path)
            keys = cls(document_of(path.read_bytes()))
        except (OSError, ValueError, RecursionError):
            raise SettingInvalid("The JWKS file cannot be read as a JSON object.") from None
        keys._path, keys._seen = path, seen
        return keys

    @property
    def ring(self) -> KeyRing:
        return self._ring

    async def ensure(self, kid: str | None) -> None:
        """Read the file again if it was replaced; a broken one leaves the keys as they are."""
        if self._path is None:
            return
        try:
            seen = state_of(self._path)
            if seen == self._seen:
                return
            self._seen = seen
            ring = ring_of(document_of(self._path.read_bytes()))
        except (OSError, ValueError, RecursionError):
            return
        if ring.keys and ring != self._ring:
            self._ring = ring


class RemoteKeys:
    """Keys behind a `jwks_uri`, fetched when old or when a token names a key that is not among them.

    However many unknown key ids arrive, one attempt is made each `pause_seconds`; callers share it. Failed attempts
    leave the old keys in force. Belongs to one event loop.
    """

    def __init__(
        self,
        uri: str,
        *,
        lifetime_seconds: float = 600,
        pause_seconds: float = 30,
        timeout_seconds: float = 3,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises SettingInvalid unless the address is https, or http on this machine itself."""
        self._uri = checked_uri(uri)
        self._lifetime_seconds = lifetime_seconds
        self._pause_seconds = pause_seconds
        self._timeout_seconds = timeout_seconds
        self._clock = clock
        self._ring = KeyRing()
        self._loaded_at = float("-inf")
        self._tried_at = float("-inf")
        self._refresh_under_way: asyncio.Task[None] | None = None

    @property
    def ring(self) -> KeyRing:
        return self._ring

    async def ensure(self, kid: str | None) -> None:
        """Wait only when the key is not at hand; a ring that is merely old is renewed behind the request's back."""
        known = self._ring.find(kid) is not None
        if known and self._clock() - self._loaded_at < self._lifetime_seconds:
            return
        refresh = self._refresh_under_way
        if refresh is None or refresh.done():
            if self._clock() - self._tried_at < self._pause_seconds:
                return
            self._tried_at = self._clock()
            refresh = self._refresh_under_way = asyncio.create_task(self._refresh())
        if not known:
            # shielded: a client that hangs up must not spoil the attempt for the others
            await asyncio.shield(refresh)

    async def _address(self) -> str:
        """Where the keys are. Raises one of FAILURES where nobody can say."""
        return self._uri

    async def _refresh(self) -> None:
        try:
            document = await fetched(
                await self._address(), self._timeout_seconds, "application/jwk-set+json, application/json"
            )
        except FAILURES:
            return
        ring = ring_of(document)
        if not ring.keys:
            return
        self._loaded_at = self._clock()
        if ring != self._ring:
            self._ring = ring


def ring_of(document: Mapping[str, object]) -> KeyRing:
    """The keys of a JWKS document that can verify a signature; the others are passed over (RFC 7517, section 5)."""
    listed = document.get("keys")
    if not isinstance(listed, list):
        return KeyRing()
    return KeyRing(tuple(key for entry in listed if (key := public_key_of(entry)) is not None))


def public_key_of(entry: object) -> PublicKey | None:
    """One entry of a JWKS as a public key, or None where it is secret, weak, for another use, or not understood."""
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
        return None
    operations = entry.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)  # a small RSA key is refused below, not warned about
            key = import_key(entry)
            if not isinstance(key, RSAKey | ECKey | OKPKey):
                return None
            if isinstance(key, RSAKey) and key.public_key.key_size < SMALLEST_RSA_BITS:
                return None
            public = import_key(key.as_dict(private=False))
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return public if isinstance(public, RSAKey | ECKey | OKPKey) else None


def state_of(path: Path) -> tuple[int, int, int]:
    """What changes when a file is replaced."""
    state = path.stat()
    return state.st_ino, state.st_mtime_ns, state.st_size
