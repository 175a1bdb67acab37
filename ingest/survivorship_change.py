"""What other survivorship rules would make of golden records: by attribute how many, and of which customers."""

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.company import Company
from ingest.golden import Golden
from ingest.survivorship import ATTRIBUTES, Survivorship


@dataclass(frozen=True, slots=True)
class Changes:
    """Of `values` golden values of an attribute, those of these customers would change, by their ids in order.

    `not_loaded` are changes of customers that the graph does not have yet, so that they have no id.
    """

    attribute: str
    values: int
    customers: tuple[str, ...]
    not_loaded: int


def changes(company: Company, other: Survivorship, ids: Mapping[str, str]) -> tuple[Changes, ...]:
    """The rules in force beside others, for every attribute. `ids` are those of customers by their keys."""
    now, then = company.golden, company.golden_by(other)
    found = []
    for attribute in ATTRIBUTES:
        held = [key for key, golden in now.items() if attribute in golden.choices]
        changed = [key for key in held if _value(now[key], attribute) != _value(then[key], attribute)]
        known = tuple(sorted(ids[key] for key in changed if key in ids))
        found.append(Changes(attribute, len(held), known, len(changed) - len(known)))
    return tuple(found)


def _value(golden: Golden, attribute: str) -> str:
    return golden.choices[attribute].chosen.value
