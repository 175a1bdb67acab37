"""Cypher: expressions as text, and the few shapes that every statement is put together from.

Values become parameters `$p0 ...` in the order in which they are met; claims of the viewer are `$actor_<claim>`,
the purpose is `$purpose`, the time of the request is `$now`. No value is ever written into the text.
"""

from dataclasses import dataclass, field
from typing import assert_never

from graph.expr import (
    And,
    Claim,
    Compare,
    Const,
    CursorKey,
    Exists,
    Expr,
    Gate,
    If,
    Inherited,
    IsNull,
    Mask,
    Not,
    Now,
    Or,
    Prop,
    Purpose,
    Revealed,
    Rule,
    Value,
    Visible,
)
from graph.gates import WORDS as GATES
from graph.masks import MASKS, PROJECT, PSEUDONYM
from graph.scalars import parameter_text
from schema.model import Edge

Parameter = Value | CursorKey | int


@dataclass(slots=True)
class Binder:
    """Gives every value a name in the order in which it is met; equal values share one."""

    parameters: dict[str, Parameter] = field(default_factory=dict)
    names: list[tuple[Parameter, str]] = field(default_factory=list)
    claims: set[str] = field(default_factory=set)
    revealed: set[str] = field(default_factory=set)
    asks_purpose: bool = False
    asks_now: bool = False

    def name(self, value: Parameter) -> str:
        """How the text refers to a value."""
        for known, name in self.names:
            if type(known) is type(value) and known == value:
                return name
        name = f"p{len(self.names)}"
        self.names.append((value, f"${name}"))
        self.parameters[name] = value
        return f"${name}"

    def claim(self, name: str) -> str:
        """How the text refers to a claim of the viewer."""
        self.claims.add(name)
        return f"$actor_{name}"


def conjuncts(expr: Expr, at: str, binder: Binder, rules: tuple[Expr, ...]) -> list[str]:
    """What must all hold, each as text, with every rule written in its place."""
    if isinstance(expr, And):
        return [text for part in expr.parts for text in conjuncts(part, at, binder, rules)]
    return [word(expr, at, binder, rules)]


def where_all(held: list[str]) -> list[str]:
    """A WHERE under which all of these hold; none where nothing is asked."""
    return ["WHERE " + "\n  AND ".join(held)] if held else []


def word(  # noqa: C901  one case a word
    expr: Expr, at: str, binder: Binder, rules: tuple[Expr, ...] | None = None, *, denied: bool = False
) -> str:
    """An expression about the node named `at`. With `rules`, a reference to a rule is replaced by the rule.

    What is `denied` stands below a NOT.
    """

    def say(part: Expr) -> str:
        return word(part, at, binder, rules, denied=denied)

    match expr:
        case Prop(name):
            return f"{at}.{name}"
        case Const(value):
            return literal(value)
        case Claim(name):
            return binder.claim(name)
        case Purpose():
            binder.asks_purpose = True
            return "$purpose"
        case Now(days, day):
            binder.asks_now = True
            return _moment("date($now)" if day else "$now", days)
        case Value(_, scalar, many):
            return parameter_text(scalar, binder.name(expr), many)
        case CursorKey(_, _, scalar):
            return parameter_text(scalar, binder.name(expr))
        case Compare("IN", left, Value() | Claim() as listed) if denied:
            # Neo4j plans NOT (n.x IN $list) as if n.x had to be there; nothing is in an empty list, no value either.
            return f"size({say(listed)}) > 0 AND {say(left)} IN {say(listed)}"
        case Compare(sign, left, right):
            return f"{say(left)} {sign} {say(right)}"
        case IsNull(of):
            return f"{say(of)} IS NULL"
        case Not(of):
            return f"NOT ({word(of, at, binder, rules, denied=True)})"
        case And(parts):
            return joined(" AND ", [say(part) for part in parts], nothing="true")
        case Or(parts):
            return joined(" OR ", [say(part) for part in parts], nothing="false")
        case If(test, then, other):
            return f"CASE WHEN {say(test)} THEN {say(then)} ELSE {say(other)} END"
        case Mask(name, of, step):
            if name == PSEUDONYM:  # whoever is in no project has no pseudonyms: binding the claim refuses
                binder.claim(PROJECT)
            return MASKS[name].cypher.format(say(of), step, at=at)
        case Revealed(type_, name):
            binder.revealed.add(expr.name)
            return f"{at}.id IN $revealed_{type_}_{name}"
        case Exists(edge, target, where):
            there = f"{at}_{target.lower()}"
            held = conjuncts(where, there, binder, ())
            if not held:
                return f"EXISTS {{ ({at}){arrow(edge)}(:{target}) }}"
            return f"EXISTS {{ ({at}){arrow(edge)}({there}:{target}) WHERE {' AND '.join(held)} }}"
        case Gate(name, values):
            return GATES[name][0].format(at=at, **{part: say(value) for part, value in values})
        case Rule(index):
            return say(rules[index]) if rules is not None else f"{at}_rule{index}"
        case Visible() | Inherited():
            raise AssertionError("the planner has put something in its place")
    assert_never(expr)


def _moment(now: str, days: int) -> str:
    """So many days after now, or before it. They are literals of a reviewed policy, as all of its constants are."""
    if not days:
        return now
    return f"{now} {'+' if days > 0 else '-'} duration({{days: {abs(days)}}})"


def literal(value: str | int | float | bool | tuple[str, ...] | None) -> str:
    """A constant of a reviewed policy. Text is quoted even so."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
        case tuple():
            return "[" + ", ".join(literal(one) for one in value) + "]"
        case _:
            return repr(value)


def joined(sign: str, words: list[str], *, nothing: str) -> str:
    """Words between one sign, in brackets where there are several; `nothing` is what none of them means."""
    if not words:
        return nothing
    return words[0] if len(words) == 1 else f"({sign.join(words)})"


def arrow(edge: Edge) -> str:
    """A relationship as a pattern, in the direction in which it is followed."""
    return f"-[:{edge.type}]->" if edge.outward else f"<-[:{edge.type}]-"


def collect(lines: list[str]) -> str:
    """A subquery whose rows become one list."""
    return "COLLECT {\n" + indented("\n".join(lines)) + "\n}"


def braced(entries: list[str]) -> str:
    """A map over several lines."""
    return "{\n" + indented(",\n".join(entries)) + "\n}" if entries else "{}"


def indented(text: str) -> str:
    """The text one step to the right."""
    return "\n".join("  " + line for line in text.split("\n"))
