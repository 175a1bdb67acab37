"""Export: whole node types, and whole kinds of relationship, placed on a View to be read page by page.

Pages go by the ids of what is there, so that each begins where the one before ended, whatever happened in between.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from graph.expr import Value, Variable
from graph.plan import legs_for
from graph.read import Leg
from graph.selection import Field, Many, Node, NodeList, One
from graph.view import FieldView, TypeView, View
from schema.errors import ExportInvalid
from schema.model import MODEL, Edge, Scalar, inverse

ROWS_OF_A_PAGE = 10_000
AFTER, BEYOND = "after", "beyond"
"""What a page begins after: the id of a node; of a relationship that of the end it is read from, and the other's."""
EVERY_AFTER, EVERY_BEYOND = (Value(Variable((name,)), Scalar.ID) for name in (AFTER, BEYOND))


@dataclass(frozen=True, slots=True)
class NodeExport:
    """Every node of one type, with its id first and so many of its fields."""

    type: str
    fields: tuple[FieldView, ...]
    leg: Leg
    rows: int = ROWS_OF_A_PAGE


@dataclass(frozen=True, slots=True, order=True)
class EdgeKind:
    """A kind of relationship between two types of node, in the direction in which it is stored."""

    type: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class EdgeExport:
    """Every relationship of one kind whose two ends are there, read from the end `near`; `edge` leads to `far`.

    Without `far.about` the far end is about whom the near end is about.
    """

    kind: EdgeKind
    edge: Edge
    near: Leg
    far: Leg
    rows: int = ROWS_OF_A_PAGE


def plan_nodes(view: View, type_: str, fields: Iterable[str] | None = None) -> NodeExport:
    """The nodes of a type, with all its fields or those that are named. Raises ExportInvalid for what is not there."""
    seen = view.types.get(type_)
    if seen is None or "id" not in seen.fields:
        raise ExportInvalid
    there = ordered(seen)
    names = list(dict.fromkeys(("id", *(there if fields is None else fields))))
    if any(name not in there for name in names):
        raise ExportInvalid
    asked = Node(type_, tuple((name, Field(name)) for name in names))
    (leg,), _ = legs_for((asked,), view, None)
    return NodeExport(type_, tuple(seen.fields[name] for name in names), leg)


def ordered(seen: TypeView) -> tuple[str, ...]:
    """The fields of a type that may leave, in the order of the model. What is sealed stays, whoever may read it."""
    return tuple(name for name, held in MODEL[seen.name].properties.items() if name in seen.fields and not held.sealed)


def edge_kinds(view: View) -> tuple[EdgeKind, ...]:
    """Every kind of relationship that the View shows, from one of its ends or from both."""
    return tuple(sorted(_ways(view)))


def plan_edges(view: View, types: Iterable[str] | None = None) -> tuple[EdgeExport, ...]:
    """The kinds of relationship, all or those of some types. Raises ExportInvalid for a type that the View lacks."""
    ways = _ways(view)
    wanted = None if types is None else frozenset(types)
    if wanted is not None and not (wanted and wanted <= {kind.type for kind in ways}):
        raise ExportInvalid
    return tuple(_planned(view, kind, *ways[kind]) for kind in sorted(ways) if wanted is None or kind.type in wanted)


def _ways(view: View) -> dict[EdgeKind, tuple[str, Edge, str]]:
    """From which end each kind of relationship is read, along which edge, to which other end.

    From whom the other is about, where that is so: then relationships of one person come together. Otherwise the way
    the relationship goes, or as the View shows it from one end alone.
    """
    known = {name: seen for name, seen in view.types.items() if "id" in seen.fields}
    found: dict[EdgeKind, tuple[int, tuple[str, Edge, str]]] = {}
    for name, seen in known.items():
        for edge in seen.edges.values():
            for target in edge.targets:
                if target not in known:
                    continue
                kind = EdgeKind(edge.type, name, target) if edge.outward else EdgeKind(edge.type, target, name)
                back = inverse(MODEL, name, edge, target)
                rank = 0 if back is not None and back.subject else 1 if edge.outward else 2
                if kind not in found or rank < found[kind][0]:
                    found[kind] = rank, (name, edge, target)
    return {kind: way for kind, (_, way) in found.items()}


def _planned(view: View, kind: EdgeKind, near: str, edge: Edge, far: str) -> EdgeExport:
    end = Node(far, (("id", Field("id")),))
    below = Many(edge.name, (("nodes", NodeList((end,))),)) if edge.many else One(edge.name, (end,))
    (start,), _ = legs_for((Node(near, (("id", Field("id")), ("ends", below))),), view, None)
    return EdgeExport(kind, edge, start, next(leg for leg in start.branches[0].legs if leg.label == far))
