"""Writing: what was placed as one statement, whatever it is, so that it is planned once and takes one round trip.

All of it makes or finds, so that twice is as good as once.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from ingest.draft import Link
from ingest.live.batch import Placed
from ingest.statements import Statement, form_of_link, prefix_of, text
from ingest.written import rows_of
from schema.model import Model

ONCE = frozenset({"SourceSystem", "Identity", "Address", "Channel", "Standing", "Team"})
"""Labels of nodes that others write too: what is there stays as it is."""

TOLD = (("HAD", "Interaction"), ("PLACED", "Order"), ("OPENED", "Case"))
"""What is a customer's, of which whoever follows her is told: the type of the relationship, and the label."""


def statement_of(placed: Placed, model: Model, now: datetime) -> Statement | None:
    """The statement; None where there is nothing to write."""
    draft = placed.draft
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for label in draft.labels():
        prefix = prefix_of(model, label)
        for one in draft.nodes(label):
            once = label in ONCE or (label == "Interaction" and one.key in placed.events)
            kept = placed.settled.get(one.key, {}) if label == "SourceRecord" else {}
            (row,) = rows_of([one])
            rows["once" if once else "nodes"].append({**row, "label": label, "prefix": prefix, "kept": kept})
    for kind in draft.kinds_of_links():
        rows[form_of_link(model, *kind)] += [_row(link) for link in draft.links(*kind)]
    if not rows and not placed.touched and not placed.stands:
        return None
    return text("live_write"), {
        "batch": {
            **NOTHING,
            **rows,
            "customers": [one.key for one in draft.nodes("Customer")],
            "now": now,
            "touched": [{"key": customer, "at": at} for customer, at in sorted(placed.touched.items())],
            "stands": placed.stands,
            "reviews": placed.reviews,
            "told": [
                {"label": label, "key": link.end.key}
                for kind, label in TOLD
                for link in draft.links(kind, "Customer", label)
            ],
        }
    }


NOTHING: dict[str, Any] = dict.fromkeys(
    (
        *("once", "nodes", "link", "link_from_one", "link_to_one"),
        *("customers", "touched", "stands", "reviews", "told"),
    ),
    (),
) | {"now": None}
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
