"""The right of access (GDPR art. 15): all that the person may see, as one JSON file and as a page to read.

Records are written as they are read, so that memory does not grow with their number. docs/privacy.md has the layout.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from privacy.folder import Folder, Written, folder
from privacy.page import Page
from privacy.parts import Stop, Way, parts
from privacy.personal import every_field, left_out
from privacy.reading import Reading, Record
from privacy.summary import Summary
from schema.errors import SubjectDeceased, SubjectUnknown
from schema.model import MODEL

FORMAT = "customer-graph access 1"
JSON, PAGE = "access.json", "index.html"


@dataclass(frozen=True, slots=True)
class Made:
    """What an export holds: how many records of each list; whether the person's data is under restriction."""

    records: Mapping[str, int]
    restricted: bool = False

    @property
    def total(self) -> int:
        """Records in all lists."""
        return sum(self.records.values())


async def access(reading: Reading, target: Path, said: Mapping[str, object]) -> Made:
    """Write what the person may see into a new folder. `said` goes into the files as it is.

    Raises SubjectUnknown, SubjectDeceased, ExportFolderTaken, ExportBroken and TrailUnavailable; nothing is left then.
    """
    root = parts(MODEL, reading.request.view, every_field)
    with folder(target) as made:
        whose = await subject(reading, root)
        counts = await _written(reading, root, whose, made, said)
        made.seal({"format": FORMAT, **said, "customer": whose["id"], "records": counts})
    return Made(counts, whose.get("status") == "RESTRICTED")


async def subject(reading: Reading, root: Stop) -> Record:
    """The golden record. Raises SubjectUnknown and SubjectDeceased where there is nothing to export."""
    found = await reading.record(root)
    if found is None:
        raise SubjectUnknown
    if found.get("status") == "DECEASED":
        raise SubjectDeceased
    return found


async def _written(
    reading: Reading, root: Stop, whose: Record, made: Folder, said: Mapping[str, object]
) -> dict[str, int]:
    out, summary, counts = made.file(JSON), Summary(), dict[str, int]()
    page = Page(made.file(PAGE), root)
    page.record(root, whose)
    summary.meet(root, whose)
    head = {"format": FORMAT, "article": "GDPR art. 15", **said, "customer": whose}
    out.write(orjson.dumps(head)[:-1] + b',\n"records":{')
    for number, way in enumerate(way for way in root.ways if way.many):
        out.write((b"," if number else b"") + b"\n" + orjson.dumps(way.name) + b":[")
        counts[way.name] = await _list(reading, way, out, page, summary)
        out.write(b"]")
    told = summary.told(left_out(MODEL, reading.request.view))
    out.write(b"\n},\n" + orjson.dumps(told)[1:] + b"\n")
    out.records = sum(counts.values())
    page.close(told)
    return counts


async def _list(reading: Reading, way: Way, out: Written, page: Page, summary: Summary) -> int:
    page.begin(way)
    count = 0
    async for row in reading.rows(way):
        out.write((b",\n" if count else b"\n") + orjson.dumps(row))
        page.row(way, row)
        summary.meet(way.end(row), row)
        count += 1
    page.end(count)
    return count
