"""The trail: disclosures go in from many requests at once, and each comes back once it is durable.

One thread writes; what waits is committed together, so that many requests share one commit. If nothing can be written
every one of them fails, and is not disclosed.
"""

import asyncio
import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from auth.chain import Checkpoint
from auth.disclosure import Disclosure
from auth.segment import Segment, Unshipped
from schema.errors import TrailUnavailable

log = logging.getLogger(__name__)

FOLDER = "trail"
MOST_IN_A_COMMIT = 512
MOST_WAITING = 10_000
SECONDS_TO_BE_DURABLE = 5.0
RECORDS_BETWEEN_CHECKPOINTS = 1_000
SECONDS_BETWEEN_CHECKPOINTS = 2.0

Answer = TypeVar("Answer")
Done = asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A disclosure, or something else to do with the segment, and whom to tell."""

    disclosure: Disclosure | None
    work: Callable[[Segment], Any] | None
    done: Done


class Trail:
    """The trail in a folder, for one event loop. Raises DataFolderBusy and TrailDamaged when it cannot be opened."""

    def __init__(self, folder: Path) -> None:
        self._segment = Segment(folder)
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="trail", daemon=True)
        self._closed = False
        self._thread.start()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def segment(self) -> str:
        """The id of the segment."""
        return self._segment.id

    @property
    def waiting(self) -> int:
        """How much waits to be written just now."""
        return self._queue.qsize()

    async def record(self, disclosure: Disclosure) -> None:
        """Return once the disclosure is durable. Raises TrailUnavailable."""
        await self._ask(disclosure, None)

    async def unshipped(self, most: int) -> list[Unshipped]:
        """The oldest records that are not in the graph yet. Raises TrailUnavailable."""
        return await self._do(lambda segment: segment.unshipped(most))

    async def shipped(self, sequence: int) -> None:
        """Everything up to this record is in the graph. Raises TrailUnavailable."""
        await self._do(lambda segment: segment.shipped(sequence))

    async def forget(self, subject: str) -> None:
        """Cut the link between a subject and the records about her. Raises TrailUnavailable."""
        await self._do(lambda segment: segment.forget(subject))

    async def forget_handles(self, handles: Sequence[tuple[str, str]]) -> None:
        """Cut the link between handles, by kind and value, and looks for them. Raises TrailUnavailable."""
        await self._do(lambda segment: segment.forget_handles(handles))

    async def checkpoint(self) -> Checkpoint | None:
        """Vouch for everything so far; the newest checkpoint, or None for an empty trail. Raises TrailUnavailable."""

        def vouched(segment: Segment) -> Checkpoint | None:
            segment.checkpoint()
            return segment.newest()

        return await self._do(vouched)

    async def holds(self, checkpoint: Checkpoint) -> bool:
        """Whether the trail still has the record for which a checkpoint vouches. Raises TrailUnavailable."""
        return await self._do(lambda segment: segment.holds(checkpoint))

    async def close(self) -> None:
        """Write what waits, vouch for the end, and let go of the folder."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
            await asyncio.to_thread(self._thread.join)

    async def _do(self, work: Callable[[Segment], Answer]) -> Answer:
        answer: Answer = await self._ask(None, work)
        return answer

    async def _ask(self, disclosure: Disclosure | None, work: Callable[[Segment], Any] | None) -> Any:
        if self._closed or self._queue.qsize() > MOST_WAITING:
            raise TrailUnavailable
        done: Done = self._loop.create_future()
        self._queue.put(_Waiting(disclosure, work, done))
        try:
            async with asyncio.timeout(SECONDS_TO_BE_DURABLE):
                return await done
        except TimeoutError:
            raise TrailUnavailable from None

    def _work(self) -> None:
        """The thread: everything that waits in one commit, and a checkpoint now and then."""
        vouched_at = time.monotonic()
        going_on = True
        while going_on:
            batch, going_on = self._batch()
            if batch:
                self._carry_out(batch)
            behind = self._segment.sequence - self._segment.vouched
            if behind and (
                not batch
                or behind >= RECORDS_BETWEEN_CHECKPOINTS
                or time.monotonic() - vouched_at > SECONDS_BETWEEN_CHECKPOINTS
            ):
                self._vouch()
                vouched_at = time.monotonic()
        try:
            self._segment.close()
        except sqlite3.Error as problem:
            log.error("The trail could not be closed in order: %s", type(problem).__name__)

    def _batch(self) -> tuple[list[_Waiting], bool]:
        """What waits, and whether more may come. Nothing for a while is an empty batch."""
        try:
            first = self._queue.get(timeout=SECONDS_BETWEEN_CHECKPOINTS)
        except queue.Empty:
            return [], True
        batch: list[_Waiting] = []
        while first is not None:
            batch.append(first)
            if len(batch) == MOST_IN_A_COMMIT:
                return batch, True
            try:
                first = self._queue.get_nowait()
            except queue.Empty:
                return batch, True
        return batch, False

    def _carry_out(self, batch: Sequence[_Waiting]) -> None:
        told: list[tuple[Done, Any]] = []
        disclosed = [one for one in batch if one.disclosure is not None]
        if disclosed:
            made = self._attempt(
                lambda segment: segment.append([one.disclosure for one in disclosed if one.disclosure])
            )
            told += [(one.done, made) for one in disclosed]
        told += [(one.done, self._attempt(one.work)) for one in batch if one.work is not None]
        self._loop.call_soon_threadsafe(_tell, told)

    def _attempt(self, work: Callable[[Segment], Any]) -> Any:
        """What came of it, or TrailUnavailable; then the next attempt begins with what the file holds."""
        try:
            return work(self._segment)
        except Exception as problem:
            log.error("The trail could not be written: %s", type(problem).__name__)
            try:
                self._segment.recover()
            except sqlite3.Error:
                log.error("The trail could not be read, either")
            return TrailUnavailable()

    def _vouch(self) -> None:
        self._attempt(lambda segment: segment.checkpoint())


def _tell(told: Sequence[tuple[Done, Any]]) -> None:
    for done, made in told:
        if done.done():  # whoever asked has stopped waiting
            continue
        if isinstance(made, TrailUnavailable):
            done.set_exception(made)
        else:
            done.set_result(made)
