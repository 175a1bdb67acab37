"""`python -m bench.live`: how soon what a live source sends is seen by who asks, beside what the machine can write.

Two figures. From HTTP to `customer { interactions }` at a steady pace: the time from when a call is sent until an
answer of the API holds it. Who waits asks every 20 ms, so a time is up to 20 ms too long, and what is asked in vain
costs the server, too. And a burst as fast as batches go, until all of it is in the graph, beside the ceiling: bare
MERGE of the same nodes and relationships in the same Neo4j, in transactions of the same size. Only the ratio means
anything on another machine; processor seconds an event are what other jobs disturb least.

`--customers` makes a graph of so many customers first (bench.graph), to which the visitors come; `--keep` keeps it.
"""

import asyncio
import base64
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from statistics import median
from typing import Annotated

import httpx
import psutil
import typer
from rich.console import Console
from rich.table import Table

from auth.issuer import LocalIssuer
from bench.ground import MEMORY, Size, ground
from bench.servers import MOST_ROWS, UNHURRIED, address, cpu_seconds, free_port, running
from graph.embedded import EmbeddedNeo4j
from graph.session import Connection, Database
from ingest.live.drain import MOST_AT_ONCE
from ingest.live.sources import digest_of, new_key

SECONDS_BETWEEN_LOOKS = 0.02
SECONDS_TO_WAIT = 0.2
PATIENCE = 120.0
BATCH = 100
VISITORS = 200
INTERACTIONS = 5
"""Of each customer of the graph to which the visitors come."""
SEEN = """query ($id: ID!) { customer(id: $id) {
  interactions(first: 5, orderBy: [{occurredAt: DESC}]) { nodes { name } } } }"""
CEILING = """UNWIND $rows AS row
MERGE (i:Interaction {sourceKey: row.key})
ON CREATE SET i.id = 'int_' + replace(randomUUID(), '-', ''), i += row.interaction
MERGE (r:SourceRecord {sourceKey: 'floor/' + row.key})
ON CREATE SET r.id = 'src_' + replace(randomUUID(), '-', ''), r += row.record
MERGE (r)-[:RECORDS]->(i)
WITH row, i, r
MATCH (s:SourceSystem {sourceKey: 'shop'}) MERGE (r)-[:FROM]->(s)
WITH row, i
MATCH (c:Customer {id: row.customer})-[:REACHABLE_ON]->(h:Channel {kind: 'WEB'})
MERGE (c)-[:HAD]->(i) MERGE (i)-[:VIA]->(h)"""
COUNT = "MATCH (i:Interaction) WHERE i.sourceKey STARTS WITH 'events:' + $name RETURN count(i)"
PEOPLE = "MATCH (c:Customer)-[:HAS_IDENTITY]->(i:Identity {kind: 'USER_ID'}) RETURN [i.value, c.id]"


@dataclass(frozen=True, slots=True)
class Stand:
    """What is measured: a server that takes events, the graph behind it, and the customers that its visitors are."""

    http: httpx.AsyncClient
    database: Database
    key: str
    token: str
    customers: dict[str, str]
    server: psutil.Process
    java: psutil.Process
    run: str = field(default_factory=lambda: token_hex(4))

    async def send(self, path: str, body: object) -> None:
        """Send a call or a batch until it is taken."""
        headers = {"authorization": "Basic " + base64.b64encode(f"{self.key}:".encode()).decode()}

        async def taken() -> bool:
            response = await self.http.post(f"/v1/{path}", json=body, headers=headers)
            return response.status_code != 429 and response.raise_for_status().is_success

        await once(taken, SECONDS_TO_WAIT)

    async def names(self, customer: str) -> list[str]:
        """The names of a customer's last interactions, as the API tells them."""
        body = {"query": SEEN, "variables": {"id": customer}}
        answer = await self.http.post("/graphql", json=body, headers={"authorization": f"Bearer {self.token}"})
        told = answer.json()
        if "errors" in told:
            raise RuntimeError(f"The API refuses: {told['errors'][0]['extensions']['code']}")
        return [one["name"] for one in told["data"]["customer"]["interactions"]["nodes"]]

    def used(self) -> tuple[float, float]:
        """Processor seconds of the server and of Neo4j so far."""
        return cpu_seconds(self.server), cpu_seconds(self.java)

    async def until(self, name: str, count: int) -> None:
        """Wait until so many interactions whose messages are named so are in the graph."""

        async def all_of_them() -> bool:
            (found,) = await self.database.read(COUNT, {"name": name})
            return bool(found >= count)

        await once(all_of_them)


