"""Texts that are known to be about one thing: a case with its contacts, a thread with its answers."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from insight.contacts import Key
from insight.themes.words import words


@dataclass(frozen=True, slots=True)
class Told:
    """One text. `desk` says that the desk wrote it: the title of a case, or an answer, whose words are not counted.

    `thread` is what messages of one conversation have in common.
    """

    key: Key
    at: datetime
    text: str
    desk: bool = False
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """Texts about one thing. `titles` are those of its cases, and `words` all that tells what it is about; `spoken`
    where not only titles do.
    """

    members: tuple[Key, ...]
    titles: tuple[str, ...]
    words: Mapping[str, int]
    spoken: bool


def bundles(told: Sequence[Told], titles: Mapping[Key, str], links: Iterable[tuple[Key, Key]]) -> list[Bundle]:
    """Join what is linked and what stands in one thread, and count words. `titles` are those of cases."""
    above: dict[Key, Key] = {}

    def root(key: Key) -> Key:
        while (found := above.get(key, key)) != key:
            above[key] = above.get(found, found)
            key = above[key]
        return key

    def join(one: Key, other: Key) -> None:
        low, high = sorted((root(one), root(other)))
        above[high] = low

    cased = {contact: case for case, contact in links}
    for contact, case in cased.items():
        join(case, contact)
    threads: dict[str, list[Key]] = defaultdict(list)
    for one in told:
        if one.thread:
            threads[one.thread].append(one.key)
    for members in threads.values():
        # Where a thread speaks of several cases, only what is of no case yet is left to itself.
        cases = {root(key) for key in members if key in cased}
        if len(cases) <= 1:
            for key in members[1:]:
                join(members[0], key)
    gathered: dict[Key, list[Key]] = defaultdict(list)
    for key in sorted({*titles, *(one.key for one in told)}):
        gathered[root(key)].append(key)
    counted = {one.key: words(one.text) for one in told if not one.desk}
    counted |= {key: words(title) for key, title in titles.items()}
    return [
        Bundle(
            tuple(members),
            tuple(sorted({title_key(titles[key]) for key in members if key in titles})),
            sum((counted[key] for key in members if key in counted), Counter[str]()),
            any(key in counted and key not in titles for key in members),
        )
        for members in gathered.values()
    ]


def title_key(title: str) -> str:
    """What titles that say the same have in common: their words in order of the alphabet."""
    return " ".join(sorted(words(title)))
