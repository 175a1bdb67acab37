"""Nothing is in an empty list: denying that something is in it finds every record, also those without a value.

Neo4j 2026.08 plans `NOT (n.phone IN $list)` over an index on phone as if phone had to be there.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.trail import Trail
from graph.constraints import statements
from graph.session import Database
from schema.catalogue import complete_model
from server.assembly import assemble
from server.settings import load
from tests.test_changes import Desk
from tests.test_ingest_load import clear

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

PEOPLE = """UNWIND range(1, 5) AS number
CREATE (c:Customer {id: 'cus_' + number, kind: 'PERSON', status: 'ACTIVE', orderCount: 0,
  createdAt: datetime(), updatedAt: datetime()})
SET c.phone = CASE WHEN number > 2 THEN '+44113234567' + number END"""
QUESTION = "query ($l: [String!]!) {{ customers(first: 10, where: {}) {{ totalCount nodes {{ id }} }} }}"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def indexed(database: Database) -> Database:
    """The shared Neo4j with the index of phones; what was planned without it is forgotten."""
    for statement in statements(complete_model()):
        if "INDEX Customer_phone" in statement:
            await database.change_schema(statement)
    await database.change_schema("CALL db.awaitIndexes(60)")
    await database.change_schema("CALL db.clearQueryCaches()")
    return database


@pytest_asyncio.fixture(loop_scope="session")
async def desk(indexed: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    """Five people, three of them with a phone."""
    database = indexed
    await clear(database)
    await database.write(PEOPLE)
    async with Trail(tmp_path / "trail") as trail:
        yield Desk(assemble(load(data=tmp_path)), LocalIssuer(tmp_path), database, trail)


@pytest.mark.parametrize(
    "where", ["{not: {phone: {in: $l}}}", "{phone: {notIn: $l}}", "{not: {or: [{phone: {in: $l}}]}}"]
)
async def test_an_empty_list_denied_finds_all(desk: Desk, where: str) -> None:
    """The count as well as the nodes; a list with something in it finds those who have another value."""

    async def found(*phones: str) -> tuple[int, int]:
        answer: dict[str, Any] = await desk.ask(QUESTION.format(where), {"l": list(phones)}, "privacy_officer")
        customers = answer["data"]["customers"]
        return customers["totalCount"], len(customers["nodes"])

    assert await found() == (5, 5)
    assert await found("+441132345673") == (2, 2)
    assert await found() == (5, 5)
