"""Sealing what is written: each secret value of a draft under the key of the customer whose it is (`graph.vault`).

Whose a node is follows from the draft itself: along its way to its subject, and of a row through what it records. What
the draft does not say of a record that is there already, the graph has said before (`present`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import uuid4

from graph.vault.blind import BlindKey
from graph.vault.sealed import Place, seal
from graph.vault.vault import NOBODY, Found, Keys
from ingest.draft import Draft, End, Node
from ingest.sealing_field import FieldSealer, fields_of
from schema.model import Edge, Model

ROW = "SourceRecord"
KEPT_BESIDE: Mapping[str, tuple[str, ...]] = {ROW: ("kept", "arrival", "liveRow")}
"""What no view shows and holds the same as what is sealed: a row in other forms."""
SUBJECT = "Customer"
_RECORDS = "RECORDS"


def sealed_names(model: Model, label: str) -> tuple[str, ...]:
    """The properties of a label that stand in the graph sealed."""
    secret = tuple(held.name for held in model[label].properties.values() if held.sealed)
    return (*secret, *KEPT_BESIDE.get(label, ()))


@dataclass(frozen=True, slots=True)
class Sealing:
    """What seals the nodes of one draft: their owners, by customers' ids, and the owners' keys.

    `ids` are those of customers by key; one whom the draft makes gets hers from `new`. `index` is the key by which
    fields are found that have a blind index.
    """

    model: Model
    keys: Found
    owners: Mapping[End, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    new: Mapping[str, str] = field(default_factory=dict)
    seals: bool = True
    index: BlindKey | None = None

    def touches(self, label: str) -> bool:
        """Whether nodes of a label are written otherwise than they were drafted."""
        return label == SUBJECT or bool(sealed_names(self.model, label))

    def draft(self, draft: Draft) -> Draft:
        """The draft as it is written."""
        made = Draft()
        for label in draft.labels():
            for node in self.nodes(draft.nodes(label)):
                made.enter(node)
        for kind in draft.kinds_of_links():
            for link in draft.links(*kind):
                made.link(link.type, link.start, link.end, link.properties, link.once)
        return made

    def nodes(self, nodes: Sequence[Node]) -> Sequence[Node]:
        """The nodes as they are written. Takes some microseconds a value."""
        return [self.node(one) for one in nodes]

    def node(self, node: Node) -> Node:
        """One node as it is written."""
        if node.label == SUBJECT and (id_ := self.new.get(node.key)):
            node = replace(node, once={**node.once, "id": id_})
        names = [name for name in sealed_names(self.model, node.label) if node.properties.get(name) is not None]
        said = {**self.values(node, names), **self._beside(node)}
        return replace(node, properties={**node.properties, **said}) if said else node

    def _beside(self, node: Node) -> dict[str, str | None]:
        """What stands beside the sealed fields that a node says something of, also where it says that there is none."""
        said: dict[str, str | None] = {}
        for held in fields_of(self.model, node.label):
            if held.name in node.properties:
                kept = not self.seals or self.keys.get(self._owner(node)) is not None
                said |= FieldSealer(self.index).hidden(node.label, held, node.properties[held.name] if kept else None)
        return said

    def _owner(self, node: Node) -> str:
        return self.owners.get(End(node.label, node.key), NOBODY)

    def values(self, node: Node, names: Iterable[str]) -> dict[str, str | None]:
        """Values of a node, sealed."""
        return {name: self.value(End(node.label, node.key), name, node.properties[name]) for name in names}

    def value(self, at: End, name: str, plain: str | None) -> str | None:
        """A value sealed. What is hers who was forgotten is not kept; who has no key yet, nothing is of her."""
        if not self.seals or plain is None:
            return plain
        key = self.keys.get(self.owners.get(at, NOBODY))
        return None if key is None else seal(key, plain, Place(at.label, name, at.key))


async def sealing(
    keys: Keys,
    model: Model,
    draft: Draft,
    ids: Mapping[str, str],
    *,
    make: bool = True,
    present: Mapping[str, str] | None = None,
) -> Sealing:
    """What seals a draft. `ids` are customers' ids by key, `present` the owners of records that are there.

    With `make` the keys are durable on return. Raises VaultUnavailable and VaultKeysMissing.
    """
    if not keys.seals:
        return Sealing(model, {}, seals=False)
    new = {node.key: f"{model[SUBJECT].prefix}_{uuid4().hex}" for node in draft.nodes(SUBJECT) if node.key not in ids}
    named = {**ids, **new}
    found = _Whose(draft, model)
    owners: dict[End, str] = {}
    indexed = False
    for label in draft.labels():
        if not sealed_names(model, label):
            continue
        for node in draft.nodes(label):
            at = End(label, node.key)
            indexed = indexed or any(node.properties.get(held.name) is not None for held in fields_of(model, label))
            customer = found.of(at)
            owner = named.get(customer) if customer else None
            if owner is None and label == ROW and present:
                owner = present.get(node.key)
            if owner is not None:
                owners[at] = owner
    index = await keys.indexing(make=make) if indexed else None
    return Sealing(model, await keys.sealing({*owners.values(), NOBODY}, make=make), owners, ids, new, index=index)


class _Whose:
    """Whose each node of a draft is."""

    def __init__(self, draft: Draft, model: Model) -> None:
        self._draft, self._model = draft, model
        self._ways: dict[str, dict[str, End]] = {}

    def of(self, at: End) -> str | None:
        """The key of the customer whose a node is; None for what is nobody's, as far as the draft says."""
        while at.label != SUBJECT:
            above = self._above(at.label).get(at.key)
            if above is None:
                return None
            at = above
        return at.key

    def _above(self, label: str) -> dict[str, End]:
        """From each node of a label to the one through which it is somebody's."""
        if label not in self._ways:
            found: dict[str, End] = {}
            if (way := self._model[label].subject) is not None:
                found.update(self._along(label, way))
            if label == ROW:
                for type_, start, end in self._draft.kinds_of_links():
                    if (type_, start) == (_RECORDS, ROW):
                        found.update((link.start.key, link.end) for link in self._draft.links(type_, start, end))
            self._ways[label] = found
        return self._ways[label]

    def _along(self, label: str, way: Edge) -> Iterable[tuple[str, End]]:
        target = way.targets[0]
        if way.outward:
            return ((link.start.key, link.end) for link in self._draft.links(way.type, label, target))
        return ((link.end.key, link.start) for link in self._draft.links(way.type, target, label))
