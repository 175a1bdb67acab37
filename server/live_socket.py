"""Operations over WebSocket, by the protocol graphql-transport-ws (github.com/enisdenjo/graphql-ws, PROTOCOL.md).

Ours rather than Strawberry's handler, which parses and executes by itself, past documents, budgets, pace and the
compiled read. Whoever connects says at once who asks: in the header, or in `connection_init` under the names of the
headers (`Authorization`, `X-Role`, `X-Purpose`), since browsers let a page set no header here.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson
from graphql import ExecutionResult
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from auth.token import Viewer
from schema.errors import CustomerGraphError, KeysUnavailable, RequestInvalid, TokenRefused
from server.answers import body_of_result, refusal_body
from server.http import parsed, question_in
from server.live import at_expiry
from server.live_operations import Headers, Operations
from server.pace import Bucket
from server.wire import ABORT, REQUEST_ID

log = logging.getLogger(__name__)

PROTOCOL = "graphql-transport-ws"
SECONDS_TO_INITIALISE = 10.0
SECONDS_TO_TAKE = 20.0
SECONDS_BETWEEN_PINGS = 25.0
MESSAGES_A_MINUTE = 600
LONGEST_ID = 200

BAD_REQUEST, UNAUTHORIZED, FORBIDDEN = 4400, 4401, 4403
SUBPROTOCOL, INIT_TIMEOUT, ID_TAKEN, INIT_AGAIN, INTERNAL = 4406, 4408, 4409, 4429, 4500
GOING_AWAY, POLICY_VIOLATION, TRY_AGAIN_LATER = 1001, 1008, 1013


@dataclass(frozen=True, slots=True)
class Sockets:
    """An ASGI application for WebSockets on one path. `origins` are those of other sites that may open one."""

    operations: Operations
    origins: tuple[str, ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, from its handshake to its end."""
        socket = WebSocket(scope, receive, send)
        if not self._is_welcome(socket.headers.get("origin"), socket.headers.get("host")):
            await socket.close()  # before it is accepted: the answer is 403
            return
        if PROTOCOL not in scope.get("subprotocols", ()):
            await socket.accept()
            await socket.close(SUBPROTOCOL, "Subprotocol not acceptable")
            return
        await socket.accept(PROTOCOL)
        await Conversation(self.operations, socket).hold()

    def _is_welcome(self, origin: str | None, host: str | None) -> bool:
        """Pages of this site, of the named sites, and whatever is no page."""
        return origin is None or origin in self.origins or urlsplit(origin).netloc.lower() == (host or "").lower()


