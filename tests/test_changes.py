"""Changes through the API: guarded by the View, once for each key, durable, on record, and read as a query would."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.trail import Trail
from graph.session import Database
from server.app import application
from server.assembly import Assembly, assemble
from server.door import Door
from server.settings import load

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

ADA, BO, CY = (f"cus_{name}0000000000000000000000000000" for name in ("ada", "bob", "cyd"))
PEOPLE = """
MATCH (old) WHERE NOT old:GraphMigration DETACH DELETE old
WITH count(*) AS gone
CREATE (e:Employee {id: 'emp_7', number: 'rep-7', name: 'Rita Rep', regions: ['GB'], languages: []})
  -[:WORKS_IN]->(:Team {id: 'tea_1', name: 'Service UK'})
WITH e
UNWIND [[$ada, 'Ada', 'GB', 'ACTIVE'], [$bo, 'Bo', 'DE', 'ACTIVE'], [$cy, 'Cy', 'GB', 'RESTRICTED']] AS row
CREATE (c:Customer {id: row[0], sourceKey: 'key-' + row[1], name: row[1] + ' Lovelace', givenName: row[1],
  familyName: 'Lovelace', region: row[2], email: toLower(row[1]) + '@x.example', status: row[3], kind: 'PERSON',
  orderCount: 0, createdAt: datetime(), updatedAt: datetime('2020-01-01T00:00:00Z')})
CREATE (c)-[:STANDS]->(:Standing {id: 'std_' + row[1], sourceKey: 'key-' + row[1] + ':marketing.email',
  purpose: 'marketing.email', lawful: true, basis: 'CONSENT'})
CREATE (c)-[:STANDS]->(:Standing {id: 'sts_' + row[1], purpose: 'service', lawful: true, basis: 'CONTRACT'})
CREATE (c)-[:GAVE]->(:Consent {id: 'con_' + row[1], sourceKey: 'consents:' + row[1], purpose: 'marketing.email',
  state: 'GIVEN', legalBasis: 'CONSENT', capturedAt: datetime('2021-01-01T00:00:00Z'), source: 'crm',
  onRecord: 'crm:' + row[1]})
CREATE (c)-[:REACHABLE_ON]->(:Channel {id: 'chn_p' + row[1], kind: 'PHONE', preferred: true})
CREATE (c)-[:REACHABLE_ON]->(:Channel {id: 'chn_e' + row[1], kind: 'EMAIL', preferred: false})
CREATE (c)-[:OPENED]->(:Case {id: 'cas_' + row[1], number: 'CS-' + row[1], openedAt: datetime(), status: 'open',
  handovers: 0, queueHistory: []})
CREATE (:SourceRecord {id: 'src_' + row[1], system: 'crm', kind: 'customer', recordId: row[1], resolution: 'RESOLVED',
  loadedAt: datetime()})-[:RESOLVES_TO {method: 'alone'}]->(c)
