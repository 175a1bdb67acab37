"""Emit a traversal: one walk, level by level, in one statement.

`reduce` repeats the subquery of one level, so the rules of all types stand in the text once for the walk and once for
what is shown. A level is sorted and cut after the rules, so what is hidden takes no place in it. The rows of a level
carry nothing but the levels before it: whatever else they carried would be counted for each of them.
"""

from graph.cypher import Binder, braced, collect, conjuncts, indented, joined, where_all
from graph.emit import Place, Statement, guard, hoisted, shown
from graph.expr import Value
from graph.read import Leg
from graph.traverse import ENDS, MOST_WALKED_FROM, Traversal
from schema.model import Scalar


def emit_traversal(asked: Traversal, name: str = "") -> Statement:
    """The statement of a walk: one row `{rows, truncated}`, with null for rows where the start is not there."""
    binder = Binder()
    lines = [
        f"OPTIONAL MATCH (n:{asked.start.label} {{id: {binder.name(asked.id)}}})",
        *where_all(guard((asked.start,), "n", binder)),
        "WITH n",
        "LIMIT 1",
    ]
    if asked.steps:
        lines.append(f"WITH n, {_levels(asked, binder)} AS levels")
        if asked.to is not None and asked.goal is not None:
            lines += _goal(asked.to, asked.goal, binder)
            lines.append(f"WITH n, levels, {_back(asked, binder)} AS steps")
        cut = f"any(level IN levels WHERE size(level) > {binder.name(MOST_WALKED_FROM)})"
        row = braced([f"rows: CASE WHEN n IS NOT NULL THEN {_rows(asked, binder)} END", f"truncated: {cut}"])
    else:
        row = braced(["rows: CASE WHEN n IS NOT NULL THEN [] END", "truncated: false"])
    text = "\n".join([*lines, f"RETURN {row} AS row"]) + "\n"
    claims = frozenset(binder.claims)
    revealed = frozenset(binder.revealed)
    return Statement(text, binder.parameters, claims, name, True, binder.asks_purpose, binder.asks_now, revealed)


def _levels(asked: Traversal, binder: Binder) -> str:
    """The nodes of each level in the order of their ids, one more than are walked from; the start is the first."""
    most = binder.name(MOST_WALKED_FROM)
    level = [
        f"UNWIND last(levels)[..{most}] AS x",
        _step(asked, "(x)", "(y)"),
        f"WHERE {_allowed(asked, binder)}",
        "WITH DISTINCT y",
        f"WHERE none(level IN levels WHERE y IN level[..{most}])",
        f"  AND {_visible(asked, binder)}",
        "RETURN y",
        "ORDER BY y.id",
        f"LIMIT {most} + 1",
    ]
    return f"reduce(levels = [[n]], hop IN range(2, {binder.name(asked.hops)}) | levels + [{collect(level)}])"


def _goal(to: Value, goal: Leg, binder: Binder) -> list[str]:
    """Where the walk should lead, if it is there for the viewer and not where the walk begins."""
    return [
        f"OPTIONAL MATCH (goal:{goal.label} {{id: {binder.name(to)}}})",
        *where_all([*guard((goal,), "goal", binder), "goal <> n"]),
        "WITH n, levels, goal",
        "LIMIT 1",
    ]


def _back(asked: Traversal, binder: Binder) -> str:
    """The steps of the shortest ways to the goal, found from its end: back through the levels that led to it."""
    before = f"WHERE x IN levels[hop - 1][..{binder.name(MOST_WALKED_FROM)}]"
    last = [_step(asked, "(x)", "(goal)"), before, f"  AND {_allowed(asked, binder, 'goal')}"]
    first = f"[hop IN range(1, size(levels)) WHERE EXISTS {{\n{indented(chr(10).join(last))}\n}}][0]"
    level = [
        "UNWIND back.at AS y",
        _step(asked, "(x)", "(y)"),
        before,
        f"  AND {_allowed(asked, binder)}",
        f"WITH collect(DISTINCT {_told()}) AS steps, collect(DISTINCT x) AS at",
        "RETURN {at: at, steps: back.steps + steps}",
    ]
    hops = f"range(coalesce({first}, 0), 1, -1)"
    return f"reduce(back = {{at: [goal], steps: []}}, hop IN {hops} | {collect(level)}[0]).steps"


