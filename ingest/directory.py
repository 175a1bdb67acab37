"""Who is known under what: finds the one customer that clues lead to, or nobody."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ingest.match.nicknames import alike_given
from ingest.names import Likeness
from ingest.normalise import folded, phone, same_mailbox
from ingest.records import Profile
from schema.enums import IdentityKind as Kind

# A customer number or shipping account as people type it: K-882949, k 882949, shp8429073.
_NUMBER = re.compile(r"\b(?:(k)[-\s]?(\d{6})|(shp)[-\s]?(\d{7}))\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A customer, and the rule that led there."""

    customer: str
    method: str


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


@dataclass(slots=True)
class Directory:
    """Handles of customers. Filled from profile records first, then from what they are seen to use."""

    regions: Sequence[str]
    _known: dict[tuple[Kind, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    _people: dict[str, list[Profile]] = field(default_factory=lambda: defaultdict(list))

    def enter(self, customer: str, profile: Profile) -> None:
        """Enter everything one record says of its customer."""
        self._people[customer].append(profile)
        for kind, value in identities(profile):
            self.learn(customer, kind, value)

    def learn(self, customer: str, kind: Kind, value: str) -> None:
        """Enter one handle of a customer."""
        self._known[kind, comparable(kind, value)].add(customer)

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
        for method, users in self._leads(clues):
            if fitting := [user for user in sorted(users) if self.may_be(user, clues)]:
                return Found(fitting[0], method) if len(fitting) == 1 else self._narrowed(fitting, clues, method)
        return None

    def _leads(self, clues: Clues) -> Iterator[tuple[str, frozenset[str]]]:
        # Two numbers of one text count only where they are one customer's.
        numbered = [self.numbered(number) for number in clues.numbers]
        yield "customer_number", frozenset().union(*numbered)
        yield "email", self.users(Kind.EMAIL, clues.email)
        yield "phone", frozenset().union(*(self.users(Kind.PHONE, one) for one in self.dialled(clues.phone)))
        yield "user_id", self.users(Kind.USER_ID, clues.user)
        yield "social_handle", self.users(Kind.SOCIAL_HANDLE, clues.handle)
        yield "device", self.users(Kind.DEVICE, clues.device)

    def _narrowed(self, fitting: Sequence[str], clues: Clues, method: str) -> Found | None:
        named = [user for user in fitting if clues.name and self.named(user, clues.name)]
        return Found(named[0], f"{method}_and_name") if len(named) == 1 else None

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
        profiles = self.profiles(customer)
        if clues.born and (known := {one.birth_date for one in profiles if one.birth_date}) and clues.born not in known:
            return False
        return not clues.name or not profiles or self._alike(customer, clues.name, Likeness.POSSIBLE, any_word=True)

    def named(self, customer: str, name: str) -> bool:
        """Whether every word of the name is one of the customer's."""
        return self._alike(customer, name, Likeness.NEAR, any_word=False)

    def _alike(self, customer: str, name: str, least: Likeness, *, any_word: bool) -> bool:
        words = [word for word in folded(name).split() if len(word) > 1]
        own = [
            part
            for one in self.profiles(customer)
            for whole in (one.name.given, one.name.family, one.name.middle)
            for part in folded(whole or "").split()
        ]
        if not words or not own:
            return True
        # The given name comes first or last, and it is what sets people of one household apart.
        hits = [any(alike_given(word, part) >= least for part in own) for word in words]
        if not any_word:
            return all(hits)
        return any(hits) and not (len(words) == 2 and self._other_given(customer, words))

    def _other_given(self, customer: str, words: Sequence[str]) -> bool:
        given = [one.name.given for one in self.profiles(customer) if one.name.given]
        return bool(given) and not any(
            alike_given(word, name) is not Likeness.CONTRADICT for word in words for name in given
        )


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
