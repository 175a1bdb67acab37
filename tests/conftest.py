"""A real Neo4j for the tests that need one: started once a run, in a folder of its own, ended with it.

Tests share it and so clear it or use labels of their own. One process runs all tests; with pytest-xdist each worker
would start a Neo4j of its own.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings

from graph.embedded import EmbeddedNeo4j
from graph.embedded_home import Memory
from graph.session import Connection, Database

# A run of the tests is the same each time; `make prove` looks for what nobody has thought of yet.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

pytest.register_assert_rewrite("tests.keycloak")  # a module of fixtures that tests also import from

SMALL = Memory(heap="1g", page_cache="64m")
SHARED = Memory(heap="2g", page_cache="64m")  # thousands of plans in 1 GB: a fifth of Java's time went into collecting
NEEDS_A_DATABASE = {"neo4j", "database", "mortal", "folder_for_neo4j", "keycloak"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """The one way to accept a change of golden files: make agree."""
    parser.addoption(
        "--agree", action="store_true", help="write the golden files anew; read the diff before you commit"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs a database or Keycloak, so that `-m 'not database'` is quick and needs no Java.

    What is thorough is left out unless `-m` speaks of it or all is agreed to: a run of the tests has to be short.
    """
    if "thorough" not in config.option.markexpr and not config.option.agree:
        left_out = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        if NEEDS_A_DATABASE.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def agree(request: pytest.FixtureRequest) -> bool:
    """Whether the golden files are to be written instead of compared."""
    return bool(request.config.getoption("--agree"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def neo4j(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Connection]:
    """The connection to the Neo4j that all tests of this run share."""
    server = EmbeddedNeo4j(tmp_path_factory.mktemp("shared-neo4j"), SHARED)
    connection = await server.start()
    yield connection
    await server.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def database(neo4j: Connection) -> AsyncIterator[Database]:
    """The shared Neo4j, open, with whatever earlier tests stored. It is not doubted because the machine is busy."""
    async with Database(neo4j, statement_seconds=240, seconds_before_doubt=240) as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def mortal(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[EmbeddedNeo4j, Connection]]:
    """A second Neo4j that tests may kill. Whoever kills it waits until it is back."""
    server = EmbeddedNeo4j(tmp_path_factory.mktemp("mortal-neo4j") / "data", SMALL)
    connection = await server.start()
    yield server, connection
    await server.stop()


@pytest.fixture
def folder_for_neo4j(tmp_path: Path) -> Path:
    """An empty data folder for a test that starts a Neo4j of its own."""
    return tmp_path / "data"
