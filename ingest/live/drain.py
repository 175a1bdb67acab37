"""Draining: from the inbox into the graph, oldest first, for ever. What is in the graph leaves the inbox, not before.

Each batch is one transaction of statements that make or find, and it leaves the inbox once that is durable: a process
or a database that dies in between does the same again, and that changes nothing. What came earlier from a visitor who
is known by now comes along before its batch counts as done.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Protocol
from uuid import uuid4

from graph.vault.sealed import Place
from graph.vault.vault import PLAIN, Keys
from ingest.constraints import statements as constraint_statements
from ingest.fields import Unreadable
from ingest.kept import InForce
from ingest.live.arrival import Arrival, Refused
from ingest.live.batch import Awaited, Placed
from ingest.live.inbox import Inbox
from ingest.live.inbox_file import Waiting
from ingest.live.known import Held, Known, asked_of, known_of
from ingest.live.placing import place
from ingest.live.suppressing import Sieve, hashes_of, marked, sieve
from ingest.live.writing import NOTHING, awaiting, statement_of
from ingest.opening import names_in, opened, opened_with
from ingest.patience import Graph
from ingest.records import Record
from ingest.resealing import reseal
from ingest.sealing import ROW, Sealing, sealing
from ingest.statements import text
from ingest.suppression import Hasher
from ingest.write_back.echoes import arrivals_without_echoes
from resolvers.happened import Happened
from schema.catalogue import complete_model
from schema.errors import (
    CustomerGraphError,
    DatabaseLoginRefused,
    DatabaseUnavailable,
    InboxUnavailable,
    StatementTimedOut,
    SuppressionKeyWrong,
    VaultKeysMissing,
    VaultUnavailable,
)
from schema.model import Model

log = logging.getLogger(__name__)

MOST_AT_ONCE = 250
SECONDS_BETWEEN_BATCHES = 0.02
"""From when one begins until the next does, while few events wait: what a batch costs is the same for one and for ten.

