"""What matching asks a person, and what persons decided about who is who."""

from datetime import datetime
from typing import TYPE_CHECKING

import strawberry

from schema.enums import MatchState, MatchVerdict
from schema.model import Category as Is
from schema.model import Connection, edge, node, prop

if TYPE_CHECKING:
    from schema.source import SourceRecord

__all__ = ["MatchCandidate", "MatchDecision"]


@node(prefix="mat", plural="matchCandidates")
class MatchCandidate:
    """Two records that may be of one person: what speaks for it, and what became of the question.

    It is there only for who may see the customers of both.
    """

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    state: MatchState = prop(Is.OPERATIONS, "Whether a person still has to say.", indexed=True)
    probability: float = prop(Is.EVIDENCE, "How likely they are of one person, from 0 to 1.", indexed=True)
    evidence: list[str] = prop(Is.EVIDENCE, "What agrees and what does not, in words and without values.")
    asked_at: datetime = prop(Is.OPERATIONS, "When it was first asked.")
    closed_at: datetime | None = prop(Is.OPERATIONS, "When it was answered.")
    closed_by: str | None = prop(Is.OPERATIONS, "By what: person, or matching that found other evidence.")

    records: Connection["SourceRecord"] = edge("COMPARES", "The two records.", subject=True, every=True)


@node(prefix="dec", plural="matchDecisions")
class MatchDecision:
    """What a person decided about who is who. Never changed: who takes one back makes one more.

    Every load keeps to it. It is there only for who may see the customers of all its records.
    """

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    at: datetime = prop(Is.OPERATIONS, "When, by the clock of the database.", indexed=True)
    verdict: MatchVerdict = prop(Is.OPERATIONS, "What was decided.", indexed=True)
    reason: str = prop(Is.EVIDENCE, "Why, in the words of who decided.")
    role: str = prop(Is.OPERATIONS, "As what someone decided.")
    actor: str = prop(Is.STAFF, "Who decided.", indexed=True)

    records: Connection["SourceRecord"] = edge("DECIDED", "The records it is about.", subject=True, every=True)
    undoes: "MatchDecision | None" = edge("UNDOES", "The decision that is void by this one.")
    undone_by: "MatchDecision | None" = edge("UNDOES", "The decision by which this one is void.", outward=False)
