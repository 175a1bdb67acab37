"""Worlds: small graphs of every node type of the model, drawn at random from few values so that they meet and tie.

Each value and each edge is drawn by itself: a type or a property that joins the model leaves the worlds otherwise as
they were, and what a round has shown it goes on showing.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from graph.session import Database
from schema.model import ENUMS, MODEL, Edge, NodeType, Property, Scalar, inverse
from schema.purposes import PURPOSES
from tests.proof.sealing import sealed
from tests.proof.steady import drawing, pick

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WORDS = (
    "Ada",
    "Bo",
    "Cy",
    "ada",
    "Ümit",
    "O'Neil",
    "\\",
    "$p0",
    "",
    "Zoë",
    "a@x.example",
    "b@y.example",
    "+4930123456",
)
REGIONS = ("GB", "DE", "US")
COORDINATES = (
    "Customer.email",
    "Customer.balance",
    "Consent.state",
    "Invoice.amount",
    "ReviewTask.quote",
    "Customer.nothing",
    "Nobody.id",
)
"""Fields of the model, and some that there are not."""
HANDLES = (
    ("EMAIL", "a@x.example"),
    ("EMAIL", "b@y.example"),
    ("PHONE", "+4930123456"),
    ("PHONE", "+4930123457"),
    ("CUSTOMER_NUMBER", "K-1"),
    ("CUSTOMER_NUMBER", "K-2"),
)


@dataclass(slots=True)
class Entity:
    """One node: its type, its id and its values as GraphQL knows them (money in hundredths, times as datetime)."""

    type: str
    id: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """One relationship, in the direction in which it is stored."""

    type: str
    source: str
    target: str


@dataclass(slots=True)
class World:
    """A whole graph."""

    entities: dict[str, Entity] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)

    def of(self, type_: str) -> list[Entity]:
        """The nodes of one type."""
        return [one for one in self.entities.values() if one.type == type_]

    def follow(self, at: Entity, edge: Edge) -> list[Entity]:
        """The nodes at the other end of an edge, whoever may see them."""
        ends = [
            link.target if edge.outward else link.source
            for link in self.links
            if link.type == edge.type and (link.source if edge.outward else link.target) == at.id
        ]
        return [self.entities[end] for end in ends if self.entities[end].type in edge.targets]

    def copy(self) -> "World":
        """A world of its own with the same nodes and relationships."""
        entities = {one.id: Entity(one.type, one.id, dict(one.values)) for one in self.entities.values()}
        return World(entities, list(self.links))


def draw(chance: random.Random, held: Property) -> Any:
    """A value for a property; None where it may be missing."""
    if held.many:
        return [_one(chance, held) for _ in range(chance.randrange(3))]
    return None if not held.required and chance.random() < 0.25 else _one(chance, held)


def _texts(held: Property) -> Sequence[str]:
    """What a text may be."""
    if held.names_field:
        return COORDINATES
    if held.name in ("region", "regions"):
        return REGIONS
    return tuple(PURPOSES) if held.name == "purpose" else WORDS


def _one(chance: random.Random, held: Property) -> Any:
    match held.scalar:
        case Scalar.STRING:
            return chance.choice(_texts(held))
        case Scalar.ID:
            return chance.choice(("cus_000000", "cus_000001"))
        case Scalar.INT:
            return chance.randrange(4)
        case Scalar.FLOAT:
            return chance.choice((-0.5, 0.0, 0.25))
        case Scalar.BOOLEAN:
            return chance.random() < 0.5
        case Scalar.DATE:
            return date(1985, 3, 27) + timedelta(days=chance.choice((0, 1, 400)))
        case Scalar.DATETIME:
            return NOW + timedelta(minutes=chance.choice((-1_500_000, -90_000, -1, 0, 1, 90_000)))
        case Scalar.DECIMAL:
            return chance.choice((-1250, 0, 99, 100_000))
        case Scalar.ENUM:
            members = list(ENUMS[held.enum or ""].__members__)
            # Most customers can be worked with, or there would be little to see.
            return "ACTIVE" if "ERASED" in members and chance.random() < 0.7 else chance.choice(members)
        case _:
            raise AssertionError(held)


def entity(seed: str, kind: NodeType) -> Entity:
    """One more node of a type."""
    chance = drawing(seed, kind.name)
    id_ = f"{kind.prefix}_{chance.randrange(16**6):06x}"
    values = {
        held.name: draw(drawing(seed, kind.name, held.name), held)
        for held in kind.properties.values()
        if held.name != "id"
    }
    if kind.name == "Identity" and chance.random() < 0.8:
        known, handle = chance.choice(HANDLES)
        values |= {"kind": known, "value": handle, "normalized": handle}
    return Entity(kind.name, id_, {"id": id_, **values})


UNTIDY = 0.05


def world(chance: random.Random, each: int = 3, untidy: float = UNTIDY) -> World:
    """A world with some nodes of every type and relationships of every kind.

    `untidy` is how likely there are two where the model promises one.
    """
    made, seed = World(), f"{chance.getrandbits(64)}"
    for kind in MODEL.values():
        for number in range(each * (2 if kind.name in ("Customer", "Identity") else 1)):
            one = entity(f"{seed} {number}", kind)
            made.entities[one.id] = one
    for kind in MODEL.values():
        for edge in kind.edges.values():
            if edge.outward or not _has_inverse(kind, edge):
                for one in made.of(kind.name):
                    _link(drawing(seed, one.id, edge.name), made, one, edge, untidy)
    for customer in made.of("Customer"):
        _stand(seed, made, customer)
    return made


def _has_inverse(kind: NodeType, edge: Edge) -> bool:
    return any(inverse(MODEL, kind.name, edge, target) is not None for target in edge.targets)


def _link(chance: random.Random, made: World, one: Entity, edge: Edge, untidy: float) -> None:
    targets = [other for target in edge.targets for other in made.of(target) if other.id != one.id]
    if edge.type == "STANDS":
        return
    for _ in range(min(len(targets), chance.randrange(3 if edge.many else 2))):
        other = pick(chance, targets, _id)
        targets.remove(other)
        back = inverse(MODEL, one.type, edge, other.type)
        taken = back is not None and not back.many and made.follow(other, back)
        # Now and then two where the model promises one, for graphs are not always as they should be.
        if not taken or chance.random() < untidy:
            source, target = (one.id, other.id) if edge.outward else (other.id, one.id)
            made.links.append(Link(edge.type, source, target))


def _id(one: Entity) -> str:
    return one.id


def _stand(seed: str, made: World, customer: Entity) -> None:
    """Give a customer standings for most purposes, so that rules which ask for them hold and fail."""
    for purpose in PURPOSES:
        chance = drawing(seed, customer.id, purpose)
        if chance.random() < 0.8:
            one = entity(f"{seed} {customer.id} {purpose}", MODEL["Standing"])
            one.values |= {"purpose": purpose, "lawful": chance.random() < 0.7}
            made.entities[one.id] = one
            made.links.append(Link("STANDS", customer.id, one.id))


CLEAR = "MATCH (n) WHERE NOT n:GraphMigration DETACH DELETE n"


async def store(database: Database, made: World) -> None:
    """Make the database hold this world and nothing else."""
    statements: list[tuple[str, dict[str, Any] | None]] = [(CLEAR, None)]
    for kind in MODEL.values():
        rows = [sealed(kind, one.values) for one in made.of(kind.name)]
        if rows:
            statements.append((f"UNWIND $rows AS row CREATE (n:{kind.name}) SET n = row", {"rows": rows}))
    for type_, ends in _by_type(made.links):
        rows = [{"source": link.source, "target": link.target} for link in ends]
        statements.append(
            (
                f"UNWIND $rows AS row MATCH (a {{id: row.source}}), (b {{id: row.target}}) CREATE (a)-[:{type_}]->(b)",
                {"rows": rows},
            )
        )
    await database.write_many(statements)


def _by_type(links: Iterable[Link]) -> list[tuple[str, list[Link]]]:
    grouped: dict[str, list[Link]] = {}
    for link in links:
        grouped.setdefault(link.type, []).append(link)
    return sorted(grouped.items())
