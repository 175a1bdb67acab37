"""Sight: which reasons a role is told. One is told where the View shows all from which it follows, of every customer.

What is left is one word, OTHER: that something speaks against it is all that a role learns beyond its View. Whether a
reason may be told never depends on what the role is not shown.
"""

from collections.abc import Iterable, Mapping

from graph.expr import And, Compare, Expr, Or, Prop, Purpose, Visible
from graph.view import View
from insight.channel import Refusal
from insight.contacting.facts import Facts
from insight.time_zones import zones_of
from schema.contact_rules import ContactRules
from schema.purposes import PURPOSES

Evidence = Mapping[str, tuple[str, ...]]
"""Fields by their node type."""
_CONSENT: Evidence = {
    "Standing": ("purpose", "lawful", "until"),
    "Consent": ("purpose", "state", "capturedAt"),
}
_SENT: Evidence = {"Outreach": ("sentAt", "channel", "purpose")}
_FOUND: Evidence = {"ReviewTask": ("kind", "state", "purposes", "aboutAnother", "saidAt")}
_WAYS: Evidence = {"Channel": ("kind",)}
_REGION: Evidence = {"Customer": ("region",)}
EVIDENCE: Mapping[Refusal, Evidence] = {
    Refusal.NO_CONSENT: _CONSENT,
    Refusal.WITHDRAWN: _CONSENT,
    Refusal.WITHDRAWN_IN_MESSAGE: {**_CONSENT, **_FOUND},
    Refusal.WEEK_CAP: _SENT,
    Refusal.PHONE_CAP: _SENT,
    Refusal.MONTH_LIMIT: {**_SENT, "Standing": ("purpose", "mostPerMonth")},
    Refusal.DUPLICATE_SEND: {**_SENT, "Campaign": ("id",)},
    Refusal.NO_ADDRESS: {"Channel": ("kind", "address"), "Outreach": ("sentAt", "channel", "address", "delivered")},
    Refusal.QUIET_HOURS: {**_REGION, "Address": ("country", "state")},
    Refusal.OPEN_COMPLAINT: {**_FOUND, "Interaction": ("kind",), "Case": ("closedAt",)},
    Refusal.RESTRICTED: {"Customer": ("status",)},
    Refusal.DECEASED: {"Customer": ("status",)},
}


def told(view: View, rules: ContactRules, facts: Facts, channel: str, purpose: str) -> dict[Refusal, Evidence]:
    """The reasons that the role is told of a message, each with the fields from which it follows."""
    asked = asked_of(rules, channel, purpose)
    needs = dict(EVIDENCE)
    if rules.ways[channel] not in facts.kinds() and sees(view, _WAYS, asked):
        needs[Refusal.NO_ADDRESS] = _WAYS  # where she has none, no message of old has to be looked at
    if sees(view, _REGION, asked) and len(zones_of(facts.region)) < 2:
        needs[Refusal.QUIET_HOURS] = _REGION
    return {refusal: evidence for refusal, evidence in needs.items() if sees(view, evidence, asked)}


def asked_of(rules: ContactRules, channel: str, purpose: str) -> frozenset[str]:
    """The purposes of which standings decide."""
    of_channel = rules.consent.get(channel) if PURPOSES[purpose].advertises else None
    return frozenset({purpose, of_channel} if of_channel else {purpose})


def sees(view: View, evidence: Evidence, purposes: Iterable[str] = ()) -> bool:
    """Whether the View shows these fields as they are, of everything that is there of a customer whom it shows.

    Of what is said of purposes, these are asked about.
    """
    return all(
        name in view.types
        and (name == "Customer" or _every_row(view.types[name].rows, view.purpose, purposes))
        and all(field in view.types[name].fields and view.types[name].fields[field].plain for field in fields)
        for name, fields in evidence.items()
    )


def fields_of(evidences: Iterable[Evidence]) -> tuple[str, ...]:
    """The fields as a trail names them."""
    return tuple(sorted({f"{name}.{field}" for one in evidences for name, fields in one.items() for field in fields}))


def _every_row(rows: Expr, purpose: str, asked: Iterable[str]) -> bool:
    """Whether a rule keeps back nothing that is about a visible customer, as to the purposes that are asked about."""
    match rows:
        case Visible():
            return True
        case Or(parts):
            return any(isinstance(part, Visible) for part in parts)
        case And(parts):
            return all(_every_row(part, purpose, asked) for part in parts)
        case Compare("=", Prop("purpose"), Purpose()):
            return set(asked) == {purpose}
        case _:
            return False
