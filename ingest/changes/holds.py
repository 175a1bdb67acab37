"""placeHold and releaseHold: evidence in a legal case is not forgotten, whatever the rules of retention say."""

from datetime import date

import strawberry

from ingest.changes.texts import reason_of
from ingest.statements import text
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.errors import ValueInvalid


@strawberry.input(description="A customer's data has to stay for a legal case.")
class PlaceHoldInput(ChangeInput):
    """A hold."""

    customer: strawberry.ID = strawberry.field(description="Whose data has to stay.")
    reason: str = strawberry.field(description="For which case, in a line.")
    review_on: date | None = strawberry.field(
        default=strawberry.UNSET, description="When a person is to ask whether it is still needed."
    )


@strawberry.input(description="A legal case no longer needs the data.")
class ReleaseHoldInput(ChangeInput):
    """Which hold ends."""

    hold: strawberry.ID = strawberry.field(description="The hold.")


async def place_hold(act: Act) -> Written:
    """Write it. A customer may have several. Raises ValueInvalid for a day that is over."""
    review = act.input.get("reviewOn")
    if review is not None and review <= act.now.date():
        raise ValueInvalid("'reviewOn' is a day that is still to come.")
    id_ = act.new_id("hld")
    properties = {
        "id": id_,
        "sourceKey": f"api:{id_}",
        "placedAt": act.now,
        "placedBy": act.viewer.role,
        "reviewOn": review,
        "reason": reason_of(act),
        "actor": act.viewer.subject,
    }
    await act.run(text("place_hold"), {"customer": act.record, "properties": properties})
    said = ("placedAt", "placedBy", "reason", "actor", *(["reviewOn"] if review else []))
    return Written(id_, [f"LegalHold.{name}" for name in said])


async def release_hold(act: Act) -> Written:
    """End it. One that has ended stays as it is, so that saying it twice does no harm."""
    rows = await act.run(text("release_hold"), {"id": act.record, "role": act.viewer.role, "now": act.now})
    return Written(act.record, ["LegalHold.releasedAt", "LegalHold.releasedBy"] if rows else [])


PLACE_HOLD = Mutation(
    name="placeHold",
    about="Keep a customer's data for a legal case: rules of retention pass it over, and it is not erased.",
    input=PlaceHoldInput,
    names="customer",
    target="Customer",
    gives="LegalHold",
    carry_out=place_hold,
)
RELEASE_HOLD = Mutation(
    name="releaseHold",
    about="End a hold. What was due meanwhile goes when the rules of retention are carried out next.",
    input=ReleaseHoldInput,
    names="hold",
    target="LegalHold",
    gives="LegalHold",
    carry_out=release_hold,
)
