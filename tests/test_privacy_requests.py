"""What data subjects ask for: entered by whom it may be, answered in order, and in force from the next question on."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.trail import Trail
from graph.session import Database
from privacy.erasure import Means, erase
from schema.errors import FulfilmentMissing, RequestUnfit
from server.assembly import Assembly
from server.privacy import exported
from server.requests import answered, ready, waiting
from tests.test_changes import ADA, BO, CY, PEOPLE, Desk, codes
from tests.test_changes import made as made_desk  # noqa: F401  a fixture

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

ALL = """id kind state purposes granted receivedAt dueAt madeBy identityProof identityProvenBy begunAt extendedAt
  extensionGround closedAt closedBy refusalGround refusalLaw fulfilledBy liftedAt warnedAt note answer"""
INPUTS = {"makeRequest": "MakeRequestInput", "liftRestriction": "LiftRestrictionInput"}
RIGHTS = "query ($id: ID!) { rightsOffered(customer: $id) { right law about purposes limitedBy } }"
LAWFUL = """MATCH (:Customer {id: $id})-[:STANDS]->(s:Standing {lawful: true})
RETURN s.purpose ORDER BY s.purpose"""
STATUS = "MATCH (c:Customer {id: $id}) RETURN c.status"
OFFICER = ("privacy_officer", "dpo-1")
HERSELF = ("customer", ADA)
YES = f"sha256:{'a' * 64}"


class Office(Desk):
    """The privacy office, reps and customers."""

    async def do(self, what: str, who: tuple[str, str] = OFFICER, /, **given: Any) -> dict[str, Any]:
        """The answer to a step."""
        type_ = INPUTS.get(what, f"{what[0].upper()}{what[1:]}Input")
        text = f"mutation ($i: {type_}!) {{ {what}(input: $i) {{ privacyRequest {{ {ALL} customer {{ id }} }} }} }}"
        shown = text if who[0] != "service_rep" else text.replace("closedBy", "")
        return await self.ask(shown, {"i": given}, *who)

    async def done(self, what: str, who: tuple[str, str] = OFFICER, /, **given: Any) -> dict[str, Any]:
        """The request after a step that is not refused."""
        answer = await self.do(what, who, **given)
        assert "errors" not in answer, answer
        found: dict[str, Any] = answer["data"][what]["privacyRequest"]
        return found

    async def make(self, kind: str, who: tuple[str, str] = HERSELF, /, customer: str = ADA, **more: Any) -> str:
        """A request; its id."""
        return str((await self.done("makeRequest", who, customer=customer, kind=kind, **more))["id"])

    async def lawful(self, customer: str = ADA) -> list[str]:
        """For what a customer's data may be used."""
        return list(await self.database.read(LAWFUL, {"id": customer}))

    async def status(self, customer: str = ADA) -> str:
        """The status of a customer."""
        (found,) = await self.database.read(STATUS, {"id": customer})
        return str(found)

    async def sees(self, role: str, subject: str = "x") -> list[str]:
        """The customers that a role sees."""
        answer = await self.ask("{ customers { nodes { id } } }", None, role, subject)
        return [one["id"] for one in answer["data"]["customers"]["nodes"]]


@pytest_asyncio.fixture(loop_scope="session")
async def office(
    made_desk: tuple[Path, Assembly],  # noqa: F811  a fixture
    tmp_path: Path,
    database: Database,
) -> AsyncIterator[Office]:
    """Ada, whom the rep serves, Bo of another region, and Cy, whose record is restricted."""
    await database.write(PEOPLE, {"ada": ADA, "bo": BO, "cy": CY})
    folder, assembly = made_desk
    async with Trail(tmp_path / "trail") as trail:
        yield Office(assembly, LocalIssuer(folder), database, trail)


async def test_a_customer_asks_for_herself(office: Office) -> None:
    """Signed in, she has proven who she is; it is due in a month; it is on record without her name."""
    made = await office.done("makeRequest", HERSELF, customer=ADA, kind="ACCESS", note="All of it, please.")
    assert (made["state"], made["identityProof"], made["madeBy"]) == ("IDENTIFIED", "SIGNED_IN", "customer")
    assert made["note"] == "All of it, please."
    received, due = (datetime.fromisoformat(made[name]) for name in ("receivedAt", "dueAt"))
    assert 28 <= (due - received).days <= 31
    text = "{ changes { nodes { name record fields viewer customers { nodes { id } } } } }"
    (kept,) = (await office.ask(text, None, *OFFICER))["data"]["changes"]["nodes"]
    assert (kept["name"], kept["record"], kept["viewer"]) == ("makeRequest", made["id"], None)
    assert "PrivacyRequest.identityProof" in kept["fields"]
    assert kept["customers"]["nodes"] == [{"id": ADA}]
    assert await office.database.read("MATCH (r:PrivacyRequest) RETURN r.actor") == [None]


