"""Lucene: the words of a text, as the analyzer of our full-text indexes cuts them, and a query that finds them.

Words are cut as Unicode UAX #29 says, like Lucene's StandardTokenizer does: `O'Neil` and `jane.doe` are one word each,
`K-17` and `a@b` are two. Letters count as alike whatever their case and accents. The query holds nothing but literal
letters, each with its accented forms, between marks of our own, so no text can become an operator of the language.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from schema.errors import ValueInvalid

ANALYZER = "standard-no-stop-words"
"""Others drop words that are names (Will, An, No) or cut words down to a stem."""
LONGEST_TEXT = 200

_ACCENTS = range(0x300, 0x370)
_ALSO_ALIKE = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "ς": "σ"}
_WITH_ACCENTS = (*range(0x80, 0x530), *range(0x1E00, 0x2000))
_JOINING = dict.fromkeys(":·․", "L") | dict.fromkeys(".'’‘", "B") | dict.fromkeys(",;", "D")
# Letters A, digits N, underscores U, marks M; L, B and D join letters, both, and digits; I, K and S are Asian scripts.
_WORD = re.compile(r"IM*|S[SM]*|K[KM]*|(?:AM*(?:[LB]M*(?=A))?|NM*(?:[DB]M*(?=N))?|UM*)+")
_ONE_BY_ONE = (
    (0x3005, 0x3008),
    (0x3040, 0x30A0),
    (0x3400, 0x4DC0),
    (0x4E00, 0xA000),
    (0xF900, 0xFB00),
    (0x20000, 0x32000),
)
_KATAKANA = ((0x30A0, 0x3100), (0x31F0, 0x3200), (0xFF66, 0xFFA0))
_UNSPACED = ((0x0E00, 0x0F00), (0x1000, 0x10A0), (0x1780, 0x1800))


def words(text: str) -> tuple[str, ...]:
    """The words of a text, each once, in lower case and without accents."""
    kinds = "".join(map(_kind, text))
    found = (text[one.start() : one.end()] for one in _WORD.finditer(kinds) if one[0].strip("UM"))
    return tuple(dict.fromkeys(folded(word) for word in found))


def folded(text: str) -> str:
    """Letters that count as alike become the same."""
    return "".join(map(_folded, text))


def query(text: str) -> str | None:
    """Finds what holds every word of the text as the beginning of a word; None for a text without a word.

    To be put behind `field:`. Raises ValueInvalid for a text that is longer than people type.
    """
    if len(text) > LONGEST_TEXT:
        raise ValueInvalid(f"A text to search for has at most {LONGEST_TEXT} characters.")
    found = [f"+/{''.join(map(_alike, word))}.*/" for word in words(text)]
    return f"({' '.join(found)})" if found else None


@cache
def _kind(char: str) -> str:
    code, category = ord(char), unicodedata.category(char)
    if char in _JOINING:
        return _JOINING[char]
    for kind, ranges in (("I", _ONE_BY_ONE), ("K", _KATAKANA), ("S", _UNSPACED)):
        if category[0] in "LMN" and any(first <= code < end for first, end in ranges):
            return kind
    if category in ("Nd", "Pc"):
        return "N" if category == "Nd" else "U"
    if category[0] == "M" or category == "Cf":
        return "M"
    return "A" if category[0] == "L" or category == "Nl" else "X"


@cache
def _folded(char: str) -> str:
    bare = "".join(one for one in unicodedata.normalize("NFD", char.lower()) if ord(one) not in _ACCENTS)
    kept = bare if len(bare) < 2 else char.lower()
    return _ALSO_ALIKE.get(kept, kept)


@cache
def _forms() -> Mapping[str, str]:
    """Every letter of the alphabets that have accents, with all lower-case letters that fold to it."""
    forms: dict[str, str] = {}
    for char in map(chr, _WITH_ACCENTS):
        if char.isalpha() and char.lower() == char and (base := _folded(char)) != char:
            forms[base] = forms.get(base, base) + char
    return forms


def _alike(char: str) -> str:
    """One letter as a regular expression of Lucene, which knows no case and no accents of its own."""
    if char.isalpha():
        accents = f"[{chr(_ACCENTS.start)}-{chr(_ACCENTS.stop - 1)}]*"
        return f"[{_forms().get(char, char)}]{accents}"
    return char if char.isalnum() or ord(char) > 0x7F else f"\\{char}"
