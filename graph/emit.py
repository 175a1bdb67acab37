"""Emit: a Read as one Cypher statement. The only place where reads become text.

The text depends on what is asked, never on values: equal shapes give equal bytes, so that Neo4j plans each once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import assert_never

from graph.constraints import CLOCK
from graph.cypher import (
    Binder,
    Parameter,
    arrow,
    braced,
    collect,
    conjuncts,
    indented,
    joined,
    where_all,
    word,
)
from graph.expr import TRUE, And, Compare, Const, Expr, If, Inherited, IsNull, Not, Prop, Rule, Value
from graph.filter import Order, rules_in
from graph.read import MOST_COUNTED, About, Branch, ById, ByIdentity, ByLabel, BySubject, Leg, Page, Read, Start
from graph.scalars import read_text
from schema.model import MODEL, Scalar

BY_INDEX = frozenset({"=", "IN", "STARTS WITH", "<", "<=", ">", ">="})
"""Comparisons that a range index answers."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Cypher text, what its parameters are filled from, and which claims the session adds; `revealed` are the fields
    of which the ids of revealed nodes are bound.

    It gives one row a node, or with `counted` one row that holds them all beside their count.
    """

    text: str
    parameters: Mapping[str, Parameter]
    claims: frozenset[str]
    name: str
    counted: bool
    asks_purpose: bool = True
    asks_now: bool = True
    revealed: frozenset[str] = frozenset()

    @property
    def looks_up(self) -> bool:
        """Whether something is looked up in the blind index, for which its key is needed."""
        return any(isinstance(one, Value) and one.blind is not None for one in self.parameters.values())

    @property
    def hash(self) -> str:
        """A short name for the text, for traces."""
        return sha256(self.text.encode()).hexdigest()[:12]


def emit(read: Read, name: str = "") -> Statement:
    """The statement of one root field. `name` is told to traces."""
    binder = Binder()
    text = "\n".join(_root(read, binder)) + "\n"
    counted = read.page is not None and read.page.total
    claims = frozenset(binder.claims)
    return Statement(
        text,
        binder.parameters,
        claims,
        name,
        counted,
        binder.asks_purpose,
        binder.asks_now,
        frozenset(binder.revealed),
    )


def _root(read: Read, binder: Binder) -> list[str]:
    found = _start(read.start, read.legs[0].label, binder)
    top = Place("n", "")
    if read.page is None:
        return _one(found, read.legs, top, binder, read.start)
    if not read.page.total:
        return _listed(read, found, read.page, top, binder)
    entries = []
    if read.page.rows:
        entries.append(f"rows: {collect(_listed(read, found, read.page, top, binder))}")
    entries.append(f"total: {_count(found, read.legs, read.page, top, binder)}")
    return [f"RETURN {braced(entries)} AS row"]


def _start(start: Start, label: str, binder: Binder) -> list[str]:
    match start:
        case ByLabel():
            return [f"MATCH (n:{label})"]
        case ById(id):
            return [f"MATCH (n:{label} {{id: {binder.name(id)}}})"]
        case ByIdentity(kind, normalized):
            return [
                f"MATCH (handle:Identity {{kind: {binder.name(kind)}}})",
                f"WHERE handle.normalized IN {binder.name(normalized)}",
                f"MATCH (handle)<-[:HAS_IDENTITY]-(n:{label})",
                "WITH DISTINCT n",
            ]
        case BySubject(path, claim):
            steps = [f"{arrow(edge)}(:{edge.targets[0]})" for edge in path[:-1]]
            subject = f"(:{path[-1].targets[0]} {{id: {binder.claim(claim.name)}}})"
            return [f"MATCH (n:{label}){''.join(steps)}{arrow(path[-1])}{subject}", "WITH DISTINCT n"]
    assert_never(start)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the statement we are: the name of the node at hand, and how rules of the row above are named."""

    at: str
    above: str

    def rule(self, legs: tuple[Leg, ...], label: str, index: int) -> str:
        return f"{self.prefix(legs, label)}{index}"

    def prefix(self, legs: tuple[Leg, ...], label: str) -> str:
        # A label begins with a capital, so what hangs at an edge cannot have the name.
        return f"{self.at}_rule" if len(legs) == 1 else f"{self.at}_{label}_rule"


