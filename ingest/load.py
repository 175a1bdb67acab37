"""A folder of exports into the graph: exactly once, the same again at every later load, to be resumed after a kill.

Every node has a key of its own for its label, and every statement makes or finds by it. What belongs together is
written in one transaction: a customer with the records that make her, decisions with the standings they amount to.
"""

import asyncio
import csv
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from graph.vault.vault import PLAIN, Keys
from ingest.assemble import assemble
from ingest.attached import attached_in
from ingest.candidates import settled
from ingest.company import Company, find_out
from ingest.conflicts import Conflict, conflicts
from ingest.constraints import statements as constraint_statements
from ingest.corrections import given_back
from ingest.decisions import decisions
from ingest.draft import Draft, Link
from ingest.expired import without_expired
from ingest.exports import Exports, Progress, delivery
from ingest.homes import home_of_kind
from ingest.kept import rules_kept
from ingest.live.held import with_live
from ingest.opening import opened
from ingest.patience import Graph, Patient
from ingest.preview import Preview, compare
from ingest.quality import measures
from ingest.quality_kept import keep
from ingest.resealing import reseal
from ingest.resolve import Key
from ingest.rows import Reject
from ingest.sealing import Sealing, sealing
from ingest.sources.read import Sources
from ingest.standing import Decided, decided_here
from ingest.statements import Statement, text
from ingest.suppressed import LeftOut, without_suppressed
from ingest.suppression import Hasher
from ingest.survivorship import Survivorship
from ingest.survivorship_change import Changes, changes
from ingest.write_back.echoes import without_echoes
from ingest.written import links_written, nodes_written
from schema.catalogue import complete_model
from schema.governance import Retention, Threshold
from schema.model import Model

