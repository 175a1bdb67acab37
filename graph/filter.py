"""Filters and orders: a client's `where` and `orderBy` as expressions over what the View discloses.

A field that the View does not compare has no filter and no order; where a condition of the policy fails, the value
counts as null. So no answer depends on a value that is not shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from graph.expr import (
    FALSE,
    TRUE,
    And,
    Compare,
    Const,
    CursorKey,
    CursorSlot,
    Expr,
    If,
    IsNull,
    Mask,
    Not,
    Or,
    Prop,
    Rule,
    Sign,
    Value,
    both,
    either,
)
from graph.view import FieldView, TypeView
from schema.errors import DocumentInvalid, ValueInvalid
from schema.model import Scalar

SIGNS: Mapping[str, Sign] = {
    "eq": "=",
    "ne": "<>",
    "lt": "<",
    "lte": "<=",
    "gt": ">",
    "gte": ">=",
    "in": "IN",
    "startsWith": "STARTS WITH",
    "endsWith": "ENDS WITH",
    "contains": "CONTAINS",
}
ID = "id"
Comparison = Callable[[Expr], Expr]


@dataclass(frozen=True, slots=True)
class Order:
    """One key to sort by. What has no value comes last in either direction, and first when a list is read backwards."""

    by: Expr
    scalar: Scalar
    descending: bool
    nullable: bool
    empty_first: bool = False


def predicate(where: object, seen: TypeView, *, positive: bool = True) -> Expr:
    """A `where` argument as an expression. `positive` is False below a `not`.

    Raises DocumentInvalid for a field that has no filter, ValueInvalid for a null where a value is needed.
    """
    if where is None:
        return TRUE
    if not isinstance(where, Mapping):
        raise ValueInvalid("A filter is an object.")
    parts: list[Expr] = []
    for name, asked in where.items():
        match name:
            case "and":
                parts.append(both(*(predicate(one, seen, positive=positive) for one in _several(asked))))
            case "or":
                parts.append(either(*(predicate(one, seen, positive=positive) for one in _several(asked))))
            case "not":
                parts.append(_negated(predicate(asked, seen, positive=not positive)))
            case _:
                parts += _comparisons(seen, name, asked, positive=positive)
    return both(*parts)


def fields_named(where: object) -> set[str]:
    """The fields that a `where` argument compares, however deep."""
    if isinstance(where, list | tuple):
        return {name for one in where for name in fields_named(one)}
    if not isinstance(where, Mapping):
        return set()
    found: set[str] = set()
    for name, asked in where.items():
        found |= fields_named(asked) if name in ("and", "or", "not") else {name}
    return found


def _several(asked: object) -> Sequence[object]:
    if asked is None:
        raise ValueInvalid("'and' and 'or' take a list of filters.")
    return asked if isinstance(asked, list | tuple) else (asked,)


def _negated(part: Expr) -> Expr:
    match part:
        case And(()):
            return FALSE
        case Or(()):
            return TRUE
        case _:
            return Not(part)


def compared(seen: TypeView, name: str) -> FieldView:
    """The field, if it may be filtered and sorted by. Raises DocumentInvalid if not, or if it is not there."""
    found = seen.fields.get(name)
    if found is None or found.compared is None:
        raise DocumentInvalid
    return found


def _comparisons(seen: TypeView, name: str, asked: object, *, positive: bool) -> list[Expr]:
    sealed = (held := seen.fields.get(name)) is not None and held.found_by is not None
    field = held if held is not None and sealed else compared(seen, name)
    if not isinstance(asked, Mapping):
        raise ValueInvalid("A comparison needs a value." if sealed else "To find records without a value use isNull.")
    if sealed:
        return [_looked_up(seen.name, field, sign, value, positive=positive) for sign, value in asked.items()]
    return [_comparison(field, sign, value, positive=positive) for sign, value in asked.items()]


WHOLE = ("eq", "in")
"""The comparisons of what is sealed: the index answers for whole values alone."""


def _looked_up(label: str, field: FieldView, name: str, value: object, *, positive: bool) -> Expr:
    """What is sealed is found by what stands beside it: neither it nor what is asked for goes to the database."""
    if value is None:
        raise ValueInvalid("A comparison needs a value.")
    if name not in WHOLE:
        raise DocumentInvalid
    held = field.property
    given = Value(value, held.scalar, name == "in", (label, held.name))
    return _guarded(cast(Expr, field.found_by), positive, lambda entry: Compare(SIGNS[name], entry, given))


def _comparison(field: FieldView, name: str, value: object, *, positive: bool) -> Expr:
    read = cast(Expr, field.compared)
    if value is None:
        raise ValueInvalid("A comparison needs a value; to find records without one use isNull.")
    if name == "isNull":
        return IsNull(read) if value else Not(IsNull(read))
    scalar = field.property.scalar
    if name == "has":
        return _guarded(read, positive, lambda raw: Compare("IN", Value(value, scalar), raw))
    if name == "notIn":
        return Not(_guarded(read, not positive, lambda raw: Compare("IN", raw, Value(value, scalar, True))))
    sign = SIGNS[name]
    return _guarded(read, positive, lambda raw: Compare(sign, raw, Value(value, scalar, sign == "IN")))


def _guarded(field: Expr, positive: bool, compare: Comparison) -> Expr:
    """Where truth alone counts, `ok AND raw = $p` finds what `CASE WHEN ok THEN raw END = $p` finds, by an index."""
    match field:
        case If(test, raw, Const(None)) if positive:
            return And((compare(raw), test))
        case _:
            return compare(field)


def orders(asked: object, seen: TypeView, *, complete: bool) -> tuple[Order, ...]:
    """An `orderBy` argument as keys to sort by, ended by the id so that no two nodes tie.

    `complete` trusts the model that required values are there; Community Edition enforces none but the id.
    """
    keys: list[Order] = []
    for one in asked or () if isinstance(asked, list | tuple) or asked is None else (asked,):
        if not isinstance(one, Mapping) or len(one) != 1:
            raise ValueInvalid("Each entry of orderBy names exactly one field.")
        ((name, direction),) = one.items()
        if direction is None:
            raise ValueInvalid("A field of orderBy is ASC or DESC.")
        field = compared(seen, name)
        keys.append(
            Order(
                cast(Expr, field.compared),
                field.property.scalar,
                getattr(direction, "name", direction) == "DESC",
                not (complete and field.plain and field.property.required),
            )
        )
    return (*keys, Order(Prop(ID), Scalar.ID, descending=False, nullable=False))


def backwards(keys: tuple[Order, ...]) -> tuple[Order, ...]:
    """The opposite order."""
    return tuple(replace(key, descending=not key.descending, empty_first=not key.empty_first) for key in keys)


def beyond(keys: tuple[Order, ...], cursor: CursorSlot) -> Expr:
    """What comes after a cursor in this order."""

    def after(index: int) -> Expr:
        key = keys[index]
        at = CursorKey(cursor, index, key.scalar)
        further = Compare("<" if key.descending else ">", key.by, at)
        if index == len(keys) - 1:
            return further
        rest = after(index + 1)
        same = And((Compare("=", key.by, at), rest))
        if not key.nullable:
            return Or((further, same))
        if key.empty_first:
            return If(IsNull(at), either(both(IsNull(key.by), rest), Not(IsNull(key.by))), Or((further, same)))
        return If(IsNull(at), both(IsNull(key.by), rest), Or((further, same, IsNull(key.by))))

    return after(0)


def reach(keys: tuple[Order, ...], cursor: CursorSlot) -> Expr:
    """How far an index on the first key need not be read: what comes after a cursor and has a value lies beyond it."""
    key = keys[0]
    raw = key.by.then if isinstance(key.by, If) else key.by
    if key.nullable and key.empty_first:
        return TRUE  # after what has no value comes all that has one
    return Compare("<=" if key.descending else ">=", raw, CursorKey(cursor, 0, key.scalar))


def rules_in(expr: Expr) -> frozenset[int]:
    """Which rules of the type an expression at hand refers to."""
    match expr:
        case Rule(index):
            return frozenset({index})
        case And(parts) | Or(parts):
            return frozenset().union(*(rules_in(part) for part in parts))
        case If(test, then, other):
            return rules_in(test) | rules_in(then) | rules_in(other)
        case Compare(_, left, right):
            return rules_in(left) | rules_in(right)
        case Not(of) | IsNull(of) | Mask(_, of):
            return rules_in(of)
        case _:
            return frozenset()
