"""Sending: what the gates of an audience compare with, for one request and by the company's rules.

Misuse is refused here, before the database is asked: a purpose that the role does not contact customers for, and fields
by which nobody is chosen.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from graph.expr import Sending
from graph.view import View
from resolvers.variables import resolved
from schema.contact_rules import ADVERTISING, EXPORTED, MONTH, ContactRules
from schema.errors import AudienceRefused, ContactPurposeRefused, ValueInvalid
from schema.purposes import PURPOSES


def check_purpose(view: View, purpose: str) -> None:
    """Raises ContactPurposeRefused for a purpose that the role does not contact customers for."""
    if purpose not in view.contacts:
        raise ContactPurposeRefused


def check_channel(rules: ContactRules, channel: str) -> None:
    """Raises ValueInvalid for a channel on which the company does not send."""
    if channel not in rules.ways:
        raise ValueInvalid(f"'channel' is one of {', '.join(rules.ways)}.")


def compared_with(
    sending: Sending, variables: Mapping[str, Any], view: View, rules: ContactRules, now: datetime
) -> Any:
    """The value of one part. Raises ContactPurposeRefused, AudienceRefused and ValueInvalid."""
    asked = {name: resolved(value, variables) for name, value in sending.asked}
    purpose, channel = str(asked["purpose"]), str(getattr(asked["channel"], "name", asked["channel"]))
    check_purpose(view, purpose)
    check_channel(rules, channel)
    if not rules.never.isdisjoint(asked["fields"]):
        names = ", ".join(sorted(rules.never.intersection(asked["fields"])))
        raise AudienceRefused(f"An audience is not chosen by {names}. {AudienceRefused.advice}")
    return PARTS[sending.part](purpose, channel, asked.get("campaign"), rules, now)


def _needed(purpose: str, channel: str, campaign: object, rules: ContactRules, now: datetime) -> list[str]:
    of_channel = [rules.consent[channel]] if purpose in ADVERTISING and channel in rules.consent else []
    return list(dict.fromkeys([*of_channel, purpose]))


def _caps(purpose: str, channel: str, campaign: object, rules: ContactRules, now: datetime) -> list[dict[str, Any]]:
    if not PURPOSES[purpose].advertises:
        return []
    return [
        {
            "most": cap.most,
            "since": now - cap.within,
            "purposes": sorted({*ADVERTISING, "marketing"}),
            "channels": None if cap.channels is None else sorted(cap.channels),
        }
        for cap in rules.caps
        if cap.channels is None or channel in cap.channels
    ]


Part = Callable[[str, str, Any, ContactRules, datetime], Any]
PARTS: Mapping[str, Part] = {
    "needed": _needed,
    "caps": _caps,
    "now": lambda purpose, channel, campaign, rules, now: now,
    "monthSince": lambda purpose, channel, campaign, rules, now: now - timedelta(days=MONTH),
    "advertises": lambda purpose, channel, campaign, rules, now: PURPOSES[purpose].advertises,
    "complaintsSince": lambda purpose, channel, campaign, rules, now: now - rules.complaint,
    "channel": lambda purpose, channel, campaign, rules, now: channel,
    "kind": lambda purpose, channel, campaign, rules, now: rules.ways[channel],
    "returns": lambda purpose, channel, campaign, rules, now: channel in rules.returns,
    "counted": lambda purpose, channel, campaign, rules, now: [
        purpose,
        *(name for name, ours in EXPORTED.items() if ours == purpose),
    ],
    "exported": lambda purpose, channel, campaign, rules, now: sorted(
        name for name, needed in rules.consent.items() if needed == purpose
    ),
    "campaign": lambda purpose, channel, campaign, rules, now: campaign,
}
"""What stands in the gates, by the name of its part."""
_WHEN = datetime(2026, 1, 1, tzinfo=UTC)
LIKE: Mapping[str, Any] = {
    **{name: ["a"] for name in ("needed", "counted", "exported")},
    **dict.fromkeys(("now", "monthSince", "complaintsSince"), _WHEN),
    **dict.fromkeys(("advertises", "returns"), True),
    **dict.fromkeys(("channel", "kind", "campaign"), "a"),
    "caps": [{"most": 1, "since": _WHEN, "purposes": ["a"], "channels": None}],
}
"""Values of the types that the parts have, for plans that are made ahead."""
