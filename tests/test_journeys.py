"""Journeys on the real graph: one customer's as the API tells it, those of many as they are kept."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.shipping import rows_of
from auth.trail import Trail
from graph.session import Database
from insight.kept.journeys import keep
from schema.journey import journey_of
from server.assembly import Assembly
from tests.test_changes import ADA, BO, CY, PEOPLE, Desk, codes
from tests.test_changes import made as made_desk  # noqa: F401  a fixture
from tests.test_insight_journeys import OWN

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HISTORY = """
MATCH (ada:Customer {id: $ada})-[:OPENED]->(other:Case), (rita:Employee {id: 'emp_7'}), (phone:Channel {id: 'chn_pAda'})
DETACH DELETE other
CREATE (otto:Employee {id: 'emp_8', number: 'rep-8', name: 'Otto', regions: [], languages: []})
CREATE (otto)-[:WORKS_IN]->(:Team {id: 'tea_2', name: 'Parts'})
CREATE (order:Order {id: 'ord_1', number: 'A1', placedAt: datetime('2025-01-03T10:00:00Z'), status: 'completed',
  channel: 'web', itemCount: 1})
CREATE (ada)-[:PLACED]->(order)
CREATE (order)-[:SHIPPED_BY]->(:Shipment {id: 'shp_1', number: 'P1', status: 'DELIVERED', history: [],
  deliveredAt: datetime('2025-01-06T10:00:00Z')})
CREATE (case:Case {id: 'cas_1', number: 'C1', openedAt: datetime('2025-01-07T10:00:00Z'), status: 'closed',
  handovers: 1, closedAt: datetime('2025-01-12T10:00:00Z'),
  queueHistory: ['2025-01-07 10:00 Service UK', '2025-01-09 08:00 Parts']})
CREATE (ada)-[:OPENED]->(case)
CREATE (view:Interaction {id: 'int_1', kind: 'PAGE_VIEW', occurredAt: datetime('2025-01-01T10:00:00Z'), name: 'home'})
CREATE (seen:Interaction {id: 'int_2', kind: 'EVENT', occurredAt: datetime('2025-01-02T10:00:00Z'),
  name: 'Product Viewed'})
CREATE (first:Interaction {id: 'int_3', kind: 'CALL', occurredAt: datetime('2025-01-07T10:00:01Z')})
CREATE (again:Interaction {id: 'int_4', kind: 'CALL', occurredAt: datetime('2025-01-09T10:00:00Z')})
CREATE (mail:Interaction {id: 'int_5', kind: 'EMAIL', occurredAt: datetime('2025-01-10T10:00:00Z'), queue: 'care@'})
CREATE (first)-[:HANDLED_BY]->(rita), (again)-[:HANDLED_BY]->(otto)
CREATE (first)-[:VIA]->(phone), (again)-[:VIA]->(phone)
CREATE (first)-[:ABOUT]->(case), (again)-[:ABOUT]->(case), (mail)-[:ABOUT]->(case)
WITH ada, [view, seen, first, again, mail] AS all
UNWIND all AS one
SET one.direction = 'INBOUND', one.tags = [], one.source = 'x'
CREATE (ada)-[:HAD]->(one)
"""
MANY = """
UNWIND range(1, 12) AS n
CREATE (c:Customer {id: 'cus_m' + toString(n), status: 'ACTIVE', kind: 'PERSON',
  region: CASE WHEN n <= 8 THEN 'DE' ELSE 'FR' END})
CREATE (c)-[:STANDS]->(:Standing {id: 'std_m' + toString(n), purpose: 'operations', lawful: n <> 12,
  basis: 'LEGITIMATE_INTEREST'})
WITH c, n
UNWIND [['EVENT', 'Product Viewed', 1], ['CALL', null, 2 + n % 3], ['PAGE_VIEW', 'home', 5]] AS row
CREATE (c)-[:HAD]->(:Interaction {id: 'int_m' + toString(n) + row[0], kind: row[0], name: row[1], direction: 'INBOUND',
  occurredAt: datetime('2026-01-01T10:00:00Z') + duration({days: row[2]}), tags: [], source: 'x'})
