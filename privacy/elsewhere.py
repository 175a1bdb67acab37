"""Elsewhere: what a server keeps outside the graph of a person who is erased: its trail, and events that wait.

The trail stays whole; subjects stand in it under keys of its own, and hers is forgotten. Each server has files of its
own, so each does this for itself.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from graph.protocols import Graph
from ingest.live.arrival import Arrival
from ingest.live.suppressing import marked
from ingest.suppression import Hasher
from privacy.graph import SECONDS, Handle, text
from privacy.suppressing import hashes_of


@dataclass(frozen=True, slots=True)
class Gone:
    """Who is to be forgotten: her ids, handles that were hers alone, her events in the graph by system and key.

    `hers` knows an arrival of hers.
    """

    customers: Sequence[str]
    handles: Sequence[Handle]
    events: Sequence[tuple[str, str]]
    hers: Callable[[Arrival], bool]


class Elsewhere(Protocol):
    """One place outside the graph. To forget twice is as good as once."""

    async def forget(self, gone: Gone) -> None:
        """Forget a person. Raises what the place raises; then it is asked again."""
        ...


class Trail(Protocol):
    """What is needed of the trail."""

    @property
    def segment(self) -> str:
        """Its id."""
        ...

    async def forget(self, subject: str) -> None:
        """Cut the link between a subject and the records about her."""
        ...

    async def forget_handles(self, handles: Sequence[tuple[str, str]]) -> None:
        """The same for who was looked for by a handle."""
        ...


class Inbox(Protocol):
    """What is needed of the inbox."""

    async def erase(self, hers: Callable[[Arrival], bool], events: Sequence[tuple[str, str]] = ()) -> int:
        """Take away what is of somebody."""
        ...


@dataclass(frozen=True, slots=True)
class OfTheTrail:
    """Forgets in a trail."""

    trail: Trail

    async def forget(self, gone: Gone) -> None:
        """Her ids, and looks for her handles. Raises TrailUnavailable."""
        for customer in gone.customers:
            await self.trail.forget(customer)
        await self.trail.forget_handles([(kind.name, value) for kind, value in gone.handles])


@dataclass(frozen=True, slots=True)
class OfTheInbox:
    """Forgets in an inbox."""

    inbox: Inbox

    async def forget(self, gone: Gone) -> None:
        """What waits or was put aside. Raises InboxUnavailable."""
        await self.inbox.erase(gone.hers, gone.events)


async def known_by_hashes(graph: Graph, receipt: str, hasher: Hasher) -> Callable[[Arrival], bool]:
    """What knows an arrival of an erased person. Raises the errors of the database."""
    hashes = await hashes_of(graph, receipt)
    regions = sorted(await graph.read(text("regions"), None, SECONDS))
    return lambda arrival: _is_hers(arrival, regions, hasher, hashes)


def _is_hers(arrival: Arrival, regions: Sequence[str], hasher: Hasher, hashes: Collection[str]) -> bool:
    (several,) = marked([arrival], regions, hasher)
    return any(one in hashes for marks in several for one in marks.all)


async def forget_here(graph: Graph, place: str, elsewhere: Sequence[Elsewhere], hasher: Hasher) -> int:
    """Have one server's files forget whom others erased; how many that were. `place` names the server by its trail.

    Raises what the places and the database raise; who is left is forgotten at the next time.
    """
    rows = await graph.read(text("not_forgotten_by"), {"place": place}, SECONDS)
    for row in rows:
        gone = Gone(row["customers"], (), (), await known_by_hashes(graph, row["id"], hasher))
        for one in elsewhere:
            await one.forget(gone)
        await graph.write(text("forgotten_by"), {"receipt": row["id"], "place": place}, SECONDS)
    return len(rows)
