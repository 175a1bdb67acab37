"""Reading: a customer's data, asked for page by page as she would ask herself.

Every question goes the way of a request: validated against the schema of her role, placed on her View, compiled, and on
record before anything of the answer is used. One page is in memory at a time.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from graphql import DocumentNode, OperationDefinitionNode, parse, validate

from auth.disclosure import Answered, Disclosure, Recorder
from privacy import documents
from privacy.parts import Stop, Way
from resolvers.budget import Budget
from resolvers.read import Reader, Request, answer
from resolvers.role_schema import RoleSchema
from schema.errors import ExportBroken

UNHURRIED = Budget(depth=100, fields=100_000, rows=10**9, estimate=10**12)
"""An export asks for all there is; one page of it is as large as the documents say."""
Record = dict[str, Any]


@dataclass(slots=True)
class OnRecord:
    """Puts on the trail by whom an export is made. The same fields told again, by a further page, are told once."""

    trail: Recorder
    viewer: str
    _told: set[tuple[Answered, ...]] = field(default_factory=set)

    async def record(self, disclosure: Disclosure) -> None:
        """Return once the disclosure is durable. Raises TrailUnavailable."""
        if disclosure.answers in self._told:
            return
        await self.trail.record(replace(disclosure, viewer=self.viewer))
        self._told.add(disclosure.answers)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is told of one customer to herself. `request` is the request of her who asks, made for this export."""

    schema: RoleSchema
    request: Request
    customer: str
    _documents: dict[str, DocumentNode] = field(default_factory=dict)

    async def record(self, root: Stop) -> Record | None:
        """The golden record with what it has one of; None where she does not see it. Raises ExportBroken."""
        found = (await self._ask(documents.of_customer(root), {"id": self.customer}))["customer"]
        return None if found is None else await self._whole(root, found, many=False)

    async def rows(self, way: Way) -> AsyncIterator[Record]:
        """What she has many of, one after the other, each with all that is below it. Raises ExportBroken."""
        async for row in self._rows(way, documents.of_way(way), "customer", self.customer):
            yield row

    async def _rows(self, way: Way, text: str, root: str, id: str) -> AsyncIterator[Record]:
        after: str | None = None
        while True:
            above = (await self._ask(text, {"id": id, "after": after}))[root]
            if above is None:
                raise ExportBroken("What was to be exported is no longer there. Ask again.")
            page = above[documents.ROWS]
            for row in page["nodes"]:
                yield await self._end(way, row)
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]

    async def _end(self, way: Way, row: Record) -> Record:
        """A row at the end of a way, complete and under the names of its type."""
        if not way.union:
            return await self._whole(way.ends[0], row)
        end = next(end for end in way.ends if end.kind.name == row["__typename"])
        named = documents.prefix(way, end)
        bare = {name.removeprefix(named): value for name, value in row.items() if name != "__typename"}
        return {"type": end.kind.name, **await self._whole(end, bare)}

    async def _whole(self, stop: Stop, row: Record, *, many: bool = True) -> Record:
        """A record with its nested lists to their ends, and without an empty `_withheld`."""
        made = dict(row)
        if not made.get(documents.WITHHELD):
            made.pop(documents.WITHHELD, None)
        for way in stop.ways:
            if not way.many:
                made[way.name] = None if row[way.name] is None else await self._end(way, row[way.name])
            elif many:
                made[way.name] = await self._list(stop, way, row)
        return made

    async def _list(self, stop: Stop, way: Way, row: Record) -> list[Record]:
        page = row[way.name]
        if page["pageInfo"]["hasNextPage"]:
            text = documents.of_nested(stop, way)
            return [one async for one in self._rows(way, text, "node", row["id"])]
        return [await self._end(way, one) for one in page["nodes"]]

    async def _ask(self, text: str, variables: Mapping[str, Any]) -> Record:
        document = self._documents.get(text)
        if document is None:
            document = self._documents[text] = self._read(text)
        operation = document.definitions[0]
        assert isinstance(operation, OperationDefinitionNode)
        result = await answer(self.schema, document, text, operation, variables, self.request)
        if result.errors:
            raise ExportBroken(f"The export broke off: {_told(result.errors)} Nothing of it is kept.")
        return result.data or {}

    def _read(self, text: str) -> DocumentNode:
        document = parse(text)
        if faults := validate(self.schema.graphql, document):
            raise ExportBroken(
                f"The model and the policy do not give a question that can be asked: {faults[0].message}"
            )
        return document


def _told(errors: Sequence[Any]) -> str:
    """The first refusal in its own words, its code and where it stands: names and places, no value."""
    first = errors[0]
    path = first.path or ()
    where = f" at {'.'.join(map(str, path))}" if len(path) > 1 else ""
    return f"{first.message} ({(first.extensions or {}).get('code', '')}{where})"


async def survivor_of(database: Reader, customer: str) -> str | None:
    """Whose record a customer was merged into; None where she was not."""
    text = (Path(__file__).parent / "statements" / "survivor.cypher").read_text(encoding="utf-8")
    found = await database.read(text, {"id": customer})
    return str(found[0]) if found else None
