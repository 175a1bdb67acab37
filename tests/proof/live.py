"""Events put to two worlds that a viewer cannot tell apart, and compared with what the viewer may see.

An event is what `node(id)` tells, and there is one only where that differs; answers are byte-identical in both worlds.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import orjson
from graphql import GraphQLObjectType, OperationDefinitionNode, parse

from graph.session import Database
from resolvers.follow import Follow
from resolvers.happened import Happened
from resolvers.read import Request
from schema.errors import NotThere, TokenRefused
from server.http import Question
from server.live import Live
from server.live_hub import Hub
from server.pace import Caller, Rates
from tests.proof import asking
from tests.proof.rounds import prepare
from tests.proof.scene import Scene, scene, selection, targets
from tests.proof.worlds import World, store

SECONDS = 60.0


@dataclass(slots=True)
class Counting:
    """The database, with a count of the reads that are over and of those under way."""

    database: Database
    over: int = 0
    under_way: int = 0

    async def read(self, text: str, parameters: Any, timeout: float | None = None) -> list[Any]:
        """As the database reads."""
        self.under_way += 1
        try:
            return await self.database.read(text, parameters, timeout)
        finally:
            self.under_way -= 1
            self.over += 1


class Watching:
    """A subscription, and what it told."""

    def __init__(self, at: Scene, text: str, variables: Mapping[str, Any]) -> None:
        self.reads = Counting(at.database)
        self.told: list[bytes] = []
        document = parse(text)
        (operation,) = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
        self.ready = asyncio.Event()
        self.over = asyncio.Event()

        async def renew() -> Request:
            return replace(at.request(), database=self.reads)

        @asynccontextmanager
        async def listen(follow: Follow) -> AsyncIterator[None]:
            self.ready.set()
            yield

        self.follow = Follow(at.schema, document, text, operation, variables, renew, listen, SECONDS)
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        try:
            async for one in self.follow.results():
                self.told.append(asking.body(one))
        finally:
            self.over.set()
            self.ready.set()

    async def looked(self, before: int) -> None:
        """Wait until it has read since, or has ended."""
        async with asyncio.timeout(SECONDS):
            while self.reads.over <= before and not self.over.is_set():  # noqa: ASYNC110  two things are waited for
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.05)

    async def settled(self, before: int) -> None:
        """Wait until it has read since, and reads no more for a while, or has ended."""
        await self.looked(before)
        async with asyncio.timeout(SECONDS):
            while not self.over.is_set():
                over = self.reads.over
                await asyncio.sleep(0.3)
                if self.reads.over == over and not self.reads.under_way:
                    break

    async def again(self) -> None:
        """Have it look, and wait until it has."""
        before = self.reads.over
        self.follow.look()
        await self.looked(before)

    async def stop(self) -> list[bytes]:
        """End it; everything that it told."""
        self.task.cancel()
        await asyncio.wait({self.task})
        return self.told


async def fault_of_events(database: Database, seed: int, name: str, purpose: str) -> str:
    """What is wrong with the events of a round; empty where nothing is."""
    drawn = prepare(seed, name, purpose, 0, 1)
    orders = (drawn.worlds, tuple(reversed(drawn.worlds)))
    answers: list[list[list[bytes]]] = []
    for first, second in orders:
        at = scene(drawn, database)
        found: list[list[bytes]] = []
        for target in targets(drawn, "Customer"):
            told = await _followed(at, first, second, target)
            if isinstance(told, str):
                return told
            found.append(told)
        if "interactionRecorded" in getattr(at.schema.graphql.subscription_type, "fields", {}):
            told = await _recorded(at, first)
            if isinstance(told, str):
                return told
            found.append(told)
        if "changed" in getattr(at.schema.graphql.subscription_type, "fields", {}):
            told = await _logged(at, first, second)
            if isinstance(told, str):
                return told
            found.append(told)
        for one in LISTS:
            if one.name in getattr(at.schema.graphql.subscription_type, "fields", {}):
                for target in targets(drawn, "Customer") if one.edge else [""]:
                    told = await _listed(at, first, second, one, target)
                    if isinstance(told, str):
                        return told
                    found.append(told)
        answers.append(found)
    return "" if answers[0] == answers[1] else "the worlds differ"


async def _followed(at: Scene, first: World, second: World, target: str) -> list[bytes] | str:
    """Follow a customer from one world into its twin, and on until she may not be seen any more."""
    type_ = at.schema.graphql.type_map["Customer"]
    assert isinstance(type_, GraphQLObjectType)
    shown = selection(type_)
    visible = target in at.drawn.seen.nodes
    await store(at.database, first)
    watching = Watching(at, f"subscription ($id: ID!) {{ r: customerChanged(id: $id) {{ {shown} }} }}", {"id": target})
    try:
        await watching.looked(0)
        query = f"query ($id: ID!) {{ r: node(id: $id) {{ ... on Customer {{ {shown} }} }} }}"
        now = asking.body(await at.run(query, {"id": target}))
        if visible != (watching.told == [now]):
            return f"{target}: the first event is not what a query tells"
        await store(at.database, second)
        await watching.again()
        if visible != (len(watching.told) == 1 and not watching.over.is_set()):
            return f"{target}: what is hidden made an event"
        if visible:
            await at.database.write("MATCH (c:Customer {id: $id}) SET c.status = 'ERASED' RETURN 1", {"id": target})
            before = watching.reads.over
            watching.follow.notice(Happened("chg_1", "withdrawConsent", "con_1", frozenset({target})))
            await watching.looked(before)
            if not watching.over.is_set() or NotThere.code.encode() not in watching.told[-1]:
                return f"{target}: it goes on though she is not there any more"
    finally:
        told = await watching.stop()
    return told


async def _recorded(at: Scene, world: World) -> list[bytes] | str:
    """Tell of every interaction there is; those that may be seen are events, and no others."""
    type_ = at.schema.graphql.type_map["Interaction"]
    assert isinstance(type_, GraphQLObjectType)
    await store(at.database, world)
    watching = Watching(at, f"subscription {{ r: interactionRecorded {{ {selection(type_)} }} }}", {})
    try:
        async with asyncio.timeout(SECONDS):
            await watching.ready.wait()
            while watching.follow._wants(Happened("chg_0", "recordInteraction", "int_0", frozenset())) is False:  # noqa: ASYNC110  it has no event for this
                await asyncio.sleep(0.01)
        everywhere = sorted({one.id for each in at.drawn.worlds for one in each.of("Interaction")})
        for number, id_ in enumerate(everywhere):
            watching.follow.notice(Happened(f"chg_{number}", "recordInteraction", id_, frozenset()))
        async with asyncio.timeout(SECONDS):
            while watching.reads.over < len(everywhere) and not watching.over.is_set():  # noqa: ASYNC110  two things
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.05)
    finally:
        told = await watching.stop()
    seen = [id_ for id_ in everywhere if id_ in at.drawn.seen.nodes]
    found = [(orjson.loads(one)["data"] or {}).get("r") for one in told]
    if [one and one["id"] for one in found] != seen:
        return f"interactions were told of that may not be seen, or others not: {told} instead of {seen}"
    return told


async def _logged(at: Scene, first: World, second: World) -> list[bytes] | str:
    """Follow the changes from the first that is seen: the events are the rest of the list, in both worlds."""
    type_ = at.schema.graphql.type_map["Change"]
    assert isinstance(type_, GraphQLObjectType)
    edge = f"cursor node {{ {selection(type_)} }}"
    await store(at.database, first)
    whole = await at.run(f"{{ changes(first: 100) {{ edges {{ {edge} }} }} }}", {})
    edges = (whole.data or {})["changes"]["edges"]
    expected = edges[1:]
    given = {"after": edges[0]["cursor"]} if edges else {"after": None}
    watching = Watching(at, f"subscription ($after: String) {{ r: changed(after: $after) {{ {edge} }} }}", given)
    try:
        await watching.looked(0)
        await store(at.database, second)
        await watching.again()
        before = watching.reads.over
        watching.follow.notice(Happened("chg_1", "withdrawConsent", "con_1", frozenset()))
        await watching.looked(before)
    finally:
        told = await watching.stop()
    found = [(orjson.loads(one)["data"] or {}).get("r") for one in told]
    if found != expected:
        return f"the log is told otherwise than it is listed: {found} instead of {expected}"
    return told


@dataclass(frozen=True, slots=True)
class FollowedList:
    """A list that is followed: its subscription, type and edge of a customer, and a change of every record in it."""

    name: str
    type: str
    edge: str | None
    change: str


LISTS = (
    FollowedList("consentRecorded", "Consent", "consents", "MATCH (n:Consent) SET n.method = 'changed' RETURN 1"),
    FollowedList("reviewTaskChanged", "ReviewTask", None, "MATCH (n:ReviewTask) SET n.purposes = ['changed'] RETURN 1"),
)


async def _listed(at: Scene, first: World, second: World, one: FollowedList, target: str) -> list[bytes] | str:
    """Follow a list from one world into its twin, which makes no event; then change all, which makes one of each."""
    type_ = at.schema.graphql.type_map[one.type]
    assert isinstance(type_, GraphQLObjectType)
    seen = at.drawn.seen.nodes
    given, named = ("$id: ID!", "customer: $id, ") if one.edge else ("", "")
    head = f"subscription ({given}) {{" if given else "subscription {"
    text = f"{head} r: {one.name}({named}current: true) {{ cursor node {{ {selection(type_)} }} }} }}"
    visible = target in seen if one.edge else True
    expected = seen[target].edges[one.edge] if one.edge and visible else ()
    if not one.edge:
        expected = tuple(id_ for id_, held in seen.items() if held.type == one.type)
    await store(at.database, first)
    watching = Watching(at, text, {"id": target} if one.edge else {})
    try:
        await watching.settled(0)
        if not visible:
            told = await watching.stop()
            return told if NotThere.code.encode() in told[-1] else f"{target}: a list of the hidden is told: {told}"
        whole = list(watching.told)
        await store(at.database, second)
        before = watching.reads.over
        watching.follow.look()
        await watching.settled(before)
        if watching.told != whole or watching.over.is_set():
            return f"{one.name} of {target}: what is hidden made an event or an end: {watching.told[len(whole) :]}"
        await at.database.write(one.change)
        before = watching.reads.over
        watching.follow.look()
        await watching.settled(before)
    finally:
        told = await watching.stop()
    for part in (told[: len(whole)], told[len(whole) :]):
        ids = [(orjson.loads(event)["data"] or {})["r"]["node"]["id"] for event in part]
        if sorted(ids) != sorted(set(expected)):
            return f"{one.name} of {target}: told were {ids}, seen are {sorted(expected)}"
    return told


async def fault_of_expiry(database: Database, seed: int, name: str, purpose: str) -> str:
    """Whether a subscription outlives its token; empty where it does not."""
    drawn = prepare(seed, name, purpose, 0, 1)
    await store(database, drawn.worlds[0])
    at = scene(drawn, database)
    customers = [one.id for one in drawn.seen.nodes.values() if one.type == "Customer"]
    if not customers:
        return ""
    viewer = replace(at.request().viewer, expires_at=int(time.time()) + 3)
    text = "subscription ($id: ID!) { customerChanged(id: $id) { id } }"
    document = parse(text)
    (operation,) = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))

    async def renew() -> Request:
        return replace(at.request(), viewer=viewer)

    question = Question(text, {"id": customers[0]}, None)
    live = Live(Hub(database), 60.0)
    told: list[bytes] = []
    try:
        async with asyncio.timeout(30):
            events = live.follow(viewer, Caller(Rates()), at.schema, document, question, operation, renew)
            told.extend([asking.body(one) async for one in events])
    except TimeoutError:
        return "the subscription goes on though the token has expired"
    return "" if TokenRefused.code.encode() in told[-1] else f"it ended otherwise: {told[-1]!r}"
