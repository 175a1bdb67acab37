"""From which weight on the records of a register are joined: where clusters are expected to be best, without labels.

Clusters join more pairs than their links say, so a link that is a little likelier than not may cost more than it
brings. What is expected of a pair is its probability.
"""

from collections import Counter
from collections.abc import Mapping

from ingest.match.keys import Key, Pair
from ingest.match.score import probability

THRESHOLDS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0)
"""Bits, from likelier than not to sixteen to one."""


def threshold(found: Mapping[Pair, float]) -> float:
    """The one of THRESHOLDS at which connected components have the highest expected F1; `found` are match weights."""
    return max(THRESHOLDS, key=lambda least: _f1(found, least))


def _f1(found: Mapping[Pair, float], least: float) -> float:
    parent: dict[Key, Key] = {key: key for pair in found for key in pair}

    def root(key: Key) -> Key:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for (one, other), weight in found.items():
        if weight >= least:
            parent[root(one)] = root(other)
    said = sum(size * (size - 1) / 2 for size in Counter(map(root, parent)).values())
    right = sum(probability(weight) for (one, other), weight in found.items() if root(one) == root(other))
    real = sum(map(probability, found.values()))
    return 2 * right / (said + real) if said + real else 0.0
