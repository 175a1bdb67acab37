"""What persons attached: interactions that were nobody's, and the customers whose they said these are.

As all that persons decide it holds of records: where a load finds that the customer's records belong to others, the
interaction goes where most of them go.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.homes import home_of_kind
from ingest.resolve import Key


@dataclass(frozen=True, slots=True)
class Attached:
    """One interaction, by the home and key of its record; the customer who has it, and that customer's records."""

    interaction: Key
    customer: str
    records: tuple[Key, ...]


def attached_in(rows: Iterable[Mapping[str, Any]]) -> tuple[Attached, ...]:
    """As the graph holds it: rows `{key, customer, records}`."""
    return tuple(
        Attached(
            interaction_of(row["key"]),
            row["customer"],
            tuple((home_of_kind(one["kind"], one["system"]), one["key"]) for one in row["records"]),
        )
        for row in rows
    )


def interaction_of(key: str) -> Key:
    """Home and key of an interaction, by its key in the graph."""
    home, _, own = key.partition(":")
    return home, own


def owners(attached: Sequence[Attached], customers: Mapping[Key, str]) -> dict[Key, str]:
    """Whose each interaction is, where these records are these customers'."""
    found: dict[Key, str] = {}
    for one in attached:
        now = Counter(customers[record] for record in one.records if record in customers)
        found[one.interaction] = min(now, key=lambda customer: (-now[customer], customer)) if now else one.customer
    return found
