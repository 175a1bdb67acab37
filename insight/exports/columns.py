"""Columns: what a View shows of a field as a column of Arrow, and rows of the database as its values.

A field that every row shows as it is has the type of its values. What a mask may have made of it (a year, the letters
behind an @, a pseudonym) is text, as the API tells it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from graph.export import EdgeExport, NodeExport
from graph.expr import Const, Expr, If, Mask
from graph.view import FieldView
from schema.errors import ExportUnreadable
from schema.model import MODEL, Scalar

Row = Mapping[str, Any]
Pseudonym = Callable[[str, str], str]
"""A name for a field of a record in the viewer's project, of the field (`Customer.id`) and the record's id."""
EDGE_COLUMNS = ("type", "source", "target", "sourceType", "targetType")
LARGEST_AMOUNT = 19
"""Digits of the largest count of hundredths that the graph holds."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `type` is Arrow's; `named` is the field whose pseudonym stands in it."""

    name: str
    type: Any
    scalar: Scalar
    many: bool
    named: str | None = None

    def array(self, values: Sequence[Any], pseudonym: Pseudonym) -> Any:
        """The values as an array. Raises ExportUnreadable where one is of another type than its field."""
        import pyarrow as pa

        named = self.named
        if named is not None:  # it leaves the database as the record's id, in a list of one where it stands for a value
            if self.scalar is Scalar.ID:
                values = [pseudonym(named, one) for one in values]
            else:
                values = [pseudonym(named, one[0]) if isinstance(one, list) else one for one in values]
        try:
            if not self.many and self.type == _timestamp():
                return _times(values)
            if self.scalar is Scalar.DECIMAL and not self.many:
                return _amounts(values)
            return pa.array(_parsed(values, self.scalar, self.many, self.type), self.type)
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            raise ExportUnreadable(f"A value of '{self.name}' is not of its type. {ExportUnreadable.advice}") from None


def columns_of(asked: NodeExport, *, pseudonymous: bool) -> tuple[Column, ...]:
    """The columns of an export of nodes."""
    import pyarrow as pa

    found = []
    for seen in asked.fields:
        name, key = seen.property.name, f"{asked.type}.{seen.property.name}"
        if name == "id":
            found.append(Column("id", pa.string(), Scalar.ID, False, key if pseudonymous else None))
        else:
            named = key if _leaves(seen.output) & {"pseudonym"} else None
            found.append(Column(name, type_of(seen), seen.property.scalar, seen.property.many, named))
    return tuple(found)


def type_of(seen: FieldView) -> Any:
    """The type of a field's column."""
    import pyarrow as pa

    held = seen.property
    coarser = _leaves(seen.output) - {"", "bucket"}
    inner = pa.string() if coarser else _types().get(held.scalar, pa.string())
    return pa.list_(inner) if held.many else inner


def _types() -> Mapping[Scalar, Any]:
    import pyarrow as pa

    return {
        Scalar.INT: pa.int64(),
        Scalar.FLOAT: pa.float64(),
        Scalar.BOOLEAN: pa.bool_(),
        Scalar.DATE: pa.date32(),
        Scalar.DATETIME: _timestamp(),
        Scalar.DECIMAL: pa.decimal128(LARGEST_AMOUNT, 2),
    }


def _timestamp() -> Any:
    import pyarrow as pa

    return pa.timestamp("us", tz="UTC")


def _leaves(output: Expr) -> frozenset[str]:
    """The masks under which a value may leave; the empty word for the value itself."""
    match output:
        case If(_, then, other):
            return _leaves(then) | _leaves(other)
        case Mask(name):
            return frozenset({name})
        case Const(None):
            return frozenset()
        case _:
            return frozenset({""})


def _times(values: Sequence[str | None]) -> Any:
    """Moments, in microseconds. What Neo4j writes beyond ISO 8601 (nanoseconds, the name of a zone) is slower."""
    import pyarrow as pa

    try:
        return pa.array(values, pa.string()).cast(_timestamp())
    except pa.ArrowInvalid:
        return pa.array([None if one is None else _moment(one) for one in values], _timestamp())


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.partition("[")[0])


