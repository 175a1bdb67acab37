"""Which pages may ask through someone's browser: the server's own, and those of the origins that the settings list.

Nothing is answered to a browser that says it asks for a page of another site, whatever the request carries. Browsers
say so in Sec-Fetch-Site (W3C Fetch Metadata), which no page can forge; programs that are no browser do not send it.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.errors import CrossOriginRefused
from server.answers import refusal
from server.http import media_of

ELSEWHERE = ("cross-site", "same-site")
ASKED_WITH = (
    "authorization",
    "content-type",
    "traceparent",
    "tracestate",
    "x-cost",
    "x-purpose",
    "x-role",
    "x-unknown-fields",
)
READ_BY_PAGES = ("retry-after", "x-request-id")
SECONDS_TO_REMEMBER = 7_200


class Origins:
    """Around the API: CORS for the listed origins, without credentials; a refusal for every other page.

    No cookie speaks for anyone here, so no page needs `Access-Control-Allow-Credentials`.
    """

    def __init__(self, app: ASGIApp, listed: tuple[str, ...]) -> None:
        self._listed = frozenset(listed)
        self._app = app
        self._shared = CORSMiddleware(
            app,
            allow_origins=listed,
            allow_methods=("GET", "POST"),
            allow_headers=ASKED_WITH,
            expose_headers=READ_BY_PAGES,
            max_age=SECONDS_TO_REMEMBER,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        headers = Headers(scope=scope)
        if self._of_a_stranger(scope["method"], headers):
            response = refusal(CrossOriginRefused(), media_of(headers.get("accept")))
            await response(scope, receive, self._varied(send) if self._listed else send)
        elif self._listed:
            await self._shared(scope, receive, self._varied(send))
        else:
            await self._app(scope, receive, send)

    def _of_a_stranger(self, method: str, headers: Headers) -> bool:
        """Whether a page of another site asks. A link that someone follows, and a preflight, ask nothing yet."""
        if headers.get("sec-fetch-site") not in ELSEWHERE or headers.get("origin") in self._listed:
            return False
        return method == "POST" or (method == "GET" and headers.get("sec-fetch-mode") != "navigate")

    @staticmethod
    def _varied(send: Send) -> Send:
        """Every answer says that it depends on the origin, also one to a request that named none."""

        async def varied(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "origin" not in headers.get("vary", "").lower():
                    headers.add_vary_header("Origin")
            await send(message)

        return varied
