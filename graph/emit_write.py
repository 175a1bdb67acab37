"""Emit a write's first statement: find the record that a viewer means, if that viewer may see it, and lock it.

What a change writes comes after it in the same transaction. The lock is taken before the row rule is read, so that what
the rule says then stays true of the record until the commit.
"""

from collections.abc import Sequence

from graph.cypher import Binder, braced, conjuncts, where_all
from graph.emit import Place as At
from graph.emit import Statement, hoisted, shown, whom
from graph.expr import Value, Variable
from graph.plan import legs_for, subject_path
from graph.read import About, Leg
from graph.selection import Field, Node
from graph.view import View
from schema.model import Scalar

TARGET = "target"
"""The variable under which the record's id is bound."""
PLACE = At("n", "")


def emit_guard(label: str, view: View, fields: Sequence[str] = ()) -> Statement:
    """One row `{id, about, seen}` for the record if the viewer may see it, none otherwise.

    `about` holds the ids of the customers whom it is about, `seen` the named fields as the viewer sees them.
    """
    binder = Binder()
    asked = tuple((name, Field(name)) for name in fields if name in view.types[label].fields)
    leg, lines = found_and_locked(label, view, binder, asked)
    about = whom(About("about", subject_path(label)), "n")
    entries = [
        "id: n.id",
        f"about: {about if subject_path(label) else f'[{about}]'}",
        f"seen: {shown((leg,), PLACE, binder, None)}",
    ]
    lines += [*hoisted((leg,), PLACE, binder), f"RETURN {braced(entries)} AS row"]
    return statement_of(lines, binder, label)


def found_and_locked(
    label: str, view: View, binder: Binder, asked: tuple[tuple[str, Field], ...] = ()
) -> tuple[Leg, list[str]]:
    """The lines that find and lock a record, named `n`, if the viewer may see it; and how its fields are read."""
    legs, _ = legs_for((Node(label, asked),), view, None)
    (leg,) = legs
    lines = [
        f"MATCH (n:{label} {{id: {binder.name(Value(Variable((TARGET,)), Scalar.ID))}}})",
        "SET n.id = n.id",
        "WITH n",
        *where_all(conjuncts(leg.rows, "n", binder, ())),
    ]
    return leg, lines


def statement_of(lines: Sequence[str], binder: Binder, name: str) -> Statement:
    """Lines and what they bind as a statement."""
    return Statement(
        "\n".join(lines) + "\n",
        binder.parameters,
        frozenset(binder.claims),
        name,
        False,
        binder.asks_purpose,
        binder.asks_now,
        frozenset(binder.revealed),
    )
