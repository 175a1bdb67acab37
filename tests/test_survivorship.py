"""Survivorship: declared rules decide in their order, the one that decided is told, and other rules can be tried."""

import io
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from graph.session import Database
from ingest.company import find_out
from ingest.conflicts import Conflict, conflicts, sentence
from ingest.exports import delivery, read_folder
from ingest.golden import golden_person
from ingest.load import load, preview, rehearsal
from ingest.survivorship import ATTRIBUTES, AttributeRules, Candidate, Rule, Survivorship, survive
from ingest.survivorship_file import FILE, read_survivorship, shipped
from schema.errors import SurvivorshipInvalid, TrailUnavailable
from server.resolution import told
from server.survivorship import FIELDS, ROOT, write_changes
from tests.keeping import Kept
from tests.test_ingest_load import SAMPLE, clear, silent
from tests.test_ingest_resolve import person
from tests.test_resolution_command import Refusing

COMMAND = Path(sys.executable).parent / "customer-graph"
AGREED = Path(__file__).parent / "golden_values.json"
NOW = datetime(2026, 9, 1, tzinfo=UTC)


def at(year: int) -> datetime:
    """A day of a year."""
    return datetime(year, 5, 4, tzinfo=UTC)


OLD = Candidate("12 Elm St, 10001 Town, US", "crm", "c1", at(2020), parts=4)
NEW = Candidate("9 Oak Rd, US", "club", "k1", at(2024), parts=2)
SAME = Candidate("12 elm st, 10001 Town, US", "till", "t1", at(2019), parts=4)
SHORT = Candidate("Elm", "shop", "s1", at(2026), weak=True, parts=1)


@pytest.mark.parametrize(
    ("rules", "systems", "value", "decided"),
    [
        ("most_recent", "", SHORT.value, "most_recent"),
        ("usable most_recent", "", NEW.value, "most_recent"),
        ("usable most_frequent most_recent", "", OLD.value, "most_recent"),
        ("usable most_frequent system_of_record", "till crm", SAME.value, "system_of_record"),
        ("system_of_record most_recent", "club till", NEW.value, "system_of_record"),
        ("most_complete most_recent", "", OLD.value, "most_recent"),
        ("system_of_record", "nobody", SAME.value, "last_record"),
    ],
)
def test_rules_decide_in_their_order(rules: str, systems: str, value: str, decided: str) -> None:
    """Whatever the order of the records; the provenance has the rule after which one value was left."""
    said = AttributeRules(tuple(map(Rule, rules.split())), tuple(systems.split()))
    candidates = [OLD, NEW, SAME, SHORT]
    for _ in range(5):
        random.Random(7).shuffle(candidates)
        found = survive(said, candidates)
        assert found is not None
        assert (found.chosen.value, found.rule) == (value, decided)
        assert {one.value for one in found.lost} == {one.value for one in candidates} - {value}


def test_what_nobody_disputes_is_unopposed() -> None:
    """Also where one record alone says it; nothing is chosen where none says anything."""
    said = AttributeRules((Rule.MOST_RECENT,))
    twice = survive(said, [OLD, replace(OLD, record="c2")])
    assert twice is not None
    assert (twice.rule, twice.lost, twice.disputed_by) == ("unopposed", (), ())
    assert survive(said, []) is None


CANDIDATES = st.builds(
    Candidate,
    st.sampled_from(["Ann", "ann", "A.", "Anne"]),
    st.sampled_from(["crm", "till", "club"]),
    st.sampled_from(["1", "2", "3"]),
    st.sampled_from([None, at(2020), at(2024)]),
    st.booleans(),
    st.integers(0, 2),
)


@given(st.lists(CANDIDATES, min_size=1, max_size=6), st.permutations(list(Rule)), st.integers(0, 5))
def test_a_choice_depends_neither_on_the_order_nor_on_what_was_lost_before(
    candidates: list[Candidate], rules: list[Rule], kept: int
) -> None:
    """The chosen value is the strongest by the rules as one order, and the answer is the same however records come."""
    said = AttributeRules(tuple(rules[: kept + 1]), ("till", "crm"))
    found, again = survive(said, candidates), survive(said, candidates[::-1])
    assert found is not None
    assert again is not None
    assert (found.chosen.value, found.rule) == (again.chosen.value, again.rule)
    assert (found.rule == "unopposed") == (len({one.value for one in candidates}) == 1)
    # A rule that decided is needed: with the rules before it alone, values were left that differ.
    if found.rule in said.rules:
        before = said.rules[: said.rules.index(Rule(found.rule))]
        assert survive(AttributeRules(before, said.systems), candidates) != found


def test_the_shipped_rules_make_the_agreed_golden_records() -> None:
    """Of the sample company, by attribute: a digest of the values, and which rules decided how often."""
    company = find_out(read_folder(SAMPLE, silent), NOW, {})
    digests = {attribute: blake2b(digest_size=8) for attribute in ATTRIBUTES}
    decided: dict[str, Counter[str]] = {attribute: Counter() for attribute in ATTRIBUTES}
    for key, golden in sorted(company.golden.items()):
        for attribute, choice in golden.choices.items():
            one = choice.chosen
            digests[attribute].update(repr((key, one.value, one.system, one.record)).encode())
            decided[attribute][choice.rule] += 1
    found = {
        attribute: {"digest": digests[attribute].hexdigest(), "decided": dict(sorted(decided[attribute].items()))}
        for attribute in ATTRIBUTES
    }
    assert found == json.loads(AGREED.read_text(encoding="utf-8"))


