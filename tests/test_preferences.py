"""The preference centre and double opt-in, as the customer herself asks them, in force at the next question."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.trail import Trail
from graph.session import Database
from privacy.receipt import BASES, STATES
from schema.enums import ConsentState
from schema.errors import SubjectUnknown
from schema.purposes import LegalBasis
from server.assembly import Assembly
from server.receipt import made as receipt
from tests.test_changes import ADA, BO, CY, PEOPLE, Desk, codes
from tests.test_changes import made as made_desk  # noqa: F401  a fixture

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

TOKEN = "f7Jq0kq3mG_nT-2pXw9LhZ"
PREFERENCES = """query ($id: ID!) {
  customer(id: $id) {
    preferredChannel
    channels(first: 20) { nodes { kind preferred } }
    standings(first: 50) { nodes { purpose lawful basis until mostPerMonth } }
    consents(first: 50, orderBy: [{capturedAt: DESC}]) { nodes { purpose state method noticeVersion capturedAt } }
  }
  rightsOffered(customer: $id) { right purposes }
}"""
SET = """mutation ($i: SetPreferencesInput!) { setPreferences(input: $i) { customer { preferredChannel
  standings(first: 50) { nodes { purpose lawful mostPerMonth } } } } }"""
RECORD = (
    "mutation ($i: RecordConsentInput!) { recordConsent(input: $i) { consent { id state expiresAt mostPerMonth } } }"
)
CONFIRM = "mutation ($i: ConfirmConsentInput!) { confirmConsent(input: $i) { consent { state method expiresAt } } }"
HERSELF = ("customer", ADA)
LATER = (datetime.now(UTC) + timedelta(days=365)).replace(microsecond=0)


@pytest_asyncio.fixture(loop_scope="session")
async def desk(
    made_desk: tuple[Path, Assembly],  # noqa: F811  a fixture
    tmp_path: Path,
    database: Database,
) -> AsyncIterator[Desk]:
    """Ada, whom the rep serves, Bo of another region, and Cy, whose record is restricted."""
    await database.write(PEOPLE, {"ada": ADA, "bo": BO, "cy": CY})
    folder, assembly = made_desk
    async with Trail(tmp_path / "trail") as trail:
        yield Desk(assembly, LocalIssuer(folder), database, trail)


async def lawful(desk: Desk) -> dict[str, int | None]:
    """For what Ada's data may be used, and how often."""
    text = "MATCH (:Customer {id: $id})-[:STANDS]->(s {lawful: true}) RETURN [s.purpose, s.mostPerMonth]"
    return dict(await desk.database.read(text, {"id": ADA}))


async def test_all_that_she_may_choose_in_one_question_and_one_change(desk: Desk) -> None:
    """What stands and why, what she may change; what she changes is in force for the next question, by anybody."""
    found = (await desk.ask(PREFERENCES, {"id": ADA}, *HERSELF))["data"]
    assert found["customer"]["consents"]["nodes"][0]["state"] == "GIVEN"
    assert {"right": "WITHDRAWAL", "purposes": ["marketing.email"]} in found["rightsOffered"]
    seen = "{ customers { totalCount } }"
    before = (await desk.ask(seen, None, "marketer"))["data"]["customers"]["totalCount"]
    chosen = [
        {"purpose": "marketing.email", "state": "WITHDRAWN"},
        {"purpose": "analytics", "state": "GIVEN"},
        {"purpose": "marketing.phone", "state": "GIVEN", "mostPerMonth": 2},
    ]
    given = {"customer": ADA, "decisions": chosen, "channel": "EMAIL", "noticeVersion": "2026-11"}
    answer = await desk.ask(SET, {"i": given}, *HERSELF)
    assert answer["data"]["setPreferences"]["customer"]["preferredChannel"] == "EMAIL", answer
    assert await lawful(desk) == {"analytics": None, "marketing.phone": 2, "service": None}
    assert (await desk.ask(seen, None, "marketer"))["data"]["customers"]["totalCount"] == before - 1
    after = (await desk.ask(PREFERENCES, {"id": ADA}, *HERSELF))["data"]["customer"]
    assert {one["method"] for one in after["consents"]["nodes"]} == {None, "preference centre"}
    assert {one["kind"]: one["preferred"] for one in after["channels"]["nodes"]} == {"EMAIL": True, "PHONE": False}
    (kept,) = await desk.database.read("MATCH (c:Change {name: 'setPreferences'}) RETURN c.fields")
    assert {"Consent.mostPerMonth", "Standing.lawful", "Customer.preferredChannel"} <= set(kept)


async def test_all_of_it_or_nothing(desk: Desk) -> None:
    """One choice that cannot be leaves the others as they were."""
    before = await lawful(desk)
    for wrong in (
        {"purpose": "analytics", "state": "GIVEN", "mostPerMonth": 0},
        {"purpose": "analytics", "state": "REFUSED", "mostPerMonth": 2},
        {"purpose": "nothing", "state": "GIVEN"},
        {"purpose": "marketing.email", "state": "GIVEN"},
    ):
        both = [{"purpose": "marketing.email", "state": "WITHDRAWN"}, wrong]
        answer = await desk.ask(SET, {"i": {"customer": ADA, "decisions": both, "channel": "PHONE"}}, *HERSELF)
        assert codes(answer) == ["CG202"], wrong
    assert await lawful(desk) == before
    assert await desk.count("Change") == 0
    hers = {"customer": BO, "decisions": [{"purpose": "analytics", "state": "GIVEN"}]}
    assert codes(await desk.ask(SET, {"i": hers}, *HERSELF)) == ["CG210"]


