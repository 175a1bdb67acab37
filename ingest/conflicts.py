"""Where sources disagree on what a golden record says: how many customers, by attribute and by systems, never a value.

The values themselves stand in the graph as AttributeProvenance, those that lost with `chosen: false`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.golden import Golden
from ingest.survivorship import ATTRIBUTES


@dataclass(frozen=True, slots=True)
class Conflict:
    """How many customers have records that hold other values of an attribute than the golden one.

    `systems` counts them by the system of the golden value and those of the records that dispute it; one system stands
    alone where its own records do.
    """

    attribute: str
    customers: int
    systems: tuple[tuple[tuple[str, ...], int], ...]


def conflicts(golden: Iterable[Golden]) -> tuple[Conflict, ...]:
    """By attribute, in the order of the attributes; of systems the most frequent first."""
    counted: dict[str, Counter[tuple[str, ...]]] = {attribute: Counter() for attribute in ATTRIBUTES}
    for one in golden:
        for attribute, choice in one.choices.items():
            if choice.disputed_by:
                counted[attribute][tuple(sorted({choice.chosen.system, *choice.disputed_by}))] += 1
    return tuple(
        Conflict(attribute, found.total(), tuple(sorted(found.items(), key=lambda item: (-item[1], item[0]))))
        for attribute, found in counted.items()
        if found
    )


def sentence(conflict: Conflict) -> str:
    """One conflict in words: `email: 12 customers (billing and crm 9, crm and shipping 3)`."""
    systems = ", ".join(f"{' and '.join(names)} {count:,}" for names, count in conflict.systems)
    people = "1 customer" if conflict.customers == 1 else f"{conflict.customers:,} customers"
    return f"{conflict.attribute}: {people} ({systems})"
