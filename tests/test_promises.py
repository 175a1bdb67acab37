"""What customers are promised: made and closed once, seen by each role as its policy says, and theirs for good."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import orjson
import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.trail import Trail
from graph.session import Database
from ingest.load import load
from server.assembly import Assembly
from tests.small_company import made
from tests.test_changes import ADA, BO, CY, PEOPLE, Desk, codes
from tests.test_changes import made as made_desk  # noqa: F401  a fixture
from tests.test_ingest_load import silent
from tests.test_requests_merged import merged, undo
from tests.test_retention import ANN, BOB, NOW, Office, office  # noqa: F401  a fixture

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

SOON = (datetime.now(UTC) + timedelta(days=2)).replace(microsecond=0)
DUE = SOON.astimezone(timezone(timedelta(hours=2))).isoformat()
MAKE = """mutation ($i: MakePromiseInput!) { makePromise(input: $i) { clientMutationId promise {
  id what whatRedacted state madeAt dueAt closedAt
  customer { id } case { number } order { number } madeBy { number } _withheld { field reason } } } }"""
CLOSED = "{ promise { state closedAt outcome } } }"
KEEP = f"mutation ($i: KeepPromiseInput!) {{ made: keepPromise(input: $i) {CLOSED}"
BREAK = f"mutation ($i: BreakPromiseInput!) {{ made: breakPromise(input: $i) {CLOSED}"
WITHDRAW = f"mutation ($i: WithdrawPromiseInput!) {{ made: withdrawPromise(input: $i) {CLOSED}"
OPEN = """mutation ($i: OpenCaseInput!) { openCase(input: $i) { case {
  id order { number } team { name } agent { number } } } }"""
NOTE = """mutation ($i: RecordInteractionInput!) { recordInteraction(input: $i) { interaction { id about { nodes {
  ... on Case { number } ... on Order { number } } } } } }"""
BACK = {"customer": ADA, "what": "Ada gets a new rope, says Rita", "dueAt": DUE}
CALL = {"customer": ADA, "kind": "VISIT", "direction": "INBOUND"}
THINGS = """MATCH (ada:Customer {id: $ada}), (bo:Customer {id: $bo}), (cy:Customer {id: $cy})
CREATE (ada)-[:PLACED]->(:Order {id: 'ord_Ada', number: 'O-Ada', placedAt: datetime(), status: 'sent', itemCount: 1})
CREATE (bo)-[:PLACED]->(:Order {id: 'ord_Bo', number: 'O-Bo', placedAt: datetime(), status: 'sent', itemCount: 1})
CREATE (:Customer {id: 'cus_dee', name: 'Dee', region: 'GB', status: 'ACTIVE', kind: 'PERSON', orderCount: 0})
  -[:OPENED]->(:Case {id: 'cas_Dee', number: 'CS-Dee', openedAt: datetime(), status: 'open', handovers: 0})
CREATE (ada)-[:STANDS]->(:Standing {id: 'sto_Ada', purpose: 'operations', lawful: true, basis: 'LEGITIMATE_INTEREST'})
CREATE (:Team {id: 'tea_2', name: 'Returns'})"""


@pytest_asyncio.fixture(loop_scope="session")
async def desk(
    made_desk: tuple[Path, Assembly],  # noqa: F811  a fixture
    tmp_path: Path,
    database: Database,
) -> AsyncIterator[Desk]:
    """Three people as ever, an order of two of them, one more customer of the rep's with a case, and another team."""
    who = {"ada": ADA, "bo": BO, "cy": CY}
    await database.write(PEOPLE, who)
    await database.write(THINGS, who)
    folder, assembly = made_desk
    async with Trail(tmp_path / "trail") as trail:
        yield Desk(assembly, LocalIssuer(folder), database, trail)


async def promised(desk: Desk, **more: Any) -> str:
    """A promise to Ada; its id."""
    answer = await desk.ask(MAKE, {"i": {**BACK, **more}})
    assert "errors" not in answer, answer
    return str(answer["data"]["makePromise"]["promise"]["id"])


