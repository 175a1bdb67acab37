"""The store of wrapped data keys: never in the graph, so that a copy of the graph opens nothing.

SQLite without a write-ahead log, in which what was deleted would live on; `secure_delete` overwrites what goes
(https://www.sqlite.org/pragma.html#pragma_secure_delete), `synchronous = EXTRA` makes a commit survive the loss of
power.
"""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import orjson

from graph.vault.sealed import new_name
from schema.errors import VaultUnavailable

FILE = "keys.sqlite"
SECONDS_TO_WAIT = 10.0

TABLES = """
CREATE TABLE IF NOT EXISTS about (word TEXT PRIMARY KEY, said TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keys (name TEXT PRIMARY KEY, owner TEXT NOT NULL, current INTEGER NOT NULL, wrapped BLOB,
  wrapped_by TEXT, CHECK ((wrapped IS NULL) = (wrapped_by IS NULL))) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS one_current ON keys (owner) WHERE current;
CREATE INDEX IF NOT EXISTS of_owner ON keys (owner);
"""
NAMED = "SELECT name, owner, wrapped, wrapped_by, current FROM keys WHERE name IN (SELECT value FROM json_each(?))"
CURRENT = (
    "SELECT name, owner, wrapped, wrapped_by, current FROM keys"
    " WHERE current AND owner IN (SELECT value FROM json_each(?))"
)
OF_OWNERS = "SELECT name, owner, wrapped, wrapped_by, current FROM keys WHERE owner IN (SELECT value FROM json_each(?))"
NOT_WRAPPED_BY = "SELECT name, owner, wrapped, wrapped_by, current FROM keys WHERE wrapped_by <> ? LIMIT ?"
WRAPPED_BY = "SELECT wrapped_by, count(*) FROM keys WHERE wrapped IS NOT NULL GROUP BY wrapped_by ORDER BY wrapped_by"


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A data key as it is kept. `wrapped` is None of one that was destroyed; `current` seals, others only open."""

    name: str
    owner: str
    wrapped: bytes | None
    by: str | None
    current: bool = True


@dataclass(frozen=True, slots=True)
class Wrapping:
    """The name of a key-encryption key, and a text that it wrapped: who unwraps that has it."""

    by: str
    proof: bytes


@dataclass(frozen=True, slots=True)
class Counted:
    """How many keys there are, how many of them are superseded or destroyed, and by which key they are wrapped."""

    keys: int
    superseded: int
    destroyed: int
    wrapped_by: Mapping[str, int]


class WrappedByAnother(Exception):
    """Somebody rotated the key-encryption key meanwhile: wrap again."""


class KeyStore(Protocol):
    """Where wrapped data keys are kept. Called in a thread; whatever changes is durable on return.

    Who lets several servers share one graph may write another that all of them reach. All raise VaultUnavailable.
    """

    def id(self) -> str:
        """What tells this store from any other; the graph remembers it."""
        ...

    def named(self, names: Collection[str]) -> list[StoredKey]:
        """Keys by their names; of those that never were there is none."""
        ...

    def current(self, owners: Collection[str]) -> list[StoredKey]:
        """The key of each owner that has one, or had one that was destroyed."""
        ...

    def add(self, keys: Sequence[StoredKey]) -> None:
        """Keep new keys; of an owner that has one by now, or may have none any more, nothing changes.

        Raises WrappedByAnother.
        """
        ...

    def destroy(self, owners: Collection[str]) -> int:
        """Destroy every key of these owners for ever, and let them have none; how many keys that were."""
        ...

    def wrapping(self) -> "Wrapping | None":
        """By which key-encryption key new keys have to be wrapped; None where nobody said yet."""
        ...

    def wrap_by(self, wrapping: "Wrapping", instead_of: "Wrapping | None") -> None:
        """From now on by this one, unless somebody said another meanwhile."""
        ...

    def not_wrapped_by(self, name: str, most: int) -> list[StoredKey]:
        """Some keys that another key-encryption key wraps."""
        ...

    def rewrap(self, before: Sequence[StoredKey], after: Sequence[StoredKey]) -> None:
        """Each key wrapped anew, or given to another owner for opening, where it still is what it was before.

        Raises WrappedByAnother.
        """
        ...

    def of(self, owners: Collection[str]) -> list[StoredKey]:
        """All keys of owners, those that only open, too."""
        ...

    def supersede(self, keys: Sequence[StoredKey]) -> None:
        """New keys for owners who have one: that only opens from now on. Raises WrappedByAnother."""
        ...

    def owners(self, after: str, most: int) -> list[str]:
        """Some owners who have a key, in order."""
        ...

    def drop_superseded(self) -> int:
        """Destroy the keys that only open, for values that were all sealed anew; how many."""
        ...

    def counted(self) -> Counted:
        """What there is."""
        ...


class KeyFolder:
    """A store in a folder. Servers on one machine may share it; SQLite's locks keep them apart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def exists(self) -> bool:
        """Whether it was made."""
        return (self.folder / FILE).exists()

    def id(self) -> str:
        """As it says in the file."""
        with self._transaction() as database:
            database.execute("INSERT INTO about VALUES ('id', ?) ON CONFLICT DO NOTHING", (uuid4().hex,))
            return str(_said(database, "id"))

    def named(self, names: Collection[str]) -> list[StoredKey]:
        """In one query."""
        return self._asked(NAMED, names)

    def current(self, owners: Collection[str]) -> list[StoredKey]:
        """In one query."""
        return self._asked(CURRENT, owners)

    def add(self, keys: Sequence[StoredKey]) -> None:
        """In one transaction."""
        with self._transaction() as database:
            _must_wrap(database, keys)
            database.executemany("INSERT INTO keys VALUES (?, ?, 1, ?, ?) ON CONFLICT DO NOTHING", _rows(keys))

    def destroy(self, owners: Collection[str]) -> int:
        """In one transaction. What is overwritten is the wrapped key; the name stays, so that values say why."""
        given = orjson.dumps(sorted(owners)).decode()
        with self._transaction() as database:
            gone = database.execute(
                "UPDATE keys SET wrapped = NULL, wrapped_by = NULL"
                " WHERE wrapped IS NOT NULL AND owner IN (SELECT value FROM json_each(?))",
                (given,),
            ).rowcount
            database.executemany(
                "INSERT INTO keys VALUES (?, ?, 1, NULL, NULL) ON CONFLICT DO NOTHING",
                [(new_name(), one) for one in sorted(owners)],
            )
        return gone

    def wrapping(self) -> "Wrapping | None":
        """As it says in the file."""
        with self._transaction() as database:
            return _wrapping(database)

    def wrap_by(self, wrapping: "Wrapping", instead_of: "Wrapping | None") -> None:
        """Said in the file, where everybody who adds a key looks in the same transaction."""
        with self._transaction() as database:
            if _wrapping(database) == instead_of:
                said = f"{wrapping.by} {wrapping.proof.hex()}"
                database.execute("INSERT OR REPLACE INTO about VALUES ('wrapping', ?)", (said,))

    def not_wrapped_by(self, name: str, most: int) -> list[StoredKey]:
        """In no order."""
        with self._transaction() as database:
            return _keys(database.execute(NOT_WRAPPED_BY, (name, most)))

    def rewrap(self, before: Sequence[StoredKey], after: Sequence[StoredKey]) -> None:
        """In one transaction."""
        changed = [
            (new.owner, new.current, new.wrapped, new.by, old.name, old.wrapped)
            for old, new in zip(before, after, strict=True)
        ]
        with self._transaction() as database:
            _must_wrap(database, after)
            database.executemany(
                "UPDATE keys SET owner = ?, current = ?, wrapped = ?, wrapped_by = ? WHERE name = ? AND wrapped = ?",
                changed,
            )

    def of(self, owners: Collection[str]) -> list[StoredKey]:
        """In one query."""
        return self._asked(OF_OWNERS, owners)

    def supersede(self, keys: Sequence[StoredKey]) -> None:
        """In one transaction. Who was forgotten meanwhile gets none."""
        with self._transaction() as database:
            _must_wrap(database, keys)
            for name, owner, wrapped, by in _rows(keys):
                if database.execute(
                    "UPDATE keys SET current = 0 WHERE owner = ? AND current AND wrapped IS NOT NULL", (owner,)
                ).rowcount:
                    database.execute("INSERT INTO keys VALUES (?, ?, 1, ?, ?)", (name, owner, wrapped, by))

    def owners(self, after: str, most: int) -> list[str]:
        """By the index on owners."""
        with self._transaction() as database:
            found = database.execute(
                "SELECT owner FROM keys WHERE current AND wrapped IS NOT NULL AND owner > ? ORDER BY owner LIMIT ?",
                (after, most),
            )
            return [str(row[0]) for row in found]

    def drop_superseded(self) -> int:
        """They go with their names: no value has them any more."""
        with self._transaction() as database:
            return database.execute("DELETE FROM keys WHERE NOT current AND wrapped IS NOT NULL").rowcount

    def counted(self) -> Counted:
        """In one pass."""
        with self._transaction() as database:
            count = database.execute(
                "SELECT count(*), coalesce(sum(NOT current AND wrapped IS NOT NULL), 0),"
                " coalesce(sum(wrapped IS NULL), 0) FROM keys"
            ).fetchone()
            by = database.execute(WRAPPED_BY).fetchall()
        return Counted(count[0], count[1], count[2], dict(by))

    def _asked(self, text: str, listed: Collection[str]) -> list[StoredKey]:
        with self._transaction() as database:
            return _keys(database.execute(text, (orjson.dumps(sorted(listed)).decode(),)))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with closing(_opened(self.folder / FILE)) as database:
                database.execute("BEGIN IMMEDIATE")
                try:
                    yield database
                    database.execute("COMMIT")
                except BaseException:
                    database.execute("ROLLBACK")
                    raise
        except (sqlite3.Error, OSError):
            raise VaultUnavailable from None


