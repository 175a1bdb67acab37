"""The golden record in the middle, and by what a customer is known and reached."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import strawberry

from schema import enums
from schema.enums import ChannelKind, CustomerKind, CustomerStatus, IdentityKind
from schema.model import Category as Is
from schema.model import Connection, edge, node, prop

if TYPE_CHECKING:
    from schema.access import AccessRecord
    from schema.campaign import Outreach
    from schema.change import Change
    from schema.commerce import Order
    from schema.consent import Consent, Standing
    from schema.correction import Correction
    from schema.delivery import Delivery
    from schema.interaction import Interaction
    from schema.promise import Promise
    from schema.request import PrivacyRequest
    from schema.retention import LegalHold
    from schema.review import ReviewTask
    from schema.service import Case, Team
    from schema.signal import Signal
    from schema.source import AttributeProvenance, SourceRecord

__all__ = ["Address", "Channel", "Customer", "Household", "Identity", "enums"]


@node(prefix="cus", plural="customers")
class Customer:
    """One person or organisation, as the golden record knows them."""

    id: strawberry.ID = prop(Is.KEY, "Stays the same for ever; a new run of matching never renames a customer.")
    kind: CustomerKind = prop(Is.OPERATIONS, "Person or organisation.")
    status: CustomerStatus = prop(Is.OPERATIONS, "Whether the record may be worked with.")
    name: str | None = prop(Is.IDENTITY, "Full name.", indexed=True, searched=True)
    given_name: str | None = prop(Is.IDENTITY, "Given names.")
    family_name: str | None = prop(Is.IDENTITY, "Family name.")
    birth_date: date | None = prop(Is.IDENTITY, "Date of birth; only the year where a mask says so.")
    email: str | None = prop(Is.CONTACT, "Best e-mail address, in lower case.", indexed=True, searched=True)
    phone: str | None = prop(Is.CONTACT, "Best phone number, E.164.", indexed=True, searched=True)
    vat_number: str | None = prop(Is.IDENTIFIER, "VAT number of an organisation.")
    national_id: str | None = prop(
        Is.SECRET, "Number by which a state knows the person: tax or social security.", blind_index=True, beside="last4"
    )
    region: str | None = prop(Is.PROFILE, "Service region: the ISO 3166 country of the customer.", indexed=True)
    segment: str | None = prop(Is.PROFILE, "consumer or business.")
    language: str | None = prop(Is.PROFILE, "Language of the last conversation, ISO 639-1.")
    customer_since: date | None = prop(Is.PROFILE, "Day of the first record in any system.")
    preferred_channel: ChannelKind | None = prop(Is.PREFERENCE, "The channel the customer answers on.")
    discovery: str | None = prop(Is.BEHAVIOUR, "How the customer first found the company.")
    order_count: int = prop(Is.BEHAVIOUR, "Number of orders.")
    last_interaction_at: datetime | None = prop(Is.BEHAVIOUR, "When the customer was last in touch.", indexed=True)
    lifetime_value: Decimal | None = prop(Is.FINANCIAL, "Sum of orders that were kept, in `currency`.", indexed=True)
    balance: Decimal | None = prop(Is.FINANCIAL, "Open balance in billing, in `currency`.")
    currency: str | None = prop(Is.FINANCIAL, "Currency of the customer's orders, ISO 4217.")
    created_at: datetime = prop(Is.OPERATIONS, "When the golden record was first made.")
    updated_at: datetime = prop(Is.OPERATIONS, "When the golden record last changed.")

    address: "Address | None" = edge("LIVES_AT", "Where the customer lives or resides.")
    identities: Connection["Identity"] = edge("HAS_IDENTITY", "Handles by which systems know the customer.")
    channels: Connection["Channel"] = edge("REACHABLE_ON", "Ways to reach the customer.")
    interactions: Connection["Interaction"] = edge("HAD", "Everything that happened between customer and company.")
    consents: Connection["Consent"] = edge("GAVE", "Decisions on purposes, append-only.")
    standings: Connection["Standing"] = edge("STANDS", "What those decisions amount to now.")
    orders: Connection["Order"] = edge("PLACED", "Orders.")
    cases: Connection["Case"] = edge("OPENED", "Cases at the service desk.")
    promises: Connection["Promise"] = edge("WAS_PROMISED", "What the company said it would do for the customer.")
    outreach: Connection["Outreach"] = edge("RECEIVED", "What campaigns sent to the customer.")
    source_records: Connection["SourceRecord"] = edge(
        "RESOLVES_TO", "Records of the silos that were found to be this customer.", outward=False
    )
    provenance: Connection["AttributeProvenance"] = edge("PROVEN_BY", "Where each golden value comes from.")
    corrections: Connection["Correction"] = edge("CORRECTED", "What was set right here, against what sources say.")
    household: "Household | None" = edge("MEMBER_OF", "People at one address who belong together.")
    employer: "Customer | None" = edge("WORKS_FOR", "The organisation for which this person speaks.")
    contacts: Connection["Customer"] = edge("WORKS_FOR", "People who speak for this organisation.", outward=False)
    part_of: "Customer | None" = edge("PART_OF", "The organisation above this one.")
    parts: Connection["Customer"] = edge("PART_OF", "Organisations below this one.", outward=False)
    access_records: Connection["AccessRecord"] = edge(
        "LOOKED_AT", "Who looked at this customer's data, for what, and what was shown.", outward=False
    )
    changes: Connection["Change"] = edge("CHANGED", "What was changed through the API.", outward=False)
    deliveries: Connection["Delivery"] = edge(
        "TELLS_OF", "What source systems are told of changes made here.", outward=False
    )
    review_tasks: Connection["ReviewTask"] = edge(
        "ASKS_ABOUT", "What was found in messages and concerns this customer.", outward=False
    )
    legal_holds: Connection["LegalHold"] = edge(
        "HOLDS", "Legal cases for which this customer's data has to stay.", outward=False
    )
    privacy_requests: Connection["PrivacyRequest"] = edge(
        "REQUESTED_BY", "What this customer asked about her data.", outward=False
    )
    signals: Connection["Signal"] = edge(
        "SHOWS", "What is worked out about the customer: value, churn, cross-sell, discovery."
    )
    served_by: Connection["Team"] = edge("SERVES", "Teams that look after the customer.", outward=False)


@node(prefix="idn", plural="identities")
class Identity:
    """A handle by which a system knows someone. It may be shared: a household has one phone."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    kind: IdentityKind = prop(Is.OPERATIONS, "What kind of handle it is.")
    value: str | None = prop(Is.CONTACT, "As written in the source.")
    normalized: str | None = prop(Is.CONTACT, "In the one spelling that is compared.", indexed=True)
    blocked: bool = prop(Is.OPERATIONS, "A placeholder or office-wide handle that must not join records.")
    created_at: datetime = prop(Is.OPERATIONS, "When it first came in.")

    customers: Connection["Customer"] = edge("HAS_IDENTITY", "Who uses it.", outward=False, subject=True)


