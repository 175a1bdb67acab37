"""Keeps alerts: a figure of service that was worse in the last whole month than the company asks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from graph.protocols import Graph
from insight.alerts import Asked, Judged, judged
from insight.kept.desk import SECONDS
from insight.kept.issues import FEWEST_CUSTOMERS
from insight.kept.service import kept
from insight.statements import text
from schema.governance import ServiceThreshold


async def keep(graph: Graph, now: datetime, thresholds: Sequence[ServiceThreshold] = ()) -> str:
    """Judge the figures that are kept: raise what is worse, clear what is no more.

    Raises the errors of the database.
    """
    asked = [_asked(one) for one in thresholds]
    found = judged(asked, await kept(graph), now, FEWEST_CUSTOMERS)
    worse = [one for one in found if not one.met]
    await graph.write(text("alerts_raised"), {"rows": [_raised(one) for one in worse], "now": now}, SECONDS)
    met = [{"key": _key(one), "value": one.figure.value, "month": one.figure.month} for one in found if one.met]
    rules = [one.name for one in asked]
    cleared = await graph.write(text("alerts_cleared"), {"met": met, "rules": rules, "now": now}, SECONDS)
    return f"{len(found):,} figures judged by {len(asked):,} thresholds: {len(worse):,} worse, {len(cleared):,} cleared"


def _asked(one: ServiceThreshold) -> Asked:
    return Asked(one.name, one.metric.name.lower(), one.team, one.channel, one.least, one.most)


def _raised(one: Judged) -> dict[str, Any]:
    return {
        "key": _key(one),
        "properties": {
            "rule": one.asked.name,
            "metric": one.asked.metric.upper(),
            "team": one.figure.team,
            "channel": one.figure.channel,
            "month": one.figure.month,
            "value": one.figure.value,
            "least": one.asked.least,
            "most": one.asked.most,
        },
    }


def _key(one: Judged) -> str:
    return f"{one.asked.name} {one.figure.team}"
