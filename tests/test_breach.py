"""A notice of a breach: whose data was seen in a time, by whom, and what could have been; from a real trail."""

import asyncio
import csv
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from auth.disclosure import Answered, Disclosure, Shown, Sought
from auth.segment import FILE, recorded
from auth.trail import FOLDER, Trail
from privacy.breach import CUSTOMERS, Breach, Looks, breach
from privacy.breach_page import page
from server.assembly import Rules, rules_of
from server.cli import app

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
EMAIL, NAME = "Customer.email", "Customer.name"


def look(hour: int, viewer: str, role: str, purpose: str, *persons: str, masked: bool = False) -> Disclosure:
    """An answer that told of some persons, so many hours after AT."""
    shown = Shown((NAME,), (EMAIL,), persons) if masked else Shown((EMAIL, NAME), (), persons)
    return Disclosure(AT + hour * HOUR, viewer, role, purpose, "r", "d", (Answered("customers", (shown,), None, ()),))


LOOKS = (
    look(0, "rep-7", "service_rep", "service", "cus_1", "cus_2"),
    look(1, "rep-7", "service_rep", "service", "cus_2", "cus_3"),
    look(2, "rep-8", "service_rep", "service", "cus_4", masked=True),
    look(3, "cus_5", "customer", "self", "cus_5"),
    look(4, "mia", "marketer", "marketing.email", "cus_1"),
)


