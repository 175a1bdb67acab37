"""What a data steward decides: the graph follows at once, a load keeps to it, and taking it back restores it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.trail import Trail
from graph.expr import TRUE
from graph.session import Database
from ingest.load import load
from ingest.records import Record
from resolvers import compare
from server.assembly import Assembly, assemble
from server.settings import load as load_settings
from tests.proof.planting import Leak, planted
from tests.small_company import call, decided, house, made, mail, order, person
from tests.test_changes import Desk, codes
from tests.test_ingest_load import clear, silent

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

ANN = (
    person("billing", "K-100001", "Ann", "Leigh", email="ann@x.example", born=date(1960, 1, 2)),
    person("crm", "C-1", "Ann", "Leigh", email="ann@x.example", born=date(1960, 1, 2)),
    order("A00000001", "K-100001"),
    mail("m1", "ann@x.example"),
    decided("d1", "billing", "K-100001", "marketing_email", "granted"),
)
ALSO_ANN = (
    person("shipping", "SHP0000001", "Annie", "Lee", phone="+441132345678", lives=house(2, "CD3 4EF")),
    call("c1", caller="+441132345678"),
    decided("d2", "shipping", "SHP0000001", "marketing_email", "denied"),
)
BOB = (person("crm", "C-9", "Bob", "Stone", phone="+441139876543", lives=house(7)), call("c9", caller="+441139876543"))
COMPANY = (*ANN, *ALSO_ANN, *BOB)

WHOSE = "MATCH (r:SourceRecord)-[:RESOLVES_TO]->(c:Customer) RETURN [r.recordId, c.id]"
RECORDS = "MATCH (r:SourceRecord) RETURN [r.recordId, r.id]"
OWN = "MATCH (:Customer {id: $id})-[:HAD|PLACED|OPENED|GAVE|RECEIVED]->(n) RETURN n.sourceKey ORDER BY n.sourceKey"
STANDS = "MATCH (:Customer {id: $id})-[:STANDS]->(s {purpose: 'marketing.email'}) RETURN s.lawful"
NODES = """MATCH (n) WHERE none(label IN labels(n) WHERE label IN $without)
RETURN [labels(n)[0], coalesce(n.sourceKey, n.id, ''), n { .*, sourceDigest: null }]"""
LINKS = """MATCH (a)-[r]->(b)
WHERE none(label IN labels(a) + labels(b) WHERE label IN $without)
RETURN [type(r), coalesce(a.sourceKey, a.id), coalesce(b.sourceKey, b.id), r { .* }]"""
BESIDE = [
    *("MatchDecision", "CustomerBefore", "Change", "LogClock", "AccessRecord", "TrailCheckpoint", "GraphMigration"),
    *("QualityMeasure", "QualityIssue"),  # of each load anew
]

ANSWERED = ("state", "closedAt", "closedBy", "closedOn", "resolution")

MERGE = "mutation ($input: MergeInput!) { merge(input: $input) { matchDecision { id verdict reason actor } } }"
SPLIT = "mutation ($input: SplitInput!) { split(input: $input) { matchDecision { id records { nodes { id } } } } }"
APART = "mutation ($input: KeepApartInput!) { keepApart(input: $input) { matchDecision { id verdict } } }"
UNDO = "mutation ($input: UndoInput!) { undo(input: $input) { matchDecision { id verdict undoes { id } } } }"


def known(row: Any, but: tuple[str, ...]) -> str:
    """A node or relationship of a census, so that rows can be compared as sets, but for when a load was last."""
    left_out = (*but, "lastAt")
    held = {name: str(value) for name, value in sorted(row[-1].items()) if value is not None and name not in left_out}
    return repr([*row[:-1], held])


async def everything(database: Database, without: list[str] | None = None, but: tuple[str, ...] = ()) -> set[str]:
    """Every node and relationship with all properties, but for decisions and records of changes and looks."""
    asked = {"without": BESIDE if without is None else without}
    return {known(row, but) for text in (NODES, LINKS) for row in await database.read(text, asked)}


class Steward(Desk):
    """A desk at which a data steward asks."""

    async def do(self, text: str, **given: Any) -> dict[str, Any]:
        """What a change came to."""
        answer = await self.ask(text, {"input": {"reason": "seen", **given}}, "data_steward", "sam")
        assert "errors" not in answer, answer
        (payload,) = answer["data"].values()
        (record,) = (value for name, value in payload.items() if name != "clientMutationId")
        found: dict[str, Any] = record
        return found

    async def refused(self, text: str, **given: Any) -> list[str]:
        """The codes of a change that is not made."""
        return codes(await self.ask(text, {"input": {"reason": "seen", **given}}, "data_steward", "sam"))

    async def whose(self) -> dict[str, str]:
        """The customer of each record by the record's key."""
        return dict(await self.database.read(WHOSE))

    async def records(self) -> dict[str, str]:
        """The ids of records by their keys."""
        return dict(await self.database.read(RECORDS))

    async def own(self, customer: str) -> list[str]:
        """What is a customer's."""
        return await self.database.read(OWN, {"id": customer})

    async def lawful(self, customer: str) -> list[bool]:
        """Whether she may be sent marketing."""
        return await self.database.read(STANDS, {"id": customer})

    async def load(self, *records: Record) -> None:
        """Load a company."""
        await load(self.database, made(records), silent, keys=self.assembly.vault)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Assembly]:
    """What all tests share: the folder of the keys, and an assembly."""
    folder = tmp_path_factory.mktemp("desk")
    return folder, assemble(load_settings(data=folder))


