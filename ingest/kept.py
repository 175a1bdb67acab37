"""Records as the graph keeps them beside their payload: in the words of `ingest.records`, so that what a load found out
of them can be found out again without the export.

Only of those that decide whose something is and what a golden record holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import orjson
from pydantic import TypeAdapter

from ingest.homes import kind_of_class
from ingest.records import (
    Assignment,
    Call,
    Chat,
    ContactRecord,
    Decision,
    InvoiceRecord,
    Mail,
    Mention,
    OrderRecord,
    Parcel,
    Profile,
    Record,
    Ticket,
    WebEvent,
)
from ingest.rows import Exports
from ingest.survivorship import Survivorship
from ingest.survivorship_file import shipped
from schema.journey import Stages, journey_of, shipped_journey

KEPT: tuple[type[Record], ...] = (
    Profile,
    OrderRecord,
    InvoiceRecord,
    Parcel,
    Ticket,
    Call,
    Chat,
    Mail,
    WebEvent,
    Mention,
    Decision,
    ContactRecord,
    Assignment,
)
_OF_KIND: Mapping[str, type[Record]] = {kind_of_class(one): one for one in KEPT}


def kept(record: Record) -> str | None:
    """A record as JSON; None for one that is not needed again."""
    return orjson.dumps(record, default=str).decode() if isinstance(record, KEPT) else None


def given_back(kind: str, text: str) -> Record:
    """The record that was kept. `kind` is the word for what its row records."""
    return _reader(kind).validate_json(text)


def first_for(exports: Exports, system: str) -> list[str] | None:
    """For which attributes a system is a system of record, each with its place among those."""
    said = [f"{one}:{systems.index(system)}" for one, systems in exports.first.items() if system in systems]
    return sorted(said) or None


def first_given_back(rows: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """`Exports.first` again, from pairs of a system and what `first_for` said of it."""
    found: dict[str, list[tuple[int, str]]] = {}
    for system, said in rows:
        attribute, _, place = said.partition(":")
        found.setdefault(attribute, []).append((int(place), system))
    return {attribute: tuple(system for _, system in sorted(places)) for attribute, places in found.items()}


@dataclass(frozen=True, slots=True)
class InForce:
    """By what golden values are chosen between loads: the rules of the last one, and the systems of record; and the
    stages of journeys that it wrote.
    """

    survivorship: Survivorship = field(default_factory=shipped)
    first: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    journey: Stages = field(default_factory=shipped_journey)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "InForce":
        """As the graph has it; where no load was by rules yet, those that come with the product."""
        rules = shipped() if row["rules"] is None else _RULES.validate_json(row["rules"])
        rules = replace(rules, attributes={**shipped().attributes, **rules.attributes})  # of what came in since then
        stages = row["journey"]
        return cls(
            rules,
            first_given_back(row["first"]),
            shipped_journey() if stages is None else journey_of(stages, "the journey of the last load"),
        )


def rules_kept(rules: Survivorship) -> str:
    """The rules by which a load chose values, as JSON."""
    return _RULES.dump_json(rules).decode()


_RULES = TypeAdapter(Survivorship)


@cache
def _reader(kind: str) -> TypeAdapter[Record]:
    return TypeAdapter(_OF_KIND[kind])
