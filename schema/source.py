"""The evidence: records as the silos hold them, and where each golden value comes from."""

from datetime import datetime
from typing import TYPE_CHECKING

import strawberry

from schema.enums import ResolutionState
from schema.model import Category as Is
from schema.model import Connection, edge, node, prop

if TYPE_CHECKING:
    from schema.customer import Customer
    from schema.matching import MatchCandidate, MatchDecision


@node(prefix="sys", plural="sourceSystems")
class SourceSystem:
    """One silo."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    name: str = prop(Is.OPERATIONS, "Name.", indexed=True)
    about: str | None = prop(Is.OPERATIONS, "What it holds.")
    loaded_at: datetime | None = prop(Is.OPERATIONS, "When it was last read.")

    records: Connection["SourceRecord"] = edge("FROM", "What it holds.", outward=False)


@node(prefix="src", plural="sourceRecords")
class SourceRecord:
    """One record of one silo, whole and unaltered."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    system: str = prop(Is.OPERATIONS, "The silo.", indexed=True)
    kind: str = prop(Is.OPERATIONS, "What it records: customer, order, call ...")
    record_id: str = prop(Is.IDENTIFIER, "Its key in the silo.", indexed=True)
    payload: str | None = prop(Is.SECRET, "The record as it came, as JSON.")
    resolution: ResolutionState = prop(Is.OPERATIONS, "What became of it.", indexed=True)
    method: str | None = prop(Is.EVIDENCE, "The rule by which it was joined to its customer.")
    evidence: list[str] = prop(Is.EVIDENCE, "What agreed with the record it was joined to, in words without values.")
    loaded_at: datetime = prop(Is.OPERATIONS, "When it came in.")

    source_system: "SourceSystem | None" = edge("FROM", "The silo it is from.")
    customer: "Customer | None" = edge("RESOLVES_TO", "Who it is about.", subject=True)
    candidates: Connection["MatchCandidate"] = edge(
        "COMPARES", "Other records that may be of the same person.", outward=False
    )
    decisions: Connection["MatchDecision"] = edge("DECIDED", "What persons decided on it.", outward=False)


@node(prefix="prv", plural="provenance")
class AttributeProvenance:
    """Where one golden value of one customer comes from, or a value that lost against it."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    attribute: str = prop(Is.OPERATIONS, "Field of Customer.")
    value: str | None = prop(Is.EVIDENCE, "The value as the source has it.")
    system: str = prop(Is.OPERATIONS, "The silo it is from.")
    record_id: str | None = prop(Is.IDENTIFIER, "The record it is from.")
    rule: str = prop(Is.OPERATIONS, "Survivorship rule that decided.")
    chosen: bool = prop(Is.OPERATIONS, "Whether it is the golden value.")
    observed_at: datetime | None = prop(Is.OPERATIONS, "When the source last changed it.")

    customer: "Customer | None" = edge("PROVEN_BY", "Whose value.", outward=False, subject=True)
