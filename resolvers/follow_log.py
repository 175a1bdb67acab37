"""Following a log: a subscription that is the list itself, read on from a cursor whenever something happened.

So each row comes once and in its order, whoever made it, also what came while nobody listened: the cursor of the last
event is where the next subscription goes on. What wakes it decides nothing but when.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from graphql import ExecutionResult, GraphQLError

from resolvers.happened import Happened
from resolvers.looking import Looking, refusal_of
from resolvers.prepare import Prepared
from resolvers.prepare_act import AFTER, EDGES, END, LOGS, MORE
from resolvers.read import Request, RootAnswer, disclosure
from resolvers.select import type_of_id
from schema.model import MODEL


class LogFollowed(Looking):
    """What comes after a cursor, or after what is there at the first look."""

    def __init__(self, *of: Any) -> None:
        super().__init__(*of)
        self.onwards, self.beginning, self.end = self.parts
        given = self.arguments.get("after")
        self.at: str | None = None if given is None else str(given)
        self.began = given is not None

    def wakes(self, happened: Happened) -> bool:
        """Whenever a change was made: what it is, the list tells."""
        return type_of_id(happened.id) is MODEL[LOGS[self.part.name]]

    async def look(self, request: Request) -> AsyncIterator[ExecutionResult]:
        """Every row that is there by now and was not told."""
        if not self.began:
            self.at = (await self._page(self.end, request)).value["page"][END]
            self.began = True
            return
        more = True
        while more:
            found = await self._page(self.onwards if self.at is not None else self.beginning, request)
            assert found.answered is not None
            if rows := found.value[EDGES]:
                await request.trail.record(disclosure(request, self.text, (found.answered,)))
            for place, row in enumerate(rows):
                yield ExecutionResult({self.part.key: row}, _of_row(place, found.errors) or None)
            page: Mapping[str, Any] = found.value["page"]
            self.at, more = page[END] or self.at, page[MORE]

    async def _page(self, part: Prepared, request: Request) -> RootAnswer:
        found = await self.read_with(part, {**self.values, AFTER: self.at}, request)
        if found.value is None:  # a row that cannot be told must not be passed over
            raise refusal_of(str((found.errors[0].extensions or {}).get("code")))
        return found


def _of_row(place: int, errors: list[GraphQLError]) -> list[GraphQLError]:
    """The errors of one row, with their paths from there."""
    return [
        GraphQLError(one.message, path=[one.path[0], *one.path[3:]], extensions=one.extensions)
        for one in errors
        if one.path and len(one.path) > 2 and one.path[2] == place
    ]