async def test_who_may_ask_for_whom(office: Office) -> None:
    """A rep for those in front of her, a customer for nobody else; what they may not see is not there."""
    rep = ("service_rep", "rep-7")
    made = await office.done("makeRequest", rep, customer=ADA, kind="ERASURE")
    assert (made["state"], made["identityProof"], made["madeBy"]) == ("RECEIVED", None, "service_rep")
    for who, whom in ((rep, BO), (rep, CY), (HERSELF, BO)):
        assert codes(await office.do("makeRequest", who, customer=whom, kind="ACCESS")) == ["CG210"]
    text = "{ privacyRequests { nodes { kind customer { id } } } }"
    for who, seen in ((rep, 1), (HERSELF, 1), (("customer", BO), 0), (OFFICER, 1), (("auditor", "ann"), 1)):
        assert len((await office.ask(text, None, *who))["data"]["privacyRequests"]["nodes"]) == seen, who
    for role in ("marketer", "data_scientist", "operations_manager", "data_steward"):
        assert codes(await office.ask(text, None, role, "x")) == ["CG201"]
    assert set(codes(await office.do("proveIdentity", rep, request=made["id"], method="IN_PERSON"))) == {"CG201"}


async def test_it_came_earlier_than_it_was_entered(office: Office) -> None:
    """The time runs from then, not from now; not in future, and not by the customer's own word."""
    came = datetime.now(UTC) - timedelta(days=10)
    made = await office.done("makeRequest", OFFICER, customer=ADA, kind="ACCESS", receivedAt=came.isoformat())
    assert datetime.fromisoformat(made["receivedAt"]).date() == came.date()
    assert (datetime.fromisoformat(made["dueAt"]) - datetime.now(UTC)).days <= 21
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert codes(await office.do("makeRequest", OFFICER, customer=ADA, kind="ACCESS", receivedAt=later)) == ["CG202"]
    said = {"customer": ADA, "kind": "ACCESS", "receivedAt": came.isoformat()}
    assert codes(await office.do("makeRequest", HERSELF, **said)) == ["CG202"]


async def test_nothing_is_fulfilled_unproven_or_twice(office: Office) -> None:
    """And nothing of a refused step is written."""
    made = await office.make("ACCESS", ("service_rep", "rep-7"))
    for step in ("beginRequest", "fulfilRequest"):
        assert codes(await office.do(step, request=made)) == ["CG621"]
    proven = await office.done("proveIdentity", request=made, method="CALLER_VERIFIED")
    assert (proven["state"], proven["identityProvenBy"]) == ("IDENTIFIED", "privacy_officer")
    assert codes(await office.do("fulfilRequest", request=made, reference=YES)) == ["CG621"]
    assert (await office.done("beginRequest", request=made))["state"] == "IN_PROGRESS"
    for missing in ({}, {"reference": "sent by mail"}, {"reference": YES.upper()}):
        assert codes(await office.do("fulfilRequest", request=made, **missing)) == ["CG624"]
    done = await office.done("fulfilRequest", request=made, reference=YES)
    assert (done["state"], done["fulfilledBy"], done["closedBy"]) == ("FULFILLED", YES, "privacy_officer")
    for step, more in (
        ("fulfilRequest", {"reference": YES}),
        ("refuseRequest", {"ground": "EXCESSIVE", "answer": "x"}),
        ("cancelRequest", {}),
        ("extendRequest", {"ground": "COMPLEXITY", "toldAt": datetime.now(UTC).isoformat(), "answer": "x"}),
    ):
        assert codes(await office.do(step, request=made, **more)) == ["CG621"], step
    names = await office.database.read("MATCH (c:Change) RETURN c.name ORDER BY c.at")
    assert names == ["makeRequest", "proveIdentity", "beginRequest", "fulfilRequest"]


async def test_a_restriction_holds_at_once_and_is_lifted_with_a_word(office: Office) -> None:
    """Who served and who advertised see her no more at the next question; lifted, they do again."""
    for role in (("service_rep", "rep-7"), ("marketer", "mia")):
        assert ADA in await office.sees(*role)
    made = await office.make("RESTRICTION")
    done = await office.done("fulfilRequest", request=made)
    assert done["fulfilledBy"].startswith("chg_")
    for role in (("service_rep", "rep-7"), ("marketer", "mia")):
        assert ADA not in await office.sees(*role)
    assert await office.sees(*HERSELF) == [ADA]
    told = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    lift = {"request": made, "reason": "The address is checked."}
    assert codes(await office.do("liftRestriction", **lift, toldAt=later)) == ["CG202"]
    lifted = await office.done("liftRestriction", **lift, toldAt=told)
    assert (lifted["state"], lifted["answer"]) == ("LIFTED", "The address is checked.")
    assert ADA in await office.sees("service_rep", "rep-7")
    assert codes(await office.do("liftRestriction", **lift, toldAt=told)) == ["CG621"]