def _one(
    found: list[str], legs: tuple[Leg, ...], place: Place, binder: Binder, start: Start | None = None
) -> list[str]:
    """At most one node: the one with the id; the only one behind a handle, for of several nobody knows which is meant;
    at the end of an edge that should lead to one but leads to several, the one with the least id.
    """
    at = place.at
    match start:
        case ById():
            choice = []
        case ByIdentity():
            choice = [f"WITH collect({at}) AS found", "WHERE size(found) = 1", f"UNWIND found AS {at}"]
        case _:
            choice = [f"WITH {at}", f"ORDER BY {at}.id", "LIMIT 1"]
    return [
        *found,
        *where_all(guard(legs, at, binder)),
        *choice,
        *hoisted(legs, place, binder),
        f"RETURN {shown(legs, place, binder, None)} AS row",
    ]


def _listed(read: Read, found: list[str], page: Page, place: Place, binder: Binder) -> list[str]:
    """The rows of a root list: along an index where there is one on the first key of its order."""
    if page.order[0].by == Prop(MODEL[read.legs[0].label].log or ""):
        return _logged(read, found, page, place, binder)
    walk = _index_on(read.legs[0].label, page.order[0].by) if isinstance(read.start, ByLabel) else None
    if walk is None:
        return _rows(found, read.legs, page, place, binder)
    at, leg = place.at, read.legs[0]
    key, test = walk
    hint = [] if _finds(leg.label, And((leg.rows, page.where))) else [f"USING INDEX {at}:{leg.label}({key.name})"]
    if key.name == "id":  # which every node has
        return _rows([*found, *hint], read.legs, page, place, binder, [f"{at}.id IS NOT NULL"] if hint else [])
    has_value = [f"{at}.{key.name} IS NOT NULL", *conjuncts(test, at, binder, leg.rules)]
    lacks_it = f"{at}.{key.name} IS NULL"
    if test != TRUE:
        lacks_it = f"NOT coalesce({word(And((Not(IsNull(key)), test)), at, binder, leg.rules)}, false)"
    asked = And((leg.rows, page.where, page.after))
    reached = [*has_value, *conjuncts(page.reach, at, binder, leg.rules)]
    along_it = replace(page, order=(replace(page.order[0], by=key, nullable=False), *page.order[1:]))
    along = _sorted([*found, *hint], [*reached, *conjuncts(asked, at, binder, leg.rules)], along_it, leg, at, binder)
    others = replace(page, order=page.order[1:])
    beside = _sorted(found, [lacks_it, *conjuncts(asked, at, binder, leg.rules)], others, leg, at, binder)
    first, second = (beside, along) if page.order[0].empty_first else (along, beside)
    # The subquery depends on `more`, so that what lacks a value is not looked for before it is known to be needed.
    gathered = [
        "CALL () {",
        indented("\n".join([*first, f"RETURN collect({at}) AS first"])),
        "}",
        "CALL (first) {",
        f"  UNWIND first AS {at}",
        f"  RETURN {at}",
        "  UNION ALL",
        f"  UNWIND CASE WHEN size(first) < {binder.name(page.limit)} THEN [true] ELSE [] END AS more",
        "  CALL (more) {",
        indented(indented("\n".join([*second, f"RETURN {at}"]))),
        "  }",
        f"  RETURN {at}",
        "}",
    ]
    return _rows(gathered, read.legs, replace(page, after=TRUE, where=TRUE), place, binder, guarded=True)


def _logged(read: Read, found: list[str], page: Page, place: Place, binder: Binder) -> list[str]:
    """The rows of a log by their time, up to the last that its clock gave: whatever is earlier than that is there.

    The clock is read before the first row, and `max` is why: Neo4j may put off a value, but not what it gathers.
    """
    leg, at = read.legs[0], place.at
    log = MODEL[leg.label].log
    clock = [
        f"OPTIONAL MATCH (clock:{CLOCK} {{of: '{leg.label}'}})",
        "WITH coalesce(max(clock.at), datetime({year: 9999})) AS complete",
    ]
    start = [f"{line}, complete" if line.startswith("WITH ") else line for line in found]
    along = isinstance(read.start, ByLabel) and not _finds(leg.label, And((leg.rows, page.where)))
    hint = [f"USING INDEX {at}:{leg.label}({log})"] if along else []
    reached = conjuncts(page.reach, at, binder, leg.rules)
    return _rows([*clock, *start, *hint], read.legs, page, place, binder, [f"{at}.{log} <= complete", *reached])


