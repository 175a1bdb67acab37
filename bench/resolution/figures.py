"""Pairwise precision, recall and F1 of clusters."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.match.keys import Key


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares between 0 and 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def figures(clusters: Iterable[Sequence[Key]], person: Mapping[Key, str]) -> Figures:
    """Compare clusters with whose each record is."""
    said = hits = 0
    for members in clusters:
        said += _pairs(len(members))
        hits += sum(map(_pairs, Counter(person[key] for key in members).values()))
    real = sum(map(_pairs, Counter(person.values()).values()))
    return Figures(hits / said if said else 1.0, hits / real if real else 1.0)


def _pairs(number: int) -> int:
    return number * (number - 1) // 2
