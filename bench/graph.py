"""A graph to measure on: customers with handles, channels, decisions, standings and what happened, from a seed.

Everyone is active and every purpose is lawful, so that each role that may see a region sees all of it and answers can
be compared with those of a server that knows no roles. Two neighbours share a phone: that is the way to two hops.
"""

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

REGIONS = ("DE", "FR", "GB", "NL", "US")
SEGMENTS = ("consumer", "business")
PURPOSES = ("service", "service.messages", "marketing.email")
KINDS = ("EMAIL", "CALL", "CHAT", "PAGE_VIEW", "EVENT")
FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
MINUTES = 2 * 365 * 24 * 60

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "Customer": {
        **dict.fromkeys(("id", "sourceKey", "kind", "status", "name", "givenName", "familyName"), "string"),
        "birthDate": "date",
        **dict.fromkeys(("email", "phone", "region", "segment", "language"), "string"),
        "customerSince": "date",
        "preferredChannel": "string",
        "orderCount": "long",
        "lastInteractionAt": "datetime",
        "lifetimeValue": "long",
        "currency": "string",
        "createdAt": "datetime",
        "updatedAt": "datetime",
    },
    "Identity": {
        **dict.fromkeys(("id", "sourceKey", "kind", "value", "normalized"), "string"),
        "blocked": "boolean",
        "createdAt": "datetime",
    },
    "Channel": {
        **dict.fromkeys(("id", "sourceKey", "kind", "address", "source"), "string"),
        "preferred": "boolean",
        "since": "datetime",
    },
    "Consent": {
        **dict.fromkeys(("id", "sourceKey", "purpose", "legalBasis", "state"), "string"),
        **dict.fromkeys(("noticeVersion", "method", "source"), "string"),
        "capturedAt": "datetime",
    },
    "Standing": {**dict.fromkeys(("id", "sourceKey", "purpose", "basis"), "string"), "lawful": "boolean"},
    "Interaction": {
        **dict.fromkeys(("id", "sourceKey", "kind", "direction", "subject", "text"), "string"),
        **dict.fromkeys(("outcome", "language", "source"), "string"),
        "occurredAt": "datetime",
        "sentiment": "double",
        "tags": "string[]",
    },
}
"""Labels with their properties, and the type of each in the words of Neo4j's import tool."""

Row = dict[str, Any]


def households(customers: int, interactions: int, seed: int = 1) -> Iterator[Row]:
    """The whole graph, two customers at a time."""
    chance = random.Random(seed)
    return (household(first, interactions, chance) for first in range(0, customers, 2))


def household(first: int, interactions: int, chance: random.Random) -> Row:
    """Two customers and the phone that they share."""
    shared = phone(first // 2, chance)
    return {
        "phone": shared,
        "customers": [customer(number, shared, interactions, chance) for number in (first, first + 1)],
    }


def phone(number: int, chance: random.Random) -> Row:
    """A phone that two customers share."""
    return identity("PHONE", f"+4420{number:08d}", chance)


def identity(kind: str, value: str, chance: random.Random) -> Row:
    """A handle."""
    return node("idn", chance, kind=kind, value=value, normalized=value, blocked=False, createdAt=FIRST_DAY.isoformat())


def customer(number: int, phone: Row, interactions: int, chance: random.Random) -> Row:
    """A customer and all that hangs on her alone."""
    email, since = f"customer{number}@mail{number % 97}.example", moment(chance)
    happened = [interaction(chance) for _ in range(interactions)]
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
