"""The recurring issues of a company: groups of texts with counts, course, words and examples.

Not every group is an issue. That many customers move house is no fault of the company: such a group is a request. It
shows in how the desk deals with it: customers say what they will (a withdrawal, an objection, a death), or one team
settles it at once and hands nothing over, or it ends as what customers will ends.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType

from insight.contacts import Key, ServiceCase
from insight.themes.bundles import Told
from insight.themes.grouping import Grouping
from insight.themes.trend import Trend, trend
from insight.themes.words import STEM, spelled, words

FEWEST = 10
"""A group of fewer texts is not told of."""
_EXAMPLES = 3
_WORDS = 6
_SPEAKERS = 3
_WILLED = 0.5
_HANDED_OVER = 0.1


class Nature(StrEnum):
    """What a group of texts is."""

    ISSUE = "issue"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Theme:
    """One group. `titles` are the desk's commonest, `words` the most telling ones, each of three customers or more.

    `months` counts texts and cases by month (`2026-01`), without gaps. `examples` are texts of customers as they were
    given: redacted where they were; `shown` are their keys, and `members` those of all texts and cases.
    """

    key: str
    nature: Nature
    records: int
    cases: int
    customers: int
    since: datetime
    until: datetime
    trend: Trend
    months: tuple[tuple[str, int], ...]
    titles: tuple[str, ...]
    words: tuple[str, ...]
    examples: tuple[str, ...]
    shown: tuple[Key, ...] = ()
    members: tuple[Key, ...] = ()


def themes(
    told: Sequence[Told],
    cases: Sequence[ServiceCase],
    grouping: Grouping,
    now: datetime,
    willed: Collection[Key] = frozenset(),
    customers: Mapping[Key, str] = MappingProxyType({}),
) -> tuple[Theme, ...]:
    """The themes, the largest first. `willed` are the texts in which a customer says what she wills; `customers` says
    whose texts and cases are. `cases` carry redacted subjects.
    """
    texts = {one.key: one for one in told}
    desk = {("cases", case.key): case for case in cases}
    groups: dict[str, list[Key]] = defaultdict(list)
    for key, group in grouping.of.items():
        groups[group].append(key)
    natures = _natures(groups, texts, desk, willed)
    seen: Counter[str] = Counter(word for one in told if not one.desk for word in words(one.text))
    found = [
        _theme(group, sorted(keys), texts, desk, natures[group], now, seen, customers)
        for group, keys in groups.items()
        if len(keys) >= FEWEST
    ]
    return tuple(sorted(found, key=lambda one: (-one.records, one.key)))


def _natures(
    groups: Mapping[str, Sequence[Key]],
    texts: Mapping[Key, Told],
    desk: Mapping[Key, ServiceCase],
    willed: Collection[Key],
) -> dict[str, Nature]:
    """Which groups are requests: by what customers say, by what is handed over, and by how cases end."""
    own = {group: [desk[key] for key in keys if key in desk] for group, keys in groups.items()}
    said = {group: [key for key in keys if key in texts and not texts[key].desk] for group, keys in groups.items()}
    wills = {
        group for group, keys in said.items() if keys and sum(key in willed for key in keys) >= _WILLED * len(keys)
    }
    usual = _commonest([case.resolution for case in desk.values()])
    ends = {_ending(own[group], usual) for group in wills} - {None}
    return {
        group: Nature.REQUEST
        if group in wills or _ending(own[group], usual) in ends or _handed_over(own[group]) < _HANDED_OVER
        else Nature.ISSUE
        for group in groups
    }


def _ending(cases: Iterable[ServiceCase], usual: str | None) -> str | None:
    """How cases mostly end, apart from how cases of any kind do."""
    return _commonest([case.resolution for case in cases if case.resolution != usual])


def _commonest(values: Iterable[str | None]) -> str | None:
    counted = Counter(value for value in values if value)
    return min(counted, key=lambda value: (-counted[value], value), default=None)


def _handed_over(cases: Sequence[ServiceCase]) -> float:
    return sum(max(len(case.teams) - 1, 0) for case in cases) / len(cases) if cases else 0.0


def _theme(
    group: str,
    keys: Sequence[Key],
    texts: Mapping[Key, Told],
    desk: Mapping[Key, ServiceCase],
    nature: Nature,
    now: datetime,
    seen: Mapping[str, int],
    customers: Mapping[Key, str],
) -> Theme:
    times = sorted(desk[key].opened_at if key in desk else texts[key].at for key in keys)
    months = _months(times, now)
    titles = _titles([key for key in keys if key in desk], desk, customers)
    spoken = [texts[key] for key in keys if key in texts and not texts[key].desk]
    counted = Counter(word for one in spoken for word in words(one.text))
    speakers: dict[str, set[str]] = defaultdict(set)
    for one in spoken:
        for word in words(one.text):
            speakers[word].add(_whose(one.key, customers))
    # What one or two customers say may name them.
    common = [word for word in counted if len(speakers[word]) >= _SPEAKERS]
    telling = sorted(common, key=lambda word: (-(counted[word] ** 2) / seen[word], word))[:_WORDS]
    shown = _examples(spoken, telling)
    return Theme(
        group,
        nature,
        len(keys),
        sum(key in desk for key in keys),
        len({customers[key] for key in keys if key in customers}),
        times[0],
        times[-1],
        trend([count for _, count in months[:-1]]),
        months,
        titles,
        _spelled(telling, spoken),
        tuple(_plain(one.text) for one in shown),
        tuple(one.key for one in shown),
        tuple(keys),
    )


def _whose(key: Key, customers: Mapping[Key, str]) -> str:
    """Whose a text or case is; of nobody known it counts as somebody's of its own."""
    return customers.get(key, ":".join(key))


