"""Segment: the durable file of one process's trail, an SQLite database in a folder of its own.

Written in WAL mode with synchronous=FULL, so that what is committed survives the loss of power
(https://www.sqlite.org/pragma.html#pragma_synchronous). Nothing here is shared between threads.
"""

import hmac
import os
import secrets
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from auth.chain import Checkpoint, Link, Signer, Verdict, beginning, examine, genuine, link
from auth.disclosure import Answered, Disclosure
from graph.folder_lock import lock
from schema.catalogue import complete_model
from schema.errors import TrailDamaged
from schema.handles import spellings

FILE = "trail.sqlite"
LOCK = "lock"
CUSTOMER = "Customer"
SUBJECTS_REMEMBERED = 50_000
RECORDS_AT_ONCE = 500
SECONDS_TO_WAIT_FOR_A_READER = 5.0

TABLES = """
CREATE TABLE IF NOT EXISTS segment (id TEXT NOT NULL, public TEXT NOT NULL, shipped INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS records (sequence INTEGER PRIMARY KEY, body TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS checkpoints (
  sequence INTEGER PRIMARY KEY, hash TEXT NOT NULL, at TEXT NOT NULL, signature TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS subjects (number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE) STRICT;
"""
# One statement for many rows: each step of a statement hands the interpreter to another thread and waits for it.
ADD_RECORDS = """
INSERT INTO records (sequence, body, hash)
SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)
"""
ADD_SUBJECTS = "INSERT INTO subjects (name) SELECT value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING"
FIND_SUBJECTS = "SELECT name, number FROM subjects WHERE name IN (SELECT value FROM json_each(?))"
NAME_SUBJECTS = "SELECT number, name FROM subjects WHERE number IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Unshipped:
    """A record that leaves the segment: numbers of subjects are names again where they are still known."""

    sequence: int
    body: dict[str, Any]
    names: dict[int, str]


