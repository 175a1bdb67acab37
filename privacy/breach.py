"""Whose data who did see in a time, and could have: what a notice of a breach has to say (GDPR art. 33(3)(a), 34).

Pure: records of the trail and Views in, figures out. Who took over an account saw at most what that account could see.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from graph.view import View
from privacy.register import Seen, seen_of
from schema.model import Model

CUSTOMERS = "customers"
"""Who looked where a customer did; as a rule at her own data."""


class Record(Protocol):
    """What is asked of a record of the trail; auth.segment.Unshipped is one."""

    @property
    def body(self) -> Mapping[str, Any]:
        """What was recorded, with numbers for subjects."""
        ...

    @property
    def names(self) -> Mapping[int, str]:
        """The subjects of those numbers that are still known."""
        ...


@dataclass(slots=True)
class Looks:
    """What one viewer saw as one role for one purpose; all customers are one viewer, who is not named.

    `fields` and `masked` say how many persons each was shown of; `nameless` are persons who were erased since, and
    handles that led to nobody in particular are in neither.
    """

    viewer: str
    role: str
    purpose: str
    first: datetime
    last: datetime
    answers: int = 0
    persons: set[str] = field(default_factory=set)
    nameless: set[int] = field(default_factory=set)
    fields: dict[str, set[int]] = field(default_factory=dict)
    masked: dict[str, set[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Breach:
    """All looks of a time that were asked for, and what the roles could have seen by today's policies."""

    since: datetime
    until: datetime
    looks: tuple[Looks, ...]
    could: Mapping[tuple[str, str], tuple[Seen, ...]]

    @property
    def persons(self) -> frozenset[str]:
        """Ids of all whose data was seen."""
        return frozenset().union(*(one.persons for one in self.looks))

    @property
    def nameless(self) -> int:
        """How many more there are, of whom only a number is left."""
        return len(set().union(*(one.nameless for one in self.looks)))


def breach(
    model: Model,
    views: Mapping[tuple[str, str], View],
    records: Iterable[Record],
    since: datetime,
    until: datetime,
    *,
    viewers: frozenset[str] = frozenset(),
    roles: frozenset[str] = frozenset(),
) -> Breach:
    """What came of the records. Empty `viewers` or `roles` are all of them."""
    found: dict[tuple[str, str, str], Looks] = {}
    for one in records:
        body = one.body
        if (not viewers or _viewer(one) in viewers) and (not roles or body["role"] in roles):
            at = datetime.fromisoformat(body["at"])
            key = (_named(one), body["role"], body["purpose"])
            _add(found.setdefault(key, Looks(*key, first=at, last=at)), one, at)
    could = {
        (role, purpose): seen_of(model, view)
        for (role, purpose), view in views.items()
        if any((one.role, one.purpose) == (role, purpose) for one in found.values())
    }
    return Breach(since, until, tuple(sorted(found.values(), key=lambda one: (one.first, one.viewer))), could)


def _viewer(one: Record) -> str:
    """Who looked; empty for a customer who was erased since."""
    said = one.body["viewer"]
    return one.names.get(said, "") if isinstance(said, int) else str(said)


def _named(one: Record) -> str:
    """Who looked, as it may stand in a notice: customers are not named."""
    return CUSTOMERS if isinstance(one.body["viewer"], int) else str(one.body["viewer"])


def _add(looks: Looks, one: Record, at: datetime) -> None:
    looks.answers += 1
    looks.first, looks.last = min(looks.first, at), max(looks.last, at)
    for subjects, fields, masked in _shown(one.body):
        for name in fields:
            looks.fields.setdefault(name, set()).update(subjects)
        for name in masked:
            looks.masked.setdefault(name, set()).update(subjects)
        looks.persons.update(one.names[number] for number in subjects if number in one.names)
        looks.nameless.update(number for number in subjects if number not in one.names)


def _shown(body: Mapping[str, Any]) -> Iterator[tuple[list[int], list[str], list[str]]]:
    for answered in body["answers"]:
        for shown in answered["shown"]:
            yield shown["subjects"], shown["fields"], shown["masked"]
