"""Who is known under what: finds the one customer that clues lead to, or nobody.

A handle of several says whose house or office it is, not who uses it: a mailbox that is called so (`family.lee@`,
`office@`), a landline. Whoever lives with one of its known users may use it, and others whom we do not know. So such a
mailbox tells only together with a name or a birth date; a landline also where her address is known, and nobody else's
is the same.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ingest.called import is_called, may_be_called
from ingest.match.keys import of_several
from ingest.normalise import Line, phone, rings, same_mailbox
from ingest.records import Profile
from schema.enums import IdentityKind as Kind

# A customer number or shipping account as people type it: K-882949, k 882949, shp8429073.
_NUMBER = re.compile(r"\b(?:(k)[-\s]?(\d{6})|(shp)[-\s]?(\d{7}))\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A customer, and the rule that led there. `loose` where it was a handle that others may use as well."""

    customer: str
    method: str
    loose: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Clues:
    """What a record says of its person, from the strongest to the weakest."""

    numbers: Sequence[str] = ()
    email: str | None = None
    phone: str | None = None
    user: str | None = None
    handle: str | None = None
    device: str | None = None
    name: str | None = None
    born: date | None = None


@dataclass(frozen=True, slots=True)
class _Lead:
    """The customers known under the handles of one kind, and whether others may use these as well."""

    method: str
    users: frozenset[str]
    several: bool = False
    line: Line | None = None


MOST_OF_A_HOUSE = 8
"""Customers at one address beyond which it is no household: units are not told apart."""


