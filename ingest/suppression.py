"""Suppression: the rows of the erased are known again by keyed hashes, so that exports do not bring them back.

A hash is HMAC-SHA-256 of what a row is known by, under a key outside the graph: whoever has the graph alone can neither
read the hashes nor try values against them. What is hashed: the place of a row (system, table, key), what it makes, and
handles that were one person's alone.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph.protocols import Reads
from ingest.assemble.evidence import source_record
from ingest.directory import comparable
from ingest.homes import home_of
from ingest.live.known import handles_of, keys_of
from ingest.normalise import mailbox, same_mailbox
from ingest.records import AccountContact, ContactRecord, Decision, InvoiceRecord, Parcel, Record
from ingest.statements import text
from schema.enums import IdentityKind as Kind
from schema.errors import SuppressionKeyWrong

KEY_BYTES = 32
AT_ONCE = 5_000
_SECONDS = 120.0
_WEAK = Kind.DEVICE
"""A handle that is passed on: it tells only where a row names no other."""


@dataclass(frozen=True, slots=True)
class Hasher:
    """Makes the hashes under one key. Its printed form shows no key."""

    key: bytes = field(repr=False)

    @property
    def check(self) -> str:
        """By what the graph knows that a key is the one its hashes were made with."""
        return self._of("check")

    def place(self, place: str) -> str:
        """Of the key of a SourceRecord."""
        return self._of("place", place)

    def thing(self, label_key: str) -> str:
        """Of the key of what a row makes, such as `orders:4711`."""
        return self._of("thing", label_key)

    def handle(self, kind: Kind, value: str) -> str:
        """Of a handle, in the spelling that is compared."""
        spelled = same_mailbox(value.casefold()) if kind is Kind.EMAIL else comparable(kind, value)
        return self._of("handle", kind.name, spelled)

    def _of(self, *parts: str) -> str:
        said = "\n".join(parts).encode("utf-8", "surrogatepass")
        return hmac.digest(self.key, said, "sha256").hex()


@dataclass(frozen=True, slots=True)
class Marks:
    """By what one row could be known again: certainly (its place, what it makes, what it names), or by handles alone.

    `identities` are the keys of nodes under which the graph would have those handles.
    """

    place: str
    certain: tuple[str, ...]
    handles: tuple[str, ...]
    identities: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every hash of it."""
        return (*self.certain, *self.handles)


def marks_of(system: str, record: Record, regions: Sequence[str], hasher: Hasher) -> Marks:
    """The marks of a row that a system delivered."""
    place = source_record(system, record)
    known = list(dict.fromkeys((*handles_of(record, regions), *_more_handles(record))))
    telling = [one for one in known if one[0] is not _WEAK] or known
    certain = [hasher.place(place), hasher.thing(f"{home_of(record)}:{record.key}")]
    certain += [hasher.thing(one) for one in _made_by(record)]
    certain += [hasher.place(one) for one in _named(record)]
    identities = dict.fromkeys(key for kind, value in telling for key in keys_of(kind, value))
    return Marks(place, tuple(certain), tuple(dict.fromkeys(hasher.handle(*one) for one in telling)), tuple(identities))


def _more_handles(record: Record) -> Iterator[tuple[Kind, str]]:
    """Handles by which nobody is looked up, but which name somebody."""
    match record:
        case ContactRecord(address=address) | AccountContact(email=address):
            yield from ((Kind.EMAIL, one) for one in (mailbox(address),) if one)
        case InvoiceRecord(customer=number) | Parcel(account=number):
            kinds = (Kind.CUSTOMER_NUMBER, Kind.SHIPPING_ACCOUNT, Kind.CRM_ID)
            yield from ((kind, number) for kind in kinds if number)


def _made_by(record: Record) -> Iterator[str]:
    """What a row belongs to as a part of it."""
    match record:
        case InvoiceRecord(order=order) | Parcel(order=order):
            yield from (f"orders:{one}" for one in (order,) if one)


def _named(record: Record) -> Iterator[str]:
    """The places of persons' rows that a row names as whom it is about."""
    match record:
        case Decision(system=system, subject=key):
            yield f"{system}:{key}"
        case ContactRecord(list_system=system, list_record=key) | AccountContact(contact_system=system, contact=key):
            if system and key:
                yield f"{system}:{key}"


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Hashes that are in force, each with the receipts of the erasures that made it."""

    receipts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def certainly(self, marks: Marks) -> bool:
        """Whether a row is one that was erased, or a part of such."""
        return any(one in self.receipts for one in marks.certain)

    def by_handle(self, marks: Marks) -> list[str]:
        """The erasures of whom a row has a handle."""
        return sorted({receipt for one in marks.handles for receipt in self.receipts.get(one, ())})


async def in_force(database: Reads, hasher: Hasher | None) -> bool:
    """Whether anybody is suppressed. Raises SuppressionKeyWrong without the key, or with another one."""
    for check in await database.read(text("suppression_check"), None, _SECONDS):
        if hasher is None or check != hasher.check:
            raise SuppressionKeyWrong
        return True
    return False


async def suppressed_among(database: Reads, hashes: Iterable[str]) -> Suppressed:
    """Which of these hashes are in force. Raises the errors of the database."""
    asked = list(dict.fromkeys(hashes))
    found: dict[str, Sequence[str]] = {}
    for start in range(0, len(asked), AT_ONCE):
        rows = await database.read(text("suppressed_among"), {"hashes": asked[start : start + AT_ONCE]}, _SECONDS)
        found |= {row["hash"]: row["receipts"] for row in rows}
    return Suppressed(found)
