"""From sources to records: each row read, cleaned and kept whole; one that cannot be read is refused by itself."""

import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from ingest.fields import Unreadable
from ingest.homes import home_of, kind_of, table_of_kind
from ingest.records import Profile, Record
from ingest.rows import Exports, Progress, Read, Reject, Row, Silo
from ingest.sources.cards import cards
from ingest.sources.engine import engine
from ingest.sources.folder import FILE, Source, read_sources
from ingest.sources.folder import Mapping as Mapped
from ingest.sources.messages import messages
from ingest.sources.workspace import files_of, laid_out
from ingest.survivorship import Survivorship
from ingest.survivorship_file import FILE as RULES
from ingest.survivorship_file import read_survivorship, shipped
from ingest.tables.values import Values
from schema.errors import SourceInvalid, SurvivorshipInvalid
from schema.journey import Stages, shipped_journey


@dataclass(frozen=True, slots=True)
class Sources:
    """Sources and where their exports lie; without `exports` each source's own folder holds them."""

    sources: tuple[Source, ...]
    exports: Path | None
    survivorship: Survivorship = field(default_factory=shipped)
    journey: Stages = field(default_factory=shipped_journey)

    def read(self, progress: Progress) -> Exports:
        """Every row of every source. Raises SourceInvalid, MappingInvalid and MappingFailed."""
        result = _Result()
        silos, absent = [], []
        for done, source in enumerate(self.sources):
            progress("read", done, len(self.sources))
            _read(source, self._exports_of(source), result)
            if present := [path for _, path in files_of(source, self._exports_of(source))]:
                said = source.said
                takes = said.write_back.changes if said.write_back else ()
                silos.append(Silo(source.folder.name, said.system, "", said.about, takes))
                result.note_age(source, present)
            else:
                absent.append(source.said.system)
        progress("read", len(self.sources), len(self.sources))
        if not silos:
            raise SourceInvalid(
                "No export that the sources name is there: name the folder that holds them by --exports."
            )
        if absent:
            result.notes.append(f"no export is there of {', '.join(absent)}")
        return Exports(
            tuple(silos),
            tuple(result.reads),
            tuple(result.rejects),
            first=_first(self.sources),
            notes=tuple(result.notes),
            survivorship=self.survivorship,
            journey=self.journey,
        )

    def digest(self) -> str:
        """A digest of the names and bytes of all that decides on what is read."""
        digest = hashlib.blake2b(digest_size=16)
        for source in self.sources:
            own = [source.folder / FILE, *(one.path for one in source.mappings)]
            named = [(path.name, path) for path in own] + list(files_of(source, self._exports_of(source)))
            for name, path in named:
                with path.open("rb") as handle:
                    inside = hashlib.file_digest(handle, "sha256").hexdigest()
                digest.update(f"{source.said.system}/{name}\n{inside}\n".encode())
        digest.update(self.survivorship.text().encode())
        digest.update(self.journey.text.encode())
        return digest.hexdigest()

    def _exports_of(self, source: Source) -> Path:
        return self.exports or source.folder


def sources_of(
    folders: Sequence[Path],
    exports: Path | None,
    survivorship: Path | None = None,
    journey: Stages | None = None,
) -> Sources:
    """The sources of some folders, and the rules of a file or of the survivorship.toml beside them.

    Raises SourceInvalid and SurvivorshipInvalid.
    """
    sources = read_sources(folders)
    beside = [folder / RULES for folder in folders if (folder / RULES).is_file()]
    if len(beside) > 1 and survivorship is None:
        raise SurvivorshipInvalid(f"Several of the folders have a {RULES}: keep one of them.")
    file = survivorship or next(iter(beside), None)
    if file is None:
        return Sources(sources, exports)
    rules = read_survivorship(file, [one.said.system for one in sources])
    return Sources(sources, exports, rules, journey or shipped_journey())


