"""What the loader needs of the database before its first row: its key is unique for each label."""

from ingest.statements import OWN_LABELS, constraint_statement, index_statement
from schema.catalogue import complete_model

WAITS_FOR = ("waitsForUser", "waitsForDevice", "waitsForRecord")
"""Hidden properties of a SourceRecord: what an event of nobody waits for."""
ATTACHED = "attachedBy"
"""Hidden property of an Interaction: the decision by which a person gave it to a customer."""


def statements() -> tuple[str, ...]:
    """Constraints, to be made one by one in transactions of their own; each may be made again."""
    model = complete_model()
    unique = tuple(constraint_statement(model, label) for label in (*sorted(model), *sorted(OWN_LABELS)))
    waiting = (index_statement(model, "SourceRecord", name) for name in WAITS_FOR)
    suppressed = index_statement(model, "Suppression", "hash")
    return (*unique, *waiting, index_statement(model, "Interaction", ATTACHED), suppressed)
