"""The columns that a probability is made of: one plain row for each record, the same for Splink and in memory."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ingest.match.keys import Key, key_of
from ingest.match.nicknames import forms
from ingest.normalise import folded, same_mailbox, street_letters
from ingest.records import Profile


@dataclass(frozen=True, slots=True)
class Features:
    """One record to be compared. Empty text is None. `own_` are the handles that no one else uses.

    Names are folded and without blanks; a `?` in them is a letter that was lost on the way. `birth` is ISO 8601,
    `swapped` the same with day and month in each other's place. `second` is the second line of the address. `road` is
    the first line without its numbers, `turned` the same of the second: some write them in each other's place.
    """

    key: str
    given: str | None
    family: str | None
    forms: tuple[str, ...]
    lost: int
    middle: str | None
    suffix: str | None
    birth: str | None
    swapped: str | None
    emails: tuple[str, ...]
    own_emails: tuple[str, ...]
    locals: tuple[str, ...]
    phones: tuple[str, ...]
    own_phones: tuple[str, ...]
    street: str | None
    code: str | None
    city: str | None
    second: str | None
    road: str | None
    turned: str | None
    number: str
    references: tuple[str, ...]
    blocks: tuple[str, ...] = ()


COLUMNS: tuple[str, ...] = tuple(Features.__dataclass_fields__)


def identifier(key: Key) -> str:
    """A record's key as one text."""
    return "\n".join(key)


def features(profile: Profile, shared: Collection[str], blocks: Iterable[str] = ()) -> Features:
    """What one record shows."""
    given, family = plain(profile.name.given), plain(profile.name.family)
    emails = tuple(dict.fromkeys(same_mailbox(address) for address in profile.emails))
    born = profile.birth_date.isoformat() if profile.birth_date else None
    return Features(
        key=identifier(key_of(profile)),
        given=given,
        family=family,
        forms=tuple(sorted(forms(profile.name.given))),
        lost=min(max((given or "").count("?"), (family or "").count("?")), _MOST_LOST),
        middle=(plain(profile.name.middle) or "")[:1] or None,
        suffix=profile.name.suffix,
        birth=born,
        swapped=f"{born[:5]}{born[8:]}-{born[5:7]}" if born else None,
        emails=emails,
        own_emails=tuple(one for one in emails if f"email {one}" not in shared),
        locals=tuple(dict.fromkeys(one.partition("@")[0] for one in emails)),
        phones=profile.phones,
        own_phones=tuple(one for one in profile.phones if f"phone {one}" not in shared),
        street=street(profile.address.place),
        code=code(profile.address.postal_code),
        city=plain(profile.address.city),
        second=plain(profile.address.line2),
        road=road(profile.address.line1),
        turned=road(profile.address.line2),
        number=profile.key,
        references=profile.references,
        blocks=tuple(blocks),
    )


_MOST_LOST = 3
_LEAST_ROAD = 3
_NUMBERS = re.compile(r"\d+")


def plain(text: str | None) -> str | None:
    """A name as it is compared: folded and without blanks; None where nothing is left."""
    return folded(text or "").replace(" ", "") or None


def street(place: str | None) -> str | None:
    """Street and number of the key of a house."""
    return place.rpartition("|")[2] if place else None


def road(line: str | None) -> str | None:
    """A line of an address without its numbers; None where fewer than three letters are left."""
    letters = _NUMBERS.sub("", street_letters(line or ""))
    return letters if len(letters) >= _LEAST_ROAD else None


def code(text: str | None) -> str | None:
    """A postal code without marks and leading zeros, which sheets lose."""
    return "".join(c for c in text or "" if c.isalnum()).upper().lstrip("0") or None
