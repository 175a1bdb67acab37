"""Words of texts in one spelling, and how much each of them tells of what a text is about.

No list of stop words in any language: a word that stands in texts of every kind of case (a greeting, a phrase of
impatience) tells nothing, and one whose texts end up in few kinds of cases tells much. What tells how much is the
divergence of the kinds of cases of its texts from those of all texts (Kullback and Leibler, 1951), less what chance
alone makes of so few texts.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Words = Mapping[str, int]
"""The words of a text, each with how often it stands there."""

STEM = 6
"""Letters that are compared: endings differ more than beginnings do, in every language that the alphabet writes."""
RAREST = 3
"""A word of fewer texts is a slip of the pen or a name."""
_PLACEHOLDER = re.compile(r"\[[A-Z]+\]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_UNTOLD = 0.5  # how much a word tells of which no case is known, as a share of what the others tell


def words(text: str) -> Counter[str]:
    """The words of a text without marks and endings; neither numbers nor placeholders of what was taken out."""
    return Counter(word[:STEM] for word in spelled(text))


def spelled(text: str) -> list[str]:
    """The words of a text with their endings, in lower case and without marks."""
    bare = unicodedata.normalize("NFKD", _PLACEHOLDER.sub(" ", text).casefold())
    plain = "".join(letter for letter in bare if not unicodedata.combining(letter))
    # A word with a digit in it is an identifier.
    kept = (part for part in re.split(r"[^\w]+", plain) if part and not any(map(str.isdigit, part)))
    return [word for part in kept for word in _WORD.findall(part)]


@dataclass(frozen=True, slots=True)
class Telling:
    """How often each word is seen, and how much it tells, in nats."""

    texts: int
    seen: Mapping[str, int]
    tells: Mapping[str, float]

    def weigh(self, counted: Words) -> dict[str, float]:
        """The words of a text that tell something, with weights; each counts once."""
        return {word: weight for word in counted if (weight := self.tells.get(word, 0.0)) > 0}


def telling(texts: Iterable[Words], kinds: Iterable[tuple[Words, str]]) -> Telling:
    """Learn from all texts, and from those of which the kind of case is known."""
    seen: Counter[str] = Counter()
    number = 0
    for one in texts:
        seen.update(one.keys())
        number += 1
    by_word: dict[str, Counter[str]] = defaultdict(Counter)
    of_kind: Counter[str] = Counter()
    for counted, kind in kinds:
        if not kind:
            continue
        of_kind[kind] += 1
        for word in counted:
            by_word[word][kind] += 1
    told = {
        word: _divergence(by_word[word], of_kind) for word, count in seen.items() if count >= RAREST and by_word[word]
    }
    if not any(told.values()):
        told = {}  # one kind of case tells nothing apart
    usual = _UNTOLD * sum(told.values()) / len(told) if told else 1.0
    rarity = {word: math.log(number / count) for word, count in seen.items() if count >= RAREST}
    return Telling(number, seen, {word: told.get(word, usual) * rare for word, rare in rarity.items()})


def _divergence(kinds: Counter[str], of_kind: Counter[str]) -> float:
    """How far the kinds of cases of one word are from those of all, less what chance makes of so few; never below 0."""
    whole, everything = kinds.total(), of_kind.total()
    found = sum(count / whole * math.log(count / whole * everything / of_kind[kind]) for kind, count in kinds.items())
    return max(found - (len(kinds) - 1) / (2 * whole), 0.0)