def _amounts(values: Sequence[int | None]) -> Any:
    """Hundredths as amounts with two decimals."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = pa.array(values, pa.int64()).cast(pa.decimal128(LARGEST_AMOUNT, 0))
    hundredth = pa.scalar("0.01").cast(pa.decimal128(3, 2))
    return pc.multiply(whole, hundredth).cast(pa.decimal128(LARGEST_AMOUNT, 2))


def _parsed(values: Sequence[Any], scalar: Scalar, many: bool, type_: Any) -> Iterable[Any]:
    """Values that Arrow does not take as they leave the database: days, and lists of what is not as it stands."""
    import pyarrow as pa

    inner = type_.value_type if many else type_
    parse: Callable[[Any], Any] | None = None
    if inner == pa.date32():
        parse = date.fromisoformat
    elif inner == _timestamp():
        parse = _moment
    elif scalar is Scalar.DECIMAL:
        return [None if one is None else _amounts(one).to_pylist() for one in values]
    if parse is None:
        return values
    if many:
        return [None if some is None else [None if one is None else parse(one) for one in some] for some in values]
    return [None if one is None else parse(one) for one in values]


def schema_of_nodes(
    asked: NodeExport, columns: Sequence[Column], reasons: Mapping[str, str], metadata: Mapping[str, str]
) -> Any:
    """The schema of an export of nodes; each field says what it is, and why it is not, or not always, as it is."""
    import pyarrow as pa

    kind = MODEL[asked.type]
    fields = []
    for column in columns:
        held = kind.properties[column.name]
        said = {"about": held.about, "category": held.category.value}
        if column.name in reasons:
            said["withheld"] = reasons[column.name]
        fields.append(pa.field(column.name, column.type, nullable=column.name != "id", metadata=said))
    return pa.schema(fields, metadata=dict(metadata))


def batch_of_nodes(schema: Any, columns: Sequence[Column], rows: Sequence[Row], pseudonym: Pseudonym) -> Any:
    """Rows as a batch; where ids are pseudonyms, in the order of those, for the order of ids is of no project."""
    import pyarrow as pa

    arrays = [column.array([row[column.name] for row in rows], pseudonym) for column in columns]
    batch = pa.record_batch(arrays, schema=schema)
    return batch.sort_by("id") if columns[0].named is not None else batch


def schema_of_edges(asked: Sequence[EdgeExport], metadata: Mapping[str, str]) -> Any:
    """The schema of an export of relationships. Types are dictionaries: of each there are few."""
    import pyarrow as pa

    word = pa.dictionary(pa.int32(), pa.string())
    types = (word, pa.string(), pa.string(), word, word)
    fields = [pa.field(name, type_, nullable=False) for name, type_ in zip(EDGE_COLUMNS, types, strict=True)]
    return pa.schema(fields, metadata=dict(metadata))


def words_of(asked: Sequence[EdgeExport]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The kinds and the types of nodes that may stand in an export of relationships: the same for all its batches."""
    kinds = sorted({one.kind.type for one in asked})
    types = sorted({end for one in asked for end in (one.kind.source, one.kind.target)})
    return tuple(kinds), tuple(types)


def batch_of_edges(
    schema: Any,
    words: tuple[tuple[str, ...], tuple[str, ...]],
    of: EdgeExport,
    rows: Sequence[Row],
    pseudonym: Pseudonym | None,
) -> Any:
    """Rows of one kind as a batch, each end under the name that it has among nodes."""
    import pyarrow as pa

    near, far = ([row[end] for row in rows] for end in ("x", "y"))
    if pseudonym is not None:
        near, far = _names(pseudonym, of.near.label, near), _names(pseudonym, of.far.label, far)
    source, target = (near, far) if of.edge.outward else (far, near)
    kinds, types = words

    def all_of(word: str, among: Sequence[str]) -> Any:
        indices = pa.array([among.index(word)], pa.int32()).take(pa.array([0] * len(rows), pa.int32()))
        return pa.DictionaryArray.from_arrays(indices, pa.array(among, pa.string()))

    arrays = [
        all_of(of.kind.type, kinds),
        pa.array(source, pa.string()),
        pa.array(target, pa.string()),
        all_of(of.kind.source, types),
        all_of(of.kind.target, types),
    ]
    batch = pa.record_batch(arrays, schema=schema)
    return batch if pseudonym is None else batch.sort_by([("source", "ascending"), ("target", "ascending")])


def _names(pseudonym: Pseudonym, label: str, ids: Iterable[str]) -> list[str]:
    """The pseudonyms of ids, of which the same ones follow each other."""
    known: dict[str, str] = {}
    key = f"{label}.id"
    made = []
    for id_ in ids:
        if (name := known.get(id_)) is None:
            name = known[id_] = pseudonym(key, id_)
        made.append(name)
    return made
