"""One interleaved run: every question, round after round, on the floor, on ours restricted and on ours unrestricted.

Only what ran side by side is compared: each round gives one ratio, the middle one of all rounds counts.
"""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median

import psutil

from auth.issuer import LocalIssuer
from bench.clients import Refused, Sample, ask_for, ask_once, request_of
from bench.graph import REGIONS
from bench.questions import Question, plain
from bench.servers import Server, cpu_seconds

FLOOR, UNTRAILED, RESTRICTED, UNRESTRICTED = "floor", "without trail", "restricted", "unrestricted"
ASKED_ABOUT = 500
COMPARED = 20
TRIES_TO_BE_READY = 200
SECONDS_BETWEEN_TRIES = 0.2
SECONDS_TO_WARM_UP = 1.0


@dataclass(frozen=True, slots=True)
class Way:
    """A way to ask: which server, with which requests."""

    name: str
    server: Server
    requests: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Turn:
    """One sample, with the processor time that server and database took for an answer, in seconds."""

    sample: Sample
    server: float
    database: float


@dataclass(slots=True)
class Turns:
    """All turns of one question: by way and number of clients, one a round."""

    question: Question
    hits: Mapping[str, int]
    held: dict[tuple[str, int], list[Turn]] = field(default_factory=dict)

    def latency(self, way: str, clients: int, share: float) -> float:
        """The latency in seconds that this share of all requests stays under."""
        every = sorted(one for turn in self.held[way, clients] for one in turn.sample.latencies)
        return every[min(len(every) - 1, int(share * len(every)))]

    def figure(self, way: str, clients: int, of: Callable[[Turn], float]) -> float:
        """The middle of a figure over the rounds."""
        return median(map(of, self.held[way, clients]))

    def ratios(self, over: str, under: str, clients: int, of: Callable[[Turn], float]) -> list[float]:
        """What two ways differ by, round by round, from the least up."""
        pairs = zip(self.held[over, clients], self.held[under, clients], strict=True)
        return sorted(of(one) / of(other) for one, other in pairs)


def rate(turn: Turn) -> float:
    """Answers a second."""
    return turn.sample.rate


def half(turn: Turn) -> float:
    """Median latency in seconds."""
    return median(turn.sample.latencies)


def tokens_of(issuer: LocalIssuer) -> Mapping[str, str]:
    """A token of a role with rules and of one without.

    The rep's claim names every region, so that the rule is asked of every row and the answers are the same.
    """
    return {
        RESTRICTED: issuer.issue("service_rep", claims={"regions": list(REGIONS)}),
        UNRESTRICTED: issuer.issue("privacy_officer"),
    }


@dataclass(frozen=True, slots=True)
class Servers:
    """Whoever is asked; all on one graph."""

    floor: Server
    ours: Server
    untrailed: Server


def ways(question: Question, issuer: LocalIssuer, servers: Servers, customers: Sequence[str]) -> tuple[Way, ...]:
    """The four ways to ask a question; all ask about the same customers in the same order."""
    requests = requests_of(question, issuer, customers)
    return (
        Way(FLOOR, servers.floor, requests[FLOOR]),
        Way(UNTRAILED, servers.untrailed, requests[RESTRICTED]),
        Way(RESTRICTED, servers.ours, requests[RESTRICTED]),
        Way(UNRESTRICTED, servers.ours, requests[UNRESTRICTED]),
    )


def requests_of(question: Question, issuer: LocalIssuer, customers: Sequence[str]) -> Mapping[str, Sequence[bytes]]:
    """Requests to the floor, and to ours under either role."""
    chosen = random.Random(2).sample(list(customers), min(ASKED_ABOUT, len(customers))) if question.of_one else [""]
    variables = [question.variables(one) for one in chosen]
    tokens = tokens_of(issuer)

    def in_graphql(token: str) -> list[bytes]:
        return [request_of("/graphql", token, {"query": question.graphql, "variables": one}) for one in variables]

    by_hand = [request_of("/", tokens[RESTRICTED], {"question": question.name, "variables": one}) for one in variables]
    return {FLOOR: by_hand, **{name: in_graphql(token) for name, token in tokens.items()}}


async def ready(way: Way) -> None:
    """Return once the server answers a question. Raises Refused with what it said last."""
    for _ in range(TRIES_TO_BE_READY):
        with suppress(Refused, OSError):
            await ask_once(way.server.port, way.requests[0])
            return
        await asyncio.sleep(SECONDS_BETWEEN_TRIES)
    await ask_once(way.server.port, way.requests[0])


async def compare(asked: Sequence[Way]) -> None:
    """Raise RuntimeError unless all ways give the same data."""
    for requests in list(zip(*(way.requests for way in asked), strict=True))[:COMPARED]:
        answers = [await ask_once(way.server.port, one) for way, one in zip(asked, requests, strict=True)]
        told = [rows_of(way.name, answer) for way, answer in zip(asked, answers, strict=True)]
        if not told[0] or any(other != told[0] for other in told[1:]):
            raise RuntimeError("The ways to ask give different data: the figures would compare nothing.")


def rows_of(way: str, answer: dict[str, object]) -> object:
    """The rows of an answer, whoever gave it."""
    if way == FLOOR:
        return answer["data"]
    (value,) = plain(answer["data"]).values()
    return value if isinstance(value, list) else [value]


async def measure(turns: Turns, asked: Sequence[Way], database: psutil.Process, rounds: int, seconds: float) -> None:
    """All rounds of one question. Who begins changes from round to round."""
    question = turns.question
    for way in asked:
        await ask_for(way.server.port, way.requests, question.clients, max(SECONDS_TO_WARM_UP, seconds))
    for clients in (1, question.clients):
        for number in range(rounds):
            shift = number % len(asked)
            for way in (*asked[shift:], *asked[:shift]):
                before = way.server.cpu_seconds(), cpu_seconds(database)
                sample = await ask_for(way.server.port, way.requests, clients, question.longer * seconds)
                after = way.server.cpu_seconds(), cpu_seconds(database)
                answers = len(sample.latencies)
                turn = Turn(sample, (after[0] - before[0]) / answers, (after[1] - before[1]) / answers)
                turns.held.setdefault((way.name, clients), []).append(turn)