def _titles(keys: Iterable[Key], desk: Mapping[Key, ServiceCase], customers: Mapping[Key, str]) -> tuple[str, ...]:
    """The commonest titles of which cases of three customers or more are: what fewer have may name somebody."""
    counted: Counter[str] = Counter()
    holders: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        title = _plain(desk[key].subject)
        counted[title] += 1
        holders[title].add(_whose(key, customers))
    common = [title for title in counted if title and len(holders[title]) >= _SPEAKERS]
    return tuple(sorted(common, key=lambda title: (-counted[title], title))[:_EXAMPLES])


def _plain(text: str) -> str:
    """A text in one line."""
    return " ".join(text.split())


def _spelled(stems: Sequence[str], spoken: Iterable[Told]) -> tuple[str, ...]:
    """The commonest word of each stem."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for one in spoken:
        for word in spelled(one.text):
            forms[word[:STEM]][word] += 1
    return tuple(min(forms[stem], key=lambda word: (-forms[stem][word], word)) for stem in stems)


def _months(times: Sequence[datetime], now: datetime) -> tuple[tuple[str, int], ...]:
    """Counts of every month from the first one to the current one."""
    counted = Counter(f"{at.astimezone(UTC):%Y-%m}" for at in times)
    first, last = times[0].astimezone(UTC), max(now, times[-1]).astimezone(UTC)
    number = (last.year - first.year) * 12 + last.month - first.month + 1
    names = [
        f"{first.year + (first.month - 1 + step) // 12}-{(first.month - 1 + step) % 12 + 1:02}"
        for step in range(number)
    ]
    return tuple((name, counted[name]) for name in names)


def _examples(spoken: Iterable[Told], telling: Sequence[str]) -> tuple[Told, ...]:
    """The texts that hold most of the telling words, the shortest first, each once: of two that say the same the first
    by its key.
    """
    once: dict[str, Told] = {}
    for one in sorted(spoken, key=lambda one: one.key):
        once.setdefault(_plain(one.text), one)
    ranked = sorted(
        once,
        key=lambda text: (-sum(word in words(text) for word in telling), len(text), text),
    )
    return tuple(once[text] for text in ranked[:_EXAMPLES])
