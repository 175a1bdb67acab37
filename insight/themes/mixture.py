"""Which group a bundle of texts belongs to: the one under whose words it is likeliest, or none.

A mixture of unigrams, fitted by hard expectation-maximisation from seeds (Nigam, McCallum, Thrun and Mitchell, 2000):
each bundle goes to the group that explains its words best against the words of all texts, then groups learn their words
anew from what went to them.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from insight.themes.words import Telling, Words

_SMOOTH = 0.5
_FADED = 0.02


@dataclass(frozen=True, slots=True)
class Groups:
    """For each group, how much likelier a bundle with each word is in it than among all bundles (natural logarithm)."""

    odds: Mapping[str, Mapping[str, float]]
    missing: Mapping[str, float]

    def best(self, counted: Words, known: Telling, least: float) -> tuple[str | None, float]:
        """The group that explains the words best, and by how much; None where none does by at least so much."""
        weights = known.weigh(counted)
        whole = sum(weights.values())
        if not whole:
            return None, 0.0
        scores = (
            (sum(weight * odds.get(word, self.missing[group]) for word, weight in weights.items()) / whole, group)
            for group, odds in self.odds.items()
        )
        score, group = max(scores, key=lambda one: (one[0], one[1]), default=(0.0, ""))
        return (group, score) if group and score >= least else (None, score)


def groups_of(members: Mapping[str, Sequence[Words]], usual: Counter[str], texts: int) -> Groups:
    """Learn the words of groups. `usual` counts in how many of all bundles a word stands."""
    odds: dict[str, dict[str, float]] = {}
    missing: dict[str, float] = {}
    for group, held in members.items():
        seen: Counter[str] = Counter(word for counted in held for word in counted)
        size = len(held)
        odds[group] = {
            word: math.log((count + _SMOOTH * usual[word] / texts) / (size + _SMOOTH) / (usual[word] / texts))
            for word, count in seen.items()
            if usual[word]
        }
        missing[group] = math.log(max(_SMOOTH / (size + _SMOOTH), _FADED))
    return Groups(odds, missing)


def settled(
    bundles: Sequence[Words], seeds: Mapping[str, Sequence[int]], known: Telling, least: float, rounds: int = 8
) -> tuple[list[str | None], Groups]:
    """The group of each bundle, from seeds that name bundles by their place; and the groups as they came out."""
    usual: Counter[str] = Counter(word for counted in bundles for word in counted)
    held: dict[str, list[Words]] = {group: [bundles[place] for place in places] for group, places in seeds.items()}
    found: list[str | None] = [None] * len(bundles)
    groups = groups_of(held, usual, len(bundles))
    for _ in range(rounds):
        anew = [groups.best(counted, known, least)[0] for counted in bundles]
        if anew == found:
            break
        found = anew
        held = {}
        for group, counted in zip(found, bundles, strict=True):
            if group:
                held.setdefault(group, []).append(counted)
        groups = groups_of(held, usual, len(bundles))
    return found, groups
