"""Corrections: what a person sets right stands against what sources say, is told to them, and comes back as no news."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.trail import Trail
from graph.constraints import statements
from graph.session import Database
from ingest.corrections import Correction, chosen
from ingest.load import load as load_sources
from ingest.normalise import place
from ingest.records import PostalAddress, Profile
from ingest.survivorship import AttributeRules, Candidate, Choice, Rule
from schema.catalogue import complete_model
from schema.enums import ChannelKind
from server.assembly import Assembly, assemble
from server.settings import load
from tests.small_company import house, made, person
from tests.test_changes import Desk, codes
from tests.test_doctor_graph import wrong
from tests.test_ingest_load import clear, silent

RULES = AttributeRules((Rule.USABLE, Rule.SYSTEM_OF_RECORD, Rule.MOST_RECENT), ("crm", "till"))
OLD = Candidate("1 High Street", "crm", "c1", datetime(2020, 5, 4, tzinfo=UTC))
OTHER = Candidate("2 High Street", "till", "t1", datetime(2021, 5, 4, tzinfo=UTC))
HELD = {"crm:c1": OLD.spelling, "till:t1": OTHER.spelling}
MADE = Correction("cor_1", "address", "9 Low Road", datetime(2022, 5, 4, tzinfo=UTC), ("crm", "c1"), HELD, "ann")
LATER = replace(MADE, id="cor_2", value="7 Low Road", at=datetime(2024, 5, 4, tzinfo=UTC))


def at(year: int) -> datetime:
    """A day of a year."""
    return datetime(year, 5, 4, tzinfo=UTC)


def picked(candidates: Sequence[Candidate], *corrections: Correction) -> tuple[str, str]:
    """The value that counts, and the rule that decided."""
    found: Choice | None = chosen(RULES, candidates, corrections)
    assert found is not None
    assert {found.chosen.value, *(one.value for one in found.lost)} == {
        one.value for one in (*candidates, *(each.candidate for each in corrections))
    }
    return found.chosen.value, found.rule


def test_a_correction_stands_against_all_that_was_said_before() -> None:
    """Whatever the rules trust more; of several corrections the last."""
    assert picked([OLD, OTHER]) == ("1 High Street", "system_of_record")
    assert picked([OLD, OTHER], MADE) == ("9 Low Road", "correction")
    assert picked([OLD, OTHER], LATER, MADE) == ("7 Low Road", "correction")
    assert picked([], MADE) == ("9 Low Road", "correction")


def test_what_a_record_held_already_is_no_news_however_young_the_record() -> None:
    """Its phone number changed, not its address."""
    assert picked([replace(OLD, observed_at=at(2025)), OTHER], MADE) == ("9 Low Road", "correction")


@pytest.mark.parametrize("year", [2022, 2023, 2027])
def test_an_echo_is_no_news(year: int) -> None:
    """Neither of the last correction nor, from a slow system, of one before it."""
    echo = replace(OLD, value="9 low road.", observed_at=at(year))
    assert picked([echo, OTHER], MADE) == ("9 Low Road", "correction")
    assert picked([echo, OTHER], MADE, LATER) == ("7 Low Road", "correction")
    news = replace(OTHER, value="5 New Lane", observed_at=at(2025))
    assert picked([echo, news], MADE, LATER) == ("5 New Lane", "since_correction")


def test_news_counts_by_the_rules_and_what_was_corrected_takes_no_part() -> None:
    """Though the system of record still says what was wrong."""
    news = replace(OTHER, value="5 New Lane", observed_at=at(2023))
    assert picked([OLD, news], MADE) == ("5 New Lane", "since_correction")
    more = Candidate("6 New Lane", "club", "k1", at(2024))
    assert picked([OLD, news, more], MADE) == ("5 New Lane", "system_of_record")
    assert picked([OLD, replace(news, weak=True)], MADE) == ("9 Low Road", "correction")
    assert picked([OLD, replace(news, observed_at=at(2021))], MADE) == ("9 Low Road", "correction")


def test_of_a_record_without_a_time_what_differs_from_what_it_held_is_news() -> None:
    """A record that was not there is not known to be younger."""
    assert picked([replace(OTHER, value="5 New Lane", observed_at=None)], MADE)[0] == "5 New Lane"
    stranger = Candidate("5 New Lane", "club", "k1", None)
    assert picked([OLD, stranger], MADE) == ("9 Low Road", "correction")


# In a graph

asynchronous = pytest.mark.asyncio(loop_scope="session")
BORN = date(1990, 2, 3)
CRM = person("crm", "c1", "Ann", "Lee", born=BORN, email="ann@x.example", lives=house(1))
SHIPPING = person(
    "shipping",
    "s1",
    "Ann",
    "Lee",
    born=BORN,
    email="ann@x.example",
    lives=house(2),
    changed=datetime(2025, 1, 1, tzinfo=UTC),
)
NOWHERE = PostalAddress(None, None, None, None, None, "GB", None)
TILL = person("till", "t1", "Ann", "Lee", born=BORN, email="ann@x.example", lives=NOWHERE)
HERS = (CRM, SHIPPING, TILL)
SON = person("crm", "c2", "Tom", "Lee", born=date(2010, 4, 5), email="tom@x.example", lives=house(2))
MOVED = replace(house(9), line2="Flat 2", city="York", place=place("9 High Street", "AB1 2CD", "GB"))
RIGHT = {"line1": "9 High Street", "line2": "Flat 2", "postalCode": "AB1 2CD", "city": "York", "country": "UK"}
ADDRESS = "address { line1 line2 postalCode city country }"
CORRECT = f"""mutation ($i: CorrectAddressInput!) {{ correctAddress(input: $i) {{ customer {{ region {ADDRESS}
  channels {{ nodes {{ kind address }} }} deliveries {{ nodes {{ system what state }} }}
  corrections(orderBy: [{{attribute: ASC}}]) {{ nodes {{ attribute role }} }} }} }} }}"""
NAME = "mutation ($i: CorrectNameInput!) { correctName(input: $i) { customer { name givenName familyName } } }"
WHY = """query ($id: ID!) { customer(id: $id) { provenance(where: {attribute: {eq: "address"}}) { nodes {
  value system rule chosen } } } }"""
TAKES = "MATCH (s:SourceSystem) SET s.takes = ['address', 'name']"


def later(record: Profile, lives: PostalAddress, year: int) -> Profile:
    """A record as it is in a later export."""
    return replace(record, address=lives, changed_at=at(year))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ready(tmp_path_factory: pytest.TempPathFactory, database: Database) -> tuple[Path, Assembly]:
    """The folder of the keys, and an assembly, on a graph with the product's constraints."""
    for statement in statements(complete_model()):
        await database.change_schema(statement)
    folder = tmp_path_factory.mktemp("corrections")
    return folder, assemble(load(data=folder))


