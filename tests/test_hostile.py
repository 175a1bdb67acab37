"""Hostile questions over a real server: refused with a code before the database is asked, while others are answered.

The server is a process of its own; the hostile client and the other one are different viewers of it.
"""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from graphql import get_introspection_query

from auth.issuer import LocalIssuer
from graph.embedded import EmbeddedNeo4j
from graph.session import Connection, Database
from tests.conftest import SMALL
from tests.serving import settings_of
from tests.test_cli import COMMAND, PLAIN, free_port

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

SECONDS_TO_START = 240.0
SECONDS_FOR_ANYONE = 5.0
AT_ONCE = 8
ROLE = "privacy_officer"
HUB = 1_000
"""Customers who share one handle: enough to keep the database busy for as long as a test likes."""

MADE = """CREATE (i:Identity {id: 'idn_hub', kind: 'DEVICE', value: 'hub', normalized: 'hub'})
WITH i UNWIND range(1, $many) AS n
CREATE (:Customer {id: 'cus_' + n, name: 'N' + n, status: 'ACTIVE', kind: 'PERSON'})-[:HAS_IDENTITY]->(i)
RETURN count(*)"""
RUNNING = """SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS ':Identity' AND
NOT currentQuery CONTAINS 'SHOW TRANSACTIONS' RETURN count(*)"""
SLOW_PAGE = "customers(first: 30, orderBy: [{lastInteractionAt: ASC}])"
SLOW = (
    f"{{ {SLOW_PAGE} {{ nodes {{ "
    + (f"identities(first: 1) {{ nodes {{ {SLOW_PAGE} {{ nodes {{ " * 3)
    + "name"
    + " }" * 15
)


