"""Whether Neo4j's files hold what was deleted, and since when: noted by whatever deletes, cleared by a compaction.

The note is a node, so that all servers on a graph know of it, and it goes with the graph into a backup. What else is to
be told of a compaction (a receipt that says when the last copy was gone) stands in COMPACTED.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from graph.protocols import Reads, Writes
from privacy.what_stays import mark_compacted

COMPACTED: tuple[Callable[[Writes, datetime], Awaitable[object]], ...] = (mark_compacted,)
"""Called on the new store, with the moment, before it counts. What it raises undoes the compaction."""


@dataclass(frozen=True, slots=True)
class State:
    """Since when a compaction is due, and when the last one was; None where it is not, or there was none."""

    due_since: datetime | None
    done_at: datetime | None


async def due(graph: Writes, now: datetime) -> None:
    """Note that something is about to be deleted. Raises the errors of the database."""
    await graph.write(_text("compaction_due"), {"now": now})


async def done(graph: Writes, at: datetime) -> None:
    """Note that the files were made anew, and tell whoever waits for it. Raises the errors of the database."""
    await graph.write(_text("compaction_done"), {"at": at})
    for tell in COMPACTED:
        await tell(graph, at)


async def state(graph: Reads) -> State:
    """Whether one is due. Raises the errors of the database."""
    (row,) = await graph.read(_text("compaction_state"), {})
    return State(_moment(row["due"]), _moment(row["done"]))


def _moment(millis: int | None) -> datetime | None:
    return None if millis is None else datetime.fromtimestamp(millis / 1000, UTC)


@cache
def _text(name: str) -> str:
    return (Path(__file__).parent / "statements" / f"{name}.cypher").read_text(encoding="utf-8")
