"""What was set right here: a claim of our own, beside those that sources hold."""

from datetime import datetime
from typing import TYPE_CHECKING

import strawberry

from schema.model import Category as Is
from schema.model import edge, node, prop

if TYPE_CHECKING:
    from schema.customer import Customer

__all__ = ["Correction"]


@node(prefix="cor", plural="corrections")
class Correction:
    """One value of one customer that a person set right (GDPR art. 16) or asked for. It is never changed.

    A later one is one more. It counts against all that sources said before it, until one of them says something new.
    """

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    attribute: str = prop(Is.OPERATIONS, "Field of Customer.", indexed=True)
    value: str = prop(Is.EVIDENCE, "The value; an address on one line.")
    reason: str | None = prop(Is.EVIDENCE, "Why, in the words of who set it right.")
    at: datetime = prop(Is.OPERATIONS, "When.", indexed=True)
    role: str = prop(Is.OPERATIONS, "As what someone set it right.")
    viewer: str | None = prop(Is.STAFF, "Who set it right; empty where the customer did so herself.")

    customer: "Customer | None" = edge("CORRECTED", "Whose value.", outward=False, subject=True)
