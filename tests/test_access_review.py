"""The review of access: what policies grant beside what a real trail says was used; it names no customer."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from auth.disclosure import Answered, Disclosure, Shown
from auth.segment import recorded
from auth.trail import FOLDER, Trail
from privacy.review import AT_LEAST, Granted, Review, review
from server.assembly import Rules, rules_of
from server.cli import app

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
END = AT + timedelta(days=1)


def look(viewer: str, role: str, purpose: str, persons: range, *fields: str, masked: str = "") -> Disclosure:
    """An answer that told some fields of some customers."""
    shown = Shown(fields, (masked,) if masked else (), tuple(f"cus_{number}" for number in persons))
    return Disclosure(AT, viewer, role, purpose, "r", "d", (Answered("customers", (shown,), None, ()),))


LOOKS = (
    look("rep-1", "service_rep", "service", range(5), "Customer.name"),
    look("rep-2", "service_rep", "service", range(6), "Customer.name", masked="Customer.email"),
    look("rep-3", "service_rep", "service", range(60), "Customer.name"),
    look("rep-4", "service_rep", "service", range(AT_LEAST - 1), "Customer.name"),
    look("mia", "marketer", "marketing.email", range(500), "Customer.region"),
    *(look(f"cus_{number}", "customer", "self", range(number, number + 1), "Customer.name") for number in range(30)),
    look("root", "operator", "operations", range(3), "Customer.id"),
)


@pytest.fixture(scope="module")
def rules() -> Rules:
    """The shipped policies."""
    return rules_of()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a trail of LOOKS."""

    async def written() -> None:
        async with Trail(tmp_path / FOLDER) as trail:
            for one in LOOKS:
                await trail.record(one)

    asyncio.run(written())
    return tmp_path


def found(rules: Rules, data: Path, since: datetime = AT) -> Review:
    """The review of a day."""
    records = recorded(data / FOLDER, since, END)
    return review(rules.model, rules.policies, rules.views, records, since, END)


def of(told: Review, role: str) -> Granted:
    """What it says of a role, for the purpose that it is used for most."""
    return max((one for one in told.granted if one.role == role), key=lambda one: len(one.used))


def test_every_grant_stands_beside_who_used_it(rules: Rules, data: Path) -> None:
    """Each role and purpose of the policies is there, used or not; the widest viewer first."""
    told = found(rules, data)
    assert {(one.role, one.purpose) for one in told.granted} == set(rules.views)
    rep = of(told, "service_rep")
    assert [(one.viewer, one.answers, one.persons) for one in rep.used] == [
        ("rep-3", 1, 60),
        ("rep-4", 1, AT_LEAST - 1),
        ("rep-2", 1, 6),
        ("rep-1", 1, 5),
    ]
    assert of(told, "data_steward").used == ()
    assert found(rules, data, AT + timedelta(seconds=1)).gone == ()


def test_unusual_breadth_is_three_times_the_others(rules: Rules, data: Path) -> None:
    """Not who is alone in a role, not below the least number, and not all customers together."""
    told = found(rules, data)
    wide = {used.viewer: used.breadth for one in told.granted for used in one.used if used.breadth is not None}
    assert wide == {"rep-3": 10.0}


def test_what_nobody_was_shown_is_unused(rules: Rules, data: Path) -> None:
    """By category: one field of it is enough, in a coarser form too."""
    rep = of(found(rules, data), "service_rep")
    can = {one.type: one.categories for one in rep.can}
    unused = {one.type: one.categories for one in rep.unused}
    assert {"identity", "contact"} <= set(can["Customer"])
    assert not {"identity", "contact"} & set(unused["Customer"])
    assert unused["Order"] == can["Order"]
    for one in rep.unused:
        assert set(one.categories) <= set(can[one.type])


def test_what_no_policy_grants_any_more_is_told(rules: Rules, data: Path) -> None:
    """Commands of an operator are on the trail and in no policy; so is a role that was taken away."""
    ((role, purpose, used),) = found(rules, data).gone
    assert (role, purpose, [one.viewer for one in used]) == ("operator", "operations", ["root"])


def test_the_command_names_no_customer(data: Path) -> None:
    """As Markdown and as JSON; a mistake is told."""
    asked = ["privacy", "review", "--since", "2026-11-20", "--until", "2026-11-21", "--data", str(data)]
    run = CliRunner().invoke(app, asked)
    assert run.exit_code == 0, run.output
    assert "| service_rep | service | 4 | 4 | 1 |" in run.stdout
    assert "- rep-3: answers 1, persons 60, last 2026-11-20 12:00:00 UTC. **10 times the median" in run.stdout
    assert "- customers: answers 30, persons 30" in run.stdout
    assert "operator, operations: used, and granted by no policy now" in run.stdout
    as_json = CliRunner().invoke(app, [*asked, "--json"])
    told = json.loads(as_json.stdout)
    assert {one["role"] for one in told["granted"]} >= {"service_rep", "auditor"}
    assert "cus_" not in run.stdout + as_json.stdout
    wrong = CliRunner().invoke(app, ["privacy", "review", "--since", "2026-11-21", "--until", "2026-11-20"])
    assert "ends before it begins" in str(wrong.exception)
