"""Clients that ask over kept connections as fast as they are answered.

Our own few lines of HTTP/1.1 rather than a library's: httpx takes longer for a request than the servers measured here.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any, cast

import orjson

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"


class Refused(Exception):
    """An answer that is no answer; measuring refusals would flatter whoever refuses."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What some clients saw: latencies in seconds, and how long all of it took."""

    latencies: tuple[float, ...]
    seconds: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds


class Caller(asyncio.Protocol):
    """One kept connection, one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._held = bytearray()
        self._answer: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by class

    def data_received(self, data: bytes) -> None:
        """A piece of an answer; the last one completes it."""
        self._held += data
        end = self._held.find(END_OF_HEAD)
        if end < 0:
            return
        head = bytes(self._held[:end]).lower()
        size = int(head.split(LENGTH, 1)[1].split(b"\r\n", 1)[0])
        if len(self._held) < end + len(END_OF_HEAD) + size:
            return
        body, status = bytes(self._held[end + len(END_OF_HEAD) :]), head[9:12]
        self._held.clear()
        if self._answer is not None and not self._answer.done():
            if status == b"200" and body.startswith(b'{"data"'):
                self._answer.set_result(body)
            else:
                self._answer.set_exception(Refused(f"{status.decode()} {body[:300].decode(errors='replace')}"))

    def connection_lost(self, problem: Exception | None) -> None:
        """The server hung up; whoever waits learns of it."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Refused("The server closed the connection."))

    async def ask(self, request: bytes) -> bytes:
        """The body of the answer. Raises Refused."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


def request_of(path: str, token: str, body: Any) -> bytes:
    """A POST as it goes over the wire."""
    text = orjson.dumps(body)
    head = (
        f"POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n"
        f"content-type: application/json\r\naccept: application/json\r\ncontent-length: {len(text)}\r\n\r\n"
    )
    return head.encode() + text


async def ask_once(port: int, request: bytes) -> Any:
    """One answer, read."""
    _, caller = await asyncio.get_running_loop().create_connection(Caller, "127.0.0.1", port)
    try:
        return orjson.loads(await caller.ask(request))
    finally:
        caller.close()


async def ask_for(port: int, requests: Sequence[bytes], clients: int, seconds: float) -> Sample:
    """What `clients` see that ask one request after the other for so many seconds."""
    loop = asyncio.get_running_loop()
    callers = [(await loop.create_connection(Caller, "127.0.0.1", port))[1] for _ in range(clients)]
    following = cycle(requests)
    latencies: list[float] = []
    started = time.perf_counter()
    until = started + seconds

    async def ask_on(caller: Caller) -> None:
        before = time.perf_counter()
        while before < until:
            await caller.ask(next(following))
            after = time.perf_counter()
            latencies.append(after - before)
            before = after

    try:
        await asyncio.gather(*map(ask_on, callers))
        return Sample(tuple(latencies), time.perf_counter() - started)
    finally:
        for caller in callers:
            caller.close()
