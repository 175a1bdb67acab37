"""What a person still has to look at: what customers said of their own accord, found in a message."""

from datetime import datetime
from typing import TYPE_CHECKING

import strawberry

from schema.enums import ReviewKind, ReviewState
from schema.model import Category as Is
from schema.model import edge, node, prop

if TYPE_CHECKING:
    from schema.customer import Customer
    from schema.interaction import Interaction

__all__ = ["ReviewTask"]


@node(prefix="rev", plural="reviewTasks")
class ReviewTask:
    """Something that a message says and that counts until a person has read it. Without a customer it blocks nobody."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    kind: ReviewKind = prop(Is.OPERATIONS, "What was said.", indexed=True)
    state: ReviewState = prop(Is.OPERATIONS, "Whether a person still has to say, and what was said.", indexed=True)
    purposes: list[str] = prop(Is.OPERATIONS, "What may not be done meanwhile; none for a complaint or a death.")
    about_another: bool = prop(Is.OPERATIONS, "Whether it concerns someone other than who wrote or called.")
    found_at: datetime = prop(Is.OPERATIONS, "When it was found.", indexed=True)
    said_at: datetime = prop(Is.OPERATIONS, "When it was said.")
    closed_at: datetime | None = prop(Is.OPERATIONS, "When a person decided.")
    closed_by: str | None = prop(Is.OPERATIONS, "As what a person decided.")
    quote: str | None = prop(Is.CONTENT, "The sentence that says so, as written.")
    quote_redacted: str | None = prop(Is.REDACTED, "The same with identifiers taken out.")
    confidence: float = prop(Is.EVIDENCE, "How sure the finding is, from 0 to 1.")
    reason: str | None = prop(Is.EVIDENCE, "Why, in the words of who decided.")
    actor: str | None = prop(Is.STAFF, "Who decided.")

    customer: "Customer | None" = edge("ASKS_ABOUT", "Whom it concerns, where that is known.", subject=True)
    interaction: "Interaction | None" = edge("FOUND_IN", "The message that says so.")
