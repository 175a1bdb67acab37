"""The wire: uvicorn's HTTP protocol with a bound for what comes before a body, and its WebSockets without a log.

httptools takes headers, an address and trailers of any length and keeps them; nobody has said yet who asks.
"""

import logging
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from schema.errors import HeadersTooLarge

MOST_HEAD = 32 * 1024
REQUEST_ID = "customer_graph.request_id"
OBSERVER = "customer_graph.observer"
ABORT = "customer_graph.abort"
"""Under this name a request's scope holds what ends its connection at once, whatever the client has not taken."""


QUIET = logging.getLogger("customer_graph.wire")
QUIET.setLevel(logging.CRITICAL + 1)


class QuietSocket(WebSocketsSansIOProtocol):
    """Writes no line about connections: those of the base class hold query strings and tracebacks."""

    def __init__(self, *of: Any, **named: Any) -> None:
        super().__init__(*of, **named)
        self.logger = QUIET
        self.conn.logger = QUIET

    async def run_asgi(self) -> None:
        """Run the application."""
        self.scope[ABORT] = self.transport.abort  # type: ignore[literal-required]  # an entry of our own
        await super().run_asgi()


class BoundedProtocol(HttpToolsProtocol):
    """Refuses a request line with headers of more than MOST_HEAD bytes with 431, and closes the connection."""

    def __init__(self, *of: Any, **named: Any) -> None:
        super().__init__(*of, **named)
        self._head = 0
        self._silent = 0  # bytes that arrived since anything was complete
        self._refused = False

    def data_received(self, data: bytes) -> None:
        """Take bytes from the client; of an address, a header or a trailer without end never more than the bound."""
        if self._refused:
            return
        self._silent += len(data)
        super().data_received(data)
        if self._silent > MOST_HEAD and not self._refused:
            self._refused = True
            self.send_400_response("")

    def on_message_begin(self) -> None:
        """A new request."""
        self._head = self._silent = 0
        super().on_message_begin()
        self.scope[ABORT] = self.transport.abort  # type: ignore[literal-required]  # an entry of our own

    def on_url(self, url: bytes) -> None:
        """A piece of the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header or trailer."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        """A piece of the body; how much of it is kept is bounded where it is read."""
        self._silent = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The end of a request."""
        self._silent = 0
        super().on_message_complete()

    def _count(self, size: int) -> None:
        self._silent = 0
        self._head += size
        if self._head > MOST_HEAD:
            self._refused = True
            raise ValueError

    def send_400_response(self, msg: str) -> None:
        """The answer to what cannot be read as HTTP, and to what is too long."""
        if not self._refused:
            super().send_400_response(msg)
            return
        if self.transport.is_closing():
            return
        refusal = HeadersTooLarge()
        body = orjson.dumps({"errors": [{"message": str(refusal), "extensions": refusal.extensions}]})
        head = (
            f"HTTP/1.1 {refusal.status} Request Header Fields Too Large\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()
