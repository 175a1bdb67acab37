"""Cursors: a position in a list, sealed so that a client can neither read nor make one.

AES-SIV (RFC 5297) is deterministic: one position has one cursor, so cursors tell nothing by differing. What a cursor
was made for (viewer, role, purpose, list, order, filter) is authenticated with it.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from graph.expr import Bond
from graph.vault.blind import BlindKey, entry
from graph.vault.sealed import DataKey, Place, is_sealed, key_of, unseal
from resolvers.variables import resolved
from schema.errors import CursorInvalid, SealedUnreadable

KEY_BYTES = 64
PSEUDONYM_BYTES = 16
LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals and opens the cursors of one request, and makes its pseudonyms; `holes` keeps what shaping its answer could
    not make.

    `keys` open secret values, by their names; `sought` are names of keys that shaping lacked, and `unknown`
    those of which there is none. `index` is the key by which secret values are found, where one is asked for.
    """

    cipher: AESSIV
    viewer: tuple[str, str, str]
    variables: Mapping[str, Any]
    project: str = ""
    holes: list[object] = field(default_factory=list)
    keys: dict[str, DataKey | None] = field(default_factory=dict)
    sought: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    index: BlindKey | None = None

    def seal(self, position: Sequence[object], bond: bytes) -> str:
        """A cursor for a position: the values of the keys of the order, ended by the id."""
        return base64.urlsafe_b64encode(self.cipher.encrypt(orjson.dumps(position), [bond])).rstrip(b"=").decode()

    def pseudonym(self, field: str, id_: str) -> str:
        """The name that a field of a record has in the viewer's project.

        The synthetic IV of AES-SIV is a pseudorandom function of all that is put in (RFC 5297, section 2.6): without
        the key nobody tells from it the id, or that two names in two projects are of one record.
        """
        sealed = self.cipher.encrypt(id_.encode(), [b"pseudonym", self.project.encode(), field.encode()])
        return base64.b32encode(sealed[:PSEUDONYM_BYTES]).decode().rstrip("=").lower()

    def entry(self, label: str, name: str, value: str) -> str | None:
        """What a secret value is found by, in the index of its field; None where there is no index."""
        return None if self.index is None else entry(self.index, label, name, value)

    def unsealed(self, value: str | None, place: Place) -> str | None:
        """A secret value as it was written; None where its key was destroyed, or is not among `keys` yet.

        Raises SealedUnreadable for what was altered or moved.
        """
        if value is None or not is_sealed(value):
            return value
        name = key_of(value)
        if name in self.unknown:
            raise SealedUnreadable
        key = self._key(name)
        return None if key is None else unseal(key, value, place)

    def erased(self, value: str | None) -> bool:
        """Whether this is a value whose key was destroyed."""
        if value is None or not is_sealed(value):
            return False
        name = key_of(value)
        return name not in self.unknown and self._key(name) is None

    def _key(self, name: str) -> DataKey | None:
        if name not in self.keys:
            self.sought.add(name)
        return self.keys.get(name)

    def open(self, cursor: object, bond: Bond) -> list[Any]:
        """The position in a cursor. Raises CursorInvalid for whatever this did not seal for this viewer and list."""
        if not isinstance(cursor, str) or len(cursor) > LONGEST:
            raise CursorInvalid
        try:
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            position = orjson.loads(self.cipher.decrypt(sealed, [self.bond(bond)]))
        except (binascii.Error, ValueError, InvalidTag):
            raise CursorInvalid from None
        return cast(list[Any], position)

    def bond(self, bond: Bond) -> bytes:
        """What a cursor is bound to, as bytes."""
        where = resolved(bond.where, self.variables)
        return orjson.dumps([self.viewer, bond.path, bond.order, where], option=orjson.OPT_SORT_KEYS, default=_named)


def _named(value: object) -> str:
    return str(getattr(value, "name", value))
