"""What source systems are told of changes made here, and what became of it."""

from datetime import datetime
from typing import TYPE_CHECKING

import strawberry

from schema.enums import DeliveryState
from schema.model import Category as Is
from schema.model import edge, node, prop

if TYPE_CHECKING:
    from schema.change import Change
    from schema.customer import Customer

__all__ = ["Delivery"]


@node(prefix="dlv", plural="deliveries")
class Delivery:
    """One change on its way to one source system. Entered in the transaction that makes the change."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle; the system receives it as the id of the event.")
    system: str = prop(Is.OPERATIONS, "The system that is told.", indexed=True)
    what: str = prop(Is.OPERATIONS, "What was changed: consent, preference, address, name, case, interaction.")
    state: DeliveryState = prop(Is.OPERATIONS, "What became of it.", indexed=True)
    reason: str | None = prop(Is.OPERATIONS, "Why it was not accepted the last time: status 503, timeout ...")
    sequence: int = prop(Is.OPERATIONS, "Its place in the order of what is told of this customer.")
    attempts: int = prop(Is.OPERATIONS, "How often it was sent.")
    created_at: datetime = prop(Is.OPERATIONS, "When the change was made.", indexed=True)
    last_attempt_at: datetime | None = prop(Is.OPERATIONS, "When it was last sent.")
    next_attempt_at: datetime | None = prop(
        Is.OPERATIONS, "When it is sent again at the earliest, while it is pending."
    )

    customer: "Customer | None" = edge("TELLS_OF", "Whose data was changed.", subject=True)
    change: "Change | None" = edge("TELLS", "The change.")
