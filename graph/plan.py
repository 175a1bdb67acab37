"""Plan: a selection placed on a View. Knows labels, edges and expressions; knows no role.

`plan` gives a Read, which `graph.emit` makes into one statement, and a Placed tree, which says where in the rows
each answer stands. Every name is looked up in the View and only there: what the View lacks cannot be asked for.
"""

from collections.abc import Mapping
from dataclasses import replace

from graph.expr import (
    FALSE,
    TRUE,
    And,
    Bond,
    Claim,
    Compare,
    CursorSlot,
    Exists,
    Expr,
    If,
    Inherited,
    Mask,
    Not,
    Or,
    Prop,
    Rule,
    Visible,
    both,
    either,
)
from graph.filter import Order, backwards, beyond, fields_named, orders, predicate, reach, rules_in
from graph.masks import PSEUDONYM
from graph.placed import (
    KEY,
    Placed,
    PlacedEdges,
    PlacedField,
    PlacedMany,
    PlacedNode,
    PlacedNodes,
    PlacedOne,
    PlacedPart,
    PlacedWithheld,
)
from graph.read import About, Branch, ByLabel, BySubject, Leg, Page, Read, Start
from graph.selection import (
    CursorOf,
    EdgeList,
    Field,
    Many,
    Node,
    NodeList,
    One,
    PageInfo,
    TotalCount,
    Typename,
    WithheldList,
    nodes_of,
)
from graph.view import FieldView, TypeView, View
from schema.errors import DocumentInvalid, ValueInvalid
from schema.model import MODEL, Edge, Scalar, inverse

SUBJECT = "Customer"
WRITTEN_AS = "sourceKey"
"""The property by which the writers of a node know it; sealed values are bound to it."""


def plan_one(start: Start, asked: One, view: View) -> tuple[Read, PlacedOne]:
    """A root field that gives one node."""
    legs, nodes = legs_for(asked.nodes, view, None)
    return Read(start, legs, None), PlacedOne("row", tuple(nodes.values()))


def plan_many(
    start: Start, asked: Many, view: View, target: str, *, unattributed: bool = False
) -> tuple[Read, PlacedMany]:
    """A root field that gives a connection of nodes of the type `target`."""
    named = _asked_or_bare(asked, (target,), view)
    legs, nodes = legs_for(named, view, None, unattributed)
    page, placed = _page(asked, nodes, _seen(view, target), asked.edge, "rows", "total")
    if isinstance(start, ByLabel):
        start = _about_the_viewer(legs[0].rows) or start
    return Read(start, legs, page), placed


def _about_the_viewer(rows: Expr) -> BySubject | None:
    """Where a rule lets a role see only what is about the viewer, the viewer is where to begin."""
    for part in rows.parts if isinstance(rows, And) else (rows,):
        match part:
            case Exists(edge, _, where):
                for inner in where.parts if isinstance(where, And) else (where,):
                    match inner:
                        case Compare("=", Prop("id"), Claim() as claim):
                            return BySubject((edge,), claim)
                if (further := _about_the_viewer(where)) is not None:
                    return BySubject((edge, *further.path), further.id)
    return None


def _asked_or_bare(asked: Many, targets: tuple[str, ...], view: View) -> tuple[Node, ...]:
    """Each type that the edge leads to counts as a row, whether or not a fragment asks for something of it."""
    named = nodes_of(asked)
    return named + tuple(
        Node(target, ()) for target in targets if target in view.types and all(node.type != target for node in named)
    )


def _seen(view: View, name: str) -> TypeView:
    if name not in view.types:
        raise DocumentInvalid
    return view.types[name]


def legs_for(
    asked: tuple[Node, ...], view: View, above: "tuple[_Leg, Edge] | None", unattributed: bool = False
) -> tuple[tuple[Leg, ...], dict[int, PlacedNode]]:
    """One leg for each type asked for; several selections of one type share its columns."""
    legs: dict[str, _Leg] = {}
    placed: dict[int, PlacedNode] = {}
    for node in asked:
        leg = legs.setdefault(node.type, _Leg(_seen(view, node.type), view))
        placed[id(node)] = leg.place(node)
    return tuple(leg.finished(above, unattributed) for leg in legs.values()), placed