async def once(true: Callable[[], Awaitable[bool]], seconds: float = SECONDS_BETWEEN_LOOKS) -> None:
    """Wait until something is true of another process."""
    async with asyncio.timeout(PATIENCE):
        while not await true():  # noqa: ASYNC110  another process works
            await asyncio.sleep(seconds)


async def seen(stand: Stand, user: str, name: str) -> float:
    """Seconds from sending a call until an answer of the API holds it."""
    began = time.perf_counter()
    await stand.send("track", {"userId": user, "event": name, "messageId": name})

    async def there() -> bool:
        return name in await stand.names(stand.customers[user])

    await once(there)
    return time.perf_counter() - began


async def steady(stand: Stand, name: str, pace: int, seconds: float) -> list[float]:
    """The latencies of calls that are sent at a pace, a second, each for another visitor."""
    users = sorted(stand.customers)
    tasks = []
    began = time.perf_counter()
    for number in range(int(pace * seconds)):
        await asyncio.sleep(max(0.0, began + number / pace - time.perf_counter()))
        tasks.append(asyncio.create_task(seen(stand, users[number % len(users)], f"{name}-{number}")))
    return sorted(await asyncio.gather(*tasks))


@dataclass(frozen=True, slots=True)
class Burst:
    """Events a second, and processor seconds an event of the server and of Neo4j."""

    pace: float
    server: float
    java: float


async def burst(stand: Stand, name: str, size: int) -> Burst:
    """Send as fast as batches go, from the first batch until the last event is in the graph."""
    before = stand.used()
    users = sorted(stand.customers)
    calls = [
        {
            "type": "track",
            "userId": users[number % len(users)],
            "event": f"{name}-{number}",
            "messageId": f"{name}-{number}",
        }
        for number in range(size)
    ]
    began = time.perf_counter()
    for start in range(0, size, BATCH):
        await stand.send("batch", {"batch": calls[start : start + BATCH]})
    await stand.until(f"{name}-", size)
    seconds = time.perf_counter() - began
    server, java = ((after - first) / size for first, after in zip(before, stand.used(), strict=True))
    return Burst(size / seconds, server, java)


async def ceiling(stand: Stand, name: str, size: int) -> float:
    """Events a second of bare statements that make the same nodes and relationships."""
    customers = sorted(stand.customers.values())
    rows = [
        {
            "key": f"{name}-{number}",
            "customer": customers[number % len(customers)],
            "interaction": {"kind": "EVENT", "direction": "INBOUND", "name": f"{name}-{number}", "source": "shop"},
            "record": {"system": "shop", "kind": "event", "payload": "x" * 300, "resolution": "RESOLVED"},
        }
        for number in range(size)
    ]
    began = time.perf_counter()
    for start in range(0, size, MOST_AT_ONCE):
        await stand.database.write(CEILING, {"rows": rows[start : start + MOST_AT_ONCE]}, PATIENCE)
    return size / (time.perf_counter() - began)


async def prepared(stand: Stand) -> Stand:
    """The same with visitors who have identified, and everything planned once."""
    calls = [
        {
            "type": "identify",
            "userId": f"u-{number}",
            "messageId": f"{stand.run}-identify-{number}",
            "traits": {"name": f"Visitor N{number}", "email": f"n{number}@example.org"},
        }
        for number in range(VISITORS)
    ]
    for start in range(0, VISITORS, BATCH):
        await stand.send("batch", {"batch": calls[start : start + BATCH]})
    await stand.until(f"{stand.run}-identify-", VISITORS)
    customers = dict(await stand.database.read(PEOPLE))
    made = replace(stand, customers=customers)
    await burst(made, f"{made.run}-warm", 2 * MOST_AT_ONCE)
    await ceiling(made, f"{made.run}-warmed", 2 * MOST_AT_ONCE)
    await steady(made, f"{made.run}-steadily", 10, 1.0)
    return made


async def measured(
    console: Console, customers: int, keep: Path | None, pace: int, seconds: float, rounds: int, size: int
) -> None:
    """Start what is needed, measure, and print."""
    with tempfile.TemporaryDirectory(prefix="customer-graph-live-") as passing:
        folder = Path(passing)
        if customers:
            async with ground(console, Size(customers, INTERACTIONS), keep) as large:
                assert large.neo4j.pid is not None
                await on(console, large.connection, large.neo4j.pid, folder, pace, seconds, rounds, size)
            return
        neo4j = EmbeddedNeo4j(folder / "neo4j", MEMORY, tell=console.print)
        connection = await neo4j.start()
        try:
            assert neo4j.pid is not None
            await on(console, connection, neo4j.pid, folder, pace, seconds, rounds, size)
        finally:
            await neo4j.stop()


