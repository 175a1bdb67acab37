"""Write-back in the server's life: which systems are told, found out at the start, and the task that tells them."""

from collections.abc import Mapping, Sequence

from graph.session import Database
from ingest.sources.folder import read_sources
from ingest.write_back.deliver import Patience, keep_delivering
from ingest.write_back.receivers import Receiver, receivers_of
from server.settings import Settings

__all__ = ["Receiver", "keep_writing_back", "receivers_named"]


def receivers_named(settings: Settings, environment: Mapping[str, str]) -> tuple[Receiver, ...]:
    """The systems that the sources say are told of changes. Raises SourceInvalid and SettingInvalid."""
    return receivers_of(read_sources([settings.sources]), environment) if settings.sources is not None else ()


async def keep_writing_back(settings: Settings, receivers: Sequence[Receiver], database: Database) -> None:
    """Deliver for ever what the outbox holds for these systems."""
    patience = Patience(settings.write_back_attempts, settings.write_back_seconds)
    await keep_delivering(database, receivers, patience, private=settings.write_back_private)
