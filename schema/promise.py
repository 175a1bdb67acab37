"""What a customer was promised, by when, and what became of it."""

from datetime import datetime
from typing import TYPE_CHECKING

import strawberry

from schema.enums import PromiseState
from schema.model import Category as Is
from schema.model import edge, node, prop

if TYPE_CHECKING:
    from schema.commerce import Order
    from schema.customer import Customer
    from schema.service import Case, Employee

__all__ = ["Promise"]


@node(prefix="prm", plural="promises")
class Promise:
    """Something that the company said it would do for a customer. It is overdue while it is OPEN after `dueAt`."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    what: str | None = prop(Is.CONTENT, "What was promised, as typed.")
    what_redacted: str | None = prop(Is.REDACTED, "The same with identifiers taken out.")
    state: PromiseState = prop(Is.OPERATIONS, "Whether it is still to be kept, and what became of it.", indexed=True)
    made_at: datetime = prop(Is.OPERATIONS, "When it was promised.", indexed=True)
    due_at: datetime = prop(Is.OPERATIONS, "By when it is to be kept.", indexed=True)
    closed_at: datetime | None = prop(Is.OPERATIONS, "When it was kept, broken or withdrawn.", indexed=True)
    outcome: str | None = prop(Is.CONTENT, "How it was kept, or why not, as typed.")

    customer: "Customer | None" = edge("WAS_PROMISED", "Who was promised it.", outward=False, subject=True)
    case: "Case | None" = edge("PROMISED_IN", "The case in which it was promised.")
    order: "Order | None" = edge("PROMISED_FOR", "The order it is about.")
    made_by: "Employee | None" = edge("PROMISED_BY", "Who promised it.")
