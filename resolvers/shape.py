"""Shape: rows of the database as GraphQL data, in the selection's order, with null propagation.

What was planned becomes closures once; each answer then costs a walk over its values and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.expr import Bond
from graph.placed import (
    KEY,
    Placed,
    PlacedAt,
    PlacedEdges,
    PlacedField,
    PlacedMany,
    PlacedNode,
    PlacedNodes,
    PlacedOne,
    PlacedPart,
    PlacedRelated,
    PlacedRows,
    PlacedValue,
    PlacedWithheld,
)
from graph.read import MOST_COUNTED
from graph.scalars import WRITE
from graph.selection import CursorOf, PageInfo, TotalCount, Truncated, Typename
from graph.vault.sealed import Place
from graph.view import Reason
from resolvers.cursor import Sealer
from schema.errors import CustomerGraphError, RecordIncomplete, SealedUnreadable

Row = Mapping[str, Any]
Shaper = Callable[[Row, Sealer], Any]


class Missing(Exception):
    """A value that its type promises is not there; `path` grows while it travels up to what may be null."""

    def __init__(self) -> None:
        super().__init__()
        self.path: list[str | int] = []

    def within(self, key: str | int) -> "Missing":
        """The same, seen from one level up."""
        self.path.insert(0, key)
        return self


@dataclass(frozen=True, slots=True)
class Hole:
    """Stands in the answer for a part that may be null and could not be made; `below` leads from there to why."""

    below: tuple[str | int, ...]
    why: type[CustomerGraphError] = RecordIncomplete


Lacking = tuple[list[str | int], type[CustomerGraphError]]
"""The path of what was lacking, and why."""


def filled(made: Any, at: tuple[str | int, ...]) -> tuple[Any, list[Lacking]]:
    """What was made with null in place of every Hole, and what each of them lacked."""
    match made:
        case Hole(below, why):
            return None, [([*at, *below], why)]
        case dict():
            parts: list[tuple[Any, Any]] = list(made.items())
        case list():
            parts = list(enumerate(made))
        case _:
            return made, []
    lacking = []
    for key, part in parts:
        made[key], found = filled(part, (*at, key))
        lacking += found
    return made, lacking


def shaper(placed: Placed) -> Shaper:
    """How one item of a node is made from the node's row."""
    match placed:
        case Typename(name):
            return lambda row, sealer: name
        case PlacedField():
            return _field(placed)
        case PlacedWithheld():
            return _withheld(placed)
        case PlacedOne(column, nodes):
            shape = _node(nodes)
            return _perhaps(column, shape)
        case PlacedMany():
            return connection(placed)
    raise AssertionError(placed)


def _perhaps(column: str, shape: Shaper) -> Shaper:
    def perhaps(row: Row, sealer: Sealer) -> Any:
        if (held := row[column]) is None:
            return None
        try:
            return shape(held, sealer)
        except Missing as missing:
            sealer.holes.append(hole := Hole(tuple(missing.path)))
            return hole

    return perhaps


def _field(placed: PlacedField) -> Shaper:
    column, write = placed.column, WRITE.get(placed.scalar)
    if (name := placed.pseudonym) is not None:
        return lambda row, sealer: sealer.pseudonym(name, value[0]) if isinstance(value := row[column], list) else value
    if placed.sealed is not None:
        return _sealed(column, placed.sealed)
    if write is None and not placed.required:
        return lambda row, sealer: row[column]
    many, required = placed.many, placed.required

    def shape(row: Row, sealer: Sealer) -> Any:
        value = row[column]
        if value is None:
            if required:
                raise Missing
            return None
        if write is None:
            return value
        return [write(one) for one in value] if many else write(value)

    return shape


def _sealed(column: str, label: str) -> Shaper:
    def shape(row: Row, sealer: Sealer) -> Any:
        try:
            return sealer.unsealed(row[column], Place(label, column, row[KEY]))
        except SealedUnreadable:
            sealer.holes.append(hole := Hole((), SealedUnreadable))
            return hole

    return shape


def _withheld(placed: PlacedWithheld) -> Shaper:
    def entry(field: str, reason: str) -> dict[str, str]:
        words = {"field": field, "reason": reason, "__typename": "Withheld"}
        return {key: words[name] for key, name in placed.items}

    made = [(entry(field, reason), rule, holds, unless) for field, reason, rule, holds, unless in placed.known]
    erased = [(entry(field, Reason.ERASED.value), column) for field, column in placed.sealed]

    def shape(row: Row, sealer: Sealer) -> Any:
        told = [
            dict(shown)
            for shown, rule, holds, unless in made
            if (rule is None or bool(row[rule]) is holds) and (unless is None or not row[unless])
        ]
        return told + [dict(shown) for shown, column in erased if sealer.erased(row[column])]

    return shape


def _node(nodes: Sequence[PlacedNode]) -> Shaper:
    if len(nodes) == 1:
        return _one_type(nodes[0])
    shapes = {node.type: _one_type(node) for node in nodes}
    return lambda row, sealer: shapes[row["_type"]](row, sealer)


