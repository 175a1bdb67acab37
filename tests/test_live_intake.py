"""What live sources send over HTTP: who may, how much, what is refused and in which words; and 200 means durable."""

import asyncio
import gzip
import json
import logging
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

from ingest.live import segment
from ingest.live.arrival import Arrival
from ingest.live.inbox import Inbox
from ingest.live.inbox_file import rejects_in
from ingest.live.sources import LiveSources, read_live_sources
from schema.errors import SourceInvalid
from server.app import application
from server.assembly import Assembly, assemble
from server.door import Door
from server.intake import Intake
from server.settings import load
from tests.keeping import Kept
from tests.live_sources import APP, DECLARED, OFFICE, SHOP, WEB, by, declared

CANARY = "jane.canary@example.org"
TRACK = {"anonymousId": "device-1", "event": "Product Viewed", "messageId": "m-1"}
CALL = {"id": "call-1", "started_at": "2026-01-02T03:04:05Z", "caller": "+4915112345678"}


@dataclass
class Taking:
    """An application that takes events, in this process, and its inbox. Nothing drains it."""

    client: httpx.AsyncClient
    inbox: Inbox
    folder: Path

    async def send(self, path: str, body: Any, key: str = WEB, **headers: str) -> httpx.Response:
        """Post a body in JSON."""
        return await self.client.post(f"/v1/{path}", json=body, headers={**by(key), **headers})

    async def waiting(self) -> list[Arrival]:
        """What waits."""
        return [one.arrival for one in await self.inbox.oldest(10_000)]


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    """What an application needs, with live sources declared."""
    folder = tmp_path_factory.mktemp("intake")
    return assemble(load(data=folder, live_sources=declared(folder)))


@pytest_asyncio.fixture(loop_scope="session")
async def taking(assembly: Assembly, tmp_path: Path) -> AsyncIterator[Taking]:
    """A fresh inbox that holds 4 MB."""
    assert assembly.live_sources is not None
    async with Inbox(tmp_path / "inbox", 4 * 1024**2) as inbox:
        app = application(assembly, Door(), Kept(), intake=Intake(assembly.live_sources, inbox, assembly.pace))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            yield Taking(client, inbox, tmp_path / "inbox")


def refused(response: httpx.Response) -> list[tuple[str, str]]:
    """Fields and reasons of a refusal."""
    told = response.json()
    assert (response.status_code, told["success"], told["code"]) == (400, False, "CG522")
    return [(one["field"], one["reason"]) for one in told["errors"]]


# What is taken


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(
    ("path", "body", "key"),
    [
        ("track", TRACK, WEB),
        ("t", TRACK, WEB),
        ("page", {"anonymousId": "d", "name": "Home"}, WEB),
        ("p", {"anonymousId": "d"}, WEB),
        ("identify", {"userId": "u", "traits": {"email": CANARY}}, WEB),
        ("i", {"userId": 17, "anonymousId": "d"}, WEB),
        ("group", {"userId": "u", "groupId": "g"}, WEB),
        ("alias", {"userId": "u", "previousId": "d"}, WEB),
        ("a", {"userId": "u", "previousId": "d"}, WEB),
        ("screen", {"anonymousId": "d", "name": "Home"}, APP),
    ],
)
async def test_every_call_is_answered_as_segment_does(taking: Taking, path: str, body: Any, key: str) -> None:
    """200 and {"success": true}, on the paths of all libraries; the event as it came waits."""
    response = await taking.send(path, body, key)
    assert (response.status_code, response.json()) == (200, {"success": True})
    (arrival,) = await taking.waiting()
    assert body.items() <= arrival.payload.items()
    assert arrival.record().key == arrival.message