def _sorted(found: list[str], held: list[str], page: Page, leg: Leg, at: str, binder: Binder) -> list[str]:
    """The first nodes in the order of a page, so many as it takes, of those for which all this holds."""
    keys = ", ".join(_key(key, at, binder, leg.rules) for key in page.order)
    return [*found, *where_all(held), f"WITH {at}", f"ORDER BY {keys}", f"LIMIT {binder.name(page.limit)}"]


def _key(key: Order, at: str, binder: Binder, rules: tuple[Expr, ...] | None = None) -> str:
    """A key to sort by. Neo4j puts null last ascending and first descending."""
    text = word(key.by, at, binder, rules)
    said = f"{text} DESC" if key.descending else text
    if not key.nullable or key.descending == key.empty_first:
        return said
    return f"{text} IS NULL{' DESC' * key.empty_first}, {said}"


def _index_on(label: str, by: Expr) -> tuple[Prop, Expr] | None:
    """The indexed property that a key reads, and the condition under which it does."""
    match by:
        case Prop(name) if name == "id" or MODEL[label].properties[name].indexed:
            return by, TRUE
        case If(test, Prop(name) as held, Const(None)) if MODEL[label].properties[name].indexed:
            return held, test
        case _:
            return None


def _finds(label: str, held: Expr) -> bool:
    """Whether something that must hold names values of an indexed property: that may be the better index."""
    match held:
        case And(parts):
            return any(_finds(label, part) for part in parts)
        case Compare(sign, Prop(name), _):
            return sign in BY_INDEX and name in _indexed(label)
        case _:
            return False


def _indexed(label: str) -> frozenset[str]:
    """The properties of a label by which nodes are found in an index; what is sealed is found by its blind index."""
    held = MODEL[label].properties.values()
    return frozenset(
        {"id", *(one.name for one in held if one.indexed), *(one.found_by for one in held if one.found_by)}
    )


def _rows(
    found: list[str],
    legs: tuple[Leg, ...],
    page: Page,
    place: Place,
    binder: Binder,
    held: Sequence[str] = (),
    *,
    guarded: bool = False,
) -> list[str]:
    """From MATCH to RETURN: the rows of one page. `guarded` says that all rows found are there for the viewer.

    A rule that only the output needs is computed once for each row of the page; one by which rows are sorted, once
    for each row that matches; a filter reads it in place, where the planner can still use an index.
    """
    at, rules = place.at, legs[0].rules
    sorting = sorted(frozenset().union(*(rules_in(key.by) for key in page.order)))
    kept = [f"{word(rules[index], at, binder)} AS {at}_rule{index}" for index in sorting]
    return [
        *found,
        *where_all(
            [
                *held,
                *([] if guarded else guard(legs, at, binder)),
                *conjuncts(page.where, at, binder, rules),
                *conjuncts(page.after, at, binder, rules),
            ]
        ),
        _with([at, *kept]),
        "ORDER BY " + ", ".join(_key(key, at, binder) for key in page.order),
        f"LIMIT {binder.name(page.limit)}",
        *hoisted(legs, place, binder, tuple(sorting)),
        f"RETURN {shown(legs, place, binder, page if page.position else None)} AS row",
    ]


def _count(found: list[str], legs: tuple[Leg, ...], page: Page, place: Place, binder: Binder) -> str:
    held = [*guard(legs, place.at, binder), *conjuncts(page.where, place.at, binder, legs[0].rules)]
    return f"size({collect([*found, *where_all(held), f'RETURN 1 AS one LIMIT {MOST_COUNTED}'])})"


def guard(legs: tuple[Leg, ...], at: str, binder: Binder) -> list[str]:
    """Which nodes there are for this viewer; of a union, each type under its own rule."""
    if len(legs) == 1:
        return conjuncts(legs[0].rows, at, binder, ())
    cases = []
    for leg in legs:
        rows = conjuncts(leg.rows, at, binder, ())
        cases.append(joined(" AND ", [f"{at}:{leg.label}", *rows], nothing="true"))
    return [joined(" OR ", cases, nothing="false")]


