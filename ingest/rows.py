"""What comes out of the exports: a row, whole, with its record and its silo; or where a row was refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ingest.records import Record


@dataclass(frozen=True, slots=True)
class Silo:
    """Where rows are from: the file (or the SQL that reads it), the system, and what the system holds."""

    file: str
    system: str
    kind: str
    about: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row, whole. `line` is the line it begins on; in a mailbox the ordinal of the message, both from 1."""

    file: str
    line: int
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be read: where it stands and a class of reason, never a value. Line 0 is not known."""

    file: str
    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Read:
    """One row and the record it holds. `source` says from where."""

    source: Silo
    row: Row
    record: Record
