"""Who helps customers, and with what."""

from datetime import date, datetime
from typing import TYPE_CHECKING

import strawberry

from schema.model import Category as Is
from schema.model import Connection, edge, node, prop

if TYPE_CHECKING:
    from schema.commerce import Order
    from schema.customer import Customer
    from schema.insights import RecurringIssue
    from schema.interaction import Interaction
    from schema.promise import Promise


@node(prefix="cas", plural="cases")
class Case:
    """One ticket of the service desk."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    number: str = prop(Is.OPERATIONS, "Number the desk gave it.", indexed=True, searched=True)
    opened_at: datetime = prop(Is.BEHAVIOUR, "When it was opened.", indexed=True)
    first_response_at: datetime | None = prop(Is.OPERATIONS, "When the customer first had an answer.")
    closed_at: datetime | None = prop(Is.OPERATIONS, "When it was closed.")
    status: str = prop(Is.BEHAVIOUR, "open, pending, closed ...")
    channel: str | None = prop(Is.BEHAVIOUR, "How it came in.")
    subject: str | None = prop(Is.CONTENT, "What it is about, as typed.", searched=True)
    subject_redacted: str | None = prop(Is.REDACTED, "The same with identifiers taken out.", searched=True)
    resolution: str | None = prop(Is.OPERATIONS, "How it ended.")
    satisfaction: int | None = prop(Is.BEHAVIOUR, "Answer to 'how did we do', 1 to 5.")
    handovers: int = prop(Is.OPERATIONS, "How often it changed teams.")
    queue_history: list[str] = prop(Is.OPERATIONS, "Steps, each `time team`.")
    reporter: str | None = prop(Is.CONTACT, "Address, phone or number the reporter gave.")

    customer: "Customer | None" = edge("OPENED", "Whose case it is.", outward=False, subject=True)
    order: "Order | None" = edge("CONCERNS", "The order it is about.")
    team: "Team | None" = edge("LIES_WITH", "The team that has it.")
    agent: "Employee | None" = edge("WORKED_BY", "Who works on it.")
    interactions: Connection["Interaction"] = edge("ABOUT", "Mails, calls and chats about it.", outward=False)
    promises: Connection["Promise"] = edge("PROMISED_IN", "What was promised in it.", outward=False)
    contacts: Connection["Interaction"] = edge(
        "TOOK", "Mails, calls and chats that it took, also those that name no case: each with its likeliest case."
    )
    issues: Connection["RecurringIssue"] = edge("GATHERS", "Recurring issues that it is about.", outward=False)


@node(prefix="emp", plural="employees")
class Employee:
    """Someone who works for the company."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    number: str = prop(Is.OPERATIONS, "Sign-in name; tokens carry it as subject.", indexed=True)
    name: str | None = prop(Is.STAFF, "Full name.", searched=True)
    email: str | None = prop(Is.STAFF, "Mailbox.")
    regions: list[str] = prop(Is.OPERATIONS, "Countries the employee serves; `*` for all.")
    languages: list[str] = prop(Is.OPERATIONS, "ISO 639-1.")
    since: date | None = prop(Is.STAFF, "First day.")
    until: date | None = prop(Is.STAFF, "Last day.")

    team: "Team | None" = edge("WORKS_IN", "The team.")
    interactions: Connection["Interaction"] = edge("HANDLED_BY", "What the employee dealt with.", outward=False)
    cases: Connection["Case"] = edge("WORKED_BY", "Cases the employee works on.", outward=False)
    promises: Connection["Promise"] = edge("PROMISED_BY", "What the employee promised customers.", outward=False)


@node(prefix="tea", plural="teams")
class Team:
    """A team of the service organisation."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    name: str = prop(Is.OPERATIONS, "Name.", indexed=True)

    members: Connection["Employee"] = edge("WORKS_IN", "Who works in it.", outward=False)
    serves: Connection["Customer"] = edge("SERVES", "Customers it looks after.")
    cases: Connection["Case"] = edge("LIES_WITH", "Cases it has.", outward=False)


@node(prefix="top", plural="topics")
class Topic:
    """What people write and call about."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    name: str = prop(Is.OPERATIONS, "Name.", indexed=True)

    interactions: Connection["Interaction"] = edge("ABOUT", "What was about it.", outward=False)
