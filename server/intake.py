"""Intake: what live sources send over HTTP, answered once it is durable in the inbox.

Segment's paths, long and short, for the libraries of web shops, apps and servers; /v1/events for CloudEvents. Who sends
is known before anything of the body is read. An answer, and the log, name fields and reasons, never values.
"""

import base64
import binascii
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ingest.live import cloudevents, segment
from ingest.live.arrival import Arrival, Refused
from ingest.live.inbox import Inbox
from ingest.live.sources import CALLS, LiveSource, LiveSources
from schema.errors import (
    BodyTooLarge,
    ContentTypeRefused,
    CrossOriginRefused,
    CustomerGraphError,
    EventRefused,
    InboxUnavailable,
    MethodRefused,
    RequestInvalid,
    WriteKeyRefused,
)
from server.answers import Told
from server.http import body_of, parsed
from server.pace import Pace

PREFIX = "/v1/"
EVENTS = "events"
BATCHES = ("batch", "b")
SECONDS_TO_WAIT = {429: "5", 503: "2"}
MOST_TOLD = 100
PREFLIGHT = {
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": "authorization, content-type, x-retry-count",
    "access-control-max-age": "7200",
}
KINDS = ("application/json", "text/plain")
"""Media types of Segment's libraries: that for browsers says text/plain."""

Outcome = Arrival | Refused


