"""Exports tell what the oracle sees and nothing else: the same bytes of two worlds that differ in what is hidden.

Every type and every kind of relationship of a role is exported, page by page, also of roles that no shipped policy lets
export: what would leave is no more than what they see.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

import auth.narrow
import graph.emit_export
import graph.export
import insight.exports.columns
from graph.export import EdgeExport, NodeExport, edge_kinds, plan_edges, plan_nodes
from graph.expr import TRUE, Bond, Visible
from graph.session import Database
from insight.exports.files import file_of
from insight.exports.manifest import Terms
from insight.exports.writing import Format
from resolvers.export import Export, of_edges, of_nodes
from schema.model import MODEL, Scalar
from tests.proof import asking
from tests.proof.leaks import _rows, _show_masked, _without
from tests.proof.oracle_sight import Projection, project
from tests.proof.planting import Leak, planted
from tests.proof.rounds import Round, prepare
from tests.proof.worlds import NOW, store

ROWS = 3
"""So few on a page that there are several, and that what is hidden would show in where they end."""
STANDPOINTS = [
    ("data_scientist", "analytics"),
    ("service_rep", "service"),
    ("marketer", "marketing.email"),
    ("customer", "self"),
    ("privacy_officer", "privacy"),
]
MOST_ROUNDS_FOR_A_LEAK = 12
Plan = NodeExport | tuple[EdgeExport, ...]


def plans(drawn: Round) -> list[Plan]:
    """Everything that the viewer's role could export."""
    view = drawn.role.view
    names = [name for name, seen in view.types.items() if "id" in seen.fields]
    nodes: list[Plan] = [replace(plan_nodes(view, name), rows=ROWS) for name in names]
    edges = tuple(replace(one, rows=ROWS) for one in plan_edges(view)) if edge_kinds(view) else ()
    return [*nodes, edges] if edges else nodes


async def exported(database: Database, drawn: Round, plan: Plan) -> bytes:
    """One export, from its first byte to its last."""
    request = asking.request(drawn.role, drawn.who, database)
    view = drawn.role.view
    several = (plan,) if isinstance(plan, NodeExport) else plan
    parts = tuple(
        of_nodes(one, pseudonymous=view.pseudonymous)
        if isinstance(one, NodeExport)
        else of_edges(one, pseudonymous=view.pseudonymous)
        for one in several
    )
    export = Export(request, parts, "export", Bond("export", (), {}), 240.0, lambda: NOW)
    terms = Terms(view, "policy", "product")
    file = file_of(plan, terms, Format.ARROW, NOW, export.sealer.pseudonym)
    pieces, at = [], export.begun()
    async for page in export.pages(at):
        at = page.next
        pieces.append(file.batch(page.part.of, page.rows, export.sealed(at)))
    return b"".join([*pieces, file.end(terms.at_the_end({}, at.rows, at.begun, NOW))])


def told(content: bytes) -> list[dict[str, Any]]:
    """The rows of an export."""
    rows: list[dict[str, Any]] = pa.ipc.open_stream(content).read_all().to_pylist()
    return rows


@dataclass(frozen=True, slots=True)
class Expected:
    """What the oracle says that an export holds."""

    drawn: Round
    seen: Projection

    def name(self, type_: str, id_: str) -> str:
        """Under which name a node leaves."""
        if not self.drawn.role.view.pseudonymous:
            return id_
        request = asking.request(self.drawn.role, self.drawn.who, None)  # type: ignore[arg-type]  # it is not read
        return request.sealer({}).pseudonym(f"{type_}.id", id_)

    def of(self, plan: Plan) -> list[dict[str, Any]]:
        """The rows, in any order."""
        return self.nodes(plan) if isinstance(plan, NodeExport) else self.edges()

    def nodes(self, plan: NodeExport) -> list[dict[str, Any]]:
        sealed = {name for name, held in MODEL[plan.type].properties.items() if held.sealed}
        return [
            {**{name: one.shown[name] for name in one.shown if name not in sealed}, "id": self.name(one.type, one.id)}
            for one in self.seen.nodes.values()
            if one.type == plan.type
        ]

    def edges(self) -> list[dict[str, Any]]:
        found = set()
        for one in self.seen.nodes.values():
            for edge in self.seen.leads.get(one.type, ()):
                for id_ in one.edges[edge.name]:
                    other = self.seen.nodes[id_]
                    if other.type in self.seen.leads:
                        ends = (one, other) if edge.outward else (other, one)
                        found.add((edge.type, *((end.type, end.id) for end in ends)))
        return [
            {
                "type": kind,
                "source": self.name(*source),
                "target": self.name(*target),
                "sourceType": source[0],
                "targetType": target[0],
            }
            for kind, source, target in found
        ]


