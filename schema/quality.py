"""How good the data is that sources deliver: measures of each load, and what fell below what the company asks."""

from datetime import datetime

import strawberry

from schema.enums import QualityDimension, QualityState
from schema.model import Category as Is
from schema.model import node, prop

__all__ = ["QualityIssue", "QualityMeasure"]


@node(prefix="qlt", plural="qualityMeasures")
class QualityMeasure:
    """One dimension of quality of one attribute in one source system, as one load found it. It is about no customer."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    at: datetime = prop(Is.OPERATIONS, "When the load began.", indexed=True)
    system: str = prop(Is.OPERATIONS, "Which source system.", indexed=True)
    attribute: str = prop(Is.OPERATIONS, "Which attribute; `record` for whole records, `row` for rows.", indexed=True)
    dimension: QualityDimension = prop(Is.OPERATIONS, "Which dimension.", indexed=True)
    value: float = prop(Is.OPERATIONS, "The share that is good, from 0 to 1.")
    counted: int = prop(Is.OPERATIONS, "Of how many: records, values, rows or customers, as the dimension says.")
    latest: bool | None = prop(Is.OPERATIONS, "Whether no later load measured the same; empty until a load says so.")


@node(prefix="qis", plural="qualityIssues")
class QualityIssue:
    """What a load found below a threshold of the company. It is open until a load finds it above."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    rule: str = prop(Is.OPERATIONS, "The threshold, by its name in the registry.", indexed=True)
    state: QualityState = prop(Is.OPERATIONS, "Whether it is so still.", indexed=True)
    system: str = prop(Is.OPERATIONS, "Which source system.")
    attribute: str = prop(Is.OPERATIONS, "Which attribute.")
    dimension: QualityDimension = prop(Is.OPERATIONS, "Which dimension.")
    least: float = prop(Is.OPERATIONS, "What is asked, from 0 to 1.")
    value: float = prop(Is.OPERATIONS, "What the last load found.")
    raised_at: datetime = prop(Is.OPERATIONS, "When a load found it first.", indexed=True)
    cleared_at: datetime | None = prop(Is.OPERATIONS, "When a load found it above, or the threshold was taken away.")