_BATCH = 1000
_CUSTOMERS_AT_ONCE = 200
_LABELS_AT_ONCE = 4
_SECONDS = 120.0
_PATIENCE = 60.0
REJECTS = "rejects.csv"

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did: rows read and refused by file, nodes by label, relationships by type.

    `notes` say what whoever loads should know of the exports, `conflicts` where sources disagree.
    """

    rows: Mapping[str, int]
    rejects: tuple[Reject, ...]
    nodes: Mapping[str, int]
    relationships: Mapping[str, int]
    customers: int
    review: int
    notes: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


async def load(
    database: Graph,
    given: Path | Sources,
    progress: Progress,
    *,
    rejects: Path | None = None,
    now: datetime | None = None,
    patience: float = _PATIENCE,
    forget: Sequence[Retention] = (),
    asked: Sequence[Threshold] = (),
    keys: Keys = PLAIN,
    suppression: Hasher | None = None,
) -> LoadReport:
    """Load what sources deliver, or a folder does; what the rules to `forget` have let go does not come back.

    Nor do the erased, whom `suppression` knows again; where some are, it has to be given. How good the data is, is
    measured and kept; what is below what is `asked` is raised, and told in the notes. Secret values are sealed by
    `keys`.

    `rejects` is the file that gets the rows that could not be read, by place and reason, never by value; without it
    they are in the report alone. For `patience` seconds a database that cannot be reached is asked again. Raises
    SourceInvalid, MappingInvalid and MappingFailed when a source as a whole cannot be read, and the errors of the
    database; what was written by then stays, and the next load goes on from there. SuppressionKeyWrong comes before.
    """
    model, moment, graph = complete_model(), now or datetime.now(UTC), Patient(database, patience)
    # Reading and matching take seconds of the processor; whoever else uses this event loop goes on meanwhile.
    sources = _sources(given)
    exports = await asyncio.to_thread(sources.read, progress)
    if rejects:
        write_rejects(exports.rejects, rejects)
    for statement in constraint_statements():
        await graph.change_schema(statement)
    company, draft, known, left = await _found_out(graph, exports, moment, progress, keys, suppression)
    draft, over = await _within(graph, draft, forget, moment)
    if left.told:
        await graph.write_many([(text("note_left_out"), {"rows": left.rows})], _SECONDS)
    sealed = await _sealing(graph, model, draft, keys)
    await _write(graph, model, draft, company, progress, sealed)
    await graph.write_many([(text("hold_deceased"), {"keys": None})], _SECONDS)
    if changed := settled(await graph.read(text("candidates"), None, _SECONDS), company):
        await graph.write_many([(text("settle"), {"rows": changed, "now": moment})], _SECONDS)
    heirs: list[dict[str, str]] = []
    if absorbed := sorted(set(known.values()) - set(company.customers.values())):
        heirs = _heirs(absorbed, known, company)
        await graph.write_many([(text("inherited"), {"rows": heirs}), (text("absorbed"), {"keys": absorbed})], _SECONDS)
    await graph.write_many([(text("forget_signals"), {"customers": None})], _SECONDS)
    await _resealed(graph, keys, sealed, {one["absorbed"]: one["heir"] for one in heirs})
    measured = await asyncio.to_thread(measures, company)
    under = await keep(graph, measured, asked, sources.digest(), moment)
    await graph.write_many(
        [
            (
                text("mark_loaded"),
                {
                    "digest": sources.digest(),
                    "now": moment,
                    "rules": rules_kept(exports.survivorship),
                    "journey": exports.journey.text,
                },
            )
        ]
    )
    return LoadReport(
        rows=Counter(one.source.file for one in exports.reads),
        rejects=exports.rejects,
        nodes={label: len(draft.nodes(label)) for label in draft.labels()},
        relationships=_relationships(draft),
        customers=len(draft.nodes("Customer")),
        review=len(company.resolution.review),
        notes=(*exports.notes, *over, *left.notes, *(one.sentence for one in under)),
        conflicts=conflicts(company.golden.values()),
    )


async def preview(
    database: Graph,
    given: Path | Sources,
    progress: Progress,
    *,
    now: datetime | None = None,
    forget: Sequence[Retention] = (),
    keys: Keys = PLAIN,
    suppression: Hasher | None = None,
) -> Preview:
    """What a load would do, found out as a load does and compared with the graph; nothing is written.

    Raises what `load` raises.
    """
    exports = await asyncio.to_thread(_sources(given).read, progress)
    moment = now or datetime.now(UTC)
    company, draft, known, left = await _found_out(database, exports, moment, progress, keys, suppression)
    draft, over = await _within(database, draft, forget, moment)
    exports = replace(exports, notes=(*exports.notes, *over, *left.notes))
    records = await database.read(text("records_held"), None, _SECONDS)
    customers = await database.read(text("customers_held"), None, _SECONDS)
    absorbed = set(known.values()) - set(company.customers.values())
    ids = {row["key"]: row["id"] for row in customers}
    sealed = await sealing(keys, complete_model(), draft, ids, make=False)
    draft = await asyncio.to_thread(sealed.draft, draft)
    return compare(exports, draft, records, customers, absorbed, conflicts(company.golden.values()))


async def rehearsal(
    database: Graph,
    given: Path | Sources,
    other: Survivorship,
    progress: Progress,
    *,
    now: datetime | None = None,
    keys: Keys = PLAIN,
    suppression: Hasher | None = None,
) -> tuple[Changes, ...]:
    """What other survivorship rules would make of golden records, with the customers' ids; nothing is written.

    Raises what `load` raises.
    """
    exports = await asyncio.to_thread(_sources(given).read, progress)
    moment = now or datetime.now(UTC)
    company, _, _, _ = await _found_out(database, exports, moment, progress, keys, suppression)
    ids = {row["key"]: row["id"] for row in await database.read(text("customers_held"), None, _SECONDS)}
    return await asyncio.to_thread(changes, company, other, ids)


async def _found_out(
    database: Graph, exports: Exports, now: datetime, progress: Progress, keys: Keys, suppression: Hasher | None
) -> tuple[Company, Draft, dict[Key, str], LeftOut]:
    """Who is who among the exports, the graph of it, which customer each record belonged to before, and how much of the
    erased they still hold.
    """
    known, exports = await _known(database), await without_echoes(database, exports)
    exports, left = await without_suppressed(database, exports, suppression)
    live = await database.read(text("live_profiles"), None, _SECONDS)
    exports = with_live(exports, await opened(keys, live, {"row": "liveRow", "payload": "payload"}))
    progress("resolve", 0, 1)
    pairs = decisions(await database.read(text("persons_decided"), None, _SECONDS))
    corrections = given_back(await database.read(text("corrections_here"), None, _SECONDS))
    attached = attached_in(await database.read(text("attached"), None, _SECONDS))
    decided = await _decided(database)
    company = await asyncio.to_thread(find_out, exports, now, known, decided, pairs, corrections, attached)
    draft = await asyncio.to_thread(assemble, company)
    progress("resolve", 1, 1)
    return company, draft, known, left


async def _within(
    database: Graph, draft: Draft, forget: Sequence[Retention], now: datetime
) -> tuple[Draft, tuple[str, ...]]:
    """The draft without what the rules have let go, and what to say of it."""
    if not forget:
        return draft, ()
    held = frozenset(await database.read(text("legal_holds"), None, _SECONDS))
    kept, found = await asyncio.to_thread(without_expired, draft, complete_model(), forget, now, held)
    said = ", ".join(f"{name} {count:,}" for name, count in found.items())
    return kept, (f"Not taken in again, by rules of retention: {said}.",) if said else ()


def _sources(given: Path | Sources) -> Sources:
    return given if isinstance(given, Sources) else delivery([given])


async def is_loaded(database: Graph, given: Path | Sources) -> bool:
    """Whether sources and exports of these very bytes were loaded to the end."""
    return bool(await database.read(text("is_loaded"), {"digest": _sources(given).digest()}))


def write_rejects(rejects: Sequence[Reject], path: Path) -> None:
    """Write where rows were refused and why."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(("file", "line", "column", "reason"))
        writer.writerows((one.file, one.line or "", one.column, one.reason) for one in rejects)


