"""The files a company exports, and how each is read. A further silo is one line in SOURCES and one function."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.fields import Cells, Unreadable
from ingest.readers import commerce, mail, outreach, profiles, service, web
from ingest.readers.rows import Delimited, JsonDocument, JsonLines, Layout, Mailbox
from ingest.records import Record
from ingest.rows import Read, Reject, Silo

__all__ = ["SOURCES", "Source", "read"]


@dataclass(frozen=True, slots=True)
class Source(Silo):
    """One export file: the silo it is from, what a row records, how it is written and read."""

    layout: Layout
    columns: tuple[str, ...]
    record: Callable[[Cells], Record]


def read(source: Source, folder: Path) -> Iterator[Read | Reject]:
    """Every row of one export, in the order of the file; an absent file has none.

    Raises SourceInvalid when the file as a whole is not what it should be.
    """
    path = folder / source.file
    if not path.is_file():
        return
    for row in source.layout.rows(path, source.columns):
        if isinstance(row, Reject):
            yield row
            continue
        try:
            yield Read(source, row, source.record(Cells(row.payload)))
        except Unreadable as fault:
            yield Reject(row.file, row.line, fault.column, fault.reason)


_LATIN_SEMICOLONS = Delimited("cp1252", ";")
_TABS = Delimited(delimiter="\t")

SOURCES: tuple[Source, ...] = (
    Source(
        "billing.csv",
        "billing",
        "customer",
        "Accounts of customers in billing.",
        _LATIN_SEMICOLONS,
        (
            "CUST_NO",
            "ACCT_NAME",
            "BILL_STREET",
            "ZIP",
            "CITY",
            "CTRY",
            "TEL",
            "EMAIL",
            "DOB",
            "OPENED",
            "CHANGED",
            "BALANCE",
        ),
        profiles.billing,
    ),
    Source(
        "shipping.csv",
        "shipping",
        "customer",
        "Recipients of parcels.",
        Delimited(),
        (
            "shipping_account",
            "recipient",
            "address_line_1",
            "postal_code",
            "town",
            "country",
            "contact_phone",
            "contact_email",
            "first_parcel_at",
            "last_parcel_at",
        ),
        profiles.shipping,
    ),
    Source(
        "crm.csv",
        "crm",
        "customer",
        "Contacts of sales.",
        Delimited(),
        (
            "Id",
            "FirstName",
            "LastName",
            "Email",
            "Phone",
            "MobilePhone",
            "MailingStreet",
            "MailingPostalCode",
            "MailingCountryCode",
            "Birthdate",
            "CustomerNumbers",
            "CreatedDate",
            "LastModifiedDate",
        ),
        profiles.crm,
    ),
    Source(
        "accounts.csv",
        "accounts",
        "organisation",
        "Companies as sales keeps them.",
        Delimited(),
        ("Id", "Name", "ParentId", "BillingCountryCode", "VatNumber", "CreatedDate"),
        profiles.account,
    ),
    Source(
        "account_contacts.csv",
        "account_contacts",
        "role",
        "Who works for which company.",
        Delimited(),
        ("AccountId", "ContactId", "ContactName", "ContactEmail", "StartDate", "EndDate"),
        profiles.account_contact,
    ),
    Source(
        "agents.csv",
        "agents",
        "employee",
        "Employees of the service organisation.",
        Delimited(),
        ("agent", "name", "mail", "team", "regions", "languages", "since", "until"),
        service.agent,
    ),
    Source(
        "assignments.csv",
        "assignments",
        "assignment",
        "Which team serves whom.",
        Delimited(),
        ("team", "country", "segment", "topic", "valid_from", "valid_until"),
        service.assignment,
    ),
    Source(
        "products.csv",
        "products",
        "product",
        "The catalogue.",
        Delimited(delimiter=";"),
        (
            "Artikel",
            "Bezeichnung",
            "Warengruppe",
            "Lieferant",
            "VK_EUR",
            "Einfuehrung",
            "Auslauf",
            "Revision",
            "Rev_ab",
        ),
        commerce.product,
    ),
    Source(
        "procurement.csv",
        "procurement",
        "purchase",
        "Orders to suppliers.",
        _LATIN_SEMICOLONS,
        ("PO", "VENDOR", "VENDOR_NAME", "MATERIAL", "QTY", "ORDERED", "PROMISED", "RECEIVED", "UNIT_COST", "CURR"),
        commerce.purchase,
    ),
    Source(
        "campaigns.csv",
        "campaigns",
        "campaign",
        "Campaigns.",
        _TABS,
        ("campaign_id", "name", "purpose", "channel", "starts", "ends", "coupon"),
        outreach.campaign,
    ),
    Source(
        "orders.jsonl",
        "orders",
        "order",
        "Orders from web, app and phone.",
        JsonLines(),
        ("orderId", "placedAt"),
        commerce.order,
    ),
    Source(
        "invoices.csv",
        "invoices",
        "invoice",
        "Invoices and credit notes.",
        _LATIN_SEMICOLONS,
        ("INV_NO", "CUST_NO", "ORDER_NO", "INV_DATE", "DUE", "PAID", "AMOUNT", "CURR", "KIND", "DUNNING"),
        commerce.invoice,
    ),
    Source(
        "shipments.csv",
        "shipments",
        "parcel",
        "Parcels.",
        Delimited(),
        ("parcel", "shipping_account", "order_ref", "carrier", "promised_on", "delivered_at", "status", "history"),
        commerce.parcel,
    ),
    Source(
        "cases.csv",
        "cases",
        "case",
        "Tickets of the service desk.",
        Delimited(delimiter="|"),
        ("case_id", "opened_at", "closed_at", "status", "team", "queue_history", "agent", "reporter", "subject"),
        service.ticket,
    ),
    Source(
        "support.mbox",
        "mail",
        "mail",
        "Mails to and from the service desk.",
        Mailbox(),
        (),
        mail.mail,
    ),
    Source(
        "calls.csv",
        "calls",
        "call",
        "Phone calls.",
        Delimited(),
        ("call_id", "started_at", "direction", "caller", "queue", "agent", "customer_no", "outcome", "notes"),
        service.call,
    ),
    Source("chats.jsonl", "chats", "chat", "Chats.", JsonLines(), ("id", "started_at"), service.chat),
    Source(
        "events.jsonl",
        "events",
        "event",
        "Messages of the tracking library in web shop and app.",
        JsonLines(),
        ("type", "messageId", "timestamp"),
        web.event,
    ),
    Source(
        "social.json",
        "social",
        "mention",
        "Mentions on social networks.",
        JsonDocument("mentions"),
        ("id", "platform", "created_at", "author"),
        web.mention,
    ),
    Source(
        "contacts.csv",
        "contacts",
        "contact",
        "What campaigns sent, to whom.",
        _TABS,
        ("contact_id", "campaign_id", "channel", "purpose", "sent_at", "list_source", "list_record", "address"),
        outreach.contact,
    ),
    Source(
        "consents.csv",
        "consents",
        "decision",
        "Decisions on purposes.",
        Delimited(),
        ("consent_id", "subject_system", "subject_id", "purpose", "legal_basis", "state", "decided_at"),
        outreach.decision,
    ),
)