def _one_type(node: PlacedNode) -> Shaper:
    fields = [
        (key, item)
        for key, item in node.items
        if isinstance(item, PlacedField) and item.scalar not in WRITE and item.pseudonym is None and item.sealed is None
    ]
    if len(fields) == len(node.items):
        return _as_they_are(fields)
    items = [(key, shaper(item)) for key, item in node.items]

    def shape(row: Row, sealer: Sealer) -> Any:
        return _keyed(items, row, sealer)

    return shape


def _as_they_are(fields: Sequence[tuple[str, PlacedField]]) -> Shaper:
    """A node of which only fields are shown, each as the database gave it: most rows of long lists are of this kind."""
    columns = [(key, field.column) for key, field in fields]
    required = [(key, field.column) for key, field in fields if field.required]

    def shape(row: Row, sealer: Sealer) -> Any:
        for key, column in required:
            if row[column] is None:
                raise Missing().within(key)
        return {key: row[column] for key, column in columns}

    return shape


def connection(placed: PlacedMany) -> Shaper:
    """How a connection is made from the row that holds its rows in one column."""
    parts = [(key, _part(part, placed)) for key, part in placed.items]
    column, size, reverse = placed.column, placed.size, placed.reverse

    def shape(row: Row, sealer: Sealer) -> Any:
        found = row.get(column) or []
        more = len(found) > size
        shown = found[:size]
        page = _Page(shown[::-1] if reverse else shown, more, row, row.get(placed.total), sealer, placed.bond)
        return _keyed(parts, page)

    return shape


def perhaps(shape: Shaper) -> Shaper:
    """A connection that is null where the row that should hold it has none."""
    return lambda row, sealer: None if row["rows"] is None else shape(row, sealer)


def _keyed(parts: Sequence[tuple[str, Callable[..., Any]]], *of: Any) -> dict[str, Any]:
    made = {}
    for key, part in parts:
        try:
            made[key] = part(*of)
        except Missing as missing:
            raise missing.within(key) from None
    return made


class _Page:
    """The rows of one page while it is shaped."""

    __slots__ = ("bond", "bound", "more", "rows", "sealer", "total", "truncated")

    def __init__(
        self, rows: Sequence[Row], more: bool, row: Row, total: int | None, sealer: Sealer, bond: Bond
    ) -> None:
        self.rows = rows
        self.more = more
        self.total = total
        self.truncated = bool(row.get("truncated"))
        self.sealer = sealer
        self.bond = bond
        self.bound: bytes | None = None

    def cursor(self, row: Row) -> str:
        if self.bound is None:  # made for those who ask for cursors alone: a list below a list has many pages
            self.bound = self.sealer.bond(self.bond)
        return self.sealer.seal(row["_at"], self.bound)


def _part(part: PlacedPart, placed: PlacedMany) -> Callable[[_Page], Any]:
    match part:
        case Typename(name):
            return lambda page: name
        case TotalCount():
            return lambda page: min(page.total or 0, MOST_COUNTED)
        case PlacedNodes(nodes):
            shape = _node(nodes)
            return lambda page: _listed(page.rows, shape, page.sealer)
        case PlacedRows(item):
            row_of = _edge_item(item)
            return lambda page: _listed(page.rows, row_of, page)
        case Truncated():
            return lambda page: page.truncated
        case PlacedEdges(items):
            made = [(key, _edge_item(item)) for key, item in items]
            return lambda page: _listed(page.rows, lambda row, page: _keyed(made, row, page), page)
        case PageInfo(items):
            return lambda page: {key: _page_info(name, page, placed) for key, name in items}
    raise AssertionError(part)


def _listed(rows: Sequence[Row], shape: Callable[[Row, Any], Any], beside: Any) -> list[Any]:
    made: list[Any] = []
    try:
        for row in rows:
            made.append(shape(row, beside))  # noqa: PERF401  how many there are says where the fault is
    except Missing as missing:
        raise missing.within(len(made)) from None
    return made


def _edge_item(
    item: "Typename | CursorOf | PlacedValue | PlacedAt | PlacedRelated | tuple[PlacedNode, ...]",
) -> Callable[[Row, _Page], Any]:
    match item:
        case Typename(name):
            return lambda row, page: name
        case CursorOf():
            return lambda row, page: page.cursor(row)
        case PlacedValue(column):
            return lambda row, page: row[column]
        case PlacedAt(column, nodes):
            shape = _node(nodes)
            return lambda row, page: shape(row[column], page.sealer)
        case PlacedRelated(items):
            parts = [(key, _edge_item(part)) for key, part in items]
            return lambda row, page: _keyed(parts, row, page)
        case nodes:
            shape = _node(nodes)
            return lambda row, page: shape(row, page.sealer)


def _page_info(name: str, page: _Page, placed: PlacedMany) -> Any:
    match name:
        case "hasNextPage":
            return placed.follows if placed.reverse else page.more
        case "hasPreviousPage":
            return page.more if placed.reverse else placed.follows
        case "startCursor":
            return page.cursor(page.rows[0]) if page.rows else None
        case "endCursor":
            return page.cursor(page.rows[-1]) if page.rows else None
        case _:
            return "PageInfo"
