"""Writing: what was placed as statements of one transaction. All make or find, so that twice is as good as once."""

from datetime import datetime

from ingest.draft import Node
from ingest.live.batch import Placed
from ingest.statements import Statement, live_node_statement, text
from ingest.written import links_written, nodes_written, rows_of
from schema.model import Model

ONCE = frozenset({"SourceSystem", "Identity", "Address", "Channel", "Standing"})
"""Labels of nodes that others write too: what is there stays as it is."""


def statements_of(placed: Placed, model: Model, now: datetime) -> list[Statement]:
    """The statements, in order."""
    draft = placed.draft
    made: list[Statement] = []
    for label in draft.labels():
        kept: list[Node] = []
        changed: list[Node] = []
        for one in draft.nodes(label):
            once = label in ONCE or (label == "Interaction" and one.key in placed.events)
            (kept if once else changed).append(one)
        if kept:
            made.append(live_node_statement(model, label, rows_of(kept)))
        if changed:
            made.append(nodes_written(model, label, changed))
    made += [links_written(model, kind, draft.links(*kind)) for kind in draft.kinds_of_links()]
    if customers := [one.key for one in draft.nodes("Customer")]:
        made.append((text("updated"), {"keys": customers, "now": now}))
    if placed.settled:
        made.append((text("live_settle"), {"rows": placed.settled}))
    if placed.touched:
        touched = [{"key": customer, "at": at} for customer, at in sorted(placed.touched.items())]
        made.append((text("live_touched"), {"rows": touched}))
    if placed.stands:
        made.append((text("live_stand"), {"rows": placed.stands}))
    if placed.reviews:
        made.append((text("hold_deceased"), {"keys": placed.reviews}))
    return made
