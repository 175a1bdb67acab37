"""Names of people: how exports write them, and whether two can be one person's."""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from ingest.normalise import folded

_SUFFIX = re.compile(r"\b(sr|jr|senior|junior|sen|jun|ii|iii|iv)\b\.?$", re.IGNORECASE)
_SUFFIX_NAMES = {"senior": "sr", "sen": "sr", "junior": "jr", "jun": "jr"}


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in its parts, as written. `suffix` is folded: sr, jr, ii ..."""

    given: str | None
    family: str | None
    middle: str | None = None
    suffix: str | None = None

    @property
    def full(self) -> str | None:
        """Given, middle and family name in this order."""
        return " ".join(part for part in (self.given, self.middle, self.family) if part) or None


def family_first(text: str) -> PersonName:
    """`SURNAME, Given` as accounts write it; capitals become an initial capital."""
    family, _, given = text.partition(",")
    bare, suffix = _without_suffix(family.strip())
    bare_given, later = _without_suffix(given.strip())
    return PersonName(tidy(bare_given) or None, tidy(bare) or None, None, suffix or later)


def given_first(text: str) -> PersonName:
    """`Given M. Surname` in one column. The last word is the surname; single letters between are middle names."""
    bare, suffix = _without_suffix(text.strip())
    words = tidy(bare).split()
    if len(words) < 2:
        return PersonName(None, words[0] if words else None, None, suffix)
    middle = [word for word in words[1:-1] if len(word.rstrip(".")) == 1]
    given = [word for word in words[:-1] if word not in middle]
    return PersonName(" ".join(given) or words[0], words[-1], " ".join(middle) or None, suffix)


def in_parts(given: str | None, middle: str | None, family: str | None, suffix: str | None) -> PersonName:
    """A name that came in columns of its own."""
    bare, found = _without_suffix(family or "")
    said = folded(suffix or "").strip(" .?")
    return PersonName(
        tidy(given or "") or None,
        tidy(bare) or None,
        tidy(middle or "") or None,
        _SUFFIX_NAMES.get(said, said) or found,
    )


def tidy(text: str) -> str:
    """Single blanks; words all in capitals or all in small letters get an initial capital."""
    text = " ".join(text.split())
    return _capitalised(text) if text.isupper() or text.islower() else text


def _capitalised(text: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda word: word[0][:1].upper() + word[0][1:].lower(), text)


def _without_suffix(text: str) -> tuple[str, str | None]:
    if (found := _SUFFIX.search(text)) and found.start() > 0:
        word = found[1].casefold()
        return text[: found.start()].rstrip(" ,"), _SUFFIX_NAMES.get(word, word)
    return text, None


class Likeness(IntEnum):
    """How two names compare: from contradiction to the same letters."""

    CONTRADICT = 0
    UNKNOWN = 1  # one of them is absent
    POSSIBLE = 2  # an initial, a short form
    NEAR = 3  # a slip of the keyboard apart
    SAME = 4


@lru_cache(maxsize=1 << 18)
def alike(one: str | None, other: str | None) -> Likeness:
    """How two given or two family names compare, whatever their capitals and marks."""
    a, b = folded(one or ""), folded(other or "")
    if not a or not b:
        return Likeness.UNKNOWN
    if _same_letters(a, b):
        return Likeness.SAME
    first, second = sorted((a.replace(" ", ""), b.replace(" ", "")), key=len)
    if _same_letters(first, second):
        return Likeness.SAME
    if _initials(a, b) or _initials(b, a) or (len(first) >= 3 and second.startswith(first)):
        return Likeness.POSSIBLE
    if min(len(first), len(second)) >= 3 and slips(first, second) <= (1 if len(first) < 8 else 2):
        return Likeness.NEAR
    return Likeness.CONTRADICT


def _same_letters(a: str, b: str) -> bool:
    return len(a) == len(b) and all(x == y or "?" in (x, y) for x, y in zip(a, b, strict=True))


def _initials(short: str, long: str) -> bool:
    letters, words = short.split(), long.split()
    return (
        all(len(letter) == 1 for letter in letters)
        and len(letters) <= max(len(words), 1)
        and all(word.startswith(letter) for letter, word in zip(letters, words, strict=False))
    )


@lru_cache(maxsize=1 << 18)
def slips(a: str, b: str) -> int:
    """Letters to insert, drop, change or swap with their neighbour (Damerau 1964, restricted); `?` is any letter."""
    if abs(len(a) - len(b)) > 2:
        return 3
    rows: list[list[int]] = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (x != y and "?" not in (x, y)))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
