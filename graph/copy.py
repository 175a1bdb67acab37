"""Copies a whole graph from one database into an empty one: nodes, relationships, constraints, indexes.

It is read as a stream and written in batches, so that memory does not grow with what the graph holds, except for
eight bytes a node. Labels, types, names and values are taken as they are: it knows nothing of the model, and loses
nothing that the model does not know.
"""

from array import array
from collections.abc import AsyncIterator, Callable
from functools import cache
from pathlib import Path
from typing import Any

from graph.contents import Contents
from graph.migrations import INDEXES_ARE_READY
from graph.session import Database
from schema.errors import CompactionBroken

ROWS_AT_ONCE = 500
CHARACTERS_AT_ONCE = 4_000_000
SECONDS_TO_READ = 86_400.0
SECONDS_FOR_A_BATCH = 600.0
SECONDS_FOR_INDEXES = 86_400
_NOWHERE = -1

Progress = Callable[[str, int, int], None]
"""Told the stage, how much of it is done, and of how much."""


async def copy(source: Database, target: Database, progress: Progress) -> Contents:
    """Copy everything into an empty database; what the copy must hold, with the ids that its nodes have there.

    Raises CompactionBroken and the errors of the databases; what was written until then stays in the target.
    """
    made = Contents()
    total = (await source.read(text("count_nodes")))[0], (await source.read(text("count_relationships")))[0]
    ids = await _nodes(source, target, made, lambda done: progress("nodes", done, total[0]))
    await _relationships(source, target, ids, made, lambda done: progress("relationships", done, total[1]))
    progress("indexes", 0, 1)
    for kind in ("constraints", "indexes"):
        for statement in await source.read(text(kind)):
            await target.change_schema(statement, SECONDS_FOR_INDEXES)
    await target.write(INDEXES_ARE_READY, {"seconds": SECONDS_FOR_INDEXES}, SECONDS_FOR_INDEXES)
    progress("indexes", 1, 1)
    return made


async def contents(database: Database) -> Contents:
    """What a database holds now, read to its end."""
    found = Contents()
    async for node in _all(database, "nodes"):
        found.node(*node)
    async for relationship in _all(database, "relationships"):
        found.relationship(*relationship)
    return found


async def schema(database: Database) -> list[str]:
    """What makes each constraint and index of a database."""
    return [statement for kind in ("constraints", "indexes") for statement in await database.read(text(kind))]


async def _nodes(source: Database, target: Database, made: Contents, progress: Callable[[int], None]) -> "array[int]":
    """Copy all nodes; where in the array an old id is, stands the new one."""
    ids: array[int] = array("q")
    async for rows in _batches(_all(source, "nodes")):
        new = dict(await target.write(text("make_nodes"), {"rows": rows}, SECONDS_FOR_A_BATCH))
        for old, labels, properties in rows:
            if old >= len(ids):
                ids.extend([_NOWHERE] * (old + 1 - len(ids)))
            ids[old] = new[old]
            made.node(new[old], labels, properties)
        progress(made.nodes)
    return ids


async def _relationships(
    source: Database, target: Database, ids: "array[int]", made: Contents, progress: Callable[[int], None]
) -> None:
    async for rows in _batches(_all(source, "relationships")):
        moved = [[_new(ids, start), kind, _new(ids, end), properties] for start, kind, end, properties in rows]
        if await target.write(text("make_relationships"), {"rows": moved}, SECONDS_FOR_A_BATCH) != [len(rows)]:
            raise CompactionBroken
        for row in moved:
            made.relationship(*row)
        progress(made.relationships)


def _new(ids: "array[int]", old: int) -> int:
    new = ids[old] if old < len(ids) else _NOWHERE
    if new == _NOWHERE:
        raise CompactionBroken
    return new


async def _batches(rows: AsyncIterator[Any]) -> AsyncIterator[list[Any]]:
    """Some hundred rows at once, or fewer where they are long; the last of a row are its properties."""
    batch: list[Any] = []
    size = 0
    async for row in rows:
        batch.append(row)
        size += sum(map(_weight, row[-1].values()))
        if len(batch) == ROWS_AT_ONCE or size > CHARACTERS_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _weight(value: Any) -> int:
    """About how many characters a value takes."""
    if isinstance(value, list):
        return sum(map(_weight, value))
    return len(value) if isinstance(value, str | bytes) else 8


def _all(database: Database, what: str) -> AsyncIterator[Any]:
    return database.stream(text(what), at_once=ROWS_AT_ONCE, timeout=SECONDS_TO_READ)


@cache
def text(name: str) -> str:
    """A statement from its file."""
    return (Path(__file__).parent / "statements" / "compaction" / f"{name}.cypher").read_text(encoding="utf-8")
