"""The canonical tables: what is documented is what is read, and values are taken as SQL authors give them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.fields import Unreadable
from ingest.homes import home_of, kind_of
from ingest.records import Account, Mail, Profile
from ingest.tables import TABLES, System, Table, Type
from ingest.tables.page import page
from ingest.tables.values import Values
from schema.enums import IdentityKind

ROOT = Path(__file__).parents[1]
SHOP = System("shop")

# A value that is right for each type; `kind`, `channel` and the like have words of their own.
GOOD: Mapping[Type, Any] = {
    Type.TEXT: "x",
    Type.TEXTS: ["x"],
    Type.DATE: date(2024, 12, 31),
    Type.TIME: datetime(2024, 12, 31, 12, tzinfo=UTC),
    Type.MONEY: Decimal("12.50"),
    Type.WHOLE: 3,
    Type.FLAG: True,
    Type.COUNTRY: "Deutschland",
    Type.EMAIL: "ann@shop.example",
    Type.PHONE: "0151 58890000",
    Type.OBJECT: {"a": 1},
    Type.OBJECTS: [{"product": "p", "at": "2024-12-31T12:00:00Z", "text": "hi"}],
}
WORDS = {"kind": "identify", "channel": "email", "legal_basis": "consent"}


class Traced(dict[str, Any]):
    """A row that remembers which columns were asked for."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        super().__init__(row)
        self.asked: set[str] = set()

    def get(self, column: str, default: Any = None) -> Any:
        """As a dict."""
        self.asked.add(column)
        return super().get(column, default)


def rows(table: Table) -> Iterator[dict[str, Any]]:
    """Rows with every column: one, or one of each kind."""
    row = {one.name: WORDS.get(one.name, GOOD[one.type]) for one in table.columns}
    if table.name == "interactions":
        yield from (row | {"kind": kind} for kind in ("call", "chat", "email", "mention"))
    elif table.name == "customers":
        yield from (row, row | {"name": None}, row | {"name": None, "name_family_first": None})
    elif table.name in {"company_contacts", "assignments"}:
        yield from (row, row | {"id": None})
    else:
        yield row


def test_the_page_is_the_tables() -> None:
    """docs/canonical-tables.md is written by: python -m ingest.tables.page."""
    assert page() == (ROOT / "docs" / "canonical-tables.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_column_is_read_and_no_other(table: Table) -> None:
    """The columns that a table states are those its records are made of."""
    asked: set[str] = set()
    for row in rows(table):
        traced = Traced(row)
        record = table.record(Values(traced), SHOP)
        assert record.key
        assert kind_of(record)
        assert home_of(record)
        asked |= traced.asked
    assert asked == {one.name for one in table.columns}


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_row_without_a_required_column_is_refused_and_without_the_others_is_read(table: Table) -> None:
    """As the page says; the column is told, never the value."""
    row = next(rows(table))
    table.record(Values({one.name: row[one.name] for one in table.columns if one.required}), SHOP)
    for column in (one.name for one in table.columns if one.required):
        for empty in (None, "", "  "):
            with pytest.raises(Unreadable) as refused:
                table.record(Values(row | {column: empty}), SHOP)
            assert refused.value.column == column


@pytest.mark.parametrize(
    ("method", "given", "read"),
    [
        ("text", 4711, "4711"),
        ("text", Decimal("4711.00"), "4711"),
        ("text", "  KÃ¶ln ", "Köln"),
        ("text", " ", None),
        ("day", "2024-12-31", date(2024, 12, 31)),
        ("day", datetime(2024, 12, 31, 23, tzinfo=UTC), date(2024, 12, 31)),
        ("day", "2024-12-31T23:30:00-0200", date(2025, 1, 1)),
        ("moment", "2024-12-31 23:30:00", datetime(2024, 12, 31, 23, 30, tzinfo=UTC)),
        (
            "moment",
            datetime(2024, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=-2))),
            datetime(2025, 1, 1, 1, 30, tzinfo=UTC),
        ),
        ("moment", date(2024, 12, 31), datetime(2024, 12, 31, tzinfo=UTC)),
        ("cents", Decimal("12.5"), 1250),
        ("cents", 0.29, 29),
        ("cents", "1299", 129900),
        ("cents", None, None),
        ("whole", 3.0, 3),
        ("whole", "3", 3),
        ("flag", None, False),
        ("flag", "Yes", True),
        ("flag", False, False),
        ("texts", "a | b||c", ("a", "b", "c")),
        ("texts", ["a ", "", None], ("a",)),
        ("texts", None, ()),
        ("mapping", '{"a": [1]}', {"a": [1]}),
        ("mapping", None, {}),
    ],
)
def test_values_are_taken_as_they_come(method: str, given: object, read: object) -> None:
    """Typed, or as plain text."""
    assert getattr(Values({"column": given}), method)("column") == read


@pytest.mark.parametrize(
    ("method", "given", "reason"),
    [
        ("text", 1.5, "not text"),
        ("text", True, "not text"),
        ("text", "K\N{REPLACEMENT CHARACTER}ln", "letters outside the encoding"),
        ("day", "31.12.2024", "not a date"),
        ("moment", "yesterday", "not a time"),
        ("cents", "1.299,00", "not an amount"),
        ("cents", "12.505", "parts of a hundredth"),
        ("cents", float("inf"), "not an amount"),
        ("whole", "three", "not a whole number"),
        ("flag", "perhaps", "not yes or no"),
        ("objects", "{", "not JSON"),
        ("objects", "[1]", "not a list of objects"),
        ("mapping", "[]", "not an object"),
    ],
)
def test_what_cannot_be_read_says_column_and_class(method: str, given: object, reason: str) -> None:
    """And not the value."""
    with pytest.raises(Unreadable) as refused:
        getattr(Values({"column": given}), method)("column")
    assert (refused.value.column, refused.value.reason) == ("column", reason)


def test_keys_of_customers_are_their_systems_own_and_identify_as_the_source_says() -> None:
    """Other keys are one of their table's."""
    row = next(rows(TABLES["customers"]))
    one = TABLES["customers"].record(Values(row), System("till", IdentityKind.CRM_ID))
    other = TABLES["companies"].record(Values(next(rows(TABLES["companies"]))), System("till"))
    assert isinstance(one, Profile)
    assert isinstance(other, Account)
    assert (home_of(one), one.known_as, one.phones) == ("till", IdentityKind.CRM_ID, ("+4915158890000",))
    assert home_of(other) == "accounts"


def test_a_mail_of_the_table_of_interactions_knows_its_direction() -> None:
    """The customer's side is the address, the company's the queue."""
    row = {
        "id": "1",
        "kind": "email",
        "happened_at": "2024-12-31",
        "address": "ann@x.example",
        "queue": "care@y.example",
    }
    read = TABLES["interactions"].record
    inward, outward = read(Values(row), SHOP), read(Values(row | {"outbound": True}), SHOP)
    assert isinstance(inward, Mail)
    assert isinstance(outward, Mail)
    assert (inward.from_address, inward.to_address) == ("ann@x.example", "care@y.example")
    assert (outward.from_address, outward.to_address) == ("care@y.example", "ann@x.example")
