"""Asking: `mayContact`, answered from one compiled statement under the viewer's own row rule.

Who is not there for the viewer is not there, whatever is the matter with her. The look is on record.
"""

from collections.abc import Mapping
from typing import Any

from auth.disclosure import Answered, Shown, Sought
from graph.emit_contact import WHO, emit_contact
from insight.contacting.facts import facts_of
from insight.contacting.verdicts import check, verdict_of
from resolvers.bind import bind
from resolvers.read import Request
from schema.model import MODEL


def name_of(value: object) -> str:
    """The name of an enum value, or a text as it is."""
    return str(getattr(value, "name", value))


def campaign_of(asked: Mapping[str, Any]) -> str | None:
    """The campaign that is named, if any."""
    return None if asked.get("campaign") is None else str(asked["campaign"])


async def row_of(
    request: Request, customer: str, fields: tuple[str, ...] = (), *, advising: bool = False
) -> Mapping[str, Any] | None:
    """What `emit_contact` finds of a customer who is there for the viewer."""
    if customer.partition("_")[0] != MODEL["Customer"].prefix:
        return None
    statement = emit_contact(request.view, fields, advising=advising)
    values = bind(
        statement,
        {WHO: customer},
        request.viewer,
        request.view,
        request.sealer({}),
        request.now,
        request.reveals,
    )
    rows = await request.database.read(statement.text, values)
    return rows[0] if rows else None


def nobody(name: str, customer: str) -> Answered:
    """What is recorded where the customer is not there for the viewer."""
    return Answered(name, (), Sought("id", customer, False), ())


async def may_contact(
    name: str, asked: Mapping[str, Any], request: Request
) -> tuple[dict[str, Any] | None, Answered | None]:
    """The verdict, null where the customer is not there for the viewer. Raises what `check` and reading raise."""
    customer, purpose, channel = str(asked["customer"]), str(asked["purpose"]), name_of(asked["channel"])
    rules = request.contact_rules
    check(request.view, rules, purpose, channel)
    if (row := await row_of(request, customer)) is None:
        return None, nobody(name, customer)
    facts = facts_of(customer, row["facts"])
    found = verdict_of(request.view, rules, facts, channel, purpose, campaign_of(asked), request.now)
    return found.shown(), Answered(name, (Shown(found.fields, (), (customer,)),), None, ())
