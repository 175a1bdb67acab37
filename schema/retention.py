"""How long records are kept: who must not be forgotten yet, and what was forgotten when."""

from datetime import date, datetime
from typing import TYPE_CHECKING

import strawberry

from schema.model import Category as Is
from schema.model import edge, node, prop

if TYPE_CHECKING:
    from schema.customer import Customer

__all__ = ["LegalHold", "RetentionRun"]


@node(prefix="hld", plural="legalHolds")
class LegalHold:
    """A customer's data is evidence in a legal case: nothing of it is forgotten while the hold lasts."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    placed_at: datetime = prop(Is.OPERATIONS, "When it was placed.", indexed=True)
    placed_by: str = prop(Is.OPERATIONS, "As what someone placed it.")
    review_on: date | None = prop(Is.OPERATIONS, "When a person is to ask whether it is still needed.")
    released_at: datetime | None = prop(Is.OPERATIONS, "When it ended.")
    released_by: str | None = prop(Is.OPERATIONS, "As what someone ended it.")
    reason: str | None = prop(Is.EVIDENCE, "The case, in the words of who placed it.")
    actor: str | None = prop(Is.STAFF, "Who placed it.")

    customer: "Customer | None" = edge("HOLDS", "Whose data is held.", subject=True)


@node(prefix="ret", plural="retentionRuns")
class RetentionRun:
    """One rule of retention, carried out once: how much went, and how much a legal hold kept."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    at: datetime = prop(Is.OPERATIONS, "When it began.", indexed=True)
    rule: str = prop(Is.OPERATIONS, "The rule, by its name in the file of rules.", indexed=True)
    type: str = prop(Is.OPERATIONS, "Of which type the records were.")
    forgot: list[str] = prop(Is.OPERATIONS, "What went: fields, or `record` for whole records.")
    before: datetime = prop(Is.OPERATIONS, "Records of before this moment were due.")
    records: int = prop(Is.OPERATIONS, "How many records it was.")
    held: int = prop(Is.OPERATIONS, "How many were due and stayed, because a legal hold protects them.")
    rules: str = prop(Is.OPERATIONS, "Hash of the file of rules.")
