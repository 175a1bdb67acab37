"""Writing: what was placed as one statement, whatever it is, so that it is planned once and takes one round trip.

All of it makes or finds, so that twice is as good as once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from ingest.draft import Link, Node
from ingest.live.batch import Awaited, Placed
from ingest.sealing import KEPT_BESIDE, ROW, Sealing
from ingest.statements import Statement, form_of_link, prefix_of, text
from ingest.written import rows_of
from schema.model import Model

ONCE = frozenset({"SourceSystem", "Identity", "Address", "Channel", "Standing", "Team"})
"""Labels of nodes that others write too: what is there stays as it is."""

TOLD = (("HAD", "Interaction"), ("PLACED", "Order"), ("OPENED", "Case"), ("GAVE", "Consent"))
"""What is a customer's, of which whoever follows her is told: the type of the relationship, and the label."""


def statement_of(placed: Placed, model: Model, now: datetime, sealed: Sealing) -> Statement | None:
    """The statement, with its secret values `sealed`; None where there is nothing to write."""
    draft = placed.draft
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for label in draft.labels():
        prefix = prefix_of(model, label)
        for one in draft.nodes(label):
            once = label in ONCE or (label == "Interaction" and one.key in placed.events)
            kept = dict(placed.settled.get(one.key, {})) if label == ROW else {}
            kept |= sealed.values(Node(label, one.key, kept, {}), kept.keys() & KEPT_BESIDE[ROW])
            (row,) = rows_of([sealed.node(one)])
            rows["once" if once else "nodes"].append({**row, "label": label, "prefix": prefix, "kept": kept})
    for kind in draft.kinds_of_links():
        rows[form_of_link(model, *kind)] += [_row(link) for link in draft.links(*kind)]
    if not rows and not placed.touched and not placed.stands:
        return None
    events = _taken_apart(rows, placed.events)
    whose = {row["key"] for row in events}
    return text("live_write"), {
        "batch": {
            **NOTHING,
            **rows,
            "events": events,
            "customers": [one.key for one in draft.nodes("Customer")],
            "now": now,
            "touched": [{"key": customer, "at": at} for customer, at in sorted(placed.touched.items())],
            "stands": placed.stands,
            "reviews": placed.reviews,
            "told": [
                {"label": label, "key": link.end.key}
                for kind, label in TOLD
                for link in draft.links(kind, "Customer", label)
                if link.end.key not in whose
            ],
            "awaited": awaiting(placed.awaited),
        }
    }


def _taken_apart(rows: dict[str, list[dict[str, Any]]], events: Collection[str]) -> list[dict[str, Any]]:
    """Interactions that are events of visitors, each with its record, its customer and her channel.

    They leave the rows, with the relationships between them: the statement has a part of its own for them.
    """
    made = {(row["label"], row["key"]): row for form in ("once", "nodes") for row in rows.get(form, ())}
    links = [row for form in FORMS for row in rows.get(form, ())]
    owner = {row["end"]: row["start"] for row in links if row["type"] == "HAD"}
    leads = {(row["type"], row["start"]): row["end"] for row in links if row["type"] in ("FROM", "VIA")}
    apart: list[dict[str, Any]] = []
    nodes: set[tuple[str, Any]] = set()
    between: set[tuple[str, Any, Any]] = set()
    for row in links:
        key, place = row["end"], row["start"]
        if row["type"] != "RECORDS" or key not in events or ("Interaction", key) not in made:
            continue  # an alias makes no interaction
        customer, channel, system = owner.get(key), leads.get(("VIA", key)), leads["FROM", place]
        whole = {"record": made["SourceRecord", place], "channel": made.get(("Channel", str(channel)))}
        apart.append({**made["Interaction", key], **whole, "system": system, "customer": customer})
        nodes |= {("Interaction", key), ("SourceRecord", place), ("Channel", channel)}
        between |= {("RECORDS", place, key), ("FROM", place, system)}
        between |= {("HAD", customer, key), ("VIA", key, channel), ("REACHABLE_ON", customer, channel)}
    for form in ("once", "nodes"):
        rows[form] = [row for row in rows.get(form, ()) if (row["label"], row["key"]) not in nodes]
    for form in FORMS:
        rows[form] = [row for row in rows.get(form, ()) if (row["type"], row["start"], row["end"]) not in between]
    return apart


FORMS = ("link", "link_from_one", "link_to_one")
"""Ways in which relationships are made."""


def awaiting(awaited: Iterable[Awaited]) -> dict[str, list[str]]:
    """What may be waited for, as statements take it: users, devices and records."""
    asked: dict[str, list[str]] = {"users": [], "devices": [], "records": []}
    for kind, value in sorted(awaited):
        asked[f"{kind}s"].append(value)
    return asked


NOTHING: dict[str, Any] = dict.fromkeys(
    (
        *("events", "once", "nodes", "link", "link_from_one", "link_to_one"),
        *("customers", "touched", "stands", "reviews", "told"),
    ),
    (),
) | {"now": None, "awaited": awaiting(())}
"""A batch of nothing: what the statement is planned with before the first event comes."""


def _row(link: Link) -> dict[str, Any]:
    return {
        "type": link.type,
        "from": link.start.label,
        "start": link.start.key,
        "to": link.end.label,
        "end": link.end.key,
        "properties": link.properties,
        "once": link.once,
    }
