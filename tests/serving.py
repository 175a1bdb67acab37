"""A server process on a Neo4j that is there already, with the settings that a test likes."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from graph.session import Connection
from tests.test_cli import COMMAND, SMALL, Served, free_port

__all__ = ["Served", "serving", "until"]
SECONDS = 400
PATIENT = {"CUSTOMER_GRAPH_STATEMENT_SECONDS": "60"}


@contextmanager
def serving(data: Path, connection: Connection | None = None, **environment: str) -> Iterator[Served]:
    """`customer-graph serve` once it answers, ended afterwards; without a connection it keeps a Neo4j of its own."""
    data.mkdir(parents=True, exist_ok=True)
    port = free_port()
    log = data.parent / f"said-{port}"
    there = {} if connection is None else settings_of(connection)
    with log.open("wb") as said:
        process = subprocess.Popen(
            [COMMAND, "serve", "--data", str(data), "--port", str(port)],
            env={**SMALL, **PATIENT, **there, **environment},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    served = Served(process, f"http://127.0.0.1:{port}", data, log)
    try:
        until(lambda: "Ready:" in served.said() or process.poll() is not None, "the server does not start")
        assert process.poll() is None, served.said()
        yield served
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(SECONDS)


def keys_of(connection: Connection) -> dict[str, str]:
    """The one place of keys for all servers on a graph, as environment variables."""
    folder = Path(tempfile.gettempdir()) / f"keys-of-{connection.uri.rpartition(':')[2]}-{os.getpid()}"
    return {"CUSTOMER_GRAPH_KEYS": str(folder), "CUSTOMER_GRAPH_KEY": "7a" * 64}


def settings_of(connection: Connection) -> dict[str, str]:
    """A connection as environment variables."""
    return {
        **keys_of(connection),
        "NEO4J_URI": connection.uri,
        "NEO4J_USERNAME": connection.username,
        "NEO4J_PASSWORD": connection.password,
        "NEO4J_DATABASE": connection.database,
    }


def until(true: Callable[[], object], what: str) -> None:
    """Wait for something to become true."""
    end = monotonic() + SECONDS
    while not true():
        assert monotonic() < end, what
        sleep(0.05)
