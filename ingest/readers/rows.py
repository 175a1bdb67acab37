"""Rows as they lie in files: delimited text, JSON by lines, one JSON document, a mailbox. Nothing is interpreted."""

import csv
import json
import mailbox
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.rows import Reject, Row
from schema.errors import SourceInvalid


@dataclass(frozen=True, slots=True)
class Delimited:
    """How a file of delimited text is written."""

    encoding: str = "utf-8-sig"  # a mark of byte order is eaten where there is one
    delimiter: str = ","

    def rows(self, path: Path, columns: tuple[str, ...]) -> Iterator[Row | Reject]:
        """Rows by the names of the header, line breaks within quotes kept.

        Raises SourceInvalid when the header lacks one of `columns`.
        """
        with path.open(encoding=self.encoding, errors="surrogateescape", newline="") as handle:
            reader = csv.reader(handle, delimiter=self.delimiter)
            header = [name.strip() for name in next(reader, [])]
            if missing := [name for name in columns if name not in header]:
                raise SourceInvalid(f"{path.name} has no column {', '.join(missing)}: export it again with its header.")
            while True:
                line = reader.line_num + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error:
                    yield Reject(path.name, line, "", "not delimited text")
                    continue
                if not cells:
                    continue
                yield self._row(path.name, line, header, cells)

    @staticmethod
    def _row(file: str, line: int, header: list[str], cells: list[str]) -> Row | Reject:
        if len(cells) != len(header):
            return Reject(file, line, "", "wrong number of columns")
        for name, cell in zip(header, cells, strict=True):
            if not cell.isascii() and any("\udc80" <= letter <= "\udcff" for letter in cell):
                return Reject(file, line, name, "letters outside the encoding")
        return Row(file, line, dict(zip(header, cells, strict=True)))


@dataclass(frozen=True, slots=True)
class JsonLines:
    """One JSON object on each line."""

    def rows(self, path: Path, columns: tuple[str, ...]) -> Iterator[Row | Reject]:
        """Rows; an object without one of `columns` is refused alone."""
        with path.open("rb") as handle:
            for line, text in enumerate(handle, 1):
                if text.strip():
                    yield _json_row(path.name, line, text, columns)


def _json_row(file: str, line: int, text: bytes, columns: tuple[str, ...]) -> Row | Reject:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return Reject(file, line, "", "not JSON")
    return _object_row(file, line, found, columns)


def _object_row(file: str, line: int, found: object, columns: tuple[str, ...]) -> Row | Reject:
    if not isinstance(found, dict):
        return Reject(file, line, "", "not an object")
    if missing := next((name for name in columns if name not in found), None):
        return Reject(file, line, missing, "missing")
    return Row(file, line, found)


@dataclass(frozen=True, slots=True)
class JsonDocument:
    """One JSON document with the rows in a list under `member`; `line` counts the rows."""

    member: str

    def rows(self, path: Path, columns: tuple[str, ...]) -> Iterator[Row | Reject]:
        """Rows. Raises SourceInvalid when the document has no such list."""
        try:
            document = json.loads(path.read_bytes())
        except (ValueError, RecursionError):
            raise SourceInvalid(f"{path.name} is not JSON: export it again.") from None
        listed = document.get(self.member) if isinstance(document, dict) else None
        if not isinstance(listed, list):
            raise SourceInvalid(f"{path.name} has no list '{self.member}': export it again.")
        for ordinal, found in enumerate(listed, 1):
            yield _object_row(path.name, ordinal, found, columns)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox in mbox form (RFC 4155). The payload is the message as it was sent, under `raw`."""

    def rows(self, path: Path, columns: tuple[str, ...]) -> Iterator[Row | Reject]:
        """One row for each message."""
        del columns  # a message has headers, which are judged where it is read
        box = mailbox.mbox(path, create=False)
        try:
            for ordinal, key in enumerate(box.iterkeys(), 1):
                raw = box.get_bytes(key).replace(b"\n>From ", b"\nFrom ")
                try:
                    yield Row(path.name, ordinal, {"raw": raw.decode("utf-8"), "encoding": "utf-8"})
                except UnicodeDecodeError:
                    yield Row(path.name, ordinal, {"raw": raw.decode("latin-1"), "encoding": "latin-1"})
        finally:
            box.close()


Layout = Delimited | JsonLines | JsonDocument | Mailbox
