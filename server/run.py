"""The life of a server process: listen, start the graph, bring it into shape, answer, and end without a trace.

It listens before the graph is there, so that whoever asks is told "not ready" instead of nothing at all.
"""

import asyncio
import contextlib
import errno
import gc
import logging
import os
import signal
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from auth.shipping import anchored, keep_shipping
from auth.trail import FOLDER as TRAIL
from auth.trail import Trail
from graph.constraints import statements
from graph.embedded import EmbeddedNeo4j
from graph.embedded_home import Memory
from graph.migrations import migrate
from graph.session import Connection, Database
from graph.vault.vault import Vault
from ingest.live.drain import Drain
from ingest.live.inbox import FOLDER as INBOX
from ingest.live.inbox import Inbox
from schema.errors import DatabaseUnavailable, SettingInvalid
from server import record
from server.app import application
from server.assembly import Assembly, assemble
from server.compaction import Due
from server.door import Door
from server.erasing import keep_erasing
from server.finding import keep_finding
from server.intake import Intake
from server.live import Live
from server.live_hub import SECONDS_TO_LOOK_BACK, Hub
from server.rehearse import compiled, planned
from server.reload import Reload
from server.retaining import keep_retaining
from server.settings import Settings
from server.stopping import Stopping
from server.telemetry import telemetry, wanted
from server.telemetry_gauges import gauges
from server.tls import server_context
from server.vault import agreed
from server.wire import BoundedProtocol, QuietSocket
from server.write_back import Receiver, keep_writing_back, receivers_named

log = logging.getLogger(__name__)

SECONDS_TO_SAY_SO = 1.0
SECONDS_BETWEEN_TRIES = 2.0
WAITING_CONNECTIONS = 2048

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Started:
    """A server that answers: what the commands built on it need."""

    settings: Settings
    assembly: Assembly
    door: Door
    trail: Trail
    connection: Connection
    address: str


Step = Callable[[Started], Awaitable[None]]