@pytest.mark.asyncio(loop_scope="session")
async def test_a_batch_is_taken_as_the_libraries_send_it(taking: Taking) -> None:
    """Each call has its type; what cannot be read is named, and the others are kept."""
    batch = [
        {"type": "track", **TRACK},
        {"type": "track", "anonymousId": "d"},
        {"type": "screen", "anonymousId": "d"},
        {"type": "nothing", "anonymousId": CANARY},
    ]
    response = await taking.send("batch", {"batch": batch, "sentAt": "2026-01-02T03:04:05Z", "writeKey": WEB})
    assert response.status_code == 200
    assert response.json() == {
        "success": True,
        "rejected": [
            {"index": 1, "field": "event", "reason": "missing"},
            {"index": 2, "field": "type", "reason": "not what this source may send"},
            {"index": 3, "field": "type", "reason": "unknown call"},
        ],
    }
    (arrival,) = await taking.waiting()
    assert WEB not in arrival.written().decode()
    assert [(one.field, one.reason, one.held) for one in rejects_in(taking.folder)] == [
        ("event", "missing", False),
        ("type", "not what this source may send", False),
        ("type", "unknown call", False),
    ]


@pytest.mark.asyncio(loop_scope="session")
async def test_a_packed_body_is_taken(taking: Taking) -> None:
    """Libraries may pack with gzip; what unpacks to more than may be is refused before it fills the memory."""
    headers = {**by(WEB), "content-encoding": "gzip", "content-type": "application/json"}
    packed = gzip.compress(json.dumps({"batch": [{"type": "track", **TRACK}]}).encode())
    assert (await taking.client.post("/v1/batch", content=packed, headers=headers)).status_code == 200
    bomb = gzip.compress(b"[" * 50_000_000)
    assert refused(await taking.client.post("/v1/batch", content=bomb, headers=headers)) == [("", "larger than 500 KB")]
    broken = await taking.client.post("/v1/batch", content=packed[:-9], headers=headers)
    assert (broken.status_code, broken.json()["code"]) == (400, "CG204")
    assert len(taking.inbox) == 1


@pytest.mark.asyncio(loop_scope="session")
async def test_what_comes_twice_is_taken_once(taking: Taking) -> None:
    """By its messageId, within the source; another source may use the same."""
    for _ in range(3):
        assert (await taking.send("track", TRACK)).status_code == 200
    await taking.send("batch", {"batch": [{"type": "track", **TRACK}] * 2})
    assert len(taking.inbox) == 1
    await taking.send("track", TRACK, APP)
    assert len(taking.inbox) == 2


@pytest.mark.asyncio(loop_scope="session")
async def test_cloud_events_of_the_sdk_are_taken_in_every_mode(taking: Taking) -> None:
    """Structured, binary and batched; the same id of the same source once."""
    event = CloudEvent({"type": "com.example.calls.recorded", "source": "/desk", "id": "1"}, CALL)
    structured, binary = to_structured_event(event), to_binary_event(event)
    for message in (structured, binary):
        response = await taking.client.post(
            "/v1/events", content=message.body, headers={**message.headers, **by(OFFICE)}
        )
        assert (response.status_code, response.json()) == (200, {"success": True})
    other = CloudEvent({"type": "calls", "source": "/desk", "id": "2"}, {**CALL, "id": "call-2"})
    batch = [json.loads(structured.body), json.loads(to_structured_event(other).body)]
    headers = {**by(OFFICE), "content-type": "application/cloudevents-batch+json; charset=utf-8"}
    response = await taking.client.post("/v1/events", content=json.dumps(batch), headers=headers)
    assert response.json() == {"success": True}
    assert [(one.table, one.row["id"]) for one in await taking.waiting()] == [("calls", "call-1"), ("calls", "call-2")]


