"""The right to portability (GDPR art. 20): what the person provided or was observed doing, to be taken elsewhere.

The same records three times: one JSON file, one CSV file for each list, and the golden record as a vCard.
docs/privacy.md has the layout.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from privacy.access import Made, subject
from privacy.card import card
from privacy.folder import Folder, Written, folder
from privacy.lists import Lists
from privacy.parts import Stop, Way, parts
from privacy.personal import not_taken, provided
from privacy.reading import Reading, Record
from privacy.spreadsheet import cell
from privacy.summary import grounds
from schema.model import MODEL, Property, Scalar

FORMAT = "customer-graph portability 1"
JSON, CARD = "portability.json", "contact.vcf"
TEXTS = (Scalar.STRING, Scalar.ENUM, Scalar.ID)
CUSTOMER = ("customer",)
IDENTITIES = "identities"
MOST_HANDLES = 100
"""Handles on a vCard; all of them stand in the other files."""


async def portability(reading: Reading, target: Path, said: Mapping[str, object]) -> Made:
    """Write what the person may take away into a new folder. `said` goes into the files as it is.

    Raises SubjectUnknown, SubjectDeceased, ExportFolderTaken, ExportBroken and TrailUnavailable; nothing is left then.
    """
    root = parts(MODEL, reading.request.view, provided)
    with folder(target) as made:
        whose = await subject(reading, root)
        tables = Tables(made, root)
        tables.add(CUSTOMER, root, whose, "")
        counts, handles = await _written(reading, root, whose, made, tables, said)
        file = made.file(CARD)
        file.write(card(whose, handles))
        file.records = 1
        made.seal({"format": FORMAT, **said, "customer": whose["id"], "records": counts})
    return Made(counts, whose.get("status") == "RESTRICTED")


async def _written(
    reading: Reading, root: Stop, whose: Record, made: Folder, tables: "Tables", said: Mapping[str, object]
) -> tuple[dict[str, int], list[Record]]:
    lists = Lists(made.file(JSON), {"format": FORMAT, "article": "GDPR art. 20", **said, "customer": whose})
    handles = list[Record]()
    for way in root.lists:
        lists.begin(way.name)
        async for row in reading.rows(way):
            lists.row(row)
            tables.add((way.name,), way.end(row), row, whose["id"])
            if way.name == IDENTITIES and len(handles) < MOST_HANDLES:
                handles.append(row)
        lists.end()
    lists.close({"leftOut": grounds(not_taken(MODEL))})
    return lists.counts, handles


class Tables:
    """The CSV files of an export: one for each list, those below a record with its id as first column `of`."""

    def __init__(self, made: Folder, root: Stop) -> None:
        self._files: dict[tuple[str, ...], tuple[Written, Any, Columns]] = {}
        for path, columns in _tables(CUSTOMER, (root,)):
            file = made.file(f"csv/{'.'.join(path)}.csv")
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(["of", *(name for name, _ in columns)])
            self._files[path] = (file, writer, columns)

    def add(self, path: tuple[str, ...], stop: Stop, row: Record, of: str) -> None:
        """A record with all that is below it; `of` is the id of the record above."""
        file, writer, columns = self._files[path]
        writer.writerow([of, *(cell(_flat(row.get(name)), text=text) for name, text in columns)])
        file.records += 1
        for way in stop.ways:
            below = _path(path, way)
            if below in self._files:
                found = row.get(way.name) or []
                for one in found if isinstance(found, list) else [found]:
                    self.add(below, way.end(one), one, row["id"])


Columns = list[tuple[str, bool]]


def _tables(
    path: tuple[str, ...], ends: Sequence[Stop], union: bool = False
) -> Iterator[tuple[tuple[str, ...], Columns]]:
    """Each list with its columns: the name, and whether it holds texts."""
    columns: dict[str, bool] = {"type": True} if union else {}
    for end in ends:
        columns |= dict(_columns(end))
    yield path, list(columns.items())
    for end in ends:
        for way in end.ways:
            if _has_a_file(way):
                yield from _tables(_path(path, way), way.ends, way.union)


def _has_a_file(way: Way) -> bool:
    """Whether what is there stands whole; otherwise its ids stand in a column of the record above."""
    return any(end.whole for end in way.ends)


def _columns(stop: Stop) -> Columns:
    fields = [(held.name, _is_text(held)) for held in stop.fields]
    return fields + [(way.name, True) for way in stop.ways if not _has_a_file(way)]


def _path(path: tuple[str, ...], way: Way) -> tuple[str, ...]:
    return (way.name,) if path == CUSTOMER else (*path, way.name)


def _is_text(held: Property) -> bool:
    return held.scalar in TEXTS or held.many


def _flat(value: object) -> object:
    """A reference is the id of what it leads to."""
    match value:
        case {"id": id}:
            return id
        case list():
            return [_flat(one) for one in value]
        case _:
            return value