"""
ALL = """query ($id: ID!, $since: DateTime, $until: DateTime, $last: Int! = 50, $before: String) {
  journey(customer: $id, since: $since, until: $until, last: $last, before: $before) {
    words journeys stepCount truncated channelChanges handOvers earlier
    steps { record what at journey stage channel about channelChanged handedOver repeat }
    visits { journey stage title hours steps channels over droppedOff __typename }
    repeats { about times words records }
    next { stage title chance } } }"""
FLOWS = """{ journeyFlows(first: 1000, orderBy: [{ month: ASC }, { fromStage: ASC }, { toStage: ASC }]) { nodes {
  month segment channel before fromStage toStage journeys customers chance medianDwellHours dropOffShare } } }"""
KEPT = "MATCH (n:JourneyFlow) RETURN [n.id, n.sourceKey, n.journeys, n.chance] ORDER BY n.sourceKey"


class Branch(Desk):
    """A desk that asks for journeys."""

    async def journey(self, role: str = "service_rep", subject: str = "rep-7", /, **given: Any) -> dict[str, Any]:
        """Ada's journey, or another's."""
        answer = await self.ask(ALL, {"id": ADA, **given}, role, subject)
        assert "errors" not in answer, answer
        told: dict[str, Any] = answer["data"]["journey"]
        return told


@pytest_asyncio.fixture(loop_scope="session")
async def branch(
    made_desk: tuple[Path, Assembly],  # noqa: F811  a fixture
    tmp_path: Path,
    database: Database,
) -> AsyncIterator[Branch]:
    """Ada with a history, Bo and Cy without; and twelve of whom nobody knows more than where they went."""
    await database.write(PEOPLE, {"ada": ADA, "bo": BO, "cy": CY})
    await database.write(HISTORY, {"ada": ADA})
    await database.write(MANY)
    folder, assembly = made_desk
    async with Trail(tmp_path / "trail") as trail:
        yield Branch(assembly, LocalIssuer(folder), database, trail)


async def test_a_rep_sees_the_whole_way(branch: Branch) -> None:
    """From every channel, in order: where she was how long, what she said twice, which teams had it."""
    told = await branch.journey()
    assert [(one["record"], one["what"], one["stage"], one["channel"]) for one in told["steps"]] == [
        ("int_1", "PAGE_VIEW", "awareness", "WEB"),
        ("int_2", "EVENT", "consideration", None),
        ("ord_1", "ORDER_PLACED", "purchase", "WEB"),
        ("shp_1", "SHIPMENT_DELIVERED", "delivery", None),
        ("cas_1", "CASE_OPENED", "service", None),
        ("int_3", "CALL", "service", "PHONE"),
        ("cas_1", "CASE_MOVED", "service", None),
        ("int_4", "CALL", "service", "PHONE"),
        ("int_5", "EMAIL", "service", "EMAIL"),
        ("cas_1", "CASE_CLOSED", "service", None),
    ]
    assert [one["record"] for one in told["steps"] if one["handedOver"]] == ["cas_1"]
    assert [one["record"] for one in told["steps"] if one["repeat"]] == ["int_4", "int_5"]
    assert (told["journeys"], told["stepCount"], told["handOvers"], told["channelChanges"]) == (1, 10, 1, 2)
    assert [(one["stage"], one["hours"], one["over"]) for one in told["visits"]] == [
        ("awareness", 24, False),
        ("consideration", 24, False),
        ("purchase", 72, False),
        ("delivery", 24, False),
        ("service", 120, True),
    ]
    assert told["visits"][0]["__typename"] == "JourneyVisit"
    assert told["repeats"] == [
        {
            "about": "cas_1",
            "times": 3,
            "words": "Had to be explained three times, over two days.",
            "records": ["int_3", "int_4", "int_5"],
        }
    ]
    assert told["next"] is None
    assert "One matter had to be explained three times." in told["words"]


async def test_steps_come_page_after_page(branch: Branch) -> None:
    """Backwards, with cursors of this question and this viewer alone; what is counted stays that of the whole."""
    whole = (await branch.journey())["steps"]
    pages: list[dict[str, Any]] = []
    before: str | None = None
    while True:
        told = await branch.journey(last=4, before=before)
        assert told["stepCount"] == 10
        pages = told["steps"] + pages
        if (before := told["earlier"]) is None:
            break
        assert "int_" not in before
    assert pages == whole
    cursor = (await branch.journey(last=4))["earlier"]
    since = "2025-01-01T00:00:00Z"
    for asked in ({"before": cursor, "since": since}, {"before": "nonsense"}):
        assert codes(await branch.ask(ALL, {"id": ADA, **asked})) == ["CG203"]


async def test_a_window_is_as_if_there_were_nothing_else(branch: Branch) -> None:
    """Its ends belong to it."""
    told = await branch.journey(since="2025-01-03T10:00:00Z", until="2025-01-09T08:00:00Z")
    assert [one["record"] for one in told["steps"]] == ["ord_1", "shp_1", "cas_1", "int_3", "cas_1"]
    assert [one["stage"] for one in told["visits"]] == ["purchase", "delivery", "service"]
    assert (await branch.journey(until="2024-01-01T00:00:00Z"))["words"] == "Nothing is on record."
    assert codes(await branch.ask(ALL, {"id": ADA, "last": 1001})) == ["CG202"]


async def test_who_is_not_there_has_no_journey(branch: Branch) -> None:
    """Not yours and not there are one answer; the look is on record either way."""
    for who, whom in (
        (("service_rep", "rep-7"), BO),
        (("service_rep", "rep-7"), CY),
        (("service_rep", "rep-7"), "cus_nobody"),
        (("service_rep", "rep-7"), "int_1"),
        (("customer", BO), ADA),
    ):
        assert await branch.ask(ALL, {"id": whom}, *who) == {"data": {"journey": None}}, (who, whom)
    for role in ("marketer", "auditor"):
        assert codes(await branch.ask(ALL, {"id": ADA}, role)) == ["CG201"]


async def test_a_role_that_sees_less_is_told_less(branch: Branch) -> None:
    """A customer sees no teams and no company figures; a steward no names of pages."""
    own = await branch.journey("customer", ADA)
    assert own["handOvers"] == 0
    assert own["repeats"] == []
    assert own["next"] is None
    assert [one["stage"] for one in own["visits"]][:2] == ["awareness", "consideration"]
    steward = await branch.journey("data_steward", "stew")
    assert "awareness" not in [one["stage"] for one in steward["visits"]]


async def test_the_look_is_on_record(branch: Branch) -> None:
    """Whose it was, and what was read of it."""
    await branch.journey()
    kept = await branch.trail.unshipped(10)
    rows = [row for one in kept for row in rows_of(one, branch.trail.segment)]
    assert {row["properties"]["root"] for row in rows} == {"journey"}
    assert {who for row in rows for who in row["subjects"]} == {ADA}
    fields = {field for row in rows for field in row["properties"]["fields"]}
    assert {"Interaction.occurredAt", "Interaction.kind", "Case.openedAt", "Order.placedAt"} <= fields


async def test_ten_thousand_interactions_are_told_and_no_more(branch: Branch) -> None:
    """What is left out is the earliest, and that it is so is told."""
    await branch.database.write(
        """MATCH (c:Customer {id: $ada}) UNWIND range(1, 10005) AS n
        CREATE (c)-[:HAD]->(:Interaction {id: 'int_x' + toString(n), kind: 'PAGE_VIEW', direction: 'INBOUND',
          name: 'home', occurredAt: datetime('2025-02-01T00:00:00Z') + duration({minutes: n}),
          tags: [], source: 'x'})""",
        {"ada": ADA},
    )
    told = await branch.journey(last=1)
    assert told["truncated"] is True
    assert [one["record"] for one in told["steps"]] == ["int_x10005"]
    assert told["stepCount"] == 10_000 + 5
    short = await branch.journey(until="2025-01-31T00:00:00Z")
    assert short["truncated"] is False


async def test_flows_are_kept_of_many_and_of_nobody(branch: Branch) -> None:
    """Once however often it is done; small groups are not there; what is no longer so goes."""
    said = await keep(branch.database, NOW)
    assert said.endswith("of fewer than 5 customers, or beside such, are not kept.")
    assert "11 journeys of 11 customers" in said
    first = await branch.database.read(KEPT)
    assert first
    assert await keep(branch.database, NOW) == said
    assert await branch.database.read(KEPT) == first

    flows: list[dict[str, Any]] = []
    for role in ("operations_manager", "marketer", "data_scientist", "privacy_officer", "auditor", "service_rep"):
        answer = await branch.ask(FLOWS, None, role)
        assert "errors" not in answer, answer
        flows = answer["data"]["journeyFlows"]["nodes"]
        assert flows, role
        assert all(one["customers"] >= 5 for one in flows)
    for role in ("customer", "data_steward"):
        assert codes(await branch.ask(FLOWS, None, role)) == ["CG201"]
    (way,) = (
        one
        for one in flows
        if (one["fromStage"], one["toStage"], one["before"]) == ("service", "awareness", "*")
        and (one["month"], one["segment"], one["channel"]) == ("*", "*", "*")
    )
    assert (way["journeys"], way["customers"], way["dropOffShare"]) == (11, 11, 0)
    assert way["chance"] > 0.5
    assert way["medianDwellHours"] == pytest.approx(48, rel=0.05)
    assert not [one for one in flows if one["segment"] == "FR"]

    await branch.database.write("MATCH (s:Standing {purpose: 'operations'}) SET s.lawful = false")
    assert (await keep(branch.database, NOW)).startswith("0 figures of 0 journeys of 0 customers")
    assert await branch.database.read(KEPT) == []


async def test_what_may_come_next_is_what_came_for_others(branch: Branch) -> None:
    """For roles that see the company's figures: of the stage where the customer is."""
    await keep(branch.database, NOW)
    told = await branch.journey(since="2025-01-01T00:00:00Z", until="2025-01-02T11:00:00Z")
    assert [one["stage"] for one in told["next"]][:1] == ["consideration"]  # the journey is over: how the next begins
    await branch.database.write(
        """MATCH (c:Customer {id: $ada})
        CREATE (c)-[:HAD]->(:Interaction {id: 'int_n', kind: 'EVENT', direction: 'INBOUND',
          name: 'Product Viewed', occurredAt: datetime() - duration({hours: 1}), tags: [], source: 'x'})""",
        {"ada": ADA},
    )
    (likely, *_) = (await branch.journey())["next"]
    assert (likely["stage"], likely["title"]) == ("service", "asks for help")
    assert 0.5 < likely["chance"] < 1
    assert (await branch.journey("customer", ADA))["next"] is None


async def test_a_company_keeps_its_own_stages(branch: Branch) -> None:
    """What is kept goes by the file that holds."""
    own = journey_of(
        OWN.replace('states = ["Returned"]\n', "").replace('of = "order"', 'of = "interaction"'), "own.toml"
    )
    await keep(branch.database, NOW, own)
    stages = await branch.database.read("MATCH (n:JourneyFlow) RETURN DISTINCT n.fromStage AS stage ORDER BY stage")
    assert stages == ["START", "browse"]