@dataclass(slots=True)
class _Result:
    reads: list[Read] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    keepers: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, silo: Silo, row: Row, record: Record) -> None:
        """Enter a record, unless another system has one under its key."""
        if not isinstance(record, Profile):
            keeper = self.keepers.setdefault((home_of(record), record.key), silo.system)
            if keeper != silo.system:
                table = table_of_kind(kind_of(record))
                self.rejects.append(Reject(row.file, row.line, "id", f"key of another source ({keeper})", table))
                return
        self.reads.append(Read(Silo(silo.file, silo.system, kind_of(record), silo.about), row, record))

    def note_age(self, source: Source, present: Sequence[Path]) -> None:
        """Remember a source whose newest export is older than it may be."""
        newest = datetime.fromtimestamp(max(path.stat().st_mtime for path in present), UTC)
        if (limit := source.fresh_within) and datetime.now(UTC) - newest > limit:
            self.notes.append(
                f"{source.said.system}: exported {newest:%Y-%m-%d}, should be within {source.said.fresh_within}"
            )


def _read(source: Source, exports: Path, result: _Result) -> None:
    said, start = source.said, len(result.rejects)
    with laid_out(source, exports) as workspace:
        if workspace.present:
            with engine(workspace) as duck:
                before, refused = len(result.rejects), dict[tuple[str, int], Reject]()
                for mapping in source.mappings:
                    silo = Silo(mapping.name, said.system, "", said.about)
                    for row in duck.rows(mapping):
                        _take(silo, source, mapping, row, result)
                    for one in duck.refused(mapping):
                        refused.setdefault((one.file, one.line), one)  # once, though several tables read the export
                result.rejects[before:] = [*refused.values(), *_placed(result.rejects[before:], refused)]
    for box in said.messages:
        for place, mail in messages(exports, box.path):
            _enter(Silo(box.path, said.system, "", said.about), place, mail, "messages", result)
    for file in said.cards:
        for place, card in cards(exports, file.path, file.country, source.system):
            _enter(Silo(file.path, said.system, "", said.about), place, card, "customers", result)
    result.rejects[start:] = [replace(one, system=said.system) for one in result.rejects[start:]]


def _enter(silo: Silo, row: Row, found: Record | Unreadable, table: str, result: _Result) -> None:
    if isinstance(found, Unreadable):
        result.rejects.append(Reject(row.file, row.line, found.column, found.reason, table))
    else:
        result.take(silo, row, found)


def _take(silo: Silo, source: Source, mapping: Mapped, values: Mapping[str, Any], result: _Result) -> None:
    file, line = mapping.name, 0
    try:
        told = Values(Values(values).mapping("_row"))
        file, line = told.text("file") or file, told.whole("line") or 0
        payload = told.mapping("payload") or {name: _plain(one) for name, one in values.items() if name != "_row"}
        result.take(silo, Row(file, line, payload), mapping.table.record(Values(values), source.system))
    except Unreadable as fault:
        result.rejects.append(Reject(file, line, fault.column, fault.reason, mapping.table.name))


def _placed(rejects: Sequence[Reject], refused: Iterable[tuple[str, int]]) -> Iterator[Reject]:
    """The rejects by line: those that DuckDB refused before them count as lines, but were no rows to be counted."""
    before: dict[str, list[int]] = defaultdict(list)
    for file, line in sorted(refused):
        before[file].append(line - len(before[file]))  # the row that would have stood there
    for one in rejects:
        yield replace(one, line=one.line + bisect_right(before[one.file], one.line)) if one.line else one


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal | UUID | bytes):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _first(sources: Sequence[Source]) -> Mapping[str, tuple[str, ...]]:
    """For each attribute of a golden record the systems that are the system of record for it."""
    found: dict[str, tuple[str, ...]] = {}
    for source in sources:
        for attribute in source.said.record_for:
            found[attribute] = (*found.get(attribute, ()), source.said.system)
    return found
