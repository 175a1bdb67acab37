"""`python -m bench.export`: edges as a data frame, by the export and by paging the API; relationships to three hops.

Each client is a process of its own, which says how long it took and how much memory it had at most; of the server's
memory the kernel tells the same. Both clients make the same pandas frame, and say its rows.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import httpx
import psutil
import typer
from rich.console import Console
from rich.table import Table

from auth.issuer import LocalIssuer
from auth.policy import SHIPPED
from auth.token import Viewer
from bench.ground import Ground, Size, ground
from bench.scale import LARGE_MEMORY
from bench.servers import MOST_ROWS, UNHURRIED, Server, address, free_port, running
from graph.emit import Statement
from graph.session import Database
from resolvers.bind import bind
from server.assembly import Assembly, assemble
from server.settings import load

ROLE, PURPOSE, PROJECT = "data_scientist", "analytics", "bench"
INTERACTIONS = 20
LEAST_TIMES_FASTER, MOST_OF_CYPHER = 3.0, 1.3
HOPS, STARTS, WARMING, SECONDS, TRIES = 3, 400, 20, 120.0, 600
WALK = """query ($id: ID!) {
  relationships(from: $id, hops: 3, first: 1000) {
    truncated nodes { kind hops source { __typename id } target { __typename id } }
  }
}"""


@dataclass(frozen=True, slots=True)
class Way:
    """What one client said, and what the server had in memory meanwhile, before and at most, in MiB."""

    name: str
    rows: int
    seconds: float
    peak: float
    before: float
    server: float


def policies(folder: Path) -> Path:
    """The data scientist's policy for a graph in which nobody was asked about analytics and all is some years old."""
    folder.mkdir(parents=True, exist_ok=True)
    text = (SHIPPED / f"{ROLE}.toml").read_text(encoding="utf-8")
    for said, instead in (('"lawful(purpose)"', "\"lawful('service')\""), ("days(730)", "days(7300)")):
        assert said in text, said
        text = text.replace(said, instead)
    (folder / f"{ROLE}.toml").write_text(text, encoding="utf-8")
    return folder


@asynccontextmanager
async def serving(on: Ground, policy: Path) -> AsyncIterator[Server]:
    """The product, started as anyone starts it."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("customer-graph")), "serve", "--port", str(port)]
    settings = {
        "CUSTOMER_GRAPH_DATA": str(on.folder),
        "CUSTOMER_GRAPH_POLICY": str(policy),
        "CUSTOMER_GRAPH_MAX_ROWS": str(MOST_ROWS),
        "CUSTOMER_GRAPH_LOG_LEVEL": "error",
        "CUSTOMER_GRAPH_STATEMENT_SECONDS": "60",
        **UNHURRIED,
        **address(on.connection),
    }
    async with running("ours", port, command, settings) as server:
        yield server


async def asked(server: Server, token: str, name: str) -> Way:
    """What a client says, in a process of its own."""
    forget_peak(server.process)
    before = server.mebibytes()
    words = (sys.executable, "-m", "bench.export_client", name, f"http://127.0.0.1:{server.port}")
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(*words, stdin=pipe, stdout=pipe, env=with_the_client())
    said, _ = await child.communicate(token.encode())
    if child.returncode:
        raise RuntimeError(f"The client '{name}' failed.")
    found = json.loads(said)
    return Way(name, found["rows"], found["seconds"], found["peak"], before, peak_of(server.process))


def forget_peak(process: psutil.Process) -> None:
    """Let the kernel begin anew to note how much memory a process had at most (proc(5), clear_refs)."""
    Path(f"/proc/{process.pid}/clear_refs").write_text("5", encoding="ascii")


def peak_of(process: psutil.Process) -> float:
    """How much memory a process had at most, in MiB."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return float(line.split()[1]) / 1024


def show(console: Console, ways: list[Way]) -> None:
    """Print what came of the clients."""
    table = Table("way", "edges", "seconds", "edges a second", "client at most", "server before", "server at most")
    for one in ways:
        table.add_row(
            one.name,
            f"{one.rows:,}",
            f"{one.seconds:.1f}",
            f"{one.rows / one.seconds:,.0f}",
            f"{one.peak:,.0f} MiB",
            f"{one.before:,.0f} MiB",
            f"{one.server:,.0f} MiB",
        )
    first, last = ways[0], ways[-1]
    ratio = first.seconds / last.seconds
    table.caption = f"{last.name} is {ratio:.1f} times as fast as {first.name}; bar: at least {LEAST_TIMES_FASTER}"
    console.print(table)


