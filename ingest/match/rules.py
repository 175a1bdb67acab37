"""What is certain about a pair without any counting: it cannot be one person, or it is one, and by which rule.

What a rule leaves open is for the probability (`ingest.match.score`) or for a person.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from ingest.match.keys import Key, common_handles, crossed, key_of
from ingest.match.nicknames import alike_given
from ingest.names import Likeness, alike
from ingest.normalise import folded
from ingest.records import Profile

_DECADE = 10
_LONG_ENOUGH = 4


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
    ADDRESS_AND_SHORT_NAME = 9
    PROBABLE = 10
    DECIDED = 11

    @property
    def weak(self) -> bool:
        """Whether two people of one name in one house could share as much."""
        return self in {Rule.ADDRESS_AND_NAME, Rule.ADDRESS_AND_SHORT_NAME, Rule.PROBABLE}

    @property
    def method(self) -> str:
        """The name by which the graph knows the rule."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Link:
    """Two records that are one person, by which rule and on what. `weight` orders the links of one rule, in bits."""

    one: Key
    other: Key
    rule: Rule
    evidence: tuple[str, ...]
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Names:
    """How the names of two records compare, in the order in which they agree best."""

    given: Likeness
    family: Likeness
    crossed: bool

    @property
    def whole(self) -> bool:
        """Whether both agree but for a slip or a short form."""
        return self.given >= Likeness.NEAR and self.family >= Likeness.NEAR

    @property
    def told(self) -> bool:
        """Whether the given names are both there, as more than an initial or a guess."""
        return self.given >= Likeness.NEAR or self.given is Likeness.CONTRADICT

    @property
    def exact(self) -> bool:
        """Whether both are the same letters."""
        return self.given is Likeness.SAME and self.family is Likeness.SAME


def names(one: Profile, other: Profile) -> Names:
    """Compare names as they stand, or crossed where only that agrees."""
    given, family = alike_given(one.name.given, other.name.given), alike(one.name.family, other.name.family)
    if given < Likeness.SAME and _words(one) == _words(other) != ():
        return Names(Likeness.SAME, Likeness.SAME, True)  # also where a particle was taken for a given name
    if given is Likeness.CONTRADICT and crossed(one, other):
        a, b = one.name, other.name
        return Names(alike_given(a.given, b.family), alike_given(a.family, b.given), True)
    if given is Likeness.CONTRADICT and _half_crossed(one, other):
        return Names(Likeness.SAME, Likeness.CONTRADICT, True)
    return Names(given, family, False)


def _half_crossed(one: Profile, other: Profile) -> bool:
    """Whether the given name of one stands as the family name of the other: crossed, and the family name is new."""
    a, b = one.name, other.name
    return any(
        len(folded(given or "")) >= _LONG_ENOUGH and folded(given or "") == folded(family or "")
        for given, family in ((a.given, b.family), (b.given, a.family))
    )


def _words(one: Profile) -> tuple[str, ...]:
    words = sorted(folded(f"{one.name.given or ''} {one.name.family or ''}").split())
    return tuple(words) if len(words) > 1 else ()


def contradict(one: Profile, other: Profile) -> bool:
    """Whether two records cannot be one person: given names, suffixes or birth dates that exclude each other."""
    if one.name.suffix and other.name.suffix and one.name.suffix != other.name.suffix:
        return True
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date and not mistyped(one, other):
        return True
    return names_contradict(one, other)


def names_contradict(one: Profile, other: Profile) -> bool:
    """Whether given or middle names exclude each other."""
    said = names(one, other)
    if said.crossed:
        return False
    if one.name.middle and other.name.middle and alike(one.name.middle, other.name.middle) is Likeness.CONTRADICT:
        return True
    return said.given is Likeness.CONTRADICT


