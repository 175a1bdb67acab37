"""What exports still hold and the rules of retention have let go: a load does not bring it back."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Any

from ingest.draft import Draft, End, Node
from schema.governance import Retention
from schema.model import Model

OF_A_ROW: Mapping[str, object] = {"payload": None, "kept": None, "arrival": None, "liveRow": None, "forgotten": True}
"""What a source record says of itself once words of what it records are forgotten: the row is gone in every form."""


def without_expired(
    draft: Draft, model: Model, rules: Sequence[Retention], now: datetime, held: AbstractSet[str]
) -> tuple[Draft, Mapping[str, int]]:
    """The draft without what is over, and how many records each rule found, by its name.

    `held` are the keys of customers whose data has to stay for a legal case.
    """
    gone: dict[End, frozenset[str]] = {}  # what goes of a node; nothing named: all of it
    found: Counter[str] = Counter()
    for rule in sorted(rules, key=lambda one: not one.whole):
        protected = _of(draft, model, rule.type, held)
        for node in draft.nodes(rule.type):
            if node.key in protected or not _is_before(node.properties.get(rule.since), rule.before(now)):
                continue
            end, known = End(rule.type, node.key), gone.get(End(rule.type, node.key))
            if known is None or known:  # not one that goes whole by another rule
                gone[end] = frozenset(rule.fields) | (known or frozenset() if not rule.whole else frozenset())
                found[rule.name] += 1
    if not gone:
        return draft, found
    rows = _rows(draft, gone)
    dropped = {end for end, fields in gone.items() if not fields}
    dropped |= {End("SourceRecord", key) for key, recorded in rows.items() if recorded in dropped}
    return _kept(draft, gone, rows, dropped), found


def _is_before(said: Any, moment: datetime) -> bool:
    if isinstance(said, datetime):
        return said < moment
    return isinstance(said, date) and said < moment.date()


def _of(draft: Draft, model: Model, label: str, customers: AbstractSet[str]) -> AbstractSet[str]:
    """The keys of a type's nodes that are about some customers."""
    way = model[label].subject
    assert way is not None
    if way.outward:
        return {link.start.key for link in draft.links(way.type, label, "Customer") if link.end.key in customers}
    return {link.end.key for link in draft.links(way.type, "Customer", label) if link.start.key in customers}


def _rows(draft: Draft, gone: Iterable[End]) -> dict[str, End]:
    """The keys of the source records of what goes, each with what it records."""
    labels = {end.label for end in gone}
    wanted = frozenset(gone)
    return {
        link.start.key: link.end
        for label in labels
        for link in draft.links("RECORDS", "SourceRecord", label)
        if link.end in wanted
    }


def _kept(
    draft: Draft, gone: Mapping[End, frozenset[str]], rows: Mapping[str, End], dropped: AbstractSet[End]
) -> Draft:
    made = Draft()
    for label in draft.labels():
        for node in draft.nodes(label):
            if End(label, node.key) not in dropped:
                made.enter(_emptied(node, gone, rows))
    for kind in draft.kinds_of_links():
        for link in draft.links(*kind):
            if link.start not in dropped and link.end not in dropped:
                made.link(link.type, link.start, link.end, link.properties, link.once)
    return made


def _emptied(node: Node, gone: Mapping[End, frozenset[str]], rows: Mapping[str, End]) -> Node:
    if node.label == "SourceRecord" and node.key in rows:
        return Node(node.label, node.key, {**node.properties, **OF_A_ROW}, node.once)
    fields = gone.get(End(node.label, node.key))
    if not fields:
        return node
    properties = {**node.properties, **{name: None for name in fields if name in node.properties}}
    return Node(node.label, node.key, properties, node.once)
