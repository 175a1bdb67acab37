"""Opening what a load, a drain or a steward reads back of rows: sealed as they stand in the graph, plain as they
came."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graph.vault.sealed import Place, is_sealed, key_of, unseal
from graph.vault.vault import Found, Opener
from ingest.sealing import ROW
from schema.errors import SealedUnreadable


async def opened(
    keys: Opener, rows: Sequence[Mapping[str, Any]], named: Mapping[str, str], place: str = "place"
) -> list[dict[str, Any]]:
    """Rows of a statement about source records, with `named` fields (each with its property) as they were written.

    What was sealed by a key that is destroyed is None. `place` is the field that holds the record's key. Raises
    SealedUnreadable for what was altered or moved, VaultUnavailable and VaultKeysMissing.
    """
    names = {key_of(row[name]) for row in rows for name in named if is_sealed(row[name])}
    found = await keys.opening(names) if names else {}
    return [
        {**row, **{name: opened_with(found, row[name], Place(ROW, said, row[place])) for name, said in named.items()}}
        for row in rows
    ]


def opened_with(keys: Found, value: str | None, place: Place) -> str | None:
    """A value as it was written; None where its key is destroyed. Raises SealedUnreadable."""
    if value is None or not is_sealed(value):
        return value
    name = key_of(value)
    if name not in keys:
        raise SealedUnreadable
    key = keys[name]
    return None if key is None else unseal(key, value, place)


def names_in(values: Sequence[object]) -> Iterator[str]:
    """The names of the keys that open these."""
    for one in values:
        if isinstance(one, str) and is_sealed(one):
            yield key_of(one)
