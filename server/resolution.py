"""Whose every record is, on standard output: from a folder of exports, or as the loaded graph has it."""

import asyncio
import sys
from pathlib import Path

from ingest.placement import Placed, placements_of_folder, placements_of_graph, write
from server import logs
from server.assembly import assemble
from server.progress import Stages
from server.run import database_of, graph, shaped
from server.settings import Settings


def of_exports(folder: Path) -> None:
    """Read, match, attribute and print; nothing is kept."""
    with Stages() as stages:
        found = placements_of_folder(folder, stages.progress)
        stages.done()
    write(found, sys.stdout)


def of_graph(settings: Settings) -> None:
    """Print what was loaded."""
    logs.configure("error")

    def quiet(sentence: str) -> None:
        print(sentence, file=sys.stderr)

    async def asking() -> list[Placed]:
        async with graph(settings, quiet) as connection, database_of(settings, connection) as database:
            await shaped(database, assemble(settings), quiet)
            return await placements_of_graph(database)

    write(asyncio.run(asking()), sys.stdout)
