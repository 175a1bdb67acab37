"""Why records are one person's, or are not: the judgement of matching on pairs, in words and without values.

Only the records that are named have a part in it: mailboxes count as shared where these records say so, and names as
neither rare nor common. So the answer tells nothing of any other record.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any

from graph.vault.vault import Opener
from ingest.decisions import decisions
from ingest.kept import given_back
from ingest.match.judge import Judge
from ingest.match.keys import handles, key_of, pair_of, shared_handles
from ingest.match.rules import mistyped, names_contradict
from ingest.match.score import Scorer
from ingest.match.weights import TERMS, Frequencies, shipped
from ingest.opening import opened
from ingest.records import Profile
from ingest.resolve import Decisions
from ingest.statements import text
from resolvers.compare import Told
from resolvers.read import Reader
from schema.enums import MatchVerdict

MOST_PAIRS = 500
_UNCOUNTED = Frequencies({term: {} for term in TERMS})


async def why(database: Reader, keys: Opener, records: Sequence[Sequence[str]]) -> list[Told]:
    """How the records of one customer compare with each other, or those of two across; by the ids of records.

    Of one customer the pairs that a rule, a probability or a person joins, the surest first; of two all pairs, the
    likeliest first. Records that are not persons', or that an older version loaded, are left out.
    """
    ids = [one for several in records for one in several]
    rows = await opened(keys, await database.read(text("kept_profiles"), {"records": ids}), {"kept": "kept"})
    rows = [row for row in rows if row["kept"] is not None]
    said = decisions(await database.read(text("persons_decided_on"), {"records": ids}))
    return await asyncio.to_thread(_told, records, rows, said)


def _told(records: Sequence[Sequence[str]], rows: Sequence[Mapping[str, Any]], said: Decisions) -> list[Told]:
    known = {row["id"]: one for row in rows if isinstance(one := given_back(row["kind"], row["kept"]), Profile)}
    groups = [[one for one in several if one in known] for several in records]
    pairs = combinations(groups[0], 2) if len(groups) == 1 else product(*groups)
    shared = shared_handles({key_of(one): one for one in known.values()})
    judge = Judge(Scorer(shipped(), _UNCOUNTED), shared)
    told = [_pair(one, other, known, judge, said) for one, other in pairs if key_of(known[one]) != key_of(known[other])]
    if len(groups) == 1:
        told = [one for one in told if one["rule"] or one["decided"] == MatchVerdict.MERGED.name]
    return sorted(told, key=lambda one: (-one["probability"], one["one"], one["other"]))[:MOST_PAIRS]


def _pair(one: str, other: str, known: Mapping[str, Profile], judge: Judge, said: Decisions) -> Told:
    a, b = known[one], known[other]
    verdict = judge.verdict(judge.look(a), judge.look(b))
    pair = pair_of(key_of(a), key_of(b))
    decided = MatchVerdict.MERGED if pair in said.same else MatchVerdict.SPLIT if pair in said.different else None
    agrees = [word for word in verdict.evidence if not word.endswith(" different")]
    differs = [word for word in verdict.evidence if word.endswith(" different")]
    return {
        "__typename": "RecordComparison",
        "one": one,
        "other": other,
        "rule": verdict.rule.method if verdict.rule else None,
        "probability": round(verdict.probability, 4),
        "speaksFor": agrees,
        "speaksAgainst": [*_excludes(a, b), *differs],
        "decided": decided.name if decided else None,
    }


def _excludes(one: Profile, other: Profile) -> Iterator[str]:
    """What makes it impossible that two records are one person's, or doubtful."""
    if one.name.suffix and other.name.suffix and one.name.suffix != other.name.suffix:
        yield "suffixes exclude each other"
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date and not mistyped(one, other):
        yield "birth dates exclude each other"
    if names_contradict(one, other):
        yield "given names exclude each other"
    for kind, word in (("email ", "mailboxes"), ("phone ", "numbers")):
        mine, yours = ({handle for handle in handles(of) if handle.startswith(kind)} for of in (one, other))
        if mine and yours and not mine & yours:
            yield f"{word} of their own, none in common"
