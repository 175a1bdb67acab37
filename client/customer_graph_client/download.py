"""Download: one export as batches, gone on with where it broke.

Each batch brings a token; after a break the next request asks for what comes behind the last one. One batch is in
memory at a time. An export without its manifest at the end is not whole, and is never taken for one.
"""

import io
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pyarrow as pa

from customer_graph_client.errors import Broken, Refused

AFTER, MANIFEST = b"customer_graph.after", b"customer_graph.manifest"
ATTEMPTS = 5
"""So many breaks in a row without a batch between them are the end."""
SECONDS_BETWEEN = 1.0
PIECE = 1 << 16
WAIT_FOR = frozenset({429, 503})
Open = Callable[[Mapping[str, str]], Any]
"""Asks for the export with these words in the address; a context manager of an httpx response that streams."""


@dataclass
class Download:
    """One export. Iterate over it for its batches; afterwards `manifest` and `schema` are there."""

    open: Open
    words: Mapping[str, str]
    attempts: int = ATTEMPTS
    pause: Callable[[float], None] = time.sleep
    manifest: dict[str, Any] = field(default_factory=dict)
    schema: pa.Schema | None = None
    _after: str | None = None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        failed = 0
        while True:
            try:
                for batch in self._once():
                    failed = 0
                    yield batch
            except Refused as refusal:
                if refusal.status not in WAIT_FOR:
                    raise
                failed, wait, why = failed + 1, refusal.retry_after, refusal
            except (httpx.TransportError, pa.ArrowInvalid, OSError) as problem:
                failed, wait, why = failed + 1, None, problem  # type: ignore[assignment]
            else:
                return
            if failed >= self.attempts:
                raise Broken(f"The download broke off {failed} times without bringing more.") from why
            self.pause(wait if wait is not None else SECONDS_BETWEEN * 2 ** (failed - 1))

    def _once(self) -> Iterator[pa.RecordBatch]:
        """The batches that one request brings. Raises OSError where it ends before its end."""
        words = dict(self.words) if self._after is None else {**self.words, "after": self._after}
        with self.open(words) as response:
            if response.status_code != 200:
                response.read()
                raise refusal_of(response)
            stream = pa.ipc.open_stream(received(response.iter_bytes()))
            self.schema = self.schema or stream.schema
            while True:
                try:
                    batch, said = stream.read_next_batch_with_custom_metadata()
                except StopIteration:
                    raise OSError("The export ended before its end.") from None
                said = said or {}
                if MANIFEST in said:
                    self.manifest = json.loads(said[MANIFEST])
                    return
                if batch.num_rows:
                    yield batch
                self._after = said[AFTER].decode()


def received(pieces: Iterator[bytes]) -> io.BufferedReader:
    """The pieces of a body as a file that is read once. Arrow wants as many bytes as it asks for, not a piece."""
    return io.BufferedReader(Received(pieces), PIECE)


class Received(io.RawIOBase):
    """The pieces of a body as they come."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as there is something; 0 at the end."""
        while not self._left:
            try:
                self._left = memoryview(next(self._pieces))
            except StopIteration:
                return 0
        taken = min(len(buffer), len(self._left))
        buffer[:taken] = self._left[:taken]
        self._left = self._left[taken:]
        return taken


def refusal_of(response: httpx.Response) -> Refused:
    """What a response without data says."""
    try:
        error = response.json()["errors"][0]
        code, message = error["extensions"]["code"], error["message"]
    except (ValueError, LookupError, TypeError):
        code, message = "CG000", "The server answered without saying why."
    said = response.headers.get("retry-after", "")
    return Refused(code, message, response.status_code, float(said) if said.isdecimal() else None)