def _opened(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    database = sqlite3.connect(path, isolation_level=None, timeout=SECONDS_TO_WAIT)
    for pragma in ("journal_mode = DELETE", "synchronous = EXTRA", "secure_delete = ON"):
        database.execute(f"PRAGMA {pragma}")
    database.executescript(TABLES)
    return database


def _said(database: sqlite3.Connection, word: str) -> str | None:
    found = database.execute("SELECT said FROM about WHERE word = ?", (word,)).fetchone()
    return str(found[0]) if found else None


def _must_wrap(database: sqlite3.Connection, keys: Sequence[StoredKey]) -> None:
    """A key wrapped by what is about to be destroyed would be lost with it."""
    wrapping = _wrapping(database)
    if wrapping is None or any(one.by != wrapping.by for one in keys):
        raise WrappedByAnother


def _wrapping(database: sqlite3.Connection) -> Wrapping | None:
    if (said := _said(database, "wrapping")) is None:
        return None
    by, _, proof = said.partition(" ")
    return Wrapping(by, bytes.fromhex(proof))


def _rows(keys: Sequence[StoredKey]) -> list[tuple[str, str, bytes | None, str | None]]:
    return [(one.name, one.owner, one.wrapped, one.by) for one in keys]


def _keys(rows: sqlite3.Cursor) -> list[StoredKey]:
    return [StoredKey(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows]
