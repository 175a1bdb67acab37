"""Whose every record is, on standard output: from a folder of exports, or as the loaded graph has it.

What the graph tells here does not pass a View: whoever holds the data folder may ask it anything. It is on record all
the same, with every customer it is about, before the first line is printed.
"""

import asyncio
import sys
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path

import psutil

from auth.disclosure import Answered, Disclosure, Recorder, Shown
from ingest.patience import Graph
from ingest.placement import Placed, placements_of_folder, placements_of_graph, write
from server import logs
from server.alone import alone
from server.assembly import assemble
from server.progress import Stages
from server.settings import Settings

ROLE, PURPOSE, ROOT = "operator", "operations", "resolution"
FIELDS = ("Customer.id", "SourceRecord.recordId", "SourceRecord.system")
MOST_SUBJECTS = 1_000
"""Customers in one record of the trail."""


def of_exports(folder: Path) -> None:
    """Read, match, attribute and print; nothing is kept."""
    with Stages() as stages:
        found = placements_of_folder(folder, stages.progress)
        stages.done()
    write(found, sys.stdout)


def of_graph(settings: Settings) -> None:
    """Print what was loaded. Raises TrailUnavailable and DataFolderBusy where it cannot be put on record."""
    logs.configure("error")

    def quiet(sentence: str) -> None:
        print(sentence, file=sys.stderr)

    async def asking() -> list[Placed]:
        async with alone(settings, assemble(settings), quiet) as (database, trail):
            return await on_record(database, trail)

    write(asyncio.run(asking()), sys.stdout)


async def on_record(database: Graph, trail: Recorder) -> list[Placed]:
    """Whose every record is, once the trail has kept that it was told, and to which user of the machine."""
    placed = await placements_of_graph(database)
    await told(trail, ROOT, FIELDS, {one.customer for one in placed if one.customer})
    return placed


async def told(trail: Recorder, root: str, fields: Sequence[str], customers: Collection[str]) -> None:
    """Keep on the trail that an operator is told these fields of these customers. Raises TrailUnavailable."""
    subjects = sorted(customers)
    now, viewer = datetime.now(UTC), psutil.Process().username()
    for start in range(0, len(subjects), MOST_SUBJECTS):
        shown = Shown(tuple(fields), (), tuple(subjects[start : start + MOST_SUBJECTS]))
        await trail.record(Disclosure(now, viewer, ROLE, PURPOSE, "", root, (Answered(root, (shown,), None, ()),)))