@dataclass(frozen=True, slots=True)
class Intake:
    """An ASGI application that takes events on the paths below /v1/."""

    sources: LiveSources
    inbox: Inbox
    pace: Pace

    def routes(self) -> list[Route]:
        """Where events are taken."""
        return [Route(f"{PREFIX}{call}", self) for call in (*CALLS, *segment.CALL_OF, *BATCHES, EVENTS)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        response = self.preflight(request) if request.method == "OPTIONS" else await self.respond(request)
        response.headers.add_vary_header("Origin")
        await response(scope, receive, send)

    def preflight(self, request: Request) -> Response:
        """Whether the page of an origin may send at all; whose pages may is seen once the key is known."""
        origin = request.headers.get("origin", "")
        if origin not in self.sources.origins:
            return refusal(CrossOriginRefused(STRANGER))
        return Response(status_code=204, headers={**PREFLIGHT, "access-control-allow-origin": origin})

    async def respond(self, request: Request) -> Response:
        """The answer to one request; refusals are answers too."""
        allowed: dict[str, str] = {}
        try:
            if request.method != "POST":
                raise MethodRefused
            source = self.source_of(request)
            if (origin := request.headers.get("origin")) is not None:
                if origin not in source.origins:
                    raise CrossOriginRefused(STRANGER)
                allowed = {"access-control-allow-origin": origin, "access-control-expose-headers": "retry-after"}
            response = await self.take(request, source)
        except WriteKeyRefused as error:
            response = refusal(error)
            if self.pace.enough_of(request.scope.get("client")):
                response.headers["connection"] = "close"
        except CustomerGraphError as error:
            response = refusal(error)
        response.headers.update(allowed)
        return response

    def source_of(self, request: Request) -> LiveSource:
        """Whose write key the request brings, as the user name of basic authentication (RFC 7617)."""
        kind, _, sent = request.headers.get("authorization", "").partition(" ")
        try:
            decoded = base64.b64decode(sent.strip(), validate=True).decode() if kind.lower() == "basic" else ""
        except (binascii.Error, UnicodeDecodeError):
            decoded = ""
        key = decoded.partition(":")[0]
        source = self.sources.of_key(key) if key else None
        if source is None:
            raise WriteKeyRefused
        return source

    async def take(self, request: Request, source: LiveSource) -> Response:
        """Take what can be read of a request, and say what cannot."""
        path = request.url.path.removeprefix(PREFIX)
        now = datetime.now(UTC)
        read = cloud_events if path == EVENTS else segment_calls
        try:
            outcomes = await read(request, source, path, now)
        except BodyTooLarge:
            outcomes = [Refused("", f"larger than {segment.MOST_BYTES_IN_A_BATCH // 1024} KB")]
        arrivals = [one for one in outcomes if isinstance(one, Arrival)]
        refused = [one for one in outcomes if isinstance(one, Refused)]
        if arrivals:
            await self.inbox.take(arrivals)
        if refused:
            await self.remember(source, refused)
        if refused and not arrivals:
            return refusal(EventRefused(), refused)
        told = {"rejected": [one.told() for one in refused[:MOST_TOLD]]} if refused else {}
        return encoded({"success": True, **told}, 200)

    async def remember(self, source: LiveSource, refused: list[Refused]) -> None:
        """Put on record why events were refused; the answer tells it whatever comes of that."""
        try:
            await self.inbox.reject(source.system, refused)
        except InboxUnavailable:
            return


STRANGER = "Name the page's origin among the origins of the live source."


async def segment_calls(request: Request, source: LiveSource, path: str, now: datetime) -> list[Outcome]:
    """What a request of one of Segment's libraries holds."""
    if request.headers.get("content-type", KINDS[0]).partition(";")[0].strip().lower() not in KINDS:
        raise ContentTypeRefused
    gpc = request.headers.get("sec-gpc") == "1"
    if path not in BATCHES:
        call = segment.CALL_OF.get(path, path)
        message = json_of(await unpacked(request, 2 * segment.MOST_BYTES))
        return [segment.arrival_of(message, source, now, call=call, opted_out=gpc)]
    batch = json_of(await unpacked(request, segment.MOST_BYTES_IN_A_BATCH))
    if not isinstance(batch, dict):
        raise RequestInvalid("Send a JSON object with a list of calls as 'batch'.")
    sent_at, context = batch.get("sentAt"), batch.get("context")

    def arrival_of(message: object, index: int) -> Outcome:
        if isinstance(context, dict) and isinstance(message, dict):
            message = {"context": context, **message}
        return segment.arrival_of(message, source, now, sent_at=sent_at, opted_out=gpc, index=index)

    return each(batch.get("batch"), segment.MOST_IN_A_BATCH, arrival_of)


async def cloud_events(request: Request, source: LiveSource, path: str, now: datetime) -> list[Outcome]:
    """What a request with CloudEvents holds, in any of the three modes of HTTP."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == cloudevents.BATCHED:
        events = json_of(await unpacked(request, cloudevents.MOST_BYTES_IN_A_BATCH))
        return each(
            events, cloudevents.MOST_IN_A_BATCH, lambda one, index: cloudevents.arrival_of(one, source, now, index)
        )
    body = await unpacked(request, 2 * cloudevents.MOST_BYTES)
    if kind == cloudevents.STRUCTURED:
        return [cloudevents.arrival_of(json_of(body), source, now)]
    if "ce-specversion" not in request.headers:
        raise ContentTypeRefused("Send CloudEvents: structured, batched, or with the ce- headers of binary mode.")
    found = cloudevents.binary(request.headers, body)
    return [found if isinstance(found, Refused) else cloudevents.arrival_of(found, source, now)]


def each(batch: Any, most: int, arrival_of: Callable[[object, int], Outcome]) -> list[Outcome]:
    """The outcome of each event of a batch."""
    if not isinstance(batch, list):
        return [Refused("batch", "not a list")]
    if len(batch) > most:
        return [Refused("batch", f"more than {most} events")]
    return [arrival_of(one, index) for index, one in enumerate(batch)]


def json_of(body: bytes) -> Any:
    """The JSON that a body holds. Raises RequestInvalid."""
    try:
        return parsed(body)
    except RequestInvalid:
        raise RequestInvalid("The body is not JSON.") from None


async def unpacked(request: Request, most: int) -> bytes:
    """The body, unpacked where it is said to be gzip; never more than `most` bytes of either are kept."""
    body = await body_of(request, most)
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding == "identity":
        return body
    if encoding != "gzip":
        raise ContentTypeRefused("Send the body as it is, or packed with gzip.")
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        found = unpacking.decompress(body, most + 1)
    except zlib.error:
        raise RequestInvalid("The body is not what gzip makes.") from None
    if len(found) > most:
        raise BodyTooLarge
    if not unpacking.eof:
        raise RequestInvalid("The body is not what gzip makes.")
    return found


def refusal(error: CustomerGraphError, refused: list[Refused] | None = None) -> Response:
    """A refusal, in the form that Segment's libraries read: a code and a message."""
    body: dict[str, Any] = {"success": False, "code": error.code, "message": str(error)}
    if refused:
        body["errors"] = [one.told() for one in refused[:MOST_TOLD]]
    response = encoded(body, error.status)
    response.codes = (error.code,)
    return response


def encoded(body: Mapping[str, Any], status: int) -> Told:
    """An answer in JSON."""
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    if seconds := SECONDS_TO_WAIT.get(status):
        headers["retry-after"] = seconds
    return Told(orjson.dumps(body), status, headers)