@node(prefix="chn", plural="channels")
class Channel:
    """One way on which one customer can be reached, and how the customer likes it."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    kind: ChannelKind = prop(Is.PREFERENCE, "Which channel.")
    address: str | None = prop(Is.CONTACT, "Mailbox, number, handle or place behind it.")
    preferred: bool = prop(Is.PREFERENCE, "Whether the customer prefers it.")
    source: str | None = prop(Is.OPERATIONS, "System that knows of it.")
    since: datetime | None = prop(Is.OPERATIONS, "Since when it is known.")

    customer: "Customer | None" = edge("REACHABLE_ON", "Whom it reaches.", outward=False, subject=True)
    interactions: Connection["Interaction"] = edge("VIA", "What came or went on it.", outward=False)


@node(prefix="adr", plural="addresses")
class Address:
    """A postal address."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    line1: str | None = prop(Is.CONTACT, "Street and number.")
    line2: str | None = prop(Is.CONTACT, "Apartment, floor, care of.")
    postal_code: str | None = prop(Is.CONTACT, "Postal code.", indexed=True)
    city: str | None = prop(Is.CONTACT, "Town.")
    state: str | None = prop(Is.PROFILE, "State or province where the country has them.")
    country: str | None = prop(Is.PROFILE, "ISO 3166-1 alpha-2.")

    residents: Connection["Customer"] = edge("LIVES_AT", "Who lives there.", outward=False, subject=True)


@node(prefix="hsh", plural="households")
class Household:
    """People with one family name at one address; recognised, never merged."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    size: int = prop(Is.PROFILE, "Number of members known.")
    created_at: datetime = prop(Is.OPERATIONS, "When it was recognised.")

    members: Connection["Customer"] = edge("MEMBER_OF", "Its members.", outward=False, subject=True)
