"""The registry: every field has someone who answers for it and a reason to be there; a mistake stops the start."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.view import View
from ingest.definitions import definitions
from ingest.dictionary_page import page
from ingest.survivorship_file import shipped
from resolvers.dictionary import Definition, defined
from schema.catalogue import complete_model
from schema.errors import GovernanceInvalid
from schema.governance import Governance, Retention, read_governance
from schema.purposes import LegalBasis
from server.assembly import rules_of

if TYPE_CHECKING:
    from resolvers.read import Request

ROOT = Path(__file__).parents[1]
MODEL = complete_model()
EARLY, LATE = datetime(1990, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001  Hypothesis adds the zone
RULE = '[retention.{}]\ntype = "{}"\nsince = "{}"\nmonths = {}\nforget = {}\nwhy = "Because."\n'

STAYS = '[erasure.a]\ntype = "{}"\nmonths = 12\nkeep = {}\nwhy = "Because."\n'


def own(tmp_path: Path, text: str) -> Governance:
    """The registry under a company's own file."""
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    return read_governance(MODEL, file)


def test_every_field_has_an_owner_a_steward_a_basis_and_a_reason() -> None:
    """Derived from the model: a new field has those of its category, or the start stops."""
    governance = read_governance(MODEL)
    assert set(governance.entries) == {f"{kind.name}.{name}" for kind in MODEL.values() for name in kind.properties}
    assert all(one.owner and one.steward and one.why for one in governance.entries.values())


def test_the_more_special_says_more() -> None:
    """A field before its type, a type before the category."""
    entries = read_governance(MODEL).entries
    assert entries["Order.total"].basis is LegalBasis.CONTRACT
    assert entries["Invoice.amount"].basis is LegalBasis.LEGAL_OBLIGATION
    assert (entries["Customer.birthDate"].owner, entries["Customer.discovery"].owner) == (
        "customer service",
        "marketing",
    )
    assert [rule.months for rule in entries["Interaction.text"].kept] == [36, 120]
    assert entries["Customer.name"].kept == ()


def test_a_company_says_what_is_other_with_it(tmp_path: Path) -> None:
    """The rest stays as it is shipped; a rule that forgets nothing is none."""
    text = '[category.contact]\nsteward = "address office"\n[field."Customer.phone"]\nowner = "call centre"\n'
    found = own(tmp_path, text + RULE.format("outreach", "Outreach", "sentAt", 12, "[]"))
    assert found.entries["Customer.email"].steward == "address office"
    assert found.entries["Customer.email"].owner == "customer service"
    assert found.entries["Customer.phone"].owner == "call centre"
    assert "outreach" not in {rule.name for rule in found.retention}
    assert {"interactions", "quotes"} <= {rule.name for rule in found.retention}
    assert found.digest != read_governance(MODEL).digest


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[category.contact", "own.toml is not TOML"),
        ('[category.kontact]\nowner = "x"', "own.toml: category.kontact"),
        ('[category.contact]\nboss = "x"', "own.toml: category.contact.boss"),
        ('[type.Intraction]\nowner = "x"', "[type.Intraction] is no type of the model; perhaps Interaction?"),
        ('[field."Customer.phones"]\nowner = "x"', "perhaps Customer.phone?"),
        (
            RULE.format("a", "Outrech", "sentAt", 12, '["record"]'),
            "[retention.a] type: there is no Outrech; perhaps Outreach?",
        ),
        (RULE.format("a", "Outreach", "sent", 12, '["record"]'), "[retention.a] since: Outreach has no time sent"),
        (RULE.format("a", "Outreach", "sentAt", 0, '["record"]'), "own.toml: retention.a.months"),
        (RULE.format("a", "Outreach", "sentAt", 12, '["adress"]'), "no field or category adress; perhaps address?"),
        (
            RULE.format("a", "Outreach", "sentAt", 12, '["channel"]'),
            "channel is never empty; forget the record instead",
        ),
        (RULE.format("a", "Outreach", "sentAt", 12, '["record", "address"]'), "a record goes whole or in parts"),
        (RULE.format("a", "Product", "id", 12, '["record"]'), "Product is not about one customer"),
        (STAYS.format("Invoic", '["amount"]'), "[erasure.a] type: there is no Invoic; perhaps Invoice?"),
        (STAYS.format("Product", '["name"]'), "[erasure.a] type: Product is about no customer"),
        (STAYS.format("Invoice", '["amout"]'), "[erasure.a] keep: Invoice has no field or category amout"),
        (STAYS.format("Order", '["total"]'), "[erasure.a] keep: no legal obligation is the basis of Order.total"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    """Before anything starts, and with what was meant perhaps."""
    with pytest.raises(GovernanceInvalid) as found:
        own(tmp_path, text)
    assert told in str(found.value)


@given(st.datetimes(EARLY, LATE, timezones=st.just(UTC)), st.integers(1, 1200))
def test_months_are_those_of_the_calendar(now: datetime, months: int) -> None:
    """The same day so many months before, or the last of a month that is shorter."""
    before = Retention("a", "Outreach", "sentAt", months, (), "Because.").before(now)
    assert (now.year - before.year) * 12 + now.month - before.month == months
    assert before.time() == now.time()
    assert before.day == now.day or (before.day < now.day and (before.replace(day=28).month == before.month))


def test_the_last_of_february() -> None:
    """A day that a month does not have is its last."""
    rule = Retention("a", "Outreach", "sentAt", 12, (), "Because.")
    assert rule.before(datetime(2024, 2, 29, tzinfo=UTC)) == datetime(2023, 2, 28, tzinfo=UTC)


@pytest.mark.asyncio
async def test_the_dictionary_tells_a_role_of_its_own_fields_and_names_no_other() -> None:
    """Every role, every purpose: exactly the fields of the View, also in the words of when they are forgotten."""
    rules, every = rules_of(), definitions(MODEL, read_governance(MODEL), shipped())
    times = {(one.type, one.field) for one in every}
    unnamed = 0
    for view in rules.views.values():
        told, recorded = await defined("dictionary", {}, cast("Request", Asking(view, every)))
        assert recorded is None
        own = {(name, field) for name, seen in view.types.items() for field in seen.fields}
        assert [(one["type"], one["field"]) for one in told] == [
            (one.type, one.field) for one in every if (one.type, one.field) in own
        ]
        for one in told:
            named = {word for said in one["kept"] for word in re.findall(r"\w+", said)}
            assert {(one["type"], word) for word in named} & times <= own
            unnamed += any(said.endswith(" months") for said in one["kept"])
    assert unnamed, "a role that does not have the time is told how long all the same"


@dataclass(frozen=True, slots=True)
class Asking:
    """What the dictionary looks at of a request."""

    view: View
    dictionary: tuple[Definition, ...]


def test_the_dictionary_is_the_real_one() -> None:
    """docs/dictionary.md is written by: python -m ingest.dictionary_page."""
    assert page() == (ROOT / "docs" / "dictionary.md").read_text(encoding="utf-8").removesuffix("\n")


def test_a_golden_value_says_by_which_rules_it_is_chosen() -> None:
    """In their order, with the systems where one of them decides."""
    found = {f"{one.type}.{one.field}": one for one in definitions(MODEL, read_governance(MODEL), shipped())}
    assert found["Customer.email"].decided_by == ("usable", "most_recent", "system_of_record (crm, billing, shipping)")
    assert found["Customer.orderCount"].decided_by == ()
    assert [rule.in_words() for rule in found["Outreach.address"].kept] == ["with the record, 24 months after sentAt"]