@dataclass(frozen=True, slots=True)
class Server:
    """A server process, and how to ask it as whom."""

    address: str
    issuer: LocalIssuer
    database: Database

    def client(self, subject: str, role: str = ROLE) -> httpx.AsyncClient:
        """A client with a token of this subject."""
        headers = {"authorization": f"Bearer {self.issuer.issue(role, subject=subject)}"}
        return httpx.AsyncClient(base_url=self.address, headers=headers, timeout=SECONDS_FOR_ANYONE)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def connection(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Connection]:
    """A Neo4j with one hub in it."""
    neo4j = EmbeddedNeo4j(tmp_path_factory.mktemp("hostile-neo4j"), SMALL)
    made = await neo4j.start()
    async with Database(made) as database:
        await database.write(MADE, {"many": HUB})
    yield made
    await neo4j.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server(connection: Connection, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """The server as anyone starts it, with every limit at its default."""
    async with started(connection, tmp_path_factory.mktemp("hostile") / "data") as running:
        yield running


class started:  # noqa: N801  reads as a verb
    """A server on this database with these settings, from when it answers until it has ended."""

    def __init__(self, connection: Connection, data: Path, **settings: str) -> None:
        self._connection, self._data = connection, data
        self._settings = {f"CUSTOMER_GRAPH_{name.upper()}": value for name, value in settings.items()}

    async def __aenter__(self) -> Server:
        port = free_port()
        there = self._connection
        where = settings_of(there)
        self._process = subprocess.Popen(
            [COMMAND, "serve", "--data", str(self._data), "--port", str(port)],
            env={**PLAIN, **where, **self._settings, "NO_COLOR": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._database = Database(there)
        made = Server(f"http://127.0.0.1:{port}", LocalIssuer(self._data), self._database)
        async with httpx.AsyncClient(base_url=made.address) as client, asyncio.timeout(SECONDS_TO_START):
            while not await _ready(client):
                assert self._process.poll() is None
                await asyncio.sleep(0.1)
        return made

    async def __aexit__(self, *_: object) -> None:
        await self._database.close()
        self._process.terminate()
        assert await asyncio.to_thread(self._process.wait, SECONDS_TO_START) == 0


async def _ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready")).status_code == 200
    except httpx.TransportError:
        return False


def codes(response: httpx.Response) -> set[str]:
    """The codes of all errors."""
    return {error["extensions"]["code"] for error in response.json().get("errors", [])}


async def typename(client: httpx.AsyncClient) -> None:
    """The smallest question there is, answered."""
    response = await client.post("/graphql", json={"query": "{ __typename }"})
    assert response.json() == {"data": {"__typename": "Query"}}


# Hostile questions


def many(count: int, piece: Callable[[int], str]) -> str:
    """So many pieces side by side."""
    return " ".join(map(piece, range(count)))


def nested(depth: int, opening: str, closing: str, inner: str = "") -> str:
    """So many pieces within each other."""
    return opening * depth + inner + closing * depth


def deep_filter(depth: int) -> Any:
    """A filter within a filter."""
    made: Any = {"name": {"eq": "a"}}
    for _ in range(depth):
        made = {"and": [{"not": made}]}
    return made


WHERE = "query ($w: CustomerFilter) { customers(where: $w) { nodes { id } } }"
CHAIN = many(
    40,
    lambda n: (
        f"fragment F{n} on Customer {{ a: identities {{ nodes {{ customers {{ nodes {{ ...F{n + 1} }} }} }} }} "
        f"b: identities {{ nodes {{ customers {{ nodes {{ ...F{n + 1} }} }} }} }} }}"
    ),
)
DOCUMENTS: Mapping[str, str] = {
    "depth": "{ customers { nodes "
    + nested(14, "{ identities { nodes { customers { nodes ", " } } } }", "{ id }")
    + "}}",
    "depth without end": "{ " + "customers { nodes { identities { nodes { " * 400,
    "inline fragments within each other": nested(400, "{ ... ", "}", "{ __typename }"),
    "breadth": "{ customers { nodes { " + many(900, lambda n: f"a{n}: name") + " } } }",
    "aliases of a root": "{ " + many(100, lambda n: f"a{n}: customers {{ nodes {{ id }} }}") + " }",
    "aliases of nothing": "{ " + many(5_000, lambda n: f"a{n}: __typename") + " }",
    "aliases in a subscription": "subscription { " + many(8_000, lambda n: f"a{n}: __typename") + " }",
    "tokens": "{ " + "__typename " * 20_000 + "}",
    "characters": "{ __typename } #" + "a" * 200_000,
    "lines": "{ __typename nope " + "\n" * 60_000 + " }",
    "commas": "{ __typename " + "," * 200_000 + " }",
    "one long name": "{ " + "a" * 200_000 + " }",
    "a fragment within itself": "{ customers { nodes { ...F } } } "
    "fragment F on Customer { orders { nodes { customer { ...F } } } }",
    "fragments around each other": "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
    "fragments that double": "{ customers { nodes { ...F0 } } } " + CHAIN + " fragment F40 on Customer { id }",
    "fragments without number": "{ __typename } " + many(1_000, lambda n: f"fragment F{n} on Query {{ __typename }}"),
    "spreads without number": "{ " + "...F " * 900 + "} fragment F on Query { __typename }",
    "fragments compared with each other": "{ customers { nodes { "
    + many(49, lambda n: f"...F{n}")
    + " } } } "
    + many(49, lambda n: f"fragment F{n} on Customer {{ orders {{ nodes {{ id }} }} }}"),
    "directives repeated": "{ __typename " + "@include(if: true) " * 1_000 + "}",
    "directives that are not there": "{ __typename " + "@a " * 1_900 + "}",
    "fields of one name": "{ " + "customers { nodes { id name } } " * 150 + "}",
    "fields of one name in inline fragments": "{ customers { nodes { "
    + "... { orders { nodes { id } } } " * 150
    + "} } }",
    "fields of one name on three levels": "{ " + ("customers { " + "nodes { id name } " * 15 + "} ") * 15 + "}",
    "a list in a literal": "{ customers(where: {name: {in: [" + '"a" ' * 20_000 + "]}}) { nodes { id } } }",
    "objects in a literal": "{ customers(where: {or: [" + '{name: {eq: "a"}} ' * 200 + "]}) { nodes { id } } }",
    "objects within each other": "{ customers(where: " + nested(60, "{and: [", "]}", "{}") + ") { nodes { id } } }",
    "objects within each other without end": "{ customers(where: " + "{and: [" * 900 + ") { nodes { id } } }",
    "arguments given again and again": "{ customers(" + "first: 1 " * 1_000 + ") { nodes { id } } }",
    "operations": many(500, lambda n: f"query Q{n} {{ __typename }}"),
    "variables": "query (" + many(600, lambda n: f"$v{n}: Int") + ") { __typename }",
    "introspection in circles": "{ __schema { types { fields { type { fields { type { fields { type { fields "
    "{ name } } } } } } } } } }",
    "introspection many times": "{ "
    + many(40, lambda n: f"a{n}: __schema {{ types {{ name fields {{ name }} }} }}")
    + " }"
    + get_introspection_query(),
    "rows": "{ customers(first: 1000) { nodes { interactions(first: 1000) { nodes { id } } } } }",
    "rows through many lists": "{ customers(first: 200) { nodes { "
    + many(18, lambda n: f"a{n}: interactions(first: 20) {{ nodes {{ id }} }}")
    + " } } }",
    "texts read for each of many": "{ customers(first: 900) { nodes { interactions(first: 1, where: {or: ["
    + '{subject: {contains: "a"}} ' * 12
    + "]}) { nodes { id } } } } }",
    "texts read everywhere": "{ "
    + many(
        19,
        lambda n: (
            f'a{n}: interactions(where: {{or: [{{subject: {{contains: "{n}"}}}} {{text: {{contains: "a"}}}}]}}) '
            "{ nodes { id } }"
        ),
    )
    + " }",
}
VARIABLES: Mapping[str, tuple[str, Any]] = {
    "a filter within a filter": (WHERE, {"w": deep_filter(8)}),
    "a filter within a filter without end": (WHERE, {"w": deep_filter(200)}),
    "alternatives": (WHERE, {"w": {"or": [{"name": {"eq": "a"}}] * 190}}),
    "objects": (WHERE, {"w": {"or": [{}] * 20_000}}),
    "objects nobody asked for": ("{ __typename }", {"w": [{}] * 20_000}),
    "a list": (WHERE, {"w": {"name": {"in": ["a"] * 20_000}}}),
    "lists within lists": (WHERE, {"w": {"name": {"in": [["a"] * 900] * 20}}}),
}
BODIES: Mapping[str, tuple[bytes, str]] = {
    "JSON within JSON": (
        b'{"query": "{ __typename }", "variables": ' + b'{"a":' * 20_000 + b"1" + b"}" * 20_000 + b"}",
        "CG204",
    ),
    "brackets": (b"[" * 200_000, "CG204"),
    "a large body": (b'{"query": "' + b"a" * 2_000_000 + b'"}', "CG302"),
    "escapes": (b'{"query": "{ a(b: \\"' + b"\\\\u0041" * 30_000 + b'\\") }"}', "CG301"),
}
KINDS = {
    **{name: json.dumps({"query": text}).encode() for name, text in DOCUMENTS.items()},
    **{
        f"{name} in variables": json.dumps({"query": text, "variables": given}).encode()
        for name, (text, given) in VARIABLES.items()
    },
    **{name: body for name, (body, _) in BODIES.items()},
}
EXPECTED = {name: code for name, (_, code) in BODIES.items()} | {
    "a fragment within itself": "CG201",
    "fragments around each other": "CG201",
}
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_hostile_question_is_refused_while_others_are_answered(server: Server, kind: str) -> None:
    """Eight at once; the other client asks on until all are refused, and each of its questions is answered in time."""
    async with server.client(f"hostile {kind}") as hostile, server.client("somebody else") as other:
        await typename(other)
        attacks = [
            asyncio.create_task(hostile.post("/graphql", content=KINDS[kind], headers=JSON)) for _ in range(AT_ONCE)
        ]
        while not all(one.done() for one in attacks):
            await typename(other)
        for attack in attacks:
            response = attack.result()
            assert response.status_code < 500, response.text
            assert "data" not in response.json()
            assert codes(response) == {EXPECTED.get(kind, "CG301")}, response.text[:300]
    assert await server.database.read(RUNNING) == [0]


async def test_what_is_too_much_is_told_beside_what_is_allowed(server: Server) -> None:
    """In the error's extensions, with the numbers by which the client can ask less."""
    async with server.client("curious") as client:
        response = await client.post("/graphql", json={"query": DOCUMENTS["rows"]})
    (error,) = response.json()["errors"]
    cost = error["extensions"]["cost"]
    assert cost["rows"] == 1_001_000 > cost["limit"]["rows"]
    assert f"{cost['rows']} rows; {cost['limit']['rows']} are allowed" in error["message"]
    assert cost["limit"].keys() == cost.keys() - {"limit"} == {"depth", "fields", "rows", "roots", "estimate"}


async def test_the_cost_is_told_to_whoever_asks_for_it(server: Server) -> None:
    """In the answer's extensions; who does not ask gets none."""
    asked = {"query": "query ($n: Int) { customers(first: $n) { nodes { id name } } }", "variables": {"n": 10}}
    async with server.client("curious") as client:
        plain = await client.post("/graphql", json=asked)
        told = await client.post("/graphql", json=asked, headers={"x-cost": "true"})
        more = await client.post("/graphql", json={**asked, "variables": {"n": 20}}, headers={"x-cost": "true"})
    assert "extensions" not in plain.json()
    assert told.json()["data"] == plain.json()["data"]
    cost, larger = (one.json()["extensions"]["cost"] for one in (told, more))
    assert (cost["rows"], cost["depth"], cost["roots"]) == (10, 1, 1)
    assert cost["estimate"] < larger["estimate"] < larger["limit"]["estimate"]


# What comes before a question


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 1_000_000,
        b"POST /graphql HTTP/1.1\r\nhost: here\r\nx-a: " + b"a" * 1_000_000,
        b"POST /graphql HTTP/1.1\r\nhost: here\r\n" + b"x-a: b\r\n" * 200_000,
        b"POST /graphql HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
        b"x: " + b"y" * 1_000_000,
        b"POST /graphql HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n1;" + b"y" * 1_000_000,
    ],
    ids=["address", "one header", "many headers", "trailer", "extension of a chunk"],
)
async def test_a_head_without_end_is_refused_and_the_connection_closed(server: Server, head: bytes) -> None:
    """Nobody has said yet who asks, so nothing of it is kept."""
    host, port = server.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        async with asyncio.timeout(SECONDS_FOR_ANYONE):
            writer.write(head)
            said = await reader.read(-1)
    except ConnectionError:
        said = b"431"
    finally:
        writer.close()
    assert b"431" in said


async def test_a_connection_that_brings_one_wrong_token_after_the_other_is_closed(server: Server) -> None:
    """Checking a signature costs something; each twenty of them cost the stranger a new connection."""
    async with httpx.AsyncClient(base_url=server.address, headers={"authorization": "Bearer a.b.c"}) as client:
        closed = [(await client.post("/graphql", json={})).headers.get("connection") for _ in range(25)]
    assert closed.count("close") == 1
    assert closed[19] == "close"


# Statements that run too long


async def until(database: Database, running: bool) -> None:
    """Wait until the database runs such a statement, or none any more."""
    async with asyncio.timeout(SECONDS_TO_START):
        while (await database.read(RUNNING) != [0]) is not running:  # noqa: ASYNC110  another process is waited for
            await asyncio.sleep(0.05)


@pytest_asyncio.fixture(loop_scope="session")
async def patient(connection: Connection, tmp_path: Path) -> AsyncIterator[Server]:
    """A server that lets one question ask for nearly everything, for up to three seconds."""
    limits = {"max_cost": str(10**9), "max_rows": "1000000", "statement_seconds": "3"}
    async with started(connection, tmp_path / "data", **limits) as running:
        yield running


async def test_a_statement_that_runs_too_long_is_ended_in_the_database_too(patient: Server) -> None:
    """CG402 to the client, no transaction left behind, and the others were answered meanwhile."""
    async with patient.client("greedy") as greedy, patient.client("somebody else") as other:
        slow = asyncio.create_task(greedy.post("/graphql", json={"query": SLOW}, timeout=30))
        await until(patient.database, running=True)
        while not slow.done():
            await typename(other)
            found = await other.post("/graphql", json={"query": '{ customer(id: "cus_1") { name } }'})
            assert found.json()["data"]["customer"] == {"name": "N1"}
        assert codes(slow.result()) == {"CG402"}
    await until(patient.database, running=False)


async def test_a_client_that_leaves_takes_its_statement_along(connection: Connection, tmp_path: Path) -> None:
    """Nobody is there to read the answer; the statement might have run for a minute."""
    limits = {"max_cost": str(10**9), "max_rows": "1000000", "statement_seconds": "600"}
    async with started(connection, tmp_path / "data", **limits) as server:
        async with server.client("hasty") as hasty:
            with pytest.raises(httpx.ReadTimeout):
                await hasty.post("/graphql", json={"query": SLOW}, timeout=httpx.Timeout(SECONDS_FOR_ANYONE, read=1.5))
        await until(server.database, running=False)
        async with server.client("hasty") as again:
            await typename(again)


async def test_one_viewer_cannot_take_all_connections(connection: Connection, tmp_path: Path) -> None:
    """Four statements are the share; the rest of that viewer's wait, and those of others do not."""
    limits = {"max_cost": str(10**9), "max_rows": "1000000", "statement_seconds": "3", "viewer_cost": "0"}
    running = started(connection, tmp_path / "data", connections="6", viewer_statements="2", **limits)
    async with running as server, server.client("greedy") as greedy, server.client("somebody else") as other:
        slow = [asyncio.create_task(greedy.post("/graphql", json={"query": SLOW}, timeout=60)) for _ in range(AT_ONCE)]
        await until(server.database, running=True)
        for _ in range(20):
            found = await other.post("/graphql", json={"query": '{ customer(id: "cus_1") { name } }'})
            assert found.json()["data"]["customer"] == {"name": "N1"}
            assert (await server.database.read(RUNNING))[0] <= 2
        ended = [codes(one) for one in await asyncio.gather(*slow)]
        assert set().union(*ended) <= {"CG402", "CG304"}, ended
    assert all(ended), ended
