"""A folder of exports into the graph: exactly once, the same again at every later load, to be resumed after a kill.

Every node has a key of its own for its label, and every statement makes or finds by it. What belongs together is
written in one transaction: a customer with the records that make her, decisions with the standings they amount to.
"""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import orjson

from ingest.assemble import assemble
from ingest.company import Company, find_out
from ingest.constraints import statements as constraint_statements
from ingest.draft import Draft, Link, Node
from ingest.exports import Progress, read_folder
from ingest.readers import SOURCES, Reject
from ingest.resolve import Key
from ingest.statements import link_statement, node_statement, text
from schema.catalogue import complete_model
from schema.model import Model

_BATCH = 2000
_CUSTOMERS_AT_ONCE = 100
_SECONDS = 120.0
REJECTS = "rejects.csv"

Item = TypeVar("Item")
Statement = tuple[str, Mapping[str, Any] | None]


class Graph(Protocol):
    """What the loader asks of the database; graph.session.Database is one."""

    async def read(self, text: str, parameters: Mapping[str, Any] | None = None, timeout: float | None = None) -> list[Any]:
        """The first column of a statement that changes nothing."""
        ...

    async def write_many(self, statements: Iterable[Statement], timeout: float | None = None) -> list[list[Any]]:
        """All statements in one transaction."""
        ...

    async def change_schema(self, text: str, timeout: float = 60.0) -> None:
        """A statement on constraints or indexes."""
        ...


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did: rows read and refused by file, nodes by label, relationships by type."""

    rows: Mapping[str, int]
    rejects: tuple[Reject, ...]
    nodes: Mapping[str, int]
    relationships: Mapping[str, int]
    customers: int
    review: int


async def load(
    database: Graph, folder: Path, progress: Progress, *, rejects: Path | None = None, now: datetime | None = None
) -> LoadReport:
    """Load every export of a folder.

    `rejects` is the file that gets the rows that could not be read, by place and reason, never by value; without it
    they are in the report alone. Raises SourceInvalid when the folder as a whole cannot be read, and the errors of the
    database; what was written by then stays, and the next load goes on from there.
    """
    model = complete_model()
    moment = now or datetime.now(UTC)
    for statement in constraint_statements():
        await database.change_schema(statement)
    exports = read_folder(folder, progress)
    if rejects:
        write_rejects(exports.rejects, rejects)
    company = find_out(exports, moment, await _known(database))
    draft = assemble(company)
    await _write(database, model, draft, company, progress)
    await database.write_many([(text("mark_loaded"), {"digest": digest_of(folder), "now": moment})])
    return LoadReport(
        rows=Counter(one.source.file for one in exports.reads),
        rejects=exports.rejects,
        nodes={label: len(draft.nodes(label)) for label in draft.labels()},
        relationships=_relationships(draft),
        customers=len(draft.nodes("Customer")),
        review=len(company.resolution.review),
    )


async def is_loaded(database: Graph, folder: Path) -> bool:
    """Whether a folder with these very bytes was loaded to the end."""
    return bool(await database.read(text("is_loaded"), {"digest": digest_of(folder)}))


def digest_of(folder: Path) -> str:
    """A digest of the names and bytes of all exports that a folder has."""
    digest = hashlib.blake2b(digest_size=16)
    for source in SOURCES:
        path = folder / source.file
        if path.is_file():
            with path.open("rb") as handle:
                digest.update(f"{source.file}\n{hashlib.file_digest(handle, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()


def write_rejects(rejects: Sequence[Reject], path: Path) -> None:
    """Write where rows were refused and why."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(("file", "line", "column", "reason"))
        writer.writerows((one.file, one.line, one.column, one.reason) for one in rejects)


async def _known(database: Graph) -> dict[Key, str]:
    rows = await database.read(text("customers_of_records"), None, _SECONDS)
    return {(row["system"], row["key"]): row["customer"] for row in rows}


def _relationships(draft: Draft) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for type_, start, end in draft.kinds_of_links():
        counted[type_] += len(draft.links(type_, start, end))
    return dict(counted)


# Writing

_TOGETHER = frozenset({("RESOLVES_TO", "SourceRecord", "Customer"), ("GAVE", "Customer", "Consent"), ("STANDS", "Customer", "Standing")})
_NOT_FIRST = frozenset({"Customer", "Consent", "Standing"})


async def _write(database: Graph, model: Model, draft: Draft, company: Company, progress: Progress) -> None:
    first = [label for label in draft.labels() if label not in _NOT_FIRST]
    kinds = [kind for kind in draft.kinds_of_links() if kind not in _TOGETHER]
    total = sum(len(draft.nodes(label)) for label in draft.labels()) + sum(len(draft.links(*kind)) for kind in kinds)
    done = 0
    for label in first:
        for batch in _batches(draft.nodes(label), _BATCH):
            await database.write_many([_nodes(model, label, batch)], _SECONDS)
            progress("write", done := done + len(batch), total)
    for statements, size in _customers(model, draft, company.now):
        await database.write_many(statements, _SECONDS)
        progress("write", done := done + size, total)
    for kind in kinds:
        for links in _batches(draft.links(*kind), _BATCH):
            await database.write_many([_links(model, kind, links)], _SECONDS)
            progress("write", done := done + len(links), total)


def _customers(model: Model, draft: Draft, now: datetime) -> Iterator[tuple[list[Statement], int]]:
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
        yield [
            _nodes(model, "Customer", batch),
            (text("updated"), {"keys": keys, "now": now}),
            _links(model, ("RESOLVES_TO", "SourceRecord", "Customer"), resolved),
            _nodes(model, "Consent", [consents.pop(link.end.key) for link in given]),
            _links(model, ("GAVE", "Customer", "Consent"), given),
            _nodes(model, "Standing", [standings[link.end.key] for link in standing]),
            _links(model, ("STANDS", "Customer", "Standing"), standing),
        ], len(batch) + len(given) + len(standing)
    for rest in _batches(tuple(consents.values()), _BATCH):
        yield [_nodes(model, "Consent", rest)], len(rest)


def _by_customer(links: Iterable[Link], side: str) -> dict[str, list[Link]]:
    found: dict[str, list[Link]] = {}
    for link in links:
        found.setdefault(link.start.key if side == "start" else link.end.key, []).append(link)
    return found


def _nodes(model: Model, label: str, nodes: Sequence[Node]) -> Statement:
    rows = [
        {"key": node.key, "properties": node.properties, "once": node.once, "digest": _digest(node.properties)}
        for node in nodes
    ]
    return node_statement(model, label), {"rows": rows, "prefix": model[label].prefix}


def _links(model: Model, kind: tuple[str, str, str], links: Sequence[Link]) -> Statement:
    rows = [
        {"start": link.start.key, "end": link.end.key, "properties": link.properties, "once": link.once} for link in links
    ]
    return link_statement(model, *kind), {"rows": rows}


def _digest(properties: Mapping[str, Any]) -> str:
    return hashlib.blake2b(orjson.dumps(properties, option=orjson.OPT_SORT_KEYS), digest_size=12).hexdigest()


def _batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