async def test_what_another_request_restricts_stays_so(office: Office) -> None:
    """And who was found meanwhile to have died is not written to when it ends."""
    first, second = await office.make("RESTRICTION"), await office.make("RESTRICTION")
    for made in (first, second):
        await office.done("fulfilRequest", request=made)
    told = {"reason": "Done.", "toldAt": datetime.now(UTC).isoformat()}
    await office.done("liftRestriction", request=first, **told)
    assert await office.status() == "RESTRICTED"
    await office.database.write(
        "MATCH (c:Customer {id: $id}) CREATE (:ReviewTask {id: 'rev_1', kind: 'DECEASED', state: 'CONFIRMED'})"
        "-[:ASKS_ABOUT]->(c)",
        {"id": ADA},
    )
    await office.done("liftRestriction", request=second, **told)
    assert await office.status() == "DECEASED"


async def test_who_objects_is_not_used_any_more(office: Office) -> None:
    """Of what can be objected to; what rests on contract stays; the answer gives the decisions and the standings."""
    assert await office.lawful() == ["marketing.email", "service"]
    made = await office.done("makeRequest", HERSELF, customer=ADA, kind="OBJECTION")
    assert made["purposes"] == ["marketing.email"]
    assert ADA in await office.sees("marketer", "mia")
    done = await office.done("fulfilRequest", request=made["id"])
    assert done["granted"] == ["marketing.email"]
    assert await office.lawful() == ["service"]
    assert ADA not in await office.sees("marketer", "mia")
    said = "MATCH (:Customer {id: $id})-[:GAVE]->(c:Consent {method: 'privacy request'}) RETURN [c.purpose, c.state]"
    assert await office.database.read(said, {"id": ADA}) == [["marketing.email", "OBJECTED"]]
    (kept,) = await office.database.read("MATCH (c:Change {name: 'fulfilRequest'}) RETURN c.fields")
    assert {"PrivacyRequest.state", "Consent.state", "Standing.lawful"} <= set(kept)


@pytest.mark.parametrize(
    ("kind", "purpose", "state"),
    [("WITHDRAWAL", "marketing.email", "WITHDRAWN"), ("OPT_OUT_OF_SALE", "sharing", "OBJECTED")],
)
async def test_who_withdraws_or_opts_out_is_not_used_any_more(
    office: Office, kind: str, purpose: str, state: str
) -> None:
    """For what she named."""
    text = "mutation ($i: RecordConsentInput!) { recordConsent(input: $i) { consent { id } } }"
    await office.ask(text, {"i": {"customer": ADA, "purpose": purpose, "state": "GIVEN"}}, *HERSELF)
    assert purpose in await office.lawful()
    made = await office.make(kind, purposes=[purpose])
    await office.done("fulfilRequest", request=made)
    assert purpose not in await office.lawful()
    said = "MATCH (:Customer {id: $id})-[:GAVE]->(c:Consent {method: 'privacy request'}) RETURN [c.purpose, c.state]"
    assert await office.database.read(said, {"id": ADA}) == [[purpose, state]]


async def test_some_purposes_are_granted_and_the_rest_is_answered(office: Office) -> None:
    """An objection to what prevents fraud may be weighed (art. 21(1)), one to advertising may not."""
    made = await office.make("OBJECTION", purposes=["fraud", "marketing.email"])
    refuse = {"request": made, "ground": "COMPELLING_GROUNDS", "answer": "We have to prevent fraud."}
    assert codes(await office.do("refuseRequest", **refuse)) == ["CG623"]
    only = {"request": made, "purposes": ["marketing.email"]}
    assert codes(await office.do("fulfilRequest", **only)) == ["CG202"]
    done = await office.done("fulfilRequest", **only, answer="Fraud has to be prevented.")
    assert (done["granted"], done["answer"]) == (["marketing.email"], "Fraud has to be prevented.")
    assert await office.lawful() == ["service"]
    for kind, purposes in (("OBJECTION", ["service"]), ("WITHDRAWAL", ["fraud"]), ("ACCESS", ["sharing"])):
        answer = await office.do("makeRequest", HERSELF, customer=ADA, kind=kind, purposes=purposes)
        assert codes(answer) == ["CG202"], kind


