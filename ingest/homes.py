"""Where records of each class are at home: the word before their keys in the graph, what a row of theirs records, and
the canonical table that it is of.

A key is its table's own, whatever system the row is from: an invoice names an order without saying where it was placed.
"""

from collections.abc import Mapping
from types import MappingProxyType

from ingest.records import (
    Account,
    AccountContact,
    Agent,
    Assignment,
    Call,
    CampaignRecord,
    Chat,
    ContactRecord,
    Decision,
    InvoiceRecord,
    Mail,
    Mention,
    OrderRecord,
    Parcel,
    ProductRecord,
    Profile,
    Purchase,
    Record,
    Ticket,
    WebEvent,
)

_HOMES: Mapping[type[Record], tuple[str, str, str]] = MappingProxyType(
    {
        Profile: ("", "customer", "customers"),
        Account: ("accounts", "organisation", "companies"),
        AccountContact: ("account_contacts", "role", "company_contacts"),
        ProductRecord: ("products", "product", "products"),
        Purchase: ("procurement", "purchase", "purchases"),
        OrderRecord: ("orders", "order", "orders"),
        InvoiceRecord: ("invoices", "invoice", "invoices"),
        Parcel: ("shipments", "parcel", "shipments"),
        Ticket: ("cases", "case", "cases"),
        Call: ("calls", "call", "calls"),
        Chat: ("chats", "chat", "chats"),
        Mail: ("mail", "mail", "messages"),
        WebEvent: ("events", "event", "events"),
        Mention: ("social", "mention", "mentions"),
        Decision: ("consents", "decision", "consents"),
        CampaignRecord: ("campaigns", "campaign", "campaigns"),
        ContactRecord: ("contacts", "contact", "outreach"),
        Agent: ("agents", "employee", "employees"),
        Assignment: ("assignments", "assignment", "assignments"),
    }
)
HOMES = frozenset(home for home, _, _ in _HOMES.values() if home)
"""Every such word but the names of systems."""


def home_of(record: Record) -> str:
    """Where the record's key is one of its own; customers are at home in the system that keeps them."""
    return record.system if isinstance(record, Profile) else _HOMES[type(record)][0]


def kind_of(record: Record) -> str:
    """What the row records, in one word."""
    return kind_of_class(type(record))


def kind_of_class(of: type[Record]) -> str:
    """What rows of a class record, in one word."""
    return _HOMES[of][1]


def home_of_kind(kind: str, system: str) -> str:
    """Where the key of a row of this kind is one of its own; as `home_of`, of what the graph kept."""
    return next((home for home, word, _ in _HOMES.values() if word == kind and home), system)


def table_of_kind(kind: str) -> str:
    """The canonical table of a row of this kind."""
    return next((table for _, word, table in _HOMES.values() if word == kind), kind)
