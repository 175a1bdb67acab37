"""makeRequest and cancelRequest: a data subject asks, herself or through somebody who enters it, and may take it back.

Whoever is signed in as herself has proven who she is (GDPR recital 57): her request begins as IDENTIFIED.
"""

from datetime import datetime
from typing import Any

import strawberry

from ingest.changes.texts import chosen, line
from privacy.request_record import LONGEST_NOTE, actor, closed, held, take
from privacy.requests import Step, after, due
from privacy.statements import text
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.enums import IdentityProof, PrivacyRequestKind, PrivacyRequestState
from schema.errors import ValueInvalid
from schema.purposes import LegalBasis
from schema.rights import STOPPING, reaches, rights_offered

_HIDDEN = ("id", "sourceKey")


@strawberry.input(description="What a customer asks about her data.")
class MakeRequestInput(ChangeInput):
    """A request."""

    customer: strawberry.ID = strawberry.field(description="Who asks.")
    kind: PrivacyRequestKind = strawberry.field(description="What she asks for.")
    purposes: list[str] | None = strawberry.field(
        default=strawberry.UNSET,
        description="For what her data is not to be used any more. Default: all that the right can stop now.",
    )
    received_at: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="When it came in, where that was earlier: a letter, a call. Default: now."
    )
    note: str | None = strawberry.field(default=strawberry.UNSET, description="What she asks, in her own words.")


@strawberry.input(description="A request is taken back.")
class CancelRequestInput(ChangeInput):
    """Which request ends."""

    request: strawberry.ID = strawberry.field(description="The request.")


async def make_request(act: Act) -> Written:
    """Enter it. It is taken whether or not the right is offered: who decides says so. Raises ValueInvalid."""
    kind = PrivacyRequestKind[str(chosen(act.input, "kind"))]
    herself = act.viewer.subject == act.record
    received = _received(act, herself)
    id_ = act.new_id("req")
    properties: dict[str, Any] = {
        "id": id_,
        "sourceKey": f"api:{id_}",
        "kind": kind.name,
        "state": PrivacyRequestState.RECEIVED.name,
        "purposes": await _purposes(act, kind),
        "granted": [],
        "receivedAt": received,
        "dueAt": due(kind, received),
        "madeBy": act.viewer.role,
        "note": line(act.input, "note", LONGEST_NOTE),
        "actor": actor(act, act.record),
    }
    if herself:
        properties |= {
            "state": after(kind, PrivacyRequestState.RECEIVED, Step.PROVE).name,
            "identityProof": IdentityProof.SIGNED_IN.name,
            "identityProvenAt": act.now,
            "identityProvenBy": act.viewer.role,
        }
    await act.run(text("make_request"), {"customer": act.record, "properties": properties})
    said = [name for name, value in properties.items() if value is not None and name not in _HIDDEN]
    return Written(id_, [f"PrivacyRequest.{name}" for name in said])


async def cancel_request(act: Act) -> Written:
    """End it without an answer. Raises RequestStepRefused for one that has ended."""
    return Written(act.record, await take(act, await held(act), Step.CANCEL, closed(act)))


def _received(act: Act, herself: bool) -> datetime:
    said = act.input.get("receivedAt")
    if said is None:
        return act.now
    if herself or said.tzinfo is None or said > act.now:
        raise ValueInvalid("'receivedAt' is a moment that is over, with its offset from UTC, and not one's own to say.")
    return datetime.fromtimestamp(said.timestamp(), act.now.tzinfo)


async def _purposes(act: Act, kind: PrivacyRequestKind) -> list[str]:
    """What the request is to stop: what is said, or all that the right can stop now, or ever."""
    named = list(dict.fromkeys(act.input.get("purposes") or ()))
    possible = reaches(kind)
    if not all(name in possible for name in named):
        raise ValueInvalid(
            f"'purposes' are of {', '.join(possible)}." if possible else "A request of this kind names no 'purposes'."
        )
    if named or kind not in STOPPING:
        return named
    rows = await act.run(text("lawful_now"), {"customer": act.record, "now": act.now})
    offered = rights_offered({row["purpose"]: LegalBasis[row["basis"]] for row in rows if row["basis"]})
    return list(next((one.purposes for one in offered if one.right is kind), possible))


MAKE_REQUEST = Mutation(
    name="makeRequest",
    about="Ask something about a customer's data: a copy, a correction, an end of its use. It is due within a month.",
    input=MakeRequestInput,
    names="customer",
    target="Customer",
    gives="PrivacyRequest",
    carry_out=make_request,
)
CANCEL_REQUEST = Mutation(
    name="cancelRequest",
    about="Take a request back that is not answered yet.",
    input=CancelRequestInput,
    names="request",
    target="PrivacyRequest",
    gives="PrivacyRequest",
    carry_out=cancel_request,
)
