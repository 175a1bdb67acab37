"""proveIdentity, beginRequest, extendRequest and refuseRequest: the steps of a request to its answer, but for a yes."""

from datetime import datetime

import strawberry

from ingest.changes.texts import chosen, line
from privacy.request_record import closed, held, take
from privacy.requests import Step, after, extended, law_of_refusal
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.enums import ExtensionGround, IdentityProof, RefusalGround
from schema.errors import ValueInvalid


@strawberry.input(description="It is sure who asks.")
class ProveIdentityInput(ChangeInput):
    """A proof, without what was shown for it."""

    request: strawberry.ID = strawberry.field(description="The request.")
    method: IdentityProof = strawberry.field(description="How it was made sure. No document is kept.")


@strawberry.input(description="Work on a request begins.")
class BeginRequestInput(ChangeInput):
    """Which request is worked on."""

    request: strawberry.ID = strawberry.field(description="The request.")


@strawberry.input(description="The answer to a request takes two months longer, once.")
class ExtendRequestInput(ChangeInput):
    """An extension."""

    request: strawberry.ID = strawberry.field(description="The request.")
    ground: ExtensionGround = strawberry.field(description="Why it takes longer.")
    told_at: datetime = strawberry.field(description="When the person was told of it and of the reasons.")
    answer: str = strawberry.field(description="The reasons, as she was told, in a line.")


@strawberry.input(description="A request is refused.")
class RefuseRequestInput(ChangeInput):
    """A refusal."""

    request: strawberry.ID = strawberry.field(description="The request.")
    ground: RefusalGround = strawberry.field(description="Why. Each kind of request has its own grounds in law.")
    answer: str = strawberry.field(
        description="Why, as the person is told, in a line. Tell her also that she may complain and go to court."
    )


async def prove_identity(act: Act) -> Written:
    """Enter the proof. Raises RequestStepRefused."""
    proven = {
        "identityProof": chosen(act.input, "method"),
        "identityProvenAt": act.now,
        "identityProvenBy": act.viewer.role,
    }
    return Written(act.record, await take(act, await held(act), Step.PROVE, proven))


async def begin_request(act: Act) -> Written:
    """Enter that somebody works on it. Raises RequestStepRefused."""
    return Written(act.record, await take(act, await held(act), Step.BEGIN, {"begunAt": act.now}))


async def extend_request(act: Act) -> Written:
    """Move the time, once. Raises RequestStepRefused, ExtensionRefused and ValueInvalid."""
    request, told = await held(act), act.input["toldAt"]
    if told.tzinfo is None:
        raise ValueInvalid("'toldAt' is a moment with its offset from UTC.")
    answer = _answer(act)
    after(request.kind, request.state, Step.EXTEND)  # what cannot be extended at all is said first
    later = {
        "dueAt": extended(request.kind, request.received, told, act.now, already=request.extended),
        "extendedAt": act.now,
        "extensionGround": chosen(act.input, "ground"),
        "toldAt": told,
        "answer": answer,
    }
    return Written(act.record, await take(act, request, Step.EXTEND, later))


async def refuse_request(act: Act) -> Written:
    """Close it with a no. Raises RequestStepRefused, RefusalRefused and ValueInvalid."""
    request = await held(act)
    ground = RefusalGround[str(chosen(act.input, "ground"))]
    answer = _answer(act)
    after(request.kind, request.state, Step.REFUSE)
    law = law_of_refusal(request.kind, request.state, ground, advertises=request.advertises)
    refused = {"refusalGround": ground.name, "refusalLaw": law, "answer": answer, **closed(act)}
    return Written(act.record, await take(act, request, Step.REFUSE, refused))


def _answer(act: Act) -> str:
    answer = line(act.input, "answer")
    if answer is None:
        raise ValueInvalid("'answer' says in a line what the person is told.")
    return answer


PROVE_IDENTITY = Mutation(
    name=Step.PROVE.value,
    about="Say how it was made sure who asks. Without it no request is fulfilled.",
    input=ProveIdentityInput,
    names="request",
    target="PrivacyRequest",
    gives="PrivacyRequest",
    carry_out=prove_identity,
)
BEGIN_REQUEST = Mutation(
    name=Step.BEGIN.value,
    about="Begin to work on a request.",
    input=BeginRequestInput,
    names="request",
    target="PrivacyRequest",
    gives="PrivacyRequest",
    carry_out=begin_request,
)
EXTEND_REQUEST = Mutation(
    name=Step.EXTEND.value,
    about="Extend the time of a request by two months, once, after the person was told (GDPR art. 12(3)).",
    input=ExtendRequestInput,
    names="request",
    target="PrivacyRequest",
    gives="PrivacyRequest",
    carry_out=extend_request,
)
REFUSE_REQUEST = Mutation(
    name=Step.REFUSE.value,
    about="Refuse a request, on a ground that the law knows for it.",
    input=RefuseRequestInput,
    names="request",
    target="PrivacyRequest",
    gives="PrivacyRequest",
    carry_out=refuse_request,
)
