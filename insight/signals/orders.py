"""One order of a customer as the signals read it, and what is left of its money."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

CANCELLED = "cancelled"
RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Order:
    """An order; money in hundredths of its currency. `credited` is what credit notes gave back, by currency.

    `products` are the keys of what was ordered; `status` is as the shop says it.
    """

    at: datetime
    status: str = ""
    currency: str | None = None
    total: int = 0
    credited: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    products: frozenset[str] = frozenset()

    @property
    def happened(self) -> bool:
        """Whether she ordered and let it stand until it came; what she sent back she had ordered, too."""
        return self.status != CANCELLED

    @property
    def kept(self) -> bool:
        """Whether she kept it."""
        return self.status not in (CANCELLED, RETURNED)

    @property
    def money(self) -> Mapping[str, int]:
        """What is left of it, by currency: the total less credit notes; of what was returned without one nothing.

        A credit note in another currency is taken from that currency, for money of two currencies has no sum.
        """
        if not self.happened:
            return {}
        own = {self.currency: self.total} if self.currency else {}
        if self.status == RETURNED and self.currency not in self.credited:
            own = dict.fromkeys(own, 0)
        others = {currency: -given for currency, given in self.credited.items() if currency not in own}
        return others | {currency: total - self.credited.get(currency, 0) for currency, total in own.items()}


def in_time(orders: Iterable[Order], now: datetime) -> tuple[Order, ...]:
    """The orders that happened by `now`, the earliest first, whatever the order in which they come."""
    happened = (one for one in orders if one.happened and one.at <= now)
    return tuple(sorted(happened, key=lambda one: (one.at, one.currency or "", one.total, sorted(one.products))))
