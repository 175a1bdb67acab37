"""Lists that are followed, of a real server: the decisions of a customer, and the review tasks of a desk.

Whoever wrote a record, each follower is told of it through her own View, once, and again only where it reads otherwise.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection

from graph.session import Connection
from tests.live_graph import Live
from tests.test_changes import ADA, BO, CY
from tests.test_hostile import Server, started
from tests.test_live import (
    PATIENCE,
    PATIENT,
    connection,  # noqa: F401  a fixture
    hear,
    initialised,
    one,  # noqa: F401  a fixture
    server,  # noqa: F401  a fixture
    socket,
    stream,
    subscribe,
    token,
)

pytest_plugins = ["tests.live_graph"]
pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

SHOWN = Path(__file__).parent / "following"
CONSENTS = """subscription ($id: ID!, $after: String, $current: Boolean) {
  consentRecorded(customer: $id, after: $after, current: $current) { cursor node { id purpose state method } } }"""
TASKS = """subscription ($kinds: [ReviewKind!], $after: String, $current: Boolean) {
  reviewTaskChanged(kinds: $kinds, after: $after, current: $current) { cursor node { id kind state } } }"""
WITHDRAW = """mutation ($id: ID!) { withdrawConsent(input: {customer: $id, purpose: "marketing.email"}) {
  consent { id state } } }"""
CONFIRM = 'mutation ($id: ID!) { confirmReview(input: {task: $id, reason: "It says so."}) { reviewTask { state } } }'
DECIDED = """MATCH (c:Customer {id: $customer})
CREATE (c)-[:GAVE]->(:Consent {id: $id, sourceKey: 'consents:' + $id, purpose: 'analytics', state: 'REFUSED',
  legalBasis: 'CONSENT', capturedAt: datetime($at), source: 'crm', onRecord: 'crm:' + $id}) RETURN 1"""
FOUND = """MATCH (c:Customer {id: $customer})
CREATE (:ReviewTask {id: $id, sourceKey: 'task:' + $id, kind: $kind, state: 'OPEN', purposes: [], aboutAnother: false,
  foundAt: datetime($at), saidAt: datetime($at), confidence: 0.9})-[:ASKS_ABOUT]->(c) RETURN 1"""


def consent(told: dict[str, Any]) -> tuple[str, str]:
    """Id and state of the decision of an event."""
    node = told["payload"]["data"]["consentRecorded"]["node"]
    return node["id"], node["state"]


def task(told: dict[str, Any]) -> tuple[str, str]:
    """Id and state of the task of an event."""
    node = told["payload"]["data"]["reviewTaskChanged"]["node"]
    return node["id"], node["state"]


def cursor(told: dict[str, Any]) -> str:
    """Where an event stands."""
    (edge,) = told["payload"]["data"].values()
    return str(edge["cursor"])


async def ask(server: Server, text: str, authorization: str, **variables: Any) -> dict[str, Any]:  # noqa: F811  a fixture
    """A plain request."""
    async with httpx.AsyncClient(base_url=server.address, timeout=PATIENCE) as client:
        body = {"query": text, "variables": variables}
        response = await client.post("/graphql", json=body, headers={"authorization": authorization})
    answer: dict[str, Any] = response.json()
    return answer


async def decided(server: Server, id_: str, at: str, customer: str = ADA) -> None:  # noqa: F811  a fixture
    """A decision that came in past the API, as a load brings it: its time says nothing of when it came."""
    await server.database.write(DECIDED, {"customer": customer, "id": id_, "at": at})


async def found(server: Server, id_: str, kind: str, at: str, customer: str = ADA) -> None:  # noqa: F811  a fixture
    """A finding of a load."""
    await server.database.write(FOUND, {"customer": customer, "id": id_, "kind": kind, "at": at})


async def refused(made: ClientConnection, text: str, authorization: str, **variables: Any) -> Any:
    """The errors with which a subscription ends that never begins."""
    await subscribe(made, "r", text, **variables)
    told = await hear(made)
    assert told["type"] == "error", told
    return told["payload"]


async def test_decisions_are_followed_whoever_wrote_them(server: Server) -> None:  # noqa: F811  a fixture
    """What is there first, where asked; then a change, and what a load brings, though it was decided long before."""
    async with socket(server) as made:
        await initialised(made, token(server))
        await subscribe(made, "1", CONSENTS, id=ADA, current=True)
        first = await hear(made)
        assert consent(first) == ("con_Ada", "GIVEN")
        answer = await ask(server, WITHDRAW, token(server), id=ADA)
        second = await hear(made)
        assert consent(second) == (answer["data"]["withdrawConsent"]["consent"]["id"], "WITHDRAWN")
        await decided(server, "con_old", "2019-01-01T00:00:00Z")
        await decided(server, "con_Bos", "2019-01-01T00:00:00Z", BO)
        third = await hear(made)
        assert consent(third) == ("con_old", "REFUSED")
        assert len({cursor(told) for told in (first, second, third)}) == 3


@pytest.mark.parametrize(
    ("name", "role", "subject"), [("consents", "service_rep", "rep-7"), ("desk", "data_steward", "sue")]
)
async def test_docs_show_what_is_told(server: Server, name: str, role: str, subject: str) -> None:  # noqa: F811  a fixture
    """As docs/for-frontend-teams.md prints it: the document, and its events as they come; cursors are left out."""
    await found(server, "rev_0", "COMPLAINT", "2022-01-01T00:00:00Z")
    text, shown = ((SHOWN / f"{name}.{kind}").read_text(encoding="utf-8") for kind in ("graphql", "txt"))
    said = []
    async with stream(server, text, {"customer": ADA}, token(server, subject, role)) as events:
        said.append(await anext(events))
        await ask(server, WITHDRAW, token(server), id=ADA)
        await ask(server, CONFIRM, token(server), id="rev_0")
        said.append(await anext(events))
    for _, told in said:
        (edge,) = told["data"].values()
        edge["cursor"] = "..."
    lines = [f"event: {kind}\ndata: {orjson.dumps(told).decode()}\n" for kind, told in said]
    assert "\n".join(lines) == shown


async def test_whoever_comes_back_is_told_what_came_meanwhile(server: Server) -> None:  # noqa: F811  a fixture
    """By the cursor of the last event, over server-sent events and over WebSocket alike, each once."""
    async with stream(server, CONSENTS, {"id": ADA, "current": True}, token(server)) as events:
        _, told = await anext(events)
    held = told["data"]["consentRecorded"]["cursor"]
    await decided(server, "con_1", "2022-01-01T00:00:00Z")
    await decided(server, "con_2", "2020-01-01T00:00:00Z")
    async with stream(server, CONSENTS, {"id": ADA, "after": held}, token(server)) as events:
        later = [(await anext(events))[1]["data"]["consentRecorded"] for _ in range(2)]
    assert [edge["node"]["id"] for edge in later] == ["con_2", "con_1"]  # in the order in which they were taken
    async with socket(server) as made:
        await initialised(made, token(server))
        await subscribe(made, "1", CONSENTS, id=ADA, after=later[0]["cursor"])
        assert consent(await hear(made)) == ("con_1", "REFUSED")
        await subscribe(made, "2", CONSENTS, id=ADA, after=later[1]["cursor"])
        await decided(server, "con_3", "2018-01-01T00:00:00Z")
        assert {consent(await hear(made)) for _ in range(2)} == {("con_3", "REFUSED")}


async def test_a_cursor_is_good_for_its_viewer_and_list_alone(server: Server) -> None:  # noqa: F811  a fixture
    """One answer for every other, and for what is none."""
    async with stream(server, CONSENTS, {"id": ADA, "current": True}, token(server)) as events:
        _, told = await anext(events)
    held = told["data"]["consentRecorded"]["cursor"]
    await found(server, "rev_1", "COMPLAINT", "2022-01-01T00:00:00Z")
    async with socket(server) as made:
        await initialised(made, token(server, "rep-8"))
        assert (await refused(made, CONSENTS, "", id=ADA, after=held))[0]["extensions"]["code"] == "CG203"
    async with socket(server) as made:
        await initialised(made, token(server))
        for given in (held[:-4] + "AAAA", "nonsense", ""):
            assert (await refused(made, CONSENTS, "", id=ADA, after=given))[0]["extensions"]["code"] == "CG203"
        assert (await refused(made, TASKS, "", after=held))[0]["extensions"]["code"] == "CG203"


@pytest.mark.parametrize("customer", [BO, CY, "cus_nobody", "int_1", ""])
async def test_the_decisions_of_the_hidden_are_nobodys(server: Server, customer: str) -> None:  # noqa: F811  a fixture
    """One answer, and the end."""
    async with socket(server) as made:
        await initialised(made, token(server))
        told = await refused(made, CONSENTS, "", id=customer, current=True)
        assert told == await refused(made, CONSENTS, "", id="cus_never")
        assert told[0]["extensions"]["code"] == "CG210"


@pytest.mark.parametrize(
    ("role", "text", "field"),
    [("data_steward", CONSENTS, "consentRecorded"), ("marketer", TASKS, "reviewTaskChanged")],
)
async def test_a_role_without_the_list_is_told_what_it_is_told_of_no_field(
    server: Server,  # noqa: F811  a fixture
    role: str,
    text: str,
    field: str,
) -> None:
    """To the letter."""
    plain = f"subscription {{ {field} {{ cursor }} }}"
    async with socket(server) as made:
        await initialised(made, token(server, "sue", role))
        told = await refused(made, plain, "")
        never = await refused(made, plain.replace(field, "neverThere"), "")
        assert told[0]["extensions"]["code"] == "CG201"
        assert str(told).replace(field, "neverThere") == str(never)
        assert (await refused(made, text, "", id=ADA))[0]["extensions"]["code"] == "CG201"


async def test_decisions_end_when_she_may_not_be_seen_any_more(server: Server) -> None:  # noqa: F811  a fixture
    """Written past the API, and by her own word to whoever may see her by her consent alone."""
    async with socket(server) as rep, socket(server) as marketer:
        await initialised(rep, token(server))
        await initialised(marketer, token(server, "mia", "marketer"))
        for made in (rep, marketer):
            await subscribe(made, "1", CONSENTS.replace(" method", ""), id=ADA, current=True)
            assert consent(await hear(made)) == ("con_Ada", "GIVEN")
        await ask(server, WITHDRAW, token(server), id=ADA)
        assert consent(await hear(rep))[1] == "WITHDRAWN"
        assert (await hear(marketer))["payload"]["errors"][0]["extensions"]["code"] == "CG210"
        await server.database.write("MATCH (c:Customer {id: $id}) SET c.status = 'RESTRICTED' RETURN 1", {"id": ADA})
        assert (await hear(rep))["payload"]["errors"][0]["extensions"]["code"] == "CG210"
        assert (await hear(rep))["type"] == "complete"


async def test_a_desk_follows_its_tasks(server: Server) -> None:  # noqa: F811  a fixture
    """New ones and decided ones, of the kinds that it asks for; a rep those of her customers alone."""
    async with socket(server) as steward, socket(server) as rep:
        await initialised(steward, token(server, "sue", "data_steward"))
        await initialised(rep, token(server))
        await found(server, "rev_0", "COMPLAINT", "2022-01-01T00:00:00Z")
        for made in (steward, rep):
            await subscribe(made, "1", TASKS, kinds=["COMPLAINT"], current=True)
            assert task(await hear(made)) == ("rev_0", "OPEN")
        await found(server, "rev_dead", "DECEASED", "2022-01-02T00:00:00Z")
        await found(server, "rev_bo", "COMPLAINT", "2022-01-03T00:00:00Z", BO)
        await found(server, "rev_ada", "COMPLAINT", "2020-01-01T00:00:00Z")
        told = [await hear(steward), await hear(steward)]
        assert {task(event) for event in told} == {("rev_bo", "OPEN"), ("rev_ada", "OPEN")}
        assert task(await hear(rep)) == ("rev_ada", "OPEN")
        answer = await ask(server, CONFIRM, token(server), id="rev_0")
        assert answer["data"]["confirmReview"]["reviewTask"] == {"state": "CONFIRMED"}
        assert task(await hear(steward)) == ("rev_0", "CONFIRMED")
        decided_ = await hear(rep)
        assert task(decided_) == ("rev_0", "CONFIRMED")
    await server.database.write("MATCH (t:ReviewTask {id: 'rev_ada'}) SET t.state = 'DISMISSED' RETURN 1")
    given = {"kinds": ["COMPLAINT"], "after": cursor(decided_)}
    async with stream(server, TASKS, given, token(server)) as events:
        _, later = await anext(events)
    assert task({"payload": later}) == ("rev_ada", "DISMISSED")


async def test_what_the_role_does_not_see_of_a_task_makes_no_event(server: Server) -> None:  # noqa: F811  a fixture
    """A rep sees nothing of how sure a finding is; a steward does."""
    await found(server, "rev_0", "COMPLAINT", "2022-01-01T00:00:00Z")
    async with socket(server) as steward, socket(server) as rep:
        await initialised(steward, token(server, "sue", "data_steward"))
        await initialised(rep, token(server))
        for made in (steward, rep):
            await subscribe(made, "1", TASKS, current=True)
            assert task(await hear(made)) == ("rev_0", "OPEN")
        await server.database.write("MATCH (t:ReviewTask) SET t.confidence = 0.5 RETURN 1")
        assert task(await hear(steward)) == ("rev_0", "OPEN")
        await found(server, "rev_1", "COMPLAINT", "2022-01-02T00:00:00Z")
        assert task(await hear(steward)) == task(await hear(rep)) == ("rev_1", "OPEN")


async def test_more_than_can_be_told_ends_it_rather_than_leave_something_out(server: Server) -> None:  # noqa: F811
    """A load that finds hundreds: the client reads the list anew."""
    await found(server, "rev_0", "COMPLAINT", "2022-01-01T00:00:00Z")
    async with socket(server) as made:
        await initialised(made, token(server, "sue", "data_steward"))
        await subscribe(made, "1", TASKS, current=True)
        await hear(made)
        many = "UNWIND range(1, 150) AS number CREATE (:ReviewTask {id: 'rev_m' + number, kind: 'COMPLAINT', "
        many += "sourceKey: 'm' + number, state: 'OPEN', purposes: [], aboutAnother: false, confidence: 0.9, "
        await server.database.write(many + "foundAt: datetime(), saidAt: datetime()})")
        assert (await hear(made))["payload"]["errors"][0]["extensions"]["code"] == "CG214"
        assert (await hear(made))["type"] == "complete"
        await subscribe(made, "2", TASKS, current=True)
        assert len({task(await hear(made)) for _ in range(100)}) == 100


async def test_an_event_is_on_record(server: Server) -> None:  # noqa: F811  a fixture
    """What was told of whom, as any answer; the customer reads it."""
    async with stream(server, CONSENTS, {"id": ADA, "current": True}, token(server)) as events:
        await anext(events)
    text = '{ accessRecords(where: {root: {eq: "consentRecorded"}}) { nodes { role fields } } }'
    async with asyncio.timeout(PATIENCE):
        while True:  # until the trail is shipped
            answer = await ask(server, text, token(server, ADA, "customer"))
            if nodes := answer["data"]["accessRecords"]["nodes"]:
                break
            await asyncio.sleep(0.2)
    assert nodes[0]["role"] == "service_rep"
    assert {"Consent.purpose", "Consent.state", "Consent.method"} <= set(nodes[0]["fields"])


@pytest_asyncio.fixture(loop_scope="session")
async def lazy(connection: Connection, tmp_path: Path) -> AsyncIterator[Server]:  # noqa: F811  a fixture
    """A server that looks again without a reason once a minute."""
    async with started(connection, tmp_path / "data", live_recheck_seconds="60", **PATIENT) as made:
        yield made


async def test_a_change_is_told_at_once(lazy: Server, server: Server) -> None:  # noqa: F811  a fixture
    """Long before the server would look again: what another server changed, too."""
    await found(server, "rev_0", "COMPLAINT", "2022-01-01T00:00:00Z")
    async with socket(lazy) as made:
        await initialised(made, token(lazy))
        await subscribe(made, "1", CONSENTS, id=ADA, current=True)
        await subscribe(made, "2", TASKS, current=True)
        for _ in range(2):
            await hear(made)
        async with asyncio.timeout(45):
            await ask(lazy, WITHDRAW, token(lazy), id=ADA)
            assert consent(await hear(made))[1] == "WITHDRAWN"
            await ask(server, CONFIRM, token(server), id="rev_0")
            assert task(await hear(made)) == ("rev_0", "CONFIRMED")


async def test_what_comes_live_wakes_whoever_follows_it(live: Live) -> None:
    """A decision, and a finding in a message, each with whom it is about."""
    customer = {"id": "K-1", "name": "Ada Byron", "phone": "+4915112345678", "country": "DE"}
    await live.send(live.row("customers", customer))
    (ada,) = await live.ask("MATCH (c:Customer) RETURN c.id")
    live.told.clear()
    row = {"id": "d-1", "customer": "K-1", "purpose": "marketing.email", "legal_basis": "CONSENT", "state": "WITHDRAWN"}
    await live.send(live.row("consents", {**row, "decided_at": "2026-01-02T00:00:00Z"}))
    (decision,) = await live.ask("MATCH (n:Consent) RETURN n.id")
    assert [(each.record, each.about) for each in live.told] == [(decision, frozenset({ada}))]
    live.told.clear()
    call = {"id": "c-1", "started_at": "2026-01-02T03:04:05Z", "notes": "wants no more sales calls"}
    await live.send(
        live.row("calls", {**call, "caller": customer["phone"]}),
        live.row("calls", {**call, "id": "c-2", "caller": "+4915199999999"}),
    )
    found_ = await live.ask(
        "MATCH (t:ReviewTask) OPTIONAL MATCH (t)-[:ASKS_ABOUT]->(c) "
        "WITH t, collect(c.id) AS whose RETURN [t.id, whose] ORDER BY size(whose) DESC"
    )
    assert [of for _, of in found_] == [[ada], []]
    told = {each.record: each.about for each in live.told if each.record.startswith("rev_")}
    assert told == {id_: frozenset(of) for id_, of in found_}