An event after a pause waits for nothing; one of a stream half of this on the average, and takes others with it.
"""
ENOUGH = 25
"""So many events are worth a batch at once."""
FEW = 4
"""So many events are placed in the event loop, which that stops for some milliseconds."""
SECONDS_FOR_A_BATCH = 60.0
SECONDS_TO_PREPARE = 600.0
SECONDS_BEFORE_ANOTHER_TRY = 0.5
SECONDS_A_LOOK_HOLDS = 60.0
GROWN = 10_000
"""So many relationships make a graph of which the plan of a statement is right for good (decision 22)."""
FOR_GOOD = "CYPHER replan=skip\n"
FOR_A_WHILE = (
    *(DatabaseUnavailable, DatabaseLoginRefused, StatementTimedOut, InboxUnavailable),
    *(VaultUnavailable, VaultKeysMissing, SuppressionKeyWrong),
)
"""What is over after a while, and is waited for."""
RECORDED = "recordInteraction"
"""The name by which subscriptions know that an interaction was recorded."""
CAME = "cameLive"
"""The same of an order, a case, a decision or a finding: who follows its customer, or findings, looks again."""

Tell = Callable[[Happened], None]


class LiveGraph(Graph, Protocol):
    """What a drain asks of the database; graph.session.Database is one."""

    async def make(
        self, text: str, parameters: Mapping[str, Any] | None = None, timeout: float | None = None
    ) -> list[Any]:
        """A statement that makes or finds, in a transaction of its own; it may be carried out twice."""
        ...


@dataclass(slots=True)
class Drain:
    """Brings what waits in an inbox into a graph, and tells who follows of it."""

    inbox: Inbox
    graph: LiveGraph
    tell: Tell = lambda happened: None
    model: Model = field(default_factory=complete_model)
    keys: Keys = PLAIN
    suppression: Hasher | None = None
    _regions: tuple[str, ...] = ()
    _in_force: InForce = field(default_factory=InForce)
    _planned: str = ""
    _looked_at: float = float("-inf")
    _began: float = float("-inf")
    _shaped: bool = False
    _prepared: bool = False

    async def keep(self) -> None:
        """Drain for ever. What fails is tried again; what the graph will never take is put aside, and told of."""
        failing = False
        while True:
            try:
                await self.prepare()
                await self.inbox.news()
                await self._others()
                await self.drain()
                failing = False
            except Exception as problem:  # a drain that ended would be noticed when the inbox is full
                if not failing:
                    code = problem.code if isinstance(problem, CustomerGraphError) else type(problem).__name__
                    log.warning("Events of live sources wait to become part of the graph: %s", code)
                failing = True
                await asyncio.sleep(SECONDS_BEFORE_ANOTHER_TRY)

    async def _others(self) -> None:
        """Let others come, unless many wait already or the last batch began a while ago."""
        early = self._began + SECONDS_BETWEEN_BATCHES - monotonic()
        if early > 0 and len(self.inbox) < ENOUGH:
            await asyncio.sleep(early)
        self._began = monotonic()

    async def prepare(self) -> None:
        """Have the database plan all statements, by a batch of nothing: that takes seconds, which no event has to wait.

        Raises what the database raises.
        """
        if self._prepared:
            return
        await self._shape()
        await self._of_the_last_load(SECONDS_TO_PREPARE)
        await self.graph.read(text("live_known"), asked_of((), (), ()).parameters(), SECONDS_TO_PREPARE)
        await self.graph.read(text("live_waiting"), self._asked(()), SECONDS_TO_PREPARE)
        await self.graph.make(self._planned + text("live_write"), {"batch": NOTHING}, SECONDS_TO_PREPARE)
        self._prepared = True

    async def _shape(self) -> None:
        if not self._shaped:
            for statement in constraint_statements():
                await self.graph.change_schema(statement)
            self._shaped = True

    async def drain(self) -> int:
        """Bring the oldest batch; how many events that were. Raises what the database raises for a while."""
        await self._shape()
        waiting = await self.inbox.oldest(MOST_AT_ONCE)
        if waiting:
            await self._bring_all(waiting)
        return len(waiting)

    async def _bring_all(self, waiting: Sequence[Waiting]) -> None:
        """A batch, or where that cannot be its events one by one; one that cannot be alone is put aside."""
        try:
            await self._bring(waiting)
        except FOR_A_WHILE:
            raise
        except Exception as problem:
            if len(waiting) > 1:
                for one in waiting:
                    await self._bring_all([one])
                return
            code = problem.code if isinstance(problem, CustomerGraphError) else type(problem).__name__
            log.error("An event of a live source cannot be kept in the graph: %s", code)
            await self.inbox.set_aside(waiting[0], Refused("", f"refused by the graph ({code})"))

    async def _bring(self, waiting: Sequence[Waiting]) -> None:
        placed = await self.write([one.arrival for one in waiting])
        await self._bring_along(placed.awaited)
        by_arrival = {id(one.arrival): one for one in waiting}
        aside = [(by_arrival[id(arrival)], refused) for arrival, refused in placed.refused]
        for one, refused in aside:
            await self.inbox.set_aside(one, refused)
        if placed.left_out:
            await self.inbox.forgotten(placed.left_out)
        gone = {one.sequence for one, _ in aside}
        self.inbox.done([one.sequence for one in waiting if one.sequence not in gone])

    async def _bring_along(self, awaited: Iterable[Awaited]) -> None:
        """Earlier events of nobody, whose visitor is known by now: the same steps again, with what is known now.

        They may tell of more: an alias waits for its user, and other events for the device that it ties.
        """
        followed: set[Awaited] = set()
        while fresh := set(awaited) - followed:
            followed |= fresh
            awaited = await self._waiting_for(fresh)

    async def _waiting_for(self, awaited: Iterable[Awaited]) -> set[Awaited]:
        """Place what waits for something; what is known by that."""
        asked = self._asked(awaited)
        found: set[Awaited] = set()
        while True:
            rows = await self.graph.read(text("live_waiting"), asked, SECONDS_FOR_A_BATCH)
            if rows:
                held = await opened(self.keys, rows, {"arrival": "arrival"}, "key")
                arrivals = [Arrival.read(row["arrival"].encode()) for row in held if row["arrival"] is not None]
                found |= (await self.write(arrivals, again=True)).awaited
                asked["after"] = rows[-1]["key"]
            if len(rows) < MOST_AT_ONCE:
                return found

    @staticmethod
    def _asked(awaited: Iterable[Awaited]) -> dict[str, Any]:
        """The question for what waits."""
        return {**awaiting(awaited), "after": "", "most": MOST_AT_ONCE}

    async def write(self, arrivals: Sequence[Arrival], *, again: bool = False) -> Placed:
        """Place events by what the graph knows of them and write them in one transaction; what became of them."""
        now = datetime.now(UTC)
        arrivals = await arrivals_without_echoes(self.graph, arrivals)
        known, through = await self._look(arrivals)
        placed = await self._placed(through.kept(arrivals), known, now, again=again)
        placed.left_out = list(through.out)
        if through.told:
            await self.graph.write_many([(text("note_left_out"), {"rows": through.told})], SECONDS_FOR_A_BATCH)
        sealed = await sealing(self.keys, self.model, placed.draft, known.ids, present=known.belong)
        if (statement := statement_of(placed, self.model, now, sealed)) is not None:
            said, batch = statement
            (told,) = await self.graph.make(self._planned + said, batch, SECONDS_FOR_A_BATCH)
            self._tell_of(told["told"])
            if not told["waits"]:
                placed.awaited.clear()
            await self._reseal(placed, sealed, known, told["made"])
        return placed

    async def _reseal(self, placed: Placed, sealed: Sealing, known: Known, made: Sequence[Mapping[str, str]]) -> None:
        """Seal anew what the batch made another's without writing it: what is below an order that changed hands, and
        what is of a customer whom another server made first, under an id of its own. `made` are key and id of each.
        """
        draft, moved = placed.draft, set()
        for link in draft.links("RECORDS", ROW, "Order"):
            owner, place = sealed.owners.get(link.start), link.start.key
            if owner is not None and place in known.present and known.belong.get(place) != owner:
                moved.add(owner)
        moved |= {row["id"] for row in made if sealed.new.get(row["key"], row["id"]) != row["id"]}
        if moved:
            await reseal(self._run, self.keys, moved)

    async def _run(self, said: str, asked: Mapping[str, Any]) -> list[Any]:
        return await self.graph.make(said, asked, SECONDS_FOR_A_BATCH)

    @staticmethod
    async def _placed(arrivals: Sequence[Arrival], known: Known, now: datetime, *, again: bool) -> Placed:
        """What becomes of them. A few are placed at once: to another thread and back takes as long as that."""
        if len(arrivals) <= FEW:
            return place(arrivals, known, now, again=again)
        return await asyncio.to_thread(place, arrivals, known, now, again=again)

    async def _look(self, arrivals: Sequence[Arrival]) -> tuple[Known, Sieve]:
        """What the graph knows of the people of these events, and which are of persons who were erased."""
        regions, in_force = await self._of_the_last_load()
        records, systems = [], []
        for record, system in _records(arrivals):
            records.append(record)
            systems.append(system)
        signalled = any(one.opted_out for one in arrivals)
        marks = marked(arrivals, regions, self.suppression)
        asked = replace(asked_of(records, systems, regions, signalled=signalled), hashes=hashes_of(marks)).parameters()
        (told,) = await self.graph.read(text("live_known"), asked, SECONDS_FOR_A_BATCH)
        known = known_of(await self._opened(told), regions, in_force)
        return known, sieve(arrivals, marks, told, self.suppression)

    async def _opened(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer with the rows of live records opened; all their keys are looked up at once."""
        of_people = [one for row in told["people"] for one in row["records"]]
        names = set(names_in([one["row"] for one in (*of_people, *told["records"])]))
        if not names:
            return told
        keys = await self.keys.opening(names)

        def row(one: Mapping[str, Any], place: str) -> dict[str, Any]:
            return {**one, "row": opened_with(keys, one["row"], Place(ROW, "liveRow", one[place]))}

        return {
            **told,
            "people": [
                {**one, "records": [row(record, "place") for record in one["records"]]} for one in told["people"]
            ],
            "records": [row(one, "key") for one in told["records"]],
        }

    async def _of_the_last_load(self, seconds: float = SECONDS_FOR_A_BATCH) -> tuple[tuple[str, ...], InForce]:
        """Where customers live, and by what their golden values are chosen; by the way, how large the graph is."""
        if monotonic() - self._looked_at > SECONDS_A_LOOK_HOLDS:
            self._regions = tuple(sorted(await self.graph.read(text("live_regions"), None, seconds)))
            self._in_force = InForce.of(*await self.graph.read(text("rules_in_force"), None, seconds))
            (held,) = await self.graph.read(text("relationships"), None, seconds)
            self._planned = FOR_GOOD if held >= GROWN else ""
            self._looked_at = monotonic()
        return self._regions, self._in_force

    def _tell_of(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Who follows a customer, or interactions, looks again. What is not told is seen at the next look."""
        for row in rows:
            happens_once = row["label"] == "Interaction"
            key = f"live:{row['record']}" if happens_once else f"live:{row['record']}:{uuid4()}"
            about = frozenset({row["customer"]} - {None})
            self.tell(Happened(key, RECORDED if happens_once else CAME, row["record"], about))


def _records(arrivals: Sequence[Arrival]) -> Iterator[tuple[Record, str]]:
    """Every record that these arrivals hold, with its system; an identify holds two."""
    for arrival in arrivals:
        yield arrival.record(), arrival.system
        if arrival.profile is not None:
            try:
                yield Held(arrival.profile, arrival.keys).profile(arrival.system), arrival.system
            except Unreadable:
                continue
