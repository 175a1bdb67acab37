"""What a search finds, from what the asker may see alone: words cut and compared in plain Python."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from graph.expr import Bond
from resolvers.cursor import Sealer
from schema.model import MODEL

MATCHES = ("EXACT", "PREFIX", "WORD")
# Enough of Unicode UAX #29 for what the worlds hold: points and apostrophes join letters, points and commas digits.
WORD = re.compile(r"(?:\w|(?<=[^\W\d_])[.'’:](?=[^\W\d_])|(?<=\d)[.,';](?=\d))+")


class Node(Protocol):
    """A node as the asker sees it."""

    @property
    def type(self) -> str:
        """Its type."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def compared(self) -> Mapping[str, Any]:
        """The values that may be compared."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A node that was found, and how."""

    rank: int
    node: Any

    @property
    def at(self) -> list[Any]:
        """Where it stands in the order of hits."""
        return [self.rank, self.node.type, self.node.id]


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of hits."""

    shown: list[Hit]
    before: bool
    after: bool
    bond: bytes
    sealer: Sealer

    def part(self, name: str) -> Any:
        """A field of the connection."""
        cursors = [self.sealer.seal(one.at, self.bond) for one in self.shown]
        match name:
            case "nodes":
                return [one.node for one in self.shown]
            case "edges":
                return [
                    {"cursor": cursor, "node": one.node, "match": MATCHES[one.rank]}
                    for cursor, one in zip(cursors, self.shown, strict=True)
                ]
            case "pageInfo":
                return {
                    "hasPreviousPage": self.before,
                    "hasNextPage": self.after,
                    "startCursor": cursors[0] if cursors else None,
                    "endCursor": cursors[-1] if cursors else None,
                }
        raise AssertionError(name)


def search(nodes: Iterable[Node], searchable: Iterable[str], arguments: Mapping[str, Any], sealer: Sealer) -> Hits:
    """The hits among what the asker sees; `searchable` are the types that the role may search."""
    text = arguments["text"]
    asked = arguments.get("types")
    types = {getattr(one, "value", one) for one in asked} if asked is not None else set(searchable)
    found = [Hit(rank, node) for node in nodes if node.type in types and (rank := best(node, text)) is not None]
    found.sort(key=lambda one: one.at)
    bond = Bond("search", ("match", "type"), {"text": text, "types": sorted(types)})
    after = arguments.get("after")
    if after is not None:
        at = sealer.open(after, bond)
        found = [one for one in found if one.at > at]
    size = arguments["first"] if arguments.get("first") is not None else 20
    return Hits(found[:size], after is not None, len(found) > size, sealer.bond(bond), sealer)


def best(node: Node, text: str) -> int | None:
    """How the best of the node's fields matches; None where none does."""
    ranks = [
        rank(held, text)
        for name in MODEL[node.type].searched
        if (held := node.compared.get(name)) is not None and matches(held, text)
    ]
    return min(ranks, default=None)


def matches(held: str, text: str) -> bool:
    """Every word of the text is the beginning of a word."""
    wanted, there = words(text), words(held)
    return bool(wanted) and all(any(word.startswith(one) for word in there) for one in wanted)


def words(text: str) -> list[str]:
    """The words of a text, without case and accents."""
    bare = "".join(one for one in unicodedata.normalize("NFD", text) if unicodedata.category(one) != "Mn")
    return [word.lower() for word in WORD.findall(bare) if word.strip("_")]


def rank(held: str, text: str) -> int:
    """0 for the text itself, 1 for what begins with it, 2 for its words."""
    there, wanted = held.lower(), text.strip().lower()
    return 0 if there == wanted else 1 if there.startswith(wanted) else 2
