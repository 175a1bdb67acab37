"""What `customer-graph load` does: load, or say what a load would do."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from schema.journey import read_journey
from server import logs
from server.assembly import assemble
from server.finding import Declared, Kept, carry_out
from server.guide import show_report
from server.insights import show
from server.progress import Stages
from server.retaining import in_force
from server.run import database_of, graph, shaped
from server.sample import REJECTS
from server.settings import Settings

if TYPE_CHECKING:
    from ingest.load import LoadReport
    from ingest.preview import Preview, Would


def load(
    settings: Settings,
    folders: Sequence[Path],
    exports: Path | None,
    survivorship: Path | None = None,
    *,
    dry_run: bool,
) -> None:
    """Load what the sources at some folders deliver and say what came of it, or would. Raises what a load raises."""
    from ingest.exports import delivery
    from ingest.load import load as load_sources
    from ingest.load import preview

    logs.configure(settings.log_level, settings.log_format)
    # Before Neo4j is started and a key is made: a mistake in a source or a file of rules is told at once.
    sources = delivery(folders, exports, survivorship, read_journey(settings.journey))
    assembly = assemble(settings)
    forget, asked = in_force(settings, assembly.governance), assembly.governance.quality

    async def loading() -> tuple["LoadReport", list[Kept]]:
        async with graph(settings, stages.tell) as connection, database_of(settings, connection) as database:
            await shaped(database, assembly, stages.tell)
            rejects = settings.data / REJECTS
            report = await load_sources(
                database,
                sources,
                stages.progress,
                rejects=rejects,
                forget=forget,
                asked=asked,
                keys=assembly.vault,
                suppression=assembly.suppression,
            )
            stages.tell("Finding insights")
            return report, await carry_out(database, Declared.of(assembly), datetime.now(UTC))

    async def looking() -> "Preview":
        async with graph(settings, stages.tell) as connection, database_of(settings, connection) as database:
            return await preview(
                database,
                sources,
                stages.progress,
                forget=forget,
                keys=assembly.vault,
                suppression=assembly.suppression,
            )

    with Stages() as stages:
        if dry_run:
            would = asyncio.run(looking())
            stages.done()
            show_preview(would)
        else:
            report, found = asyncio.run(loading())
            stages.done()
            show_report(report, settings)
            show(found, stderr=True)


def show_preview(would: "Preview") -> None:
    """What a load would do, on stdout: a line for each table, and the golden records."""
    from ingest.conflicts import sentence as words

    console = Console(highlight=False)
    table = Table("table", box=None, pad_edge=False)
    for heading in ("new", "changed", "same", "gone", "refused"):
        table.add_column(heading, justify="right")
    for name, counted in would.tables.items():
        table.add_row(name, *_counts(counted))
    console.print(table)
    golden = would.customers
    total = golden.new + golden.changed + golden.same
    console.print(
        f"{total:,} golden records: {golden.new:,} new, {golden.changed:,} changed, {golden.same:,} the same; "
        f"{would.joined:,} would be joined into others. Nothing was written. "
        "What is gone from the exports stays in the graph.",
        soft_wrap=True,
    )
    for reject in would.rejects[:10]:
        place = f"{reject.file}:{reject.line}" if reject.line else reject.file
        console.print(f"refused: {place} {reject.column} {reject.reason}", soft_wrap=True, markup=False)
    if len(would.rejects) > 10:
        console.print(f"and {len(would.rejects) - 10:,} more; a load lists all of them in {REJECTS}.", soft_wrap=True)
    for conflict in would.conflicts:
        console.print(f"sources disagree on {words(conflict)}", soft_wrap=True, markup=False)
    for sentence in would.notes:
        console.print(f"note: {sentence}", soft_wrap=True, markup=False)


def _counts(counted: "Would") -> tuple[str, ...]:
    return tuple(
        f"{number:,}" for number in (counted.new, counted.changed, counted.same, counted.gone, counted.refused)
    )
