"""What the product remembers about its own disclosures: who looked at whose data, as what, for what."""

from datetime import datetime
from typing import TYPE_CHECKING

import strawberry

from schema.enums import RevealReason
from schema.model import Category as Is
from schema.model import Connection, edge, node, prop

if TYPE_CHECKING:
    from schema.customer import Customer

__all__ = ["AccessRecord"]


@node(prefix="acc", plural="accessRecords")
class AccessRecord:
    """One look at data: what one field of one question showed of these customers. The trail's copy for questions."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle: segment, place in the trail, and part.")
    at: datetime = prop(Is.OPERATIONS, "When the answer left.", indexed=True)
    role: str = prop(Is.OPERATIONS, "As what someone looked.", indexed=True)
    purpose: str = prop(Is.OPERATIONS, "For what.")
    viewer: str | None = prop(Is.STAFF, "Who looked; empty where a customer looked at herself.", indexed=True)
    root: str = prop(Is.OPERATIONS, "The root field that was asked.")
    fields: list[str] = prop(Is.OPERATIONS, "What was shown as it is: Customer.email.")
    masked: list[str] = prop(Is.OPERATIONS, "What was shown in a coarser form.")
    compared: list[str] = prop(Is.OPERATIONS, "By what rows were chosen or sorted.")
    sought_by: str | None = prop(Is.OPERATIONS, "How someone was looked for: id, or a kind of handle.")
    found: bool = prop(Is.OPERATIONS, "Whether anything was shown; false for a look that led nowhere.")
    reason: RevealReason | None = prop(Is.OPERATIONS, "Why a field was revealed that is otherwise coarser or empty.")
    request: str | None = prop(Is.OPERATIONS, "The request, as its answer's header x-request-id names it.")

    customers: Connection["Customer"] = edge("LOOKED_AT", "Whose data it was.", subject=True)
