"""The two servers as processes on the loopback, and what they use of the machine."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.floor import REMEMBERS
from graph.session import Connection

SECONDS_TO_START = 60.0
MOST_ROWS = 200_000
OURS = ("CUSTOMER_GRAPH_", "NEO4J_", "BENCH_")
UNHURRIED = {
    f"CUSTOMER_GRAPH_VIEWER_{name}": "0"
    for name in ("REQUESTS", "COST", "LOOKUPS", "QUESTIONS", "CONCURRENT", "STATEMENTS")
}
"""One token asks for all clients of a measurement."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that listens."""

    name: str
    port: int
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """Processor time that the process has used, over all its threads."""
        return cpu_seconds(self.process)

    def mebibytes(self) -> float:
        """Resident memory."""
        return float(self.process.memory_info().rss) / 2**20


def cpu_seconds(process: psutil.Process) -> float:
    """Processor time of a process so far, user and system."""
    used = process.cpu_times()
    return float(used.user + used.system)


@asynccontextmanager
async def ours(connection: Connection, folder: Path, *, trail: bool = True) -> AsyncIterator[Server]:
    """The product, started as anyone starts it, against a database that is there already; or without its trail."""
    port = free_port()
    program = [str(Path(sys.executable).with_name("customer-graph"))]
    if not trail:
        program = [sys.executable, "-m", "bench.untrailed"]
    command = [*program, "serve", "--port", str(port), "--data", str(folder)]
    environment = {"CUSTOMER_GRAPH_MAX_ROWS": str(MOST_ROWS), "CUSTOMER_GRAPH_LOG_LEVEL": "error", **UNHURRIED}
    async with running(
        "ours" if trail else "ours without trail", port, command, {**environment, **address(connection)}
    ) as server:
        yield server


@asynccontextmanager
async def floor(connection: Connection, folder: Path, remembered: int = 0) -> AsyncIterator[Server]:
    """The floor on the same database, trusting the same keys."""
    port = free_port()
    command = [sys.executable, "-m", "bench.floor", str(port), str(folder)]
    async with running("floor", port, command, {REMEMBERS: str(remembered), **address(connection)}) as server:
        yield server


def address(connection: Connection) -> Mapping[str, str]:
    """A connection as environment variables."""
    return {
        "NEO4J_URI": connection.uri,
        "NEO4J_USERNAME": connection.username,
        "NEO4J_PASSWORD": connection.password,
        "NEO4J_DATABASE": connection.database,
    }


@asynccontextmanager
async def running(name: str, port: int, command: list[str], settings: Mapping[str, str]) -> AsyncIterator[Server]:
    """A child process from the moment it listens until it has ended."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
    child = await asyncio.create_subprocess_exec(
        *command, env={**environment, **settings}, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        await listening(name, port, child)
        yield Server(name, port, psutil.Process(child.pid))
    finally:
        if child.returncode is None:
            child.terminate()
            try:
                await asyncio.wait_for(child.wait(), 10)
            except TimeoutError:
                child.kill()
                await child.wait()


async def listening(name: str, port: int, child: asyncio.subprocess.Process) -> None:
    """Return once something listens on the port. Raises RuntimeError when the child ends or takes too long."""
    started = time.monotonic()
    while time.monotonic() - started < SECONDS_TO_START:
        if child.returncode is not None:
            raise RuntimeError(f"The server '{name}' ended with {child.returncode} before it listened.")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        return
    raise RuntimeError(f"The server '{name}' did not listen within {SECONDS_TO_START:.0f} seconds.")


def free_port() -> int:
    """A port of the loopback on which nobody listens just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
