"""The ledger of outbound contacts: what the company's rules allow, and which contacts broke them.

Rules are data: which purpose a channel needs the customer's consent for, how many contacts of which channels are the
most in how many days, and that a campaign reaches a person once. A cap counts what was sent to the person over all of
her records, whatever list it was sent from.
"""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from insight.consent_history import Will, Willed, will_at


class Breach(StrEnum):
    """How a contact breaks the rules."""

    NO_CONSENT = "no_consent"
    WITHDRAWN = "withdrawn"
    WITHDRAWN_IN_MESSAGE = "withdrawn_in_message"
    WEEK_CAP = "week_cap"
    PHONE_CAP = "phone_cap"
    MONTH_LIMIT = "month_limit"
    DUPLICATE_SEND = "duplicate_send"


_OF_WILL = {
    Will.NONE: Breach.NO_CONSENT,
    Will.WITHDRAWN: Breach.WITHDRAWN,
    Will.WITHDRAWN_IN_MESSAGE: Breach.WITHDRAWN_IN_MESSAGE,
}


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many contacts on these channels (None: on all) in any stretch of that length, for these purposes
    (None: for marketing).
    """

    breach: Breach
    most: int
    within: timedelta
    channels: frozenset[str] | None = None
    purposes: frozenset[str] | None = None

    def counts(self, channel: str) -> bool:
        """Whether contacts on the channel count."""
        return self.channels is None or channel in self.channels


@dataclass(frozen=True, slots=True)
class Rules:
    """A company's rules for contacting customers.

    `consent` names the purpose that marketing on a channel needs a yes for; `asked` are purposes that need one of their
    own, on whatever channel.
    """

    marketing: frozenset[str] = frozenset({"marketing"})
    consent: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType(
            {"email": "marketing.email", "sms": "marketing.phone", "phone": "marketing.phone"}
        )
    )
    caps: tuple[Cap, ...] = (
        Cap(Breach.WEEK_CAP, 3, timedelta(days=7)),
        Cap(Breach.PHONE_CAP, 1, timedelta(days=30), frozenset({"phone"})),
    )
    asked: frozenset[str] = frozenset()

    def needed(self, channel: str, purpose: str) -> tuple[str, ...]:
        """The purposes that the customer must have agreed to."""
        of_channel = self.consent.get(channel) if purpose in self.marketing else None
        return tuple(dict.fromkeys([*([of_channel] if of_channel else []), *({purpose} & self.asked)]))

    def counted(self, cap: Cap, channel: str, purpose: str) -> bool:
        """Whether a contact counts towards a cap."""
        return cap.counts(channel) and purpose in (self.marketing if cap.purposes is None else cap.purposes)


@dataclass(frozen=True, slots=True)
class Outreach:
    """One contact that was sent, and to whom; `customer` is None where nobody can be told."""

    key: str
    customer: str | None
    at: datetime
    channel: str
    purpose: str
    campaign: str | None


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One contact that broke one rule.

    `doubtful` where consent is missing on all that is known to be hers, and somebody who may be the same person gave
    it: whether they are one waits for a data steward, and so does the accusation.
    """

    contact: str
    breach: Breach
    doubtful: bool = False


def violations(
    sent: Iterable[Outreach],
    decisions: Iterable[Willed],
    rules: Rules | None = None,
    perhaps: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> tuple[Violation, ...]:
    """Every breach of the rules, by contact. What was sent counts towards caps, also where it broke a rule itself.

    `perhaps` names for customers those who may be the same person.
    """
    rules = rules or Rules()
    wills = _by_purpose(decisions)
    customers: dict[str, list[Outreach]] = defaultdict(list)
    for one in sent:
        if one.customer:
            customers[one.customer].append(one)
    found: list[Violation] = []
    for customer, contacts in customers.items():
        before = Ledger(rules)
        for one in sorted(contacts, key=lambda contact: (contact.at, contact.key)):
            breaches = before.breaches(one.at, one.channel, one.purpose, one.campaign, wills.get(customer, {}))
            others = [wills.get(other, {}) for other in perhaps.get(customer, ())]
            found += [
                Violation(one.key, breach, breach is Breach.NO_CONSENT and _granted(one, others, rules))
                for breach in breaches
            ]
            before.enter(one)
    return tuple(sorted(found))


def _granted(one: Outreach, others: Iterable[Mapping[str, Sequence[Willed]]], rules: Rules) -> bool:
    """Whether any of those others had consented to such a contact."""
    needed = rules.consent.get(one.channel, "")
    return any(will_at(wills.get(needed, ()), one.at) is Will.GRANTED for wills in others)


def _by_purpose(decisions: Iterable[Willed]) -> Mapping[str, Mapping[str, Sequence[Willed]]]:
    found: dict[str, dict[str, list[Willed]]] = defaultdict(lambda: defaultdict(list))
    for one in decisions:
        found[one.customer][one.purpose].append(one)
    return found


@dataclass(slots=True)
class Ledger:
    """What one customer was sent so far."""

    rules: Rules
    _times: dict[tuple[str, str], list[datetime]] = field(default_factory=lambda: defaultdict(list))
    _campaigns: set[str] = field(default_factory=set)

    def enter(self, one: Outreach) -> None:
        """Enter a contact that was sent."""
        if one.campaign:
            self._campaigns.add(one.campaign)
        insort(self._times[one.channel, one.purpose], one.at)

    def breaches(
        self,
        at: datetime,
        channel: str,
        purpose: str,
        campaign: str | None = None,
        wills: Mapping[str, Sequence[Willed]] = MappingProxyType({}),
    ) -> tuple[Breach, ...]:
        """Which rules a contact would break; `wills` are the customer's decisions by purpose."""
        found: dict[Breach, None] = {}
        for needed in self.rules.needed(channel, purpose):
            if breach := _OF_WILL.get(will_at(wills.get(needed, ()), at)):
                found[breach] = None
        for cap in self.rules.caps:
            if self.rules.counted(cap, channel, purpose) and len(self._within(cap, at)) >= cap.most:
                found[cap.breach] = None
        if campaign and campaign in self._campaigns:
            found[Breach.DUPLICATE_SEND] = None
        return tuple(found)

    def until(self, breach: Breach, at: datetime, channel: str, purpose: str) -> datetime | None:
        """When a contact would no longer break a cap if nothing is sent meanwhile; None where time heals nothing."""
        ends = []
        for cap in self.rules.caps:
            if cap.breach is breach and self.rules.counted(cap, channel, purpose):
                times = self._within(cap, at)
                if cap.most < 1:
                    return None
                if len(times) >= cap.most:
                    ends.append(times[len(times) - cap.most] + cap.within + timedelta.resolution)
        return max(ends, default=None)

    def _within(self, cap: Cap, at: datetime) -> list[datetime]:
        """The contacts that count in the stretch that ends now, in the order of time."""
        since = at - cap.within
        return sorted(
            one
            for (channel, purpose), times in self._times.items()
            if self.rules.counted(cap, channel, purpose)
            for one in times[bisect_left(times, since) : bisect_right(times, at)]
        )
