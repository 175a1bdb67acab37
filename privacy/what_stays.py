"""What stays of the erased goes when its time is over; what was looked at and not erased is told for a day."""

from datetime import datetime, timedelta

from graph.protocols import Graph, Writes
from privacy.graph import SECONDS, text

A_DAY = timedelta(days=1)


async def let_go(graph: Graph, now: datetime) -> None:
    """Take away what no duty holds any longer, and previews of yesterday. Raises the errors of the database."""
    await graph.write(text("over"), {"now": now}, SECONDS)
    await graph.write(text("stale"), {"before": now - A_DAY}, SECONDS)


async def mark_compacted(graph: Writes, at: datetime) -> int:
    """Say on receipts that no byte of what was erased before a moment is left in the database's files; on how many.

    For whoever has rebuilt the store and thrown the old one away. Raises the errors of the database.
    """
    (count,) = await graph.write(text("compacted"), {"at": at}, SECONDS)
    return int(count)
