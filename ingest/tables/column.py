"""A column and a table of the canonical form: what a SELECT of a source has to give."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ingest.records import Record
from ingest.tables.values import Values
from schema.enums import IdentityKind


class Type(StrEnum):
    """What a column holds, and as what SQL may give it."""

    TEXT = "text"
    TEXTS = "list of texts, or one text with | between them"
    DATE = "DATE, or text as 2024-12-31"
    TIME = "TIMESTAMP in UTC, TIMESTAMPTZ, or text in ISO 8601"
    MONEY = "DECIMAL, or text with a decimal point"
    WHOLE = "INTEGER"
    FLAG = "BOOLEAN, or 0 and 1, true and false, yes and no"
    COUNTRY = "text: a name in any language or an ISO 3166-1 code"
    EMAIL = "text as typed"
    PHONE = "text as typed"
    OBJECT = "STRUCT, MAP or JSON object"
    OBJECTS = "list of STRUCTs, or a JSON list of objects"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. A row without a value in a required one is refused."""

    name: str
    type: Type
    about: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class System:
    """The source that a row is from. `keys` says as what its customers' ids identify them."""

    name: str
    keys: IdentityKind = IdentityKind.CUSTOMER_NUMBER


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table: a source fills it by a file `<name>.sql`."""

    name: str
    about: str
    columns: tuple[Column, ...]
    record: Callable[[Values, System], Record]


def must(name: str, type: Type, about: str) -> Column:
    """A required column."""
    return Column(name, type, about, required=True)


def may(name: str, type: Type, about: str) -> Column:
    """A column that may be empty or left out."""
    return Column(name, type, about)
