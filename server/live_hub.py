"""The hub: what happened, told to all who follow something here.

It hears of changes that this process commits at once. While somebody follows, it also asks the graph once a second for
changes that others made: other servers on the same graph, and whatever else writes Change nodes. Community Edition has
no change data capture, and a poll of an indexed time costs the database a millisecond. A change may become visible some
seconds after its time, when its transaction was long: so each poll looks back further than a transaction can last, and
what was told before is not told again.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from pathlib import Path
from time import monotonic

from resolvers.follow import Follow
from resolvers.happened import Happened
from resolvers.read import Reader
from schema.errors import CustomerGraphError, DatabaseUnavailable, StreamEnded

log = logging.getLogger(__name__)

SECONDS_BETWEEN_POLLS = 1.0
SECONDS_TO_LOOK_BACK = 15.0
SECONDS_TO_BEGIN = 10.0
MOST_AT_ONCE = 1_000
MOST_PAGES = 20
MOST_REMEMBERED = 50_000


@lru_cache(maxsize=1)
def statement() -> str:
    """What is asked at each poll."""
    return (Path(__file__).parent / "statements" / "changes_since.cypher").read_text(encoding="utf-8")


class Hub:
    """Everyone who follows something, in one event loop."""

    def __init__(self, database: Reader, look_back: float = SECONDS_TO_LOOK_BACK) -> None:
        self._database = database
        self._look_back = look_back
        self._follows: set[Follow] = set()
        self._known: OrderedDict[str, None] = OrderedDict()
        self._polling: asyncio.Task[None] | None = None
        self._primed = asyncio.Event()
        self._closed = False

    def __len__(self) -> int:
        return len(self._follows)

    def tell(self, happened: Happened) -> None:
        """A change was committed."""
        if happened.id in self._known:
            return
        self._known[happened.id] = None
        if len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
        for follow in tuple(self._follows):
            follow.notice(happened)

    def look(self) -> None:
        """Have everyone look again: rules or records may have changed in a way that makes no event."""
        for follow in tuple(self._follows):
            follow.look()

    def end(self, refusal: CustomerGraphError) -> None:
        """End every subscription with a refusal, such as when the rules by which they were planned are replaced."""
        for follow in tuple(self._follows):
            follow.end(refusal)

    async def close(self, seconds: float = 2.0) -> None:
        """End all, begin none, and wait until they are gone, but not for ever."""
        self._closed = True
        self.end(StreamEnded())
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._follows:  # noqa: ASYNC110  what ends them is many tasks, not one event
                    await asyncio.sleep(0.01)

    @asynccontextmanager
    async def listening(self, follow: Follow) -> AsyncIterator[None]:
        """Tell one subscription what happens, from when it may rely on it. Raises StreamEnded, DatabaseUnavailable."""
        if self._closed:
            raise StreamEnded
        self._follows.add(follow)
        try:
            if self._polling is None:
                self._primed.clear()
                self._polling = asyncio.create_task(self._poll())
            try:
                async with asyncio.timeout(SECONDS_TO_BEGIN):
                    await self._primed.wait()
            except TimeoutError:
                raise DatabaseUnavailable from None
            yield
        finally:
            self._follows.discard(follow)
            if not self._follows and self._polling is not None:
                self._polling.cancel()
                self._polling = None

    async def _poll(self) -> None:
        """Ask for ever. What happened before the first answer is no news to anybody."""
        asked = monotonic()
        failing = False
        while True:
            started = monotonic()
            try:
                await self._ask(self._look_back + started - asked)
                asked, failing = started, False
                self._primed.set()
            except CustomerGraphError as problem:
                if not failing:
                    log.warning("Changes by others cannot be heard of just now: %s", problem.code)
                failing = True
            await asyncio.sleep(SECONDS_BETWEEN_POLLS)

    async def _ask(self, seconds: float) -> None:
        at, id_ = None, ""
        for _ in range(MOST_PAGES):
            asked = {"at": at, "id": id_, "seconds": seconds, "most": MOST_AT_ONCE}
            rows = await self._database.read(statement(), asked)
            for row in rows:
                happened = Happened(row["id"], row["name"], row["record"] or "", frozenset(row["about"]))
                if self._primed.is_set():
                    self.tell(happened)
                else:
                    self._known[happened.id] = None
            if len(rows) < MOST_AT_ONCE:
                return
            at, id_ = rows[-1]["at"], rows[-1]["id"]
