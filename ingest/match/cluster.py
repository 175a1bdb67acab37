"""From links between pairs to persons: clusters that grow from the surest link down and never hold a contradiction.

Within a rank all links count at once. A cluster that could join two others which exclude each other joins neither, and
its records wait for a person. What a person decided stands above all: `same` joins first, whatever contradicts,
`different` keeps apart for ever.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from ingest.match.exclude import Exclusions
from ingest.match.keys import Key, Pair, pair_of
from ingest.match.rules import Link

_BAND = 3.0
"""Bits: weak links of one band count at once."""
_MARGIN = 6.0
"""Bits: a rival that is weaker by less leaves it open which of the two is right."""


class Clustering:
    """Clusters of records. `judge` says of two clusters what keeps them apart."""

    def __init__(self, keys: Iterable[Key], judge: Exclusions, different: Collection[Pair] = ()) -> None:
        self._judge = judge
        self._parted: dict[Key, set[Key]] = defaultdict(set)
        for one, other in different:
            self._parted[one].add(other)
            self._parted[other].add(one)
        self._cluster: dict[Key, Key] = {key: key for key in keys}
        self._members: dict[Key, list[Key]] = {key: [key] for key in self._cluster}
        self.asked: set[Pair] = set()
        """Pairs whose link was not followed, for something speaks against it."""

    def clusters(self) -> Iterable[Sequence[Key]]:
        """The members of each cluster."""
        return self._members.values()

    def knows(self, *keys: Key) -> bool:
        """Whether these are records of this resolution."""
        return all(key in self._cluster for key in keys)

    def together(self, one: Key, other: Key) -> bool:
        """Whether two records are in one cluster by now."""
        return self._cluster[one] == self._cluster[other]

    def trust(self, same: Iterable[Pair]) -> None:
        """Join what a person decided to be one, but for what a person decided to be two."""
        for one, other in sorted(same):
            if not self.knows(one, other) or self.together(one, other):
                continue
            a, b = self._cluster[one], self._cluster[other]
            if self._decided_apart(a, b):
                self.asked.add(pair_of(one, other))
            else:
                self._unite(sorted((a, b)))

    def join(self, links: Iterable[Link]) -> None:
        """Follow strong links, rule by rule."""
        for _, rank in groupby(sorted(links, key=lambda link: link.rule), key=lambda link: link.rule):
            found = list(rank)
            self._follow(found, found, self._exclude)

    def join_weakly(self, links: Iterable[Link]) -> None:
        """Follow weak links band by band: two people of one name in one house could share as much.

        So mailboxes and numbers at odds keep clusters apart too, and a rival counts even where it is a little weaker.
        """
        weak = list(links)
        of: dict[Key, list[Link]] = defaultdict(list)
        for link in weak:
            of[link.one].append(link)
            of[link.other].append(link)

        def band(link: Link) -> float:
            return -math.floor(link.weight / _BAND)

        for _, rank in groupby(sorted(weak, key=band), key=band):
            found = list(rank)
            least = min(link.weight for link in found) - _MARGIN
            nodes = {self._cluster[key] for link in found for key in (link.one, link.other)}
            rivals = [link for node in nodes for key in self._members[node] for link in of[key] if link.weight >= least]
            self._follow(found, rivals, self._exclude_weakly)

    def _follow(self, links: Sequence[Link], rivals: Iterable[Link], exclude: Callable[[Key, Key], bool]) -> None:
        """Join what links connect, all at once; where rivals of a link exclude each other, none of them."""
        around = self._neighbours(rivals, exclude)
        torn = {node for node, others in around.items() if _torn(others, exclude)}
        sound = [link for link in links if torn.isdisjoint((self._cluster[link.one], self._cluster[link.other]))]
        for component in components(self._neighbours(sound, exclude)):
            if not _torn(component, exclude):
                self._unite(component)
        self.asked |= {pair_of(link.one, link.other) for link in links if not self.together(link.one, link.other)}

    def _neighbours(self, links: Iterable[Link], exclude: Callable[[Key, Key], bool]) -> dict[Key, set[Key]]:
        found: dict[Key, set[Key]] = defaultdict(set)
        judged: dict[Pair, bool] = {}
        for link in links:
            a, b = pair_of(self._cluster[link.one], self._cluster[link.other])
            if a != b and (a, b) not in judged:
                judged[a, b] = exclude(a, b)
                if not judged[a, b]:
                    found[a].add(b)
                    found[b].add(a)
        return found

    def _decided_apart(self, a: Key, b: Key) -> bool:
        return any(
            not self._parted[key].isdisjoint(self._members[b]) for key in self._members[a] if key in self._parted
        )

    def _exclude(self, a: Key, b: Key) -> bool:
        return self._decided_apart(a, b) or self._judge.exclude(self._members[a], self._members[b])

    def _exclude_weakly(self, a: Key, b: Key) -> bool:
        return self._exclude(a, b) or self._judge.at_odds(self._members[a], self._members[b])

    def _unite(self, nodes: Sequence[Key]) -> None:
        first, *rest = nodes
        for other in rest:
            self._members[first] += self._members.pop(other)
        for key in self._members[first]:
            self._cluster[key] = first


def _torn(nodes: Collection[Key], exclude: Callable[[Key, Key], bool]) -> bool:
    listed = sorted(nodes)
    return any(exclude(a, b) for place, a in enumerate(listed) for b in listed[place + 1 :])


def components(neighbours: Mapping[Key, Collection[Key]]) -> Iterator[Sequence[Key]]:
    """What hangs together, in the order of keys."""
    seen: set[Key] = set()
    for start in sorted(neighbours):
        if start in seen:
            continue
        reached, open_ = [start], [start]
        seen.add(start)
        while open_:
            for neighbour in sorted(neighbours[open_.pop()]):
                if neighbour not in seen:
                    seen.add(neighbour)
                    reached.append(neighbour)
                    open_.append(neighbour)
        yield sorted(reached)
