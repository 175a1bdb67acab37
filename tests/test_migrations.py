"""Migrations: each once, in order, whole or not at all, and never one that was changed behind the graph's back."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from graph.migrations import FOLDER, migrate, read_folder
from graph.session import Database
from schema.errors import MigrationInvalid

FIRST = "CREATE (:Moved {step: 1});\nMATCH (m:Moved)\nSET m.text = 'a; b';\n"
SECOND = "MATCH (m:Moved) SET m.step = m.step + 1;\n"


@pytest_asyncio.fixture(loop_scope="session")
async def blank(database: Database) -> AsyncIterator[Database]:
    """The shared graph without a trace of migrations, before and after."""
    forget = [("MATCH (m:GraphMigration|Moved) DETACH DELETE m", None)]
    await database.write_many(forget)
    yield database
    await database.write_many(forget)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one migration."""
    (tmp_path / "0001_first_step.cypher").write_text(FIRST)
    return tmp_path


def test_our_own_migrations_are_numbered_without_a_gap() -> None:
    """The shipped folder can be read."""
    assert [migration.version for migration in read_folder(FOLDER)] == list(range(1, len(read_folder(FOLDER)) + 1))


def test_a_gap_in_the_numbers_is_refused(folder: Path) -> None:
    """A forgotten file must not pass unseen."""
    (folder / "0003_third_step.cypher").write_text(SECOND)
    with pytest.raises(MigrationInvalid, match="0003_third_step"):
        read_folder(folder)


@pytest.mark.asyncio
async def test_each_migration_is_applied_once_and_in_order(blank: Database, folder: Path) -> None:
    """A second start applies nothing, a new file only itself."""
    assert await migrate(blank, (), folder) == ("0001_first_step",)
    assert await migrate(blank, (), folder) == ()
    (folder / "0002_second_step.cypher").write_text(SECOND)
    assert await migrate(blank, (), folder) == ("0002_second_step",)
    assert await blank.read("MATCH (m:Moved) RETURN [m.step, m.text]") == [[2, "a; b"]]


@pytest.mark.asyncio
async def test_two_servers_that_start_together_apply_it_once(blank: Database, folder: Path) -> None:
    """Both start; one of them did the work."""
    await asyncio.gather(*(migrate(blank, (), folder) for _ in range(4)))
    assert await blank.read("MATCH (m:Moved) RETURN m.step") == [1]


@pytest.mark.asyncio
async def test_a_migration_that_was_changed_stops_the_start(blank: Database, folder: Path) -> None:
    """What the graph went through must be what the file says."""
    await migrate(blank, (), folder)
    (folder / "0001_first_step.cypher").write_text(FIRST + SECOND)
    with pytest.raises(MigrationInvalid, match="was changed after it was applied"):
        await migrate(blank, (), folder)


@pytest.mark.asyncio
async def test_an_older_version_does_not_start_on_a_newer_graph(blank: Database, folder: Path, tmp_path: Path) -> None:
    """It would not know what it works on."""
    await migrate(blank, (), folder)
    (tmp_path / "older").mkdir()
    with pytest.raises(MigrationInvalid, match="newer version"):
        await migrate(blank, (), tmp_path / "older")


@pytest.mark.asyncio
async def test_a_migration_that_fails_leaves_nothing(blank: Database, folder: Path) -> None:
    """Neither its first half nor its record stays."""
    (folder / "0001_first_step.cypher").write_text(FIRST + "RETURN 1 / 0;\n")
    with pytest.raises(MigrationInvalid, match="nothing changed"):
        await migrate(blank, (), folder)
    assert await blank.read("MATCH (m:Moved|GraphMigration) RETURN count(m)") == [0]


@pytest.mark.asyncio
async def test_constraints_are_in_force_after_the_start(blank: Database, folder: Path) -> None:
    """They may be said at every start."""
    said = "CREATE CONSTRAINT moved_once IF NOT EXISTS FOR (m:Moved) REQUIRE m.once IS UNIQUE"
    for _ in range(2):
        await migrate(blank, (said,), folder)
    assert await blank.read("SHOW CONSTRAINTS YIELD name WHERE name = 'moved_once' RETURN name") == ["moved_once"]
