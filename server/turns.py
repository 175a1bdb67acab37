"""Turns: of several servers that share a graph one carries out what is to be done once in a while."""

from functools import cache
from pathlib import Path

from graph.protocols import Writes


async def claimed(database: Writes, work: str, seconds: float) -> bool:
    """Whether nobody began that work within so many seconds; then it is ours. Raises the errors of the database."""
    return bool((await database.write(_text(), {"of": work, "seconds": int(seconds)}))[0])


@cache
def _text() -> str:
    return (Path(__file__).parent / "statements" / "claim_turn.cypher").read_text(encoding="utf-8")