async def _known(database: Graph) -> dict[Key, str]:
    rows = await database.read(text("customers_of_records"), None, _SECONDS)
    # Companies have keys of one table, people those of their system.
    return {(home_of_kind(row["kind"], row["system"]), row["key"]): row["customer"] for row in rows}


def _heirs(absorbed: Iterable[str], known: Mapping[Key, str], company: Company) -> list[dict[str, str]]:
    """For each absorbed customer the one to whom most of her records belong now."""
    gone = set(absorbed)
    moved: dict[str, Counter[str]] = {}
    for key, before in known.items():
        if before in gone and (after := company.customers.get(key)):
            moved.setdefault(before, Counter())[after] += 1
    return [{"absorbed": one, "heir": min(to, key=lambda key: (-to[key], key))} for one, to in sorted(moved.items())]


async def _decided(database: Graph) -> dict[str, list[Decided]]:
    """What customers decided through the API, by their keys."""
    found: dict[str, list[Decided]] = {}
    for row in await database.read(text("decisions_here"), None, _SECONDS):
        found.setdefault(row["customer"], []).extend(decided_here([row]))
    return found


def _relationships(draft: Draft) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for type_, start, end in draft.kinds_of_links():
        counted[type_] += len(draft.links(type_, start, end))
    return dict(counted)


# Writing

_TOGETHER = frozenset(
    {("RESOLVES_TO", "SourceRecord", "Customer"), ("GAVE", "Customer", "Consent"), ("STANDS", "Customer", "Standing")}
)
_NOT_FIRST = frozenset({"Customer", "Consent", "Standing"})


async def _sealing(database: Graph, model: Model, draft: Draft, keys: Keys) -> Sealing:
    """What seals the draft: by the keys of the customers who are there, and of those whom it makes."""
    held = await database.read(text("customers_held"), None, _SECONDS) if keys.seals else []
    return await sealing(keys, model, draft, {row["key"]: row["id"] for row in held})


async def _resealed(database: Graph, keys: Keys, sealed: Sealing, heirs: Mapping[str, str]) -> None:
    """Seal anew what came to others by what was written: rows of heirs, and of customers whom a live source made first.

    These have another id than the one for whose key their rows were sealed. `heirs` are by whom was absorbed.
    """
    if not keys.seals:
        return
    asked = {"keys": sorted({*sealed.new, *heirs.values()})}
    found = {row["key"]: row["id"] for row in await database.read(text("ids_of_customers"), asked, _SECONDS)}
    others = {key for key, id_ in sealed.new.items() if found.get(key, id_) != id_}
    moved = {found[key] for key in {*heirs.values(), *others} if key in found}

    async def run(said: str, parameters: Mapping[str, Any]) -> list[Any]:
        return (await database.write_many([(said, parameters)], _SECONDS))[0]

    for some in _batches(sorted(moved), _CUSTOMERS_AT_ONCE):
        await reseal(run, keys, some)
    gone = {sealed.ids[old]: found[heir] for old, heir in heirs.items() if old in sealed.ids and heir in found}
    await keys.inherit({**gone, **{sealed.new[key]: found[key] for key in others}})