async def test_a_rep_promises_something(desk: Desk) -> None:
    """By when, in which case, about which order; with its redacted twin and who promised it."""
    answer = await desk.ask(MAKE, {"i": {**BACK, "case": "cas_Ada", "order": "ord_Ada", "clientMutationId": "p1"}})
    assert "errors" not in answer, answer
    payload = answer["data"]["makePromise"]
    found = payload["promise"]
    assert found.pop("id").startswith("prm_")
    assert datetime.fromisoformat(found.pop("madeAt")) <= datetime.now(UTC)
    assert found.pop("dueAt") == SOON.isoformat().replace("+00:00", "Z")
    assert payload["clientMutationId"] == "p1"
    assert found == {
        "what": "Ada gets a new rope, says Rita",
        "whatRedacted": "[NAME] gets a new rope, says [NAME]",
        "state": "OPEN",
        "closedAt": None,
        "customer": {"id": ADA},
        "case": {"number": "CS-Ada"},
        "order": {"number": "O-Ada"},
        "madeBy": {"number": "rep-7"},
        "_withheld": [],
    }
    log = await desk.ask(
        "{ changes { nodes { name fields customers { nodes { id } } } } }", role="auditor", subject="ann"
    )
    (change,) = log["data"]["changes"]["nodes"]
    assert (change["name"], change["customers"]["nodes"]) == ("makePromise", [{"id": ADA}])
    assert {"Promise.what", "Promise.dueAt"} <= set(change["fields"])


@pytest.mark.parametrize(
    ("text", "state", "outcome"),
    [(KEEP, "KEPT", None), (BREAK, "BROKEN", "sold out"), (WITHDRAW, "WITHDRAWN", "she has one")],
)
async def test_a_promise_is_closed_once(desk: Desk, text: str, state: str, outcome: str | None) -> None:
    """By whichever of the ways comes first, also where several come at once."""
    promise = await promised(desk)
    given = {"i": {"promise": promise, **({"outcome": outcome} if outcome else {})}}
    answers = await asyncio.gather(*(desk.ask(text, given) for _ in range(4)))
    (closed,) = [one["data"]["made"]["promise"] for one in answers if "errors" not in one]
    assert datetime.fromisoformat(closed.pop("closedAt")) <= datetime.now(UTC)
    assert closed == {"state": state, "outcome": outcome}
    assert [codes(one) for one in answers if "errors" in one] == [["CG720"]] * 3
    for other in (KEEP, BREAK, WITHDRAW):
        assert codes(await desk.ask(other, {"i": {"promise": promise, "outcome": "again"}})) == ["CG720"]
    assert await desk.count("Change") == 2


async def test_what_is_open_and_late_is_a_question_of_the_hour(desk: Desk) -> None:
    """The reader says which hour; what is closed is not late."""
    late, kept = await promised(desk), await promised(desk)
    await desk.ask(KEEP, {"i": {"promise": kept}})
    text = """query ($at: DateTime!) { promises(where: {state: {eq: OPEN}, dueAt: {lt: $at}}, orderBy: [{dueAt: ASC}]) {
      nodes { id } } }"""
    before, after = (SOON + timedelta(hours=hours) for hours in (-1, 1))
    assert (await desk.ask(text, {"at": before.isoformat()}))["data"]["promises"]["nodes"] == []
    assert (await desk.ask(text, {"at": after.isoformat()}))["data"]["promises"]["nodes"] == [{"id": late}]


@pytest.mark.parametrize(
    "given",
    [{"dueAt": "2020-01-01T00:00:00Z"}, {"dueAt": "2999-01-01T00:00:00"}, {"what": " "}, {"what": "x" * 501}],
    ids=["past", "no offset", "nothing", "long"],
)
async def test_a_promise_that_cannot_be_is_refused(desk: Desk, given: dict[str, Any]) -> None:
    """And nothing is written; nor is one broken without a word why."""
    assert codes(await desk.ask(MAKE, {"i": {**BACK, **given}})) == ["CG202"]
    assert (await desk.count("Promise"), await desk.count("Change")) == (0, 0)
    promise = await promised(desk)
    assert codes(await desk.ask(BREAK, {"i": {"promise": promise, "outcome": " "}})) == ["CG202"]
    assert await desk.database.read("MATCH (p:Promise) RETURN p.state") == ["OPEN"]


