"""Explain: what decides whether someone else sees a record, and as what, read beside each other in one statement.

Only booleans leave, and whom the record is about. The record is there as far as it is for the one who asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from graph.expr import FALSE, And, Claim, Compare, Exists, Expr, If, IsNull, Not, Or, Purpose, Revealed, Rule, Value
from graph.plan import SUBJECT, expanded, subject_path
from graph.read import About, ById, Leg, Read
from graph.view import TypeView, View
from schema.errors import ValueInvalid
from schema.model import Scalar

TYPES: Mapping[str, tuple[Scalar, bool]] = {
    "string": (Scalar.STRING, False),
    "integer": (Scalar.INT, False),
    "boolean": (Scalar.BOOLEAN, False),
    "list[string]": (Scalar.STRING, True),
}


@dataclass(frozen=True, slots=True)
class Given:
    """Who the other would be: claims by name, of the types that the View declares, with `id` for the subject."""

    claims: Mapping[str, object]


def plan_explanation(id_: Value, seen: TypeView, other: View, own: View, given: Given) -> Read | None:
    """What decides of the record with this id for `other`: `_rule0` says whether it is there, the others follow in the
    order of its rules. None where the one who asks has no such type.

    Raises ValueInvalid when a rule reads a claim that is not given.
    """
    mine = own.types.get(seen.name)
    if mine is None or "id" not in mine.fields:
        return None
    rules = tuple(_put_in(expanded(rule, other, seen.name), other, given) for rule in (seen.rows, *seen.rules))
    about = About("_about", subject_path(seen.name)) if seen.name == SUBJECT or subject_path(seen.name) else None
    leg = Leg(
        label=seen.name,
        rows=expanded(mine.rows, own, seen.name),
        rules=rules,
        hoisted=dict(enumerate(rules)),
        columns={f"_rule{index}": Rule(index) for index in range(len(rules))},
        scalars={},
        branches=(),
        about=about,
    )
    return Read(ById(id_), (leg,), None)


def _put_in(expr: Expr, view: View, given: Given) -> Expr:  # noqa: C901  one case a word
    """What the other's token and purpose would bring, as values of this request; nothing is revealed to nobody."""

    def put_in(part: Expr) -> Expr:
        return _put_in(part, view, given)

    match expr:
        case Claim(name):
            if name not in given.claims:
                wanted = "subject" if name == "id" else f"claims: the rules of the role read '{name}'"
                raise ValueInvalid(f"Say {wanted}.")
            scalar, many = TYPES["string" if name == "id" else view.claims[name]]
            return Value(given.claims[name], scalar, many)
        case Purpose():
            return Value(view.purpose, Scalar.STRING)
        case Revealed():
            return FALSE
        case And(parts):
            return And(tuple(map(put_in, parts)))
        case Or(parts):
            return Or(tuple(map(put_in, parts)))
        case Not(of):
            return Not(put_in(of))
        case IsNull(of):
            return IsNull(put_in(of))
        case If(test, then, other):
            return If(put_in(test), put_in(then), put_in(other))
        case Compare(sign, left, right):
            return Compare(sign, put_in(left), put_in(right))
        case Exists(edge, target, where):
            return Exists(edge, target, put_in(where))
        case _:
            return expr
