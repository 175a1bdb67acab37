"""Live sources in the process of the tests: what they send waits in an inbox, and is drained where a test says so.

A test module that uses them says `pytest_plugins = ["tests.live_graph"]`. There is nothing here whose failure needs
explaining, so pytest need not rewrite it and others may import it: PYTEST_DONT_REWRITE.
"""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from graph.session import Database
from graph.vault.vault import Vault
from ingest.live import cloudevents, segment
from ingest.live.arrival import Arrival
from ingest.live.drain import Drain
from ingest.live.inbox import Inbox
from ingest.live.sources import LiveSources, read_live_sources
from resolvers.happened import Happened
from server.settings import load as load_settings
from server.vault import vault_of
from tests.live_sources import OFFICE, WEB, declared
from tests.test_ingest_load import SAMPLE, SMALL, clear

ADA = {"firstName": "Ada", "lastName": "Byron", "email": "ada.byron@example.org"}
OWNERS = """MATCH (i:Interaction) OPTIONAL MATCH (c:Customer)-[:HAD]->(i)
RETURN [i.name, c.email] ORDER BY i.occurredAt, i.sourceKey"""


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Some of the sample company's exports."""
    folder = tmp_path / "few"
    folder.mkdir()
    for name in SMALL:
        shutil.copy2(SAMPLE / name, folder / name)
    return folder


@dataclass
class Live:
    """Live sources in this process: what they send waits in an inbox, and is drained where a test says so."""

    database: Database
    sources: LiveSources
    inbox: Inbox
    folder: Path
    vault: Vault
    told: list[Happened] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: count(1))

    @property
    def drain(self) -> Drain:
        """What brings events into the graph."""
        return Drain(self.inbox, self.database, self.told.append, keys=self.vault)

    def arrival(self, call: str, key: str = WEB, **message: Any) -> Arrival:
        """A call as an arrival."""
        source = self.sources.of_key(key)
        assert source is not None
        said = {"messageId": f"m-{next(self.numbers)}", **message}
        made = segment.arrival_of(said, source, datetime.now(UTC), call=call)
        assert isinstance(made, Arrival), made
        return made

    def row(self, table: str, row: dict[str, Any], **attributes: str) -> Arrival:
        """A row of the back office as an arrival."""
        source = self.sources.of_key(OFFICE)
        assert source is not None
        event = {"specversion": "1.0", "id": f"e-{next(self.numbers)}", "source": "/office", "type": table, "data": row}
        made = cloudevents.arrival_of({**event, **attributes}, source, datetime.now(UTC))
        assert isinstance(made, Arrival), made
        return made

    async def send(self, *arrivals: Arrival) -> None:
        """Take arrivals and drain all that waits."""
        await self.inbox.take(arrivals)
        while await self.drain.drain():
            pass

    async def ask(self, text: str, **named: Any) -> list[Any]:
        """The first column of every row."""
        return await self.database.read(text, named)


@pytest_asyncio.fixture(loop_scope="session")
async def live(database: Database, tmp_path: Path) -> AsyncIterator[Live]:
    """An empty graph and an empty inbox."""
    await clear(database)
    async with Inbox(tmp_path / "inbox", 64 * 1024**2) as inbox:
        vault = vault_of(load_settings(data=tmp_path / "keys"))
        yield Live(database, read_live_sources(declared(tmp_path)), inbox, tmp_path / "inbox", vault)
