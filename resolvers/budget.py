"""Budget: how much a selection may ask for, from its shape alone, before the database is asked.

Rows are what a page could hold times what each of them could hold below. The estimate is what the database would have
to look at and bring, as if every company were of one size: the figures never depend on data, and so tell nothing of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from graph.plan import page_size
from graph.read import MOST_COUNTED
from graph.selection import (
    Aggregate,
    End,
    GroupFigures,
    GroupKey,
    Groups,
    Many,
    Node,
    One,
    Part,
    Root,
    Table,
    TotalCount,
    nodes_of,
    related_of,
)
from schema.errors import OverBudget
from schema.generate import RootField, roots
from schema.model import MODEL, NodeType
from schema.purposes import PURPOSES

NODES_OF_A_TYPE = 20_000
"""How many nodes of one type the estimate takes for granted; an index finds this many of them:"""
NODES_FOUND = 100
ESTIMATE_OF_A_COMPARISON = 500
ESTIMATE_OF_A_CONTACT = 200
ESTIMATE_OF_AN_AUDIENCE = 200_000
ESTIMATE_OF_A_JOURNEY = 20_000
NEIGHBOURS = 50
"""How many nodes the estimate takes for granted at the end of an edge to many; all are looked at to sort them."""
BEYOND = 10**12
"""Nobody counts further: JSON has no larger numbers that all clients can read."""
EVERYWHERE = 20_000
"""What a search over all types is taken to look at."""

BY_INDEX = frozenset({"eq", "in", "startsWith", "lt", "lte", "gt", "gte"})
PART_OF_A_TEXT = 5
"""A comparison that reads a whole text, as against one that compares a value."""
WEIGHTS: Mapping[str, int] = {"contains": PART_OF_A_TEXT, "endsWith": PART_OF_A_TEXT}
COMBINED = ("and", "or", "not")


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that one operation may ask for. `comparisons` are those of all filters, `nesting` is that of one."""

    depth: int = 10
    fields: int = 1_000
    rows: int = 50_000
    roots: int = 20
    comparisons: int = 100
    nesting: int = 10
    estimate: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """What a selection asks for: levels of nodes, fields, and rows at the most.

    `estimate` is what it may take in the database, in nodes and values looked at; `lookups` are roots that look for
    someone by a handle.
    """

    depth: int = 0
    fields: int = 0
    rows: int = 0
    roots: int = 0
    estimate: int = 0
    lookups: int = 0

    def told(self, budget: Budget) -> dict[str, object]:
        """The cost as an answer's extensions tell it, beside what is allowed."""
        asked = asdict(self)
        asked.pop("lookups")
        return {**asked, "limit": {name: getattr(budget, name) for name in asked}}


def check(asked: tuple[Root, ...], budget: Budget) -> Cost:
    """The cost of an operation. Raises OverBudget, telling what was asked for and what is allowed."""
    _bound("root fields", len(asked), budget.roots)
    known = {root.name: root for root in roots(MODEL)}
    wheres = [where for root in asked for where in _wheres(root)]
    _bound("levels in a filter", max(map(_nesting, wheres), default=0), budget.nesting)
    _bound("comparisons", sum(map(_comparisons, wheres)), budget.comparisons)
    costs = [_root(root, known.get(root.name)) for root in asked]
    whole = Cost(
        depth=max((one.depth for one in costs), default=0),
        fields=sum(one.fields for one in costs),
        rows=sum(one.rows for one in costs),
        roots=len(asked),
        estimate=sum(one.estimate for one in costs),
        lookups=sum(one.lookups for one in costs),
    )
    for name, found, most in (
        ("levels", whole.depth, budget.depth),
        ("fields", whole.fields, budget.fields),
        ("rows", whole.rows, budget.rows),
        ("units of work in the database", whole.estimate, budget.estimate),
    ):
        _bound(name, found, most, whole.told(budget))
    return whole


def _bound(name: str, asked: int, most: int, told: Mapping[str, object] | None = None) -> None:
    if asked > most:
        raise OverBudget(f"The document asks for {asked} {name}; {most} are allowed. {OverBudget.advice}", told)


