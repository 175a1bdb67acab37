"""Joining: which customer a new record of a live source is. One by one, against what the graph knows.

Precision comes before recall, as in a load: one person in two records is an inconvenience, two people in one record is
a disclosure. A rule that is certain, or a probability where a handle is shared that nobody else uses, joins; where two
customers fit or the verdict is open the record becomes a customer of its own, and a person or the next load decides.
"""

from collections import defaultdict
from dataclasses import dataclass

from ingest.live.known import Known
from ingest.match.candidates import Candidate, candidates
from ingest.match.judge import Outcome
from ingest.match.keys import common_handles, handles, key_of
from ingest.match.rules import Link, Rule, contradict
from ingest.match.weights import shipped
from ingest.naming import customer_keys
from ingest.records import Profile


@dataclass(frozen=True, slots=True)
class Joined:
    """The customer that a record is, by which link; whether she is new, and whether a person should look."""

    customer: str
    link: Link | None = None
    new: bool = False
    review: bool = False


def join(profile: Profile, known: Known) -> Joined:
    """Who a record is: who it was, else the one customer it fits, else a new one whose key it gives."""
    key = key_of(profile)
    if customer := known.customers.get(key):
        return Joined(customer)
    found = candidates(profile, known, shipped())
    fitting: dict[str, list[Candidate]] = defaultdict(list)
    for one in found:
        if one.verdict.outcome is Outcome.SAME and _is_sure(profile, one, known):
            fitting[known.customers[one.key]].append(one)
    fits = [customer for customer in fitting if not any(contradict(profile, one) for one in known.people[customer])]
    if len(fits) == 1:
        best = fitting[fits[0]][0]
        rule = best.verdict.rule or Rule.PROBABLE
        return Joined(fits[0], Link(key, best.key, rule, best.verdict.evidence, best.verdict.weight))
    review = any(one.verdict.outcome is not Outcome.DIFFERENT for one in found)
    return Joined(customer_keys([[key]], {})[key], new=True, review=review)


def _is_sure(profile: Profile, candidate: Candidate, known: Known) -> bool:
    """Whether more than a name speaks for it: the weights were learned elsewhere, and no name was counted here."""
    other = next(one for one in known.profiles() if key_of(one) == candidate.key)
    rule = candidate.verdict.rule
    if rule is not None and not rule.weak:
        return True
    return bool(common_handles(profile, other) - known.shared((*handles(profile), *handles(other))))
