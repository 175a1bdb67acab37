"""Sealed as in the product: worlds hold secret values in the open, databases hold them sealed, the product opens them.

So what a viewer learns by sealed values, or by how they are opened, is compared with the oracle as everything else.
"""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from graph.vault.blind import BlindKey
from graph.vault.sealed import DataKey, Place, seal
from graph.vault.vault import Found
from ingest.sealing_field import FieldSealer
from schema.model import NodeType


def key_named(name: str) -> DataKey:
    """A key that both twins have; another for each record, so that none opens by another's."""
    return DataKey(name, name, AESSIV(hashlib.sha512(name.encode()).digest()))


class Keys:
    """All keys of all worlds."""

    seals = True

    async def sealing(self, owners: Collection[str], *, make: bool = True) -> Found:
        """By the name of the owner."""
        return {one: key_named(one) for one in owners}

    async def opening(self, names: Collection[str]) -> Found:
        """By their names."""
        return {one: key_named(one) for one in names}

    async def indexing(self, *, make: bool = True) -> BlindKey:
        """One for all."""
        return INDEX

    async def inherit(self, heirs: Mapping[str, str]) -> None:
        """Nobody does."""


INDEX = BlindKey("index", hashlib.sha512(b"index").digest())
KEYS = Keys()


def sealed(kind: NodeType, values: Mapping[str, Any]) -> dict[str, Any]:
    """A node as the database is to hold it."""
    secret = [held.name for held in kind.properties.values() if held.sealed and values.get(held.name) is not None]
    if not secret:
        return dict(values)
    record = str(values["id"])
    key = key_named(record.replace(".", "-"))
    return {
        **values,
        "sourceKey": record,
        **{name: seal(key, values[name], Place(kind.name, name, record)) for name in secret},
        **{
            name: said
            for one in secret
            for name, said in FieldSealer(INDEX).hidden(kind.name, kind.properties[one], values[one]).items()
        },
    }
