"""Which value survives into the golden record: one declared rule for each attribute."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType

from ingest.normalise import folded


class Order(StrEnum):
    """What decides between values; the name goes into the provenance."""

    MAJORITY = "majority"  # what most records say, then the system that comes first, then the latest
    SYSTEM_OF_RECORD = "system_of_record"  # the system that comes first, then the latest
    MOST_RECENT = "most_recent"  # the latest, then the system that comes first


@dataclass(frozen=True, slots=True)
class Survivorship:
    """The rule for one attribute; `systems` from the most trusted down."""

    order: Order
    systems: tuple[str, ...]


SURVIVORSHIP: Mapping[str, Survivorship] = MappingProxyType(
    {
        "givenName": Survivorship(Order.MAJORITY, ("crm", "billing", "shipping")),
        # People marry: the name that most records still hold may be the old one.
        "familyName": Survivorship(Order.MAJORITY, ("crm", "billing", "shipping")),
        "birthDate": Survivorship(Order.SYSTEM_OF_RECORD, ("billing", "crm", "shipping")),
        "email": Survivorship(Order.MOST_RECENT, ("crm", "billing", "shipping")),
        "phone": Survivorship(Order.MOST_RECENT, ("crm", "shipping", "billing")),
        # Parcels arrive where people live.
        "address": Survivorship(Order.MOST_RECENT, ("shipping", "billing", "crm")),
        "region": Survivorship(Order.MOST_RECENT, ("shipping", "billing", "crm")),
        "name": Survivorship(Order.SYSTEM_OF_RECORD, ("accounts",)),
        "vatNumber": Survivorship(Order.SYSTEM_OF_RECORD, ("accounts",)),
    }
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value of one record. `weak` values lose against any other: initials, lost letters, shared mailboxes."""

    value: str
    system: str
    record: str
    observed_at: datetime | None
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The value that survived, the ones that differ from it, and the rule that decided."""

    chosen: Candidate
    lost: tuple[Candidate, ...]
    rule: str


_NEVER = datetime.min.replace(tzinfo=UTC)


def survive(attribute: str, candidates: Sequence[Candidate], first: Sequence[str] = ()) -> Choice | None:
    """Choose among the values that records hold for one attribute; None where none holds any.

    `first` are the systems that the sources name as systems of record; they come before those of the rule.
    """
    if not candidates:
        return None
    rule = SURVIVORSHIP[attribute]
    systems = (*first, *(one for one in rule.systems if one not in first))
    votes = Counter(folded(one.value) for one in candidates)

    def preference(one: Candidate) -> tuple[object, ...]:
        place = -systems.index(one.system) if one.system in systems else -len(systems)
        seen = one.observed_at or _NEVER
        strength: dict[Order, tuple[object, ...]] = {
            Order.MAJORITY: (votes[folded(one.value)], place, seen),
            Order.SYSTEM_OF_RECORD: (place, seen),
            Order.MOST_RECENT: (seen, place),
        }
        # The last two make the answer one and the same however the records come.
        return (not one.weak, *strength[rule.order], one.record, one.value)

    chosen = max(candidates, key=preference)
    lost = {(one.value, one.system, one.record): one for one in candidates if one.value != chosen.value}
    return Choice(chosen, tuple(lost[key] for key in sorted(lost)), rule.order.value)