# What is refused


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("key", ["", "wrong", WEB[:-1], WEB + " ", "ключ"])
async def test_without_a_write_key_nothing_is_read(taking: Taking, key: str) -> None:
    """One answer for all that is wrong with it, before a look at the body."""
    response = await taking.client.post("/v1/track", content=b"{", headers=by(key))
    assert (response.status_code, response.json()["code"]) == (401, "CG521")
    assert (await taking.client.post("/v1/track", json=TRACK)).status_code == 401
    assert (await taking.client.post("/v1/track", json=TRACK, headers={"authorization": "Basic %"})).status_code == 401
    assert len(taking.inbox) == 0


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ([], "", "not an object"),
        ({"event": "e"}, "userId", "missing"),
        ({"userId": "u"}, "event", "missing"),
        ({"userId": "u", "event": 7}, "event", "not text"),
        ({"userId": "u", "event": ""}, "event", "empty"),
        ({"userId": "", "event": "e"}, "userId", "empty"),
        ({"userId": ["u"], "event": "e"}, "userId", "not text"),
        ({"userId": "u", "event": "e", "timestamp": CANARY}, "timestamp", "not a time"),
        ({"userId": "u", "event": "e", "timestamp": 17}, "timestamp", "not a time"),
        ({"userId": "u", "event": "e", "properties": CANARY}, "properties", "not an object"),
        ({"userId": "u", "event": "e", "messageId": "m" * 101}, "messageId", "too long"),
        ({"userId": "u", "event": "e", "context": [CANARY]}, "context", "not an object"),
        ({"userId": "u", "event": "e", "properties": {"x": "x" * 33_000}}, "", "larger than 32 KB"),
    ],
)
async def test_a_refusal_names_the_field_and_never_the_value(
    taking: Taking, body: Any, field: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the answer nor the log nor what is kept of it holds what was sent."""
    with caplog.at_level(logging.DEBUG):
        response = await taking.send("track", body)
    assert refused(response) == [(field, reason)]
    assert CANARY not in response.text + caplog.text
    assert len(taking.inbox) == 0
    assert [(one.system, one.field, one.reason) for one in rejects_in(taking.folder)] == [("web", field, reason)]


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(
    ("attributes", "data", "field", "reason"),
    [
        ({"type": "invoices"}, CALL, "type", "names no table that may come live"),
        ({"type": "com.example.calls.deleted"}, CALL, "type", "names no table that may come live"),
        ({"type": "chats"}, CALL, "type", "not what this source may send"),
        ({"specversion": "0.3"}, CALL, "specversion", "another version"),
        ({"id": ""}, CALL, "id", "empty"),
        ({"time": "yesterday"}, CALL, "time", "not a time"),
        ({}, {**CALL, "started_at": CANARY}, "data.started_at", "not a time"),
        ({}, {"id": "1"}, "data.started_at", "missing"),
        ({}, {**CALL, CANARY: 1}, "data.row", "unknown column"),
        ({}, [CANARY], "data", "not an object"),
    ],
)
async def test_a_cloud_event_that_is_no_row_is_refused(
    taking: Taking, attributes: dict[str, str], data: Any, field: str, reason: str
) -> None:
    """By the attribute, or the column of its table."""
    event = {"specversion": "1.0", "id": "1", "source": "/desk", "type": "calls", "data": data, **attributes}
    headers = {**by(OFFICE), "content-type": "application/cloudevents+json"}
    response = await taking.client.post("/v1/events", content=json.dumps(event), headers=headers)
    assert refused(response) == [(field, reason)]
    assert CANARY not in response.text


@pytest.mark.asyncio(loop_scope="session")
async def test_the_limits_are_those_that_segment_documents(taking: Taking) -> None:
    """500 KB and 2,500 events a batch, 32 KB a call."""
    small = {"type": "page", "anonymousId": "d"}
    assert refused(await taking.send("batch", {"batch": [small] * 2_501})) == [("batch", "more than 2500 events")]
    large = {**small, "properties": {"x": "x" * 30_000}}
    assert refused(await taking.send("batch", {"batch": [large] * 18})) == [("", "larger than 500 KB")]
    assert refused(await taking.send("batch", {"batch": "x"})) == [("batch", "not a list")]
    assert (await taking.send("batch", {"batch": [large] * 16})).status_code == 200
    assert (await taking.send("batch", {"batch": [small] * 2_500})).status_code == 200


@pytest.mark.asyncio(loop_scope="session")
async def test_a_full_inbox_is_told_with_when_to_come_again(taking: Taking) -> None:
    """429 with Retry-After; what was accepted stays, and once there is room the same events are taken."""
    large = [{"type": "page", "anonymousId": "d", "properties": {"x": "x" * 30_000}}] * 16
    response = await taking.send("batch", {"batch": large})
    while response.status_code == 200:
        response = await taking.send("batch", {"batch": large})
    assert (response.status_code, response.json()["code"]) == (429, "CG523")
    assert int(response.headers["retry-after"]) > 0
    held = await taking.inbox.oldest(10_000)
    assert len(held) == len(taking.inbox) > 0
    taking.inbox.done([one.sequence for one in held])
    assert await taking.inbox.oldest(1) == []
    assert (await taking.send("batch", {"batch": large})).status_code == 200
    assert len(taking.inbox) == len(large)


@pytest.mark.asyncio(loop_scope="session")
async def test_only_pages_of_declared_origins_may_send(taking: Taking) -> None:
    """Closed by default, and for each key by itself; a preflight does not say whose key will come."""
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}
    allowed = await taking.client.options("/v1/t", headers={"origin": SHOP, **asked})
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == SHOP
    assert {"authorization", "content-type", "x-retry-count"} <= set(
        allowed.headers["access-control-allow-headers"].split(", ")
    )
    answer = await taking.client.post(
        "/v1/t", content=json.dumps(TRACK), headers={**by(WEB), "origin": SHOP, "content-type": "text/plain"}
    )
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, SHOP)
    assert "access-control-allow-credentials" not in answer.headers
    for origin, key in (("https://elsewhere.example", WEB), (SHOP, APP), ("null", WEB)):
        stranger = await taking.send("track", TRACK, key, origin=origin)
        assert (stranger.status_code, stranger.json()["code"]) == (403, "CG220")
        assert "access-control-allow-origin" not in stranger.headers
    preflight = await taking.client.options("/v1/t", headers={"origin": "https://elsewhere.example", **asked})
    assert preflight.status_code == 403
    assert "access-control-allow-origin" not in preflight.headers


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/track", 405), ("POST", "/v1/nothing", 404)])
async def test_other_methods_and_paths_are_not_there(taking: Taking, method: str, path: str, status: int) -> None:
    """A write key in an address would be in logs of others."""
    assert (await taking.client.request(method, path, headers=by(WEB))).status_code == status


@pytest.mark.asyncio(loop_scope="session")
async def test_an_optout_of_the_browser_is_kept(taking: Taking) -> None:
    """Sec-GPC: 1 is one; its absence means nothing. What the page says of consent stays with the event."""
    consent = {"context": {"consent": {"categoryPreferences": {"Advertising": False}}}}
    await taking.send("track", {**TRACK, **consent}, **{"sec-gpc": "1"})
    await taking.send("track", {**TRACK, "messageId": "m-2"})
    first, second = await taking.waiting()
    assert (first.opted_out, second.opted_out) == (True, False)
    assert first.payload["context"] == consent["context"]


# What is durable


@pytest.mark.asyncio(loop_scope="session")
async def test_what_was_accepted_is_there_after_a_restart(tmp_path: Path) -> None:
    """And so is what was seen: a client that did not get its answer sends the same again."""
    sources = read_live_sources(declared(tmp_path))
    now = datetime.now(UTC)
    arrivals = [arrival(sources, f"m-{number}", now) for number in range(50)]
    async with Inbox(tmp_path / "inbox", 1024**2) as inbox:
        await asyncio.gather(*(inbox.take([one]) for one in arrivals))
        assert len(inbox) == 50
    async with Inbox(tmp_path / "inbox", 1024**2) as inbox:
        await inbox.take(arrivals[:10])
        held = await inbox.oldest(100)
        assert sorted(one.arrival.message for one in held) == sorted(one.message for one in arrivals)
        assert {one.arrival.message: one.arrival for one in held} == {one.message: one for one in arrivals}
    with sqlite3.connect(tmp_path / "inbox" / "inbox.sqlite") as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert (tmp_path / "inbox" / "inbox.sqlite").stat().st_mode & 0o077 == 0


@pytest.mark.asyncio(loop_scope="session")
async def test_what_cannot_be_written_is_not_accepted(taking: Taking, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 with Retry-After, and 200 again as soon as it can be."""
    database = taking.inbox._file._database
    database.execute("PRAGMA query_only = ON")
    response = await taking.send("track", TRACK)
    assert (response.status_code, response.json()["code"]) == (503, "CG524")
    assert int(response.headers["retry-after"]) > 0
    database.execute("PRAGMA query_only = OFF")
    assert (await taking.send("track", TRACK)).status_code == 200
    assert len(taking.inbox) == 1


def arrival(sources: LiveSources, message: str, now: datetime) -> Arrival:
    """A track call as an arrival."""
    source = sources.of_key(WEB)
    assert source is not None
    made = segment.arrival_of({**TRACK, "messageId": message}, source, now, call="track")
    assert isinstance(made, Arrival)
    return made


# What an event amounts to


@pytest.mark.parametrize(
    ("timestamp", "sent_at", "happened"),
    [
        ("2026-03-01T10:00:00Z", "2026-03-01T10:00:05Z", "2026-03-01T11:59:55+00:00"),
        ("2026-03-01T12:00:00.000+02:00", None, "2026-03-01T10:00:00+00:00"),
        ("2026-03-01T10:00:00", None, "2026-03-01T10:00:00+00:00"),
        ("2026-03-02T10:00:00Z", None, "2026-03-01T12:00:00+00:00"),
        (None, None, "2026-03-01T12:00:00+00:00"),
    ],
)
def test_a_device_with_a_wrong_clock_is_put_right(
    tmp_path: Path, timestamp: str | None, sent_at: str | None, happened: str
) -> None:
    """By the difference between when it says that it sent the event and when that came in; never later than now."""
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    source = read_live_sources(declared(tmp_path)).of_key(WEB)
    assert source is not None
    said = {**TRACK, "timestamp": timestamp} if timestamp else TRACK
    made = segment.arrival_of(said, source, now, call="track", sent_at=sent_at)
    assert isinstance(made, Arrival)
    assert made.row["happened_at"] == happened
    assert now - datetime.fromisoformat(made.row["happened_at"]) >= timedelta(0)


def test_traits_become_a_row_of_customers(tmp_path: Path) -> None:
    """Segment's reserved traits by our columns; what cannot be read counts as not said, null takes a value back."""
    source = read_live_sources(declared(tmp_path)).of_key(WEB)
    assert source is not None
    traits = {
        "firstName": "Ada",
        "lastName": "Byron",
        "email": "Ada@Example.org",
        "birthday": "not at all",
        "phone": None,
        "address": {"street": "Hauptstr. 1", "postalCode": "10115", "country": "Nowhere"},
        "plan": {"tier": 3},
    }
    made = segment.arrival_of({"userId": "u", "traits": traits}, source, datetime.now(UTC), call="identify")
    assert isinstance(made, Arrival)
    assert made.profile is not None
    assert {name: value for name, value in made.profile.items() if name != "changed_at"} == {
        "id": "u",
        "given_name": "Ada",
        "family_name": "Byron",
        "email": "Ada@Example.org",
        "phone": None,
        "street": "Hauptstr. 1",
        "postal_code": "10115",
        "country": "DE",
    }


# What is declared


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"track", "alias", "group"', '"trak"', "there is no trak"),
        ('country = "DE"', "", "country: needed beside identify"),
        ('system = "web"', 'system = "events"', "cannot be called 'events'"),
        (f'origins = ["{SHOP}"]', 'origins = ["*"]', "source.1.origins.1"),
        ("keys_sha256", "key", "source.1.keys_sha256"),
        ("[[source]]", "[[source", "is not TOML"),
    ],
)
def test_a_wrong_declaration_stops_the_start(tmp_path: Path, old: str, new: str, told: str) -> None:
    """With the place and what would be right, and without the digest."""
    file = tmp_path / "live.toml"
    file.write_text(DECLARED.replace(old, new, 1))
    with pytest.raises(SourceInvalid, match=told):
        read_live_sources(file)


def test_two_sources_cannot_have_one_key(tmp_path: Path) -> None:
    """Whose events they are would be a guess."""
    file = tmp_path / "live.toml"
    file.write_text(DECLARED + DECLARED)
    with pytest.raises(SourceInvalid, match="stands there already"):
        read_live_sources(file)
