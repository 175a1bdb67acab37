"""How service does, for each team and month: the figures that a head of service steers by.

Cases are grouped by the team that held them last and by the month (UTC) in which they were opened; the team `*` is all
teams together. Shares are between 0 and 1, times are hours; a figure with nothing to be made of is None.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from types import MappingProxyType

from insight.contacts import ServiceCase

ALL_TEAMS = "*"
FORMULAS: Mapping[str, str] = MappingProxyType(
    {
        "cases": "The number of cases that were opened.",
        "closed": "The number of those that are closed.",
        "first_contact_resolution": "Closed cases that took one contact of the customer and one team, divided "
        "by closed cases.",
        "repeats_per_case": "Contacts of the customer beyond the first of each case, summed, divided by cases. A "
        "contact is a mail, a call or a chat of the customer; what the desk answers is none.",
        "median_first_response_h": "The median of the hours from opening to the first response, over cases that began "
        "with a mail and have one; calls and chats are answered at once.",
        "median_resolution_h": "The median of the hours from opening to closing, over closed cases.",
        "handovers_per_case": "Changes from one team to the next, summed, divided by cases.",
    }
)
"""Each figure in words."""


@dataclass(frozen=True, slots=True)
class Handled:
    """One case as the figures read it. `contacts` counts the customer's; `written` says that it began with a mail.

    `came_back` says that one of them came after its closing; `satisfaction` is from 1 to 5.
    """

    opened_at: datetime
    team: str | None
    closed_at: datetime | None
    first_response_at: datetime | None
    written: bool
    teams: int
    contacts: int
    channel: str | None = None
    customer: str | None = None
    came_back: bool = False
    satisfaction: int | None = None


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """The figures of one team (or of all) and one month. Each is what FORMULAS says."""

    team: str
    month: str
    cases: int
    closed: int
    first_contact_resolution: float | None
    repeats_per_case: float
    median_first_response_h: float | None
    median_resolution_h: float | None
    handovers_per_case: float


def service_figures(cases: Iterable[Handled]) -> tuple[ServiceFigures, ...]:
    """The figures of every team and month, all teams together first."""
    groups: dict[tuple[str, str], list[Handled]] = defaultdict(list)
    for case in cases:
        month = month_of(case.opened_at)
        groups[ALL_TEAMS, month].append(case)
        if case.team:
            groups[case.team, month].append(case)
    return tuple(figures_of(team, month, groups[team, month]) for team, month in sorted(groups))


def month_of(at: datetime) -> str:
    """The month (UTC) of a moment, as `2026-01`."""
    return f"{at.astimezone(UTC):%Y-%m}"


def handled(cases: Iterable[ServiceCase], contacts: Mapping[str, int]) -> tuple[Handled, ...]:
    """The cases with the number of their customers' contacts, by the case's key."""
    return tuple(
        Handled(
            case.opened_at,
            case.team,
            case.closed_at,
            case.first_response_at,
            case.medium == "mail",
            len(case.teams),
            contacts.get(case.key, 0),
        )
        for case in cases
    )


def figures_of(team: str, month: str, cases: Sequence[Handled]) -> ServiceFigures:
    """The figures of some cases, one or more, under the name of a team and a month."""
    closed = [case for case in cases if case.closed_at]
    once = sum(case.contacts <= 1 and case.teams <= 1 for case in closed)
    return ServiceFigures(
        team,
        month,
        len(cases),
        len(closed),
        once / len(closed) if closed else None,
        sum(max(case.contacts - 1, 0) for case in cases) / len(cases),
        _median(_hours(case.opened_at, case.first_response_at) for case in cases if case.written),
        _median(_hours(case.opened_at, case.closed_at) for case in cases),
        sum(max(case.teams - 1, 0) for case in cases) / len(cases),
    )


def _hours(since: datetime, until: datetime | None) -> float | None:
    return (until - since).total_seconds() / 3600 if until else None


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
