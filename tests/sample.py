"""The sample company in a Neo4j of its own: loaded once a run, changed by no test.

A test module that uses it says `pytest_plugins = ["tests.sample"]`. There is nothing to assert here, so pytest need
not rewrite it and others may import it: PYTEST_DONT_REWRITE.
"""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from graph.constraints import statements
from graph.embedded import EmbeddedNeo4j
from graph.embedded_home import Memory
from graph.session import Connection, Database
from ingest.load import LoadReport, load
from insight.kept import journeys, signals
from schema.catalogue import complete_model

COMPANY = Path(__file__).parents[1] / "examples" / "acme-home"

KEPT_AT = datetime(2026, 10, 1, tzinfo=UTC)
"""When what insights keep was kept."""
PURPOSES = ("service", "marketing.email", "analytics", "operations")
BUSIEST = """MATCH (c:Customer {status: 'ACTIVE', kind: 'PERSON'})
WHERE c.email IS NOT NULL AND c.phone IS NOT NULL
  AND all(purpose IN $purposes WHERE EXISTS { (c)-[:STANDS]->(:Standing {purpose: purpose, lawful: true}) })
  AND EXISTS { (c)-[:PLACED]->()-[:SHIPPED_BY]->() } AND EXISTS { (c)-[:OPENED]->() }
  AND EXISTS { (c)-[:HAS_IDENTITY]->(:Identity {kind: 'CUSTOMER_NUMBER'}) }
WITH c ORDER BY COUNT { (c)-[:HAD]->() } DESC, c.sourceKey LIMIT 1
"""
FOUND_BY: Mapping[str, str] = {
    "busiest": "RETURN c.id",
    "phone": "MATCH (c)-[:HAS_IDENTITY]->(i:Identity {kind: 'PHONE'}) RETURN min(i.normalized)",
    "email": "RETURN c.email",
    "number": "MATCH (c)-[:HAS_IDENTITY]->(i:Identity {kind: 'CUSTOMER_NUMBER'}) RETURN min(i.value)",
    "order": "MATCH (c)-[:PLACED]->(o) RETURN o.id ORDER BY o.number LIMIT 1",
    "order_number": "MATCH (c)-[:PLACED]->(o) RETURN o.number ORDER BY o.number LIMIT 1",
    "invoice_number": "MATCH (c)-[:PLACED]->()-[:BILLED_BY]->(i) RETURN i.number ORDER BY i.number LIMIT 1",
    "parcel_number": "MATCH (c)-[:PLACED]->()-[:SHIPPED_BY]->(s) RETURN s.number ORDER BY s.number LIMIT 1",
    "case_number": "MATCH (c)-[:OPENED]->(t) RETURN t.number ORDER BY t.number LIMIT 1",
    "family_name": "RETURN c.familyName",
    "postal_code": "MATCH (c)-[:LIVES_AT]->(a) RETURN a.postalCode",
    "interaction": "MATCH (c)-[:HAD]->(i) RETURN i.id ORDER BY i.sourceKey LIMIT 1",
    "consent": "MATCH (c)-[:GAVE]->(g) RETURN g.id ORDER BY g.sourceKey LIMIT 1",
    "campaign": "MATCH (c)-[:RECEIVED]->()-[:PART_OF_CAMPAIGN]->(x) RETURN x.number ORDER BY x.number LIMIT 1",
    "product": "MATCH (c)-[:PLACED]->()-[:OF]->(p) RETURN p.id ORDER BY p.sku LIMIT 1",
    "sku": "MATCH (c)-[:PLACED]->()-[:OF]->(p) RETURN p.sku ORDER BY p.sku LIMIT 1",
}
"""Each begins at the customer `c` who is lawful for every purpose here and was in touch most often."""
FOUND_ANYWHERE: Mapping[str, str] = {
    "organisation": "MATCH (c:Customer {kind: 'ORGANISATION'}) WITH c ORDER BY COUNT { (c)<-[:PART_OF]-() } DESC, "
    "COUNT { (c)<-[:WORKS_FOR]-() } DESC, c.sourceKey LIMIT 1 RETURN c.id",
    "spelling": "MATCH (s:Supplier) RETURN s.spellings[0] ORDER BY s.number LIMIT 1",
}
CHANGES = """MATCH (c:Customer) WITH c, range(1, 3) AS times UNWIND times AS i
CREATE (n:Change {id: 'chg_' + replace(randomUUID(), '-', ''), name: 'withdrawConsent', fields: [], role: 'x',
  purpose: 'x', source: 'api', at: datetime('2026-01-01T00:00:00Z') + duration({seconds: rand() * 1000000})})
CREATE (n)-[:CHANGED]->(c)
WITH max(n.at) AS last MERGE (clock:LogClock {of: 'Change'}) SET clock.at = last"""
"""Changes that were made of every customer, beside what the load made of her."""
STANDS_FOR = re.compile(r"^(?:[a-z]{3}_)?@([a-z_]+)$")


@dataclass(frozen=True, slots=True)
class Sample:
    """The loaded company, and what golden questions call by name."""

    database: Database
    found: Mapping[str, Any]
    loaded: LoadReport
    connection: Connection

    def filled(self, variables: Any) -> Any:
        """Variables with the sample's own values in place of names."""
        match variables:
            case str() if (name := STANDS_FOR.match(variables)) and name[1] in self.found:
                return self.found[name[1]]
            case Mapping():
                return {name: self.filled(value) for name, value in variables.items()}
            case list():
                return [self.filled(value) for value in variables]
            case _:
                return variables


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sample(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sample]:
    """The sample company as the loader makes it, with the constraints and indexes of the product."""
    server = EmbeddedNeo4j(tmp_path_factory.mktemp("sample-neo4j"), Memory(heap="1g", page_cache="96m"))
    connection = await server.start()
    async with Database(connection, statement_seconds=120, seconds_before_doubt=120) as database:
        for statement in statements(complete_model()):
            await database.change_schema(statement)
        loaded = await load(database, COMPANY, lambda what, done, of: None)
        await signals.keep(database, datetime(2026, 11, 1, tzinfo=UTC))
        await journeys.keep(database, KEPT_AT)
        await database.write(CHANGES)
        await database.change_schema("CALL db.awaitIndexes(60)")
        yield Sample(database, await _found(database), loaded, connection)
    await server.stop()


async def _found(database: Database) -> Mapping[str, Any]:
    found = {}
    for name, text in FOUND_BY.items():
        (found[name],) = await database.read(BUSIEST + text, {"purposes": list(PURPOSES)})
    for name, text in FOUND_ANYWHERE.items():
        (found[name],) = await database.read(text)
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What uses the sample needs a database."""
    for item in items:
        if "sample" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.database)