@pytest.mark.parametrize("customer", [BO, CY, "cus_nobody", "cas_Ada"])
async def test_a_customer_of_others_is_not_there(desk: Desk, customer: str) -> None:
    """Nor are her promises: the same answer as for what does not exist."""
    hidden = await desk.ask(MAKE, {"i": {**BACK, "customer": customer}})
    assert hidden == await desk.ask(MAKE, {"i": {**BACK, "customer": "cus_missing"}})
    assert codes(hidden) == ["CG210"]
    await desk.database.write(
        "MATCH (c:Customer {id: $id}) CREATE (c)-[:WAS_PROMISED]->(:Promise {id: 'prm_bo', state: 'OPEN', "
        "madeAt: datetime(), dueAt: datetime()})",
        {"id": BO},
    )
    theirs = await desk.ask(KEEP, {"i": {"promise": "prm_bo"}})
    assert theirs == await desk.ask(KEEP, {"i": {"promise": "prm_missing"}})
    assert codes(theirs) == ["CG210"]
    assert (await desk.ask("{ promises { totalCount nodes { id } } }"))["data"]["promises"] == {
        "totalCount": 0,
        "nodes": [],
    }


@pytest.mark.parametrize(
    ("text", "given"),
    [(MAKE, BACK), (NOTE, CALL), (OPEN, {"customer": ADA, "subject": "Rope"})],
    ids=["promise", "note", "case"],
)
async def test_what_is_named_beside_is_there_and_the_customers(desk: Desk, text: str, given: dict[str, Any]) -> None:
    """A hidden order is a missing one; that of another customer whom the rep sees is refused in words of its own."""
    hidden = await desk.ask(text, {"i": {**given, "order": "ord_Bo"}})
    assert hidden == await desk.ask(text, {"i": {**given, "order": "ord_missing"}})
    assert codes(hidden) == ["CG210"]
    assert codes(await desk.ask(text, {"i": {**given, "order": "cas_Ada"}})) == ["CG210"]
    if text is not OPEN:
        assert codes(await desk.ask(text, {"i": {**given, "case": "cas_Dee"}})) == ["CG721"]
        assert codes(await desk.ask(text, {"i": {**given, "case": "cas_Ada", "order": "ord_Bo"}})) == ["CG210"]
    assert await desk.count("Change") == 0
    assert "errors" not in await desk.ask(text, {"i": {**given, "order": "ord_Ada"}})
    assert "errors" not in await desk.ask(text, {"i": {**given, "order": None}})


async def test_a_case_goes_to_the_team_that_is_named(desk: Desk) -> None:
    """Nobody of it works on it yet. With one's own team, or none, it is one's own; with the order that it is about."""
    opened = []
    for team in ("tea_2", "tea_1", None):
        given = {"customer": ADA, "subject": "Rope", "order": "ord_Ada", "team": team}
        case = (await desk.ask(OPEN, {"i": given}))["data"]["openCase"]["case"]
        case.pop("id")
        opened.append(case)
    order, mine = {"number": "O-Ada"}, {"team": {"name": "Service UK"}, "agent": {"number": "rep-7"}}
    assert opened == [{"order": order, "team": {"name": "Returns"}, "agent": None}, *([{"order": order, **mine}] * 2)]
    assert codes(await desk.ask(OPEN, {"i": {"customer": ADA, "subject": "x", "team": "tea_9"}})) == ["CG210"]


async def test_a_note_is_about_a_case_and_an_order(desk: Desk) -> None:
    """And stands among the interactions of the case."""
    answer = await desk.ask(NOTE, {"i": {**CALL, "text": "Came by.", "case": "cas_Ada", "order": "ord_Ada"}})
    about = answer["data"]["recordInteraction"]["interaction"]["about"]["nodes"]
    assert sorted(one["number"] for one in about) == ["CS-Ada", "O-Ada"]
    text = '{ node(id: "cas_Ada") { ... on Case { interactions { nodes { kind } } } } }'
    assert (await desk.ask(text))["data"]["node"]["interactions"]["nodes"] == [{"kind": "VISIT"}]


