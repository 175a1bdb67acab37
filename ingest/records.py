"""What is made of the rows of exports: one frozen class for each kind of record.

Times are UTC, money is an integer count of hundredths, countries are ISO 3166-1 alpha-2, phones E.164 where they could
be read. `key` is the record's own key in its silo.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ingest.names import PersonName
from schema.enums import ChannelKind, IdentityKind
from schema.purposes import LegalBasis


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """A postal address as one silo holds it."""

    line1: str | None
    line2: str | None
    postal_code: str | None
    city: str | None
    state: str | None
    country: str | None
    place: str | None  # the key under which spellings of one house meet


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as billing, shipping or sales knows her. `references` name records of other silos."""

    key: str
    system: str
    name: PersonName
    birth_date: date | None
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    address: PostalAddress
    references: tuple[str, ...]
    since: date | None
    changed_at: datetime | None
    balance: int | None
    known_as: IdentityKind = IdentityKind.CRM_ID  # as what its key identifies her
    preferred: ChannelKind | None = None  # the channel that she asked for
    national_id: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Account:
    """A company as sales keeps it."""

    key: str
    name: str
    parent: str | None
    vat_number: str | None
    country: str | None
    website: str | None
    description: str | None
    since: date | None


@dataclass(frozen=True, slots=True)
class AccountContact:
    """Someone who works or worked for a company."""

    key: str
    account: str
    contact: str | None
    name: str | None
    email: str | None
    role: str | None
    since: date | None
    until: date | None
    contact_system: str = "crm"  # the system whose record `contact` names


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """One article of the catalogue."""

    key: str
    name: str
    category: str | None
    supplier: str | None
    price: int | None
    introduced_on: date | None
    discontinued_on: date | None
    revision: str | None
    revised_on: date | None


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order to a supplier."""

    key: str
    supplier: str
    supplier_name: str | None
    product: str | None
    quantity: int
    ordered_on: date
    promised_on: date | None
    received_on: date | None
    unit_cost: int | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Pieces of one article in an order."""

    sku: str
    quantity: int
    unit_price: int | None


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """One order and the customer as the shop knows her."""

    key: str
    placed_at: datetime
    channel: str | None
    status: str
    buyer_kind: str | None
    buyer_name: str | None
    buyer_email: str | None
    buyer_phone: str | None
    buyer_number: str | None
    buyer_account: str | None
    device: str | None
    lines: tuple[OrderLine, ...]
    total: int | None
    currency: str | None
    coupon: str | None
    campaign: str | None
    discovery: str | None


@dataclass(frozen=True, slots=True)
class InvoiceRecord:
    """An invoice or credit note; `customer` is None where billing put a guest under the common number."""

    key: str
    customer: str | None
    order: str | None
    credit: bool
    issued_on: date
    due_on: date | None
    paid_on: date | None
    amount: int
    currency: str
    dunning_level: int
    payment_reference: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel of an order."""

    key: str
    account: str | None
    order: str | None
    carrier: str | None
    status: str
    promised_on: date | None
    delivered_at: datetime | None
    delay_reason: str | None
    history: tuple[str, ...]
    recipient: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Ticket:
    """One case of the service desk."""

    key: str
    opened_at: datetime
    first_response_at: datetime | None
    closed_at: datetime | None
    status: str
    channel: str | None
    team: str | None
    history: tuple[str, ...]
    agent: str | None
    reporter: str | None
    order: str | None
    mail_thread: str | None
    origin: str | None
    subject: str | None
    resolution: str | None
    satisfaction: int | None


@dataclass(frozen=True, slots=True)
class Call:
    """One phone call. `caller` is as typed: a number in some notation, or None when it was withheld."""

    key: str
    started_at: datetime
    outbound: bool
    caller: str | None
    queue: str | None
    agent: str | None
    waited_seconds: int | None
    talked_seconds: int | None
    customer: str | None
    outcome: str | None
    notes: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """What one side said in a chat."""

    at: datetime
    by_visitor: bool
    text: str


@dataclass(frozen=True, slots=True)
class Chat:
    """One chat."""

    key: str
    started_at: datetime
    channel: str
    device: str | None
    name: str | None
    email: str | None
    language: str | None
    agent: str | None
    lines: tuple[Line, ...]
    tags: tuple[str, ...]
    satisfaction: int | None


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. `text` is what was written anew: neither the quoted message nor the twin in HTML."""

    key: str
    sent_at: datetime
    from_address: str | None
    from_name: str | None
    to_address: str | None
    to_name: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    subject: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class WebEvent:
    """One message of the tracking library (Segment's specification: identify, page, screen, track, alias, group)."""

    key: str
    kind: str
    at: datetime
    device: str | None
    user: str | None
    previous: str | None
    name: str | None
    app: bool
    locale: str | None
    traits: Mapping[str, Any]
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mention:
    """One post on a social network that names the company."""

    key: str
    platform: str
    at: datetime
    handle: str
    display_name: str | None
    text: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision on one purpose, as a silo took it from one of its records."""

    key: str
    system: str
    subject: str
    purpose: str
    legal_basis: LegalBasis
    state: str
    decided_at: datetime
    method: str | None
    notice_version: str | None
    event: str | None = None  # by which we told the silo, where it echoes what was decided here


@dataclass(frozen=True, slots=True)
class CampaignRecord:
    """One campaign."""

    key: str
    name: str
    purpose: str
    channel: str
    starts_on: date | None
    ends_on: date | None
    coupon: str | None


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """One message of a campaign to one entry of its list."""

    key: str
    campaign: str
    channel: str
    purpose: str
    sent_at: datetime
    list_system: str | None
    list_record: str | None
    address: str | None
    delivered: bool
    opened: bool
    clicked: bool
    replied: bool
    converted: bool
    complained: bool


@dataclass(frozen=True, slots=True)
class Agent:
    """Someone who works for the company."""

    key: str
    name: str | None
    email: str | None
    team: str | None
    regions: tuple[str, ...]
    languages: tuple[str, ...]
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which team serves which country, segment and topic, from when to when; `*` is all."""

    key: str
    team: str
    country: str
    segment: str
    topic: str
    since: date | None
    until: date | None


Record = (
    Profile
    | Account
    | AccountContact
    | ProductRecord
    | Purchase
    | OrderRecord
    | InvoiceRecord
    | Parcel
    | Ticket
    | Call
    | Chat
    | Mail
    | WebEvent
    | Mention
    | Decision
    | CampaignRecord
    | ContactRecord
    | Agent
    | Assignment
)
