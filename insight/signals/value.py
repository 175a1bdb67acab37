"""What a customer brought, by currency, and where that stands among customers of her kind.

Money is what orders came to less what was given back. Currencies are never added, so there is a value in each.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from insight.signals.orders import Order, in_time

YEAR = timedelta(days=365)
SMALLEST_GROUP = 20
"""Among fewer customers a rank would tell of the others."""


class Fifth(StrEnum):
    """Where a customer stands in her group: in the highest at most a fifth bring as much or more."""

    HIGHEST = "highest fifth"
    HIGH = "second fifth"
    MIDDLE = "middle fifth"
    LOW = "fourth fifth"
    LOWEST = "lowest fifth"


@dataclass(frozen=True, slots=True)
class Value:
    """What one customer brought in one currency, in hundredths: in the year up to a moment, and over all time.

    `orders` and `orders_ever` count the orders behind it.
    """

    currency: str
    year: int
    ever: int
    orders: int
    orders_ever: int


def values(orders: Iterable[Order], now: datetime) -> tuple[Value, ...]:
    """The value of one customer in each currency, as of `now`."""
    year: dict[str, int] = defaultdict(int)
    ever: dict[str, int] = defaultdict(int)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in in_time(orders, now):
        recent = one.at > now - YEAR
        for currency, money in one.money.items():
            ever[currency] += money
            year[currency] += money if recent else 0
        if one.currency:
            counts[one.currency][0] += recent
            counts[one.currency][1] += 1
    return tuple(Value(currency, year[currency], ever[currency], *counts[currency]) for currency in sorted(ever))


class Groups:
    """What customers of each kind brought in each currency within the year: a number for each, no names."""

    def __init__(self) -> None:
        self._brought: dict[tuple[str, str], array[int]] = defaultdict(lambda: array("q"))
        self._ordered = True

    def enter(self, kind: str, value: Value) -> None:
        """Count one customer in."""
        self._brought[kind, value.currency].append(value.year)
        self._ordered = False

    def fifth(self, kind: str, value: Value) -> Fifth | None:
        """The fifth of a customer's group in which she stands; None where the group is too small to say so.

        She is counted among those who bring as much or more. So of equals none stands higher than all of them can.
        """
        self._order()
        group = self._brought.get((kind, value.currency), array("q"))
        if len(group) < SMALLEST_GROUP:
            return None
        as_much = len(group) - bisect_left(group, value.year)
        return tuple(Fifth)[min(max(as_much * 5 - 1, 0) // len(group), 4)]

    def _order(self) -> None:
        if not self._ordered:
            self._brought = defaultdict(
                lambda: array("q"), {key: array("q", sorted(found)) for key, found in self._brought.items()}
            )
            self._ordered = True


_OF_KIND: Mapping[str, str] = {"PERSON": "persons", "ORGANISATION": "organisations"}


def told(kind: str, value: Value, fifth: Fifth | None) -> str:
    """In words, without the money itself: not everyone who may know how she ranks may know that."""
    count = f"{_orders(value.orders)} within twelve months, {_orders(value.orders_ever)} over all time"
    whose = f"{_OF_KIND.get(kind, 'customers')} who ever ordered in {value.currency}"
    if fifth is None:
        return f"{count}; too few {whose} to compare with."
    return f"{count}; {fifth.value} of {whose}, by the last twelve months."


def _orders(number: int) -> str:
    return f"{number} order" if number == 1 else f"{number} orders"
