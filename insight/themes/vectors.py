"""Weighted words as vectors: how alike two of them are, and which of many belong together."""

import math
from collections.abc import Mapping, Sequence

Vector = Mapping[str, float]


def cosine(one: Vector, other: Vector) -> float:
    """The cosine of two vectors, 0 where one has no length."""
    if len(one) > len(other):
        one, other = other, one
    common = sum(value * other.get(word, 0.0) for word, value in one.items())
    return common / (length(one) * length(other)) if common else 0.0


def length(vector: Vector) -> float:
    """The length of a vector."""
    return math.sqrt(sum(value * value for value in vector.values()))


def joined(vectors: Sequence[Vector], least: float) -> list[list[int]]:
    """Groups by average linkage: the two most alike groups are joined while they are at least so much alike.

    Average linkage does not chain: a group is joined for what it is as a whole, not for its nearest member. Places of
    vectors come back, those of a group in order, groups by their first place. Cubic at worst; meant for some hundreds.
    """
    groups: dict[int, list[int]] = {place: [place] for place in range(len(vectors))}
    alike = {
        (one, other): cosine(vectors[one], vectors[other])
        for one in range(len(vectors))
        for other in range(one + 1, len(vectors))
    }
    while alike:
        (one, other), best = max(alike.items(), key=lambda pair: (pair[1], -pair[0][0], -pair[0][1]))
        if best < least:
            break
        sizes = len(groups[one]), len(groups[other])
        for third in groups:
            if third in {one, other}:
                continue
            low, high = _pair(one, third), _pair(other, third)
            alike[low] = (alike[low] * sizes[0] + alike[high] * sizes[1]) / sum(sizes)
        groups[one] = sorted(groups[one] + groups.pop(other))
        alike = {pair: value for pair, value in alike.items() if other not in pair}
    return [groups[place] for place in sorted(groups)]


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)
