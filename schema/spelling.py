"""Spelling: texts without what people write one way or the other, to compare what someone says with what is stored."""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

LETTERS: Mapping[str, str] = MappingProxyType(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "ø": "o",
        "å": "a",
        "æ": "ae",
        "ł": "l",
        "ı": "i",
        "đ": "d",
        "œ": "oe",
        "ς": "σ",
    }
)
"""Letters that are written as others where a keyboard lacks them."""
PLAIN = {ord(letter): written for letter, written in LETTERS.items()}
"""The same as `str.translate` takes it."""
STREET_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "street": "st",
        "road": "rd",
        "drive": "dr",
        "lane": "ln",
        "avenue": "av",
        "ave": "av",
        "calle": "c",
        "cl": "c",
        "ulica": "",
        "ul": "",
        "strasse": "str",
    }
)
"""Words of addresses that are as often written short."""
STRASSE = ("strasse", "str")
"""The one word that is written together with the name before it."""


def words(text: str) -> list[str]:
    """The words of a text: letters and digits alone, in lower case and without marks."""
    lowered = unicodedata.normalize("NFC", text.lower()).translate(PLAIN)
    bare = "".join(
        letter if unicodedata.category(letter)[0] in "LN" else "" if unicodedata.category(letter)[0] == "M" else " "
        for letter in unicodedata.normalize("NFKD", lowered)
    )
    return bare.split()


def bare(text: str) -> str:
    """A text as one word: `AB 12-345` and `ab12345` are one."""
    return "".join(words(text))


def street(text: str) -> str:
    """A line of an address as one word: `Main Street 12` and `main st. 12` are one."""
    found = (STREET_WORDS.get(word, word) for word in words(text))
    return "".join(re.sub(f"{STRASSE[0]}$", STRASSE[1], word) for word in found)
