"""Pairs of which a person has to say, in the graph; and what persons said, which no load overrides."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import pytest_asyncio

from graph.session import Database
from ingest.load import load
from tests.small_company import house, made, person
from tests.test_ingest_load import census, clear, silent

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

ANN_BORN_IN_1960 = person("billing", "K-100001", "Ann", "Leigh", email="a@x.example", born=date(1960, 1, 2))
ANN_BORN_IN_1990 = person("billing", "K-100002", "Ann", "Leigh", email="b@x.example", born=date(1990, 5, 7))
ONE_OF_THEM = person("crm", "C-1", "Ann", "Leigh")
BOB = person("shipping", "SHP0000001", "Bob", "Stone", phone="+441132345678", lives=house(7))
PEOPLE = (ANN_BORN_IN_1960, ANN_BORN_IN_1990, ONE_OF_THEM, BOB)

CANDIDATES = """MATCH (m:MatchCandidate)
RETURN [COLLECT { MATCH (m)-[:COMPARES]->(r) RETURN r.recordId AS key ORDER BY key }, m.state, m.closedBy,
  m.closedAt IS NULL, m.evidence, m.probability] ORDER BY m.sourceKey"""
WHOSE = "MATCH (r:SourceRecord)-[:RESOLVES_TO]->(c:Customer) RETURN [r.recordId, c.id]"
DECIDE = """UNWIND range(0, size($records) - 1) AS place
MATCH (r:SourceRecord {recordId: $records[place]})
MERGE (d:MatchDecision {id: $id})
ON CREATE SET d.at = datetime($at), d.verdict = $verdict, d.reason = 'seen', d.role = 'data_steward', d.actor = 'sam'
MERGE (d)-[on:DECIDED]->(r) SET on.side = place"""
TAKE_BACK = """MATCH (old:MatchDecision {id: $id})
CREATE (:MatchDecision {id: 'dec_undo_' + $id, at: datetime(), verdict: 'UNDONE', reason: '', role: '', actor: ''})
  -[:UNDOES]->(old)"""


@pytest_asyncio.fixture(loop_scope="session")
async def graph(database: Database) -> Database:
    """The four records, loaded."""
    await clear(database)
    await load(database, made(PEOPLE), silent)
    return database


async def whose(graph: Database) -> dict[str, str]:
    """The customer of each record."""
    return dict(await graph.read(WHOSE))


async def decide(graph: Database, verdict: str, *records: str, day: int = 1) -> str:
    """What a person would decide; each record on a side of its own."""
    id_ = f"dec_{verdict}_{day}"
    at = datetime(2026, 1, day, tzinfo=UTC).isoformat()
    await graph.write(DECIDE, {"id": id_, "verdict": verdict, "records": list(records), "at": at})
    return id_


async def test_what_is_unsure_is_asked_once(graph: Database) -> None:
    """A node for each pair with its two records, in words and without values; a second load changes nothing."""
    found = await graph.read(CANDIDATES)
    assert [one[:4] for one in found] == [
        [["C-1", "K-100001"], "OPEN", None, True],
        [["C-1", "K-100002"], "OPEN", None, True],
    ]
    for _, _, _, _, evidence, probability in found:
        assert "given same" in evidence
        assert not any(word in " ".join(evidence) for word in ("Ann", "Leigh", "1960", "Leeds"))
        assert 0 < probability < 1
    before = await census(graph)
    await load(graph, made(PEOPLE), silent)
    assert await census(graph) == before
    assert await graph.read(CANDIDATES) == found


async def test_what_is_not_asked_any_more_is_closed_and_what_is_asked_again_is_open(graph: Database) -> None:
    """Sales learns the birth date: she is the elder. Then it turns out to have been a slip."""
    ids = await graph.read("MATCH (m:MatchCandidate) RETURN m.id ORDER BY m.sourceKey")
    told = replace(ONE_OF_THEM, birth_date=ANN_BORN_IN_1960.birth_date)
    await load(graph, made((*PEOPLE[:2], told, BOB)), silent)
    assert [one[:4] for one in await graph.read(CANDIDATES)] == [
        [["C-1", "K-100001"], "SAME", "matching", False],
        [["C-1", "K-100002"], "DIFFERENT", "matching", False],
    ]
    await load(graph, made(PEOPLE), silent)
    assert [one[1:4] for one in await graph.read(CANDIDATES)] == [["OPEN", None, True]] * 2
    assert await graph.read("MATCH (m:MatchCandidate) RETURN m.id ORDER BY m.sourceKey") == ids


async def test_a_load_that_knows_nothing_of_a_record_answers_nothing(graph: Database) -> None:
    """One of the silos was not delivered."""
    await load(graph, made(PEOPLE[:2]), silent)
    assert [one[1] for one in await graph.read(CANDIDATES)] == ["OPEN", "OPEN"]


async def test_what_a_person_joined_stays_joined(graph: Database) -> None:
    """Whatever the birth dates say; and the question is answered."""
    before = await whose(graph)
    await decide(graph, "MERGED", "K-100001", "K-100002")
    for _ in range(2):
        await load(graph, made(PEOPLE), silent)
        now = await whose(graph)
        assert now["K-100001"] == now["K-100002"]
        assert now["K-100001"] in {before["K-100001"], before["K-100002"]}
    assert {one[1] for one in await graph.read(CANDIDATES)} <= {"SAME", "DIFFERENT", "OPEN"}


async def test_what_a_person_parted_stays_apart(graph: Database) -> None:
    """Though the birth dates would join them now; and nobody is asked again."""
    told = (*PEOPLE[:2], replace(ONE_OF_THEM, birth_date=ANN_BORN_IN_1960.birth_date), BOB)
    id_ = await decide(graph, "SPLIT", "K-100001", "C-1")
    await load(graph, made(told), silent)
    now = await whose(graph)
    assert now["K-100001"] != now["C-1"]
    assert [one[1] for one in await graph.read(CANDIDATES)] == ["DIFFERENT", "DIFFERENT"]
    await graph.write(TAKE_BACK, {"id": id_})
    await load(graph, made(told), silent)
    now = await whose(graph)
    assert now["K-100001"] == now["C-1"]


async def test_the_later_decision_on_a_pair_holds(graph: Database) -> None:
    """Persons may change their minds."""
    await decide(graph, "SPLIT", "K-100001", "C-1", day=1)
    await decide(graph, "MERGED", "K-100001", "C-1", day=2)
    await load(graph, made(PEOPLE), silent)
    now = await whose(graph)
    assert now["K-100001"] == now["C-1"]
    await decide(graph, "SPLIT", "C-1", "K-100001", day=3)
    await load(graph, made(PEOPLE), silent)
    now = await whose(graph)
    assert now["K-100001"] != now["C-1"]
