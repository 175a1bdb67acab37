"""Emit an export: one page of nodes or of relationships, in the order of ids, as one list in one row.

A page is one list because the driver makes an object of every row, which takes it longer than reading what is in it.
The index on ids leads; rules come before the limit, so what is hidden takes no place in a page.
"""

from collections.abc import Mapping

from graph.cypher import Binder, arrow, braced, collect, conjuncts, where_all
from graph.emit import Place, Statement, guard, hoisted, shown, whom
from graph.emit_write import statement_of
from graph.export import EVERY_AFTER, EVERY_BEYOND, EdgeExport, NodeExport
from graph.read import Leg

NODES, EDGES = "exportNodes", "exportEdges"
"""The names of exports, for traces and for the trail."""
ABOUT = "_about"


def emit_nodes(asked: NodeExport) -> Statement:
    """The statement of a page of nodes: one row, a list of maps."""
    binder, legs = Binder(), (asked.leg,)
    lines = [
        *_along(asked.leg.label, "n"),
        *where_all([f"n.id > {binder.name(EVERY_AFTER)}", *guard(legs, "n", binder)]),
        "WITH n",
        "ORDER BY n.id",
        f"LIMIT {binder.name(asked.rows)}",
        *hoisted(legs, Place("n", ""), binder),
        f"RETURN {shown(legs, Place('n', ''), binder, None)} AS row",
    ]
    return statement_of([f"RETURN {collect(lines)} AS row"], binder, NODES)


def emit_edges(asked: EdgeExport) -> Statement:
    """The statement of a page of relationships: one row, a list of maps of the ids of the near and the far end, and
    whom each is about where that has to be said. Several between the same ends are one.
    """
    binder = Binder()
    after, beyond = binder.name(EVERY_AFTER), binder.name(EVERY_BEYOND)
    lines = [
        *_along(asked.near.label, "x"),
        *where_all([f"x.id >= {after}", *guard((asked.near,), "x", binder)]),
        f"MATCH (x){arrow(asked.edge)}(y:{asked.far.label})",
        *where_all([f"(x.id > {after} OR y.id > {beyond})", *conjuncts(asked.far.rows, "y", binder, ())]),
        "WITH DISTINCT x, y",
        "ORDER BY x.id, y.id",
        f"LIMIT {binder.name(asked.rows)}",
        f"RETURN {braced([f'{name}: {text}' for name, text in _ends(asked).items()])} AS row",
    ]
    return statement_of([f"RETURN {collect(lines)} AS row"], binder, EDGES)


def _along(label: str, at: str) -> list[str]:
    return [f"MATCH ({at}:{label})", f"USING INDEX {at}:{label}(id)"]


def _ends(asked: EdgeExport) -> Mapping[str, str]:
    ends = {"x": "x.id", "y": "y.id"}
    for at, leg in (("x", asked.near), ("y", asked.far)):
        if tells(leg):
            assert leg.about is not None
            ends[at + ABOUT] = whom(leg.about, at)
    return ends


def tells(leg: Leg) -> bool:
    """Whether a row has to tell whom this end is about: neither its own id does nor the other end."""
    return leg.about is not None and bool(leg.about.path)
