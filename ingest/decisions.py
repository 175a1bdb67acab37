"""What persons decided about who is who, as matching takes it: which pairs of records are one, which are two."""

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

from ingest.match.keys import Pair, pair_of
from ingest.resolve import Decisions, Key
from schema.enums import MatchVerdict


def decisions(rows: Iterable[Mapping[str, Any]]) -> Decisions:
    """The pairs that decisions amount to; rows `{verdict, records}`, the earliest first, records with their `side`.

    Who merges says of every two of the records that they are one person's; who splits says of every two on different
    sides that they are not. Of two decisions on one pair the later holds.
    """
    same: dict[Pair, bool] = {}
    for row in rows:
        merged = row["verdict"] == MatchVerdict.MERGED.name
        sides: dict[Key, int] = {(one["system"], one["key"]): one["side"] for one in row["records"]}
        for one, other in combinations(sorted(sides), 2):
            if merged or sides[one] != sides[other]:
                same[pair_of(one, other)] = merged
    return Decisions(
        same=frozenset(pair for pair, one in same.items() if one),
        different=frozenset(pair for pair, one in same.items() if not one),
    )
