"""What happened between customer and company, on every channel."""

from datetime import datetime
from typing import TYPE_CHECKING

import strawberry

from schema.enums import Direction, InteractionKind
from schema.model import Category as Is
from schema.model import Connection, edge, node, prop

if TYPE_CHECKING:
    from schema.commerce import Order, Product
    from schema.customer import Channel, Customer
    from schema.insights import RecurringIssue
    from schema.review import ReviewTask
    from schema.service import Case, Employee, Topic


@node(prefix="int", plural="interactions")
class Interaction:
    """One mail, call, chat, page view, event or mention. Without a customer it waits until its person appears."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    kind: InteractionKind = prop(Is.BEHAVIOUR, "What happened.")
    direction: Direction = prop(Is.BEHAVIOUR, "Who began.")
    occurred_at: datetime = prop(Is.BEHAVIOUR, "When it happened.", indexed=True)
    stage: str | None = prop(Is.BEHAVIOUR, "Stage of the journey it belongs to.")
    subject: str | None = prop(Is.CONTENT, "Subject line or title, as written.")
    text: str | None = prop(Is.CONTENT, "What was said, as written.")
    subject_redacted: str | None = prop(Is.REDACTED, "Subject line with identifiers taken out.")
    text_redacted: str | None = prop(Is.REDACTED, "What was said, with identifiers taken out.")
    outcome: str | None = prop(Is.BEHAVIOUR, "How it ended: solved, callback, transferred, abandoned ...")
    sentiment: float | None = prop(Is.BEHAVIOUR, "From -1 (angry) to 1 (happy).")
    satisfaction: int | None = prop(Is.BEHAVIOUR, "Answer to 'how did we do', 1 to 5.")
    language: str | None = prop(Is.PROFILE, "ISO 639-1.")
    duration_seconds: int | None = prop(Is.BEHAVIOUR, "How long it took.")
    waited_seconds: int | None = prop(Is.OPERATIONS, "How long the customer waited.")
    queue: str | None = prop(Is.OPERATIONS, "Queue or mailbox it came in by.")
    name: str | None = prop(Is.BEHAVIOUR, "Page, screen or event.")
    tags: list[str] = prop(Is.BEHAVIOUR, "Labels given by an agent or a form.")
    speakers: list[str] = prop(Is.OPERATIONS, "Of a chat, who says each line of `text`: CUSTOMER or DESK.")
    source: str = prop(Is.OPERATIONS, "System that recorded it.")

    customer: "Customer | None" = edge("HAD", "With whom.", outward=False, subject=True)
    channel: "Channel | None" = edge("VIA", "The customer's channel it came or went on.")
    about: Connection["Order | Case | Product | Topic"] = edge("ABOUT", "What it was about.")
    handled_by: "Employee | None" = edge("HANDLED_BY", "Who dealt with it.")
    reply_to: "Interaction | None" = edge("REPLIES_TO", "The message it answers.")
    review_tasks: Connection["ReviewTask"] = edge(
        "FOUND_IN", "What was found in it that a person has to look at.", outward=False
    )
    replies: Connection["Interaction"] = edge("REPLIES_TO", "Answers to it.", outward=False)
    taken_by: "Case | None" = edge(
        "TOOK", "The case that it belongs to, also where it names none: the likeliest.", outward=False
    )
    issues: Connection["RecurringIssue"] = edge("GATHERS", "Recurring issues that it is about.", outward=False)