class _Leg:
    """Collects what is read of one node type while its selections are placed."""

    def __init__(self, seen: TypeView, view: View) -> None:
        self.seen = seen
        self.view = view
        self.columns: dict[str, Expr] = {}
        self.scalars: dict[str, tuple[Scalar, bool]] = {}
        self.branches: list[Branch] = []
        self.rules = [_expanded(rule, view, seen.name, None) for rule in seen.rules]
        self.shared: set[int] = set()

    def share(self, rule: Expr) -> int:
        """Compute a rule for the rows below as well."""
        if rule not in self.rules:
            self.rules.append(rule)
        self.shared.add(self.rules.index(rule))
        return self.rules.index(rule)

    def place(self, node: Node) -> PlacedNode:
        return PlacedNode(node.type, tuple((key, self.item(item)) for key, item in node.items))

    def item(self, item: object) -> Placed:
        match item:
            case Typename():
                return item
            case Field(name):
                return self.field(name)
            case WithheldList(items):
                return self.withheld(items)
            case One(edge):
                return self.one(item, self.edge(edge))
            case Many(edge):
                return self.many(item, self.edge(edge))
        raise AssertionError(item)

    def edge(self, name: str) -> Edge:
        if name not in self.seen.edges:
            raise DocumentInvalid
        return self.seen.edges[name]

    def field(self, name: str) -> PlacedField:
        if name not in self.seen.fields:
            raise DocumentInvalid
        found = self.seen.fields[name]
        self.columns[name] = found.output
        self.scalars[name] = (found.property.scalar, found.property.many)
        alias = f"{self.seen.name}.{name}" if _may_be_a_pseudonym(found.output) else None
        held = found.property
        sealed = self.seen.name if _is_sealed(found) else None
        if sealed is not None:
            self.columns[KEY] = Prop(WRITTEN_AS)
        return PlacedField(name, held.scalar, held.many, held.required and found.plain, alias, sealed)

    def withheld(self, items: tuple[tuple[str, str], ...]) -> PlacedWithheld:
        known = []
        for one in self.seen.withheld:
            column, unless = self.rule(one.rule), self.rule(one.unless)
            known.append((one.field, one.reason.value, column, one.holds, unless))
        sealed = []
        for name, found in self.seen.fields.items():
            if _is_sealed(found):
                self.columns[f"_sealed_{name}"] = found.output
                sealed.append((name, f"_sealed_{name}"))
        return PlacedWithheld(items, tuple(known), tuple(sealed))

    def rule(self, index: int | None) -> str | None:
        """The column of a rule, which is read from now on."""
        if index is None:
            return None
        self.columns[f"_rule{index}"] = Rule(index)
        return f"_rule{index}"

    def column(self, name: str) -> str:
        taken = sum(1 for branch in self.branches if branch.edge.name == name)
        return name if not taken else f"{name}_{taken + 1}"

    def one(self, asked: One, edge: Edge) -> PlacedOne:
        column = self.column(edge.name)
        legs, nodes = legs_for(asked.nodes, self.view, (self, edge))
        self.branches.append(Branch(column, edge, legs, None))
        return PlacedOne(column, tuple(nodes.values()))

    def many(self, asked: Many, edge: Edge) -> PlacedMany:
        column = self.column(edge.name)
        named = _asked_or_bare(asked, edge.targets, self.view)
        legs, nodes = legs_for(named, self.view, (self, edge))
        target = self.view.types[edge.targets[0]] if len(edge.targets) == 1 else None
        page, placed = _page(asked, nodes, target, f"{self.seen.name}.{edge.name}", column, f"_total_{column}")
        self.branches.append(Branch(column, edge, legs, page))
        return placed

    def finished(self, above: "tuple[_Leg, Edge] | None", unattributed: bool) -> Leg:
        arrival = (above[0].seen.name, above[1]) if above else None
        rows = self.seen.unattributed if unattributed else self.seen.rows
        # The trail says what was shown of each row, so the rules that decide it are read with it.
        for index in frozenset().union(*(rules_in(self.columns[name]) for name in self.scalars)):
            self.columns.setdefault(f"_rule{index}", Rule(index))
        needed = self.shared.union(*(rules_in(column) for column in self.columns.values()))
        return Leg(
            label=self.seen.name,
            rows=_expanded(rows, self.view, self.seen.name, arrival),
            rules=tuple(self.rules),
            hoisted={index: self.taken_over(self.rules[index], above) for index in sorted(needed)},
            columns=dict(sorted(self.columns.items(), key=lambda one: _rank(self.seen, one[0]))),
            scalars=self.scalars,
            branches=tuple(self.branches),
            about=self.about(above),
        )

    def about(self, above: "tuple[_Leg, Edge] | None") -> About | None:
        """Whom the rows are about, where the row above does not tell."""
        if self.seen.name == SUBJECT:
            return About("id" if "id" in self.scalars else "_about", ())
        path = subject_path(self.seen.name)
        if not path:
            return None
        if above is not None and above[0].seen.name in path[0].targets:
            way = inverse(MODEL, above[0].seen.name, above[1], self.seen.name)
            if way == MODEL[self.seen.name].subject:
                return None
        return About("_about", path)

    def taken_over(self, rule: Expr, above: "tuple[_Leg, Edge] | None") -> Expr:
        """What a rule asks of the one node above, the row above can answer for all the rows below it."""
        match rule:
            case Exists(edge, target, where) if above is not None and not edge.many:
                leg, way = above
                if target == leg.seen.name and inverse(MODEL, target, way, self.seen.name) == edge:
                    return Inherited(leg.share(where))
        return rule


