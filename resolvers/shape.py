"""Shape: rows of the database as GraphQL data, in the selection's order, with null propagation.

What was planned becomes closures once; each answer then costs a walk over its values and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.placed import (
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
from graph.read import MOST_COUNTED
from graph.scalars import WRITE
from graph.selection import CursorOf, PageInfo, TotalCount, Typename
from resolvers.cursor import Sealer

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


def filled(made: Any, at: tuple[str | int, ...]) -> tuple[Any, list[list[str | int]]]:
    """What was made with null in place of every Hole, and the path of what each of them lacked."""
    match made:
        case Hole(below):
            return None, [[*at, *below]]
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


def _withheld(placed: PlacedWithheld) -> Shaper:
    def entry(field: str, reason: str) -> dict[str, str]:
        words = {"field": field, "reason": reason, "__typename": "Withheld"}
        return {key: words[name] for key, name in placed.items}

    made = [(entry(field, reason), rule, holds) for field, reason, rule, holds in placed.known]

    def shape(row: Row, sealer: Sealer) -> Any:
        return [dict(shown) for shown, rule, holds in made if rule is None or bool(row[rule]) is holds]

    return shape


def _node(nodes: Sequence[PlacedNode]) -> Shaper:
    if len(nodes) == 1:
        return _one_type(nodes[0])
    shapes = {node.type: _one_type(node) for node in nodes}
    return lambda row, sealer: shapes[row["_type"]](row, sealer)


def _one_type(node: PlacedNode) -> Shaper:
    items = [(key, shaper(item)) for key, item in node.items]

    def shape(row: Row, sealer: Sealer) -> Any:
        return _keyed(items, row, sealer)

    return shape


def connection(placed: PlacedMany) -> Shaper:
    """How a connection is made from the row that holds its rows in one column."""
    parts = [(key, _part(part, placed)) for key, part in placed.items]
    column, size, reverse = placed.column, placed.size, placed.reverse

    def shape(row: Row, sealer: Sealer) -> Any:
        found = row.get(column) or []
        more = len(found) > size
        shown = found[:size]
        page = _Page(shown[::-1] if reverse else shown, more, row.get(placed.total), sealer, sealer.bond(placed.bond))
        return _keyed(parts, page)

    return shape


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

    __slots__ = ("bond", "more", "rows", "sealer", "total")

    def __init__(self, rows: Sequence[Row], more: bool, total: int | None, sealer: Sealer, bond: bytes) -> None:
        self.rows = rows
        self.more = more
        self.total = total
        self.sealer = sealer
        self.bond = bond

    def cursor(self, row: Row) -> str:
        return self.sealer.seal(row["_at"], self.bond)


def _part(part: PlacedPart, placed: PlacedMany) -> Callable[[_Page], Any]:
    match part:
        case Typename(name):
            return lambda page: name
        case TotalCount():
            return lambda page: min(page.total or 0, MOST_COUNTED)
        case PlacedNodes(nodes):
            shape = _node(nodes)
            return lambda page: _listed(page.rows, lambda row: shape(row, page.sealer))
        case PlacedEdges(items):
            made = [(key, _edge_item(item)) for key, item in items]
            return lambda page: _listed(page.rows, lambda row: _keyed(made, row, page))
        case PageInfo(items):
            return lambda page: {key: _page_info(name, page, placed) for key, name in items}
    raise AssertionError(part)


def _listed(rows: Sequence[Row], shape: Callable[[Row], Any]) -> list[Any]:
    made = []
    for index, row in enumerate(rows):
        try:
            made.append(shape(row))
        except Missing as missing:
            raise missing.within(index) from None
    return made


def _edge_item(item: "Typename | CursorOf | tuple[PlacedNode, ...]") -> Callable[[Row, _Page], Any]:
    match item:
        case Typename(name):
            return lambda row, page: name
        case CursorOf():
            return lambda row, page: page.cursor(row)
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
