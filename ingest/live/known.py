"""What the graph knows of the people that events may be about: asked by exact handles, never by a scan.

The records of exports are not read again: what is compared of them stands in the golden record, its handles, and the
provenance of values that lost against it. A live source's own records are held whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import orjson

from ingest.assemble.evidence import MADE, source_record
from ingest.attribution import handle, spoken
from ingest.corrections import Correction, given_back
from ingest.directory import Directory, comparable, identities, numbers_in
from ingest.fields import Unreadable
from ingest.homes import home_of
from ingest.kept import InForce
from ingest.live.arrival import record_of
from ingest.match.blocking import keys as blocking_keys
from ingest.match.keys import Key, key_of, shared_handles
from ingest.match.keys import handles as handles_of_profile
from ingest.match.weights import TERMS, Frequencies
from ingest.names import PersonName
from ingest.normalise import mailbox, phone, same_mailbox
from ingest.records import (
    Call,
    Chat,
    Decision,
    Mail,
    Mention,
    OrderRecord,
    PostalAddress,
    Profile,
    Record,
    Ticket,
    WebEvent,
)
from ingest.standing import Decided, decided_here
from ingest.tables import System
from schema.enums import IdentityKind as Kind

FILE = "live"
"""What stands for a file where a record came live."""
Handle = tuple[Kind, str]
"""Kind and spelling of a handle, as it is compared."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What has to be looked up for some records: identities, records and nodes by their keys, and whole names; and the
    hashes by which the erased would be known again.
    """

    identities: tuple[str, ...]
    records: tuple[str, ...]
    names: tuple[str, ...]
    made: tuple[tuple[str, str], ...]
    decided: bool
    hashes: tuple[str, ...] = ()

    def parameters(self) -> Mapping[str, Any]:
        """As the statement takes it: one map, whose type is the same whatever it holds."""
        return {
            "asked": {
                "identities": list(self.identities),
                "records": list(self.records),
                "names": list(self.names),
                "made": [{"label": label, "key": key} for label, key in self.made],
                "decided": self.decided,
                "hashes": list(self.hashes),
            }
        }


@dataclass(frozen=True, slots=True)
class Held:
    """The row of `customers` that a live source holds, and as what its id identifies her."""

    row: Mapping[str, Any]
    keys: Kind

    def written(self) -> str:
        """As the graph keeps it."""
        return orjson.dumps({"row": self.row, "keys": self.keys.name}).decode()

    @classmethod
    def read(cls, text: str) -> "Held":
        """As the graph kept it."""
        said = orjson.loads(text)
        return cls(said["row"], Kind[said["keys"]])

    def profile(self, system: str) -> Profile:
        """The record. Raises Unreadable."""
        found = record_of("customers", self.row, System(system, self.keys))
        assert isinstance(found, Profile)
        return found


@dataclass(slots=True)
class Known:
    """What was found.

    `uses` are handles by customer; `people` the records of each person; `whole` the keys of live ones; `live` those
    customers all of whose records are live; `held` the rows of live records by key; `told` how new a record is;
    `present` records that are there; `attached` to whom a person gave what they record; `owners` the systems of nodes
    that are there, by label and key; `ids` those of customers by their keys; `belong` whose each record is, by id.
    """

    regions: Sequence[str]
    in_force: InForce = field(default_factory=InForce)
    uses: dict[str, set[Handle]] = field(default_factory=lambda: defaultdict(set))
    blocked: set[Handle] = field(default_factory=set)
    people: dict[str, list[Profile]] = field(default_factory=dict)
    whole: set[Key] = field(default_factory=set)
    live: set[str] = field(default_factory=set)
    customers: dict[Key, str] = field(default_factory=dict)
    held: dict[Key, Held] = field(default_factory=dict)
    told: dict[str, datetime] = field(default_factory=dict)
    present: set[str] = field(default_factory=set)
    attached: dict[str, str] = field(default_factory=dict)
    owners: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    decided: dict[str, list[Decided]] = field(default_factory=dict)
    corrections: list[Correction] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    belong: dict[str, str] = field(default_factory=dict)
    _keys: dict[Profile, frozenset[str]] = field(default_factory=dict)

    def directory(self) -> Directory:
        """A directory of these people."""
        made = Directory(self.regions)
        for customer, profiles in self.people.items():
            for one in profiles:
                # Who lives with them was not asked.
                made.enter(customer, replace(one, address=replace(one.address, place=None)))
        for customer, handles in self.uses.items():
            for kind, value in handles:
                made.learn(customer, kind, value)
        return made

    # ingest.match.candidates.Known

    def under(self, keys: Iterable[str]) -> list[Profile]:
        """Those of the records that were found that share a key."""
        wanted = frozenset(keys)
        return [one for one in self.profiles() if not wanted.isdisjoint(self._keys_of(one))]

    def profiles(self) -> Iterator[Profile]:
        """Every record that was found."""
        for profiles in self.people.values():
            yield from profiles

    def _keys_of(self, profile: Profile) -> frozenset[str]:
        if profile not in self._keys:
            self._keys[profile] = frozenset(blocking_keys(profile))
        return self._keys[profile]

    def shared(self, handles: Iterable[str]) -> frozenset[str]:
        """Which of these handles several people use, as far as can be seen from here."""
        wanted = frozenset(handles)
        near = {key_of(one): one for one in self.profiles() if not wanted.isdisjoint(handles_of_profile(one))}
        blocked = {f"{kind.name.lower()} {value}" for kind, value in self.blocked}
        return (shared_handles(near) | blocked) & wanted

    def frequencies(self, terms: Iterable[tuple[str, str]]) -> Frequencies:
        """None is counted: every name is taken for one of average rarity."""
        del terms
        return Frequencies({column: {} for column in TERMS})


def asked_of(
    records: Sequence[Record], systems: Sequence[str], regions: Sequence[str], *, signalled: bool = False
) -> Asked:
    """What to look up for records of these systems, in the same order; `signalled` where a browser opted out."""
    found = {one for record in records for one in handles_of(record, regions)}
    own = {source_record(system, record) for record, system in zip(records, systems, strict=True)}
    named = {
        f"{system}:{record.user}"
        for record, system in zip(records, systems, strict=True)
        if isinstance(record, WebEvent) and record.user
    } | {f"{record.system}:{record.subject}" for record in records if isinstance(record, Decision)}
    return Asked(
        identities=tuple(sorted({key for kind, value in found for key in keys_of(kind, value)})),
        records=tuple(sorted(own | named)),
        names=tuple(sorted({name for record in records if isinstance(record, Profile) and (name := _whole(record))})),
        made=tuple(sorted({(MADE[home], f"{home}:{one.key}") for one in records if (home := home_of(one)) in MADE})),
        decided=signalled or any(isinstance(one, Decision | Profile | Mail | Call | Chat) for one in records),
    )


def handles_of(record: Record, regions: Sequence[str]) -> Iterator[Handle]:
    """The handles by which the people of a record can be found."""
    match record:
        case Profile():
            yield from identities(record)
            yield from _numbers(record.references)
        case WebEvent():
            yield from _of_event(record)
        case OrderRecord(buyer_email=address, buyer_phone=number, buyer_number=buyer):
            yield from ((Kind.EMAIL, one) for one in (address,) if one)
            yield from _dialled(number, regions)
            yield from _numbers([buyer] if buyer else [])
        case Ticket(reporter=reporter):
            yield from ((Kind.EMAIL, one) for one in (mailbox(reporter),) if one)
            yield from _dialled(reporter, regions)
            yield from _numbers(numbers_in([reporter]))
        case Call(caller=caller, customer=customer, notes=notes):
            yield from _dialled(caller, regions)
            yield from _numbers([*([customer] if customer else []), *numbers_in([notes])])
        case Chat(email=address, device=device):
            yield from ((Kind.EMAIL, one) for one in (address,) if one)
            yield from ((Kind.DEVICE, one) for one in (device,) if one)
            yield from _numbers(numbers_in([spoken(record)]))
        case Mail(from_address=sender, to_address=receiver, subject=subject, text=text):
            yield from ((Kind.EMAIL, one) for one in (sender, receiver) if one)
            yield from _numbers(numbers_in([subject, text]))
        case Mention(text=text):
            yield Kind.SOCIAL_HANDLE, handle(record)
            yield from _numbers(numbers_in([text]))


def _of_event(event: WebEvent) -> Iterator[Handle]:
    yield from ((Kind.USER_ID, one) for one in (event.user, event.previous) if one)
    yield from ((Kind.DEVICE, one) for one in (event.device, event.previous) if one)
    if isinstance(email := event.traits.get("email"), str) and (address := mailbox(email)):
        yield Kind.EMAIL, address
    if isinstance(number := event.traits.get("customer_number"), str):
        yield from _numbers([number])


def _dialled(text: str | None, regions: Sequence[str]) -> Iterator[Handle]:
    """What a number may be, as dialled from each of the regions."""
    yield from ((Kind.PHONE, found) for region in regions if (found := phone(text, region)))


def _numbers(numbers: Iterable[str]) -> Iterator[Handle]:
    for number in numbers:
        yield from ((kind, number) for kind in (Kind.CUSTOMER_NUMBER, Kind.SHIPPING_ACCOUNT, Kind.CRM_ID))


def keys_of(kind: Kind, value: str) -> Iterator[str]:
    """The keys of the identities under which a handle may stand: a mailbox as written, and without its tag."""
    if kind is Kind.EMAIL:
        yield f"{kind.name}:{value.casefold()}"
        yield f"{kind.name}:{same_mailbox(value.casefold())}"
    else:
        yield f"{kind.name}:{comparable(kind, value)}"


def _whole(record: Profile) -> str | None:
    parts = (record.name.given, record.name.family)
    return " ".join(part for part in parts if part) if all(parts) else None


def known_of(told: Mapping[str, Sequence[Mapping[str, Any]]], regions: Sequence[str], in_force: InForce) -> Known:
    """What the answer to a question amounts to."""
    found = Known(regions, in_force)
    for row in told["people"]:
        _enter(row, found)
    for row in told["records"]:
        key = str(row["key"])
        found.present.add(key)
        if row["attached"] is not None:
            found.attached[key] = row["attached"]
        if row["told"] is not None:
            found.told[key] = datetime.fromtimestamp(row["told"] / 1000, UTC)
        if row["owner"] is not None:
            found.belong[key] = row["owner"]["id"]
            found.ids.setdefault(row["owner"]["key"], row["owner"]["id"])
        if row["row"] is not None:
            system, _, own = key.partition(":")
            found.held[system, own] = Held.read(row["row"])
    for row in told["owners"]:
        found.owners[row["label"], row["key"]].update(row["systems"])
    return found


def _enter(row: Mapping[str, Any], found: Known) -> None:
    """What one row tells of a customer."""
    customer = str(row["key"])
    found.ids[customer] = row["id"]
    for one in row["identities"]:
        found.uses[customer].add((Kind[one["kind"]], str(one["value"])))
        if one["blocked"]:
            found.blocked.add((Kind[one["kind"]], str(one["value"])))
    for one in row["records"]:
        if one["kind"] == "customer":
            found.customers[one["system"], one["key"]] = customer
            if one["row"] is not None:
                found.whole.add((one["system"], one["key"]))
    if row["records"] and all(one["row"] is not None for one in row["records"]):
        found.live.add(customer)
    if row["person"]:
        found.people[customer] = list(_profiles(row))
        found.customers.update({key_of(one): customer for one in found.people[customer]})
    found.decided[customer] = list(decided_here(row["decided"]))
    found.corrections += given_back(row["corrections"])


def _profiles(row: Mapping[str, Any]) -> Iterator[Profile]:
    """The records of a person: a live one as it is held; of exports the golden record, and what else they say."""
    for one in row["records"]:
        if one["kind"] == "customer" and one["row"] is not None:
            try:
                yield Held.read(one["row"]).profile(one["system"])
            except Unreadable:
                continue
    if all(one["row"] is not None for one in row["records"]):
        return
    handles = [one for one in row["identities"] if not one["blocked"]]
    yield _profile(
        (GOLDEN, str(row["key"])),
        {
            "givenName": [row["given"]],
            "familyName": [row["family"]],
            "birthDate": [row["born"]],
            "email": [one["value"] for one in handles if one["kind"] == Kind.EMAIL.name],
            "phone": [one["value"] for one in handles if one["kind"] == Kind.PHONE.name],
            "region": [row["region"]],
        },
    )
    proofs: dict[Key, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = {(one["system"], one["key"]) for one in row["records"] if one["row"] is None}
    for one in row["proofs"]:
        if (one["system"], one["key"]) in rows:
            proofs[one["system"], one["key"]][one["attribute"]].append(one["value"])
    for key, said in proofs.items():
        yield _profile(key, said)


GOLDEN = ""
"""In place of a system: the golden record of a customer, under her own key."""


def _profile(key: Key, said: Mapping[str, Sequence[str | None]]) -> Profile:
    def first(attribute: str) -> str | None:
        return next((one for one in said.get(attribute, ()) if one), None)

    born = first("birthDate")
    return Profile(
        key=key[1],
        system=key[0],
        name=PersonName(first("givenName"), first("familyName")),
        birth_date=date.fromisoformat(born) if born else None,
        emails=tuple(one for one in said.get("email", ()) if one),
        phones=tuple(one for one in said.get("phone", ()) if one),
        address=PostalAddress(None, None, None, None, None, first("region"), None),
        references=(),
        since=None,
        changed_at=None,
        balance=None,
    )