def _may_be_a_pseudonym(output: Expr) -> bool:
    match output:
        case If(_, then, other):
            return _may_be_a_pseudonym(then) or _may_be_a_pseudonym(other)
        case Mask(name):
            return name == PSEUDONYM
        case _:
            return False


def _is_sealed(found: FieldView) -> bool:
    """Whether the field may read as a value that has to be opened: what masks make of it stands there open."""

    def raw(output: Expr) -> bool:
        match output:
            case If(_, then, other):
                return raw(then) or raw(other)
            case Prop():
                return True
            case _:
                return False

    return found.property.sealed and raw(found.output)


def subject_path(name: str) -> tuple[Edge, ...]:
    """The edges from a node to whom it is about; none for what is about nobody, and for the customer."""
    path: list[Edge] = []
    while name != SUBJECT:
        edge = MODEL[name].subject
        if edge is None:
            return ()
        path.append(edge)
        name = edge.targets[0]
    return tuple(path)


def _rank(seen: TypeView, column: str) -> tuple[int, str]:
    """Columns stand in the model's order, so that documents which differ in order alone share a statement."""
    names = list(MODEL[seen.name].properties)
    return (names.index(column) if column in names else len(names), column)


def _expanded(expr: Expr, view: View, at: str, arrival: tuple[str, Edge] | None) -> Expr:
    """Puts the target's row rule in the place of Visible.

    Who arrives along the same edge from a node that is visible has the answer already.
    """
    match expr:
        case Visible(edge, target):
            if target not in view.types:
                return FALSE
            rows = _expanded(view.types[target].rows, view, target, None)
            # What is unknown of a node hides it, here too.
            others = Not(Exists(edge, target, If(rows, FALSE, TRUE))) if edge.every else TRUE
            if arrival is not None and arrival[0] == target and inverse(MODEL, target, arrival[1], at) == edge:
                return others
            return both(Exists(edge, target, rows), others)
        case Exists(edge, target, where):
            return Exists(edge, target, _expanded(where, view, target, None))
        case And(parts):
            return both(*(_expanded(part, view, at, arrival) for part in parts))
        case Or(parts):
            return either(*(_expanded(part, view, at, arrival) for part in parts))
        case Not(of):
            return Not(_expanded(of, view, at, arrival))
        case If(test, then, other):
            return If(
                _expanded(test, view, at, arrival),
                _expanded(then, view, at, arrival),
                _expanded(other, view, at, arrival),
            )
        case _:
            return expr


def expanded(expr: Expr, view: View, at: str) -> Expr:
    """A rule of a View about a node of the type `at`, with what it says of others' visibility put in."""
    return _expanded(expr, view, at, None)


DEFAULT_PAGE = 20
LARGEST_PAGE = 1000


def page_size(arguments: Mapping[str, object], largest: int = LARGEST_PAGE) -> int:
    """How many rows a page shows. Raises ValueInvalid for a size that cannot be."""
    first, last = arguments.get("first"), arguments.get("last")
    if first is not None and last is not None:
        raise ValueInvalid("Give first or last, not both.")
    size = first if first is not None else last
    if size is None:
        return DEFAULT_PAGE
    if not isinstance(size, int) or not 0 <= size <= largest:
        raise ValueInvalid(f"first and last take 0 to {largest}.")
    return size


