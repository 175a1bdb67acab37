"""What `customer-graph compact` does: make the files of the embedded Neo4j anew, and say what that came to."""

import asyncio
import sys
import time
from datetime import UTC, datetime

from graph.embedded_home import Home, Memory
from graph.exchange import mark_of
from graph.rebuild import Rebuilt, Stores, rebuild
from graph.session import Database
from privacy import compaction
from schema.errors import CompactionNotHere, SettingInvalid
from server import logs
from server.progress import Stages
from server.run import database_of, graph
from server.settings import Settings


def compact(settings: Settings) -> None:
    """Compact and print what came of it. Raises what graph.rebuild raises, and CompactionNotHere."""
    logs.configure("error")
    if settings.neo4j_uri is not None:
        raise CompactionNotHere(
            "NEO4J_URI names a Neo4j of your own, whose files are not ours to exchange. Make a new store on its side "
            "as docs/deploy.md says under 'Deleted is not gone', then note it with: customer-graph compact --done"
        )
    home = Home(settings.data.absolute())
    if not home.was_started and not mark_of(home).exists():
        raise SettingInvalid(f"There is no graph in {settings.data}. Name its folder with --data.")
    started = time.monotonic()
    with Stages() as stages:
        memory = Memory(settings.neo4j_heap, settings.neo4j_page_cache)
        stores = Stores(memory, settings.cache, stages.tell)
        found = asyncio.run(rebuild(home, stores, stages.progress, _noted))
        stages.done()
    print(said(found, time.monotonic() - started))


def done(settings: Settings) -> None:
    """Note that the operator made the files of a named Neo4j anew. Raises SettingInvalid for an embedded one."""
    logs.configure("error")
    if settings.neo4j_uri is None:
        raise SettingInvalid("--done is for a Neo4j that NEO4J_URI names; the embedded one is compacted without it.")

    async def noting() -> None:
        async with graph(settings, print) as connection, database_of(settings, connection) as database:
            await _noted(database)

    asyncio.run(noting())
    print("Noted: the files were made anew.", file=sys.stderr)


async def _noted(database: Database) -> None:
    await compaction.done(database, datetime.now(UTC))


def said(found: Rebuilt, seconds: float) -> str:
    """What came of it, in one line."""
    held = found.contents
    return (
        f"Compacted: {held.nodes:,} nodes, {held.relationships:,} relationships; "
        f"{found.before / 1e6:,.1f} MB before, {found.after / 1e6:,.1f} MB after; {seconds:,.0f} s."
    )
