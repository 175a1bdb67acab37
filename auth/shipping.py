"""Shipping: the trail's records into the graph, where questions are asked of them. Twice is as good as once.

With the records goes the newest checkpoint: a trail that was cut short, or put in the place of another, is found out
when the next process begins to write it.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from auth.chain import Checkpoint
from auth.segment import Unshipped
from auth.trail import Trail
from schema.errors import CustomerGraphError, TrailDamaged

log = logging.getLogger(__name__)

MOST_AT_ONCE = 500
SECONDS_BETWEEN = 2.0
SECONDS_FOR_A_BATCH = 30.0


class Graph(Protocol):
    """What shipping needs of the database."""

    async def read(self, text: str, parameters: Mapping[str, Any], timeout: float | None = None) -> list[Any]:
        """The first column of every row."""
        ...

    async def write_many(
        self, statements: Iterable[tuple[str, Mapping[str, Any] | None]], timeout: float | None = None
    ) -> list[list[Any]]:
        """All statements in one transaction."""
        ...


@lru_cache(maxsize=8)
def text(name: str) -> str:
    """A statement by the name of its file."""
    return (Path(__file__).parent / "statements" / f"{name}.cypher").read_text(encoding="utf-8")


async def ship(trail: Trail, graph: Graph) -> int:
    """Bring what is not in the graph yet, oldest first, up to one batch; how many records that were.

    Raises TrailUnavailable and what the database raises; then the same records go with the next attempt.
    """
    waiting = await trail.unshipped(MOST_AT_ONCE)
    if not waiting:
        return 0
    checkpoint = await trail.checkpoint()
    rows = [row for one in waiting for row in rows_of(one, trail.segment)]
    anchor = {"segment": trail.segment, "checkpoint": checkpoint.line() if checkpoint else None}
    await graph.write_many([(text("ship"), {"rows": rows}), (text("anchor"), anchor)], SECONDS_FOR_A_BATCH)
    await trail.shipped(waiting[-1].sequence)
    return len(waiting)


async def keep_shipping(trail: Trail, graph: Graph) -> None:
    """Ship for ever. What fails is tried again: nothing is lost, for the trail itself is durable."""
    failing = False
    while True:
        try:
            shipped = await ship(trail, graph)
            failing = False
        except CustomerGraphError as problem:
            if not failing:
                log.warning("Records of the trail wait to be shipped to the graph: %s", problem.code)
            failing, shipped = True, 0
        if shipped < MOST_AT_ONCE:
            await asyncio.sleep(SECONDS_BETWEEN)


async def anchored(trail: Trail, graph: Graph) -> None:
    """Compare the trail with what the graph knows of it. Raises TrailDamaged when it was cut short or replaced."""
    for line in await graph.read(text("anchored"), {"segment": trail.segment}):
        if line is not None and not await trail.holds(Checkpoint.read(line)):
            raise TrailDamaged


def rows_of(one: Unshipped, segment: str) -> list[dict[str, Any]]:
    """A record of the trail as AccessRecords: one for each root field and each set of subjects who were shown alike."""
    body = one.body
    viewer = body["viewer"] if isinstance(body["viewer"], str) else None
    made: list[dict[str, Any]] = []
    for answered in body["answers"]:
        sought = answered.get("sought")
        parts: list[dict[str, Any]] = answered["shown"] or [{"fields": [], "masked": [], "subjects": []}]
        for part in parts:
            numbers = set(part["subjects"])
            if sought is not None and not sought["found"]:
                numbers.add(sought["subject"])
            properties = {
                "id": f"acc_{segment}_{one.sequence}_{len(made)}",
                "role": body["role"],
                "purpose": body["purpose"],
                "viewer": viewer,
                "root": answered["root"],
                "fields": part["fields"],
                "masked": part["masked"],
                "compared": answered.get("compared", []),
                "soughtBy": sought["by"] if sought else None,
                "found": bool(answered["shown"]),
                "reason": answered.get("why", {}).get("reason"),
                "request": body["request"] or None,
            }
            subjects = [one.names[number] for number in sorted(numbers) if number in one.names]
            made.append({"properties": properties, "at": body["at"], "subjects": subjects})
    return made
