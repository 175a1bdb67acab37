"""What `customer-graph privacy retention` does: forget what is over, or say what that would be."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from privacy.retention import Forgotten, due, retain
from schema.governance import RECORD
from server import logs
from server.alone import alone
from server.assembly import assemble
from server.progress import Stages
from server.settings import Settings


def retention(settings: Settings, *, dry_run: bool) -> None:
    """Carry the rules out, or say what they would take. Raises GovernanceInvalid and DataFolderBusy."""
    logs.configure("error")
    assembly = assemble(settings)  # before Neo4j is started: a mistake in the file is told at once

    async def going() -> list[Forgotten]:
        async with alone(settings, assembly, stages.tell) as (database, _):
            carry_out = due if dry_run else retain
            return await carry_out(database, assembly.rules.model, assembly.governance, datetime.now(UTC))

    with Stages() as stages:
        found = asyncio.run(going())
        stages.done()
    show(found, dry_run=dry_run)
    if not dry_run and not settings.retention_hours:
        Console(stderr=True, highlight=False).print(
            "Exports that still hold it bring it back: CUSTOMER_GRAPH_RETENTION_HOURS keeps loads to the rules."
        )


def show(found: Sequence[Forgotten], *, dry_run: bool) -> None:
    """What each rule came to."""
    table = Table("rule", "of", "what goes", "older than", box=None, pad_edge=False)
    for heading in ("would go" if dry_run else "went", "held"):
        table.add_column(heading, justify="right")
    for one in found:
        rule = one.rule
        what = RECORD if rule.whole else ", ".join(rule.fields)
        table.add_row(rule.name, rule.type, what, f"{one.before:%Y-%m-%d}", f"{one.records:,}", f"{one.held:,}")
    Console(highlight=False, soft_wrap=True).print(table)
