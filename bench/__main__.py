"""`python -m bench`: start a Neo4j, make a graph, and measure or profile the server on it."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import psutil
import typer
from rich.console import Console

from auth.issuer import LocalIssuer
from bench.graph import make
from bench.measure import Turns, compare, measure, ready, tokens_of, ways
from bench.questions import PROFILE, QUESTIONS, WHOLE_VIEW, Question
from bench.servers import MOST_ROWS, floor, ours
from bench.stages import hits_of, show_stages
from bench.tables import show
from graph.embedded import EmbeddedNeo4j
from graph.embedded_home import Memory
from graph.session import Connection, Database
from server.assembly import assemble
from server.settings import load

MEMORY = Memory(heap="1g", page_cache="256m")
WIDTH = 150


@dataclass(frozen=True, slots=True)
class Ground:
    """What everything is measured on."""

    neo4j: EmbeddedNeo4j
    connection: Connection
    folder: Path
    customers: Sequence[str]


@asynccontextmanager
async def ground(console: Console, customers: int) -> AsyncIterator[Ground]:
    """A Neo4j of its own with the graph in it; nothing is left of either."""
    with tempfile.TemporaryDirectory(prefix="customer-graph-bench-") as folder:
        neo4j = EmbeddedNeo4j(Path(folder), MEMORY, tell=console.print)
        connection = await neo4j.start()
        try:
            started = time.monotonic()
            async with Database(connection, statement_seconds=120) as database:
                made = await make(database, customers)
            console.print(
                f"{customers:,} customers, {made.nodes:,} nodes, written in {time.monotonic() - started:.0f} s"
            )
            yield Ground(neo4j, connection, Path(folder), made.customers)
        finally:
            await neo4j.stop()


async def run(
    console: Console, customers: int, rounds: int, seconds: float, questions: Sequence[Question], remembered: int
) -> None:
    """Measure."""
    async with ground(console, customers) as on:
        issuer = LocalIssuer(on.folder)
        assembly = assemble(load(data=on.folder, max_rows=MOST_ROWS))
        async with floor(on.connection, on.folder, remembered) as low, ours(on.connection, on.folder) as product:
            assert on.neo4j.pid is not None
            java = psutil.Process(on.neo4j.pid)
            found: list[Turns] = []
            for question in questions:
                asked = ways(question, issuer, low, product, on.customers)
                for way in asked:
                    await ready(way)
                await compare(asked)
                console.print(f"{question.name}: the same data from all; measuring")
                hits = await hits_of(question, assembly, tokens_of(issuer), on.connection, on.customers[0])
                found.append(Turns(question, hits))
                await measure(found[-1], asked, java, rounds, seconds)
            show(console, found, (low, product))


async def profile(console: Console, customers: int, times: int, questions: Sequence[Question]) -> None:
    """Break down where our time goes."""
    async with ground(console, customers) as on:
        assembly = assemble(load(data=on.folder, max_rows=MOST_ROWS))
        for question in questions:
            fewer = max(20, times // (1 if question.of_one else 20))
            await show_stages(
                console, question, assembly, LocalIssuer(on.folder), on.connection, on.customers[:500], fewer
            )


def command(
    customers: Annotated[int, typer.Option(min=2000, help="Customers in the graph.")] = 5000,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; each gives one ratio.")] = 9,
    seconds: Annotated[float, typer.Option(min=0.1, help="Length of one turn; the bulk question takes two.")] = 0.3,
    only: Annotated[list[str] | None, typer.Option(help=f"Questions: {', '.join(QUESTIONS)}.")] = None,
    floor_remembers: Annotated[
        bool, typer.Option("--floor-remembers", help="Let the floor remember tokens, as ours does.")
    ] = False,
    profiled: Annotated[bool, typer.Option("--profile", help="Where our own time goes, instead.")] = False,
    times: Annotated[int, typer.Option(min=20, help="Requests of a profile.")] = 1000,
) -> None:
    """Measure the server beside the floor; other jobs on the machine disturb both, so only ratios mean anything."""
    console = Console(width=max(WIDTH, Console().width))
    if unknown := sorted(set(only or ()) - set(QUESTIONS)):
        raise typer.BadParameter(f"There is no question '{unknown[0]}'.")
    started = time.monotonic()
    if profiled:
        chosen = [QUESTIONS[name] for name in only] if only else [PROFILE, WHOLE_VIEW]
        work = profile(console, customers, times, chosen)
    else:
        chosen = [QUESTIONS[name] for name in only] if only else list(QUESTIONS.values())
        work = run(console, customers, rounds, seconds, chosen, 4096 if floor_remembers else 0)
    with asyncio.Runner(loop_factory=fast_loop()) as runner:
        runner.run(work)
    console.print(f"{time.monotonic() - started:.0f} s in all")


def fast_loop() -> type[asyncio.AbstractEventLoop] | None:
    """The loop that the servers have, too."""
    import uvloop

    return uvloop.Loop


if __name__ == "__main__":
    application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    application.command()(command)
    application()
