"""The figures of service one by one: of each team, of each channel and of all together, for every month.

Figures of cases are those of `insight.service`; those of contacts come beside them. Each says of how many things it is
made and of how many customers these are, so that whoever tells them can leave out what is told of a few.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median
from types import MappingProxyType

from insight.service import Handled, figures_of, month_of

ALL = "*"
"""The team of all teams, the channel of all channels."""
CALL = "CALL"


@dataclass(frozen=True, slots=True)
class Attended:
    """One mail, call or chat of a customer as the figures read it. `team` is whose employee dealt with it.

    `abandoned` says that she gave up, `answered` that somebody answered her. `sentiment` is from -1 to 1,
    `satisfaction` from 1 to 5.
    """

    at: datetime
    channel: str
    team: str | None = None
    customer: str | None = None
    answered: bool = False
    abandoned: bool = False
    waited_seconds: int | None = None
    sentiment: float | None = None
    satisfaction: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its metric by name, of how many things it is made (`counted`), and of how many known customers."""

    team: str
    channel: str
    month: str
    metric: str
    value: float
    counted: int
    customers: int


Group = tuple[str, str, str]


def figures(cases: Iterable[Handled], contacts: Iterable[Attended]) -> tuple[Figure, ...]:
    """Every figure that is made of something, by team, channel, month and metric."""
    of_cases: dict[Group, list[Handled]] = defaultdict(list)
    of_contacts: dict[Group, list[Attended]] = defaultdict(list)
    for case in cases:
        for group in _groups(case.team, case.channel, case.opened_at):
            of_cases[group].append(case)
    for contact in contacts:
        for group in _groups(contact.team, contact.channel, contact.at):
            of_contacts[group].append(contact)
    found: list[Figure] = []
    for group in sorted(of_cases.keys() | of_contacts.keys()):
        held, came = of_cases[group], of_contacts[group]
        found += _of_cases(group, held) if held else ()
        found += (
            _figure(group, name, how([value for one in some if (value := of(one)) is not None]), some)
            for name, (which, of, how) in _OF_CONTACTS.items()
            if (some := [one for one in came if which(one) and of(one) is not None])
        )
        found += _satisfaction(group, held, came)
    return tuple(sorted(found, key=lambda one: (one.team, one.channel, one.month, one.metric)))


def _groups(team: str | None, channel: str | None, at: datetime) -> Iterable[Group]:
    """All together, the team over all channels, the channel over all teams: crossed they would be of a few each."""
    month = month_of(at)
    yield ALL, ALL, month
    if team:
        yield team, ALL, month
    if channel:
        yield ALL, channel, month


def _of_cases(group: Group, cases: Sequence[Handled]) -> Iterable[Figure]:
    team, _, month = group
    wide = figures_of(team, month, cases)
    for name, (field, which) in _FIELDS.items():
        value = getattr(wide, field)
        if value is not None:
            yield _figure(group, name, float(value), [one for one in cases if which(one)])
    solved = [one.closed_at is not None and not one.came_back for one in cases]
    yield _figure(group, "ability_to_solve", fmean(solved), cases)


_FIELDS: Mapping[str, tuple[str, Callable[[Handled], bool]]] = MappingProxyType(
    {
        "cases": ("cases", lambda one: True),
        "closed": ("closed", lambda one: one.closed_at is not None),
        "first_contact_resolution": ("first_contact_resolution", lambda one: one.closed_at is not None),
        "repeats_per_case": ("repeats_per_case", lambda one: True),
        "median_first_response_hours": (
            "median_first_response_h",
            lambda one: one.written and one.first_response_at is not None,
        ),
        "median_resolution_hours": ("median_resolution_h", lambda one: one.closed_at is not None),
        "handovers_per_case": ("handovers_per_case", lambda one: True),
    }
)
"""Metrics of cases: the field of `ServiceFigures`, and of which cases it is made."""

_Values = Callable[[Sequence[float]], float]
_OF_CONTACTS: Mapping[str, tuple[Callable[[Attended], bool], Callable[[Attended], float | None], _Values]] = (
    MappingProxyType(
        {
            "contacts": (lambda one: True, lambda one: 1, sum),
            "ability_to_view": (lambda one: True, lambda one: one.customer is not None, fmean),
            "ability_to_answer": (lambda one: True, lambda one: one.answered, fmean),
            "share_abandoned": (lambda one: one.channel == CALL, lambda one: one.abandoned, fmean),
            "median_waited_seconds": (lambda one: one.channel == CALL, lambda one: one.waited_seconds, median),
            "mean_sentiment": (lambda one: True, lambda one: one.sentiment, fmean),
        }
    )
)
"""Metrics of contacts: of which it is made, what of each of them, and how."""


def _satisfaction(group: Group, cases: Sequence[Handled], contacts: Sequence[Attended]) -> Iterable[Figure]:
    asked: list[Handled | Attended] = [*cases, *contacts]
    said = [one for one in asked if one.satisfaction is not None]
    if said:
        yield _figure(group, "mean_satisfaction", fmean(one.satisfaction or 0 for one in said), said)


def _figure(group: Group, name: str, value: float, of: Sequence[Handled | Attended]) -> Figure:
    return Figure(*group, name, float(value), len(of), len({one.customer for one in of if one.customer}))
