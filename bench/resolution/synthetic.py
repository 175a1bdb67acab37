"""Very many invented records with known persons, for time and memory: no claim about quality comes from them."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from bench.resolution.febrl import Labelled
from ingest.match.keys import Key, key_of
from ingest.names import given_first
from ingest.normalise import place
from ingest.records import PostalAddress, Profile

_SYLLABLES = ("ba", "der", "kin", "lo", "mar", "nes", "pol", "ri", "sta", "tov", "ul", "wen", "yas", "zel")
_SYSTEMS = ("billing", "shipping", "crm")
_FIRST = date(1940, 1, 1)


def synthetic(records: int, seed: int = 11) -> Labelled:
    """So many records of about 0.4 times as many persons."""
    chance = random.Random(seed)
    profiles: list[Profile] = []
    person: dict[Key, str] = {}
    while len(profiles) < records:
        for one in _records(len(profiles), chance):
            profiles.append(one)
            person[key_of(one)] = f"P{one.key.partition('-')[0]}"
    return Labelled(f"{records:,} synthetic records", tuple(profiles), person)


def _records(number: int, chance: random.Random) -> Iterator[Profile]:
    given, family = _word(chance, 2), _word(chance, 3)
    mailbox, phone = f"{given}.{family}{chance.randrange(9999)}@x.example", f"+4915{chance.randrange(10**9):09}"
    street, code = f"{_word(chance, 2)} street {chance.randrange(1, 300)}", f"{chance.randrange(1000, 99999):05}"
    born = _FIRST + timedelta(days=chance.randrange(24_000))
    for copy in range(chance.choice((1, 2, 2, 3, 4))):
        name = _slip(f"{given} {family}", chance) if chance.random() < 0.15 else f"{given} {family}"
        yield Profile(
            key=f"{number}-{copy}",
            system=_SYSTEMS[copy % len(_SYSTEMS)],
            name=given_first(name),
            birth_date=born if chance.random() < 0.5 else None,
            emails=(mailbox,) if chance.random() < 0.6 else (),
            phones=(phone,) if chance.random() < 0.6 else (),
            address=PostalAddress(street, None, code, "Town", None, "DE", place(street, code, "DE")),
            references=(),
            since=None,
            changed_at=None,
            balance=None,
        )


def _word(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choice(_SYLLABLES) for _ in range(syllables))


def _slip(text: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
