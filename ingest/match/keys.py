"""What a record is known by: its key, and the mailboxes and numbers by which records meet."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from ingest.match.nicknames import alike_given
from ingest.names import Likeness
from ingest.normalise import same_mailbox
from ingest.records import Profile

Key = tuple[str, str]
"""System and key of a record."""
Pair = tuple[Key, Key]
"""Two records, the smaller key first."""

LARGEST_BLOCK = 60
"""More records than this under one handle: a placeholder, not a person."""


def key_of(profile: Profile) -> Key:
    """The key under which a resolution knows a record."""
    return profile.system, profile.key


def pair_of(one: Key, other: Key) -> Pair:
    """Two records in the order of their keys."""
    return (one, other) if one <= other else (other, one)


def handles(profile: Profile) -> Iterator[str]:
    """Mailboxes without tags and phone numbers, by which records meet."""
    yield from (f"email {same_mailbox(address)}" for address in profile.emails)
    yield from (f"phone {number}" for number in profile.phones)


def shared_handles(profiles: Mapping[Key, Profile]) -> frozenset[str]:
    """Handles that several people use: their users' given names exclude each other, they are very many, or the mailbox
    says so itself (`family.lee@`, `office@`).
    """
    by: dict[str, list[Profile]] = {}
    for one in profiles.values():
        for handle in dict.fromkeys(handles(one)):
            by.setdefault(handle, []).append(one)
    return frozenset(handle for handle, users in by.items() if _OF_SEVERAL.match(handle) or _several_people(users))


def of_several(address: str) -> bool:
    """Whether a mailbox says itself that several people use it."""
    return bool(_OF_SEVERAL.match(f"email {same_mailbox(address)}"))


_OF_SEVERAL = re.compile(
    r"email (family|familie|famille|familia|rodzina|aile|fam|haushalt|household"
    r"|office|buero|bureau|oficina|biuro|ofis|info|sales|vertrieb|contact|kontakt|team)(\d*|[._-][^@]*)@"
)


def _several_people(users: Sequence[Profile]) -> bool:
    return len(users) > LARGEST_BLOCK or any(_exclude(one, other) for one, other in combinations(users, 2))


def _exclude(one: Profile, other: Profile) -> bool:
    if alike_given(one.name.given, other.name.given) is not Likeness.CONTRADICT:
        return False
    return not crossed(one, other)


def crossed(one: Profile, other: Profile) -> bool:
    """Whether one record has given and family name in each other's place."""
    a, b = one.name, other.name
    return (
        alike_given(a.given, b.family) >= Likeness.NEAR
        and alike_given(a.family, b.given) >= Likeness.NEAR
    )  # fmt: skip


def common_handles(one: Profile, other: Profile) -> set[str]:
    """The handles that two records share."""
    return set(handles(one)) & set(handles(other))
