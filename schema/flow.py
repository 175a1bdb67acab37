"""How customers' journeys flow from stage to stage: figures of many, of nobody by name."""

import strawberry

from schema.model import Category as Is
from schema.model import node, prop

__all__ = ["JourneyFlow"]


@node(prefix="flw", plural="journeyFlows")
class JourneyFlow:
    """How many journeys went on from one stage to another, by month, segment or channel. It is about nobody."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    month: str = prop(Is.OPERATIONS, "Month (UTC) in which the stage began, as 2026-05; `*` for all.", indexed=True)
    segment: str = prop(Is.OPERATIONS, "Country of the customers; `*` for all.", indexed=True)
    channel: str = prop(Is.OPERATIONS, "Channel by which the stage began; `*` for all.", indexed=True)
    before: str = prop(
        Is.OPERATIONS, "Stage before that one, START where there was none; `*` for whatever.", indexed=True
    )
    from_stage: str = prop(Is.OPERATIONS, "The stage, START for the beginning of a journey.", indexed=True)
    to_stage: str = prop(Is.OPERATIONS, "The stage that followed, END where none did.", indexed=True)
    journeys: int = prop(Is.OPERATIONS, "How many journeys went this way.")
    customers: int = prop(Is.OPERATIONS, "Of how many customers they are.")
    chance: float = prop(Is.OPERATIONS, "How likely this stage is to follow, from 0 to 1, learned from all journeys.")
    median_dwell_hours: float | None = prop(
        Is.OPERATIONS, "Median of the hours from the beginning of the stage to what followed, within a twentieth."
    )
    drop_off_share: float | None = prop(
        Is.OPERATIONS,
        "Share of all stays in that stage, of this month, segment or channel, that ended in dropping off.",
    )
