"""Drafted nodes and relationships as statements that make or find them."""

from collections.abc import Sequence

from ingest.draft import Link, Node, digest_of
from ingest.statements import Statement, link_statement, node_statement
from schema.model import Model


def nodes_written(model: Model, label: str, nodes: Sequence[Node]) -> Statement:
    """Makes nodes of one label or finds them; writes only what changed."""
    return node_statement(model, label, rows_of(nodes))


def rows_of(nodes: Sequence[Node]) -> list[dict[str, object]]:
    """Nodes as the rows of a statement."""
    return [
        {"key": node.key, "properties": node.properties, "once": node.once, "digest": digest_of(node.properties)}
        for node in nodes
    ]


def links_written(model: Model, kind: tuple[str, str, str], links: Sequence[Link]) -> Statement:
    """Makes relationships of one kind (type, label of the start, label of the end) or finds them."""
    rows = [
        {"start": link.start.key, "end": link.end.key, "properties": link.properties, "once": link.once}
        for link in links
    ]
    return link_statement(model, *kind, rows)