"""
RECORD = """mutation ($input: RecordInteractionInput!) {
  recordInteraction(input: $input) { clientMutationId interaction { id kind direction subject text
  textRedacted outcome source customer { id } channel { kind }
  handledBy { number } } } }"""
CALL = {"customer": ADA, "kind": "CALL", "direction": "INBOUND", "channel": "PHONE", "subject": "Lost parcel"}
CALL |= {"text": "Ada called. Write to ada@x.example, says Rita.", "outcome": "callback"}
CONSENT = """mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { consent { state purpose legalBasis
  source customer { standings { nodes { purpose lawful basis } } } } } }"""
WITHDRAW = """mutation ($input: WithdrawConsentInput!) { withdrawConsent(input: $input) { consent { state
  customer { standings(where: {purpose: {eq: "marketing.email"}}) { nodes { lawful } } } } } }"""


class Desk:
    """The application over three people, with a trail of its own."""

    def __init__(self, assembly: Assembly, issuer: LocalIssuer, database: Database, trail: Trail) -> None:
        self.assembly = assembly
        self.issuer = issuer
        self.database = database
        self.trail = trail
        self.app = application(assembly, Door(database), trail)

    async def ask(
        self, text: str, variables: Mapping[str, Any] | None = None, role: str = "service_rep", subject: str = "rep-7"
    ) -> dict[str, Any]:
        """The answer, as JSON."""
        claims = {"regions": ["GB"]} if role == "service_rep" else {}
        token = self.issuer.issue(role, subject=subject, claims=claims)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://here") as client:
            response = await client.post(
                "/graphql",
                json={"query": text, "variables": dict(variables or {})},
                headers={"authorization": f"Bearer {token}"},
                timeout=30,
            )
        answer: dict[str, Any] = response.json()
        return answer

    async def count(self, label: str) -> int:
        """How many nodes there are."""
        (found,) = await self.database.read(f"MATCH (n:{label}) RETURN count(n)")
        return int(found)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def made(tmp_path_factory: pytest.TempPathFactory, database: Database) -> tuple[Path, Assembly]:
    """What all tests share: the folder of the keys, and an assembly."""
    await database.change_schema("CREATE CONSTRAINT IF NOT EXISTS FOR (n:Change) REQUIRE n.sourceKey IS UNIQUE")
    folder = tmp_path_factory.mktemp("desk")
    return folder, assemble(load(data=folder))


@pytest_asyncio.fixture(loop_scope="session")
async def desk(made: tuple[Path, Assembly], tmp_path: Path, database: Database) -> AsyncIterator[Desk]:
    """A desk with Ada, whom the rep serves, Bo of another region, and Cy, whose record is restricted."""
    await database.write(PEOPLE, {"ada": ADA, "bo": BO, "cy": CY})
    folder, assembly = made
    async with Trail(tmp_path / "trail") as trail:
        yield Desk(assembly, LocalIssuer(folder), database, trail)


def codes(answer: Mapping[str, Any]) -> list[str]:
    """The codes of all errors."""
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


async def test_a_rep_notes_a_call(desk: Desk) -> None:
    """With its redacted twin, the channel, who handled it; the customer was in touch just now."""
    before = datetime.now(UTC)
    answer = await desk.ask(RECORD, {"input": {**CALL, "clientMutationId": "a1"}})
    assert "errors" not in answer, answer
    payload = answer["data"]["recordInteraction"]
    made = payload["interaction"]
    assert payload["clientMutationId"] == "a1"
    assert made.pop("id").startswith("int_")
    assert made == {
        "kind": "CALL",
        "direction": "INBOUND",
        "subject": "Lost parcel",
        "text": CALL["text"],
        "textRedacted": "[NAME] called. Write to [EMAIL], says [NAME].",
        "outcome": "callback",
        "source": "api",
        "customer": {"id": ADA},
        "channel": {"kind": "PHONE"},
        "handledBy": {"number": "rep-7"},
    }
    (last,) = await desk.database.read(
        "MATCH (c:Customer {id: $id}) RETURN c.lastInteractionAt.epochMillis", {"id": ADA}
    )
    assert last >= int(before.timestamp() * 1000)


async def test_a_change_is_on_record_with_whom_it_is_about(desk: Desk) -> None:
    """Who, as what, for what, when, which fields; the customer sees it without the name, the auditor with it."""
    answer = await desk.ask(RECORD, {"input": CALL})
    text = "{ changes { nodes { name record fields role purpose source customers { nodes { id } } } } }"
    (mine,) = (await desk.ask(text, role="customer", subject=ADA))["data"]["changes"]["nodes"]
    assert mine["record"] == answer["data"]["recordInteraction"]["interaction"]["id"]
    assert (mine["name"], mine["role"], mine["purpose"], mine["source"]) == (
        "recordInteraction",
        "service_rep",
        "service",
        "api",
    )
    assert "Interaction.text" in mine["fields"]
    assert mine["customers"]["nodes"] == [{"id": ADA}]
    assert (await desk.ask(text, role="customer", subject=BO))["data"]["changes"]["nodes"] == []
    (seen,) = (await desk.ask("{ changes { nodes { viewer } } }", role="auditor", subject="ann"))["data"]["changes"][
        "nodes"
    ]
    assert seen == {"viewer": "rep-7"}


@pytest.mark.parametrize("customer", [BO, CY, "cus_nobody", "cas_Ada", "nonsense", ""])
async def test_who_may_not_be_seen_and_who_is_not_there_are_one_answer(desk: Desk, customer: str) -> None:
    """The same words, and nothing is written."""
    answer = await desk.ask(RECORD, {"input": {**CALL, "customer": customer}})
    assert answer == {
        "data": {"recordInteraction": None},
        "errors": [
            {
                "message": "There is no such record for you. Check its id, your role and your purpose.",
                "path": ["recordInteraction"],
                "extensions": {"code": "CG210"},
            }
        ],
    }
    assert (await desk.count("Interaction"), await desk.count("Change")) == (0, 0)


async def test_the_same_key_is_the_same_change(desk: Desk) -> None:
    """Sent at once or later it is made once; another change under the key is refused, another viewer's is not."""
    given = {"input": {**CALL, "idempotencyKey": "k-1"}}
    answers = await asyncio.gather(*(desk.ask(RECORD, given) for _ in range(5)))
    assert all(answer == answers[0] for answer in answers), answers
    assert "errors" not in answers[0]
    assert (await desk.count("Interaction"), await desk.count("Change")) == (1, 1)
    other = await desk.ask(RECORD, {"input": {**CALL, "idempotencyKey": "k-1", "text": "Something else."}})
    assert codes(other) == ["CG211"]
    hers = await desk.ask(RECORD, given, subject="rep-8")
    assert "errors" not in hers
    assert await desk.count("Interaction") == 2


