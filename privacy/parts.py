"""Parts: what an export consists of, derived from the model and the View of the person.

It is a tree. A record stands whole below the one that it is about (an invoice below its order, an order below its
customer), so once. Along every other edge only the id is told, and from one end: the one that the edge goes out from.
What belongs to nobody (a product) is told whole wherever it is named, and nothing beyond it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from graph.view import View
from schema.model import Edge, Model, NodeType, Property, Scalar, inverse

ROOT = "Customer"

Wanted = Callable[[NodeType, Property | Edge], bool]


@dataclass(frozen=True, slots=True)
class Stop:
    """A node type where it stands in an export. `whole` is False where another place has the record itself."""

    kind: NodeType
    fields: tuple[Property, ...]
    ways: tuple["Way", ...]
    whole: bool

    @property
    def lists(self) -> tuple["Way", ...]:
        """The ways to many."""
        return tuple(way for way in self.ways if way.many)


@dataclass(frozen=True, slots=True)
class Way:
    """An edge along which an export goes, to one of the `ends`; it lists in the order of the time `order`."""

    name: str
    about: str
    many: bool
    ends: tuple[Stop, ...]
    order: str | None

    @property
    def union(self) -> bool:
        """Whether what is there may be of several types."""
        return len(self.ends) > 1

    def end(self, row: Mapping[str, object]) -> Stop:
        """Where a record that was read stands; of several types it says which it is."""
        return next((end for end in self.ends if self.union and end.kind.name == row.get("type")), self.ends[0])


def parts(model: Model, view: View, wanted: Wanted) -> Stop:
    """What to ask of a customer: every field that is shown and wanted, of everything about her.

    Raises KeyError where the View has no customers.
    """
    root = _stop(model, view, wanted, model[ROOT], frozenset())
    kept = {one.kind.name for one in stops(root) if one.whole}
    return _without_dead_ends(root, kept)


def stops(root: Stop) -> Iterator[Stop]:
    """Every place of an export, the root first."""
    yield root
    for way in root.ways:
        for end in way.ends:
            yield from stops(end)


def asked(root: Stop) -> frozenset[str]:
    """The fields that an export holds, as `Type.field`."""
    return frozenset(f"{one.kind.name}.{held.name}" for one in stops(root) if one.whole for held in one.fields)


def _stop(model: Model, view: View, wanted: Wanted, kind: NodeType, above: frozenset[str]) -> Stop:
    seen = view.types[kind.name]
    fields = tuple(
        one.property for one in seen.fields.values() if one.property.name == "id" or wanted(kind, one.property)
    )
    if kind.subject is None and kind.name != ROOT:
        return Stop(kind, fields, (), whole=True)
    inside = above | {kind.name}
    ways = [
        way
        for edge in seen.edges.values()
        if not edge.subject and wanted(kind, edge)
        for way in _way(model, view, wanted, kind, edge, inside)
    ]
    return Stop(kind, fields, tuple(ways), whole=True)


def _way(
    model: Model, view: View, wanted: Wanted, source: NodeType, edge: Edge, inside: frozenset[str]
) -> Iterator[Way]:
    ends = []
    for name in edge.targets:
        if name not in view.types or "id" not in view.types[name].fields:
            continue
        target = model[name]
        if name != ROOT and (target.subject is None or _owns(source, edge, target)) and name not in inside:
            ends.append(_stop(model, view, wanted, target, inside))
        elif edge.outward or not _told_there(model, view, source, edge, name):
            ends.append(Stop(target, (target.properties["id"],), (), whole=False))
    if ends:
        order = _order(view, ends[0]) if len(ends) == 1 and edge.many else None
        yield Way(edge.name, edge.about, edge.many, tuple(ends), order)


def _owns(source: NodeType, edge: Edge, target: NodeType) -> bool:
    """Whether what the edge leads to is about the record that it comes from."""
    back = target.subject
    return back is not None and back.type == edge.type and back.outward != edge.outward and source.name in back.targets


def _told_there(model: Model, view: View, source: NodeType, edge: Edge, target: str) -> bool:
    back = inverse(model, source.name, edge, target)
    return back is not None and back.name in view.types[target].edges


def _order(view: View, end: Stop) -> str | None:
    """The first time that every record of the type has and the role sees as it is."""
    seen = view.types[end.kind.name]
    times = (
        held.name
        for held in end.kind.properties.values()
        if held.scalar is Scalar.DATETIME and held.required and held.name in seen.fields
    )
    return next((name for name in times if seen.fields[name].plain), None)


def _without_dead_ends(stop: Stop, kept: set[str]) -> Stop:
    """Without ways on which nothing is told, and without ids of records that the export does not hold."""
    ways = []
    for way in stop.ways:
        ends = [
            _without_dead_ends(end, kept)
            for end in way.ends
            if (end.whole and _tells(end)) or (not end.whole and end.kind.name in kept)
        ]
        if ends:
            ways.append(Way(way.name, way.about, way.many, tuple(ends), way.order))
    return Stop(stop.kind, stop.fields, tuple(ways), stop.whole)


def _tells(stop: Stop) -> bool:
    """Whether it, or what is about it, has a field beside the id; what it names that is about nobody does not count."""
    below = (end for way in stop.ways for end in way.ends if end.whole and end.kind.subject is not None)
    return len(stop.fields) > 1 or any(map(_tells, below))
