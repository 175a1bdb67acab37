"""Corrections: values that a person set right here, beside those that sources hold, and which of them counts.

A correction wins over all that sources said before it, until one of them says something new: a value that its record
did not hold when the correction was made, that is no correction of ours come back, and that is younger than it. What
is new then goes by the declared rules, and what was corrected away takes no part (`docs/survivorship.md`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import orjson

from ingest.match.keys import Key
from ingest.normalise import folded
from ingest.records import PostalAddress
from ingest.survivorship import AttributeRules, Candidate, Choice, disputing, survive

OURS = "correction"
"""Stands in the place of a system where a value is from here."""
CORRECTED = "correction"
"""The rule of a provenance where a correction stands against all that sources say."""
SINCE = "since_correction"
"""The rule of a provenance where one value came in after a correction."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One value that was set right.

    `on` is the record that held the value before; who has it has the correction. `held` is what each record said then,
    by system and key, as `alike` spells it. `address` is an address in its parts. `customer` is whose it was, by key.
    """

    id: str
    attribute: str
    value: str
    at: datetime
    on: Key
    held: Mapping[str, str]
    customer: str
    address: PostalAddress | None = None

    @property
    def alike(self) -> str:
        """The spelling under which the same value meets."""
        return folded(self.value) if self.address is None else alike(self.address, self.value)

    @property
    def echoes(self) -> frozenset[str]:
        """As what it may come back: an address also without its unit, for which not every system has room."""
        bare = None if self.address is None else replace(self.address, line2=None)
        return frozenset((self.alike, *(() if bare is None else (alike(bare, self.value),))))

    @property
    def candidate(self) -> Candidate:
        """As one value among those of sources."""
        return Candidate(self.value, OURS, self.id, self.at, alike=self.alike)


def alike(address: PostalAddress, written: str) -> str:
    """The spelling under which one home meets: its house and unit where they are known, else its letters."""
    return f"{address.place}|{folded(address.line2 or '')}" if address.place else folded(written)


def place_of(system: str, record: str) -> str:
    """A record as `held` names it."""
    return f"{system}:{record}"


def chosen(said: AttributeRules, candidates: Sequence[Candidate], corrections: Sequence[Correction]) -> Choice | None:
    """Choose among what sources hold for one attribute and its corrections, if there are any."""
    if not corrections:
        return survive(said, candidates)
    latest = max(corrections, key=lambda one: (one.at, one.id))
    ours = frozenset(spelling for one in corrections for spelling in one.echoes)
    news = [one for one in candidates if _is_news(one, latest, ours)]
    every = (*candidates, *(one.candidate for one in corrections))
    found = survive(said, news)
    choice, rule = (latest.candidate, CORRECTED) if found is None else (found.chosen, found.rule)
    if found is not None and len({one.value for one in news}) == 1:
        rule = SINCE
    lost = {(one.value, one.system, one.record): one for one in every if one.value != choice.value}
    return Choice(choice, tuple(lost[key] for key in sorted(lost)), rule, disputing(choice, candidates))


def _is_news(one: Candidate, latest: Correction, ours: frozenset[str]) -> bool:
    if one.weak or one.spelling in ours:
        return False
    before = latest.held.get(place_of(one.system, one.record))
    if one.spelling == before:
        return False
    # Of a record without a time it is known only that it says something else by now.
    return before is not None if one.observed_at is None else one.observed_at > latest.at


def of_attribute(corrections: Iterable[Correction], attribute: str) -> list[Correction]:
    """Those of one attribute."""
    return [one for one in corrections if one.attribute == attribute]


def given_back(rows: Iterable[Mapping[str, Any]]) -> tuple[Correction, ...]:
    """Corrections as the graph keeps them."""
    return tuple(
        Correction(
            id=row["id"],
            attribute=row["attribute"],
            value=row["value"],
            at=datetime.fromtimestamp(row["at"] / 1000, UTC),
            on=(row["on"][0], row["on"][1]),
            held=orjson.loads(row["held"]),
            customer=row["customer"],
            address=PostalAddress(**orjson.loads(row["address"])) if row["address"] else None,
        )
        for row in rows
    )


def by_customer(corrections: Iterable[Correction], customers: Mapping[Key, str]) -> dict[str, tuple[Correction, ...]]:
    """Corrections by whose they are: of whom the record is that each was made on, or else of whom it was."""
    found: dict[str, tuple[Correction, ...]] = {}
    for one in corrections:
        customer = customers.get(one.on, one.customer)
        found[customer] = (*found.get(customer, ()), one)
    return found
