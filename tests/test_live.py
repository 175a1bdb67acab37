"""Subscriptions of a real server process over WebSocket and server-sent events, and what is left after it is killed.

Every event is what the same viewer would be told now; what may not be seen any more ends at once; expiry ends too.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from graph.embedded import EmbeddedNeo4j
from graph.session import Connection, Database
from tests.conftest import SMALL
from tests.test_changes import ADA, BO, CALL, CY, PEOPLE, RECORD
from tests.test_hostile import Server, started

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

PATIENCE = 180.0
"""Seconds for what should take a moment: machines are slow and busy."""
PATIENT = {"statement_seconds": "120"}
FOLLOW = "subscription ($id: ID!) { customerChanged(id: $id) { id name email preferredChannel } }"
CALLS = "subscription ($id: ID) { interactionRecorded(customer: $id) { subject text customer { id } } }"
PREFER = """mutation ($id: ID!, $channel: ChannelKind!) {
  setChannelPreference(input: {customer: $id, channel: $channel}) { customer { preferredChannel } } }"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def connection(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Connection]:
    """A Neo4j for the servers of this module."""
    neo4j = EmbeddedNeo4j(tmp_path_factory.mktemp("live-neo4j"), SMALL)
    yield await neo4j.start()
    await neo4j.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def one(connection: Connection, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """A server that looks again every second."""
    data = tmp_path_factory.mktemp("live") / "data"
    async with (
        started(
            connection, data, live_recheck_seconds="1", websocket_origins="https://desk.example", **PATIENT
        ) as made,
        Database(connection, statement_seconds=PATIENCE) as database,
    ):
        yield replace(made, database=database)


@pytest_asyncio.fixture(loop_scope="session")
async def server(one: Server) -> Server:
    """The server over Ada, Bo and Cy as they were."""
    await one.database.write(PEOPLE, {"ada": ADA, "bo": BO, "cy": CY})
    return one


def token(server: Server, subject: str = "rep-7", role: str = "service_rep", **named: Any) -> str:
    """An Authorization header of someone who serves Great Britain."""
    claims = {"regions": ["GB"]} if role == "service_rep" else {}
    return f"Bearer {server.issuer.issue(role, subject=subject, claims=claims, **named)}"


async def ask(server: Server, text: str, variables: Mapping[str, Any], subject: str = "rep-7") -> dict[str, Any]:
    """A plain request."""
    async with httpx.AsyncClient(base_url=server.address, timeout=PATIENCE) as client:
        body = {"query": text, "variables": dict(variables)}
        response = await client.post("/graphql", json=body, headers={"authorization": token(server, subject)})
    answer: dict[str, Any] = response.json()
    return answer


# WebSocket


@asynccontextmanager
async def socket(server: Server, **named: Any) -> AsyncIterator[ClientConnection]:
    """A connection that speaks the protocol, before it says who asks."""
    address = server.address.replace("http", "ws") + "/graphql"
    async with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")], **named) as made:
        yield made


async def say(made: ClientConnection, **message: Any) -> None:
    """Send a message."""
    await made.send(json.dumps(message))


async def hear(made: ClientConnection) -> dict[str, Any]:
    """The next message that is no ping."""
    async with asyncio.timeout(PATIENCE):
        while True:
            message: dict[str, Any] = json.loads(await made.recv())
            if message["type"] != "ping":
                return message


async def initialised(made: ClientConnection, authorization: str) -> None:
    """Say who asks."""
    await say(made, type="connection_init", payload={"Authorization": authorization})
    assert await hear(made) == {"type": "connection_ack"}


async def subscribe(made: ClientConnection, id_: str, query: str, **variables: Any) -> None:
    """Begin an operation."""
    await say(made, id=id_, type="subscribe", payload={"query": query, "variables": variables})


async def closed(made: ClientConnection) -> int | None:
    """The code with which the server closes."""
    try:
        while True:
            await hear(made)
    except ConnectionClosed as end:
        return end.rcvd.code if end.rcvd else None


async def test_a_customer_is_followed_over_a_websocket(server: Server) -> None:
    """At once, and when something changes that is asked for; what stays the same is no event."""
    async with socket(server) as made:
        await initialised(made, token(server))
        await subscribe(made, "1", FOLLOW, id=ADA)
        first = await hear(made)
        ada = {"id": ADA, "name": "Ada Lovelace", "email": "ada@x.example", "preferredChannel": None}
        assert first == {"id": "1", "type": "next", "payload": {"data": {"customerChanged": ada}}}
        assert "errors" not in await ask(server, RECORD, {"input": CALL})  # an event, but nothing that is shown
        await ask(server, PREFER, {"id": ADA, "channel": "EMAIL"})
        second = await hear(made)
        assert second["payload"]["data"]["customerChanged"]["preferredChannel"] == "EMAIL"
        await say(made, id="1", type="complete")
        await say(made, type="ping")
        assert await hear(made) == {"type": "pong"}


async def test_queries_and_mutations_come_over_the_same_socket(server: Server) -> None:
    """One result and the end; what is not valid is an error and the end."""
    async with socket(server) as made:
        await initialised(made, token(server))
        await subscribe(made, "q", "{ viewer { role } }")
        assert (await hear(made))["payload"] == {"data": {"viewer": {"role": "service_rep"}}}
        assert await hear(made) == {"id": "q", "type": "complete"}
        await subscribe(made, "m", PREFER, id=BO, channel="EMAIL")
        refused = (await hear(made))["payload"]
        assert refused["data"] == {"setChannelPreference": None}
        assert refused["errors"][0]["extensions"]["code"] == "CG210"
        assert (await hear(made))["type"] == "complete"
        await subscribe(made, "e", "{ nonsense }")
        error = await hear(made)
        assert (error["type"], error["payload"][0]["extensions"]["code"]) == ("error", "CG201")


@pytest.mark.parametrize("customer", [BO, CY, "cus_nobody", "int_1", ""])
async def test_following_the_hidden_is_following_nobody(server: Server, customer: str) -> None:
    """One answer, and the end."""
    async with socket(server) as made:
        await initialised(made, token(server))
        for text in (FOLLOW, CALLS):
            await subscribe(made, "1", text, id=customer)
            told = await hear(made)
            assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", "CG210"), told


ENDINGS = {
    "restricted": "MATCH (c:Customer {id: $id}) SET c.status = 'RESTRICTED' RETURN 1",
    "erased": "MATCH (c:Customer {id: $id}) DETACH DELETE c RETURN 1",
    "moved": "MATCH (c:Customer {id: $id}) SET c.region = 'DE' RETURN 1",
}


@pytest.mark.parametrize("ending", ENDINGS)
async def test_what_may_not_be_seen_any_more_ends_though_nothing_was_told_of_it(server: Server, ending: str) -> None:
    """Written past the API: found by looking again."""
    async with socket(server) as made:
        await initialised(made, token(server))
        await subscribe(made, "1", FOLLOW, id=ADA)
        await subscribe(made, "2", CALLS, id=ADA)
        assert (await hear(made))["id"] == "1"
        await server.database.write(ENDINGS[ending], {"id": ADA})
        ends: dict[str, str] = {}
        codes = set()
        while len(ends) < 2:
            told = await hear(made)
            if told["type"] in ("complete", "error"):
                ends[told["id"]] = told["type"]
            for error in (
                told.get("payload", {}).get("errors", []) if told["type"] == "next" else told.get("payload", [])
            ):
                codes.add(error["extensions"]["code"])
        assert ends == {"1": "complete", "2": "error"}
        assert codes == {"CG210"}


async def test_a_consent_that_is_withdrawn_ends_it_at_once(connection: Connection, tmp_path: Path) -> None:
    """A marketer follows whom she may write to; the withdrawal is an event, long before she would look again."""
    async with started(connection, tmp_path / "data", live_recheck_seconds="60", **PATIENT) as server:
        await server.database.write(PEOPLE, {"ada": ADA, "bo": BO, "cy": CY})
        text = "subscription ($id: ID!) { customerChanged(id: $id) { id region } }"
        withdraw = (
            'mutation ($id: ID!) { withdrawConsent(input: {customer: $id, purpose: "marketing.email"}) '
            "{ consent { state } } }"
        )
        async with socket(server) as made:
            await initialised(made, token(server, "mia", "marketer"))
            await subscribe(made, "1", text, id=ADA)
            assert (await hear(made))["payload"]["data"]["customerChanged"]["id"] == ADA
            answer = await ask(server, withdraw, {"id": ADA})
            assert answer["data"]["withdrawConsent"]["consent"] == {"state": "WITHDRAWN"}
            told = await hear(made)
            assert told["payload"]["errors"][0]["extensions"]["code"] == "CG210"
            assert (await hear(made))["type"] == "complete"


async def test_a_token_that_expires_closes_the_socket(server: Server) -> None:
    """By a timer, not by the next event."""
    async with socket(server) as made:
        await initialised(made, token(server, lifetime=timedelta(seconds=20)))
        await subscribe(made, "1", FOLLOW, id=ADA)
        assert await closed(made) == 4401


async def test_codes_of_the_protocol(server: Server) -> None:
    """Each mistake has its own."""
    async with socket(server) as made:
        await subscribe(made, "1", FOLLOW, id=ADA)
        assert await closed(made) == 4401
    async with socket(server) as made:
        await say(made, type="connection_init", payload={"Authorization": "Bearer a.b.c"})
        assert await closed(made) == 4401
    async with socket(server) as made:
        await say(made, type="connection_init", payload={"Authorization": token(server), "X-Role": "auditor"})
        assert await closed(made) == 4403
    async with socket(server) as made:
        await initialised(made, token(server))
        await say(made, type="connection_init")
        assert await closed(made) == 4429
    async with socket(server) as made:
        await initialised(made, token(server))
        await subscribe(made, "1", FOLLOW, id=ADA)
        await subscribe(made, "1", FOLLOW, id=ADA)
        assert await closed(made) == 4409
    for wrong in ("nonsense", "[]", '{"type": "no"}', '{"id": 1, "type": "subscribe"}', "[" * 20_000):
        async with socket(server) as made:
            await initialised(made, token(server))
            await made.send(wrong)
            assert await closed(made) == 4400
    async with socket(server) as made:
        assert await closed(made) == 4408
    async with connect(server.address.replace("http", "ws") + "/graphql") as made:
        assert await closed(made) == 4406


async def test_pages_of_strangers_and_endless_messages_are_refused(server: Server) -> None:
    """Own pages and those that were named are welcome."""
    for origin in (server.address, "https://desk.example"):
        async with socket(server, origin=origin) as made:
            await initialised(made, token(server))
    with pytest.raises(InvalidStatus) as refused:
        async with socket(server, origin="https://stranger.example"):
            pass
    assert refused.value.response.status_code == 403
    async with socket(server) as made:
        await made.send("x" * 1_000_000)
        assert await closed(made) == 1009
    async with socket(server) as made:
        await initialised(made, token(server))
        for _ in range(1_200):
            try:
                await say(made, type="pong")
            except ConnectionClosed:
                break
        assert await closed(made) == 1008


async def test_one_viewer_has_so_many_subscriptions(server: Server) -> None:
    """The seventeenth is refused, until another ends."""
    async with socket(server) as made:
        await initialised(made, token(server, "greedy"))
        for number in range(17):
            await subscribe(made, str(number), CALLS)
        told = await hear(made)
        assert (told["id"], told["payload"][0]["extensions"]["code"]) == ("16", "CG304")


CHANGED = "subscription ($after: String) { changed(after: $after) { cursor node { name customers { nodes { id } } } } }"
LIST = "{ changes(first: 100) { edges { cursor node { name } } } }"


async def test_changes_are_followed_in_their_order_from_where_one_was(server: Server) -> None:
    """What is made while somebody listens, and what was made while nobody did; not for a role that sees none."""
    async with socket(server) as made:
        await initialised(made, token(server, "pam", "privacy_officer"))
        await ask(server, PREFER, {"id": ADA, "channel": "EMAIL"})
        await subscribe(made, "q", LIST)
        (first,) = (await hear(made))["payload"]["data"]["changes"]["edges"]
        assert (await hear(made))["type"] == "complete"
        await subscribe(made, "1", CHANGED, after=first["cursor"])
        await ask(server, PREFER, {"id": ADA, "channel": "PHONE"})
        told = (await hear(made))["payload"]["data"]["changed"]
        assert told["node"] == {"name": "setChannelPreference", "customers": {"nodes": [{"id": ADA}]}}
        await say(made, id="1", type="complete")
        await ask(server, RECORD, {"input": CALL})
        await ask(server, PREFER, {"id": ADA, "channel": "EMAIL"})
        await subscribe(made, "2", CHANGED, after=told["cursor"])
        names = [(await hear(made))["payload"]["data"]["changed"]["node"]["name"] for _ in range(2)]
        assert names == ["recordInteraction", "setChannelPreference"]
    async with socket(server) as made:
        await initialised(made, token(server))
        await subscribe(made, "1", CHANGED, after=first["cursor"])
        assert (await hear(made))["payload"][0]["extensions"]["code"] == "CG201"


# Server-sent events


@asynccontextmanager
async def stream(
    server: Server, text: str, variables: Mapping[str, Any], authorization: str, accept: str = "text/event-stream"
) -> AsyncIterator[AsyncIterator[tuple[str, Any]]]:
    """The events of one operation: (name, data)."""
    headers = {"authorization": authorization, "accept": accept}
    body = {"query": text, "variables": dict(variables)}
    async with (
        httpx.AsyncClient(base_url=server.address, timeout=PATIENCE) as client,
        client.stream("POST", "/graphql", json=body, headers=headers) as response,
    ):
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")

        async def events() -> AsyncIterator[tuple[str, Any]]:
            name = ""
            async for line in response.aiter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data:"):
                    data = line.removeprefix("data:").strip()
                    yield name, json.loads(data) if data else None

        yield events()


async def test_interactions_come_as_server_sent_events(server: Server) -> None:
    """Those of the customer, as the viewer sees them; what the rep may not see is no event for her."""
    async with stream(server, CALLS, {"id": ADA}, token(server)) as events:
        await asyncio.sleep(1)
        waiting = asyncio.ensure_future(anext(events))
        for _ in range(20):  # until the subscription has begun, which nothing tells
            await ask(server, RECORD, {"input": CALL})
            await asyncio.wait({waiting}, timeout=3)
            if waiting.done():
                break
        name, told = await waiting
        assert name == "next"
        assert told == {
            "data": {"interactionRecorded": {"subject": "Lost parcel", "text": CALL["text"], "customer": {"id": ADA}}}
        }


async def test_a_query_over_server_sent_events_is_one_event_and_the_end(server: Server) -> None:
    """So a client needs one way for all; a wrong token is a plain refusal."""
    async with stream(server, "{ viewer { role } }", {}, token(server)) as events:
        assert [one async for one in events] == [
            ("next", {"data": {"viewer": {"role": "service_rep"}}}),
            ("complete", None),
        ]
    async with stream(server, "{ nonsense }", {}, token(server)) as events:
        (name, told), (end, _) = [one async for one in events]
        assert (name, told["errors"][0]["extensions"]["code"], end) == ("next", "CG201", "complete")
    async with httpx.AsyncClient(base_url=server.address) as client:
        headers = {"authorization": "Bearer a.b.c", "accept": "text/event-stream"}
        refused = await client.post("/graphql", json={"query": FOLLOW}, headers=headers)
    assert refused.status_code == 401


EITHER = "application/graphql-response+json, application/json, text/event-stream, multipart/mixed"
"""What urql accepts for whatever it asks."""


async def test_a_client_that_takes_either_has_events_for_subscriptions_alone(server: Server) -> None:
    """A query is answered as ever."""
    async with stream(server, FOLLOW, {"id": ADA}, token(server), EITHER) as events:
        name, told = await anext(events)
        assert (name, told["data"]["customerChanged"]["id"]) == ("next", ADA)
    async with httpx.AsyncClient(base_url=server.address, timeout=PATIENCE) as client:
        headers = {"authorization": token(server), "accept": EITHER}
        answer = await client.post("/graphql", json={"query": "{ viewer { role } }"}, headers=headers)
    assert answer.headers["content-type"].startswith("application/graphql-response+json")
    assert answer.json() == {"data": {"viewer": {"role": "service_rep"}}}


async def test_expiry_completes_a_stream_with_its_code(server: Server) -> None:
    """The last event says why."""
    short = token(server, lifetime=timedelta(seconds=20))
    async with stream(server, FOLLOW, {"id": ADA}, short) as events:
        found = [one async for one in events]
    assert found[0][1]["data"]["customerChanged"]["id"] == ADA
    assert found[-2][1]["errors"][0]["extensions"]["code"] == "CG101"
    assert found[-1] == ("complete", None)


# Other servers, stopping, and being killed


async def test_what_another_server_changes_is_an_event_here_and_a_stop_completes(
    server: Server, connection: Connection, tmp_path: Path
) -> None:
    """Two servers on one graph; the second is told to stop while somebody follows."""
    async with stream(server, FOLLOW, {"id": ADA}, token(server)) as events:
        await anext(events)
        other = started(connection, tmp_path / "data", **PATIENT)
        async with other as second, stream(second, FOLLOW, {"id": ADA}, token(second)) as theirs:
            await anext(theirs)
            await ask(second, PREFER, {"id": ADA, "channel": "EMAIL"})
            _, told = await anext(events)
            assert told["data"]["customerChanged"]["preferredChannel"] == "EMAIL"
            await anext(theirs)
            other._process.terminate()
            rest = [one async for one in theirs]
            await asyncio.to_thread(other._process.wait, PATIENCE)  # told twice it would not end in order
        assert rest[0][1]["errors"][0]["extensions"]["code"] == "CG213"
        assert rest[-1] == ("complete", None)


async def test_what_was_acknowledged_survives_kill_9(connection: Connection, tmp_path: Path) -> None:
    """The server dies while changes come in; each that was answered is there, once, with its record."""
    database = Database(connection)
    await database.write(PEOPLE, {"ada": ADA, "bo": BO, "cy": CY})
    doomed = started(connection, tmp_path / "data", viewer_requests="0", **PATIENT)
    server = await doomed.__aenter__()
    acknowledged: list[str] = []

    async def keep_asking(number: int) -> None:
        for turn in range(1_000):
            given = {**CALL, "subject": f"{number}-{turn}", "idempotencyKey": f"{number}-{turn}"}
            try:
                answer = await ask(server, RECORD, {"input": given})
            except httpx.TransportError:
                return
            if "errors" not in answer:
                acknowledged.append(given["subject"])

    workers = [asyncio.create_task(keep_asking(number)) for number in range(4)]
    async with asyncio.timeout(2 * PATIENCE):
        while len(acknowledged) < 20:  # noqa: ASYNC110  another process is waited for
            await asyncio.sleep(0.05)
    doomed._process.kill()
    await asyncio.gather(*workers)
    await asyncio.to_thread(doomed._process.wait)
    await doomed._database.close()
    stored = await database.read("MATCH (:Customer {id: $id})-[:HAD]->(i) RETURN i.subject", {"id": ADA})
    assert len(stored) == len(set(stored))
    assert set(acknowledged) <= set(stored)
    lost = "MATCH (i:Interaction) WHERE NOT EXISTS { MATCH (c:Change {record: i.id})-[:CHANGED]->() } RETURN i.id"
    assert await database.read(lost) == []
    await database.close()
