"""Two persons of whom every type of the model holds a record, with a canary in each text; and all that hangs on them
beside the model.

There is nothing to assert here, so pytest need not rewrite it and others may import it: PYTEST_DONT_REWRITE.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from graph.session import Database
from privacy.fates import in_order
from schema.model import ENUMS, MODEL, Category, NodeType, Property, Scalar
from tests.test_ingest_load import clear

ADA, BOB, OLD = "cus_ada", "cus_bob", "cus_old"
OF_CUSTOMERS = (MODEL["Customer"], *in_order(MODEL))
LABELS = {kind.name for kind in OF_CUSTOMERS}
FIXED: dict[str, object] = {
    "Customer.status": "ACTIVE",
    "Customer.kind": "PERSON",
    "Customer.region": "GB",
    "Identity.kind": "EMAIL",
    "Identity.blocked": False,
    "Interaction.source": "crm",
    "Standing.purpose": "service",
    "Standing.lawful": True,
    "AttributeProvenance.chosen": True,
    "Consent.source": "crm",
    "SourceRecord.system": "crm",
    "SourceRecord.kind": "customer",
    "Delivery.state": "PENDING",
    "Delivery.system": "crm",
    "Delivery.attempts": 0,
    "LegalHold.releasedAt": "@2026-01-02T10:00:00Z",
    "MatchDecision.verdict": "MERGED",
}
"""Values that are not made of their field's name: holds have ended, changes have still to be told."""
AT = datetime(2026, 1, 1, tzinfo=UTC)
CREATE = "UNWIND $rows AS row CREATE (n:$(row.label)) SET n = row.values"
TIMES = """MATCH (n) UNWIND keys(n) AS name
WITH n, name WHERE n[name] IS :: STRING AND n[name] STARTS WITH '@'
WITH n, name, substring(n[name], 1) AS said
SET n[name] = CASE WHEN said CONTAINS 'T' THEN datetime(said) ELSE date(said) END"""
LINK = "UNWIND $rows AS row MATCH (a {id: row.start}), (b {id: row.end}) CREATE (a)-[:$(row.type)]->(b)"
BESIDE = """
MATCH (ada:Customer {id: 'cus_ada'}), (bob:Customer {id: 'cus_bob'}), (call:Interaction {id: 'int_ada'})
CREATE (sys:SourceSystem {id: 'sys_crm', name: 'crm'})
CREATE (:SourceSystem {id: 'sys_shop', name: 'shop', takes: ['consent', 'customer.erased']})
CREATE (ada)-[:HAS_IDENTITY]->(:Identity {id: 'idn_both', kind: 'PHONE', value: '+441130000001',
  normalized: '+441130000001', blocked: true, createdAt: $at})<-[:HAS_IDENTITY]-(bob)
CREATE (ada)-[:MEMBER_OF]->(:Household {id: 'hsh_both', size: 2, createdAt: $at})<-[:MEMBER_OF]-(bob)
CREATE (:Team {id: 'tea_1', name: 'Service'})-[:SERVES]->(ada)
CREATE (ada)-[:WORKS_FOR]->(:Customer {id: 'cus_firm', kind: 'ORGANISATION', status: 'ACTIVE', name: 'Firm',
  orderCount: 0, region: 'GB', createdAt: $at, updatedAt: $at})
CREATE (old:AbsorbedCustomer {id: 'cus_old', sourceKey: 'old', name: $said + 'AbsorbedCustomer.name'})
  -[:ABSORBED_INTO {by: 'dec_ada'}]->(ada)
CREATE (old)-[:PROVEN_BY]->(:AttributeProvenance {id: 'prv_old', value: $said + 'derived of the absorbed'})
CREATE (asked:ReviewTask {id: 'rev_of_bob', sourceKey: 'rev_of_bob', kind: 'COMPLAINT', state: 'OPEN', purposes: [],
  aboutAnother: true, foundAt: $at, saidAt: $at, quote: $said + 'quoted about another', confidence: 0.9})
CREATE (asked)-[:ASKS_ABOUT]->(bob)
CREATE (asked)-[:FOUND_IN]->(call)
CREATE (:CallerAnswers {of: 'customer cus_ada', wrongAt: []})
CREATE (row:SourceRecord {id: 'src_call', sourceKey: 'shop/calls:call-ada', system: 'shop', kind: 'call',
  recordId: 'call-ada', resolution: 'RESOLVED', evidence: [], loadedAt: $at, payload: $said + 'row of a call',
  kept: $said + 'kept of a call'})-[:RECORDS]->(call)
CREATE (:SourceRecord {id: 'src_role', sourceKey: 'crm/account_contacts:r-1', system: 'crm', kind: 'role',
  recordId: 'r-1', resolution: 'UNATTRIBUTED', evidence: [], loadedAt: $at,
  payload: '{"name": "' + $said + 'row of nobody", "email": "' + toUpper($email) + '"}'})
CREATE (:SourceRecord {id: 'src_waits', sourceKey: 'shop/events:w-1', system: 'shop', kind: 'event',
  recordId: 'w-1', resolution: 'UNATTRIBUTED', evidence: [], loadedAt: $at, waitsForRecord: 'crm:ada',
  arrival: $said + 'event that waits'})
WITH ada, bob
MATCH (record:SourceRecord {id: 'src_ada'}) SET record.kept = $said + 'kept', record.liveRow = $said + 'live row',
  record.arrival = $said + 'arrival'
WITH ada, bob
MATCH (:SourceRecord {id: 'src_ada'})<-[:COMPARES]-(candidate:MatchCandidate), (of_bob:SourceRecord {id: 'src_bob'})
CREATE (candidate)-[:COMPARES]->(of_bob)
WITH ada, bob
MATCH (decision:MatchDecision {id: 'dec_ada'})
CREATE (decision)-[:FOUND]->(:CustomerBefore {id: 'cus_ada', name: $said + 'CustomerBefore.name'})
CREATE (decision)-[:SET_ASIDE]->(:Channel {id: 'chn_aside', address: $said + 'set aside'})
WITH ada, bob
MATCH (delivery:Delivery {id: 'dlv_ada'}) SET delivery.body = $said + 'body', delivery.queue = 'cus_ada:crm:'
WITH ada, bob
MATCH (change:Change {id: 'chg_ada'}) SET change.inputDigest = $said + 'digest of the input', change.record = 'cor_ada'
"""
HOLDING = """MATCH (n) UNWIND keys(n) AS name
UNWIND CASE WHEN n[name] IS :: LIST<ANY> THEN n[name] ELSE [n[name]] END AS one
WITH n, name, one WHERE one IS :: STRING AND toLower(one) CONTAINS $word
RETURN DISTINCT head(labels(n)) + '.' + name AS place ORDER BY place"""