@pytest.fixture(scope="module")
def rules() -> Rules:
    """The shipped policies."""
    return rules_of()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder whose trail has LOOKS, and one look by a handle that led to nobody."""
    asyncio.run(written(tmp_path / FOLDER))
    return tmp_path


async def written(folder: Path) -> None:
    """Write the trail."""
    nobody = Answered("customer", (), Sought("EMAIL", "nobody@x.example", False), ())
    async with Trail(folder) as trail:
        for one in LOOKS:
            await trail.record(one)
        await trail.record(Disclosure(AT + 5 * HOUR, "rep-7", "service_rep", "service", "r", "d", (nobody,)))
        assert len(list(recorded(folder, AT, AT + 9 * HOUR))) == len(LOOKS) + 1, "also beside who writes it"


async def forgotten(folder: Path, *persons: str) -> None:
    """Have the trail forget them."""
    async with Trail(folder) as trail:
        for one in persons:
            await trail.forget(one)


def found(
    rules: Rules, data: Path, since: datetime = AT, until: datetime = AT + 9 * HOUR, **only: frozenset[str]
) -> Breach:
    """What the trail of a folder tells."""
    records = recorded(data / FOLDER, since, until)
    return breach(rules.model, rules.views, records, since, until, **only)


def test_each_viewer_with_whom_and_what(rules: Rules, data: Path) -> None:
    """Persons once, however often they were seen; what was coarser apart from what was whole."""
    told = found(rules, data)
    assert told.persons == {"cus_1", "cus_2", "cus_3", "cus_4", "cus_5"}
    seven, eight, herself, mia = told.looks
    assert (seven.viewer, seven.answers, seven.persons) == ("rep-7", 3, {"cus_1", "cus_2", "cus_3"})
    assert (seven.first, seven.last) == (AT, AT + 5 * HOUR)
    assert {name: len(persons) for name, persons in seven.fields.items()} == {EMAIL: 3, NAME: 3}
    assert ({*eight.fields}, {*eight.masked}) == ({NAME}, {EMAIL})
    assert (herself.viewer, herself.role, herself.persons) == (CUSTOMERS, "customer", {"cus_5"})
    assert mia.persons == {"cus_1"}


def test_of_a_time_and_of_some_alone(rules: Rules, data: Path) -> None:
    """From its first moment on, and before its last; by viewer, by role."""
    assert found(rules, data, AT + HOUR, AT + 2 * HOUR).persons == {"cus_2", "cus_3"}
    assert found(rules, data, viewers=frozenset({"rep-8"})).persons == {"cus_4"}
    assert found(rules, data, viewers=frozenset({"cus_5"})).persons == {"cus_5"}
    assert found(rules, data, roles=frozenset({"marketer", "customer"})).persons == {"cus_1", "cus_5"}
    assert found(rules, data, viewers=frozenset({"nobody"})).looks == ()
    assert found(rules, data / "empty").looks == ()


def test_what_could_have_been_seen_is_what_the_views_let_through(rules: Rules, data: Path) -> None:
    """Of the roles and purposes that looked, and of no others."""
    could = found(rules, data).could
    assert set(could) == {("service_rep", "service"), ("customer", "self"), ("marketer", "marketing.email")}
    marketer = {one.type for one in could["marketer", "marketing.email"]}
    assert "Customer" in marketer
    assert "Case" not in marketer


def test_who_was_erased_since_is_counted_without_a_name(rules: Rules, data: Path) -> None:
    """The trail has forgotten who it was, and not that somebody was seen."""
    asyncio.run(forgotten(data / FOLDER, "cus_2", "cus_5"))
    told = found(rules, data)
    assert told.persons == {"cus_1", "cus_3", "cus_4"}
    assert told.nameless == 2
    assert [one.viewer for one in told.looks] == ["rep-7", "rep-8", CUSTOMERS, "mia"]


def test_the_command_tells_figures_and_names_no_person(data: Path) -> None:
    """Nothing that could not go to an authority; the file has the ids, and that is on record."""
    asked = ["privacy", "breach", "--since", "2026-11-20", "--until", "2026-11-21", "--data", str(data)]
    run = CliRunner().invoke(app, asked)
    assert run.exit_code == 0
    assert "Persons whose data was seen: 5." in run.stdout
    assert "whole up to its record 6" in run.stdout
    assert "cus_" not in run.stdout
    file = data / "persons.csv"
    before = len(list(recorded(data / FOLDER, AT - HOUR, datetime.now(UTC) + HOUR)))
    run = CliRunner().invoke(app, [*asked, "--persons", str(file)])
    assert run.exit_code == 0
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert [(row["customer_id"], row["viewer"]) for row in rows if row["role"] == "service_rep"] == [
        ("cus_1", "rep-7"),
        ("cus_2", "rep-7"),
        ("cus_3", "rep-7"),
        ("cus_4", "rep-8"),
    ]
    assert file.stat().st_mode & 0o077 == 0
    after = list(recorded(data / FOLDER, AT - HOUR, datetime.now(UTC) + HOUR))
    assert len(after) == before + 1
    assert set(after[-1].names.values()) == {"cus_1", "cus_2", "cus_3", "cus_4", "cus_5"}
    assert CliRunner().invoke(app, [*asked, "--persons", str(file)]).exit_code != 0, "nothing is written over"
    now = ["privacy", "breach", "--since", "2026-11-20", "--role", "operator", "--data", str(data)]
    assert "Persons whose data was seen: 5." in CliRunner().invoke(app, now).stdout, "a role without a policy"


def test_a_name_moves_no_terminal_and_ends_no_cell(rules: Rules) -> None:
    """An identity provider may have called her anything."""
    odd = Looks("a|b\x1b[2J", "service_rep", "service", AT, AT)
    told = page(Breach(AT, AT + HOUR, (odd,), {}), "")
    assert "\x1b" not in told
    assert "| a\\|b?[2J | service_rep |" in told


def test_a_trail_that_is_not_whole_is_told(data: Path) -> None:
    """More may have been seen than it says."""
    with closing(sqlite3.connect(data / FOLDER / FILE)) as opened, opened:
        opened.execute("DELETE FROM records WHERE sequence = 2")
    run = CliRunner().invoke(app, ["privacy", "breach", "--since", "2026-11-20", "--data", str(data)])
    assert "THE TRAIL IS NOT WHOLE" in run.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--since", "2026-11-21", "--until", "2026-11-20"], "ends before it begins"),
        (["--since", "2026-11-20", "--role", "king"], "There is no role king"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, words: list[str], said: str) -> None:
    """With what would be right."""
    run = CliRunner().invoke(app, ["privacy", "breach", "--data", str(tmp_path), *words])
    assert run.exit_code != 0
    assert said in str(run.exception) + run.output
