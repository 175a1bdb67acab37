"""Sessions of people who signed in with a browser: their tokens stay here, the browser holds a random name for them.

In the memory of this process alone: whoever ends a session ends it, and a restart ends all. Bounded in number and time.
"""

import asyncio
import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

SECONDS_UNUSED = 30 * 60
SECONDS_ALTOGETHER = 8 * 60 * 60
MOST_SESSIONS = 10_000
MOST_OF_ONE_SUBJECT = 8


@dataclass(slots=True)
class Session:
    """One signed-in browser. `expires_at` is the access token's, in epoch seconds."""

    subject: str = field(repr=False)
    name: str | None = field(repr=False)
    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: float
    began_at: float = 0.0
    used_at: float = 0.0
    renewal: "asyncio.Task[None] | None" = field(default=None, repr=False)


class Sessions:
    """All sessions of this process. They are kept under the SHA-256 of their names."""

    def __init__(self, *, most: int = MOST_SESSIONS, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[bytes, Session] = OrderedDict()

    def open(self, session: Session) -> str:
        """Keep a session; its name for the browser, 256 random bits. Whoever has too many loses the oldest."""
        session.began_at = session.used_at = self._clock()
        theirs = [key for key, one in self._kept.items() if one.subject == session.subject]
        for key in theirs[: max(0, len(theirs) + 1 - MOST_OF_ONE_SUBJECT)]:
            del self._kept[key]
        name = secrets.token_urlsafe(32)
        self._kept[_key(name)] = session
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return name

    def find(self, name: str | None) -> Session | None:
        """The session of that name, unless it is over."""
        if not name:
            return None
        session = self._kept.get(_key(name))
        if session is None:
            return None
        now = self._clock()
        if now - session.used_at > SECONDS_UNUSED or now - session.began_at > SECONDS_ALTOGETHER:
            self.end(name)
            return None
        session.used_at = now
        self._kept.move_to_end(_key(name))
        return session

    def end(self, name: str | None) -> Session | None:
        """Forget a session; what it was, if there was one."""
        return self._kept.pop(_key(name), None) if name else None

    def __len__(self) -> int:
        return len(self._kept)


def _key(name: str) -> bytes:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
