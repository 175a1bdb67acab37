"""The probability that two records are one person, in memory: Splink's match weight without Splink."""

import math

from ingest.match.features import Features
from ingest.match.levels import COMPARISONS, ELSE
from ingest.match.weights import Frequencies, Weights, levels


def probability(weight: float) -> float:
    """Odds in bits as a probability."""
    return 1 / (1 + 2.0**-weight) if weight > -1000 else 0.0


class Scorer:
    """Compares two records with weights that were learned. Some microseconds a pair, no I/O."""

    def __init__(self, weights: Weights, frequencies: Frequencies) -> None:
        self._start = weights.start
        self._bits = {level: weights.bits(*level) for level in levels()}
        self._u = weights.u
        self._frequencies = frequencies

    def weight(self, a: Features, b: Features) -> float:
        """The match weight of two records, in bits."""
        total = self._start
        for name, comparison in COMPARISONS.items():
            if comparison.null.test(a, b):
                continue
            for level in comparison.levels:
                if level.test(a, b):
                    total += self._bits[name, level.name]
                    if level.term:
                        total += self._rarity(name, level.name, level.term, getattr(a, level.term))
                    break
            else:
                total += self._bits[name, ELSE]
        return total

    def _rarity(self, comparison: str, level: str, column: str, term: str) -> float:
        share = self._frequencies.share(column, term)
        return math.log2(self._u[comparison, level] / share) if share else 0.0


_SAID = {(name, level): f"{name} {level}" for name, level in [*levels(), *((one, "different") for one in COMPARISONS)]}
"""What is said of a level: one text for very many pairs."""


def evidence(a: Features, b: Features) -> tuple[str, ...]:
    """On which levels two records are, in words and without values."""
    found: list[str] = []
    for name, comparison in COMPARISONS.items():
        if comparison.null.test(a, b):
            continue
        level = next((level.name for level in comparison.levels if level.test(a, b)), "different")
        found.append(_SAID[name, level])
    return tuple(found)
