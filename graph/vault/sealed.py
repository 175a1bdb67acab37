"""Sealed: the form of a value that only a data key opens, as text that stands in place of the value.

`sealed.1.<name of the key>.<base64url>`: AES-256-SIV (RFC 5297) over the text in UTF-8. It is deterministic: one
value of one record under one key is one text, so that a load which finds the same again writes nothing, and no nonce
can ever be used twice. Where the value stands (label, property, record) is authenticated with it, so it opens nowhere
else.
"""

import base64
import binascii
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from schema.errors import SealedUnreadable

KEY_BYTES = 64
NAME_BYTES = 10
MARK = "sealed.1."
"""How every sealed value begins. A row of a source is JSON and never begins so."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """A key for the values of one owner. Its name stands in every value; the key itself shows in no representation."""

    name: str
    owner: str
    cipher: AESSIV = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: the label and the name of the property, and the record by the key under which its writer
    knows it."""

    label: str
    name: str
    record: str

    @property
    def bond(self) -> list[bytes]:
        """As it is authenticated: a vector, in which no part can be taken for another (RFC 5297, section 2.4)."""
        return [MARK.encode(), self.label.encode(), self.name.encode(), self.record.encode()]


def new_name() -> str:
    """A name for a key, which means nothing."""
    return base64.b32encode(secrets.token_bytes(NAME_BYTES)).decode().lower()


def is_sealed(value: object) -> bool:
    """Whether a value has the form of a sealed one."""
    return isinstance(value, str) and value.startswith(MARK)


def key_of(sealed: str) -> str:
    """The name of the key that opens a value."""
    return sealed[len(MARK) :].partition(".")[0]


def begins_with(key: DataKey) -> str:
    """How every value that this key sealed begins."""
    return f"{MARK}{key.name}."


def seal(key: DataKey, plain: str, place: Place) -> str:
    """The value as it stands in the graph."""
    said = key.cipher.encrypt(b"=" + plain.encode(), [*place.bond, key.name.encode()])  # the cipher refuses empty texts
    return begins_with(key) + base64.urlsafe_b64encode(said).rstrip(b"=").decode()


def unseal(key: DataKey, sealed: str, place: Place) -> str:
    """The value again. Raises SealedUnreadable for whatever this key did not seal for this very place."""
    body = sealed.removeprefix(begins_with(key))
    try:
        said = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        if base64.urlsafe_b64encode(said).rstrip(b"=").decode() != body:  # one text alone is the value's
            raise SealedUnreadable
        return key.cipher.decrypt(said, [*place.bond, key.name.encode()])[1:].decode()
    except (binascii.Error, InvalidTag, ValueError):
        raise SealedUnreadable from None
