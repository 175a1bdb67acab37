"""A compaction leaves the same graph in new files, and of what was deleted no byte, whenever it is killed."""

import asyncio
import contextlib
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from graph import rebuild as rebuilding
from graph.contents import Contents
from graph.copy import copy, schema
from graph.embedded import EmbeddedNeo4j
from graph.embedded_home import Home
from graph.exchange import building, exchange, finish, mark_of, settle
from graph.folder_lock import lock
from graph.rebuild import Stores, rebuild
from graph.session import Database
from privacy import compaction
from privacy.compaction import due, state
from schema.errors import (
    CompactionBroken,
    CompactionNeedsRoom,
    CompactionNotHere,
    DataFolderBusy,
    EmbeddedDatabaseFailed,
)
from server.compaction import Due
from server.door import Door
from server.health import Health
from tests.bytes_on_disk import packed, where
from tests.conftest import SMALL
from tests.test_cli import command

ROOT = Path(__file__).parents[1]
LONG = "sentence 77 of the canary wombatinus"
INDEXED = "{pp~9}<indexed>"
IN_A_LIST = "{vw~8}<y>"
WORD = "qzwombatplover"
SHORT = "{kq~7}<z>abcdef"
ON_A_RELATIONSHIP = "{xy~3}<rel>defghi"
CANARIES = (LONG, INDEXED, IN_A_LIST, WORD, SHORT, ON_A_RELATIONSHIP)
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)

SCHEMA = (
    "CREATE CONSTRAINT Kept_id FOR (n:Kept) REQUIRE n.id IS UNIQUE",
    "CREATE INDEX Kept_indexed FOR (n:Kept) ON (n.indexed)",
    "CREATE INDEX Kept_two FOR (n:Kept) ON (n.indexed, n.number)",
    "CREATE FULLTEXT INDEX Kept_words FOR (n:Kept) ON EACH [n.words]",
    "CREATE CONSTRAINT Compaction_of FOR (n:Compaction) REQUIRE n.of IS UNIQUE",
)
EVERYTHING = """
CREATE (a:Kept:Hidden {id: 'a', words: 'hello plain', indexed: 'é', big: 9223372036854775807, low: -9223372036854775808,
  yes: true, half: 0.1, whole: 1.0, notANumber: 0.0/0.0, far: 1.0/0.0, empty: '', none: [], long: $long,
  date: date('2024-02-29'), time: time('12:31:14.645876123+01:00'), localTime: localtime('12:31:14.1'),
  moment: datetime('2019-06-01T18:40:32.142999999+02:30'), zoned: datetime('2026-10-25T02:30:00+01:00[Europe/Berlin]'),
  summer: datetime('2026-10-25T02:30:00+02:00[Europe/Berlin]'), local: localdatetime('2019-06-01T18:40:32'),
  old: datetime('1883-11-18T12:00:00Z'), lasting: duration('P1Y2M3DT4H5M6.000000007S'),
  here: point({longitude: 13.4, latitude: 52.5}), there: point({x: 1.5, y: -2, z: 3}), bytes: $bytes,
  texts: ['a', '', 'ü'], numbers: [1, 2], floats: [1.0, 2.5], truths: [true, false], days: [date('2020-01-01')],
  places: [point({x: 1, y: 2})], unicode: '\\U0001F600 \\u0000 end'})
CREATE (b:Kept {id: 'b'}), (:`A label: with signs` {id: 'c', `a name`: 1}), (d {id: 'd'})
CREATE (e:Compaction {of: 'x', id: 'e'})
CREATE (a)-[:KNOWS {since: date('2020-01-01'), weight: 1.5}]->(b), (a)-[:KNOWS]->(b)
CREATE (b)-[:KNOWS {at: datetime()}]->(a), (d)-[:IS]->(d), (a)-[:`odd type`]->(e)
WITH a
UNWIND range(1, 2500) AS number
CREATE (a)-[:HAS {number: number}]->(
  :Kept {id: 'n' + number, number: number, indexed: 'plain ' + number, words: 'hello'})
"""
PLANTED = """
UNWIND range(1, 20) AS number
CREATE (:Kept:Gone {
  id: 'x' + number, long: $text, short: $short, list: [$list, $list], indexed: $indexed, words: 'a ' + $word
})-[:HAD {what: $related}]->(:Gone {id: 'y' + number})
"""


class Census(NamedTuple):
    """All that a graph holds, so that two can be compared."""

    nodes: list[Any]
    relationships: list[Any]
    schema: list[str]


