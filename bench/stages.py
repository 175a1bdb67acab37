"""Where the time of a request goes, stage by stage, in one process and with one client.

The whole application is asked in process, without a network; clocks are put around its stages from outside. A stage's
time is its own: what a stage within it takes is counted there alone.
"""

import cProfile
import functools
import inspect
import pstats
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from starlette.types import ASGIApp

import resolvers.prepare
import resolvers.read
import server.graphql
from auth.issuer import LocalIssuer
from auth.trail import Trail
from bench.floor import driver_of, rows_of
from bench.graph import REGIONS
from bench.measure import FLOOR
from bench.questions import Question
from graph.session import Connection, Database
from resolvers.prepare import Plans
from server.app import application
from server.assembly import Assembly
from server.documents import Documents
from server.door import Door

STAGES: Sequence[tuple[str, Any, str]] = (
    ("endpoint, request, response", server.graphql.GraphQL, "respond"),
    ("body to question", server.graphql, "question_of"),
    ("document: parsed, validated, kept", Documents, "read"),
    ("request made, answer awaited", server.graphql.GraphQL, "ask"),
    ("gather and glue of our answer", server.graphql, "answered"),
    ("variables", resolvers.read, "coerced"),
    ("plan: look-up", Plans, "plan"),
    ("plan: shape of the variables", resolvers.prepare, "symbolic"),
    ("bind", resolvers.read, "bound"),
    ("shape", resolvers.read, "read_root"),
    ("database", Database, "read"),
    ("what was disclosed", resolvers.read, "_answered"),
    ("trail", Trail, "record"),
    ("encode", server.graphql, "answer"),
)
"""Name, owner and attribute of the function that is a stage."""

NETWORK = "Starlette, headers, request id"
LINES = 14


@dataclass(slots=True)
class Clocks:
    """Wall and processor seconds by stage, each without the stages inside it."""

    wall: dict[str, float] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)
    inside: list[list[float]] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what runs within. One request at a time: stages nest."""
        self.inside.append([0.0, 0.0])
        wall, processor = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            wall, processor = time.perf_counter() - wall, time.process_time() - processor
            below = self.inside.pop()
            self.wall[name] = self.wall.get(name, 0.0) + wall - below[0]
            self.processor[name] = self.processor.get(name, 0.0) + processor - below[1]
            if self.inside:
                self.inside[-1][0] += wall
                self.inside[-1][1] += processor

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed."""
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def timed_later(*of: Any, **named: Any) -> Any:
                with self.stage(name):
                    return await function(*of, **named)

            return timed_later

        @functools.wraps(function)
        def timed(*of: Any, **named: Any) -> Any:
            with self.stage(name):
                return function(*of, **named)

        return timed


@contextmanager
def clocks(assembly: Assembly) -> Iterator[Clocks]:
    """Put clocks around all stages, and take them away again."""
    made = Clocks()
    verifier = type(assembly.verifier)
    stages = [*STAGES, ("token", verifier, "admit")]
    before = [(owner, name, getattr(owner, name)) for _, owner, name in stages]
    try:
        for label, owner, name in stages:
            setattr(owner, name, made.around(label, getattr(owner, name)))
        yield made
    finally:
        for owner, name, function in before:
            setattr(owner, name, function)


