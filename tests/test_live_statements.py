"""What a batch of live events costs in statements, and that none of them ever looks through a whole graph."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from graph.constraints import statements
from ingest.live.drain import ENOUGH, FOR_GOOD, Drain
from ingest.live.writing import NOTHING
from ingest.statements import Statement, text
from schema.catalogue import complete_model
from tests.live_graph import ADA, Live

pytest_plugins = ["tests.live_graph"]
pytestmark = pytest.mark.asyncio(loop_scope="session")

SCANS = ("AllNodesScan", "LabelScan", "TypeScan", "TypeLookup", "AllRelationshipsScan", "NodeIndexScan")
ASKED = {
    "identities": ["USER_ID:u-1"],
    "records": ["web/events:m-1", "web:u-1"],
    "names": ["Ada Byron"],
    "made": [{"label": "Interaction", "key": "events:m-1"}],
    "decided": True,
}
ROW: dict[str, Any] = {"key": "k", "prefix": "int", "once": {}, "properties": {}, "digest": ""}
BATCH = {
    "once": [{"label": "Channel", "key": "c", "prefix": "chn", "once": {}, "properties": {}, "digest": ""}],
    "nodes": [
        {"label": "SourceRecord", "key": "r", "prefix": "src", "once": {}, "properties": {}, "digest": "", "kept": {}}
    ],
    "link": [
        {
            "type": "RECORDS",
            "from": "SourceRecord",
            "start": "r",
            "to": "Interaction",
            "end": "i",
            "once": {},
            "properties": {},
        }
    ],
    "events": [
        {
            **ROW,
            "record": {**ROW, "kept": {}},
            "channel": ROW,
            "system": "s",
            "customer": "c",
        }
    ],
    "awaited": {"users": ["u"], "devices": ["d"], "records": ["r"]},
    "touched": [{"key": "c", "at": None}],
    "customers": ["c"],
    "stands": [{"customer": "c", "purpose": "p"}],
    "reviews": ["t"],
    "told": [{"label": "Interaction", "key": "i"}],
}


class Counting:
    """A graph that counts what is asked of it."""

    def __init__(self, live: Live) -> None:
        self._database = live.database
        self.reads: list[str] = []
        self.writes: list[str] = []

    async def read(self, said: str, named: Mapping[str, Any] | None = None, timeout: float | None = None) -> list[Any]:
        """As the database."""
        if said not in [text(name) for name in ("live_regions", "rules_in_force", "relationships")]:  # once a minute
            self.reads.append(said)
        return await self._database.read(said, named, timeout)

    async def write_many(self, statements: Iterable[Statement], timeout: float | None = None) -> list[list[Any]]:
        """As the database."""
        asked = tuple(statements)
        self.writes += [said for said, _ in asked]
        return await self._database.write_many(asked, timeout)

    async def make(self, said: str, named: Mapping[str, Any] | None = None, timeout: float | None = None) -> list[Any]:
        """As the database."""
        self.writes.append(said)
        return await self._database.make(said, named, timeout)

    async def change_schema(self, said: str, timeout: float = 60.0) -> None:
        """As the database."""
        await self._database.change_schema(said, timeout)


@pytest.mark.parametrize("several", [1, 20])
async def test_a_batch_is_one_question_and_one_statement(live: Live, several: int) -> None:
    """However much it holds: what is known, and all that is written. What waited is asked for where something does."""
    counting = Counting(live)
    drain = Drain(live.inbox, counting, keys=live.vault)
    await drain.prepare()
    await live.send(live.arrival("identify", userId="u-1", anonymousId="d-1", traits=ADA))
    counting.reads.clear()
    counting.writes.clear()
    await live.inbox.take(
        [
            *(live.arrival("track", userId="u-1", event=f"Event {number}") for number in range(several)),
            live.arrival("identify", userId="u-2", traits={"firstName": "Bo", "lastName": "Chen"}),
            live.row("calls", {"id": "c-1", "started_at": "2026-01-02T03:04:05Z", "notes": "x"}),
        ]
    )
    assert await drain.drain() == several + 2
    assert counting.reads == [text("live_known")]
    assert counting.writes == [text("live_write")]
    assert len(await live.ask("MATCH (i:Interaction) RETURN i.id")) == several + 3


async def test_what_waits_is_asked_for_where_something_does(live: Live) -> None:
    """The statement that makes a device somebody's tells whether anything waits for it."""
    counting = Counting(live)
    drain = Drain(live.inbox, counting, keys=live.vault)
    await live.send(live.arrival("page", anonymousId="d-1", name="Before"))
    await live.inbox.take([live.arrival("identify", userId="u-1", anonymousId="d-1", traits=ADA)])
    await drain.drain()
    assert counting.reads == [text("live_known"), text("live_waiting"), text("live_known")]
    assert counting.writes == [text("live_write")] * 2
    assert sorted(await live.ask("MATCH (:Customer)-[:HAD]->(i) RETURN i.name")) == ["Before", "Signed In"]


