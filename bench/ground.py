"""The ground that everything is measured on: a Neo4j of our own with the graph in it, imported once."""

import random
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
from rich.console import Console

from bench.bulk import imported, write_files
from graph.constraints import statements
from graph.embedded import EmbeddedNeo4j
from graph.embedded_home import Memory
from graph.session import Connection, Database
from schema.catalogue import complete_model

MEMORY = Memory(heap="1g", page_cache="512m")
SEED = 1
SAMPLE = 10_000
SECONDS_FOR_AN_INDEX = 1_800.0


@dataclass(frozen=True, slots=True)
class Size:
    """How large a graph is, and what its Neo4j may use."""

    customers: int
    interactions: int
    memory: Memory = MEMORY

    @property
    def name(self) -> str:
        """As a folder is called."""
        return f"{self.customers}x{self.interactions}"


@dataclass(frozen=True, slots=True)
class Ground:
    """A running Neo4j, its data folder, and customers by chance to ask about."""

    neo4j: EmbeddedNeo4j
    connection: Connection
    folder: Path
    customers: Sequence[str]


@asynccontextmanager
async def ground(console: Console, size: Size, keep: Path | None = None) -> AsyncIterator[Ground]:
    """A Neo4j with a graph of this size. It is made anew, unless an earlier run was told to keep it in that folder,
    an absolute path.
    """
    with tempfile.TemporaryDirectory(prefix="customer-graph-bench-") as passing:
        folder = (keep or Path(passing)) / size.name
        fresh = not (folder / "asked.json").exists()
        if fresh:
            await made(console, size, folder)
        neo4j = EmbeddedNeo4j(folder, size.memory, tell=console.print)
        connection = await neo4j.start()
        try:
            if fresh:
                await indexed(console, connection)
                (folder / "asked.json").write_bytes((folder / "made.json").read_bytes())
            yield Ground(neo4j, connection, folder, orjson.loads((folder / "asked.json").read_bytes()))
        finally:
            await neo4j.stop()


async def made(console: Console, size: Size, folder: Path) -> None:
    """Write the graph and import it."""
    shutil.rmtree(folder, ignore_errors=True)
    files = folder / "files"
    files.mkdir(parents=True)
    started = time.monotonic()
    written, ids = write_files(files, size.customers, size.interactions, SEED)
    between = time.monotonic()
    await imported(folder, written)
    shutil.rmtree(files)
    console.print(
        f"{size.customers:,} customers, {written.nodes:,} nodes: written as files in {between - started:.0f} s, "
        f"imported in {time.monotonic() - between:.0f} s"
    )
    asked = random.Random(SEED).sample(ids, min(SAMPLE, len(ids)))
    (folder / "made.json").write_bytes(orjson.dumps(asked))


async def indexed(console: Console, connection: Connection) -> None:
    """The product's constraints and indexes, and the counts that Neo4j plans by."""
    started = time.monotonic()
    async with Database(connection) as database:
        for statement in statements(complete_model()):
            await database.change_schema(statement, SECONDS_FOR_AN_INDEX)
        await database.write("CALL db.awaitIndexes(1800)", None, SECONDS_FOR_AN_INDEX)
    console.print(f"constraints and indexes in {time.monotonic() - started:.0f} s")
