"""Follow: a subscription from document to events, each read anew through the View at that moment.

What happened only wakes a subscription; what it tells is the answer that the same viewer would get to `node(id)` now.
An answer that equals the last one is not an event, so neither what events say nor how many there are depends on what
the viewer may not see. What is followed and is not there any more for the viewer ends it.
"""

import asyncio
import inspect
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from types import GenericAlias
from typing import Any, Optional, get_args

import orjson
import strawberry
from graphql import DocumentNode, ExecutionResult, OperationDefinitionNode

from graph.emit import emit
from graph.expr import Compare, Exists, Prop, Value, Variable, both
from graph.plan import plan_one
from graph.read import ById, Read
from graph.selection import Field, Node, One
from graph.view import View
from resolvers.disclose import discloser
from resolvers.follow_list import ListFollowed
from resolvers.follow_log import LogFollowed
from resolvers.followed_lists import LISTS
from resolvers.happened import Happened
from resolvers.looking import Looking, Unsure
from resolvers.prepare import Plan, Prepared, PreparedAct
from resolvers.prepare_act import RECORD, prepare_acts
from resolvers.prepare_list import WHOSE
from resolvers.read import Request, RootAnswer, coded
from resolvers.role_schema import RoleSchema
from resolvers.select import type_of_id
from resolvers.shape import shaper
from resolvers.variables import coerced, resolved
from schema.enums import ReviewKind
from schema.errors import CustomerGraphError, DocumentInvalid, NotThere, StreamEnded, TooSlow
from schema.generate import lazily
from schema.model import MODEL, Scalar

SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_BEFORE_ANOTHER_TRY = 1.0
MOST_WAITING = 100
INTERACTIONS_COME_BY = "recordInteraction"


@dataclass(frozen=True, slots=True)
class Following:
    """One field of the type Subscription. `arguments` are their types by name."""

    name: str
    gives: str
    arguments: Mapping[str, Any]
    about: str


FOLLOWINGS = (
    Following(
        "customerChanged",
        "Customer",
        {"id": strawberry.ID},
        "A customer as you see her: at once, and whenever that changes. Ends when you may not see her any more.",
    ),
    Following(
        "interactionRecorded",
        "Interaction",
        {"customer": strawberry.ID | None},
        "Interactions as they are recorded, those that you may see: of one customer, or of all.",
    ),
    Following(
        "changed",
        "ChangeEdge",
        {"after": str | None},
        "Changes as they are made, those that you may see, each once and in their order: after a cursor of the list "
        "`changes`, or from now on.",
    ),
    Following(
        "consentRecorded",
        "ConsentEdge",
        {"customer": strawberry.ID, "after": str | None, "current": bool | None},
        "Decisions of a customer as they come in, those that you may see, whoever took them: after the cursor of such "
        "an event, or from now on; with `current` the latest that are there come first. Ends when you may not see her "
        "any more.",
    ),
    Following(
        "reviewTaskChanged",
        "ReviewTaskEdge",
        {"kinds": list[ReviewKind] | None, "after": str | None, "current": bool | None},
        "Review tasks as they are found and decided, those that you may see, of these kinds or of all: after the "
        "cursor of such an event, or from now on; with `current` the latest that are there come first.",
    ),
)


def subscription_type() -> type:
    """The GraphQL type Subscription."""
    cls = type("Subscription", (), {"__doc__": "What can be followed.", "__annotations__": {}})
    for one in FOLLOWINGS:
        setattr(cls, one.name, strawberry.subscription(_resolver(one), name=one.name, description=one.about))
    return strawberry.type(cls, description=cls.__doc__)


def _resolver(one: Following) -> Callable[..., Any]:
    """For the schema's sake: Follow answers before it is called."""

    def resolve(self: Any, **_: Any) -> Any:
        raise NotImplementedError(f"{one.name} is answered by Follow")

    given = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=strawberry.UNSET if type(None) in get_args(type_) else inspect.Parameter.empty,
            annotation=type_,
        )
        for name, type_ in one.arguments.items()
    ]
    events: Any = GenericAlias(AsyncGenerator, (Optional[lazily(one.gives)], None))  # noqa: UP045  a lazy reference
    parameters = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD), *given]
    resolve.__signature__ = inspect.Signature(parameters, return_annotation=events)  # type: ignore[attr-defined]  # functions take one
    resolve.__annotations__ = {**one.arguments, "return": events}
    resolve.__name__ = one.name
    return resolve


