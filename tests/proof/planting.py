"""Planting: a fault put into the product for the time of a `with`, to see whether the proof notices.

A leak is a way to break one function; it says which promise it breaks and where it would show.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.proof import asking


@dataclass(frozen=True, slots=True)
class Leak:
    """One planted fault. `roles` are those whose policies it matters for; it shows in questions that hold `root`,
    in worlds with so many nodes of `each` type; 0 for the usual ones. `seed` is where to begin: rounds before it may
    well not show it, and are not worth their time.
    """

    name: str
    breaks: str
    where: Any
    what: str
    by: Callable[[Any], Any]
    roles: tuple[str, ...]
    root: str = ""
    each: int = 0
    seed: int = 0


@contextmanager
def planted(leak: Leak) -> Iterator[None]:
    """The product with the leak in it. Views and plans made before it or with it are forgotten."""
    whole = getattr(leak.where, leak.what)
    setattr(leak.where, leak.what, leak.by(whole))
    asking.role.cache_clear()
    try:
        yield
    finally:
        setattr(leak.where, leak.what, whole)
        asking.role.cache_clear()
