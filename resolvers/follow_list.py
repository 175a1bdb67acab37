"""Following a list: a subscription that tells each record when it is new in the list, and whenever it reads otherwise.

What is in the list is read anew at each look, through the View of that moment, so it does not matter who wrote it: a
load, a live source, a change. The cursor of an event holds what was told until then, as digests, sealed for the viewer:
whoever comes back with it is told what came meanwhile.
"""

import base64
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError

from auth.disclosure import Answered
from graph.expr import Bond
from resolvers.followed_lists import LISTS
from resolvers.happened import Happened
from resolvers.looking import Looking, Unsure, refusal_of
from resolvers.prepare import Prepared
from resolvers.prepare_list import MOST_IN_A_WINDOW, ROWS, WHOSE
from resolvers.read import Request, disclosure
from resolvers.select import TYPENAME, type_of_id
from schema.errors import CursorInvalid, NotThere, TooSlow
from schema.model import MODEL

NARROWING = ("customer", "kinds")
"""The arguments that say which list it is; a cursor is good for that list alone."""
BYTES_OF_AN_ID, BYTES_OF_A_STATE = 6, 4
Known = dict[bytes, bytes]
"""Digests of records, and of what each of them read like."""


class ListFollowed(Looking):
    """What comes into a list or changes in it, since a cursor or since the first look."""

    def __init__(self, *of: Any) -> None:
        super().__init__(*of)
        self.listed = LISTS[self.act.acted.name]
        self.known: Known | None = None
        if self.listed.of is not None:
            self.followed = str(self.arguments["customer"])
            if type_of_id(self.followed) is not MODEL["Customer"]:
                raise NotThere
            self.values = {**self.values, WHOSE: self.followed}

    def wakes(self, happened: Happened) -> bool:
        """Whenever such a record was changed; of a customer's list her changes wake anyhow."""
        return self.listed.of is None and type_of_id(happened.record) is MODEL[self.listed.type]

    async def look(self, request: Request) -> AsyncIterator[ExecutionResult]:
        """Every record that was not told as it is. Raises NotThere, and TooSlow where some may have been missed."""
        pages = [await self._rows(part, request) for part in self.act.watch]
        now = {_id_of(row): _state_of(row) for rows in pages for row in rows}
        if self.known is None:
            self.known = self._given(request)
        if self.known is None:
            self.known = {} if self.arguments.get("current") else now
        elif any(self._passed_over(rows) for rows in pages):
            raise TooSlow
        for row in _oldest_first(pages):
            name = _id_of(row)
            if self.known.get(name) == now[name]:
                continue
            before = dict(self.known)
            self.known[name] = now[name]
            try:
                event = await self._event(row, now, request)
            except Unsure:  # it is told at the next look
                self.known = before
                raise
            if event is not None:
                yield event
        self.known = now

    def _passed_over(self, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Whether a window is full of what was never told, so that more may have come than it holds."""
        known = self.known or {}
        return len(rows) == MOST_IN_A_WINDOW and not any(_id_of(row) in known for row in rows)

    async def _rows(self, part: Prepared, request: Request) -> list[Mapping[str, Any]]:
        """A window, the latest first."""
        found = await self.read_with(part, self.values, request)
        if (value := found.value) is None:
            raise refusal_of(str((found.errors[0].extensions or {}).get("code"))) if found.errors else NotThere()
        rows: list[Mapping[str, Any]] = (value if self.listed.of is None else value[ROWS])[ROWS]
        return rows

    async def _event(self, row: Mapping[str, Any], now: Known, request: Request) -> ExecutionResult | None:
        """A record as it is now, once that is on record; None where it is not there any more."""
        key = self.act.acted.key
        told: dict[str, Any] = {}
        errors: list[GraphQLError] = []
        answers: list[Answered] = []
        for name, part in self.act.items:
            if isinstance(part, Prepared):
                found = await self.read(part, str(row["id"]), request)
                if found.value is None and not found.errors:
                    return None
                told[name] = found.value
                errors += [
                    GraphQLError(one.message, path=[key, *(one.path or ())], extensions=one.extensions)
                    for one in found.errors
                ]
                answers += [found.answered] if found.answered is not None else []
            elif part == TYPENAME:
                told[name] = f"{self.listed.type}Edge"
            else:
                told[name] = self._cursor(now, request)
        if answers:
            await request.trail.record(disclosure(request, self.text, tuple(answers)))
        return ExecutionResult({key: told if not _lacks(told, self.act.items) else None}, errors or None)

    def _cursor(self, now: Known, request: Request) -> str:
        """What was told until now, of what is still in the list."""
        assert self.known is not None
        told = b"".join(name + self.known[name] for name in sorted(now) if name in self.known)
        sealer = request.sealer(self.values)
        return sealer.seal([base64.b64encode(told).decode()], sealer.bond(self._bond()))

    def _given(self, request: Request) -> Known | None:
        """What was told by the cursor that was given; None without one. Raises CursorInvalid."""
        if (given := self.arguments.get("after")) is None:
            return None
        position = request.sealer(self.values).open(given, self._bond())
        try:
            (told,) = position
            held = base64.b64decode(told, validate=True)
        except (ValueError, TypeError):
            raise CursorInvalid from None
        size = BYTES_OF_AN_ID + BYTES_OF_A_STATE
        parts = [held[at : at + size] for at in range(0, len(held), size)]
        return {part[:BYTES_OF_AN_ID]: part[BYTES_OF_AN_ID:] for part in parts}

    def _bond(self) -> Bond:
        """Cursors are of one list, as it was narrowed."""
        narrowed = {name: self.arguments[name] for name in NARROWING if self.arguments.get(name) is not None}
        return Bond(self.act.acted.name, self.listed.orders, narrowed)


def _oldest_first(pages: Iterable[list[Mapping[str, Any]]]) -> list[Mapping[str, Any]]:
    """Every row once, those of the first window before those of the next."""
    rows = {str(row["id"]): row for page in pages for row in reversed(page)}
    return list(rows.values())


def _lacks(told: Mapping[str, Any], items: Iterable[tuple[str, Any]]) -> bool:
    """Whether a record that an edge always has could not be told."""
    return any(isinstance(part, Prepared) and told[name] is None for name, part in items)


def _id_of(row: Mapping[str, Any]) -> bytes:
    return sha256(str(row["id"]).encode()).digest()[:BYTES_OF_AN_ID]


def _state_of(row: Mapping[str, Any]) -> bytes:
    return sha256(orjson.dumps(row, option=orjson.OPT_SORT_KEYS, default=str)).digest()[:BYTES_OF_A_STATE]
