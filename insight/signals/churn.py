"""Whether a customer is still one: her silence against her own rhythm and the company's, with why in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from insight.signals.orders import Order, in_time
from insight.signals.rhythm import History, Rhythm

AHEAD = timedelta(days=90)
"""An order within so long is foretold."""
_LIKELY, _UNLIKELY = 0.8, 0.5
_CERTAIN = 0.99


class Course(StrEnum):
    """Where a customer is heading, by the probability that she is still one."""

    ACTIVE = "active"
    AT_RISK = "at risk"
    LOST = "probably lost"


@dataclass(frozen=True, slots=True)
class Churn:
    """What is foretold of one customer. `active` is the probability that she is still one, `orders` that she orders
    within 90 days; `times`, `every` (mean days between orders, None after one) and `last` say why, as of `on`.
    """

    active: float
    orders: float
    times: int
    every: float | None
    last: date
    on: date

    @property
    def course(self) -> Course:
        """In one word: active from 80 % on, probably lost below 50 %."""
        if self.active >= _LIKELY:
            return Course.ACTIVE
        return Course.AT_RISK if self.active >= _UNLIKELY else Course.LOST

    @property
    def words(self) -> str:
        """Why."""
        ago = f"last on {self.last}, {_days((self.on - self.last).days)} ago"
        rhythm = (
            f"Ordered once, {ago}"
            if self.every is None
            else f"Ordered {self.times} times, every {_days(max(round(self.every), 1))} on average, {ago}"
        )
        still, soon = _percent(self.active), _percent(self.orders)
        return f"{rhythm}; {still} likely to be still a customer, {soon} to order within 90 days."


def history(orders: Iterable[Order], now: datetime) -> History | None:
    """What counts of a customer's orders; None where she has none. Orders on one day are one."""
    days = _days_of(orders, now)
    return History(len(days) - 1, (days[-1] - days[0]).days, (now.date() - days[0]).days) if days else None


def churn(orders: Iterable[Order], rhythm: Rhythm, now: datetime) -> Churn | None:
    """What is foretold of one customer as of `now`; None where she never ordered."""
    days = _days_of(orders, now)
    if not days:
        return None
    known = History(len(days) - 1, (days[-1] - days[0]).days, (now.date() - days[0]).days)
    every = known.last / known.again if known.again else None
    foretold = rhythm.orders_within(AHEAD.days, known)
    return Churn(rhythm.active(known), foretold, len(days), every, days[-1], now.date())


def _days_of(orders: Iterable[Order], now: datetime) -> list[date]:
    return sorted({one.at.date() for one in in_time(orders, now)})


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _percent(chance: float) -> str:
    """Nothing of the kind is certain."""
    if chance > _CERTAIN:
        return "over 99 %"
    return f"{round(chance * 100)} %" if chance >= 1 - _CERTAIN else "under 1 %"
