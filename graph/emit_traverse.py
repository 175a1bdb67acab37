"""Emit a traversal: one walk, level by level, in one statement.

`reduce` repeats the subquery of one level, so the rules of all types stand in the text once for the walk and once for
what is shown. A level is sorted and cut after the rules, so what is hidden takes no place in it. The rows of a level
carry nothing but the levels before it: whatever else they carried would be counted for each of them.
"""

from graph.cypher import Binder, braced, collect, conjuncts, indented, joined, literal, where_all
from graph.emit import Place, Statement, guard, hoisted, shown
from graph.expr import Exists, Expr, Value
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
        *_allowed(asked, binder, "x, r, y"),
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
    last = [_step(asked, "(x)", "(goal)"), before, *_allowed(asked, binder, "x, r", "goal"), "RETURN x"]
    first = f"[hop IN range(1, size(levels)) WHERE EXISTS {{\n{indented(chr(10).join(last))}\n}}][0]"
    level = [
        "UNWIND back.at AS y",
        _step(asked, "(x)", "(y)"),
        before,
        *_allowed(asked, binder, "x, r, y"),
        f"WITH collect(DISTINCT {_told()}) AS steps, collect(DISTINCT x) AS at",
        "RETURN {at: at, steps: back.steps + steps}",
    ]
    hops = f"range(coalesce({first}, 0), 1, -1)"
    return f"reduce(back = {{at: [goal], steps: []}}, hop IN {hops} | {collect(level)}[0]).steps"


def _told() -> str:
    return "{hops: hop, kind: type(r), source: startNode(r), target: endNode(r)}"


def _step(asked: Traversal, here: str, there: str) -> str:
    return f"MATCH {here}-[r:{'|'.join(sorted({step.type for step in asked.steps}))}]-{there}"


def _allowed(asked: Traversal, binder: Binder, carried: str, end: str = "y") -> list[str]:
    """Whether the View has the step from x to its other end. Labels are named once: planning goes by their mentions."""

    def taken(outward: bool) -> str:
        allowed = tuple(f"{step.here} {step.type} {step.there}" for step in asked.steps if step.outward is outward)
        names = binder.name(Value(allowed, Scalar.STRING, many=True))
        return f"({'startNode' if outward else 'endNode'}(r) = x AND here + ' ' + type(r) + ' ' + there IN {names})"

    return [
        f"WITH {carried}, {_label(asked, 'x', binder)} AS here, {_label(asked, end, binder)} AS there",
        f"WHERE {taken(True)} OR {taken(False)}",
    ]


def _label(asked: Traversal, at: str, binder: Binder) -> str:
    """The label of ours; a node may carry others beside it."""
    known = tuple(sorted({name for step in asked.steps for name in (step.here, step.there)}))
    return f"[label IN labels({at}) WHERE label IN {binder.name(Value(known, Scalar.STRING, many=True))}][0]"


def _visible(asked: Traversal, binder: Binder) -> str:
    """Whether y is there for the viewer. One case a type: only its own rules are computed for it.

    Types that are there where one other is, each over an edge of its own, share a case, because planning takes longer
    than running and goes by the length of the text (and a CASE of one operand takes twice as long to plan). The type
    of the edge is asked beside, so that none counts for another's type.
    """
    alone: list[tuple[str, str]] = []
    alike: dict[tuple[str, bool, Expr], dict[str, str]] = {}
    for leg in asked.there:
        if isinstance(leg.rows, Exists):
            edge = leg.rows.edge
            alike.setdefault((leg.rows.target, edge.outward, leg.rows.where), {})[leg.label] = edge.type
        else:
            alone.append((leg.label, joined(" AND ", conjuncts(leg.rows, "y", binder, ()), nothing="true")))
    for (target, outward, where), types in alike.items():
        there, edges = f"y_{target.lower()}", "|".join(sorted(set(types.values())))
        way = f"-[y_edge:{edges}]->" if outward else f"<-[y_edge:{edges}]-"
        own = literal(tuple(f"{label} {kind}" for label, kind in sorted(types.items())))
        held = [
            f"any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN {own})",
            *conjuncts(where, there, binder, ()),
        ]
        alone.append(("|".join(sorted(types)), f"EXISTS {{ (y){way}({there}:{target}) WHERE {' AND '.join(held)} }}"))
    cases = [f"  WHEN y:{labels} THEN {condition}" for labels, condition in sorted(alone)]
    return "\n".join(["CASE", *cases, "END"])


def _rows(asked: Traversal, binder: Binder) -> str:
    if asked.to is not None:
        steps = ["UNWIND steps AS step"]
    else:
        steps = [
            "UNWIND range(1, size(levels)) AS hop",
            f"UNWIND levels[hop - 1][..{binder.name(MOST_WALKED_FROM)}] AS x",
            _step(asked, "(x)", "(y)"),
            *_allowed(asked, binder, "hop, x, r, y"),
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
