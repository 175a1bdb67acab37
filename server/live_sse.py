"""Subscriptions over server-sent events: GraphQL over SSE, distinct connections mode.

One request, one operation: `next` events that hold a response each, then `complete`. Who may not ask at all is answered
as any request is; everything after that is an event. A comment every few seconds keeps proxies from ending the stream
and finds out that a client is gone.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

import orjson
from graphql import ExecutionResult
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from schema.errors import CustomerGraphError
from server.answers import body_of_result, refusal_body
from server.http import Media
from server.wire import ABORT

log = logging.getLogger(__name__)

Results = AsyncGenerator[ExecutionResult, None]
EVENTS = "text/event-stream"
SECONDS_BETWEEN_COMMENTS = 12.0
SECONDS_TO_TAKE = 20.0


def takes_events(accept: str | None) -> bool:
    """Whether the client can take a stream."""
    return EVENTS in _named(accept)


def wants_events(accept: str | None) -> bool:
    """Whether the client takes nothing else. Others name it beside JSON, and want it for subscriptions alone."""
    return takes_events(accept) and not _named(accept).intersection(Media)


def _named(accept: str | None) -> set[str]:
    return {part.partition(";")[0].strip().lower() for part in (accept or "").split(",")}


class EventStream(Response):
    """The events of one operation. A client that does not take them in time is disconnected."""

    def __init__(self, results: Results) -> None:
        super().__init__(
            headers={"content-type": EVENTS, "cache-control": "no-store, no-transform", "x-accel-buffering": "no"}
        )
        del self.headers["content-length"]
        self._results = results

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the operation, the client or the server ends it."""
        sending = asyncio.create_task(self._send(send))
        leaving = asyncio.create_task(_until_gone(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            whole = sending.done() and not sending.cancelled() and sending.exception() is None
            leaving.cancel()
            sending.cancel()
            with suppress(asyncio.CancelledError, TimeoutError, OSError):
                await sending
            if not whole and (abort := scope.get(ABORT)) is not None:
                abort()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async with aclosing(events_of(self._results)) as events:
            async for event in events:
                async with asyncio.timeout(SECONDS_TO_TAKE):
                    await send({"type": "http.response.body", "body": event, "more_body": True})
        async with asyncio.timeout(SECONDS_TO_TAKE):
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def events_of(results: Results) -> AsyncGenerator[bytes, None]:
    """The text of the stream."""
    yield b":\n\n"
    waiting: asyncio.Future[ExecutionResult] | None = None
    try:
        while True:
            waiting = waiting or asyncio.ensure_future(anext(results))
            done, _ = await asyncio.wait({waiting}, timeout=SECONDS_BETWEEN_COMMENTS)
            if not done:
                yield b":\n\n"
                continue
            result, waiting = waiting, None
            try:
                yield event("next", body_of_result(result.result()))
            except StopAsyncIteration:
                break
            except CustomerGraphError as refusal:
                yield event("next", refusal_body(refusal))
                break
            except Exception as problem:  # whatever it is, the client is told no more than its code
                log.error("A subscription failed: %s", type(problem).__name__)
                yield event("next", refusal_body(CustomerGraphError()))
                break
        yield event("complete", None)
    finally:
        if waiting is not None:
            waiting.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration, CustomerGraphError):
                await waiting
        await results.aclose()


def event(name: str, body: object) -> bytes:
    """One event. JSON holds no line ends, so one data line is enough."""
    data = b"" if body is None else orjson.dumps(body)
    return b"event: %b\ndata: %b\n\n" % (name.encode(), data)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
