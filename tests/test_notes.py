"""What a customer says to a rep counts as what she writes does: at once, and until a person has read it."""

from typing import Any

import pytest

from ingest.load import load
from tests.small_company import made as company
from tests.test_changes import made as made_desk  # noqa: F401  a fixture
from tests.test_ingest_load import silent
from tests.test_requests_merged import merged, undo
from tests.test_reviews import ALL, COMPANY, Office, office  # noqa: F401  a fixture

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

NOTE = """mutation ($i: RecordInteractionInput!) { recordInteraction(input: $i) { interaction {
  id reviewTasks { nodes { kind state purposes quote quoteRedacted } } } } }"""
STOP = "Ann called. She wants no more advertising."


async def note(office: Office, name: str = "Ann Leigh", **more: Any) -> list[Any]:  # noqa: F811  a fixture
    """A note of a call with a customer; the tasks that it made."""
    given = {"customer": await office.id_of(name), "kind": "CALL", "direction": "INBOUND", "text": STOP, **more}
    answer = await office.ask(NOTE, {"i": given}, "service_rep", "rep-7")
    assert "errors" not in answer, answer
    return list(answer["data"]["recordInteraction"]["interaction"]["reviewTasks"]["nodes"])


async def test_what_she_says_on_the_phone_blocks_at_once_and_asks_a_person(office: Office) -> None:  # noqa: F811
    """In the transaction of the note, and on record with it; nobody else is blocked."""
    await office.load()
    (task,) = await note(office)
    assert (task["kind"], task["state"]) in {("OBJECTION", "OPEN"), ("WITHDRAWAL", "OPEN")}
    assert task["quote"] == "She wants no more advertising."
    assert set(task["purposes"]) >= {"marketing.email", "marketing.phone"}
    assert not set(await office.lawful()) & set(task["purposes"])
    assert await office.lawful("Bob Stone") == ALL
    log = await office.ask("{ changes { nodes { name fields } } }", role="auditor", subject="ann")
    assert {"ReviewTask.quote", "Consent.state", "Standing.lawful"} <= set(log["data"]["changes"]["nodes"][0]["fields"])


async def test_a_load_keeps_to_it_and_a_person_decides(office: Office) -> None:  # noqa: F811
    """No load knows of the note. Who dismisses it gives back what was there."""
    await office.load()
    await note(office)
    blocked = await office.lawful()
    await office.load()
    assert await office.lawful() == blocked
    answer = await office.dismiss()
    assert "errors" not in answer, answer
    assert await office.lawful() == ALL
    await office.load()
    assert await office.lawful() == ALL
    await office.database.write("MATCH (t:ReviewTask) DETACH DELETE t")
    await note(office)
    assert "errors" not in await office.confirm()
    await office.load()
    assert await office.lawful() == blocked


async def test_a_merge_takes_it_along_and_an_undo_back(office: Office) -> None:  # noqa: F811
    """What was said by one of two who are one counts for her; apart again, for whom it was."""
    await office.load()
    await note(office, "Bob Stone")
    blocked = await office.lawful("Bob Stone")
    ann, _, decision = await merged(office)  # type: ignore[arg-type]  # any office will do
    lawful = "MATCH (:Customer {id: $id})-[:STANDS]->(s {purpose: 'marketing.email'}) RETURN s.lawful"
    assert await office.database.read(lawful, {"id": ann}) == [False]
    await undo(office, decision)  # type: ignore[arg-type]  # any office will do
    assert await office.lawful("Bob Stone") == blocked
    assert await office.lawful() == ALL


async def test_whose_words_it_holds_says_the_direction_of_a_mail(office: Office) -> None:  # noqa: F811
    """A mail to her is the company's; one from her is hers, title and all."""
    await office.load()
    mail = {"kind": "EMAIL", "subject": "Please stop all advertising", "text": "Thank you."}
    assert await note(office, direction="OUTBOUND", **mail) == []
    assert await note(office, direction="INBOUND", **mail) != []


async def test_a_death_is_held_and_someone_elses_names_nobody(office: Office) -> None:  # noqa: F811
    """The account's own at once; of whom another note speaks is for its reader to say, and her name is taken out."""
    await office.load()
    (task,) = await note(office, "Bob Stone", text="customer passed away, son calling")
    assert task["kind"] == "DECEASED"
    assert await office.status("Bob Stone") == "DECEASED"
    await note(office, text="Her mother Eve Leigh has died.")
    assert [await office.status(one) for one in ("Ann Leigh", "Eve Leigh")] == ["ACTIVE", "ACTIVE"]
    (other,) = await office.database.read(
        "MATCH (t:ReviewTask {aboutAnother: true}) RETURN [t.quoteRedacted, COUNT { (t)-[:ASKS_ABOUT]->() }]"
    )
    assert other == ["Her mother [NAME] has died.", 0]
    await load(office.database, company(COMPANY), silent, keys=office.assembly.vault)
    assert await office.status("Bob Stone") == "DECEASED"


async def test_a_note_that_says_nothing_of_the_kind_asks_nobody(office: Office) -> None:  # noqa: F811
    """And blocks nothing."""
    await office.load()
    assert await note(office, text="Asked where the parcel is. Will call back on Monday.") == []
    assert await office.lawful() == ALL
