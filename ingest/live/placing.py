"""Placing: whose some events are and what becomes of them, by the steps of a load over what the graph knows of them.

A batch of events is a small company: its own rows, and the people that they may be about. What a load makes of such
rows is made here by the same modules; only who a new record is, is decided one by one (`ingest.live.joining`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from ingest.assemble import customers as golden
from ingest.assemble import evidence, interactions, outreach
from ingest.assemble.channels import Channels
from ingest.assemble.evidence import MADE, source_record
from ingest.attribution import Attribution, attribute
from ingest.company import Company
from ingest.directory import Clues, Directory, identities
from ingest.draft import Draft, Link, Node
from ingest.homes import home_of, kind_of
from ingest.kept import InForce
from ingest.live.arrival import Arrival, Refused
from ingest.live.joining import Joined, join
from ingest.live.known import Held, Known, handles_of
from ingest.match.keys import Key, handles, key_of
from ingest.records import Chat, Decision, Profile, Record, WebEvent
from ingest.resolve import Resolution
from ingest.rows import Exports, Read, Row, Silo
from ingest.touches import Touch, touches
from schema.enums import ChannelKind
from schema.enums import IdentityKind as Kind

_FILE = "live"
ONCE = frozenset({"SourceSystem", "Identity", "Address", "Channel", "Standing"})
"""Labels of nodes that others write too: what is there stays as it is."""
_WAITS_FOR: Mapping[Kind, str] = MappingProxyType({Kind.USER_ID: "user", Kind.DEVICE: "device"})
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
    `touched` when customers were last in touch, `stands` what decisions amount to; `awaited` is what is one customer's
    now, and what earlier events may wait for; `refused` is what can never be written.
    """

    draft: Draft = field(default_factory=Continued)
    events: set[str] = field(default_factory=set)
    settled: list[Mapping[str, Any]] = field(default_factory=list)
    touched: dict[str, datetime] = field(default_factory=dict)
    stands: list[Mapping[str, Any]] = field(default_factory=list)
    awaited: set[Awaited] = field(default_factory=set)
    refused: list[tuple[Arrival, Refused]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _New:
    """One arrival with the record it holds and the key of its SourceRecord."""

    arrival: Arrival
    record: Record
    place: str


def place(arrivals: Sequence[Arrival], known: Known, now: datetime, *, again: bool = False) -> Placed:
    """What becomes of some events. `again` places events that are in the graph already, and wait there."""
    placed = Placed()
    new = list(_to_place(arrivals, known, placed, again=again))
    held = _held(new, known)
    joined = _join(held, known)
    directory = known.directory()
    company = _company(new, held, joined, known, directory, now)
    _note_users(new, company)
    _interactions(company, new, placed)
    _people(company, sorted({one.system for one in arrivals}), joined, known, placed)
    _decisions(company, new, known, placed)
    _evidence(company, new, held, joined, placed)
    _settle(new, held, company.attribution, known, placed)
    seen = [one for arrival in arrivals for one in handles_of(arrival.record(), ())]
    placed.awaited = {
        (_WAITS_FOR[kind], value)
        for kind, value in seen
        if kind in _WAITS_FOR and len(directory.users(kind, value)) == 1
    } | {("record", _place(key)) for key in known.customers if _place(key) in known.present or key in joined}
    return placed


def _to_place(arrivals: Sequence[Arrival], known: Known, placed: Placed, *, again: bool) -> Iterator[_New]:
    """Each record once, as it came last: not an event that is there, what is older than what is there, or another's."""
    found: dict[str, _New] = {}
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
        if earlier is None or not _older(arrival, _told(earlier.arrival)):
            found[place] = _New(arrival, record, place)
    yield from found.values()


def _told(arrival: Arrival) -> datetime:
    """How new what an arrival says is: by its sender's clock where that is given, else by ours."""
    said = arrival.payload.get("time")
    if arrival.table != "events" and isinstance(said, str):
        try:
            return datetime.fromisoformat(said).astimezone(UTC)
        except ValueError:
            pass
    return arrival.received_at


def _older(arrival: Arrival, than: datetime | None) -> bool:
    return than is not None and _told(arrival) < than


# People


def _held(new: Sequence[_New], known: Known) -> dict[Key, tuple[Held, Arrival]]:
    """The rows of `customers` that these arrivals say, each joined with what its source said before."""
    found: dict[Key, tuple[Held, Arrival]] = {}
    for one in new:
        arrival = one.arrival
        if isinstance(one.record, Profile):
            found[key_of(one.record)] = Held(arrival.row, arrival.keys), arrival
        elif arrival.profile is not None:
            key = (arrival.system, str(arrival.profile["id"]))
            before = found[key][0] if key in found else known.held.get(key)
            if before is None and _place(key) in known.present:
                continue  # an export has a record of this key: a visitor's word does not stand against it
            held = Held(_merged(before, arrival.profile), arrival.keys)
            if before is not None or not _is_someones(held.profile(arrival.system), known):
                found[key] = held, arrival
    return found


def _is_someones(profile: Profile, known: Known) -> bool:
    """Whether a visitor without a name has a handle of one customer: a handle of hers, not a person to be compared."""
    if profile.name.given or profile.name.family:
        return False
    directory = known.directory()
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
    new: Sequence[_New],
    held: Mapping[Key, tuple[Held, Arrival]],
    joined: Mapping[Key, Joined],
    known: Known,
    directory: Directory,
    now: datetime,
) -> Company:
    links = tuple(one.link for one in joined.values() if one.link)
    review = frozenset(key for key, one in joined.items() if one.review)
    shared = known.shared({handle for one in known.profiles() for handle in handles(one)})
    exports = _exports([*_reads(new), *_known_reads(known)], known.in_force)
    return Company(
        exports,
        now,
        Resolution((), links, review, shared),
        (),
        known.customers,
        directory,
        attribute(exports, directory, known.customers),
        known.decided,
    )


