"""An arrival: one event as it waits to become part of the graph, and what is told of one that was refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from ingest.fields import Unreadable
from ingest.records import Record
from ingest.tables import TABLES, System
from ingest.tables.values import Values
from schema.enums import IdentityKind


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event, with the row of a canonical table that it holds.

    `message` is the key under which its sender knows it: what comes twice under it counts once. `payload` is the event
    as it came. `profile` is the row of `customers` that an identify amounts to. `opted_out` says that the browser sent
    Global Privacy Control. The printed form shows nothing of it: all may be personal data.
    """

    system: str
    about: str
    message: str
    table: str
    row: Mapping[str, Any]
    payload: Mapping[str, Any]
    received_at: datetime
    profile: Mapping[str, Any] | None = None
    keys: IdentityKind = IdentityKind.CUSTOMER_NUMBER
    opted_out: bool = False

    def __repr__(self) -> str:
        return f"Arrival({self.system!r}, {self.table!r})"

    def record(self) -> Record:
        """What the row holds. Raises Unreadable."""
        return record_of(self.table, self.row, System(self.system, self.keys))

    def written(self) -> bytes:
        """The arrival as it waits."""
        return orjson.dumps(
            {
                "system": self.system,
                "about": self.about,
                "message": self.message,
                "table": self.table,
                "row": self.row,
                "payload": self.payload,
                "received_at": self.received_at.astimezone(UTC).isoformat(),
                "profile": self.profile,
                "keys": self.keys.name,
                "opted_out": self.opted_out,
            }
        )

    @classmethod
    def read(cls, written: bytes) -> "Arrival":
        """An arrival that waited."""
        held = orjson.loads(written)
        return cls(
            **{
                **held,
                "received_at": datetime.fromisoformat(held["received_at"]),
                "keys": IdentityKind[held["keys"]],
            }
        )


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an event was refused: which field of it, and a class of reason. Neither holds a value.

    `index` is its place in a batch, from 0.
    """

    field: str
    reason: str
    index: int | None = None

    def told(self) -> dict[str, Any]:
        """As an answer tells it."""
        told: dict[str, Any] = {"field": self.field, "reason": self.reason}
        return told if self.index is None else {"index": self.index, **told}


def record_of(table: str, row: Mapping[str, Any], system: System) -> Record:
    """What a row of a canonical table holds. Raises Unreadable, also for a row of a value that cannot be."""
    known = TABLES[table]
    if strange := sorted(set(row) - {column.name for column in known.columns}):
        raise Unreadable(_name(strange[0]), "unknown column")
    try:
        return known.record(Values(row), system)
    except (OverflowError, TypeError, AttributeError):
        raise Unreadable("row", "not readable") from None


def _name(column: str) -> str:
    # Names come from outside too: one that is none of ours may hold anything.
    return column if column.isidentifier() and len(column) <= 40 else "row"
