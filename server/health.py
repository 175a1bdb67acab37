"""Health: whether the process lives, and whether a query would work."""

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.compaction import Due
from server.door import Door
from server.stopping import Stopping

NEVER_KEPT = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class Health:
    """The two questions that an operator's tools ask; neither needs a token.

    Neither tells more than yes or no, and since which day a compaction is due.
    """

    door: Door
    stopping: Stopping = field(default_factory=Stopping)
    due: Due = field(default_factory=Due)

    def routes(self) -> list[Route]:
        """Where they are answered."""
        return [Route("/health/live", self.live), Route("/health/ready", self.ready)]

    async def live(self, request: Request) -> Response:
        """200 as long as the process answers at all."""
        return JSONResponse({"status": "live"}, headers=NEVER_KEPT)

    async def ready(self, request: Request) -> Response:
        """200 only when a query would work just now, else 503 within about two seconds; 503 once told to stop."""
        if not self.stopping.now and await self.door.ready():
            since = self.due.since
            more = {} if since is None else {"compactionDueSince": since.date().isoformat()}
            return JSONResponse({"status": "ready", **more}, headers=NEVER_KEPT)
        return JSONResponse({"status": "not ready"}, 503, headers={**NEVER_KEPT, "retry-after": "2"})
