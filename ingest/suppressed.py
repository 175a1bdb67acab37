"""What exports still hold of the erased: a load leaves it out before it finds out who is who, and says how much it was.

A row that was erased is left out, and what is a part of it. A new row that has a handle of an erased person may be hers
or somebody else's who has it now: it is left out as well, and told on the receipt, so that a person can look. What the
graph holds of others stays theirs.
"""

import asyncio
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from graph.protocols import Reads
from ingest.homes import kind_of
from ingest.records import Profile
from ingest.rows import Exports, Read
from ingest.statements import text
from ingest.suppression import Hasher, Marks, Suppressed, in_force, marks_of, suppressed_among

_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many rows were left out: known again, and by a handle alone; of these which erasures saw which kinds."""

    again: int = 0
    by_handle: int = 0
    told: tuple[tuple[str, str], ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What whoever loads should know."""
        said = []
        if self.again:
            said.append(f"Not taken in again, of persons who were erased: {self.again:,} rows.")
        if self.by_handle:
            said.append(
                f"Not taken in, new rows with a handle of persons who were erased: {self.by_handle:,}. "
                "A privacy officer sees on their receipts (leftOut) which systems sent them."
            )
        return tuple(said)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """As the statement takes it that notes them."""
        return [{"receipt": receipt, "said": said} for receipt, said in self.told]


async def without_suppressed(database: Reads, exports: Exports, hasher: Hasher | None) -> tuple[Exports, LeftOut]:
    """The exports without rows of the erased. Raises SuppressionKeyWrong and the errors of the database."""
    if not await in_force(database, hasher):
        return exports, LeftOut()
    assert hasher is not None
    marks = await asyncio.to_thread(_marks, exports, hasher)
    found = await suppressed_among(database, (hash_ for one in marks for hash_ in one.all))
    doubted = [one for one in marks if found.by_handle(one)]
    asked = {
        "places": [one.place for one in doubted],
        "identities": sorted({key for one in doubted for key in one.identities}),
    }
    there = set(await database.read(text("places_there"), asked, _SECONDS)) if doubted else set()
    return _without(exports, marks, found, there)


def _marks(exports: Exports, hasher: Hasher) -> list[Marks]:
    regions = sorted({one.address.country for one in exports.of(Profile) if one.address.country})
    return [marks_of(one.source.system, one.record, regions, hasher) for one in exports.reads]


def _without(
    exports: Exports, marks: Sequence[Marks], found: Suppressed, there: AbstractSet[str]
) -> tuple[Exports, LeftOut]:
    kept, again = [], 0
    told: list[tuple[Read, list[str]]] = []
    for read, one in zip(exports.reads, marks, strict=True):
        if found.certainly(one):
            again += 1
        elif receipts := seen_by(one, found, there):
            told.append((read, receipts))
        else:
            kept.append(read)
    said = {
        (receipt, f"{read.source.system} {kind_of(read.record)}"): None
        for read, receipts in told
        for receipt in receipts
    }
    return replace(exports, reads=tuple(kept)), LeftOut(again, len(told), tuple(sorted(said)))


def seen_by(marks: Marks, found: Suppressed, there: AbstractSet[str]) -> list[str]:
    """The erasures of whom a row has a handle; none where the graph has the row, or somebody with one of its handles.

    Nothing of the erased is there any more, so that is somebody else.
    """
    return [] if marks.place in there or not there.isdisjoint(marks.identities) else found.by_handle(marks)
