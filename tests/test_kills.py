"""kill -9 at random moments of loads and of live events: every accepted record is there once, and the data is sound.

Moments are counted in what was written or accepted, not in seconds, so that a slow machine tries the same ones.
"""

import asyncio
import os
import random
import shutil
import signal
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph.embedded import EmbeddedNeo4j
from graph.session import Connection, Database
from ingest.exports import read_folder
from ingest.live.inbox_file import seen_in
from ingest.load import load
from ingest.sound import events_missing, found_in
from tests.serving import settings_of
from tests.test_ingest_load import SAMPLE, SMALL, clear, silent
from tests.test_live_server import RECORDS, Burst, accepts, arrived, asked, taking

pytestmark = [pytest.mark.database, pytest.mark.timeout(3600), pytest.mark.asyncio(loop_scope="session")]

ROOT = Path(__file__).parents[1]
KEYS = "MATCH (r:SourceRecord) RETURN [r.system, r.kind, r.recordId]"


@dataclass(frozen=True, slots=True)
class Moment:
    """Whom to kill, and when: the part of a load that is written, or how many events are accepted."""

    killed: str
    seed: int

    @property
    def chance(self) -> random.Random:
        """What draws the moment."""
        return random.Random(f"{self.killed} {self.seed}")

    def __str__(self) -> str:
        return f"{self.killed}-{self.seed}"


def moments(*ordinary: str) -> list[object]:
    """Five moments for each who is killed; those that are not named are thorough."""
    every = [Moment(killed, seed) for killed in ("process", "neo4j") for seed in range(5)]
    return [pytest.param(one, id=str(one), marks=() if str(one) in ordinary else pytest.mark.thorough) for one in every]


Mortal = tuple[EmbeddedNeo4j, Connection]


async def sound(database: Database) -> dict[str, int]:
    """What the doctor finds wrong."""
    return {one.said: one.count async for one in found_in(database) if one.wrong and one.count}


async def patiently(connection: Connection, folder: Path) -> None:
    """Load to the end, once the database is back."""
    async with Database(connection, statement_seconds=240, seconds_before_doubt=240) as database:
        await load(database, folder, silent, patience=600)


@pytest.mark.parametrize("moment", moments())
async def test_a_load_that_is_killed_is_whole_after_the_next(mortal: Mortal, tmp_path: Path, moment: Moment) -> None:
    """The loader or its database dies while it writes; the same load once more, and all is there once."""
    server, connection = mortal
    folder = tmp_path / "exports"
    folder.mkdir()
    for name in SMALL:
        shutil.copy(SAMPLE / name, folder)
    async with Database(connection, statement_seconds=240, seconds_before_doubt=240) as database:
        await clear(database)
    part = moment.chance.random()
    loading = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.killed_load", str(folder)),
        env={**os.environ, **settings_of(connection)},
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert loading.stdout is not None
    killed = False
    async for line in loading.stdout:
        stage, done, total = line.decode().split()
        if not killed and stage == "write" and int(done) >= part * int(total):
            killed = True
            if moment.killed == "process":
                loading.kill()
            else:
                assert server.pid is not None
                os.kill(server.pid, signal.SIGKILL)
    assert await loading.wait() == (-signal.SIGKILL if moment.killed == "process" else 0)
    assert killed
    await patiently(connection, folder)
    wanted = Counter(
        (one.source.system, one.record.key) for one in (await asyncio.to_thread(read_folder, folder, silent)).reads
    )
    async with Database(connection, statement_seconds=240, seconds_before_doubt=240) as database:
        kept = Counter((system, key) for system, _, key in await database.read(KEYS))
        assert kept == wanted
        assert await sound(database) == {}


@pytest.mark.parametrize("moment", moments())
async def test_live_events_are_there_once_whoever_is_killed(mortal: Mortal, tmp_path: Path, moment: Moment) -> None:
    """The server or its database dies in the middle of a burst; each accepted event is there once."""
    server, connection = mortal
    async with Database(connection, statement_seconds=240, seconds_before_doubt=240) as database:
        await clear(database)
    chance = moment.chance
    with taking(tmp_path, connection) as served:
        burst = Burst(served.address, "kill", clients=2)
        await accepts(burst, chance.randrange(20, 400))
        await asyncio.sleep(chance.random() / 2)
        if moment.killed == "process":
            os.kill(served.process.pid, signal.SIGKILL)
            burst.stop()
        else:
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            await accepts(burst, 20)
            burst.stop()
            await arrived(connection, burst.accepted)
    with taking(tmp_path, connection):
        await arrived(connection, burst.accepted)
    kept = Counter(await asked(connection, RECORDS))
    assert set(burst.accepted) <= set(kept) <= set(burst.sent)
    assert set(kept.values()) == {1}
    async with Database(connection, statement_seconds=240, seconds_before_doubt=240) as database:
        assert await sound(database) == {}
        assert (await events_missing(database, seen_in(tmp_path / "data" / "inbox"))).count == 0
