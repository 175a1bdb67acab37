"""Resealing: what came to another customer is sealed under her key, and what is plain is sealed at last: rows here,
fields of the graph in `ingest.resealing_fields`.

Whose a row is changes with merges and splits, by what becomes of a visitor, and where a load finds that two are one.
Each of those calls `reseal` for the customers whose rows moved; a whole graph is gone through by `reseal_all`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.protocols import Graph, Reads
from graph.vault.sealed import Place, begins_with, is_sealed, key_of, seal
from graph.vault.vault import NOBODY, Found, Keys
from ingest.opening import opened_with
from ingest.resealing_fields import Shelf, amiss_of, asked, pages, sealed_anew, shelves
from ingest.sealing import KEPT_BESIDE, ROW
from ingest.statements import text
from schema.errors import SealedUnreadable

NAMES = ("payload", *KEPT_BESIDE[ROW])
"""What of a row is sealed."""
PAGE = 1_000
LONGEST_BEGINNING = 40
SECONDS = 600.0

Run = Callable[[str, Mapping[str, Any]], Awaitable[list[Any]]]
"""One statement, in whatever transaction it is to be carried out: the first column of every row."""


@dataclass(slots=True)
class Resealed:
    """How many rows and nodes with sealed fields were looked at, sealed anew, and could not be opened."""

    rows: int = 0
    sealed: int = 0
    unreadable: int = 0


async def reseal(run: Run, keys: Keys, customers: Collection[str], places: Collection[str] = ()) -> Resealed:
    """Seal the rows of customers and those at places, with the fields of what these are about, under the keys of whose
    they are; of others nothing is read.

    Raises VaultUnavailable, VaultKeysMissing, and what `run` raises.
    """
    done = Resealed()
    if not keys.seals or not (customers or places):
        return done
    await _rows(run, keys, customers, places, done)
    await _fields(run, keys, customers, places, done)
    return done


async def _rows(run: Run, keys: Keys, customers: Collection[str], places: Collection[str], done: Resealed) -> None:
    own = await keys.sealing({*customers, NOBODY})
    given = {
        "customers": sorted(customers),
        "places": sorted(places),
        "names": list(NAMES),
        "begins": {owner: begins_with(key) for owner, key in own.items() if key is not None},
    }
    if rows := await run(text("sealed_amiss"), given):
        await _sealed_anew(run, keys, rows, done)


async def _fields(run: Run, keys: Keys, customers: Collection[str], places: Collection[str], done: Resealed) -> None:
    """Fields of nodes of customers, and of those that the rows at places record."""
    for shelf in shelves():
        rows = await run(shelf.said("sealed_fields"), asked(shelf, customers, places))
        await _fields_anew(run, keys, shelf, rows, done)


async def _fields_anew(run: Run, keys: Keys, shelf: Shelf, rows: Sequence[Mapping[str, Any]], done: Resealed) -> None:
    changed, unreadable = await sealed_anew(rows, shelf, keys) if rows else ([], 0)
    done.rows += len(rows)
    done.unreadable += unreadable
    if changed:
        done.sealed += len(await run(shelf.said("reseal_fields"), {"rows": changed}))


async def _sealed_anew(run: Run, keys: Keys, rows: Sequence[Mapping[str, Any]], done: Resealed) -> None:
    own = await keys.sealing({str(row["owner"]) for row in rows})
    names = {key_of(row[name]) for row in rows for name in NAMES if is_sealed(row[name])}
    old = await keys.opening(names) if names else {}
    changed, unreadable = await asyncio.to_thread(_changed, rows, own, old)
    done.rows += len(rows)
    done.unreadable += unreadable
    if changed:
        done.sealed += len(await run(text("reseal"), {"rows": changed}))


def _changed(rows: Sequence[Mapping[str, Any]], own: Found, old: Found) -> tuple[list[dict[str, Any]], int]:
    """What is to be written, and how many rows hold what cannot be opened: these stay as they are."""
    changed, unreadable = [], 0
    for row in rows:
        key, before, after, plain = own.get(row["owner"]), {}, {}, False
        for name, value in _amiss(row, own):
            place = Place(ROW, name, row["place"])
            try:
                said = opened_with(old, value, place)
            except SealedUnreadable:
                said = None
            if said is None:
                break
            before[name] = value
            after[name] = None if key is None else seal(key, said, place)
            plain |= not is_sealed(value)
        else:
            changed.append({"place": row["place"], "before": before, "after": after, "plain": plain})
            continue
        unreadable += 1
    return changed, unreadable


def _amiss(row: Mapping[str, Any], own: Found) -> Iterator[tuple[str, str]]:
    key = own.get(row["owner"])
    for name in NAMES:
        value = row[name]
        if value is not None and (key is None or not value.startswith(begins_with(key))):
            yield name, value


async def _pages(database: Reads) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    after = ""
    while rows := await database.read(
        text("sealed_page"), {"after": after, "most": PAGE, "names": list(NAMES), "long": LONGEST_BEGINNING}, SECONDS
    ):
        after = rows[-1]["place"]
        yield rows


def _places(rows: Sequence[Mapping[str, Any]], own: Found) -> list[str]:
    """Where something is plain, or sealed by another key than its owner's."""
    found = []
    for row in rows:
        key = own.get(row["owner"])
        if any(key is None or not one.startswith(begins_with(key)) for one in row["begins"]):
            found.append(str(row["place"]))
    return found


def _owners(rows: Sequence[Mapping[str, Any]]) -> set[str]:
    return {str(row["owner"]) for row in rows if row["begins"]}


async def amiss(database: Reads, keys: Keys) -> list[str]:
    """At which places a row or a field is plain, or sealed by another key than its owner's, or not found as it should
    be; nothing is changed or opened.
    """
    found = []
    async for rows in _pages(database):
        found += _places(rows, await keys.sealing(_owners(rows), make=False))
    for shelf in shelves():
        async for rows in pages(database, shelf):
            found += await amiss_of(rows, shelf, keys, make=False)
    return found


async def reseal_all(database: Graph, keys: Keys, progress: Callable[[int], None] = lambda rows: None) -> Resealed:
    """Go through every row and field and seal what is plain, or sealed by another key than its owner's, in batches.

    May be cut off: what was sealed is, and the next run goes on. Raises VaultUnavailable, VaultKeysMissing, and the
    errors of the database.
    """
    done = Resealed()

    async def run(said: str, asked: Mapping[str, Any]) -> list[Any]:
        return await database.write(said, asked, SECONDS)

    async for rows in _pages(database):
        part = Resealed()
        if places := _places(rows, await keys.sealing(_owners(rows))):
            await _rows(run, keys, (), places, part)
        _add(done, part, len(rows))
        progress(done.rows)
    for shelf in shelves():
        async for rows in pages(database, shelf):
            part = Resealed()
            await _fields_anew(run, keys, shelf, rows, part)
            _add(done, part, len(rows))
            progress(done.rows)
    return done


def _add(done: Resealed, part: Resealed, looked_at: int) -> None:
    done.rows += looked_at
    done.sealed += part.sealed
    done.unreadable += part.unreadable