async def on(
    console: Console, connection: Connection, pid: int, folder: Path, pace: int, seconds: float, rounds: int, size: int
) -> None:
    """Measure on a Neo4j, whose process has this id."""
    key, port = new_key(), free_port()
    file = folder / "live.toml"
    file.write_text(
        f'[[source]]\nsystem = "shop"\nabout = "Shop"\nkeys_sha256 = ["{digest_of(key)}"]\n'
        'sends = ["identify", "track"]\ncountry = "DE"\n'
    )
    data = folder / "data"
    program = str(Path(sys.executable).with_name("customer-graph"))
    settings = {
        "CUSTOMER_GRAPH_MAX_ROWS": str(MOST_ROWS),
        "CUSTOMER_GRAPH_LOG_LEVEL": "error",
        "CUSTOMER_GRAPH_STATEMENT_SECONDS": "60",
        "CUSTOMER_GRAPH_LIVE_SOURCES": str(file),
        **UNHURRIED,
        **address(connection),
    }
    command = [program, "serve", "--port", str(port), "--data", str(data)]
    async with (
        running("live", port, command, settings) as server,
        Database(connection, statement_seconds=PATIENCE) as database,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as http,
    ):

        async def ready() -> bool:
            return (await http.get("/health/ready")).is_success

        await once(ready, SECONDS_TO_WAIT)
        token = LocalIssuer(data).issue("service_rep", claims={"regions": ["*"]})
        stand = await prepared(Stand(http, database, key, token, {}, server.process, psutil.Process(pid)))
        before = stand.used()
        latencies = await steady(stand, f"{stand.run}-steady", pace, seconds)
        used = [(after - first) / len(latencies) for first, after in zip(before, stand.used(), strict=True)]
        pairs = [
            (
                await burst(stand, f"{stand.run}-burst{number}", size),
                await ceiling(stand, f"{stand.run}-bare{number}", size),
            )
            for number in range(rounds)
        ]
    console.print(shown(latencies, used, pairs, pace))


def shown(latencies: Sequence[float], used: Sequence[float], pairs: Sequence[tuple[Burst, float]], pace: int) -> Table:
    """The figures as a table."""
    table = Table(title="Live sources: from HTTP into the graph")
    for name in ("what", "figure"):
        table.add_column(name, justify="left" if name == "what" else "right")
    for share in (0.5, 0.99):
        place = min(len(latencies) - 1, int(share * len(latencies)))
        table.add_row(
            f"sent to seen in customer {{}} at {pace} a second, p{share * 100:.0f}", f"{1000 * latencies[place]:.0f} ms"
        )
    table.add_row("processor time an event then, with who waits asking: server", f"{1000 * used[0]:.1f} ms")
    table.add_row("the same: Neo4j", f"{1000 * used[1]:.1f} ms")
    table.add_row("burst, events a second", f"{median(live.pace for live, _ in pairs):.0f}")
    table.add_row(
        "processor time an event of a burst: server", f"{1000 * median(live.server for live, _ in pairs):.2f} ms"
    )
    table.add_row("the same: Neo4j", f"{1000 * median(live.java for live, _ in pairs):.2f} ms")
    table.add_row("ceiling: bare MERGE of the same nodes", f"{median(bare for _, bare in pairs):.0f}")
    table.add_row("ratio, the middle of all rounds", f"{median(live.pace / bare for live, bare in pairs):.2f}")
    return table


def command(
    customers: Annotated[int, typer.Option(min=0, help="Customers that are in the graph already.")] = 0,
    keep: Annotated[Path | None, typer.Option(help="Keep that graph in this folder for the next run.")] = None,
    pace: Annotated[int, typer.Option(min=1, help="Calls a second of the steady part.")] = 50,
    seconds: Annotated[float, typer.Option(min=1, help="Length of the steady part.")] = 10.0,
    rounds: Annotated[int, typer.Option(min=1, help="Bursts, each beside the ceiling.")] = 3,
    size: Annotated[int, typer.Option(min=1, help="Events of a burst.")] = 3_000,
) -> None:
    """Measure live sources beside what the machine writes."""
    keep = keep.absolute() if keep is not None else None
    asyncio.run(measured(Console(), customers, keep, pace, seconds, rounds, size))


if __name__ == "__main__":
    typer.run(command)
