"""Looking: what every kind of subscription does whenever it is woken, the View and the trail included."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Mapping
from typing import Any

from graphql import ExecutionResult

from graph.view import View
from resolvers.happened import Happened
from resolvers.prepare import Prepared, PreparedAct
from resolvers.prepare_act import RECORD
from resolvers.read import Request, RootAnswer, bound, disclosure, read_root
from schema.errors import CustomerGraphError, every_error


class Unsure(Exception):
    """The database could not tell. Nothing is shown until it can."""

    def __init__(self, refusal: CustomerGraphError) -> None:
        super().__init__()
        self.refusal = refusal


class Looking(ABC):
    """What one kind of subscription reads. Raises NotThere when it is over, Unsure when nobody knows."""

    def __init__(
        self,
        act: PreparedAct,
        view: View,
        arguments: Mapping[str, Any],
        values: Mapping[str, Any],
        text: str,
        waiting: deque[str],
    ) -> None:
        self.act = act
        self.parts = tuple(part for _, part in act.items if isinstance(part, Prepared))
        self.values, self.text, self.waiting = values, text, waiting
        self.arguments = arguments
        self.followed: str | None = None

    @property
    def part(self) -> Prepared:
        """The read of what is told."""
        return self.parts[0]

    def wants(self, happened: Happened) -> bool:
        """Whether the record that happened is an event of its own."""
        return False

    def wakes(self, happened: Happened) -> bool:
        """Whether to look again though nobody who is followed changed."""
        return False

    @abstractmethod
    def look(self, request: Request) -> AsyncIterator[ExecutionResult]:
        """The events there are now."""

    async def read(self, part: Prepared, record: str, request: Request) -> RootAnswer:
        """A record as the viewer sees it now; None where it is not there, or not for the viewer."""
        return await self.read_with(part, {**self.values, RECORD: record}, request)

    async def read_with(self, part: Prepared, values: Mapping[str, Any], request: Request) -> RootAnswer:
        """What a statement gives with these values now. Raises Unsure where the database could not tell."""
        sealer = await request.finder([part], self.values)
        found = await read_root(part, bound(part, values, request, sealer), values, request, sealer)
        if found.answered is None:
            code = (found.errors[0].extensions or {}).get("code") if found.errors else None
            raise Unsure(refusal_of(str(code)))
        return found

    async def told(self, found: RootAnswer, request: Request) -> ExecutionResult:
        """An event, once it is on record."""
        assert found.answered is not None
        await request.trail.record(disclosure(request, self.text, (found.answered,)))
        return ExecutionResult({self.part.key: found.value}, list(found.errors) or None)


def refusal_of(code: str) -> CustomerGraphError:
    """The refusal with this code."""
    return next((error() for error in every_error() if error.code == code), CustomerGraphError())
