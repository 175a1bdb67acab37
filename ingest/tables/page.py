"""The page on the canonical tables, for whoever writes the SQL of a source."""

from collections.abc import Iterable

from ingest.tables import META, TABLES
from ingest.tables.column import Column, Table

_HEAD = """# Canonical tables

<!-- Written by: python -m ingest.tables.page > docs/canonical-tables.md -->

What the SQL of a source selects: a file `customers.sql` in a source's folder gives the columns of `customers`, by name
and in any order. A column that is not required may be left out.
[bring-your-own-company.md](bring-your-own-company.md) walks through it.

Give values as the export has them. Phones are read as typed, countries by name or code, double-encoded letters are put
right and placeholders taken out after the SQL. Macros turn dates and amounts in another notation into ISO text:
`as_date(text, format)`, `as_time(text, format, zone := 'Europe/Paris')` (UTC without zone) and `as_amount(text)`
(decimal comma; `mark := '.'` for a decimal point), with formats as DuckDB's `strptime` has them. What they cannot read
they leave as it is, so that its row alone is refused.

An id is one of its table, whatever system the row is from: where two systems number alike, put a word before the
numbers of one (`'till-' || bon`). Ids of customers are the exception, they are their system's own.
`customer-graph tables` prints this page, `customer-graph tables orders` one table of it.
"""


def page() -> str:
    """The text of docs/canonical-tables.md."""
    parts = [_HEAD, *(part(table) for table in TABLES.values()), f"## In any table\n\n{_rows(META)}"]
    return "\n".join(parts)


def part(table: Table) -> str:
    """What the page says of one table."""
    return f"## {table.name}\n\n{table.about}\n\n{_rows(table.columns)}"


def _rows(columns: Iterable[Column]) -> str:
    lines = ["| column | given as | required | |", "|---|---|---|---|"]
    for one in columns:
        given, about = (text.replace("|", "\\|") for text in (one.type.value, one.about))
        lines.append(f"| `{one.name}` | {given} | {'yes' if one.required else ''} | {about} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
