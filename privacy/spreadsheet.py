"""CSV that a spreadsheet shows and does not carry out (OWASP: CSV injection; CWE-1236), and that can be read back.

A text that begins like a formula gets an apostrophe before it, and so does one that begins with apostrophes and then
like a formula. Whoever reads the file takes one apostrophe away where the text looks like that: `raw` does.
"""

import re
from collections.abc import Iterable

FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")  # the wide forms are formulas in some languages' spreadsheets


def guarded(text: str) -> str:
    """A text as it stands in a cell."""
    return f"'{text}" if FORMULA.match(text) else text


def raw(cell: str) -> str:
    """The text that stands in a cell."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def cell(value: object, *, text: bool) -> str:
    """A value as a cell; `text` for what is not a number, a day, a moment or an amount. Several are parted by `; `."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return guarded(value) if text else value
        case list() | tuple():
            return guarded(joined(value))
        case _:
            return str(value)


def joined(values: Iterable[object]) -> str:
    """Several values as one text; a semicolon within one is doubled."""
    return "; ".join(str(one).replace(";", ";;") for one in values)