def canary(person: str, place: str) -> str:
    """The text that a place holds of a person: long, so that no store packs it."""
    return f"canary {person} {place} {sha256(f'{person} {place}'.encode()).hexdigest()}"


def email(person: str) -> str:
    """Her mailbox, a canary as well."""
    return f"canary.{person}.{sha256(person.encode()).hexdigest()[:24]}@x.example"


async def plant(database: Database) -> None:
    """Clear the graph and fill it."""
    await clear(database)
    await database.write("MATCH (n) WHERE n:Suppression OR n:SuppressionKey OR n:CallerAnswers DETACH DELETE n")
    rows = [
        {"label": kind.name, "values": dict(_values(kind, person))}
        for person in ("ada", "bob")
        for kind in OF_CUSTOMERS
        if kind.name != "Household"
    ]
    await database.write(CREATE, {"rows": rows})
    await database.write(TIMES)
    await database.write(LINK, {"rows": [row for person in ("ada", "bob") for row in _links(person)]})
    await database.write(BESIDE, {"said": "canary ada ", "email": email("ada"), "at": AT})


async def holding(database: Database, word: str) -> list[str]:
    """Every place of the graph that holds a word, as `Label.property`."""
    return list(await database.read(HOLDING, {"word": word.lower()}))


def _values(kind: NodeType, person: str) -> Iterator[tuple[str, object]]:
    yield "sourceKey", f"{kind.name.lower()}-{person}" if kind.name != "SourceRecord" else f"crm:{person}"
    for held in kind.properties.values():
        value = _value(kind, held, person)
        yield held.name, [value] if held.many else value


def _value(kind: NodeType, held: Property, person: str) -> Any:
    if held.name == "id":
        return f"{kind.prefix}_{person}"
    if f"{kind.name}.{held.name}" in FIXED:
        return FIXED[f"{kind.name}.{held.name}"]
    if held.name in ("email", "normalized"):
        return email(person)
    match held.scalar:
        case Scalar.DATE:
            return "@2026-01-02"
        case Scalar.DATETIME:
            return "@2026-01-02T10:00:00Z"
        case Scalar.INT:
            return 3
        case Scalar.DECIMAL:
            return 1250
        case Scalar.FLOAT:
            return 0.5
        case Scalar.BOOLEAN:
            return True
        case Scalar.ENUM:
            assert held.enum is not None
            return next(iter(ENUMS[held.enum])).name
    if held.category in (Category.OPERATIONS, Category.STAFF, Category.KEY, Category.REFERENCE):
        return f"{kind.name}.{held.name} of {person}"
    return canary(person, f"{kind.name}.{held.name}")


def _links(person: str) -> Iterator[dict[str, str]]:
    """Each record's way to whom it is about."""
    for kind in OF_CUSTOMERS:
        way = kind.subject
        if way is not None and kind.name != "Household":
            here, there = f"{kind.prefix}_{person}", f"{MODEL[way.targets[0]].prefix}_{person}"
            start, end = (here, there) if way.outward else (there, here)
            yield {"type": way.type, "start": start, "end": end}
    yield {"type": "VIA", "start": f"int_{person}", "end": f"chn_{person}"}
