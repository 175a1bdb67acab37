"""The same words with what identifies people taken out: known names first of all, then everything of a telling form.

Own patterns and phonenumbers' matcher, not presidio: its import takes three seconds and a language model it does not
use here, and its recognisers check sums, while people mistype their numbers.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

import phonenumbers

from ingest.names import PersonName
from ingest.normalise import folded

_STREET_ENDS = (
    "straße|strasse|str\\.|gasse|allee|platz|weg|ring|damm|ufer|"
    "street|road|avenue|lane|drive|court|square|boulevard|terrace|close|way"
)

# From the surest form to the loosest; each leaves a bracketed kind that no later pattern touches.
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE), "[URL]"),
    (re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"), "[EMAIL]"),
    (re.compile(r"(?<![\w@])@\w[\w.-]+"), "[HANDLE]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?\b"), "[NUMBER]"),  # IBAN, ISO 13616
    (re.compile(r"(?<![\w+])\d(?:[ -]?\d){12,18}(?!\w)"), "[NUMBER]"),  # payment cards, ISO/IEC 7812
    (re.compile(r"\b(?:chat_[0-9a-f]{6,}|CL-[0-9a-f]{6,}|00[013][0-9A-Za-z]{12,15})\b"), "[NUMBER]"),
    (
        re.compile(r"\b(?:K|SHP|A|R|CS|PX|CMP|tkt|ticket)[-\s#:]{0,2}(?=[0-9a-f]*\d)[0-9a-f]{5,}\b", re.IGNORECASE),
        "[NUMBER]",
    ),
    (re.compile(r"\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})\b"), "[DATE]"),
    (
        re.compile(
            r"\b\d{1,2}\.? (?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])\w*\.? \d{2,4}\b",
            re.IGNORECASE,
        ),
        "[DATE]",
    ),
    (re.compile(rf"\b[\w.'-]*(?:{_STREET_ENDS})\s+\d{{1,4}}\s?[a-z]?\b", re.IGNORECASE), "[ADDRESS]"),
    (re.compile(rf"\b\d{{1,5}} (?:[\w.'-]+ ){{1,3}}(?:{_STREET_ENDS})\b", re.IGNORECASE), "[ADDRESS]"),
    (
        re.compile(
            r"\b(?:rue|calle|c/|avenida|ul\.|ulica|boulevard|chemin)\s+(?:[\w.'-]+ ){1,4}\d{1,4}\b", re.IGNORECASE
        ),
        "[ADDRESS]",
    ),
    # A number, a street and the comma before the town, in languages that write the number first.
    (re.compile(r"\b\d{1,5},? (?:[^\W\d_][\w.'’-]* ){0,3}[A-ZÀ-Ž][\w.'’-]+(?=, \S)"), "[ADDRESS]"),
    # Postal code (five digits, Poland's, the United Kingdom's) and town.
    (
        re.compile(
            r"\b(?:\d{5}|\d{2}-\d{3}|[A-Z]{1,2}\d[A-Z\d]? ?\d{1,2}[A-Z]{2})(?: [A-ZÀ-ŽŁŚŻ][\w'’-]+){1,3}"
            r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d{1,2}[A-Z]{2}\b"
        ),
        "[ADDRESS]",
    ),
)
_SHORTEST_PHONE = 7
_LOOSE_PHONE = re.compile(r"(?<![\w.,])\+?\(?\d(?:[\s()./-]{0,2}\d){7,14}(?![\w])")
_LONG_NUMBER = re.compile(r"(?<![\w.,])\d{5,}(?![\w]|[.,]\d)")
_NAMED_FIRST = re.compile(r"^\s*[^\W\d_][\w'.?-]+(?: [^\W\d_][\w'.?-]*){1,3}(?= - )", re.MULTILINE)
_SIGNED = re.compile(
    r"((?:^|\n)\s*(?:regards|best regards|kind regards|sincerely|thanks|mit freundlichen grüßen|viele grüße|gruß|"
    r"un saludo|saludos|cordialement|bien à vous|pozdrawiam|z poważaniem|saygılarımla)\s*,?\s*\n)[^\n]{1,80}\s*$",
    re.IGNORECASE,
)
_CAPITALISED_PAIR = re.compile(r"\b([^\W\d_][\w'-]+)(, | )(?=([^\W\d_][\w'-]+))")


class Redactor:
    """Takes out what identifies people. `people` are the names of everyone the company knows."""

    def __init__(self, people: Iterable[PersonName], regions: Iterable[str]) -> None:
        self._given: set[str] = set()
        self._family: set[str] = set()
        for name in people:
            self._given |= set(name_words([name.given]))
            self._family |= set(name_words([name.family]))
        self._regions = tuple(regions)

    def __call__(self, text: str | None, known: frozenset[str] = frozenset()) -> str | None:
        """The text with bracketed kinds in place of what identifies. `known` are the words that name its people."""
        if not text:
            return text
        for step in (
            lambda told: _NAMED_FIRST.sub("[NAME]", told),
            lambda told: _SIGNED.sub(r"\1[NAME]", told),
            _forms,
            self._phones,
            lambda told: _LOOSE_PHONE.sub("[PHONE]", told),
            lambda told: _LONG_NUMBER.sub("[NUMBER]", told),
            lambda told: _known_names(told, known),
            self._names_of_others,
        ):
            text = step(text)
        return re.sub(r"\[NAME\](?:[\s,]{1,2}\[NAME\])+", "[NAME]", text)

    def _phones(self, text: str) -> str:
        if sum(letter.isdigit() for letter in text) < _SHORTEST_PHONE:
            return text
        for region in self._regions:
            matches = list(phonenumbers.PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.POSSIBLE))
            for match in reversed(matches):
                if sum(letter.isdigit() for letter in match.raw_string) < _SHORTEST_PHONE:
                    continue
                text = f"{text[: match.start]}[PHONE]{text[match.end :]}"
        return text

    def _names_of_others(self, text: str) -> str:
        """A given name beside a family name of people the company knows, in either order."""

        def both(first: str, second: str) -> bool:
            a, b = folded(first), folded(second)
            return (a in self._given and b in self._family) or (a in self._family and b in self._given)

        found = [
            (match.start(1), match.end(3))
            for match in _CAPITALISED_PAIR.finditer(text)
            if match[1][0].isupper() and match[3][0].isupper() and both(match[1], match[3])
        ]
        for start, end in reversed(found):
            text = f"{text[:start]}[NAME]{text[end:]}"
        return text


def name_words(texts: Iterable[str | None]) -> tuple[str, ...]:
    """The folded words of names, without initials."""
    return tuple(dict.fromkeys(word for text in texts if text for word in folded(text).split() if len(word) > 1))


def _forms(text: str) -> str:
    for pattern, kind in _FORMS:
        text = pattern.sub(kind, text)
    return text


_WORD = re.compile(r"\[[A-Z]+\]|[^\W\d_]+(?:['’-][^\W\d_]+)*")


def _known_names(text: str, known: frozenset[str]) -> str:
    if not known:
        return text
    return _WORD.sub(_replacing(known), text)


@lru_cache(maxsize=256)
def _replacing(known: frozenset[str]) -> Callable[[re.Match[str]], str]:
    def replace(word: re.Match[str]) -> str:
        written = word[0]
        if written.startswith("["):
            return written
        parts = folded(written).split()
        # Two letters are a name only where they begin with a capital: "Jo", not "jo" of another language.
        hit = any(part in known and (len(part) > 2 or written[0].isupper()) for part in (*parts, "".join(parts)))
        return "[NAME]" if hit else written

    return replace
