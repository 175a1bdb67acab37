"""Where every record of the sources that tell of people ended up: source, record and customer, one line each.

The customer is empty where it cannot be told whose record it is. A profile record always has a customer; one that
waits for review has its own, unless surer evidence joined it.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from ingest.company import Company, find_out
from ingest.exports import Progress, read_folder
from ingest.homes import home_of, kind_of_class
from ingest.patience import Graph
from ingest.records import Call, Chat, Decision, Mail, Mention, OrderRecord, Profile, Record, Ticket, WebEvent
from ingest.statements import text

TELLING: tuple[type[Record], ...] = (
    Profile,
    Mail,
    Call,
    Chat,
    WebEvent,
    Mention,
    Decision,
    OrderRecord,
    Ticket,
)
"""The records that are somebody's, by themselves or by what was found out about them."""
COLUMNS = ("source", "record_id", "customer_id")
_SECONDS = 120.0


@dataclass(frozen=True, slots=True, order=True)
class Placed:
    """One record and its customer, or None where nobody can be told."""

    source: str
    record: str
    customer: str | None


def placements(company: Company) -> list[Placed]:
    """Every record that is somebody's, each once, in the order of sources and records; customers by their keys."""
    found = {
        (one.source.system, one.record.key): _customer(company, one.record)
        for one in company.exports.reads
        if isinstance(one.record, TELLING)
    }
    return in_order(found)


def placements_of_folder(folder: Path, progress: Progress) -> list[Placed]:
    """Read, resolve and attribute a folder of exports; needs no database. Raises SourceInvalid."""
    return placements(find_out(read_folder(folder, progress), datetime.now(UTC), {}))


async def placements_of_graph(database: Graph) -> list[Placed]:
    """The same as the graph has it, whoever decided it; customers by their ids. Raises the errors of the database."""
    kinds = [kind_of_class(one) for one in TELLING]
    rows = await database.read(text("placements"), {"kinds": kinds}, _SECONDS)
    return in_order({(row["system"], row["record"]): row["customer"] for row in rows})


def write(placed: Iterable[Placed], out: TextIO) -> None:
    """Write them as CSV with a header."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((one.source, one.record, one.customer or "") for one in placed)


def in_order(found: Mapping[tuple[str, str], str | None]) -> list[Placed]:
    """By source and record."""
    return [Placed(*key, found[key]) for key in sorted(found)]


def _customer(company: Company, record: Record) -> str | None:
    match record:
        case Profile():
            return company.customers[home_of(record), record.key]
        case Decision(system=of, subject=subject):
            return company.customers.get((of, subject))
    found = company.attribution.of(home_of(record), record.key)
    return found.customer if found else None
