"""The door to the database: its own errors, in bounded time, with nothing of the driver's in them."""

import asyncio
import gc
import logging
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator

import pytest

from graph.embedded import EmbeddedNeo4j
from graph.session import Connection, Database
from schema.errors import CustomerGraphError, DatabaseUnavailable, StatementRefused, StatementTimedOut
from tests.freezing import frozen

CANARY = "canary-7f3a"
ENDLESS = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a * b AS c WHERE c < 0 RETURN c"
PROMISED_SECONDS = 5


@pytest.fixture
def half_open_sockets() -> Iterator[None]:
    """The driver does not close a socket whose connecting is cut short: it is collected here, not in a later test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def nothing_told(problem: BaseException, caplog: pytest.LogCaptureFixture) -> bool:
    """Whether the error, what caused it and the log are all silent about the value."""
    return (
        CANARY not in f"{problem!r} {problem.__cause__!r} {caplog.text}"
        and problem.__cause__ is None
        and problem.__suppress_context__
    )


@pytest.mark.asyncio
async def test_a_read_gives_the_first_column(database: Database) -> None:
    """Rows come as the values of their one column, maps as dicts."""
    assert await database.read("UNWIND $numbers AS n RETURN {n: n} AS row", {"numbers": [1, 2]}) == [{"n": 1}, {"n": 2}]


@pytest.mark.asyncio
async def test_a_read_cannot_change_the_graph(database: Database) -> None:
    """A statement that changes something is refused at the reading door."""
    with pytest.raises(StatementRefused):
        await database.read("CREATE (x:ByReading) RETURN x")
    assert await database.read("MATCH (x:ByReading) RETURN count(x)") == [0]


@pytest.mark.asyncio
async def test_what_makes_or_finds_is_durable_on_return(database: Database) -> None:
    """In a transaction of its own; what is refused did not happen."""
    text = "MERGE (x:Found {n: $n}) ON CREATE SET x.times = 1 RETURN x.times"
    assert [await database.make(text, {"n": 1}), await database.make(text, {"n": 1})] == [[1], [1]]
    with pytest.raises(StatementRefused):
        await database.make("MERGE (x:Found {n: 2}) RETURN 1 / 0")
    assert await database.read("MATCH (x:Found) RETURN x.n") == [1]


@pytest.mark.asyncio
async def test_several_writes_are_one_transaction(database: Database) -> None:
    """If one is refused, none happened."""
    answers = await database.write_many(
        [("CREATE (x:Whole {n: $n}) RETURN x.n", {"n": 1}), ("MATCH (x:Whole) RETURN x.n + 1", None)]
    )
    assert answers == [[1], [2]]
    with pytest.raises(StatementRefused):
        await database.write_many([("CREATE (x:Half) RETURN x", None), ("RETURN 1 / 0", None)])
    assert await database.read("MATCH (x:Half) RETURN count(x)") == [0]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        (f"RETURN {CANARY} nonsense", {}),
        ("RETURN $missing", {"other": CANARY}),
        ("RETURN date($value)", {"value": CANARY}),
        ("RETURN $value", {"value": {CANARY: object()}}),
        ("RETURN $value", {"value": 2**70}),
    ],
)
async def test_a_refused_statement_says_nothing_of_its_text_or_values(
    database: Database, caplog: pytest.LogCaptureFixture, text: str, parameters: dict[str, object]
) -> None:
    """Error, cause, context and log hold neither query text nor values."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(StatementRefused) as refused:
        await database.read(text, parameters)
    assert nothing_told(refused.value, caplog)


@pytest.mark.asyncio
async def test_a_broken_constraint_says_nothing_of_the_value(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Neo4j's own message would name the value that is there twice."""
    caplog.set_level(logging.DEBUG)
    await database.change_schema("CREATE CONSTRAINT only_one IF NOT EXISTS FOR (x:Only) REQUIRE x.one IS UNIQUE")
    await database.write("MERGE (:Only {one: $value})", {"value": CANARY})
    with pytest.raises(StatementRefused) as refused:
        await database.write("CREATE (:Only {one: $value})", {"value": CANARY})
    assert nothing_told(refused.value, caplog)


@pytest.mark.asyncio
async def test_a_long_statement_is_ended(database: Database) -> None:
    """The database stops working on it, not only the caller waiting for it."""
    with pytest.raises(StatementTimedOut):
        await database.read(ENDLESS, timeout=1)
    running = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'range(1, 100000) AS b' "
    assert await database.read(running + "AND NOT currentQuery CONTAINS 'SHOW' RETURN count(*)") == [0]


@pytest.mark.asyncio
async def test_the_password_stays_out_of_representations(neo4j: Connection) -> None:
    """A connection that is logged by mistake tells no secret."""
    assert neo4j.password not in repr(neo4j)


@pytest.mark.asyncio
@pytest.mark.usefixtures("half_open_sockets")
async def test_without_a_database_every_call_ends_soon(neo4j: Connection) -> None:
    """Reading, writing and asking for health are refused within the promised seconds, many at once too."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        nowhere = Connection(f"bolt://127.0.0.1:{nobody.getsockname()[1]}", "neo4j", neo4j.password)
        async with Database(nowhere) as database:
            begun = time.monotonic()
            calls = [database.read("RETURN 1") for _ in range(40)] + [
                database.write("CREATE (x:Lost)"),
                database.ping(),
            ]
            answers = await asyncio.gather(*calls, return_exceptions=True)
    assert time.monotonic() - begun < PROMISED_SECONDS
    assert {type(answer) for answer in answers} == {DatabaseUnavailable}


@pytest.mark.asyncio
@pytest.mark.usefixtures("half_open_sockets")
async def test_a_database_that_hangs_is_given_up_and_taken_up_again(
    mortal: tuple[EmbeddedNeo4j, Connection],
) -> None:
    """A frozen Neo4j counts as absent within the promised seconds; when it thaws, the same Database works."""
    server, connection = mortal
    async with Database(connection, statement_seconds=60) as database:
        assert await database.read("RETURN 1") == [1]
        with frozen(server.pid):
            begun = time.monotonic()
            calls = [database.read("RETURN 1") for _ in range(10)] + [database.write("CREATE (:Lost)")]
            answers = await asyncio.gather(*calls, return_exceptions=True)
            took = time.monotonic() - begun
        assert {type(answer) for answer in answers} == {DatabaseUnavailable}
        assert took < PROMISED_SECONDS
        assert await once_it_answers(database) == [1]


@pytest.mark.asyncio
async def test_a_slow_statement_is_not_mistaken_for_a_dead_database(neo4j: Connection) -> None:
    """While one statement takes long and the database answers others, the statement is let finish."""
    slow = "UNWIND range(1, 1000) AS a UNWIND range(1, 30000) AS b WITH max(a + b) AS m RETURN m"
    async with Database(neo4j, seconds_before_doubt=0.05) as database:
        assert await database.read(slow, timeout=120) == [31_000]


async def once_it_answers(database: Database) -> list[object]:
    """The first answer; the test's own time limit bounds the wait."""
    while True:
        try:
            return await database.read("RETURN 1")
        except CustomerGraphError:
            await asyncio.sleep(0.2)


def test_the_driver_comes_without_what_it_would_bring_along() -> None:
    """A server has no use for numpy, pandas and pyarrow in its memory; who has, imports them afterwards."""
    said = "import sys, server.run; print(sorted({'numpy', 'pandas', 'pyarrow'} & set(sys.modules))); import pandas"
    printed = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, timeout=120, check=True)
    assert printed.stdout.strip() == "[]"
