"""When processes are killed: no orphan, a coded error in time, healing without a restart, an end without a trace."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.test_cli import SECONDS, Served, free_port, launch, start, token, wait_for

pytestmark = pytest.mark.database

ASK = {"query": "{ customers(first: 1) { nodes { id } } }"}
SECONDS_UNTIL_TOLD = 5.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder that the servers of this module take one after the other."""
    return tmp_path_factory.mktemp("faults") / "data"


@pytest.fixture
def server(folder: Path) -> Iterator[Served]:
    """A server that the test may kill; the next test starts on what it left."""
    served = start(folder, free_port())
    yield served
    if served.process.poll() is None:
        served.process.terminate()
    served.process.wait(SECONDS)
    for process in on(folder):
        process.kill()


def on(folder: Path) -> list[psutil.Process]:
    """Every process whose command line names the folder: the server, the supervisor, Java."""
    found = []
    for process in psutil.process_iter():
        try:
            if any(str(folder) in word for word in process.cmdline()) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def java(folder: Path) -> psutil.Process:
    """The Java of the embedded Neo4j."""
    (found,) = [process for process in on(folder) if process.name() == "java"]
    return found


def stands_still(process: psutil.Process) -> bool:
    """Whether no thread of it runs: the signal is sent before the last one has seen it, and that one may answer."""
    states = [
        path.read_text().rpartition(")")[2].split()[0] for path in Path(f"/proc/{process.pid}/task").glob("*/stat")
    ]
    return set(states) <= {"T"}


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def codes(client: httpx.Client) -> list[str]:
    """The codes of the errors in the answer to a question."""
    return [error["extensions"]["code"] for error in client.post("/graphql", json=ASK).json().get("errors", [])]


def asking(server: Served) -> httpx.Client:
    """A client with a token of the server's folder."""
    headers = {"authorization": f"Bearer {token(server.data, 'auditor')}"}
    return httpx.Client(base_url=server.address, headers=headers, timeout=SECONDS_UNTIL_TOLD)


def test_a_killed_neo4j_is_told_with_a_code_and_heals_without_a_restart(server: Served, folder: Path) -> None:
    """Every client gets CG401 within five seconds; soon after, answers again from the same server process."""
    with asking(server) as client:
        assert codes(client) == []
        killed = java(folder)
        killed.kill()
        told: list[str] = []

        def healed() -> bool:
            found = codes(client)
            told.extend(found)
            return not found

        until(lambda: bool(codes(client)) or killed.pid not in psutil.pids(), "the kill was not seen")
        until(healed, "the server did not heal")
        assert set(told) <= {"CG401"}
        until(lambda: client.get("/health/ready").status_code == 200, "the server is not ready again")
    assert server.process.poll() is None


def test_a_neo4j_that_stands_still_is_told_in_time(server: Served, folder: Path) -> None:
    """A process that neither answers nor ends is the worst; readiness tells it, and so does every answer."""
    stopped = java(folder)
    with asking(server) as client:
        assert codes(client) == []
        stopped.suspend()
        try:
            until(lambda: stands_still(stopped), "Java did not stop")
            assert codes(client) == ["CG401"]
            assert client.get("/health/ready").status_code == 503
            assert client.get("/health/live").status_code == 200
        finally:
            stopped.resume()
        until(lambda: codes(client) == [], "the server did not heal")


def test_a_killed_server_leaves_no_orphan_and_the_next_start_works(server: Served, folder: Path) -> None:
    """kill -9 takes Java and its supervisor along; the note that it left is not believed, the folder is free."""
    assert java(folder).is_running()
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait(SECONDS)
    until(lambda: on(folder) == [], "a process outlived the server")
    again = start(folder, free_port())
    try:
        with asking(again) as client:
            assert codes(client) == []
    finally:
        again.process.terminate()
        assert again.process.wait(SECONDS) == 0


@pytest.mark.parametrize("number", [pytest.param(signal.SIGINT, marks=pytest.mark.thorough), signal.SIGTERM])
def test_a_server_that_is_told_to_stop_ends_cleanly(server: Served, folder: Path, number: signal.Signals) -> None:
    """Status 0, no traceback, no process, no note."""
    server.process.send_signal(number)
    assert server.process.wait(SECONDS) == 0
    assert "Traceback" not in server.said()
    until(lambda: on(folder) == [], "a process outlived the server")
    assert not (folder / "server.json").exists()


def test_a_server_that_is_told_to_stop_while_it_starts_ends_too(folder: Path) -> None:
    """Whoever changes their mind need not wait for Neo4j."""
    served = launch(folder, free_port())
    wait_for(served, "Starting")
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(SECONDS) == 0
    assert "Traceback" not in served.said()
    until(lambda: on(folder) == [], "a process outlived the server")
