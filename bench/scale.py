"""What a larger graph costs: the same questions in turn to two graphs that differ in size alone."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from auth.issuer import LocalIssuer
from bench.clients import ask_for
from bench.ground import Ground, Size, ground
from bench.measure import RESTRICTED, SECONDS_TO_WARM_UP, Turn, Turns, Way, ready, requests_of
from bench.questions import Question
from bench.servers import Server, ours
from graph.embedded_home import Memory

LARGE_MEMORY = Memory(heap="2g", page_cache="6g")
SMALL, LARGE = "small", "large"


async def grown(
    console: Console,
    small: Size,
    large: Size,
    keep: Path | None,
    rounds: int,
    seconds: float,
    asked: Sequence[Question],
) -> list[Turns]:
    """The turns of each question, by size and with one client."""
    async with (
        ground(console, small, keep) as few,
        ground(console, large, keep) as many,
        ours(few.connection, few.folder) as one,
        ours(many.connection, many.folder) as other,
    ):
        sides = ((SMALL, few, one), (LARGE, many, other))
        return [await compared(each, sides, rounds, seconds) for each in asked]


async def compared(
    question: Question, sides: Sequence[tuple[str, Ground, Server]], rounds: int, seconds: float
) -> Turns:
    """One question to both, round after round."""
    turns = Turns(question, {})
    ways = [Way(name, server, asked_of(question, on)) for name, on, server in sides]
    for way in ways:
        await ready(way)
        await ask_for(way.server.port, way.requests, 1, 4 * max(SECONDS_TO_WARM_UP, seconds))
    for number in range(rounds):
        for way in ways if number % 2 else reversed(ways):
            sample = await ask_for(way.server.port, way.requests, 1, question.longer * seconds)
            turns.held.setdefault((way.name, 1), []).append(Turn(sample, 0, 0))
    return turns


def asked_of(question: Question, on: Ground) -> Sequence[bytes]:
    """The requests to one of the two, under the restricted role."""
    return requests_of(question, LocalIssuer(on.folder), on.customers)[RESTRICTED]
