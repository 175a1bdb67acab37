"""What art. 15(1) asks to be told beside the data: sources, recipients, purposes and their bases, and what is left out.

It is gathered while records are written. What is remembered grows with the number of systems, not with that of records.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from privacy.parts import Stop
from privacy.personal import Ground
from schema.purposes import PURPOSES, LegalBasis
from schema.rights import in_words, rights_offered

Record = Mapping[str, Any]

SOURCES: Mapping[str, str] = {
    "SourceRecord": "system",
    "AttributeProvenance": "system",
    "Channel": "source",
    "Consent": "source",
    "Interaction": "source",
}
"""Where a type of record says from which system it came (art. 15(1)(g))."""
RECIPIENTS: Mapping[str, tuple[str, str]] = {
    "Delivery": ("system", "is told of changes made here"),
    "Shipment": ("carrier", "carries parcels"),
}
"""Where a type of record says to whom data went, and for what (art. 15(1)(c))."""
COMPLAINT = "You may complain to a supervisory authority (GDPR art. 77)."
"""Art. 15(1)(f)."""
RETENTION = (
    "No period is declared in this graph; ask the company. What ends by itself says so with each consent (expiresAt) "
    "and standing (until)."
)
"""Art. 15(1)(d)."""


@dataclass(slots=True)
class Summary:
    """What was met among the records of one export."""

    sources: set[str] = field(default_factory=set)
    recipients: set[tuple[str, str]] = field(default_factory=set)
    standings: list[Record] = field(default_factory=list)
    golden: list[Record] = field(default_factory=list)

    def meet(self, stop: Stop, row: Record) -> None:
        """Look at a record and all below it."""
        for kind, one in below(stop, row):
            if kind in SOURCES and one.get(SOURCES[kind]):
                self.sources.add(str(one[SOURCES[kind]]))
            if kind in RECIPIENTS and one.get(RECIPIENTS[kind][0]):
                self.recipients.add((str(one[RECIPIENTS[kind][0]]), RECIPIENTS[kind][1]))
            if kind == "AccessRecord":
                self.recipients.add(
                    (f"{one.get('role')} of the company", f"looked for the purpose {one.get('purpose')}")
                )
            if kind == "Standing":
                self.standings.append(one)
            if kind == "AttributeProvenance" and one.get("chosen"):
                self.golden.append({name: one.get(name) for name in ("attribute", "system", "rule", "observedAt")})

    def told(self, left_out: Mapping[str, Ground]) -> dict[str, Any]:
        """As it stands at the end of the file."""
        return {
            "sources": sorted(self.sources),
            "goldenValues": sorted(self.golden, key=lambda one: (str(one["attribute"]), str(one["system"]))),
            "recipients": [{"name": name, "what": what} for name, what in sorted(self.recipients)],
            "purposes": [self._purpose(name) for name in PURPOSES],
            "retention": RETENTION,
            "rights": [*map(in_words, rights_offered(self._carried())), COMPLAINT],
            "leftOut": grounds(left_out),
        }

    def _carried(self) -> dict[str, LegalBasis]:
        """For what her data is used now, and on which basis."""
        return {
            str(one["purpose"]): LegalBasis[str(one["basis"])]
            for one in self.standings
            if one.get("lawful") and one.get("basis")
        }

    def _purpose(self, name: str) -> dict[str, Any]:
        said = PURPOSES[name]
        stands = [
            {key: one.get(key) for key in ("lawful", "basis", "channel", "until")}
            for one in self.standings
            if one.get("purpose") == name
        ]
        return {"name": name, "about": said.about, "usualBasis": said.basis.name, "standings": stands}


def grounds(left_out: Mapping[str, Ground]) -> list[dict[str, str]]:
    """Fields that are missing, as an export tells of them."""
    return [{"field": name, "why": ground.why, "law": ground.law} for name, ground in sorted(left_out.items())]


def below(stop: Stop, row: Record) -> Iterator[tuple[str, Record]]:
    """A record and every whole record below it, each with its type."""
    if stop.whole:
        yield stop.kind.name, row
    for way in stop.ways:
        found = row.get(way.name)
        for one in found if isinstance(found, list) else [found] if found else []:
            yield from below(way.end(one), one)
