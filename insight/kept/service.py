"""Keeps the figures of service, month by month: how cases and contacts were dealt with, by team and by channel."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from graph.protocols import Graph, Reads
from insight.contacts import Medium
from insight.kept.desk import PURPOSE, SECONDS, at, channel_of, moment, teams_of
from insight.metrics import Attended, Figure, figures
from insight.service import Handled, month_of
from insight.statements import text
from schema.enums import ServiceMetric

MONTHS = 24
"""So many whole months are kept beside the current one."""
_CHANNELS: Mapping[Medium | None, str | None] = {
    Medium.MAIL: "EMAIL",
    Medium.CALL: "CALL",
    Medium.CHAT: "CHAT",
    None: None,
}
_AT_ONCE = 2000


async def keep(graph: Graph, now: datetime) -> str:
    """Count anew, write what changed, and take away what is over. Raises the errors of the database."""
    found = [one for one in figures(*await counted(graph)) if first_month(now) <= one.month <= month_of(now)]
    rows = [_row(one) for one in found]
    changed = 0
    for start in range(0, len(rows), _AT_ONCE):
        (some,) = await graph.write(text("figures_kept"), {"rows": rows[start : start + _AT_ONCE]}, SECONDS)
        changed += some
    (gone,) = await graph.write(text("figures_swept"), {"keys": [row["key"] for row in rows]}, SECONDS)
    months = len({one.month for one in found})
    return f"{len(found):,} figures of service over {months:,} months; {changed:,} changed, {gone:,} gone"


async def counted(graph: Reads) -> tuple[list[Handled], list[Attended]]:
    """Cases and contacts as figures read them. Raises the errors of the database."""
    came = await graph.read(text("service_contacts"), {"purpose": PURPOSE}, SECONDS)
    took: dict[str, list[datetime]] = {}
    for row in came:
        if row["case"]:
            took.setdefault(row["case"], []).append(at(row["at"]))
    cases = await graph.read(text("desk_cases"), {"purpose": PURPOSE}, SECONDS)
    return [_handled(row, took.get(row["id"], [])) for row in cases], [_attended(row) for row in came]


def first_month(now: datetime) -> str:
    """The first month that is kept."""
    here = now.astimezone(UTC)
    year, month = divmod(here.year * 12 + here.month - 1 - MONTHS, 12)
    return f"{year}-{month + 1:02}"


async def kept(graph: Reads) -> tuple[Figure, ...]:
    """The figures as they are kept. Raises the errors of the database."""
    rows = await graph.read(text("service_figures"), None, SECONDS)
    return tuple(
        Figure(
            row["team"],
            row["channel"],
            row["month"],
            row["metric"].lower(),
            row["value"],
            row["counted"],
            row["customerCount"],
        )
        for row in rows
    )


def _handled(row: Mapping[str, Any], contacts: list[datetime]) -> Handled:
    medium, closed = channel_of(row["channel"]), moment(row["closed"])
    return Handled(
        at(row["opened"]),
        row["team"],
        closed,
        moment(row["responded"]),
        medium is Medium.MAIL,
        len(teams_of(row["history"] or ())),
        len(contacts),
        _CHANNELS[medium],
        row["customer"],
        closed is not None and any(one > closed for one in contacts),
        row["satisfaction"],
    )


def _attended(row: Mapping[str, Any]) -> Attended:
    return Attended(
        at(row["at"]),
        row["channel"],
        row["team"],
        row["customer"],
        row["answered"],
        row["abandoned"],
        row["waited"],
        row["sentiment"],
        row["satisfaction"],
    )


def _row(one: Figure) -> dict[str, Any]:
    metric = ServiceMetric[one.metric.upper()].name
    return {
        "key": f"{one.team} {one.channel} {one.month} {metric}",
        "properties": {
            "team": one.team,
            "channel": one.channel,
            "month": one.month,
            "metric": metric,
            "value": one.value,
            "counted": one.counted,
            "customerCount": one.customers,
        },
    }