async def test_many_events_do_not_wait_for_others(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of few begin some time after one another: the first at once, and so do many."""
    monkeypatch.setattr("ingest.live.drain.SECONDS_BETWEEN_BATCHES", 3600.0)
    draining = asyncio.create_task(Drain(live.inbox, Counting(live), keys=live.vault).keep())

    async def in_the_graph(count: int) -> None:
        async with asyncio.timeout(240):
            while await live.ask("MATCH (i:Interaction) RETURN count(i)") != [count]:  # noqa: ASYNC110  others work
                await asyncio.sleep(0.05)

    try:
        await live.inbox.take([live.arrival("page", anonymousId="d-1", name="First")])
        await in_the_graph(1)
        await live.inbox.take([live.arrival("page", anonymousId="d-1", name=f"Page {n}") for n in range(ENOUGH)])
        await in_the_graph(1 + ENOUGH)
    finally:
        draining.cancel()


async def test_the_plan_of_a_large_graph_is_kept(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a small one it may be made again, which a graph that grows would cost a second now and then."""
    small, large = Counting(live), Counting(live)
    await Drain(live.inbox, small, keys=live.vault).prepare()
    await live.database.write("CREATE (:Filler)-[:FILLS]->(:Filler)")
    monkeypatch.setattr("ingest.live.drain.GROWN", 1)
    await Drain(live.inbox, large, keys=live.vault).prepare()
    assert small.writes == [text("live_write")]
    assert large.writes == [FOR_GOOD + text("live_write")]


async def test_preparing_changes_nothing(live: Live) -> None:
    """It has everything planned, by a batch of nothing; doing it again asks nothing."""
    counting = Counting(live)
    drain = Drain(live.inbox, counting, keys=live.vault)
    await drain.prepare()
    assert (await live.ask("MATCH (n) RETURN count(n)"), counting.writes) == ([0], [text("live_write")])
    await drain.prepare()
    assert counting.writes == [text("live_write")]


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("live_known", {"asked": ASKED}),
        ("live_waiting", {"users": ["u"], "devices": ["d"], "records": ["r"], "after": "", "most": 9}),
        ("live_write", {"batch": {**NOTHING, **BATCH}}),
    ],
)
async def test_no_statement_looks_through_the_graph(live: Live, name: str, named: dict[str, Any]) -> None:
    """Questions are planned on an empty graph, as at the first start, and kept: they use an index all the same."""
    for statement in statements(complete_model()):
        await live.database.change_schema(statement, 240)
    if name == "live_write":
        await live.database.write("UNWIND range(1, 5000) AS n CREATE (:Filler)-[:FILLS]->(:Filler)")
    anew = f"CYPHER replan=force {text(name).replace('CYPHER replan=skip', '')}"
    profile = await live.database.profile(anew, named)
    assert [one for one in profile.operators if any(scan in one for scan in SCANS)] == []