def _told() -> str:
    return "{hops: hop, kind: type(r), source: startNode(r), target: endNode(r)}"


def _step(asked: Traversal, here: str, there: str) -> str:
    return f"MATCH {here}-[r:{'|'.join(sorted({step.type for step in asked.steps}))}]-{there}"


def _allowed(asked: Traversal, binder: Binder, there: str = "y") -> str:
    """Whether the View has the step from x to where it leads."""

    def taken(outward: bool) -> str:
        allowed = tuple(f"{step.here} {step.type} {step.there}" for step in asked.steps if step.outward is outward)
        names = binder.name(Value(allowed, Scalar.STRING, many=True))
        end = "startNode" if outward else "endNode"
        step = f"{_label(asked, 'x', binder)} + ' ' + type(r) + ' ' + {_label(asked, there, binder)}"
        return f"({end}(r) = x AND {step} IN {names})"

    return f"({taken(True)} OR {taken(False)})"


def _label(asked: Traversal, at: str, binder: Binder) -> str:
    """The label of ours; a node may carry others beside it."""
    known = tuple(sorted({name for step in asked.steps for name in (step.here, step.there)}))
    return f"[label IN labels({at}) WHERE label IN {binder.name(Value(known, Scalar.STRING, many=True))}][0]"


def _visible(asked: Traversal, binder: Binder) -> str:
    """Whether y is there for the viewer. One case a type: only the rules of its own are computed for a node."""
    cases = [
        f"  WHEN '{leg.label}' THEN {joined(' AND ', conjuncts(leg.rows, 'y', binder, ()), nothing='true')}"
        for leg in asked.there
    ]
    return "\n".join([f"CASE {_label(asked, 'y', binder)}", *cases, "END"])


def _rows(asked: Traversal, binder: Binder) -> str:
    if asked.to is not None:
        steps = ["UNWIND steps AS step"]
    else:
        steps = [
            "UNWIND range(1, size(levels)) AS hop",
            f"UNWIND levels[hop - 1][..{binder.name(MOST_WALKED_FROM)}] AS x",
            _step(asked, "(x)", "(y)"),
            f"WHERE {_allowed(asked, binder)}",
            f"WITH y, collect(DISTINCT {_told()}) AS steps",
            f"WHERE {_visible(asked, binder)}",
            "UNWIND steps AS step",
        ]
    lines = [
        *steps,
        "WITH step.kind AS kind, step.source AS source, step.target AS target, min(step.hops) AS hops",
        *where_all(_beyond(asked, binder)),
        "ORDER BY hops, kind, source.id, target.id",
        f"LIMIT {binder.name(asked.limit)}",
    ]
    rules: tuple[str, ...] = ()
    for end in ENDS:
        place, legs = Place(end, ""), asked.ends[end]
        others = tuple(other for other in ENDS if other != end)
        lines += hoisted(legs, place, binder, beside=("kind", "hops", *others, *rules))
        rules += tuple(place.rule(legs, leg.label, index) for leg in legs for index in leg.hoisted)
    ends = [f"{end}: {shown(asked.ends[end], Place(end, ''), binder, None)}" for end in ENDS]
    entries = ["_at: [hops, kind, source.id, target.id]", "kind: kind", "hops: hops", *ends]
    return collect([*lines, f"RETURN {braced(entries)} AS row"])


def _beyond(asked: Traversal, binder: Binder) -> list[str]:
    """What comes after the last row that was shown."""
    if not asked.after:
        return []
    hops, kind, source, target = (binder.name(key) for key in asked.after)
    last = f"(source.id > {source} OR (source.id = {source} AND target.id > {target}))"
    return [f"(hops > {hops} OR (hops = {hops} AND (kind > {kind} OR (kind = {kind} AND {last}))))"]
