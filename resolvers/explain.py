"""Explain: `explainAccess` and `whoCanSee`, for roles that check others: what a role has of a field, and why.

In general it is read off the policy. For one record the rules are asked of the graph, under the View of the role that
is asked about; no value of the record is read, and the look is on record with the person whom the record is about.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from auth.disclosure import Answered, Shown, Sought
from auth.policy import Policy, When
from auth.said import grant_of, place_of
from graph.emit import emit
from graph.explain import Given, plan_explanation
from graph.expr import Const, Expr, If, Mask, Rule, Value
from graph.view import FieldView, View
from resolvers.bind import bind
from resolvers.disclose import NOBODY, discloser
from schema.errors import ValueInvalid
from schema.generate_explain import EXPLAIN, WHO
from schema.model import MODEL, Property, Scalar, camel

if TYPE_CHECKING:
    from resolvers.read import Request

NAMES = (EXPLAIN, WHO)
Told = dict[str, Any]


async def explained(name: str, asked: Mapping[str, Any], request: "Request") -> tuple[Any, Answered | None]:
    """The answer of one of the roots that explain, and what is to be recorded.

    Raises ValueInvalid for a role, type, field or purpose that there is not, and what reading raises.
    """
    held = _held(str(asked["type"]), str(asked["field"]))
    type_ = str(asked["type"])
    if name == WHO:
        ordered = sorted(request.views.values(), key=lambda view: (view.role, view.purpose))
        all_of_them = [_in_general(request.policies[view.role], view, type_, held) for view in ordered]
        return [one for one in all_of_them if one["access"] != "ABSENT"], None
    policy = request.policies.get(str(asked["role"]))
    if policy is None:
        raise ValueInvalid("There is no such role.")
    purpose = asked.get("purpose") or policy.said.purposes[0]
    view = request.views.get((policy.role, purpose))
    if view is None:
        raise ValueInvalid("The role does not work for this purpose.")
    told = _in_general(policy, view, type_, held)
    if asked.get("id") is None:
        return told, None
    return await _of_one(told, view, asked, held, request)


async def _of_one(
    told: Told, view: View, asked: Mapping[str, Any], held: Property, request: "Request"
) -> tuple[Told | None, Answered]:
    type_, id_ = told["type"], str(asked["id"])
    nothing = Answered(EXPLAIN, (), Sought("id", id_, False), ())
    mine, seen = request.view.types.get(type_), view.types.get(type_)
    prefix_fits = id_.partition("_")[0] == MODEL[type_].prefix
    if mine is None or not prefix_fits:
        return None, nothing
    # Where the role has no such type there is no rule to ask, and still the record must be there for the one who asks.
    other = view if seen is not None else request.view
    given = Given(_claims(view, asked) if seen is not None else {"id": request.viewer.subject, **request.viewer.claims})
    read = plan_explanation(Value(id_, Scalar.ID), seen or mine, other, request.view, given)
    if read is None:
        return None, nothing
    statement = emit(read, EXPLAIN)
    sealer = request.sealer({})
    rows = await request.database.read(
        statement.text, bind(statement, {}, request.viewer, request.view, sealer, request.now, request.reveals)
    )
    if not rows:
        return None, nothing
    about = {one for shown in discloser(read.legs, None).shown(rows) for one in shown.subjects if one != NOBODY}
    visible = seen is not None and bool(rows[0]["_rule0"])
    told |= {"visible": visible, "shown": None}
    if visible and seen is not None:
        field = seen.fields.get(held.name)
        told["shown"] = "ABSENT" if field is None else _shown(field.output, rows[0])
    what = (f"{type_}.{held.name} as {view.role}",)
    return told, Answered(EXPLAIN, (Shown(what, (), tuple(sorted(about))),), None, ())


def _shown(output: Expr, row: Mapping[str, Any]) -> str:
    match output:
        case If(Rule(index), then, other):
            return _shown(then if row[f"_rule{index + 1}"] else other, row)
        case Mask():
            return "COARSER"
        case Const(None):
            return "WITHHELD"
        case _:
            return "SHOW"


def _in_general(policy: Policy, view: View, type_: str, held: Property) -> Told:
    seen = view.types.get(type_)
    field = seen.fields.get(held.name) if seen is not None else None
    told: Told = {
        "__typename": "AccessExplanation",
        "role": view.role,
        "purpose": view.purpose,
        "type": type_,
        "field": held.name,
        "access": "ABSENT",
        "asks": field is not None and field.is_filter(),
        "rows": policy.said.see[type_].rows if seen is not None else None,
        "condition": None,
        "line": place_of(policy, f"[see.{type_}]", "rows") if seen is not None else None,
        "visible": None,
        "shown": None,
    }
    if field is not None:
        grant, where = grant_of(policy, type_, held)
        told |= {"access": _access(field, grant), "line": where.partition(",")[0]}
        told["condition"] = grant.when if isinstance(grant, When) else None
    return told


def _access(field: FieldView, grant: object) -> str:
    if field.plain:
        return "SHOW"
    if isinstance(grant, When):
        return "CONDITIONAL"
    return "COARSER" if str(grant).startswith("mask:") else "WITHHELD"


def _held(type_: str, field: str) -> Property:
    kind = MODEL.get(type_)
    held = kind.properties.get(camel(field)) if kind is not None else None
    if held is None:
        raise ValueInvalid("There is no such type or field.")
    return held


def _claims(view: View, asked: Mapping[str, Any]) -> dict[str, object]:
    """The claims that someone in the role would bring, in the types that the policy declares."""
    found: dict[str, object] = {}
    if asked.get("subject") is not None:
        found["id"] = asked["subject"]
    for one in asked.get("claims") or ():
        name, values = str(one["name"]), list(one["values"])
        match view.claims.get(name), values:
            case "list[string]", _:
                found[name] = values
            case "string", [value]:
                found[name] = value
            case "integer", [value] if str(value).lstrip("-").isdecimal():
                found[name] = int(value)
            case "boolean", ["true" | "false" as value]:
                found[name] = value == "true"
            case _:
                raise ValueInvalid("A claim is not one of the role's, or not of its type.")
    return found