@pytest_asyncio.fixture(loop_scope="session")
async def desk(ready: tuple[Path, Assembly], tmp_path: Path, database: Database) -> AsyncIterator[Desk]:
    """Ann, whom three systems know, and her son, who lives with her."""
    await clear(database)
    await load_sources(database, made([*HERS, SON]), silent)
    await database.write(TAKES)
    folder, assembly = ready
    async with Trail(tmp_path / "trail") as trail:
        yield Desk(assembly, LocalIssuer(folder), database, trail)
    await clear(database)


async def ann(desk: Desk) -> str:
    """Her id."""
    (found,) = await desk.database.read("MATCH (c:Customer {givenName: 'Ann'}) RETURN c.id")
    return str(found)


async def lives(desk: Desk) -> tuple[str, str]:
    """Where the graph has her, and the rule that decided."""
    (found,) = await desk.database.read(
        "MATCH (c:Customer {email: 'ann@x.example'})-[:LIVES_AT]->(a) "
        "MATCH (c)-[:PROVEN_BY]->(p {attribute: 'address', chosen: true}) RETURN [a.line1, p.rule]"
    )
    return str(found[0]), str(found[1])


async def set_right(desk: Desk, role: str = "service_rep", subject: str = "rep-7", **other: Any) -> dict[str, Any]:
    """Her address, set right."""
    given = {"customer": await ann(desk), "reason": "she called", **RIGHT, **other}
    return await desk.ask(CORRECT, {"i": given}, role, subject)


