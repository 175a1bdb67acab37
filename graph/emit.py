"""Emit: a Read as one Cypher statement. The only place where reads become text.

The text depends on what is asked, never on values: equal shapes give equal bytes, so that Neo4j plans each once.
Values become parameters `$p0 ...` in the order in which they are met; claims of the viewer are `$actor_<claim>`,
the purpose is `$purpose`, the time of the request is `$now`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import assert_never

from graph.expr import (
    And,
    Claim,
    Compare,
    Const,
    CursorKey,
    Exists,
    Expr,
    If,
    Inherited,
    IsNull,
    Mask,
    Not,
    Now,
    Or,
    Prop,
    Purpose,
    Rule,
    Value,
    Visible,
)
from graph.filter import rules_in
from graph.masks import MASKS
from graph.read import MOST_COUNTED, Branch, ById, ByIdentity, ByLabel, Leg, Page, Read, Start
from graph.scalars import parameter_text, read_text
from schema.model import Edge, Scalar

Parameter = Value | CursorKey | int


@dataclass(frozen=True, slots=True)
class Statement:
    """Cypher text, what its parameters are filled from, and which claims the session adds.

    It gives one row a node, or with `counted` one row that holds them all beside their count.
    """

    text: str
    parameters: Mapping[str, Parameter]
    claims: frozenset[str]
    name: str
    counted: bool
    asks_purpose: bool = True
    asks_now: bool = True

    @property
    def hash(self) -> str:
        """A short name for the text, for traces."""
        return sha256(self.text.encode()).hexdigest()[:12]


@dataclass(slots=True)
class Binder:
    """Gives every value a name in the order in which it is met; equal values share one."""

    parameters: dict[str, Parameter] = field(default_factory=dict)
    names: list[tuple[Parameter, str]] = field(default_factory=list)
    claims: set[str] = field(default_factory=set)
    asks_purpose: bool = False
    asks_now: bool = False

    def name(self, value: Parameter) -> str:
        for known, name in self.names:
            if type(known) is type(value) and known == value:
                return name
        name = f"p{len(self.names)}"
        self.names.append((value, f"${name}"))
        self.parameters[name] = value
        return f"${name}"

    def claim(self, name: str) -> str:
        self.claims.add(name)
        return f"$actor_{name}"


def emit(read: Read, name: str = "") -> Statement:
    """The statement of one root field. `name` is told to traces."""
    binder = Binder()
    text = "\n".join(_root(read, binder)) + "\n"
    counted = read.page is not None and read.page.total
    claims = frozenset(binder.claims)
    return Statement(text, binder.parameters, claims, name, counted, binder.asks_purpose, binder.asks_now)


def _root(read: Read, binder: Binder) -> list[str]:
    found = _start(read.start, read.legs[0].label, binder)
    top = _Place("n", "")
    sorted_by = _index_to_sort_by(read)
    if read.page is None:
        return _one(found, read.legs, top, binder, read.start)
    if not read.page.total:
        return _rows(found, read.legs, read.page, top, binder, sorted_by)
    entries = []
    if read.page.rows:
        entries.append(f"rows: {_collect(_rows(found, read.legs, read.page, top, binder, sorted_by))}")
    entries.append(f"total: {_count(found, read.legs, read.page, top, binder)}")
    return [f"RETURN {_braced(entries)} AS row"]


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
    assert_never(start)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the statement we are: the name of the node at hand, and how rules of the row above are named."""

    at: str
    above: str

    def rule(self, legs: tuple[Leg, ...], label: str, index: int) -> str:
        return f"{self.prefix(legs, label)}{index}"

    def prefix(self, legs: tuple[Leg, ...], label: str) -> str:
        return f"{self.at}_rule" if len(legs) == 1 else f"{self.at}_{label.lower()}_rule"


def _one(
    found: list[str], legs: tuple[Leg, ...], place: _Place, binder: Binder, start: Start | None = None
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
        *_where(_guard(legs, at, binder)),
        *choice,
        *_hoisted(legs, place, binder),
        f"RETURN {_shown(legs, place, binder, None)} AS row",
    ]


def _index_to_sort_by(read: Read) -> list[str]:
    """A condition that always holds, and lets the planner walk the ids in order in place of sorting every node.

    Of ids alone: Community Edition enforces no other value, and a node that lacks one must not be passed over.
    """
    if read.page is None or not isinstance(read.start, ByLabel) or read.page.order[0].by != Prop("id"):
        return []
    asked = [part for part in (*_parts(read.page.where), *_parts(read.page.after)) if isinstance(part, Compare)]
    # A comparison by id is a better reason to use its index.
    return [] if any(part.left == Prop("id") for part in asked) else ["n.id IS NOT NULL"]


