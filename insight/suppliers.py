"""Suppliers that were late over a period: the stretch of purchase orders in which lateness is least likely chance.

The scan statistic of Kulldorff (1997) for Bernoulli data, over one supplier's purchase orders in the order of promised
days: of all stretches the one whose share of late orders is the most unlikely at the rate at which the other suppliers
are late. So neither a quarter nor a length of the period has to be chosen, and one bad week is no period.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

GRACE = timedelta(days=3)
"""So much later than promised is still in time."""
LEAST_LATE = 5
"""A period holds at least so many late purchase orders,"""
LEAST_SHARE = 1 / 3
"""at least this share of its purchase orders is late,"""
LEAST_EVIDENCE = 12.0
"""and its log-likelihood ratio is at least this: less than one in ten thousand by chance, over all stretches."""
_LEAST_RATE = 0.005


@dataclass(frozen=True, slots=True)
class PurchaseOrder:
    """One order to a supplier; `received_on` is None while it is not there."""

    supplier: str
    product: str | None
    promised_on: date
    received_on: date | None


@dataclass(frozen=True, slots=True)
class CustomerParcel:
    """One parcel to a customer: the suppliers of what is in it, when it was promised and when it came."""

    order: str
    suppliers: frozenset[str]
    promised_on: date
    delivered_on: date | None


@dataclass(frozen=True, slots=True)
class LatePeriod:
    """A period over which a supplier was late. Days late are calendar days past the promised one, of all its orders;
    `delayed` are the orders of customers that came late in that time.
    """

    supplier: str
    since: date
    until: date
    purchase_orders: int
    late: int
    mean_days_late: float
    delayed: tuple[str, ...]

    @property
    def orders_delayed(self) -> int:
        """How many orders of customers came late in that time."""
        return len(self.delayed)

    @property
    def share_late(self) -> float:
        """The share of the period's purchase orders that were late."""
        return self.late / self.purchase_orders


def late_suppliers(
    purchases: Iterable[PurchaseOrder], parcels: Iterable[CustomerParcel], today: date
) -> tuple[LatePeriod, ...]:
    """The suppliers that were late over a period, each once with its clearest period, by their keys."""
    judged: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for one in purchases:
        days = _days_late(one, today)
        if days is not None:
            judged[one.supplier].append((one.promised_on, days))
    everyone = [_is_late(days) for orders in judged.values() for _, days in orders]
    found: list[LatePeriod] = []
    waiting = tuple(parcels)
    for supplier, orders in sorted(judged.items()):
        own = sum(_is_late(days) for _, days in orders)
        others = len(everyone) - len(orders)
        usual = max((sum(everyone) - own) / others if others else 0.0, _LEAST_RATE)
        if period := _clearest(sorted(orders), usual):
            found.append(_told(supplier, period, waiting))
    return tuple(found)


def _days_late(order: PurchaseOrder, today: date) -> int | None:
    """Days past the promised one, below nought where it came early; None where it is neither there nor overdue."""
    if order.received_on is not None:
        return (order.received_on - order.promised_on).days
    overdue = (today - order.promised_on).days
    return overdue if _is_late(overdue) else None


def _is_late(days: int) -> bool:
    return days > GRACE.days


def _clearest(orders: Sequence[tuple[date, int]], usual: float) -> Sequence[tuple[date, int]] | None:
    """The stretch with the highest log-likelihood ratio against the usual rate, where it is clear enough."""
    ends = [place for place, (_, days) in enumerate(orders) if _is_late(days)]
    best, chosen = 0.0, None
    for number, first in enumerate(ends):
        for late, last in enumerate(ends[number:], 1):
            of = last - first + 1
            if late < LEAST_LATE or late / of < LEAST_SHARE:
                continue
            if (evidence := _ratio(late, of, usual)) > best:
                best, chosen = evidence, (first, last)
    if chosen is None or best < LEAST_EVIDENCE:
        return None
    return orders[chosen[0] : chosen[1] + 1]


def _ratio(late: int, of: int, usual: float) -> float:
    """How much likelier (natural logarithm) the stretch is at its own rate than at the usual one; nought below that."""
    rate = late / of
    if rate <= usual:
        return 0.0
    on_time = of - late
    return late * math.log(rate / usual) + (on_time * math.log((1 - rate) / (1 - usual)) if on_time else 0.0)


def _told(supplier: str, orders: Sequence[tuple[date, int]], parcels: Iterable[CustomerParcel]) -> LatePeriod:
    since, until = orders[0][0], max(promised + timedelta(days=max(days, 0)) for promised, days in orders)
    delayed = {
        one.order
        for one in parcels
        if supplier in one.suppliers
        and since <= one.promised_on <= until
        and (one.delivered_on is None or one.delivered_on > one.promised_on)
    }
    return LatePeriod(
        supplier,
        since,
        until,
        len(orders),
        sum(_is_late(days) for _, days in orders),
        sum(max(days, 0) for _, days in orders) / len(orders),
        tuple(sorted(delayed)),
    )


def suppliers_of(skus: Iterable[str], catalogue: Mapping[str, str | None]) -> frozenset[str]:
    """The suppliers of some products."""
    return frozenset(supplier for sku in skus if (supplier := catalogue.get(sku)))
