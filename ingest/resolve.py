"""Which profile records are one person, which are not, and where a person has to look.

`resolve` is pure and its answer does not depend on the order of the records. Another way of matching can take its
place: it owes the same Resolution and nothing else.

How it decides. Pairs of records that share a key are compared once (`ingest.match.blocking`). A pair that contradicts
is never joined, however much it shares: other given names (twins, a family's mailbox), other birth dates (senior and
junior), other suffixes. Rules (`ingest.match.rules`) join what is certain; for the rest the probability counts
(`ingest.match.score`). Joins happen from the surest down, and a cluster never takes in a record that contradicts it
(`ingest.match.cluster`). What a person decided stands above all of it. `docs/resolution.md` tells it in words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ingest.match.blocking import pairs
from ingest.match.cluster import Clustering
from ingest.match.exclude import Exclusions
from ingest.match.features import Features, features
from ingest.match.keys import Key, Pair, common_handles, handles, key_of, pair_of, shared_handles
from ingest.match.rules import Link, Rule, by_rule, contradict, names
from ingest.match.score import Scorer, evidence, probability
from ingest.match.weights import Weights, frequencies, shipped
from ingest.records import Profile

__all__ = ["Decisions", "Key", "Link", "Resolution", "Rule", "Unsure", "contradict", "handles", "key_of", "resolve"]

SAME_FROM = 2.0
"""Bits from which two records are one person where nothing speaks against it: four to one."""
ASK_FROM = -2.0
"""Bits from which a person is asked: one to four."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What persons decided about pairs of records. Where both are said of one pair, `different` holds."""

    same: frozenset[Pair] = frozenset()
    different: frozenset[Pair] = frozenset()


@dataclass(frozen=True, slots=True)
class Unsure:
    """Two records that may be one person: a person has to say. Evidence in words, without values."""

    one: Key
    other: Key
    probability: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Clusters of records, each in the order of keys; the links that made them; what a person has to look at.

    Every record is in exactly one cluster. `review` are the records of `unsure`. `shared` are mailboxes and numbers
    that several people use.
    """

    clusters: tuple[tuple[Key, ...], ...]
    links: tuple[Link, ...]
    review: frozenset[Key]
    shared: frozenset[str]
    unsure: tuple[Unsure, ...] = ()


def resolve(records: Iterable[Profile], weights: Weights | None = None, decided: Decisions | None = None) -> Resolution:
    """Join records of one person. Precision before recall: what cannot be told apart surely stays apart.

    `weights` are what was learned; without them those that come with the product.
    """
    profiles = {key_of(one): one for one in sorted(records, key=key_of)}
    decisions = decided or Decisions()
    shared = shared_handles(profiles)
    compared = _Compared(profiles, shared, weights or shipped())
    links = [link for pair in pairs(profiles) if (link := compared.link(pair))]
    clustering = Clustering(profiles, Exclusions(profiles, shared), decisions.different)
    clustering.trust(decisions.same)
    clustering.join(link for link in links if not link.rule.weak)
    clustering.join_weakly(link for link in links if link.rule.weak and link.weight >= SAME_FROM)
    unsure = tuple(
        compared.unsure(pair)
        for pair in sorted(clustering.asked | {(link.one, link.other) for link in links if link.rule is Rule.PROBABLE})
        if not clustering.together(*pair) and pair not in decisions.different
    )
    return Resolution(
        clusters=tuple(sorted(tuple(sorted(members)) for members in clustering.clusters())),
        links=tuple(sorted(_used(links, decisions, clustering), key=lambda link: (link.rule, link.one, link.other))),
        review=frozenset(key for one in unsure for key in (one.one, one.other)),
        shared=shared,
        unsure=unsure,
    )


def _used(links: Iterable[Link], decisions: Decisions, clustering: Clustering) -> list[Link]:
    decided = [
        Link(*pair_of(one, other), Rule.DECIDED, ("decided by a person",))
        for one, other in decisions.same
    ]  # fmt: skip
    return [
        link for link in (*decided, *links) if clustering.knows(link.one, link.other)
        and clustering.together(link.one, link.other)
    ]  # fmt: skip


class _Compared:
    """Compares the pairs of one resolution."""

    def __init__(self, profiles: Mapping[Key, Profile], shared: frozenset[str], weights: Weights) -> None:
        self._profiles = profiles
        self._shared = shared
        self._features: dict[Key, Features] = {key: features(one, shared) for key, one in profiles.items()}
        self._scorer = Scorer(weights, frequencies(self._features.values()))

    def link(self, pair: Pair) -> Link | None:
        """What makes two records one person, or may: by rule, by probability, or None."""
        one, other = (self._profiles[key] for key in pair)
        if contradict(one, other):
            return None
        weight = self._scorer.weight(*(self._features[key] for key in pair))
        if found := by_rule(one, other, self._shared):
            # What a weak rule says is certain but for rivals; the weight says which of them is the nearest.
            return replace(found, weight=max(weight, SAME_FROM))
        if weight < ASK_FROM:
            return None
        if not names(one, other).told and not common_handles(one, other) - self._shared:
            weight = min(weight, ASK_FROM)  # an initial may be anybody's in the family
        return Link(*pair, Rule.PROBABLE, evidence(*(self._features[key] for key in pair)), weight)

    def unsure(self, pair: Pair) -> Unsure:
        """The same pair as a question to a person."""
        a, b = (self._features[key] for key in pair)
        return Unsure(*pair, round(probability(self._scorer.weight(a, b)), 4), evidence(a, b))
