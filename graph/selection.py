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
class Plain:
    """A value that a row has of its own, beside its nodes: how a hit matches, of which kind a relationship is."""

    name: str


@dataclass(frozen=True, slots=True)
class End:
    """`source` or `target` of a relationship."""

    name: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """What is asked of a relationship, by response key."""

    items: tuple[tuple[str, "Typename | Plain | End"], ...]


@dataclass(frozen=True, slots=True)
class EdgeList:
    """`edges` of a connection. `items` are (key, cursor | Typename | value | relationship | nodes)."""

    items: tuple[tuple[str, "Typename | CursorOf | Plain | Related | tuple[Node, ...]"], ...]


@dataclass(frozen=True, slots=True)
class CursorOf:
    """`cursor` of an edge."""


@dataclass(frozen=True, slots=True)
class NodeList:
    """`nodes` of a connection."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class RelatedList:
    """`nodes` of a connection of relationships."""

    of: Related


@dataclass(frozen=True, slots=True)
class Truncated:
    """`truncated` of a connection of relationships."""


@dataclass(frozen=True, slots=True)
class PageInfo:
    """`pageInfo`. `items` are (key, name of its field)."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TotalCount:
    """`totalCount`."""


@dataclass(frozen=True, slots=True)
class Many:
    """A connection: an edge to many nodes, or a root list. `items` are (key, part).

    `largest` is set by readers within the server alone, which may take more in a page than a client.
    """

    edge: str
    items: tuple[tuple[str, "EdgeList | NodeList | RelatedList | PageInfo | TotalCount | Truncated | Typename"], ...]
    arguments: Mapping[str, object] = field(default_factory=lambda: NONE)
    largest: int | None = None


Item = Typename | Field | WithheldList | One | Many


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a plain object that is one itself, or a list of such."""

    name: str
    items: "Items"


Items = tuple[tuple[str, "str | Part"], ...]
"""What is asked of a plain object, by response key: names of its fields, and parts of it."""


@dataclass(frozen=True, slots=True)
class Root:
    """One root field: `name` is its name, `field` what is read.

    `beside` are lists that are read beside what needs no statement: (the place in `items`, the name, the list).
    """

    key: str
    name: str
    arguments: Mapping[str, object]
    field: "One | Many | Aggregate | None"
    items: Items = ()
    beside: tuple[tuple[str, str, Many], ...] = ()


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


def related_of(many: Many) -> tuple[Related, ...]:
    """Every selection of a relationship that a connection asks for, in whatever part."""
    found: list[Related] = []
    for _, part in many.items:
        if isinstance(part, RelatedList):
            found.append(part.of)
        elif isinstance(part, EdgeList):
            found += [item for _, item in part.items if isinstance(item, Related)]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A day or moment by which groups are made. `items` are (key, year | month | __typename)."""

    field: str
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GroupKey:
    """`by` of a group: what its records share."""

    items: tuple[tuple[str, "Typename | Field | Calendar"], ...]


@dataclass(frozen=True, slots=True)
class FiguresOf:
    """The figures of one field. `items` are (key, count | sum | average | minimum | maximum | __typename)."""

    field: str
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """`figures` of a group, by field."""

    items: tuple[tuple[str, "Typename | FiguresOf"], ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """`groups` of a table."""

    items: tuple[tuple[str, "Typename | Plain | GroupKey | GroupFigures"], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Groups of one node type. All that is asked of `by` in any of its parts makes the groups."""

    type: str
    items: tuple[tuple[str, "Typename | Plain | Groups"], ...]
    arguments: Mapping[str, object] = field(default_factory=lambda: NONE)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The root `aggregate`: tables by response key."""

    items: tuple[tuple[str, Typename | Table], ...]
