"""A load in a process of its own, which says how far it is after each transaction: a test kills it where it likes.

python -m tests.killed_load FOLDER      with NEO4J_URI, NEO4J_USERNAME, NEO4J_PASSWORD and NEO4J_DATABASE
"""

import asyncio
import os
import sys
from pathlib import Path

from graph.session import Connection, Database
from ingest.load import load


def say(stage: str, done: int, total: int) -> None:
    """A line, at once."""
    print(stage, done, total, flush=True)


async def main() -> None:
    """Load a folder."""
    connection = Connection(*(os.environ[f"NEO4J_{name}"] for name in ("URI", "USERNAME", "PASSWORD", "DATABASE")))
    async with Database(connection, statement_seconds=240, seconds_before_doubt=240) as database:
        await load(database, Path(sys.argv[1]), say, patience=600)


if __name__ == "__main__":
    asyncio.run(main())