@pytest_asyncio.fixture(loop_scope="session")
async def desk(keys: tuple[Path, Assembly], tmp_path: Path, database: Database) -> AsyncIterator[Steward]:
    """A steward over the company above."""
    await clear(database)
    folder, assembly = keys
    await load(database, made(COMPANY), silent, keys=assembly.vault)
    async with Trail(tmp_path / "trail") as trail:
        yield Steward(assembly, LocalIssuer(folder), database, trail)


async def test_a_merge_makes_one_customer_with_all_that_was_theirs(desk: Steward) -> None:
    """Interactions, orders, handles, golden values with provenance; the strictest decision counts."""
    whose = await desk.whose()
    ann, other = whose["K-100001"], whose["SHP0000001"]
    assert ann == whose["C-1"] != other
    assert await desk.lawful(ann) == [True]
    answer = await desk.do(MERGE, customer=ann, others=[other])
    assert (answer["verdict"], answer["reason"], answer["actor"]) == ("MERGED", "seen", "sam")
    now = await desk.whose()
    assert {now[key] for key in ("K-100001", "C-1", "SHP0000001")} == {ann}
    assert await desk.own(ann) == ["calls:c1", "consents:d1", "consents:d2", "mail:m1", "orders:A00000001"]
    assert await desk.lawful(ann) == [False]
    (golden,) = await desk.database.read(
        "MATCH (c:Customer {id: $id}) RETURN [c.email, c.phone, c.orderCount]", {"id": ann}
    )
    assert golden == ["ann@x.example", "+441132345678", 1]
    proven = await desk.database.read(
        "MATCH (:Customer {id: $id})-[:PROVEN_BY]->(p {attribute: 'phone', chosen: true}) RETURN p.recordId",
        {"id": ann},
    )
    assert proven == ["SHP0000001"]
    assert await desk.database.read("MATCH (c:Customer {id: $id}) RETURN c.id", {"id": other}) == []


async def test_a_load_after_a_merge_finds_nothing_to_do(desk: Steward) -> None:
    """There is one truth: what the decision made is what a load makes."""
    whose = await desk.whose()
    await desk.do(MERGE, customer=whose["K-100001"], others=[whose["SHP0000001"]])
    before = await everything(desk.database)
    await desk.load(*COMPANY)
    after = await everything(desk.database)
    assert after - before == set()
    assert before - after == set()


