"""Other definitions of fields: who proposed which, and what whoever answers for the field said to it."""

from datetime import datetime

import strawberry

from schema.enums import ProposalState
from schema.model import Category as Is
from schema.model import node, prop

__all__ = ["DefinitionProposal"]


@node(prefix="dfp", plural="definitionProposals")
class DefinitionProposal:
    """Another definition of one field, proposed and decided by two people. It is there for who has the field alone."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    field: str = prop(Is.OPERATIONS, "Which field: Customer.birthDate.", indexed=True, names_field=True)
    definition: str = prop(Is.OPERATIONS, "What it is to say.")
    replaces: str = prop(Is.OPERATIONS, "What it said when that was proposed.")
    state: ProposalState = prop(Is.OPERATIONS, "Whether whoever answers for the field took it.", indexed=True)
    proposed_at: datetime = prop(Is.OPERATIONS, "When it was proposed.", indexed=True)
    proposed_by: str = prop(Is.OPERATIONS, "As what someone proposed it.")
    decided_at: datetime | None = prop(Is.OPERATIONS, "When it was decided.")
    decided_by: str | None = prop(Is.OPERATIONS, "As what someone decided it.")
    reason: str = prop(Is.OPERATIONS, "Why it is proposed, in the words of who proposed it.")
    answer: str | None = prop(Is.OPERATIONS, "Why it was accepted or refused, in the words of who decided.")
    actor: str | None = prop(Is.STAFF, "Who proposed it.")
    decider: str | None = prop(Is.STAFF, "Who decided it.")
