"""The file of the inbox: what was accepted and is not in the graph yet, what was seen lately, what could not be kept.

SQLite in WAL mode with synchronous=FULL, as the trail's segment: what is committed survives the loss of power
(https://www.sqlite.org/pragma.html#pragma_synchronous). Nothing here is shared between threads.
"""

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from graph.folder_lock import lock
from ingest.live.arrival import Arrival, Refused

FILE = "inbox.sqlite"
LOCK = "lock"
DAYS_SEEN = 7
MOST_SEEN = 1_000_000
MOST_REJECTS = 10_000
SECONDS_TO_WAIT_FOR_A_READER = 5.0
_BETWEEN_PRUNINGS = 1_000

TABLES = """
CREATE TABLE IF NOT EXISTS waiting (sequence INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS seen (digest BLOB PRIMARY KEY, sequence INTEGER NOT NULL, at TEXT NOT NULL)
  STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS seen_by_age ON seen (sequence);
CREATE TABLE IF NOT EXISTS rejects (sequence INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, system TEXT NOT NULL,
  field TEXT NOT NULL, reason TEXT NOT NULL, body BLOB) STRICT;
"""
# Of an event it is known for good that it is in the graph; a row may have given way to a later one.
ADD_EVENT = "ALTER TABLE seen ADD COLUMN event INTEGER NOT NULL DEFAULT 0"
DELETE_DONE = "DELETE FROM waiting WHERE sequence IN (SELECT value FROM json_each(?)) RETURNING length(body)"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An arrival and its place in the order of acceptance."""

    sequence: int
    arrival: Arrival


@dataclass(frozen=True, slots=True)
class Reject:
    """What could not be kept: when, from which source, which field, why; never a value. `held` says whether the event
    itself is kept: it was accepted, and then the graph could not take it.
    """

    at: datetime
    system: str
    field: str
    reason: str
    held: bool


class InboxFile:
    """One process writes it. Raises DataFolderBusy where another one does, and sqlite3.Error."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = lock(folder / LOCK, folder.parent)
        try:
            self._database = _opened(folder / FILE)
            self._database.executescript(TABLES)
            if "event" not in {row[1] for row in self._database.execute("PRAGMA table_info(seen)")}:
                self._database.execute(ADD_EVENT)
            self._measure()
        except sqlite3.Error:
            self._lock.close()
            raise
        self._since_pruning = 0

    def _measure(self) -> None:
        found = self._database.execute("SELECT count(*), coalesce(sum(length(body)), 0) FROM waiting").fetchone()
        self.count: int = found[0]
        self.bytes: int = found[1]

    def append(self, arrivals: Sequence[Arrival], now: datetime) -> int:
        """Take arrivals; they are durable on return. How many were new: what was seen before is not taken again."""
        taken = size = 0
        with self._transaction():
            newest: int = self._database.execute("SELECT coalesce(max(sequence), 0) FROM seen").fetchone()[0]
            for sequence, one in enumerate(arrivals, newest + 1):
                body = one.written()
                fresh = self._database.execute(
                    "INSERT INTO seen (digest, sequence, at, event) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    (_digest(one), sequence, _text(now), one.table == "events"),
                ).rowcount
                if fresh:
                    self._database.execute("INSERT INTO waiting (body) VALUES (?)", (body,))
                    taken += 1
                    size += len(body)
            self._since_pruning += taken
            if self._since_pruning >= _BETWEEN_PRUNINGS:
                self._prune(now)
        self.count += taken
        self.bytes += size
        return taken

    def _prune(self, now: datetime) -> None:
        self._since_pruning = 0
        oldest = _text(now - timedelta(days=DAYS_SEEN))
        self._database.execute("DELETE FROM seen WHERE at < ?", (oldest,))
        self._database.execute("DELETE FROM seen WHERE sequence <= (SELECT max(sequence) FROM seen) - ?", (MOST_SEEN,))

    def oldest(self, most: int) -> list[Waiting]:
        """What has waited longest."""
        rows = self._database.execute("SELECT sequence, body FROM waiting ORDER BY sequence LIMIT ?", (most,))
        return [Waiting(sequence, Arrival.read(body)) for sequence, body in rows]

    def done(self, sequences: Sequence[int]) -> None:
        """These are in the graph.

        The disk is not waited for: what a loss of power brings back goes into the graph once more, and changes nothing.
        """
        if not sequences:
            return
        self._database.execute("PRAGMA synchronous = NORMAL")
        try:
            gone = self._database.execute(DELETE_DONE, (orjson.dumps(sequences).decode(),)).fetchall()
        finally:
            self._database.execute("PRAGMA synchronous = FULL")
        self.count -= len(gone)
        self.bytes -= sum(size for (size,) in gone)

    def reject(self, system: str, refused: Sequence[Refused], now: datetime) -> None:
        """Remember what was refused at the door: by field and reason alone."""
        rows = [(_text(now), system, one.field, one.reason, None) for one in refused]
        with self._transaction():
            self._put_aside(rows)

    def set_aside(self, waiting: Waiting, refused: Refused, now: datetime) -> None:
        """Move an accepted event that cannot be kept to the rejects, whole."""
        with self._transaction():
            one = waiting.arrival
            self._put_aside([(_text(now), one.system, refused.field, refused.reason, one.written())])
            self._database.execute("DELETE FROM waiting WHERE sequence = ?", (waiting.sequence,))
        self._measure()

    def _put_aside(self, rows: Sequence[tuple[str, str, str, str, bytes | None]]) -> None:
        self._database.executemany("INSERT INTO rejects (at, system, field, reason, body) VALUES (?, ?, ?, ?, ?)", rows)
        # What was accepted is never dropped; what was refused at the door its sender still has.
        self._database.execute(
            "DELETE FROM rejects WHERE body IS NULL AND sequence <= (SELECT max(sequence) FROM rejects) - ?",
            (MOST_REJECTS,),
        )

    def forgotten(self, arrivals: Iterable[Arrival]) -> None:
        """What was seen of these is no more than that it was seen: they are not to be found in the graph."""
        rows = [(_digest(one),) for one in arrivals]
        with self._transaction():
            self._database.executemany("UPDATE seen SET event = 0 WHERE digest = ?", rows)

    def erase(self, hers: Callable[[Arrival], bool], events: Iterable[tuple[str, str]]) -> int:
        """Take away what is of somebody who was erased, and that it was seen; how much waited or had been put aside.

        `events` are those of hers that were in the graph, by system and key. Freed pages and the log are overwritten.
        """
        gone = 0
        with self._transaction():
            for table in ("waiting", "rejects"):
                rows = self._database.execute(f"SELECT sequence, body FROM {table} WHERE body IS NOT NULL").fetchall()  # noqa: S608  one of two names
                for sequence, body in rows:
                    arrival = Arrival.read(body)
                    if hers(arrival):
                        self._database.execute(f"DELETE FROM {table} WHERE sequence = ?", (sequence,))  # noqa: S608
                        self._database.execute("DELETE FROM seen WHERE digest = ?", (_digest(arrival),))
                        gone += 1
            seen = [(digest(system, "events", key),) for system, key in events]
            self._database.executemany("DELETE FROM seen WHERE digest = ?", seen)
        self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._measure()
        return gone

    def close(self) -> None:
        """Let go of the folder."""
        try:
            self._database.close()
        finally:
            self._lock.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise


def rejects_in(folder: Path) -> list[Reject]:
    """What was refused or put aside, the newest last; also beside a running server. Raises sqlite3.Error."""
    if not (folder / FILE).exists():
        return []
    with closing(sqlite3.connect(f"{(folder / FILE).absolute().as_uri()}?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT at, system, field, reason, body IS NOT NULL FROM rejects ORDER BY sequence")
        return [
            Reject(datetime.fromisoformat(at), system, field, reason, bool(held))
            for at, system, field, reason, held in rows
        ]


@dataclass(frozen=True, slots=True)
class Seen:
    """What an inbox accepted: digests of events that neither wait nor were put aside, and how many do and were."""

    events: frozenset[bytes]
    waiting: int
    aside: int


def seen_in(folder: Path) -> Seen:
    """What was accepted, also beside a running server. Raises sqlite3.Error."""
    if not (folder / FILE).exists():
        return Seen(frozenset(), 0, 0)
    with closing(sqlite3.connect(f"{(folder / FILE).absolute().as_uri()}?mode=ro", uri=True)) as database:
        database.execute("BEGIN")  # all three of one moment
        if "event" not in {row[1] for row in database.execute("PRAGMA table_info(seen)")}:
            events: set[bytes] = set()
        else:
            events = {row[0] for row in database.execute("SELECT digest FROM seen WHERE event = 1")}
        waiting = [_digest(Arrival.read(body)) for (body,) in database.execute("SELECT body FROM waiting")]
        aside = [
            _digest(Arrival.read(body))
            for (body,) in database.execute("SELECT body FROM rejects WHERE body IS NOT NULL")
        ]
    return Seen(frozenset(events.difference(waiting, aside)), len(waiting), len(aside))


def _digest(arrival: Arrival) -> bytes:
    return digest(arrival.system, arrival.table, arrival.message)


def digest(system: str, table: str, message: str) -> bytes:
    """By what an arrival is known after it is in the graph."""
    text = f"{system}\n{table}\n{message}"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _opened(path: Path) -> sqlite3.Connection:
    if not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    database = sqlite3.connect(
        path, isolation_level=None, timeout=SECONDS_TO_WAIT_FOR_A_READER, check_same_thread=False
    )
    for setting in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
        database.execute(f"PRAGMA {setting}")
    return database