class Segment:
    """One process writes it; whoever may read the folder verifies it meanwhile."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = lock(folder / LOCK, folder.parent)
        self._signer = Signer(folder)
        self._handles = self._signer.secret_for("handles")
        self._known: OrderedDict[str, int] = OrderedDict()
        try:
            self._database = _opened(folder / FILE)
            self._begin()
            self._verify_the_end()
        except (sqlite3.DatabaseError, TrailDamaged):
            self._lock.close()
            raise TrailDamaged from None

    def _begin(self) -> None:
        self._database.executescript(TABLES)
        self._database.execute(
            "INSERT INTO segment SELECT ?, ?, 0 WHERE NOT EXISTS (SELECT * FROM segment)",
            (secrets.token_hex(8), self._signer.public),
        )
        self.id: str = self._database.execute("SELECT id FROM segment").fetchone()[0]
        self._find_the_end()

    def _find_the_end(self) -> None:
        row = self._database.execute("SELECT sequence, hash FROM records ORDER BY sequence DESC LIMIT 1").fetchone()
        self.sequence: int
        self.hash: str
        self.sequence, self.hash = row or (0, beginning(self.id))
        marked = self._database.execute("SELECT max(sequence) FROM checkpoints").fetchone()[0]
        self.vouched: int = marked or 0

    def _verify_the_end(self) -> None:
        """Whether the last checkpoint still holds, and what was written after it follows from it."""
        newest = _newest(self._database)
        at, before = (newest.sequence, newest.hash) if newest else (0, beginning(self.id))
        rows = self._database.execute("SELECT sequence, body, hash FROM records WHERE sequence >= ?", (at,)).fetchall()
        if newest and (not rows or rows.pop(0)[2] != before):
            raise TrailDamaged
        for sequence, body, found in rows:
            at += 1
            before = link(before, sequence, body.encode())
            if (sequence, found) != (at, before):
                raise TrailDamaged

    def append(self, disclosures: Sequence[Disclosure]) -> None:
        """Write records; they are durable on return. Raises sqlite3.Error, after which nothing was written."""
        names = {name for one in disclosures for name in self._names(one)}
        strangers = sorted(names - self._known.keys())
        with self._transaction(needed=bool(strangers)):
            if strangers:
                self._enter(strangers)
            sequence, hash_ = self.sequence, self.hash
            rows = []
            for one in disclosures:
                sequence += 1
                body = orjson.dumps(self._body(one), option=orjson.OPT_SORT_KEYS)
                hash_ = link(hash_, sequence, body)
                rows.append((sequence, body.decode(), hash_))
            self._database.execute(ADD_RECORDS, (orjson.dumps(rows).decode(),))
        self.sequence, self.hash = sequence, hash_
        while len(self._known) > SUBJECTS_REMEMBERED:
            self._known.popitem(last=False)

    def _enter(self, names: Sequence[str]) -> None:
        """The key of each subject in this segment; made where there is none. Numbers are never given twice."""
        asked = orjson.dumps(names).decode()
        self._database.execute(ADD_SUBJECTS, (asked,))
        self._known.update(self._database.execute(FIND_SUBJECTS, (asked,)).fetchall())

    def _names(self, one: Disclosure) -> Iterator[str]:
        if is_customer(one.viewer):
            yield one.viewer
        for answered in one.answers:
            for shown in answered.shown:
                yield from shown.subjects
            if answered.sought is not None:
                yield self._sought(answered)

    def _sought(self, answered: Answered) -> str:
        """An id as it is; a handle only as a keyed hash, for it would name a person who may not even be a customer."""
        assert answered.sought is not None
        kind, value = answered.sought.kind, answered.sought.value
        return value if kind == "id" else self._hashed(kind, value)

    def _hashed(self, kind: str, value: str) -> str:
        spelling = next(iter(spellings(kind, value)), value)
        return f"{kind}:{hmac.digest(self._handles, spelling.encode(), 'sha256').hex()}"

    def _body(self, one: Disclosure) -> dict[str, Any]:
        numbers = self._known
        return {
            "at": _millis(one.at),
            "viewer": numbers[one.viewer] if is_customer(one.viewer) else one.viewer,
            "role": one.role,
            "purpose": one.purpose,
            "request": one.request,
            "document": one.document,
            "answers": [self._answered(answered) for answered in one.answers],
        }

    def _answered(self, answered: Answered) -> dict[str, Any]:
        numbers = self._known
        said: dict[str, Any] = {
            "root": answered.root,
            "shown": [
                {
                    "fields": shown.fields,
                    "masked": shown.masked,
                    "subjects": sorted(numbers[name] for name in shown.subjects),
                }
                for shown in answered.shown
            ],
        }
        if answered.compared:
            said["compared"] = answered.compared
        if answered.why is not None:
            said["why"] = {"reason": answered.why.reason.name, "reference": answered.why.reference}
        if answered.sought is not None:
            sought = answered.sought
            said["sought"] = {"by": sought.kind, "subject": numbers[self._sought(answered)], "found": sought.found}
        return said

    def checkpoint(self) -> None:
        """Vouch for everything so far, if that was not done yet. Raises sqlite3.Error."""
        if self.vouched == self.sequence:
            return
        made = self._signer.checkpoint(self.id, self.sequence, self.hash, _now())
        self._database.execute(
            "INSERT INTO checkpoints VALUES (?, ?, ?, ?)", (made.sequence, made.hash, made.at, made.signature)
        )
        self.vouched = self.sequence

    def unshipped(self, most: int) -> list[Unshipped]:
        """The oldest records that are not in the graph yet."""
        rows = self._database.execute(
            "SELECT sequence, body FROM records WHERE sequence > (SELECT shipped FROM segment) "
            "ORDER BY sequence LIMIT ?",
            (most,),
        ).fetchall()
        return _named(self._database, rows)

    def shipped(self, sequence: int) -> None:
        """Everything up to this record is in the graph."""
        self._database.execute("UPDATE segment SET shipped = max(shipped, ?)", (sequence,))

    def forget(self, subject: str) -> None:
        """Cut the link between a subject and the records about her; the chain stays whole (GDPR art. 17).

        The freed page is overwritten, and so is the write-ahead log, as far as no reader holds it.
        """
        self._known.pop(subject, None)
        self._database.execute("DELETE FROM subjects WHERE name = ?", (subject,))
        self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def forget_handles(self, handles: Iterable[tuple[str, str]]) -> None:
        """The same for who was looked for by a handle, by kind and value: whoever has it cannot tell any more."""
        for kind, value in handles:
            self.forget(self._hashed(kind, value))

    def newest(self) -> Checkpoint | None:
        """The last checkpoint."""
        return _newest(self._database)

    def holds(self, checkpoint: Checkpoint) -> bool:
        """Whether the record for which the checkpoint vouches is still here, as it was."""
        asked = (checkpoint.sequence, checkpoint.hash)
        found = self._database.execute("SELECT 1 FROM records WHERE sequence = ? AND hash = ?", asked).fetchone()
        return found is not None and genuine(checkpoint, self._signer.public)

    def recover(self) -> None:
        """After a failure: what the file holds is what counts."""
        self._known.clear()
        self._find_the_end()

    def close(self) -> None:
        """Vouch for the end and let go of the folder."""
        try:
            self.checkpoint()
        finally:
            self._database.close()
            self._lock.close()

    @contextmanager
    def _transaction(self, *, needed: bool) -> Iterator[None]:
        """All or nothing. A single statement is a transaction of its own, which saves two more."""
        if not needed:
            yield
            return
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise


def is_customer(name: str) -> bool:
    """Whether an id is one of a customer, who is a data subject also where she is the one who looks."""
    return name.startswith(f"{complete_model()[CUSTOMER].prefix}_")


def _numbers_in(body: dict[str, Any]) -> set[int]:
    found = {body["viewer"]} if isinstance(body["viewer"], int) else set()
    for answered in body["answers"]:
        found.update(*(shown["subjects"] for shown in answered["shown"]))
        if "sought" in answered:
            found.add(answered["sought"]["subject"])
    return found


def _named(database: sqlite3.Connection, rows: Iterable[tuple[int, str]]) -> list[Unshipped]:
    """Rows of records, with the names of their subjects."""
    bodies = [(sequence, orjson.loads(body)) for sequence, body in rows]
    wanted = sorted({number for _, body in bodies for number in _numbers_in(body)})
    names = dict(database.execute(NAME_SUBJECTS, (orjson.dumps(wanted).decode(),)).fetchall())
    return [
        Unshipped(sequence, body, {number: names[number] for number in _numbers_in(body) if number in names})
        for sequence, body in bodies
    ]


def _millis(at: datetime) -> str:
    """A moment as records hold it: in UTC, of one length, so that they compare as texts do."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _opened(path: Path) -> sqlite3.Connection:
    if not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    database = sqlite3.connect(
        path, isolation_level=None, timeout=SECONDS_TO_WAIT_FOR_A_READER, check_same_thread=False
    )
    for setting in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
        database.execute(f"PRAGMA {setting}")
    return database