async def test_fields_are_made_one_after_the_other_and_one_refusal_leaves_the_others(desk: Desk) -> None:
    """A case is opened and closed in one document; in between one is refused."""
    text = """mutation ($open: OpenCaseInput!, $bo: OpenCaseInput!, $close: UpdateCaseInput!) {
      a: openCase(input: $open) { __typename case { number status subjectRedacted team { name } agent { number } } }
      b: openCase(input: $bo) { case { id } }
      c: updateCase(input: $close) { x: case { status closedAt } y: case { resolution } } __typename }"""
    answer = await desk.ask(
        text,
        {
            "open": {"customer": ADA, "subject": "Parcel of Ada Lovelace", "channel": "PHONE"},
            "bo": {"customer": BO, "subject": "Parcel"},
            "close": {"case": "cas_Ada", "status": "CLOSED", "resolution": "RESENT"},
        },
    )
    made = answer["data"]["a"]
    assert made["case"].pop("number").startswith("CS-")
    assert made == {
        "__typename": "OpenCasePayload",
        "case": {
            "status": "open",
            "subjectRedacted": "Parcel of [NAME]",
            "team": {"name": "Service UK"},
            "agent": {"number": "rep-7"},
        },
    }
    assert answer["data"]["b"] is None
    assert [error["path"] for error in answer["errors"]] == [["b"]]
    assert answer["data"]["c"]["x"]["status"] == "closed"
    assert answer["data"]["c"]["x"]["closedAt"] is not None
    assert answer["data"]["c"]["y"] == {"resolution": "RESENT"}
    assert answer["data"]["__typename"] == "Mutation"
    again = await desk.ask(
        "mutation ($i: UpdateCaseInput!) { updateCase(input: $i) { case { status closedAt resolution } } }",
        {"i": {"case": "cas_Ada", "status": "PENDING"}},
    )
    assert again["data"]["updateCase"]["case"] == {"status": "pending", "closedAt": None, "resolution": "RESENT"}
    assert codes(await desk.ask(text, {"open": {}, "bo": {}, "close": {}})) == ["CG202"]


async def test_a_withdrawal_counts_at_once_and_a_new_consent_counts_again(desk: Desk) -> None:
    """Decisions are added, never changed; the standing follows in the same transaction, by the rule of the loader."""
    gone = await desk.ask(WITHDRAW, {"input": {"customer": ADA, "purpose": "marketing.email", "method": "call"}})
    assert gone["data"]["withdrawConsent"]["consent"] == {
        "state": "WITHDRAWN",
        "customer": {"standings": {"nodes": [{"lawful": False}]}},
    }
    decisions = "MATCH (:Customer {id: $id})-[:GAVE]->(k) RETURN k.state ORDER BY k.capturedAt"
    assert await desk.database.read(decisions, {"id": ADA}) == ["GIVEN", "WITHDRAWN"]
    back = await desk.ask(
        CONSENT, {"input": {"customer": ADA, "purpose": "marketing.email", "state": "GIVEN"}}, "customer", ADA
    )
    consent = back["data"]["recordConsent"]["consent"]
    assert (consent["state"], consent["legalBasis"], consent["source"]) == ("GIVEN", "CONSENT", "api")
    standing = [one for one in consent["customer"]["standings"]["nodes"] if one["purpose"] == "marketing.email"]
    assert standing == [{"purpose": "marketing.email", "lawful": True, "basis": "CONSENT"}]
    assert await desk.count("Standing") == 6


