"""Facts: what the graph knows of a customer now, as the cores read it.

Whether a purpose is lawful is what her Standing says, which every policy asks too; decisions and findings only say why
it is not. A purpose without a Standing is not lawful.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from insight.channel import QuietHours, Situation
from insight.consent_history import Will, Willed
from insight.ledger import Breach, Cap, Ledger, Outreach, Rules
from insight.time_zones import local_times, zones_of
from schema.contact_rules import ADVERTISING, EXPORTED, MONTH, SENDING, ContactRules

_NO = frozenset({"WITHDRAWN", "OBJECTED", "INVALIDATED"})
FOUND, LOGGED = "review:", "api:"
"""How records begin on which findings count, and keys of what was entered here."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sent:
    """One message that was sent to her. `delivered` is None where nobody knows; `logged` says that a sender entered it
    here.
    """

    at: datetime
    channel: str
    purpose: str
    campaign: str | None
    address: str | None
    delivered: bool | None
    answered: bool
    logged: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether a customer may be contacted: `channels` are kinds with addresses, `found` what was found in
    her messages, each with whether the cases that its message is about are open.
    """

    customer: str
    status: str
    region: str | None
    state: str | None
    standings: Sequence[Mapping[str, Any]]
    decisions: Sequence[Mapping[str, Any]]
    found: Sequence[Mapping[str, Any]]
    channels: tuple[tuple[str, str | None], ...]
    sent: tuple[Sent, ...]

    @property
    def findings(self) -> frozenset[str]:
        """The purposes against which something of hers was found that a person still has to read."""
        waiting = (one for one in self.found if one["state"] == "OPEN" and not one["aboutAnother"])
        return frozenset(purpose for one in waiting for purpose in one["purposes"] or ())

    def kinds(self) -> frozenset[str]:
        """The kinds of channels that she has."""
        return frozenset(kind for kind, _ in self.channels)

    def arrives(self, channel: str, rules: ContactRules) -> bool:
        """Whether she has an address there that works: one from which the last message did not come back."""
        return any(
            kind == rules.ways[channel] and not (channel in rules.returns and self._came_back(channel, address))
            for kind, address in self.channels
        )

    def complains(self, rules: ContactRules, now: datetime) -> bool:
        """Whether a complaint is open: nobody has read it yet; or it was confirmed, and a case of it is open, or it has
        none and was made of late.
        """
        return any(
            one["kind"] == "COMPLAINT"
            and not one["aboutAnother"]
            and (one["state"] == "OPEN" or (one["state"] == "CONFIRMED" and _unsettled(one, now - rules.complaint)))
            for one in self.found
        )

    def _came_back(self, channel: str, address: str | None) -> bool:
        there = [
            one
            for one in self.sent
            if one.channel == channel and one.address == address and address and one.delivered is not None
        ]
        return bool(there) and not max(there, key=lambda one: (one.at, bool(one.delivered))).delivered


def facts_of(customer: str, row: Mapping[str, Any]) -> Facts:
    """The facts of a row of `graph.emit_contact`."""
    states = sorted(one["state"] for one in row["homes"] if one["state"] and one["country"] == row["region"])
    return Facts(
        customer=customer,
        status=row["status"] or "",
        region=row["region"],
        state=states[0] if len(set(states)) == 1 else None,
        standings=row["standings"],
        decisions=[one for one in row["decisions"] if not str(one["record"]).startswith(FOUND)],
        found=row["found"],
        channels=tuple((one["kind"], one["address"]) for one in row["channels"]),
        sent=tuple(_sent(one) for one in row["sent"] if one["at"] is not None),
    )


def _sent(row: Mapping[str, Any]) -> Sent:
    return Sent(
        at=_moment(row["at"]),
        channel=row["channel"],
        purpose=row["purpose"],
        campaign=min(row["campaigns"], default=None),
        address=row["address"],
        delivered=row["delivered"],
        answered=bool(row["clicked"] or row["replied"]),
        logged=str(row["key"]).startswith(LOGGED),
    )


def _unsettled(found: Mapping[str, Any], since: datetime) -> bool:
    if found["cases"]:
        return any(found["cases"])
    return found["saidAt"] is not None and _moment(found["saidAt"]) >= since


def at_of(facts: Facts, now: datetime) -> datetime:
    """The moment that counts: now, and never before what a sender logged here, whose clock may be ahead of ours."""
    return max([now, *(one.at for one in facts.sent if one.logged)])


def situation_of(facts: Facts, rules: ContactRules, now: datetime) -> Situation:
    """The situation of a customer as the core reads it. Channels have the names of ChannelKind."""
    moment = at_of(facts, now)
    ledger = Ledger(_rules(rules, facts))
    for number, one in enumerate(facts.sent):
        purpose = purpose_of(one, rules)
        ledger.enter(Outreach(str(number), facts.customer, one.at, one.channel, purpose, one.campaign))
    clocks = local_times(moment, zones_of(facts.region, facts.state))
    return Situation(
        ledger=ledger,
        at=moment,
        local=clocks[0] if clocks else None,
        reachable=frozenset(one for one in rules.ways if facts.arrives(one, rules)),
        wills={purpose: _willed(facts, purpose) for purpose in SENDING},
        open_complaint=facts.complains(rules, now),
        restricted=facts.status not in ("ACTIVE", "DECEASED"),
        deceased=facts.status == "DECEASED",
        elsewhere=clocks[1:],
        quiet=QuietHours(rules.quiet_since, rules.quiet_until, rules.quiet_channels),
    )


def purpose_of(one: Sent, rules: ContactRules) -> str:
    """The purpose of a message under its name here."""
    name = EXPORTED.get(one.purpose, one.purpose)
    return rules.consent.get(one.channel, name) if name == "marketing" else name


def _rules(rules: ContactRules, facts: Facts) -> Rules:
    of_company = [Cap(Breach[one.name], one.most, one.within, one.channels) for one in rules.caps]
    of_hers = [
        Cap(Breach.MONTH_LIMIT, one["most"], timedelta(days=MONTH), purposes=frozenset({one["purpose"]}))
        for one in facts.standings
        if one["most"] is not None
    ]
    return Rules(ADVERTISING | {"marketing"}, rules.consent, (*of_company, *of_hers), asked=SENDING)


def _willed(facts: Facts, purpose: str) -> tuple[Willed, ...]:
    """A history that amounts to what stands."""

    def decided(will: Will, at: datetime = _LONG_AGO, *, in_message: bool = False) -> Willed:
        return Willed(facts.customer, purpose, "standing", will, at, in_message)

    stands = [one for one in facts.standings if one["purpose"] == purpose]
    if stands and all(one["lawful"] for one in stands):
        ends = [_moment(one["until"]) for one in stands if one["until"] is not None]
        return (decided(Will.GRANTED), *(decided(Will.NONE, end) for end in ends))
    if purpose in facts.findings:
        return decided(Will.GRANTED), decided(Will.WITHDRAWN, _LONG_AGO + timedelta(days=1), in_message=True)
    return (decided(Will.WITHDRAWN),) if _said_no(facts.decisions, purpose) else ()


def _said_no(decisions: Iterable[Mapping[str, Any]], purpose: str) -> bool:
    """Whether the latest decision on any of her records is a no."""
    latest: dict[str, Mapping[str, Any]] = {}
    for one in decisions:
        if one["purpose"] != purpose or one["at"] is None:
            continue
        record = str(one["record"])
        if record not in latest or (one["at"], one["state"] in _NO) > (
            latest[record]["at"],
            latest[record]["state"] in _NO,
        ):
            latest[record] = one
    return any(one["state"] in _NO for one in latest.values())


def _moment(millis: int) -> datetime:
    return _LONG_AGO + timedelta(milliseconds=millis)