SYSTEMS = ("club", "till")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[email]\nrules = [", "is not TOML: "),
        (
            '\n[emial]\nrules = ["usable"]',
            "survivorship.toml:2 emial: is no attribute. Perhaps email? The attributes: givenName",
        ),
        (
            '[email]\n\nrules = ["most_recnt"]',
            "survivorship.toml:3 email.rules.1: there is no such rule. Perhaps most_recent? The rules: usable",
        ),
        ('[email]\nrules = ["usable", "usable"]', "survivorship.toml:2 email.rules: names something twice"),
        ("[email]\nrules = []", "survivorship.toml:2 email.rules: Tuple should have at least 1 item"),
        ("[email]\nsystems = []", "survivorship.toml:1 email.rules: Field required"),
        ('[email]\nrules = ["usable"]\nrule = 1', "survivorship.toml:3 email.rule: Extra inputs are not permitted"),
        ('email = "usable"', "survivorship.toml:1 email: Input should be a valid dictionary"),
        (
            '[phone]\nrules = ["usable"]\nsystems = ["club"]\n[email]\nrules = ["usable"]\nsystems = ["club"]',
            "survivorship.toml:6 email.systems: would never be asked: name system_of_record among the rules",
        ),
        (
            '[email]\nrules = ["system_of_record"]\nsystems = ["clubb"]',
            "survivorship.toml:3 email.systems: no source is of the system clubb. Perhaps club? The systems: accounts",
        ),
        ('email.rules = ["x"]', "survivorship.toml:1 email.rules.1: there is no such rule."),
    ],
)
def test_a_mistake_is_told_with_its_line_and_key(tmp_path: Path, text: str, told: str) -> None:
    """And with what would be right."""
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(SurvivorshipInvalid) as wrong:
        read_survivorship(tmp_path / FILE, SYSTEMS)
    assert told in str(wrong.value)
    assert wrong.value.code == "CG531"


def test_a_file_that_cannot_be_read_is_told_too(tmp_path: Path) -> None:
    """Absent, or not text."""
    with pytest.raises(SurvivorshipInvalid, match="cannot be read as text"):
        read_survivorship(tmp_path / FILE, SYSTEMS)
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SurvivorshipInvalid, match="cannot be read as text"):
        read_survivorship(tmp_path / FILE, SYSTEMS)


def test_a_company_names_some_attributes_and_its_list_is_the_last_word(tmp_path: Path) -> None:
    """The rest stays as shipped, where systems that say `record_for` come first."""
    (tmp_path / FILE).write_text('[email]\nrules = ["system_of_record"]\nsystems = ["till"]\n', encoding="utf-8")
    own = read_survivorship(tmp_path / FILE, SYSTEMS)
    rules = own.believing({"email": ("club",), "phone": ("club",)})
    assert rules["email"] == AttributeRules((Rule.SYSTEM_OF_RECORD,), ("till", "club"))
    assert rules["phone"].systems == ("club", "crm", "shipping", "billing")
    assert set(rules) == set(ATTRIBUTES) == set(shipped().attributes)
    assert own.text() != shipped().text()


def test_conflicts_are_counted_by_attribute_and_systems() -> None:
    """Between records that have no value in common; a record with a second mailbox disputes nothing."""
    rules = shipped().believing({})
    two = [
        person("A", emails=["ann@x.example", "ann@y.example"]),
        person("B", system="crm", emails=["ann@x.example"]),
        person("C", "Anne Lee", system="shipping"),
    ]
    found = conflicts([golden_person(two, frozenset(), rules)] * 3)
    assert found == (Conflict("givenName", 3, ((("crm", "shipping"), 3),)),)
    assert sentence(found[0]) == "givenName: 3 customers (crm and shipping 3)"


CUSTOMERS = "SELECT id, name, country, birth_date, email, changed_at, _row FROM csv_rows('{}.csv')"
ROWS = "id,name,country,birth_date,email,changed_at\n"
CLUB = "1,Ann Lee,DE,1980-01-02,ann@club.example,2024-01-01\n2,Zoe Rau,DE,1981-03-02,zoe@x.example,2024-01-01\n"
TILL = "T9,Ann Lee,DE,1980-01-02,ann@till.example,2020-01-01\nT8,Zoe Rau,DE,1981-03-02,zoe@x.example,2020-01-01\n"
BY_TILL = '[email]\nrules = ["system_of_record"]\nsystems = ["till"]\n'


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """Two sources with two persons, who agree on one of them."""
    for system, rows in (("club", CLUB), ("till", TILL)):
        folder = tmp_path / "sources" / system
        folder.mkdir(parents=True)
        said = f'system = "{system}"\nabout = "x"\nowner = "x"\n[[exports]]\nfile = "{system}.csv"\n'
        (folder / "source.toml").write_text(said, encoding="utf-8")
        (folder / "customers.sql").write_text(CUSTOMERS.format(system), encoding="utf-8")
        (folder / f"{system}.csv").write_text(ROWS + rows, encoding="utf-8")
    (tmp_path / "new.toml").write_text(BY_TILL, encoding="utf-8")
    return tmp_path