async def test_where_records_may_be_of_two_people_the_strictest_decision_stays(desk: Desk) -> None:
    """One of them said no; what the other says now does not speak for her."""
    await desk.database.write(
        "MATCH (c:Customer {id: $id}) CREATE (:SourceRecord {id: 'src_2', system: 'crm', recordId: 'B'})"
        "-[:RESOLVES_TO {method: 'address_and_name'}]->(c) CREATE (c)-[:GAVE]->(:Consent {id: 'con_no', "
        "onRecord: 'crm:B', purpose: 'marketing.email', "
        "state: 'REFUSED', capturedAt: datetime('2021-01-01T00:00:00Z')}) RETURN 1",
        {"id": ADA},
    )
    answer = await desk.ask(CONSENT, {"input": {"customer": ADA, "purpose": "marketing.email", "state": "GIVEN"}})
    nodes = answer["data"]["recordConsent"]["consent"]["customer"]["standings"]["nodes"]
    assert [one["lawful"] for one in nodes if one["purpose"] == "marketing.email"] == [False]


async def test_a_preference_is_of_one_channel(desk: Desk) -> None:
    """The other is none any more."""
    text = """mutation ($i: SetChannelPreferenceInput!) { setChannelPreference(input: $i) { customer {
      preferredChannel channels(orderBy: [{kind: ASC}]) { nodes { kind preferred } } } } }"""
    answer = await desk.ask(text, {"i": {"customer": ADA, "channel": "EMAIL"}}, "customer", ADA)
    assert answer["data"]["setChannelPreference"]["customer"] == {
        "preferredChannel": "EMAIL",
        "channels": {"nodes": [{"kind": "EMAIL", "preferred": True}, {"kind": "PHONE", "preferred": False}]},
    }


@pytest.mark.parametrize(
    ("text", "given"),
    [
        (RECORD, {**CALL, "text": "x" * 20_001}),
        (RECORD, {**CALL, "occurredAt": "2999-01-01T00:00:00Z"}),
        (RECORD, {**CALL, "occurredAt": "2020-01-01T00:00:00"}),
        (RECORD, {**CALL, "idempotencyKey": ""}),
        (RECORD, {**CALL, "idempotencyKey": "k" * 201}),
        (CONSENT, {"customer": ADA, "purpose": "nonsense", "state": "GIVEN"}),
        (CONSENT, {"customer": ADA, "purpose": "sharing", "state": "GIVEN", "expiresAt": "2020-01-01T00:00:00Z"}),
    ],
    ids=["long text", "future", "no offset", "no key", "long key", "purpose", "expired"],
)
async def test_a_value_that_cannot_be_is_refused_and_nothing_is_written(
    desk: Desk, text: str, given: dict[str, Any]
) -> None:
    """With a code and without repeating it."""
    before = [await desk.count(label) for label in ("Interaction", "Consent", "Change")]
    answer = await desk.ask(text, {"input": given})
    assert codes(answer) == ["CG202"], answer
    assert [await desk.count(label) for label in ("Interaction", "Consent", "Change")] == before


async def test_what_a_role_may_not_change_is_not_in_its_schema(desk: Desk) -> None:
    """As any field that is not there."""
    for role in ("marketer", "auditor", "data_scientist"):
        answer = await desk.ask(RECORD, {"input": CALL}, role)
        assert codes(answer)[0] == "CG201"
        assert "data" not in answer
    refused = await desk.ask("mutation { nothing }", role="marketer")
    assert codes(refused) == ["CG201"]


async def test_a_payload_is_on_the_trail(desk: Desk) -> None:
    """What it showed of whom, as for a query."""
    await desk.ask(RECORD, {"input": CALL})
    (one, *_) = await desk.trail.unshipped(5)
    (answered,) = one.body["answers"]
    assert answered["root"] == "recordInteraction"
    assert "Interaction.text" in answered["shown"][0]["fields"]


async def test_a_subscription_needs_a_stream(desk: Desk) -> None:
    """Told in a plain answer."""
    answer = await desk.ask(f'subscription {{ customerChanged(id: "{ADA}") {{ id }} }}')
    assert codes(answer) == ["CG212"]
