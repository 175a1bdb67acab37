"""Suppressing: what keeps an erased person from being rebuilt, and lifting it when she comes back by her own wish."""

from collections.abc import Iterator
from datetime import datetime

from graph.protocols import Graph
from ingest.suppression import Hasher
from privacy.fates import ROWS
from privacy.graph import SECONDS, batches, text
from privacy.reach import Reach
from schema.errors import ErasedAlready, SuppressionKeyWrong

MOST = 10_000


async def check_key(graph: Graph, hasher: Hasher) -> None:
    """Make sure that all hashes are made with one key. Raises SuppressionKeyWrong."""
    (check,) = await graph.write(text("key"), {"check": hasher.check}, SECONDS)
    if check != hasher.check:
        raise SuppressionKeyWrong


async def suppress(graph: Graph, receipt: str, found: Reach, hasher: Hasher) -> None:
    """Keep by what the rows of a person are known again. Twice is as good as once. Raises SuppressionKeyWrong."""
    await check_key(graph, hasher)
    hashes = [hasher.handle(*one) for one in found.handles]
    for some in batches(found.of[ROWS].going):
        rows = await graph.read(text("places"), {"rows": list(some)}, SECONDS)
        hashes += [hasher.place(place) for row in rows if row["place"] for place in _bare(row["place"])]
    things = [node for name, one in found.of.items() if name != ROWS for node in one.hers]
    for some in batches(things):
        hashes += [hasher.thing(key) for key in await graph.read(text("keys"), {"nodes": list(some)}, SECONDS)]
    for some in batches(list(dict.fromkeys(hashes))):
        await graph.write(text("suppress"), {"receipt": receipt, "hashes": list(some)}, SECONDS)


def _bare(place: str) -> Iterator[str]:
    """A place, and the same without the number of a row that was delivered several times."""
    yield place
    bare, mark, number = place.rpartition("#")
    if mark and number.isdecimal():
        yield bare


async def hashes_of(graph: Graph, receipt: str) -> frozenset[str]:
    """By what the rows of an erasure are known again. Raises the errors of the database."""
    return frozenset(await graph.read(text("hashes"), {"receipt": receipt}, SECONDS))


async def lift(graph: Graph, receipt: str, now: datetime) -> None:
    """Let a person come back: exports and events that have her make a new customer of her.

    Raises ErasedAlready where the erasure is not through.
    """
    if not await graph.write(text("lifted"), {"receipt": receipt, "now": now}, SECONDS):
        raise ErasedAlready("This erasure is not through yet, or there is none of this id.")
    gone = MOST
    while gone == MOST:
        (gone,) = await graph.write(text("lift"), {"receipt": receipt, "most": MOST}, SECONDS)
