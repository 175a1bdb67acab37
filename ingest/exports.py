"""All exports of one folder, read: the records by their class, each with the row it is from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from ingest.readers import SOURCES, read
from ingest.records import Record
from ingest.rows import Read, Reject, Silo
from schema.errors import SourceInvalid

Kind = TypeVar("Kind", bound=Record)
Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Exports:
    """What a folder holds. `first` names for attributes of golden records the systems of record; `stale` says which
    systems' exports are older than they may be.
    """

    sources: tuple[Silo, ...]
    reads: tuple[Read, ...]
    rejects: tuple[Reject, ...]
    first: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stale: tuple[str, ...] = ()

    def of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """The records of one class, each key once: what was delivered twice counts once."""
        found: dict[tuple[str, str], Kind] = {}
        for one in self.reads:
            if isinstance(one.record, kind):
                found.setdefault((one.source.system, one.record.key), one.record)
        return tuple(found.values())


def read_folder(folder: Path, progress: Progress) -> Exports:
    """Read every export that the folder has. Raises SourceInvalid when it has none, or one as a whole is wrong."""
    present = tuple(source for source in SOURCES if (folder / source.file).is_file())
    if not present:
        raise SourceInvalid("The folder holds no export that is known: see examples/README.md for their names.")
    reads: list[Read] = []
    rejects: list[Reject] = []
    for done, source in enumerate(present):
        progress("read", done, len(present))
        for one in read(source, folder):
            if isinstance(one, Reject):
                rejects.append(one)
            else:
                reads.append(one)
    progress("read", len(present), len(present))
    return Exports(present, tuple(reads), tuple(rejects))
