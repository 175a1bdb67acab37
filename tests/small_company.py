"""Small companies made of records, for tests that load more than once: two silos of people, orders, calls, consents."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import orjson

from ingest.homes import kind_of
from ingest.names import PersonName
from ingest.records import (
    Assignment,
    Call,
    Chat,
    ContactRecord,
    Decision,
    InvoiceRecord,
    Mail,
    OrderRecord,
    Parcel,
    PostalAddress,
    Profile,
    Record,
    Ticket,
)
from ingest.rows import Exports, Progress, Read, Row, Silo
from ingest.sources.read import Sources
from schema.enums import IdentityKind
from schema.purposes import LegalBasis

SYSTEMS = (
    "accounts",
    "billing",
    "calls",
    "chats",
    "consents",
    "contacts",
    "crm",
    "mail",
    "orders",
    "shipping",
    "cases",
)


@dataclass(frozen=True, slots=True)
class Made(Sources):
    """Sources whose records are there already."""

    records: tuple[Record, ...] = ()

    def read(self, progress: Progress) -> Exports:
        """Every record, with itself as its row."""
        del progress
        reads = tuple(
            Read(Silo("made", system_of(one), kind_of(one), "made"), Row("made", line, plain(one)), one)
            for line, one in enumerate(self.records, 1)
        )
        silos = tuple(Silo("made", name, "", "made") for name in sorted({one.source.system for one in reads}))
        return Exports(silos, reads, ())

    def digest(self) -> str:
        """Of the records."""
        return hashlib.sha256(orjson.dumps([plain(one) for one in self.records])).hexdigest()


def made(records: Iterable[Record]) -> Made:
    """Sources that deliver these records."""
    return Made((), None, records=tuple(records))


def plain(record: Record) -> Any:
    """A record as JSON has it."""
    return orjson.loads(orjson.dumps(asdict(record)))


def system_of(record: Record) -> str:
    """The silo that a record of this class comes from."""
    match record:
        case Profile():
            return record.system
        case OrderRecord():
            return "orders"
        case InvoiceRecord():
            return "billing"
        case Parcel():
            return "shipping"
        case Ticket():
            return "cases"
        case Call():
            return "calls"
        case Chat():
            return "chats"
        case Mail():
            return "mail"
        case Decision():
            return "consents"
        case ContactRecord():
            return "contacts"
        case Assignment():
            return "assignments"
    raise AssertionError(record)


HOUSE = PostalAddress("1 High Street", None, "AB1 2CD", "Leeds", None, "GB", "GB|AB12CD|1")


def house(number: int, code: str = "AB1 2CD") -> PostalAddress:
    """A house in Leeds."""
    return replace(HOUSE, line1=f"{number} High Street", postal_code=code, place=f"GB|{code.replace(' ', '')}|{number}")


def person(
    system: str,
    key: str,
    given: str,
    family: str,
    *,
    born: date | None = None,
    email: str | None = None,
    phone: str | None = None,
    lives: PostalAddress | None = None,
    references: tuple[str, ...] = (),
    changed: datetime | None = None,
) -> Profile:
    """A person as one silo knows her."""
    known = {"billing": IdentityKind.CUSTOMER_NUMBER, "shipping": IdentityKind.SHIPPING_ACCOUNT}
    return Profile(
        key=key,
        system=system,
        name=PersonName(given, family),
        birth_date=born,
        emails=(email,) if email else (),
        phones=(phone,) if phone else (),
        address=lives or house(1),
        references=references,
        since=date(2020, 1, 1),
        changed_at=changed or datetime(2024, 1, 1, tzinfo=UTC),
        balance=None,
        known_as=known.get(system, IdentityKind.CRM_ID),
    )


def call(key: str, caller: str | None = None, customer: str | None = None, at: int = 1) -> Call:
    """A call on a day of May."""
    began = datetime(2025, 5, at, 9, tzinfo=UTC)
    return Call(key, began, False, caller, "service", None, 5, 60, customer, "solved", "Asked about a parcel.")


def mail(key: str, sender: str, at: int = 1) -> Mail:
    """A mail to the desk on a day of June."""
    sent = datetime(2025, 6, at, 9, tzinfo=UTC)
    return Mail(key, sent, sender, None, "care@acme.example", None, None, (), "Parcel", "Where is my parcel?")


def order(key: str, number: str | None = None, email: str | None = None, total: int = 1000) -> OrderRecord:
    """An order of a customer whose number or mailbox it names."""
    placed = datetime(2025, 4, 1, 12, tzinfo=UTC)
    return OrderRecord(
        key, placed, "web", "delivered", None, None, email, None, number, None, None, (), total, "GBP", None, None, "ad"
    )


def decided(key: str, system: str, subject: str, purpose: str, state: str, at: int = 1) -> Decision:
    """A decision that a silo took, on a day of March."""
    taken = datetime(2025, 3, at, 12, tzinfo=UTC)
    return Decision(key, system, subject, purpose, LegalBasis.CONSENT, state, taken, "web", "v1")
