"""What comes out of the exports: a row, whole, with its record and its silo; or where a row was refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ingest.records import Record
from ingest.survivorship import Survivorship
from ingest.survivorship_file import shipped
from schema.journey import Stages, shipped_journey

Kind = TypeVar("Kind", bound=Record)
Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Silo:
    """Where rows are from: the file (or the SQL that reads it), the system, and what the system holds.

    `takes` are the kinds of changes that the system is told of.
    """

    file: str
    system: str
    kind: str
    about: str
    takes: tuple[str, ...] = ()


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
    table: str = field(default="", compare=False)  # the canonical table it was read for, where that is one
    system: str = field(default="", compare=False)  # whose export it stands in


@dataclass(frozen=True, slots=True)
class Read:
    """One row and the record it holds. `source` says from where."""

    source: Silo
    row: Row
    record: Record


@dataclass(frozen=True, slots=True)
class Exports:
    """What sources deliver. `first` names for attributes of golden records the systems of record; `notes` say what
    whoever loads should know: exports that are absent, or older than they may be. By `survivorship` values are chosen,
    and `journey` says which stage what happened belongs to.
    """

    sources: tuple[Silo, ...]
    reads: tuple[Read, ...]
    rejects: tuple[Reject, ...]
    first: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    survivorship: Survivorship = field(default_factory=shipped)
    journey: Stages = field(default_factory=shipped_journey)

    def of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """The records of one class, each key once: what was delivered twice counts once."""
        found: dict[tuple[str, str], Kind] = {}
        for one in self.reads:
            if isinstance(one.record, kind):
                found.setdefault((one.source.system, one.record.key), one.record)
        return tuple(found.values())
