"""The only door to the database: statements in, rows out, and errors that say nothing of what is stored.

The driver's own errors and notifications carry values and query text; none of them passes this module. Whatever is
wrong with the database, a call ends within a few seconds, and works again as soon as the database does.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from neo4j import READ_ACCESS, WRITE_ACCESS, AsyncGraphDatabase, Query
from neo4j.exceptions import (
    AuthError,
    ConnectionPoolError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from schema.errors import (
    CustomerGraphError,
    DatabaseLoginRefused,
    DatabaseUnavailable,
    StatementRefused,
    StatementTimedOut,
)

log = logging.getLogger(__name__)
logging.getLogger("neo4j").setLevel(logging.CRITICAL + 1)  # its lines carry query text, parameters and addresses

SECONDS_FOR_A_STATEMENT = 10.0
SECONDS_TO_CONNECT = 2.0
SECONDS_TO_RECOVER = 2.0
SECONDS_BEFORE_DOUBT = 2.0
SECONDS_TO_ANSWER_A_PING = 2.5
SECONDS_BEFORE_FIRST_RETRY = 0.02
SECONDS_BETWEEN_RETRIES_AT_MOST = 0.5
CONNECTIONS = 64
EVERYTHING = -1  # one round trip brings all rows: the budget has bounded them before

Parameters = Mapping[str, Any]
Rows = list[Any]
Answer = TypeVar("Answer")
Run = Callable[[str, Parameters], Awaitable[Rows]]
"""One statement within a transaction: the first column of every row."""

TIMED_OUT = frozenset(
    {
        "Neo.ClientError.Transaction.TransactionTimedOut",
        "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
    }
)


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the database is and who we are there. The password stays out of every representation."""

    uri: str
    username: str
    password: str = field(repr=False)
    database: str = "neo4j"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a statement cost: its rows, its database hits over all operators, and the operators from the last down."""

    rows: Rows
    hits: int
    operators: tuple[str, ...]


class Database:
    """One database, for as many concurrent callers as like. Opens its first connection at the first statement.

        async with Database(connection) as database:
            names = await database.read("MATCH (c:Customer {id: $id}) RETURN c.name", {"id": "c1"})

    Every method returns the values of the first column, row by row, and raises DatabaseUnavailable, StatementTimedOut
    or StatementRefused, never the driver's own errors. Whatever takes longer than `seconds_before_doubt` is given up
    unless the database answers a ping meanwhile.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        statement_seconds: float = SECONDS_FOR_A_STATEMENT,
        connections: int = CONNECTIONS,
        seconds_before_doubt: float = SECONDS_BEFORE_DOUBT,
    ) -> None:
        self._statement_seconds = statement_seconds
        self._seconds_before_doubt = seconds_before_doubt
        routed = connection.uri.startswith("neo4j")
        bookmarks = AsyncGraphDatabase.bookmark_manager() if routed else None  # a cluster's replicas lag behind
        shared = {"database": connection.database, "fetch_size": EVERYTHING, "bookmark_manager": bookmarks}
        self._reading = {**shared, "default_access_mode": READ_ACCESS}
        self._writing = {**shared, "default_access_mode": WRITE_ACCESS}
        self._driver = _driver(connection, connections)
        self._prober = _driver(connection, 4)  # a pool full of slow statements must not look like a dead database
        self._probe: asyncio.Task[bool] | None = None
        self._doubting: set[asyncio.Timeout] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections; statements under way fail."""
        if self._probe is not None:
            self._probe.cancel()
        await self._driver.close()
        await self._prober.close()

    async def read(self, text: str, parameters: Parameters | None = None, timeout: float | None = None) -> Rows:
        """The first column of a statement that changes nothing; `timeout` in seconds. Tried again after a hiccup."""
        seconds = timeout or self._statement_seconds
        query = Query(text, timeout=seconds)

        async def attempt() -> Rows:
            async with self._driver.session(**self._reading) as session:
                result = await session.run(query, parameters)
                rows: Rows = await result.value()
                return rows

        return await self._bounded(attempt, seconds)

    async def stream(
        self, text: str, parameters: Parameters | None = None, *, at_once: int, timeout: float
    ) -> AsyncIterator[Any]:
        """The first column of a statement that changes nothing, row by row; `at_once` rows are in memory at a time.

        For reading a whole graph: it may last `timeout` seconds, is not tried again, and nobody doubts meanwhile.
        """
        try:
            async with self._driver.session(**{**self._reading, "fetch_size": at_once}) as session:
                result = await session.run(Query(text, timeout=timeout), parameters)
                async for record in result:
                    yield record.value()
        except (DriverError, Neo4jError, OSError) as problem:
            raise _refusal(problem, DatabaseUnavailable) from None

    async def write(self, text: str, parameters: Parameters | None = None, timeout: float | None = None) -> Rows:
        """The first column of a statement that changes the graph, once it is durable."""
        return (await self.write_many([(text, parameters)], timeout))[0]

    async def write_many(
        self,
        statements: Iterable[tuple[str, Parameters | None]],
        timeout: float | None = None,
    ) -> list[Rows]:
        """All statements in one transaction, in order: all of them are durable on return, or none is.

        Tried again when Neo4j says that it may be (a deadlock, a lost leader). When the connection breaks during the
        commit nobody knows whether it happened: that is DatabaseUnavailable, and only the caller can know whether
        saying it twice is safe.
        """
        seconds = timeout or self._statement_seconds
        asked = tuple(statements)

        async def attempt() -> list[Rows]:
            async with (
                self._driver.session(**self._writing) as session,
                await session.begin_transaction(timeout=seconds) as transaction,
            ):
                answers = []
                for text, parameters in asked:
                    result = await transaction.run(text, parameters)
                    answers.append(await result.value())
                await transaction.commit()
                return answers

        return await self._bounded(attempt, seconds)

    async def make(self, text: str, parameters: Parameters | None = None, timeout: float | None = None) -> Rows:
        """As `write`, of a statement that makes or finds, so that carried out twice it does what it does once.

        One round trip and no more: it begins and commits its transaction itself. It is tried again also where the
        connection broke and nobody knows whether it was carried out.
        """
        seconds = timeout or self._statement_seconds
        query = Query(text, timeout=seconds)

        async def attempt() -> Rows:
            async with self._driver.session(**self._writing) as session:
                result = await session.run(query, parameters)
                rows: Rows = await result.value()  # with the last of them comes that it is committed
                return rows

        return await self._bounded(attempt, seconds)

    async def transaction(self, work: Callable[[Run], Awaitable[Answer]], timeout: float | None = None) -> Answer:
        """What `work` returns, once all that it ran is durable. What it raises undoes everything.

        `work` is begun anew when Neo4j says that it may be, so it changes nothing but the graph. When the connection
        breaks during the commit nobody knows whether it happened: DatabaseUnavailable.
        """
        seconds = timeout or self._statement_seconds

        async def attempt() -> Answer:
            async with (
                self._driver.session(**self._writing) as session,
                await session.begin_transaction(timeout=seconds) as transaction,
            ):

                async def run(text: str, parameters: Parameters) -> Rows:
                    rows: Rows = await (await transaction.run(text, parameters)).value()
                    return rows

                answer = await work(run)
                await transaction.commit()
                return answer

        return await self._bounded(attempt, seconds)

    async def change_schema(self, text: str, timeout: float = 60.0) -> None:
        """A statement that makes or drops a constraint or an index, in a transaction of its own as Neo4j demands."""
        await self.write(text, None, timeout)

    async def profile(self, text: str, parameters: Parameters | None = None) -> Profile:
        """What the statement costs on this graph; the statement is carried out."""
        seconds = 6 * self._statement_seconds

        async def attempt() -> Profile:
            async with self._driver.session(**self._writing) as session:
                result = await session.run(Query(f"PROFILE {text}", timeout=seconds), parameters)
                rows = await result.value()
                operators = list(_operators((await result.consume()).profile))
                return Profile(rows, sum(hits for _, hits in operators), tuple(name for name, _ in operators))

        return await self._bounded(attempt, seconds)

    async def explain(self, text: str, parameters: Parameters | None = None) -> None:
        """Have the statement planned and the plan kept; it is not carried out. Raises what `read` raises."""
        seconds = 6 * self._statement_seconds

        async def attempt() -> None:
            async with self._driver.session(**self._reading) as session:
                await (await session.run(Query(f"EXPLAIN {text}", timeout=seconds), parameters)).consume()

        await self._bounded(attempt, seconds)

    async def ping(self) -> None:
        """Return when a statement would work just now, within three seconds; raise as a statement would."""
        try:
            async with asyncio.timeout(SECONDS_TO_ANSWER_A_PING), self._prober.session(**self._reading) as session:
                await (await session.run("RETURN 1")).consume()
        except Exception as problem:
            raise _refusal(problem, DatabaseUnavailable) from None

    async def _bounded(self, attempt: Callable[[], Awaitable[Answer]], seconds: float) -> Answer:
        """Carry out an attempt, again where that is safe, and in bounded time.

        The server ends a statement after its seconds; the deadline here is for a server that does not even do that. A
        statement that takes long makes us doubt: if the database does not answer a ping either, waiting is pointless.
        """
        loop = asyncio.get_running_loop()
        started = loop.time()
        pause = SECONDS_BEFORE_FIRST_RETRY
        try:
            async with asyncio.timeout(seconds + SECONDS_TO_RECOVER) as deadline:
                doubt = loop.call_later(self._seconds_before_doubt, self._doubt, deadline)
                try:
                    while True:
                        try:
                            return await attempt()
                        except (DriverError, Neo4jError) as problem:
                            if not problem.is_retryable() or loop.time() - started > SECONDS_TO_RECOVER:
                                raise
                        await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  spreads the load only
                        pause = min(2 * pause, SECONDS_BETWEEN_RETRIES_AT_MOST)
                finally:
                    doubt.cancel()
                    self._doubting.discard(deadline)
        except CustomerGraphError:
            raise
        except Exception as problem:
            early = loop.time() - started < seconds
            raise _refusal(problem, DatabaseUnavailable if early else StatementTimedOut) from None

    def _doubt(self, deadline: asyncio.Timeout) -> None:
        """Ask once for all who doubt whether the database answers at all; if not, their deadline is now."""
        self._doubting.add(deadline)
        if self._probe is None or self._probe.done():
            self._probe = asyncio.ensure_future(self._answers())
            self._probe.add_done_callback(self._judge)

    def _judge(self, probe: asyncio.Task[bool]) -> None:
        if not probe.cancelled() and not probe.result():
            now = asyncio.get_running_loop().time()
            for deadline in self._doubting:
                deadline.reschedule(now)

    async def _answers(self) -> bool:
        try:
            await self.ping()
        except CustomerGraphError:
            return False
        return True


def _driver(connection: Connection, connections: int) -> Any:
    return AsyncGraphDatabase.driver(
        connection.uri,
        auth=(connection.username, connection.password),
        max_connection_pool_size=connections,
        connection_timeout=SECONDS_TO_CONNECT,
        connection_acquisition_timeout=SECONDS_TO_CONNECT,
        max_transaction_retry_time=SECONDS_TO_RECOVER,
        notifications_min_severity="OFF",
        telemetry_disabled=True,
        user_agent="customer-graph",
    )


def _refusal(problem: Exception, when_late: type[CustomerGraphError]) -> CustomerGraphError:
    """Our error for one of the driver's. The log gets its class and status code: its text may carry values."""
    match problem:
        case TimeoutError():
            return when_late()
        case AuthError():
            log.error("The database refuses our user name or password")
            return DatabaseLoginRefused()
        case ServiceUnavailable() | SessionExpired() | ConnectionPoolError() | IncompleteCommit() | OSError():
            return DatabaseUnavailable()
        case Neo4jError() if problem.code in TIMED_OUT:
            return StatementTimedOut()
        case Neo4jError() if problem.is_retryable():
            return DatabaseUnavailable()
    status = f"{problem.code} {problem.gql_status}" if isinstance(problem, Neo4jError) else ""
    log.error("The database refused a statement: %s %s", type(problem).__name__, status)
    return StatementRefused()


def _operators(plan: Any) -> Iterable[tuple[str, int]]:
    if plan:
        yield plan["operatorType"].partition("@")[0], plan.get("dbHits", 0)
        for child in plan.get("children", ()):
            yield from _operators(child)