def run(settings: Settings, tell: Tell, *, before: Step, after: Step) -> None:
    """Serve until told to stop. `before` is taken before the first request is answered, `after` once all are.

    Raises a CustomerGraphError when the server cannot start.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        finished = runner.run(_live(settings, tell, before, after))
        if not finished:
            # A download or an import under way is in a thread that cannot be told to stop.
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where there is one: it halves what a request costs."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _live(settings: Settings, tell: Tell, before: Step, after: Step) -> bool:
    """The whole life; whether the start was finished when the end came."""
    stopping = _told_to_stop()
    tls = server_context(settings)
    signals = wanted(os.environ)
    receivers = receivers_named(settings, os.environ)
    with listening(settings) as (listener, address):
        assembly = await asyncio.to_thread(assemble, settings, at_once=True)
        gc.freeze()  # schemas stay for ever: looking through them again stops the loop for a tenth of a second
        trail = Trail(settings.data / TRAIL)
        door = Door()
        due = Due()
        hub = Hub(door, settings.statement_seconds + SECONDS_TO_LOOK_BACK)
        live = Live(hub, settings.live_recheck_seconds, settings.websocket_origins)
        intake = intake_of(settings, assembly)
        counts = {"customer_graph.subscriptions": (hub.__len__, "Open subscriptions.")}
        counts["customer_graph.compaction.due"] = (
            lambda: due.days,
            "Days for which Neo4j's files hold deleted values.",
        )
        if intake is not None:
            counts["customer_graph.inbox.waiting"] = (
                intake.inbox.__len__,
                "Events that wait to become part of the graph.",
            )
        watching = telemetry(signals, gauges(assembly, trail, counts))
        answering = application(
            assembly, door, trail, live, stopping=stopping, telemetry=watching, intake=intake, due=due
        )
        web = Web(_configuration(settings, answering, tls))
        serving = asyncio.create_task(web.serve([listener]))
        ready = asyncio.Event()
        working = asyncio.create_task(
            _work(settings, assembly, door, trail, intake, hub, due, receivers, address, tell, before, after, ready)
        )
        waiting = asyncio.create_task(stopping.wait())
        try:
            await asyncio.wait({working, serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if ready.is_set() and stopping.now and settings.drain_seconds:
                either = {working, serving}
                await asyncio.wait(either, timeout=settings.drain_seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.tell()
            await live.close()
            await web.finished(serving)
            working.cancel()
            await asyncio.wait({working, waiting})
            await trail.close()
            if intake is not None:
                await intake.inbox.close()
            if watching is not None:
                await watching.close()
    if not working.cancelled() and (problem := working.exception()) is not None:
        raise problem
    return ready.is_set()


def intake_of(settings: Settings, assembly: Assembly) -> Intake | None:
    """What takes events, where live sources are declared. Raises DataFolderBusy and InboxUnavailable."""
    if assembly.live_sources is None:
        return None
    inbox = Inbox(settings.data / INBOX, settings.inbox_megabytes * 1024**2)
    return Intake(assembly.live_sources, inbox, assembly.pace)


async def _work(
    settings: Settings,
    assembly: Assembly,
    door: Door,
    trail: Trail,
    intake: Intake | None,
    hub: Hub,
    due: Due,
    receivers: Sequence[Receiver],
    address: str,
    tell: Tell,
    before: Step,
    after: Step,
    ready: asyncio.Event,
) -> None:
    rehearsals = await asyncio.to_thread(compiled, assembly)
    async with graph(settings, tell) as connection, database_of(settings, connection) as database:
        tell("Bringing constraints and indexes into shape")
        await shaped(database, assembly, tell)
        await due.look(database)
        if due.told:
            tell(due.told)
        await planned(rehearsals, database, tell)
        started = Started(settings, assembly, door, trail, connection, address)
        await anchored(trail, database)
        await before(started)
        door.open(database)
        shipping = asyncio.create_task(keep_shipping(trail, database))
        draining = None if intake is None else asyncio.create_task(drain_of(intake, database, hub, assembly).keep())
        writing_back = asyncio.create_task(keep_writing_back(settings, receivers, database))
        retaining = asyncio.create_task(keep_retaining(settings, assembly, database))
        finding = asyncio.create_task(keep_finding(settings, assembly, database))
        watching_due = asyncio.create_task(due.keep(database))
        erasing = asyncio.create_task(keep_erasing(assembly, database, trail, intake.inbox if intake else None))
        reloading = asyncio.create_task(Reload(settings, assembly.current).keep())
        record.note(settings.data, address)
        ready.set()
        try:
            await after(started)
            await asyncio.Event().wait()
        finally:
            shipping.cancel()
            if draining is not None:
                draining.cancel()
            writing_back.cancel()
            retaining.cancel()
            finding.cancel()
            watching_due.cancel()
            erasing.cancel()
            reloading.cancel()
            door.close()
            record.remove(settings.data)


def drain_of(intake: Intake, database: Database, hub: Hub, assembly: Assembly) -> Drain:
    """What brings events into the graph."""
    return Drain(intake.inbox, database, hub.tell, keys=assembly.vault, suppression=assembly.suppression)


@asynccontextmanager
async def graph(settings: Settings, tell: Tell) -> AsyncIterator[Connection]:
    """The graph to work on: the one that the settings name, else an embedded one for as long as it is needed."""
    if settings.neo4j_uri is not None:
        assert settings.neo4j_password is not None
        yield Connection(
            settings.neo4j_uri,
            settings.neo4j_username,
            settings.neo4j_password.get_secret_value(),
            settings.neo4j_database,
        )
        return
    memory = Memory(settings.neo4j_heap, settings.neo4j_page_cache)
    neo4j = EmbeddedNeo4j(settings.data, memory, settings.cache, tell)
    tell("Starting the embedded Neo4j")
    connection = await neo4j.start()
    try:
        yield connection
    finally:
        await neo4j.stop()


def database_of(settings: Settings, connection: Connection) -> Database:
    """The database behind a connection, with the limits of the settings."""
    return Database(connection, statement_seconds=settings.statement_seconds, connections=settings.connections)


async def shaped(database: Database, assembly: Assembly, tell: Tell) -> None:
    """Migrations, constraints and indexes; waits for a database that is not up yet.

    Raises VaultKeysMissing where the keys here are not those of what is sealed there, and VaultUnavailable.
    """
    told = False
    while True:
        with suppress(DatabaseUnavailable):
            await migrate(database, statements(assembly.rules.model))
            if isinstance(assembly.vault, Vault):
                await agreed(database, assembly.vault)
            return
        if not told:
            tell("The database cannot be reached yet; trying again until it can")
        told = True
        await asyncio.sleep(SECONDS_BETWEEN_TRIES)


@contextmanager
def listening(settings: Settings) -> Iterator[tuple[socket.socket, str]]:
    """A socket that listens where the settings say, and its address. Raises SettingInvalid."""
    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        raise SettingInvalid(f"There is no address {settings.host} to listen on. Name another with --host.") from None
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as problem:
            raise SettingInvalid(_why_not(problem, settings)) from None
        listener.listen(WAITING_CONNECTIONS)
        listener.setblocking(False)
        yield listener, address_of(settings.host, settings.port, "https" if settings.tls_certificate else "http")


def _why_not(problem: OSError, settings: Settings) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"Port {settings.port} is in use by another program. Name another with --port."
    if problem.errno == errno.EACCES:
        return f"This user may not listen on port {settings.port}. Name one above 1023 with --port."
    return f"Nobody can listen on {settings.host} here. Name another address with --host."


def address_of(host: str, port: int, scheme: str = "http") -> str:
    """The address under which this machine reaches the server."""
    here = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104  compared, not bound
    return f"{scheme}://{here}:{port}"


class Web(uvicorn.Server):
    """Uvicorn, with signals left to us: it ends when told, and raises nothing of its own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield

    async def finished(self, serving: asyncio.Task[None]) -> None:
        """Take nothing new, and return when what is under way is answered, or was told that it cannot be."""
        self.should_exit = True
        await asyncio.wait({serving})
        if late := set(self.server_state.tasks):
            await asyncio.wait(late, timeout=SECONDS_TO_SAY_SO)


def _configuration(settings: Settings, app: ASGIApp, tls: ssl.SSLContext | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=BoundedProtocol,
        ssl_context_factory=None if tls is None else lambda config, default: tls,
        lifespan="off",
        ws=QuietSocket,
        ws_max_size=settings.max_body_bytes,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        ws_per_message_deflate=False,  # compressed answers mix secrets with what a client sent (BREACH)
        access_log=False,  # its lines hold query strings
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=65,
        timeout_graceful_shutdown=settings.finish_seconds,
    )


def _told_to_stop() -> Stopping:
    """Told by the first SIGINT or SIGTERM. The second ends the process at once; Neo4j then ends by itself."""
    stopping = Stopping()

    def stop() -> None:
        if stopping.now:
            os._exit(1)
        stopping.tell()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stop)
    return stopping
