"""Which records are compared at all: those that share one of these keys.

A key that very many records share tells nothing and is left out. The same keys find candidates for one new record in
an index (`ingest.match.candidates`).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

from ingest.match.features import code, plain, street
from ingest.match.keys import LARGEST_BLOCK, Key, Pair, handles
from ingest.normalise import folded
from ingest.records import Profile

_LETTERS = 3
_NUMBER = re.compile(r"\d+")


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
        yield from (f"at {''.join(sorted(lives))} {name[:2]}" for name in {given, family} if name)
    city = plain(profile.address.city)
    if profile.address.line2 and city:
        yield f"second {folded(profile.address.line2)} {city}"
        yield f"second {folded(profile.address.line2)} {lives or ''}"
    if profile.address.line1 and city and (numbers := _NUMBER.findall(profile.address.line1)):
        yield f"house {numbers[0]} {city}"
    if given or family:
        yield from (f"in {city} {name[:_LETTERS]}" for name in {given, family} if city and name)
    if given and family:
        yield f"called {' '.join(sorted((given, family)))}"


def blocks(profiles: Mapping[Key, Profile]) -> Iterator[tuple[Key, ...]]:
    """Groups of records that share a key."""
    by: dict[str, list[Key]] = defaultdict(list)
    for key, one in profiles.items():
        for under in dict.fromkeys(keys(one)):
            by[under].append(key)
    yield from (tuple(sorted(found)) for found in by.values() if 1 < len(found) <= LARGEST_BLOCK)


def pairs(profiles: Mapping[Key, Profile]) -> list[Pair]:
    """The pairs to compare, each once and in order."""
    return sorted({pair for block in blocks(profiles) for pair in combinations(block, 2)})
