"""What a running server says of a compaction that is due: at its start, in health, as a metric. No data."""

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime

from graph.session import Database
from privacy.compaction import state
from schema.errors import CustomerGraphError

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 60.0
TODO = "Stop the server and run: customer-graph compact (docs/deploy.md, 'Deleted is not gone')."


class Due:
    """Since when Neo4j's files hold what was deleted, as last looked at; None where nothing is due."""

    def __init__(self) -> None:
        self.since: datetime | None = None

    @property
    def days(self) -> int:
        """For how many days; 0 where nothing is due, and at least 1 where it is."""
        return 0 if self.since is None else max(1, (datetime.now(UTC) - self.since).days)

    @property
    def told(self) -> str:
        """The sentence for whoever runs the server; empty where nothing is due."""
        return "" if self.since is None else f"Neo4j's files hold deleted values since {self.since:%Y-%m-%d}. {TODO}"

    async def look(self, database: Database) -> None:
        """Look once. Raises the errors of the database."""
        self.since = (await state(database)).due_since

    async def keep(self, database: Database) -> None:
        """Look as long as the server runs, and say it once when one becomes due."""
        while True:
            was = self.since
            with suppress(CustomerGraphError):
                await self.look(database)
            if self.told and was is None:
                log.warning("%s", self.told)
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
