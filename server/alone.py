"""Working alone on a data folder: what a command does that needs the graph and the trail while nothing is served."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from auth.trail import FOLDER as TRAIL
from auth.trail import Trail
from graph.session import Database
from server.assembly import Assembly
from server.run import Tell, database_of, graph, shaped
from server.settings import Settings


@asynccontextmanager
async def alone(settings: Settings, assembly: Assembly, tell: Tell) -> AsyncIterator[tuple[Database, Trail]]:
    """The graph in shape, and the trail. Raises DataFolderBusy beside a running server, and TrailUnavailable."""
    async with (
        graph(settings, tell) as connection,
        database_of(settings, connection) as database,
        Trail(settings.data / TRAIL) as trail,
    ):
        await shaped(database, assembly, tell)
        yield database, trail
