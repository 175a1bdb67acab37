"""Previewing: what an erasure would take, what has to stay and why, and who would be told. Nothing is changed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from graph.protocols import Graph
from graph.vault.vault import PLAIN, Opener
from ingest.write_back.changed import Changed
from privacy.fates import ROWS
from privacy.graph import SECONDS, batches, text
from privacy.personal import personal
from privacy.reach import Reach, reach
from privacy.reading import survivor_of
from schema.errors import ErasedAlready, SubjectMerged, SubjectUnknown
from schema.governance import Governance, shipped_governance
from schema.model import MODEL, Category, Model


def _several(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


@dataclass(frozen=True, slots=True)
class Goes:
    """What goes of a type: records, the personal values in them, and the relationships by which they are bound."""

    type: str
    records: int
    values: int
    relationships: int

    def in_words(self) -> str:
        """For a receipt."""
        return f"{self.type}: {_several(self.records, 'record')}, {_several(self.values, 'value')}, " + _several(
            self.relationships, "relationship"
        )


@dataclass(frozen=True, slots=True)
class StaysInPart:
    """What has to stay of a type: how many records, by which rule of the registry, the last of them until when."""

    type: str
    records: int
    rule: str
    why: str
    until: datetime

    def in_words(self) -> str:
        """For a receipt."""
        return f"{self.type}: {self.records} in part until {self.until:%Y-%m-%d}. {self.why}"


@dataclass(frozen=True, slots=True)
class Kept:
    """What loses the way to her and stays otherwise: it is others' as well, or a fact about the work."""

    type: str
    records: int


@dataclass(frozen=True, slots=True)
class Told:
    """A system that held records of hers. `by_person` says that nothing is sent to it."""

    system: str
    records: int
    by_person: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure comes to. `digest` names what was looked at: whoever erases later says it."""

    customer: str
    merged: tuple[str, ...]
    held: bool
    going: tuple[Goes, ...]
    staying: tuple[StaysInPart, ...]
    kept: tuple[Kept, ...]
    systems: tuple[Told, ...]
    handles: int
    digest: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom an erasure is about."""

    id: str
    merged: tuple[str, ...]
    held: bool

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id under which she was known."""
        return (self.id, *self.merged)


async def subject_of(graph: Graph, customer: str) -> Subject:
    """Raises SubjectUnknown, SubjectMerged with the id of whom she was merged into, and ErasedAlready."""
    rows = await graph.read(text("subject"), {"id": customer}, SECONDS)
    if not rows:
        if survivor := await survivor_of(graph, customer):
            raise SubjectMerged(
                f"This record was merged into {survivor}. Make sure that both are one person, and erase that one."
            )
        raise SubjectUnknown
    if rows[0]["status"] == "ERASED":
        raise ErasedAlready
    return Subject(customer, tuple(rows[0]["merged"]), bool(rows[0]["held"]))


async def preview(
    graph: Graph,
    customer: str,
    *,
    model: Model = MODEL,
    governance: Governance | None = None,
    keys: Opener = PLAIN,
    now: datetime | None = None,
) -> Preview:
    """What the erasure of a customer would take. Raises what `subject_of` and `reach` raise."""
    subject = await subject_of(graph, customer)
    moment = now or datetime.now(UTC)
    found = await reach(graph, keys, model, governance or shipped_governance(), subject.ids, moment)
    return await previewed(graph, model, subject, found)


async def previewed(graph: Graph, model: Model, subject: Subject, found: Reach) -> Preview:
    """What was reached, counted."""
    nodes: dict[str, list[str]] = {"Customer": list(found.roots)}
    for name, some in found.going():
        if some and not _compares(model, name):
            nodes.setdefault(name, []).extend(some)
    going = [await _goes(graph, model, name, several) for name, several in nodes.items()]
    systems = await systems_of(graph, found)
    return Preview(
        subject.id,
        subject.merged,
        subject.held,
        tuple(sorted(going, key=lambda one: one.type)),
        tuple(_stays(found)),
        tuple(Kept(name, len(one.cut)) for name, one in found.of.items() if one.cut),
        tuple(Told(system, len(records), by_person) for system, records, by_person in systems),
        len(found.handles),
        await digest_of(graph, model, found),
    )


async def systems_of(graph: Graph, found: Reach) -> list[tuple[str, list[str], bool]]:
    """The systems that held records of hers, each with these as `kind key`, and whether a person has to tell it."""
    records: dict[str, dict[str, None]] = {}
    for some in batches(found.of[ROWS].going):
        for row in await graph.read(text("places"), {"rows": list(some)}, SECONDS):
            records.setdefault(row["system"], {})[f"{row['kind']} {row['key']}"] = None
    asked = {"systems": sorted(records), "what": Changed.ERASED.value}
    takes = set(await graph.read(text("takes"), asked, SECONDS))
    return [(system, sorted(said), system not in takes) for system, said in sorted(records.items())]


async def digest_of(graph: Graph, model: Model, found: Reach) -> str:
    """A name of what was reached; looks at it change nothing of it. Raises the errors of the database."""
    said = list(found.ids)
    for name, one in sorted(found.of.items()):
        if not _compares(model, name):
            for some in batches(sorted(one.hers)):
                said += sorted(map(str, await graph.read(text("ids"), {"nodes": list(some)}, SECONDS)))
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _compares(model: Model, label: str) -> bool:
    """Whether nodes of a label compare people: such a one is there only for who sees all of them, so none is told."""
    way = model[label].subject if label in model else None
    return way is not None and way.every


async def _goes(graph: Graph, model: Model, label: str, nodes: Sequence[str]) -> Goes:
    kind = model.get(label)
    # What no role sees is not counted, so that a count tells nothing of it.
    held = [] if kind is None else [one for one in kind.properties.values() if one.category is not Category.SECRET]
    fields = [one.name for one in held if personal(one)]
    (row,) = await graph.read(text("counted"), {"nodes": list(nodes), "fields": fields}, SECONDS)
    return Goes(label, len(nodes), row["values"], row["relationships"])


def _stays(found: Reach) -> list[StaysInPart]:
    return [
        StaysInPart(
            name,
            len(one.staying),
            one.staying[0].rule.name,
            one.staying[0].rule.why,
            max(stays.until for stays in one.staying),
        )
        for name, one in found.of.items()
        if one.staying
    ]