def _page(
    asked: Many, nodes: Mapping[int, PlacedNode], seen: TypeView | None, path: str, column: str, total: str
) -> tuple[Page, PlacedMany]:
    """`seen` is None where the edge leads to a union, which has no filter and no order but the id."""
    arguments = asked.arguments if seen is None else _in_order_of_time(asked.arguments, seen)
    size = page_size(arguments, asked.largest or LARGEST_PAGE)
    reverse = arguments.get("last") is not None
    where = predicate(arguments.get("where"), seen) if seen is not None else TRUE
    # A list of the whole graph passes over no node; among neighbours the simpler form is the quicker one.
    nested = "." in path
    order = orders(arguments.get("orderBy"), seen, complete=nested) if seen is not None else BY_ID
    if seen is not None and order[0].by == Prop(MODEL[seen.name].log or ""):
        order = (replace(order[0], nullable=False), *order[1:])
    bond = Bond(path, _words(arguments.get("orderBy")), arguments.get("where"))
    limits, reached = [], []
    if (after := arguments.get("after")) is not None:
        limits.append(beyond(order, CursorSlot(after, bond)))
        reached.append(reach(order, CursorSlot(after, bond)))
    if (before := arguments.get("before")) is not None:
        limits.append(beyond(backwards(order), CursorSlot(before, bond)))
        reached.append(reach(backwards(order), CursorSlot(before, bond)))
    parts = [part for _, part in asked.items]
    shows_rows = any(isinstance(part, EdgeList | NodeList | PageInfo) for part in parts)
    page = Page(
        where=where,
        after=both(*limits),
        reach=both(*reached),
        order=backwards(order) if reverse else order,
        limit=size + 1,
        rows=shows_rows,
        position=any(_shows_cursor(part) for part in parts),
        total=any(isinstance(part, TotalCount) for part in parts),
        compared=tuple(f"{seen.name}.{name}" for name in sorted(_compared(arguments))) if seen is not None else (),
    )
    placed = PlacedMany(
        column=column,
        total=total,
        size=size,
        reverse=reverse,
        follows=(before if reverse else after) is not None,
        bond=bond,
        items=tuple((key, _part(part, nodes)) for key, part in asked.items),
    )
    return page, placed


def _in_order_of_time(arguments: Mapping[str, object], seen: TypeView) -> Mapping[str, object]:
    """A log is listed in the order of its time where no other is asked for, if the viewer sees that of every row."""
    log = seen.fields.get(MODEL[seen.name].log or "")
    if log is None or not log.plain or arguments.get("orderBy"):
        return arguments
    return {**arguments, "orderBy": ({log.property.name: "ASC"},)}


BY_ID = (Order(Prop("id"), Scalar.ID, descending=False, nullable=False),)


def _words(asked: object) -> tuple[str, ...]:
    several = asked if isinstance(asked, list | tuple) else () if asked is None else (asked,)
    return tuple(
        f"{name} {getattr(direction, 'name', direction)}"
        for one in several
        if isinstance(one, Mapping)
        for name, direction in one.items()
    )


def _compared(arguments: Mapping[str, object]) -> set[str]:
    """The fields that a filter and an order name."""
    keys = arguments.get("orderBy") or ()
    ordered = {
        name
        for one in (keys if isinstance(keys, list | tuple) else (keys,))
        if isinstance(one, Mapping)
        for name in one
    }
    return ordered | fields_named(arguments.get("where"))


def _shows_cursor(part: object) -> bool:
    match part:
        case EdgeList(items):
            return any(isinstance(item, CursorOf) for _, item in items)
        case PageInfo(items):
            return any(name in ("startCursor", "endCursor") for _, name in items)
        case _:
            return False


def _part(part: object, nodes: Mapping[int, PlacedNode]) -> PlacedPart:
    match part:
        case EdgeList(items):
            return PlacedEdges(
                tuple(
                    (key, tuple(nodes[id(node)] for node in item) if isinstance(item, tuple) else item)
                    for key, item in items
                    if isinstance(item, tuple | CursorOf | Typename)
                )
            )
        case NodeList(asked):
            return PlacedNodes(tuple(nodes[id(node)] for node in asked))
        case PageInfo() | TotalCount() | Typename():
            return part
    raise AssertionError(part)