async def run(console: Console, edges: int, keep: Path | None, *, walks: bool) -> None:
    """Measure both, or the walks alone."""
    size = Size(max(2, edges // INTERACTIONS), INTERACTIONS, LARGE_MEMORY)
    async with ground(console, size, keep) as on:
        with tempfile.TemporaryDirectory() as passing:
            policy = policies(Path(passing))
            token = LocalIssuer(on.folder).issue(ROLE, claims={"project": PROJECT})
            if not walks:
                async with serving(on, policy) as server:
                    await ready(server)
                    ways = [await asked(server, token, name) for name in ("graphql", "export", "export")]
                    assert len({one.rows for one in ways}) == 1, "the ways tell different edges"
                    show(console, ways)
            assembly = assemble(load(data=on.folder, policy=policy, max_rows=MOST_ROWS))
            await walked(console, on, assembly)


def with_the_client() -> dict[str, str]:
    """The environment of a process that finds the client for data scientists where it stands here."""
    root = Path(__file__).parents[1]
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(root), str(root / "client")))}


async def ready(server: Server) -> None:
    """Return once the graph answers: a server listens before that."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client:
        for _ in range(TRIES):
            if (await client.get("/health/ready")).status_code == 200:
                return
            await asyncio.sleep(0.2)
    raise RuntimeError("The server does not become ready.")


async def walked(console: Console, on: Ground, assembly: Assembly) -> None:
    """Three hops as they are compiled and as somebody writes them by hand, on the same graph, one after the other."""
    view = assembly.rules.views[ROLE, PURPOSE]
    statement = compiled(assembly, WALK)
    text = (Path(__file__).parent / "three_hops.cypher").read_text(encoding="utf-8")
    ratios, ours, theirs = [], [], []
    async with Database(on.connection, statement_seconds=SECONDS, seconds_before_doubt=SECONDS) as database:
        viewer = Viewer("bench", ROLE, PURPOSE, {"project": PROJECT}, 2**40)
        for number, customer in enumerate(on.customers[: STARTS + WARMING]):
            given = {"id": customer}
            parameters = bind(statement, given, viewer, view, sealer_of(assembly, viewer), datetime.now(UTC))
            by_hand = {**given, "now": datetime.now(UTC), "most": 1001}
            turns = [(statement.text, parameters), (text, by_hand)]
            took, found = [0.0, 0.0], [list[Any](), list[Any]()]
            for way in (0, 1) if number % 2 else (1, 0):  # who begins finds less in memory
                started = time.perf_counter()
                found[way] = await database.read(*turns[way])
                took[way] = time.perf_counter() - started
            told = {(one["kind"], one["source"]["id"], one["target"]["id"]) for one in found[0][0]["rows"]}
            assert told == {tuple(one) for one in found[1]}, "the two tell different relationships"
            if number >= WARMING:  # plans are made and caches filled
                ours.append(took[0])
                theirs.append(took[1])
                ratios.append(took[0] / took[1])
    median = statistics.median(ratios)
    console.print(
        f"relationships to {HOPS} hops: {1000 * statistics.median(ours):.1f} ms, by hand "
        f"{1000 * statistics.median(theirs):.1f} ms, {median:.2f} times; bar: at most {MOST_OF_CYPHER}"
    )


def sealer_of(assembly: Assembly, viewer: Viewer) -> Any:
    """What makes cursors, of which a first page needs none."""
    from resolvers.cursor import Sealer

    return Sealer(assembly.cipher, (viewer.subject, viewer.role, viewer.purpose), {}, PROJECT)


def compiled(assembly: Assembly, text: str) -> Statement:
    """The statement that the server would run for a query with one root."""
    from graphql import OperationDefinitionNode, parse

    from resolvers.budget import Budget
    from resolvers.prepare import Plans
    from resolvers.variables import coerced

    schema = assembly.schemas[ROLE]
    document = parse(text)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    variables = coerced(schema.graphql, operation, {"id": "cus_x"})
    budget = Budget(rows=10**9, estimate=10**12)
    plan = Plans().plan(schema, assembly.rules.views[ROLE, PURPOSE], document, text, operation, variables, budget)
    statement = plan.roots[0].statement
    assert statement is not None
    return statement


def command(
    edges: Annotated[int, typer.Option(min=1000, help="Edges from customers to interactions.")] = 100_000,
    keep: Annotated[Path | None, typer.Option(help="Keep the graph in this folder for the next run.")] = None,
    walks: Annotated[bool, typer.Option("--walks", help="Relationships alone.")] = False,
) -> None:
    """Measure the export beside paging the API, and relationships beside Cypher; only ratios mean anything."""
    started = time.monotonic()
    console = Console(width=max(130, Console().width))
    asyncio.run(run(console, edges, None if keep is None else keep.absolute(), walks=walks))
    console.print(f"{time.monotonic() - started:.0f} s in all")


if __name__ == "__main__":
    application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    application.command()(command)
    application()
