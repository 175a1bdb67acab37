"""Decisions on purposes, campaigns, and what they sent."""

from ingest.fields import Unreadable
from ingest.records import CampaignRecord, ContactRecord, Decision
from ingest.tables.column import System, Table, Type, may, must
from ingest.tables.values import Values
from schema.purposes import LegalBasis

_CHANNELS = frozenset({"email", "phone", "sms", "push", "post"})


def _consent(values: Values, system: System) -> Decision:
    if (basis := values.required("legal_basis").upper()) not in LegalBasis.__members__:
        raise Unreadable("legal_basis", "unknown basis")
    return Decision(
        key=values.required("id"),
        system=values.text("customer_system") or system.name,
        subject=values.required("customer"),
        purpose=values.required("purpose"),
        legal_basis=LegalBasis[basis],
        state=values.required("state"),
        decided_at=values.required_moment("decided_at"),
        method=values.text("method"),
        notice_version=values.text("notice_version"),
        event=values.text("event"),
    )


CONSENTS = Table(
    "consents",
    "All decisions of customers on purposes: the latest on each record counts, of several records the strictest.",
    (
        must("id", Type.TEXT, "The decision's key."),
        must("customer", Type.TEXT, "Id of the record of `customers` on which it was taken."),
        may("customer_system", Type.TEXT, "The system that this id is of; without it, this one."),
        must("purpose", Type.TEXT, "A purpose such as marketing.email; one that is not known allows nothing."),
        must("legal_basis", Type.TEXT, "CONSENT, CONTRACT, LEGITIMATE_INTEREST ..."),
        must("state", Type.TEXT, "GIVEN, REFUSED, WITHDRAWN, OBJECTED; one that is not known allows nothing."),
        must("decided_at", Type.TIME, "When it was taken."),
        may("method", Type.TEXT, "How it was collected."),
        may("notice_version", Type.TEXT, "Version of the notice that was shown."),
        may("event", Type.TEXT, "Id of our event, where the row only notes what we told: it is no news then."),
    ),
    _consent,
)


def _campaign(values: Values, system: System) -> CampaignRecord:
    del system
    return CampaignRecord(
        key=values.required("id"),
        name=values.required("name"),
        purpose=values.required("purpose"),
        channel=_channel(values),
        starts_on=values.day("starts_on"),
        ends_on=values.day("ends_on"),
        coupon=values.text("coupon"),
    )


CAMPAIGNS = Table(
    "campaigns",
    "Campaigns.",
    (
        must("id", Type.TEXT, "The campaign's key."),
        must("name", Type.TEXT, "Name."),
        must("purpose", Type.TEXT, "Purpose for which it was sent."),
        must("channel", Type.TEXT, "email, phone, sms, push or post."),
        may("starts_on", Type.DATE, "First day."),
        may("ends_on", Type.DATE, "Last day."),
        may("coupon", Type.TEXT, "Coupon it offers."),
    ),
    _campaign,
)


def _contact(values: Values, system: System) -> ContactRecord:
    listed = values.text("list_record")
    return ContactRecord(
        key=values.required("id"),
        campaign=values.required("campaign"),
        channel=_channel(values),
        purpose=values.required("purpose"),
        sent_at=values.required_moment("sent_at"),
        list_system=values.text("list_system") or (system.name if listed else None),
        list_record=listed,
        address=values.text("address"),
        delivered=values.flag("delivered"),
        opened=values.flag("opened"),
        clicked=values.flag("clicked"),
        replied=values.flag("replied"),
        converted=values.flag("converted"),
        complained=values.flag("complained"),
    )


OUTREACH = Table(
    "outreach",
    "Single messages of campaigns, and what came of each.",
    (
        must("id", Type.TEXT, "The message's key."),
        must("campaign", Type.TEXT, "Id of the campaign."),
        must("channel", Type.TEXT, "email, phone, sms, push or post."),
        must("purpose", Type.TEXT, "Purpose for which it was sent."),
        must("sent_at", Type.TIME, "When it was sent."),
        may("list_record", Type.TEXT, "Id of the record of `customers` on the list."),
        may("list_system", Type.TEXT, "The system that this id is of; without it, this one."),
        may("address", Type.TEXT, "Mailbox, number or device it went to."),
        may("delivered", Type.FLAG, "Whether it arrived; empty is no, as below."),
        may("opened", Type.FLAG, "Whether it was opened."),
        may("clicked", Type.FLAG, "Whether a link in it was followed."),
        may("replied", Type.FLAG, "Whether it was answered."),
        may("converted", Type.FLAG, "Whether an order followed."),
        may("complained", Type.FLAG, "Whether the receiver complained."),
    ),
    _contact,
)


def _channel(values: Values) -> str:
    if (channel := values.required("channel")) not in _CHANNELS:
        raise Unreadable("channel", "unknown channel")
    return channel
