"""What the company sent out, to whom, and what came of it."""

from datetime import date, datetime
from typing import TYPE_CHECKING

import strawberry

from schema.enums import ChannelKind
from schema.model import Category as Is
from schema.model import Connection, edge, node, prop

if TYPE_CHECKING:
    from schema.customer import Customer


@node(prefix="cmp", plural="campaigns")
class Campaign:
    """One campaign."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    number: str = prop(Is.REFERENCE, "Number marketing gave it.", indexed=True)
    name: str = prop(Is.REFERENCE, "Name.", searched=True)
    purpose: str = prop(Is.REFERENCE, "service or marketing.")
    channel: ChannelKind = prop(Is.REFERENCE, "Channel it went out on.")
    starts_on: date | None = prop(Is.REFERENCE, "First day.")
    ends_on: date | None = prop(Is.REFERENCE, "Last day.")
    coupon: str | None = prop(Is.REFERENCE, "Coupon it carried.")

    outreach: Connection["Outreach"] = edge("PART_OF_CAMPAIGN", "What it sent.", outward=False)


@node(prefix="out", plural="outreach")
class Outreach:
    """One message of a campaign to one customer."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    sent_at: datetime = prop(Is.BEHAVIOUR, "When it was sent.", indexed=True)
    channel: ChannelKind = prop(Is.BEHAVIOUR, "On which channel.")
    purpose: str = prop(
        Is.BEHAVIOUR, "service or marketing; of what a sender logged here, its purpose: marketing.email."
    )
    address: str | None = prop(Is.CONTACT, "Where it was sent.")
    delivered: bool | None = prop(Is.BEHAVIOUR, "It arrived; not known of what a sender logged here.")
    opened: bool = prop(Is.BEHAVIOUR, "It was opened, by a person or a machine.")
    clicked: bool = prop(Is.BEHAVIOUR, "A link in it was followed.")
    replied: bool = prop(Is.BEHAVIOUR, "It was answered.")
    converted: bool = prop(Is.BEHAVIOUR, "An order followed.")
    complained: bool = prop(Is.BEHAVIOUR, "The customer complained of it.")

    customer: "Customer | None" = edge("RECEIVED", "To whom.", outward=False, subject=True)
    campaign: "Campaign | None" = edge("PART_OF_CAMPAIGN", "Of which campaign.")
