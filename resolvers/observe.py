"""Observe: what may be known of a request from outside. Names of ours, counts and codes; never a value, never who asks.

The protocol is as narrow as that on purpose: what cannot be told here cannot end in a trace or a metric.
"""

from types import TracebackType
from typing import Protocol, Self


class Stage(Protocol):
    """One part of the work, from `with` to its end. A refusal that leaves it is told by its code alone."""

    def __enter__(self) -> Self:
        """It begins."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """It ends; what went wrong goes on."""
        ...

    def known(self, before: bool) -> None:
        """Whether the plan was made before."""
        ...

    def rows(self, several: int) -> None:
        """How many rows came."""
        ...


class Observer(Protocol):
    """What watches one request."""

    def asked(self, role: str, purpose: str, operation: str) -> None:
        """A role, a purpose, and query, mutation or subscription."""
        ...

    def planning(self) -> Stage:
        """From variables to statements."""
        ...

    def reading(self, root: str, statement: str) -> Stage:
        """One statement, for a root field by the schema's name; of the text only a digest may be kept."""
        ...

    def recording(self) -> Stage:
        """Until what will be disclosed is durably on record."""
        ...


class Unobserved:
    """Nobody watches. Observer and stage at once, so that a request makes nothing for it."""

    __slots__ = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def known(self, before: bool) -> None:
        """Not told."""

    def rows(self, several: int) -> None:
        """Not told."""

    def asked(self, role: str, purpose: str, operation: str) -> None:
        """Not told."""

    def planning(self) -> "Unobserved":
        """Not watched."""
        return self

    def reading(self, root: str, statement: str) -> "Unobserved":
        """Not watched."""
        return self

    def recording(self) -> "Unobserved":
        """Not watched."""
        return self


UNOBSERVED = Unobserved()
