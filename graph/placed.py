"""Placed: where in the rows of a Read each part of the answer stands, for `resolvers.shape`."""

from dataclasses import dataclass

from graph.expr import Bond
from graph.selection import CursorOf, PageInfo, TotalCount, Typename
from schema.model import Scalar


@dataclass(frozen=True, slots=True)
class PlacedField:
    """A property in column `column`."""

    column: str
    scalar: Scalar
    many: bool
    required: bool


@dataclass(frozen=True, slots=True)
class PlacedWithheld:
    """`_withheld`: `known` are (field, reason, column of the deciding rule or None, value on which it is withheld)."""

    items: tuple[tuple[str, str], ...]
    known: tuple[tuple[str, str, str | None, bool], ...]


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
class PlacedEdges:
    """`edges`: (key, cursor | Typename | nodes)."""

    items: tuple[tuple[str, "Typename | CursorOf | tuple[PlacedNode, ...]"], ...]


@dataclass(frozen=True, slots=True)
class PlacedNodes:
    """`nodes`."""

    nodes: tuple[PlacedNode, ...]


PlacedPart = PlacedEdges | PlacedNodes | PageInfo | TotalCount | Typename
Placed = Typename | PlacedField | PlacedWithheld | PlacedOne | PlacedMany
