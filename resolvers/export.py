"""Export: nodes or relationships of a View, page by page, each page on record before anybody may have it.

What leaves is what an answer of the API would hold for the same role and purpose: the same View, rules and masks, and
reads of the same kind. What is revealed for a while stays masked here. Each page is read for its own moment, so a legal
basis that ends while an export goes on ends it for the pages that follow.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from auth.disclosure import Answered, Shown
from graph.emit import Statement
from graph.emit_export import ABOUT, emit_edges, emit_nodes
from graph.export import AFTER, BEYOND, EdgeExport, NodeExport
from graph.expr import Bond
from graph.read import Leg
from resolvers.bind import bind
from resolvers.budget import Cost
from resolvers.cursor import Sealer
from resolvers.disclose import discloser
from resolvers.read import Request, disclosure
from schema.errors import CursorInvalid, ExportTokenInvalid

Row = Mapping[str, Any]
Clock = Callable[[], datetime]
HOURS_TO_GO_ON = 24
"""For so long after its beginning a broken export may be gone on with."""
ONE_LOOK = Cost(roots=1, lookups=1)
"""What an export is charged with: a look-up, whatever its size. How many there are at once is bounded elsewhere."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far an export is: `part` of its parts, after the row with these ids; `rows` were told before, and `begun`
    says when the first of them was asked for.
    """

    begun: datetime
    part: int = 0
    rows: int = 0
    after: str = ""
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One statement of an export, `rows` of it a page. `shown` says what rows tell of whom."""

    of: NodeExport | EdgeExport
    statement: Statement
    rows: int
    shown: Callable[[Sequence[Row]], tuple[Shown, ...]]

    def after(self, row: Row) -> tuple[str, str]:
        """The ids in a row after which the next page begins."""
        return (row["id"], "") if isinstance(self.of, NodeExport) else (row["x"], row["y"])


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one part, on record, and where the next page begins."""

    part: Part
    rows: Sequence[Row]
    next: Position


def of_nodes(asked: NodeExport, *, pseudonymous: bool) -> Part:
    """The one part of an export of nodes."""
    told = discloser((asked.leg,), None)
    key = f"{asked.type}.id"

    def shown(rows: Sequence[Row]) -> tuple[Shown, ...]:
        found = told.shown(rows)
        return tuple(_named(one, key) for one in found) if pseudonymous else found

    return Part(asked, emit_nodes(asked), asked.rows, shown)


def of_edges(asked: EdgeExport, *, pseudonymous: bool) -> Part:
    """One kind of relationship as a part of an export."""
    ids = tuple(sorted({f"{asked.near.label}.id", f"{asked.far.label}.id"}))
    edge = f"{asked.near.label}.{asked.edge.name}"
    fields, masked = ((edge,), ids) if pseudonymous else (tuple(sorted((edge, *ids))), ())
    whose = [end + ABOUT if leg.about.path else end for end, leg in _ends(asked) if leg.about is not None]

    def shown(rows: Sequence[Row]) -> tuple[Shown, ...]:
        subjects: dict[str, None] = {}
        for row in rows:
            for column in whose:
                found = row[column]
                subjects.update({found: None} if isinstance(found, str) else dict.fromkeys(found))
        return (Shown(fields, masked, tuple(subjects)),) if rows else ()

    return Part(asked, emit_edges(asked), asked.rows, shown)


def _ends(asked: EdgeExport) -> tuple[tuple[str, Leg], ...]:
    return (("x", asked.near), ("y", asked.far))


def _named(shown: Shown, key: str) -> Shown:
    """What was shown where an id leaves as a pseudonym: something coarser."""
    if key not in shown.fields:
        return shown
    return replace(
        shown,
        fields=tuple(name for name in shown.fields if name != key),
        masked=tuple(sorted((*shown.masked, key))),
    )


@dataclass(frozen=True, slots=True)
class Export:
    """One export that a viewer asks for: its parts, in their order, and what its tokens are bound to.

    `name` says what it is, without a value, as the digest in the trail is made of it.
    """

    request: Request
    parts: tuple[Part, ...]
    name: str
    bond: Bond
    seconds: float
    clock: Clock

    def begun(self) -> Position:
        """The beginning of an export that begins now."""
        return Position(self.clock())

    def sealed(self, position: Position) -> str:
        """A token with which the same viewer may go on from there; it can be read by nobody else."""
        held = [position.begun.isoformat(), position.part, position.rows, position.after, position.beyond]
        sealer = self.sealer
        return sealer.seal(held, sealer.bond(self.bond))

    def opened(self, token: str) -> Position:
        """Where a token says to go on. Raises ExportTokenInvalid."""
        try:
            begun, part, rows, after, beyond = self.sealer.open(token, self.bond)
        except (CursorInvalid, ValueError):
            raise ExportTokenInvalid from None
        position = Position(datetime.fromisoformat(begun), part, rows, after, beyond)
        if self.clock() - position.begun > timedelta(hours=HOURS_TO_GO_ON):
            raise ExportTokenInvalid
        return position

    @property
    def sealer(self) -> Sealer:
        """What seals its tokens and makes its pseudonyms."""
        return self.request.sealer({})

    async def pages(self, position: Position) -> AsyncGenerator[Page, None]:
        """The pages from a position to the end, of which the first may be empty. While one is used the next is read.

        Raises ClaimMissing, what the database raises, and TrailUnavailable; then the page is nobody's.
        """
        if position.part == len(self.parts):
            return
        reading, told = self._reading(position), False
        try:
            while True:
                part = self.parts[position.part]
                rows = await reading
                if len(rows) == part.rows:
                    after, beyond = part.after(rows[-1])
                    position = replace(position, rows=position.rows + len(rows), after=after, beyond=beyond)
                else:
                    position = Position(position.begun, position.part + 1, position.rows + len(rows))
                last = position.part == len(self.parts)
                if not last:
                    reading = self._reading(position)
                if rows or (last and not told):
                    await self._record(part, rows)
                    told = True
                    yield Page(part, rows, position)
                if last:
                    return
        finally:
            reading.cancel()  # nobody waits for what was read ahead
            await asyncio.gather(reading, return_exceptions=True)

    def _reading(self, position: Position) -> "asyncio.Task[list[Row]]":
        return asyncio.ensure_future(self._read(position))

    async def _read(self, position: Position) -> list[Row]:
        request, statement = self.request, self.parts[position.part].statement
        given = {AFTER: position.after, BEYOND: position.beyond}
        parameters = bind(statement, given, request.viewer, request.view, self.sealer, self.clock())
        with request.observer.reading(statement.name, statement.text) as stage:
            (rows,) = await request.database.read(statement.text, parameters, self.seconds)
            stage.rows(len(rows))
        found: list[Row] = rows
        return found

    async def _record(self, part: Part, rows: Sequence[Row]) -> None:
        answered = Answered(part.statement.name, part.shown(rows), None, ())
        told = disclosure(replace(self.request, now=self.clock()), self.name, (answered,))
        with self.request.observer.recording():
            await self.request.trail.record(told)


def now() -> datetime:
    """The time of now."""
    return datetime.now(UTC)
