"""Retention: what is older than its rule keeps it is forgotten, by schedule or by command (GDPR art. 5(1)(e)).

A value that goes takes with it the row of the source in which it came. Each rule is carried out in batches of its own
transactions and may be cut off: what went is gone, the next run goes on. What came of it stays as RetentionRun.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from graph.protocols import Graph
from privacy import compaction
from schema.governance import RECORD, Governance, Retention
from schema.model import Model, Scalar

_AT_ONCE = 500
_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What one rule came to, or would: how many records, and how many a legal hold protects. `before` is when."""

    rule: Retention
    before: datetime
    records: int
    held: int


async def due(database: Graph, model: Model, governance: Governance, now: datetime) -> list[Forgotten]:
    """What is over by now, rule by rule; nothing is changed. Raises the errors of the database."""
    found = []
    gone: set[str] = set()
    for rule in _in_order(governance):
        ids, held = await _due(database, model, rule, now)
        found.append(Forgotten(rule, rule.before(now), len(set(ids) - gone), held))
        gone |= set(ids) if rule.whole else set()
    return found


async def retain(database: Graph, model: Model, governance: Governance, now: datetime) -> list[Forgotten]:
    """Forget what is over by now, and keep what came of it. Raises the errors of the database; the next run goes on."""
    found = []
    for rule in _in_order(governance):
        ids, held = await _due(database, model, rule, now)
        gone = 0
        if ids:
            await compaction.due(database, now)
        for some in _batches(ids):
            text = _text("forget_records" if rule.whole else "forget_values")
            gone += len(await database.write(text, {**_asked(model, rule, now), "ids": some}, _SECONDS))
        found.append(Forgotten(rule, rule.before(now), gone, held))
        await database.write(_text("note_retention"), {"row": _noted(found[-1], governance, now)})
    return found


def _in_order(governance: Governance) -> list[Retention]:
    """Whole records first: their values need not go before."""
    return sorted(governance.retention, key=lambda one: not one.whole)


async def _due(database: Graph, model: Model, rule: Retention, now: datetime) -> tuple[list[str], int]:
    rows = await database.read(_text("due_records"), _asked(model, rule, now), _SECONDS)
    return [row["id"] for row in rows if not row["held"]], sum(row["held"] for row in rows)


def _asked(model: Model, rule: Retention, now: datetime) -> dict[str, Any]:
    kind, before = model[rule.type], rule.before(now)
    subject = kind.subject
    assert subject is not None
    return {
        "label": rule.type,
        "since": rule.since,
        "before": before.date() if kind.properties[rule.since].scalar is Scalar.DATE else before,
        "whole": rule.whole,
        "fields": list(rule.fields),
        "nothing": dict.fromkeys(one for name in rule.fields for one in (name, *kind.properties[name].hidden)),
        "about": subject.type,
    }


def _noted(came: Forgotten, governance: Governance, now: datetime) -> dict[str, Any]:
    rule = came.rule
    return {
        "at": now,
        "rule": rule.name,
        "type": rule.type,
        "forgot": [RECORD] if rule.whole else list(rule.fields),
        "before": came.before,
        "records": came.records,
        "held": came.held,
        "rules": governance.digest,
    }


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


@cache
def _text(name: str) -> str:
    return (Path(__file__).parent / "statements" / f"{name}.cypher").read_text(encoding="utf-8")
