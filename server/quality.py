"""What `customer-graph quality` does: how good what the sources deliver is, over the last loads."""

import asyncio
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from ingest.quality_kept import Trend, trends
from server import logs
from server.progress import Stages
from server.run import database_of, graph
from server.settings import Settings


def quality(settings: Settings) -> None:
    """Print a line for each system, attribute and dimension. Raises DataFolderBusy and the errors of the database."""
    logs.configure("error")

    async def asking() -> tuple[Trend, ...]:
        async with graph(settings, stages.tell) as connection, database_of(settings, connection) as database:
            return await trends(database)

    with Stages() as stages:
        found = asyncio.run(asking())
        stages.done()
    show(found)


def show(found: Sequence[Trend]) -> None:
    """The table; what is below a threshold has a mark."""
    table = Table("system", "attribute", "dimension", box=None, pad_edge=False)
    for heading in ("of", "now", "before"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for one in found:
        *before, now = one.values
        table.add_row(
            one.system,
            one.attribute,
            one.dimension.lower(),
            f"{one.counted:,}",
            f"{now:.3f}",
            " ".join(f"{value:.3f}" for value in before),
            "" if one.least is None else f"below {one.least:g}",
        )
    console = Console(highlight=False, soft_wrap=True)
    console.print(table if found else "No load was measured yet.")
