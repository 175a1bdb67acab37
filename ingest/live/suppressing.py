"""Suppressing live events: what is of persons who were erased does not become part of the graph again."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.fields import Unreadable
from ingest.homes import kind_of
from ingest.live.arrival import Arrival, record_of
from ingest.records import Record
from ingest.suppressed import seen_by
from ingest.suppression import Hasher, Marks, Suppressed, marks_of
from ingest.tables import System
from schema.errors import SuppressionKeyWrong


@dataclass(frozen=True, slots=True)
class Sieve:
    """What is left out of a batch, and which erasures saw a handle of theirs in a new record."""

    out: Sequence[Arrival]
    told: Sequence[Mapping[str, str]]

    def kept(self, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
        """The others."""
        gone = {id(one) for one in self.out}
        return [one for one in arrivals if id(one) not in gone] if gone else arrivals


def marked(arrivals: Sequence[Arrival], regions: Sequence[str], hasher: Hasher | None) -> list[list[Marks]]:
    """The marks of all that each arrival holds: its row, and the profile that an identify amounts to."""
    if hasher is None:
        return [[] for _ in arrivals]
    return [[marks_of(one.system, record, regions, hasher) for record in _records(one)] for one in arrivals]


def _records(arrival: Arrival) -> Iterator[Record]:
    yield arrival.record()
    if arrival.profile is not None:
        try:
            yield record_of("customers", arrival.profile, System(arrival.system, arrival.keys))
        except Unreadable:
            return


def hashes_of(marks: Sequence[Sequence[Marks]]) -> tuple[str, ...]:
    """What to look up."""
    return tuple(dict.fromkeys(hash_ for several in marks for one in several for hash_ in one.all))


def sieve(
    arrivals: Sequence[Arrival], marks: Sequence[Sequence[Marks]], told: Mapping[str, Any], hasher: Hasher | None
) -> Sieve:
    """Which arrivals are of the erased, by the graph's answer. Raises SuppressionKeyWrong."""
    if told["check"] is not None and (hasher is None or hasher.check != told["check"]):
        raise SuppressionKeyWrong
    if not told["suppressed"]:
        return Sieve((), ())
    receipts: dict[str, list[str]] = defaultdict(list)
    for row in told["suppressed"]:
        receipts[row["hash"]].append(row["receipt"])
    found, there = Suppressed(receipts), {str(row["key"]) for row in told["records"]}
    there |= {f"{one['kind']}:{one['value']}" for row in told["people"] for one in row["identities"]}
    out: list[Arrival] = []
    said: dict[tuple[str, str], None] = {}
    for arrival, several in zip(arrivals, marks, strict=True):
        if any(map(found.certainly, several)):
            out.append(arrival)
        elif by := sorted({receipt for one in several for receipt in seen_by(one, found, there)}):
            out.append(arrival)
            said |= {(receipt, f"{arrival.system} {kind_of(arrival.record())}"): None for receipt in by}
    return Sieve(tuple(out), [{"receipt": receipt, "said": what} for receipt, what in sorted(said)])
