"""Where every record of the sources that tell of people ended up: source, record and customer, one line each.

The customer is empty where it cannot be told whose record it is. A profile record always has a customer; one that
waits for review has its own, unless surer evidence joined it.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from ingest.company import Company, find_out
from ingest.exports import Progress, read_folder
from ingest.patience import Graph
from ingest.records import Decision, Profile, Record
from ingest.statements import text

SOURCES: Sequence[str] = (
    "billing",
    "shipping",
    "crm",
    "mail",
    "calls",
    "chats",
    "events",
    "social",
    "consents",
    "orders",
    "cases",
)
"""The sources whose records are somebody's, in the order in which they are told."""
COLUMNS = ("source", "record_id", "customer_id")
_SECONDS = 120.0


@dataclass(frozen=True, slots=True, order=True)
class Placed:
    """One record and its customer, or None where nobody can be told."""

    source: str
    record: str
    customer: str | None


def placements(company: Company) -> list[Placed]:
    """Every record of every source that tells of people, each once, in the order of sources and records."""
    found = {
        (one.source.system, one.record.key): _customer(company, one.source.system, one.record)
        for one in company.exports.reads
        if one.source.system in SOURCES
    }
    return in_order(Placed(system, key, customer) for (system, key), customer in found.items())


def placements_of_folder(folder: Path, progress: Progress) -> list[Placed]:
    """Read, resolve and attribute a folder of exports; needs no database. Raises SourceInvalid."""
    return placements(find_out(read_folder(folder, progress), datetime.now(UTC), {}))


async def placements_of_graph(database: Graph) -> list[Placed]:
    """The same as the graph has it, whoever decided it. Raises the errors of the database."""
    rows = await database.read(text("placements"), {"systems": list(SOURCES)}, _SECONDS)
    found = {(row["system"], row["record"]): row["customer"] for row in rows}
    return in_order(Placed(system, record, customer) for (system, record), customer in found.items())


def write(placed: Iterable[Placed], out: TextIO) -> None:
    """Write them as CSV with a header."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((one.source, one.record, one.customer or "") for one in placed)


def in_order(placed: Iterable[Placed]) -> list[Placed]:
    """By source, as they are listed, and record."""
    place = {source: number for number, source in enumerate(SOURCES)}
    return sorted(placed, key=lambda one: (place[one.source], one.record))


def _customer(company: Company, system: str, record: Record) -> str | None:
    match record:
        case Profile():
            return company.customers[system, record.key]
        case Decision(system=of, subject=subject):
            return company.customers.get((of, subject))
    found = company.attribution.of(system, record.key)
    return found.customer if found else None
