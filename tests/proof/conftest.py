"""The shared Neo4j as the proof needs it: with all indexes, without constraints, for worlds break them.

An index changes how a statement is planned, so what is proved without them is proved of other plans.

A walk stops where it becomes too wide for the worlds of the proof, which are small.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

import graph.emit_traverse
from graph.constraints import statements
from graph.session import Database
from schema.catalogue import complete_model
from tests.proof.oracle_paths import FEW


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def database(database: Database) -> AsyncIterator[Database]:
    """The shared Neo4j in which words can be searched and values looked up."""
    for statement in statements(complete_model()):
        if "CONSTRAINT" not in statement:
            await database.change_schema(statement)
    await database.change_schema("CALL db.awaitIndexes(60)")
    yield database


@pytest.fixture(autouse=True)
def _narrow_walks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph.emit_traverse, "MOST_WALKED_FROM", FEW)
