"""Reach: all that the graph holds of one person, type by type. A preview counts what a removal takes.

Nodes are named by Neo4j's own ids, which hold for the moment; whoever goes on after a break asks anew, and finds what
is left.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from graph.protocols import Graph
from graph.vault.vault import Opener
from privacy.fates import ROOT, ROWS, Fate, fate, in_order
from privacy.graph import SECONDS, Handle, batches, text
from privacy.loose import loose_rows
from schema.enums import IdentityKind
from schema.governance import Governance, Staying, months_after
from schema.model import Model, NodeType


@dataclass(frozen=True, slots=True)
class Stays:
    """A node of which a part has to stay, by which rule, until when."""

    node: str
    rule: Staying
    until: datetime


@dataclass(slots=True)
class Reached:
    """What was found of one type: what goes, what stays in part, and what is others', too, or a fact about the work."""

    going: list[str] = field(default_factory=list)
    staying: list[Stays] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)

    @property
    def hers(self) -> list[str]:
        """What is about her alone."""
        return [*self.going, *(one.node for one in self.staying)]


@dataclass(frozen=True, slots=True)
class Reach:
    """All that is held of a person.

    `ids` are hers and those of whom was merged into her, `roots` the same as nodes; `handles` are hers alone, `places`
    the keys of her records; `hidden` is what no type of the model has, `quoted` questions about others that quote her.
    """

    ids: tuple[str, ...]
    roots: tuple[str, ...]
    of: Mapping[str, Reached]
    hidden: Mapping[str, Sequence[str]]
    quoted: tuple[str, ...]
    handles: tuple[Handle, ...]
    places: tuple[str, ...]

    def going(self) -> Iterator[tuple[str, Sequence[str]]]:
        """What goes, in the order in which it may: nothing before what is found by it."""
        yield from self.hidden.items()
        rows = self.of[ROWS].going
        types = [name for name in reversed(list(self.of)) if name not in (ROWS, "Identity")]
        above = [name for name in types if name not in ("MatchDecision", "MatchCandidate")]
        for name in ("MatchDecision", "MatchCandidate"):
            if name in self.of:
                yield name, self.of[name].going
        yield ROWS, rows
        for name in above:
            yield name, self.of[name].going
        yield "Identity", self.of["Identity"].going


async def reach(
    graph: Graph, keys: Opener, model: Model, governance: Governance, ids: Sequence[str], now: datetime
) -> Reach:
    """What is held of the customers with these ids, who are one person; `keys` open the rows of nobody.

    Raises the errors of the database and of the vault.
    """
    roots = await graph.read(text("roots"), {"ids": list(ids)}, SECONDS)
    handles, written, places = await _known_by(graph, roots)
    found: dict[str, Reached] = {}
    things: list[str] = []
    for kind in in_order(model):
        found[kind.name] = await _of_type(graph, kind, governance, roots, found, now)
        if kind.name == ROWS:
            await _rows(graph, keys, model, found, handles, written, places)
        things += found[kind.name].hers
    messages = found["Interaction"].going if "Interaction" in found else []
    tasks = set(found["ReviewTask"].going) if "ReviewTask" in found else set()
    quoted = await graph.read(text("quotes"), {"messages": messages}, SECONDS) if messages else []
    decisions = found["MatchDecision"].going if "MatchDecision" in found else []
    hidden: dict[str, list[str]] = {}
    for row in await graph.read(text("hidden"), {"ids": list(ids), "decisions": decisions}, SECONDS):
        hidden.setdefault(row["label"], []).append(row["node"])
    known = {node for one in found.values() for node in one.hers}
    return Reach(
        tuple(ids),
        tuple(roots),
        found,
        {label: [one for one in nodes if one not in known] for label, nodes in hidden.items()},
        tuple(one for one in quoted if one not in tasks),
        handles,
        places,
    )


async def _known_by(graph: Graph, roots: Sequence[str]) -> tuple[tuple[Handle, ...], tuple[str, ...], tuple[str, ...]]:
    """Handles that are hers alone, as they are compared and as they were written, and the places of her records."""
    handles: dict[Handle, None] = {}
    written: dict[str, None] = {}
    places: dict[str, None] = {}
    for row in await graph.read(text("handles"), {"roots": list(roots)}, SECONDS):
        for one in row["handles"]:
            if one["value"] is not None and one["kind"] in IdentityKind.__members__:
                handles[IdentityKind[one["kind"]], one["value"]] = None
                written |= dict.fromkeys(said for said in (one["value"], one["written"]) if said)
        places |= dict.fromkeys(one for one in row["places"] if one)
    return tuple(handles), tuple(written), tuple(places)


async def _of_type(
    graph: Graph,
    kind: NodeType,
    governance: Governance,
    roots: Sequence[str],
    found: Mapping[str, Reached],
    now: datetime,
) -> Reached:
    way = kind.subject
    assert way is not None
    target = way.targets[0]
    parents = list(roots) if target == ROOT else found[target].hers
    reached = Reached()
    if not parents:
        return reached
    said = fate(kind, governance)
    rule = next((one for one in governance.staying if one.type == kind.name), None)
    asked = {
        "parents": parents,
        "type": way.type,
        "label": kind.name,
        "target": target,
        "since": rule.since if rule is not None and rule.since else "",
    }
    for row in await graph.read(text("about"), asked, SECONDS):
        if said is Fate.FACT or (row["others"] and not way.every):
            reached.cut.append(row["node"])
        elif rule is not None and (until := _until(rule, row["since"], now)) > now:
            reached.staying.append(Stays(row["node"], rule, until))
        else:
            reached.going.append(row["node"])
    return reached


def _until(rule: Staying, since: Any, now: datetime) -> datetime:
    """Until when a record stays."""
    begins = now
    if rule.since is not None and since is not None:
        said = since.to_native() if hasattr(since, "to_native") else since
        begins = said if isinstance(said, datetime) else datetime.combine(_day(said), datetime.min.time(), UTC)
    return months_after(begins.astimezone(UTC), rule.months)


def _day(said: Any) -> date:
    assert isinstance(said, date)
    return said


async def _rows(
    graph: Graph,
    keys: Opener,
    model: Model,
    found: dict[str, Reached],
    handles: Sequence[Handle],
    written: Sequence[str],
    places: Sequence[str],
) -> None:
    """The rows in which things of hers came, and rows of nobody that name her, with what these made."""
    rows = found[ROWS].going
    things = [node for name, one in found.items() if name != ROWS for node in one.hers]
    for some in batches(things):
        rows += await graph.read(text("rows"), {"things": some}, SECONDS)
    loose = [row async for row in loose_rows(graph, keys, model, handles, written, places)]
    for some in batches(loose):
        for thing in await graph.read(text("made_by"), {"nodes": list(some)}, SECONDS):
            if thing["label"] in found:
                found[thing["label"]].going.append(thing["node"])
    found[ROWS].going = list(dict.fromkeys([*rows, *loose]))
