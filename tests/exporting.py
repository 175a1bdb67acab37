"""A server on a port of its own, over the sample company, for clients that are no tests: its trail is in memory.

There is nothing here whose failure needs explaining, so pytest need not rewrite it and others may import it:
PYTEST_DONT_REWRITE.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth.issuer import LocalIssuer
from auth.policy import load_policies
from graph.session import Connection, Database
from server.app import application
from server.assembly import assemble
from server.door import Door
from server.settings import load
from server.wire import ABORT, BoundedProtocol
from tests.keeping import Kept
from tests.serving import until
from tests.test_cli import free_port

SECONDS = 60


@dataclass(slots=True)
class Breaking:
    """Around the application: the next exports break off after so many pieces of their bodies."""

    app: ASGIApp
    after: list[int] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        left = self.after.pop(0) if scope["type"] == "http" and "/export/" in scope["path"] and self.after else None

        async def until_it_breaks(message: Message) -> None:
            nonlocal left
            if left is not None and message["type"] == "http.response.body":
                if left == 0:
                    scope[ABORT]()
                    return
                left -= 1
            await send(message)

        await self.app(scope, receive, until_it_breaks)


@dataclass(frozen=True, slots=True)
class ExportServer:
    """A server that runs in a thread of its own."""

    address: str
    data: Path
    trail: Kept
    breaking: Breaking

    def token(self, role: str = "data_scientist", **claims: Any) -> str:
        """A token of someone in a role."""
        said = {**load_policies()[role].said.example_claims, **claims}
        return LocalIssuer(self.data).issue(role, claims=said)


@contextmanager
def export_server(folder: Path, connection: Connection, **settings: Any) -> Iterator[ExportServer]:
    """A server on a database that is there already."""
    free = {"viewer_requests": 0, "viewer_lookups": 0, "viewer_questions": 0}
    assembly = assemble(load(data=folder, **{**free, **settings}))
    trail, port = Kept(), free_port()
    door = Door()
    breaking = Breaking(application(assembly, door, trail))
    config = uvicorn.Config(breaking, port=port, http=BoundedProtocol, lifespan="off", log_config=None)
    web = uvicorn.Server(config)

    async def serve() -> None:
        async with Database(connection, statement_seconds=SECONDS, seconds_before_doubt=SECONDS) as database:
            door.open(database)
            await web.serve()

    thread = threading.Thread(target=_in_a_loop(serve), daemon=True)
    thread.start()
    until(lambda: web.started, "the server does not start")
    try:
        yield ExportServer(f"http://127.0.0.1:{port}", folder, trail, breaking)
    finally:
        web.should_exit = True
        thread.join(SECONDS)


def _in_a_loop(serve: Callable[[], Any]) -> Callable[[], None]:
    return lambda: asyncio.run(serve())
