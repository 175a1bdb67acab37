"""Telling: every system that held records of an erased person has to erase them as well (GDPR art. 17(2), 19).

A system that takes such events gets one through the outbox, with its own keys; of the others a person tells it and says
so. Once a system has answered, the graph keeps none of its keys.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson

from graph.protocols import Graph
from ingest.write_back.changed import Changed
from ingest.write_back.outbox import SOURCE
from privacy.graph import SECONDS, text
from privacy.previewing import systems_of
from privacy.reach import Reach
from schema.enums import DeliveryState
from schema.errors import ErasedAlready

SEQUENCE = f"{1:012}"


async def tell(graph: Graph, receipt: str, found: Reach, now: datetime) -> None:
    """Enter a notice for each system, once, with its event where it takes one. Raises the errors of the database."""
    rows = [
        _row(receipt, found.ids, system, records, by_person=by_person, now=now)
        for system, records, by_person in await systems_of(graph, found)
    ]
    if rows:
        await graph.write(text("tell"), {"receipt": receipt, "rows": rows, "now": now}, SECONDS)


async def settle(graph: Graph, now: datetime) -> list[str]:
    """Note what systems answered; the receipts that are done by it. Raises the errors of the database."""
    return [str(one) for one in await graph.write(text("settle"), {"now": now}, SECONDS)]


async def confirm(
    graph: Graph, receipt: str, system: str, reference: str, *, role: str, actor: str, now: datetime
) -> None:
    """A person says that a system knows. Raises ErasedAlready where there is nothing to confirm."""
    said = {"receipt": receipt, "system": system, "reference": reference, "role": role, "actor": actor, "now": now}
    if not await graph.write(text("confirm"), said, SECONDS):
        raise ErasedAlready(
            "This receipt has no system of that name that still has to be told. Read its notices: erasureReceipts."
        )


def _row(
    receipt: str, ids: Sequence[str], system: str, records: Sequence[str], *, by_person: bool, now: datetime
) -> dict[str, Any]:
    key = f"{receipt}:{system}"
    notice = {
        "id": f"ern_{uuid4().hex}",
        "sourceKey": key,
        "system": system,
        "records": list(records),
        "byPerson": by_person,
    }
    return {"notice": notice, "delivery": None if by_person else _delivery(key, ids, system, records, now)}


def _delivery(key: str, ids: Sequence[str], system: str, records: Sequence[str], now: datetime) -> dict[str, Any]:
    id_, queue = f"dlv_{uuid4().hex}", f"{key}:"
    rows: dict[str, list[str]] = {}
    for one in records:
        kind, _, own = one.partition(" ")
        rows.setdefault(kind, []).append(own)
    return {
        "id": id_,
        "sourceKey": f"{queue}{SEQUENCE}",
        "queue": queue,
        "system": system,
        "what": Changed.ERASED.value,
        "state": DeliveryState.PENDING.name,
        "sequence": 1,
        "attempts": 0,
        "body": orjson.dumps(_event(id_, ids, rows, now)).decode(),
    }


def _event(id_: str, ids: Sequence[str], rows: Mapping[str, Sequence[str]], now: datetime) -> dict[str, Any]:
    """As other events of the outbox: `records` are the system's records of the person, `rows` all that it had sent."""
    return {
        "specversion": "1.0",
        "id": id_,
        "source": SOURCE,
        "type": f"customer-graph.{Changed.ERASED.value}",
        "time": now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "subject": ids[0],
        "sequence": SEQUENCE,
        "datacontenttype": "application/json",
        "data": {"records": list(rows.get("customer", ())), "rows": rows},
    }