async def test_undo_gives_the_graph_as_it_was(desk: Steward) -> None:
    """Every node, relationship and property, the customer's id among them; the decisions stay on record."""
    before = await everything(desk.database)
    whose = await desk.whose()
    decision = await desk.do(MERGE, customer=whose["K-100001"], others=[whose["SHP0000001"]])
    assert await everything(desk.database) != before
    void = await desk.do(UNDO, decision=decision["id"])
    assert void["undoes"] == {"id": decision["id"]}
    after = await everything(desk.database)
    assert after - before == set()
    assert before - after == set()
    assert await desk.count("MatchDecision") == 2
    assert await desk.refused(UNDO, decision=decision["id"]) == ["CG517"]
    assert await desk.refused(UNDO, decision=void["id"]) == ["CG517"]


async def test_records_are_split_off_as_a_customer_of_their_own(desk: Steward) -> None:
    """What their clues lead to goes with them, the rest stays; undo restores the graph."""
    before = await everything(desk.database)
    whose, records = await desk.whose(), await desk.records()
    ann = whose["K-100001"]
    decision = await desk.do(SPLIT, customer=ann, records=[records["C-1"]])
    now = await desk.whose()
    assert now["K-100001"] == ann
    assert now["C-1"] not in set(whose.values())
    assert await desk.own(ann) == ["consents:d1", "mail:m1", "orders:A00000001"]
    assert await desk.lawful(now["C-1"]) == [False]
    await desk.do(UNDO, decision=decision["id"])
    after = await everything(desk.database, [*BESIDE, "AbsorbedCustomer"])
    assert after - before == set()
    assert before - after == set()


async def test_a_load_keeps_to_a_split(desk: Steward) -> None:
    """Though mailbox and birth date would join them at once."""
    records, whose = await desk.records(), await desk.whose()
    await desk.do(SPLIT, customer=whose["C-1"], records=[records["C-1"]])
    now = await desk.whose()
    await desk.load(*COMPANY)
    assert await desk.whose() == now


async def test_a_split_gives_back_who_was_merged_with_what_came_in_meanwhile(desk: Steward) -> None:
    """Her id, her values, what was hers, and what came in by a record of hers."""
    before = await everything(desk.database, but=ANSWERED)
    whose, records = await desk.whose(), await desk.records()
    ann, other = whose["K-100001"], whose["SHP0000001"]
    await desk.do(MERGE, customer=ann, others=[other])
    later = (call("c2", caller="+441132345678", at=9), mail("m2", "ann@x.example", at=9))
    await desk.load(*COMPANY, *later)
    assert {"calls:c2", "mail:m2"} <= set(await desk.own(ann))
    await desk.do(SPLIT, customer=ann, records=[records["SHP0000001"]])
    assert (await desk.whose())["SHP0000001"] == other
    assert await desk.own(other) == ["calls:c1", "calls:c2", "consents:d2"]
    assert await desk.own(ann) == ["consents:d1", "mail:m1", "mail:m2", "orders:A00000001"]
    assert (await desk.lawful(ann), await desk.lawful(other)) == ([True], [False])
    after = await everything(desk.database, but=ANSWERED)
    new = ("['Customer'", "['LoadedFolder'", "c2", "m2")  # when they were last in touch is later now
    assert {row for row in before ^ after if not any(one in row for one in new)} == set()
    await desk.load(*COMPANY, *later)
    assert await everything(desk.database, but=ANSWERED) == after


