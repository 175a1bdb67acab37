"""Drafting: what becomes of a batch of events whose persons are known, by the modules of a load.

Interactions, people, decisions and the records behind them; what waits for someone who is not known yet says for whom.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ingest.assemble import commerce, evidence, interactions, outreach, reviews, service
from ingest.assemble import customers as golden
from ingest.assemble.channels import Channels
from ingest.attribution import PERSON, Attribution
from ingest.company import Company
from ingest.draft import Draft, Link, Node
from ingest.homes import home_of
from ingest.kept import InForce
from ingest.live.arrival import Arrival
from ingest.live.batch import Continued, New, Placed, exports_of, known_reads, place_of, reads_of, told_of
from ingest.live.joining import Joined
from ingest.live.known import FILE, Held, Known
from ingest.match.keys import Key, key_of
from ingest.records import Chat, Decision, Profile, Record, Ticket, WebEvent
from ingest.rows import Read, Row, Silo
from ingest.standing import Decided
from ingest.touches import Touch, touches
from schema.enums import ChannelKind


def interactions_of(company: Company, new: Sequence[New], placed: Placed) -> None:
    """Interactions, the channels that they came by, and when their customers were last in touch."""
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


def orders_and_cases_of(company: Company, placed: Placed) -> None:
    """Orders and cases, under the keys of a load, each in the state in which it came last."""
    for ticket in company.exports.of(Ticket):
        if ticket.team:
            placed.draft.node("Team", ticket.team, {"name": ticket.team})
    commerce.orders(company, placed.draft)
    service.cases(company, placed.draft)
    service.origins(company, placed.draft)


def people_of(
    company: Company,
    systems: Sequence[str],
    joined: Mapping[Key, Joined],
    known: Known,
    placed: Placed,
) -> None:
    """Golden records of those whom only live sources know; of others what the new record adds. A load does the rest."""
    affected = frozenset(one.customer for one in joined.values())
    whole = frozenset(customer for customer in affected if customer in known.live)
    own = [read for read in known_reads(known, affected) if (read.source.system, read.record.key) in known.whole]
    theirs = replace(company, exports=exports_of(own, known.in_force))
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


def found_of(company: Company, placed: Placed) -> Mapping[str, Sequence[Decided]]:
    """What messages say that a person has to look at; what that blocks, by customer."""
    found = reviews.reviews(company, placed.draft)
    placed.reviews = [one.key for one in placed.draft.nodes("ReviewTask")]
    return found


def decisions_of(
    company: Company, new: Sequence[New], known: Known, placed: Placed, found: frozenset[str] = frozenset()
) -> None:
    """Decisions on purposes, and what they amount to with all that the customer decided before.

    `found` are customers of whom a message of this batch says something: of them what it amounts to is told, too.
    """
    taken = [one for one in new if isinstance(one.record, Decision)]
    subjects = {
        customer
        for one in taken
        if isinstance(one.record, Decision)
        and (customer := known.customers.get((one.record.system, one.record.subject)))
    } | found
    if not taken and not subjects:
        return
    theirs = replace(
        company, exports=exports_of([*reads_of(taken), *known_reads(known, frozenset(subjects))], known.in_force)
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


def evidence_of(
    company: Company,
    new: Sequence[New],
    held: Mapping[Key, tuple[Held, Arrival]],
    joined: Mapping[Key, Joined],
    placed: Placed,
) -> None:
    """A SourceRecord for each row as it came, and one for what a live source knows of each of its users.

    Why a record that says more now was joined to its customer stays as it is.
    """
    known, came = [], {one.place for one in new}
    for key, (row, arrival) in held.items():
        if arrival.profile is not None and place_of(key) not in came:
            silo = Silo(FILE, arrival.system, "customer", arrival.about)
            known.append(Read(silo, Row(FILE, 0, {"traits": row.row}), row.profile(key[0])))
    drafted = Continued()
    evidence.evidence(replace(company, exports=exports_of([*reads_of(new), *known], InForce())), drafted)
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


def settle(
    new: Sequence[New],
    held: Mapping[Key, tuple[Held, Arrival]],
    attribution: Attribution,
    known: Known,
    placed: Placed,
) -> None:
    """What is kept with each record: what it waits for, what its source last said, how new that is."""
    nothing = dict.fromkeys(
        ("waitsForUser", "waitsForDevice", "waitsForRecord", "arrival", "liveRow", "toldAt", "optedOut")
    )
    for one in new:
        waits = _waits(one.record, attribution, known)
        row = held.get(key_of(one.record)) if isinstance(one.record, Profile) else None
        placed.settled[one.place] = {
            **nothing,
            **waits,
            "arrival": one.arrival.written().decode() if waits else None,
            "liveRow": row[0].written() if row else None,
            "toldAt": None if one.arrival.table == "events" else told_of(one.arrival),
            "optedOut": one.arrival.opted_out or None,
        }
    for key, (said, arrival) in held.items():
        if arrival.profile is not None:
            placed.settled[place_of(key)] = {
                **nothing,
                "liveRow": said.written(),
                "optedOut": arrival.opted_out or None,
            }


def _waits(record: Record, attribution: Attribution, known: Known) -> dict[str, str]:
    """What an event of nobody waits for."""
    if isinstance(record, Decision):
        key = (record.system, record.subject)
        return {} if key in known.customers else {"waitsForRecord": place_of(key)}
    found = attribution.of(home_of(record), record.key)
    if not isinstance(record, WebEvent | Chat) or (found and found.method != PERSON):
        return {}  # what a person attached goes on waiting, should that be taken back
    user = record.user if isinstance(record, WebEvent) else None
    waits = {"waitsForUser": user, "waitsForDevice": record.device}
    return {name: value for name, value in waits.items() if value}
