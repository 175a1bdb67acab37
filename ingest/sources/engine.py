"""DuckDB in a closed room: it runs one SELECT for each table, over the exports that the source names and nothing else.

No network, no extension but those that ship, no other file, no statement but SELECT. What DuckDB says of a value is not
passed on: its messages quote the rows they stumble over.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ingest.rows import Reject
from ingest.sources.folder import Mapping
from ingest.sources.workspace import Workspace
from ingest.tables import META
from schema.errors import MappingFailed, MappingInvalid, SourceInvalid

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, Error

_ROWS_AT_ONCE = 5000

# What cannot be read stays as it is: the reader of the row then refuses that row alone.
_MACROS = (
    "CREATE MACRO as_date(given, form) AS coalesce(strftime(try_strptime(given, form), '%Y-%m-%d'), given)",
    """CREATE MACRO as_time(given, form, zone := 'UTC') AS coalesce(
      strftime(timezone('UTC', timezone(zone, try_strptime(given, form))), '%Y-%m-%dT%H:%M:%S'), given)""",
    """CREATE MACRO as_amount(given, mark := ',') AS replace(
      translate(given, if(mark = ',', '.', ',') || ' ' || chr(39) || chr(160) || chr(8239), ''), mark, '.')""",
    """CREATE MACRO csv_rows(file, delimiter := ',') AS TABLE
    SELECT exported.*, {'file': parse_filename(filename), 'line': row_number() OVER () + 1,
                        'payload': to_json(exported)} AS _row
    FROM read_csv(file, delim = delimiter, quote = '"', escape = '"', header = true, all_varchar = true,
                  store_rejects = true) AS exported""",
    """CREATE MACRO json_rows(file) AS TABLE
    SELECT json, {'file': parse_filename(filename), 'line': row_number() OVER (), 'payload': json} AS _row
    FROM read_ndjson_objects(file, ignore_errors = true)""",
    """CREATE MACRO json_list(file, member) AS TABLE
    SELECT json, {'file': parse_filename(filename), 'line': row_number() OVER (), 'payload': json} AS _row
    FROM (
      SELECT filename, unnest(from_json(coalesce(json_extract(content, member), error('no list')), '["JSON"]')) AS json
      FROM read_text(file)
    )""",
)


class Engine:
    """DuckDB over one workspace."""

    def __init__(self, connection: "DuckDBPyConnection") -> None:
        self._connection = connection

    def rows(self, mapping: Mapping) -> Iterator[dict[str, Any]]:
        """The rows of one SELECT by column. Raises MappingInvalid and MappingFailed."""
        import duckdb

        try:
            text = mapping.path.read_text(encoding="utf-8")
            statements = self._connection.extract_statements(text)
            if [one.type for one in statements] != [duckdb.StatementType.SELECT]:
                raise MappingInvalid(f"{mapping.name} must be one SELECT and nothing else.")
            result = self._connection.execute(statements[0])
            columns = [one[0].casefold() for one in result.description or ()]
            _check_columns(mapping, columns, text.casefold())
            while rows := result.fetchmany(_ROWS_AT_ONCE):
                yield from (dict(zip(columns, row, strict=True)) for row in rows)
        except duckdb.Error as fault:
            raise _told(mapping, fault) from None
        except UnicodeDecodeError:
            raise MappingInvalid(f"{mapping.name} is not text in UTF-8.") from None

    def refused(self, mapping: Mapping) -> Iterator[Reject]:
        """The lines that DuckDB could not take for rows so far, each once."""
        text = mapping.path.read_text(encoding="utf-8").casefold()
        known = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'reject_errors'"
        if not self._connection.execute(known).fetchall()[0][0]:
            return
        found = self._connection.execute(
            "SELECT DISTINCT ON (file_path, line) parse_filename(file_path), line, coalesce(column_name, ''), "
            "lower(CAST(error_type AS VARCHAR)) "
            "FROM reject_errors JOIN reject_scans USING (scan_id, file_id) ORDER BY file_path, line, column_name"
        )
        for file, line, column, reason in found.fetchall():
            # Of a file without its header the names are values: one that the SQL says is a name.
            yield Reject(file, int(line), column if column.casefold() in text else "", reason, mapping.table.name)


@contextmanager
def engine(workspace: Workspace) -> Iterator[Engine]:
    """DuckDB in memory, over what the workspace shows."""
    import duckdb  # imported where it is used: it takes a while, and most commands do without

    connection = duckdb.connect(
        ":memory:",
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"},
    )
    try:
        root = str(workspace.root)
        connection.execute("SET file_search_path = $1", [root])
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET temp_directory = $1", [root])
        for macro in _MACROS:
            connection.execute(macro)
        _enter_databases(connection, workspace)
        _enter_sheets(connection, workspace)
        connection.execute("SET allowed_paths = $1", [workspace.visible])
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield Engine(connection)
    finally:
        connection.close()


def _enter_databases(connection: "DuckDBPyConnection", workspace: Workspace) -> None:
    import duckdb

    for name, path in workspace.databases.items():
        try:
            connection.execute(f"ATTACH {_literal(str(path))} AS {_quoted(name)} (READ_ONLY)")
        except duckdb.Error:
            raise SourceInvalid(f"{path.name} is not a database of DuckDB, or of a later version.") from None


def _enter_sheets(connection: "DuckDBPyConnection", workspace: Workspace) -> None:
    import duckdb

    for sheet in workspace.sheets:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {_quoted(sheet.schema)}")
        try:
            connection.execute(
                f"CREATE TABLE {_quoted(sheet.schema)}.{_quoted(sheet.name)} AS SELECT * FROM read_csv("  # noqa: S608
                "$1, delim = ',', quote = '\"', escape = '\"', header = true, all_varchar = true)",
                [str(sheet.text)],
            )
        except duckdb.Error:
            raise SourceInvalid(
                f"A table of {sheet.schema} cannot be laid out: its first row must name its columns, and no other "
                "export may have a table of that name."
            ) from None


def _check_columns(mapping: Mapping, columns: list[str], text: str) -> None:
    known = [one.name for one in (*mapping.table.columns, *META)]
    for name in columns:
        if name not in known:
            # A name that the SQL does not say came from the export, where it may be the first row.
            said = name if name in text else "of the export"
            near = get_close_matches(name, known, 1)
            hint = f"perhaps {near[0]}" if near else f"customer-graph tables {mapping.table.name} says which it has"
            raise MappingInvalid(f"{mapping.name} gives a column {said} that its table does not have: {hint}.")
    if twice := sorted({name for name in columns if columns.count(name) > 1}):
        raise MappingInvalid(f"{mapping.name} gives {', '.join(twice)} twice.")  # known names by now
    if missing := [one.name for one in mapping.table.columns if one.required and one.name not in columns]:
        raise MappingInvalid(f"{mapping.name} does not give {', '.join(missing)}, which its table requires.")


def _told(mapping: Mapping, fault: "Error") -> MappingInvalid | MappingFailed:
    """The refusal that DuckDB's own stands for. Only what is said of the text of the SQL is repeated, never of rows."""
    import duckdb

    if isinstance(fault, duckdb.PermissionException):
        return MappingInvalid(
            f"{mapping.name} reads a file that source.toml does not name under [[exports]], or that is not there."
        )
    if isinstance(fault, duckdb.ParserException | duckdb.BinderException | duckdb.CatalogException):
        # The first line alone: the next ones list what there is, and in a file without a header these are values.
        first = str(fault).partition("\n")[0].partition(": ")[2].rstrip("!. ")
        return MappingInvalid(f"{mapping.name}: {first}.")
    if isinstance(fault, duckdb.IOException):
        return MappingInvalid(f"{mapping.name} reads a file that is not there or cannot be opened.")
    if isinstance(fault, duckdb.ConversionException):
        return MappingFailed(
            f"{mapping.name}: a value cannot be converted. Use as_date(), as_time() or as_amount(), or hand over the "
            "text, so that its row alone is refused."
        )
    kind = type(fault).__name__.removesuffix("Exception")
    return MappingFailed(
        f"{mapping.name}: an export is not written as the SQL reads it ({kind}). Check delimiter, quotes and encoding."
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
