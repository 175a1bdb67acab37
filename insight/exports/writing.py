"""Writing: batches as the bytes of an Arrow stream or of a Parquet file, piece by piece as they come.

Nothing is kept but the batch at hand. An Arrow stream tells with each batch how to go on after it, and ends with a
batch of no rows that holds the manifest; a Parquet file has the manifest in its footer, and is nothing without that.
"""

import io
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Protocol

AFTER = "customer_graph.after"
"""With a batch of an Arrow stream: the token with which a broken export goes on behind it."""
MANIFEST = "customer_graph.manifest"
"""At the end: the manifest, as JSON. Where it is missing the export is not whole."""
COMPRESSION = "zstd"


class Format(StrEnum):
    """The forms in which an export may be asked for."""

    ARROW = "arrow"
    PARQUET = "parquet"

    @property
    def media(self) -> str:
        """The media type, as registered with IANA."""
        return {
            Format.ARROW: "application/vnd.apache.arrow.stream",
            Format.PARQUET: "application/vnd.apache.parquet",
        }[self]

    @property
    def suffix(self) -> str:
        """How names of files end."""
        return {Format.ARROW: "arrows", Format.PARQUET: "parquet"}[self]


class Writer(Protocol):
    """Makes bytes of batches."""

    def batch(self, batch: Any, after: str) -> bytes:
        """What there is to send with a batch, the beginning of the file before the first."""
        ...

    def end(self, manifest: Mapping[str, Any]) -> bytes:
        """What there is to send at the end."""
        ...


class Pieces(io.RawIOBase):
    """A file of which what was written is taken away."""

    def __init__(self) -> None:
        super().__init__()
        self._written: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Keep a piece."""
        piece = bytes(data)
        self._written.append(piece)
        self._at += len(piece)
        return len(piece)

    def tell(self) -> int:
        """How much was written."""
        return self._at

    def taken(self) -> bytes:
        """What was written since the last time."""
        made = b"".join(self._written)
        self._written.clear()
        return made


class ArrowWriter:
    """An Arrow IPC stream."""

    def __init__(self, schema: Any) -> None:
        import pyarrow as pa

        self._schema = schema
        self._pieces = Pieces()
        options = pa.ipc.IpcWriteOptions(compression=COMPRESSION)
        self._stream = pa.ipc.new_stream(self._pieces, schema, options=options)

    def batch(self, batch: Any, after: str) -> bytes:
        """The batch, with the token after it."""
        self._stream.write_batch(batch, {AFTER: after})
        return self._pieces.taken()

    def end(self, manifest: Mapping[str, Any]) -> bytes:
        """A batch without rows that holds the manifest, and the mark of the end."""
        import pyarrow as pa

        none = pa.record_batch([pa.array([], field.type) for field in self._schema], schema=self._schema)
        self._stream.write_batch(none, {MANIFEST: json.dumps(manifest)})
        self._stream.close()
        return self._pieces.taken()


class ParquetWriter:
    """A Parquet file: a group of rows a batch, the footer last."""

    def __init__(self, schema: Any) -> None:
        import pyarrow.parquet as pq

        self._pieces = Pieces()
        self._file = pq.ParquetWriter(self._pieces, schema, compression=COMPRESSION)

    def batch(self, batch: Any, after: str) -> bytes:
        """The batch. Where to go on after it cannot be told: without its footer nobody can read the file."""
        del after
        if batch.num_rows:
            self._file.write_batch(batch)
        return self._pieces.taken()

    def end(self, manifest: Mapping[str, Any]) -> bytes:
        """The footer, with the manifest."""
        self._file.add_key_value_metadata({MANIFEST: json.dumps(manifest)})
        self._file.close()
        return self._pieces.taken()


def writer(format_: Format, schema: Any) -> Writer:
    """A writer of the form that is asked for."""
    return ArrowWriter(schema) if format_ is Format.ARROW else ParquetWriter(schema)
