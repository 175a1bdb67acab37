"""Live: subscriptions of a viewer, from a verified question to its events, whatever they are carried by.

They end when the token does: a timer stands at its expiry, and at every look the token is verified again, so that a key
that was withdrawn and a role that is gone end them too.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field

from graphql import DocumentNode, ExecutionResult, OperationDefinitionNode

from auth.token import Viewer
from resolvers.follow import Follow
from resolvers.read import Request
from resolvers.role_schema import RoleSchema
from schema.errors import TokenRefused
from server.http import Question
from server.live_hub import Hub
from server.pace import Caller

LONGEST_TIMER = 10 * 365 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Live:
    """What subscriptions share: the hub, how often each looks again without a reason, in seconds, and from pages of
    which other sites one may come over WebSocket.
    """

    hub: Hub
    recheck_seconds: float = 30.0
    origins: tuple[str, ...] = ()
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def close(self) -> None:
        """Complete every subscription; whoever subscribes now is refused."""
        self.stopping.set()
        await self.hub.close()

    async def follow(
        self,
        viewer: Viewer,
        caller: Caller,
        schema: RoleSchema,
        document: DocumentNode,
        question: Question,
        operation: OperationDefinitionNode,
        renew: Callable[[], Awaitable[Request]],
    ) -> AsyncGenerator[ExecutionResult, None]:
        """The events of a subscription; the last one may be a refusal. Raises TooManyAtOnce before the first."""
        follow = Follow(
            schema,
            document,
            question.text,
            operation,
            question.variables,
            renew,
            self.hub.listening,
            self.recheck_seconds,
        )
        timer = at_expiry(viewer, lambda: follow.end(TokenRefused("Your token has expired. Subscribe with a new one.")))
        try:
            with caller.following():
                async for result in follow.results():
                    yield result
        finally:
            timer.cancel()


def at_expiry(viewer: Viewer, end: Callable[[], None]) -> asyncio.TimerHandle:
    """Call `end` when the token expires."""
    return asyncio.get_running_loop().call_later(min(max(viewer.expires_at - time.time(), 0.0), LONGEST_TIMER), end)