async def test_each_role_sees_of_a_promise_what_its_policy_says(desk: Desk) -> None:
    """The customer what she was promised; those who count promises no names; a marketer does not know of promises."""
    await promised(desk)
    full, plain, redacted = ("{ promises { nodes { state " + more + "} } }" for more in ("what ", "", "whatRedacted "))
    hers = await desk.ask(full, role="customer", subject=ADA)
    assert hers["data"]["promises"]["nodes"] == [{"state": "OPEN", "what": BACK["what"]}]
    assert (await desk.ask(full, role="customer", subject=BO))["data"]["promises"]["nodes"] == []
    assert codes(await desk.ask(full, role="operations_manager")) == ["CG201"]
    managed = await desk.ask(redacted, role="operations_manager")
    assert managed["data"]["promises"]["nodes"][0]["whatRedacted"] == "[NAME] gets a new rope, says [NAME]"
    assert (await desk.ask(plain, role="data_steward"))["data"]["promises"]["nodes"] == [{"state": "OPEN"}]
    assert (await desk.ask(plain.replace("state", "state what"), role="auditor"))["data"]["promises"]["nodes"] == [
        {"state": "OPEN", "what": None}
    ]
    assert codes(await desk.ask(plain, role="marketer")) == ["CG201"]
    await desk.database.write(
        "MATCH (:Customer {id: $id})-[:STANDS]->(s {purpose: 'service'}) SET s.lawful = false", {"id": ADA}
    )
    text = "{ promises { nodes { what whatRedacted dueAt _withheld { field reason } } } }"
    (shown,) = (await desk.ask(text))["data"]["promises"]["nodes"]
    assert (shown["what"], shown["_withheld"][0]) == (None, {"field": "what", "reason": "NO_LEGAL_BASIS"})


async def test_a_system_is_told_of_a_promise_and_of_no_word_in_it(desk: Desk) -> None:
    """When it is made, and what became of it."""
    await desk.database.write("CREATE (:SourceSystem {id: 'sys_crm', name: 'crm', takes: ['promise']})")
    promise = await promised(desk, what="Secret rope")
    await desk.ask(WITHDRAW, {"i": {"promise": promise, "outcome": "Secret reason"}})
    bodies = await desk.database.read("MATCH (d:Delivery) RETURN d.body ORDER BY d.sequence")
    told = [orjson.loads(one)["data"]["promise"] for one in bodies]
    assert [(one["id"], one["state"]) for one in told] == [(promise, "OPEN"), (promise, "WITHDRAWN")]
    assert datetime.fromisoformat(told[0]["dueAt"]) == datetime.fromisoformat(told[1]["dueAt"]) == SOON
    assert "Secret" not in "".join(bodies)


WHOSE = """MATCH (c:Customer)-[:WAS_PROMISED]->(p:Promise)-[:PROMISED_IN]->(k:Case)<-[:OPENED]-(c)
MATCH (c)-[:HAD]->(i:Interaction {source: 'api'})-[:ABOUT]->(k) RETURN c.id"""


async def helped(office: Office, name: str) -> None:  # noqa: F811  a fixture
    """A note, a case and a promise for a customer."""
    customer = await office.id_of(name)
    opened = await office.ask(OPEN, {"i": {"customer": customer, "subject": "Rope"}})
    case = opened["data"]["openCase"]["case"]["id"]
    for text, given in ((NOTE, CALL), (MAKE, BACK)):
        answer = await office.ask(text, {"i": {**given, "customer": customer, "case": case}})
        assert "errors" not in answer, answer


async def test_it_goes_with_a_merge_and_back_and_outlives_loads(office: Office) -> None:  # noqa: F811  a fixture
    """As all that is hers."""
    await helped(office, "Bob Stone")
    await office.load()
    ann, bob, decision = await merged(office)
    assert await office.database.read(WHOSE) == [ann]
    await undo(office, decision)
    assert await office.database.read(WHOSE) == [bob]
    await office.load()
    assert await office.database.read(WHOSE) == [bob]


@pytest.mark.parametrize("name", ["Ann Leigh", "Bob Stone"])
async def test_a_load_that_joins_two_customers_keeps_it(office: Office, name: str) -> None:  # noqa: F811  a fixture
    """Whichever of the two had it: the case too, which no system has delivered yet."""
    await helped(office, name)
    again = replace(BOB, name=ANN.name, emails=ANN.emails)
    await load(office.database, made((ANN, again)), silent, now=NOW)
    (survivor,) = await office.database.read("MATCH (c:Customer) RETURN c.id")
    assert await office.database.read(WHOSE) == [survivor]
