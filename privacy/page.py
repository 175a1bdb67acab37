"""The page of an access export: the same records as tables, for a person. It needs no program and asks no network."""

from collections.abc import Mapping
from html import escape
from typing import Any

from privacy.documents import WITHHELD
from privacy.folder import Written
from privacy.parts import Stop, Way

Record = Mapping[str, Any]

HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>What is held about you</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
table { border-collapse: collapse; font-size: .875rem; }
th, td { border: 1px solid #bbb; padding: .25rem .5rem; text-align: left; vertical-align: top; }
th { background: #f2f2f2; }
td { overflow-wrap: anywhere; min-width: 4rem; }
section > div { overflow-x: auto; }
.withheld { color: #8a1c1c; }
</style>
</head>
<body>
<h1>What is held about you</h1>
<p>This is the copy that art. 15 of the General Data Protection Regulation gives you a right to. The file
access.json holds the same for machines.</p>
"""
TAIL = "</body>\n</html>\n"


class Page:
    """The page under way; records are written as they come."""

    def __init__(self, out: Written, root: Stop) -> None:
        self._out = out
        out.write(HEAD)
        links = (f'<a href="#{escape(way.name)}">{words(way.name)}</a>' for way in root.lists)
        out.write(f"<nav>{' · '.join(links)} · <a href='#more'>Where it comes from and who gets it</a></nav>\n")

    def record(self, stop: Stop, row: Record) -> None:
        """One record as a table of two columns."""
        self._out.write("<section><h2>You</h2><div><table>\n")
        for held in stop.fields:
            self._out.write(_line(held.name, held.about, row.get(held.name)))
        for way in stop.ways:
            if not way.many:
                self._out.write(f"<tr>{_heading(way.name, way.about)}<td>{_cell(way, row.get(way.name))}</td></tr>\n")
        self._out.write(f"</table>{_withheld(row)}</div></section>\n")

    def begin(self, way: Way) -> None:
        """The heading of a list, and those of its columns."""
        self._out.write(f'<section id="{escape(way.name)}"><h2>{words(way.name)}</h2><p>{escape(way.about)}</p>\n')
        self._out.write("<div><table><thead><tr>")
        for end in way.ends:
            self._out.write("".join(_heading(held.name, held.about) for held in end.fields if held.name != "id"))
            self._out.write("".join(_heading(one.name, one.about) for one in end.ways))
        self._out.write("</tr></thead>\n<tbody>\n")

    def row(self, way: Way, row: Record) -> None:
        """One record of the list; columns of other types stay empty."""
        cells = []
        for end in way.ends:
            one = row if end is way.end(row) else {}
            cells += [_shown(one.get(held.name)) for held in end.fields if held.name != "id"]
            cells += [_cell(below, one.get(below.name)) for below in end.ways]
        if cells:
            cells[0] += _withheld(row)
        self._out.write(f"<tr>{''.join(f'<td>{one}</td>' for one in cells)}</tr>\n")

    def end(self, count: int) -> None:
        """The end of a list."""
        self._out.write(f"</tbody></table></div><p>{count:,} in all.</p></section>\n")

    def close(self, told: Mapping[str, Any]) -> None:
        """What stands beside the records, and the end of the page."""
        self._out.write('<section id="more"><h2>Where it comes from and who gets it</h2>\n')
        for name, value in told.items():
            self._out.write(f"<h3>{words(name)}</h3>{_told(value)}\n")
        self._out.write(f"</section>\n{TAIL}")


def words(name: str) -> str:
    """`lastInteractionAt` as a heading."""
    parted = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
    return escape(parted[:1].upper() + parted[1:])


def _heading(name: str, about: str) -> str:
    return f'<th scope="col" title="{escape(about)}">{words(name)}</th>'


def _line(name: str, about: str, value: object) -> str:
    return f"<tr>{_heading(name, about)}<td>{_shown(value)}</td></tr>\n"


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(_shown, value))
        case _:
            return escape(str(value))


def _cell(way: Way, value: Any) -> str:
    """What an edge leads to: each record on a line, as name and value."""
    rows = value if isinstance(value, list) else [value] if value else []
    lines = []
    for row in rows:
        end = way.end(row)
        parts = [
            f"{words(held.name)}: {_shown(row[held.name])}" for held in end.fields if row.get(held.name) is not None
        ]
        parts += [f"{words(one.name)}: {_cell(one, row[one.name])}" for one in end.ways if row.get(one.name)]
        lines.append("; ".join(parts) + _withheld(row))
    return "<br>".join(lines)


def _withheld(row: Record) -> str:
    said = row.get(WITHHELD) or ()
    told = ", ".join(f"{words(one['field'])} ({escape(str(one['reason']))})" for one in said)
    return f'<p class="withheld">Not shown as it is: {told}</p>' if told else ""


def _told(value: object) -> str:
    match value:
        case dict():
            return "; ".join(f"{words(name)}: {_told(one)}" for name, one in value.items() if one not in (None, []))
        case list() if value:
            return f"<ul>{''.join(f'<li>{_told(one)}</li>' for one in value)}</ul>"
        case list():
            return "<p>Nothing is known.</p>"
        case _:
            return _shown(value)
