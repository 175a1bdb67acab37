"""Our own changes when they come back: a source that wrote one down exports it, with the id of the event that told it.

Read as news it would be a decision of the customer at the time of the export, after what she decided since.
"""

from dataclasses import replace

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
    ours = {(row["id"], row["system"]) for row in await database.read(text("our_events"), {"events": named}, _SECONDS)}
    kept = tuple(
        one
        for one in exports.reads
        if not isinstance(one.record, Decision) or (one.record.event, one.source.system) not in ours
    )
    return replace(exports, reads=kept)