def _exports(reads: Sequence[Read], by: InForce) -> Exports:
    silos = {one.source.system: Silo(_FILE, one.source.system, "", one.source.about) for one in reads}
    return Exports(tuple(silos.values()), tuple(reads), (), first=by.first, survivorship=by.survivorship)


def _reads(new: Iterable[_New]) -> Iterator[Read]:
    for number, one in enumerate(new, 1):
        silo = Silo(_FILE, one.arrival.system, kind_of(one.record), one.arrival.about)
        yield Read(silo, Row(_FILE, number, one.arrival.payload), one.record)


def _known_reads(known: Known, customers: frozenset[str] | None = None) -> Iterator[Read]:
    for customer, profiles in known.people.items():
        if customers is None or customer in customers:
            for one in profiles:
                yield Read(Silo(_FILE, one.system, "customer", ""), Row(_FILE, 0, {}), one)


def _note_users(new: Sequence[_New], company: Company) -> None:
    """Whoever identifies under a known id, and says nothing else by which she could be found, is found by that."""
    for one in new:
        record = one.record
        if isinstance(record, WebEvent) and record.kind == "identify":
            found = company.directory.find(Clues(user=record.user, device=record.device))
            company.attribution.note("events", record.key, found)


# What is drafted


def _interactions(company: Company, new: Sequence[_New], placed: Placed) -> None:
    reached, drafted = Channels(company), Continued()
    interactions.interactions(company, placed.draft, reached)
    reached.enter(drafted, {})
    used = {link.end.key for link in placed.draft.links("VIA", "Interaction", "Channel")}
    _take((one for one in drafted.links("REACHABLE_ON", "Customer", "Channel") if one.end.key in used), drafted, placed)
    touched: list[tuple[str, Touch]] = [
        (found.customer, one) for one in touches(company) if (found := company.attribution.of(one.system, one.key))
    ]
    for customer, one in touched:
        placed.touched[customer] = max(one.at, placed.touched.get(customer, one.at))
    placed.events = {f"events:{one.record.key}" for one in new if isinstance(one.record, WebEvent)}


def _people(
    company: Company,
    systems: Sequence[str],
    joined: Mapping[Key, Joined],
    known: Known,
    placed: Placed,
) -> None:
    """Golden records of those whom only live sources know; of others what the new record adds. A load does the rest."""
    affected = frozenset(one.customer for one in joined.values())
    whole = frozenset(customer for customer in affected if customer in known.live)
    own = [read for read in _known_reads(known, affected) if (read.source.system, read.record.key) in known.whole]
    theirs = replace(company, exports=_exports(own, known.in_force))
    drafted = Continued()
    golden.customers(theirs, drafted)
    outreach.consents(theirs, drafted)
    Channels(theirs).enter(drafted, {})
    for label in ("Identity", "Channel"):
        for node in drafted.nodes(label):
            if not _is_only_a_country(node):
                placed.draft.node(label, node.key, node.properties, node.once)
    for node in drafted.nodes("Customer"):
        if node.key in whole:
            placed.draft.node("Customer", node.key, node.properties, node.once)
    for type_, start, end in drafted.kinds_of_links():
        links = drafted.links(type_, start, end)
        if type_ == "HAS_IDENTITY":
            for link in links:
                # What an export says of the use of a handle stays: this is set once.
                placed.draft.link(type_, link.start, link.end, {}, {**link.properties, "sources": list(systems)})
        elif type_ == "REACHABLE_ON":
            _take(links, drafted, placed)
        elif type_ in _OF_THE_WHOLE:
            _take((one for one in links if one.start.key in whole), drafted, placed)


_OF_THE_WHOLE = frozenset({"LIVES_AT", "PROVEN_BY", "STANDS"})