Renew = Callable[[], Awaitable[Request]]
"""The request as it is now: the token verified again, the View of the rules in force, the time. Raises refusals."""
Listen = Callable[["Follow"], AbstractAsyncContextManager[None]]


class Follow:
    """One subscription under way. `notice`, `look` and `end` may be called at any time, from the same event loop."""

    def __init__(
        self,
        schema: RoleSchema,
        document: DocumentNode,
        text: str,
        operation: OperationDefinitionNode,
        given: Mapping[str, Any],
        renew: Renew,
        listen: Listen,
        recheck_seconds: float,
    ) -> None:
        self._schema, self._document, self._text = schema, document, text
        self._operation, self._given = operation, given
        self._renew, self._listen = renew, listen
        self._recheck_seconds = recheck_seconds
        self._awake = asyncio.Event()
        self._waiting: deque[str] = deque()
        self._followed: str | None = None
        self._wants: Callable[[Happened], bool] = lambda happened: False
        self._wakes: Callable[[Happened], bool] = lambda happened: False
        self._ended: CustomerGraphError | None = None

    def notice(self, happened: Happened) -> None:
        """Something happened: look again if it concerns what is followed, or whether it still may be."""
        if (self._followed is not None and self._followed in happened.about) or self._wakes(happened):
            self._awake.set()
        if self._wants(happened):
            if len(self._waiting) >= MOST_WAITING:
                self.end(TooSlow())
                return
            self._waiting.append(happened.record)
            self._awake.set()

    def look(self) -> None:
        """Look again, for something may be different now."""
        self._awake.set()

    def end(self, refusal: CustomerGraphError) -> None:
        """End with this refusal."""
        self._ended = self._ended or refusal
        self._awake.set()

    async def results(self) -> AsyncGenerator[ExecutionResult, None]:
        """Every event, and last of all the refusal that ended it."""
        try:
            request = await self._renew()
            variables = coerced(self._schema.graphql, self._operation, self._given)
            plan = self._plan(request, variables)
            request.pace.charge(plan.cost)
            (act,) = plan.acts
            if act.acted.name not in KINDS:
                raise DocumentInvalid
            async with self._listen(self), aclosing(self._events(act, request, variables.coerced)) as events:
                async for event in events:
                    yield event
        except CustomerGraphError as refusal:
            yield ExecutionResult(None, [coded(refusal)])

    def _plan(self, request: Request, variables: Any) -> Plan:
        plan = request.plans.plan(
            self._schema,
            request.view,
            self._document,
            self._text,
            self._operation,
            variables,
            request.budget,
            request.pace.fresh,
            make=prepare_acts,
        )
        if len(plan.acts) != 1:
            raise DocumentInvalid("A subscription asks for exactly one field.")
        return plan

    async def _events(
        self, act: PreparedAct, request: Request, values: Mapping[str, Any]
    ) -> AsyncGenerator[ExecutionResult, None]:
        arguments = _arguments(act, values)
        looking = KINDS[act.acted.name](act, request.view, arguments, values, self._text, self._waiting)
        self._followed, self._wants, self._wakes = looking.followed, looking.wants, looking.wakes
        first, view = True, request.view
        while self._ended is None:
            self._awake.clear()
            try:
                if not first:
                    request = await self._renew()
                if request.view is not view:
                    raise StreamEnded  # the rules by which it was planned are not in force any more
                async for event in looking.look(request):
                    yield event
                first = False
            except Unsure as unsure:
                if first:
                    raise unsure.refusal from None
                await self._pause(SECONDS_BEFORE_ANOTHER_TRY)
                self._awake.set()
                continue
            await self._pause(SECONDS_BETWEEN_LOOKS)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), self._recheck_seconds)
        raise self._ended

    async def _pause(self, seconds: float) -> None:
        """Wait, but not for what is to end now."""
        if self._ended is None:
            await asyncio.sleep(seconds)


