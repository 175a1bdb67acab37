"""Funnels and paths: how the journeys of many flow from stage to stage, added up customer by customer.

The room that it takes depends on stages, months, segments and channels, never on how many customers there are.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from itertools import groupby

from insight.journey import Visit
from insight.journey_chances import END, START, Chances, passages

ANY = "*"
Group = tuple[str, str, str]
"""Month, segment, channel: at most one of them is named, the others are `*`."""
ALL: Group = (ANY, ANY, ANY)
_WIDTH = math.log(1.1)
_LEAST = 1 / 60


@dataclass(frozen=True, slots=True)
class Flow:
    """What went from a stage to the next. `before` is `*` where it does not matter what was before."""

    group: Group
    before: str
    stage: str
    following: str
    journeys: int
    customers: int
    chance: float
    median_dwell: float | None
    drop_off: float | None

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it this one."""
        return (*self.group, self.before, self.stage, self.following)


Cell = tuple[Group, str, str, str]


@dataclass(slots=True)
class Flows:
    """What is added up. `names` are the stages that there are."""

    names: Sequence[str]
    chances: Chances = field(init=False)
    customers: int = 0
    journeys: int = 0
    _journeys: Counter[Cell] = field(default_factory=Counter)
    _customers: Counter[Cell] = field(default_factory=Counter)
    _passages: dict[tuple[Group, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _dropped: Counter[tuple[Group, str]] = field(default_factory=Counter)
    _dwells: dict[Cell, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def __post_init__(self) -> None:
        self.chances = Chances(self.names)

    def add(self, visits: Sequence[Visit], segment: str | None) -> None:
        """Add the journeys of one customer."""
        self.chances.learn(passages(visits))
        met: set[Cell] = set()
        for _, group in groupby(visits, key=lambda visit: visit.journey):
            several = [visit for visit in group if visit.stage is not None]
            if several:
                here = set(self._journey(several, segment))
                self._journeys.update(here)
                met |= here
                self.journeys += 1
        self._customers.update(met)
        self.customers += bool(met)

    def _journey(self, visits: Sequence[Visit], segment: str | None) -> Iterator[Cell]:
        before = ANY
        stays: list[Visit | None] = [None, *visits]
        for place, stay in enumerate(stays):
            at = START if stay is None else stay.stage or ""
            if place + 1 < len(stays):
                following = visits[place].stage or ""
            elif visits[-1].over:
                following = END
            else:
                return
            for group in _groups(stay or visits[0], segment):
                self._passages[group, at][following] += 1
                self._dropped[group, at] += stay is not None and stay.dropped
                cells = [(group, ANY, at, following)]
                if group == ALL and stay is not None:
                    cells.append((group, before, at, following))
                for cell in cells:
                    if stay is not None:
                        self._dwells[cell][_bucket(stay.dwell)] += 1
                    yield cell
            before = at

    def flows(self) -> Iterator[Flow]:
        """All that went anywhere, in the order of their keys."""
        for cell in sorted(self._journeys):
            group, before, stage, following = cell
            counted = self._passages[group, stage]
            if before != ANY:
                chance = self.chances.following(before, stage)[following]
            else:
                chance = self.chances.after(counted, stage)[following]
            yield Flow(
                group,
                before,
                stage,
                following,
                self._journeys[cell],
                self._customers[cell],
                chance,
                _median(self._dwells[cell]) if cell in self._dwells else None,
                None if stage == START else self._dropped[group, stage] / counted.total(),
            )


def _groups(stay: Visit, segment: str | None) -> Iterator[Group]:
    yield ALL
    yield f"{stay.since.astimezone(UTC):%Y-%m}", ANY, ANY
    if segment:
        yield ANY, segment, ANY
    if stay.channels:
        yield ANY, ANY, stay.channels[0]


def _bucket(dwell: timedelta) -> int:
    """Lengths of which the longest is a tenth longer than the shortest share a bucket; what is under a minute is 0."""
    hours = dwell.total_seconds() / 3600
    return 0 if hours < _LEAST else 1 + int(math.log(hours / _LEAST) / _WIDTH)


def _median(counted: Counter[int]) -> float:
    """The middle of the bucket in which the median lies, in hours; of two medians the lower."""
    middle, passed = (counted.total() + 1) // 2, 0
    for bucket in sorted(counted):
        passed += counted[bucket]
        if passed >= middle:
            return 0.0 if not bucket else _LEAST * math.exp((bucket - 0.5) * _WIDTH)
    return 0.0
