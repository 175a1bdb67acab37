"""Nodes and edges as they are to be in the graph, before the database is asked. `key` is unique for each label."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import orjson

Properties = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Node:
    """One node. `once` is set when the node is made and never again."""

    label: str
    key: str
    properties: Properties
    once: Properties


@dataclass(frozen=True, slots=True)
class End:
    """A node that an edge begins or ends at, by label and key."""

    label: str
    key: str


@dataclass(frozen=True, slots=True)
class Link:
    """One relationship. `once` is set when it is made and never again."""

    type: str
    start: End
    end: End
    properties: Properties
    once: Properties


@dataclass(slots=True)
class Draft:
    """The graph of one load. A node or relationship that is named twice is there once; what is said first holds."""

    _nodes: dict[str, dict[str, Node]] = field(default_factory=dict)
    _links: dict[tuple[str, str, str], dict[tuple[str, str], Link]] = field(default_factory=dict)

    def node(self, label: str, key: str, properties: Properties, once: Properties | None = None) -> End:
        """Enter a node; enums become their names."""
        self._nodes.setdefault(label, {}).setdefault(key, Node(label, key, _plain(properties), _plain(once or {})))
        return End(label, key)

    def enter(self, node: Node) -> None:
        """Enter a node as it is."""
        self._nodes.setdefault(node.label, {}).setdefault(node.key, node)

    def link(
        self, type: str, start: End, end: End, properties: Properties | None = None, once: Properties | None = None
    ) -> None:
        """Enter a relationship."""
        self._links.setdefault((type, start.label, end.label), {}).setdefault(
            (start.key, end.key), Link(type, start, end, _plain(properties or {}), _plain(once or {}))
        )

    def has(self, label: str, key: str) -> bool:
        """Whether the node was entered."""
        return key in self._nodes.get(label, {})

    def labels(self) -> Iterator[str]:
        """Every label, in the order of entry."""
        yield from self._nodes

    def nodes(self, label: str) -> tuple[Node, ...]:
        """The nodes of a label, in the order of entry."""
        return tuple(self._nodes.get(label, {}).values())

    def kinds_of_links(self) -> Iterator[tuple[str, str, str]]:
        """Type, label of the start and label of the end, in the order of entry."""
        yield from self._links

    def links(self, type: str, start: str, end: str) -> tuple[Link, ...]:
        """The relationships of one kind, in the order of entry."""
        return tuple(self._links.get((type, start, end), {}).values())


def _plain(properties: Properties) -> Properties:
    return {
        name: value.name if isinstance(value, Enum) else list(value) if isinstance(value, tuple) else value
        for name, value in properties.items()
    }


def digest_of(properties: Properties) -> str:
    """What the sources say of a node, in a digest by which a later load knows whether they say the same."""
    return hashlib.blake2b(orjson.dumps(properties, option=orjson.OPT_SORT_KEYS), digest_size=12).hexdigest()
