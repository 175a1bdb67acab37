"""Orders and cases that a back office tells of as they happen: under the keys of a load, once; who follows is told."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.live import cloudevents
from ingest.live.arrival import Arrival
from ingest.load import load
from tests.live_graph import ADA, Live
from tests.live_sources import OFFICE
from tests.test_ingest_load import SAMPLE, census, silent

pytest_plugins = ["tests.live_graph"]
pytestmark = pytest.mark.asyncio(loop_scope="session")

PLACED = {
    "id": "A90000001",
    "placed_at": "2026-01-02T03:04:05Z",
    "status": "paid",
    "buyer_name": "Ada Byron",
    "buyer_email": ADA["email"],
    "total": "19.90",
    "currency": "EUR",
}
OPENED = {
    "id": "CS-9000001",
    "opened_at": "2026-01-03T00:00:00Z",
    "status": "open",
    "team": "Care",
    "reporter": ADA["email"],
    "order_id": "A90000001",
    "subject": "Where is it?",
}
ORDERS = "MATCH (o:Order) OPTIONAL MATCH (c:Customer)-[:PLACED]->(o) RETURN [o.sourceKey, o.status, c.email]"
CASES = """MATCH (k:Case) OPTIONAL MATCH (c:Customer)-[:OPENED]->(k) OPTIONAL MATCH (k)-[:CONCERNS]->(o:Order)
OPTIONAL MATCH (k)-[:LIES_WITH]->(t:Team) RETURN [k.sourceKey, k.status, c.email, o.number, t.name]"""


def told(live: Live, system: str, type: str, row: dict[str, Any], at: str = "2026-01-04T00:00:00Z") -> Arrival:
    """An event of a back office of this name."""
    source = live.sources.of_key(OFFICE)
    assert source is not None
    event = {"specversion": "1.0", "id": f"e-{next(live.numbers)}", "source": "/office", "type": type, "data": row}
    made = cloudevents.arrival_of({**event, "time": at}, replace(source, system=system), datetime.now(UTC))
    assert isinstance(made, Arrival), made
    return made


async def test_an_order_and_a_case_are_hers(live: Live) -> None:
    """By the mailbox; each in the state in which it came last, and who follows her is told of each change."""
    await live.send(live.row("customers", {"id": "K-1", "name": "Ada Byron", "email": ADA["email"], "country": "GB"}))
    await live.send(told(live, "office", "com.example.orders.placed.v1", PLACED))
    await live.send(told(live, "office", "com.example.cases.opened", OPENED))
    assert await live.ask(ORDERS) == [["orders:A90000001", "paid", ADA["email"]]]
    assert await live.ask(CASES) == [["cases:CS-9000001", "open", ADA["email"], "A90000001", "Care"]]
    changed = told(
        live, "office", "com.example.orders.changed", {**PLACED, "status": "returned"}, "2026-01-06T00:00:00Z"
    )
    late = told(live, "office", "com.example.orders.changed", {**PLACED, "status": "shipped"}, "2026-01-05T00:00:00Z")
    await live.send(changed)
    await live.send(late)
    assert await live.ask(ORDERS) == [["orders:A90000001", "returned", ADA["email"]]]
    (customer,) = await live.ask("MATCH (c:Customer) RETURN c.id")
    order, case = await live.ask("MATCH (o:Order) RETURN o.id") + await live.ask("MATCH (k:Case) RETURN k.id")
    assert [(one.record, one.about) for one in live.told] == [
        (record, frozenset({customer})) for record in (order, case, order)
    ]
    assert len({one.id for one in live.told}) == 3


async def test_what_is_written_twice_is_there_once(live: Live) -> None:
    """Also of nobody: an order of a guest is kept, and is nobody's."""
    arrivals = [
        told(live, "office", "orders.placed", {**PLACED, "buyer_email": "guest@example.org"}),
        told(live, "office", "cases.opened", {**OPENED, "reporter": "guest@example.org"}),
    ]
    await live.send(*arrivals)
    assert await live.ask(ORDERS) == [["orders:A90000001", "paid", None]]
    before = await census(live.database)
    for _ in range(2):
        await live.drain.write(arrivals)
    assert await census(live.database) == before


async def test_loads_and_live_events_mean_the_same_order(live: Live, few: Path) -> None:
    """A change of an order that an export brought changes that order, and the same export makes no second one."""
    for name in ("orders.jsonl", "cases.csv"):
        shutil.copy2(SAMPLE / name, few / name)
    await load(live.database, few, silent, keys=live.vault)
    before = await census(live.database)
    (order,) = await live.ask(
        "MATCH (c:Customer)-[:PLACED]->(o:Order)<-[:RECORDS]-(r:SourceRecord {system: 'orders'}) "
        "WHERE c.email IS NOT NULL AND o.status <> 'returned' "
        "RETURN {id: o.id, number: o.number, at: toString(o.placedAt), customer: c.id, email: c.email, name: c.name} "
        "ORDER BY o.sourceKey LIMIT 1"
    )
    (case,) = await live.ask(
        "MATCH (k:Case)<-[:RECORDS]-(r:SourceRecord {system: 'cases'}) WHERE k.status <> 'paused' "
        "RETURN {id: k.id, number: k.number, at: toString(k.openedAt)} ORDER BY k.sourceKey LIMIT 1"
    )
    row = {"id": order["number"], "placed_at": order["at"], "status": "returned", "buyer_email": order["email"]}
    await live.send(
        told(live, "orders", "orders.changed", row),
        told(live, "cases", "cases.changed", {"id": case["number"], "opened_at": case["at"], "status": "paused"}),
    )
    assert await live.ask("MATCH (o:Order {id: $id}) RETURN o.status", id=order["id"]) == ["returned"]
    assert await live.ask("MATCH (k:Case {id: $id}) RETURN k.status", id=case["id"]) == ["paused"]
    whose = "MATCH (c:Customer)-[:PLACED]->(o:Order {id: $id}) RETURN c.id"
    assert await live.ask(whose, id=order["id"]) == [order["customer"]]
    after = await census(live.database)
    assert (after[0], after[2]) == (before[0], before[2])
    await load(live.database, few, silent, keys=live.vault)
    again = await census(live.database)
    assert (again[0], again[2]) == (before[0], before[2])
