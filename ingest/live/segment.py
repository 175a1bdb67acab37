"""Segment's calls as rows of canonical tables: what its libraries for browsers, apps and servers send, unchanged.

https://www.twilio.com/docs/segment/connections/spec/ and .../connections/sources/catalog/libraries/server/http-api/
"""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import orjson
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from ingest.fields import Unreadable
from ingest.live.arrival import Arrival, Refused, record_of
from ingest.live.sources import LiveSource
from ingest.tables import System
from schema.enums import IdentityKind

MOST_BYTES = 32 * 1024
MOST_BYTES_IN_A_BATCH = 500 * 1024
MOST_IN_A_BATCH = 2_500
CALL_OF = {"i": "identify", "t": "track", "p": "page", "s": "screen", "g": "group", "a": "alias"}
"""The short paths of the browser's library."""


def _text(value: object) -> object:
    # Libraries hand over numbers as ids, and their backends take them.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _moment(value: object) -> object:
    # A number would be read as seconds or milliseconds since 1970, by its size: a guess.
    if not isinstance(value, str):
        raise ValueError("not a time")  # noqa: TRY004  pydantic collects these
    return value if value[-1:] in "Zz" or value[10:].count("+") or value[10:].count("-") else f"{value}Z"


Id = Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=255)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]


class Call(BaseModel):
    """One call. What the specification does not know is kept with the event and looked at by nobody."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, alias_generator=to_camel)

    type: Literal["identify", "track", "page", "screen", "group", "alias"]
    message_id: Annotated[Id, Field(max_length=100)] | None = None
    user_id: Id | None = None
    anonymous_id: Id | None = None
    previous_id: Id | None = None
    group_id: Id | None = None
    timestamp: Moment | None = None
    sent_at: Moment | None = None
    event: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    name: Annotated[str, Field(max_length=500)] | None = None
    context: dict[str, Any] | None = None
    traits: dict[str, Any] | None = None
    properties: dict[str, Any] | None = None


def arrival_of(
    message: object,
    source: LiveSource,
    now: datetime,
    *,
    call: str | None = None,
    sent_at: object = None,
    opted_out: bool = False,
    index: int | None = None,
) -> Arrival | Refused:
    """What one message amounts to, or why it was refused.

    `call` is what its path says it is; `sent_at` is that of its batch; `index` its place there.
    """
    if not isinstance(message, dict):
        return Refused("", "not an object", index)
    kept = {name: value for name, value in message.items() if name != "writeKey"}
    said = kept | ({"type": call} if call else {})
    if sent_at is not None:
        said.setdefault("sentAt", sent_at)
    if len(orjson.dumps(kept)) > MOST_BYTES:
        return Refused("", f"larger than {MOST_BYTES // 1024} KB", index)
    try:
        found = Call.model_validate(said)
    except ValidationError as fault:
        error = fault.errors(include_url=False, include_input=False, include_context=False)[0]
        return Refused(str(error["loc"][0]) if error["loc"] else "", _REASONS.get(error["type"], "not valid"), index)
    lacking = _lacking(found)
    if lacking:
        return Refused(lacking, "missing", index)
    if found.type not in source.sends:
        return Refused("type", "not what this source may send", index)
    key = found.message_id or f"api-{uuid.uuid4()}"
    kept = {**kept, "type": found.type, "messageId": key}
    arrival = Arrival(
        system=source.system,
        about=source.about,
        message=key,
        table="events",
        row=_row(found, key, now),
        payload=kept,
        received_at=now,
        profile=_profile(found, source, now) if found.type == "identify" and found.user_id else None,
        keys=IdentityKind.USER_ID,
        opted_out=opted_out,
    )
    try:
        arrival.record()
    except Unreadable as fault:
        return Refused(_FIELDS.get(fault.column, fault.column), fault.reason, index)
    return arrival


_REASONS = {
    "missing": "missing",
    "string_type": "not text",
    "dict_type": "not an object",
    "literal_error": "unknown call",
    "string_too_long": "too long",
    "string_too_short": "empty",
    "too_long": "too long",
    "too_short": "empty",
    "value_error": "not a time",
    "datetime_from_date_parsing": "not a time",
    "datetime_parsing": "not a time",
    "timezone_aware": "not a time",
}
_FIELDS = {"id": "messageId", "happened_at": "timestamp", "device": "anonymousId", "user_id": "userId"}


def _lacking(call: Call) -> str | None:
    """The first field that a call must have and lacks."""
    if call.user_id is None and call.anonymous_id is None:
        return "userId"
    wanted = {"track": "event", "alias": "previous_id", "group": "group_id"}.get(call.type)
    return to_camel(wanted) if wanted and getattr(call, wanted) is None else None


def _row(call: Call, key: str, now: datetime) -> dict[str, Any]:
    """The row of `events`, as the SQL of an export of the same messages gives it."""
    context = call.context or {}
    library = context.get("library")
    library_name = library.get("name") if isinstance(library, dict) else None
    locale = context.get("locale")
    return {
        "id": key,
        "kind": call.type,
        "happened_at": happened_at(call, now).isoformat(),
        "device": call.anonymous_id,
        "user_id": call.user_id,
        "previous_id": call.previous_id,
        "name": call.event if call.type == "track" else call.name,
        "app": call.type == "screen" or any(word in str(library_name or "") for word in ("ios", "android")),
        "locale": locale if isinstance(locale, str) else None,
        "traits": call.traits or {},
        "properties": call.properties or {},
    }


def happened_at(call: Call, now: datetime) -> datetime:
    """When it happened, by our clock: what the device's clock is off by is seen from when it says that it sent it.

    Never later than now.
    """
    if call.timestamp is None:
        return now
    off = now - call.sent_at if call.sent_at else now - now
    try:
        return min((call.timestamp + off).astimezone(UTC), now)
    except OverflowError:
        return now


_TRAITS: Mapping[str, str] = {
    "firstName": "given_name",
    "lastName": "family_name",
    "email": "email",
    "phone": "phone",
    "customer_number": "other_numbers",
}
_ADDRESS: Mapping[str, str] = {
    "street": "street",
    "city": "city",
    "postalCode": "postal_code",
    "state": "state",
    "country": "country",
}


def _profile(call: Call, source: LiveSource, now: datetime) -> dict[str, Any]:
    """The row of `customers` that the traits of an identify amount to; a trait of null takes a value back.

    People's forms hold anything: a trait that cannot be read counts as not said, and is kept with the event alone.
    """
    traits = call.traits or {}
    address = traits.get("address")
    named: dict[str, Any] = {column: traits[trait] for trait, column in _TRAITS.items() if trait in traits}
    if isinstance(address, dict):
        named |= {column: address[trait] for trait, column in _ADDRESS.items() if trait in address}
    if "name" in traits and not named.keys() & {"given_name", "family_name"}:
        named["name"] = traits["name"]
    for trait, column in (("birthday", "birth_date"), ("createdAt", "since")):
        if trait in traits:
            named[column] = traits[trait]
    row: dict[str, Any] = {
        "id": call.user_id,
        "country": source.country,
        "changed_at": happened_at(call, now).isoformat(),
    }
    for column, value in named.items():
        if value is None or _is_readable(column, value, source):
            row[column] = value if value is not None or column != "country" else source.country
    return row


def _is_readable(column: str, value: object, source: LiveSource) -> bool:
    try:
        record_of("customers", {"id": "1", "country": source.country, column: value}, System(source.system))
    except Unreadable:
        return False
    return True
