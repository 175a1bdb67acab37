"""Pace: how much one viewer may ask within a minute and at once, so that nobody takes what others need.

A viewer is an issuer and a subject, whatever the role. Nothing here depends on data: a refusal tells viewers of nothing
but what they themselves asked before. What is kept is bounded; whoever has not asked for longest is forgotten first.
"""

import asyncio
import math
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol, TypeVar

from graph.session import Run
from resolvers.budget import Cost
from resolvers.mutation import Writer
from resolvers.read import Reader
from schema.errors import TooManyAtOnce, TooOften

Answer = TypeVar("Answer")

SECONDS_TO_WAIT = 5.0
MOST_VIEWERS = 10_000
MOST_CONNECTIONS = 10_000
MOST_REFUSALS = 20


class Graph(Reader, Writer, Protocol):
    """What a turn needs of the database."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What one viewer may have; 0 is without limit. The first four within a minute, the others at once.

    `questions` are documents and statements that nobody has asked before: parsing one takes the server's time, planning
    one takes the database's. `statements` is the share of the connections to the database.
    """

    requests: int = 0
    cost: int = 0
    lookups: int = 0
    questions: int = 0
    concurrent: int = 0
    statements: int = 0
    streams: int = 0


class Bucket:
    """A token bucket: full at first, refilled evenly, never fuller than what a minute gives."""

    __slots__ = ("_at", "_left", "_most")

    def __init__(self, a_minute: int) -> None:
        self._most = a_minute
        self._left = float(a_minute)
        self._at = monotonic()

    def take(self, amount: int) -> float:
        """Take so much, or nothing; the seconds to wait until it would be there, 0 when it was."""
        if not self._most:
            return 0.0
        amount, now = min(amount, self._most), monotonic()
        self._left = min(self._most, self._left + (now - self._at) * self._most / 60)
        self._at = now
        lacking = amount - self._left
        if lacking > 0:
            return lacking * 60 / self._most
        self._left -= amount
        return 0.0


class Caller:
    """One viewer's behaviour of late: what is left of each minute's share, and what is under way."""

    __slots__ = ("_cost", "_lookups", "_questions", "_rates", "_requests", "_statements", "followed", "under_way")

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._requests = Bucket(rates.requests)
        self._cost = Bucket(rates.cost)
        self._lookups = Bucket(rates.lookups)
        self._questions = Bucket(rates.questions)
        self._statements = asyncio.Semaphore(rates.statements) if rates.statements else None
        self.under_way = 0
        self.followed = 0

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Count a request for as long as it takes. Raises TooOften and TooManyAtOnce."""
        most = self._rates.concurrent
        if most and self.under_way >= most:
            raise TooManyAtOnce(f"More than {most} requests of yours are under way. {TooManyAtOnce.advice}")
        _demand(self._requests, 1, self._rates.requests, "requests")
        self.under_way += 1
        try:
            yield
        finally:
            self.under_way -= 1

    def charge(self, cost: Cost) -> None:
        """Count what a question asks for, before the database is asked. Raises TooOften."""
        if cost.lookups:
            _demand(self._lookups, cost.lookups, self._rates.lookups, "look-ups by a handle")
        _demand(self._cost, cost.estimate, self._rates.cost, "units of work in the database")

    def fresh(self, several: int = 1) -> None:
        """Count documents and statements that were not asked before. Raises TooOften."""
        _demand(self._questions, several, self._rates.questions, "questions that are new to the server")

    async def read(
        self, database: Reader, text: str, parameters: Mapping[str, Any], timeout: float | None
    ) -> list[Any]:
        """Read within the viewer's share of the connections. Raises TooManyAtOnce when it is not free in time."""
        async with self.share():
            return await database.read(text, parameters, timeout)

    @asynccontextmanager
    async def share(self) -> AsyncIterator[None]:
        """One of the viewer's connections to the database. Raises TooManyAtOnce when none is free in time."""
        share = self._statements
        if share is None:
            yield
            return
        if share.locked():
            try:
                await asyncio.wait_for(share.acquire(), SECONDS_TO_WAIT)
            except TimeoutError:
                raise TooManyAtOnce from None
        else:
            await share.acquire()
        try:
            yield
        finally:
            share.release()

    @contextmanager
    def following(self) -> Iterator[None]:
        """Count a subscription for as long as it lasts. Raises TooManyAtOnce."""
        most = self._rates.streams
        if most and self.followed >= most:
            raise TooManyAtOnce(f"You have {most} subscriptions already. End one of them first.")
        self.followed += 1
        try:
            yield
        finally:
            self.followed -= 1


@dataclass(slots=True)
class Turn:
    """One request of a viewer, as the way of a request sees it: it is charged, and it reads."""

    caller: Caller
    database: Graph
    cost: Cost | None = None

    def charge(self, cost: Cost) -> None:
        """Count it, and keep it for who wants to know. Raises TooOften."""
        self.cost = cost
        self.caller.charge(cost)

    def fresh(self, several: int = 1) -> None:
        """Count what was not asked before. Raises TooOften."""
        self.caller.fresh(several)

    async def read(self, text: str, parameters: Mapping[str, Any], timeout: float | None = None) -> list[Any]:
        """The first column of every row. Raises what the session raises, and TooManyAtOnce."""
        return await self.caller.read(self.database, text, parameters, timeout)

    async def transaction(self, work: Callable[[Run], Awaitable[Answer]]) -> Answer:
        """What the work returns, once it is durable. Raises what session and work raise, and TooManyAtOnce."""
        async with self.caller.share():
            return await self.database.transaction(work)


@dataclass(slots=True)
class Pace:
    """All viewers of late, and the connections on which nobody has said yet who asks."""

    rates: Rates
    issuer: str = ""
    most: int = MOST_VIEWERS
    _callers: OrderedDict[tuple[str, str], Caller] = field(default_factory=OrderedDict, repr=False)
    _refused: OrderedDict[object, int] = field(default_factory=OrderedDict, repr=False)

    def of(self, subject: str) -> Caller:
        """The viewer with this subject."""
        key = (self.issuer, subject)
        if (found := self._callers.get(key)) is not None:
            self._callers.move_to_end(key)
            return found
        self._callers[key] = made = Caller(self.rates)
        if len(self._callers) > self.most:
            self._forget_one()
        return made

    def _forget_one(self) -> None:
        """Whoever has not asked for longest, unless a request of theirs is under way."""
        oldest = next((key for key, one in self._callers.items() if not one.under_way and not one.followed), None)
        self._callers.pop(oldest if oldest is not None else next(iter(self._callers)))

    def enough_of(self, connection: object) -> bool:
        """Count a token that was refused; whether the connection that it came on has had its share of them."""
        if connection is None:
            return False
        count = self._refused.pop(connection, 0) + 1
        if count >= MOST_REFUSALS:
            return True
        self._refused[connection] = count
        if len(self._refused) > MOST_CONNECTIONS:
            self._refused.popitem(last=False)
        return False

    def __len__(self) -> int:
        return len(self._callers)


def _demand(bucket: Bucket, amount: int, a_minute: int, what: str) -> None:
    if wait := bucket.take(amount):
        raise TooOften(f"You may ask for {a_minute} {what} a minute. {TooOften.advice}", math.ceil(wait))
