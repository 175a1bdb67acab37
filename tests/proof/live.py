"""Changes and events put to two worlds that a viewer cannot tell apart, and compared with what the viewer may see.

A change succeeds if and only if the oracle sees the record that it names; its payload is what `node(id)` tells
afterwards; answers are byte-identical in both worlds. An event is what `node(id)` tells, and there is one only where
that differs.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import orjson
from graphql import (
    ExecutionResult,
    GraphQLObjectType,
    OperationDefinitionNode,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    parse,
)

from graph.session import Database
from resolvers.change import change
from resolvers.follow import Follow
from resolvers.happened import Happened
from resolvers.mutation import Mutation
from resolvers.prepare import Plans
from resolvers.read import Request, answer
from resolvers.role_schema import RoleSchema
from schema.errors import CorrectionImpossible, DecisionImpossible, DecisionSuperseded, NotThere, TokenRefused
from server.api import role_schema
from server.http import Question
from server.live import Live
from server.live_hub import Hub
from server.pace import Caller, Rates
from tests.proof import asking
from tests.proof.rounds import Round, prepare
from tests.proof.worlds import World, store

INPUTS: Mapping[str, Mapping[str, Any]] = {
    "recordInteraction": {
        "kind": "CALL",
        "direction": "INBOUND",
        "channel": "PHONE",
        "subject": "Ada O'Neil",
        "text": "a@x.example called about Bo and Zoë Ümit",
    },
    "openCase": {"subject": "Bo Ada"},
    "updateCase": {"status": "CLOSED", "resolution": "DONE"},
    "recordConsent": {"purpose": "analytics", "state": "GIVEN"},
    "withdrawConsent": {"purpose": "marketing.email"},
    "setChannelPreference": {"channel": "EMAIL"},
    "correctAddress": {"line1": "1 Ada", "city": "Bo", "country": "GB", "reason": "said so"},
    "correctName": {"familyName": "Ümit", "reason": "said so"},
    "replayDelivery": {},
    "dismissDelivery": {},
    "confirmReview": {"reason": "Ada O'Neil"},
    "dismissReview": {"reason": "Bo Ada"},
}
DECISIONS = (
    "merge",
    "split",
    "keepApart",
    "undo",
    "attachInteraction",
    "detachInteraction",
    "correctAddress",
    "correctName",
)
"""No silo delivered the records of these worlds: what is decided of visible ones is refused in its own words."""
MOST_OF_A_TYPE = 4
SECONDS = 60.0


@cache
def schema_of(name: str, purpose: str) -> RoleSchema:
    """The schema of a shipped role, with its changes and subscriptions."""
    return role_schema(asking.role(name, purpose).view)


def selection(type_: GraphQLObjectType, deeper: bool = True) -> str:
    """All values of a type, why some are not shown, and all values of the single records beside it."""
    parts = ["__typename"]
    for name, held in type_.fields.items():
        inner = get_named_type(held.type)
        if any(is_required_argument(one) for one in held.args.values()):
            continue
        if is_leaf_type(inner):
            parts.append(name)
        elif name == "_withheld":
            parts.append("_withheld { field reason }")
        elif deeper and isinstance(inner, GraphQLObjectType) and not held.args:
            parts.append(f"{name} {{ {selection(inner, False)} }}")
    return " ".join(parts)


@dataclass(slots=True)
class Counter:
    """Ids that are the same in every world: the first, the second ..."""

    count: int = 0

    def __call__(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}_made{self.count}"


@dataclass(slots=True)
class Scene:
    """A round's viewer in one of its worlds."""

    drawn: Round
    schema: RoleSchema
    database: Database
    ids: Counter = field(default_factory=Counter)
    plans: Plans = field(default_factory=Plans)

    def request(self) -> Request:
        """What the server would hand on."""
        made = asking.request(self.drawn.role, self.drawn.who, self.database)
        return replace(made, plans=self.plans, new_id=self.ids)

    async def run(self, text: str, variables: Mapping[str, Any]) -> ExecutionResult:
        """The answer to a query or a mutation."""
        document = parse(text)
        (operation,) = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
        way = change if operation.operation.value == "mutation" else answer
        return asking.unfailed(await way(self.schema, document, text, operation, variables, self.request()))


def scene(drawn: Round, database: Database) -> Scene:
    """The round's viewer, before anything is asked."""
    said = drawn.role.policy.role
    return Scene(drawn, schema_of(said, drawn.who.purpose), database)


