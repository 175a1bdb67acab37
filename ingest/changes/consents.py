"""recordConsent and withdrawConsent: a decision as one more event, and what it amounts to, in one transaction.

The rule by which decisions become a standing is `ingest.standing`, the same as for exports. Withdrawing takes no more
than giving (GDPR art. 7(3)).
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import strawberry

from ingest.changes.texts import chosen, line
from ingest.consent_states import OF_DECISION, Said, following
from ingest.resolve import Rule
from ingest.standing import decided_here, latest_state, standings
from ingest.statements import text
from ingest.write_back.changed import Changed
from ingest.write_back.outbox import announce
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.enums import ConsentState
from schema.errors import ValueInvalid
from schema.purposes import PURPOSES, LegalBasis, Purpose

SURE = ("alone", Rule.HANDLE_AND_BIRTH_DATE.method, Rule.REFERENCE_AND_NAME.method, Rule.EMAIL_AND_NAME.method)
"""Where all records of a customer were joined by these, what she says counts for each of them."""
TOLD = ("id", "purpose", "legalBasis", "state", "method", "noticeVersion", "mostPerMonth")
"""What source systems are told of a decision, beside its times."""
_OWN = ("id", "sourceKey", "settles", "confirmation", "givenUntil")


TOKEN = re.compile(r"[A-Za-z0-9_-]{22,200}")
"""22 characters of 64 hold the 128 bits that nobody guesses."""
TO_CONFIRM = timedelta(days=7)
MOST_MESSAGES = 100
_YES = (ConsentState.GIVEN, ConsentState.REQUESTED)


@strawberry.enum(description="What was decided.")
class ConsentDecision(Enum):
    """Decisions that a person takes."""

    GIVEN = "GIVEN"
    REFUSED = "REFUSED"
    OBJECTED = "OBJECTED"


@strawberry.input(description="A decision of a customer on a purpose.")
class RecordConsentInput(ChangeInput):
    """A decision."""

    customer: strawberry.ID = strawberry.field(description="Who decided.")
    purpose: str = strawberry.field(description="What the data may be used for: marketing.email ...")
    state: ConsentDecision = strawberry.field(description="What was decided.")
    notice_version: str | None = strawberry.field(
        default=strawberry.UNSET, description="Privacy notice that was shown or read out."
    )
    method: str | None = strawberry.field(default=strawberry.UNSET, description="How it was taken: call, web form ...")
    expires_at: datetime | None = strawberry.field(default=strawberry.UNSET, description="When it lapses by itself.")
    most_per_month: int | None = strawberry.field(
        default=strawberry.UNSET, description="How many messages a month she agrees to at the most."
    )
    confirmation_token: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Double opt-in: a random text of 22 to 200 letters, digits, - and _ that you send to her own "
        "address. The consent is REQUESTED until confirmConsent brings it back, for seven days. It is not kept.",
    )


@strawberry.input(description="A customer takes a consent back.")
class WithdrawConsentInput(ChangeInput):
    """A withdrawal."""

    customer: strawberry.ID = strawberry.field(description="Who decided.")
    purpose: str = strawberry.field(description="What the data may not be used for any more.")
    method: str | None = strawberry.field(default=strawberry.UNSET, description="How it was taken: call, web form ...")


async def record_consent(act: Act) -> Written:
    """Write a decision and the standing. Raises ValueInvalid, and ConsentStepRefused for a yes that cannot follow."""
    state = ConsentState[str(chosen(act.input, "state"))]
    token = act.input.get("confirmationToken")
    if token is None:
        return await _decide(act, state)
    if state is not ConsentState.GIVEN or TOKEN.fullmatch(token) is None:
        raise ValueInvalid(
            "'confirmationToken' belongs to a consent that is GIVEN: 22 to 200 letters, digits, - and _, at random."
        )
    return await _decide(act, ConsentState.REQUESTED, digest_of(token))


async def withdraw_consent(act: Act) -> Written:
    """Write a withdrawal and the standing."""
    return await _decide(act, ConsentState.WITHDRAWN)


async def _decide(act: Act, state: ConsentState, confirmation: str | None = None) -> Written:
    purpose = purpose_named(act.input["purpose"])
    expires = act.input.get("expiresAt")
    if expires is not None and (expires.tzinfo is None or expires <= act.now):
        raise ValueInvalid("'expiresAt' is a moment with its offset from UTC, later than now.")
    given = {
        "noticeVersion": line(act.input, "noticeVersion"),
        "method": line(act.input, "method"),
        "mostPerMonth": most_per_month(act.input, state),
    }
    if confirmation is not None:
        if purpose.basis is not LegalBasis.CONSENT:
            raise ValueInvalid("'confirmationToken' belongs to a purpose that rests on consent.")
        given |= {"confirmation": confirmation, "givenUntil": expires}
        expires = act.now + TO_CONFIRM
    await check_step(act, act.record, purpose, Said.ASK if confirmation else OF_DECISION[state.name])
    id_, fields = await decide(act, act.record, purpose, state, given, expires)
    return Written(id_, fields)


def purpose_named(name: str) -> Purpose:
    """A purpose of the input. Raises ValueInvalid for one that there is not."""
    purpose = PURPOSES.get(name)
    if purpose is None:
        raise ValueInvalid(f"'purpose' is one of {', '.join(PURPOSES)}.")
    return purpose


def most_per_month(given: Mapping[str, Any], state: ConsentState) -> int | None:
    """How many messages a month a yes allows. Raises ValueInvalid."""
    most: int | None = given.get("mostPerMonth")
    if most is not None and (state not in _YES or not 1 <= most <= MOST_MESSAGES):
        raise ValueInvalid(f"'mostPerMonth' is 1 to {MOST_MESSAGES}, of a consent that is GIVEN; REFUSED means none.")
    return most


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


async def check_step(act: Act, customer: str, purpose: Purpose, said: Said) -> None:
    """Whether it can be said after what she decided last. Raises ConsentStepRefused."""
    rows = await act.run(text("decisions"), {"customer": customer, "purpose": purpose.name})
    following(latest_state(rows, act.now), said)


async def decide(
    act: Act,
    customer: str,
    purpose: Purpose,
    state: ConsentState,
    more: Mapping[str, Any],
    expires: datetime | None = None,
) -> tuple[str, list[str]]:
    """Write a decision of a customer with `more` properties, and what it amounts to; its id, and what was written."""
    id_ = act.new_id("con")
    properties: dict[str, Any] = {
        "id": id_,
        "sourceKey": f"api:{id_}",
        "purpose": purpose.name,
        "legalBasis": purpose.basis.name,
        "state": state.name,
        "noticeVersion": None,
        "mostPerMonth": None,
        "source": "api",
        **more,
    }
    written = {"customer": customer, "properties": properties, "now": act.now, "expires": expires, "sure": SURE}
    await act.run(text("decide"), written)
    await stand(act, customer, purpose)
    decided = {name: properties[name] for name in TOLD}
    await announce(act, customer, Changed.CONSENT, decided | {"capturedAt": act.now, "expiresAt": expires})
    said = [name for name, value in properties.items() if value is not None and name not in _OWN]
    consent = [f"Consent.{name}" for name in ("capturedAt", *(["expiresAt"] if expires else []), *said)]
    return id_, [*consent, "Standing.lawful", "Standing.basis", "Standing.until", "Standing.mostPerMonth"]


async def stand(act: Act, customer: str, purpose: Purpose) -> None:
    """Write what all decisions of a customer on a purpose amount to."""
    rows = await act.run(text("decisions"), {"customer": customer, "purpose": purpose.name})
    (stands,) = (one for one in standings(decided_here(rows), act.now) if one.purpose == purpose.name)
    await act.run(
        text("stand"),
        {
            "customer": customer,
            "id": act.new_id("std"),
            "purpose": stands.purpose,
            "lawful": stands.lawful,
            "basis": stands.basis.name if stands.basis else None,
            "until": stands.until,
            "most": stands.most_per_month,
        },
    )


RECORD_CONSENT = Mutation(
    name="recordConsent",
    about="Record what a customer decided on a purpose. Decisions are never changed; a later one is one more.",
    input=RecordConsentInput,
    names="customer",
    target="Customer",
    gives="Consent",
    carry_out=record_consent,
)
WITHDRAW_CONSENT = Mutation(
    name="withdrawConsent",
    about="Record that a customer takes a consent back. It counts at once.",
    input=WithdrawConsentInput,
    names="customer",
    target="Customer",
    gives="Consent",
    carry_out=withdraw_consent,
)
