"""The web application: GraphQL, health and the GraphiQL page, under headers that every response has."""

import asyncio
import logging
import secrets
import time

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth.disclosure import Recorder
from schema.errors import CustomerGraphError, RequestInvalid, ServerStopping
from server.answers import CODES, refusal
from server.assembly import Assembly
from server.compaction import Due
from server.door import Door
from server.exports import Exports, UnderWay
from server.graphiql import routes as graphiql_routes
from server.graphql import GraphQL
from server.health import Health
from server.http import Media, media_of
from server.intake import Intake
from server.live import Live
from server.live_hub import Hub
from server.live_socket import Sockets
from server.logs import Ids, of_request
from server.origins import Origins
from server.stopping import Stopping
from server.telemetry import Telemetry
from server.wire import OBSERVER, REQUEST_ID

log = logging.getLogger(__name__)

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(), camera=(), microphone=()"),
)
LAST = (b"connection", b"close")
HEALTH = "/health/"
STRICTLY_HTTPS = (b"strict-transport-security", b"max-age=63072000")
POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")


def application(
    assembly: Assembly,
    door: Door,
    trail: Recorder,
    live: Live | None = None,
    *,
    stopping: Stopping | None = None,
    telemetry: Telemetry | None = None,
    intake: Intake | None = None,
    due: Due | None = None,
) -> ASGIApp:
    """The whole application over one assembly and one door to the database."""
    stopping = stopping or Stopping()
    graphql = GraphQL(assembly, door, trail, live or Live(Hub(door)))
    under_way = UnderWay(assembly.exports.at_once)
    exports = Exports(assembly, door, trail, graphql.authorization, assembly.exports.seconds, under_way)
    return Guard(
        Starlette(
            routes=[
                Route("/graphql", Origins(graphql, assembly.origins)),
                WebSocketRoute("/graphql", Sockets(graphql.operations, graphql.live.origins)),
                *exports.routes(),
                *Health(door, stopping, due or Due()).routes(),
                *graphiql_routes(assembly.policies, login=assembly.login is not None),
                *(assembly.login.routes() if assembly.login is not None else ()),
                *(intake.routes() if intake is not None else ()),
            ],
            exception_handlers={404: not_found, 405: not_found, Exception: failed},
        ),
        stopping,
        telemetry,
    )


async def not_found(request: Request, problem: Exception) -> Response:
    """What is nowhere, or nowhere for this method, told in the form of all our refusals."""
    status = getattr(problem, "status_code", 404)
    response = refusal(RequestInvalid("There is nothing here. The API is at /graphql."), Media.JSON)
    response.status_code = status
    return response


async def failed(request: Request, problem: Exception) -> Response:
    """What nobody expected, told without a word about what it was; Guard logs its class."""
    return refusal(CustomerGraphError(), media_of(request.headers.get("accept")))


class Guard:
    """Around everything: a request id, the headers of every response, and one answer to what nobody expected."""

    def __init__(self, app: ASGIApp, stopping: Stopping, telemetry: Telemetry | None = None) -> None:
        self.app = app
        self.stopping = stopping
        self.telemetry = telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on. What goes wrong is logged by its class alone: texts could hold personal data."""
        request_id = scope[REQUEST_ID] = secrets.token_hex(8)
        if scope["type"] != "http":
            with of_request(Ids(request_id)):
                await self._connect(request_id, scope, receive, send)
            return
        if self.telemetry is None:
            with of_request(Ids(request_id)):
                await self._answer(request_id, scope, receive, send)
            return
        traced = not scope["path"].startswith(HEALTH)
        watched = scope[OBSERVER] = self.telemetry.request(scope["method"], scope["headers"], traced=traced)
        status = 0
        try:
            with of_request(Ids(request_id, watched.trace_id, watched.span_id)):
                status = await self._answer(request_id, scope, receive, send)
        finally:
            watched.ended(getattr(scope.get("route"), "path", ""), status, scope.get(CODES, ()))

    async def _connect(self, request_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a connection on that is no request."""
        try:
            await self.app(scope, receive, send)
        except Exception as problem:  # a server would write its text into a log
            log.error("Connection %s failed: %s", request_id, type(problem).__name__)

    async def _answer(self, request_id: str, scope: Scope, receive: Receive, send: Send) -> int:
        """The status that the answer had, 0 for none."""
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message.setdefault("headers", [])
                headers += (*HEADERS, (b"x-request-id", request_id.encode()))
                if scope.get("scheme") == "https":
                    headers.append(STRICTLY_HTTPS)
                if not any(name == POLICY[0] for name, _ in headers):
                    headers.append(POLICY)
                if self.stopping.now:
                    headers.append(LAST)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except asyncio.CancelledError:
            if not self.stopping.now or status:
                raise
            media = media_of(dict(scope["headers"]).get(b"accept", b"").decode("latin-1"))
            await refusal(ServerStopping(), media)(scope, receive, send_with_headers)
        except Exception as problem:  # a server would write its text into a log
            log.error("Request %s failed: %s", request_id, type(problem).__name__)
        log.debug("%s %s %d %.1f ms", request_id, scope["method"], status, 1000 * (time.perf_counter() - started))
        return status
