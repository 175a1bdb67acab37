"""The shared Neo4j as the proof needs it: with full-text indexes, and without constraints, for worlds break them."""

from collections.abc import AsyncIterator

import pytest_asyncio

from graph.constraints import statements
from graph.session import Database
from schema.catalogue import complete_model


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def database(database: Database) -> AsyncIterator[Database]:
    """The shared Neo4j in which words can be searched."""
    for statement in statements(complete_model()):
        if "FULLTEXT" in statement:
            await database.change_schema(statement)
    await database.change_schema("CALL db.awaitIndexes(60)")
    yield database
