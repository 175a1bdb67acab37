"""Which figures of service are worse than what is asked: judged by the last whole month, of enough customers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from insight.metrics import ALL, Figure
from insight.service import month_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a metric: at least `least`, or at most `most`. Without a team of all together and of each."""

    name: str
    metric: str
    team: str | None = None
    channel: str = ALL
    least: float | None = None
    most: float | None = None

    def of(self, figure: Figure) -> bool:
        """Whether it is asked of this figure."""
        same = figure.metric == self.metric and figure.channel == self.channel
        return same and (self.team is None or figure.team == self.team)

    def met(self, value: float) -> bool:
        """Whether a value is as good as is asked."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


@dataclass(frozen=True, slots=True)
class Judged:
    """One figure beside what is asked of it."""

    asked: Asked
    figure: Figure

    @property
    def met(self) -> bool:
        """Whether it is as good as is asked."""
        return self.asked.met(self.figure.value)


def judged(asked: Iterable[Asked], figures: Sequence[Figure], now: datetime, fewest: int) -> tuple[Judged, ...]:
    """The figures of the last whole month beside what is asked of them; of fewer customers than `fewest` none is."""
    first = now.astimezone(UTC).replace(day=1)
    month = month_of(first - timedelta(days=1))
    lately = [one for one in figures if one.month == month and one.customers >= fewest]
    return tuple(Judged(one, figure) for one in asked for figure in lately if one.of(figure))
