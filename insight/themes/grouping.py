"""From texts to groups: which of them are about one thing, whatever their language and whoever wrote them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from insight.contacts import Key
from insight.themes.bundles import Bundle, Told, bundles, title_key
from insight.themes.mixture import settled
from insight.themes.seeds import apart, seeds_of_titles, seeds_of_ways
from insight.themes.vectors import joined
from insight.themes.words import Telling, Words, telling, words

LEAST_FIT = 0.3
"""So much better than all texts together a group has to explain a text (nats for each word, weighted)."""
GROUPS_ALIKE = 0.15
"""Cosine from which on two groups are one: what their texts are together says it surer than what titles are."""
FEWEST = 5
"""Ways of saying that no title leads to are a group from so many bundles on."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """The group of each text and case: by all that is known to be about the same, and by its words alone."""

    of: Mapping[Key, str]
    alone: Mapping[Key, str]


def grouped(told: Sequence[Told], titles: Mapping[Key, str], links: Iterable[tuple[Key, Key]]) -> Grouping:
    """Group texts and cases. `titles` are those of cases; `links` are case and contact.

    Groups are called by the first of their members, so that the same texts make the same groups in any order.
    """
    linked = tuple(sorted(links))
    texts = sorted(told, key=lambda one: one.key)
    gathered = bundles(texts, titles, linked)
    counted = {one.key: words(one.text) for one in texts if not one.desk}
    kinds = [
        (counted[contact], title_key(titles[case])) for case, contact in linked if contact in counted and case in titles
    ]
    known = telling([*counted.values(), *(words(titles[case]) for case in sorted(titles))], kinds)
    bags = [bundle.words for bundle in gathered]
    seeds = _titled(gathered, seeds_of_titles(kinds, known))
    found, groups = settled(bags, seeds, known, LEAST_FIT)
    if vague := _vague(gathered, seeds, found):
        seeds = {group: places for group, places in seeds.items() if group not in vague}
        found, groups = settled(bags, seeds, known, LEAST_FIT)
    left = [place for place, group in enumerate(found) if group is None and bags[place]]
    ways = seeds_of_ways([bags[place] for place in left], known, FEWEST)
    if ways:
        anew: dict[str, list[int]] = defaultdict(list)
        for place, group in enumerate(found):
            if group:
                anew[group].append(place)
        for number, way in enumerate(ways):
            anew[f"way {number}"] = [left[place] for place in way]
        found, groups = settled(bags, anew, known, LEAST_FIT)
    if together := alike(bags, found, known):
        found, groups = settled(bags, together, known, LEAST_FIT)
    called = _called(gathered, found)
    names = {group: name for group in groups.odds if (name := called.get(group))}
    own = counted | {key: words(title) for key, title in titles.items()}
    alone = {key: names.get(groups.best(one, known, LEAST_FIT)[0] or "") for key, one in sorted(own.items())}
    return Grouping(
        {key: called[group] for bundle, group in zip(gathered, found, strict=True) if group for key in bundle.members},
        {key: group for key, group in alone.items() if group},
    )


def _titled(gathered: Sequence[Bundle], groups: Iterable[Sequence[str]]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, bundle in enumerate(gathered):
        for title in bundle.titles:
            places[title].append(place)
    return {
        f"title {number}": sorted({place for title in titles for place in places[title]})
        for number, titles in enumerate(groups)
    }


def alike(bags: Sequence[Words], found: Sequence[str | None], known: Telling) -> dict[str, list[int]]:
    """Groups whose texts turned out to be alike, joined: the places of their bundles; nothing where none are."""
    members: dict[str, list[int]] = defaultdict(list)
    for place, group in enumerate(found):
        if group:
            members[group].append(place)
    names = sorted(members)
    usual: Counter[str] = Counter(word for bag in bags for word in bag)
    vectors = [apart([bags[place] for place in members[name]], usual, known) for name in names]
    together = joined(vectors, GROUPS_ALIKE)
    if len(together) == len(names):
        return {}
    return {names[group[0]]: sorted(place for one in group for place in members[names[one]]) for group in together}


def _vague(
    gathered: Sequence[Bundle], seeds: Mapping[str, Sequence[int]], found: Sequence[str | None]
) -> frozenset[str]:
    """Titles that say nothing: most of their cases of which the customer's words are known went elsewhere for these."""
    spoken = {group: [found[place] for place in places if gathered[place].spoken] for group, places in seeds.items()}
    return frozenset(group for group, where in spoken.items() if where.count(group) < len(where) / 2)


def _called(gathered: Sequence[Bundle], found: Sequence[str | None]) -> dict[str, str]:
    """A name for each group: its first member's."""
    first: dict[str, Key] = {}
    for bundle, group in zip(gathered, found, strict=True):
        if group:
            first[group] = min(first.get(group, bundle.members[0]), *bundle.members)
    return {group: ":".join(key) for group, key in first.items()}
