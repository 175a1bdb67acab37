"""Live sources and a real server: unchanged client libraries, bursts, and processes that die in the middle of one."""

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import httpx
import pytest
from cloudevents.core.bindings.http import to_structured_event
from cloudevents.core.v1.event import CloudEvent
from segment.analytics.client import Client

from graph.embedded import EmbeddedNeo4j
from graph.session import Connection, Database
from schema.errors import CustomerGraphError
from tests.freezing import frozen
from tests.live_sources import OFFICE, WEB, by, declared
from tests.serving import SECONDS, Served, serving, until
from tests.test_cli import command, token
from tests.test_clients import node
from tests.test_ingest_load import clear

pytestmark = [pytest.mark.database, pytest.mark.timeout(1800)]

ADA = {"firstName": "Ada", "lastName": "Byron", "email": "ada.byron@example.org"}
HERS = """{ customers(first: 5, where: {familyName: {eq: "Byron"}}) { nodes { id name interactions(first: 20) {
  nodes { kind name stage channel { kind } } } } } }"""
MOST_MESSAGES = 100_000


@contextmanager
def taking(folder: Path, connection: Connection, **more: str) -> Iterator[Served]:
    """A server that takes events of live sources."""
    sources = str(declared(folder))
    with serving(folder / "data", connection, CUSTOMER_GRAPH_LIVE_SOURCES=sources, **more) as served:
        yield served


async def asked(connection: Connection, text: str, **named: Any) -> list[Any]:
    """What the graph says to a statement; it is asked until it answers."""
    async with Database(connection, statement_seconds=120, seconds_before_doubt=120) as database:
        return await database.read(text, named)


def answer(served: Served, text: str) -> Any:
    """What a service rep is told."""
    headers = {"authorization": f"Bearer {token(served.data, 'service_rep')}"}
    return httpx.post(f"{served.address}/graphql", json={"query": text}, headers=headers, timeout=120).json()


