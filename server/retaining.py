"""Rules of retention in the server's life: which of them loads keep to, and the task that carries them out."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from graph.session import Database
from privacy.retention import retain
from schema.errors import CustomerGraphError
from schema.governance import Governance, Retention
from server.assembly import Assembly
from server.settings import Settings
from server.turns import claimed

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 300.0
_HOUR = 3600.0
WORK = "retention"


def in_force(settings: Settings, governance: Governance) -> Sequence[Retention]:
    """The rules that loads keep to: all of them where they are carried out by schedule, else none."""
    return governance.retention if settings.retention_hours else ()


async def keep_retaining(settings: Settings, assembly: Assembly, database: Database) -> None:
    """Carry the rules out as often as the settings say, by one server of those that share a graph."""
    if not settings.retention_hours:
        return
    while True:
        try:
            if await claimed(database, WORK, settings.retention_hours * _HOUR):
                found = await retain(database, assembly.rules.model, assembly.governance, datetime.now(UTC))
                log.info("Rules of retention were carried out: %s records", sum(one.records for one in found))
        except CustomerGraphError as problem:
            log.warning("Rules of retention wait to be carried out: %s", problem.code)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
