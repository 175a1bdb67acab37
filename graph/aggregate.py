"""Aggregate: groups of one node type placed on a View, as plain data for `graph.emit_aggregate` and for shaping.

Groups are made by what is disclosed (`FieldView.compared`), over rows under the type's own rule. Fields that are told
of groups alone are read by atoms: every combination of the few fields that the policy names, never a finer group.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.expr import Expr, Prop
from graph.filter import fields_named, predicate
from graph.plan import legs_for, page_size, subject_path
from graph.read import Leg
from graph.selection import Aggregate, Calendar, Field, FiguresOf, GroupFigures, GroupKey, Groups, Node, Table
from graph.view import Guarded, TypeView, View
from schema.errors import DocumentInvalid, OverBudget
from schema.generate_aggregate import is_dimension, is_measure
from schema.model import MODEL, Category, Edge, Scalar

MOST_GROUPS = 10_000
MOST_KEYS = 4
DEFAULT_GROUPS = 100


@dataclass(frozen=True, slots=True)
class Key:
    """What makes groups: the disclosed value of a field, or its `part`, year or month."""

    column: str
    field: str
    scalar: Scalar
    part: str
    by: Expr


@dataclass(frozen=True, slots=True)
class Measure:
    """The disclosed value of a field, of which figures are computed."""

    column: str
    scalar: Scalar
    of: Expr
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Owners:
    """The way from a row to the person it is about; `steps` are edges, each with what is there for the viewer.

    Without steps the row is the person. `known` is False where the viewer does not see whose rows they are.
    """

    steps: tuple[tuple[Edge, Leg], ...]
    known: bool


@dataclass(frozen=True, slots=True)
class Atoms:
    """The guarded part of a table: the fields, with the step of each, by the atoms of the type."""

    column: str
    keys: tuple[Key, ...]
    measures: tuple[Measure, ...]
    steps: Mapping[str, int]
    asked: tuple[int, ...]
    minimum: int


@dataclass(frozen=True, slots=True)
class Grouping:
    """One table: which rows, by what, and what of them. Without `owners` groups of every size are told."""

    column: str
    leg: Leg
    where: Expr
    keys: tuple[Key, ...]
    measures: tuple[Measure, ...]
    owners: Owners | None
    largest_first: bool
    limit: int
    minimum: int
    percent: int
    first: int
    atoms: Atoms | None
    asked_fields: tuple[str, ...]
    compared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Aggregation:
    """All that one root field `aggregate` reads, table by table, in the order of its selection.

    `asked_fields` are the fields by which rows were grouped, filtered and computed, as `Customer.region`; `guarded`
    those of them of which groups alone are told.
    """

    tables: tuple[Grouping, ...]
    asked_fields: tuple[str, ...] = field(default=())
    compared: tuple[str, ...] = field(default=())
    guarded: tuple[str, ...] = field(default=())


def dimension(seen: TypeView, name: str) -> Expr | None:
    """What groups are made by, if the role may make them by this field."""
    found = seen.fields.get(name)
    return found.compared if found is not None and is_dimension(found.property) else None


def measure(seen: TypeView, name: str) -> Expr | None:
    """What figures are computed of, if the role may have them of every group."""
    found = seen.fields.get(name)
    return found.compared if found is not None and is_measure(found.property) else None


def about_a_person(name: str) -> bool:
    """Whether the rows of a type are about persons, so that small groups of them tell about one."""
    kind = MODEL[name]
    staff = any(held.category is Category.STAFF for held in kind.properties.values())
    return name == "Customer" or kind.subject is not None or staff


def plan_aggregate(asked: Aggregate, view: View) -> Aggregation:
    """The root `aggregate` placed on a View.

    Raises DocumentInvalid for what the View lacks or does not combine, OverBudget for too many keys.
    """
    tables = [one for _, one in asked.items if isinstance(one, Table)]
    made = tuple(_grouping(one, view, f"t{index}") for index, one in enumerate(tables))
    fields = sorted({name for one in made for name in one.asked_fields})
    compared = sorted({name for one in made for name in one.compared})
    guarded = [name for name in fields if _is_guarded(name, view)]
    return Aggregation(made, tuple(fields), tuple(compared), tuple(guarded))


def _is_guarded(path: str, view: View) -> bool:
    type_, _, name = path.partition(".")
    return name in view.types[type_].guarded


def _grouping(asked: Table, view: View, column: str) -> Grouping:
    if asked.type not in view.types:
        raise DocumentInvalid
    seen = view.types[asked.type]
    arguments = asked.arguments
    keys = _keys(asked, seen)
    figures = _figures(asked)
    guarded = {name: seen.guarded[name] for name in figures if name in seen.guarded}
    plain = {name: asked_ for name, asked_ in figures.items() if name not in guarded}
    compared = fields_named(arguments.get("where"))
    if guarded:
        _check_guarded(seen, {key.field for key in keys} | compared)
    limited = about_a_person(seen.name) and (view.groups.minimum > 1)
    first = page_size({"first": DEFAULT_GROUPS if arguments.get("first") is None else arguments["first"]})
    named = {key.field for key in keys} | set(figures) | compared
    (leg,), _ = legs_for((Node(seen.name, ()),), view, None)
    return Grouping(
        column=column,
        leg=leg,
        where=predicate(arguments.get("where"), seen),
        keys=keys,
        measures=_measures(plain, seen),
        owners=_owners(seen.name, view) if limited or guarded else None,
        largest_first=getattr(arguments.get("orderBy"), "name", arguments.get("orderBy")) != "KEY",
        limit=MOST_GROUPS + 1 if limited else first + 1,
        minimum=view.groups.minimum if limited else 1,
        percent=view.groups.percent,
        first=first,
        atoms=_atoms(column, guarded, figures, keys, seen, view.groups.minimum) if guarded else None,
        asked_fields=tuple(sorted(f"{seen.name}.{name}" for name in named)),
        compared=tuple(sorted(f"{seen.name}.{name}" for name in compared)),
    )


def _keys(asked: Table, seen: TypeView) -> tuple[Key, ...]:
    found: dict[tuple[str, str], None] = {}
    for item in _group_items(asked):
        if isinstance(item, GroupKey):
            for _, part in item.items:
                match part:
                    case Field(name):
                        found[name, ""] = None
                    case Calendar(name, items):
                        found |= {(name, one): None for _, one in items if one != "__typename"}
    if len(found) > MOST_KEYS:
        raise OverBudget(f"The groups are made by {len(found)} keys; {MOST_KEYS} are allowed. {OverBudget.advice}")
    return tuple(_key(seen, name, part, f"k{index}") for index, (name, part) in enumerate(found))


def _key(seen: TypeView, name: str, part: str, column: str) -> Key:
    by = dimension(seen, name)
    if by is None:
        raise DocumentInvalid
    return Key(column, name, seen.fields[name].property.scalar, part, by)


def _figures(asked: Table) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for item in _group_items(asked):
        if isinstance(item, GroupFigures):
            for _, part in item.items:
                if isinstance(part, FiguresOf):
                    named = found.setdefault(part.field, {})
                    named |= {one: None for _, one in part.items if one != "__typename"}
    return {name: tuple(named) for name, named in found.items() if named}


def _group_items(asked: Table) -> list[object]:
    return [item for _, part in asked.items if isinstance(part, Groups) for _, item in part.items]


def _measures(figures: Mapping[str, tuple[str, ...]], seen: TypeView) -> tuple[Measure, ...]:
    made = []
    for name, asked in figures.items():
        of = measure(seen, name)
        if of is None:
            raise DocumentInvalid
        made.append(Measure(name, seen.fields[name].property.scalar, of, asked))
    return tuple(made)


def _owners(name: str, view: View) -> Owners:
    path = subject_path(name)
    steps, at, known = [], name, name == "Customer" or bool(path) or MODEL[name].subject is None
    for edge in path:
        known = known and edge.name in view.types[at].edges
        at = edge.targets[0]
        (leg,), _ = legs_for((Node(at, ()),), view, None)
        steps.append((edge, leg))
    return Owners(tuple(steps), known)


def _check_guarded(seen: TypeView, by: set[str]) -> None:
    """Fields that are told of groups alone are told of unions of atoms alone."""
    if strange := by - set(seen.atoms):
        allowed = ", ".join(seen.atoms) or "nothing"
        raise DocumentInvalid(
            f"{seen.name} has figures here that are told of few groups: filter and group by {allowed}, "
            f"not by {', '.join(sorted(strange))}."
        )


def _atoms(
    column: str,
    guarded: Mapping[str, Guarded],
    figures: Mapping[str, tuple[str, ...]],
    keys: tuple[Key, ...],
    seen: TypeView,
    minimum: int,
) -> Atoms:
    made = tuple(_key(seen, name, "", f"k{index}") for index, name in enumerate(seen.atoms))
    return Atoms(
        column=f"{column}_atoms",
        keys=made,
        measures=tuple(Measure(name, one.property.scalar, Prop(name), figures[name]) for name, one in guarded.items()),
        steps={name: one.step for name, one in guarded.items()},
        asked=tuple(seen.atoms.index(key.field) for key in keys),
        minimum=minimum,
    )
