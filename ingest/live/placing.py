"""Placing: whose some events are and what becomes of them, by the steps of a load over what the graph knows of them.

A batch of events is a small company: its own rows, and the people that they may be about. What a load makes of such
rows is made here by the same modules; only who a new record is, is decided one by one (`ingest.live.joining`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from ingest.assemble.evidence import MADE, source_record
from ingest.attribution import attribute
from ingest.company import Company
from ingest.corrections import by_customer
from ingest.directory import Clues, Directory, identities
from ingest.homes import home_of
from ingest.live.arrival import Arrival, Refused
from ingest.live.batch import New, Placed, exports_of, known_reads, place_of, reads_of, told_of
from ingest.live.drafting import (
    decisions_of,
    evidence_of,
    found_of,
    interactions_of,
    orders_and_cases_of,
    people_of,
    settle,
)
from ingest.live.joining import Joined, join
from ingest.live.known import Held, Known, handles_of
from ingest.live.signals import opt_outs
from ingest.match.keys import Key, handles, key_of
from ingest.records import Profile, WebEvent
from ingest.resolve import Resolution
from ingest.standing import Decided
from schema.enums import IdentityKind as Kind

_WAITS_FOR: Mapping[Kind, str] = MappingProxyType({Kind.USER_ID: "user", Kind.DEVICE: "device"})


def place(arrivals: Sequence[Arrival], known: Known, now: datetime, *, again: bool = False) -> Placed:
    """What becomes of some events. `again` places events that are in the graph already, and wait there."""
    placed = Placed()
    new = list(_to_place(arrivals, known, placed, again=again))
    before = known.directory()
    held = _held(new, known, before)
    joined = _join(held, known)
    directory = known.directory() if joined else before
    company = _company(new, held, joined, known, directory, now)
    _note_users(new, company)
    interactions_of(company, new, placed)
    orders_and_cases_of(company, placed)
    found = joined_with(found_of(company, placed), opt_outs(company, new, placed.draft))
    company = replace(company, decided=joined_with(known.decided, found))
    people_of(company, sorted({one.system for one in arrivals}), joined, known, placed)
    decisions_of(company, new, known, placed, frozenset(found))
    evidence_of(company, new, held, joined, placed)
    settle(new, held, company.attribution, known, placed)
    seen = [one for arrival in arrivals for one in handles_of(arrival.record(), ())]
    placed.awaited = {
        (_WAITS_FOR[kind], value)
        for kind, value in seen
        if kind in _WAITS_FOR and len(directory.users(kind, value)) == 1
    } | {("record", place_of(key)) for key in known.customers if place_of(key) in known.present or key in joined}
    return placed


def joined_with(
    decided: Mapping[str, Sequence[Decided]], found: Mapping[str, Sequence[Decided]]
) -> Mapping[str, Sequence[Decided]]:
    """What customers decided, with what was found in their messages."""
    return {customer: [*decided.get(customer, ()), *found.get(customer, ())] for customer in {**decided, **found}}


def _to_place(arrivals: Sequence[Arrival], known: Known, placed: Placed, *, again: bool) -> Iterator[New]:
    """Each record once, as it came last: not an event that is there, what is older than what is there, or another's."""
    found: dict[str, New] = {}
    for arrival in arrivals:
        record = arrival.record()
        place = source_record(arrival.system, record)
        if (
            not again
            and place in known.present
            and (arrival.table == "events" or _older(arrival, known.told.get(place)))
        ):
            continue
        home = home_of(record)
        owners = known.owners.get((MADE.get(home, ""), f"{home}:{record.key}"), set())
        if owners - {arrival.system}:
            placed.refused.append((arrival, Refused("id", "key of another source")))
            continue
        earlier = found.get(place)
        if earlier is None or not _older(arrival, told_of(earlier.arrival)):
            found[place] = New(arrival, record, place)
    yield from found.values()


def _older(arrival: Arrival, than: datetime | None) -> bool:
    return than is not None and told_of(arrival) < than


def _held(new: Sequence[New], known: Known, directory: Directory) -> dict[Key, tuple[Held, Arrival]]:
    """The rows of `customers` that these arrivals say, each joined with what its source said before."""
    found: dict[Key, tuple[Held, Arrival]] = {}
    for one in new:
        arrival = one.arrival
        if isinstance(one.record, Profile):
            found[key_of(one.record)] = Held(arrival.row, arrival.keys), arrival
        elif arrival.profile is not None:
            key = (arrival.system, str(arrival.profile["id"]))
            before = found[key][0] if key in found else known.held.get(key)
            if before is None and place_of(key) in known.present:
                continue  # an export has a record of this key: a visitor's word does not stand against it
            held = Held(_merged(before, arrival.profile), arrival.keys)
            if before is not None or not _is_someones(held.profile(arrival.system), directory):
                found[key] = held, arrival
    return found


def _is_someones(profile: Profile, directory: Directory) -> bool:
    """Whether a visitor without a name has a handle of one customer: a handle of hers, not a person to be compared."""
    if profile.name.given or profile.name.family:
        return False
    return any(len(directory.users(kind, value)) == 1 for kind, value in identities(profile))


def _merged(before: Held | None, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an earlier identify said stays where a later one says nothing; whichever is later by its own time holds."""
    if before is None:
        return {name: value for name, value in row.items() if value is not None}
    first, then = before.row, row
    if str(then.get("changed_at", "")) < str(first.get("changed_at", "")):
        first, then = then, first
    return {name: value for name, value in {**first, **then}.items() if value is not None}


def _join(held: Mapping[Key, tuple[Held, Arrival]], known: Known) -> dict[Key, Joined]:
    """Who each of these records is; who is found out first is known to the next."""
    found: dict[Key, Joined] = {}
    for key, (row, _) in held.items():
        profile = row.profile(key[0])
        joined = found[key] = join(profile, known)
        if joined.new:
            known.live.add(joined.customer)
        records = known.people.setdefault(joined.customer, [])
        records[:] = [one for one in records if key_of(one) != key] + [profile]
        known.customers[key] = joined.customer
        known.whole.add(key)
    return found


def _company(
    new: Sequence[New],
    held: Mapping[Key, tuple[Held, Arrival]],
    joined: Mapping[Key, Joined],
    known: Known,
    directory: Directory,
    now: datetime,
) -> Company:
    links = tuple(one.link for one in joined.values() if one.link)
    review = frozenset(key for key, one in joined.items() if one.review)
    shared = known.shared({handle for one in known.profiles() for handle in handles(one)})
    exports = exports_of([*reads_of(new), *known_reads(known)], known.in_force)
    return Company(
        exports,
        now,
        Resolution((), links, review, shared),
        (),
        known.customers,
        directory,
        attribute(exports, directory, known.customers, _attached(new, known)),
        known.decided,
        corrections=by_customer(known.corrections, known.customers),
    )


def _attached(new: Sequence[New], known: Known) -> dict[Key, str]:
    """What persons attached of what comes anew: a later word of its source does not take it away."""
    return {
        (home_of(one.record), one.record.key): known.attached[one.place] for one in new if one.place in known.attached
    }


def _note_users(new: Sequence[New], company: Company) -> None:
    """Whoever identifies under a known id, and says nothing else by which she could be found, is found by that."""
    for one in new:
        record = one.record
        if isinstance(record, WebEvent) and record.kind == "identify":
            found = company.directory.find(Clues(user=record.user, device=record.device))
            company.attribution.note("events", record.key, found)
