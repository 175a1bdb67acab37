"""Makes the GraphQL types of the root `aggregate` from the model: what can be grouped by, and what can be computed.

Each node type has a table, a group and a key; the figures of a field are typed by its scalar. Made like
`schema.generate` makes the others; they stand in the same module under their names.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import GenericAlias, ModuleType
from typing import Annotated, Any, Optional

import strawberry

from schema.model import Model, NodeType, Property, Scalar

AGGREGATE = "Aggregate"
ORDER = "GroupSort"
CALENDAR = "CalendarPart"
CALENDAR_PARTS = ("year", "month")
GROUPED = (Scalar.STRING, Scalar.ENUM, Scalar.BOOLEAN, Scalar.INT, Scalar.DATE, Scalar.DATETIME)
"""What a field must be to be grouped by: something of which many records have the same."""
FIGURES: Mapping[Scalar, str] = {
    Scalar.INT: "IntFigures",
    Scalar.FLOAT: "FloatFigures",
    Scalar.DECIMAL: "MoneyFigures",
    Scalar.DATE: "DateFigures",
    Scalar.DATETIME: "DateTimeFigures",
}
GUARDED: Mapping[Scalar, str] = {
    Scalar.INT: "GuardedIntFigures",
    Scalar.FLOAT: "GuardedFloatFigures",
    Scalar.DECIMAL: "GuardedMoneyFigures",
}
"""Figures of a field that is told of groups alone."""

_TYPES: Mapping[Scalar, tuple[Any, Any, Any]] = {
    Scalar.INT: (float, float, int),
    Scalar.FLOAT: (float, float, float),
    Scalar.DECIMAL: (Decimal, Decimal, Decimal),
    Scalar.DATE: (None, None, date),
    Scalar.DATETIME: (None, None, datetime),
}
"""The types of sum, of average, and of minimum and maximum; None where there is none."""

_WORDS: Mapping[str, str] = {
    "count": "How many records of the group have a value.",
    "sum": "Their sum; null where none has a value.",
    "average": "Their mean.",
    "minimum": "The least, or earliest; null in small groups.",
    "maximum": "The greatest, or latest; null in small groups.",
}
_GUARDED_WORDS: Mapping[str, str] = {
    "count": "How many values the figures are made from: those of small or dominated groups are left out.",
    "sum": "Their sum, rounded; null where too few have a value.",
    "average": "The rounded sum over the count.",
}


@strawberry.enum
class GroupSort(Enum):
    """How groups are sorted."""

    COUNT = strawberry.enum_value("COUNT", description="The largest first; equal ones by key.")
    KEY = strawberry.enum_value("KEY", description="By key, ascending; what has no value comes last.")


def is_dimension(held: Property) -> bool:
    """Whether groups can be made by a field."""
    return held.scalar in GROUPED and not held.many


def is_measure(held: Property) -> bool:
    """Whether figures can be computed from a field."""
    return held.scalar in FIGURES and not held.many


def aggregate_types(module: ModuleType, model: Model) -> None:
    """`Aggregate` and what it is made of. Idempotent for one model."""
    if not hasattr(module, ORDER):
        setattr(module, ORDER, GroupSort)
        calendar = {"year": (int | None, "The year: 2026."), "month": (str | None, "Year and month: 2026-03.")}
        _add(module, CALENDAR, "A part of a day or moment, in UTC. With both, groups are made by month.", calendar)
        for scalar, name in FIGURES.items():
            _add(module, name, "Figures over the records of a group.", _figures(scalar))
        for scalar, name in GUARDED.items():
            figures = {one: (type_, _GUARDED_WORDS[one]) for one, (type_, _) in _figures(scalar).items()
                       if one in _GUARDED_WORDS}  # fmt: skip
            _add(module, name, "Figures of a field that is told of groups alone.", figures)
    for kind in model.values():
        if not hasattr(module, f"{kind.name}Group"):
            _of_type(module, kind)


def table_fields(model: Model) -> Mapping[str, tuple[Any, str, Mapping[str, Any]]]:
    """The fields of `Aggregate`: one table a node type, with its arguments."""
    return {
        kind.plural: (
            _lazily(f"{kind.name}Table"),
            f"Groups of {kind.plural}.",
            {
                "where": _optional(_lazily(f"{kind.name}Filter")),
                "first": int | None,
                "orderBy": _optional(_lazily(ORDER)),
            },
        )
        for kind in model.values()
    }


def _of_type(module: ModuleType, kind: NodeType) -> None:
    dimensions = [held for held in kind.properties.values() if is_dimension(held)]
    measures = [held for held in kind.properties.values() if is_measure(held)]
    group: dict[str, tuple[Any, str]] = {}
    if dimensions:
        key = {held.name: (_optional(_key(module, held)), held.about) for held in dimensions}
        _add(module, f"{kind.name}Key", "What the records of a group share; groups are made by what is asked.", key)
        group["by"] = (_lazily(f"{kind.name}Key"), "What its records share; groups are made by what is asked here.")
    group["count"] = (int, "How many records there are in it.")
    if measures:
        figures = {held.name: (_lazily(FIGURES[held.scalar]), held.about) for held in measures}
        _add(module, f"{kind.name}Figures", "Figures over the records of a group, by field.", figures)
        group["figures"] = (_lazily(f"{kind.name}Figures"), "Sums, averages, least and greatest, by field.")
    _add(module, f"{kind.name}Group", f"A group of {kind.plural}.", group)
    table = {
        "groups": (
            GenericAlias(list, (_lazily(f"{kind.name}Group"),)),
            "The groups; one of all where nothing is asked of `by`.",
        ),
        "suppressed": (int, "How many groups are not told, because they or their complement would be too small."),
        "more": (bool, "Whether there are more groups than are shown."),
    }
    _add(module, f"{kind.name}Table", f"{kind.plural} in groups.", table)


def _key(module: ModuleType, held: Property) -> Any:
    match held.scalar:
        case Scalar.ENUM:
            return getattr(module, str(held.enum))
        case Scalar.DATE | Scalar.DATETIME:
            return _lazily(CALENDAR)
        case _:
            return {Scalar.STRING: str, Scalar.BOOLEAN: bool, Scalar.INT: int}[held.scalar]


def _figures(scalar: Scalar) -> Mapping[str, tuple[Any, str]]:
    sum_, average, extreme = _TYPES[scalar]
    types = {"count": int, "sum": sum_, "average": average, "minimum": extreme, "maximum": extreme}
    return {
        name: (type_ if name == "count" else _optional(type_), _WORDS[name])
        for name, type_ in types.items()
        if type_ is not None
    }


def _lazily(name: str) -> Any:
    return Annotated[name, strawberry.lazy("schema.made")]


def _optional(type_: Any) -> Any:
    return Optional[type_]  # noqa: UP045  `|` knows neither NewType nor Annotated names


def _add(module: ModuleType, name: str, about: str, fields: Mapping[str, tuple[Any, str]]) -> None:
    cls = type(name, (), {"__annotations__": {}, "__module__": module.__name__})
    for field, (type_, described) in fields.items():
        cls.__annotations__[field] = type_
        setattr(cls, field, strawberry.field(description=described, name=field))
    setattr(module, name, strawberry.type(cls, description=about))
