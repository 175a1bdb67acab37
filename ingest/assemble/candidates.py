"""Pairs of records of which a person has to say whether they are one person's."""

from ingest.company import Company
from ingest.draft import Draft, End
from ingest.resolve import Key
from schema.enums import MatchState


def candidates(company: Company, draft: Draft) -> None:
    """Enter each pair that matching leaves open, with what speaks for it in words."""
    for one in company.resolution.unsure:
        node = draft.node(
            "MatchCandidate",
            candidate_key(one.one, one.other),
            {"probability": one.probability, "evidence": one.evidence},
            {"state": MatchState.OPEN, "askedAt": company.now},
        )
        for key in (one.one, one.other):
            draft.link("COMPARES", node, End("SourceRecord", record_key(key)))


def candidate_key(one: Key, other: Key) -> str:
    """The key of the node for a pair, the smaller key first."""
    return f"{record_key(one)}|{record_key(other)}"


def record_key(key: Key) -> str:
    """The key of the SourceRecord of a profile record; of a row that came twice the first."""
    return ":".join(key)
