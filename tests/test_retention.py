"""What is older than its rule keeps it goes, with the row it came in, and does not come back; a legal hold keeps it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.trail import Trail
from graph.session import Database
from ingest.load import LoadReport, load, preview
from ingest.records import Mail, Record
from privacy import compaction, retention
from privacy.retention import Forgotten, due, retain
from schema.catalogue import complete_model
from schema.errors import DatabaseUnavailable
from schema.governance import read_governance
from server.assembly import Assembly
from server.turns import claimed
from tests.small_company import made, mail, person
from tests.test_changes import Desk, codes
from tests.test_changes import made as made_desk  # noqa: F401  a fixture
from tests.test_ingest_load import census, clear, silent

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

MODEL = complete_model()
GOVERNANCE = read_governance(MODEL)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANN = person("crm", "C-1", "Ann", "Leigh", email="ann@x.example")
BOB = person("crm", "C-2", "Bob", "Stone", email="bob@x.example")
MAILS = """MATCH (c:Customer)-[:HAD]->(i:Interaction) WHERE $name IN [c.name, c.id]
RETURN [i.occurredAt.year, i.text] ORDER BY i.occurredAt"""
PLACE = "mutation ($i: PlaceHoldInput!) { placeHold(input: $i) { legalHold { id reason placedBy customer { id } } } }"
RELEASE = "mutation ($i: ReleaseHoldInput!) { releaseHold(input: $i) { legalHold { id releasedBy } } }"
MERGE = "mutation ($i: MergeInput!) { merge(input: $i) { matchDecision { id } } }"
UNDO = "mutation ($i: UndoInput!) { undo(input: $i) { matchDecision { id } } }"


def wrote(key: str, sender: str, year: int, text: str) -> Mail:
    """A mail of a year."""
    return replace(mail(key, sender), sent_at=datetime(year, 6, 1, 9, tzinfo=UTC), text=text, subject=None)


COMPANY: tuple[Record, ...] = (
    ANN,
    BOB,
    wrote("M-1", "ann@x.example", 2025, "quokka young"),
    wrote("M-2", "ann@x.example", 2021, "quokka middling"),
    wrote("M-3", "ann@x.example", 2014, "quokka old"),
    wrote("M-4", "bob@x.example", 2021, "wombat middling"),
)
ANNS = [[2014, "quokka old"], [2021, "quokka middling"], [2025, "quokka young"]]


class Office(Desk):
    """A desk over a company that is loaded, and loaded again."""

    async def load(self, *, kept: bool = True) -> LoadReport:
        """Load the company, within the rules."""
        rules = GOVERNANCE.retention if kept else ()
        return await load(self.database, made(COMPANY), silent, now=NOW, forget=rules)

    async def retain(self) -> dict[str, tuple[int, int]]:
        """Carry the rules out; records and held by rule, where there were any."""
        return came(await retain(self.database, MODEL, GOVERNANCE, NOW))

    async def mails(self, name: str = "Ann Leigh") -> list[Any]:
        """Year and words of a customer's interactions."""
        return list(await self.database.read(MAILS, {"name": name}))

    async def id_of(self, name: str) -> str:
        """The id of a customer."""
        (found,) = await self.database.read("MATCH (c:Customer {name: $name}) RETURN c.id", {"name": name})
        return str(found)

    async def hold(self, name: str) -> str:
        """Place a hold; its id."""
        given = {"customer": await self.id_of(name), "reason": "Case 12 C 345/25"}
        answer = await self.ask(PLACE, {"i": given}, "privacy_officer", "dpo-1")
        assert "errors" not in answer, answer
        return str(answer["data"]["placeHold"]["legalHold"]["id"])

    async def holding(self, word: str) -> list[str]:
        """The labels of all nodes that hold a word anywhere."""
        text = """MATCH (n) WHERE any(name IN keys(n) WHERE n[name] IS :: STRING AND n[name] CONTAINS $word)
        RETURN head(labels(n)) AS label ORDER BY label"""
        return list(await self.database.read(text, {"word": word}))


def came(found: list[Forgotten]) -> dict[str, tuple[int, int]]:
    """Records and held by rule, where there were any."""
    return {one.rule.name: (one.records, one.held) for one in found if one.records or one.held}


@pytest_asyncio.fixture(loop_scope="session")
async def office(
    made_desk: tuple[Path, Assembly],  # noqa: F811  a fixture
    tmp_path: Path,
    database: Database,
) -> AsyncIterator[Office]:
    """The company, loaded without rules, and the application over it."""
    await clear(database)
    folder, assembly = made_desk
    async with Trail(tmp_path / "trail") as trail:
        found = Office(assembly, LocalIssuer(folder), database, trail)
        await found.load(kept=False)
        yield found


