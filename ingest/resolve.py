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
from dataclasses import dataclass

from ingest.match.blocking import pairs
from ingest.match.cluster import Clustering
from ingest.match.exclude import Exclusions
from ingest.match.expected import threshold
from ingest.match.features import Features, features
from ingest.match.judge import SAME_FROM, Compared, Judge, Verdict
from ingest.match.keys import Key, Pair, handles, key_of, pair_of, shared_handles
from ingest.match.rules import Link, Rule, contradict
from ingest.match.score import Scorer, settled
from ingest.match.weights import Weights, frequencies, shipped
from ingest.records import Profile

__all__ = ["Decisions", "Key", "Link", "Resolution", "Rule", "Unsure", "contradict", "handles", "key_of", "resolve"]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What persons decided about pairs of records. Where both are said of one pair, `different` holds."""

    same: frozenset[Pair] = frozenset()
    different: frozenset[Pair] = frozenset()

    def ordered(self) -> "Decisions":
        """The same with the smaller key first in every pair."""
        return Decisions(*(frozenset(pair_of(*pair) for pair in pairs) for pairs in (self.same, self.different)))


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


def resolve(
    records: Iterable[Profile],
    weights: Weights | None = None,
    decided: Decisions | None = None,
    *,
    families: bool = True,
) -> Resolution:
    """Join records of one person. Precision before recall: what cannot be told apart surely stays apart.

    `weights` are what was learned; without them those that come with the product. `families` says whether relatives
    are to be expected, as among customers; in a register of single persons the probability alone decides.
    """
    profiles = {key_of(one): one for one in sorted(records, key=key_of)}
    decisions = (decided or Decisions()).ordered()
    shared = shared_handles(profiles)
    seen = {key: features(one, shared) for key, one in profiles.items()}
    said, often, least = weights or shipped(), frequencies(seen.values()), SAME_FROM
    if not families:
        # Among relatives the probability counts too much as one person's; in a register it tells how many there are.
        found = _weighed(profiles, seen, Scorer(said, often))
        said = settled(said, list(found.values()), len(profiles))
        least = threshold(_weighed(profiles, seen, Scorer(said, often)))
    judge = Judge(Scorer(said, often), shared, families=families)
    compared = {key: Compared(one, seen[key]) for key, one in profiles.items()}
    links = [link for one, other in pairs(profiles) if (link := judge.link(compared[one], compared[other]))]
    clustering = Clustering(profiles, Exclusions(profiles, shared, families=families), decisions.different)
    clustering.trust(decisions.same)
    clustering.join(link for link in links if not link.rule.weak)
    clustering.join_weakly(link for link in links if link.rule.weak and link.weight >= least)
    open_ = clustering.asked | {(link.one, link.other) for link in links if link.rule is Rule.PROBABLE}
    unsure = tuple(
        _unsure(pair, judge.verdict(*(compared[key] for key in pair)))
        for pair in sorted(open_)
        if not clustering.together(*pair) and pair not in decisions.different
    )
    return Resolution(
        clusters=tuple(sorted(tuple(sorted(members)) for members in clustering.clusters())),
        links=tuple(
            sorted(_used(links, least, decisions, clustering), key=lambda link: (link.rule, link.one, link.other))
        ),
        review=frozenset(key for one in unsure for key in (one.one, one.other)),
        shared=shared,
        unsure=unsure,
    )


def _weighed(profiles: Mapping[Key, Profile], seen: Mapping[Key, Features], scorer: Scorer) -> dict[Pair, float]:
    return {(one, other): scorer.weight(seen[one], seen[other]) for one, other in pairs(profiles)}


def _unsure(pair: Pair, verdict: Verdict) -> Unsure:
    return Unsure(*pair, round(verdict.probability, 4), verdict.evidence)


def _used(links: Iterable[Link], least: float, decisions: Decisions, clustering: Clustering) -> list[Link]:
    """The links within clusters, but for those that would only have been asked about: a person answered."""
    decided = [
        Link(*pair, Rule.DECIDED, ("decided by a person",)) for pair in decisions.same if clustering.knows(*pair)
    ]
    told = [link for link in links if link.rule is not Rule.PROBABLE or link.weight >= least]
    return [link for link in (*decided, *told) if clustering.together(link.one, link.other)]
