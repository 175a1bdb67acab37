"""Keeps what a load measured, so that there is a trend over loads, and says what is below what the company asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graph.protocols import Reads
from ingest.patience import Graph
from ingest.quality import Below, Measure, below, of
from ingest.statements import text
from schema.governance import Threshold

KEPT_LOADS = 12
"""How many loads back the trend goes."""
_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Trend:
    """One dimension of one attribute in one system over the last loads, the latest last; `least` where it is below."""

    system: str
    attribute: str
    dimension: str
    values: tuple[float, ...]
    counted: int
    least: float | None


async def keep(
    graph: Graph, found: Sequence[Measure], asked: Sequence[Threshold], delivery: str, now: datetime
) -> tuple[Below, ...]:
    """Keep the measures of a delivery, raise what is below a threshold and clear what is above again.

    The same delivery once more takes the place of itself. Raises the errors of the database; then nothing is kept.
    """
    under = below(asked, found)
    above = [(one, measure) for one in asked for measure in found if of(one, measure) and measure.value >= one.least]
    await graph.write_many(
        [
            (text("quality_measured"), {"rows": [_measured(one, delivery, now) for one in found]}),
            (text("quality_pruned"), {"kept": KEPT_LOADS}),
            (text("quality_raised"), {"rows": [_raised(one) for one in under], "now": now}),
            (
                text("quality_cleared"),
                {
                    "above": [{"key": _key(one, measure), "value": measure.value} for one, measure in above],
                    "rules": [one.name for one in asked],
                    "now": now,
                },
            ),
        ],
        _SECONDS,
    )
    return under


async def trends(graph: Reads) -> tuple[Trend, ...]:
    """What the last loads measured. Raises the errors of the database."""
    return tuple(_trends(await graph.read(text("quality_trend"), None, _SECONDS)))


def _trends(rows: Iterable[dict[str, Any]]) -> Iterable[Trend]:
    for row in rows:
        least = row["least"]
        yield Trend(
            row["system"],
            row["attribute"],
            row["dimension"],
            tuple(row["values"]),
            row["counted"],
            max(least) if least else None,
        )


def _measured(one: Measure, delivery: str, now: datetime) -> dict[str, Any]:
    return {
        "key": f"{delivery} {one.system} {one.attribute} {one.dimension.value}",
        "properties": {
            "at": now,
            "system": one.system,
            "attribute": one.attribute,
            "dimension": one.dimension.value,
            "value": one.value,
            "counted": one.counted,
        },
    }


def _raised(one: Below) -> dict[str, Any]:
    return {
        "key": _key(one.asked, one.found),
        "properties": {
            "rule": one.asked.name,
            "system": one.found.system,
            "attribute": one.found.attribute,
            "dimension": one.found.dimension.value,
            "least": one.asked.least,
            "value": one.found.value,
        },
    }


def _key(asked: Threshold, found: Measure) -> str:
    return f"{asked.name} {found.system}"
