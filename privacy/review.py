"""Who can see what, beside who did: for the review of access that is done every so often (ISO/IEC 27001, 5.18).

Pure: Views and records of the trail in, figures out. What stands out is found by two plain rules: a right of which
nothing was shown in the time, and a viewer who saw many more persons than others in the role. Neither is a fault.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from auth.policy import Policy
from graph.view import View
from privacy.breach import CUSTOMERS, Looks, Record, breach
from privacy.register import Seen, seen_of
from schema.model import Model

TIMES = 3
"""So many times as many persons as the median of the role are unusual,"""
AT_LEAST = 20
"""if they are at least so many."""


@dataclass(frozen=True, slots=True)
class Used:
    """One viewer in one role for one purpose: how many answers, about how many persons, when last.

    `breadth` is how many times as many persons that is as the median of the others in the role; None where that is not
    unusual, or where there are no others.
    """

    viewer: str
    answers: int
    persons: int
    last: datetime
    breadth: float | None


@dataclass(frozen=True, slots=True)
class Granted:
    """What one role has for one purpose, who used it, and the categories, by type, of which nothing was shown."""

    role: str
    purpose: str
    owner: str
    can: tuple[Seen, ...]
    used: tuple[Used, ...]
    unused: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """All that is granted; `gone` are roles and purposes that were used and that no policy grants any more."""

    since: datetime
    until: datetime
    granted: tuple[Granted, ...]
    gone: tuple[tuple[str, str, tuple[Used, ...]], ...]


def review(
    model: Model,
    policies: Mapping[str, Policy],
    views: Mapping[tuple[str, str], View],
    records: Iterable[Record],
    since: datetime,
    until: datetime,
) -> Review:
    """What the policies grant beside what the records of the time say."""
    looks: dict[tuple[str, str], list[Looks]] = {}
    for one in breach(model, views, records, since, until).looks:
        looks.setdefault((one.role, one.purpose), []).append(one)
    granted = tuple(
        _granted(model, policies[role], purpose, view, looks.get((role, purpose), []))
        for (role, purpose), view in views.items()
    )
    gone = tuple((*key, _used(found)) for key, found in sorted(looks.items()) if key not in views)
    return Review(since, until, granted, gone)


def _granted(model: Model, policy: Policy, purpose: str, view: View, looks: list[Looks]) -> Granted:
    can = seen_of(model, view)
    shown = {name for one in looks for name in (*one.fields, *one.masked)}
    return Granted(policy.role, purpose, policy.said.owner, can, _used(looks), tuple(_unused(model, can, shown)))


def _unused(model: Model, can: Iterable[Seen], shown: set[str]) -> Iterable[Seen]:
    """The categories of a type of which no field was shown to anybody."""
    for one in can:
        fields = model[one.type].properties.values()
        left = {
            category: how
            for category, how in one.categories.items()
            if not any(f"{one.type}.{held.name}" in shown for held in fields if held.category.value == category)
        }
        if left:
            yield Seen(one.type, left)


def _used(looks: list[Looks]) -> tuple[Used, ...]:
    persons = {one.viewer: len(one.persons) + len(one.nameless) for one in looks}
    return tuple(
        Used(one.viewer, one.answers, persons[one.viewer], one.last, _breadth(one.viewer, persons))
        for one in sorted(looks, key=lambda one: (-persons[one.viewer], one.viewer))
    )


def _breadth(viewer: str, persons: Mapping[str, int]) -> float | None:
    """How many times the median of the others in the role, where that is unusual. All customers are no one viewer."""
    others = [seen for other, seen in persons.items() if other != viewer]
    if viewer == CUSTOMERS or not others or persons[viewer] < AT_LEAST:
        return None
    times = persons[viewer] / max(1.0, median(others))
    return times if times >= TIMES else None