def _root(root: Root, known: RootField | None) -> Cost:
    """The cost of one root field."""
    match root.field:
        case None:
            return _told(root, known)
        case One(_, nodes):
            below = _several(nodes, 1)
            by_handle = root.arguments.get("identity") is not None
            looked, lookups = (NODES_FOUND, 1) if by_handle else (1, 0)
            return Cost(below.depth, below.fields, below.rows, 1, below.estimate + looked, lookups)
        case Many() as many:
            way = known.way if known is not None else ""
            if way in ("list", "unattributed") and known is not None:
                return _page(many, _looked_at(many, MODEL.get(known.type), NODES_OF_A_TYPE))
            if way == "audience":
                return _page(many, ESTIMATE_OF_AN_AUDIENCE)
            if way == "callers":
                return _page(many, NODES_FOUND, lookups=1)
            return _page(many, EVERYWHERE)
        case Aggregate(items):
            tables = [_table(one) for _, one in items if isinstance(one, Table)]
            fields, rows = (sum(one.fields for one in tables), sum(one.rows for one in tables))
            return Cost(1, len(items) + fields, rows, 1, sum(one.estimate for one in tables))


def _told(root: Root, known: RootField | None) -> Cost:
    """The cost of a root field that tells plain objects."""
    if root.beside:
        return _beside(root)
    fields = _plain(root.items)
    match known.way if known is not None else "":
        case "explain" if root.arguments.get("id") is not None:  # it can be tried with other claims, like a handle
            return Cost(fields=fields, estimate=1, lookups=1)
        case "compare":
            return Cost(fields=fields, estimate=ESTIMATE_OF_A_COMPARISON, lookups=1)
        case "rights":
            return Cost(fields=fields, rows=1, estimate=2 * len(PURPOSES))
        case "contact":
            return Cost(fields=fields, rows=1, estimate=ESTIMATE_OF_A_CONTACT)
        case "gates":
            return Cost(fields=fields, rows=1, estimate=ESTIMATE_OF_AN_AUDIENCE)
        case "journey":
            rows = page_size({"last": root.arguments["last"]})
            return Cost(2, fields, rows, estimate=ESTIMATE_OF_A_JOURNEY)
        case _:
            return Cost(fields=fields)


def _beside(root: Root) -> Cost:
    """The cost of a dictionary with lists beside it."""
    lists = [_page(many, NODES_OF_A_TYPE) for _, _, many in root.beside]
    fields, rows = (sum(one.fields for one in lists), sum(one.rows for one in lists))
    return Cost(1, len(root.items) + fields, rows, len(lists), sum(one.estimate for one in lists))


def _plain(items: Sequence[tuple[str, object]]) -> int:
    """How many fields are asked of a plain object, and of those in it."""
    return sum(1 + (_plain(part.items) if isinstance(part, Part) else 0) for _, part in items)


def _table(table: Table) -> Cost:
    """The cost of one table of groups: every node of the type is looked at, for each field that is asked for."""
    asked = [item for _, part in table.items if isinstance(part, Groups) for _, item in part.items]
    fields = sum(len(item.items) if isinstance(item, GroupKey | GroupFigures) else 1 for item in asked)
    looked_at = NODES_OF_A_TYPE * (1 + fields + _weight(table.arguments.get("where")))
    return Cost(1, len(table.items) + fields, page_size({"first": table.arguments.get("first")}), 0, looked_at)


def _item(item: object, above: NodeType | None) -> Cost:
    """The cost of one part of what is asked of a node of the type `above`."""
    match item:
        case One(_, nodes):
            return _several(nodes, 1)
        case Many(edge):
            targets = above.edges[edge].targets if above is not None and edge in above.edges else ()
            return _page(item, _looked_at(item, MODEL[targets[0]] if len(targets) == 1 else None, NEIGHBOURS))
        case _:
            return Cost(fields=1, estimate=1)


def _page(many: Many, looked_at: int, lookups: int = 0) -> Cost:
    below = _several(_nodes(many), page_size(many.arguments))
    return Cost(below.depth, below.fields + len(many.items), below.rows, 1, below.estimate + looked_at, lookups)


