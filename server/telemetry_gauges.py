"""Gauges: what is merely there, such as stores and queues, and is only looked at when metrics are sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from auth.trail import Trail
from server.assembly import Assembly

Count = Callable[[], int]


class Store(Protocol):
    """What is looked into before something is made anew."""

    hits: int
    misses: int


@dataclass(frozen=True, slots=True)
class Gauges:
    """Stores by name, each with its size; counts by the name of the metric, each with what it is.

    `counts` is where other parts come in: `customer_graph.subscriptions` for those that are open.
    """

    stores: Mapping[str, tuple[Callable[[], Store], Count]] = field(default_factory=dict)
    counts: Mapping[str, tuple[Count, str]] = field(default_factory=dict)


def gauges(assembly: Assembly, trail: Trail, more: Mapping[str, tuple[Count, str]] | None = None) -> Gauges:
    """What a server has to look at. Documents and plans begin anew when other policies come into force."""
    verifier = assembly.verifier
    return Gauges(
        stores={
            "documents": (lambda: assembly.documents, lambda: len(assembly.documents)),
            "plans": (lambda: assembly.plans, lambda: len(assembly.plans)),
            "tokens": (lambda: verifier, lambda: verifier.remembered),
        },
        counts={
            "customer_graph.trail.waiting": (lambda: trail.waiting, "Disclosures that wait to be on record."),
            "customer_graph.viewers": (assembly.pace.__len__, "Viewers whose behaviour is remembered."),
            **(more or {}),
        },
    )
