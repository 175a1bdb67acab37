"""Bind: the values of one request as the parameters of a statement."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from auth.reveals import Reveals
from auth.token import Viewer
from graph.emit import Statement
from graph.expr import CursorKey, CursorSlot, Sending, Value
from graph.lucene import query
from graph.scalars import to_parameter
from graph.search import Words
from graph.view import View
from resolvers.cursor import Sealer
from resolvers.prepare import Handle
from resolvers.sending import compared_with
from resolvers.variables import resolved
from schema.contact_rules import ContactRules, shipped_contact_rules
from schema.errors import ClaimMissing, CursorInvalid
from schema.handles import spellings

CLAIM_TYPES: Mapping[str, type] = {"string": str, "integer": int, "boolean": bool}


def bind(
    statement: Statement,
    variables: Mapping[str, Any],
    viewer: Viewer,
    view: View,
    sealer: Sealer,
    now: datetime,
    reveals: Reveals | None = None,
    rules: ContactRules | None = None,
) -> dict[str, Any]:
    """Every parameter of the statement. Without `reveals` nothing is revealed.

    Raises CursorInvalid, ValueInvalid, what `compared_with` raises, and ClaimMissing when the token lacks a claim that
    the role's rules read.
    """
    opened: list[tuple[CursorSlot, list[Any]]] = []
    parameters: dict[str, Any] = {}
    if statement.asks_purpose:
        parameters["purpose"] = viewer.purpose
    if statement.asks_now:  # packing a time costs the driver more than everything else it packs
        parameters["now"] = now
    for name in statement.claims:
        parameters[f"actor_{name}"] = claim(viewer, view, name)
    for name in statement.revealed:
        ids = reveals.ids(viewer, name, now) if reveals is not None else []
        parameters[f"revealed_{name.replace('.', '_')}"] = ids
    for name, held in statement.parameters.items():
        match held:
            case int():
                parameters[name] = held
            case CursorKey(cursor, index, _):
                parameters[name] = _position(cursor, opened, variables, sealer)[index]
            case Value(Sending() as sending):
                parameters[name] = compared_with(sending, variables, view, rules or shipped_contact_rules(), now)
            case Value():
                parameters[name] = _value(held, variables) if held.blind is None else _entry(held, variables, sealer)
    return parameters


def _position(
    cursor: CursorSlot, opened: list[tuple[CursorSlot, list[Any]]], variables: Mapping[str, Any], sealer: Sealer
) -> list[Any]:
    for known, position in opened:
        if known == cursor:
            return position
    position = sealer.open(resolved(cursor.of, variables), cursor.bond)
    if len(position) != len(cursor.bond.order) + 1:
        raise CursorInvalid
    opened.append((cursor, position))
    return position


def _value(held: Value, variables: Mapping[str, Any]) -> Any:
    if isinstance(held.of, Handle):
        kind = resolved(held.of.kind, variables)
        return spellings(getattr(kind, "name", str(kind)), str(resolved(held.of.value, variables)))
    if isinstance(held.of, Words):
        found = query(str(resolved(held.of.of, variables)))
        return [] if found is None else [found]
    value = resolved(held.of, variables)
    if held.many:
        several = value if isinstance(value, list | tuple) else [value]
        return [to_parameter(held.scalar, one) for one in several]
    return to_parameter(held.scalar, value)


def _entry(held: Value, variables: Mapping[str, Any], sealer: Sealer) -> Any:
    """What is looked up in the blind index; nothing where nothing was ever indexed."""
    assert held.blind is not None
    label, name = held.blind
    value = resolved(held.of, variables)
    if not held.many:
        return sealer.entry(label, name, str(value))
    several = value if isinstance(value, list) else [value]
    return [found for one in several if (found := sealer.entry(label, name, str(one))) is not None]


def claim(viewer: Viewer, view: View, name: str) -> Any:
    """A claim of the token in the type that the policy declares. Raises ClaimMissing."""
    if name == "id":
        return viewer.subject
    value = viewer.claims.get(name)
    declared = view.claims[name]
    if declared == "list[string]":
        if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
            return list(value)
        raise ClaimMissing
    wanted = CLAIM_TYPES[declared]
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise ClaimMissing
    return value
