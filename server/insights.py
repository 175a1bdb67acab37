"""What `customer-graph insights` does: find everything anew, keep it, and say what came of it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from server import logs
from server.alone import alone
from server.assembly import assemble
from server.finding import Declared, Kept, carry_out, chosen
from server.progress import Stages
from server.settings import Settings


def insights(settings: Settings, only: str | None) -> None:
    """Find everything anew, or one part, and print a line for each.

    Raises SettingInvalid, DataFolderBusy and the errors of the database.
    """
    logs.configure("error")
    parts = chosen(only)
    assembly = assemble(settings)

    async def finding() -> list[Kept]:
        async with alone(settings, assembly, stages.tell) as (database, _):
            return await carry_out(database, Declared.of(assembly), datetime.now(UTC), parts)

    with Stages() as stages:
        found = asyncio.run(finding())
        stages.done()
    show(found)


def show(found: Sequence[Kept], *, stderr: bool = False) -> None:
    """A line for each part."""
    table = Table("insight", "what is kept", box=None, pad_edge=False)
    table.add_column("seconds", justify="right")
    for one in found:
        table.add_row(one.name, one.said, f"{one.seconds:.1f}")
    Console(highlight=False, soft_wrap=True, stderr=stderr).print(table)
