"""Files: an export as one Arrow stream or Parquet file, made batch by batch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graph.export import EdgeExport, NodeExport
from insight.exports import columns
from insight.exports.columns import Pseudonym, Row
from insight.exports.manifest import Terms, withheld
from insight.exports.writing import Format, Writer, writer

Batch = Callable[[NodeExport | EdgeExport, Sequence[Row]], Any]


@dataclass(frozen=True, slots=True)
class File:
    """A file in the making."""

    writer: Writer
    made: Batch

    def batch(self, of: NodeExport | EdgeExport, rows: Sequence[Row], after: str) -> bytes:
        """What there is to send with these rows. Raises ExportUnreadable."""
        return self.writer.batch(self.made(of, rows), after)

    def end(self, manifest: Mapping[str, Any]) -> bytes:
        """What there is to send at the end."""
        return self.writer.end(manifest)


def file_of(
    plan: NodeExport | tuple[EdgeExport, ...], terms: Terms, format_: Format, as_of: datetime, pseudonym: Pseudonym
) -> File:
    """The beginning of a file of nodes or of relationships."""
    metadata, pseudonymous = terms.metadata(as_of), terms.view.pseudonymous
    if isinstance(plan, NodeExport):
        found = columns.columns_of(plan, pseudonymous=pseudonymous)
        schema = columns.schema_of_nodes(plan, found, withheld(terms.view.types[plan.type]), metadata)
        return File(writer(format_, schema), lambda of, rows: columns.batch_of_nodes(schema, found, rows, pseudonym))
    schema, words = columns.schema_of_edges(plan, metadata), columns.words_of(plan)

    def of_edges(of: NodeExport | EdgeExport, rows: Sequence[Row]) -> Any:
        assert isinstance(of, EdgeExport)
        return columns.batch_of_edges(schema, words, of, rows, pseudonym if pseudonymous else None)

    return File(writer(format_, schema), of_edges)
