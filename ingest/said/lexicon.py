"""What single words mean here, in each language: `words.toml`, read once, and forgiving of one wrong letter."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

_WORDS = Path(__file__).parent / "words.toml"
_EVERYWHERE = "any"
_COMMON = "common"
_GAP = 4
# Where verbs come in two parts these stand far from one another, and a denial may follow what it denies.
_GAP_IN_PARTS = 9
_IN_PARTS = frozenset({"de", "nl"})
# Shorter words lie too near to one another: "mails" is one letter from "malls", "died" from "tied".
_LONG_ENOUGH = 6
_LONGER = 7

Marks = frozenset[str]
"""The meanings of a word."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words that mean something together. Between two there may be others where `gap` says so."""

    parts: tuple[str, ...]
    gaps: tuple[bool, ...]
    meaning: str


class Lexicon:
    """The words of one language, with those that are the same everywhere."""

    def __init__(self, tables: Sequence[Mapping[str, str]], *, in_parts: bool = False) -> None:
        self.in_parts = in_parts
        self._gap = _GAP_IN_PARTS if in_parts else _GAP
        self.common = frozenset(tables[-1].get(_COMMON, "").split())
        self._whole: dict[str, set[str]] = defaultdict(set)
        self._stems: dict[str, set[str]] = defaultdict(set)
        self._phrases: dict[str, list[_Phrase]] = defaultdict(list)
        for table in tables:
            for meaning, words in table.items():
                for word in words.split() if meaning != _COMMON else ():
                    self._enter(word, meaning)
        self._longest = max(map(len, self._stems), default=0)
        self._near: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        for word, stem in [*((one, False) for one in self._whole), *((one, True) for one in self._stems)]:
            if len(word) >= _LONG_ENOUGH:
                self._near[word[0]].append((word, stem))
        self.mean = lru_cache(maxsize=32768)(self._mean)

    def _enter(self, word: str, meaning: str) -> None:
        if "_" in word or "~" in word:
            pieces = word.replace("~", "_~").split("_")
            parts = tuple(piece.removeprefix("~") for piece in pieces)
            gaps = tuple(piece.startswith("~") for piece in pieces)
            self._phrases[parts[0][:2]].append(_Phrase(parts, gaps, meaning))
        elif word.endswith("*"):
            self._stems[word[:-1]].add(meaning)
        else:
            self._whole[word].add(meaning)

    def knows(self, word: str) -> bool:
        """Whether a word is one of this language, as far as its words are known here."""
        return word in self.common or word in self._whole

    def _is_here(self, word: str) -> bool:
        return word in self._whole or any(word[:end] in self._stems for end in range(3, len(word) + 1))

    def _mean(self, word: str) -> Marks:
        found = set(self._whole.get(word, ()))
        for end in range(min(self._longest, len(word)), 2, -1):
            found |= self._stems.get(word[:end], set())
        if not found and len(word) >= _LONG_ENOUGH - 1 and not _is_known(word):
            for near, stem in self._near.get(word[0], ()):
                if _is_near(word, near, stem=stem):
                    found |= self._stems[near] if stem else self._whole[near]
        return frozenset(found)

    def marked(self, words: Sequence[str], names: frozenset[str] = frozenset()) -> tuple[Marks, ...]:
        """The meanings of each word; what words mean together stands at the first of them. A name is never misspelt."""
        marks = [frozenset[str]() if word in names and not self._is_here(word) else self.mean(word) for word in words]
        for at, word in enumerate(words):
            for phrase in self._phrases.get(word[:2], ()):
                if _begins(words, at, phrase, self._gap):
                    marks[at] |= {phrase.meaning}
        return tuple(marks)


def _begins(words: Sequence[str], at: int, phrase: _Phrase, reach_of_gaps: int) -> bool:
    """Whether a phrase begins at a word."""
    if not _fits(words[at], phrase.parts[0]):
        return False
    for part, gap in zip(phrase.parts[1:], phrase.gaps[1:], strict=True):
        reach = range(at + 1, min(at + 2 + (reach_of_gaps if gap else 0), len(words)))
        found = next((place for place in reach if _fits(words[place], part)), None)
        if found is None:
            return False
        at = found
    return True


def _fits(word: str, part: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part


def _is_near(word: str, near: str, *, stem: bool) -> bool:
    """Whether one letter is wrong, missing, too many, or two have changed places; of short words none is missing."""
    if stem:
        return any(
            OSA.distance(word[: len(near) + more], near, score_cutoff=1) <= 1
            for more in ((-1, 0, 1) if len(near) >= _LONGER else (0,))
        )
    if len(word) != len(near) and len(near) < _LONGER:
        return (
            len(near) == _LONG_ENOUGH and len(word) == len(near) - 1 and OSA.distance(word, near, score_cutoff=1) <= 1
        )
    return abs(len(word) - len(near)) <= 1 and OSA.distance(word, near, score_cutoff=1) <= 1


@cache
def lexicons() -> Mapping[str, Lexicon]:
    """The lexicon of each language, by ISO 639-1."""
    tables = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    everywhere = tables.pop(_EVERYWHERE)
    return {
        language: Lexicon((everywhere, table), in_parts=language in _IN_PARTS) for language, table in tables.items()
    }


@lru_cache(maxsize=32768)
def _is_known(word: str) -> bool:
    return any(one.knows(word) for one in lexicons().values())


def spoken_in(words: Iterable[str], told: str | None = None) -> tuple[str, ...]:
    """The languages whose words a text has most of; all with as many. What is told of it weighs like two words."""
    scores: dict[str, float] = {language: 2.0 * (language == told) for language in lexicons()}
    for word in words:
        for language, lexicon in lexicons().items():
            scores[language] += 1.0 * (word in lexicon.common) + 0.6 * bool(lexicon.mean(word))
    best = max(scores.values())
    return tuple(language for language, score in scores.items() if score == best)
