"""A compaction that kills itself at a moment: `python -m tests.killed_compaction FOLDER MOMENT`."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from graph import exchange, rebuild
from graph.embedded_home import Home
from graph.session import Database
from tests.conftest import SMALL


def die(*_: Any) -> Any:
    """As kill -9 does."""
    os.kill(os.getpid(), signal.SIGKILL)


def progress(stage: str, done: int, total: int) -> None:
    """Dies in the copy, once some nodes are in the new store."""
    if sys.argv[2] == "copying" and stage == "nodes" and done:
        die()


async def nothing(database: Database) -> None:
    """Notes nothing."""


def at(moment: str) -> None:
    """Prepare to die at the moment."""
    move = exchange.move

    def first_alone(folder: Path, to: Path) -> None:
        if to.name != "old":
            die()
        move(folder, to)

    match moment:
        case "copied":
            rebuild.exchange = die  # type: ignore[assignment, attr-defined]
        case "marked":
            exchange.move = die  # type: ignore[assignment]
        case "between":
            exchange.move = first_alone
        case "moved":
            exchange.shutil.rmtree = die  # type: ignore[attr-defined]


if __name__ == "__main__":
    at(sys.argv[2])
    stores = rebuild.Stores(SMALL, None, lambda _: None)
    asyncio.run(rebuild.rebuild(Home(Path(sys.argv[1])), stores, progress, nothing))
