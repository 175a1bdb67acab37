"""Selection: what a document asks for, in the model's words. Knows no role and no database.

Argument values may hold `graph.expr.Variable` where the request's variables go, so that a selection can be kept
and used again with other values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NONE: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Typename:
    """`__typename` of a type that is known."""

    of: str


@dataclass(frozen=True, slots=True)
class Field:
    """A property."""

    name: str


@dataclass(frozen=True, slots=True)
class WithheldList:
    """`_withheld`: which fields are not shown as they are, and why. `items` are (key, field | reason | __typename)."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Node:
    """What is asked of a node of one type, by response key."""

    type: str
    items: tuple[tuple[str, "Item"], ...]


@dataclass(frozen=True, slots=True)
class One:
    """An edge to at most one node; one Node for each type it may be."""

    edge: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class EdgeList:
    """`edges` of a connection. `items` are (key, cursor | Typename | nodes)."""

    items: tuple[tuple[str, "Typename | CursorOf | tuple[Node, ...]"], ...]


@dataclass(frozen=True, slots=True)
class CursorOf:
    """`cursor` of an edge."""


@dataclass(frozen=True, slots=True)
class NodeList:
    """`nodes` of a connection."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class PageInfo:
    """`pageInfo`. `items` are (key, name of its field)."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TotalCount:
    """`totalCount`."""


@dataclass(frozen=True, slots=True)
class Many:
    """A connection: an edge to many nodes, or a root list. `items` are (key, part)."""

    edge: str
    items: tuple[tuple[str, "EdgeList | NodeList | PageInfo | TotalCount | Typename"], ...]
    arguments: Mapping[str, object] = field(default_factory=lambda: NONE)


Item = Typename | Field | WithheldList | One | Many


@dataclass(frozen=True, slots=True)
class Root:
    """One root field: `name` is its name, `field` what is read."""

    key: str
    name: str
    arguments: Mapping[str, object]
    field: One | Many | None
    items: tuple[tuple[str, str], ...] = ()


def nodes_of(many: Many) -> tuple[Node, ...]:
    """Every Node that a connection asks for, in whatever part."""
    found: list[Node] = []
    for _, part in many.items:
        if isinstance(part, NodeList):
            found += part.nodes
        elif isinstance(part, EdgeList):
            for _, item in part.items:
                if isinstance(item, tuple):
                    found += item
    return tuple(found)