def _several(nodes: tuple[Node, ...], rows: int) -> Cost:
    """So many rows, each with what is asked of every one of the nodes."""
    depth = fields = below = estimate = 0
    for node in nodes:
        for _, item in node.items:
            one = _item(item, MODEL.get(node.type))
            depth, fields = max(depth, one.depth), fields + one.fields
            below, estimate = below + one.rows, estimate + one.estimate
    return Cost(depth + 1, fields + 1, min(rows * (1 + below), BEYOND), 0, min(rows * (1 + estimate), BEYOND))


def _nodes(many: Many) -> tuple[Node, ...]:
    """Every node that a connection asks for, also at the ends of relationships."""
    ends = [end for related in related_of(many) for _, end in related.items if isinstance(end, End)]
    return nodes_of(many) + tuple(node for end in ends for node in end.nodes)


def _looked_at(many: Many, kind: NodeType | None, there: int) -> int:
    """What the database looks at to fill one page out of so many nodes that are there: nodes, times comparisons."""
    where, order = many.arguments.get("where"), many.arguments.get("orderBy")
    if where and _by_index(where, kind):
        nodes = min(NODES_FOUND, there)
    elif where or not _sorted_by_index(order, kind):
        nodes = there
    elif any(isinstance(part, TotalCount) for _, part in many.items):
        nodes = min(MOST_COUNTED, there)
    else:
        nodes = page_size(many.arguments) + 1 if there > NEIGHBOURS else there
    return nodes * (1 + _weight(where))


def _by_index(where: object, kind: NodeType | None) -> bool:
    """Whether an index finds what the filter keeps: one comparison that must hold is enough."""
    if not isinstance(where, Mapping) or kind is None:
        return False
    for name, asked in where.items():
        if name == "and" and any(_by_index(one, kind) for one in _listed(asked)):
            return True
        if _indexed(name, kind) and isinstance(asked, Mapping) and BY_INDEX.intersection(asked):
            return True
    return False


def _sorted_by_index(order: object, kind: NodeType | None) -> bool:
    first = next(iter(_listed(order)), None)
    if not isinstance(first, Mapping) or kind is None:
        return True
    return all(_indexed(name, kind) for name in first)


def _indexed(name: str, kind: NodeType) -> bool:
    held = kind.properties.get(name)
    return name == "id" or (held is not None and (held.indexed or held.unique))


def _weight(where: object) -> int:
    """What it takes to compare one node with a filter."""
    if not isinstance(where, Mapping):
        return sum(map(_weight, where)) if isinstance(where, list | tuple) else 0
    return sum(_weight(asked) if name in COMBINED else _weights(asked) for name, asked in where.items())


def _weights(asked: object) -> int:
    return sum(WEIGHTS.get(name, 1) for name in asked) if isinstance(asked, Mapping) else 0


def _comparisons(where: object) -> int:
    """How many there are, however deep. An entry of `and` and `or` counts too: it is a part of the statement."""
    if not isinstance(where, Mapping):
        return sum(1 + _comparisons(one) for one in where) if isinstance(where, list | tuple) else 0
    return sum(
        _comparisons(asked) if name in COMBINED else len(asked) if isinstance(asked, Mapping) else 1
        for name, asked in where.items()
    )


def _nesting(where: object) -> int:
    if not isinstance(where, Mapping):
        return max(map(_nesting, where), default=0) if isinstance(where, list | tuple) else 0
    return max((1 + _nesting(asked) if name in COMBINED else 1 for name, asked in where.items()), default=1)


def _wheres(root: Root) -> list[object]:
    """Every filter of a root field."""
    found: list[object] = []
    waiting: list[object] = [root.field]
    while waiting:
        match waiting.pop():
            case Many(arguments=arguments) as many:
                found += [arguments["where"]] if arguments.get("where") else []
                waiting += [item for node in _nodes(many) for _, item in node.items]
            case One(_, nodes):
                waiting += [item for node in nodes for _, item in node.items]
            case Aggregate(items):
                tables = [one for _, one in items if isinstance(one, Table)]
                found += [one.arguments["where"] for one in tables if one.arguments.get("where")]
    return found


def _listed(asked: object) -> tuple[object, ...]:
    if isinstance(asked, list | tuple):
        return tuple(asked)
    return () if asked is None else (asked,)
