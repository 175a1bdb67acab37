"""Which records are compared at all: those that share one of these keys.

A key that very many records share tells nothing and is left out. The same keys find candidates for one new record in
an index (`ingest.match.candidates`).
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from ingest.match.features import code, plain, road, street
from ingest.match.keys import LARGEST_BLOCK, Key, Pair, handles
from ingest.normalise import folded
from ingest.records import Profile

_LETTERS = 3
_NUMBER = re.compile(r"\d+")
_SHELVES = 64
_Shelf = tuple["array[int]", "array[int]"]

MOST_PAIRS = 30
"""So many pairs for each record are compared at most, on the average."""


def keys(profile: Profile) -> Iterator[str]:
    """The keys under which one record is looked for."""
    yield from handles(profile)
    yield f"key {profile.key}"
    yield from (f"key {number}" for number in profile.references)
    given, family = plain(profile.name.given) or "", plain(profile.name.family) or ""
    lives = code(profile.address.postal_code)
    if profile.birth_date:
        yield from (f"born {profile.birth_date} {name[:1]}" for name in {given, family} if name)
        yield f"born {profile.birth_date.month} {profile.birth_date.day} {' '.join(sorted((given, family)))}"
    if profile.address.place:
        yield f"lives {profile.address.place}"
        yield f"street {street(profile.address.place)}"
    if lives:
        # Digits of a code are often typed in the wrong order.
        digits = "".join(sorted(lives))
        for name in {given, family} - {""}:
            yield f"at {lives} {name[:2]}"
            yield f"at {digits} {name[:4]}"
    city = plain(profile.address.city)
    # Some write the lines of an address in each other's place.
    lines = {line for line in (road(profile.address.line1), road(profile.address.line2)) if line}
    if profile.address.line2 and city:
        yield f"second {folded(profile.address.line2)} {city}"
        yield f"second {folded(profile.address.line2)} {lives or ''}"
    for name in {given, family} - {""}:
        yield from (f"along {line} {name[:1]}" for line in lines)
    for line in lines:
        if lives:
            yield f"along {line} {lives}"
        yield from (f"along {line} {number}" for number in _NUMBER.findall(profile.address.line1 or "")[:1])
    if profile.address.line1 and city and (numbers := _NUMBER.findall(profile.address.line1)):
        yield f"house {numbers[0]} {city}"
    if given or family:
        yield from (f"in {city} {name[:_LETTERS]}" for name in {given, family} if city and name)
    if given and family:
        yield f"called {' '.join(sorted((given, family)))}"


def pairs(profiles: Mapping[Key, Profile]) -> Iterator[Pair]:
    """The pairs to compare, each once and in order.

    Where keys leave very many pairs, those that most records share are left out first (block purging, Papadakis et
    al. 2020): among a million records a street or a birth date tells less than among a thousand. Keys are kept as
    numbers, so that very many records take little memory; two keys of one number only compare a pair more.
    """
    listed = sorted(profiles)
    shelves = _shelved(profiles[key] for key in listed)
    most = _largest(shelves, MOST_PAIRS * len(listed))
    runs = [array("Q") for _ in range(_SHELVES)]
    width = len(listed) // _SHELVES + 1
    while shelves:
        for block in _blocks(shelves.pop(), most):
            for one, other in combinations(block, 2):
                runs[one // width].append(one * len(listed) + other)
    for run in runs:
        for together in sorted(set(run)):
            one, other = divmod(together, len(listed))
            yield listed[one], listed[other]


def _shelved(profiles: Iterable[Profile]) -> list[_Shelf]:
    """Keys as numbers, with the places of their records; all of a key are on one shelf."""
    shelves = [(array("q"), array("I")) for _ in range(_SHELVES)]
    for place, profile in enumerate(profiles):
        for number in {hash(text) for text in keys(profile)}:
            numbers, places = shelves[number % _SHELVES]
            numbers.append(number)
            places.append(place)
    return shelves


def _blocks(shelf: _Shelf, most: int) -> Iterator[list[int]]:
    """The places of the records that share a key: not those of a key that more than so many share."""
    by: dict[int, list[int]] = {}
    for number, place in zip(*shelf, strict=True):
        by.setdefault(number, []).append(place)
    yield from (found for found in by.values() if 1 < len(found) <= most)


def _largest(shelves: Sequence[_Shelf], budget: int) -> int:
    """How many records may share a key, so that no more pairs than this are left."""
    sizes = Counter(size for numbers, _ in shelves for size in Counter(numbers).values())
    left = budget
    for size in range(2, LARGEST_BLOCK + 1):
        left -= sizes[size] * size * (size - 1) // 2
        if left < 0:
            return size - 1
    return LARGEST_BLOCK