def _parts(expr: Expr) -> tuple[Expr, ...]:
    return expr.parts if isinstance(expr, And) else (expr,)


def _rows(
    found: list[str],
    legs: tuple[Leg, ...],
    page: Page,
    place: _Place,
    binder: Binder,
    sorted_by: Sequence[str] = (),
) -> list[str]:
    """From MATCH to RETURN: the rows of one page.

    A rule that only the output needs is computed once for each row of the page; one by which rows are sorted, once
    for each row that matches; a filter reads it in place, where the planner can still use an index.
    """
    at, rules = place.at, legs[0].rules
    sorting = sorted(frozenset().union(*(rules_in(key.by) for key in page.order)))
    kept = [f"{_word(rules[index], at, binder)} AS {at}_rule{index}" for index in sorting]
    return [
        *found,
        *_where(
            [
                *sorted_by,
                *_guard(legs, at, binder),
                *_conjuncts(page.where, at, binder, rules),
                *_conjuncts(page.after, at, binder, rules),
            ]
        ),
        _with([at, *kept]),
        "ORDER BY " + ", ".join(_word(key.by, at, binder) + " DESC" * key.descending for key in page.order),
        f"LIMIT {binder.name(page.limit)}",
        *_hoisted(legs, place, binder, tuple(sorting)),
        f"RETURN {_shown(legs, place, binder, page if page.position else None)} AS row",
    ]


def _count(found: list[str], legs: tuple[Leg, ...], page: Page, place: _Place, binder: Binder) -> str:
    guard = [*_guard(legs, place.at, binder), *_conjuncts(page.where, place.at, binder, legs[0].rules)]
    return f"size({_collect([*found, *_where(guard), f'RETURN 1 AS one LIMIT {MOST_COUNTED}'])})"


def _guard(legs: tuple[Leg, ...], at: str, binder: Binder) -> list[str]:
    """Which nodes there are for this viewer; of a union, each type under its own rule."""
    if len(legs) == 1:
        return _conjuncts(legs[0].rows, at, binder, ())
    cases = []
    for leg in legs:
        rows = _conjuncts(leg.rows, at, binder, ())
        cases.append(_joined(" AND ", [f"{at}:{leg.label}", *rows], nothing="true"))
    return [_joined(" OR ", cases, nothing="false")]


def _conjuncts(expr: Expr, at: str, binder: Binder, rules: tuple[Expr, ...]) -> list[str]:
    """What must all hold, each as text, with every rule written in its place."""
    if isinstance(expr, And):
        return [word for part in expr.parts for word in _conjuncts(part, at, binder, rules)]
    return [_word(expr, at, binder, rules)]


def _where(conjuncts: list[str]) -> list[str]:
    return ["WHERE " + "\n  AND ".join(conjuncts)] if conjuncts else []


def _with(entries: list[str]) -> str:
    return "WITH " + ",\n  ".join(entries)


def _hoisted(legs: tuple[Leg, ...], place: _Place, binder: Binder, kept: tuple[int, ...] = ()) -> list[str]:
    """One WITH that computes each rule that the output needs, once a row; `kept` have been computed before."""
    entries = [place.at, *(f"{place.at}_rule{index}" for index in kept)]
    computed = [
        f"{_hoist(rule, place, binder)} AS {place.rule(legs, leg.label, index)}"
        for leg in legs
        for index, rule in leg.hoisted.items()
        if index not in kept
    ]
    return [_with(entries + computed)] if computed else []


def _hoist(rule: Expr, place: _Place, binder: Binder) -> str:
    return f"{place.above}{rule.index}" if isinstance(rule, Inherited) else _word(rule, place.at, binder)


def _shown(legs: tuple[Leg, ...], place: _Place, binder: Binder, page: Page | None) -> str:
    """One map for each row. Rows of a union say of which type they are."""
    if len(legs) == 1:
        return _map(legs[0], legs, place, binder, page)
    cases = [f"WHEN {place.at}:{leg.label} THEN {_map(leg, legs, place, binder, page)}" for leg in legs]
    return "CASE\n" + _indented("\n".join(cases)) + "\nEND"


def _map(leg: Leg, legs: tuple[Leg, ...], place: _Place, binder: Binder, page: Page | None) -> str:
    prefix = place.prefix(legs, leg.label)
    entries = [f"_type: '{leg.label}'"] if len(legs) > 1 else []
    for column, expr in leg.columns.items():
        scalar, many = leg.scalars.get(column, (Scalar.BOOLEAN, False))
        entries.append(f"{column}: {_output(expr, scalar, many, place.at, prefix, binder)}")
    if page is not None:
        keys = ", ".join(_output(key.by, key.scalar, False, place.at, prefix, binder) for key in page.order)
        entries.append(f"_at: [{keys}]")
    for branch in leg.branches:
        entries += _branch(branch, place.at, prefix, binder)
    return _braced(entries)


