"""Read: what one root field reads, as plain data between `graph.plan`, which makes it, and `graph.emit`."""

from collections.abc import Mapping
from dataclasses import dataclass

from graph.expr import TRUE, Claim, Expr, Value
from graph.filter import Order
from schema.model import Edge, Scalar

MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class About:
    """Whom a row is about: `column` holds the id of the customer, or of all that `path` leads to."""

    column: str
    path: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Leg:
    """One node type at the end of an edge: which of its nodes there are, and what is read of them.

    `hoisted` are the rules that the output needs, computed once a row or taken over from the row above. Without
    `about` a row is about whom the row above is about.
    """

    label: str
    rows: Expr
    rules: tuple[Expr, ...]
    hoisted: Mapping[int, Expr]
    columns: Mapping[str, Expr]
    scalars: Mapping[str, tuple[Scalar, bool]]
    branches: tuple["Branch", ...]
    about: About | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of a connection, in which order. `limit` is one more than is shown.

    `reach` says of rows that have a value for the first key what `after` says of them, or less, as an index takes it.
    `compared` are the fields by which rows are chosen and sorted, as `Customer.email`.
    """

    where: Expr
    after: Expr
    order: tuple[Order, ...]
    limit: int
    rows: bool
    position: bool
    total: bool
    reach: Expr = TRUE
    compared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """An edge that is followed. Without a page it leads to at most one node."""

    column: str
    edge: Edge
    legs: tuple[Leg, ...]
    page: Page | None


@dataclass(frozen=True, slots=True)
class ByLabel:
    """Start at every node of the type."""


@dataclass(frozen=True, slots=True)
class ById:
    """Start at the one node with this id."""

    id: Value


@dataclass(frozen=True, slots=True)
class ByIdentity:
    """Start at those who use this identity."""

    kind: Value
    normalized: Value


@dataclass(frozen=True, slots=True)
class BySubject:
    """Start at what is about the one whose id the token claims; `path` leads there from the node that is read."""

    path: tuple[Edge, ...]
    id: Claim


Start = ByLabel | ById | ByIdentity | BySubject


@dataclass(frozen=True, slots=True)
class Read:
    """All that one root field reads, in one statement."""

    start: Start
    legs: tuple[Leg, ...]
    page: Page | None
