"""How likely each customer answers on each channel: a rate that learns, forgets, and leans on others in between.

A contact is answered when it was clicked or replied to; that a mail was opened says nothing, for machines open mails.
The rates are beta-binomial, in three levels: of the company, of the customer's segment, of the customer herself. Each
level is the prior of the next with a weight that is counted in contacts. What is long ago counts less: half as much
after each half-life. By which channel she writes or calls of her own accord counts a little, too.

Half-life and weight are not chosen by hand: `fitted` takes those under which each contact was foretold best from the
contacts before it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from types import MappingProxyType

_DAY = 86400.0
HALF_LIVES = (270.0, 540.0, 1080.0, 2160.0)
"""Half-lives that are tried, in days."""
WEIGHTS = (1.0, 1.5, 2.0, 3.0, 5.0)
"""Weights of a segment's rate that are tried, in contacts."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One contact on one channel, and whether it was answered."""

    customer: str
    channel: str
    at: datetime
    answered: bool


@dataclass(frozen=True, slots=True)
class Settings:
    """`half_life` in days; the others are weights in contacts: of a segment's rate for a customer, of the company's
    rate for a segment, and of the channels that she uses of her own accord, all together.
    """

    half_life: float = 540.0
    segment_weight: float = 1.5
    company_weight: float = 50.0
    habit_weight: float = 0.25


@dataclass(frozen=True, slots=True)
class Rate:
    """How likely an answer is. `mean` and `deviation` of what is known of it, the contacts it was learned from, and
    how many of these were answered, both before any forgetting.
    """

    mean: float
    deviation: float
    tried: int
    answered: int


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of every customer at one moment. Whom nobody wrote to yet has her segment's."""

    channels: tuple[str, ...]
    _of: Mapping[tuple[str, str], tuple[float, float, int, int]]
    _segments: Mapping[tuple[str | None, str], float]
    _segment_of: Mapping[str, str]
    _habits: Mapping[str, Mapping[str, float]]
    settings: Settings

    def of(self, customer: str, channel: str) -> Rate:
        """The rate of one customer on one channel."""
        prior = self.segment(self._segment_of.get(customer), channel)
        counts = self._of.get((customer, channel), (0.0, 0.0, 0, 0))
        return _rate(prior, counts, _habit(self._habits.get(customer, {}), channel, self.settings), self.settings)

    def segment(self, segment: str | None, channel: str) -> float:
        """The rate of a segment, or of the company where nothing is known of the segment."""
        return self._segments.get((segment, channel), self._segments.get((None, channel), 0.0))

    def usual(self, fewest: int) -> "Usual":
        """What may be kept of them: rates of the company and of segments in which so many customers were contacted."""
        contacted: dict[tuple[str | None, str], int] = defaultdict(int)
        for customer, channel in self._of:
            for segment in {None, self._segment_of.get(customer)}:
                contacted[segment, channel] += 1
        return Usual(self.settings, {key: rate for key, rate in self._segments.items() if contacted[key] >= fewest})


@dataclass(frozen=True, slots=True)
class Usual:
    """How likely anybody answers: by segment and channel; the company's rates stand under None."""

    settings: Settings
    rates: Mapping[tuple[str | None, str], float]

    def of(
        self,
        own: Iterable[Tried],
        channel: str,
        now: datetime,
        segment: str | None = None,
        habits: Mapping[str, float] = MappingProxyType({}),
    ) -> Rate:
        """The rate of one customer on one channel: as `learned` gives it, from what is kept and her own contacts.

        `own` are hers on all channels, `habits` how often she used each herself. On a channel for which nothing is kept
        nobody is taken to answer.
        """
        counts = [0.0, 0.0, 0, 0]
        for one in own:
            if one.channel == channel and one.at <= now:
                counts[0 if one.answered else 1] += _kept((now - one.at).total_seconds(), self.settings)
                counts[2] += 1
                counts[3] += one.answered
        prior = self.rates.get((segment, channel), self.rates.get((None, channel), 0.0))
        answered, missed, tried, hits = counts
        habit = _habit(habits, channel, self.settings)
        return _rate(prior, (answered, missed, int(tried), int(hits)), habit, self.settings)


