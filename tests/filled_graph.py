"""A graph in which every field of the shipped model holds a value that says whose it is: one record of each type.

There is nothing to assert here, so pytest need not rewrite it and others may import it: PYTEST_DONT_REWRITE.
"""

from collections.abc import Iterator
from typing import Any

from graph.session import Database
from schema.enums import ChannelKind
from schema.model import ENUMS, MODEL, NodeType, Property, Scalar
from tests.test_ingest_load import clear

SHIPPED = tuple(kind for kind in MODEL.values() if kind.declared.__module__.startswith("schema."))
WHO, OTHER = "cus_1", "cus_2"
FORMULA = '=HYPERLINK("http://127.0.0.1/")'
INVOICES = 60
SAID: dict[str, object] = {
    "Customer.status": "ACTIVE",
    "Customer.kind": "PERSON",
    "Customer.name": "Ada, Countess of Lovelace; <b>Byron</b>",
    "Customer.givenName": "Ada",
    "Customer.familyName": "Byron",
    "Customer.email": "ada@example.org",
    "Customer.phone": "+441130000001",
    "Customer.language": "en",
    "Identity.kind": "EMAIL",
    "Identity.normalized": "countess@example.org",
    "Identity.blocked": False,
    "Interaction.subject": FORMULA,
    "Standing.purpose": "service",
    "Standing.channel": ChannelKind.EMAIL.name,
    "AttributeProvenance.chosen": True,
}
"""Values that are not made of their field's name."""
CREATE = "UNWIND $rows AS row CREATE (n:$(row.label)) SET n = row.values"
TIMES = """MATCH (n) UNWIND keys(n) AS name
WITH n, name WHERE n[name] IS :: STRING AND n[name] STARTS WITH '@'
WITH n, name, substring(n[name], 1) AS said
SET n[name] = CASE WHEN said CONTAINS 'T' THEN datetime(said) ELSE date(said) END"""
LINK = "UNWIND $rows AS row MATCH (a {id: row.start}), (b {id: row.end}) CREATE (a)-[:$(row.type)]->(b)"
SOMEBODY_ELSE = """MATCH (i:Identity {id: 'idn_1'})
CREATE (c:Customer {id: 'cus_2', kind: 'PERSON', status: 'ACTIVE', name: 'SOMEBODY ELSE', orderCount: 0,
  createdAt: datetime('2026-01-02T10:00:00Z'), updatedAt: datetime('2026-01-02T10:00:00Z')})-[:HAS_IDENTITY]->(i)
CREATE (c)-[:HAD]->(n:Interaction)
SET n = head(COLLECT { MATCH (m:Interaction {id: 'int_1'}) RETURN m {.*, id: 'int_2', text: 'SOMEBODY ELSE'} })"""
MANY_INVOICES = """MATCH (o:Order {id: 'ord_1'})-[:BILLED_BY]->(first:Invoice)
UNWIND range(2, $most) AS number
CREATE (o)-[:BILLED_BY]->(i:Invoice) SET i = first {.*, id: 'inv_' + number}"""


async def fill(database: Database) -> None:
    """Clear the graph and fill it, unless nobody has touched it since."""
    if await database.read("MATCH (n:Untouched) RETURN n.of"):
        return
    await clear(database)
    rows = [{"label": kind.name, "values": dict(_values(kind))} for kind in SHIPPED]
    await database.write(CREATE, {"rows": rows})
    await database.write(TIMES)
    await database.write(LINK, {"rows": list(_links())})
    await database.write(MANY_INVOICES, {"most": INVOICES})
    await database.write(SOMEBODY_ELSE)
    await database.write("CREATE (:Untouched {of: 'filled graph'})")


async def change(database: Database, text: str, **parameters: object) -> None:
    """Change the filled graph; whoever fills it next begins anew."""
    await database.write("MATCH (n:Untouched) DELETE n")
    await database.write(text, parameters)


def marker(kind: str, name: str) -> str:
    """The text that a field holds."""
    return str(SAID.get(f"{kind}.{name}", f"{kind}.{name} held"))


def _values(kind: NodeType) -> Iterator[tuple[str, object]]:
    for held in kind.properties.values():
        value = _value(kind, held)
        yield held.name, [value] if held.many else value


def _value(kind: NodeType, held: Property) -> Any:
    if held.name == "id":
        return f"{kind.prefix}_1"
    if f"{kind.name}.{held.name}" in SAID:
        return SAID[f"{kind.name}.{held.name}"]
    match held.scalar:
        case Scalar.DATE:
            return "@2026-01-02"
        case Scalar.DATETIME:
            return "@2026-01-02T10:00:00Z"
        case Scalar.INT:
            return 3
        case Scalar.DECIMAL:
            return -1250
        case Scalar.FLOAT:
            return 0.5
        case Scalar.BOOLEAN:
            return True
        case Scalar.ENUM:
            assert held.enum is not None
            return next(iter(ENUMS[held.enum])).name
        case _:
            return marker(kind.name, held.name)


def _links() -> Iterator[dict[str, str]]:
    """Every edge that goes out, from the one record to the other; none from a record to itself."""
    seen = set()
    for kind in SHIPPED:
        for edge in kind.edges.values():
            for target in edge.targets:
                here, there = f"{kind.prefix}_1", f"{MODEL[target].prefix}_1"
                start, end = (here, there) if edge.outward else (there, here)
                if here != there and (edge.type, start, end) not in seen:
                    seen.add((edge.type, start, end))
                    yield {"type": edge.type, "start": start, "end": end}
