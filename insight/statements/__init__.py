"""The Cypher of the insights: one file a statement."""

from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@lru_cache(maxsize=64)
def text(name: str) -> str:
    """A statement by the name of its file."""
    return (_FOLDER / f"{name}.cypher").read_text(encoding="utf-8")
