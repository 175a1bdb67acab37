"""`python -m bench.live`: how soon what a live source sends is seen by who asks, beside what the machine can write.

Three figures. From HTTP to `customer { interactions }` at a steady pace: the time from when a call is sent until an
answer of the API holds it. Who waits asks every 20 ms, so a time is up to 20 ms too long, and what is asked in vain
costs the server and whoever measures, the more the longer it takes: one of five calls is waited for, the others are
only sent. The same pace goes before it for `--warm` seconds: a server that has just started compiles. Then what is
sustained: events as fast as batches go, until all of them are in the graph. And a batch load (bench.batch). Beside
both stand the ceilings of the same Neo4j in the same minutes (bench.ceilings). Only ratios mean anything on another
machine; processor seconds an event are what other jobs disturb least.

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
from bench.batch import Loaded, loaded
from bench.ceilings import PATIENCE, merged, plain
from bench.ground import MEMORY, Size, ground
from bench.servers import MOST_ROWS, UNHURRIED, address, cpu_seconds, free_port, running
from graph.embedded import EmbeddedNeo4j
from graph.session import Connection, Database
from ingest.live.drain import MOST_AT_ONCE
from ingest.live.sources import digest_of, new_key

SECONDS_BETWEEN_LOOKS = 0.02
SECONDS_TO_WAIT = 0.2
ONE_IN = 5
"""Of so many calls one is waited for: else the waiting would be most of the load, and grow with what it measures."""
BATCH = 100
VISITORS = 200
INTERACTIONS = 5
"""Of each customer of the graph to which the visitors come."""
NODES_OF_AN_EVENT = 2
"""What is made of each: an interaction, and the record as it came."""
DATA = "served"
"""The data folder of the servers."""
SEEN = """query ($id: ID!) { customer(id: $id) {
  interactions(first: 5, orderBy: [{occurredAt: DESC}]) { nodes { name } } } }"""
COUNT = "MATCH (i:Interaction) WHERE i.sourceKey STARTS WITH 'events:' + $name RETURN count(i)"
PEOPLE = """MATCH (c:Customer)-[:HAS_IDENTITY]->(i:Identity {kind: 'USER_ID'}) WHERE i.value STARTS WITH 'u-'
RETURN [i.value, c.id]"""


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


async def sent(stand: Stand, user: str, name: str) -> None:
    """Send a call."""
    await stand.send("track", {"userId": user, "event": name, "messageId": name})


async def seen(stand: Stand, user: str, name: str) -> float:
    """Seconds from sending a call until an answer of the API holds it."""
    began = time.perf_counter()
    await sent(stand, user, name)

    async def there() -> bool:
        return name in await stand.names(stand.customers[user])

    await once(there)
    return time.perf_counter() - began


async def steady(stand: Stand, name: str, pace: int, seconds: float) -> list[float]:
    """The latencies of one in five calls that are sent at a pace, a second, each for another visitor."""
    users = sorted(stand.customers)
    tasks, others = [], []
    began = time.perf_counter()
    for number in range(int(pace * seconds)):
        await asyncio.sleep(max(0.0, began + number / pace - time.perf_counter()))
        call = stand, users[number % len(users)], f"{name}-{number}"
        if number % ONE_IN == 0:
            tasks.append(asyncio.create_task(seen(*call)))
        else:
            others.append(asyncio.create_task(sent(*call)))
    await asyncio.gather(*others)
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
    await merged(made.database, f"{made.run}-warmed", sorted(customers.values()), 2 * MOST_AT_ONCE)
    await steady(made, f"{made.run}-steadily", 10, 1.0)
    return made


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: calls a second, for how long, after how long; rounds of how many events; rows of a load."""

    pace: int
    seconds: float
    warm: float
    rounds: int
    size: int
    rows: int


@dataclass(frozen=True, slots=True)
class Round:
    """Events at once, and beside them the ceilings of the machine: events a second of bare MERGE, nodes of CREATE."""

    live: Burst
    merged: float
    plain: float


async def measured(console: Console, customers: int, keep: Path | None, plan: Plan) -> None:
    """Start what is needed, measure, and print."""
    with tempfile.TemporaryDirectory(prefix="customer-graph-live-") as passing:
        folder = Path(passing)
        if customers:
            async with ground(console, Size(customers, INTERACTIONS), keep) as large:
                assert large.neo4j.pid is not None
                # Whoever opens a graph that was kept needs what its servers kept beside it.
                await on(console, large.connection, large.neo4j.pid, folder, large.folder / DATA, plan)
            return
        neo4j = EmbeddedNeo4j(folder / "neo4j", MEMORY, tell=console.print)
        connection = await neo4j.start()
        try:
            assert neo4j.pid is not None
            await on(console, connection, neo4j.pid, folder, folder / DATA, plan)
        finally:
            await neo4j.stop()


