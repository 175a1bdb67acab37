"""The best channel for a customer, a purpose and a moment: which, why, how surely, and why not the others.

Whether a channel may be used comes first and knows no trade: consent, caps, the address, quiet hours, and a complaint
that is open. Of those that may, the one with the highest rate of answers is advised.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from insight.answer_rates import Rate
from insight.consent_history import Willed
from insight.ledger import Breach, Ledger

MOST_STEPS = 8


class Refusal(StrEnum):
    """Why a channel may not be used now."""

    NO_CONSENT = "no_consent"
    WITHDRAWN = "withdrawn"
    WITHDRAWN_IN_MESSAGE = "withdrawn_in_message"
    WEEK_CAP = "week_cap"
    PHONE_CAP = "phone_cap"
    MONTH_LIMIT = "month_limit"
    DUPLICATE_SEND = "duplicate_send"
    NO_ADDRESS = "no_address"
    QUIET_HOURS = "quiet_hours"
    OPEN_COMPLAINT = "open_complaint"
    RESTRICTED = "restricted"
    DECEASED = "deceased"


WORDS: Mapping[Refusal, str] = MappingProxyType(
    {
        Refusal.NO_CONSENT: "the customer has not consented to it",
        Refusal.WITHDRAWN: "the customer took the consent back or objected",
        Refusal.WITHDRAWN_IN_MESSAGE: "the customer took the consent back in a message",
        Refusal.WEEK_CAP: "the customer was sent as much as a week allows",
        Refusal.PHONE_CAP: "the customer was called as often as a month allows",
        Refusal.MONTH_LIMIT: "the customer was sent as much as she agreed to in a month",
        Refusal.DUPLICATE_SEND: "this campaign has reached the customer already",
        Refusal.NO_ADDRESS: "there is no address that works",
        Refusal.QUIET_HOURS: "it is too early or too late where the customer lives",
        Refusal.OPEN_COMPLAINT: "a complaint of the customer is open",
        Refusal.RESTRICTED: "the customer may not be written to",
        Refusal.DECEASED: "the customer has died",
    }
)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When a channel that rings is silent, in the customer's time: from `since` through midnight until `until`."""

    since: time = time(20)
    until: time = time(8)
    channels: frozenset[str] = frozenset({"phone", "sms", "push"})

    def forbid(self, channel: str, local: datetime) -> bool:
        """Whether the channel is silent at that local time."""
        clock = local.timetz().replace(tzinfo=None)
        inside = (
            clock >= self.since or clock < self.until if self.since > self.until else self.since <= clock < self.until
        )
        return channel in self.channels and inside

    def over(self, local: datetime) -> datetime:
        """The next moment, in the same time zone, at which they are over."""
        end = local.replace(hour=self.until.hour, minute=self.until.minute, second=self.until.second, microsecond=0)
        return end if end > local else end + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a customer at a moment: what she was sent, what she wills by purpose, where she can be reached.

    `local` is the moment in her time; None where nobody knows where she lives: then a channel that rings is refused.
    `elsewhere` is the same moment in the other time zones in which she may live.
    `restricted`: her data are under restriction (GDPR art. 18).
    """

    ledger: Ledger
    at: datetime
    local: datetime | None
    reachable: frozenset[str]
    wills: Mapping[str, Sequence[Willed]] = field(default_factory=lambda: MappingProxyType({}))
    open_complaint: bool = False
    restricted: bool = False
    deceased: bool = False
    elsewhere: tuple[datetime, ...] = ()
    quiet: QuietHours = field(default_factory=QuietHours)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a customer may be contacted on a channel, and every reason against it."""

    channel: str
    refusals: tuple[Refusal, ...]

    @property
    def allowed(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.refusals

    @property
    def words(self) -> str:
        """The verdict in a sentence."""
        if self.allowed:
            return f"{self.channel} may be used."
        return f"{self.channel} may not be used: {'; '.join(WORDS[one] for one in self.refusals)}."


@dataclass(frozen=True, slots=True)
class Advice:
    """The channel to use, or None. `confidence` is the probability that it is better than the next best.

    `rejected` has the channels that may not be used, `others` the rates of those that may and are likely worse.
    """

    channel: str | None
    rate: Rate | None
    confidence: float
    rejected: tuple[Verdict, ...]
    others: Mapping[str, Rate]
    words: str


def may_contact(situation: Situation, channel: str, purpose: str, campaign: str | None = None) -> Verdict:
    """Whether the customer may be contacted for a purpose on a channel now, with all reasons against it."""
    marketing = purpose in situation.ledger.rules.marketing
    refusals: list[Refusal] = []
    if situation.restricted:
        refusals.append(Refusal.RESTRICTED)
    if situation.deceased:
        refusals.append(Refusal.DECEASED)
    breaches: Sequence[Breach] = situation.ledger.breaches(situation.at, channel, purpose, campaign, situation.wills)
    refusals += [Refusal(breach.value) for breach in breaches]
    if channel not in situation.reachable:
        refusals.append(Refusal.NO_ADDRESS)
    clocks = [] if situation.local is None else [situation.local, *situation.elsewhere]
    if channel in situation.quiet.channels and (
        not clocks or any(situation.quiet.forbid(channel, local) for local in clocks)
    ):
        refusals.append(Refusal.QUIET_HOURS)
    if marketing and situation.open_complaint:
        refusals.append(Refusal.OPEN_COMPLAINT)
    return Verdict(channel, tuple(refusals))


def may_again(
    situation: Situation,
    channel: str,
    purpose: str,
    campaign: str | None = None,
    heeded: Collection[Refusal] = tuple(Refusal),
) -> datetime | None:
    """The first moment (UTC) at which no reason that is heeded speaks against it, if nothing happens meanwhile; None
    where that is not a matter of time, or now.
    """
    moment = situation.at
    for _ in range(MOST_STEPS):
        then = _at(situation, moment)
        against = [one for one in may_contact(then, channel, purpose, campaign).refusals if one in heeded]
        if not against:
            return moment.astimezone(UTC) if moment > situation.at else None
        ends = [_over(then, one, channel, purpose) for one in against]
        known = [one for one in ends if one is not None]
        if len(known) < len(ends):
            return None
        moment = max(known)
    return None


def _at(situation: Situation, moment: datetime) -> Situation:
    """The same situation later on."""
    local = None if situation.local is None else moment.astimezone(situation.local.tzinfo)
    elsewhere = tuple(moment.astimezone(one.tzinfo) for one in situation.elsewhere)
    return replace(situation, at=moment, local=local, elsewhere=elsewhere)


def _over(situation: Situation, refusal: Refusal, channel: str, purpose: str) -> datetime | None:
    """When a reason is over; None where nobody knows."""
    if refusal is Refusal.QUIET_HOURS:
        clocks = [] if situation.local is None else [situation.local, *situation.elsewhere]
        silent = [one for one in clocks if situation.quiet.forbid(channel, one)]
        return max((situation.quiet.over(one) for one in silent), default=None)
    if refusal.value in set(Breach):
        return situation.ledger.until(Breach(refusal.value), situation.at, channel, purpose)
    return None


def best_channel(situation: Situation, rates: Mapping[str, Rate], purpose: str, campaign: str | None = None) -> Advice:
    """The allowed channel with the highest rate of answers; of equal ones the first by name."""
    verdicts = [may_contact(situation, channel, purpose, campaign) for channel in sorted(rates)]
    rejected = tuple(one for one in verdicts if not one.allowed)
    allowed = sorted((one.channel for one in verdicts if one.allowed), key=lambda one: (-rates[one].mean, one))
    if not allowed:
        return Advice(None, None, 0.0, rejected, {}, "No channel may be used now.")
    best, *rest = allowed
    confidence = _better(rates[best], rates[rest[0]]) if rest else 1.0
    return Advice(best, rates[best], confidence, rejected, {one: rates[one] for one in rest}, _why(best, rest, rates))


def _better(one: Rate, other: Rate) -> float:
    """The probability that one rate is the higher, both taken as normal."""
    spread = math.hypot(one.deviation, other.deviation)
    return 0.5 * (1 + math.erf((one.mean - other.mean) / (spread * math.sqrt(2)))) if spread else 0.5


def _why(best: str, rest: Sequence[str], rates: Mapping[str, Rate]) -> str:
    rate = rates[best]
    known = (
        f"the customer answered {rate.answered} of {rate.tried} contacts there"
        if rate.tried
        else "others like the customer answer there, who was never contacted on it"
    )
    text = f"{best}: an answer is likely in {rate.mean:.0%} of contacts; {known}."
    return f"{text} Next best is {rest[0]} with {rates[rest[0]].mean:.0%}." if rest else text
