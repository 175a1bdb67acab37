"""Advising: `bestChannel`, from what is usual and from what the viewer sees of how the customer answered herself.

Nothing that the View does not show has a part in a rate: neither contacts nor her year of birth. Why a channel may not
be used is told as by mayContact.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from auth.disclosure import Answered, Shown
from insight.answer_rates import Rate, Tried, Usual
from insight.channel import Advice
from insight.channel import best_channel as advised
from insight.contacting.asking import campaign_of, nobody, row_of
from insight.contacting.facts import Sent, facts_of, situation_of
from insight.contacting.learning import given_back, habits_of, segment_of
from insight.contacting.sight import Evidence, fields_of, sees
from insight.contacting.verdicts import Told, check, verdict_of
from resolvers.read import Request
from schema.errors import RatesMissing

BORN = "birthDate"
ANSWERS: Evidence = {"Outreach": ("sentAt", "channel", "clicked", "replied")}
CAME: Evidence = {"Interaction": ("kind", "direction")}


async def best_channel(
    name: str, asked: Mapping[str, Any], request: Request
) -> tuple[dict[str, Any] | None, Answered | None]:
    """The advice, null where the customer is not there for the viewer.

    Raises RatesMissing where nothing was learned yet, and what `check` and reading raise.
    """
    customer, purpose, campaign = str(asked["customer"]), str(asked["purpose"]), campaign_of(asked)
    rules = request.contact_rules
    check(request.view, rules, purpose)
    if (row := await row_of(request, customer, (BORN,), advising=True)) is None:
        return None, nobody(name, customer)
    if row["rates"] is None:
        raise RatesMissing
    facts = facts_of(customer, row["facts"])
    came = row["came"] if sees(request.view, CAME) else ()
    sent = facts.sent if sees(request.view, ANSWERS) else ()
    rates = rates_of(given_back(row["rates"]), sent, came, row["seen"].get(BORN), rules.ways, request.now)
    advice = advised(situation_of(facts, rules, request.now), rates, purpose, campaign)
    verdicts = {
        channel: verdict_of(request.view, rules, facts, channel, purpose, campaign, request.now)
        for channel in rules.ways
    }
    fields = {field for one in verdicts.values() for field in one.fields}
    fields |= set(fields_of([one for one in (ANSWERS, CAME) if sees(request.view, one)]))
    fields |= {f"Customer.{BORN}"} if row["seen"].get(BORN) else set()
    return _shown(advice, verdicts), Answered(name, (Shown(tuple(sorted(fields)), (), (customer,)),), None, ())


def rates_of(
    usual: Usual,
    sent: Iterable[Sent],
    came: Iterable[str],
    born: str | None,
    channels: Iterable[str],
    now: datetime,
) -> dict[str, Rate]:
    """How likely a customer answers on each channel. `born` is a date or a year."""
    own = [Tried("", one.channel, one.at, one.answered) for one in sent]
    segment = segment_of(int(born[:4]), now) if born else None
    return {channel: usual.of(own, channel, now, segment, habits_of(came)) for channel in channels}


def _shown(advice: Advice, verdicts: Mapping[str, Told]) -> dict[str, Any]:
    return {
        "__typename": "ChannelAdvice",
        "channel": advice.channel,
        "rate": None if advice.channel is None or advice.rate is None else _rate(advice.channel, advice.rate),
        "confidence": advice.confidence,
        "words": advice.words,
        "rejected": [verdicts[one.channel].shown() for one in advice.rejected],
        "others": [_rate(channel, rate) for channel, rate in advice.others.items()],
    }


def _rate(channel: str, rate: Rate) -> dict[str, Any]:
    return {
        "__typename": "ChannelRate",
        "channel": channel,
        "rate": rate.mean,
        "deviation": rate.deviation,
        "tried": rate.tried,
        "answered": rate.answered,
    }
