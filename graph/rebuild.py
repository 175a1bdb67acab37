"""Compaction: the embedded Neo4j's store, made anew from what it holds, so that what was deleted is in no file of it.

Neo4j Community Edition frees the place of a deleted value and leaves its bytes there, in stores, indexes and logs,
until something else is written over them. A new store holds only what was copied.
"""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from graph.contents import Contents
from graph.copy import Progress, contents, copy
from graph.embedded import EmbeddedNeo4j
from graph.embedded_home import Home, Memory, password, prepare, secret_file
from graph.exchange import building, exchange, mark_of
from graph.session import Connection, Database
from schema.errors import (
    CompactionBroken,
    CompactionNeedsRoom,
    CompactionNotHere,
    DatabaseUnavailable,
    StatementRefused,
    StatementTimedOut,
)

ROOM_BESIDES = 300_000_000
"""Bytes that an empty store with its logs takes, and some more."""
SECONDS_FOR_A_STATEMENT = 600.0

Finish = Callable[[Database], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it; sizes in bytes of all that Neo4j keeps in the data folder."""

    contents: Contents
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Stores:
    """How a Neo4j is started for it."""

    memory: Memory
    cache: Path | None
    tell: Callable[[str], None]

    def on(self, folder: Path) -> EmbeddedNeo4j:
        """A Neo4j on a data folder, not started yet."""
        return EmbeddedNeo4j(folder, self.memory, self.cache, self.tell)


async def rebuild(home: Home, stores: Stores, progress: Progress, finish: Finish) -> Rebuilt:
    """Make the store of a home anew. `finish` writes into the new one once it was found whole.

    The new store is read back after Neo4j was started anew on it, and counts only if it holds what was copied. Raises
    DataFolderBusy beside a server, CompactionNotHere, CompactionNeedsRoom, CompactionBroken, and what the embedded
    Neo4j raises; the old store is as it was then.
    """
    if any(one.is_symlink() or one.is_mount() for one in (home.neo4j, home.neo4j / "data")):
        raise CompactionNotHere(
            f"{home.neo4j} lies elsewhere than its data folder, so it cannot be exchanged. Move it into {home.data}."
        )
    old = stores.on(home.data)
    stores.tell("Starting the embedded Neo4j")
    connection = await old.start()
    try:
        await _room(home)
        made = await _copied(home, connection, stores, progress)
        await old.rest()
        before = size_of(home.neo4j)
        stores.tell("Reading back what was copied")
        await _checked(home, stores, made, finish)
        stores.tell("Putting the new store in the place of the old one")
        exchange(home)
        return Rebuilt(made, before, size_of(home.neo4j))
    except (DatabaseUnavailable, StatementRefused, StatementTimedOut) as problem:
        raise CompactionBroken(
            f"The copy could not be finished ({problem.code}): is the disk full, or memory scarce "
            "(CUSTOMER_GRAPH_NEO4J_HEAP)? The graph is as it was."
        ) from None
    finally:
        if not mark_of(home).exists():
            shutil.rmtree(building(home).data, ignore_errors=True)
        await old.stop()


async def _room(home: Home) -> None:
    needed, free = size_of(home.neo4j) + ROOM_BESIDES, shutil.disk_usage(home.data).free
    if free < needed:
        raise CompactionNeedsRoom(
            f"The disk of {home.data} has {free / 1e6:,.0f} MB free; a new store beside the old one may take "
            f"{needed / 1e6:,.0f} MB. Make room and compact again; nothing was changed."
        )


async def _copied(home: Home, source: Connection, stores: Stores, progress: Progress) -> Contents:
    stores.tell("Starting a second Neo4j for the new store")
    new = building(home)
    prepare(new)
    secret_file(new.neo4j / "password", password(home))  # the password of the graph stays what it is
    async with _opened(new.data, stores) as target, _database(source) as read:
        return await copy(read, target, progress)


async def _checked(home: Home, stores: Stores, made: Contents, finish: Finish) -> None:
    async with _opened(building(home).data, stores) as target:
        if await contents(target) != made:
            raise CompactionBroken
        await finish(target)


@asynccontextmanager
async def _opened(folder: Path, stores: Stores) -> AsyncIterator[Database]:
    neo4j = stores.on(folder)
    try:
        async with _database(await neo4j.start()) as database:
            yield database
    finally:
        await neo4j.stop()


def _database(connection: Connection) -> Database:
    """It is not doubted because it is busy: it has two neighbours and much to do."""
    return Database(connection, statement_seconds=SECONDS_FOR_A_STATEMENT, seconds_before_doubt=SECONDS_FOR_A_STATEMENT)


def size_of(folder: Path) -> int:
    """The bytes of all files in a folder and below."""
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
