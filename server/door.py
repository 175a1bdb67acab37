"""The database as the server sees it: not there yet, there, or gone for a moment; never in the way of the start."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeVar

from graph.session import Database, Run
from schema.errors import CustomerGraphError, DatabaseUnavailable

SECONDS_TO_BE_READY = 2.0
Answer = TypeVar("Answer")


class Door:
    """Reads and writes go through it; until it is opened, it says that the database cannot be reached."""

    def __init__(self, database: Database | None = None) -> None:
        self._database = database
        self._looking: asyncio.Task[bool] | None = None

    def open(self, database: Database) -> None:
        """From now on this database answers."""
        self._database = database

    def close(self) -> None:
        """Nothing answers any more."""
        self._database = None

    async def read(self, text: str, parameters: Mapping[str, Any], timeout: float | None = None) -> list[Any]:
        """The first column of every row. Raises what the session raises."""
        return await self._there().read(text, parameters, timeout)

    async def write_many(
        self,
        statements: Iterable[tuple[str, Mapping[str, Any] | None]],
        timeout: float | None = None,
    ) -> list[list[Any]]:
        """All statements in one transaction. Raises what the session raises."""
        return await self._there().write_many(statements, timeout)

    async def transaction(self, work: Callable[[Run], Awaitable[Answer]], timeout: float | None = None) -> Answer:
        """What `work` returns, once it is durable. Raises what the session and the work raise."""
        return await self._there().transaction(work, timeout)

    async def ready(self) -> bool:
        """Whether a query would work just now; told within two seconds. All who ask at once share one look."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(self._looking)

    async def _look(self) -> bool:
        try:
            async with asyncio.timeout(SECONDS_TO_BE_READY):
                await self._there().ping()
        except (CustomerGraphError, TimeoutError):
            return False
        return True

    def _there(self) -> Database:
        if self._database is None:
            raise DatabaseUnavailable
        return self._database
