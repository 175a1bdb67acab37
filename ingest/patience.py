"""A database that is asked again while it cannot be reached: safe for the loader, whose statements all make or find."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Protocol, TypeVar

from ingest.statements import Statement
from schema.errors import DatabaseUnavailable, StatementTimedOut

_SECONDS_BETWEEN = 0.5
Answer = TypeVar("Answer")


class Graph(Protocol):
    """What the loader asks of the database; graph.session.Database is one."""

    async def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, timeout: float | None = None
    ) -> list[Any]:
        """The first column of a statement that changes nothing."""
        ...

    async def write_many(self, statements: Iterable[Statement], timeout: float | None = None) -> list[list[Any]]:
        """All statements in one transaction."""
        ...

    async def change_schema(self, text: str, timeout: float = 60.0) -> None:
        """A statement on constraints or indexes."""
        ...


class Patient:
    """The same database, asked again for `seconds` when it cannot be reached or is too busy to answer in time.

    A load may share its machine with Neo4j's own start or with other loads; a server that answers people must not
    wait like this. Nobody knows whether a transaction happened whose commit was cut off; saying it twice does no harm.
    """

    def __init__(self, database: Graph, seconds: float) -> None:
        self._database = database
        self._seconds = seconds

    async def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, timeout: float | None = None
    ) -> list[Any]:
        """As the database."""
        return await self._insist(lambda: self._database.read(text, parameters, timeout))

    async def write_many(self, statements: Iterable[Statement], timeout: float | None = None) -> list[list[Any]]:
        """As the database."""
        asked = tuple(statements)
        return await self._insist(lambda: self._database.write_many(asked, timeout))

    async def change_schema(self, text: str, timeout: float = 60.0) -> None:
        """As the database."""
        await self._insist(lambda: self._database.change_schema(text, timeout))

    async def _insist(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        loop = asyncio.get_running_loop()
        end = loop.time() + self._seconds
        while True:
            try:
                return await ask()
            except (DatabaseUnavailable, StatementTimedOut):
                if loop.time() >= end:
                    raise
            await asyncio.sleep(_SECONDS_BETWEEN)
