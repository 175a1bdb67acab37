"""Which mails, calls and chats belong to which case: those that say so, then those that the likeliest case explains.

A contact that names a case, that the case names as its origin or that stands in its thread is *shown* to belong to it.
The shown ones teach how contacts of a case look: how long before or after its opening they come, whether customer,
handle, order and topic agree. For each of these signs the weight is the logarithm of how much more often it is seen
among shown pairs than among pairs of a shown contact with another case (Fellegi and Sunter, 1969). A hidden contact
goes to the case for which the weights say so, each to one case, and to none where no case is likely enough.
"""

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from insight.contacts import Contact, Key, ServiceCase

Signs = tuple[str, ...]
LEAST_PROBABILITY = 0.5
"""Links that are less likely than not are left out."""
_BEFORE = timedelta(days=1)
_AFTER = timedelta(days=45)
_BOUNDS = tuple(
    timedelta(minutes=one)
    for one in (-720, -360, -120, -45, -15, -6, 0, 15, 360, 1440, 2 * 1440, 4 * 1440, 7 * 1440, 14 * 1440, 28 * 1440)
)
_OPENING = _BOUNDS.index(timedelta(0))
_FEWEST_TAUGHT = 10  # fewer shown pairs teach nothing, and nothing hidden is told
_IMPOSSIBLE = -500.0
_EVEN = 0.5  # added to each count, so that what was never seen is unlikely and not impossible


@dataclass(frozen=True, slots=True)
class Link:
    """One contact of one case. `shown` where the records themselves say so; else how likely it is."""

    case: str
    contact: Key
    shown: bool
    probability: float = 1.0


def shown_links(contacts: Sequence[Contact], cases: Sequence[ServiceCase]) -> tuple[Link, ...]:
    """The links that records name: in a text, as the origin or as the thread of a case."""
    known = {case.key: case for case in cases}
    found: dict[Key, str] = {}
    origins = {case.origin: case.key for case in cases if case.origin}
    threads = {case.thread: case.key for case in cases if case.thread}
    for contact in contacts:
        named = [case for case in contact.cases if case in known]
        if len(named) == 1:
            found[contact.key] = named[0]
        elif case := origins.get(contact.key[1]) or threads.get(contact.key[1]):
            found[contact.key] = case
    return tuple(Link(case, key, shown=True) for key, case in sorted(_threads(contacts, threads, found).items()))


def _threads(contacts: Sequence[Contact], threads: Mapping[str, str], found: Mapping[Key, str]) -> dict[Key, str]:
    """The rest of a thread goes where the thread goes: the case that names it, or that its other messages name."""
    named: dict[str, set[str]] = defaultdict(set)
    for contact in contacts:
        if contact.thread and (case := found.get(contact.key)):
            named[contact.thread].add(case)
    result = dict(found)
    for contact in contacts:
        if contact.thread and contact.key not in result:
            of = {threads[contact.thread]} if contact.thread in threads else named[contact.thread]
            if len(of) == 1:
                result[contact.key] = next(iter(of))
    return result


def case_links(
    contacts: Sequence[Contact],
    cases: Sequence[ServiceCase],
    topics: Mapping[Key, str] = MappingProxyType({}),
    least: float = LEAST_PROBABILITY,
) -> tuple[Link, ...]:
    """All links, by case and contact. `topics` name what contacts and cases (`("cases", key)`) are about."""
    shown = shown_links(contacts, cases)
    board = _Board(cases, topics)
    taught = {one.contact: one.case for one in shown}
    begun = _begun(contacts, taught, board)
    weights = _learn(contacts, taught, board)
    hidden = [contact for contact in contacts if contact.key not in taught and contact.by_customer]
    told = [
        (weights.probability(board.signs(contact, case)), case.key, contact.key, contact.at <= case.opened_at)
        for contact in hidden
        for case in board.candidates(contact)
    ]
    result = {one.contact: one for one in shown}
    for probability, of, key, before in sorted(told, key=lambda one: (-one[0], *one[1:])):
        if probability < least or key in result or (before and of in begun):
            continue
        result[key] = Link(of, key, shown=False, probability=probability)
        if before:
            begun.add(of)
    return tuple(sorted((*result.values(), *_answers(contacts, result)), key=lambda one: (one.case, one.contact)))


def _answers(contacts: Sequence[Contact], found: Mapping[Key, Link]) -> Iterable[Link]:
    """What the desk wrote in a thread belongs where the customer's messages of the thread belong."""
    threads: dict[str, dict[str, Link]] = defaultdict(dict)
    for contact in contacts:
        if contact.thread and (link := found.get(contact.key)):
            threads[contact.thread].setdefault(link.case, link)
    for contact in contacts:
        if contact.thread and contact.key not in found and len(threads[contact.thread]) == 1:
            (link,) = threads[contact.thread].values()
            yield Link(link.case, contact.key, shown=False, probability=link.probability)


