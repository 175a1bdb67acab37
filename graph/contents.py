"""What a graph holds, as numbers that can be compared: counts, and a digest that no order of reading changes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

_BITS = 128


@dataclass(slots=True)
class Contents:
    """Counts of nodes by label, of relationships by type, of values by the name of the property; grows as one reads.

    `digest` is the sum of a hash of each node and each relationship, with every value as the driver gives it.
    """

    nodes: int = 0
    relationships: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)
    digest: int = 0

    def node(self, id: int, labels: Iterable[str], properties: Mapping[str, Any]) -> None:
        """Count a node."""
        names = sorted(labels)
        self.nodes += 1
        self.labels.update(names)
        self._add(("node", id, names), properties)

    def relationship(self, start: int, type: str, end: int, properties: Mapping[str, Any]) -> None:
        """Count a relationship."""
        self.relationships += 1
        self.types[type] += 1
        self._add(("relationship", start, type, end), properties)

    def _add(self, what: tuple[Any, ...], properties: Mapping[str, Any]) -> None:
        self.values.update(properties.keys())
        # A representation tells the type, the unit, the zone and every digit of a value: 1, 1.0 and True differ.
        text = repr((what, sorted(properties.items(), key=lambda one: one[0])))
        hashed = int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_BITS // 8).digest())
        self.digest = (self.digest + hashed) % (1 << _BITS)