async def asked(desk: Desk, token: str = TOKEN, **more: Any) -> str:
    """Ask Ada to confirm; the consent."""
    given = {"customer": ADA, "purpose": "analytics", "state": "GIVEN", "confirmationToken": token, **more}
    answer = await desk.ask(RECORD, {"i": given}, "service_rep", "rep-7")
    assert "errors" not in answer, answer
    made = answer["data"]["recordConsent"]["consent"]
    assert made["state"] == "REQUESTED"
    return str(made["id"])


async def confirm(desk: Desk, consent: str, token: str = TOKEN, who: tuple[str, str] = HERSELF) -> dict[str, Any]:
    """Bring the token back."""
    return await desk.ask(CONFIRM, {"i": {"consent": consent, "token": token}}, *who)


async def test_a_consent_is_given_once_it_is_confirmed(desk: Desk) -> None:
    """Until then it allows nothing; the token is nowhere in the graph."""
    consent = await asked(desk, mostPerMonth=4, expiresAt=LATER.isoformat(), noticeVersion="2026-11")
    assert "analytics" not in await lawful(desk)
    text = "MATCH (n) WHERE any(name IN keys(n) WHERE toString(n[name]) CONTAINS $token) RETURN labels(n)"
    listless = text.replace("toString(n[name])", "CASE WHEN n[name] IS :: STRING THEN n[name] ELSE '' END")
    assert await desk.database.read(listless, {"token": TOKEN}) == []
    assert codes(await confirm(desk, consent, "another-token-0123456789")) == ["CG627"]
    assert codes(await confirm(desk, consent, who=("customer", BO))) == ["CG210"]
    made = (await confirm(desk, consent))["data"]["confirmConsent"]["consent"]
    assert made == {"state": "GIVEN", "method": "double opt-in", "expiresAt": LATER.strftime("%Y-%m-%dT%H:%M:%SZ")}
    assert (await lawful(desk))["analytics"] == 4
    assert codes(await confirm(desk, consent)) == ["CG627"]


async def test_what_waits_is_not_given_otherwise(desk: Desk) -> None:
    """Nor is asked for what is given; a no ends it, and what comes too late is over."""
    consent = await asked(desk)
    plain = {"customer": ADA, "purpose": "analytics", "state": "GIVEN"}
    assert codes(await desk.ask(RECORD, {"i": plain}, *HERSELF)) == ["CG626"]
    again = await asked(desk, TOKEN[::-1])
    assert codes(await confirm(desk, consent)) == ["CG627"]
    await desk.ask(RECORD, {"i": {**plain, "state": "REFUSED"}}, *HERSELF)
    assert codes(await confirm(desk, again, TOKEN[::-1])) == ["CG627"]
    late = await asked(desk)
    over = "MATCH (c:Consent {id: $id}) SET c.expiresAt = datetime() - duration({days: 1})"
    await desk.database.write(over, {"id": late})
    assert codes(await confirm(desk, late)) == ["CG627"]
    assert "errors" not in await desk.ask(RECORD, {"i": plain}, *HERSELF)
    token = {**plain, "confirmationToken": TOKEN}
    assert codes(await desk.ask(RECORD, {"i": token}, *HERSELF)) == ["CG626"]


@pytest.mark.parametrize(
    "given",
    [
        {"purpose": "analytics", "state": "REFUSED", "confirmationToken": TOKEN},
        {"purpose": "analytics", "state": "GIVEN", "confirmationToken": "too short"},
        {"purpose": "fraud", "state": "GIVEN", "confirmationToken": TOKEN},
    ],
)
async def test_a_token_belongs_to_a_yes_to_what_rests_on_consent(desk: Desk, given: dict[str, str]) -> None:
    """And is long enough that nobody guesses it."""
    assert codes(await desk.ask(RECORD, {"i": {"customer": ADA, **given}}, *HERSELF)) == ["CG202"]


async def test_a_receipt_tells_what_was_agreed_and_what_it_leaves_out(desk: Desk) -> None:
    """Under the names of ISO/IEC TS 27560, as she sees it herself, on record; of nobody there is none."""
    given = {"customer": ADA, "purpose": "analytics", "state": "GIVEN", "method": "call", "noticeVersion": "2026-11"}
    answer = await desk.ask(RECORD, {"i": {**given, "expiresAt": LATER.isoformat()}}, *HERSELF)
    consent = answer["data"]["recordConsent"]["consent"]["id"]
    made = await receipt(desk.assembly, desk.database, desk.trail, consent)
    assert (made["record_id"], made["pii_principal_id"], made["privacy_notice"]) == (consent, ADA, "2026-11")
    (purpose,) = made["purposes"]
    assert (purpose["purpose"], purpose["lawful_basis"]) == ("analytics", "eu-gdpr:A6-1-a")
    assert purpose["collection_method"] == "call"
    assert made["event"]["event_state"] == "dpv:ConsentGiven"
    assert made["event"]["validity_duration"] == {"until": LATER.strftime("%Y-%m-%dT%H:%M:%SZ")}
    assert {"storage_locations", "event_type", "retention_period"} <= made["left_out"].keys()
    with pytest.raises(SubjectUnknown):
        await receipt(desk.assembly, desk.database, desk.trail, "con_nobody")
    assert set(STATES) == set(ConsentState.__members__)
    assert set(BASES) == set(LegalBasis)
