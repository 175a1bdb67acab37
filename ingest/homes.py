"""Where records of each class are at home: the word before their keys in the graph, and what a row of theirs records.

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

_HOMES: Mapping[type[Record], tuple[str, str]] = MappingProxyType(
    {
        Profile: ("", "customer"),
        Account: ("accounts", "organisation"),
        AccountContact: ("account_contacts", "role"),
        ProductRecord: ("products", "product"),
        Purchase: ("procurement", "purchase"),
        OrderRecord: ("orders", "order"),
        InvoiceRecord: ("invoices", "invoice"),
        Parcel: ("shipments", "parcel"),
        Ticket: ("cases", "case"),
        Call: ("calls", "call"),
        Chat: ("chats", "chat"),
        Mail: ("mail", "mail"),
        WebEvent: ("events", "event"),
        Mention: ("social", "mention"),
        Decision: ("consents", "decision"),
        CampaignRecord: ("campaigns", "campaign"),
        ContactRecord: ("contacts", "contact"),
        Agent: ("agents", "employee"),
        Assignment: ("assignments", "assignment"),
    }
)
HOMES = frozenset(home for home, _ in _HOMES.values() if home)
"""Every such word but the names of systems."""


def home_of(record: Record) -> str:
    """Where the record's key is one of its own; customers are at home in the system that keeps them."""
    return record.system if isinstance(record, Profile) else _HOMES[type(record)][0]


def kind_of(record: Record) -> str:
    """What the row records, in one word."""
    return _HOMES[type(record)][1]


def home_of_kind(kind: str, system: str) -> str:
    """Where the key of a row of this kind is one of its own; as `home_of`, of what the graph kept."""
    return next((home for home, word in _HOMES.values() if word == kind and home), system)
