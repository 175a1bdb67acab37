"""What `customer-graph survivorship` does: say which golden values other rules would change, and for whom.

Ids of customers are told to whoever holds the data folder, and are on record before the first is printed.
"""

import asyncio
import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.table import Table

from server import logs
from server.alone import alone
from server.assembly import assemble
from server.progress import Stages
from server.resolution import told
from server.settings import Settings

if TYPE_CHECKING:
    from ingest.survivorship_change import Changes

ROOT, FIELDS = "survivorship", ("Customer.id",)
COLUMNS = ("attribute", "customer_id")


def rehearse(settings: Settings, folders: Sequence[Path], exports: Path | None, file: Path) -> None:
    """Read, match, choose by both rules, and tell what differs. Raises what a load raises, and TrailUnavailable."""
    from ingest.exports import delivery
    from ingest.load import rehearsal

    logs.configure("error")
    sources = delivery(folders, exports)
    other = delivery(folders, exports, file).survivorship

    async def looking() -> "tuple[Changes, ...]":
        assembly = assemble(settings)
        async with alone(settings, assembly, stages.tell) as (database, trail):
            found = await rehearsal(
                database,
                sources,
                other,
                stages.progress,
                keys=assembly.vault,
                suppression=assembly.suppression,
            )
            await told(trail, ROOT, FIELDS, {id_ for one in found for id_ in one.customers})
            return found

    with Stages() as stages:
        found = asyncio.run(looking())
        stages.done()
    show_changes(found)
    write_changes(found, sys.stdout)


def show_changes(found: "Sequence[Changes]") -> None:
    """How many values of each attribute would change, on stderr."""
    console = Console(stderr=True, highlight=False)
    table = Table("attribute", box=None, pad_edge=False)
    for heading in ("values", "would change"):
        table.add_column(heading, justify="right")
    for one in found:
        if one.values:
            table.add_row(one.attribute, f"{one.values:,}", f"{len(one.customers) + one.not_loaded:,}")
    console.print(table)
    if absent := sum(one.not_loaded for one in found):
        console.print(
            f"{absent:,} of these are of customers that were never loaded, so they have no id.", soft_wrap=True
        )
    console.print("Nothing was written.", soft_wrap=True)


def write_changes(found: "Sequence[Changes]", out: TextIO) -> None:
    """Whose values would change, as CSV with a header."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((one.attribute, id_) for one in found for id_ in one.customers)
