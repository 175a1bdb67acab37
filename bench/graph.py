"""A graph to measure on: customers with handles, channels, decisions, standings and what happened, from a seed.

Everyone is active and every purpose is lawful, so that each role that may see a region sees all of it and answers can
be compared with those of a server that knows no roles. Two neighbours share a phone: that is the way to two hops.
"""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from graph.constraints import statements
from graph.session import Database
from schema.catalogue import complete_model

REGIONS = ("DE", "FR", "GB", "NL", "US")
SEGMENTS = ("consumer", "business")
PURPOSES = ("service", "service.messages", "marketing.email")
KINDS = ("EMAIL", "CALL", "CHAT", "PAGE_VIEW", "EVENT")
FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
MINUTES = 2 * 365 * 24 * 60
BATCH = 250
SECONDS_FOR_A_BATCH = 120.0

# Times travel as text: the driver takes 37 microseconds for each that it packs itself.
HOUSEHOLDS = """
UNWIND $rows AS row
CREATE (phone:Identity) SET phone = row.phone, phone.createdAt = datetime(row.phone.createdAt)
WITH row, phone
UNWIND row.customers AS one
CREATE (c:Customer) SET c = one.properties, c.birthDate = date(one.properties.birthDate),
  c.customerSince = date(one.properties.customerSince),
  c.lastInteractionAt = datetime(one.properties.lastInteractionAt), c.createdAt = datetime(one.properties.createdAt),
  c.updatedAt = datetime(one.properties.updatedAt)
CREATE (c)-[:HAS_IDENTITY]->(phone)
FOREACH (each IN one.identities |
  CREATE (c)-[:HAS_IDENTITY]->(n:Identity) SET n = each, n.createdAt = datetime(each.createdAt))
FOREACH (each IN one.channels |
  CREATE (c)-[:REACHABLE_ON]->(n:Channel) SET n = each, n.since = datetime(each.since))
FOREACH (each IN one.consents |
  CREATE (c)-[:GAVE]->(n:Consent) SET n = each, n.capturedAt = datetime(each.capturedAt))
FOREACH (each IN one.standings | CREATE (c)-[:STANDS]->(n:Standing) SET n = each)
FOREACH (each IN one.interactions |
  CREATE (c)-[:HAD]->(n:Interaction) SET n = each, n.occurredAt = datetime(each.occurredAt))
"""

PARTS = ("identities", "channels", "consents", "standings", "interactions")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """What was written: how many nodes of everything, and the ids of all customers."""

    nodes: int
    customers: tuple[str, ...]


async def make(database: Database, customers: int, seed: int = 1) -> Made:
    """Write the graph into an empty database; the product's constraints and indexes follow, which is quicker."""
    chance = random.Random(seed)
    ids: list[str] = []
    nodes = 0
    for start in range(0, customers, BATCH):
        rows = [household(first, chance) for first in range(start, min(start + BATCH, customers), 2)]
        await database.write(HOUSEHOLDS, {"rows": rows}, SECONDS_FOR_A_BATCH)
        people = [one for row in rows for one in row["customers"]]
        ids += [one["properties"]["id"] for one in people]
        nodes += len(rows) + sum(1 + sum(len(one[part]) for part in PARTS) for one in people)
    for statement in statements(complete_model()):
        await database.change_schema(statement, SECONDS_FOR_A_BATCH)
    await database.write("CALL db.awaitIndexes(120)", None, SECONDS_FOR_A_BATCH)
    return Made(nodes, tuple(ids))


def household(first: int, chance: random.Random) -> Row:
    """Two customers and the phone that they share."""
    shared = phone(first // 2, chance)
    return {"phone": shared, "customers": [customer(number, shared, chance) for number in (first, first + 1)]}


def phone(number: int, chance: random.Random) -> Row:
    """A phone that two customers share."""
    return identity("PHONE", f"+4420{number:08d}", chance)


def identity(kind: str, value: str, chance: random.Random) -> Row:
    """A handle."""
    return node("idn", chance, kind=kind, value=value, normalized=value, blocked=False, createdAt=FIRST_DAY.isoformat())


def customer(number: int, phone: Row, chance: random.Random) -> Row:
    """A customer and all that hangs on her alone."""
    email, since = f"customer{number}@mail{number % 97}.example", moment(chance)
    happened = [interaction(chance) for _ in range(chance.randint(20, 24))]
    properties = node(
        "cus",
        chance,
        kind="PERSON",
        status="ACTIVE",
        name=f"Given{number % 1009} Family{number}",
        givenName=f"Given{number % 1009}",
        familyName=f"Family{number}",
        birthDate=str(date(1960 + number % 40, 1 + number % 12, 1)),
        email=email,
        phone=phone["value"],
        region=REGIONS[number % len(REGIONS)],
        segment=SEGMENTS[number % 7 == 0],
        language="en",
        customerSince=since[:10],
        preferredChannel="EMAIL",
        orderCount=chance.randrange(30),
        lastInteractionAt=max(one["occurredAt"] for one in happened),
        lifetimeValue=chance.randrange(10**6),
        currency="EUR",
        createdAt=since,
        updatedAt=since,
    )
    return {
        "properties": properties,
        "identities": [identity("EMAIL", email, chance), identity("CUSTOMER_NUMBER", f"C{number:07d}", chance)],
        "channels": [
            node("chn", chance, kind=kind, address=address, preferred=kind == "EMAIL", source="crm", since=since)
            for kind, address in (("EMAIL", email), ("PHONE", phone["value"]))
        ],
        "consents": [
            node(
                "con",
                chance,
                purpose=purpose,
                legalBasis="CONSENT",
                state="GIVEN",
                capturedAt=moment(chance),
                noticeVersion="3",
                method="web form",
                source="consents",
            )
            for purpose in PURPOSES
        ],
        "standings": [node("std", chance, purpose=purpose, lawful=True, basis="CONTRACT") for purpose in PURPOSES],
        "interactions": happened,
    }


def interaction(chance: random.Random) -> Row:
    """Something that happened."""
    subject = f"About order {chance.randrange(10**6)}"
    return node(
        "int",
        chance,
        kind=chance.choice(KINDS),
        direction=chance.choice(("INBOUND", "OUTBOUND")),
        occurredAt=moment(chance),
        subject=subject,
        text=subject + ": when will it arrive, and who brings it? " * 3,
        outcome=chance.choice(("solved", "callback", None)),
        sentiment=chance.choice((-0.5, 0.0, 0.5)),
        language="en",
        tags=["delivery"],
        source="mail",
    )


def node(prefix: str, chance: random.Random, **properties: Any) -> Row:
    """A node with an id of its type and, as the loader gives it, a key of its source."""
    key = f"{chance.getrandbits(128):032x}"
    return {"id": f"{prefix}_{key}", "sourceKey": key, **properties}


def moment(chance: random.Random) -> str:
    """Some minute of two years, as ISO 8601 writes it."""
    return (FIRST_DAY + timedelta(minutes=chance.randrange(MINUTES))).isoformat()