def targets(drawn: Round, type_: str) -> list[str]:
    """Records that a viewer may name: some that are visible, some that are hidden or only in one world, and none."""
    chance = random.Random(drawn.seed)
    everywhere = {one.id for world in drawn.worlds for one in world.of(type_)}
    seen = sorted(everywhere & set(drawn.seen.nodes))
    hidden = sorted(everywhere - set(drawn.seen.nodes))
    some = [chance.sample(ids, min(len(ids), MOST_OF_A_TYPE // 2)) for ids in (seen, hidden)]
    return [*some[0], *some[1], f"{'cus' if type_ == 'Customer' else 'cas'}_nowhere", "con_nowhere"]


async def fault_of_changes(database: Database, seed: int, name: str, purpose: str) -> str:
    """What is wrong with the changes of a round; empty where nothing is."""
    drawn = prepare(seed, name, purpose, 0, 1)
    answers: list[list[bytes]] = []
    for world in drawn.worlds:
        await store(database, world)
        at = scene(drawn, database)
        told: list[bytes] = []
        for mutation in at.schema.mutations.values():
            gives = at.schema.graphql.type_map[mutation.gives]
            assert isinstance(gives, GraphQLObjectType)
            shown = selection(gives)
            input_ = f"{mutation.input.__name__}!"
            text = (
                f"mutation ($i: {input_}) {{ m: {mutation.name}(input: $i) {{ r: {mutation.field} {{ {shown} }} }} }}"
            )
            again = f"query ($id: ID!) {{ r: node(id: $id) {{ ... on {mutation.gives} {{ {shown} }} }} }}"
            if mutation.name in DECISIONS:
                told += (found := await _decided(at, mutation, text))[0]
                if found[1]:
                    return f"{mutation.name}: {found[1]}"
                continue
            for number, target in enumerate(targets(drawn, mutation.target)):
                given = {mutation.names: target, "idempotencyKey": f"k{number}", **INPUTS[mutation.name]}
                result = await at.run(text, {"i": given})
                told.append(asking.body(result))
                if fault := await _fault_of(at, result, again, target, mutation.target):
                    return f"{mutation.name}: {fault}"
        answers.append(told)
    differ = [pair for pair in zip(*answers, strict=True) if pair[0] != pair[1]]
    return f"the worlds differ: {differ[0]}" if differ else ""


async def _fault_of(at: Scene, result: ExecutionResult, again: str, target: str, type_: str) -> str:
    visible = target in at.drawn.seen.nodes and at.drawn.seen.nodes[target].type == type_
    made = (result.data or {}).get("m")
    if not visible:
        codes = [(error.extensions or {}).get("code") for error in result.errors or ()]
        return "" if made is None and codes == [NotThere.code] else f"a hidden record was told apart: {codes}"
    if made is None or result.errors:
        return f"a visible record could not be changed: {result.errors}"
    id_ = made["r"]["id"] if made["r"] else None
    read = await at.run(again, {"id": id_ or "con_nowhere"})
    return "" if (read.data or {}).get("r") == made["r"] else "the payload is not what a query tells"


async def _decided(at: Scene, mutation: Mutation, text: str) -> tuple[list[bytes], str]:
    """The answers to decisions on every two records that a viewer may name, and what is wrong with them."""
    told = []
    others = [[one] for one in targets(at.drawn, mutation.also[1])] if mutation.also else [[]]
    for target in targets(at.drawn, mutation.target):
        for other in others:
            one = mutation.name == "attachInteraction"  # which takes one customer and no list
            beside = {mutation.also[0]: other[0] if one else other} if mutation.also else {}
            said = {"reason": "seen", **INPUTS.get(mutation.name, {})}
            result = await at.run(text, {"i": {mutation.names: target, **said, **beside}})
            told.append(asking.body(result))
            visible = all(one in at.drawn.seen.nodes for one in (target, *other))
            codes = {str((error.extensions or {}).get("code")) for error in result.errors or ()}
            expected = (
                {DecisionImpossible.code, DecisionSuperseded.code, CorrectionImpossible.code}
                if visible
                else {NotThere.code}
            )
            if not codes or not codes <= expected:
                return told, f"{target} and {other} are {'seen' if visible else 'hidden'}: {codes}"
    return told, ""


@dataclass(slots=True)
class Counting:
    """The database, with a count of the reads that are over."""

    database: Database
    over: int = 0

    async def read(self, text: str, parameters: Any, timeout: float | None = None) -> list[Any]:
        """As the database reads."""
        try:
            return await self.database.read(text, parameters, timeout)
        finally:
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