async def test_words_go_and_whole_records_go(office: Office) -> None:
    """With the rows of the source in which they came: nowhere in the graph is a word of it left."""
    assert await office.mails() == ANNS
    assert set(await office.holding("quokka middling")) == {"Interaction", "SourceRecord"}
    assert await office.retain() == {"interactions": (1, 0), "words_of_interactions": (2, 0)}
    assert await office.mails() == [[2021, None], [2025, "quokka young"]]
    assert await office.holding("middling") == await office.holding("quokka old") == []
    assert set(await office.holding("quokka young")) == {"Interaction", "SourceRecord"}
    assert await office.retain() == {}


async def test_what_went_makes_a_compaction_due(office: Office) -> None:
    """From the first that goes on, until the files are made anew; a run that takes nothing makes nothing due."""
    await office.database.write("MATCH (note:Compaction) DELETE note")
    await due(office.database, MODEL, GOVERNANCE, NOW)
    assert (await compaction.state(office.database)).due_since is None
    await office.retain()
    assert (await compaction.state(office.database)).due_since == NOW
    await retain(office.database, MODEL, GOVERNANCE, NOW + timedelta(days=1))
    assert (await compaction.state(office.database)).due_since == NOW
    await compaction.done(office.database, NOW)
    assert await compaction.state(office.database) == compaction.State(None, NOW)
    await office.retain()
    assert (await compaction.state(office.database)).due_since is None


async def test_what_would_go_is_told_and_stays(office: Office) -> None:
    """Counted as it would go: of a record that goes whole no words."""
    before = await census(office.database)
    found = came(await due(office.database, MODEL, GOVERNANCE, NOW))
    assert found == {"interactions": (1, 0), "words_of_interactions": (2, 0)}
    assert await census(office.database) == before


async def test_a_load_brings_nothing_back(office: Office) -> None:
    """And says how much that was. Without the rules it would."""
    await office.retain()
    after = await office.mails()
    report = await office.load()
    assert report.notes == ("Not taken in again, by rules of retention: interactions 1, words_of_interactions 2.",)
    assert await office.mails() == after
    before = await census(office.database)
    await office.load()
    assert await census(office.database) == before
    assert await office.holding("middling") == []
    await office.load(kept=False)
    assert await office.mails() == ANNS


async def test_a_first_load_takes_in_what_may_be_kept(office: Office) -> None:
    """The same graph as one that forgot it later."""
    await office.retain()
    await office.load()
    forgot = await office.mails(), await office.mails("Bob Stone")
    await clear(office.database)
    await office.load()
    assert (await office.mails(), await office.mails("Bob Stone")) == forgot
    assert await office.holding("middling") == []
    would = await preview(office.database, made(COMPANY), silent, now=NOW, forget=GOVERNANCE.retention)
    assert all(one.new == one.changed == 0 for one in would.tables.values())


async def test_a_hold_keeps_all_that_is_hers(office: Office) -> None:
    """Nobody else's; loads keep to it, too; what was due meanwhile goes after its end."""
    hold = await office.hold("Ann Leigh")
    assert await office.retain() == {"words_of_interactions": (1, 2), "interactions": (0, 1)}
    assert await office.mails() == ANNS
    assert await office.mails("Bob Stone") == [[2021, None]]
    await office.load()
    assert (await office.mails(), await office.mails("Bob Stone")) == (ANNS, [[2021, None]])
    answer = await office.ask(RELEASE, {"i": {"hold": hold}}, "privacy_officer", "dpo-1")
    assert answer["data"]["releaseHold"]["legalHold"]["releasedBy"] == "privacy_officer"
    assert await office.retain() == {"words_of_interactions": (1, 0), "interactions": (1, 0)}
    again = await office.ask(RELEASE, {"i": {"hold": hold}}, "privacy_officer", "dpo-2")
    assert again["data"]["releaseHold"]["legalHold"] == answer["data"]["releaseHold"]["legalHold"]


async def test_a_hold_that_comes_between_is_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked at once more where the values go."""

    class Meanwhile:
        """A graph in which a hold is placed once it is known what is due."""

        read = staticmethod(office.database.read)

        async def write(
            self, text: str, given: Mapping[str, Any] | None = None, timeout: float | None = None
        ) -> list[Any]:
            """As it writes."""
            if "ids" in (given or {}) and not held:
                held.append(await office.hold("Ann Leigh"))
            return list(await office.database.write(text, given, timeout))

    held: list[str] = []
    found = came(await retain(Meanwhile(), MODEL, GOVERNANCE, NOW))
    assert found == {"words_of_interactions": (1, 2)}
    assert await office.mails() == ANNS


async def test_a_run_that_is_cut_off_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever batch was the last; and it is not told as done."""
    monkeypatch.setattr(retention, "_AT_ONCE", 1)

    class Breaking:
        """A graph that is away after some batches."""

        read = staticmethod(office.database.read)
        left = 8

        async def write(
            self, text: str, given: Mapping[str, Any] | None = None, timeout: float | None = None
        ) -> list[Any]:
            """As it writes, for a while."""
            self.left -= 1
            if self.left < 0:
                raise DatabaseUnavailable
            return list(await office.database.write(text, given, timeout))

    with pytest.raises(DatabaseUnavailable):
        await retain(Breaking(), MODEL, GOVERNANCE, NOW)
    assert await office.database.read("MATCH (r:RetentionRun) RETURN r.rule ORDER BY r.rule") == [
        "interactions",
        "outreach",
        "promises",
        "signals",
    ]
    assert await office.retain() == {"words_of_interactions": (1, 0)}
    assert await office.holding("middling") == []