def _checkpoints(database: sqlite3.Connection, segment: str) -> Iterable[Checkpoint]:
    for sequence, hash_, at, signature in database.execute("SELECT * FROM checkpoints ORDER BY sequence"):
        yield Checkpoint(segment, sequence, hash_, at, signature)


def _newest(database: sqlite3.Connection) -> Checkpoint | None:
    row = database.execute(
        "SELECT segment.id, c.* FROM checkpoints c, segment ORDER BY c.sequence DESC LIMIT 1"
    ).fetchone()
    return Checkpoint(*row) if row else None


@contextmanager
def _reading(folder: Path) -> Iterator[sqlite3.Connection]:
    """The segment as it is now, for whoever may read the folder. Raises TrailDamaged."""
    try:
        with closing(sqlite3.connect(f"{(folder / FILE).absolute().as_uri()}?mode=ro", uri=True)) as database:
            database.execute("BEGIN")
            yield database
    except (sqlite3.DatabaseError, TypeError):
        raise TrailDamaged from None


def newest_in(folder: Path) -> Checkpoint | None:
    """The newest checkpoint of a segment, None where there is none. Raises TrailDamaged."""
    if not (folder / FILE).exists():
        return None
    with _reading(folder) as database:
        return _newest(database)


def recorded(folder: Path, since: datetime, until: datetime) -> Iterator[Unshipped]:
    """The records of a time, oldest first, also while the segment is written; none where there is no segment.

    From `since` on and before `until`. Raises TrailDamaged for a file that cannot be read as a trail.
    """
    if not (folder / FILE).exists():
        return
    with _reading(folder) as database:
        rows = database.execute(
            "SELECT sequence, body FROM records WHERE body ->> 'at' >= ? AND body ->> 'at' < ? ORDER BY sequence",
            (_millis(since), _millis(until)),
        )
        while some := rows.fetchmany(RECORDS_AT_ONCE):
            yield from _named(database, some)


def verified(folder: Path, kept: Sequence[Checkpoint] = (), public: str | None = None) -> Verdict | None:
    """Examine the segment in a folder, also while it is written; None where there is none.

    `kept` are checkpoints from elsewhere; `public` is the public key if it is known from elsewhere, too. Raises
    TrailDamaged for a file that cannot be read as a trail.
    """
    if not (folder / FILE).exists():
        return None
    with _reading(folder) as database:
        id_, key = database.execute("SELECT id, public FROM segment").fetchone()
        rows = database.execute("SELECT sequence, body, hash FROM records ORDER BY sequence")
        links = (Link(sequence, body.encode(), hash_) for sequence, body, hash_ in rows)
        return examine(id_, links, list(_checkpoints(database, id_)), public or key, kept)
