"""Keeps how journeys flow from stage to stage: `JourneyFlow` nodes, by month, by segment, by channel, and of all.

Customers are read page after page and forgotten again. Groups of too few customers are not kept, nor what would let
them be had by subtraction.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from graph.protocols import Graph
from graph.view import Telling
from insight.flows import Flow, Flows
from insight.journey import Moment, Stage, journeys
from insight.statements import text
from resolvers.suppress import Cell, suppressed
from schema.governance import months_after
from schema.journey import Stages, channel_named, channel_of, shipped_journey

PURPOSE = "operations"
MONTHS = 24
"""How far back journeys are read."""
PAGE = 100
FEWEST = Telling().minimum
"""Groups of fewer customers are not kept: the least size of tables that are passed on."""
_SECONDS = 120.0
SUMS = ((0, 1), (1, 2), ())
"""Of group, stage and following stage, the sums that can be had: what a chance is a share of, and what is told of all
groups together. How many came to a stage cannot, for who is still there is not told.
"""


async def keep(graph: Graph, now: datetime, stages: Stages | None = None) -> str:
    """Add up the journeys of all customers and keep the figures; what was kept before and is no longer so goes.

    Of customers whose data may be used for `operations`. The same again changes nothing. Raises the errors of the
    database; then nothing is changed.
    """
    said = stages or shipped_journey()
    declared, found = stages_of(said), Flows([one.name for one in said.stages])
    after = ""
    asked = {"since": months_after(now, -MONTHS), "now": now, "page": PAGE, "purpose": PURPOSE}
    while page := await graph.read(text("journeys_read"), {**asked, "after": after}, _SECONDS):
        for row in page:
            found.add(journeys(_moments(row, said), declared, now).visits, row["region"])
        after = page[-1]["id"]
    flows = list(found.flows())
    kept = list(told(flows))
    rows = [_row(one) for one in kept]
    await graph.write(text("journeys_keep"), {"rows": rows, "keys": [row["key"] for row in rows]}, _SECONDS)
    return (
        f"{len(kept):,} figures of {found.journeys:,} journeys of {found.customers:,} customers; "
        f"{len(flows) - len(kept):,} of fewer than {FEWEST} customers, or beside such, are not kept."
    )


def stages_of(said: Stages) -> tuple[Stage, ...]:
    """The stages as journeys know them."""
    return tuple(Stage(one.name, one.title, one.drop_off, one.gap) for one in said.stages)


def told(flows: Sequence[Flow]) -> Iterator[Flow]:
    """Those of enough customers. A customer may go several ways, so persons do not add up."""
    tables: dict[tuple[bool, ...], list[Flow]] = {}
    for one in flows:
        # What is grouped alike makes one table: by month, by segment, by channel, by the stage before, or of all.
        tables.setdefault(tuple(part == "*" for part in one.key[:4]), []).append(one)
    for table in tables.values():
        cells = [Cell(_key(one), one.customers) for one in table]
        gone = suppressed(cells, FEWEST, disjoint=False, sums=SUMS)
        yield from (one for place, one in enumerate(table) if place not in gone)


def _key(one: Flow) -> tuple[str, ...]:
    group = next((part for part in one.key[:4] if part != "*"), "*")
    return group, one.stage, one.following


def _row(one: Flow) -> Mapping[str, Any]:
    month, segment, channel = one.group
    return {
        "key": " ".join(one.key),
        "properties": {
            "month": month,
            "segment": segment,
            "channel": channel,
            "before": one.before,
            "fromStage": one.stage,
            "toStage": one.following,
            "journeys": one.journeys,
            "customers": one.customers,
            "chance": one.chance,
            "medianDwellHours": one.median_dwell,
            "dropOffShare": one.drop_off,
        },
    }


def _moments(row: Mapping[str, Any], said: Stages) -> Iterable[Moment]:
    for at, key, stage, kind, name, channel in row["interactions"]:
        of = said.known(stage) or said.of("interaction", kind=kind, name=name)
        yield Moment(_at(at), key, kind, channel_of(kind, channel), of)
    for at, key, state, channel in row["orders"]:
        yield Moment(_at(at), key, "ORDER_PLACED", channel_named(channel), said.of("order", state=state))
    for at, key, state in row["shipments"]:
        yield Moment(_at(at), key, "SHIPMENT_DELIVERED", None, said.of("shipment", state=state))
    for opened, closed, key, state in row["cases"]:
        of = said.of("case", state=state)
        yield Moment(_at(opened), key, "CASE_OPENED", None, of)
        if closed is not None:
            yield Moment(_at(closed), key, "CASE_CLOSED", None, of)


def _at(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
