"""Which profile records are one person. Deterministic: exact handles, and names and birth dates that do not contradict.

`resolve` is pure and its answer does not depend on the order of the records. A probabilistic resolution can take its
place: it owes the same Resolution and nothing else.

How it decides. Pairs of records that share something are compared once. A pair that contradicts is never joined,
however much it shares: other given names (twins, a family's mailbox), other birth dates (senior and junior), other
suffixes, names that have nothing in common (a recycled number, the next occupant). The rest have evidence of a
strength (Rule). Joins happen from the strongest rule down, and a cluster never takes in a record that contradicts one
of its members; a record that would fit two clusters which contradict each other joins neither and goes to review.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from ingest.names import Likeness, alike
from ingest.normalise import folded, same_mailbox
from ingest.records import Profile

Key = tuple[str, str]
"""System and key of a record."""

_LARGEST_BLOCK = 60  # more records than this under one handle: a placeholder, not a person


class Rule(IntEnum):
    """Rules from the strongest down; the name in small letters is the method that the graph records."""

    HANDLE_AND_BIRTH_DATE = 1
    REFERENCE_AND_NAME = 2
    EMAIL_AND_NAME = 3
    PHONE_AND_NAME = 4
    BIRTH_DATE_AND_NAME = 5
    ADDRESS_AND_NAME = 6
    HANDLE_AND_SHORT_NAME = 7
    RENAMED = 8

    @property
    def method(self) -> str:
        """The name by which the graph knows the rule."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Link:
    """Two records that are one person, by which rule and on what."""

    one: Key
    other: Key
    rule: Rule
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Clusters of records, each in the order of keys; the links that made them; records a person has to look at.

    Every record is in exactly one cluster. `shared` are mailboxes and numbers that several people use.
    """

    clusters: tuple[tuple[Key, ...], ...]
    links: tuple[Link, ...]
    review: frozenset[Key]
    shared: frozenset[str]


def resolve(records: Iterable[Profile]) -> Resolution:
    """Join records of one person. Precision before recall: what cannot be told apart surely stays apart."""
    profiles = {key_of(one): one for one in sorted(records, key=key_of)}
    shared = frozenset(_shared_handles(profiles))
    links = sorted(_links(profiles, shared), key=lambda link: (link.rule, link.one, link.other))
    clustering = _Clustering(profiles)
    used: list[Link] = []
    for rule in Rule:
        used += clustering.join([link for link in links if link.rule is rule])
    return Resolution(
        clusters=tuple(sorted(tuple(sorted(members)) for members in clustering.clusters())),
        links=tuple(used),
        review=frozenset(clustering.review),
        shared=shared,
    )


def key_of(profile: Profile) -> Key:
    """The key under which a resolution knows a record."""
    return profile.system, profile.key


# What two records have in common


def _blocks(profiles: Mapping[Key, Profile]) -> Iterator[tuple[Key, ...]]:
    """Groups of records that share something and are to be compared."""
    by: dict[str, list[Key]] = defaultdict(list)
    numbers = {key: (system, key) for system, key in profiles}
    for key, one in profiles.items():
        for handle in handles(one):
            by[handle].append(key)
        for number in one.references:
            if number in numbers:
                by[f"reference {number}"] += [key, numbers[number]]
        if one.birth_date:
            by[f"born {one.birth_date} {folded(one.name.given or '')[:1]}"].append(key)
        if one.address.place:
            by[f"lives {one.address.place}"].append(key)
        if one.name.given and one.name.family and one.address.postal_code:
            code = "".join(c for c in one.address.postal_code if c.isalnum()).upper().lstrip("0")
            by[f"at {code} {folded(one.name.family)[:2]}"].append(key)
    yield from (tuple(sorted(set(found))) for found in by.values() if 1 < len(set(found)) <= _LARGEST_BLOCK)


def handles(profile: Profile) -> Iterator[str]:
    """Mailboxes without tags and phone numbers, by which records meet."""
    yield from (f"email {same_mailbox(address)}" for address in profile.emails)
    yield from (f"phone {number}" for number in profile.phones)


def _shared_handles(profiles: Mapping[Key, Profile]) -> Iterator[str]:
    by: dict[str, list[Profile]] = defaultdict(list)
    for one in profiles.values():
        for handle in set(handles(one)):
            by[handle].append(one)
    for handle, users in by.items():
        if len(users) > _LARGEST_BLOCK or _several_people(users):
            yield handle


def _several_people(users: Sequence[Profile]) -> bool:
    return any(
        alike(one.name.given, other.name.given) is Likeness.CONTRADICT
        for place, one in enumerate(users)
        for other in users[place + 1 :]
    )


# What a pair says


def contradict(one: Profile, other: Profile) -> bool:
    """Whether two records cannot be one person: given names, suffixes or birth dates that exclude each other."""
    if one.name.suffix and other.name.suffix and one.name.suffix != other.name.suffix:
        return True
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        return not _mistyped(one, other)
    if one.name.middle and other.name.middle and alike(one.name.middle, other.name.middle) is Likeness.CONTRADICT:
        return True
    return alike(one.name.given, other.name.given) is Likeness.CONTRADICT


def _mistyped(one: Profile, other: Profile) -> bool:
    """Whether two birth dates differ by day and month swapped or by one digit, in records that share a handle."""
    if one.birth_date is None or other.birth_date is None or not set(handles(one)) & set(handles(other)):
        return False
    a, b = one.birth_date, other.birth_date
    if (a.year, a.month, a.day) == (b.year, b.day, b.month):
        return True
    return sum(x != y for x, y in zip(a.isoformat(), b.isoformat(), strict=True)) == 1


def _links(profiles: Mapping[Key, Profile], shared: Collection[str]) -> Iterator[Link]:
    pairs = {
        (one, other) for block in _blocks(profiles) for place, one in enumerate(block) for other in block[place + 1 :]
    }
    for one, other in sorted(pairs):
        if link := _judged(profiles[one], profiles[other], shared):
            yield link


def _judged(one: Profile, other: Profile, shared: Collection[str]) -> Link | None:
    """The strongest rule by which two records are one person, or None."""
    if contradict(one, other):
        return None
    given, family = alike(one.name.given, other.name.given), alike(one.name.family, other.name.family)
    common = set(handles(one)) & set(handles(other))
    own = sorted(handle for handle in common if handle not in shared)
    born = one.birth_date is not None and one.birth_date == other.birth_date
    named = given >= Likeness.NEAR and family >= Likeness.NEAR
    exactly = given is Likeness.SAME and family is Likeness.SAME
    home = one.address.place is not None and one.address.place == other.address.place
    referred = other.key in one.references or one.key in other.references
    facts = _Facts(given, family, sorted(common), own, born, named, exactly, home, referred)
    for rule, holds in _RULES:
        if holds(facts):
            return Link(key_of(one), key_of(other), rule, facts.evidence())
    return None


@dataclass(frozen=True, slots=True)
class _Facts:
    given: Likeness
    family: Likeness
    common: Sequence[str]
    own: Sequence[str]
    born: bool
    named: bool
    exactly: bool
    home: bool
    referred: bool

    def evidence(self) -> tuple[str, ...]:
        """What agreed, in words and without values."""
        found = sorted({handle.split(" ")[0] for handle in self.common})
        found += [word for word, holds in (("birth date", self.born), ("address", self.home)) if holds]
        found += ["reference"] if self.referred else []
        return (*found, f"given name {self.given.name.lower()}", f"family name {self.family.name.lower()}")


_RULES: tuple[tuple[Rule, Callable[[_Facts], bool]], ...] = (
    (Rule.HANDLE_AND_BIRTH_DATE, lambda f: f.named and f.born and bool(f.common or f.home or f.referred)),
    (Rule.REFERENCE_AND_NAME, lambda f: f.named and f.referred),
    (Rule.EMAIL_AND_NAME, lambda f: f.named and any(handle.startswith("email") for handle in f.own)),
    (Rule.PHONE_AND_NAME, lambda f: f.named and any(handle.startswith("phone") for handle in f.own)),
    (Rule.BIRTH_DATE_AND_NAME, lambda f: f.exactly and f.born),
    (Rule.ADDRESS_AND_NAME, lambda f: f.named and (f.home or bool(f.common))),
    (
        Rule.HANDLE_AND_SHORT_NAME,
        lambda f: (
            f.given >= Likeness.POSSIBLE and f.family >= Likeness.POSSIBLE and bool(f.own or f.referred or f.home)
        ),
    ),
    (Rule.RENAMED, lambda f: f.given >= Likeness.NEAR and (bool(f.own) and (f.born or f.home))),
)


# Clusters


class _Clustering:
    """Clusters that grow rule by rule and never hold a contradiction."""

    def __init__(self, profiles: Mapping[Key, Profile]) -> None:
        self._profiles = profiles
        self._cluster: dict[Key, Key] = {key: key for key in profiles}
        self._members: dict[Key, list[Key]] = {key: [key] for key in profiles}
        self.review: set[Key] = set()

    def clusters(self) -> Iterable[Sequence[Key]]:
        """The members of each cluster."""
        return self._members.values()

    def join(self, links: Sequence[Link]) -> list[Link]:
        """Join what the links of one rule connect, all at once; the links that were used come back."""
        neighbours: dict[Key, set[Key]] = defaultdict(set)
        for link in links:
            a, b = self._cluster[link.one], self._cluster[link.other]
            if a == b:
                continue
            if self._exclude(a, b):
                self.review |= {link.one, link.other}
            else:
                neighbours[a].add(b)
                neighbours[b].add(a)
        for torn in sorted(node for node in neighbours if self._torn(neighbours[node])):
            self.review |= set(self._members[torn])
            for neighbour in neighbours.pop(torn):
                neighbours[neighbour].discard(torn)
        for component in _components(neighbours):
            self._merge(component)
        return [link for link in links if self._cluster[link.one] == self._cluster[link.other]]

    def _torn(self, around: Collection[Key]) -> bool:
        listed = sorted(around)
        return any(self._exclude(a, b) for place, a in enumerate(listed) for b in listed[place + 1 :])

    def _exclude(self, a: Key, b: Key) -> bool:
        return any(
            contradict(self._profiles[one], self._profiles[other])
            for one in self._members[a]
            for other in self._members[b]
        )

    def _merge(self, component: Sequence[Key]) -> None:
        if self._torn(component):
            self.review |= {key for cluster in component for key in self._members[cluster]}
            return
        first, *rest = sorted(component)
        for other in rest:
            self._members[first] += self._members.pop(other)
        for key in self._members[first]:
            self._cluster[key] = first


def _components(neighbours: Mapping[Key, Collection[Key]]) -> Iterator[Sequence[Key]]:
    seen: set[Key] = set()
    for start in sorted(neighbours):
        if start in seen:
            continue
        reached, open_ = [start], [start]
        seen.add(start)
        while open_:
            for neighbour in sorted(neighbours[open_.pop()]):
                if neighbour not in seen:
                    seen.add(neighbour)
                    reached.append(neighbour)
                    open_.append(neighbour)
        if len(reached) > 1:
            yield reached
