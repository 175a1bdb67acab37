"""confirmConsent: a person brings back what was sent to her own address, and her consent is given (double opt-in).

Of the token its digest alone is kept. What does not fit, came too late or was decided since is one answer.
"""

from datetime import UTC, datetime
from hmac import compare_digest

import strawberry

from ingest.changes.consents import decide, digest_of
from ingest.consent_states import Said, following
from ingest.standing import latest_state
from ingest.statements import text
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.errors import ConfirmationRefused, ConsentStepRefused
from schema.purposes import PURPOSES

METHOD = "double opt-in"


@strawberry.input(description="A consent is confirmed by what was sent to the person.")
class ConfirmConsentInput(ChangeInput):
    """A confirmation."""

    consent: strawberry.ID = strawberry.field(description="The consent that was asked for.")
    token: str = strawberry.field(description="What was sent to her.")


async def confirm_consent(act: Act) -> Written:
    """Write that the consent is given, as it was asked for. Raises ConfirmationRefused."""
    rows = await act.run(text("confirmable"), {"consent": act.record, "now": act.now})
    fits = compare_digest(digest_of(act.input["token"]), rows[0]["confirmation"] if rows else "")
    if not rows or not fits:
        raise ConfirmationRefused
    (asked,) = rows
    purpose = PURPOSES[asked["purpose"]]
    decided = await act.run(text("decisions"), {"customer": asked["customer"], "purpose": purpose.name})
    try:
        state = following(latest_state(decided, act.now), Said.CONFIRM)
    except ConsentStepRefused:
        raise ConfirmationRefused from None
    given = {"method": METHOD, "noticeVersion": asked["noticeVersion"], "mostPerMonth": asked["mostPerMonth"]}
    until = None if asked["until"] is None else datetime.fromtimestamp(asked["until"] / 1000, UTC)
    id_, fields = await decide(act, asked["customer"], purpose, state, given, until)
    return Written(id_, fields)


CONFIRM_CONSENT = Mutation(
    name="confirmConsent",
    about="Give a consent that was asked for, by what was sent to the person's own address.",
    input=ConfirmConsentInput,
    names="consent",
    target="Consent",
    gives="Consent",
    carry_out=confirm_consent,
)
