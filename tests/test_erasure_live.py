"""Erasure and live sources: what waits is taken, what comes later is not rebuilt, and of others all comes in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from graph.constraints import statements
from ingest.live.drain import Drain
from ingest.live.inbox_file import rejects_in, seen_in
from ingest.sound import events_missing
from ingest.suppression import Hasher
from privacy.elsewhere import OfTheInbox
from privacy.erasure import Means, Receipt, erase
from privacy.suppressing import lift
from privacy.telling import confirm
from schema.catalogue import complete_model
from schema.errors import SuppressionKeyWrong
from tests.live_graph import ADA, OWNERS, Live

pytest_plugins = ["tests.live_graph"]
pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = Hasher(bytes(range(32)))
EVE = {"firstName": "Eve", "lastName": "Moon", "email": "eve.moon@example.org"}


async def drained(live: Live, key: Hasher | None = KEY) -> None:
    """Bring in all that waits."""
    drain = Drain(live.inbox, live.database, live.told.append, suppression=key)
    while await drain.drain():
        pass


async def began(live: Live) -> Receipt:
    """Ada signed in and looked at a page, Eve as well; then Ada is erased, while an event of each waits."""
    for statement in statements(complete_model()):
        await live.database.change_schema(statement)
    await live.inbox.take(
        [
            live.arrival("identify", userId="u-1", anonymousId="d-1", traits=ADA),
            live.arrival("page", userId="u-1", anonymousId="d-1", name="hers"),
            live.arrival("identify", userId="u-2", anonymousId="d-2", traits=EVE),
            live.arrival("page", userId="u-2", anonymousId="d-2", name="another's"),
        ]
    )
    await drained(live)
    (ada,) = await live.ask("MATCH (c:Customer {givenName: 'Ada'}) RETURN c.id")
    await live.inbox.take(
        [
            live.arrival("track", userId="u-1", anonymousId="d-1", event="waits, hers"),
            live.arrival("track", userId="u-2", anonymousId="d-2", event="waits, another's"),
        ]
    )
    means = Means(live.database, KEY, [OfTheInbox(live.inbox)], "here")
    found = await erase(means, ada, reason="request 7", actor="me", role="operator")
    for one in found.notices:
        await confirm(live.database, found.id, one.system, "T", role="operator", actor="me", now=NOW)
    return found


def texts_in(folder: Path) -> bytes:
    """Every byte of the inbox."""
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


async def test_what_waits_is_taken_and_what_comes_later_is_not_rebuilt(live: Live) -> None:
    """The doctor misses nothing: what is not in the graph is not expected there."""
    await began(live)
    assert len(live.inbox) == 1
    assert b"waits, hers" not in texts_in(live.folder)
    assert b"waits, another" in texts_in(live.folder)
    await drained(live)
    names = ["Signed In", "another's", "waits, another's"]
    assert await live.ask(OWNERS) == [[name, EVE["email"]] for name in names]
    assert (await events_missing(live.database, seen_in(live.folder))).count == 0


async def test_an_event_of_hers_is_left_out(live: Live) -> None:
    """By her user, by her mailbox under another user, which the receipt tells; until it is lifted."""
    found = await began(live)
    later = [
        live.arrival("track", userId="u-1", anonymousId="d-9", event="again, by her user"),
        live.arrival("identify", userId="u-7", anonymousId="d-7", traits=ADA),
        live.arrival("track", userId="u-2", anonymousId="d-1", event="another's, on her device"),
    ]
    await live.inbox.take(later)
    await drained(live)
    assert await live.ask("MATCH (c:Customer) WHERE c.email IS NOT NULL RETURN c.email") == [EVE["email"]]
    assert ["another's, on her device", EVE["email"]] in await live.ask(OWNERS)
    assert await live.ask("MATCH (r:SourceRecord) WHERE r.payload CONTAINS 'ada.byron' RETURN r.id") == []
    assert await live.ask("MATCH (r:ErasureReceipt) RETURN r.leftOut") == [["web event"]]
    assert len(live.inbox) == 0
    assert rejects_in(live.folder) == []
    assert (await events_missing(live.database, seen_in(live.folder))).count == 0
    await lift(live.database, found.id, NOW)
    await live.inbox.take([live.arrival("identify", userId="u-1", anonymousId="d-1", traits=ADA)])
    await drained(live)
    assert ADA["email"] in await live.ask("MATCH (c:Customer) WHERE c.email IS NOT NULL RETURN c.email")


async def test_without_the_key_events_wait(live: Live) -> None:
    """They could be hers. None is put aside."""
    await began(live)
    with pytest.raises(SuppressionKeyWrong):
        await drained(live, None)
    assert len(live.inbox) == 1
    assert rejects_in(live.folder) == []
    await drained(live)
    assert len(live.inbox) == 0
