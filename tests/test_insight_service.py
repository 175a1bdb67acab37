"""Late suppliers, service figures and groups of organisations: small histories with figures worked out by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.organisations import organisations
from ingest.records import Account
from insight.contacts import Medium, ServiceCase
from insight.groups import tops
from insight.service import ALL_TEAMS, FORMULAS, Handled, ServiceFigures, handled, service_figures
from insight.suppliers import GRACE, CustomerParcel, PurchaseOrder, late_suppliers, suppliers_of

TODAY = date(2026, 11, 1)
START = date(2025, 1, 6)


def ordered(supplier: str, week: int, days: int | None) -> PurchaseOrder:
    """Promised in that week, and received so many days later; None is not yet."""
    promised = START + timedelta(weeks=week)
    return PurchaseOrder(supplier, "AH-1", promised, None if days is None else promised + timedelta(days=days))


PUNCTUAL = [ordered("good", week, week % 3) for week in range(60)]


def test_a_supplier_that_was_late_over_a_period_is_found_with_its_period() -> None:
    """Ten of twelve orders in the middle: 8 days each, 80 days over 12 orders."""
    days = [0] * 20 + [8, 8, 0, 8, 8, 8, 0, 8, 8, 8, 8, 8] + [1] * 20
    bad = [ordered("bad", week, late) for week, late in enumerate(days)]
    parcels = [
        CustomerParcel("delayed", frozenset({"bad"}), START + timedelta(weeks=25), START + timedelta(weeks=26)),
        CustomerParcel("in time", frozenset({"bad"}), START + timedelta(weeks=25), START + timedelta(weeks=25)),
        CustomerParcel("before", frozenset({"bad"}), START + timedelta(weeks=2), START + timedelta(weeks=3)),
        CustomerParcel("another's", frozenset({"good"}), START + timedelta(weeks=25), START + timedelta(weeks=26)),
        CustomerParcel("still missing", frozenset({"bad", "good"}), START + timedelta(weeks=26), None),
    ]
    (found,) = late_suppliers(PUNCTUAL + bad, parcels, TODAY)
    assert (found.supplier, found.since) == ("bad", START + timedelta(weeks=20))
    assert found.until == START + timedelta(weeks=31, days=8)
    assert (found.purchase_orders, found.late, found.orders_delayed) == (12, 10, 2)
    assert found.share_late == pytest.approx(10 / 12)
    assert found.mean_days_late == pytest.approx(80 / 12)


def test_single_late_orders_and_days_of_grace_are_no_period() -> None:
    """One in ten, and always three days: both are what a supplier may be."""
    now_and_then = [ordered("now and then", week, 9 if week % 10 == 0 else 0) for week in range(60)]
    within = [ordered("within", week, GRACE.days) for week in range(60)]
    assert late_suppliers(PUNCTUAL + now_and_then + within, [], TODAY) == ()


def test_what_never_came_is_late_and_what_is_not_due_is_not() -> None:
    """The last orders of a supplier that stopped delivering count; orders for next month do not."""
    gone = [ordered("gone", week, 0 if week < 40 else None) for week in range(50)]
    due = [PurchaseOrder("due", "AH-1", TODAY + timedelta(days=day), None) for day in range(20)]
    (found,) = late_suppliers(PUNCTUAL + gone + due, [], TODAY)
    assert (found.supplier, found.purchase_orders, found.late) == ("gone", 10, 10)


def test_a_supplier_that_is_always_late_is_found_beside_the_others() -> None:
    """The usual rate is that of the others."""
    always = [ordered("always", week, 6) for week in range(60)]
    assert [one.supplier for one in late_suppliers(PUNCTUAL + always, [], TODAY)] == ["always"]


def test_where_all_are_late_none_stands_out_by_chance_nor_by_being_better() -> None:
    """Every fourth order of everybody is late, and once five of eleven; and one is late less often than all others."""
    usual = [ordered(name, week, 9 if week % 4 == 0 else 0) for name in ("one", "two", "three") for week in range(60)]
    cluster = [ordered("cluster", week, 9 if week % 4 == 0 or week in {21, 22} else 0) for week in range(60)]
    assert late_suppliers(usual + cluster, [], TODAY) == ()
    always = [ordered(name, week, 9) for name in ("one", "two", "three") for week in range(60)]
    better = [ordered("better", week, 9 if week % 5 < 2 else 0) for week in range(60)]
    assert "better" not in {one.supplier for one in late_suppliers(always + better, [], TODAY)}


@given(st.permutations([*PUNCTUAL[:20], *(ordered("bad", week, 9) for week in range(8))]))
def test_the_order_of_purchases_is_irrelevant(purchases: list[PurchaseOrder]) -> None:
    """The same purchases tell the same."""
    (found,) = late_suppliers(purchases, [], TODAY)
    assert (found.supplier, found.purchase_orders) == ("bad", 8)


def test_products_tell_of_their_suppliers() -> None:
    """What is in no catalogue has none."""
    assert suppliers_of(["a", "b", "c", "x"], {"a": "1", "b": "1", "c": None}) == frozenset({"1"})


# Service figures

OPENED = datetime(2026, 3, 31, 23, 0, tzinfo=UTC)


def hours(number: float) -> datetime:
    """So many hours after the opening."""
    return OPENED + timedelta(hours=number)


CASES = (
    Handled(OPENED, "South", hours(10), hours(2), written=True, teams=1, contacts=1),
    Handled(OPENED, "South", hours(30), hours(6), written=True, teams=2, contacts=1),
    Handled(OPENED, "North", hours(50), OPENED, written=False, teams=1, contacts=4),
    Handled(OPENED, "North", None, None, written=True, teams=1, contacts=2),
)


def test_figures_by_hand() -> None:
    """Three of four are closed, one of these at the first contact; 0 + 0 + 3 + 1 repeats; one handover."""
    everyone, north, south = service_figures(CASES)
    assert everyone == ServiceFigures(ALL_TEAMS, "2026-03", 4, 3, 1 / 3, 1.0, 4.0, 30.0, 0.25)
    assert north == ServiceFigures("North", "2026-03", 2, 1, 0.0, 2.0, None, 50.0, 0.0)
    assert south == ServiceFigures("South", "2026-03", 2, 2, 0.5, 0.0, 4.0, 20.0, 0.5)


def test_months_are_those_of_utc() -> None:
    """A case opened at one o'clock of April the first in Berlin is one of March."""
    berlin = OPENED.astimezone(tz=None).replace(tzinfo=None).astimezone()
    (figures, _) = service_figures([Handled(berlin, "South", None, None, written=False, teams=1, contacts=1)])
    assert figures.month == "2026-03"
    assert figures.first_contact_resolution is None


