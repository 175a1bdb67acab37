"""What placing works on: the events of a batch as rows of a small company, and what is to be written of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ingest.draft import Draft
from ingest.homes import kind_of
from ingest.kept import InForce
from ingest.live.arrival import Arrival, Refused
from ingest.live.known import FILE, Known
from ingest.match.keys import Key
from ingest.records import Record
from ingest.rows import Exports, Read, Row, Silo

Awaited = tuple[str, str]
"""What an event waits for: a user, a device, or a record of a customer; and which."""


class Continued(Draft):
    """What is added to a graph that holds more: what is not in it may be there, and a link to what is not vanishes."""

    def has(self, label: str, key: str) -> bool:
        """Always: the statement finds out."""
        return True


@dataclass(slots=True)
class Placed:
    """What is to be written.

    `events` are keys of interactions that are written once and never again; `settled` is what each record is kept with,
    by its key, `touched` when customers were last in touch, `stands` what decisions amount to, `reviews` the tasks of
    what messages say; `awaited` is what is one customer's now, and what earlier events may wait for; `refused` is what
    can never be written, `left_out` what is of persons who were erased.
    """

    draft: Draft = field(default_factory=Continued)
    events: set[str] = field(default_factory=set)
    settled: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    touched: dict[str, datetime] = field(default_factory=dict)
    stands: list[Mapping[str, Any]] = field(default_factory=list)
    reviews: list[str] = field(default_factory=list)
    awaited: set[Awaited] = field(default_factory=set)
    refused: list[tuple[Arrival, Refused]] = field(default_factory=list)
    left_out: list[Arrival] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class New:
    """One arrival with the record it holds and the key of its SourceRecord."""

    arrival: Arrival
    record: Record
    place: str


def exports_of(reads: Sequence[Read], by: InForce) -> Exports:
    """Rows as a load has them, with the rules by which it would choose values."""
    silos = {one.source.system: Silo(FILE, one.source.system, "", one.source.about) for one in reads}
    return Exports(
        tuple(silos.values()), tuple(reads), (), first=by.first, survivorship=by.survivorship, journey=by.journey
    )


def reads_of(new: Iterable[New]) -> Iterator[Read]:
    """The rows that came."""
    for number, one in enumerate(new, 1):
        silo = Silo(FILE, one.arrival.system, kind_of(one.record), one.arrival.about)
        yield Read(silo, Row(FILE, number, one.arrival.payload), one.record)


def known_reads(known: Known, customers: frozenset[str] | None = None) -> Iterator[Read]:
    """What the graph knows of people, as rows; of some customers alone where those are named."""
    for customer, profiles in known.people.items():
        if customers is None or customer in customers:
            for one in profiles:
                yield Read(Silo(FILE, one.system, "customer", ""), Row(FILE, 0, {}), one)


def told_of(arrival: Arrival) -> datetime:
    """How new what an arrival says is: by its sender's clock where that is given, else by ours."""
    said = arrival.payload.get("time")
    if arrival.table != "events" and isinstance(said, str):
        try:
            return datetime.fromisoformat(said).astimezone(UTC)
        except ValueError:
            pass
    return arrival.received_at


def place_of(key: Key) -> str:
    """The key of the SourceRecord of a customer's record."""
    return ":".join(key)
