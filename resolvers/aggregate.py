"""Shape an aggregation: groups as the database gives them become tables of GraphQL, without those that are not told."""

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from graph.aggregate import Aggregation, Grouping
from graph.scalars import WRITE
from graph.selection import (
    Aggregate,
    Calendar,
    Field,
    FiguresOf,
    GroupFigures,
    GroupKey,
    Groups,
    Plain,
    Table,
    Typename,
)
from resolvers.cursor import Sealer
from resolvers.guard import Told, told_figures
from resolvers.shape import Shaper
from resolvers.suppress import Cell, suppressed
from schema.generate_aggregate import FIGURES, GUARDED
from schema.model import MODEL, Scalar

Found = Mapping[str, Any]
Part = Callable[[Found], Any]
MILLIONTHS = 1_000_000
CENT = Decimal("0.01")


def aggregation(asked: Aggregate, planned: Aggregation) -> Shaper:
    """How the answer of one root `aggregate` is made from its one row."""
    tables = iter(planned.tables)
    parts: list[tuple[str, Any]] = [
        (key, _table(one, next(tables)) if isinstance(one, Table) else one.of) for key, one in asked.items
    ]

    def shape(row: Found, sealer: Sealer) -> Any:
        return {key: part if isinstance(part, str) else part(row["row"]) for key, part in parts}

    return shape


def _table(asked: Table, planned: Grouping) -> Part:
    columns = [key.column for key in planned.keys]
    parts = [(key, _table_part(part, planned)) for key, part in asked.items]

    def shape(row: Found) -> Any:
        found: Sequence[Found] = row[planned.column]
        gone = _gone(found, columns, planned)
        told = [one for index, one in enumerate(found) if index not in gone]
        shown: Sequence[Found] = told[: planned.first]
        if planned.atoms is not None:
            shown = _with_guarded(shown, told_figures(row[planned.atoms.column], planned, planned.atoms), columns)
        more = len(told) > len(shown) or len(found) == planned.limit
        made = {"groups": shown, "suppressed": len(gone), "more": more}
        return {key: part(made) for key, part in parts}

    return shape


def _table_part(part: Typename | Plain | Groups, planned: Grouping) -> Part:
    match part:
        case Typename(name):
            return lambda made: name
        case Plain(name):
            return lambda made: made[name]
        case Groups(items):
            parts = [(key, _part(one, planned)) for key, one in items]
            return lambda made: [{key: one(found) for key, one in parts} for found in made["groups"]]


def _gone(found: Sequence[Found], columns: Sequence[str], planned: Grouping) -> frozenset[int]:
    """Which groups are not told. Of too many to weigh against each other none is."""
    if planned.minimum <= 1:
        return frozenset()
    if len(found) == planned.limit:
        return frozenset(range(len(found)))
    cells = [Cell(tuple(one[column] for column in columns), one["persons"]) for one in found]
    return suppressed(cells, planned.minimum, disjoint=MODEL[planned.leg.label].subject is None)


def _with_guarded(
    shown: Sequence[Found], told: Mapping[tuple[Any, ...], Told], columns: Sequence[str]
) -> Sequence[Found]:
    return [{**one, **told.get(tuple(one[column] for column in columns), {})} for one in shown]


def _part(part: Typename | Plain | GroupKey | GroupFigures, planned: Grouping) -> Part:
    match part:
        case Typename(name):
            return lambda found: name
        case Plain():
            return lambda found: found["records"]
        case GroupKey(items):
            keys = [(key, _key(one, planned)) for key, one in items]
            return lambda found: {key: one(found) for key, one in keys}
        case GroupFigures(items):
            figures = [(key, _figures(one, planned)) for key, one in items]
            return lambda found: {key: one(found) for key, one in figures}


def _key(part: Typename | Field | Calendar, planned: Grouping) -> Part:
    match part:
        case Typename(name):
            return lambda found: name
        case Field(name):
            column = _column(planned, name, "")
            return lambda found: found[column]
        case Calendar(name, items):
            columns = [(key, one, "" if one == "__typename" else _column(planned, name, one)) for key, one in items]

            def calendar(found: Found) -> Any:
                values = {key: found[column] if column else "CalendarPart" for key, _, column in columns}
                empty = all(found[column] is None for _, _, column in columns if column)
                return None if empty and any(column for _, _, column in columns) else values

            return calendar


def _column(planned: Grouping, name: str, part: str) -> str:
    return next(key.column for key in planned.keys if (key.field, key.part) == (name, part))


def _figures(part: Typename | FiguresOf, planned: Grouping) -> Part:
    if isinstance(part, Typename):
        return lambda found: part.of
    guarded = planned.atoms is not None and part.field in planned.atoms.steps
    scalar = MODEL[planned.leg.label].properties[part.field].scalar
    typename = (GUARDED if guarded else FIGURES)[scalar]
    items = [(key, _figure(part.field, name, scalar, planned, typename)) for key, name in part.items]
    return lambda found: {key: one(found) for key, one in items}


def _figure(field: str, name: str, scalar: Scalar, planned: Grouping, typename: str) -> Part:
    count, total, column = f"{field}_count", f"{field}_sum", f"{field}_{name}"
    fewest = 2 * planned.minimum if planned.minimum > 1 else 0
    match name:
        case "count":
            return lambda found: found.get(count, 0)
        case "sum":
            return lambda found: summed(found[total], scalar) if found.get(count) else None
        case "average":
            return lambda found: averaged(found[total], found[count], scalar) if found.get(count) else None
        case "minimum" | "maximum":
            return lambda found: (
                written(found[column], scalar)
                if found[column] is not None and found.get("persons", 0) >= fewest
                else None
            )
        case _:
            return lambda found: typename


def written(value: Any, scalar: Scalar) -> Any:
    """A value in the form in which it is shown."""
    return WRITE[scalar](value) if scalar in WRITE else value


def summed(total: int, scalar: Scalar) -> Any:
    """A sum in the form in which it is shown, from hundredths, millionths or wholes."""
    if scalar is Scalar.DECIMAL:
        return WRITE[scalar](total)
    return total / MILLIONTHS if scalar is Scalar.FLOAT else float(total)


def averaged(total: int, count: int, scalar: Scalar) -> Any:
    """A mean, of money to the nearest hundredth, half to even."""
    if scalar is Scalar.DECIMAL:
        return str((Decimal(total) / Decimal(count) * CENT).quantize(CENT, ROUND_HALF_EVEN))
    return total / (count * MILLIONTHS) if scalar is Scalar.FLOAT else total / count