async def test_a_refusal_names_its_ground_and_its_law(office: Office) -> None:
    """Of those that the law knows for the kind; and says what she was told."""
    made = await office.make("ERASURE")
    assert codes(await office.do("refuseRequest", request=made, ground="DATA_ARE_RIGHT", answer="x")) == ["CG623"]
    assert codes(await office.do("refuseRequest", request=made, ground="LEGAL_OBLIGATION", answer=" ")) == ["CG202"]
    said = {"ground": "LEGAL_OBLIGATION", "answer": "Invoices are kept for ten years."}
    done = await office.done("refuseRequest", request=made, **said)
    assert (done["state"], done["refusalLaw"]) == ("REFUSED", "GDPR art. 17(3)(b)")
    (seen,) = (await office.ask("{ privacyRequests { nodes { refusalLaw answer } } }", None, *HERSELF))["data"][
        "privacyRequests"
    ]["nodes"]
    assert seen == {"refusalLaw": "GDPR art. 17(3)(b)", "answer": "Invoices are kept for ten years."}


async def test_the_time_is_extended_once(office: Office) -> None:
    """By two months of the calendar, after she was told; not once it is over."""
    made = await office.make("ACCESS")
    said = {"ground": "COMPLEXITY", "toldAt": datetime.now(UTC).isoformat(), "answer": "Five systems."}
    (before,) = (await office.ask("{ privacyRequests { nodes { dueAt } } }", None, *HERSELF))["data"][
        "privacyRequests"
    ]["nodes"]
    later = await office.done("extendRequest", request=made, **said)
    assert 59 <= (datetime.fromisoformat(later["dueAt"]) - datetime.fromisoformat(before["dueAt"])).days <= 62
    assert (later["state"], later["extensionGround"], later["answer"]) == ("IDENTIFIED", "COMPLEXITY", "Five systems.")
    assert codes(await office.do("extendRequest", request=made, **said)) == ["CG622"]
    old = (datetime.now(UTC) - timedelta(days=32)).isoformat()
    late = await office.make("ACCESS", OFFICER, receivedAt=old)
    assert codes(await office.do("extendRequest", request=late, **said)) == ["CG622"]
    taken = await office.make("WITHDRAWAL")
    assert codes(await office.do("extendRequest", request=taken, **said)) == ["CG621"]


async def test_what_is_set_right_is_shown_by_the_change(office: Office) -> None:
    """One of hers, since she asked; anything else fulfils nothing."""
    made = await office.make("RECTIFICATION")
    await office.done("beginRequest", request=made)
    kept = """MATCH (c:Customer {id: $id}) CREATE (c)<-[:CHANGED]-(:Change {id: $change, name: $name,
      at: datetime() + duration({minutes: $minutes})})"""
    for change, name, whose, minutes in (
        ("chg_old", "correctName", ADA, -5),
        ("chg_other", "openCase", ADA, 5),
        ("chg_of_bo", "correctName", BO, 5),
    ):
        await office.database.write(kept, {"id": whose, "change": change, "name": name, "minutes": minutes})
        assert codes(await office.do("fulfilRequest", request=made, reference=change)) == ["CG624"], change
    await office.database.write(kept, {"id": ADA, "change": "chg_new", "name": "correctName", "minutes": 5})
    assert (await office.done("fulfilRequest", request=made, reference="chg_new"))["fulfilledBy"] == "chg_new"


async def test_an_erasure_is_shown_by_its_receipt_and_the_request_outlives_her(office: Office) -> None:
    """Nobody's by then: officers and auditors still see that it was answered, and nobody who asked is named."""
    made = await office.make("ERASURE", note="Forget me.")
    await office.done("beginRequest", request=made)
    assert codes(await office.do("fulfilRequest", request=made, reference="ers_1")) == ["CG624"]
    await office.database.write("CREATE (:ErasureReceipt {id: 'ers_1', state: 'DONE'})")
    assert codes(await office.do("fulfilRequest", request=made, reference="ers_1")) == ["CG624"]  # somebody else's
    assert office.assembly.suppression is not None
    means = Means(office.database, office.assembly.suppression)
    receipt = (await erase(means, ADA, reason="request", actor="me", role="operator")).id
    done = await office.done("fulfilRequest", request=made, reference=receipt)
    assert (done["state"], done["fulfilledBy"], done["customer"]) == ("FULFILLED", receipt, None)
    held = await office.database.read("MATCH (r:PrivacyRequest {id: $id}) RETURN r.note", {"id": made})
    assert held == [None]
    text = "{ privacyRequests { nodes { id state } } }"
    for who, seen in ((("auditor", "ann"), 1), (OFFICER, 1), (("service_rep", "rep-7"), 0), (HERSELF, 0)):
        assert len((await office.ask(text, None, *who))["data"]["privacyRequests"]["nodes"]) == seen, who


