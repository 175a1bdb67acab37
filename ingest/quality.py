"""How good what sources deliver is: for each system and attribute a share of what is good, of what a load found out.

docs/governance.md says each dimension in words and as a formula. Nothing is measured of which there is nothing: a share
of no records is not 0.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ingest.company import Company
from ingest.golden import OF_PERSONS, candidates_of
from ingest.records import Account, Profile
from ingest.resolve import key_of
from ingest.survivorship import Candidate
from schema.enums import QualityDimension
from schema.governance import Threshold
from schema.measured import RECORD, ROW

FRESH = timedelta(days=730)
"""A record is timely that its system changed within this time before the load."""
OLDEST = 120
"""Years that nobody is older than."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How many of how many are good."""

    system: str
    attribute: str
    dimension: QualityDimension
    good: int
    counted: int

    @property
    def value(self) -> float:
        """The share, from 0 to 1."""
        return self.good / self.counted


@dataclass(frozen=True, slots=True)
class Below:
    """What a load found below a threshold."""

    asked: Threshold
    found: Measure

    @property
    def sentence(self) -> str:
        """`Quality: completeness of birthDate in crm is 0.812, and 0.95 is asked (birth_dates).`"""
        found = self.found
        return (
            f"Quality: {found.dimension.value.lower()} of {found.attribute} in {found.system} is {found.value:.3f}, "
            f"and {self.asked.least:g} is asked ({self.asked.name})."
        )


class _Tally:
    """Counts good ones and all."""

    def __init__(self) -> None:
        self._good: dict[tuple[str, str, QualityDimension], int] = defaultdict(int)
        self._all: dict[tuple[str, str, QualityDimension], int] = defaultdict(int)

    def add(self, system: str, attribute: str, dimension: QualityDimension, good: int, counted: int = 1) -> None:
        """So many more."""
        self._good[system, attribute, dimension] += good
        self._all[system, attribute, dimension] += counted

    def measures(self) -> Iterator[Measure]:
        """What there is to measure, in the order of systems, attributes and dimensions."""
        for key in sorted(self._all, key=lambda one: (one[0], one[1], one[2].value)):
            if self._all[key]:
                yield Measure(*key, self._good[key], self._all[key])


def measures(company: Company) -> tuple[Measure, ...]:
    """All that is measured of a load, whatever the order of its rows."""
    tally = _Tally()
    _rows(company, tally)
    _people(company, tally)
    _organisations(company, tally)
    _identifiers(company, tally)
    return tuple(tally.measures())


def below(asked: Iterable[Threshold], found: Sequence[Measure]) -> tuple[Below, ...]:
    """What is below a threshold."""
    return tuple(
        Below(one, measure) for one in asked for measure in found if of(one, measure) and measure.value < one.least
    )


def of(asked: Threshold, measure: Measure) -> bool:
    """Whether the threshold is about this."""
    return (asked.attribute, asked.dimension) == (measure.attribute, measure.dimension) and asked.system in (
        None,
        measure.system,
    )


def _rows(company: Company, tally: _Tally) -> None:
    """Rows that could be read, of all."""
    for read in company.exports.reads:
        tally.add(read.source.system, ROW, QualityDimension.VALIDITY, 1)
    for reject in company.exports.rejects:
        tally.add(reject.system, ROW, QualityDimension.VALIDITY, 0)


def _people(company: Company, tally: _Tally) -> None:
    for key, records in company.people.items():
        held = [(one, candidates_of([one], company.resolution.shared)) for one in records]
        for record, found in held:
            _record(record, found, company, tally)
        _agreement(key, held, company, tally)
    _one_each(company, company.exports.of(Profile), tally)


def _record(record: Profile, found: Mapping[str, Sequence[Candidate]], company: Company, tally: _Tally) -> None:
    system = record.system
    for attribute in OF_PERSONS:
        values = found[attribute]
        tally.add(system, attribute, QualityDimension.COMPLETENESS, bool(values))
        for value in values:
            good = not value.weak and (attribute != "birthDate" or plausible(record.birth_date, company.today))
            tally.add(system, attribute, QualityDimension.VALIDITY, good)
    if record.changed_at is not None:
        tally.add(system, RECORD, QualityDimension.TIMELINESS, timely(record.changed_at, company.now))


def plausible(born: date | None, today: date) -> bool:
    """Whether somebody who lives may be born then."""
    return born is not None and born <= today and today.year - born.year <= OLDEST


def timely(changed: datetime, now: datetime) -> bool:
    """Whether a record was changed within the time in which it counts as fresh."""
    return changed >= now - FRESH


def _agreement(
    key: str, held: Sequence[tuple[Profile, Mapping[str, Sequence[Candidate]]]], company: Company, tally: _Tally
) -> None:
    """Of systems that hold a usable value where another record has one too: whether one is the golden value."""
    choices = company.golden[key].choices
    for attribute in OF_PERSONS:
        said = [(one.system, {value.spelling for value in found[attribute] if not value.weak}) for one, found in held]
        said = [(system, spellings) for system, spellings in said if spellings]
        if len(said) > 1 and (choice := choices.get(attribute)):
            agree = {system for system, spellings in said if choice.chosen.spelling in spellings}
            for system in {system for system, _ in said}:
                tally.add(system, attribute, QualityDimension.CONSISTENCY, system in agree)


def _organisations(company: Company, tally: _Tally) -> None:
    accounts = company.exports.of(Account)
    for one in accounts:
        system = company.systems[key_of_account(one)]
        for attribute, value in (("name", one.name), ("vatNumber", one.vat_number), ("region", one.country)):
            tally.add(system, attribute, QualityDimension.COMPLETENESS, bool(value))
    _one_each(company, accounts, tally)


def key_of_account(account: Account) -> tuple[str, str]:
    """Under which key a company's systems and customers know an account."""
    return "accounts", account.key


def _one_each(company: Company, records: Sequence[Profile] | Sequence[Account], tally: _Tally) -> None:
    """Customers, of the records that are theirs."""
    customers: dict[str, set[str]] = defaultdict(set)
    counted: dict[str, int] = defaultdict(int)
    for one in records:
        key = key_of(one) if isinstance(one, Profile) else key_of_account(one)
        system = one.system if isinstance(one, Profile) else company.systems[key]
        customers[system].add(company.customers[key])
        counted[system] += 1
    for system, number in counted.items():
        tally.add(system, RECORD, QualityDimension.UNIQUENESS, len(customers[system]), number)


def _identifiers(company: Company, tally: _Tally) -> None:
    """Addresses and numbers that are of one customer each, of all that the system holds."""
    whose: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for key, records in company.people.items():
        for one in records:
            for attribute, values in (("email", one.emails), ("phone", one.phones)):
                for value in values:
                    whose[one.system, attribute, value].add(key)
    for (system, attribute, _), customers in whose.items():
        tally.add(system, attribute, QualityDimension.UNIQUENESS, len(customers) == 1)