async def test_what_was_done_through_the_api_comes_back_too(desk: Steward) -> None:
    """A note on either of them is hers again; a refusal that came in while they were one counts for both."""
    whose = await desk.whose()
    ann, other = whose["K-100001"], whose["SHP0000001"]
    note = "mutation ($i: RecordInteractionInput!) { recordInteraction(input: $i) { interaction { id } } }"
    refuse = "mutation ($i: WithdrawConsentInput!) { withdrawConsent(input: $i) { consent { id } } }"
    given = {"customer": other, "kind": "CALL", "direction": "INBOUND", "channel": "PHONE", "text": "Called."}
    noted = await desk.ask(note, {"i": given})
    before = await everything(desk.database)
    decision = await desk.do(MERGE, customer=ann, others=[other])
    seen = await desk.ask(f'{{ customer(id: "{ann}") {{ interactions {{ nodes {{ id channel {{ kind }} }} }} }} }}')
    calls = [one for one in seen["data"]["customer"]["interactions"]["nodes"]
             if one["id"] == noted["data"]["recordInteraction"]["interaction"]["id"]]  # fmt: skip
    assert [one["channel"] for one in calls] == [{"kind": "PHONE"}]
    await desk.do(UNDO, decision=decision["id"])
    after = await everything(desk.database)
    assert (after - before, before - after) == (set(), set())
    decision = await desk.do(MERGE, customer=ann, others=[other])
    gone = await desk.ask(refuse, {"i": {"customer": ann, "purpose": "service.messages"}}, "privacy_officer", "pia")
    assert "errors" not in gone, gone
    await desk.do(UNDO, decision=decision["id"])
    stands = "MATCH (:Customer {id: $id})-[:STANDS]->(s {purpose: 'service.messages'}) RETURN s.lawful"
    assert [await desk.database.read(stands, {"id": one}) for one in (ann, other)] == [[False], [False]]


async def test_decisions_are_taken_back_the_latest_first(desk: Steward) -> None:
    """What a later decision rests on stays until that one is gone."""
    before = await everything(desk.database)
    whose = await desk.whose()
    ann, other, bob = (whose[key] for key in ("K-100001", "SHP0000001", "C-9"))
    first = await desk.do(MERGE, customer=other, others=[bob])
    second = await desk.do(MERGE, customer=ann, others=[other])
    assert len(set((await desk.whose()).values())) == 1
    assert await desk.refused(UNDO, decision=first["id"]) == ["CG517"]
    await desk.do(UNDO, decision=second["id"])
    await desk.do(UNDO, decision=first["id"])
    after = await everything(desk.database)
    assert (after - before, before - after) == (set(), set())


async def test_what_cannot_be_decided_is_refused_and_nothing_is_written(desk: Steward) -> None:
    """With a code; hidden and missing are one answer."""
    whose, records = await desk.whose(), await desk.records()
    ann, other, bob = (whose[key] for key in ("K-100001", "SHP0000001", "C-9"))
    await desk.database.write("MATCH (c:Customer {id: $id}) SET c.status = 'ERASED'", {"id": bob})
    before = await everything(desk.database, [])
    assert await desk.refused(MERGE, customer=ann, others=[ann]) == ["CG516"]
    assert await desk.refused(MERGE, customer=ann, others=[]) == ["CG516"]
    assert await desk.refused(MERGE, customer=ann, others=[other, other]) == ["CG516"]
    assert await desk.refused(MERGE, customer=ann, others=[other], reason=" ") == ["CG202"]
    assert await desk.refused(SPLIT, customer=ann, records=[records["K-100001"], records["C-1"]]) == ["CG516"]
    assert await desk.refused(SPLIT, customer=ann, records=[records["SHP0000001"]]) == ["CG516"]
    assert await desk.refused(SPLIT, customer=ann, records=[]) == ["CG516"]
    for hidden in (bob, "cus_nobody", records["C-9"], "nonsense"):
        assert await desk.refused(MERGE, customer=ann, others=[other, hidden]) == ["CG210"]
        assert await desk.refused(MERGE, customer=hidden, others=[other]) == ["CG210"]
    assert await desk.refused(SPLIT, customer=ann, records=[records["C-9"]]) == ["CG210"]
    assert await everything(desk.database, []) == before


