"""What live sources know of customers, for a load: their records are matched beside those of exports.

Without them a load would make a second customer of someone who came live first, and take apart whom they tie together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from ingest.fields import Unreadable
from ingest.live.known import FILE, Held
from ingest.match.keys import Key, key_of
from ingest.records import Profile
from ingest.rows import Exports, Read, Row, Silo


def with_live(exports: Exports, rows: Sequence[Mapping[str, Any]]) -> Exports:
    """The exports with the records that the graph holds of live sources.

    Of a record that an export has too the one that changed later counts; an export that does not say when it changed
    gives way.
    """
    live = {key_of(read.record): read for read in _reads(rows) if isinstance(read.record, Profile)}
    if not live:
        return exports
    reads = [_newer(read, live) for read in exports.reads]
    silos = {one.system: one for one in exports.sources}
    for read in live.values():
        silos.setdefault(read.source.system, Silo(FILE, read.source.system, "", read.source.about))
    return replace(exports, sources=tuple(silos.values()), reads=(*reads, *live.values()))


def _newer(read: Read, live: dict[Key, Read]) -> Read:
    """The read of an export, or the live one of the same record where that is newer; it is not there twice."""
    if not isinstance(read.record, Profile) or (other := live.pop(key_of(read.record), None)) is None:
        return read
    assert isinstance(other.record, Profile)
    exported, told = read.record.changed_at, other.record.changed_at
    return other if told is not None and (exported is None or told > exported) else read


def _reads(rows: Sequence[Mapping[str, Any]]) -> Iterator[Read]:
    for row in rows:
        if row["row"] is None or row["payload"] is None:
            continue  # it was erased
        try:
            profile = Held.read(row["row"]).profile(row["system"])
        except Unreadable:
            continue  # a newer version reads the column more strictly: the record stays as it is in the graph
        silo = Silo(FILE, row["system"], "customer", row["about"] or "")
        yield Read(silo, Row(FILE, 0, orjson.loads(row["payload"])), profile)