class _Record(Looking):
    """One record, whenever it reads differently."""

    def __init__(self, *of: Any) -> None:
        super().__init__(*of)
        self.record = str(self.arguments["id"])
        if type_of_id(self.record) is not MODEL["Customer"]:
            raise NotThere
        self.followed = self.record
        self.last = b""

    async def look(self, request: Request) -> AsyncIterator[ExecutionResult]:
        """The record, if it is not as it was."""
        found = await self.read(self.part, self.record, request)
        if found.value is None and not found.errors:
            raise NotThere
        digest = _digest(found)
        if digest != self.last:
            self.last = digest
            yield await self.told(found, request)


class _Interactions(Looking):
    """Interactions that were recorded since, of one customer or of all."""

    def __init__(self, act: PreparedAct, view: View, arguments: Mapping[str, Any], *of: Any) -> None:
        super().__init__(act, view, arguments, *of)
        self.watch: Prepared | None = None
        if (customer := arguments.get("customer")) is not None:
            self.followed = str(customer)
            if type_of_id(self.followed) is not MODEL["Customer"] or "Customer" not in view.types:
                raise NotThere
            self.watch = _read("Customer", view)
            self.whose = _whose(view)

    def wants(self, happened: Happened) -> bool:
        """Interactions; of the customer who is followed, as far as the change says."""
        return happened.name == INTERACTIONS_COME_BY and (self.followed is None or self.followed in happened.about)

    async def look(self, request: Request) -> AsyncIterator[ExecutionResult]:
        """What was recorded, of what the viewer may see."""
        if self.watch is not None and (await self.read(self.watch, str(self.followed), request)).value is None:
            raise NotThere
        while self.waiting:
            record = self.waiting[0]
            if self.watch is None or await self._is_hers(record, request):
                found = await self.read(self.part, record, request)
                self.waiting.popleft()
                if found.value is not None or found.errors:
                    yield await self.told(found, request)
            else:
                self.waiting.popleft()

    async def _is_hers(self, record: str, request: Request) -> bool:
        """Whether the interaction is visibly one of the customer's."""
        self.values = {**self.values, WHOSE: self.followed}
        return (await self.read(self.whose, record, request)).value is not None


KINDS: Mapping[str, type[Looking]] = {
    "customerChanged": _Record,
    "interactionRecorded": _Interactions,
    "changed": LogFollowed,
    **dict.fromkeys(LISTS, ListFollowed),
}


def _read(label: str, view: View) -> Prepared:
    read, placed = plan_one(_by_record(), One("node", (Node(label, (("id", Field("id")),)),)), view)
    return Prepared("node", "node", emit(read, "watch"), shaper(placed), None, (), discloser(read.legs, None))


def _whose(view: View) -> Prepared:
    """An interaction, if one of the customers whom it is about is WHOSE and the viewer may see her."""
    read, placed = plan_one(_by_record(), One("node", (Node("Interaction", (("id", Field("id")),)),)), view)
    edge = MODEL["Interaction"].subject
    assert edge is not None
    (her, _) = plan_one(_by_record(), One("node", (Node("Customer", ()),)), view)
    hers = both(her.legs[0].rows, Compare("=", Prop("id"), Value(Variable((WHOSE,)), Scalar.ID)))
    (leg,) = read.legs
    bounded = Read(read.start, (replace(leg, rows=both(leg.rows, Exists(edge, "Customer", hers))),), None)
    return Prepared("node", "node", emit(bounded, "watch"), shaper(placed), None, (), discloser(bounded.legs, None))


def _by_record() -> ById:
    return ById(Value(Variable((RECORD,)), Scalar.ID))


def _arguments(act: PreparedAct, values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: resolved(value, values) for name, value in act.acted.arguments.items()}


def _digest(found: RootAnswer) -> bytes:
    said = [found.value, [(error.message, error.path) for error in found.errors]]
    return sha256(orjson.dumps(said)).digest()
