"""What a customer says in a message blocks at once, until a person has read it; no load overrides who decided."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.trail import Trail
from graph.session import Database
from ingest.load import load
from ingest.records import Call, Mail, Record
from server.assembly import Assembly
from tests.small_company import call, decided, house, made, mail, person
from tests.test_changes import Desk, codes
from tests.test_changes import made as made_desk  # noqa: F401  a fixture
from tests.test_ingest_load import census, clear, silent

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

ANN = person("crm", "C-1", "Ann", "Leigh", email="ann@x.example", phone="+441132345678")
EVE = person("crm", "C-2", "Eve", "Leigh", email="eve@x.example", lives=house(1))
BOB = person("crm", "C-3", "Bob", "Stone", email="bob@x.example", phone="+441132345679", lives=house(7))
AGREED = tuple(
    decided(f"D-{one.key}-{purpose}", "crm", one.key, purpose, "GIVEN")
    for one in (ANN, EVE, BOB)
    for purpose in ("marketing.email", "marketing.phone", "analytics")
)
COMPANY: tuple[Record, ...] = (ANN, EVE, BOB, *AGREED)
LAWFUL = """MATCH (c:Customer {name: $name})-[:STANDS]->(s:Standing {lawful: true})
WHERE s.purpose STARTS WITH 'marketing' OR s.purpose = 'analytics' RETURN s.purpose ORDER BY s.purpose"""
STATUS = "MATCH (c:Customer {name: $name}) RETURN c.status"
TASKS = """MATCH (t:ReviewTask) OPTIONAL MATCH (t)-[:ASKS_ABOUT]->(c:Customer)
RETURN [t.kind, t.state, t.purposes, c.name] ORDER BY t.sourceKey"""
ID = "MATCH (c:Customer {name: $name}) RETURN c.id"
CONFIRM = """mutation ($input: ConfirmReviewInput!) { confirmReview(input: $input) {
  reviewTask { id state closedBy customer { id status } } } }"""
DISMISS = "mutation ($input: DismissReviewInput!) { dismissReview(input: $input) { reviewTask { state reason } } }"
ALL = ["analytics", "marketing.email", "marketing.phone"]


def wrote(key: str, sender: str, text: str, at: int = 1) -> Mail:
    """A mail of a customer, in June."""
    return replace(mail(key, sender, at), text=text, subject="Hello")


def noted(key: str, caller: str, text: str) -> Call:
    """A note of a call with a customer, in May."""
    return replace(call(key, caller), notes=text)


NO_MORE = wrote("M-1", "ann@x.example", "Please stop all advertising.\n\nRegards\nAnn Leigh")


class Office(Desk):
    """A desk over a company that is loaded, and loaded again."""

    async def load(self, *records: Record) -> None:
        """Load these records beside the company."""
        await load(self.database, made((*COMPANY, *records)), silent, keys=self.assembly.vault)

    async def lawful(self, name: str = "Ann Leigh") -> list[str]:
        """For what a customer's data may be used that rests on consent."""
        return list(await self.database.read(LAWFUL, {"name": name}))

    async def status(self, name: str) -> str:
        """The status of a customer."""
        (found,) = await self.database.read(STATUS, {"name": name})
        return str(found)

    async def id_of(self, name: str) -> str:
        """The id of a customer."""
        (found,) = await self.database.read(ID, {"name": name})
        return str(found)

    async def tasks(self) -> list[Any]:
        """Kind, state, purposes and customer of every task."""
        return list(await self.database.read(TASKS))

    async def task(self) -> str:
        """The id of the only task."""
        (found,) = await self.database.read("MATCH (t:ReviewTask) RETURN t.id")
        return str(found)

    async def confirm(self, role: str = "privacy_officer", **more: Any) -> dict[str, Any]:
        """Confirm the only task."""
        return await self.ask(CONFIRM, {"input": {"task": await self.task(), **more}}, role)

    async def dismiss(self, role: str = "privacy_officer") -> dict[str, Any]:
        """Dismiss the only task."""
        return await self.ask(DISMISS, {"input": {"task": await self.task(), "reason": "She asks for more."}}, role)


