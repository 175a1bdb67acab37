"""Our own changes when they come back: a source that wrote one down exports it, with the id of the event that told it.

Read as news it would be a decision of the customer at the time of the export, after what she decided since. Values that
were set right here need no mark: they are known again by what they say (`ingest.corrections`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.live.arrival import Arrival
from ingest.patience import Graph
from ingest.records import Decision
from ingest.rows import Exports
from ingest.statements import text

_SECONDS = 120.0


async def without_echoes(database: Graph, exports: Exports) -> Exports:
    """The exports without rows that name an event by which their own system was told. Raises the database's errors."""
    named = [
        {"id": one.record.event, "system": one.source.system}
        for one in exports.reads
        if isinstance(one.record, Decision) and one.record.event
    ]
    if not named:
        return exports
    ours = await _ours(database, named)
    kept = tuple(
        one
        for one in exports.reads
        if not isinstance(one.record, Decision) or (one.record.event, one.source.system) not in ours
    )
    return replace(exports, reads=kept)


async def arrivals_without_echoes(database: Graph, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
    """The same for what comes live. Raises the database's errors."""
    named = [{"id": event, "system": one.system} for one in arrivals if (event := _event(one))]
    if not named:
        return arrivals
    ours = await _ours(database, named)
    return [one for one in arrivals if (_event(one), one.system) not in ours]


def _event(arrival: Arrival) -> str | None:
    said = arrival.row.get("event") if arrival.table == "consents" else None
    return said if isinstance(said, str) and said else None


async def _ours(database: Graph, named: Sequence[Mapping[str, str]]) -> set[tuple[str, str]]:
    """Which of these are events by which the systems that name them were told."""
    rows = await database.read(text("our_events"), {"events": named}, _SECONDS)
    return {(row["id"], row["system"]) for row in rows}