def _begun(contacts: Sequence[Contact], taught: Mapping[Key, str], board: "_Board") -> set[str]:
    """The cases whose first contact is shown: another one before their opening did not begin them."""
    return {
        case
        for contact in contacts
        if (case := taught.get(contact.key)) and contact.by_customer and contact.at <= board.case(case).opened_at
    }


class _Board:
    """The cases, so that those are at hand that a contact may belong to."""

    def __init__(self, cases: Sequence[ServiceCase], topics: Mapping[Key, str]) -> None:
        self._topics = topics
        self._by_key = {case.key: case for case in cases}
        self._in_time = sorted(cases, key=lambda case: (case.opened_at, case.key))
        self._opened = [case.opened_at for case in self._in_time]

    def case(self, key: str) -> ServiceCase:
        return self._by_key[key]

    def candidates(self, contact: Contact) -> Iterable[ServiceCase]:
        """The cases that were opened near the contact and of which nothing says that they are another customer's."""
        low = bisect_left(self._opened, contact.at - _AFTER)
        high = bisect_right(self._opened, contact.at + _BEFORE)
        for case in self._in_time[low:high]:
            who = _who(contact, case)
            began_it = case.opened_at >= contact.at and case.medium is contact.medium
            if who in {"customer", "handle", "order"} or (began_it and who != "other"):
                yield case

    def signs(self, contact: Contact, case: ServiceCase) -> Signs:
        """How the pair looks, sign by sign."""
        place = bisect_right(_BOUNDS, contact.at - case.opened_at)
        # Before the opening it matters how one came: a caller waits a minute for a case, a mail waits hours.
        how = "after" if place > _OPENING else f"{contact.medium} before a case of {case.medium}"
        return (
            f"who:{_who(contact, case)}",
            f"when:{how}:{place}",
            f"closed:{_closed(contact, case)}",
            f"order:{_agree(contact.orders, case.orders)}",
            f"topic:{self._topic(contact, case)}",
            f"agent:{contact.agent == case.agent if contact.agent and case.agent else None}",
        )

    def _topic(self, contact: Contact, case: ServiceCase) -> str:
        one, other = self._topics.get(contact.key), self._topics.get(("cases", case.key))
        return "untold" if not one or not other else "same" if one == other else "other"


def _who(contact: Contact, case: ServiceCase) -> str:
    if contact.customer and case.customer:
        return "customer" if contact.customer == case.customer else "other"
    if contact.handles & case.handles:
        return "handle"
    if contact.orders & case.orders:
        return "order"
    if contact.names and case.names:
        return "name" if contact.names & case.names else "other"
    return "unknown"


def _agree(one: frozenset[str], other: frozenset[str]) -> str:
    return "untold" if not one or not other else "same" if one & other else "other"


def _closed(contact: Contact, case: ServiceCase) -> str:
    if case.closed_at is None or contact.at <= case.closed_at:
        return "open"
    return "lately" if contact.at - case.closed_at < timedelta(days=4) else "long ago"


@dataclass(frozen=True, slots=True)
class _Weights:
    prior: float
    of: Mapping[str, float]

    def probability(self, signs: Signs) -> float:
        """How likely a pair with these signs is a link."""
        evidence = self.prior + sum(self.of.get(sign, 0.0) for sign in signs)
        return 1 / (1 + math.exp(-evidence)) if evidence > _IMPOSSIBLE else 0.0


def _learn(contacts: Sequence[Contact], taught: Mapping[Key, str], board: _Board) -> _Weights:
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    pairs = [0, 0]
    for contact in contacts:
        if not contact.by_customer or contact.key not in taught:
            continue
        for case in board.candidates(contact):
            same = case.key == taught[contact.key]
            (right if same else wrong).update(board.signs(contact, case))
            pairs[same] += 1
    if pairs[1] < _FEWEST_TAUGHT:
        return _Weights(-math.inf, {})
    weights = {}
    for sign in right.keys() | wrong.keys():
        kind = sign.partition(":")[0]
        values = len({one for one in right.keys() | wrong.keys() if one.partition(":")[0] == kind})
        seen = (right[sign] + _EVEN) / (pairs[1] + _EVEN * values)
        chance = (wrong[sign] + _EVEN) / (pairs[0] + _EVEN * values)
        weights[sign] = math.log(seen / chance)
    return _Weights(math.log((pairs[1] + _EVEN) / (pairs[0] + _EVEN)), weights)