@asynchronous
async def test_it_is_there_at_once_told_to_who_had_the_old_one_and_on_record(desk: Desk) -> None:
    """In the payload, for the customer and for a steward; the till, which has no address, is told nothing."""
    assert (await lives(desk))[0] == "2 High Street"
    answer = await set_right(desk)
    assert "errors" not in answer, answer
    shown = answer["data"]["correctAddress"]["customer"]
    where = {"line1": "9 High Street", "line2": "Flat 2", "postalCode": "AB1 2CD", "city": "York", "country": "GB"}
    assert (shown["region"], shown["address"]) == ("GB", where)
    post = [one["address"] for one in shown["channels"]["nodes"] if one["kind"] == "POST"]
    assert post == ["9 High Street, Flat 2, AB1 2CD York, GB"]
    told = sorted((one["system"], one["what"], one["state"]) for one in shown["deliveries"]["nodes"])
    assert told == [("crm", "address", "PENDING"), ("shipping", "address", "PENDING")]
    made_of = [(one["attribute"], one["role"]) for one in shown["corrections"]["nodes"]]
    assert made_of == [("address", "service_rep"), ("region", "service_rep")]
    bodies = await desk.database.read("MATCH (d:Delivery {system: 'crm'}) RETURN d.body")
    event = orjson.loads(bodies[0])
    assert event["type"] == "customer-graph.address"
    assert event["data"] == {"records": ["c1"], "address": where}
    assert "she called" not in bodies[0]
    id_ = await ann(desk)
    hers = await desk.ask(f"{{ customers {{ nodes {{ {ADDRESS} }} }} }}", None, "customer", id_)
    assert hers["data"]["customers"]["nodes"] == [{"address": where}]
    why = await desk.ask(WHY, {"id": id_}, "data_steward", "sue")
    assert sorted(
        (one["value"], one["system"], one["rule"], one["chosen"])
        for one in why["data"]["customer"]["provenance"]["nodes"]
    ) == [
        ("1 High Street, AB1 2CD Leeds, GB", "crm", "correction", False),
        ("2 High Street, AB1 2CD Leeds, GB", "shipping", "correction", False),
        ("9 High Street, Flat 2, AB1 2CD York, GB", "correction", "correction", True),
        ("GB", "till", "correction", False),
    ]
    said = await desk.ask(
        '{ changes { nodes { name fields viewer } } corrections(where: {attribute: {eq: "address"}}) '
        "{ nodes { value reason viewer } } }",
        None,
        "privacy_officer",
        "pam",
    )
    (change,) = said["data"]["changes"]["nodes"]
    assert (change["name"], change["viewer"]) == ("correctAddress", "rep-7")
    assert {"Address.line1", "Customer.region"} <= set(change["fields"])
    (kept,) = said["data"]["corrections"]["nodes"]
    assert kept == {"value": "9 High Street, Flat 2, AB1 2CD York, GB", "reason": "she called", "viewer": "rep-7"}
    assert await desk.database.read("MATCH (:Customer {givenName: 'Ann'})-[:MEMBER_OF]->(h) RETURN h.id") == []


@asynchronous
async def test_a_graph_with_corrections_is_sound(desk: Desk) -> None:
    """A golden value may come from a correction as from a record; not from one that is not there."""
    await set_right(desk)
    assert await wrong(desk.database) == {}
    await desk.database.write("MATCH (c:Correction {attribute: 'address'}) SET c.id = 'cor_another' RETURN 1")
    assert list((await wrong(desk.database)).values()) == [1]


@asynchronous
async def test_only_who_may_and_of_whom_is_seen(desk: Desk) -> None:
    """A customer her own; a marketer nobody's; a rep of another region finds nobody there."""
    id_ = await ann(desk)
    assert codes(await set_right(desk, "marketer", "mia")) == ["CG201"] * len(codes(await set_right(desk, "marketer")))
    await desk.database.write("MATCH (c:Customer {id: $id}) SET c.region = 'DE'", {"id": id_})
    assert codes(await set_right(desk)) == ["CG210"]
    (tom,) = await desk.database.read("MATCH (c:Customer {givenName: 'Tom'}) RETURN c.id")
    mine = "mutation ($i: CorrectAddressInput!) { correctAddress(input: $i) { customer { address { line1 } } } }"
    given = {"customer": id_, "reason": "I moved", **RIGHT}
    assert codes(await desk.ask(mine, {"i": given}, "customer", tom)) == ["CG210"]
    answer = await desk.ask(mine, {"i": given}, "customer", id_)
    assert answer["data"]["correctAddress"]["customer"] == {"address": {"line1": "9 High Street"}}
    by = await desk.database.read("MATCH (c:Correction) RETURN DISTINCT [c.role, c.viewer]")
    assert by == [["customer", None]]


@asynchronous
async def test_what_is_no_address_is_refused_and_writes_nothing(desk: Desk) -> None:
    """In words that hold nothing of it."""
    for flaw in ({"country": "Atlantis"}, {"line1": " "}, {"postalCode": None, "city": None}, {"reason": ""}):
        answer = await set_right(desk, **flaw)
        assert codes(answer) == ["CG202"], flaw
        assert "Atlantis" not in str(answer)
    assert await desk.count("Correction") == await desk.count("Delivery") == await desk.count("Change") == 0


