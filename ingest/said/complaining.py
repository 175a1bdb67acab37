"""Complaints: a word of complaining beside one of form or intent, or an authority to which someone turns."""

from collections.abc import Sequence

from ingest.said.finding import LIKELY, SURE, Finding, Kind
from ingest.said.passages import Sentence
from ingest.said.stopping import denied, is_conditional


def complaint(one: Sentence, near: Sequence[Sentence]) -> Finding | None:
    """A complaint that the company has to answer as one, by one sentence."""
    whole = one.whole
    if is_conditional(one) or whole.has("thanks"):
        return None
    for clause in one.clauses:
        if clause.has("authority") and not denied(clause, "authority", reach=6):
            return Finding(Kind.COMPLAINT, (), one.text, SURE)
        if (
            clause.has("complain")
            and not denied(clause, "complain", reach=5)
            and (clause.has("formal", "law") or len(clause.words) <= 2)
        ):
            return Finding(Kind.COMPLAINT, (), one.text, LIKELY)
    return None