async def test_a_merge_is_made_once_for_each_key_and_is_on_record(desk: Steward) -> None:
    """Sent again it gives the same decision; the change names whom it is about; others may not decide."""
    whose = await desk.whose()
    ann, other = whose["K-100001"], whose["SHP0000001"]
    given = {"customer": ann, "others": [other], "idempotencyKey": "m-1"}
    first, again = await desk.do(MERGE, **given), await desk.do(MERGE, **given)
    assert first == again
    assert await desk.count("MatchDecision") == 1
    text = "{ changes { nodes { name role purpose viewer fields customers { nodes { id } } } } }"
    (change,) = (await desk.ask(text, role="auditor", subject="ann"))["data"]["changes"]["nodes"]
    assert (change["name"], change["role"], change["viewer"]) == ("merge", "data_steward", "sam")
    assert change["customers"]["nodes"] == [{"id": ann}]
    (one, *_) = await desk.trail.unshipped(5)
    assert one.body["answers"][0]["root"] == "merge"
    refused = await desk.ask(MERGE, {"input": {"reason": "x", "customer": ann, "others": [other]}}, "service_rep")
    assert codes(refused)[0] == "CG201"


CANDIDATES = """{ matchCandidates(orderBy: [{probability: DESC}, {askedAt: ASC}]) { totalCount nodes { id state closedBy
  records { nodes { id recordId customer { id } } } } } }"""
ELDER = person("billing", "K-200001", "Eve", "Long", email="eve@x.example", born=date(1960, 1, 2))
YOUNGER = person("billing", "K-200002", "Eve", "Long", email="evelyn@x.example", born=date(1990, 5, 7))
EITHER = person("crm", "C-2", "Eve", "Long")


async def candidates(desk: Steward) -> dict[tuple[str, ...], dict[str, Any]]:
    """The questions as a steward sees them, by the keys of their records."""
    answer = await desk.ask(CANDIDATES, None, "data_steward", "sam")
    nodes = answer["data"]["matchCandidates"]["nodes"]
    assert answer["data"]["matchCandidates"]["totalCount"] == len(nodes)
    found = {tuple(sorted(record["recordId"] for record in one["records"]["nodes"])): one for one in nodes}
    return {key: one for key, one in found.items() if "C-2" in key}


async def test_a_question_is_there_only_where_both_its_customers_are(desk: Steward) -> None:
    """Who may not see one of them does not learn that somebody is like her: not by list, id or edge."""
    await desk.load(ELDER, YOUNGER, EITHER)
    asked = await candidates(desk)
    assert set(asked) == {("C-2", "K-200001"), ("C-2", "K-200002")}
    elder = (await desk.whose())["K-200001"]
    await desk.database.write("MATCH (c:Customer {id: $id}) SET c.status = 'ERASED'", {"id": elder})
    assert set(await candidates(desk)) == {("C-2", "K-200002")}
    hidden = asked["C-2", "K-200001"]["id"]
    node = await desk.ask(f'{{ node(id: "{hidden}") {{ id }} }}', None, "data_steward", "sam")
    assert node["data"]["node"] is None
    record = (await desk.records())["C-2"]
    around = f'{{ node(id: "{record}") {{ ... on SourceRecord {{ candidates {{ totalCount }} }} }} }}'
    counted = await desk.ask(around, None, "data_steward", "sam")
    assert counted["data"]["node"]["candidates"]["totalCount"] == 1
    assert await desk.refused(APART, candidate=hidden) == ["CG210"]


async def test_a_question_is_answered_by_no_by_a_merge_and_asked_again(desk: Steward) -> None:
    """And a load does not ask what a person answered."""
    await desk.load(ELDER, YOUNGER, EITHER)
    before = await everything(desk.database)
    asked, whose = await candidates(desk), await desk.whose()
    no = await desk.do(APART, candidate=asked["C-2", "K-200002"]["id"])
    yes = await desk.do(MERGE, customer=whose["K-200001"], others=[whose["C-2"]])
    answered = {key: (one["state"], one["closedBy"]) for key, one in (await candidates(desk)).items()}
    assert answered == {("C-2", "K-200001"): ("SAME", "person"), ("C-2", "K-200002"): ("DIFFERENT", "person")}
    await desk.load(ELDER, YOUNGER, EITHER)
    assert {key: (one["state"], one["closedBy"]) for key, one in (await candidates(desk)).items()} == answered
    assert await desk.refused(APART, candidate=asked["C-2", "K-200001"]["id"]) == ["CG516"]
    await desk.do(UNDO, decision=yes["id"])
    await desk.do(UNDO, decision=no["id"])
    after = await everything(desk.database)
    assert (after - before, before - after) == (set(), set())


