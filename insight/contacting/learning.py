"""Learning: from how everybody answered to what is usual, kept in one node of the graph.

Learned is from customers for whom `analytics` is lawful, which is to learn from what customers do as a group. Kept are
rates of the company and of segments of enough customers, so what is kept is about nobody. A customer's own contacts are
read when a channel is advised.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from typing import Any

from graph.protocols import Graph
from insight.answer_rates import Settings, Tried, Usual, fitted, learned
from insight.statements import text
from schema.contact_rules import ContactRules, shipped_contact_rules

MOST_CONTACTS = 200_000
"""The newest so many are learned from: what is older than they are counts little."""
YEARS = 20
"""Segments are ages in steps of so many years."""
AKIN: Mapping[str, tuple[str, ...]] = {"EMAIL": ("EMAIL",), "CALL": ("PHONE",), "CHAT": ("SMS", "PUSH")}
"""The channels on which we would write that are most like the one by which she came."""
_SECONDS = 600.0


async def keep(graph: Graph, now: datetime, rules: ContactRules | None = None) -> str:
    """Learn how customers answer and keep it; in a line what was learned. Raises the errors of the database."""
    rows = await graph.read(text("answers"), {"now": now, "most": MOST_CONTACTS}, _SECONDS)
    fewest = (rules or shipped_contact_rules()).fewest
    usual = await asyncio.to_thread(usual_of, rows, now, fewest)
    await graph.write(text("keep_rates"), {"kept": kept(usual), "now": now, "contacts": len(rows)})
    segments = len({segment for segment, _ in usual.rates if segment is not None})
    channels = len({channel for segment, channel in usual.rates if segment is None})
    return f"Rates of answers on {channels} channels and of {segments} segments, from {len(rows):,} contacts."


def usual_of(rows: Iterable[Mapping[str, Any]], now: datetime, fewest: int) -> Usual:
    """What is usual, from rows `{customer, channel, at, answered, born}` in no order."""
    tried: list[Tried] = []
    segments: dict[str, str] = {}
    habits: dict[str, Mapping[str, float]] = {}
    for row in rows:
        at = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=row["at"])
        tried.append(Tried(row["customer"], row["channel"], at, row["answered"]))
        if (segment := segment_of(row["born"], now)) is not None:
            segments[row["customer"]] = segment
    return learned(tried, now, fitted(tried), segments, habits).usual(fewest)


def segment_of(born: int | None, now: datetime) -> str | None:
    """The segment of somebody of that year of birth."""
    return None if born is None else f"age {(now.year - born) // YEARS * YEARS}"


def habits_of(came: Iterable[str]) -> dict[str, float]:
    """How often a customer used channels of her own accord, by how she came."""
    found: dict[str, float] = {}
    for kind in came:
        for channel in AKIN.get(kind, ()):
            found[channel] = found.get(channel, 0.0) + 1 / len(AKIN[kind])
    return found


def kept(usual: Usual) -> dict[str, Any]:
    """What is kept, as properties of one node."""
    ordered = sorted(usual.rates.items(), key=lambda one: (one[0][0] or "", one[0][1]))
    return {
        "settings": list(astuple(usual.settings)),
        "segments": [segment or "" for (segment, _), _ in ordered],
        "channels": [channel for (_, channel), _ in ordered],
        "rates": [rate for _, rate in ordered],
    }


def given_back(row: Mapping[str, Any]) -> Usual:
    """What was kept."""
    names = zip(row["segments"], row["channels"], strict=True)
    keys = [(segment or None, channel) for segment, channel in names]
    return Usual(Settings(*row["settings"]), dict(zip(keys, row["rates"], strict=True)))
