"""The right of access (GDPR art. 15): all that the person may see, as one JSON file and as a page to read.

Records are written as they are read, so that memory does not grow with their number. docs/privacy.md has the layout.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from privacy.folder import Folder, folder
from privacy.lists import Lists
from privacy.page import Page
from privacy.parts import Stop, parts
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
    lists = Lists(made.file(JSON), {"format": FORMAT, "article": "GDPR art. 15", **said, "customer": whose})
    page, summary = Page(made.file(PAGE), root), Summary()
    page.record(root, whose)
    summary.meet(root, whose)
    for way in root.lists:
        lists.begin(way.name)
        page.begin(way)
        async for row in reading.rows(way):
            lists.row(row)
            page.row(way, row)
            summary.meet(way.end(row), row)
        page.end(lists.end())
    told = summary.told(left_out(MODEL, reading.request.view))
    lists.close(told)
    page.close(told)
    return lists.counts