@pytest_asyncio.fixture(loop_scope="session")
async def office(
    made_desk: tuple[Path, Assembly],  # noqa: F811  a fixture
    tmp_path: Path,
    database: Database,
) -> AsyncIterator[Office]:
    """An empty graph, and the application over it."""
    await clear(database)
    folder, assembly = made_desk
    async with Trail(tmp_path / "trail") as trail:
        yield Office(assembly, LocalIssuer(folder), database, trail)


async def test_what_is_said_blocks_at_the_next_question(office: Office) -> None:
    """A marketer who saw her sees her no more; what she did not speak of stays, and so do the others."""
    await office.load()
    count = "{ customers { totalCount } }"
    assert (await office.ask(count, None, "marketer"))["data"]["customers"]["totalCount"] == 3
    await office.load(NO_MORE)
    assert await office.lawful() == ["analytics"]
    assert await office.lawful("Bob Stone") == ALL
    assert (await office.ask(count, None, "marketer"))["data"]["customers"]["totalCount"] == 2
    assert await office.tasks() == [["WITHDRAWAL", "OPEN", ["marketing.email", "marketing.phone"], "Ann Leigh"]]


async def test_the_same_exports_again_find_the_same(office: Office) -> None:
    """No second task, no second event, the same ids."""
    await office.load(NO_MORE)
    before = await census(office.database)
    await office.load(NO_MORE)
    assert await census(office.database) == before


async def test_what_a_person_confirms_is_a_decision_like_others(office: Office) -> None:
    """It holds until the customer decides anew; then nothing of the message is left."""
    await office.load(NO_MORE)
    answer = await office.confirm()
    assert answer["data"]["confirmReview"]["reviewTask"]["state"] == "CONFIRMED", answer
    assert await office.lawful() == ["analytics"]
    states = "MATCH (:Customer {name: 'Ann Leigh'})-[:GAVE]->(c:Consent {purpose: 'marketing.email'}) RETURN c.state"
    assert sorted(await office.database.read(states)) == ["GIVEN", "UNKNOWN", "WITHDRAWN"]
    await office.load(NO_MORE)
    assert await office.lawful() == ["analytics"]
    assert codes(await office.dismiss()) == ["CG519"]
    again = {"customer": await office.id_of("Ann Leigh"), "purpose": "marketing.email", "state": "GIVEN"}
    text = "mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { consent { id } } }"
    await office.ask(text, {"input": again}, "privacy_officer")
    assert await office.lawful() == ["analytics", "marketing.email"]
    await office.load(NO_MORE)
    assert await office.lawful() == ["analytics", "marketing.email"]


async def test_what_a_person_dismisses_is_as_before(office: Office) -> None:
    """By a further event; a later load does not find it again."""
    await office.load(NO_MORE)
    answer = await office.dismiss("data_steward")
    assert answer["data"]["dismissReview"]["reviewTask"] == {"state": "DISMISSED", "reason": "She asks for more."}
    assert await office.lawful() == ALL
    await office.load(NO_MORE)
    assert await office.lawful() == ALL
    assert [one[1] for one in await office.tasks()] == ["DISMISSED"]
    assert await office.database.read("MATCH (c:Consent {state: 'UNKNOWN'}) RETURN count(c)") == [4]


async def test_to_dismiss_gives_no_consent_that_was_not_there(office: Office) -> None:
    """Who never agreed has not agreed because a message was misread."""
    await load(office.database, made((ANN, NO_MORE)), silent, keys=office.assembly.vault)
    await office.dismiss()
    assert await office.lawful() == []


async def test_who_is_said_to_have_died_is_not_written_to(office: Office) -> None:
    """At once; and again where a person says that the note means something else."""
    await office.load(noted("CL-1", "+441132345679", "customer passed away, son calling"))
    assert await office.status("Bob Stone") == "DECEASED"
    assert (await office.ask("{ customers { totalCount } }", None, "marketer"))["data"]["customers"]["totalCount"] == 2
    seen = await office.ask("{ customers { nodes { status reviewTasks { nodes { kind state } } } } }")
    assert {"status": "DECEASED", "reviewTasks": {"nodes": [{"kind": "DECEASED", "state": "OPEN"}]}} in seen["data"][
        "customers"
    ]["nodes"]
    await office.dismiss()
    assert await office.status("Bob Stone") == "ACTIVE"
    await office.load(noted("CL-1", "+441132345679", "customer passed away, son calling"))
    assert await office.status("Bob Stone") == "ACTIVE"


