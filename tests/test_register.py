"""The record of processing activities: it says what policies, registry and rules have in force, and nothing else."""

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from privacy.personal import personal
from privacy.register import CUSTOMERS, EMPLOYEES, IN_PART, WHOLE, Register, about_somebody, register
from privacy.register_page import UNSAID, page
from schema.governance import read_governance
from schema.model import Category
from schema.purposes import PURPOSES
from server.assembly import Rules, rules_of
from server.cli import app

OWN = """[controller]
name = "Acme Home Ltd"
contact = "1 High Street, Leeds"
officer = "privacy@acmehome.example"
transfers = ["Hosting in the USA under standard contractual clauses (art. 46(2)(c))."]
measures = ["Disks are encrypted."]

[retention.interactions]
type = "Interaction"
since = "occurredAt"
months = 7
forget = ["record"]
why = "We said so."
"""


@pytest.fixture(scope="module")
def rules() -> Rules:
    """The shipped policies over the whole model."""
    return rules_of()


@pytest.fixture(scope="module")
def found(rules: Rules) -> Register:
    """The record of what is shipped."""
    return register(rules.model, rules.policies, rules.views, read_governance(rules.model))


def test_every_purpose_that_a_policy_grants_is_an_activity(rules: Rules, found: Register) -> None:
    """With the basis that carries it, and every role that has it; the others are named as unused."""
    granted = {purpose for _, purpose in rules.views}
    assert [one.purpose for one in found.activities] == [name for name in PURPOSES if name in granted]
    assert set(found.unused) == set(PURPOSES) - granted
    for one in found.activities:
        assert one.basis is PURPOSES[one.purpose].basis
        assert {(each.role, one.purpose) for each in one.recipients} == {
            known for known in rules.views if known[1] == one.purpose
        }


def test_what_a_role_has_is_what_its_view_lets_through(rules: Rules, found: Register) -> None:
    """Field by field: a category is named where the View tells something of it, whole where one field is whole."""
    for activity in found.activities:
        for recipient in activity.recipients:
            view = rules.views[recipient.role, activity.purpose]
            seen = {one.type: one.categories for one in recipient.seen}
            for kind in rules.model.values():
                fields = view.types[kind.name].fields if kind.name in view.types else {}
                plain = {
                    kind.properties[name].category.value
                    for name, field in fields.items()
                    if field.plain and about_somebody(kind.properties[name])
                }
                said = seen.get(kind.name, {})
                assert {name for name, how in said.items() if how == WHOLE} == plain
                assert set(said.values()) <= {WHOLE, IN_PART}
                assert set(said) <= {held.category.value for held in kind.properties.values()}


def test_what_is_withheld_from_everyone_of_a_role_is_not_said_to_be_disclosed(found: Register) -> None:
    """Operations managers see no money of customers, and marketers no content of messages."""
    told = {
        (one.role, seen.type, category)
        for activity in found.activities
        for one in activity.recipients
        for seen in one.seen
        for category in seen.categories
    }
    assert ("operations_manager", "Customer", "financial") not in told
    assert ("operations_manager", "Order", "financial") in told
    assert not any(role == "marketer" and category == "content" for role, _, category in told)


def test_whose_data_it_is(found: Register) -> None:
    """Customers everywhere; employees where somebody's work is told of."""
    persons = {one.purpose: one.persons for one in found.activities}
    assert persons["service"] == (CUSTOMERS, EMPLOYEES)
    assert persons["marketing.email"] == (CUSTOMERS,)


def test_every_personal_type_has_a_limit_or_is_named_as_having_none(rules: Rules, found: Register) -> None:
    """Nobody overlooks what is kept for ever."""
    whole = {one.type for one in found.limits if one.whole}
    held = {kind.name for kind in rules.model.values() if any(map(personal, kind.properties.values()))}
    assert set(found.unlimited) == held - whole
    assert Category.STAFF.value not in found.unlimited


def test_what_stays_of_the_erased_is_named(found: Register) -> None:
    """With the fields, how long, and the duty."""
    told = page(found, date(2026, 11, 27))
    assert "- Consent: purpose, legalBasis, state, capturedAt" in told
    assert "36 months after the erasure. To show what was decided" in told
    assert "120 months after issuedOn. Books have to be kept" in told


def test_what_no_product_knows_stands_in_the_companys_file(
    tmp_path: Path, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it does not, the page says that it is missing and where to write it."""
    nothing = page(register(rules.model, rules.policies, rules.views, read_governance(rules.model)), date(2026, 11, 27))
    assert nothing.count(UNSAID) == 4
    own = tmp_path / "own.toml"
    own.write_text(OWN, encoding="utf-8")
    monkeypatch.setenv("CUSTOMER_GRAPH_GOVERNANCE", str(own))
    run = CliRunner().invoke(app, ["privacy", "report"])
    assert run.exit_code == 0
    assert UNSAID not in run.stdout
    for said in ("Acme Home Ltd", "privacy@acmehome.example", "Hosting in the USA", "Disks are encrypted."):
        assert said in run.stdout
    assert "- Interaction: with the record, 7 months after occurredAt. We said so." in run.stdout
    assert "by command alone" in run.stdout
    monkeypatch.setenv("CUSTOMER_GRAPH_RETENTION_HOURS", "24")
    assert "carried out every 24 hours" in CliRunner().invoke(app, ["privacy", "report"]).stdout


def test_machines_can_read_it(rules: Rules, found: Register) -> None:
    """The same as JSON."""
    run = CliRunner().invoke(app, ["privacy", "report", "--json"])
    assert run.exit_code == 0
    told = json.loads(run.stdout)
    assert [one["purpose"] for one in told["activities"]] == [one.purpose for one in found.activities]
    assert told["controller"]["name"] is None