async def test_a_hold_goes_along_with_a_merge_and_back(office: Office) -> None:
    """Whoever is one person is held as one; and what is forgotten keeps nobody from merging and taking it back."""
    ann, bob = await office.id_of("Ann Leigh"), await office.id_of("Bob Stone")
    await office.retain()
    await office.hold("Bob Stone")
    answer = await office.ask(
        MERGE, {"i": {"customer": ann, "others": [bob], "reason": "same"}}, "data_steward", "ds-1"
    )
    assert "errors" not in answer, answer
    holds = "MATCH (:LegalHold)-[:HOLDS]->(c:Customer) RETURN c.id"
    assert await office.database.read(holds) == [ann]
    assert [year for year, _ in await office.mails(ann)] == [2021, 2021, 2025]
    undone = {"decision": answer["data"]["merge"]["matchDecision"]["id"], "reason": "not the same"}
    assert "errors" not in (back := await office.ask(UNDO, {"i": undone}, "data_steward", "ds-1")), back
    assert await office.database.read(holds) == [bob]
    assert [year for year, _ in await office.mails(bob)] == [2021]


async def test_what_came_of_it_is_told(office: Office) -> None:
    """To those who answer for it and those who check; nobody else has such a type."""
    await office.hold("Bob Stone")
    await office.retain()
    text = "{ retentionRuns(where: {records: {gt: 0}}) { nodes { rule type forgot records held rules } } }"
    for role in ("privacy_officer", "auditor"):
        runs = (await office.ask(text, None, role))["data"]["retentionRuns"]["nodes"]
        assert {(one["rule"], one["records"], one["held"]) for one in runs} == {
            ("words_of_interactions", 1, 1),
            ("interactions", 1, 0),
        }
        assert {one["rules"] for one in runs} == {GOVERNANCE.digest}
    assert codes(await office.ask(text, None, "marketer")) == ["CG201"]
    held = "{ legalHolds { nodes { reason actor placedBy _withheld { field } customer { id } } } }"
    (seen,) = (await office.ask(held, None, "auditor"))["data"]["legalHolds"]["nodes"]
    assert (seen["reason"], seen["actor"], seen["_withheld"]) == (None, "dpo-1", [{"field": "reason"}])


async def test_a_hold_says_why(office: Office) -> None:
    """And a day of review is one to come."""
    ann = await office.id_of("Ann Leigh")
    for wrong in ({"reason": " "}, {"reason": "x", "reviewOn": "2020-01-01"}):
        answer = await office.ask(PLACE, {"i": {"customer": ann, **wrong}}, "privacy_officer", "dpo-1")
        assert codes(answer) == ["CG202"], answer
    assert codes(await office.ask(PLACE, {"i": {"customer": "cus_nobody", "reason": "x"}}, "privacy_officer")) != []
    assert await office.count("LegalHold") == 0


async def test_one_of_several_servers_carries_it_out(office: Office) -> None:
    """Who comes within the hours finds that it was done."""
    await office.database.write("MATCH (clock:RetentionClock) DELETE clock")
    assert [await claimed(office.database, "retention", 3600), await claimed(office.database, "retention", 3600)] == [
        True,
        False,
    ]
    assert await claimed(office.database, "retention", 0)


async def test_the_dictionary_tells_each_role_of_its_own_fields(office: Office) -> None:
    """What a field means, why it is held, how long; of fields that it does not have not even that."""
    text = '{ dictionary(type: "Interaction") { field definition category owner basis kept } }'
    told = {}
    for role in ("privacy_officer", "operations_manager"):
        told[role] = {one["field"]: one for one in (await office.ask(text, None, role))["data"]["dictionary"]}
    assert told["privacy_officer"]["text"]["kept"] == [
        "36 months after occurredAt",
        "with the record, 120 months after occurredAt",
    ]
    assert told["privacy_officer"]["text"]["basis"] == "CONTRACT"
    assert "text" not in told["operations_manager"]
    assert "occurredAt" in told["operations_manager"]
    assert codes(await office.ask('{ dictionary(type: "RetentionRun") { field } }', None, "marketer")) == ["CG202"]
    whole = (await office.ask("{ dictionary { type field decidedBy } }", None, "data_steward"))["data"]["dictionary"]
    assert {
        "type": "Customer",
        "field": "birthDate",
        "decidedBy": ["usable", "system_of_record (billing, crm, shipping)", "most_recent"],
    } in whole
