"""The body of an export as a response: sent as fast as the client takes it, and ended so that half never looks whole.

What goes wrong after the first piece cannot be told in a status any more. The connection is then broken off, so that
the client knows, and goes on from the last token that it has.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from schema.errors import CustomerGraphError
from server.answers import CODES
from server.wire import ABORT

log = logging.getLogger(__name__)

SECONDS_TO_TAKE = 60.0
"""A client that takes nothing for so long is left."""
SECONDS_TO_NOTICE = 1.0


class ExportStream(Response):
    """An export of which the first piece is there already."""

    def __init__(
        self, first: bytes, pieces: AsyncGenerator[bytes, None], media: str, headers: Mapping[str, str]
    ) -> None:
        super().__init__(headers={"content-type": media, "cache-control": "no-store, no-transform", **headers})
        del self.headers["content-length"]
        self._first = first
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the export, the client or the server ends it."""
        sending = asyncio.create_task(self._send(scope, send))
        leaving = asyncio.create_task(_until_gone(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            whole = sending.done() and not sending.cancelled() and sending.exception() is None and sending.result()
            sending.cancel()
            try:
                with suppress(asyncio.CancelledError, TimeoutError, OSError):
                    await sending
                await self._pieces.aclose()
            finally:
                if not whole and (abort := scope.get(ABORT)) is not None:
                    abort()
                    # The web server takes an answer without an end for a fault, unless it has noticed who is gone.
                    await asyncio.wait({leaving}, timeout=SECONDS_TO_NOTICE)
                leaving.cancel()

    async def _send(self, scope: Scope, send: Send) -> bool:
        """Whether all of it was sent."""
        async with aclosing(self._pieces) as pieces:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await _taken(send, self._first, more=True)
            try:
                async for piece in pieces:
                    await _taken(send, piece, more=True)
            except CustomerGraphError as refusal:
                log.warning("An export broke off: %s %s", refusal.code, refusal)  # it holds no value
                scope[CODES] = (refusal.code,)
                return False
            await _taken(send, b"", more=False)
            return True


async def _taken(send: Send, piece: bytes, *, more: bool) -> None:
    async with asyncio.timeout(SECONDS_TO_TAKE):
        await send({"type": "http.response.body", "body": piece, "more_body": more})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
