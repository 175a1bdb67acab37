"""What groups begin with: titles that the desk uses alike, and ways of saying that come again where no title helps.

Two titles are alike where the words of the contacts of their cases are. So the desk's titles are a bridge between
languages: a German mail and a Polish chat meet in cases of one title, and two titles meet in their mails.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from insight.themes.vectors import Vector, cosine, joined, length
from insight.themes.words import Telling, Words

TITLES_ALIKE = 0.4
"""Cosine from which on titles mean one thing."""
WAYS_ALIKE = 0.5
"""Cosine from which on two texts say one thing in one way."""
_FEWEST = 2
_MOST_WAYS = 300
_ODD = 0.5


def seeds_of_titles(kinds: Sequence[tuple[Words, str]], known: Telling) -> list[tuple[str, ...]]:
    """Titles that mean one thing, from the words of contacts and the titles of their cases."""
    rows: dict[str, list[Words]] = defaultdict(list)
    usual: Counter[str] = Counter()
    for counted, title in kinds:
        rows[title].append(counted)
        usual.update(counted.keys())
    titles = sorted(title for title, texts in rows.items() if title and len(texts) >= _FEWEST)
    vectors = [apart(rows[title], usual, known) for title in titles]
    return [tuple(titles[place] for place in group) for group in joined(vectors, TITLES_ALIKE)]


def apart(texts: Iterable[Words], usual: Counter[str], known: Telling) -> Vector:
    """What sets these texts apart: pointwise mutual information of words, weighted by how much they tell."""
    seen = Counter(word for counted in texts for word in counted if known.tells.get(word, 0) > 0)
    share = seen.total() / (usual.total() or 1)
    found = {word: math.log((count + _ODD) / (usual[word] * share + _ODD)) for word, count in seen.items()}
    return {word: value * math.sqrt(known.tells[word]) for word, value in found.items() if value > 0}


def seeds_of_ways(texts: Sequence[Words], known: Telling, fewest: int) -> list[list[int]]:
    """Ways of saying that come again, as places of texts; the most frequent ones first."""
    vectors: dict[tuple[str, ...], Vector] = {}
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, counted in enumerate(texts):
        if weights := known.weigh(counted):
            form = tuple(sorted(weights))
            vectors[form] = weights
            places[form].append(place)
    ways = _ways(vectors, places)
    chosen = sorted((way for way in ways if len(way) >= fewest), key=lambda way: (-len(way), way))[:_MOST_WAYS]
    middles = [_middle([known.weigh(texts[place]) for place in way]) for way in chosen]
    return [sorted(place for one in group for place in chosen[one]) for group in joined(middles, TITLES_ALIKE)]


def _ways(
    vectors: Mapping[tuple[str, ...], Vector], places: Mapping[tuple[str, ...], Sequence[int]]
) -> list[list[int]]:
    """Each form of words goes to the most alike form that is more frequent, or begins a way of its own."""
    leading: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    ways: dict[tuple[str, ...], list[int]] = {}
    for form in sorted(places, key=lambda one: (-len(places[one]), one)):
        vector = vectors[form]
        near = {leader for word in form for leader in leading[word]}
        best = max(((cosine(vector, vectors[leader]), leader) for leader in near), default=(0.0, form))
        if best[0] >= WAYS_ALIKE:
            ways[best[1]].extend(places[form])
            continue
        ways[form] = list(places[form])
        for word in form:
            leading[word].append(form)
    return list(ways.values())


def _middle(vectors: Sequence[Vector]) -> Vector:
    """The mean of vectors of unit length."""
    found: dict[str, float] = defaultdict(float)
    for vector in vectors:
        size = length(vector)
        for word, value in vector.items():
            found[word] += value / size / len(vectors)
    return found