@asynchronous
async def test_it_outlives_loads_until_a_source_says_something_new(desk: Desk) -> None:
    """The same exports; a record that changed in something else; an echo, also a year late; and then news."""
    await set_right(desk)
    expected = ("9 High Street", "correction")
    assert await lives(desk) == expected

    async def loaded(*records: Profile) -> tuple[str, str]:
        await load_sources(desk.database, made([*records, SON]), silent)
        return await lives(desk)

    assert await loaded(*HERS) == expected
    touched = replace(SHIPPING, phones=("+441134960000",), changed_at=at(2030))
    assert await loaded(CRM, touched, TILL) == expected
    echo = later(CRM, replace(MOVED, line1="9, HIGH STREET", line2="flat 2"), 2031)
    assert await loaded(echo, SHIPPING, TILL) == expected
    assert await loaded(later(CRM, replace(MOVED, line2=None), 2031), SHIPPING, TILL) == expected
    news = later(SHIPPING, house(5), 2030)  # older than the echo, which is none of hers
    assert await loaded(echo, news, TILL) == ("5 High Street", "since_correction")
    assert await desk.count("Correction") == 2


@asynchronous
async def test_a_name_is_set_right_the_same_way(desk: Desk) -> None:
    """What is not said stays; the next load keeps to it."""
    given = {"customer": await ann(desk), "familyName": "Li", "reason": "misspelt"}
    answer = await desk.ask(NAME, {"i": given}, "data_steward", "sue")
    shown = {"name": "Ann Li", "givenName": "Ann", "familyName": "Li"}
    assert answer["data"]["correctName"]["customer"] == shown
    bodies = await desk.database.read("MATCH (d:Delivery) RETURN d.body")
    assert [orjson.loads(one)["data"]["name"] for one in bodies] == [{"familyName": "Li"}] * 3
    await load_sources(desk.database, made([*HERS, SON]), silent)
    assert await desk.database.read("MATCH (c:Customer {givenName: 'Ann'}) RETURN c.name") == ["Ann Li"]
    assert codes(await desk.ask(NAME, {"i": {"customer": await ann(desk), "reason": "x"}}, "data_steward")) == ["CG202"]


@asynchronous
async def test_a_correction_goes_with_the_record_that_it_was_made_on(desk: Desk) -> None:
    """A steward splits the record off, and takes it back."""
    await set_right(desk)
    id_ = await ann(desk)
    (shipping,) = await desk.database.read("MATCH (r:SourceRecord {system: 'shipping'}) RETURN r.id")
    split = "mutation ($i: SplitInput!) { split(input: $i) { matchDecision { id } } }"
    undo = "mutation ($i: UndoInput!) { undo(input: $i) { matchDecision { id } } }"
    given = {"customer": id_, "records": [shipping], "reason": "another Ann"}
    answer = await desk.ask(split, {"i": given}, "data_steward", "sue")
    assert "errors" not in answer, answer
    whose = "MATCH (c:Customer)-[:CORRECTED]->(k:Correction {attribute: 'address'}) RETURN c.id"
    where = "MATCH (c:Customer {givenName: 'Ann'})-[:LIVES_AT]->(a) RETURN [c.id = $id, a.line1] ORDER BY c.id = $id"
    ((other),) = await desk.database.read(whose)
    assert other != id_
    assert await desk.database.read(where, {"id": id_}) == [[False, "9 High Street"], [True, "1 High Street"]]
    decision = answer["data"]["split"]["matchDecision"]["id"]
    answer = await desk.ask(undo, {"i": {"decision": decision, "reason": "the same"}}, "data_steward", "sue")
    assert "errors" not in answer, answer
    assert await desk.database.read(whose) == [id_]
    assert await lives(desk) == ("9 High Street", "correction")


@asynchronous
async def test_a_preference_that_was_set_here_outlives_loads_until_a_source_says_another(desk: Desk) -> None:
    """What the system exports after it was told of it is no news, whatever was said here since."""
    prefer = """mutation ($i: SetChannelPreferenceInput!) { setChannelPreference(input: $i) {
      customer { preferredChannel } } }"""

    async def loaded(crm: Profile) -> str:
        await load_sources(desk.database, made([crm, SHIPPING, TILL, SON]), silent)
        (found,) = await desk.database.read("MATCH (c:Customer {givenName: 'Ann'}) RETURN c.preferredChannel")
        return str(found)

    assert await loaded(replace(CRM, preferred=ChannelKind.SMS)) == "SMS"
    for channel in ("EMAIL", "PHONE"):
        answer = await desk.ask(prefer, {"i": {"customer": await ann(desk), "channel": channel}})
        assert answer["data"]["setChannelPreference"]["customer"] == {"preferredChannel": channel}
    assert await loaded(replace(CRM, preferred=ChannelKind.SMS, changed_at=at(2030))) == "PHONE"
    assert await loaded(replace(CRM, preferred=ChannelKind.EMAIL, changed_at=at(2031))) == "PHONE"
    assert await loaded(replace(CRM, preferred=ChannelKind.POST, changed_at=at(2029))) == "POST"