async def test_a_request_is_taken_back(office: Office) -> None:
    """By her who made it, while it is not answered."""
    made = await office.make("ERASURE")
    assert codes(await office.do("cancelRequest", ("customer", BO), request=made)) == ["CG210"]
    done = await office.done("cancelRequest", HERSELF, request=made)
    assert (done["state"], done["closedBy"]) == ("CANCELLED", "customer")
    assert codes(await office.do("cancelRequest", HERSELF, request=made)) == ["CG621"]


async def test_rights_are_those_that_the_standings_give(office: Office) -> None:
    """Told to who sees her, on record, and other ones once she has withdrawn."""

    async def rights(who: tuple[str, str] = HERSELF, whom: str = ADA) -> dict[str, Any] | None:
        found = (await office.ask(RIGHTS, {"id": whom}, *who))["data"]["rightsOffered"]
        return None if found is None else {one["right"]: one for one in found}

    before = await rights()
    assert before is not None
    assert before["WITHDRAWAL"]["purposes"] == before["OBJECTION"]["purposes"] == ["marketing.email"]
    assert before["PORTABILITY"]["purposes"] == ["marketing.email", "service"]
    assert before["WITHDRAWAL"]["about"] == (
        "You may take a consent back at any time for marketing.email (GDPR art. 7(3))."
    )
    await office.done("fulfilRequest", request=await office.make("WITHDRAWAL"))
    after = await rights(OFFICER)
    assert after is not None
    assert after.keys() == {"ACCESS", "PORTABILITY", "RECTIFICATION", "ERASURE", "RESTRICTION"}
    for who, whom in ((HERSELF, BO), (("service_rep", "rep-7"), CY), (OFFICER, "cus_nobody"), (OFFICER, "con_Ada")):
        assert await rights(who, whom) is None
    assert codes(await office.ask(RIGHTS, {"id": ADA}, "marketer", "mia")) == ["CG201"]


async def test_systems_that_take_it_are_told_of_a_restriction(office: Office) -> None:
    """When it comes and when it ends (GDPR art. 19); no word of hers."""
    await office.database.write("CREATE (:SourceSystem {id: 'sys_1', name: 'crm', takes: ['restriction']})")
    made = await office.make("RESTRICTION")
    await office.done("fulfilRequest", request=made)
    told = {"reason": "Checked.", "toldAt": datetime.now(UTC).isoformat()}
    await office.done("liftRestriction", request=made, **told)
    bodies = await office.database.read("MATCH (d:Delivery) RETURN d.body ORDER BY d.sequence")
    assert [('"restricted":true' in one, '"restricted":false' in one) for one in bodies] == [
        (True, False),
        (False, True),
    ]


async def test_an_export_answers_the_request_for_which_it_is_made(office: Office, tmp_path: Path) -> None:
    """By the hash of its manifest; of another kind, person or state it is told before anything is made."""
    database, trail = office.database, office.trail
    mine, taking, unproven = (
        await office.make("ACCESS"),
        await office.make("PORTABILITY"),
        await office.make("ACCESS", ("service_rep", "rep-7")),
    )
    for request, what, customer in ((mine, "portability", ADA), (mine, "access", BO), (unproven, "access", ADA)):
        with pytest.raises(RequestUnfit):
            await ready(database, request, what, customer)
    assert [one["id"] for one in await waiting(database)] == [mine, taking, unproven]
    for request, what in ((mine, "access"), (taking, "portability")):
        state = await ready(database, request, what, ADA)
        await exported(office.assembly, database, trail, what, ADA, tmp_path / what)
        await answered(office.assembly, database, trail, request, state, tmp_path / what)
        with pytest.raises(RequestUnfit):
            await ready(database, request, what, ADA)
        with pytest.raises(FulfilmentMissing):
            await answered(office.assembly, database, trail, request, state, tmp_path / what)
    assert [one["id"] for one in await waiting(database)] == [unproven]
    found = await database.read("MATCH (r:PrivacyRequest {state: 'FULFILLED'}) RETURN r.fulfilledBy")
    assert len(set(found)) == 2
    assert all(one.startswith("sha256:") for one in found)
    steps = await database.read("MATCH (c:Change {role: 'privacy_officer'}) RETURN c.name ORDER BY c.at")
    assert steps == ["beginRequest", "fulfilRequest"] * 2
