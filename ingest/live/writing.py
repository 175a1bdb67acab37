"""Writing: what was placed as statements of one transaction. All make or find, so that twice is as good as once."""

from collections.abc import Sequence
from datetime import datetime

from ingest.draft import Draft, Node, digest_of
from ingest.live.placing import ONCE, Placed
from ingest.statements import Statement, link_statement, live_node_statement, node_statement, text
from schema.model import Model


def statements_of(placed: Placed, model: Model, now: datetime) -> list[Statement]:
    """The statements, in order."""
    draft = placed.draft
    made: list[Statement] = []
    for label in draft.labels():
        kept: list[dict[str, object]] = []
        changed: list[dict[str, object]] = []
        for one in draft.nodes(label):
            once = label in ONCE or (label == "Interaction" and one.key in placed.events)
            (kept if once else changed).append(_row(one))
        if kept:
            made.append(live_node_statement(model, label, kept))
        if changed:
            made.append(node_statement(model, label, changed))
    made += _links(draft, model)
    if customers := [one.key for one in draft.nodes("Customer")]:
        made.append((text("updated"), {"keys": customers, "now": now}))
    if placed.settled:
        made.append((text("live_settle"), {"rows": placed.settled}))
    if placed.touched:
        touched = [{"key": customer, "at": at} for customer, at in sorted(placed.touched.items())]
        made.append((text("live_touched"), {"rows": touched}))
    if placed.stands:
        made.append((text("live_stand"), {"rows": placed.stands}))
    return made


def _row(node: Node) -> dict[str, object]:
    return {"key": node.key, "properties": node.properties, "once": node.once, "digest": digest_of(node.properties)}


def _links(draft: Draft, model: Model) -> Sequence[Statement]:
    return [
        link_statement(
            model,
            *kind,
            [
                {"start": link.start.key, "end": link.end.key, "properties": link.properties, "once": link.once}
                for link in draft.links(*kind)
            ],
        )
        for kind in draft.kinds_of_links()
    ]
