"""Everything that was found out about the exports of one folder, before any of it becomes a node."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from ingest.attached import Attached, owners
from ingest.attribution import Attribution, attribute
from ingest.corrections import Correction, by_customer
from ingest.directory import Directory
from ingest.exports import Exports
from ingest.golden import Golden, Trade, golden_organisation, golden_person, trade
from ingest.homes import home_of
from ingest.match.learn import weights_for
from ingest.match.traded import referred
from ingest.naming import customer_keys
from ingest.organisations import Organisation, organisations
from ingest.records import Account, OrderRecord, Profile
from ingest.redact import Redactor, name_words
from ingest.resolve import Decisions, Key, Resolution, key_of, resolve
from ingest.standing import Decided
from ingest.survivorship import Survivorship

NAMES = ("givenName", "familyName")


@dataclass(frozen=True)
class Company:
    """What the exports amount to. `customers` says for each profile record and account which customer it is.

    `decided` is what customers decided elsewhere and `corrections` what was set right here, by their keys; `speakers`
    are who is known to speak for an organisation, whatever these exports say.
    """

    exports: Exports
    now: datetime
    resolution: Resolution
    organisations: tuple[Organisation, ...]
    customers: Mapping[Key, str]
    directory: Directory
    attribution: Attribution
    decided: Mapping[str, Sequence[Decided]] = field(default_factory=dict)
    speakers: frozenset[str] = frozenset()
    corrections: Mapping[str, Sequence[Correction]] = field(default_factory=dict)

    @cached_property
    def people(self) -> Mapping[str, Sequence[Profile]]:
        """The records of each person, in the order of their keys."""
        found: dict[str, list[Profile]] = defaultdict(list)
        for one in sorted(self.exports.of(Profile), key=key_of):
            found[self.customers[key_of(one)]].append(one)
        return found

    @cached_property
    def companies(self) -> Mapping[str, Organisation]:
        """Each organisation by its customer's key."""
        return {self.customers["accounts", one.accounts[0].key]: one for one in self.organisations}

    @cached_property
    def golden(self) -> Mapping[str, Golden]:
        """The golden record of each customer."""
        return self.golden_by(self.exports.survivorship)

    def golden_by(self, survivorship: Survivorship) -> Mapping[str, Golden]:
        """The golden record of each customer, as these rules make it."""
        rules = survivorship.believing(self.exports.first)
        people = {
            key: golden_person(records, self.resolution.shared, rules, self.corrections.get(key, ()))
            for key, records in self.people.items()
        }
        return people | {key: golden_organisation(one, rules) for key, one in self.companies.items()}

    @cached_property
    def trade(self) -> Mapping[str, Trade]:
        """What the orders of each customer amount to."""
        placed: dict[str, list[OrderRecord]] = defaultdict(list)
        for order in self.exports.of(OrderRecord):
            if found := self.attribution.of("orders", order.key):
                placed[found.customer].append(order)
        return {key: trade(placed[key]) for key in self.golden}

    @cached_property
    def redactor(self) -> Redactor:
        """Takes out of texts what identifies the people of this company."""
        return Redactor((one.name for one in self.exports.of(Profile)), self.directory.regions)

    @cached_property
    def name_words(self) -> Mapping[str, frozenset[str]]:
        """The words that name each customer, in any of the records."""
        named = {
            key: frozenset(
                name_words(
                    [
                        *(word for one in records for word in (one.name.given, one.name.middle, one.name.family)),
                        *(one.value for one in self.corrections.get(key, ()) if one.attribute in NAMES),
                    ]
                )
            )
            for key, records in self.people.items()
        }
        return named | {key: frozenset() for key in self.companies}

    @cached_property
    def systems(self) -> Mapping[Key, str]:
        """The system that delivered each record, by its home and key; of several the first."""
        found: dict[Key, str] = {}
        for one in self.exports.reads:
            found.setdefault((home_of(one.record), one.record.key), one.source.system)
        return found

    @property
    def today(self) -> date:
        """The day of the load."""
        return self.now.date()


def find_out(
    exports: Exports,
    now: datetime,
    known: Mapping[Key, str],
    decided: Mapping[str, Sequence[Decided]] | None = None,
    pairs: Decisions | None = None,
    corrections: Sequence[Correction] = (),
    attached: Sequence[Attached] = (),
) -> Company:
    """Resolve, name and attribute. `known` says which customer a record already belongs to, `decided` what customers
    decided elsewhere, `pairs` which records persons found to be one or two, `corrections` what was set right here,
    `attached` whose persons said interactions are.
    """
    profiles, traded = exports.of(Profile), referred(exports)
    resolution = resolve(traded, weights_for(traded), pairs)
    entries = organisations(exports.of(Account))
    clusters = [
        *resolution.clusters,
        *(tuple(("accounts", account.key) for account in one.accounts) for one in entries),
    ]
    customers = customer_keys(clusters, known)
    directory = Directory(sorted({one.address.country for one in profiles if one.address.country}))
    for one in sorted(profiles, key=key_of):
        directory.enter(customers[key_of(one)], one)
    attribution = attribute(exports, directory, customers, owners(attached, customers))
    return Company(
        exports,
        now,
        resolution,
        entries,
        customers,
        directory,
        attribution,
        decided or {},
        corrections=by_customer(corrections, customers),
    )
