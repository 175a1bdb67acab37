"""Placed: where in the rows of a Read each part of the answer stands, for `resolvers.shape`."""

from dataclasses import dataclass

from graph.expr import Bond
from graph.selection import CursorOf, PageInfo, TotalCount, Truncated, Typename
from schema.model import Scalar

KEY = "_key"
"""The column of the key by which a node's writer knows it, where one of its values is to be opened."""


@dataclass(frozen=True, slots=True)
class PlacedField:
    """A property in column `column`. With `pseudonym`, its name, what stands there in a list of one is an id, and a
    pseudonym is to be made of both. With `sealed`, the label of its node, what stands there may be sealed, for the
    record whose key is in column KEY.
    """

    column: str
    scalar: Scalar
    many: bool
    required: bool
    pseudonym: str | None = None
    sealed: str | None = None


@dataclass(frozen=True, slots=True)
class PlacedWithheld:
    """`_withheld`: `known` are (field, reason, column of the deciding rule or None, value on which it is withheld,
    column of the rule on which it is shown even so or None). `sealed` are (field, column) of values that are null where
    their key was destroyed.
    """

    items: tuple[tuple[str, str], ...]
    known: tuple[tuple[str, str, str | None, bool, str | None], ...]
    sealed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedNode:
    """What is shown of a node of one type, by response key."""

    type: str
    items: tuple[tuple[str, "Placed"], ...]


@dataclass(frozen=True, slots=True)
class PlacedOne:
    """At most one node, in column `column`."""

    column: str
    nodes: tuple[PlacedNode, ...]


@dataclass(frozen=True, slots=True)
class PlacedMany:
    """A connection whose rows stand in column `column` and whose count stands in `total`."""

    column: str
    total: str
    size: int
    reverse: bool
    follows: bool
    bond: Bond
    items: tuple[tuple[str, "PlacedPart"], ...]


@dataclass(frozen=True, slots=True)
class PlacedValue:
    """A value in column `column` of a row, in the form in which it is shown."""

    column: str


@dataclass(frozen=True, slots=True)
class PlacedAt:
    """A node in column `column` of a row that is more than its node."""

    column: str
    nodes: tuple[PlacedNode, ...]


@dataclass(frozen=True, slots=True)
class PlacedRelated:
    """What is shown of a row that is a relationship, by response key."""

    items: tuple[tuple[str, "Typename | PlacedValue | PlacedAt"], ...]


@dataclass(frozen=True, slots=True)
class PlacedEdges:
    """`edges`: (key, cursor | Typename | what is shown of the row)."""

    items: tuple[
        tuple[str, "Typename | CursorOf | PlacedValue | PlacedAt | PlacedRelated | tuple[PlacedNode, ...]"], ...
    ]


@dataclass(frozen=True, slots=True)
class PlacedNodes:
    """`nodes`."""

    nodes: tuple[PlacedNode, ...]


@dataclass(frozen=True, slots=True)
class PlacedRows:
    """`nodes` where each row is more than its node."""

    of: PlacedAt | PlacedRelated


PlacedPart = PlacedEdges | PlacedNodes | PlacedRows | PageInfo | TotalCount | Truncated | Typename
Placed = Typename | PlacedField | PlacedWithheld | PlacedOne | PlacedMany
