"""One new record against all that are known: candidates by key, each with a verdict. No Splink, no batch.

`Known` is what a live ingest fills from the graph; `Index` is the same in memory.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ingest.match.blocking import keys
from ingest.match.features import features
from ingest.match.judge import Judge, Verdict
from ingest.match.keys import LARGEST_BLOCK, Key, handles, key_of, shared_handles
from ingest.match.score import Scorer
from ingest.match.weights import TERMS, Frequencies, Weights, frequencies
from ingest.records import Profile


class Known(Protocol):
    """What is known of the records so far."""

    def under(self, keys: Iterable[str]) -> Iterable[Profile]:
        """The records under any of these keys (`ingest.match.blocking`), but for keys that very many share."""
        ...

    def shared(self, handles: Iterable[str]) -> frozenset[str]:
        """Which of these handles several people use."""
        ...

    def frequencies(self, terms: Iterable[tuple[str, str]]) -> Frequencies:
        """How often these terms occur, by column and term."""
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known record and the verdict on it."""

    key: Key
    verdict: Verdict


def candidates(new: Profile, known: Known, weights: Weights) -> list[Candidate]:
    """The records that share a key with a new one, the likeliest first. The record itself is left out."""
    near = [one for one in known.under(tuple(keys(new))) if key_of(one) != key_of(new)]
    shared = known.shared({handle for one in (new, *near) for handle in handles(one)})
    shows = features(new, shared)
    terms = [(column, term) for column in TERMS if (term := getattr(shows, column))]
    judge = Judge(Scorer(weights, known.frequencies(terms)), shared)
    mine = judge.look(new)
    found = [Candidate(key_of(one), judge.verdict(mine, judge.look(one))) for one in near]
    return sorted(found, key=lambda one: (-one.verdict.weight, one.key))


class Index:
    """Records in memory, by their keys."""

    def __init__(self, profiles: Sequence[Profile]) -> None:
        by: dict[str, list[Profile]] = defaultdict(list)
        for one in sorted(profiles, key=key_of):
            for key in dict.fromkeys(keys(one)):
                by[key].append(one)
        self._by = dict(by)
        self._shared = shared_handles({key_of(one): one for one in profiles})
        self._frequencies = frequencies(features(one, self._shared) for one in profiles)

    def under(self, keys: Iterable[str]) -> list[Profile]:
        """The records under any of these keys, each once."""
        blocks = (self._by.get(key, ()) for key in keys)
        return list({key_of(one): one for block in blocks if len(block) <= LARGEST_BLOCK for one in block}.values())

    def shared(self, handles: Iterable[str]) -> frozenset[str]:
        """Which of these handles several people use."""
        return self._shared.intersection(handles)

    def frequencies(self, terms: Iterable[tuple[str, str]]) -> Frequencies:
        """All that were counted."""
        return self._frequencies
