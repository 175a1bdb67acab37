"""Decisions on purposes, campaigns, and what they sent."""

from ingest.fields import Cells, Unreadable
from ingest.records import CampaignRecord, ContactRecord, Decision
from schema.purposes import LegalBasis

_CHANNELS = frozenset({"email", "phone", "sms", "push", "post"})


def decision(cells: Cells) -> Decision:
    """A row of consents.csv."""
    if (basis := cells.required("legal_basis").upper()) not in LegalBasis.__members__:
        raise Unreadable("legal_basis", "unknown basis")
    return Decision(
        key=cells.required("consent_id"),
        system=cells.required("subject_system"),
        subject=cells.required("subject_id"),
        purpose=cells.required("purpose"),
        legal_basis=LegalBasis[basis],
        state=cells.required("state"),
        decided_at=cells.required_moment("decided_at"),
        method=cells.text("collected_via"),
        notice_version=cells.text("policy_version"),
    )


def campaign(cells: Cells) -> CampaignRecord:
    """A row of campaigns.csv."""
    return CampaignRecord(
        key=cells.required("campaign_id"),
        name=cells.required("name"),
        purpose=cells.required("purpose"),
        channel=_channel(cells),
        starts_on=cells.day("starts"),
        ends_on=cells.day("ends"),
        coupon=cells.text("coupon"),
    )


def contact(cells: Cells) -> ContactRecord:
    """A row of contacts.csv; an empty cell of an outcome says that the channel does not tell."""
    return ContactRecord(
        key=cells.required("contact_id"),
        campaign=cells.required("campaign_id"),
        channel=_channel(cells),
        purpose=cells.required("purpose"),
        sent_at=cells.required_moment("sent_at"),
        list_system=cells.text("list_source"),
        list_record=cells.text("list_record"),
        address=cells.text("address"),
        delivered=cells.flag("delivered"),
        opened=cells.flag("opened"),
        clicked=cells.flag("clicked"),
        replied=cells.flag("replied"),
        converted=cells.flag("converted"),
        complained=cells.flag("complained"),
    )


def _channel(cells: Cells) -> str:
    if (channel := cells.required("channel")) not in _CHANNELS:
        raise Unreadable("channel", "unknown channel")
    return channel
