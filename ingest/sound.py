"""Sound: whether the graph holds what a load, live sources and stewards promise. Counts alone, never a value.

Each question is one pass over a label or follows an index; what is worked out here (standings, events of the inbox) is
read in pages.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graph.protocols import Reads
from graph.vault.vault import Keys
from ingest.live.inbox_file import Seen, digest
from ingest.resealing import amiss
from ingest.standing import decided_here, standings
from ingest.statements import text
from ingest.suppression import Hasher, in_force, suppressed_among
from schema.errors import SuppressionKeyWrong

PAGE = 2_000
SECONDS = 600.0
PROVEN = ("givenName", "familyName", "birthDate", "email", "phone", "vatNumber")
"""Golden values that stand on the customer under the name of their attribute."""
PROVING = ("customer", "organisation")
"""Kinds of records that golden values come from."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question: what it is about, the sentence for how many are wrong, and what to do then."""

    name: str
    statement: str
    wrong: str
    todo: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a question came to. `wrong` says whether a number above 0 is a fault, or only to be known."""

    name: str
    count: int
    said: str
    todo: str
    wrong: bool = True


_LOAD = "Load the exports once more; if it stays, tell the maintainers which check it is."
CHECKS = (
    Check("records", "records_twice", "records are there more than once", _LOAD),
    Check("interactions", "things_twice", "interactions are there more than once", _LOAD),
    Check("records", "records_of_several", "records are said to be of several customers", _LOAD),
    Check("records", "records_of_nobody", "records of people or organisations are resolved, and nobody's", _LOAD),
    Check(
        "customers",
        "customers_without_records",
        "customers are without a record in any system",
        "Load the exports once more, or ask a data steward whose these were.",
    ),
    Check("handles", "identities_of_nobody", "handles are nobody's", _LOAD),
    Check("interactions", "interactions_of_several", "interactions are of several customers", _LOAD),
    Check(
        "interactions",
        "interactions_both_ways",
        "interactions are somebody's while their record says nobody's, or the other way round",
        _LOAD,
    ),
    Check("golden", "golden_without_provenance", "golden values are without provenance", _LOAD),
    Check("golden", "provenance_without_record", "golden values come from a record that is not there", _LOAD),
    Check(
        "decisions",
        "decisions",
        "decisions on who is who are broken",
        "Do not decide on these records before the maintainers have looked; docs/resolution.md tells of decisions.",
    ),
    Check(
        "erasures",
        "erased_remains",
        "persons were erased and hold more than their id",
        "Tell the privacy officer; the receipt (erasureReceipts) says what the erasure took.",
    ),
)


async def found_in(database: Reads, now: datetime | None = None) -> AsyncIterator[Found]:
    """What the graph is asked, one after the other. Raises what reading raises."""
    parameters = {"attributes": list(PROVEN), "kinds": list(PROVING)}
    for one in CHECKS:
        (count,) = await database.read(text(f"sound/{one.statement}"), parameters, SECONDS)
        yield Found(one.name, int(count), one.wrong, one.todo)
    yield Found(
        "standings",
        await _standings(database, now or datetime.now(UTC)),
        "standings disagree with the decisions that they are derived from",
        "Load the exports once more: standings are derived anew. Until then policies may show too much or too little.",
    )
    told = {row["state"]: row["count"] for row in await database.read(text("sound/deliveries"), None, SECONDS)}
    yield Found("deliveries", told.get("PENDING", 0), "changes are still to be told to systems", "", wrong=False)
    yield Found(
        "deliveries",
        told.get("DEAD", 0),
        "changes are given up: a system was not told of them",
        "A data steward sends them again or dismisses them: docs/write-back.md.",
        wrong=False,
    )


async def erasures(database: Reads, hasher: Hasher | None) -> AsyncIterator[Found]:
    """What is left of erasures: rows that should not be there, and what is still to be done. Without the key of the
    erased nobody can say which rows are theirs: then a key is missing. Raises what reading raises.
    """
    (row,) = await database.read(text("sound/erasures"), None, SECONDS)
    yield Found("erasures", row["begun"], "erasures are under way", "", wrong=False)
    yield Found(
        "erasures",
        row["untold"],
        "systems have still to be told of an erasure",
        "A privacy officer tells them and says so: confirmErasure.",
        wrong=False,
    )
    try:
        count = await _suppressed_rows(database, hasher) if await in_force(database, hasher) else 0
    except SuppressionKeyWrong as wrong:
        yield Found("erasures", 1, "key of the erased is missing, or another", wrong.advice)
        return
    yield Found(
        "erasures",
        count,
        "rows are of persons who were erased",
        "Tell the privacy officer: something brought them back. Loads with the key leave them out.",
    )


async def _suppressed_rows(database: Reads, hasher: Hasher | None) -> int:
    assert hasher is not None
    count, after = 0, ""
    while places := await database.read(text("sound/places"), {"after": after, "most": 10 * PAGE}, SECONDS):
        after = places[-1]
        found = await suppressed_among(database, (hasher.place(one) for one in places))
        count += sum(hasher.place(one) in found.receipts for one in places)
    return count


async def _standings(database: Reads, now: datetime) -> int:
    wrong, after = 0, ""
    while rows := await database.read(text("sound/standings"), {"after": after, "most": PAGE}, SECONDS):
        after = rows[-1]["id"]
        wrong += sum(_disagree(row, now) for row in rows if row["loaded"])
    return wrong


def _disagree(row: Mapping[str, Any], now: datetime) -> int:
    """On how many purposes what stands is another than what was decided amounts to. What has ended holds no more."""
    millis = now.timestamp() * 1000
    held = {one["purpose"]: bool(one["lawful"]) for one in row["stands"]}
    over = {one["purpose"] for one in row["stands"] if one["until"] is not None and one["until"] <= millis}
    return sum(
        (held.get(one.purpose, not one.lawful) and one.purpose not in over) is not one.lawful
        for one in standings(decided_here(row["decided"]), now)
    )


async def sealed_amiss(database: Reads, keys: Keys) -> Found:
    """How many rows hold a value that is plain, or sealed by another key than that of whose they are."""
    return Found(
        "sealed",
        len(await amiss(database, keys)),
        "rows hold what is not sealed by the key of whose they are",
        "Seal them: customer-graph keys seal",
    )


async def events_missing(database: Reads, seen: Seen) -> Found:
    """How many events that the inbox accepted, and that do not wait there any more, are not in the graph."""
    missing = set(seen.events)
    async for system, key in _events(database):
        missing.discard(digest(system, "events", key))
        if not missing:
            break
    return Found(
        "inbox",
        len(missing),
        "events were accepted, do not wait any more and are not in the graph",
        "Keep the inbox folder as it is and tell the maintainers; whoever erased these knows of them.",
    )


def waiting(seen: Seen) -> Iterable[Found]:
    """What is still in the inbox."""
    yield Found("inbox", seen.waiting, "events wait to become part of the graph", "", wrong=False)
    yield Found(
        "inbox",
        seen.aside,
        "events were put aside, which the graph did not take",
        "See: customer-graph rejects.",
        False,
    )


async def _events(database: Reads) -> AsyncIterator[tuple[str, str]]:
    after = ""
    while rows := await database.read(text("sound/live_events"), {"after": after, "most": 10 * PAGE}, SECONDS):
        after = rows[-1]["place"]
        for row in rows:
            yield row["system"], row["key"]
