"""Counting: `audienceGates`, how large an audience is and at what the rest of the segment is lost.

A gate is told where the role sees all from which it follows, and where it holds back as many customers as the smallest
group that the role is told of; the rest is one number under OTHER. Who is out of the role's sight is not counted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from auth.disclosure import Answered
from graph.emit_contact import emit_losses
from graph.filter import fields_named, predicate
from graph.gates import ADDRESS, CAMPAIGN, CAP, COMPLAINT, LAWFUL, ORDER, STATUS
from graph.view import View
from insight.channel import Refusal
from insight.contacting.asking import campaign_of, name_of
from insight.contacting.sight import EVIDENCE, Evidence, asked_of, sees
from resolvers.bind import bind
from resolvers.read import Request
from schema.contact_rules import ContactRules

OTHER = "OTHER"
OF: Mapping[str, tuple[Refusal, ...]] = {
    LAWFUL: (Refusal.NO_CONSENT,),
    STATUS: (Refusal.RESTRICTED,),
    COMPLAINT: (Refusal.OPEN_COMPLAINT,),
    ADDRESS: (Refusal.NO_ADDRESS,),
    CAP: (Refusal.WEEK_CAP, Refusal.MONTH_LIMIT),
    CAMPAIGN: (Refusal.DUPLICATE_SEND,),
}
"""The reasons that hold customers back at each gate."""


async def losses(name: str, asked: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Answered]:
    """The counts; they are of nobody. Raises what binding and reading raise."""
    view, rules = request.view, request.contact_rules
    purpose, channel = str(asked["purpose"]), name_of(asked["channel"])
    where = asked.get("where")
    named = tuple(sorted(fields_named(where)))
    sent = {"purpose": purpose, "channel": channel, "campaign": campaign_of(asked), "fields": named}
    statement = emit_losses(view, predicate(where, view.types["Customer"]), sent)
    values = bind(
        statement, {}, request.viewer, view, request.sealer({}), request.now, request.reveals, request.contact_rules
    )
    rows = await request.database.read(statement.text, values)
    compared = tuple(f"Customer.{field}" for field in named)
    told = folded(rows, told_gates(view, rules, purpose, channel), view.groups.minimum)
    return told, Answered(name, (), None, compared)


def told_gates(view: View, rules: ContactRules, purpose: str, channel: str) -> frozenset[str]:
    """The gates of which the role sees all from which they follow."""
    purposes = asked_of(rules, channel, purpose)
    evidences: Mapping[str, Sequence[Evidence]] = {
        gate: [EVIDENCE[one] for one in refusals] for gate, refusals in OF.items()
    }
    return frozenset(gate for gate, needed in evidences.items() if all(sees(view, one, purposes) for one in needed))


def folded(rows: Sequence[Mapping[str, Any]], told: frozenset[str], fewest: int) -> dict[str, Any]:
    """The counts as they are told: gates that are not told, or hold back few, are one number."""
    lost = {row["gate"]: row["customers"] for row in rows}
    members = lost.pop(None, 0)
    plain = {gate: lost[gate] for gate in ORDER if gate in told and lost.get(gate, 0) >= fewest}
    rest = sum(lost.values()) - sum(plain.values())
    if 0 < rest < fewest and plain:  # a small rest would be told by what is not said
        least = min(plain, key=lambda gate: (plain[gate], gate))
        rest += plain.pop(least)
    losses = [{"__typename": "AudienceLoss", "gate": gate, "lost": count} for gate, count in plain.items()]
    losses += [{"__typename": "AudienceLoss", "gate": OTHER, "lost": rest}] if rest else []
    return {
        "__typename": "AudienceCount",
        "segment": members + sum(lost.values()),
        "members": members,
        "losses": losses,
    }
