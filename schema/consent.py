"""What customers agreed to, as events, and what follows from it now."""

from datetime import datetime
from typing import TYPE_CHECKING

import strawberry

from schema.enums import ChannelKind, ConsentState
from schema.model import Category as Is
from schema.model import edge, node, prop
from schema.purposes import LegalBasis

if TYPE_CHECKING:
    from schema.customer import Customer

__all__ = ["Consent", "LegalBasis", "Standing"]


@node(prefix="con", plural="consents")
class Consent:
    """One decision on one purpose. Never changed; a later decision is a further event."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    purpose: str = prop(Is.PREFERENCE, "What the data may be used for.", indexed=True)
    legal_basis: LegalBasis = prop(Is.PREFERENCE, "Basis of GDPR art. 6(1) the purpose rests on.")
    state: ConsentState = prop(Is.PREFERENCE, "What was decided.")
    captured_at: datetime = prop(Is.PREFERENCE, "When it was decided.")
    expires_at: datetime | None = prop(Is.PREFERENCE, "When it lapses by itself.")
    most_per_month: int | None = prop(
        Is.PREFERENCE, "How many messages a month she agrees to at the most; none where she set no limit."
    )
    notice_version: str | None = prop(Is.PREFERENCE, "Privacy notice that was shown.")
    method: str | None = prop(Is.PREFERENCE, "How it was taken: web form, call, paper ...")
    source: str = prop(Is.OPERATIONS, "System that took it.")

    customer: "Customer | None" = edge("GAVE", "Who decided.", outward=False, subject=True)


@node(prefix="std", plural="standings")
class Standing:
    """Whether a purpose is lawful for a customer now, derived from decisions and legal bases together with them."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    purpose: str = prop(Is.PREFERENCE, "The purpose.", indexed=True)
    channel: ChannelKind | None = prop(Is.PREFERENCE, "The channel, where the standing holds for one only.")
    lawful: bool = prop(Is.PREFERENCE, "Whether the purpose may be pursued.")
    basis: LegalBasis | None = prop(Is.PREFERENCE, "The basis that carries it.")
    until: datetime | None = prop(Is.PREFERENCE, "When it ends by itself.")
    most_per_month: int | None = prop(Is.PREFERENCE, "How many messages a month it allows at the most.")

    customer: "Customer | None" = edge("STANDS", "Whose standing.", outward=False, subject=True)
