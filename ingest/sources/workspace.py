"""A folder of its own for the time of one read, in which the SQL of a source finds its exports under their names.

An export lies there as a link, text in another encoding as a copy in UTF-8, and tables of SQLite and Excel files, which
DuckDB reads only with extensions that it would have to download, as delimited text. The folder is taken away again.
"""

import codecs
import csv
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from ingest.sources.folder import Source
from schema.errors import SourceInvalid

_SQLITE = frozenset({".sqlite", ".sqlite3", ".db"})
_EXCEL = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_DUCKDB = ".duckdb"
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a database or workbook: schema and name in SQL, and the delimited text that holds it."""

    schema: str
    name: str
    text: Path


@dataclass(slots=True)
class Workspace:
    """What the SQL of a source may read. `present` are exports that are there, `absent` those that are not."""

    root: Path
    visible: list[str] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    databases: dict[str, Path] = field(default_factory=dict)
    present: list[Path] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


def files_of(source: Source, exports: Path) -> Iterator[tuple[str, Path]]:
    """Every export file that a source reads and that is there, with its name below the folder of exports."""
    for named in source.paths:
        for path in _matching(exports, named):
            inside = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
            yield from ((one.relative_to(exports).as_posix(), one) for one in inside)


@contextmanager
def laid_out(source: Source, exports: Path) -> Iterator[Workspace]:
    """The exports of a source laid out for SQL. Raises SourceInvalid for one that is not what it should be."""
    with tempfile.TemporaryDirectory(prefix="customer-graph-") as root:  # readable by its owner alone
        workspace = Workspace(Path(root))
        for export in source.said.exports:
            found = [path for path in _matching(exports, export.file) if path.is_file()]
            if not found:
                workspace.absent.append(export.file)
                continue
            workspace.visible.append(export.file)
            for path in found:
                workspace.present.append(path)
                _lay_out(path, path.relative_to(exports), export.encoding, workspace)
        yield workspace


def _matching(exports: Path, named: str) -> list[Path]:
    if any(letter in named for letter in "*?["):
        return sorted(path for path in exports.glob(named) if path.is_file())
    return [exports / named] if (exports / named).exists() else []


def _lay_out(path: Path, name: Path, encoding: str, workspace: Workspace) -> None:
    kind = path.suffix.casefold()
    if kind in _SQLITE:
        workspace.sheets += _of_sqlite(path, workspace.root)
    elif kind in _EXCEL:
        workspace.sheets += _of_workbook(path, workspace.root)
    elif kind == _DUCKDB:
        workspace.databases[path.stem] = path.resolve()
    else:
        workspace.visible += [name.as_posix(), str(workspace.root / name)]
        (workspace.root / name).parent.mkdir(parents=True, exist_ok=True)
        if codecs.lookup(encoding).name == "utf-8":
            (workspace.root / name).symlink_to(path.resolve())
        else:
            _in_utf8(path, encoding, workspace.root / name)


def _in_utf8(path: Path, encoding: str, copy: Path) -> None:
    """A letter that the encoding does not have becomes a mark, by which the row's reader knows it was lost."""
    with (
        path.open(encoding=encoding, errors="replace", newline="") as given,
        copy.open("w", encoding="utf-8", newline="") as made,
    ):
        try:
            while piece := given.read(_PIECE):
                made.write(piece)
        except UnicodeError:
            raise SourceInvalid(f"{path.name} is not text in {encoding}: name its encoding in source.toml.") from None


def _of_sqlite(path: Path, root: Path) -> Iterator[Sheet]:
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True)) as database:
            names = database.execute(
                "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') "
                "AND name NOT LIKE 'sqlite_%' ORDER BY name"
            ).fetchall()
            for (name,) in names:
                inside = name.replace('"', '""')
                rows = database.execute(f'SELECT * FROM "{inside}"')  # noqa: S608  quoted, and read only
                yield _sheet(path.stem, name, [column[0] for column in rows.description], rows, root)
    except sqlite3.Error:
        raise SourceInvalid(f"{path.name} is not a database of SQLite: export it again.") from None


def _of_workbook(path: Path, root: Path) -> Iterator[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(path)
        for name in workbook.sheet_names:
            header, *rows = workbook.get_sheet_by_name(name).to_python() or [[]]
            if any(header):
                yield _sheet(path.stem, name, [str(one) for one in header], rows, root)
    except (CalamineError, OSError):
        raise SourceInvalid(f"{path.name} is not a workbook: export it again.") from None


def _sheet(schema: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]], root: Path) -> Sheet:
    text = root / f".{len(list(root.iterdir()))}.table"
    with text.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, quoting=csv.QUOTE_ALL)
        writer.writerow(columns)
        writer.writerows([_cell(one) for one in row] for row in rows)
    return Sheet(schema, name, text)


def _cell(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)  # workbooks know no whole numbers
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
