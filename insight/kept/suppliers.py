"""Keeps the delays of suppliers: over which period, and which orders of customers came late in it."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from graph.protocols import Graph, Reads
from insight.kept.desk import SECONDS
from insight.statements import text
from insight.suppliers import CustomerParcel, LatePeriod, PurchaseOrder, late_suppliers


async def keep(graph: Graph, now: datetime) -> str:
    """Find the periods anew and keep them. Raises the errors of the database."""
    purchases, parcels, owners = await read_supply(graph)
    found = await asyncio.to_thread(late_suppliers, purchases, parcels, now.date())
    await graph.write(text("delays_kept"), {"rows": [_row(one, owners) for one in found]}, SECONDS)
    delayed = sum(one.orders_delayed for one in found)
    return f"{len(found):,} suppliers were late over a period; {delayed:,} orders of customers came late in it"


async def read_supply(
    graph: Reads,
) -> tuple[tuple[PurchaseOrder, ...], tuple[CustomerParcel, ...], Mapping[str, str]]:
    """Orders to suppliers, parcels to customers, and whose orders are. Raises the errors of the database."""
    bought = await graph.read(text("purchases"), None, SECONDS)
    sent = await graph.read(text("parcels"), None, SECONDS)
    purchases = tuple(
        PurchaseOrder(row["supplier"], None, date.fromisoformat(row["promised"]), _day(row["received"]))
        for row in bought
    )
    parcels = tuple(
        CustomerParcel(
            row["order"], frozenset(row["suppliers"]), date.fromisoformat(row["promised"]), _day(row["delivered"])
        )
        for row in sent
    )
    return purchases, parcels, {row["order"]: row["customer"] for row in sent if row["customer"]}


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _row(one: LatePeriod, owners: Mapping[str, str]) -> dict[str, Any]:
    return {
        "supplier": one.supplier,
        "orders": list(one.delayed),
        "properties": {
            "since": one.since,
            "until": one.until,
            "purchaseCount": one.purchase_orders,
            "lateCount": one.late,
            "meanDaysLate": one.mean_days_late,
            "orderCount": one.orders_delayed,
            "customerCount": len({owners[order] for order in one.delayed if order in owners}),
        },
    }
