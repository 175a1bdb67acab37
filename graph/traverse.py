"""Traverse: what is connected with a node, step by step over the edges of the View.

A step leads from a node that is visible, along an edge that its type has in the View, to a node that is visible. So
nothing is reached, counted or cut off through what the role may not see.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from graph.expr import Bond, CursorKey, CursorSlot, Value, Variable
from graph.placed import (
    PlacedAt,
    PlacedEdges,
    PlacedMany,
    PlacedNode,
    PlacedPart,
    PlacedRelated,
    PlacedRows,
    PlacedValue,
)
from graph.plan import legs_for, page_size
from graph.read import Leg
from graph.selection import (
    CursorOf,
    EdgeList,
    End,
    Many,
    Node,
    PageInfo,
    Plain,
    Related,
    RelatedList,
    Truncated,
    Typename,
    related_of,
)
from graph.view import View
from schema.errors import ValueInvalid
from schema.model import Scalar

FARTHEST = 4
MOST_WALKED_FROM = 500
"""Nodes from which one level is walked on, those with the least ids; where there are more, the answer is truncated."""
ENDS = ("source", "target")


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """From a node of one type along a relationship, with its direction or against it, to one of another."""

    here: str
    type: str
    outward: bool
    there: str


@dataclass(frozen=True, slots=True)
class Traversal:
    """All that one walk reads: `start` is the leg of the type it begins at, `there` those of all that it may reach.

    With `to` only the shortest ways to that node are shown, of which `goal` is the leg. `ends` are the legs of what is
    shown of each end; `after` are hops, kind, source and target of the last row shown. Without `steps` there is none.
    """

    id: Value
    to: Value | None
    hops: int
    start: Leg
    goal: Leg | None
    there: tuple[Leg, ...]
    steps: tuple[Step, ...]
    ends: Mapping[str, tuple[Leg, ...]]
    after: tuple[CursorKey, ...]
    limit: int


def steps(view: View, kinds: frozenset[str] | None = None) -> tuple[Step, ...]:
    """Every step that a role may take; of some kinds of relationship alone where those are named."""
    known = [seen for seen in view.types.values() if "id" in seen.fields]
    names = {seen.name for seen in known}
    return tuple(
        sorted(
            {
                Step(seen.name, edge.type, edge.outward, target)
                for seen in known
                for edge in seen.edges.values()
                for target in edge.targets
                if target in names and (kinds is None or edge.type in kinds)
            }
        )
    )


def plan_traversal(start: str, goal: str | None, asked: Many, view: View) -> tuple[Traversal, PlacedMany]:
    """A walk from a node of the type `start`, to one of the type `goal` where it should lead somewhere.

    Raises ValueInvalid for what cannot be walked.
    """
    arguments = asked.arguments
    hops = arguments.get("hops")
    if not isinstance(hops, int) or not 1 <= hops <= FARTHEST:
        raise ValueInvalid(f"hops takes 1 to {FARTHEST}.")
    kinds = _kinds(arguments.get("types"))
    taken, reached = _within(steps(view, kinds), start, hops)
    after, to, size = arguments.get("after"), arguments.get("to"), page_size(arguments)
    if to is not None and goal not in reached:
        taken, reached = (), frozenset()
    ends, nodes = {}, dict[int, PlacedNode]()
    for end in ENDS:
        named = [node for one in related_of(asked) for node in _end(one, end) if node.type in reached]
        bare = [Node(name, ()) for name in sorted(reached) if all(node.type != name for node in named)]
        ends[end], placed = legs_for((*named, *bare), view, None)
        nodes |= placed
    where = {name: arguments.get(name) for name in ("from", "to", "hops")} | {"types": sorted(kinds) if kinds else None}
    bond = Bond("relationships", ("hops", "kind", "source"), where)
    slot = CursorSlot(after, bond)
    keys = (Scalar.INT, Scalar.STRING, Scalar.ID, Scalar.ID)
    bare_legs = legs_for(tuple(Node(name, ()) for name in sorted({start, *reached})), view, None)[0]
    traversal = Traversal(
        id=_id(arguments["from"]),
        to=None if to is None else _id(to),
        hops=hops,
        start=next(leg for leg in bare_legs if leg.label == start),
        goal=next((leg for leg in bare_legs if to is not None and leg.label == goal), None),
        there=tuple(leg for leg in bare_legs if leg.label in reached),
        steps=taken,
        ends=ends,
        after=() if after is None else tuple(CursorKey(slot, index, scalar) for index, scalar in enumerate(keys)),
        limit=size + 1,
    )
    items = tuple((key, _part(part, nodes)) for key, part in asked.items)
    return traversal, PlacedMany("rows", "total", size, False, after is not None, bond, items)


def _id(of: object) -> Value:
    return Value(Variable(of.path) if isinstance(of, Variable) else of, Scalar.ID)


def _kinds(types: object) -> frozenset[str] | None:
    if types is None:
        return None
    several = types if isinstance(types, list | tuple) else (types,)
    if not several:
        raise ValueInvalid("Name at least one kind of relationship, or leave types out.")
    return frozenset(str(getattr(one, "value", one)) for one in several)


def _within(known: tuple[Step, ...], start: str, hops: int) -> tuple[tuple[Step, ...], frozenset[str]]:
    """The steps that can be taken within so many hops of the start, and the types of the nodes that they join."""
    here, taken = {start}, set[Step]()
    for _ in range(hops):
        taken |= {step for step in known if step.here in here}
        here |= {step.there for step in taken}
    return tuple(sorted(taken)), frozenset(here if taken else ())


def _end(asked: Related, name: str) -> tuple[Node, ...]:
    return tuple(node for _, item in asked.items if isinstance(item, End) and item.name == name for node in item.nodes)


def _part(part: object, nodes: Mapping[int, PlacedNode]) -> PlacedPart:
    def related(asked: Related) -> PlacedRelated:
        return PlacedRelated(tuple((key, item_of(item)) for key, item in asked.items))

    def item_of(item: Typename | Plain | End) -> Typename | PlacedValue | PlacedAt:
        match item:
            case Plain(name):
                return PlacedValue(name)
            case End(name, asked):
                return PlacedAt(name, tuple(nodes[id(node)] for node in asked if id(node) in nodes))
            case _:
                return item

    def of_edge(item: object) -> Typename | CursorOf | PlacedRelated:
        match item:
            case Related():
                return related(item)
            case Typename() | CursorOf():
                return item
        raise AssertionError(item)

    match part:
        case EdgeList(items):
            return PlacedEdges(tuple((key, of_edge(item)) for key, item in items))
        case RelatedList(of):
            return PlacedRows(related(of))
        case PageInfo() | Truncated() | Typename():
            return part
    raise AssertionError(part)
