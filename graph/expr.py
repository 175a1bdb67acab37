"""Expressions: what a rule, a filter or a field says about one node, before it becomes text.

Each stands relative to 'the node at hand'; only `graph.emit` gives nodes names. `Or()` of nothing is false and
`And()` of nothing is true, so a missing permission can never read like a missing condition.
"""

from dataclasses import dataclass
from typing import Literal

from schema.model import Edge, Scalar


@dataclass(frozen=True, slots=True)
class Prop:
    """A property of the node at hand."""

    name: str


@dataclass(frozen=True, slots=True)
class Const:
    """A literal of the policy or of the model, never of a request."""

    value: str | int | float | bool | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of the viewer's token, bound as a parameter of its own."""

    name: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """The purpose the viewer works for, bound as a parameter."""


@dataclass(frozen=True, slots=True)
class Now:
    """The time of the request, bound as a parameter, `days` later; of it the day in UTC alone, where `day`."""

    days: int = 0
    day: bool = False


@dataclass(frozen=True, slots=True)
class Variable:
    """A value of the request that is filled in at run time: `path` leads to it in the coerced variables.

    `prefix` is known of ids, because it decides which label is read.
    """

    path: tuple[str | int, ...]
    prefix: str | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the request, bound as a parameter: a constant, a Variable, or a list of them.

    With `blind`, label and property of a sealed field, what is bound is its entry in the blind index of that field.
    """

    of: object
    scalar: Scalar
    many: bool = False
    blind: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class CursorKey:
    """One key of the position that a cursor seals: `index` in its list; the last one is the id."""

    cursor: "CursorSlot"
    index: int
    scalar: Scalar


@dataclass(frozen=True, slots=True)
class CursorSlot:
    """A cursor of the request, with all that it must have been sealed with to be opened."""

    of: object
    bond: "Bond"


@dataclass(frozen=True, slots=True)
class Bond:
    """To what a cursor is bound beside its viewer: where it stands, its order and its filter."""

    path: str
    order: tuple[str, ...]
    where: object


Sign = Literal["=", "<>", "<", "<=", ">", ">=", "IN", "STARTS WITH", "ENDS WITH", "CONTAINS"]


@dataclass(frozen=True, slots=True)
class Compare:
    """`left sign right`; unknown (null) when either is."""

    sign: Sign
    left: "Expr"
    right: "Expr"


@dataclass(frozen=True, slots=True)
class IsNull:
    """Whether there is no value."""

    of: "Expr"


@dataclass(frozen=True, slots=True)
class Not:
    """Negation; unknown stays unknown."""

    of: "Expr"


@dataclass(frozen=True, slots=True)
class And:
    """All of them; true for none."""

    parts: tuple["Expr", ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them; false for none."""

    parts: tuple["Expr", ...] = ()


@dataclass(frozen=True, slots=True)
class If:
    """`then` where the test holds, `other` where it does not or is unknown."""

    test: "Expr"
    then: "Expr"
    other: "Expr"


@dataclass(frozen=True, slots=True)
class Mask:
    """A coarser form of a value, made in the database (`graph.masks`); `step` is in the stored unit."""

    name: str
    of: "Expr"
    step: int = 1


@dataclass(frozen=True, slots=True)
class Revealed:
    """Whether this field of the node at hand is revealed to the viewer just now; the ids are bound as a parameter."""

    type: str
    field: str

    @property
    def name(self) -> str:
        """As `Customer.birthDate`."""
        return f"{self.type}.{self.field}"


@dataclass(frozen=True, slots=True)
class Exists:
    """Whether an edge leads to a node of the target type for which `where` holds."""

    edge: Edge
    target: str
    where: "Expr"


@dataclass(frozen=True, slots=True)
class Visible:
    """Whether an edge leads to a node that the same viewer may see, and to no other where the edge says `every`.

    `graph.plan` puts the target's row rule in.
    """

    edge: Edge
    target: str


@dataclass(frozen=True, slots=True)
class Sending:
    """A part of what a gate compares with: filled in from what is `asked` and from the rules of the company."""

    part: str
    asked: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate of an audience (`graph.gates`), about the customer at hand, with the values that stand in it."""

    name: str
    values: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A reference to a rule of the type at hand, computed once for each row."""

    index: int


@dataclass(frozen=True, slots=True)
class Inherited:
    """A reference to a rule of the row above, whose answer holds for every row below it."""

    index: int


Expr = (
    Prop
    | Const
    | Claim
    | Purpose
    | Now
    | Value
    | CursorKey
    | Compare
    | IsNull
    | Not
    | And
    | Or
    | If
    | Mask
    | Revealed
    | Exists
    | Visible
    | Gate
    | Rule
    | Inherited
)

TRUE = And()
FALSE = Or()
NULL = Const(None)


def both(*parts: Expr) -> Expr:
    """Conjunction without what is always true; false as soon as one part is."""
    flat: list[Expr] = []
    for part in parts:
        if part == FALSE:
            return FALSE
        flat += part.parts if isinstance(part, And) else (part,)
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def either(*parts: Expr) -> Expr:
    """Disjunction without what is always false; true as soon as one part is."""
    flat: list[Expr] = []
    for part in parts:
        if part == TRUE:
            return TRUE
        flat += part.parts if isinstance(part, Or) else (part,)
    return flat[0] if len(flat) == 1 else Or(tuple(flat))
