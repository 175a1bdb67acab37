"""What data subjects asked for, by which day it is due, and what came of it."""

from datetime import datetime
from typing import TYPE_CHECKING

import strawberry

from schema.enums import ExtensionGround, IdentityProof, PrivacyRequestKind, PrivacyRequestState, RefusalGround
from schema.model import Category as Is
from schema.model import edge, node, prop

if TYPE_CHECKING:
    from schema.customer import Customer

__all__ = ["PrivacyRequest"]


@node(prefix="req", plural="privacyRequests")
class PrivacyRequest:
    """One request of a person about her data. It goes on without her, as evidence that it was answered."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    kind: PrivacyRequestKind = prop(Is.OPERATIONS, "What she asks for.", indexed=True)
    state: PrivacyRequestState = prop(Is.OPERATIONS, "How far it is.", indexed=True)
    purposes: list[str] = prop(Is.OPERATIONS, "For what her data is not to be used; none where she asks for the data.")
    received_at: datetime = prop(Is.OPERATIONS, "When it came in; the time runs from here.", indexed=True)
    due_at: datetime = prop(Is.OPERATIONS, "By when it has to be answered; later by one extension alone.", indexed=True)
    made_by: str = prop(Is.OPERATIONS, "As what someone entered it.")
    identity_proof: IdentityProof | None = prop(Is.OPERATIONS, "How it was made sure who asks.")
    identity_proven_at: datetime | None = prop(Is.OPERATIONS, "When that was made sure.")
    identity_proven_by: str | None = prop(Is.OPERATIONS, "As what someone made sure of it.")
    begun_at: datetime | None = prop(Is.OPERATIONS, "When work on it began.")
    extended_at: datetime | None = prop(Is.OPERATIONS, "When its time was extended.")
    extension_ground: ExtensionGround | None = prop(Is.OPERATIONS, "Why it takes longer.")
    told_at: datetime | None = prop(Is.OPERATIONS, "When she was told of the extension.")
    closed_at: datetime | None = prop(Is.OPERATIONS, "When it was fulfilled, refused or taken back.", indexed=True)
    closed_by: str | None = prop(Is.OPERATIONS, "As what someone closed it.")
    refusal_ground: RefusalGround | None = prop(Is.OPERATIONS, "Why it was refused.")
    refusal_law: str | None = prop(Is.OPERATIONS, "The law by which it was refused.")
    granted: list[str] = prop(Is.OPERATIONS, "For which of the purposes it was fulfilled.")
    fulfilled_by: str | None = prop(
        Is.OPERATIONS, "What fulfilled it: a change, a record, an erasure receipt, or the hash of an export's manifest."
    )
    lifted_at: datetime | None = prop(Is.OPERATIONS, "When a restriction ended.")
    warned_at: datetime | None = prop(Is.OPERATIONS, "When she was told that it would (GDPR art. 18(3)).")
    note: str | None = prop(Is.CONTENT, "What she asks, in her own words.")
    answer: str | None = prop(Is.CONTENT, "Why it takes longer, was refused or was lifted, as she was told.")
    actor: str | None = prop(Is.STAFF, "Who did the last step.")

    customer: "Customer | None" = edge("REQUESTED_BY", "Who asks; nobody any more once she is erased.", subject=True)