@dataclass(slots=True)
class Directory:
    """Handles of customers. Filled from profile records first, then from what they are seen to use."""

    regions: Sequence[str]
    _known: dict[tuple[Kind, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    _people: dict[str, list[Profile]] = field(default_factory=lambda: defaultdict(list))
    _houses: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _doubted: set[tuple[Kind, str]] = field(default_factory=set)

    def enter(self, customer: str, profile: Profile) -> None:
        """Enter everything one record says of its customer."""
        self._people[customer].append(profile)
        if profile.address.place:
            self._houses[profile.address.place].add(customer)
        for kind, value in identities(profile):
            self.learn(customer, kind, value)

    def learn(self, customer: str, kind: Kind, value: str) -> None:
        """Enter one handle of a customer."""
        self._known[kind, comparable(kind, value)].add(customer)

    def doubt(self, kind: Kind, value: str) -> None:
        """Somebody whom nobody knows uses this handle, too: it leads no further."""
        self._doubted.add((kind, comparable(kind, value)))

    def handles(self, kind: Kind) -> Iterator[tuple[str, frozenset[str]]]:
        """Every handle of a kind with the customers that use it."""
        yield from ((value, frozenset(users)) for (one, value), users in self._known.items() if one is kind)

    def profiles(self, customer: str) -> Sequence[Profile]:
        """The records of a customer."""
        return self._people.get(customer, ())

    def users(self, kind: Kind, value: str | None) -> frozenset[str]:
        """The customers known under a handle."""
        return frozenset(self._known.get((kind, comparable(kind, value)), ())) if value else frozenset()

    def find(self, clues: Clues) -> Found | None:
        """The one customer that the strongest clue leads to; nobody where several fit or the name contradicts."""
        among: frozenset[str] | None = None
        for lead in self._leads(clues):
            users = lead.users if among is None else lead.users & among
            fitting = frozenset(user for user in users if self.may_be(user, clues))
            if lead.several and users:
                if found := self._one_of_several(lead, fitting, clues):
                    return found
                # A weaker clue may tell which of them it is.
                among = fitting or among
            elif fitting:
                return self._one(lead, fitting, clues)
        return None

    def _leads(self, clues: Clues) -> Iterator[_Lead]:
        # Two numbers of one text count only where they are one customer's.
        numbered = [self.numbered(number) for number in clues.numbers]
        yield _Lead("customer_number", frozenset().union(*numbered))
        yield _Lead("email", self.users(Kind.EMAIL, clues.email), of_several(clues.email or ""))
        dialled = {one: users for one in self.dialled(clues.phone) if (users := self.users(Kind.PHONE, one))}
        lines = {rings(one) for one in dialled}
        line = next((one for one in (Line.LANDLINE, Line.UNTOLD, Line.MOBILE) if one in lines), None)
        yield _Lead("phone", frozenset().union(*dialled.values()), line is Line.LANDLINE, line)
        yield _Lead("user_id", self.users(Kind.USER_ID, clues.user))
        yield _Lead("social_handle", self.users(Kind.SOCIAL_HANDLE, clues.handle))
        if clues.device and (Kind.DEVICE, comparable(Kind.DEVICE, clues.device)) not in self._doubted:
            yield _Lead("device", self.users(Kind.DEVICE, clues.device))

    def _one(self, lead: _Lead, fitting: Collection[str], clues: Clues) -> Found | None:
        told = self._told(lead, fitting, clues)
        if len(fitting) > 1:
            return told
        return Found(next(iter(fitting)), lead.method, loose=lead.line is Line.UNTOLD and not told)

    def _one_of_several(self, lead: _Lead, fitting: Collection[str], clues: Clues) -> Found | None:
        """Whoever of the house is named; of a landline, where nobody is, the only one who is known to live there."""
        house = {one for user in lead.users for one in self._house(user) if self.may_be(one, clues)}
        if told := self._told(lead, house.union(fitting), clues):
            return told
        if lead.line is not Line.LANDLINE or clues.born or len(house) != 1 or not house.issuperset(fitting):
            return None
        return Found(next(iter(house)), lead.method, loose=True)

    def _told(self, lead: _Lead, fitting: Collection[str], clues: Clues) -> Found | None:
        """The one of those who fit whose name is given, or else whose birth date is."""
        named = [user for user in fitting if self.named(user, clues.name)] if clues.name else []
        born = [user for user in named or fitting if clues.born and clues.born in self._birth_dates(user)]
        if len(named) == 1:
            return Found(named[0], f"{lead.method}_and_name")
        return Found(born[0], f"{lead.method}_and_birth_date") if len(born) == 1 else None

    def _house(self, customer: str) -> Iterator[str]:
        """Who lives at an address of a customer."""
        for place in {one.address.place for one in self.profiles(customer)} - {None}:
            if len(residents := self._houses[str(place)]) <= MOST_OF_A_HOUSE:
                yield from residents

    def numbered(self, number: str) -> frozenset[str]:
        """The customers with a number of billing or shipping."""
        return self.users(Kind.CUSTOMER_NUMBER, number) | self.users(Kind.SHIPPING_ACCOUNT, number)

    def dialled(self, text: str | None) -> tuple[str, ...]:
        """What a number may be in E.164, as dialled from any country the company has customers in."""
        if text is None:
            return ()
        return tuple(dict.fromkeys(found for region in self.regions if (found := phone(text, region))))

    def may_be(self, customer: str, clues: Clues) -> bool:
        """Whether name and birth date of the clues leave the customer possible."""
        if clues.born and (known := self._birth_dates(customer)) and clues.born not in known:
            return False
        return may_be_called(clues.name, [one.name for one in self.profiles(customer)])

    def named(self, customer: str, name: str) -> bool:
        """Whether every word of the name is one of the customer's."""
        return is_called(name, [one.name for one in self.profiles(customer)])

    def _birth_dates(self, customer: str) -> frozenset[date]:
        return frozenset(one.birth_date for one in self.profiles(customer) if one.birth_date)


def identities(profile: Profile) -> Iterator[tuple[Kind, str]]:
    """The handles that a profile record names."""
    yield profile.known_as, profile.key
    yield from ((Kind.EMAIL, address) for address in profile.emails)
    yield from ((Kind.PHONE, number) for number in profile.phones)


def comparable(kind: Kind, value: str) -> str:
    """The spelling of a handle that is compared when one looks for its customer."""
    if kind is Kind.EMAIL:
        return same_mailbox(value)
    return value.upper() if kind in {Kind.CUSTOMER_NUMBER, Kind.SHIPPING_ACCOUNT} else value


def numbers_in(texts: Iterable[str | None]) -> tuple[str, ...]:
    """The customer numbers and shipping accounts that texts name, in the spelling of the silos."""
    found: Mapping[str, None] = dict.fromkeys(
        f"K-{match[2]}" if match[1] else f"SHP{match[4]}" for text in texts if text for match in _NUMBER.finditer(text)
    )
    return tuple(found)
