"""The outbox: what a change tells which systems, entered in the change's own transaction.

So there is no change without its entries and no entry without its change, whatever dies when. An entry holds the whole
event as it will be sent (CloudEvents 1.0, structured mode), so that each attempt sends the same bytes.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from ingest.statements import text
from ingest.write_back.changed import Changed
from resolvers.mutation import Act
from schema.enums import DeliveryState

SOURCE = "urn:customer-graph"
DIGITS = 12


async def announce(act: Act, customer: str, what: Changed, told: Mapping[str, Any], holding: str | None = None) -> None:
    """Enter what every system is to be told that holds a record of the customer and takes changes of this kind.

    Of a value only those are told that have one: `holding` is the attribute of which a record has to say something.
    `told` is all that leaves beside the ids of that system's own records: values that are None are left out.
    """
    takers = await act.run(text("takers"), {"customer": customer, "what": what.value, "holding": holding})
    if not takers:
        return
    entries = [_entry(act, customer, what, told, taker) for taker in takers]
    await act.run(text("outbox"), {"customer": customer, "change": act.change, "now": act.now, "entries": entries})


def _entry(act: Act, customer: str, what: Changed, told: Mapping[str, Any], taker: Mapping[str, Any]) -> dict[str, Any]:
    id_, system, sequence = act.new_id("dlv"), taker["system"], taker["sequence"]
    queue = f"{customer}:{system}:"
    event = {
        "specversion": "1.0",
        "id": id_,
        "source": SOURCE,
        "type": f"customer-graph.{what.value}",
        "time": _plain(act.now),
        "subject": customer,
        "sequence": f"{sequence:0{DIGITS}}",
        "datacontenttype": "application/json",
        "data": {
            "records": taker["records"],
            what.value: {name: _plain(value) for name, value in told.items() if value is not None},
        },
    }
    return {
        "id": id_,
        "sourceKey": f"{queue}{sequence:0{DIGITS}}",
        "queue": queue,
        "system": system,
        "what": what.value,
        "state": DeliveryState.PENDING.name,
        "sequence": sequence,
        "attempts": 0,
        "body": orjson.dumps(event).decode(),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value
