"""CloudEvents 1.0 over HTTP (structured, batched and binary mode): changes that a back office tells.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md and the JSON format there.

The data of an event is one row of a canonical table, which its type names. The SDK's own parser was looked at: it names
what is wrong by exceptions that hold values; pydantic's errors tell the attribute.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import unquote

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from ingest.fields import Unreadable
from ingest.live.arrival import Arrival, Refused
from ingest.live.sources import TABLES, LiveSource

STRUCTURED = "application/cloudevents+json"
BATCHED = "application/cloudevents-batch+json"
MOST_BYTES = 64 * 1024
MOST_BYTES_IN_A_BATCH = 500 * 1024
MOST_IN_A_BATCH = 2_500
_HEADER = "ce-"
_VERSION = re.compile(r"\.v\d+$")
_VERBS = re.compile(r"\.(created|updated|changed|recorded|placed|opened|closed)$")
_JSON = re.compile(r"^application/(?:[\w.-]+\+)?json(?:\s*;.*)?$", re.IGNORECASE)


class Event(BaseModel):
    """The attributes of an event. Extension attributes are kept with it."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    specversion: Literal["1.0"]
    id: Annotated[str, Field(min_length=1, max_length=1024)]
    source: Annotated[str, Field(min_length=1, max_length=2048)]
    type: Annotated[str, Field(min_length=1, max_length=255)]
    time: AwareDatetime | None = None
    datacontenttype: Annotated[str, Field(pattern=_JSON.pattern)] | None = None
    data: dict[str, Any]


def binary(headers: Mapping[str, str], body: bytes) -> dict[str, Any] | Refused:
    """The event of a request in binary mode: its attributes are headers, its data is the body."""
    found: dict[str, Any] = {
        name[len(_HEADER) :]: unquote(value) for name, value in headers.items() if name.startswith(_HEADER)
    }
    kind = headers.get("content-type", "application/json")
    if not _JSON.match(kind):
        return Refused("datacontenttype", "not JSON")
    try:
        data = orjson.loads(body)
    except ValueError:
        return Refused("data", "not JSON")
    return {**found, "datacontenttype": kind, "data": data}


def table_of(type: str) -> str | None:
    """The canonical table that a type names: `customers`, `com.example.customers`, `com.example.customers.changed.v1`.

    None where it names none that may come live.
    """
    bare = _VERBS.sub("", _VERSION.sub("", type))
    table = bare.rpartition(".")[2]
    return table if table in TABLES else None


def arrival_of(event: object, source: LiveSource, now: datetime, index: int | None = None) -> Arrival | Refused:
    """What one event amounts to, or why it was refused; `index` is its place in a batch."""
    if not isinstance(event, dict):
        return Refused("", "not an object", index)
    if len(orjson.dumps(event)) > MOST_BYTES:
        return Refused("", f"larger than {MOST_BYTES // 1024} KB", index)
    try:
        found = Event.model_validate(event)
    except ValidationError as fault:
        error = fault.errors(include_url=False, include_input=False, include_context=False)[0]
        return Refused(str(error["loc"][0]), _REASONS.get(error["type"], "not valid"), index)
    table = table_of(found.type)
    if table is None:
        return Refused("type", "names no table that may come live", index)
    if table not in source.sends:
        return Refused("type", "not what this source may send", index)
    row = dict(found.data)
    if table == "customers" and found.time and row.get("changed_at") is None:
        row["changed_at"] = found.time.astimezone(UTC).isoformat()
    arrival = Arrival(
        system=source.system,
        about=source.about,
        message=f"{found.source}\n{found.id}",
        table=table,
        row=row,
        payload=event,
        received_at=now,
        keys=source.keys,
    )
    try:
        arrival.record()
    except Unreadable as fault:
        return Refused(f"data.{fault.column}", fault.reason, index)
    return arrival


_REASONS = {
    "missing": "missing",
    "string_type": "not text",
    "dict_type": "not an object",
    "literal_error": "another version",
    "string_too_long": "too long",
    "string_too_short": "empty",
    "too_long": "too long",
    "too_short": "empty",
    "string_pattern_mismatch": "not JSON",
    "datetime_parsing": "not a time",
    "datetime_from_date_parsing": "not a time",
    "datetime_type": "not a time",
    "timezone_aware": "not a time",
}