async def _write(
    database: Graph, model: Model, draft: Draft, company: Company, progress: Progress, sealed: Sealing
) -> None:
    labels = sorted(draft.labels(), key=lambda label: -len(draft.nodes(label)))
    first = [label for label in labels if label not in _NOT_FIRST]
    kinds = [kind for kind in draft.kinds_of_links() if kind not in _TOGETHER]
    total = sum(len(draft.nodes(label)) for label in draft.labels()) + sum(len(draft.links(*kind)) for kind in kinds)
    done = 0

    async def write(statements: Sequence[Statement], size: int) -> None:
        nonlocal done
        await database.write_many(statements, _SECONDS)
        done += size
        progress("write", done, total)

    async def write_label(label: str) -> None:
        for batch in _batches(draft.nodes(label), _BATCH):
            nodes = await asyncio.to_thread(sealed.nodes, batch) if sealed.touches(label) else batch
            await write([nodes_written(model, label, nodes)], len(batch))

    # Nodes of two labels never wait for one another; relationships might lock each other's ends, so they queue.
    await _side_by_side(write_label, first)
    for statements, size in _customers(model, draft, company.now, sealed):
        await write(statements, size)
    for kind in kinds:
        for links in _batches(draft.links(*kind), _BATCH):
            await write([links_written(model, kind, links)], len(links))


async def _side_by_side(write: Callable[[str], Awaitable[None]], labels: Iterable[str]) -> None:
    """A few labels at once. The first refusal ends all and is the one that is raised."""
    places = asyncio.Semaphore(_LABELS_AT_ONCE)

    async def in_turn(label: str) -> None:
        async with places:
            await write(label)

    try:
        async with asyncio.TaskGroup() as group:
            for label in labels:
                group.create_task(in_turn(label))
    except ExceptionGroup as failed:  # `except*` would wrap what is raised again
        raise failed.exceptions[0] from None


def _customers(model: Model, draft: Draft, now: datetime, sealed: Sealing) -> Iterator[tuple[list[Statement], int]]:
    """Transactions of some customers each: golden records, the records that make them, decisions and standings."""
    records = _by_customer(draft.links("RESOLVES_TO", "SourceRecord", "Customer"), "end")
    gave = _by_customer(draft.links("GAVE", "Customer", "Consent"), "start")
    stands = _by_customer(draft.links("STANDS", "Customer", "Standing"), "start")
    consents = {node.key: node for node in draft.nodes("Consent")}
    standings = {node.key: node for node in draft.nodes("Standing")}
    for batch in _batches(draft.nodes("Customer"), _CUSTOMERS_AT_ONCE):
        keys = [node.key for node in batch]
        given = [link for key in keys for link in gave.get(key, ())]
        standing = [link for key in keys for link in stands.get(key, ())]
        resolved = [link for key in keys for link in records.get(key, ())]
        yield (
            [
                nodes_written(model, "Customer", sealed.nodes(batch)),
                (text("updated"), {"keys": keys, "now": now}),
                links_written(model, ("RESOLVES_TO", "SourceRecord", "Customer"), resolved),
                nodes_written(model, "Consent", [consents.pop(link.end.key) for link in given]),
                links_written(model, ("GAVE", "Customer", "Consent"), given),
                nodes_written(model, "Standing", [standings[link.end.key] for link in standing]),
                links_written(model, ("STANDS", "Customer", "Standing"), standing),
            ],
            len(batch) + len(given) + len(standing),
        )
    for rest in _batches(tuple(consents.values()), _BATCH):
        yield [nodes_written(model, "Consent", rest)], len(rest)


def _by_customer(links: Iterable[Link], side: str) -> dict[str, list[Link]]:
    found: dict[str, list[Link]] = {}
    for link in links:
        found.setdefault(link.start.key if side == "start" else link.end.key, []).append(link)
    return found


def _batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
