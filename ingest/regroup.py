"""The load's own assembly for the records of a few customers: what they amount to once a person grouped them anew.

Pure. What the graph keeps of their records becomes a Company again, and `ingest.assemble` makes of it what a load
would: golden records with provenance, channels, standings, and whose each thing is. There is no second way to it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.assemble import assemble
from ingest.attribution import Attribution, attribute
from ingest.company import Company
from ingest.corrections import Correction, by_customer
from ingest.directory import Directory, Found
from ingest.draft import Draft, Node
from ingest.exports import Exports
from ingest.homes import home_of, kind_of
from ingest.kept import InForce
from ingest.match.traded import referred
from ingest.records import (
    Call,
    Chat,
    ContactRecord,
    Decision,
    Mail,
    Mention,
    OrderRecord,
    Profile,
    Record,
    Ticket,
    WebEvent,
)
from ingest.resolve import Decisions, Key, Resolution, key_of, resolve
from ingest.rows import Read, Row, Silo
from ingest.standing import FOUND, Decided

LABELS = ("Address", "Customer", "AttributeProvenance", "Channel", "Standing")
"""What is written anew, in this order."""
LINKS = (
    ("RESOLVES_TO", "SourceRecord", "Customer"),
    ("LIVES_AT", "Customer", "Address"),
    ("PROVEN_BY", "Customer", "AttributeProvenance"),
    ("HAS_IDENTITY", "Customer", "Identity"),
    ("REACHABLE_ON", "Customer", "Channel"),
    ("STANDS", "Customer", "Standing"),
    ("SERVES", "Team", "Customer"),
    ("HAD", "Customer", "Interaction"),
    ("VIA", "Interaction", "Channel"),
    ("PLACED", "Customer", "Order"),
    ("OPENED", "Customer", "Case"),
    ("GAVE", "Customer", "Consent"),
    ("RECEIVED", "Customer", "Outreach"),
    ("CORRECTED", "Customer", "Correction"),
    ("ASKS_ABOUT", "ReviewTask", "Customer"),
)


ASKED = (OrderRecord, Ticket, Mail, Call, Chat, WebEvent, Mention, ContactRecord, Decision)
"""Records of what is somebody's."""


@dataclass(frozen=True, slots=True)
class Held:
    """A record as the graph holds it: whose it is, by the customer's key, by which rule it came there, and since when.

    `customer` is None for what is nobody's, such as an assignment of a team. `attached` is what a person said is hers.
    """

    id: str
    place: str
    system: str
    record: Record
    customer: str | None
    method: str | None
    loaded_at: datetime
    attached: bool = False

    @property
    def key(self) -> Key:
        """The record's key in its home."""
        return home_of(self.record), self.record.key

    @property
    def is_profile(self) -> bool:
        """Whether it is a person's own record, not one of something that is hers."""
        return isinstance(self.record, Profile)


@dataclass(frozen=True, slots=True)
class Around:
    """What the graph knows beyond the records: handles that several people use, countries from which people call, who
    speaks for an organisation, by what golden values are chosen, what customers decided through the API, what persons
    decided on pairs and set right.
    """

    shared: frozenset[str]
    regions: tuple[str, ...]
    speakers: frozenset[str]
    in_force: InForce
    decided: Mapping[str, Sequence[Decided]]
    pairs: Decisions
    corrections: Sequence[Correction] = ()


def placed(held: Sequence[Held], ask_again: Collection[str], around: Around) -> dict[str, Found | None]:
    """Whose the records at the places `ask_again` are, as a load finds it by their clues; None where it cannot tell."""
    exports, customers = _exports(held, around), _customers(held)
    found = attribute(exports, _directory(exports, customers, around.regions), customers)
    return {
        one.place: Found(customers[one.record.system, one.record.subject], "record")
        if isinstance(one.record, Decision) and (one.record.system, one.record.subject) in customers
        else found.of(*one.key)
        for one in held
        if one.place in ask_again and isinstance(one.record, ASKED)
    }


def followed(held: Sequence[Held], sides: Mapping[Key, str], around: Around) -> dict[Key, str]:
    """The customer of each profile record, where `sides` says it of some: the others follow those they match.

    What matches nobody's stays where it is.
    """
    profiles = referred(_exports(held, around))
    known = sorted(sides)
    pairs = [(one, other) for place, one in enumerate(known) for other in known[place + 1 :]]
    said = Decisions(
        same=around.pairs.same | {pair for pair in pairs if sides[pair[0]] == sides[pair[1]]},
        different=around.pairs.different | {pair for pair in pairs if sides[pair[0]] != sides[pair[1]]},
    )
    found = {one.key: one.customer for one in held if isinstance(one.record, Profile) and one.customer}
    for cluster in resolve(profiles, None, said).clusters:
        if side := next((sides[key] for key in cluster if key in sides), None):
            found |= dict.fromkeys(cluster, side)
    return found | dict(sides)


def regrouped(held: Sequence[Held], around: Around, now: datetime) -> Draft:
    """What customers amount to whose records these are; of it LABELS and LINKS are complete, the rest is not."""
    exports, customers = _exports(held, around), _customers(held)
    directory = _directory(exports, customers, around.regions)
    attribute(exports, directory, customers)  # which teaches the directory devices and handles
    attribution = Attribution(
        {
            one.key: Found(one.customer, one.method or "record")
            for one in held
            if one.customer and one.key not in customers
        }
    )
    resolution = _resolution(exports, customers, around)
    corrections = by_customer(around.corrections, customers)
    return assemble(
        Company(
            exports,
            now,
            resolution,
            (),
            customers,
            directory,
            attribution,
            around.decided,
            around.speakers,
            corrections,
        )
    )


def provisional(draft: Draft) -> tuple[Node, ...]:
    """Decisions that were found in messages: they are new where a message was nobody's before."""
    return tuple(one for one in draft.nodes("Consent") if str(one.properties.get("onRecord") or "").startswith(FOUND))


def _exports(held: Sequence[Held], around: Around) -> Exports:
    reads = (Read(Silo("", one.system, kind_of(one.record), ""), Row("", 0, {}), one.record) for one in held)
    force = around.in_force
    return Exports((), tuple(reads), (), first=force.first, survivorship=force.survivorship, journey=force.journey)


def _customers(held: Sequence[Held]) -> dict[Key, str]:
    return {one.key: one.customer for one in held if isinstance(one.record, Profile) and one.customer}


def _directory(exports: Exports, customers: Mapping[Key, str], regions: Sequence[str]) -> Directory:
    own = {one.address.country for one in exports.of(Profile) if one.address.country}
    directory = Directory(sorted(own.union(regions)))
    for one in sorted(exports.of(Profile), key=key_of):
        directory.enter(customers[key_of(one)], one)
    return directory


def _resolution(exports: Exports, customers: Mapping[Key, str], around: Around) -> Resolution:
    """By what the records of each customer hang together; whose they are was said already."""
    found = resolve(referred(exports), None, around.pairs)
    links = tuple(link for link in found.links if customers[link.one] == customers[link.other])
    return replace(found, links=links, shared=around.shared, unsure=(), review=frozenset())
