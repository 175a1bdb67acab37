"""What pieces of the product need of the graph; each says how little. `graph.session.Database` gives all of it."""

from collections.abc import Mapping
from typing import Any, Protocol


class Reads(Protocol):
    """Statements that change nothing."""

    async def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, timeout: float | None = None
    ) -> list[Any]:
        """The first column of every row; `timeout` in seconds. Raises the errors of the database."""
        ...


class Writes(Protocol):
    """Statements that change the graph."""

    async def write(
        self, text: str, parameters: Mapping[str, Any] | None = None, timeout: float | None = None
    ) -> list[Any]:
        """The first column of every row, once it is durable. Raises the errors of the database."""
        ...


class Graph(Reads, Writes, Protocol):
    """Both."""
