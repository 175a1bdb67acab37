"""What a root `aggregate` answers, from what the asker may see alone: groups made and counted in plain Python.

Fields that are told of groups alone are no part of what the asker sees; what is told of them is computed from the
values that the projection keeps apart (`guarded`), by the rules that docs/decisions/0010-aggregates.md states.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from typing import Any, Protocol

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    parse,
    visit,
)

from auth.policy import Policy, When
from schema.model import MODEL, Category, Edge, Scalar, camel
from tests.proof.oracle_values import wire

MILLION = 1_000_000
UNITS = {Scalar.INT: 1, Scalar.DECIMAL: 100, Scalar.FLOAT: MILLION}


class Node(Protocol):
    """A node as the asker sees it; `guarded` are values of which groups alone are told."""

    @property
    def type(self) -> str:
        """Its type."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def compared(self) -> Mapping[str, Any]:
        """The values that may be compared."""

    @property
    def guarded(self) -> Mapping[str, Any]:
        """The values of which groups alone are told."""

    @property
    def edges(self) -> Mapping[str, tuple[str, ...]]:
        """What is seen at the end of each edge."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the policy says of groups: `steps` by type and field, `by` by type, both in camelCase."""

    minimum: int
    percent: int
    steps: Mapping[tuple[str, str], int]
    by: Mapping[str, tuple[str, ...]]


def rules_of(policy: Policy) -> Rules:
    """The rules as the policy file writes them."""
    steps = {
        (name, held.name): int(grant.removeprefix("aggregate:"))
        for name, grants in policy.said.see.items()
        for held in MODEL[name].properties.values()
        if held.scalar in UNITS and is_guarded(grant := granted(grants, held))
    }
    by = {name: tuple(map(camel, fields)) for name, fields in policy.said.aggregate.by.items()}
    return Rules(policy.said.aggregate.minimum, policy.said.aggregate.percent, steps, by)


def granted(grants: Any, held: Any) -> Any:
    """What a policy grants of a field: by its name, else by its category."""
    by_name = {camel(name): grant for name, grant in grants.fields.items()}
    return by_name.get(held.name, grants.categories.get(held.category.value))


def is_guarded(grant: str | When | None) -> bool:
    """Whether groups alone are told of the field."""
    return isinstance(grant, str) and grant.startswith("aggregate:")


