"""The verdict on two records: one person, two, or a question for a person.

Contradictions and rules stand above the probability. A weak rule and a probability make one person only where no rival
fits as well, which `ingest.match.cluster` looks at.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import Enum

from ingest.match.features import Features, features
from ingest.match.keys import common_handles, key_of
from ingest.match.rules import Link, Rule, by_rule, contradict, names
from ingest.match.score import Scorer, evidence, probability
from ingest.records import Profile

SAME_FROM = 2.0
"""Bits from which two records are one person where nothing speaks against it: four to one."""
ASK_FROM = -2.0
"""Bits from which a person is asked: one to four."""


class Outcome(Enum):
    """What is known of two records."""

    SAME = "SAME"
    DIFFERENT = "DIFFERENT"
    ASK = "ASK"


@dataclass(frozen=True, slots=True)
class Compared:
    """One record and what it shows."""

    profile: Profile
    shows: Features


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome for two records. `weight` in bits, `evidence` in words and without values."""

    outcome: Outcome
    weight: float
    evidence: tuple[str, ...]
    rule: Rule | None = None

    @property
    def probability(self) -> float:
        """The weight as a probability; a rule or a contradiction stands above it."""
        return probability(self.weight)


class Judge:
    """Judges pairs. `shared` are handles that several people use.

    `families` says whether relatives are to be expected among the records, as among customers: then what contradicts
    keeps apart and rules decide. In a register of single persons a wrong name is a slip like any other, and the
    probability alone decides.
    """

    def __init__(self, scorer: Scorer, shared: Collection[str], *, families: bool = True) -> None:
        self._scorer = scorer
        self._families = families
        self._shared = frozenset(shared)

    def look(self, profile: Profile) -> Compared:
        """Make a record ready to be compared."""
        return Compared(profile, features(profile, self._shared))

    def link(self, one: Compared, other: Compared) -> Link | None:
        """What makes two records one person, or may; None where they are two."""
        if self._families and contradict(one.profile, other.profile):
            return None
        weight = self._scorer.weight(one.shows, other.shows)
        if not self._families:
            return self._probable(one, other, weight) if weight >= ASK_FROM else None
        if found := by_rule(one.profile, other.profile, self._shared):
            # What a weak rule says is certain but for rivals; the weight says which of them is the nearest.
            return replace(found, weight=max(weight, SAME_FROM))
        if weight < ASK_FROM:
            return None
        told = names(one.profile, other.profile).told
        if not told and not common_handles(one.profile, other.profile) - self._shared:
            weight = min(weight, ASK_FROM)  # an initial may be anybody's in the family
        return self._probable(one, other, weight)

    def _probable(self, one: Compared, other: Compared, weight: float) -> Link:
        said = evidence(one.shows, other.shows)
        return Link(key_of(one.profile), key_of(other.profile), Rule.PROBABLE, said, weight)

    def verdict(self, one: Compared, other: Compared) -> Verdict:
        """The outcome for two records alone."""
        weight, said = self._scorer.weight(one.shows, other.shows), evidence(one.shows, other.shows)
        link = self.link(one, other)
        if link is None:
            return Verdict(Outcome.DIFFERENT, weight, said)
        outcome = Outcome.SAME if link.weight >= SAME_FROM else Outcome.ASK
        return Verdict(outcome, weight, said, link.rule)
