"""The rule language: small Python-like expressions, parsed with `ast` against a whitelist and typed against the model.

    region in actor.regions or '*' in actor.regions
    exists(served_by.members, number == actor.id)
    lawful(purpose) and status != 'DECEASED'
    purpose in ['service', 'privacy'] or occurred_at > now() - days(90)

Fields and edges stand in snake_case as the model declares them; `record.<field>` is the field where its name means
something else, too. `actor.<claim>` is a claim of the token, `actor.id` its subject; `purpose` is the purpose of the
request; `lawful(...)` asks for the standing of whom the record is about; `exists(path, rule)` follows edges; `now()`
is the time of the request, and its day (UTC) beside a field that holds a day. Anything else is an error with its
line and column.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace

from graph.expr import (
    FALSE,
    TRUE,
    And,
    Claim,
    Compare,
    Const,
    Exists,
    Expr,
    IsNull,
    Not,
    Now,
    Or,
    Prop,
    Purpose,
    Sign,
)
from schema.model import ENUMS, Edge, Model, NodeType, Scalar, camel
from schema.purposes import PURPOSES

SIGNS: dict[type[ast.cmpop], Sign] = {
    ast.Eq: "=",
    ast.NotEq: "<>",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "IN",
}
TEXT, NUMBER, TRUTH, MANY = "string", "integer", "boolean", "list[string]"
TIME, DAY, NOW = "moment", "day", "moment or day"
MOST_DAYS = 36_500
KINDS = {
    Scalar.ID: TEXT,
    Scalar.STRING: TEXT,
    Scalar.ENUM: TEXT,
    Scalar.INT: NUMBER,
    Scalar.FLOAT: NUMBER,
    Scalar.DECIMAL: "money",
    Scalar.BOOLEAN: TRUTH,
    Scalar.DATE: DAY,
    Scalar.DATETIME: TIME,
}


class RuleFault(ValueError):
    """What is wrong with a rule, and at which column (from 1)."""

    def __init__(self, what: str, tree: ast.AST | None = None) -> None:
        self.column = getattr(tree, "col_offset", 0) + 1
        super().__init__(what)


def rule(text: str, kind: NodeType, model: Model, claims: Mapping[str, str]) -> Expr:
    """A rule about nodes of `kind`. `claims` gives the type of each claim that the policy declares.

    Raises RuleFault.
    """
    if text == "all":
        return TRUE
    if text == "none":
        return FALSE
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as fault:
        error = RuleFault("this is not an expression")
        error.column = fault.offset or 1
        raise error from None
    return _Reader(model, claims).condition(tree, kind)


def lawful(kind: NodeType, model: Model, purpose: Expr) -> Expr:
    """Whether a purpose has a legal basis, now, for whom a node of `kind` is about. Raises RuleFault."""
    if kind.name == "Customer":
        holds = And(
            (
                Compare("=", Prop("purpose"), purpose),
                Prop("lawful"),
                Or((IsNull(Prop("until")), Compare(">", Prop("until"), Now()))),
            )
        )
        return Exists(kind.edges["standings"], "Standing", holds)
    if kind.subject is None:
        raise RuleFault(f"{kind.name} is about nobody, so lawful() says nothing of it")
    target = kind.subject.targets[0]
    return Exists(kind.subject, target, lawful(model[target], model, purpose))


class _Reader:
    def __init__(self, model: Model, claims: Mapping[str, str]) -> None:
        self.model = model
        self.claims = claims

    def condition(self, tree: ast.expr, kind: NodeType) -> Expr:
        match tree:
            case ast.BoolOp(ast.And(), parts):
                return And(tuple(self.condition(part, kind) for part in parts))
            case ast.BoolOp(ast.Or(), parts):
                return Or(tuple(self.condition(part, kind) for part in parts))
            case ast.UnaryOp(ast.Not(), of):
                return Not(self.condition(of, kind))
            case ast.Compare(left, [sign], [right]):
                return self.comparison(tree, left, sign, right, kind)
            case ast.Call(ast.Name("lawful"), [asked], []):
                return self.lawful(asked, kind)
            case ast.Call(ast.Name("exists"), [path], []):
                return self.exists(path, None, kind)
            case ast.Call(ast.Name("exists"), [path, where], []):
                return self.exists(path, where, kind)
            case ast.Name() | ast.Attribute():
                found, type_ = self.value(tree, kind)
                if type_ != TRUTH:
                    raise RuleFault(f"'{ast.unparse(tree)}' is not true or false", tree)
                return found
        raise RuleFault(f"'{ast.unparse(tree)}' is not part of the rule language", tree)

    def comparison(self, tree: ast.expr, left: ast.expr, sign: ast.cmpop, right: ast.expr, kind: NodeType) -> Expr:
        if isinstance(sign, ast.NotIn):
            return Not(self.comparison(tree, left, ast.In(), right, kind))
        if type(sign) not in SIGNS:
            raise RuleFault(f"'{ast.unparse(tree)}' compares in a way that rules do not know", tree)
        (here, left_type), (there, right_type) = _timed(self.value(left, kind), self.value(right, kind))
        if isinstance(sign, ast.In):
            if right_type != MANY or left_type != TEXT:
                raise RuleFault("'in' takes a text on its left and a list of texts on its right", tree)
        elif left_type != right_type:
            raise RuleFault(f"'{ast.unparse(tree)}' compares {left_type} with {right_type}", tree)
        elif left_type == NOW:
            raise RuleFault("a rule compares now() with a field", tree)
        elif left_type == MANY:
            raise RuleFault("lists are compared with 'in' alone", tree)
        elif left_type == TRUTH and not isinstance(sign, ast.Eq | ast.NotEq):
            raise RuleFault("true and false have no order", tree)
        for word, known in ((left, right), (right, left)):
            self.check_names(word, known, kind)
        return Compare(SIGNS[type(sign)], here, there)

    def check_names(self, word: ast.expr, value: ast.expr, kind: NodeType) -> None:
        """A constant beside a word that takes few values must be one of them: a misspelt name would never hold."""
        known: tuple[str, ...] = ()
        match word:
            case ast.Name("purpose") | ast.Attribute(ast.Name("actor"), "purpose"):
                known = tuple(PURPOSES)
            case ast.Name(name) | ast.Attribute(ast.Name("record"), name) if camel(name) in kind.properties:
                held = kind.properties[camel(name)]
                known = tuple(ENUMS[held.enum].__members__) if held.enum else ()
        for one in _constants(value) if known else ():
            if one.value not in known:
                raise RuleFault(f"{ast.unparse(one)} is not one of {', '.join(known)}", one)

    def value(self, tree: ast.expr, kind: NodeType) -> tuple[Expr, str]:  # noqa: C901  one case a word of the language
        match tree:
            case ast.Name("purpose") if "purpose" not in kind.properties:
                return Purpose(), TEXT
            case ast.Name("purpose"):
                what = f"{kind.name} has a field of that name: write record.purpose, or actor.purpose for the request's"
                raise RuleFault(what, tree)
            case ast.Attribute(ast.Name("actor"), "purpose"):
                return Purpose(), TEXT
            case ast.Call(ast.Name("now"), [], []):
                return Now(), NOW
            case ast.BinOp(ast.Call(ast.Name("now"), [], []), ast.Add() | ast.Sub() as sign, of):
                return Now(-_days(of) if isinstance(sign, ast.Sub) else _days(of)), NOW
            case ast.Name(name) | ast.Attribute(ast.Name("record"), name):
                held = kind.properties.get(camel(name))
                if held is None:
                    raise RuleFault(f"{kind.name} has no field '{name}'", tree)
                if held.sealed:
                    raise RuleFault(f"{kind.name}.{name} is sealed: rules cannot read it", tree)
                if held.many and held.scalar not in (Scalar.STRING, Scalar.ENUM):
                    raise RuleFault(f"{kind.name}.{name} is a list that rules cannot read", tree)
                return Prop(held.name), MANY if held.many else KINDS[held.scalar]
            case ast.Attribute(ast.Name("actor"), "id"):
                return Claim("id"), TEXT
            case ast.Attribute(ast.Name("actor"), claim):
                if claim not in self.claims:
                    raise RuleFault(f"the policy declares no claim '{claim}': add it under [claims]", tree)
                return Claim(claim), self.claims[claim]
            case ast.Constant(bool(truth)):
                return Const(truth), TRUTH
            case ast.Constant(int(number)):
                return Const(number), NUMBER
            case ast.Constant(str(text)):
                return Const(text), TEXT
            case ast.List(parts) | ast.Tuple(parts) if parts and all(
                isinstance(part, ast.Constant) and isinstance(part.value, str) for part in parts
            ):
                return Const(tuple(str(part.value) for part in parts if isinstance(part, ast.Constant))), MANY
        raise RuleFault(f"'{ast.unparse(tree)}' is not part of the rule language", tree)

    def lawful(self, asked: ast.expr, kind: NodeType) -> Expr:
        match asked:
            case ast.Name("purpose"):
                return lawful(kind, self.model, Purpose())
            case ast.Constant(str(name)) if name in PURPOSES:
                return lawful(kind, self.model, Const(name))
        raise RuleFault(f"lawful() takes 'purpose' or one of {', '.join(PURPOSES)}", asked)

    def exists(self, path: ast.expr, where: ast.expr | None, kind: NodeType) -> Expr:
        ways: list[tuple[Edge, NodeType]] = []
        at = kind
        for name in self.steps(path):
            edge = at.edges.get(camel(name))
            if edge is None:
                raise RuleFault(f"{at.name} has no edge '{name}'", path)
            if len(edge.targets) != 1:
                raise RuleFault(f"{at.name}.{name} leads to several types, which rules cannot follow", path)
            at = self.model[edge.targets[0]]
            ways.append((edge, at))
        held = TRUE if where is None else self.condition(where, at)
        for edge, target in reversed(ways):
            held = Exists(edge, target.name, held)
        return held

    def steps(self, path: ast.expr) -> list[str]:
        match path:
            case ast.Name(name):
                return [name]
            case ast.Attribute(before, name):
                return [*self.steps(before), name]
        raise RuleFault("exists() takes a path of edges such as served_by.members", path)


def _timed(left: tuple[Expr, str], right: tuple[Expr, str]) -> tuple[tuple[Expr, str], tuple[Expr, str]]:
    """Both sides of a comparison; what is said of now is a day beside a day, and a moment beside a moment."""
    return _beside(left, right[1]), _beside(right, left[1])


def _beside(said: tuple[Expr, str], type_: str) -> tuple[Expr, str]:
    match said:
        case Now() as now, "moment or day" if type_ in (TIME, DAY):
            return replace(now, day=type_ == DAY), type_
        case _:
            return said


def _days(tree: ast.expr) -> int:
    match tree:
        case ast.Call(ast.Name("days"), [ast.Constant(int(number))], []) if (
            number is not True and 0 < number <= MOST_DAYS
        ):
            return number
    raise RuleFault(f"now() goes on with days(n), a whole number from 1 to {MOST_DAYS}", tree)


def _constants(tree: ast.expr) -> Iterator[ast.Constant]:
    match tree:
        case ast.Constant():
            yield tree
        case ast.List(parts) | ast.Tuple(parts):
            yield from (part for part in parts if isinstance(part, ast.Constant))
