"""Budget: how much a selection may ask for, from its shape alone, before the database is asked.

Rows are what a page could hold times what each of them could hold below; the figures never depend on data.
"""

from dataclasses import dataclass

from graph.plan import page_size
from graph.selection import Many, Node, One, Root, nodes_of
from schema.errors import OverBudget


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that one operation may ask for."""

    depth: int = 10
    fields: int = 1_000
    rows: int = 50_000
    roots: int = 20


@dataclass(frozen=True, slots=True)
class Cost:
    """What a selection asks for: levels of nodes, fields, and rows at the most."""

    depth: int
    fields: int
    rows: int


def cost(item: object) -> Cost:
    """The cost of one part of a selection."""
    match item:
        case One(_, nodes):
            return _several(nodes, 1)
        case Many(_, items, arguments):
            below = _several(nodes_of(item), page_size(arguments))
            return Cost(below.depth, below.fields + len(items), below.rows)
        case _:
            return Cost(0, 1, 0)


def _several(nodes: tuple[Node, ...], rows: int) -> Cost:
    depth = fields = below = 0
    for node in nodes:
        for _, item in node.items:
            one = cost(item)
            depth, fields, below = max(depth, one.depth), fields + one.fields, below + one.rows
    return Cost(depth + 1, fields + 1, rows * (1 + below))


def check(roots: tuple[Root, ...], budget: Budget) -> Cost:
    """The cost of an operation. Raises OverBudget, telling what was asked for and what is allowed."""
    costs = [cost(root.field) for root in roots]
    whole = Cost(
        max((one.depth for one in costs), default=0), sum(one.fields for one in costs), sum(one.rows for one in costs)
    )
    for name, asked, most in (
        ("root fields", len(roots), budget.roots),
        ("levels", whole.depth, budget.depth),
        ("fields", whole.fields, budget.fields),
        ("rows", whole.rows, budget.rows),
    ):
        if asked > most:
            raise OverBudget(f"The document asks for {asked} {name}; {most} are allowed. {OverBudget.advice}")
    return whole
