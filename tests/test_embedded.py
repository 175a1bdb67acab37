"""The embedded Neo4j: there without being installed, private, never orphaned, and back when it dies."""

import asyncio
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from graph import distribution
from graph.embedded import EmbeddedNeo4j
from graph.embedded_home import Home, free_port, password, prepare, quoted
from graph.folder_lock import lock
from graph.java_process import end_stale_process
from graph.session import Connection, Database
from schema.errors import DatabaseLoginRefused, DatabaseUnavailable, DataFolderBusy, EmbeddedDatabaseFailed
from tests.conftest import SMALL

Mortal = tuple[EmbeddedNeo4j, Connection]

PARENT = """
import asyncio, sys
from pathlib import Path
from graph.embedded import EmbeddedNeo4j
from graph.embedded_home import Memory
from graph.session import Database

async def main() -> None:
    neo4j = EmbeddedNeo4j(Path(sys.argv[1]), Memory(heap="384m", page_cache="64m"))
    async with Database(await neo4j.start()) as database:
        await database.write("CREATE (:Kept {of: 'the first life'})")
    print(neo4j.pid, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


def test_a_second_process_is_refused_the_data_folder_and_told_who_has_it(tmp_path: Path) -> None:
    """Two servers on one store would destroy it."""
    home = Home(tmp_path / "data")
    prepare(home)
    with lock(home.data / "lock", home.data), pytest.raises(DataFolderBusy, match=rf"process {os.getpid()}\b.*--data"):
        lock(home.data / "lock", home.data)
    lock(home.data / "lock", home.data).close()


def test_only_the_owner_reads_the_data_folder_and_the_password(tmp_path: Path) -> None:
    """The password is made once, is long, and is readable by its owner alone, even if someone opened the file up."""
    home = Home(tmp_path / "data")
    prepare(home)
    first = password(home)
    file = home.neo4j / "password"
    assert len(first) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.data.stat().st_mode) == 0o700
    file.chmod(0o644)
    assert password(home) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_graph_whose_password_is_lost_is_not_given_a_new_one(tmp_path: Path) -> None:
    """A new password would not open the old store; the start says what to put back."""
    home = Home(tmp_path / "data")
    prepare(home)
    (home.neo4j / "data" / "databases" / "system").mkdir(parents=True)
    with pytest.raises(EmbeddedDatabaseFailed, match="password is missing"):
        password(home)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems cannot keep a port for someone else")
def test_the_port_stays_ours_until_neo4j_has_it() -> None:
    """Nobody gets the port between choosing it and Neo4j's start, except a listener that shares it as Java does."""
    port, keeper = free_port()
    assert keeper is not None
    with keeper, socket.socket() as stranger, socket.socket() as java:
        with pytest.raises(OSError, match="in use"):
            stranger.bind(("127.0.0.1", port))
        java.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        java.bind(("127.0.0.1", port))
        java.listen()


def test_arguments_survive_folders_with_spaces_and_quotes() -> None:
    """Java reads its argument file as written, whatever the data folder is called."""
    assert quoted('/my "data"\\x') == '"/my \\"data\\"\\\\x"'


def test_a_jar_with_another_hash_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes from the network is what the lock names, or nothing is installed."""
    jar = distribution.jars()[0]
    other = replace(jar, sha256="0" * 64)
    path = other.path_in(tmp_path)
    path.parent.mkdir(parents=True)

    class Context:
        """Serves a file of the right size and the wrong content."""

        def project(self, *_: str) -> "Context":
            return self

        at_version = artifact = project

        def resolve(self) -> None:
            path.write_bytes(b"\0" * jar.size)

    with pytest.raises(EmbeddedDatabaseFailed, match="locked hash"):
        distribution._fetch(Context(), other, tmp_path)  # type: ignore[arg-type]  # stands for jgo's context
    assert not path.exists()


def test_the_cache_is_found_without_a_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """CUSTOMER_GRAPH_CACHE, then XDG_CACHE_HOME, then the home folder, which needs no HOME."""
    assert distribution.cache_folder({"CUSTOMER_GRAPH_CACHE": str(tmp_path)}) == tmp_path
    assert distribution.cache_folder({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "customer-graph"
    monkeypatch.delenv("HOME", raising=False)
    assert distribution.cache_folder({}).is_absolute()


def test_every_jar_of_the_release_is_locked_by_hash() -> None:
    """The lock names each jar once, with a SHA-256 and a size."""
    release = distribution.jars()
    assert len(release) > 200
    assert len({jar.path_in(Path()) for jar in release}) == len(release)
    assert all(len(jar.sha256) == 64 and jar.size > 0 for jar in release)


@pytest.mark.asyncio
async def test_a_wrong_password_is_refused(mortal: Mortal) -> None:
    """Neither a wrong password nor Neo4j's default one opens the graph."""
    _, connection = mortal
    for wrong in ("wrong-password", "neo4j"):
        async with Database(replace(connection, password=wrong)) as database:
            with pytest.raises(DatabaseLoginRefused):
                await database.ping()


