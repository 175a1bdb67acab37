"""`python -m bench`: start a Neo4j, make a graph, and measure or profile the server on it."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import psutil
import typer
from rich.console import Console

from auth.issuer import KEY_FILE, LocalIssuer
from auth.trail import Trail
from bench.ground import Ground, Size, ground
from bench.measure import Servers, Turns, compare, measure, ready, tokens_of, ways
from bench.questions import PROFILE, QUESTIONS, WHOLE_VIEW, Question
from bench.scale import LARGE_MEMORY, grown
from bench.servers import MOST_ROWS, floor, ours
from bench.stages import hits_of, show_stages
from bench.tables import show, show_growth
from server.assembly import Assembly, assemble
from server.settings import load

WIDTH = 150
REPLICA = "replica"


@asynccontextmanager
async def serving(on: Ground, remembered: int) -> AsyncIterator[Servers]:
    """The floor and ours, with its trail and without."""
    async with AsyncExitStack() as stack:
        yield Servers(
            await stack.enter_async_context(floor(on.connection, on.folder, remembered)),
            await stack.enter_async_context(ours(on.connection, on.folder)),
            await stack.enter_async_context(ours(on.connection, second_folder(on), trail=False)),
        )


def second_folder(on: Ground) -> Path:
    """A data folder for a second server, which takes the same tokens."""
    folder = on.folder / REPLICA
    LocalIssuer(on.folder)
    folder.mkdir(mode=0o700, exist_ok=True)
    shutil.copy2(on.folder / KEY_FILE, folder / KEY_FILE)
    return folder


@asynccontextmanager
async def in_process(on: Ground) -> AsyncIterator[tuple[Assembly, Trail]]:
    """What an application in this process needs, with a trail of its own."""
    assembly = assemble(load(data=on.folder, max_rows=MOST_ROWS))
    async with Trail(on.folder / "profiled") as trail:
        yield assembly, trail


async def run(
    console: Console,
    size: Size,
    keep: Path | None,
    rounds: int,
    seconds: float,
    asked: Sequence[Question],
    remember: int,
) -> None:
    """Measure."""
    async with ground(console, size, keep) as on, serving(on, remember) as servers, in_process(on) as (assembly, trail):
        assert on.neo4j.pid is not None
        java = psutil.Process(on.neo4j.pid)
        issuer = LocalIssuer(on.folder)
        found: list[Turns] = []
        for question in asked:
            each = ways(question, issuer, servers, on.customers)
            for way in each:
                await ready(way)
            await compare(each)
            console.print(f"{question.name}: the same data from all; measuring")
            hits = await hits_of(question, assembly, trail, tokens_of(issuer), on.connection, on.customers[0])
            found.append(Turns(question, hits))
            await measure(found[-1], each, java, rounds, seconds)
        show(console, found, servers)


async def profile(console: Console, size: Size, keep: Path | None, times: int, asked: Sequence[Question]) -> None:
    """Break down where our time goes."""
    async with ground(console, size, keep) as on, in_process(on) as (assembly, trail):
        for question in asked:
            fewer = max(20, times // (1 if question.of_one else 20))
            await show_stages(
                console, question, assembly, trail, LocalIssuer(on.folder), on.connection, on.customers[:500], fewer
            )


def command(
    customers: Annotated[int, typer.Option(min=2000, help="Customers in the graph.")] = 20_000,
    interactions: Annotated[int, typer.Option(min=1, help="Interactions of each customer.")] = 20,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; each gives one ratio.")] = 9,
    seconds: Annotated[float, typer.Option(min=0.1, help="Length of one turn; the bulk question takes two.")] = 0.5,
    only: Annotated[list[str] | None, typer.Option(help=f"Questions: {', '.join(QUESTIONS)}.")] = None,
    keep: Annotated[Path | None, typer.Option(help="Keep the graph in this folder for the next run.")] = None,
    floor_remembers: Annotated[
        bool, typer.Option("--floor-remembers", help="Let the floor remember tokens, as ours does.")
    ] = False,
    beside: Annotated[
        int | None, typer.Option(min=2000, help="Compare with a graph of so many customers, instead of the floor.")
    ] = None,
    profiled: Annotated[bool, typer.Option("--profile", help="Where our own time goes, instead.")] = False,
    times: Annotated[int, typer.Option(min=20, help="Requests of a profile.")] = 1000,
) -> None:
    """Measure the server beside the floor; other jobs on the machine disturb both, so only ratios mean anything."""
    console = Console(width=max(WIDTH, Console().width))
    if unknown := sorted(set(only or ()) - set(QUESTIONS)):
        raise typer.BadParameter(f"There is no question '{unknown[0]}'.")
    started = time.monotonic()
    keep = keep.absolute() if keep is not None else None
    size = Size(customers, interactions)
    named = [QUESTIONS[name] for name in only or ()]
    work = run(console, size, keep, rounds, seconds, named or [*QUESTIONS.values()], 4096 if floor_remembers else 0)
    if profiled:
        work.close()
        work = profile(console, size, keep, times, named or [PROFILE, WHOLE_VIEW])
    elif beside is not None:
        work.close()
        large = replace(size, customers=beside, memory=LARGE_MEMORY)
        work = growth(console, size, large, keep, rounds, seconds, named or [PROFILE, WHOLE_VIEW])
    with asyncio.Runner(loop_factory=fast_loop()) as runner:
        runner.run(work)
    console.print(f"{time.monotonic() - started:.0f} s in all")


async def growth(
    console: Console,
    small: Size,
    large: Size,
    keep: Path | None,
    rounds: int,
    seconds: float,
    asked: Sequence[Question],
) -> None:
    """Measure what a larger graph costs."""
    show_growth(console, await grown(console, small, large, keep, rounds, seconds, asked))


def fast_loop() -> type[asyncio.AbstractEventLoop] | None:
    """The loop that the servers have, too."""
    import uvloop

    return uvloop.Loop


if __name__ == "__main__":
    application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    application.command()(command)
    application()