def _rate(prior: float, counts: tuple[float, float, int, int], habit: float, settings: Settings) -> Rate:
    """A rate from its prior and the contacts that were answered and were not, after forgetting and before."""
    answered, missed, tried, hits = counts
    yes = prior * settings.segment_weight + answered + habit
    no = (1 - prior) * settings.segment_weight + missed
    whole = yes + no
    return Rate(yes / whole, math.sqrt(yes * no / (whole * whole * (whole + 1))), tried, hits)


def _habit(uses: Mapping[str, float], channel: str, settings: Settings) -> float:
    whole = sum(uses.values())
    return settings.habit_weight * uses.get(channel, 0.0) / whole if whole else 0.0


def learned(
    tried: Iterable[Tried],
    now: datetime,
    settings: Settings | None = None,
    segments: Mapping[str, str] = MappingProxyType({}),
    habits: Mapping[str, Mapping[str, float]] = MappingProxyType({}),
) -> Rates:
    """Rates as of `now`; what lies after it is not looked at. `habits` count by customer what she used herself."""
    settings = settings or Settings()
    own: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    groups: dict[tuple[str | None, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one in tried:
        if one.at > now:
            continue
        weight = _kept((now - one.at).total_seconds(), settings)
        counts = own[one.customer, one.channel]
        counts[0 if one.answered else 1] += weight
        counts[2] += 1
        counts[3] += one.answered
        for segment in {None, segments.get(one.customer)}:
            groups[segment, one.channel][0] += weight * one.answered
            groups[segment, one.channel][1] += weight
    company = {channel: yes / of for (segment, channel), (yes, of) in groups.items() if segment is None and of}
    smoothed = {
        (segment, channel): (yes + settings.company_weight * company.get(channel, 0.0)) / (of + settings.company_weight)
        for (segment, channel), (yes, of) in groups.items()
    }
    smoothed |= {(None, channel): rate for channel, rate in company.items()}
    counted = {key: (yes, no, int(of), int(hits)) for key, (yes, no, of, hits) in own.items()}
    return Rates(tuple(sorted(company)), counted, smoothed, segments, habits, settings)


def fitted(tried: Iterable[Tried], settings: Settings | None = None) -> Settings:
    """The settings whose half-life and weight foretell each contact best from those before (logarithmic score)."""
    settings = settings or Settings()
    in_time = sorted(tried, key=lambda one: (one.at, one.customer, one.channel))
    choices = [
        Settings(half_life, weight, settings.company_weight, settings.habit_weight)
        for half_life, weight in product(HALF_LIVES, WEIGHTS)
    ]
    return max(choices, key=lambda choice: sum(_score(*one) for one in foretold(in_time, choice)), default=settings)


def foretold(in_time: Sequence[Tried], settings: Settings) -> Iterator[tuple[float, bool]]:
    """For each contact, in the order of time, how likely an answer seemed from the contacts before, and what came."""
    own: dict[tuple[str, str], tuple[float, float, datetime]] = {}
    company: dict[str, tuple[float, float]] = defaultdict(lambda: (1.0, 5.0))
    for one in in_time:
        usual = company[one.channel][0] / company[one.channel][1]
        yes, no, last = own.get((one.customer, one.channel), (0.0, 0.0, one.at))
        kept = _kept((one.at - last).total_seconds(), settings)
        yes, no = yes * kept, no * kept
        yield (yes + usual * settings.segment_weight) / (yes + no + settings.segment_weight), one.answered
        own[one.customer, one.channel] = (yes + one.answered, no + (not one.answered), one.at)
        company[one.channel] = (company[one.channel][0] + one.answered, company[one.channel][1] + 1)


def _kept(seconds: float, settings: Settings) -> float:
    """How much of a contact still counts after so many seconds."""
    return float(0.5 ** (seconds / (settings.half_life * _DAY)))


def _score(foreseen: float, answered: bool) -> float:
    bounded = min(max(foreseen, 1e-6), 1 - 1e-6)
    return math.log(bounded if answered else 1 - bounded)