async def census(database: Database) -> Census:
    """By our own ids, which a compaction keeps; the store's are its own."""
    nodes = await database.read("MATCH (n) RETURN [n.id, labels(n), properties(n)]")
    ends = await database.read("MATCH (a)-[r]->(b) RETURN [a.id, type(r), b.id, properties(r)]")
    return Census(
        sorted(repr((key, sorted(labels), sorted(held.items()))) for key, labels, held in nodes),
        sorted(repr((start, kind, end, sorted(held.items()))) for start, kind, end, held in ends),
        await schema(database),
    )


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Database]:
    """The graph in a data folder, and a clean stop."""
    neo4j = EmbeddedNeo4j(folder, SMALL)
    try:
        async with Database(await neo4j.start(), statement_seconds=240, seconds_before_doubt=240) as database:
            yield database
    finally:
        await neo4j.stop()


class Made(NamedTuple):
    """A data folder with a stopped graph, what it holds, and where the canaries were before and after they went."""

    folder: Path
    census: Census
    before: dict[str, set[str]]
    after: dict[str, set[str]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A graph with every kind of value in it; canaries were written, indexed and deleted again."""
    folder = tmp_path_factory.mktemp("compact") / "data"
    async with opened(folder) as database:
        for statement in SCHEMA:
            await database.change_schema(statement)
        await database.write("CALL db.awaitIndexes(100)")
        planted = {"short": SHORT, "list": IN_A_LIST, "indexed": INDEXED, "word": WORD, "related": ON_A_RELATIONSHIP}
        text = "".join(f" sentence {number} of the canary wombatinus" for number in range(120))
        await database.write_many(  # at once, so that one segment of the full-text index has both
            [
                (EVERYTHING, {"long": "kept " * 50_000, "bytes": bytes(range(256))}),
                (PLANTED, {"text": text, **planted}),
            ]
        )
    before = where(folder, CANARIES)
    async with opened(folder) as database:
        await due(database, NOW)
        await database.write("MATCH (n:Gone) DETACH DELETE n")
        held = await census(database)
    return Made(folder, held, dict(before), dict(where(folder, CANARIES)))


@pytest.fixture
def folder(made: Made, tmp_path: Path) -> Path:
    """A copy of that folder, to work on."""
    copied = tmp_path / "data"
    shutil.copytree(made.folder, copied)
    return copied


def progress(stage: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


STORES = Stores(SMALL, None, lambda _: None)


async def noted(database: Database) -> None:
    """As the command notes it."""
    await compaction.done(database, NOW)


def unnoted(found: Census) -> list[str]:
    """The nodes without the note of the compaction itself."""
    return [one for one in found.nodes if "'of', 'store'" not in one]


def test_a_packed_text_is_found() -> None:
    """At every bit of a word, and across words; otherwise a search that finds nothing says nothing."""
    for bit in range(64):
        number = int.from_bytes(b"{canary}", "little") << bit
        words = number.to_bytes(24, "little")
        assert packed(b"\x01" + b"".join(words[at : at + 8][::-1] for at in (0, 8, 16)), b"{canary}"), bit
    assert not packed(bytes(64), b"{canary}")


@pytest.mark.asyncio(loop_scope="module")
async def test_deleting_alone_leaves_text_in_the_files(made: Made) -> None:
    """Each canary is found while it is there; after deletion and a clean stop most of them still are."""
    assert all(made.before.values()), made.before
    left = {text for text, files in made.after.items() if files}
    assert left >= {LONG, INDEXED, IN_A_LIST, WORD}, made.after
    kinds = " ".join(name for files in made.after.values() for name in files)
    assert all(kind in kinds for kind in ("strings", "arrays", "range", "fulltext", "transaction"))


@pytest.mark.asyncio(loop_scope="module")
async def test_a_compaction_leaves_no_byte_and_the_same_graph(made: Made, folder: Path) -> None:
    """Nodes, relationships, values of every type, constraints and indexes; our ids; the password; nothing beside it."""
    password = (folder / "neo4j" / "password").read_text()
    beside = {path.name for path in folder.iterdir()}
    came = await rebuild(Home(folder), STORES, progress, noted)
    assert {text: files for text, files in where(folder, CANARIES).items() if files} == {}
    assert (folder / "neo4j" / "password").read_text() == password
    assert {path.name for path in folder.iterdir()} == beside
    async with opened(folder) as database:
        held = await census(database)
        assert held.schema == made.census.schema
        assert held.relationships == made.census.relationships
        assert unnoted(held) == unnoted(made.census)
        assert await state(database) == compaction.State(None, NOW)
        words = "CALL db.index.fulltext.queryNodes('Kept_words', 'plain') YIELD node RETURN node.id"
        assert await database.read(words) == ["a"]
    assert (came.contents.nodes, came.contents.relationships) == (len(held.nodes), len(held.relationships))
    assert came.contents.types["HAS"] == 2500
    assert came.before > 0 < came.after
    assert {text: files for text, files in where(folder, CANARIES).items() if files} == {}


@pytest.mark.parametrize(
    ("moment", "new"),
    [
        pytest.param("copying", False, marks=pytest.mark.thorough),
        pytest.param("copied", False, marks=pytest.mark.thorough),
        pytest.param("marked", True, marks=pytest.mark.thorough),
        ("between", True),
        pytest.param("moved", True, marks=pytest.mark.thorough),
    ],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_whenever_it_is_killed_the_next_start_has_all_data(
    made: Made, folder: Path, moment: str, new: bool
) -> None:
    """The old store until the new one counts, the new one from then on; nothing is left beside it."""
    killed = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.killed_compaction", str(folder), moment), cwd=ROOT
    )
    assert await killed.wait() == -9
    assert mark_of(Home(folder)).exists() is new
    async with opened(folder) as database:
        assert await census(database) == made.census
    assert {path.name for path in folder.iterdir()} == {path.name for path in made.folder.iterdir()}
    left = where(folder, [LONG, INDEXED])
    assert not any(left.values()) if new else all(left.values())


class Killed(BaseException):
    """Stands for the end of the process."""


def laid_out(folder: Path) -> Home:
    """A folder with an old and a new store in it, as they are before an exchange."""
    home = Home(folder)
    for place, text in ((home.neo4j, "old"), (building(home).neo4j, "new")):
        (place / "data").mkdir(parents=True)
        (place / "data" / "store").write_text(text)
    (folder / "other").write_text("stays")
    return home


@pytest.mark.parametrize("step", range(14))
@pytest.mark.asyncio
async def test_an_exchange_cut_off_at_any_step_is_finished_or_undone(
    tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every change to the folder is a step; so is the second start, which is cut off as well."""
    home = laid_out(tmp_path)
    left = [step]

    def cut_off(really: Any) -> Any:
        def wrapped(*given: Any, **named: Any) -> Any:
            if left[0] == 0:
                raise Killed
            left[0] -= 1
            return really(*given, **named)

        return wrapped

    with monkeypatch.context() as patch:
        for where_, name in ((Path, "open"), (Path, "rename"), (Path, "unlink"), (shutil, "rmtree")):
            patch.setattr(where_, name, cut_off(getattr(where_, name)))
        with contextlib.suppress(Killed):
            exchange(home)
        if mark_of(home).exists():
            left[0] = step // 2
            with contextlib.suppress(Killed):
                finish(home)
    counted = mark_of(home).exists() or not building(home).data.exists()
    await settle(home)
    assert (home.neo4j / "data" / "store").read_text() == ("new" if counted else "old")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["neo4j", "other"]
    await settle(home)
    assert (home.neo4j / "data" / "store").exists()


@pytest.mark.asyncio
async def test_an_exchange_that_cannot_be_finished_waits_for_the_next_start(tmp_path: Path) -> None:
    """What stands in its way is told, and nothing is moved over anything."""
    home = laid_out(tmp_path)
    in_the_way = building(home).data / "old"
    in_the_way.mkdir()
    (in_the_way / "something").touch()
    with pytest.raises(EmbeddedDatabaseFailed, match="the start finishes it"):
        exchange(home)
    shutil.rmtree(in_the_way)
    await settle(home)
    assert (home.neo4j / "data" / "store").read_text() == "new"


@pytest.mark.asyncio(loop_scope="module")
async def test_a_copy_that_differs_does_not_count(made: Made, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One value of one node is enough; the old store stays, and the half-made one goes."""

    async def less(source: Database, target: Database, tell: Any) -> Contents:
        found = await copy(source, target, tell)
        await target.write("MATCH (n:Kept {id: 'a'}) SET n.half = 0.10000000000000002")
        return found

    monkeypatch.setattr(rebuilding, "copy", less)
    with pytest.raises(CompactionBroken):
        await rebuild(Home(folder), STORES, progress, noted)
    async with opened(folder) as database:
        assert await census(database) == made.census
        assert (await state(database)).due_since == NOW
    assert not building(Home(folder)).data.exists()


@pytest.mark.asyncio(loop_scope="module")
async def test_it_needs_room_its_own_disk_and_nobody_beside_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is told before anything is changed."""
    home = Home(folder)
    with lock(folder / "lock", folder), pytest.raises(DataFolderBusy):
        await rebuild(home, STORES, progress, noted)
    monkeypatch.setattr(rebuilding, "ROOM_BESIDES", 1 << 60)
    with pytest.raises(CompactionNeedsRoom, match="MB free"):
        await rebuild(home, STORES, progress, noted)
    home.neo4j.rename(tmp_path / "elsewhere")
    home.neo4j.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CompactionNotHere, match="lies elsewhere"):
        await rebuild(home, STORES, progress, noted)


def test_the_command_says_what_it_did(folder: Path, tmp_path: Path) -> None:
    """Once on an embedded graph; for a Neo4j of one's own and for no graph it says what to do instead."""
    doctor = command("doctor", "--graph", "--data", folder)
    assert "since 2026-11-27" in doctor.stdout, doctor
    came = command("compact", "--data", folder)
    assert came.returncode == 0, came.stderr
    assert came.stdout.startswith("Compacted: 2,506 nodes, 2,505 relationships; "), came.stdout
    assert "since 2026-11-27" not in command("doctor", "--graph", "--data", folder).stdout
    for words, told in (
        (("--data", tmp_path / "none"), "CG902"),
        (("--data", folder, "--done"), "CG902"),
    ):
        refused = command("compact", *words)
        assert (refused.returncode, told in refused.stderr) == (1, True), refused
    named = command("compact", NEO4J_URI="bolt://127.0.0.1:1", NEO4J_PASSWORD="secret-of-a-test")
    assert "docs/deploy.md" in named.stderr
    assert "CG410" in named.stderr


@pytest.mark.asyncio(loop_scope="session")
async def test_a_running_server_says_since_when_one_is_due(database: Database) -> None:
    """At its start and in its health, by the day alone; nothing where nothing is due."""
    await database.write("MATCH (note:Compaction) DELETE note")
    seen = Due()
    app = Starlette(routes=Health(Door(database), due=seen).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        await seen.look(database)
        assert (seen.told, seen.days) == ("", 0)
        assert (await client.get("/health/ready")).json() == {"status": "ready"}
        await due(database, NOW)
        await due(database, datetime(2027, 1, 1, tzinfo=UTC))
        await seen.look(database)
        assert "since 2026-11-27. Stop the server and run: customer-graph compact" in seen.told
        assert seen.days >= 1
        assert (await client.get("/health/ready")).json() == {"status": "ready", "compactionDueSince": "2026-11-27"}
    await compaction.done(database, NOW)


def test_nothing_keeps_a_store_id() -> None:
    """A compaction gives nodes other ids of the store; what outlives a statement knows them by `id`.

    An erasure holds them between two statements, beside which no compaction runs, and keeps none.
    """
    texts = [
        path
        for folder in ("auth", "graph", "ingest", "insight", "privacy", "resolvers", "schema", "server")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".cypher") and path.parent.name not in ("compaction", "erasure")
    ]
    assert len(texts) > 100
    assert [path for path in texts if "elementId(" in (text := path.read_text()) or "element_id" in text] == []


VALUES = st.dictionaries(
    st.text(max_size=3), st.one_of(st.integers(), st.text(), st.booleans(), st.floats()), max_size=3
)
ROWS = st.lists(st.tuples(st.integers(0, 9), st.lists(st.sampled_from("ABC"), unique=True), VALUES), max_size=6)


@given(ROWS, st.randoms())
def test_contents_do_not_depend_on_the_order(rows: list[Any], chance: Any) -> None:
    """A store gives back in its own order what was written in another."""
    other = [(number, sorted(labels, reverse=True), dict(reversed(held.items()))) for number, labels, held in rows]
    chance.shuffle(other)
    assert _read(rows) == _read(other)


@given(ROWS.filter(bool), st.integers(0, 5))
def test_contents_tell_every_change_of_a_value(rows: list[Any], at: int) -> None:
    """Also one that compares as the same: 1, 1.0 and True."""
    number, labels, held = rows[at % len(rows)]
    for one, other in ((1, 1.0), (1, True), ("1", 1)):
        rows[at % len(rows)] = (number, labels, {**held, "x": one})
        first = _read(rows)
        rows[at % len(rows)] = (number, labels, {**held, "x": other})
        assert _read(rows) != first


def _read(rows: list[Any]) -> Contents:
    found = Contents()
    for number, labels, held in rows:
        found.node(number, labels, held)
    return found
