"""What of a sealed field stands in the graph: the sealed value, what it is found by, and what its mask shows."""

from dataclasses import dataclass
from typing import Any

from graph.vault import blind
from graph.vault.blind import BlindKey
from graph.vault.sealed import DataKey, Place, begins_with, seal
from schema.model import Model, Property


def fields_of(model: Model, label: str) -> tuple[Property, ...]:
    """The sealed properties of a label beside which something stands; what is sealed alone is not among them."""
    kind = model.get(label)
    return tuple(held for held in kind.properties.values() if held.hidden) if kind is not None else ()


@dataclass(frozen=True, slots=True)
class FieldSealer:
    """Seals fields by an owner's key; `index` is the key of the blind index, None without a vault."""

    index: BlindKey | None

    def hidden(self, label: str, held: Property, plain: str | None) -> dict[str, str | None]:
        """What stands beside a value, by name of the hidden property; None of what is not kept."""
        found: dict[str, str | None] = {}
        if held.found_by is not None:
            indexed = plain is not None and self.index is not None
            found[held.found_by] = blind.entry(self.index, label, held.name, plain) if indexed else None  # type: ignore[arg-type]  # said in `indexed`
        if held.masked_by is not None:
            found[held.masked_by] = None if plain is None else blind.last4(plain)
        return found

    def sealed(self, key: DataKey | None, held: Property, plain: str, place: Place) -> dict[str, str | None]:
        """The value and what stands beside it, as they are written; without a key nothing is kept."""
        value = None if key is None else seal(key, plain, place)
        return {held.name: value, **self.hidden(place.label, held, None if key is None else plain)}

    def amiss(self, key: DataKey | None, held: Property, stands: dict[str, Any]) -> bool:
        """Whether what stands there is plain, another's, or not what the index of now has."""
        value = stands[held.name]
        if value is None:
            return any(stands[name] is not None for name in held.hidden)
        if key is None or not value.startswith(begins_with(key)):
            return True
        entry = stands[held.found_by] if held.found_by is not None else None
        if held.found_by is None or self.index is None:
            return False
        return entry is None or not entry.startswith(blind.begins_with(self.index))
