"""What the graph tells the company of its own work: recurring issues, figures of service, alerts, late suppliers.

All of it is found in what is there and made anew each time; none of it is about one customer.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING

import strawberry

from schema.enums import AlertState, IssueTrend, ServiceMetric
from schema.figured import IN_WORDS
from schema.model import Category as Is
from schema.model import Connection, edge, node, prop

if TYPE_CHECKING:
    from schema.commerce import Order, Product, Supplier
    from schema.interaction import Interaction
    from schema.service import Case

__all__ = ["RecurringIssue", "ServiceAlert", "ServiceFigure", "SupplierDelay"]


@node(prefix="iss", plural="recurringIssues")
class RecurringIssue:
    """What customers come back with, found in their own words and in those of the service desk."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle; it stays while most of its contacts and cases do.")
    title: str = prop(Is.OPERATIONS, "The desk's commonest title of its cases, else its most telling words.")
    titles: list[str] = prop(Is.OPERATIONS, "Titles that cases of three customers or more have, the commonest first.")
    words: list[str] = prop(Is.OPERATIONS, "Its most telling words, each said by three customers or more.")
    trend: IssueTrend = prop(Is.OPERATIONS, "Its course over whole months.", indexed=True)
    contact_count: int = prop(Is.OPERATIONS, "How many mails, calls and chats are about it.")
    case_count: int = prop(Is.OPERATIONS, "How many cases are about it.")
    customer_count: int = prop(Is.OPERATIONS, "How many known customers they are of.", indexed=True)
    months: list[str] = prop(
        Is.OPERATIONS,
        "Each month (UTC) since the first with contacts and cases: `2026-01 12`; `<5` of fewer customers.",
    )
    first_seen: datetime = prop(Is.OPERATIONS, "When the first of them came.")
    last_seen: datetime = prop(Is.OPERATIONS, "When the latest of them came.", indexed=True)

    interactions: Connection["Interaction"] = edge("GATHERS", "Mails, calls and chats that are about it.")
    cases: Connection["Case"] = edge("GATHERS", "Cases that are about it.")
    examples: Connection["Interaction"] = edge("EXEMPLIFIED_BY", "Up to three that say it most plainly.")
    products: Connection["Product"] = edge("AFFECTS", "Products that three of its contacts or more name.")


@node(prefix="sfg", plural="serviceFigures")
class ServiceFigure:
    """One figure of service, of a team, a channel and a month."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    team: str = prop(
        Is.OPERATIONS, "Who held the case last, or answered the contact; `*` for all together.", indexed=True
    )
    channel: str = prop(Is.OPERATIONS, "EMAIL, CHAT or CALL; `*` for all together.", indexed=True)
    month: str = prop(Is.OPERATIONS, "The month (UTC), as `2026-01`.", indexed=True)
    metric: ServiceMetric = prop(Is.OPERATIONS, f"Which metric. {IN_WORDS}.", indexed=True)
    value: float = prop(Is.OPERATIONS, "The figure, in the unit of its metric.")
    counted: int = prop(Is.OPERATIONS, "Of how many cases, contacts or answers it is made.")
    customer_count: int = prop(Is.OPERATIONS, "How many known customers they are of.", indexed=True)


@node(prefix="sal", plural="serviceAlerts")
class ServiceAlert:
    """A figure of service that is worse than the company asks. It is open while the last whole month says so."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    rule: str = prop(Is.OPERATIONS, "The threshold, by its name in the registry.", indexed=True)
    state: AlertState = prop(Is.OPERATIONS, "Whether it is so still.", indexed=True)
    metric: ServiceMetric = prop(Is.OPERATIONS, "Which metric.")
    team: str = prop(Is.OPERATIONS, "Which team; `*` for all together.", indexed=True)
    channel: str = prop(Is.OPERATIONS, "Which channel; `*` for all together.")
    month: str = prop(Is.OPERATIONS, "The last month that was looked at.")
    value: float = prop(Is.OPERATIONS, "The figure of that month.")
    least: float | None = prop(Is.OPERATIONS, "The least that is asked.")
    most: float | None = prop(Is.OPERATIONS, "The most that is asked.")
    raised_at: datetime = prop(Is.OPERATIONS, "When it was found first.", indexed=True)
    cleared_at: datetime | None = prop(Is.OPERATIONS, "When it was found no more, or the threshold was taken away.")


@node(prefix="sdl", plural="supplierDelays")
class SupplierDelay:
    """A period over which a supplier delivered late, and clearly more often than the others."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    since: date = prop(Is.OPERATIONS, "Promised day of its first order in the period.", indexed=True)
    until: date = prop(Is.OPERATIONS, "When the last of them was there, or today.", indexed=True)
    purchase_count: int = prop(Is.OPERATIONS, "Orders to the supplier that were promised in the period.")
    late_count: int = prop(Is.OPERATIONS, "Those that came more than three days late, or have not come.")
    mean_days_late: float = prop(Is.OPERATIONS, "Mean days past the promised one, of all of them.")
    order_count: int = prop(Is.OPERATIONS, "Orders of customers with its products that came late in the period.")
    customer_count: int = prop(Is.OPERATIONS, "How many known customers these are of.", indexed=True)

    supplier: "Supplier | None" = edge("BY_SUPPLIER", "Which supplier.")
    orders: Connection["Order"] = edge("DELAYED", "Orders of customers that came late in the period.")