async def on(console: Console, connection: Connection, pid: int, folder: Path, data: Path, plan: Plan) -> None:
    """Measure on a Neo4j, whose process has this id; `folder` is for what passes, `data` the server's own."""
    key, port = new_key(), free_port()
    file = folder / "live.toml"
    file.write_text(
        f'[[source]]\nsystem = "shop"\nabout = "Shop"\nkeys_sha256 = ["{digest_of(key)}"]\n'
        'sends = ["identify", "track"]\ncountry = "DE"\n'
    )
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
        Database(connection, statement_seconds=PATIENCE, seconds_before_doubt=PATIENCE) as database,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as http,
    ):

        async def ready() -> bool:
            return (await http.get("/health/ready")).is_success

        await once(ready, SECONDS_TO_WAIT)
        token = LocalIssuer(data).issue("service_rep", claims={"regions": ["*"]})
        java = psutil.Process(pid)
        stand = await prepared(Stand(http, database, key, token, {}, server.process, java))
        await steady(stand, f"{stand.run}-warming", plan.pace, plan.warm)
        before = stand.used()
        latencies = await steady(stand, f"{stand.run}-steady", plan.pace, plan.seconds)
        calls = int(plan.pace * plan.seconds)
        used = [(after - first) / calls for first, after in zip(before, stand.used(), strict=True)]
        rounds = [await one_round(stand, number, plan.size) for number in range(plan.rounds)]
        batch = await loaded(database, java, data, folder / "exports", settings, stand.run, plan.rows)
    console.print(steadily(latencies, used, plan.pace))
    console.print(sustained(rounds))
    console.print(of_the_load(batch))


async def one_round(stand: Stand, number: int, size: int) -> Round:
    """Events at once, and the ceilings right after."""
    return Round(
        await burst(stand, f"{stand.run}-burst{number}", size),
        await merged(stand.database, f"{stand.run}-bare{number}", sorted(stand.customers.values()), size),
        await plain(stand.database, NODES_OF_AN_EVENT * size, NODES_OF_AN_EVENT * MOST_AT_ONCE),
    )


def steadily(latencies: Sequence[float], used: Sequence[float], pace: int) -> Table:
    """How soon it is seen, as a table."""
    table = table_of(f"From HTTP to seen in customer {{}}, at {pace} a second")
    for share in (0.5, 0.9, 0.99, 1.0):
        place = min(len(latencies) - 1, int(share * len(latencies)))
        table.add_row(f"p{share * 100:.0f} of {len(latencies)}", f"{1000 * latencies[place]:.0f} ms")
    table.add_row("processor time an event, with who waits asking: server", f"{1000 * used[0]:.1f} ms")
    table.add_row("the same: Neo4j", f"{1000 * used[1]:.1f} ms")
    return table


def sustained(rounds: Sequence[Round]) -> Table:
    """What live sources sustain, as a table; each figure is the middle of all rounds."""
    table = table_of("Live sources, as fast as batches go")
    for words, figure in (
        ("events a second", f"{median(one.live.pace for one in rounds):.0f}"),
        ("bare MERGE of what they amount to, events a second", f"{median(one.merged for one in rounds):.0f}"),
        ("ratio to it", f"{median(one.live.pace / one.merged for one in rounds):.2f}"),
        ("nodes a second", f"{median(NODES_OF_AN_EVENT * one.live.pace for one in rounds):.0f}"),
        ("bare CREATE of as many nodes, nodes a second", f"{median(one.plain for one in rounds):.0f}"),
        ("ratio to it", f"{median(NODES_OF_AN_EVENT * one.live.pace / one.plain for one in rounds):.3f}"),
        ("processor time an event: server", f"{1000 * median(one.live.server for one in rounds):.2f} ms"),
        ("the same: Neo4j", f"{1000 * median(one.live.java for one in rounds):.2f} ms"),
    ):
        table.add_row(words, figure)
    return table


def of_the_load(batch: Loaded) -> Table:
    """What a batch load amounts to, as a table."""
    table = table_of(f"A batch load of {batch.rows:,} rows, from its command to its end: {batch.nodes:,} nodes")
    table.add_row("nodes a second", f"{batch.pace:.0f}")
    table.add_row("bare CREATE of as many nodes, nodes a second", f"{batch.bare:.0f}")
    table.add_row("ratio to it", f"{batch.ratio:.3f}")
    table.add_row("processor time a row: the load", f"{1000 * batch.ours:.2f} ms")
    table.add_row("the same: Neo4j", f"{1000 * batch.java:.2f} ms")
    return table


def table_of(title: str) -> Table:
    """A table of figures."""
    table = Table(title=title)
    table.add_column("what")
    table.add_column("figure", justify="right")
    return table


def command(
    customers: Annotated[int, typer.Option(min=0, help="Customers that are in the graph already.")] = 0,
    keep: Annotated[Path | None, typer.Option(help="Keep that graph in this folder for the next run.")] = None,
    pace: Annotated[int, typer.Option(min=1, help="Calls a second of the steady part.")] = 50,
    seconds: Annotated[float, typer.Option(min=1, help="Length of the steady part.")] = 20.0,
    warm: Annotated[float, typer.Option(min=0, help="Seconds of the same pace before it.")] = 20.0,
    rounds: Annotated[int, typer.Option(min=1, help="Bursts, each beside the ceilings.")] = 3,
    size: Annotated[int, typer.Option(min=1, help="Events of a burst.")] = 3_000,
    rows: Annotated[int, typer.Option(min=1, help="Rows of the batch load.")] = 20_000,
) -> None:
    """Measure live sources beside what the machine writes."""
    keep = keep.absolute() if keep is not None else None
    asyncio.run(measured(Console(), customers, keep, Plan(pace, seconds, warm, rounds, size, rows)))


if __name__ == "__main__":
    typer.run(command)
