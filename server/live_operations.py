"""Operations: what streams of any protocol need of the API: who asks, and the results of a question."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import ExecutionResult

from auth.token import Viewer
from server.http import Question

NAMES = ("authorization", "x-role", "x-purpose")
Results = Callable[[Viewer, "Headers", Question, str], AsyncGenerator[ExecutionResult, None]]


@dataclass(frozen=True, slots=True)
class Headers:
    """The three values by which a viewer is known. The printed form shows none."""

    authorization: str | None = field(default=None, repr=False)
    role: str | None = None
    purpose: str | None = None

    @classmethod
    def of(cls, headers: Any, said: Mapping[str, Any]) -> "Headers":
        """From the headers of a request, and before them what `connection_init` says under the same names."""
        named = {str(name).lower(): value for name, value in said.items() if isinstance(value, str)}
        return cls(*(named.get(name) or ", ".join(headers.getlist(name)) or None for name in NAMES))


@dataclass(frozen=True, slots=True)
class Operations:
    """Admits viewers and answers questions, result by result. `stopping` is set once the server is told to stop."""

    admit: Callable[[Headers], Awaitable[Viewer]]
    results: Results
    stopping: asyncio.Event
