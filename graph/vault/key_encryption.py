"""Key encryption: what wraps data keys, so that whoever copies the store of keys has none.

One implementation comes with the product: keys that the operator gives, or that are made in the data folder. A key
management service is another class of this shape: it wraps in its own hardware, or wraps a key that it hands out
once a start.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from graph.embedded_home import secret_file
from schema.errors import VaultKeysMissing, VaultUnavailable

BYTES = 64
_WRITTEN = re.compile(r"[0-9a-fA-F]{128}")


class KeyEncryption(Protocol):
    """Wraps and unwraps data keys. Called in a thread, for one key after the other; both may take their time."""

    def name(self) -> str:
        """The key that is to wrap from the next rotation on. It is stored with what is wrapped, and tells nothing."""
        ...

    def wrap(self, key: bytes, by: str, context: Sequence[str]) -> bytes:
        """A data key wrapped by the key of this name, bound to what it is for. Raises as `unwrap`."""
        ...

    def unwrap(self, wrapped: bytes, by: str, context: Sequence[str]) -> bytes:
        """The data key, from what `wrap` gave.

        Raises VaultKeysMissing where that key is not here any more, and VaultUnavailable.
        """
        ...


class LocalKeyEncryption:
    """Keys of 64 bytes each (AES-256-SIV, RFC 5297): all wrap and unwrap, the first is the newest.

    `given` is asked again where a key is named that is not known yet: who rotates a file need not start servers again.
    """

    def __init__(self, given: Callable[[], Sequence[bytes]]) -> None:
        self._given = given
        self._ciphers: dict[str, AESSIV] = {}

    def name(self) -> str:
        """The name of the first key."""
        return self._read()[0]

    def wrap(self, key: bytes, by: str, context: Sequence[str]) -> bytes:
        """By any of the keys."""
        return self._cipher(by).encrypt(key, [one.encode() for one in context])

    def unwrap(self, wrapped: bytes, by: str, context: Sequence[str]) -> bytes:
        """By whichever key wrapped it."""
        try:
            return self._cipher(by).decrypt(wrapped, [one.encode() for one in context])
        except InvalidTag:
            raise VaultUnavailable("The store of keys is damaged. Put it back from your backup.") from None

    def _cipher(self, by: str) -> AESSIV:
        if by not in self._ciphers:
            self._read()
        if by not in self._ciphers:
            raise VaultKeysMissing("Data keys are wrapped by a key that is not among those of CUSTOMER_GRAPH_KEY.")
        return self._ciphers[by]

    def _read(self) -> list[str]:
        keys = self._given()
        self._ciphers = {name_of(one): AESSIV(one) for one in keys}
        return list(self._ciphers)


def name_of(key: bytes) -> str:
    """A name that tells keys apart and nothing of them."""
    return hmac.new(key, b"customer-graph key-encryption key", hashlib.sha256).hexdigest()[:16]


def keys_written(text: str) -> tuple[bytes, ...]:
    """Keys as they are written: 128 hexadecimal digits each, between spaces, commas or lines. Raises ValueError."""
    words = re.split(r"[\s,]+", text.strip())
    if not all(_WRITTEN.fullmatch(one) for one in words):
        raise ValueError
    return tuple(bytes.fromhex(one) for one in words)


class KeyFile:
    """Keys in a file of its owner's alone, made at first use; the first of them wraps."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make(self) -> None:
        """Make the file where it is not there yet. Raises VaultUnavailable."""
        if not self.path.exists():
            self.write([secrets.token_bytes(BYTES)])

    def keys(self) -> tuple[bytes, ...]:
        """The keys. Raises VaultKeysMissing where the file is gone or damaged."""
        try:
            return keys_written(self.path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            raise VaultKeysMissing(f"The file {self.path} holds no keys. Put it back from your backup.") from None

    def write(self, keys: Sequence[bytes]) -> None:
        """Write the keys, whole or not at all. Raises VaultUnavailable."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            secret_file(self.path, "\n".join(one.hex() for one in keys) + "\n")
        except OSError:
            raise VaultUnavailable(f"The file {self.path} cannot be written.") from None
