"""Tables: what was downloaded, in Arrow, and the forms in which people compute with it.

pandas, polars, networkx and rustworkx are imported where they are asked for; who does not use one need not have it.
"""

import importlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from customer_graph_client.errors import LibraryMissing

PREFIX = "customer_graph."


@dataclass(frozen=True)
class Nodes:
    """The nodes of a type, one a row. `manifest` says under what they were exported and what was left out."""

    table: pa.Table
    manifest: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @property
    def metadata(self) -> dict[str, str]:
        """Role, purpose, lawful_basis, policy, product, as_of and ids, as the file says them."""
        said = self.table.schema.metadata or {}
        return {
            name.decode().removeprefix(PREFIX): value.decode()
            for name, value in said.items()
            if name.decode().startswith(PREFIX)
        }

    def to_pandas(self, **options: Any) -> Any:
        """A pandas DataFrame. The options are those of `pyarrow.Table.to_pandas`. Raises LibraryMissing."""
        _library("pandas")
        return self.table.to_pandas(**options)

    def to_polars(self) -> Any:
        """A polars DataFrame. Raises LibraryMissing."""
        return _library("polars").from_arrow(self.table)

    def to_parquet(self, path: str | Path) -> None:
        """A Parquet file with the manifest in its footer."""
        metadata = {**(self.table.schema.metadata or {}), f"{PREFIX}manifest": json.dumps(dict(self.manifest))}
        pq.write_table(self.table.replace_schema_metadata(metadata), path, compression="zstd")


@dataclass(frozen=True)
class Edges(Nodes):
    """Relationships, one a row: `type`, `source`, `target`, `sourceType`, `targetType`; from `relationships` also
    `hops`, how many steps away it was met. `truncated` says that there are more than were walked.
    """

    truncated: bool = False

    def to_networkx(self, *nodes: Nodes) -> Any:
        """A networkx MultiDiGraph. Of nodes that are given their columns become attributes. Raises LibraryMissing."""
        graph = _library("networkx").MultiDiGraph()
        for some in nodes:
            for row in some.table.to_pylist():
                graph.add_node(row.pop("id"), **row)
        columns = [self.table[name].to_pylist() for name in self.table.column_names]
        names = self.table.column_names
        at, to = names.index("source"), names.index("target")
        others = [(index, name) for index, name in enumerate(names) if name not in ("source", "target")]
        graph.add_edges_from(
            (row[at], row[to], {name: row[index] for index, name in others}) for row in zip(*columns, strict=True)
        )
        return graph

    def to_rustworkx(self) -> Any:
        """A rustworkx PyDiGraph: a node's payload is its id, an edge's the type. Raises LibraryMissing."""
        rustworkx = _library("rustworkx")
        rows = self.table.num_rows
        ends = pa.chunked_array([*self.table["source"].chunks, *self.table["target"].chunks], pa.string())
        encoded = ends.combine_chunks().dictionary_encode() if rows else None
        graph = rustworkx.PyDiGraph(multigraph=True)
        if encoded is not None:
            encoded = encoded.chunk(0) if isinstance(encoded, pa.ChunkedArray) else encoded
            graph.add_nodes_from(encoded.dictionary.to_pylist())
            indices = encoded.indices.to_pylist()
            kinds = self.table["type"].to_pylist()
            graph.add_edges_from(list(zip(indices[:rows], indices[rows:], kinds, strict=True)))
        return graph


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise LibraryMissing(name) from None


def edges_of(rows: Iterable[Mapping[str, Any]], *, truncated: bool) -> Edges:
    """Relationships as the API answers them, as a table."""
    word = pa.dictionary(pa.int32(), pa.string())
    schema = pa.schema(
        [
            ("type", word),
            ("source", pa.string()),
            ("target", pa.string()),
            ("sourceType", word),
            ("targetType", word),
            ("hops", pa.int64()),
        ]
    )
    found = [
        {
            "type": one["kind"],
            "source": one["source"]["id"],
            "target": one["target"]["id"],
            "sourceType": one["source"]["__typename"],
            "targetType": one["target"]["__typename"],
            "hops": one["hops"],
        }
        for one in rows
    ]
    return Edges(pa.Table.from_pylist(found, schema), truncated=truncated)