@pytest.mark.asyncio
async def test_it_listens_on_the_loopback_alone(mortal: Mortal) -> None:
    """No other machine reaches the embedded Neo4j, on no port."""
    server, connection = mortal
    listening = [
        each.laddr for each in psutil.Process(server.pid).net_connections("inet") if each.status == psutil.CONN_LISTEN
    ]
    assert [(each.ip.removeprefix("::ffff:"), each.port) for each in listening] == [
        ("127.0.0.1", int(connection.uri.rpartition(":")[2]))
    ]


@pytest.mark.asyncio
async def test_it_heals_when_java_is_killed(mortal: Mortal) -> None:
    """After kill -9 of Java the same connection works again, by itself, with what was stored."""
    server, connection = mortal
    async with Database(connection) as database:
        await database.write("CREATE (:Survivor {name: $name})", {"name": "acknowledged"})
        killed = server.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        assert await sooner_or_later(database, "MATCH (s:Survivor) RETURN s.name") == ["acknowledged"]
    assert server.pid != killed
    assert await gone(killed)


@pytest.mark.asyncio
async def test_nothing_outlives_a_killed_parent_and_the_next_start_works(
    folder_for_neo4j: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After kill -9 of the server no Java is left; the next start finds what was stored and asks no network."""
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT, str(folder_for_neo4j)),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert parent.stdout is not None
    java = int(await parent.stdout.readline())
    supervisor = psutil.Process(java).ppid()
    parent.kill()
    await parent.wait()
    assert await gone(java)
    assert await gone(supervisor)

    monkeypatch.setattr(socket, "getaddrinfo", only_numbers(socket.getaddrinfo))
    again = EmbeddedNeo4j(folder_for_neo4j, SMALL)
    try:
        async with Database(await again.start()) as database:
            assert await database.read("MATCH (k:Kept) RETURN k.of") == ["the first life"]
    finally:
        await again.stop()
    assert again.pid is None
    lock(folder_for_neo4j / "lock", folder_for_neo4j).close()


@pytest.mark.asyncio
async def test_a_stale_process_is_ended_only_if_it_is_ours(tmp_path: Path) -> None:
    """A recorded process id that now belongs to someone else is left alone."""
    home = Home(tmp_path / "data")
    prepare(home)
    with (
        subprocess.Popen([sys.executable, "-c", SLEEP, f"@{home.java_arguments}"]) as ours,
        subprocess.Popen([sys.executable, "-c", SLEEP]) as stranger,
    ):
        try:
            home.process.write_text(str(stranger.pid))
            await end_stale_process(home)
            assert stranger.poll() is None
            home.process.write_text(str(ours.pid))
            await end_stale_process(home)
            assert not psutil.pid_exists(ours.pid)
        finally:
            ours.kill()
            stranger.kill()


SLEEP = "import time; time.sleep(600)"


async def sooner_or_later(database: Database, text: str) -> list[Any]:
    """The answer, as soon as there is one; the test's own time limit bounds the wait."""
    while True:
        try:
            return await database.read(text)
        except DatabaseUnavailable:
            await asyncio.sleep(0.2)


async def gone(pid: int) -> bool:
    """Whether the process ends within a minute."""
    for _ in range(600):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        await asyncio.sleep(0.1)
    return False


def only_numbers(real: Any) -> Any:
    """Name resolution that knows no names, as without a network."""

    def resolve(host: Any, *arguments: Any, **named: Any) -> Any:
        if host not in ("127.0.0.1", b"127.0.0.1", None):
            raise OSError("no network")
        return real(host, *arguments, **named)

    return resolve


def test_a_password_is_never_taken_for_an_option(tmp_path: Path) -> None:
    """Neo4j's own command line reads what begins with a dash as an option, and would refuse the start now and then."""
    for number in range(200):
        home = Home(tmp_path / str(number))
        prepare(home)
        assert re.fullmatch(r"[0-9a-f]{64}", password(home))