def comparable(rows: list[dict[str, Any]], plan: Plan) -> list[str]:
    """Rows in one spelling and one order, whether they came in Arrow or as the API writes values."""
    kinds = MODEL[plan.type].properties if isinstance(plan, NodeExport) else {}

    def spelt(name: str, value: Any) -> Any:
        held = kinds.get(name)
        if isinstance(value, list):
            return [spelt(name, one) for one in value]
        match value:
            case Decimal():
                return f"{value:.2f}"
            case datetime():
                return value.isoformat()
            case date():
                return value.isoformat()
            case str() if held is not None and held.scalar is Scalar.DATETIME and "T" in value:
                return datetime.fromisoformat(value).isoformat()
            case _:
                return value

    return sorted(str(sorted((name, spelt(name, value)) for name, value in row.items())) for row in rows)


async def fault(database: Database, drawn: Round) -> tuple[str, int]:
    """The first export that is not what the oracle says or differs between the worlds; and how many rows there were."""
    # What is revealed for a while stays masked in an export.
    who = replace(drawn.who, revealed=frozenset())
    expected = Expected(drawn, project(drawn.worlds[0], drawn.role.policy, who))
    found, compared = list[tuple[Plan, bytes]](), 0
    await store(database, drawn.worlds[0])
    for plan in plans(drawn):
        content = await exported(database, drawn, plan)
        found.append((plan, content))
        rows = told(content)
        compared += len(rows)
        if comparable(rows, plan) != comparable(expected.of(plan), plan):
            return f"not what the oracle says: {plan.type if isinstance(plan, NodeExport) else 'edges'}", compared
    await store(database, drawn.worlds[1])
    for plan, content in found:
        if await exported(database, drawn, plan) != content:
            return f"the worlds differ: {plan.type if isinstance(plan, NodeExport) else 'edges'}", compared
    return "", compared


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.thorough)])
@pytest.mark.parametrize(("name", "purpose"), STANDPOINTS)
async def test_an_export_tells_what_is_seen_and_nothing_of_the_rest(
    database: Database, name: str, purpose: str, seed: int
) -> None:
    """Nodes with every value, relationships with both ends; byte by byte the same whatever is hidden beside them."""
    drawn = prepare(seed, name, purpose, 0, 1, share=0.0)
    found, compared = await fault(database, drawn)
    assert found == ""
    assert compared > 3
    assert drawn.hidden_changes > 5


def _unguarded(whole: Any) -> Any:
    return lambda legs, at, binder: []


def _far_unguarded(whole: Any) -> Any:
    def planned(*of: Any) -> EdgeExport:
        made: EdgeExport = whole(*of)
        return replace(made, far=replace(made.far, rows=TRUE))

    return planned


def _limit_before_rules(whole: Any) -> Any:
    return lambda label, at: [f"MATCH ({at}:{label})", f"WITH {at}", f"ORDER BY {at}.id", f"LIMIT {ROWS}"]


def _ids_as_they_are(whole: Any) -> Any:
    return lambda pseudonym, label, ids: list(ids)


_forgotten = _rows(_without(Visible))


def _field(change: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    return lambda whole: lambda self, held, grant: change(whole(self, held, grant), held)


SCIENTIST, MARKETER, OFFICER = ("data_scientist",), ("marketer",), ("privacy_officer",)
EMITTED, NARROWING, COLUMNS = graph.emit_export, auth.narrow._Narrowing, insight.exports.columns
LEAKS = (
    Leak("nodes_unguarded", "only what is visible is exported", EMITTED, "guard", _unguarded, MARKETER),
    Leak("far_end_unguarded", "both ends are visible", graph.export, "_planned", _far_unguarded, SCIENTIST),
    Leak("page_before_rules", "a page ends after the rules", EMITTED, "_along", _limit_before_rules, MARKETER),
    Leak("ends_by_ids", "ends are names of the project", COLUMNS, "_names", _ids_as_they_are, SCIENTIST),
    Leak("masks_forgotten", "a mask stays one", NARROWING, "field", _field(_show_masked), SCIENTIST),
    Leak("subject_forgotten", "who is hidden hides what is about her", NARROWING, "rows", _forgotten, OFFICER),
)


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.name)
async def test_a_leak_of_exports_is_caught(database: Database, leak: Leak) -> None:
    """The same comparison finds what is broken on purpose."""
    purposes = dict(STANDPOINTS)
    with planted(leak):
        for seed in range(MOST_ROUNDS_FOR_A_LEAK):
            role = leak.roles[seed % len(leak.roles)]
            found, _ = await fault(database, prepare(100 + seed, role, purposes[role], 0, 1, share=0.0))
            if found:
                return
    pytest.fail(f"nobody noticed that '{leak.breaks}' was broken")
