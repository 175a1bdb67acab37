"""From a resolved company to each customer's orders."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from ingest.company import Company
from ingest.records import InvoiceRecord, OrderRecord
from insight.signals.orders import Order


def orders(company: Company) -> Mapping[str, Sequence[Order]]:
    """The orders of each customer whose they are known to be; products by their article numbers."""
    credited: dict[str, Counter[str]] = defaultdict(Counter)
    for note in company.exports.of(InvoiceRecord):
        if note.credit and note.order:
            credited[note.order][note.currency] += abs(note.amount)
    found: dict[str, list[Order]] = defaultdict(list)
    for one in company.exports.of(OrderRecord):
        if owner := company.attribution.of("orders", one.key):
            found[owner.customer].append(
                Order(
                    one.placed_at,
                    one.status,
                    one.currency,
                    one.total or 0,
                    credited[one.key],
                    frozenset(line.sku for line in one.lines),
                )
            )
    return found