async def test_a_death_in_the_family_is_not_the_writers(office: Office) -> None:
    """Whoever is named and lives there is found; nobody is guessed, a person says who it is."""
    await office.load(wrote("M-2", "ann@x.example", "Eve Leigh, who lived with me, has died."))
    assert await office.status("Eve Leigh") == "DECEASED"
    assert await office.status("Ann Leigh") == "ACTIVE"
    await clear(office.database)
    await office.load(wrote("M-3", "ann@x.example", "My mother has passed away."))
    assert await office.tasks() == [["DECEASED", "OPEN", [], None]]
    assert await office.status("Ann Leigh") == "ACTIVE"
    assert codes(await office.confirm()) == ["CG202"]
    assert codes(await office.confirm(concerns=["cus_nobody"])) == ["CG210"]
    await office.confirm(concerns=[await office.id_of("Bob Stone")])
    assert await office.status("Bob Stone") == "DECEASED"
    await office.load(wrote("M-3", "ann@x.example", "My mother has passed away."))
    assert await office.tasks() == [["DECEASED", "CONFIRMED", [], "Bob Stone"]]


async def test_a_message_of_nobody_blocks_nobody(office: Office) -> None:
    """It is a task for those who see what belongs to nobody."""
    await office.load(wrote("M-4", "stranger@y.example", "Take me off your mailing list."))
    for name in ("Ann Leigh", "Eve Leigh", "Bob Stone"):
        assert await office.lawful(name) == ALL
    count = "{ reviewTasks { totalCount } }"
    assert (await office.ask(count, None, "privacy_officer"))["data"]["reviewTasks"]["totalCount"] == 1
    assert (await office.ask(count))["data"]["reviewTasks"]["totalCount"] == 0


async def test_who_may_ask_and_what_is_shown(office: Office) -> None:
    """The rep sees tasks of her region; a steward no words of conversations; a marketer does not know of tasks."""
    await office.load(NO_MORE)
    text = "{ reviewTasks { nodes { kind quote quoteRedacted interaction { id } } } }"
    (rep,) = (await office.ask(text))["data"]["reviewTasks"]["nodes"]
    assert rep["quote"] == "Please stop all advertising."
    assert codes(await office.ask(text, None, "data_steward")) == ["CG201"]
    (steward,) = (await office.ask(text.replace("quote ", ""), None, "data_steward"))["data"]["reviewTasks"]["nodes"]
    assert steward["quoteRedacted"] == "Please stop all advertising."
    assert codes(await office.ask("{ reviewTasks { totalCount } }", None, "marketer")) == ["CG201"]
    assert set(codes(await office.ask(DISMISS, {"input": {"task": await office.task(), "reason": "x"}}))) == {"CG201"}
    assert (await office.confirm("service_rep"))["data"]["confirmReview"]["reviewTask"]["closedBy"] == "service_rep"


async def test_what_she_decided_later_is_newer_than_the_message(office: Office) -> None:
    """Nobody is asked about what was answered since."""
    early = wrote("M-5", "ann@x.example", "Please stop your newsletter.")
    await office.load(replace(early, sent_at=datetime(2025, 1, 1, tzinfo=UTC)))
    assert await office.lawful() == ALL
    assert await office.tasks() == []


async def test_a_complaint_is_asked_about_and_blocks_nothing(office: Office) -> None:
    """It is for a person to answer."""
    await office.load(wrote("M-6", "ann@x.example", "I want to make a formal complaint."))
    assert await office.lawful() == ALL
    assert await office.tasks() == [["COMPLAINT", "OPEN", [], "Ann Leigh"]]
    await office.confirm()
    assert await office.tasks() == [["COMPLAINT", "CONFIRMED", [], "Ann Leigh"]]
