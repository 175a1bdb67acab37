"""What `relationships` answers, from what the asker may see alone: a walk, breadth first, in plain Python.

The steps that a role may take are read from its policy file; whom they lead to, from what the asker sees.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from auth.policy import Policy
from graph.expr import Bond
from resolvers.cursor import Sealer
from schema.model import MODEL, Edge, camel

DEFAULT_SIZE = 20
FEW = 8
"""From how many nodes one level is walked on in the proof, whose worlds are small; the product takes more."""


class Node(Protocol):
    """A node as the asker sees it."""

    @property
    def type(self) -> str:
        """Its type."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def edges(self) -> Mapping[str, tuple[str, ...]]:
        """What is seen at the end of each edge."""


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """One relationship, in the direction in which it is stored, and how many steps away it was met."""

    hops: int
    kind: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Ways:
    """A page of relationships."""

    shown: Sequence[Way]
    nodes: Mapping[str, Any]
    truncated: bool
    before: bool
    after: bool
    bond: bytes
    sealer: Sealer

    def part(self, name: str) -> Any:
        """A field of the connection."""
        rows = [
            {"kind": one.kind, "hops": one.hops, "source": self.nodes[one.source], "target": self.nodes[one.target]}
            for one in self.shown
        ]
        cursors = [self.sealer.seal([one.hops, one.kind, one.source, one.target], self.bond) for one in self.shown]
        match name:
            case "nodes":
                return rows
            case "edges":
                return [{"cursor": cursor, "node": row} for cursor, row in zip(cursors, rows, strict=True)]
            case "truncated":
                return self.truncated
            case "pageInfo":
                return {
                    "hasPreviousPage": self.before,
                    "hasNextPage": self.after,
                    "startCursor": cursors[0] if cursors else None,
                    "endCursor": cursors[-1] if cursors else None,
                }
        raise AssertionError(name)


def leads(policy: Policy) -> Mapping[str, tuple[Edge, ...]]:
    """The edges that the policy lets a role follow from each type; types of which it sees nothing have none."""
    seen = {name: grants for name, grants in policy.said.see.items() if grants.categories or grants.fields}
    return {
        name: tuple(
            edge
            for edge in MODEL[name].edges.values()
            if edge.name not in {camel(one) for one in grants.hide} and any(target in seen for target in edge.targets)
        )
        for name, grants in seen.items()
    }


def relationships(
    nodes: Mapping[str, Any],
    known: Mapping[str, tuple[Edge, ...]],
    arguments: Mapping[str, Any],
    sealer: Sealer,
    most: int = FEW,
) -> Ways | None:
    """The answer; None where the asker sees nothing under the id `from`. A level is walked on from `most` nodes."""
    start = nodes.get(arguments["from"])
    if start is None:
        return None
    goal, hops, asked = arguments.get("to"), arguments["hops"], arguments.get("types")
    kinds = None if asked is None else {str(getattr(one, "value", one)) for one in asked}
    walk = _Walk(nodes, known, kinds, most)
    if goal is not None and walk.type_of(goal) not in walk.types_within(start.type, hops):
        found, truncated = [], False
    else:
        levels = walk.levels(start.id, hops)
        found = walk.shortest(levels, goal) if goal is not None else walk.met(levels)
        truncated = any(len(level) > most for level in levels)
    words = {"from": arguments["from"], "to": goal, "hops": hops, "types": None if kinds is None else sorted(kinds)}
    bond = Bond("relationships", ("hops", "kind", "source"), words)
    rows, after = sorted(found), arguments.get("after")
    if after is not None:
        at = Way(*sealer.open(after, bond))
        rows = [one for one in rows if one > at]
    size = arguments["first"] if arguments.get("first") is not None else DEFAULT_SIZE
    return Ways(rows[:size], nodes, truncated, after is not None, len(rows) > size, sealer.bond(bond), sealer)


@dataclass(frozen=True, slots=True)
class _Walk:
    nodes: Mapping[str, Any]
    known: Mapping[str, tuple[Edge, ...]]
    kinds: set[str] | None
    most: int

    def taken(self, type_: str) -> Iterator[Edge]:
        """The edges that are followed from a type."""
        return (edge for edge in self.known.get(type_, ()) if self.kinds is None or edge.type in self.kinds)

    def type_of(self, id_: str) -> str | None:
        """The type that an id is of, whether or not there is such a node."""
        return next((kind.name for kind in MODEL.values() if kind.prefix == str(id_).partition("_")[0]), None)

    def types_within(self, type_: str, hops: int) -> set[str]:
        """The types that so many steps lead to, and back to where they began; none where there is no step at all."""
        reached = {type_}
        for _ in range(hops):
            further = {target for one in reached for edge in self.taken(one) for target in edge.targets}
            reached |= further & set(self.known)
        return reached if any(set(edge.targets) & set(self.known) for edge in self.taken(type_)) else set()

    def steps(self, at: str) -> Iterator[tuple[str, str, str, str]]:
        """Each relationship at a node: who is at its other end, its kind, source and target."""
        here = self.nodes[at]
        for edge in self.taken(here.type):
            for other in here.edges.get(edge.name, ()):
                yield (other, edge.type, *((at, other) if edge.outward else (other, at)))

    def levels(self, start: str, hops: int) -> list[list[str]]:
        """Who is met first at each distance short of the last, by id, one more than are walked on from."""
        levels = [[start]]
        for _ in range(hops - 1):
            before = {one for level in levels for one in level[: self.most]}
            met = {other for at in levels[-1][: self.most] for other, *_ in self.steps(at)} - before
            levels.append(sorted(met)[: self.most + 1])
        return levels

    def met(self, levels: Sequence[Sequence[str]]) -> list[Way]:
        """Every relationship at whom the walk met, each at its least distance."""
        least: dict[tuple[str, str, str], int] = {}
        for hops, level in enumerate(levels, 1):
            for at in level[: self.most]:
                for _, *of in self.steps(at):
                    least.setdefault((of[0], of[1], of[2]), hops)
        return [Way(hops, *of) for of, hops in least.items()]

    def shortest(self, levels: Sequence[Sequence[str]], goal: str) -> list[Way]:
        """The relationships of all shortest ways from the start to the goal; none where the goal is the start."""
        if goal not in self.nodes or goal == levels[0][0]:
            return []
        leading = (
            hops
            for hops, level in enumerate(levels, 1)
            if any(other == goal for at in level[: self.most] for other, *_ in self.steps(at))
        )
        ends: set[str] = {goal}
        found: set[Way] = set()
        for distance in range(next(leading, 0), 0, -1):
            back = [
                (at, Way(distance, *of))
                for at in levels[distance - 1][: self.most]
                for other, *of in self.steps(at)
                if other in ends
            ]
            found |= {way for _, way in back}
            ends = {at for at, _ in back}
        return list({(one.kind, one.source, one.target): one for one in sorted(found, reverse=True)}.values())
