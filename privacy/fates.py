"""Fates: what becomes of each node type when a person is erased. Derived from the model, so that a new type has one.

What is about her goes, and what is about that, by the edges that the model calls `subject`. What is others' as well
only loses the way to her. What a law demands stays, cut off, as the registry says. Records of the product's own work
stay as facts without whom they were about.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

from privacy.personal import personal
from schema.governance import Governance
from schema.model import Model, NodeType

ROOT = "Customer"
FACTS: Mapping[str, Mapping[str, None]] = MappingProxyType({"AccessRecord": {}, "Change": {"inputDigest": None}})
"""Types that stay as facts about the work, with what each loses that leads to a person."""
ELSEWHERE = frozenset({"Customer", "ErasureReceipt", "ErasureNotice"})
"""Personal types that other means take: the golden record is emptied, receipts are what is left of an erasure."""


class Fate(StrEnum):
    """What becomes of a node that is about an erased person and nobody else."""

    GOES = "goes"
    STAYS = "stays in part"
    FACT = "stays as a fact"


def fate(kind: NodeType, governance: Governance) -> Fate:
    """The fate of a type."""
    if kind.name in FACTS:
        return Fate.FACT
    return Fate.STAYS if any(one.type == kind.name for one in governance.staying) else Fate.GOES


def in_order(model: Model) -> tuple[NodeType, ...]:
    """The types that are about a customer, each after the one that it is about; rows of sources after all things.

    What compares rows comes after them.
    """
    depths = {kind.name: depth for kind in model.values() if (depth := _depth(model, kind)) is not None}
    late = {name for name in depths if ROWS in (name, *_above(model, model[name]))}
    return tuple(model[name] for name in sorted(depths, key=lambda name: (name in late, depths[name])))


ROWS = "SourceRecord"


def uncovered(model: Model) -> tuple[str, ...]:
    """Types with personal fields that no erasure reaches: they are about no customer."""
    reached = {kind.name for kind in in_order(model)} | ELSEWHERE
    return tuple(
        kind.name
        for kind in model.values()
        if kind.name not in reached and any(personal(held) for held in kind.properties.values())
    )


def _depth(model: Model, kind: NodeType) -> int | None:
    above = list(_above(model, kind))
    return len(above) if above and above[-1] == ROOT else None


def _above(model: Model, kind: NodeType) -> Iterator[str]:
    """What a type is about, and what that is about, up to the end; a circle has none."""
    seen = {kind.name}
    while kind.subject is not None:
        kind = model[kind.subject.targets[0]]
        if kind.name in seen:
            return
        seen.add(kind.name)
        yield kind.name
