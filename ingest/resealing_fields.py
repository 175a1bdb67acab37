"""Resealing of fields: sealed properties of the graph itself, with what they are found by and what their masks show.

As rows are (`ingest.resealing`), under the key of whose the node is now; along the model's way to the customer, so that
a field that joins the model is one of them.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from graph.cypher import arrow
from graph.plan import subject_path
from graph.protocols import Reads
from graph.vault.sealed import DataKey, Place
from graph.vault.vault import Found, Keys
from ingest.opening import names_in, opened_with
from ingest.sealing import ROW, SUBJECT
from ingest.sealing_field import FieldSealer, fields_of
from ingest.statements import text
from schema.catalogue import complete_model
from schema.errors import SealedUnreadable
from schema.model import Property

PAGE = 1_000
SECONDS = 600.0
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A label with sealed fields. `names` are all properties that a field takes up, in the order of the statements."""

    label: str
    fields: tuple[Property, ...]

    @property
    def names(self) -> list[str]:
        """The fields, each followed by what stands beside it."""
        return [name for held in self.fields for name in (held.name, *held.hidden)]

    def said(self, statement: str) -> str:
        """The text of a statement about this label."""
        return _text(statement, self.label)

    def amiss(
        self, row: Mapping[str, Any], sealer: FieldSealer, own: Found
    ) -> Iterator[tuple[Property, dict[str, Any]]]:
        """The fields of a node that are plain, another's or badly indexed, each with what stands there."""
        stands = dict(zip(self.names, row["values"], strict=True))
        for held in self.fields:
            if sealer.amiss(own.get(row["owner"]), held, stands):
                yield held, {name: stands[name] for name in (held.name, *held.hidden)}


@cache
def shelves() -> tuple[Shelf, ...]:
    """The labels of the model that have sealed fields."""
    model = complete_model()
    return tuple(Shelf(label, fields) for label in model if label != ROW and (fields := fields_of(model, label)))


@cache
def _text(statement: str, label: str) -> str:
    path = subject_path(label)
    ways = ["(n:Customer)"] if label == SUBJECT else [f"(n:{label})"]
    for edge in path[:-1]:
        ways.append(f"{ways[-1]}{arrow(edge)}(:{edge.targets[0]})")
    of_customer, customer = "(n:Customer {id: customer.id})", "(customer:Customer {id: n.id})"
    if label != SUBJECT:
        of_customer = customer = f"{ways[-1]}{arrow(path[-1])}(customer:Customer)"
    recorded = "RESOLVES_TO" if label == SUBJECT else "RECORDS"
    of_rows = "\n  UNION\n".join(
        text("sealed_fields_of_rows").replace("«WAY»", way).replace("«RECORDED»", recorded).rstrip() for way in ways
    )
    words = {"LABEL": label, "OF_CUSTOMER": of_customer, "CUSTOMER": customer, "OF_ROWS": of_rows}
    said = text(statement)
    for word, meant in words.items():
        said = said.replace(f"«{word}»", meant)
    return said


async def amiss_of(rows: Rows, shelf: Shelf, keys: Keys, *, make: bool) -> list[str]:
    """At which places of a page something is amiss."""
    own = await keys.sealing({str(row["owner"]) for row in rows}, make=make)
    sealer = FieldSealer(await keys.indexing(make=make))
    return [str(row["place"]) for row in rows if any(True for _ in shelf.amiss(row, sealer, own))]


async def pages(database: Reads, shelf: Shelf) -> AsyncIterator[Rows]:
    """All nodes of a label with something in sealed fields, page by page. Raises the errors of the database."""
    after = ""
    while rows := await database.read(
        shelf.said("sealed_fields_page"), {"after": after, "most": PAGE, "names": shelf.names}, SECONDS
    ):
        after = rows[-1]["place"]
        yield rows


def asked(shelf: Shelf, customers: Collection[str], records: Collection[str]) -> dict[str, Any]:
    """The parameters of the statement that finds what to look at: of customers, and what rows at places record."""
    return {"customers": sorted(customers), "records": sorted(records), "names": shelf.names}


async def sealed_anew(rows: Rows, shelf: Shelf, keys: Keys) -> tuple[list[dict[str, Any]], int]:
    """What is to be written of nodes, and how many hold what cannot be opened: these stay as they are.

    Raises VaultUnavailable and VaultKeysMissing.
    """
    own = await keys.sealing({str(row["owner"]) for row in rows})
    names = set(names_in([value for row in rows for value in row["values"]]))
    old = await keys.opening(names) if names else {}
    return await asyncio.to_thread(_changed, rows, shelf, FieldSealer(await keys.indexing()), own, old)


def _changed(rows: Rows, shelf: Shelf, sealer: FieldSealer, own: Found, old: Found) -> tuple[list[dict[str, Any]], int]:
    changed, unreadable = [], 0
    for row in rows:
        before: dict[str, str] = {}
        after: dict[str, str | None] = {}
        try:
            for held, stands in shelf.amiss(row, sealer, own):
                before |= {name: value for name, value in stands.items() if value is not None}
                place = Place(shelf.label, held.name, row["place"])
                after |= _anew(held, stands[held.name], place, sealer, own.get(row["owner"]), old)
        except SealedUnreadable:
            unreadable += 1
            continue
        if after:
            changed.append({"place": row["place"], "before": before, "after": after})
    return changed, unreadable


def _anew(
    held: Property, stands: str | None, place: Place, sealer: FieldSealer, key: DataKey | None, old: Found
) -> dict[str, str | None]:
    """A field as it should stand. Raises SealedUnreadable, also where the key of what stands there is destroyed."""
    if stands is None or key is None:  # who was forgotten keeps nothing
        return dict.fromkeys((held.name, *held.hidden))
    if (plain := opened_with(old, stands, place)) is None:
        raise SealedUnreadable
    return sealer.sealed(key, held, plain, place)