WHY = """query ($id: ID!) { whyMatched(customer: $id) {
  one other rule probability speaksFor speaksAgainst decided } }"""
WHY_NOT = """query ($one: ID!, $other: ID!) { whyNotMatched(one: $one, other: $other) {
  one other rule probability speaksFor speaksAgainst decided __typename } }"""


async def test_a_steward_is_told_what_holds_records_together(desk: Steward) -> None:
    """The rule and what agrees, in words; where a person joined them that a person did; on record for the customer."""
    whose, records = await desk.whose(), await desk.records()
    ann, other = whose["K-100001"], whose["SHP0000001"]
    (held,) = (await desk.ask(WHY, {"id": ann}, "data_steward", "sam"))["data"]["whyMatched"]
    assert {held["one"], held["other"]} == {records["K-100001"], records["C-1"]}
    assert (held["rule"], held["decided"], held["speaksAgainst"]) == ("handle_and_birth_date", None, [])
    assert "given same" in held["speaksFor"]
    assert not any(word in str(held) for word in ("Ann", "Leigh", "1960", "x.example"))
    assert held["probability"] > 0.9
    (one, *_) = await desk.trail.unshipped(5)
    assert [part["fields"] for part in one.body["answers"][0]["shown"]] == [["SourceRecord.evidence"]]
    assert len(one.body["answers"][0]["shown"][0]["subjects"]) == 1
    await desk.do(MERGE, customer=ann, others=[other])
    told = (await desk.ask(WHY, {"id": ann}, "data_steward", "sam"))["data"]["whyMatched"]
    assert [one["decided"] for one in told] == ["MERGED"] * 3
    seen = "query ($id: ID!) { customer(id: $id) { sourceRecords { nodes { recordId method evidence } } } }"
    found = (await desk.ask(seen, {"id": ann}, "data_steward", "sam"))["data"]["customer"]["sourceRecords"]["nodes"]
    methods = {one["recordId"]: (one["method"], one["evidence"]) for one in found}
    assert methods["SHP0000001"] == ("decided", ["decided by a person"])
    assert methods["C-1"][0] == "handle_and_birth_date"


async def test_a_steward_is_told_what_speaks_for_and_against(desk: Steward) -> None:
    """Of every two records of two customers; and nothing of whom the viewer does not see."""
    await desk.load(ELDER, YOUNGER, EITHER)
    whose = await desk.whose()
    elder, younger = whose["K-200001"], whose["K-200002"]
    (told,) = (await desk.ask(WHY_NOT, {"one": elder, "other": younger}, "data_steward", "sam"))["data"][
        "whyNotMatched"
    ]
    assert told["rule"] is None
    assert "birth dates exclude each other" in told["speaksAgainst"]
    assert "mailboxes of their own, none in common" in told["speaksAgainst"]
    assert "given same" in told["speaksFor"]
    await desk.database.write("MATCH (c:Customer {id: $id}) SET c.status = 'ERASED'", {"id": younger})
    hidden = await desk.ask(WHY_NOT, {"one": elder, "other": younger}, "data_steward", "sam")
    missing = await desk.ask(WHY_NOT, {"one": elder, "other": "cus_nobody"}, "data_steward", "sam")
    assert hidden == missing == {"data": {"whyNotMatched": None}}
    assert codes(await desk.ask(WHY, {"id": elder}, "service_rep"))[0] == "CG201"
    with planted(Leak("compared_unguarded", "only who is seen is compared", compare, "plan_one", _of_all, ())):
        assert await desk.ask(WHY_NOT, {"one": elder, "other": younger}, "data_steward", "sam") != hidden


def _of_all(whole: Any) -> Any:
    def plan_one(*asked: Any) -> Any:
        read, placed = whole(*asked)
        return replace(read, legs=tuple(replace(leg, rows=TRUE) for leg in read.legs)), placed

    return plan_one
