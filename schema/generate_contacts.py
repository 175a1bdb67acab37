"""The GraphQL types of the roots by which senders ask whether, and how, a customer may be contacted."""

from datetime import datetime
from enum import Enum
from typing import Any, Optional

import strawberry

from schema.enums import ChannelKind

MAY, BEST, AUDIENCE, GATES = "mayContact", "bestChannel", "audience", "audienceGates"


@strawberry.enum(description="Why a customer may not be contacted now.")
class ContactRefusal(Enum):
    """Reasons. Each of those that hold is told, as far as the role sees from what it follows."""

    NO_CONSENT = strawberry.enum_value("NO_CONSENT", description="She has not agreed to it.")
    WITHDRAWN = strawberry.enum_value("WITHDRAWN", description="She took the consent back, or objected.")
    WITHDRAWN_IN_MESSAGE = strawberry.enum_value(
        "WITHDRAWN_IN_MESSAGE", description="A message of hers says so; a person still has to read it."
    )
    WEEK_CAP = strawberry.enum_value("WEEK_CAP", description="She was sent as much as a week allows.")
    PHONE_CAP = strawberry.enum_value("PHONE_CAP", description="She was called as often as a month allows.")
    MONTH_LIMIT = strawberry.enum_value("MONTH_LIMIT", description="She was sent as much as she agreed to in a month.")
    DUPLICATE_SEND = strawberry.enum_value("DUPLICATE_SEND", description="The campaign has reached her already.")
    NO_ADDRESS = strawberry.enum_value("NO_ADDRESS", description="There is no address there that works.")
    QUIET_HOURS = strawberry.enum_value(
        "QUIET_HOURS", description="It is too early or too late where she lives, or nobody knows where that is."
    )
    OPEN_COMPLAINT = strawberry.enum_value("OPEN_COMPLAINT", description="A complaint of hers is open.")
    RESTRICTED = strawberry.enum_value("RESTRICTED", description="Her data is under restriction (GDPR art. 18).")
    DECEASED = strawberry.enum_value("DECEASED", description="She has died.")
    OTHER = strawberry.enum_value("OTHER", description="Something that your role is not shown.")


@strawberry.type
class ContactReason:
    """One reason against contacting a customer."""

    reason: ContactRefusal = strawberry.field(description="Which.")
    words: str = strawberry.field(description="In words.")


@strawberry.type
class ContactVerdict:
    """Whether a customer may be contacted on a channel now, and every reason against it."""

    allowed: bool = strawberry.field(description="Whether nothing speaks against it.")
    channel: ChannelKind = strawberry.field(description="The channel that was asked about.")
    reasons: list[ContactReason] = strawberry.field(description="All that speaks against it; none where it is allowed.")
    words: str = strawberry.field(description="The verdict in a sentence.")
    again: datetime | None = strawberry.field(
        description="When it may be asked again, if nothing happens meanwhile; empty where that is no matter of time."
    )


@strawberry.type
class ChannelRate:
    """How likely a customer answers on a channel. Clicks and replies are answers; that something was opened is none."""

    channel: ChannelKind = strawberry.field(description="The channel.")
    rate: float = strawberry.field(description="From 0 to 1.")
    deviation: float = strawberry.field(description="How sure that is: the standard deviation of what is known of it.")
    tried: int = strawberry.field(description="Messages to her from which it was learned.")
    answered: int = strawberry.field(description="How many of them she answered.")


@strawberry.type
class ChannelAdvice:
    """On which channel a customer is best reached now, and why on no other."""

    channel: ChannelKind | None = strawberry.field(description="The channel; empty where none may be used.")
    rate: ChannelRate | None = strawberry.field(description="How likely she answers there.")
    confidence: float = strawberry.field(description="How likely it is better than the next best, from 0 to 1.")
    words: str = strawberry.field(description="Why, in words.")
    rejected: list[ContactVerdict] = strawberry.field(description="Channels that may not be used, with the reasons.")
    others: list[ChannelRate] = strawberry.field(description="Those that may be used as well and are likely worse.")


@strawberry.enum(description="At what customers are lost to an audience, in the order in which they are.")
class AudienceGate(Enum):
    """Gates."""

    CONSENT = strawberry.enum_value("CONSENT", description="The purpose, or what the channel needs, is not lawful.")
    STATUS = strawberry.enum_value("STATUS", description="Restricted, or deceased.")
    COMPLAINT = strawberry.enum_value("COMPLAINT", description="A complaint is open.")
    ADDRESS = strawberry.enum_value("ADDRESS", description="There is no address there that works.")
    CAP = strawberry.enum_value("CAP", description="Sent as much already as the rules, or the customer, allow.")
    CAMPAIGN = strawberry.enum_value("CAMPAIGN", description="The campaign has reached the customer already.")
    OTHER = strawberry.enum_value("OTHER", description="What your role is not shown, and gates that hold back few.")


@strawberry.type
class AudienceLoss:
    """How many customers are lost at a gate: of those who passed all the gates before it."""

    gate: AudienceGate = strawberry.field(description="The gate.")
    lost: int = strawberry.field(description="How many.")


@strawberry.type
class AudienceCount:
    """How large an audience is, and where the others of the segment are lost."""

    segment: int = strawberry.field(description="Customers whom you see and who are as the filter says.")
    members: int = strawberry.field(description="Those of them who may be written to, but for quiet hours.")
    losses: list[AudienceLoss] = strawberry.field(description="Where the others are lost.")


COUNTED: Any = Optional[AudienceCount]  # noqa: UP045  as the other roots
VERDICT: Any = Optional[ContactVerdict]  # noqa: UP045  as the other roots
ADVICE: Any = Optional[ChannelAdvice]  # noqa: UP045  as the other roots
_NAMED: dict[str, Any] = {"customer": strawberry.ID, "purpose": str}
_OPTIONAL: Any = Optional[strawberry.ID]  # noqa: UP045  `|` knows no NewType
_SENT: dict[str, Any] = {"purpose": str, "channel": ChannelKind, "campaign": _OPTIONAL}
CONTACTING = (MAY, BEST, AUDIENCE, GATES)
ARGUMENTS: dict[str, dict[str, Any]] = {
    MAY: {**_NAMED, "channel": ChannelKind, "campaign": _OPTIONAL},
    BEST: {**_NAMED, "campaign": _OPTIONAL},
    AUDIENCE: _SENT,
    GATES: _SENT,
}
