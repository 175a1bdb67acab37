"""Where journeys go next: a Markov chain of stages, learned from the company's journeys.

The chance of the next stage is that after the last two stages, backed off to that after the last one and to that of all
stages, each weighed by how much was seen and how varied it was (Witten and Bell, 1991, interpolated). A visit that may
still go on teaches nothing of its end.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from insight.journey import Visit

START, END = "START", "END"
Passage = tuple[str, str, str]
"""The stage before (START where there was none), the stage, and the next one or END."""


@dataclass(slots=True)
class Chances:
    """What was seen to follow what. `names` are the stages that there are."""

    names: Sequence[str]
    after_two: dict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    after_one: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    of_all: Counter[str] = field(default_factory=Counter)

    def learn(self, passages: Iterable[Passage]) -> None:
        """Learn from passages; the order in which they come is of no matter."""
        for before, at, following in passages:
            self.after_two[before, at][following] += 1
            self.after_one[at][following] += 1
            self.of_all[following] += 1

    def following(self, before: str, at: str) -> Mapping[str, float]:
        """The chance of each stage that may follow, and of END; they sum to 1. Nothing follows itself."""
        return _interpolated(self.after_two.get((before, at)), self.after_one_alone(at))

    def after(self, counted: Counter[str], at: str) -> Mapping[str, float]:
        """The same for some journeys alone, of which this was counted after the stage; backed off to all journeys."""
        return _interpolated(counted, self.after_one_alone(at))

    def after_one_alone(self, at: str) -> Mapping[str, float]:
        """The same, whatever was before."""
        possible = [name for name in (*self.names, END) if name != at and (at != START or name != END)]
        whole = sum(self.of_all[name] for name in possible)
        plain = {name: (self.of_all[name] + 1) / (whole + len(possible)) for name in possible}
        return _interpolated(self.after_one.get(at), plain)

    def marginal(self) -> Mapping[str, float]:
        """The chance of each stage and of END, whatever was before: what a simple way foretells."""
        names = (*self.names, END)
        whole = sum(self.of_all.values())
        return {name: (self.of_all[name] + 1) / (whole + len(names)) for name in names}


def _interpolated(seen: Counter[str] | None, below: Mapping[str, float]) -> Mapping[str, float]:
    counts = {name: seen[name] for name in below if seen[name]} if seen else {}
    if not counts:
        return below
    whole, kinds = sum(counts.values()), len(counts)
    return {name: (counts.get(name, 0) + kinds * chance) / (whole + kinds) for name, chance in below.items()}


def passages(visits: Iterable[Visit]) -> Iterator[Passage]:
    """What followed what in the journeys of one customer. A journey without a known stage tells nothing."""
    for _, group in groupby(visits, key=lambda visit: visit.journey):
        several = [visit for visit in group if visit.stage is not None]
        names = [visit.stage or "" for visit in several]
        path = [START, START, *names, *([END] if several and several[-1].over else [])]
        yield from zip(path, path[1:], path[2:], strict=False)


@dataclass(frozen=True, slots=True)
class Foretelling:
    """How well next stages were foretold: the mean of -ln(chance), and the share whose likeliest was right."""

    passages: int
    log_loss: float
    right: float


def foretelling(found: Iterable[tuple[Mapping[str, float], str]]) -> Foretelling:
    """How well chances foretold what came. Raises ValueError for nothing."""
    loss, right, whole = 0.0, 0, 0
    for chances, came in found:
        loss -= math.log(chances[came])
        right += max(sorted(chances), key=lambda name: chances[name]) == came
        whole += 1
    if not whole:
        msg = "There is nothing to compare: no passage was foretold."
        raise ValueError(msg)
    return Foretelling(whole, loss / whole, right / whole)