def _output(expr: Expr, scalar: Scalar, many: bool, at: str, prefix: str, binder: Binder) -> str:
    """A column: the value in the form in which it leaves the database."""

    def say(part: Expr) -> str:
        return _output(part, scalar, many, at, prefix, binder)

    match expr:
        case Prop():
            return read_text(scalar, _word(expr, at, binder), many)
        case If(test, then, other):
            return f"CASE WHEN {say(test)} THEN {say(then)} ELSE {say(other)} END"
        case Rule(index):
            return f"{prefix}{index}"
        case _:
            return _word(expr, at, binder)


def _branch(branch: Branch, at: str, prefix: str, binder: Binder) -> list[str]:
    place = _Place(f"{at}_{branch.column}", prefix)
    label = f":{branch.legs[0].label}" if len(branch.legs) == 1 else ""
    found = [f"MATCH ({at}){_arrow(branch.edge)}({place.at}{label})"]
    if branch.page is None:
        return [f"{branch.column}: {_collect(_one(found, branch.legs, place, binder))}[0]"]
    entries = []
    if branch.page.rows:
        entries.append(f"{branch.column}: {_collect(_rows(found, branch.legs, branch.page, place, binder))}")
    if branch.page.total:
        entries.append(f"_total_{branch.column}: {_count(found, branch.legs, branch.page, place, binder)}")
    return entries


def _word(expr: Expr, at: str, binder: Binder, rules: tuple[Expr, ...] | None = None) -> str:  # noqa: C901  one case a word
    """An expression about the node named `at`. With `rules`, a reference to a rule is replaced by the rule."""

    def say(part: Expr) -> str:
        return _word(part, at, binder, rules)

    match expr:
        case Prop(name):
            return f"{at}.{name}"
        case Const(value):
            return _literal(value)
        case Claim(name):
            return binder.claim(name)
        case Purpose():
            binder.asks_purpose = True
            return "$purpose"
        case Now():
            binder.asks_now = True
            return "$now"
        case Value(_, scalar, many):
            return parameter_text(scalar, binder.name(expr), many)
        case CursorKey(_, _, scalar):
            return parameter_text(scalar, binder.name(expr))
        case Compare(sign, left, right):
            return f"{say(left)} {sign} {say(right)}"
        case IsNull(of):
            return f"{say(of)} IS NULL"
        case Not(of):
            return f"NOT ({say(of)})"
        case And(parts):
            return _joined(" AND ", [say(part) for part in parts], nothing="true")
        case Or(parts):
            return _joined(" OR ", [say(part) for part in parts], nothing="false")
        case If(test, then, other):
            return f"CASE WHEN {say(test)} THEN {say(then)} ELSE {say(other)} END"
        case Mask(name, of):
            return MASKS[name].cypher.format(say(of))
        case Exists(edge, target, where):
            there = f"{at}_{target.lower()}"
            held = _conjuncts(where, there, binder, ())
            if not held:
                return f"EXISTS {{ ({at}){_arrow(edge)}(:{target}) }}"
            return f"EXISTS {{ ({at}){_arrow(edge)}({there}:{target}) WHERE {' AND '.join(held)} }}"
        case Rule(index):
            return say(rules[index]) if rules is not None else f"{at}_rule{index}"
        case Visible() | Inherited():
            raise AssertionError("the planner has put something in its place")
    assert_never(expr)


def _literal(value: str | int | float | bool | tuple[str, ...] | None) -> str:
    """A constant of a reviewed policy. Text is quoted even so."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
        case tuple():
            return "[" + ", ".join(_literal(one) for one in value) + "]"
        case _:
            return repr(value)


def _joined(sign: str, words: list[str], *, nothing: str) -> str:
    if not words:
        return nothing
    return words[0] if len(words) == 1 else f"({sign.join(words)})"


def _arrow(edge: Edge) -> str:
    return f"-[:{edge.type}]->" if edge.outward else f"<-[:{edge.type}]-"


def _collect(lines: list[str]) -> str:
    return "COLLECT {\n" + _indented("\n".join(lines)) + "\n}"


def _braced(entries: list[str]) -> str:
    return "{\n" + _indented(",\n".join(entries)) + "\n}" if entries else "{}"


def _indented(text: str) -> str:
    return "\n".join("  " + line for line in text.split("\n"))