def test_every_figure_has_its_formula() -> None:
    """Nothing is told that is not said in words."""
    named = set(ServiceFigures.__dataclass_fields__) - {"team", "month"}
    assert set(FORMULAS) == named


def test_cases_are_handled_by_the_contacts_of_their_customers() -> None:
    """A case of which no contact is known has none."""
    case = ServiceCase("CS-1", OPENED, medium=Medium.MAIL, teams=("North", "South"), team="South")
    (one,) = handled([case], {"CS-2": 3})
    assert (one.contacts, one.teams, one.team, one.written) == (0, 2, "South", True)


@given(st.permutations(CASES))
def test_the_order_of_cases_is_irrelevant(cases: list[Handled]) -> None:
    """The same cases make the same figures."""
    assert service_figures(cases) == service_figures(CASES)


# Organisations


def account(key: str, name: str, **known: str | None) -> Account:
    """An entry of sales."""
    return Account(
        key,
        name,
        known.get("parent"),
        known.get("vat"),
        known.get("country") or "DE",
        known.get("website"),
        known.get("description"),
        None,
    )


def groups_of(*accounts: Account) -> list[list[str]]:
    """Which entries are one company."""
    return sorted([sorted(entry.key for entry in one.accounts) for one in organisations(accounts)])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (account("a", "Elm Hotels GmbH"), account("b", "ELM HOTELS, G.m.b.H."), True),
        (account("a", "Elm Hotels sp. z o.o."), account("b", "Elm Hotels Sp. z o. o."), True),
        (account("a", "Elm Hotels GmbH"), account("b", "Elm Hotels GmbH", country="AT"), False),
        (account("a", "Elm Hotels", website="elm.example"), account("b", "Elm Hotels AG", website="elm.example"), True),
        (account("a", "Elm Hotels AG"), account("b", "Elm Hotels GmbH"), False),
        (account("a", "Elm Hotels AG", vat="DE1"), account("b", "Elm Hotels GmbH", vat="DE2"), False),
        (account("a", "Elm Hotels", vat="DE1"), account("b", "Elm Hotels GmbH"), True),
        (account("a", "Elm Hotels", parent="x"), account("b", "Elm Hotels GmbH", parent="y"), False),
        (account("a", "Elm Hotels GmbH", vat="DE1"), account("b", "Oak Schools GmbH", vat="DE1"), False),
    ],
)
def test_doubled_entries_are_one_company(one: Account, other: Account, same: bool) -> None:
    """Legal forms may differ where something else agrees; a VAT number alone joins nobody."""
    assert (len(groups_of(one, other)) == 1) is same


@pytest.mark.parametrize(
    ("description", "parent"),
    [
        ("belongs to Oak Schools group", "oak"),
        ("Teil der OAK SCHOOLS GmbH, seit 2021", "oak"),
        ("part of Oak Schools North", "north"),
        ("works with Oak Schools and Fir Logistics", None),
        ("planted an oak before schools came", None),
        ("Elm Hotels itself", None),
    ],
)
def test_a_parent_in_words_counts_where_one_company_is_named(description: str, parent: str | None) -> None:
    """Of names within names the longest counts; where several are named, none does."""
    others = (
        account("oak", "Oak Schools GmbH"),
        account("north", "Oak Schools North AG"),
        account("fir", "Fir Logistics GmbH"),
    )
    found = {
        one.lead.key: one.parent
        for one in organisations((account("elm", "Elm Hotels AG", description=description), *others))
    }
    assert found["elm"] == parent


def test_groups_end_at_the_top() -> None:
    """Also where companies own each other, or one is named that is not there."""
    parents = {"a": "b", "b": "c", "c": None, "d": "gone", "e": "f", "f": "g", "g": "f"}
    assert tops(parents) == {"a": "c", "b": "c", "c": "c", "d": "d", "e": "f", "f": "f", "g": "f"}