@pytest_asyncio.fixture(loop_scope="session")
async def emptied(database: Database) -> AsyncIterator[Database]:
    """A graph with nothing in it, before and after."""
    await clear(database)
    yield database
    await clear(database)


@pytest.mark.asyncio(loop_scope="session")
async def test_what_other_rules_would_change_is_told_by_id_and_on_record(emptied: Database, company: Path) -> None:
    """Nothing is written; a load by those rules then changes just that, and says which rule decided."""
    sources = delivery([company / "sources"])
    other = delivery([company / "sources"], None, company / "new.toml").survivorship
    unknown = await rehearsal(emptied, sources, other, silent)
    assert {(one.attribute, one.customers, one.not_loaded) for one in unknown if one.not_loaded} == {("email", (), 1)}

    report = await load(emptied, sources, silent)
    assert report.conflicts == (Conflict("email", 1, ((("club", "till"), 1),)),)
    assert (await preview(emptied, sources, silent)).conflicts == report.conflicts
    everything = "MATCH (n) RETURN n{.*, updatedDigest: null}"
    before = sorted(await emptied.read(everything), key=repr)
    found = await rehearsal(emptied, sources, other, silent)
    assert sorted(await emptied.read(everything), key=repr) == before
    email = "MATCH (c:Customer {givenName: 'Ann'}) RETURN [c.id, c.email]"
    ((ann, value),) = await emptied.read(email)
    assert value == "ann@club.example"
    assert {one.attribute: (one.values, one.customers) for one in found if one.customers} == {"email": (2, (ann,))}

    out = io.StringIO()
    write_changes(found, out)
    assert out.getvalue() == f"attribute,customer_id\nemail,{ann}\n"
    kept = Kept()
    await told(kept, ROOT, FIELDS, {ann})
    (shown,) = [part for one in kept.disclosures for answer in one.answers for part in answer.shown]
    assert (shown.fields, shown.subjects) == (FIELDS, (ann,))
    with pytest.raises(TrailUnavailable):
        await told(Refusing(), ROOT, FIELDS, {ann})

    (company / "sources" / FILE).write_text(BY_TILL, encoding="utf-8")
    beside = delivery([company / "sources"])
    assert beside.survivorship == other
    assert beside.digest() != sources.digest()
    await load(emptied, beside, silent)
    assert await emptied.read(email) == [[ann, "ann@till.example"]]
    why = "MATCH (:Customer {id: $id})-[:PROVEN_BY]->(p {attribute: 'email'}) RETURN [p.system, p.rule, p.chosen]"
    assert sorted(await emptied.read(why, {"id": ann})) == [
        ["club", "system_of_record", False],
        ["till", "system_of_record", True],
    ]


def test_the_command_refuses_a_wrong_file_before_anything_starts(company: Path) -> None:
    """In one sentence with its code."""
    (company / "new.toml").write_text(BY_TILL.replace("till", "tail"), encoding="utf-8")
    command = [str(COMMAND), "survivorship", str(company / "sources"), "--file", str(company / "new.toml")]
    run = subprocess.run(
        [*command, "--data", str(company / "data")], capture_output=True, text=True, timeout=300, check=False
    )
    assert run.returncode == 1
    assert "new.toml:3 email.systems: no source is of the system tail. Perhaps till?" in run.stderr
    assert "CG531" in run.stderr
    assert run.stdout == ""
    assert not (company / "data").exists()


@pytest.mark.database
def test_the_command_tells_ids_on_stdout_and_numbers_on_stderr(company: Path) -> None:
    """With a Neo4j of its own; the trail in the data folder has the record."""
    data = ["--data", str(company / "data")]
    sources = str(company / "sources")
    subprocess.run([str(COMMAND), "load", sources, *data], capture_output=True, timeout=600, check=True)
    command = [str(COMMAND), "survivorship", sources, "--file", str(company / "new.toml"), *data]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True)
    header, line = run.stdout.splitlines()
    assert header == "attribute,customer_id"
    assert line.startswith("email,cus_")
    assert "Nothing was written." in run.stderr
    assert "example" not in run.stdout + run.stderr
    trail = subprocess.run(
        [str(COMMAND), "trail", "verify", *data], capture_output=True, text=True, timeout=600, check=True
    )
    assert "1 record" in trail.stdout


def test_two_files_are_one_too_many(company: Path) -> None:
    """Nobody could tell which counts."""
    for system in ("club", "till"):
        (company / "sources" / system / FILE).write_text(BY_TILL, encoding="utf-8")
    folders = [company / "sources" / "club", company / "sources" / "till"]
    with pytest.raises(SurvivorshipInvalid, match="Several of the folders"):
        delivery(folders)
    assert isinstance(delivery(folders, None, company / "new.toml").survivorship, Survivorship)
