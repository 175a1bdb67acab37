"""What was changed through the API: by whom, as what, for what, and which fields."""

from datetime import datetime
from typing import TYPE_CHECKING

import strawberry

from schema.model import Category as Is
from schema.model import Connection, edge, node, prop

if TYPE_CHECKING:
    from schema.customer import Customer
    from schema.delivery import Delivery

__all__ = ["Change"]


@node(prefix="chg", plural="changes", log="at")
class Change:
    """One change that someone made through the API. Written in the transaction that makes it, and never changed."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    at: datetime = prop(
        Is.OPERATIONS,
        "When it was made, by the clock of the database: later than every change before it.",
        indexed=True,
    )
    name: str = prop(Is.OPERATIONS, "The mutation.", indexed=True)
    record: str | None = prop(Is.KEY, "Id of what was made or changed.")
    fields: list[str] = prop(Is.OPERATIONS, "What was written: Customer.preferredChannel.")
    role: str = prop(Is.OPERATIONS, "As what someone made it.")
    purpose: str = prop(Is.OPERATIONS, "For what.")
    viewer: str | None = prop(Is.STAFF, "Who made it; empty where a customer changed her own record.", indexed=True)
    source: str = prop(Is.OPERATIONS, "How it came in.")
    request: str | None = prop(Is.OPERATIONS, "The request, as its answer's header x-request-id names it.")

    customers: Connection["Customer"] = edge("CHANGED", "Whose data it was.", subject=True)
    deliveries: Connection["Delivery"] = edge("TELLS", "Which source systems are told of it.", outward=False)
