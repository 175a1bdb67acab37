"""How customers order and stop: each at a rate of her own, and after each order some do not come back.

The modified BG/NBD model (Batislam, Denizel and Filiztekin 2007; Hoppe and Wagner 2007), after Fader, Hardie and Lee
(2005): orders are a Poisson process whose rate is gamma distributed among customers, and after each order, the first
included, a customer is lost with a probability that is beta distributed. Of a customer three numbers count: how often
she ordered again, when last, and how long she is known. Chances have a closed form; its four parameters are fitted.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from heapq import heappush, heappushpop

from insight.signals.minimise import Point, minimum

FEWEST = 50
"""Fewer customers, or fewer than a fifth of that who ordered again, teach nothing."""
MOST = 3_000
"""Of more customers so many are taken by chance: the parameters are four, and this is enough."""
_START = (0.0, 4.0, -0.5, 0.5)
_LARGEST = 12.0


@dataclass(frozen=True, slots=True, order=True)
class History:
    """Orders of one customer in days since her first one. `again` counts the orders after the first, `last` is the day
    of the latest (0 where there is no second), `known` the day as of which this is said.
    """

    again: int
    last: int
    known: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a company's customers have in common. Rates have mean `shape / scale` a day; of `lost` and `stays` the
    share `lost / (lost + stays)` is lost after an order.
    """

    shape: float
    scale: float
    lost: float
    stays: float

    def active(self, of: History) -> float:
        """The probability that she is not lost: one against how much likelier her silence is if she is."""
        silence = (of.again + self.shape) * math.log((self.scale + of.known) / (self.scale + of.last))
        odds = math.log(self.lost / (self.stays + of.again)) + silence
        return 1 / (1 + math.exp(min(odds, 700.0)))

    def orders_within(self, days: int, of: History) -> float:
        """The probability of an order within so many days from now."""
        ordered = -(of.again + self.shape) * math.log1p(days / (self.scale + of.known))
        return self.active(of) * -math.expm1(ordered)


class Sample:
    """Some of many histories, the same ones in whatever order they come: those whose keys have the least hashes."""

    def __init__(self) -> None:
        self._held: list[tuple[int, History]] = []

    def enter(self, key: str, of: History) -> None:
        """Take a history in, or not."""
        hashed = int.from_bytes(blake2b(key.encode(), digest_size=16).digest())
        if len(self._held) < MOST:
            heappush(self._held, (-hashed, of))
        else:
            heappushpop(self._held, (-hashed, of))

    def __iter__(self) -> Iterator[History]:
        return (one for _, one in self._held)


def fitted(histories: Iterable[History]) -> Rhythm | None:
    """The rhythm under which the histories are likeliest, whatever their order; None where they teach nothing."""
    taken = Counter(histories)
    if taken.total() < FEWEST or sum(count for one, count in taken.items() if one.again) * 5 < FEWEST:
        return None
    told = dict(sorted(taken.items()))
    return _rhythm(minimum(lambda at: _unlikely(at, told), _START))


def _rhythm(at: Point) -> Rhythm:
    return Rhythm(*(math.exp(max(min(one, _LARGEST), -_LARGEST)) for one in at))


def _unlikely(at: Point, taken: Mapping[History, int]) -> float:
    """The negative log-likelihood, with a weak prior that keeps what the histories do not tell within bounds."""
    rhythm = _rhythm(at)
    r, lost, stays, log_scale = rhythm.shape, rhythm.lost, rhythm.stays, math.log(rhythm.scale)
    base = r * log_scale - math.lgamma(r) + math.lgamma(lost + stays) - math.lgamma(stays)
    parts: dict[int, float] = {}
    told = 0.0
    for one, count in taken.items():
        x = one.again
        if x not in parts:
            parts[x] = math.lgamma(r + x) + math.lgamma(stays + x + 1) - math.lgamma(lost + stays + x + 1)
        still = -(r + x) * math.log(rhythm.scale + one.known)
        gone = -(r + x) * math.log(rhythm.scale + one.last) + math.log(lost / (stays + x))
        high, low = max(still, gone), min(still, gone)
        told += count * (base + parts[x] + high + math.log1p(math.exp(low - high)))
    return -told + 0.01 * sum(one * one for one in at)
