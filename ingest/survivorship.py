"""Which value survives into the golden record: the rules that are declared for each attribute, asked in their order.

The declaration is a file (`ingest/survivorship_file.py`); here is what its rules mean.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from ingest.normalise import folded

ATTRIBUTES = (
    "givenName",
    "familyName",
    "birthDate",
    "email",
    "phone",
    "address",
    "region",
    "name",
    "vatNumber",
    "preferredChannel",
    "nationalId",
)
"""What of a golden record is chosen among values of sources; `name` is that of an organisation. Where nobody stated a
preferred channel it is the one on which the customer answers.
"""


class Rule(StrEnum):
    """What may decide between values; the name stands in the file and in the provenance."""

    USABLE = "usable"  # whole and the customer's own: no initial, lost letter or mailbox that several people use
    SYSTEM_OF_RECORD = "system_of_record"  # the system that is named first
    MOST_RECENT = "most_recent"  # the record that its system changed last
    MOST_FREQUENT = "most_frequent"  # what most records say, capitals and marks aside
    MOST_COMPLETE = "most_complete"  # the address with the most parts, the longest text


UNOPPOSED = "unopposed"
"""The rule of a provenance where all records that say anything say the same."""
LAST_RECORD = "last_record"
"""The rule of a provenance where no rule told the values apart: the record whose key comes last."""


@dataclass(frozen=True, slots=True)
class AttributeRules:
    """The rules of one attribute in their order; `systems` from the most trusted down, for `system_of_record`."""

    rules: tuple[Rule, ...]
    systems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Survivorship:
    """The rules of every attribute. `own` are those that the company's own file names."""

    attributes: Mapping[str, AttributeRules]
    own: frozenset[str] = frozenset()

    def believing(self, record_for: Mapping[str, Sequence[str]]) -> Mapping[str, AttributeRules]:
        """The rules with all systems in order: a company's own list, then those that say `record_for`, then ours."""
        found = {}
        for attribute, said in self.attributes.items():
            named, first = said.systems, tuple(record_for.get(attribute, ()))
            order = (*named, *first) if attribute in self.own and named else (*first, *named)
            found[attribute] = AttributeRules(said.rules, tuple(dict.fromkeys(order)))
        return found

    def text(self) -> str:
        """The rules as one text, in which nothing differs that decides alike."""
        lines = (
            f"{attribute} {' '.join(said.rules)} < {' '.join(said.systems)} {attribute in self.own}"
            for attribute, said in sorted(self.attributes.items())
        )
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value of one record. `weak` values are not usable: initials, lost letters, shared mailboxes.

    `parts` is how many parts of an address are filled in; `alike` is how values that are one are spelled, where that is
    not by their letters alone.
    """

    value: str
    system: str
    record: str
    observed_at: datetime | None
    weak: bool = False
    parts: int = 0
    alike: str = ""

    @property
    def spelling(self) -> str:
        """The spelling under which the same value meets."""
        return self.alike or folded(self.value)


@dataclass(frozen=True, slots=True)
class Choice:
    """The value that survived, the ones that differ from it, and the rule that decided between them.

    `disputed_by` are the systems with records that hold other usable values and not this one.
    """

    chosen: Candidate
    lost: tuple[Candidate, ...]
    rule: str
    disputed_by: tuple[str, ...] = ()


_NEVER = datetime.min.replace(tzinfo=UTC)
_Strength = Callable[[Candidate], tuple[object, ...]]


def survive(said: AttributeRules, candidates: Sequence[Candidate]) -> Choice | None:
    """Choose among the values that records hold for one attribute; None where none holds any.

    Each rule keeps the strongest of what the rules before it left. The one after which a single value is left decided.
    """
    if not candidates:
        return None
    left, decided = tuple(candidates), None if _differ(candidates) else UNOPPOSED
    strengths = _strengths(said, candidates)
    for rule in said.rules:
        scored = [(strengths[rule](one), one) for one in left]
        strongest = max(score for score, _ in scored)
        left = tuple(one for score, one in scored if score == strongest)
        if decided is None and not _differ(left):
            decided = rule.value
    # The key makes the answer one and the same however the records come.
    chosen = max(left, key=lambda one: (one.record, one.value))
    lost = {(one.value, one.system, one.record): one for one in candidates if one.value != chosen.value}
    return Choice(
        chosen, tuple(lost[key] for key in sorted(lost)), decided or LAST_RECORD, disputing(chosen, candidates)
    )


def _strengths(said: AttributeRules, candidates: Sequence[Candidate]) -> Mapping[Rule, _Strength]:
    votes = Counter(folded(one.value) for one in candidates)
    places = {system: -place for place, system in enumerate(said.systems)}
    return {
        Rule.USABLE: lambda one: (not one.weak,),
        Rule.SYSTEM_OF_RECORD: lambda one: (places.get(one.system, -len(places)),),
        Rule.MOST_RECENT: lambda one: (one.observed_at or _NEVER,),
        Rule.MOST_FREQUENT: lambda one: (votes[folded(one.value)],),
        Rule.MOST_COMPLETE: lambda one: (one.parts, len(folded(one.value))),
    }


def _differ(candidates: Sequence[Candidate]) -> bool:
    return len({one.value for one in candidates}) > 1


def disputing(chosen: Candidate, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """The systems with records that hold other usable values and not this one."""
    holds: dict[tuple[str, str], set[str]] = {}
    for one in (one for one in candidates if not one.weak):
        holds.setdefault((one.system, one.record), set()).add(folded(one.value))
    value = folded(chosen.value)
    return tuple(sorted({system for (system, _), values in holds.items() if value not in values}))
