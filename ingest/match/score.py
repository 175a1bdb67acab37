"""The probability that two records are one person, in memory: Splink's match weight without Splink."""

import math
from collections.abc import Sequence
from dataclasses import replace

from ingest.match.features import Features
from ingest.match.levels import COMPARISONS, ELSE
from ingest.match.weights import Frequencies, Weights, levels


def probability(weight: float) -> float:
    """Odds in bits as a probability."""
    return 1 / (1 + 2.0**-weight) if weight > -1000 else 0.0


def settled(weights: Weights, found: Sequence[float], records: int) -> Weights:
    """The weights with the prior at which as many pairs are expected to be one person's as the prior says.

    `found` are the match weights of the pairs that are compared; all others count as two persons'. Expectation
    maximisation of the prior alone: what Splink starts from is a guess of how many pairs some strict rules find.
    """
    if not found:
        return weights
    prior, all_pairs = weights.prior, records * (records - 1) / 2
    for _ in range(_SETTLES_IN):
        shift = math.log2(prior / (1 - prior)) - weights.start
        expected = sum(probability(weight + shift) for weight in found)
        prior = min(max(expected, _LEAST_EXPECTED) / all_pairs, _HALF)
    return replace(weights, prior=prior)


_SETTLES_IN = 20  # turns
_LEAST_EXPECTED, _HALF = 1e-3, 0.5


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