def _with(entries: list[str]) -> str:
    return "WITH " + ",\n  ".join(entries)


def hoisted(
    legs: tuple[Leg, ...], place: Place, binder: Binder, kept: tuple[int, ...] = (), beside: tuple[str, ...] = ()
) -> list[str]:
    """One WITH that computes each rule that the output needs, once a row; `kept` have been computed before.

    `beside` are names that stand beside the node and are needed further on.
    """
    entries = [place.at, *beside, *(f"{place.at}_rule{index}" for index in kept)]
    computed = [
        f"{_hoist(rule, place, binder)} AS {place.rule(legs, leg.label, index)}"
        for leg in legs
        for index, rule in leg.hoisted.items()
        if index not in kept
    ]
    return [_with(entries + computed)] if computed else []


def _hoist(rule: Expr, place: Place, binder: Binder) -> str:
    return f"{place.above}{rule.index}" if isinstance(rule, Inherited) else word(rule, place.at, binder)


def shown(legs: tuple[Leg, ...], place: Place, binder: Binder, page: Page | None) -> str:
    """One map for each row. Rows of a union say of which type they are."""
    if len(legs) == 1:
        return _map(legs[0], legs, place, binder, page)
    cases = [f"WHEN {place.at}:{leg.label} THEN {_map(leg, legs, place, binder, page)}" for leg in legs]
    return "CASE\n" + indented("\n".join(cases)) + "\nEND"


def _map(leg: Leg, legs: tuple[Leg, ...], place: Place, binder: Binder, page: Page | None) -> str:
    prefix = place.prefix(legs, leg.label)
    entries = [f"_type: '{leg.label}'"] if len(legs) > 1 else []
    for column, expr in leg.columns.items():
        scalar, many = leg.scalars.get(column, (Scalar.BOOLEAN, False))
        entries.append(f"{column}: {_output(expr, scalar, many, place.at, prefix, binder)}")
    if leg.about is not None and leg.about.column not in leg.columns:
        entries.append(f"{leg.about.column}: {whom(leg.about, place.at)}")
    if page is not None:
        keys = ", ".join(_output(key.by, key.scalar, False, place.at, prefix, binder) for key in page.order)
        entries.append(f"_at: [{keys}]")
    for branch in leg.branches:
        entries += _branch(branch, place.at, prefix, binder)
    return braced(entries)


def whom(about: About, at: str) -> str:
    """The id of the customer at hand, or of all customers whom the node at hand is about."""
    if not about.path:
        return f"{at}.id"
    steps = [f"{arrow(edge)}(:{edge.targets[0]})" for edge in about.path[:-1]]
    last = about.path[-1]
    return f"[({at}){''.join(steps)}{arrow(last)}({at}_who:{last.targets[0]}) | {at}_who.id]"


def _output(expr: Expr, scalar: Scalar, many: bool, at: str, prefix: str, binder: Binder) -> str:
    """A column: the value in the form in which it leaves the database."""

    def say(part: Expr) -> str:
        return _output(part, scalar, many, at, prefix, binder)

    match expr:
        case Prop():
            return read_text(scalar, word(expr, at, binder), many)
        case If(test, then, other):
            return f"CASE WHEN {say(test)} THEN {say(then)} ELSE {say(other)} END"
        case Rule(index):
            return f"{prefix}{index}"
        case _:
            return word(expr, at, binder)


def _branch(branch: Branch, at: str, prefix: str, binder: Binder) -> list[str]:
    place = Place(f"{at}_{branch.column}", prefix)
    label = f":{branch.legs[0].label}" if len(branch.legs) == 1 else ""
    found = [f"MATCH ({at}){arrow(branch.edge)}({place.at}{label})"]
    if branch.page is None:
        return [f"{branch.column}: {collect(_one(found, branch.legs, place, binder))}[0]"]
    entries = []
    if branch.page.rows:
        entries.append(f"{branch.column}: {collect(_rows(found, branch.legs, branch.page, place, binder))}")
    if branch.page.total:
        entries.append(f"_total_{branch.column}: {_count(found, branch.legs, branch.page, place, binder)}")
    return entries
