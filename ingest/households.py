"""People of one family name at one address: recognised as a household, never merged."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.normalise import folded


@dataclass(frozen=True, slots=True)
class Resident:
    """A customer with the golden family name and the key of the golden address."""

    customer: str
    family_name: str | None
    place: str | None


def households(residents: Iterable[Resident]) -> dict[str, tuple[str, ...]]:
    """Members in the order of their keys, at least two, by a key of the household."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in residents:
        if one.place and one.family_name:
            found[f"{one.place}|{folded(one.family_name)}"].add(one.customer)
    return {key: tuple(sorted(members)) for key, members in sorted(found.items()) if len(members) > 1}
