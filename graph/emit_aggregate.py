"""Emit an aggregation: every table of one root field `aggregate` in one statement, each in a column of the one row.

Sums are taken over integers (of fractions, millionths), so that they are exact and no order of the rows shows in them.
"""

from graph.aggregate import MOST_GROUPS, Aggregation, Atoms, Grouping, Key, Measure, Owners
from graph.cypher import Binder, arrow, braced, collect, conjuncts, where_all, word
from graph.emit import Statement, guard
from graph.expr import Expr
from schema.model import Scalar

MILLIONTHS = 1_000_000
TIMES = (Scalar.DATE, Scalar.DATETIME)


def emit_aggregate(asked: Aggregation, name: str = "") -> Statement:
    """The statement of a root field `aggregate`. `name` is told to traces."""
    binder = Binder()
    entries = []
    for table in asked.tables:
        entries.append(f"{table.column}: {collect(_groups(table, binder))}")
        if table.atoms is not None:
            entries.append(f"{table.atoms.column}: {collect(_atoms(table, table.atoms, binder))}")
    text = f"RETURN {braced(entries)} AS row\n"
    return Statement(
        text, binder.parameters, frozenset(binder.claims), name, False, binder.asks_purpose, binder.asks_now
    )


def _groups(table: Grouping, binder: Binder) -> list[str]:
    owner = [f"{_owner(table.owners, binder)} AS person"] if table.owners is not None else []
    entries = [*_keys(table.keys, table, binder), *_measures(table.measures, table, binder), *owner]
    keys = [key.column for key in table.keys]
    persons = ["count(DISTINCT person) AS persons"] if owner else []
    figures = [figure for measure in table.measures for figure in _figures(measure)]
    columns = [*keys, "records", *(["persons"] if owner else []), *(figure.rsplit(" AS ", 1)[1] for figure in figures)]
    order = [*(["records DESC"] if table.largest_first else []), *keys]
    return [
        *_rows(table, binder),
        "WITH " + ",\n  ".join(entries or ["n"]),
        "WITH " + ",\n  ".join([*keys, "count(*) AS records", *persons, *figures]),
        *(["ORDER BY " + ", ".join(order)] if order else []),
        f"LIMIT {binder.name(table.limit)}",
        f"RETURN {braced([f'{column}: {column}' for column in columns])} AS found",
    ]


def _atoms(table: Grouping, atoms: Atoms, binder: Binder) -> list[str]:
    """What each person adds to each atom, then what there is in the atom: how many, how much, and the two largest."""
    assert table.owners is not None
    keys = [key.column for key in atoms.keys]
    names = [measure.column for measure in atoms.measures]
    person = f"{_owner(table.owners, binder)} AS person"
    entries = [*_keys(atoms.keys, table, binder), *_measures(atoms.measures, table, binder), person]
    parts, wholes, columns = [], [], []
    for name, measure in zip(names, atoms.measures, strict=True):
        parts += [f"count(m_{name}) AS {name}_count", f"sum({_exact(measure)}) AS {name}_sum"]
        held = f"CASE WHEN {name}_count > 0 THEN abs({name}_sum) END"
        wholes += [
            f"sum({name}_count) AS {name}_count",
            f"sum({name}_sum) AS {name}_sum",
            f"count({held}) AS {name}_persons",
            f"sum({held}) AS {name}_size",
            f"collect({held}) AS {name}_parts",
        ]
        columns += [f"{name}_{one}: {name}_{one}" for one in ("count", "sum", "persons", "size")]
        columns.append(
            f"{name}_largest: reduce(two = [0, 0], x IN {name}_parts | CASE "
            "WHEN x > two[0] THEN [x, two[0]] WHEN x > two[1] THEN [two[0], x] ELSE two END)"
        )
    return [
        *_rows(table, binder),
        "WITH " + ",\n  ".join(entries),
        "WITH " + ",\n  ".join([*keys, "person", *parts]),
        "WITH " + ",\n  ".join([*keys, *wholes]),
        f"LIMIT {binder.name(MOST_GROUPS + 1)}",
        f"RETURN {braced([*(f'{key}: {key}' for key in keys), *columns])} AS found",
    ]


def _rows(table: Grouping, binder: Binder) -> list[str]:
    held = [*guard((table.leg,), "n", binder), *conjuncts(table.where, "n", binder, table.leg.rules)]
    return [f"MATCH (n:{table.leg.label})", *where_all(held)]


def _keys(keys: tuple[Key, ...], table: Grouping, binder: Binder) -> list[str]:
    return [f"{_key(key, _said(key.by, table, binder))} AS {key.column}" for key in keys]


def _key(key: Key, said: str) -> str:
    match key.part:
        case "year":
            return f"toInteger(left(toString({said}), 4))"
        case "month":
            return f"left(toString({said}), 7)"
        case _:
            return said


def _measures(measures: tuple[Measure, ...], table: Grouping, binder: Binder) -> list[str]:
    return [f"{_said(measure.of, table, binder)} AS m_{measure.column}" for measure in measures]


def _said(expr: Expr, table: Grouping, binder: Binder) -> str:
    return word(expr, "n", binder, table.leg.rules)


def _figures(measure: Measure) -> list[str]:
    """What the asked figures are made from. Averages are made from sum and count."""
    name, value, asked = measure.column, f"m_{measure.column}", set(measure.figures)
    made = [f"count({value}) AS {name}_count"]
    if asked & {"sum", "average"}:
        made.append(f"sum({_exact(measure)}) AS {name}_sum")
    for figure, function in (("minimum", "min"), ("maximum", "max")):
        if figure in asked:
            found = f"{function}({value})"
            made.append(f"{f'toString({found})' if measure.scalar in TIMES else found} AS {name}_{figure}")
    return made


def _exact(measure: Measure) -> str:
    value = f"m_{measure.column}"
    return f"toInteger(round({value} * {MILLIONTHS}))" if measure.scalar is Scalar.FLOAT else value


def _owner(owners: Owners, binder: Binder) -> str:
    """The id of the person whom a row is about; of several the least, and one for all whose person is not known."""
    if not owners.known:
        return "''"
    if not owners.steps:
        return "n.id"
    path, held = "(n)", []
    for index, (edge, leg) in enumerate(owners.steps):
        path += f"{arrow(edge)}(o{index}:{leg.label})"
        held += guard((leg,), f"o{index}", binder)
    last = f"o{len(owners.steps) - 1}"
    found = collect([f"MATCH {path}", *where_all(held), f"RETURN {last}.id AS id", "ORDER BY id LIMIT 1"])
    return f"coalesce({found}[0], '')".replace("\n", "\n  ")