async def ask(app: ASGIApp, token: str, body: bytes) -> bytes:
    """One request to an application in this process."""
    sent: list[bytes] = []
    headers = [
        (b"host", b"localhost"),
        (b"authorization", f"Bearer {token}".encode()),
        (b"content-type", b"application/json"),
        (b"accept", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }

    async def receive() -> Mapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    await app(scope, receive, send)  # type: ignore[arg-type]  # a mapping is what Starlette reads
    return b"".join(sent)


class Recorded(Door):
    """A door that keeps the last statement, so that it can be asked again without us."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.last: tuple[str, Mapping[str, Any]] = ("", {})

    async def read(self, text: str, parameters: Mapping[str, Any], timeout: float | None = None) -> list[Any]:
        """The rows, and a note of what was asked."""
        self.last = (text, parameters)
        return await super().read(text, parameters, timeout)


async def hits_of(
    question: Question,
    assembly: Assembly,
    trail: Trail,
    tokens: Mapping[str, str],
    connection: Connection,
    customer: str,
) -> dict[str, int]:
    """Database hits of a question: by hand and, for each named token, as we compile it. No noise moves these."""
    variables = question.variables(customer)
    found = {}
    async with Database(connection) as database:
        door = Recorded(database)
        app = application(assembly, door, trail)
        for name, token in tokens.items():
            await ask(app, token, orjson.dumps({"query": question.graphql, "variables": variables}))
            found[name] = (await database.profile(*door.last)).hits
        found[FLOOR] = (await database.profile(question.cypher, variables)).hits
    return found


async def show_stages(
    console: Console,
    question: Question,
    assembly: Assembly,
    trail: Trail,
    issuer: LocalIssuer,
    connection: Connection,
    customers: Sequence[str],
    times: int,
) -> None:
    """Ask a question so many times, in three ways, and print where the time goes."""
    token = issuer.issue("service_rep", claims={"regions": list(REGIONS)})
    asked = [question.variables(customers[number % len(customers)]) for number in range(times)]
    bodies = [orjson.dumps({"query": question.graphql, "variables": one}) for one in asked]
    async with (
        Database(connection) as database,
        driver_of(connection.uri, connection.username, connection.password) as driver,
    ):
        door = Recorded(database)
        app = application(assembly, door, trail)

        async def ours(number: int) -> None:
            await ask(app, token, bodies[number])

        async def by_hand(number: int) -> None:
            await rows_of(driver, question.cypher, dict(asked[number]))

        statements = []
        for body in bodies:
            answer = orjson.loads(await ask(app, token, body))
            if "errors" in answer:
                raise RuntimeError(answer["errors"][0]["message"])
            statements.append(door.last)

        async def bare(number: int) -> None:
            await rows_of(driver, statements[number][0], dict(statements[number][1]))

        async def session(number: int) -> None:
            await database.read(*statements[number])

        for warm in (bare, by_hand, session):
            await timed(warm, times)
        whole = await timed(ours, times)
        alone = {
            "our statement, our session": await timed(session, times),
            "our statement, bare driver": await timed(bare, times),
            "hand-written statement, bare driver": await timed(by_hand, times),
        }
        with clocks(assembly) as found:
            app = application(assembly, door, trail)
            ticking = await timed(ours_with(lambda: app, token, bodies, found), times)
        hits = [(await database.profile(*statements[0])).hits, (await database.profile(question.cypher, asked[0])).hits]
        profile = cProfile.Profile(time.process_time)  # not the time that the loop waits
        profile.enable()
        await timed(ours, times)
        profile.disable()
    console.print(stage_table(question, found, times, whole, ticking))
    for name, (wall, processor) in alone.items():
        console.print(f"  {name}: {1e6 * wall:.0f} us, of it {1e6 * processor:.0f} us processor here")
    console.print(f"  database hits: ours {hits[0]}, hand-written {hits[1]}")
    console.print(
        f"  our statement: {len(statements[0][0])} characters, parameters {', '.join(sorted(statements[0][1]))}"
    )
    console.print(hot_table(profile, times))


def ours_with(app: Callable[[], ASGIApp], token: str, bodies: Sequence[bytes], found: Clocks) -> Callable[[int], Any]:
    """One request under the outermost clock."""

    async def once(number: int) -> None:
        with found.stage(NETWORK):
            await ask(app(), token, bodies[number])

    return once


async def timed(once: Callable[[int], Any], times: int) -> tuple[float, float]:
    """Wall and processor seconds of one call, over many."""
    wall, processor = time.perf_counter(), time.process_time()
    for number in range(times):
        await once(number)
    return (time.perf_counter() - wall) / times, (time.process_time() - processor) / times


def stage_table(
    question: Question, found: Clocks, times: int, whole: tuple[float, float], ticking: tuple[float, float]
) -> Table:
    """Stages from the dearest down."""
    table = Table(
        title=f"{question.name}: microseconds a request, one client, in process",
        caption=f"without clocks: {1e6 * whole[0]:.0f} us, of it {1e6 * whole[1]:.0f} us processor; "
        f"with them: {1e6 * ticking[0]:.0f} us and {1e6 * ticking[1]:.0f} us",
    )
    for name in ("stage", "elapsed", "processor", "share of processor"):
        table.add_column(name, justify="left" if name == "stage" else "right")
    total = sum(found.processor.values())
    for name, processor in sorted(found.processor.items(), key=lambda one: -one[1]):
        table.add_row(
            name, f"{1e6 * found.wall[name] / times:.0f}", f"{1e6 * processor / times:.0f}", f"{processor / total:.0%}"
        )
    return table


def hot_table(profile: cProfile.Profile, times: int) -> Table:
    """The functions with the most time of their own; a profiler makes small functions look dearer than they are."""
    table = Table(title="Functions, by own processor time under the profiler")
    for name in ("function", "calls a request", "own us", "with all below, us"):
        table.add_column(name, justify="left" if name == "function" else "right")
    stats: dict[tuple[str, int, str], tuple[int, int, float, float, Any]] = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # not in the stubs
    waiting = ("epoll", "select.", "run_forever", "run_until_complete")
    dear = sorted(stats.items(), key=lambda one: -one[1][2])
    shown = [one for one in dear if not any(word in one[0][2] for word in waiting)][:LINES]
    for (path, line, name), (_, calls, own, below, _) in shown:
        where = "/".join(path.rsplit("/", 2)[-2:])
        table.add_row(
            f"{name} {where}:{line}" if line else name,
            f"{calls / times:.1f}",
            f"{1e6 * own / times:.0f}",
            f"{1e6 * below / times:.0f}",
        )
    return table
