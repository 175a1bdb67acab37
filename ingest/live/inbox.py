"""The inbox: events go in from many requests at once, and each request is answered once its events are durable.

One task writes, and what waits is committed together, so that many requests share one commit. How much may wait to
become part of the graph is bounded in bytes: whoever sends more is told to wait.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from ingest.live.arrival import Arrival, Refused
from ingest.live.inbox_file import InboxFile, Waiting
from schema.errors import InboxFull, InboxUnavailable

log = logging.getLogger(__name__)

FOLDER = "inbox"
MOST_REQUESTS_WAITING = 512
SECONDS_TO_BE_DURABLE = 10.0

Answer = TypeVar("Answer")
Work = Callable[[InboxFile], Any]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Something to do with the file, and whom to tell. Arrivals of several requests are taken together."""

    arrivals: Sequence[Arrival]
    work: Work | None
    done: asyncio.Future[Any]


class Inbox:
    """The inbox in a folder, for one event loop. `bytes` is how much may wait.

    Raises DataFolderBusy where another process has it, and InboxUnavailable where it cannot be opened.
    """

    def __init__(self, folder: Path, bytes: int) -> None:
        try:
            self._file = InboxFile(folder)
        except (OSError, sqlite3.Error):
            raise InboxUnavailable from None
        self._bytes = bytes
        self._asked: list[_Asked] = []
        self._waiting_bytes = 0
        self._gone: list[int] = []
        self._awake = asyncio.Event()
        self._news = asyncio.Event()
        self._closed = False
        self._writing = asyncio.create_task(self._write())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def __len__(self) -> int:
        """How many events wait to become part of the graph."""
        return self._file.count

    async def take(self, arrivals: Sequence[Arrival]) -> None:
        """Return once all are durable. Raises InboxFull and InboxUnavailable, after which none counts as taken."""
        if self._closed:
            raise InboxUnavailable
        size = sum(len(one.written()) for one in arrivals)
        held = self._file.bytes + self._waiting_bytes
        if len(self._asked) >= MOST_REQUESTS_WAITING or held + size > self._bytes:
            raise InboxFull
        self._waiting_bytes += size
        try:
            await self._ask(arrivals, None)
        finally:
            self._waiting_bytes -= size
        self._news.set()

    async def reject(self, system: str, refused: Sequence[Refused]) -> None:
        """Remember what was refused at the door."""
        await self._do(lambda file: file.reject(system, refused, datetime.now(UTC)))

    async def oldest(self, most: int) -> list[Waiting]:
        """What has waited longest, once what is done is forgotten."""
        gone, self._gone = self._gone, []

        def following(file: InboxFile) -> list[Waiting]:
            file.done(gone)
            return file.oldest(most)

        return await self._do(following)

    def done(self, sequences: Sequence[int]) -> None:
        """These are in the graph: they are forgotten when the next are asked for or waited for, and no sooner."""
        self._gone += sequences

    async def set_aside(self, waiting: Waiting, refused: Refused) -> None:
        """An accepted event that the graph cannot take: kept, whole, among the rejects."""
        await self._do(lambda file: file.set_aside(waiting, refused, datetime.now(UTC)))

    async def forgotten(self, arrivals: Sequence[Arrival]) -> None:
        """Nobody has to find these in the graph: they are of persons who were erased."""
        await self._do(lambda file: file.forgotten(arrivals))

    async def erase(self, hers: Callable[[Arrival], bool], events: Sequence[tuple[str, str]] = ()) -> int:
        """Take away what is of somebody who was erased; how much waited or had been put aside. See InboxFile.erase."""
        return await self._do(lambda file: file.erase(hers, events))

    async def news(self) -> None:
        """Return once something may wait."""
        if self._gone and self._file.count == len(self._gone):
            await self.oldest(0)
        if not self._file.count:
            await self._news.wait()
        self._news.clear()

    async def close(self) -> None:
        """Write what waits, and let go of the folder."""
        if not self._closed:
            self._closed = True
            self._awake.set()
            await self._writing
            if self._gone:
                await asyncio.to_thread(self._attempt, lambda file: file.done(self._gone))
            await asyncio.to_thread(self._file.close)

    async def _do(self, work: Callable[[InboxFile], Answer]) -> Answer:
        answer: Answer = await self._ask((), work)
        return answer

    async def _ask(self, arrivals: Sequence[Arrival], work: Work | None) -> Any:
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._asked.append(_Asked(arrivals, work, done))
        self._awake.set()
        try:
            async with asyncio.timeout(SECONDS_TO_BE_DURABLE):
                return await done
        except TimeoutError:
            raise InboxUnavailable from None

    async def _write(self) -> None:
        """Everything that waits in one commit, for ever; what waits when it is closed is written first."""
        while self._asked or not self._closed:
            await self._awake.wait()
            self._awake.clear()
            batch, self._asked = self._asked, []
            if batch:
                told = await asyncio.to_thread(self._carry_out, batch)
                for one, made in zip(batch, told, strict=True):
                    if one.done.done():  # whoever asked has stopped waiting
                        continue
                    if isinstance(made, InboxUnavailable):
                        one.done.set_exception(made)
                    else:
                        one.done.set_result(made)
            if self._closed:
                self._awake.set()

    def _carry_out(self, batch: Sequence[_Asked]) -> list[Any]:
        arrivals = [arrival for one in batch for arrival in one.arrivals]
        taken = self._attempt(lambda file: file.append(arrivals, datetime.now(UTC))) if arrivals else None
        return [self._attempt(one.work) if one.work is not None else taken for one in batch]

    def _attempt(self, work: Work) -> Any:
        """What came of it, or InboxUnavailable. The log gets the class: a text could hold what was to be written."""
        try:
            return work(self._file)
        except Exception as problem:
            log.error("The inbox could not be written: %s", type(problem).__name__)
            return InboxUnavailable()
