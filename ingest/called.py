"""Whether a name that somebody gave can be a customer's, as her records write it."""

from collections.abc import Iterable, Sequence

from ingest.match.nicknames import alike_given, forms
from ingest.names import Likeness, PersonName
from ingest.normalise import folded


def may_be_called(name: str | None, names: Sequence[PersonName]) -> bool:
    """Whether the name leaves a customer with these names possible: only the given name tells people of a house apart.

    It must not exclude hers. The family name may be another, as people marry; but not where the given name is an
    initial, which says too little alone.
    """
    words = _words(name)
    written = [one for one in names if one.given or one.family]
    if not words or not written:
        return True
    if len(words) == 1:
        parts = [part for one in written for part in (one.given, one.middle, one.family)]
        return len(words[0]) == 1 or _near(words[0], parts, Likeness.POSSIBLE)
    return any(_fits(words, one) for one in written)


def is_called(name: str | None, names: Sequence[PersonName]) -> bool:
    """Whether every word of the name is one of the customer's, a given name or its initial among them."""
    words = _words(name)
    if not words or not may_be_called(name, names):
        return False
    given = [word for one in names for word in _words(one.given)]
    parts = given + [word for one in names for word in (*_words(one.middle), *_words(one.family))]
    if not all(_near(word, parts, Likeness.NEAR) or _initial(word, parts) for word in words):
        return False
    return any(_near(word, given, Likeness.NEAR) or _initial(word, given) for word in words)


def _fits(words: Sequence[str], one: PersonName) -> bool:
    """Whether one record can be of somebody of this name, first or last of whose words is the given name."""
    given, family = _words(one.given), _words(one.family)
    if not given:
        return True
    if len(words) > 2 or len(given) > 1:
        # Which of several words are given names cannot be told: one that they have in common, longer than an initial.
        own = [word for word in words if len(word) > 1]
        return _near_any(own, [part for part in given if len(part) > 1]) or (
            _initials(words, given) and _near_any(own, family)
        )
    first, last = words
    likeness = alike_given(first, given[0])
    if likeness >= Likeness.NEAR:
        return True
    initial = likeness is Likeness.POSSIBLE or _initial(first, given)
    if initial and (not family or _near(last, family, Likeness.POSSIBLE)):
        return True
    # Given and family name in each other's place, here or there.
    return _near(first, family, Likeness.POSSIBLE) and alike_given(last, given[0]) is not Likeness.CONTRADICT


def _initials(words: Sequence[str], given: Sequence[str]) -> bool:
    return any(_initial(word, given) or _initial(part, words) for word in words for part in given)


def _initial(word: str, parts: Iterable[str]) -> bool:
    # R. is Beca, who is Rebecca.
    return len(word) == 1 and any(form.startswith(word) for part in parts for form in forms(part))


def _near(word: str, parts: Iterable[str | None], least: Likeness) -> bool:
    return any(alike_given(word, part) >= least for part in parts if part)


def _near_any(words: Iterable[str], parts: Sequence[str]) -> bool:
    return any(_near(word, parts, Likeness.POSSIBLE) for word in words)


def _words(name: str | None) -> list[str]:
    """The words of a name, the given name first where a comma tells which it is."""
    family, comma, given = (name or "").partition(",")
    return folded(f"{given} {family}" if comma else family).split()
