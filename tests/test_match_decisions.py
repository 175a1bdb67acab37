"""What persons decided, as matching takes it."""

from ingest.decisions import decisions
from ingest.match.keys import Key
from ingest.resolve import Decisions

A, B, C = ("billing", "1"), ("billing", "2"), ("crm", "1")


def row(verdict: str, *records: tuple[Key, int]) -> dict[str, object]:
    """A decision as the graph tells it."""
    return {"verdict": verdict, "records": [{"system": s, "key": key, "side": side} for (s, key), side in records]}


def test_decisions_become_pairs() -> None:
    """All of those who are one; those on other sides; the later over the earlier."""
    assert decisions([row("MERGED", (A, 0), (B, 0), (C, 1))]).same == {(A, B), (A, C), (B, C)}
    assert decisions([row("SPLIT", (A, 0), (B, 0), (C, 1))]) == Decisions(different=frozenset({(A, C), (B, C)}))
    both = [row("MERGED", (A, 0), (C, 0)), row("SPLIT", (A, 0), (C, 1))]
    assert decisions(both) == Decisions(different=frozenset({(A, C)}))
    assert decisions(both[::-1]) == Decisions(same=frozenset({(A, C)}))
    assert decisions([]) == Decisions()