class Closing(Exception):
    """The connection ends with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


@dataclass(slots=True)
class Conversation:
    """One connection. Each operation is a task; all end with the connection."""

    operations: Operations
    socket: WebSocket
    _viewer: Viewer | None = None
    _headers: Headers = field(default_factory=Headers)
    _tasks: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _timer: asyncio.TimerHandle | None = None
    _expired: asyncio.Event = field(default_factory=asyncio.Event)
    _messages: Bucket = field(default_factory=lambda: Bucket(MESSAGES_A_MINUTE))

    async def hold(self) -> None:
        """Until one side ends it."""
        closing = Closing(INTERNAL, "Internal server error")
        helpers: list[asyncio.Task[None]] = []
        try:
            async with asyncio.timeout(SECONDS_TO_INITIALISE) as patience:
                await self._initialise(await self._message())
                patience.reschedule(None)
            ending = asyncio.create_task(self._until_ended())
            hearing = asyncio.create_task(self._hear())
            helpers = [ending, hearing, asyncio.create_task(self._keep_alive())]
            done, _ = await asyncio.wait(helpers, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
        except TimeoutError:
            closing = Closing(INIT_TIMEOUT, "Connection initialisation timeout")
            if self._viewer is not None:  # a message was not taken in time
                self._abort()
                return
        except Closing as asked:
            closing = asked
        except (WebSocketDisconnect, OSError):
            return
        except Exception as problem:  # whatever it is, the client is told no more than the code
            log.error("A WebSocket failed: %s", type(problem).__name__)
        finally:
            if self._timer is not None:
                self._timer.cancel()
            await _ended(*helpers, *self._tasks.values())
        await self._close(closing)

    # What the client says

    async def _message(self) -> Mapping[str, Any]:
        """The next message. Raises Closing for what is none."""
        received = await self.socket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code") or 1005)
        if self._messages.take(1):
            raise Closing(POLICY_VIOLATION, "Too many messages")
        said = received.get("text")
        try:
            message = parsed(said) if said is not None else None
        except RequestInvalid:
            message = None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise Closing(BAD_REQUEST, "Invalid message received")
        return message

    async def _initialise(self, message: Mapping[str, Any]) -> None:
        while message["type"] in ("ping", "pong"):
            if message["type"] == "ping":
                await self._say({"type": "pong"})
            message = await self._message()
        if message["type"] == "subscribe":
            raise Closing(UNAUTHORIZED, "Unauthorized")
        payload = message.get("payload")
        if message["type"] != "connection_init" or not isinstance(payload, dict | None):
            raise Closing(BAD_REQUEST, "Invalid message received")
        self._headers = Headers.of(self.socket.headers, payload or {})
        try:
            self._viewer = await self.operations.admit(self._headers)
        except TokenRefused:
            raise Closing(UNAUTHORIZED, "Unauthorized") from None
        except KeysUnavailable:  # not for ever, as clients take 4401 to be: this one they try again
            raise Closing(TRY_AGAIN_LATER, "Try again later") from None
        except CustomerGraphError:
            raise Closing(FORBIDDEN, "Forbidden") from None
        self._timer = at_expiry(self._viewer, self._expired.set)
        await self._say({"type": "connection_ack"})

    async def _hear(self) -> None:
        while True:
            message = await self._message()
            match message["type"]:
                case "ping":
                    await self._say({"type": "pong"})
                case "pong":
                    continue
                case "connection_init":
                    raise Closing(INIT_AGAIN, "Too many initialisation requests")
                case "subscribe":
                    self._subscribe(self._id(message), message.get("payload"))
                case "complete":
                    if (task := self._tasks.pop(self._id(message), None)) is not None:
                        task.cancel()
                case _:
                    raise Closing(BAD_REQUEST, "Invalid message received")

    def _id(self, message: Mapping[str, Any]) -> str:
        id_ = message.get("id")
        if not isinstance(id_, str) or not 0 < len(id_) <= LONGEST_ID:
            raise Closing(BAD_REQUEST, "Invalid message received")
        return id_

    def _subscribe(self, id_: str, payload: object) -> None:
        if id_ in self._tasks:
            raise Closing(ID_TAKEN, f"Subscriber for {id_[:50]} already exists")
        if not isinstance(payload, dict) or not isinstance(payload.get("query"), str):
            raise Closing(BAD_REQUEST, "Invalid message received")
        task = asyncio.create_task(self._answer(id_, payload))
        self._tasks[id_] = task
        task.add_done_callback(lambda _: self._tasks.pop(id_, None) if self._tasks.get(id_) is task else None)

    # What it is told

    async def _answer(self, id_: str, payload: Mapping[str, Any]) -> None:
        """Every result of one operation, then `complete`; or `error` where nothing was executed."""
        try:
            assert self._viewer is not None
            question = question_in(payload)
            request_id = str(self.socket.scope.get(REQUEST_ID, ""))
            results = self.operations.results(self._viewer, self._headers, question, request_id)
            if await self._tell(id_, results):
                self._tasks.pop(id_, None)
                await self._say({"id": id_, "type": "complete"})
        except CustomerGraphError as refusal:
            await self._refuse(id_, refusal_body(refusal))
        except (TimeoutError, OSError, WebSocketDisconnect):
            self._abort()
        except asyncio.CancelledError:
            raise
        except Exception as problem:  # whatever it is, the client is told no more than its code
            log.error("An operation failed: %s", type(problem).__name__)
            with suppress(Exception):  # the connection may be what failed
                await self._refuse(id_, refusal_body(CustomerGraphError()))

    async def _tell(self, id_: str, results: AsyncGenerator[ExecutionResult, None]) -> bool:
        """Send each result; False where the operation ended with an error message, after which nothing follows."""
        told = False
        async with aclosing(results) as stream:
            async for result in stream:
                body = body_of_result(result)
                if "data" not in body and not told:
                    await self._refuse(id_, body)
                    return False
                told = True
                await self._say({"id": id_, "type": "next", "payload": body})
        return True

    async def _refuse(self, id_: str, body: Mapping[str, Any]) -> None:
        self._tasks.pop(id_, None)
        await self._say({"id": id_, "type": "error", "payload": body["errors"]})

    async def _say(self, message: Mapping[str, Any]) -> None:
        async with asyncio.timeout(SECONDS_TO_TAKE):
            await self.socket.send_text(orjson.dumps(message).decode())

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_PINGS)
            await self._say({"type": "ping"})

    # How it ends

    async def _until_ended(self) -> None:
        """Until the token expires or the server stops."""
        stopping = asyncio.create_task(self.operations.stopping.wait())
        expiring = asyncio.create_task(self._expired.wait())
        try:
            await asyncio.wait({stopping, expiring}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _ended(stopping, expiring)
        if self._expired.is_set():
            raise Closing(UNAUTHORIZED, "Token expired")
        await asyncio.wait(self._tasks.values(), timeout=1.0) if self._tasks else None
        raise Closing(GOING_AWAY, "The server stops")

    async def _close(self, closing: Closing) -> None:
        if self.socket.application_state is WebSocketState.CONNECTED:
            try:
                async with asyncio.timeout(SECONDS_TO_TAKE):
                    await self.socket.close(closing.code, closing.reason)
            except (TimeoutError, RuntimeError, OSError, WebSocketDisconnect):
                self._abort()

    def _abort(self) -> None:
        """End the connection without waiting for what the client has not taken."""
        if (abort := self.socket.scope.get(ABORT)) is not None:
            abort()


async def _ended(*tasks: "asyncio.Task[Any]") -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError, Exception):
            await task