def post(address: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Send a body."""
    httpx.post(address, content=body, headers=dict(headers), timeout=120)


@pytest.mark.asyncio(loop_scope="session")
async def test_the_library_for_python_feeds_the_graph_unchanged(
    neo4j: Connection, database: Database, tmp_path: Path
) -> None:
    """Another host is all that is set; what it sent is seen by a service rep, packed with gzip or not."""
    await clear(database)
    failures: list[Any] = []
    with taking(tmp_path, neo4j) as served:
        for packed in (False, True):
            client = Client(WEB, host=served.address, gzip=packed, on_error=lambda error, items: failures.append(error))
            client.page(anonymous_id="d-1", name="Home")
            client.identify("u-1", ADA, anonymous_id="d-1")
            client.track("u-1", "Product Added", {"product_id": "AH-1001"})
            client.group("u-1", "g-1")
            client.alias("d-0", "u-1")
            client.flush()
            client.join()
        assert failures == []

        def seen() -> list[str]:
            nodes = answer(served, HERS)["data"]["customers"]["nodes"]
            return sorted(one["name"] for node in nodes for one in node["interactions"]["nodes"])

        wanted = sorted(["Home", "Signed In", "Product Added"] * 2)
        until(lambda: seen() == wanted, "the events do not arrive")
        (node,) = answer(served, HERS)["data"]["customers"]["nodes"]
        assert node["name"] == "Ada Byron"
        assert {one["channel"]["kind"] for one in node["interactions"]["nodes"]} == {"WEB"}


@pytest.mark.asyncio(loop_scope="session")
async def test_the_library_for_node_feeds_the_graph_unchanged(
    neo4j: Connection, database: Database, tmp_path: Path
) -> None:
    """The same as above by another library, with other times and headers."""
    await clear(database)
    with taking(tmp_path, neo4j) as served:
        node("segment.mjs", SERVER=served.address, WRITE_KEY=WEB, TRAITS=json.dumps(ADA))

        def seen() -> list[str]:
            nodes = answer(served, HERS)["data"]["customers"]["nodes"]
            return sorted(one["name"] for node in nodes for one in node["interactions"]["nodes"])

        until(lambda: seen() == ["Home", "Product Added", "Signed In"], "the events do not arrive")


@pytest.mark.asyncio(loop_scope="session")
async def test_the_sdk_of_cloud_events_feeds_the_graph(neo4j: Connection, database: Database, tmp_path: Path) -> None:
    """A row of a canonical table; a row that cannot be read is told of by the command."""
    await clear(database)
    row = {"id": "K-1", "name": "Ada Byron", "email": ADA["email"], "country": "GB"}
    with taking(tmp_path, neo4j) as served:
        for data in (row, {**row, "id": "K-2", "country": "Nowhere"}):
            event = CloudEvent({"type": "com.example.customers.changed", "source": "/crm"}, data)
            message = to_structured_event(event)
            post(f"{served.address}/v1/events", message.body, {**message.headers, **by(OFFICE)})
        until(lambda: answer(served, HERS)["data"]["customers"]["nodes"], "the customer does not arrive")
        told = command("rejects", "--data", served.data)
        assert told.returncode == 0
        assert [line.split(",")[1:] for line in told.stdout.splitlines()] == [
            ["source", "field", "reason", "held"],
            ["office", "data.country", "unknown country", "no"],
        ]


FOLLOW = "subscription ($id: ID) { interactionRecorded(customer: $id) { name } }"


@pytest.mark.asyncio(loop_scope="session")
async def test_who_follows_a_customer_sees_what_happens_live(
    neo4j: Connection, database: Database, tmp_path: Path
) -> None:
    """Over server-sent events, by the same way as what a rep records."""
    await clear(database)
    with taking(tmp_path, neo4j) as served:
        send(served, "identify", {"userId": "u-1", "traits": ADA})
        until(lambda: answer(served, HERS)["data"]["customers"]["nodes"], "the customer does not arrive")
        (node,) = answer(served, HERS)["data"]["customers"]["nodes"]
        told = first_told(served, node["id"])
        assert told["data"]["interactionRecorded"]["name"].startswith("Event ")


def first_told(served: Served, customer: str) -> Any:
    """What a subscription tells first, while events are sent."""
    headers = {"authorization": f"Bearer {token(served.data, 'service_rep')}", "accept": "text/event-stream"}
    body = {"query": FOLLOW, "variables": {"id": customer}}
    with (
        httpx.Client(timeout=120) as client,
        client.stream("POST", f"{served.address}/graphql", json=body, headers=headers) as stream,
    ):
        assert stream.status_code == 200
        sending = Repeated(lambda number: send(served, "track", {"userId": "u-1", "event": f"Event {number}"}))
        told = next(line for line in stream.iter_lines() if line.startswith("data:") and "Recorded" in line)
        sending.stop()
    return json.loads(told.removeprefix("data:"))


def send(served: Served, path: str, body: Mapping[str, Any]) -> None:
    """Send one call of the web shop; it must be taken."""
    response = httpx.post(f"{served.address}/v1/{path}", json=dict(body), headers=by(WEB), timeout=120)
    assert response.json() == {"success": True}


class Repeated:
    """Something that is done every half second until it is enough: a subscription may begin late."""

    def __init__(self, what: Callable[[int], None]) -> None:
        self._enough = Event()
        self._pool = ThreadPoolExecutor(1)
        self._running = self._pool.submit(self._run, what)

    def _run(self, what: Callable[[int], None]) -> None:
        number = 0
        while not self._enough.wait(0.5):
            number += 1
            what(number)

    def stop(self) -> None:
        """Enough."""
        self._enough.set()
        self._running.result()
        self._pool.shutdown()


def test_a_write_key_is_made_by_a_command(tmp_path: Path) -> None:
    """The key on the first line, the line for the file on the second."""
    from ingest.live.sources import read_live_sources

    made = command("write-key")
    key, line = made.stdout.splitlines()
    file = tmp_path / "live.toml"
    file.write_text(f'[[source]]\nsystem = "web"\nabout = "Web"\n{line}\nsends = ["track"]\n')
    assert read_live_sources(file).of_key(key) is not None


class Burst:
    """Many clients that send batches until told to stop, and what they were answered."""

    def __init__(self, address: str, name: str, clients: int = 4, size: int = 20) -> None:
        self._address, self._name, self._size = address, name, size
        self.accepted: list[str] = []
        self.sent: list[str] = []
        self.statuses: Counter[int] = Counter()
        self._stop = Event()
        self._pool = ThreadPoolExecutor(clients)
        self._running = [self._pool.submit(self._send, number) for number in range(clients)]

    def _send(self, client: int) -> None:
        with httpx.Client(timeout=60, headers=by(WEB)) as http:
            for batch in range(MOST_MESSAGES):
                if self._stop.is_set():
                    return
                keys = [f"{self._name}-{client}-{batch}-{number}" for number in range(self._size)]
                calls = [
                    {"type": "page", "messageId": key, "anonymousId": f"d-{client}", "name": "Home"} for key in keys
                ]
                self.sent += keys
                try:
                    response = http.post(f"{self._address}/v1/batch", json={"batch": calls})
                except httpx.HTTPError:
                    return
                self.statuses[response.status_code] += 1
                if response.status_code == 200:
                    assert response.json() == {"success": True}
                    self.accepted += keys

    def stop(self) -> None:
        """Wait until no client sends any more."""
        self._stop.set()
        for one in self._running:
            one.result()
        self._pool.shutdown()


ALL = "MATCH (i:Interaction {source: 'web'}) RETURN i.sourceKey"
RECORDS = "MATCH (r:SourceRecord {system: 'web', kind: 'event'}) RETURN r.recordId"


async def eventually(true: Callable[[], Awaitable[object]], what: str) -> None:
    """Wait for something to become true, while this process goes on watching over its Neo4j."""
    end = monotonic() + SECONDS
    while True:
        try:
            if await true():
                return
        except CustomerGraphError:
            pass
        assert monotonic() < end, what
        await asyncio.sleep(0.2)


async def accepts(burst: Burst, more: int) -> None:
    """Wait until so many more events are accepted."""
    wanted = len(burst.accepted) + more

    async def enough() -> bool:
        return len(burst.accepted) >= wanted

    await eventually(enough, "no event is accepted")


async def arrived(connection: Connection, keys: Sequence[str]) -> None:
    """Wait until the records of all these events are in the graph."""

    async def there() -> bool:
        return set(keys) <= set(await asked(connection, RECORDS))

    await eventually(there, "the events do not arrive")


@pytest.mark.asyncio(loop_scope="session")
async def test_nothing_accepted_is_lost_or_doubled_when_the_server_is_killed(
    neo4j: Connection, database: Database, tmp_path: Path
) -> None:
    """kill -9 in the middle of a burst, twice; afterwards each accepted event is in the graph exactly once."""
    await clear(database)
    accepted: list[str] = []
    sent: list[str] = []
    for name in ("first", "second"):
        with taking(tmp_path, neo4j) as served:
            burst = Burst(served.address, name)
            await accepts(burst, 200)
            os.kill(served.process.pid, signal.SIGKILL)
            burst.stop()
            accepted += burst.accepted
            sent += burst.sent
    with taking(tmp_path, neo4j):
        await arrived(neo4j, accepted)
    kept = Counter(await asked(neo4j, RECORDS))
    assert set(accepted) <= set(kept) <= set(sent)
    assert set(kept.values()) == {1}
    assert set(await asked(neo4j, ALL)) == {f"events:{key}" for key in kept}
    assert len(await asked(neo4j, ALL)) == len(kept)


@pytest.mark.asyncio(loop_scope="session")
async def test_events_are_accepted_while_neo4j_is_away(
    mortal: tuple[EmbeddedNeo4j, Connection], tmp_path: Path
) -> None:
    """Killed under load: clients go on being answered 200, and once Neo4j is back each event is there once."""
    server, connection = mortal
    with taking(tmp_path, connection) as served:
        burst = Burst(served.address, "away", clients=2)
        await accepts(burst, 100)
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        await accepts(burst, 100)
        burst.stop()
        assert set(burst.statuses) == {200}
        await arrived(connection, burst.accepted)
    kept = Counter(key for key in await asked(connection, ALL) if key.startswith("events:away"))
    assert kept == Counter(f"events:{key}" for key in burst.accepted)


@pytest.mark.asyncio(loop_scope="session")
async def test_a_burst_beyond_the_inbox_is_told_to_wait(
    mortal: tuple[EmbeddedNeo4j, Connection], tmp_path: Path
) -> None:
    """Neo4j stands still, and an inbox of a megabyte fills: 429, then 200 again; the server lives and loses nothing."""
    server, connection = mortal
    with taking(tmp_path, connection, CUSTOMER_GRAPH_INBOX_MEGABYTES="1") as served:
        with frozen(server.pid):
            burst = Burst(served.address, "full", clients=2, size=200)

            async def full() -> bool:
                return burst.statuses[429] > 0

            await eventually(full, "the inbox does not fill")
        await accepts(burst, 200)
        burst.stop()
        assert set(burst.statuses) == {200, 429}
        assert served.process.poll() is None
        await arrived(connection, burst.accepted)
    found = Counter(key for key in await asked(connection, RECORDS) if key.startswith("full-"))
    assert found == Counter(burst.accepted)


def test_personal_data_stays_out_of_the_log(tmp_path: Path, neo4j: Connection, database: Database) -> None:
    """Nothing that a source sends is said by the server, whatever is wrong with it, at the level that says most."""
    canary = "jane.canary@example.org"
    bodies: list[Any] = [
        {"userId": canary, "traits": {"email": canary}},
        {"userId": canary, "event": [canary]},
        {"userId": canary, "event": canary, "timestamp": canary},
        [canary],
    ]
    with taking(tmp_path, neo4j, CUSTOMER_GRAPH_LOG_LEVEL="debug") as served:
        for path in ("identify", "track"):
            for body in bodies:
                httpx.post(f"{served.address}/v1/{path}", content=json.dumps(body), headers=by(WEB))
        httpx.post(f"{served.address}/v1/{canary}", content="x", headers=by(canary))
        served.process.terminate()
        served.process.wait(400)
        assert canary not in served.said()
        assert WEB not in served.said()
