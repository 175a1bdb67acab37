"""Removal: what was reached goes, type by type, nothing before what is found by it; what has to stay is stripped."""

from collections.abc import Mapping, Sequence

from graph.protocols import Graph
from privacy.fates import FACTS, ROOT
from privacy.graph import SECONDS, batches, in_batches, text
from privacy.reach import Reach
from schema.model import Model


async def remove(graph: Graph, model: Model, receipt: str, found: Reach) -> None:
    """Take away what goes, and the way to her from what stays. May be carried out twice, also after it broke off.

    Raises the errors of the database.
    """
    rows = [
        {"node": stays.node, "until": stays.until, "fields": list(stays.rule.fields)}
        for one in found.of.values()
        for stays in one.staying
    ]
    for some in batches(rows):
        await graph.write(text("mark_staying"), {"receipt": receipt, "rows": list(some)}, SECONDS)
    await in_batches(graph, "unquote", found.quoted)
    for name, one in found.of.items():
        if one.cut:
            await _cut(graph, model, name, one.cut, found)
    for _, nodes in found.going():
        await in_batches(graph, "delete", nodes)


async def _cut(graph: Graph, model: Model, name: str, nodes: Sequence[str], found: Reach) -> None:
    way = model[name].subject
    assert way is not None
    target = way.targets[0]
    parents = list(found.roots) if target == ROOT else found.of[target].hers
    nothing: Mapping[str, None] = FACTS.get(name, {})
    await in_batches(graph, "cut", nodes, type=way.type, parents=parents, nothing=nothing)


async def keep_what_stays(graph: Graph, receipt: str) -> None:
    """Strip what has to stay of all that it need not hold, and of every way to her."""
    await graph.write(text("strip"), {"receipt": receipt}, SECONDS)


async def empty(graph: Graph, ids: Sequence[str]) -> None:
    """Leave of the golden record the id, and that she was erased."""
    await graph.write(text("empty"), {"ids": list(ids)}, SECONDS)
