"""Search: which fields of which node types are searched, as the View discloses them.

A field takes part where the View compares it, and only with the value that is disclosed: what is masked or withheld is
not found. What is found is ordered by how it matches, then by type and id; never by scores, which hidden nodes change.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from graph.expr import Bond, CursorKey, CursorSlot, Expr, Value
from graph.placed import PlacedAt, PlacedEdges, PlacedMany, PlacedNode, PlacedPart, PlacedRows, PlacedValue
from graph.plan import legs_for, page_size
from graph.read import Leg
from graph.selection import CursorOf, EdgeList, Many, Node, NodeList, PageInfo, Plain, Related, Typename, nodes_of
from graph.view import TypeView, View
from schema.errors import DocumentInvalid, ValueInvalid
from schema.model import MODEL, Scalar

MATCHES = ("EXACT", "PREFIX", "WORD")
"""How a field matches: it is the text but for case, it begins with it, or it holds its words."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text of the request; `resolvers.bind` makes a query of each text that has some."""

    of: object


@dataclass(frozen=True, slots=True)
class Searched:
    """One node type that is searched: `fields` are (name, what is disclosed of it)."""

    leg: Leg
    index: str
    fields: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True, slots=True)
class Search:
    """All that one search reads. `after` are match, type and id of the last hit that was shown; `limit` is one more."""

    words: Value
    text: Value
    types: tuple[Searched, ...]
    after: tuple[CursorKey, ...]
    limit: int

    @property
    def compared(self) -> tuple[str, ...]:
        """The fields by which hits are chosen, as `Customer.email`."""
        return tuple(f"{one.leg.label}.{name}" for one in self.types for name, _ in one.fields)


def index_of(name: str, fields: tuple[str, ...]) -> str:
    """The full-text index of a node type. Other fields make another index, so that none is out of date."""
    return "_".join((name, "search", *fields))


def searched(seen: TypeView) -> tuple[tuple[str, Expr], ...]:
    """The fields of a type in which the role may search, as they are disclosed to it."""
    found = [(name, seen.fields[name].compared) for name in MODEL[seen.name].searched if name in seen.fields]
    return tuple((name, expr) for name, expr in found if expr is not None)


def plan_search(asked: Many, view: View) -> tuple[Search, PlacedMany]:
    """A search placed on a View. Raises DocumentInvalid for a type in which the role may not search."""
    arguments = asked.arguments
    open_ = {name: fields for name, seen in view.types.items() if (fields := searched(seen))}
    chosen = _chosen(arguments.get("types"), tuple(open_))
    named = [node for node in nodes_of(asked) if node.type in chosen]
    bare = [Node(name, ()) for name in chosen if all(node.type != name for node in named)]
    legs, nodes = legs_for((*named, *bare), view, None)
    bond = Bond("search", ("match", "type"), {"text": arguments["text"], "types": sorted(chosen)})
    after = arguments.get("after")
    slot = CursorSlot(after, bond)
    keys = (Scalar.INT, Scalar.STRING, Scalar.ID)
    size = page_size(arguments)
    search = Search(
        words=Value(Words(arguments["text"]), Scalar.STRING, many=True),
        text=Value(arguments["text"], Scalar.STRING),
        types=tuple(
            Searched(leg, index_of(leg.label, MODEL[leg.label].searched), open_[leg.label])
            for leg in sorted(legs, key=lambda leg: leg.label)
        ),
        after=() if after is None else tuple(CursorKey(slot, index, scalar) for index, scalar in enumerate(keys)),
        limit=size + 1,
    )
    items = tuple((key, _part(part, nodes)) for key, part in asked.items)
    return search, PlacedMany("rows", "total", size, reverse=False, follows=after is not None, bond=bond, items=items)


def _chosen(types: object, open_: tuple[str, ...]) -> tuple[str, ...]:
    if types is None:
        return open_
    several = types if isinstance(types, list | tuple) else (types,)
    if not several:
        raise ValueInvalid("Name at least one type to search in, or leave types out.")
    names = {str(getattr(one, "value", one)) for one in several}
    if not names <= set(open_):
        raise DocumentInvalid
    return tuple(name for name in open_ if name in names)


def _part(part: object, nodes: Mapping[int, PlacedNode]) -> PlacedPart:
    def at(asked: tuple[Node, ...]) -> PlacedAt:
        return PlacedAt("node", tuple(nodes[id(node)] for node in asked if id(node) in nodes))

    def of_edge(
        item: Typename | CursorOf | Plain | Related | tuple[Node, ...],
    ) -> Typename | CursorOf | PlacedValue | PlacedAt:
        match item:
            case Typename() | CursorOf():
                return item
            case Plain(name):
                return PlacedValue(name)
            case tuple():
                return at(item)
        raise AssertionError(item)

    match part:
        case EdgeList(items):
            return PlacedEdges(tuple((key, of_edge(item)) for key, item in items))
        case NodeList(asked):
            return PlacedRows(at(asked))
        case PageInfo() | Typename():
            return part
    raise AssertionError(part)