class _Guarded(Visitor):
    """Looks for figures of fields of which groups alone are told."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.found = False

    def enter_field(self, *_: Any) -> None:
        """Note the type at which the field stands."""
        parent = self.types.get_parent_type()
        self.found = self.found or (parent is not None and parent.name.startswith("Guarded"))


@lru_cache(4_096)
def declassifies(schema: GraphQLSchema, text: str) -> bool:
    """Whether a document asks for figures of fields of which groups alone are told."""
    types = TypeInfo(schema)
    visitor = _Guarded(types)
    visit(parse(text), TypeInfoVisitor(types, visitor))
    return visitor.found


@dataclass(slots=True)
class Group:
    """The records that share a key."""

    kind: str
    key: dict[tuple[str, str], Any]
    minimum: int
    guarded: frozenset[str]
    rows: list[Any] = field(default_factory=list)
    persons: set[str] = field(default_factory=set)
    told: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def part(self, name: str) -> Any:
        """A field of the group."""
        match name:
            case "by":
                return Key(self.key)
            case "count":
                return len(self.rows)
        return Figures(self)


@dataclass(frozen=True, slots=True)
class Key:
    """What the records of a group share."""

    of: Mapping[tuple[str, str], Any]

    def part(self, name: str) -> Any:
        """The value of a field, or what is asked of a day."""
        if (name, "") in self.of:
            return self.of[name, ""]
        parts = {part: value for (field_, part), value in self.of.items() if field_ == name}
        return parts if any(value is not None for value in parts.values()) or not parts else None


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a group, by field."""

    group: Group

    def part(self, name: str) -> Any:
        """The figures of one field."""
        scalar = self.scalar(name)
        if name in self.group.guarded:
            count, total = self.group.told.get(name, (0, 0))
            return self.summed(name, count, total)
        values = [one.compared[name] for one in self.group.rows if one.compared[name] is not None]
        if scalar in UNITS:
            found = self.summed(name, len(values), sum(_whole(scalar, one) for one in values))
        else:
            found = {"count": len(values)}  # days and moments have no sum
        small = self.group.minimum > 1 and len(self.group.persons) < 2 * self.group.minimum
        ends = (min(values), max(values)) if values and not small else (None, None)
        return found | {name_: wire(scalar, end) for name_, end in zip(("minimum", "maximum"), ends, strict=True)}

    def scalar(self, name: str) -> Scalar:
        """What a field is."""
        return MODEL[self.group.kind].properties[name].scalar

    def summed(self, name: str, count: int, total: int) -> dict[str, Any]:
        """Count, sum and average."""
        if not count:
            return {"count": 0, "sum": None, "average": None}
        scalar = self.scalar(name)
        if scalar is Scalar.DECIMAL:
            mean = (Decimal(total) / count / 100).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
            return {"count": count, "sum": str(Decimal(total).scaleb(-2)), "average": str(mean)}
        unit = UNITS[scalar]
        return {"count": count, "sum": float(Fraction(total, unit)), "average": float(Fraction(total, unit * count))}


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is told."""

    groups: Sequence[Group]
    suppressed: int
    more: bool

    def part(self, name: str) -> Any:
        """A field of the table."""
        return {"groups": self.groups, "suppressed": self.suppressed, "more": self.more}[name]


def table(kind: str, rows: Sequence[Any], nodes: Mapping[str, Any], rules: Rules, info: Any, first: int | None,
          by_key: bool) -> Table:  # fmt: skip
    """The table that is asked for, over rows that match."""
    keys = list(dict.fromkeys(_keys(info)))
    made: dict[tuple[Any, ...], Group] = {}
    minimum = rules.minimum if _about_a_person(kind) else 1
    guarded = frozenset(name for type_, name in rules.steps if type_ == kind)
    if not keys:
        made[()] = Group(kind, {}, minimum, guarded)
    for row in rows:
        key = {one: _part(row.compared[one[0]], one[1]) for one in keys}
        group = made.setdefault(tuple(key.values()), Group(kind, key, minimum, guarded))
        group.rows.append(row)
        group.persons.add(_owner(row, nodes))
    gone = _gone(made, minimum, MODEL[kind].subject is None)
    told = [made[key] for key in sorted(set(made) - gone, key=_rank)]
    if not by_key:
        told.sort(key=lambda group: -len(group.rows))
    first = 100 if first is None else first
    for group in told:
        group.told = _told(kind, group, nodes, rules)
    return Table(told[:first], len(gone), len(told) > first)


def _told(kind: str, group: Group, nodes: Mapping[str, Any], rules: Rules) -> dict[str, tuple[int, int]]:
    """Count and rounded sum of what is told of groups alone: of each atom by itself, then together."""
    atoms: dict[tuple[Any, ...], list[Any]] = {}
    for row in group.rows:
        atoms.setdefault(tuple(row.compared[name] for name in rules.by.get(kind, ())), []).append(row)
    made: dict[str, tuple[int, int]] = {}
    for (type_, name), step in rules.steps.items():
        if type_ != kind:
            continue
        unit = UNITS[MODEL[kind].properties[name].scalar]
        for rows in atoms.values():
            parts: dict[str, list[int]] = {}
            for row in rows:
                if row.guarded[name] is not None:
                    held = _whole(MODEL[kind].properties[name].scalar, row.guarded[name])
                    parts.setdefault(_owner(row, nodes), []).append(held)
            sizes = sorted((abs(sum(values)) for values in parts.values()), reverse=True)
            if len(sizes) < rules.minimum or 100 * sum(sizes[2:]) <= rules.percent * sizes[0]:
                continue
            total = Fraction(sum(map(sum, parts.values())), step * unit)
            nearest = int(abs(total) + Fraction(1, 2)) * (-1 if total < 0 else 1) * step * unit
            count, before = made.get(name, (0, 0))
            made[name] = (count + sum(map(len, parts.values())), before + nearest)
    return made


def _keys(info: Any) -> Iterator[tuple[str, str]]:
    """What is asked of `by`, wherever in the table, in the order in which it is met."""
    for groups in _fields([one.selection_set for one in info.field_nodes], info.fragments, "groups"):
        for by in _fields([groups.selection_set], info.fragments, "by"):
            for key in _fields([by.selection_set], info.fragments, None):
                if key.selection_set is None:
                    yield key.name.value, ""
                else:
                    yield from ((key.name.value, part.name.value)
                                for part in _fields([key.selection_set], info.fragments, None))  # fmt: skip


def _fields(
    sets: Sequence[SelectionSetNode | None], fragments: Mapping[str, FragmentDefinitionNode], name: str | None
) -> Iterator[FieldNode]:
    for one in sets:
        for part in one.selections if one is not None else ():
            assert not part.directives
            match part:
                case FieldNode() if name in (None, part.name.value) and not part.name.value.startswith("__"):
                    yield part
                case InlineFragmentNode():
                    yield from _fields([part.selection_set], fragments, name)
                case FragmentSpreadNode():
                    yield from _fields([fragments[part.name.value].selection_set], fragments, name)


def _part(value: Any, part: str) -> Any:
    if value is None or not part:
        return value
    return value.year if part == "year" else f"{value.year:04}-{value.month:02}"


def _path(kind: str) -> list[Edge]:
    path = []
    while kind != "Customer" and (edge := MODEL[kind].subject) is not None:
        path.append(edge)
        kind = edge.targets[0]
    return path


def _owner(row: Any, nodes: Mapping[str, Any]) -> str:
    """The person whom a row is about; of several the first, and one for all of whom it is not known."""
    path = _path(row.type)
    ends = [row]
    for edge in path:
        ends = [nodes[id_] for one in ends for id_ in one.edges.get(edge.name, ())]
    return min((one.id for one in ends), default="")


def _about_a_person(kind: str) -> bool:
    held = {one.category for one in MODEL[kind].properties.values()}
    return kind == "Customer" or MODEL[kind].subject is not None or Category.STAFF in held


def _gone(groups: Mapping[tuple[Any, ...], Group], minimum: int, disjoint: bool) -> set[tuple[Any, ...]]:
    """Keys of groups that are not told: too small, or needed so that no total of any kind gives another away."""
    gone = {key for key, group in groups.items() if minimum > 1 and len(group.persons) < minimum}
    if not gone:
        return gone
    width = len(next(iter(groups)))
    ranked = sorted(groups, key=lambda key: (len(groups[key].persons), _canonical(key)))
    while True:
        before = len(gone)
        for kept in (kept for size in range(width) for kept in combinations(range(width), size)):
            for shared in dict.fromkeys(tuple(key[one] for one in kept) for key in ranked):
                line = [key for key in ranked if tuple(key[one] for one in kept) == shared]
                for key in line:
                    sizes = [len(groups[one].persons) for one in line if one in gone]
                    reached = sum(sizes) if disjoint else max(sizes, default=0)
                    if sizes and (len(sizes) < 2 or reached < minimum):
                        gone.add(key)
        if len(gone) == before:
            return gone


def _canonical(key: tuple[Any, ...]) -> list[tuple[bool, str, str]]:
    return [(one is None, type(one).__name__, f"{one:020}" if type(one) is int else str(one)) for one in key]


def _rank(key: tuple[Any, ...]) -> list[tuple[bool, Any]]:
    return [(one is None, 0 if one is None else one) for one in key]


def _whole(scalar: Scalar, value: Any) -> int:
    return round(value * MILLION) if scalar is Scalar.FLOAT else int(value)