def mistyped(one: Profile, other: Profile) -> bool:
    """Whether two birth dates are one, mistyped, in records that share a handle, a reference or house and name."""
    if one.birth_date is None or other.birth_date is None:
        return False
    if not (common_handles(one, other) or refer(one, other) or one.address.place == other.address.place):
        return False
    return near_dates(one.birth_date, other.birth_date)


def near_dates(a: date, b: date) -> bool:
    """Whether two dates differ as slips do: day and month swapped, one digit, a day or a decade or a year off."""
    if (a.year, a.month, a.day) == (b.year, b.day, b.month):
        return True
    if (a.month, a.day) == (b.month, b.day) and abs(a.year - b.year) in {1, _DECADE}:
        return True
    return abs((a - b).days) == 1 or sum(x != y for x, y in zip(a.isoformat(), b.isoformat(), strict=True)) == 1


def refer(one: Profile, other: Profile) -> bool:
    """Whether one record names the other."""
    return other.key in one.references or one.key in other.references


def by_rule(one: Profile, other: Profile, shared: Collection[str]) -> Link | None:
    """The strongest rule by which two records that do not contradict are one person, or None."""
    said = names(one, other)
    common = common_handles(one, other)
    facts = Facts(
        said,
        sorted(common),
        sorted(handle for handle in common if handle not in shared),
        one.birth_date is not None and one.birth_date == other.birth_date,
        one.address.place is not None and one.address.place == other.address.place,
        refer(one, other),
    )
    for rule, holds in _RULES:
        if holds(facts):
            return Link(key_of(one), key_of(other), rule, facts.evidence())
    return None


_OF_GIVEN = {one: f"given name {one.name.lower()}" for one in Likeness}
_OF_FAMILY = {one: f"family name {one.name.lower()}" for one in Likeness}


@dataclass(frozen=True, slots=True)
class Facts:
    """What two records have in common."""

    names: Names
    common: Sequence[str]
    own: Sequence[str]
    born: bool
    home: bool
    referred: bool

    def evidence(self) -> tuple[str, ...]:
        """What agreed, in words and without values."""
        found = sorted({handle.split(" ")[0] for handle in self.common})
        found += [word for word, holds in (("birth date", self.born), ("address", self.home)) if holds]
        found += ["reference"] if self.referred else []
        crossed_ = ("names crossed",) if self.names.crossed else ()
        return (
            *found,
            *crossed_,
            _OF_GIVEN[self.names.given],
            _OF_FAMILY[self.names.family],
        )

    def own_of(self, kind: str) -> bool:
        """Whether they share a handle of a kind that no one else uses."""
        return any(handle.startswith(kind) for handle in self.own)


def _short(facts: Facts) -> bool:
    return facts.names.given >= Likeness.POSSIBLE and facts.names.family >= Likeness.POSSIBLE


_RULES: tuple[tuple[Rule, Callable[[Facts], bool]], ...] = (
    (
        Rule.HANDLE_AND_BIRTH_DATE,
        lambda f: f.names.whole and f.born and bool(f.common or f.home or f.referred),
    ),
    (Rule.REFERENCE_AND_NAME, lambda f: f.names.whole and f.referred),
    (Rule.EMAIL_AND_NAME, lambda f: f.names.whole and f.own_of("email")),
    (Rule.PHONE_AND_NAME, lambda f: f.names.whole and f.own_of("phone")),
    (Rule.BIRTH_DATE_AND_NAME, lambda f: f.names.exact and f.born),
    (
        Rule.ADDRESS_AND_NAME,
        lambda f: f.names.whole and (f.home or bool(f.common)),
    ),
    (Rule.HANDLE_AND_SHORT_NAME, lambda f: _short(f) and (bool(f.own) or f.referred)),
    (Rule.RENAMED, lambda f: f.names.given >= Likeness.NEAR and bool(f.own) and (f.born or f.home or f.referred)),
    (Rule.ADDRESS_AND_SHORT_NAME, lambda f: _short(f) and f.home),
)
