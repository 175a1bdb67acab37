"""The statements of changes that are the same for every type and role: one file each."""

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=8)
def text(name: str) -> str:
    """A statement by the name of its file."""
    return (Path(__file__).parent / "statements" / f"{name}.cypher").read_text(encoding="utf-8")
