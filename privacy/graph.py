"""How an erasure speaks to the graph: its statements by name, carried out over some nodes at a time."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from graph.protocols import Graph
from schema.enums import IdentityKind

SECONDS = 300.0
AT_ONCE = 1_000
Handle = tuple[IdentityKind, str]


def batches(nodes: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Some at a time."""
    for start in range(0, len(nodes), AT_ONCE):
        yield nodes[start : start + AT_ONCE]


async def in_batches(graph: Graph, name: str, nodes: Iterable[str], **parameters: Any) -> None:
    """Carry a statement out over nodes, some to a transaction. Raises the errors of the database."""
    for some in batches(list(nodes)):
        await graph.write(text(name), {**parameters, "nodes": list(some)}, SECONDS)


@cache
def text(name: str) -> str:
    """A statement of an erasure by the name of its file."""
    return (Path(__file__).parent / "statements" / "erasure" / f"{name}.cypher").read_text(encoding="utf-8")
