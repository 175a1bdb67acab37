"""Puts a new store in the place of the old one, so that a kill at any moment leaves one of the two whole.

DATA/neo4j              the store in use
DATA/compacting/neo4j   the new one, while it is made; nothing without the mark
DATA/compacting.whole   the mark: the new one is whole and counts, whatever is still to be moved
DATA/compacting/old     the old one, moved out of the way

A start that finds the mark finishes the exchange; one that finds no mark takes a half-made store away. Both hold the
lock of the data folder.
"""

import logging
import os
import shutil
from pathlib import Path

from graph.durable import on_disk
from graph.embedded_home import Home
from graph.java_process import end_stale_process
from schema.errors import CompactionBroken, EmbeddedDatabaseFailed

log = logging.getLogger(__name__)


def building(home: Home) -> Home:
    """Where the new store is made: a data folder of its own, on the same disk."""
    return Home(home.data / "compacting")


def mark_of(home: Home) -> Path:
    """The file that says that the new store counts."""
    return home.data / "compacting.whole"


def exchange(home: Home) -> None:
    """From now on the new store counts, and nothing is left of the old one. Neither may be in use.

    Raises CompactionBroken where the old one still counts, and EmbeddedDatabaseFailed where the next start goes on.
    """
    os.sync()  # the mark may not be on the disk before what it vouches for
    mark = mark_of(home)
    try:
        with mark.open("x", encoding="ascii") as file:
            os.fsync(file.fileno())
        on_disk(home.data)
    except OSError:
        mark.unlink(missing_ok=True)
        raise CompactionBroken from None
    finish(home)


async def settle(home: Home) -> None:
    """Finish an exchange that was cut off, or take away what it had not come to. Raises EmbeddedDatabaseFailed."""
    await end_stale_process(building(home))
    if mark_of(home).exists():
        finish(home)
    elif building(home).data.exists():
        log.warning("A compaction was cut off before it counted; what it made is taken away")
        shutil.rmtree(building(home).data, ignore_errors=True)


def finish(home: Home) -> None:
    """What an exchange does once the mark is there; each step may have been done already."""
    made, old = building(home), building(home).data / "old"
    try:
        if made.neo4j.exists():
            if home.neo4j.exists():
                move(home.neo4j, old)
            move(made.neo4j, home.neo4j)
        if made.data.exists():
            shutil.rmtree(made.data)
        on_disk(home.data)
        mark_of(home).unlink()
        on_disk(home.data)
    except OSError as problem:
        raise EmbeddedDatabaseFailed(
            f"The exchange of the graph's files in {home.data} could not be finished ({type(problem).__name__}). "
            "Leave the folder as it is, make it writable, and start again: the start finishes it."
        ) from None


def move(folder: Path, to: Path) -> None:
    """Move a folder on the same disk; durable on return."""
    folder.rename(to)
    on_disk(folder.parent)
    on_disk(to.parent)
