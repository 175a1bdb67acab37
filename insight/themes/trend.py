"""How a group of texts comes and goes, month by month."""

import math
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum


class Trend(StrEnum):
    """The course of a theme."""

    STEADY = "steady"
    GROWING = "growing"
    DECLINING = "declining"
    SEASONAL = "seasonal"
    OVER = "over"


_CLEAR = 3.0  # standard deviations from which on a difference is no chance
_YEAR = 12
_QUARTER = 3
_IN_SEASON = 0.6
_ONE_YEAR = 0.75
_FEW = 0.1


def trend(counts: Sequence[int]) -> Trend:
    """The course of counts of whole months, the oldest first, months without any among them.

    Seasonal: three months of the calendar in a row hold most, and not only in one year. Over: the last three months
    hold fewer than a tenth of what the busiest three did, and fewer than the usual rate would bring, by three standard
    deviations of a Poisson count. Growing and declining: the second half holds more or fewer than the first by as much.
    In this order, else steady.
    """
    if _seasonal(counts):
        return Trend.SEASONAL
    months, whole = len(counts), sum(counts)
    if months >= 2 * _QUARTER:
        busiest = max(sum(counts[start : start + _QUARTER]) for start in range(months - _QUARTER + 1))
        lately, usual = sum(counts[-_QUARTER:]), whole * _QUARTER / months
        if lately < _FEW * busiest and usual - lately >= _CLEAR * math.sqrt(usual):
            return Trend.OVER
    half = months // 2
    first, second = sum(counts[:half]), sum(counts[months - half :])
    apart = (second - first) / math.sqrt(first + second) if first + second else 0.0
    return Trend.GROWING if apart >= _CLEAR else Trend.DECLINING if apart <= -_CLEAR else Trend.STEADY


def _seasonal(counts: Sequence[int]) -> bool:
    """Whether three months of the calendar hold most of what there was, none of their years nearly all of it."""
    whole = sum(counts)
    if len(counts) < 2 * _YEAR or not whole:
        return False
    for start in range(_YEAR):
        seasons: Counter[int] = Counter()
        for place, count in enumerate(counts):
            into = (place - start) % _YEAR
            if into < _QUARTER:
                seasons[(place - into) // _YEAR] += count
        if seasons.total() >= _IN_SEASON * whole and max(seasons.values()) < _ONE_YEAR * seasons.total():
            return True
    return False