def _take(links: Iterable[Link], drafted: Draft, placed: Placed) -> None:
    """Take over links with what they lead to."""
    nodes = {(label, node.key): node for label in drafted.labels() for node in drafted.nodes(label)}
    for link in links:
        node = nodes[link.end.label, link.end.key]
        if not _is_only_a_country(node):
            placed.draft.node(node.label, node.key, node.properties, node.once)
            placed.draft.link(link.type, link.start, link.end, link.properties, link.once)


def _is_only_a_country(node: Node) -> bool:
    """Whether a place to write to holds nothing but a country: no letter arrives there."""
    if node.label == "Address":
        return not any(node.properties[name] for name in ("line1", "postalCode", "city"))
    return node.properties.get("kind") == ChannelKind.POST.name and len(str(node.properties["address"])) <= _COUNTRY


_COUNTRY = 2


def _decisions(company: Company, new: Sequence[_New], known: Known, placed: Placed) -> None:
    """Decisions on purposes, and what they amount to with all that the customer decided before."""
    taken = [one for one in new if isinstance(one.record, Decision)]
    subjects = {
        customer
        for one in taken
        if isinstance(one.record, Decision)
        and (customer := known.customers.get((one.record.system, one.record.subject)))
    }
    if not taken:
        return
    theirs = replace(
        company, exports=_exports([*_reads(taken), *_known_reads(known, frozenset(subjects))], known.in_force)
    )
    drafted = Continued()
    outreach.consents(theirs, drafted)
    for node in drafted.nodes("Consent"):
        placed.draft.node("Consent", node.key, node.properties, {"cameLive": True})
    for link in drafted.links("GAVE", "Customer", "Consent"):
        placed.draft.link("GAVE", link.start, link.end)
    standings = {node.key: node for node in drafted.nodes("Standing")}
    for link in drafted.links("STANDS", "Customer", "Standing"):
        placed.stands.append({"customer": link.start.key, **standings[link.end.key].properties})


def _evidence(
    company: Company,
    new: Sequence[_New],
    held: Mapping[Key, tuple[Held, Arrival]],
    joined: Mapping[Key, Joined],
    placed: Placed,
) -> None:
    """A SourceRecord for each row as it came, and one for what a live source knows of each of its users.

    Why a record that says more now was joined to its customer stays as it is.
    """
    known, came = [], {one.place for one in new}
    for key, (row, arrival) in held.items():
        if arrival.profile is not None and _place(key) not in came:
            silo = Silo(_FILE, arrival.system, "customer", arrival.about)
            known.append(Read(silo, Row(_FILE, 0, {"traits": row.row}), row.profile(key[0])))
    drafted = Continued()
    evidence.evidence(replace(company, exports=_exports([*_reads(new), *known], InForce())), drafted)
    before = {f"{system}:{key}" for (system, key), one in joined.items() if not one.new and one.link is None}
    for label in drafted.labels():
        for node in drafted.nodes(label):
            said = dict(node.properties)
            if label == "SourceRecord" and node.key in before:
                said = {name: value for name, value in said.items() if name not in {"resolution", "method"}}
            placed.draft.node(label, node.key, said, node.once)
    for type_, start, end in drafted.kinds_of_links():
        for link in drafted.links(type_, start, end):
            said = {} if type_ == "RESOLVES_TO" and link.start.key in before else dict(link.properties)
            placed.draft.link(type_, link.start, link.end, said, link.once)


def _settle(
    new: Sequence[_New],
    held: Mapping[Key, tuple[Held, Arrival]],
    attribution: Attribution,
    known: Known,
    placed: Placed,
) -> None:
    empty = dict.fromkeys(("user", "device", "record", "arrival", "liveRow", "told"))
    for one in new:
        waits = _waits(one.record, attribution, known)
        row = held.get(key_of(one.record)) if isinstance(one.record, Profile) else None
        placed.settled.append(
            {
                **empty,
                "key": one.place,
                **waits,
                "arrival": one.arrival.written().decode() if waits else None,
                "liveRow": row[0].written() if row else None,
                "told": None if one.arrival.table == "events" else _told(one.arrival),
                "optedOut": one.arrival.opted_out or None,
            }
        )
    for key, (said, arrival) in held.items():
        if arrival.profile is not None:
            placed.settled.append(
                {**empty, "key": _place(key), "liveRow": said.written(), "optedOut": arrival.opted_out or None}
            )


def _waits(record: Record, attribution: Attribution, known: Known) -> dict[str, str]:
    """What an event of nobody waits for."""
    if isinstance(record, Decision):
        key = (record.system, record.subject)
        return {} if key in known.customers else {"record": _place(key)}
    if not isinstance(record, WebEvent | Chat) or attribution.of(home_of(record), record.key):
        return {}
    user = record.user if isinstance(record, WebEvent) else None
    found = {"user": user, "device": record.device}
    return {name: value for name, value in found.items() if value}


def _place(key: Key) -> str:
    """The key of the SourceRecord of a customer's record."""
    return ":".join(key)
