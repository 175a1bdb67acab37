"""The Cypher of this package: one file a statement."""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def text(name: str) -> str:
    """A statement by the name of its file."""
    return (_FOLDER / f"{name}.cypher").read_text(encoding="utf-8")
