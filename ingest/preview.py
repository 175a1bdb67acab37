"""What a load would do: by table what is new, changed, the same, gone and refused; and to golden records."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.conflicts import Conflict
from ingest.draft import Draft, digest_of
from ingest.homes import table_of_kind
from ingest.rows import Exports, Reject


@dataclass(frozen=True, slots=True)
class Would:
    """Counts of rows. `changed`: itself, or how it came to its customer. `gone`: the graph keeps it."""

    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What a load would do, by canonical table; and golden records: new, changed, the same, joined into others.

    `conflicts` say where sources disagree.
    """

    tables: Mapping[str, Would]
    customers: Would
    joined: int
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


def compare(
    exports: Exports,
    draft: Draft,
    records: Iterable[Mapping[str, Any]],
    customers: Iterable[Mapping[str, Any]],
    absorbed: Collection[str],
    conflicts: tuple[Conflict, ...] = (),
) -> Preview:
    """The draft of a load beside what the graph holds: rows of both as key and digest, records with kind and system."""
    delivered = {silo.system for silo in exports.sources}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    held = {row["key"]: row for row in records}
    for node in draft.nodes("SourceRecord"):
        table = table_of_kind(str(node.properties["kind"]))
        counts[table][_became(held.pop(node.key, None), digest_of(node.properties))] += 1
    for row in held.values():
        if row["system"] in delivered:
            counts[table_of_kind(row["kind"])]["gone"] += 1
    for reject in exports.rejects:
        counts[reject.table or reject.file]["refused"] += 1
    golden: Counter[str] = Counter()
    known = {row["key"]: row for row in customers}
    for node in draft.nodes("Customer"):
        golden[_became(known.get(node.key), digest_of(node.properties))] += 1
    return Preview(
        tables={table: Would(**counted) for table, counted in sorted(counts.items())},
        customers=Would(**golden),
        joined=len(absorbed),
        rejects=exports.rejects,
        notes=exports.notes,
        conflicts=conflicts,
    )


def _became(held: Mapping[str, Any] | None, digest: str) -> str:
    if held is None:
        return "new"
    return "same" if held["digest"] == digest else "changed"
