"""fulfilRequest and liftRestriction: a request is answered with a yes, and what that does is done in the same change.

A restriction holds, and a purpose is given up, from the next question on. Data that is exported, set right or erased
is so before: the answer names what shows it.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import strawberry

from ingest.changes.consents import decide
from ingest.changes.texts import line, reason_of
from ingest.write_back.changed import Changed
from ingest.write_back.outbox import announce
from privacy.request_record import Held, closed, held, take
from privacy.requests import AT_ONCE, Step, after
from privacy.statements import text
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.enums import ConsentState
from schema.enums import PrivacyRequestKind as Kind
from schema.errors import FulfilmentMissing, RequestStepRefused, ValueInvalid
from schema.purposes import PURPOSES

METHOD = "privacy request"
MANIFEST = re.compile(r"sha256:[0-9a-f]{64}")
_EXPORTED = frozenset({Kind.ACCESS, Kind.PORTABILITY})
_DECISIONS: Mapping[Kind, ConsentState] = {
    Kind.OBJECTION: ConsentState.OBJECTED,
    Kind.WITHDRAWAL: ConsentState.WITHDRAWN,
    Kind.OPT_OUT_OF_SALE: ConsentState.OBJECTED,
}


@strawberry.input(description="A request is fulfilled.")
class FulfilRequestInput(ChangeInput):
    """A yes."""

    request: strawberry.ID = strawberry.field(description="The request.")
    reference: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What fulfils it: sha256:... of an export's manifest, the Change or SourceRecord by which data was "
        "set right, an erasure receipt. What is carried out by this answer takes none.",
    )
    purposes: list[str] | None = strawberry.field(
        default=strawberry.UNSET,
        description="For which of its purposes, where not for all; what is left out is refused: say why in `answer`.",
    )
    answer: str | None = strawberry.field(default=strawberry.UNSET, description="What the person is told, in a line.")


@strawberry.input(description="A restriction ends.")
class LiftRestrictionInput(ChangeInput):
    """Which restriction ends, and why."""

    request: strawberry.ID = strawberry.field(description="The request by which it came.")
    reason: str = strawberry.field(description="Why it ends, as the person was told, in a line.")
    told_at: datetime = strawberry.field(description="When she was told, which is before it ends (GDPR art. 18(3)).")


async def fulfil_request(act: Act) -> Written:
    """Close it with a yes and do what that means. Raises RequestStepRefused, FulfilmentMissing and ValueInvalid."""
    request = await held(act)
    after(request.kind, request.state, Step.FULFIL)
    purposes = _granted(act, request)
    reference = await _reference(act, request)
    done: list[str] = []
    if request.kind in AT_ONCE:
        done = await _carry_out(act, request, purposes)
    fulfilled = {"fulfilledBy": reference, "granted": purposes, "answer": line(act.input, "answer"), **closed(act)}
    written = await take(act, request, Step.FULFIL, fulfilled)
    return Written(act.record, list(dict.fromkeys([*written, *done])))


async def lift_restriction(act: Act) -> Written:
    """End a restriction. Raises RequestStepRefused and ValueInvalid where the person was not told before."""
    request, told = await held(act), act.input["toldAt"]
    if told.tzinfo is None or told > act.now:
        raise ValueInvalid("'toldAt' is a moment that is over, with its offset from UTC: she is told before.")
    lifted = {"liftedAt": act.now, "warnedAt": told, "answer": reason_of(act)}
    written = await take(act, request, Step.LIFT, lifted)
    if request.customer is not None:
        named = {"customer": request.customer, "request": request.id, "now": act.now}
        if await act.run(text("lift_restriction"), named):
            await announce(act, request.customer, Changed.RESTRICTION, {"restricted": False, "request": request.id})
            written += ["Customer.status", "Customer.updatedAt"]
    return Written(act.record, written)


def _granted(act: Act, request: Held) -> list[str]:
    named = list(dict.fromkeys(act.input.get("purposes") or ()))
    if not all(name in request.purposes for name in named):
        raise ValueInvalid("'purposes' are of those that the request names.")
    if named and set(named) != set(request.purposes) and line(act.input, "answer") is None:
        raise ValueInvalid("'answer' says why not for all of its purposes.")
    return named or list(request.purposes)


async def _reference(act: Act, request: Held) -> str:
    """What fulfils it, once it is sure that it does."""
    said = line(act.input, "reference")
    if request.kind in AT_ONCE:
        if said is not None:
            raise FulfilmentMissing("This answer fulfils the request itself: it takes no 'reference'.")
        return act.change
    if said is None:
        raise FulfilmentMissing
    if request.kind in _EXPORTED:
        if MANIFEST.fullmatch(said) is None:
            raise FulfilmentMissing
        return said
    (found,) = await act.run(text("fulfils"), {"request": request.id, "reference": said})
    if not found:
        raise FulfilmentMissing
    return said


async def _carry_out(act: Act, request: Held, purposes: list[str]) -> list[str]:
    if request.customer is None:  # nobody is left of whom anything could be used
        raise RequestStepRefused
    effect: Callable[[Act, str, Held, list[str]], Awaitable[list[str]]]
    effect = _restrict if request.kind is Kind.RESTRICTION else _stop
    return await effect(act, request.customer, request, purposes)


async def _restrict(act: Act, customer: str, request: Held, purposes: list[str]) -> list[str]:
    del purposes
    await act.run(text("restrict"), {"customer": customer, "now": act.now})
    await announce(act, customer, Changed.RESTRICTION, {"restricted": True, "request": request.id})
    return ["Customer.status", "Customer.updatedAt"]


async def _stop(act: Act, customer: str, request: Held, purposes: list[str]) -> list[str]:
    written: list[str] = []
    more: dict[str, Any] = {"method": METHOD}
    for name in purposes:
        _, fields = await decide(act, customer, PURPOSES[name], _DECISIONS[request.kind], more)
        written += fields
    return written


FULFIL_REQUEST = Mutation(
    name=Step.FULFIL.value,
    about="Answer a request with a yes. What it asks to stop stops with this answer.",
    input=FulfilRequestInput,
    names="request",
    target="PrivacyRequest",
    gives="PrivacyRequest",
    carry_out=fulfil_request,
)
LIFT_RESTRICTION = Mutation(
    name=Step.LIFT.value,
    about="End a restriction, after the person was told (GDPR art. 18(3)).",
    input=LiftRestrictionInput,
    names="request",
    target="PrivacyRequest",
    gives="PrivacyRequest",
    carry_out=lift_restriction,
)
