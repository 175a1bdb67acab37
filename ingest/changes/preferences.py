"""setPreferences: all that a customer may choose, in one change: purposes, how often, and by which channel.

Saying no takes what saying yes takes: one line of the same list. All of it is in force for the next question, or none.
"""

from enum import Enum

import strawberry

from ingest.changes.channels import prefer
from ingest.changes.consents import check_step, decide, most_per_month, purpose_named
from ingest.changes.texts import chosen, line
from ingest.consent_states import OF_DECISION
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.enums import ChannelKind, ConsentState
from schema.errors import ValueInvalid

METHOD = "preference centre"
"""How decisions are taken here, where nothing else is said."""


@strawberry.enum(description="What a customer chooses for a purpose.")
class Choice(Enum):
    """Decisions that she takes herself."""

    GIVEN = "GIVEN"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    OBJECTED = "OBJECTED"


@strawberry.input(description="What a customer chooses for one purpose.")
class PreferenceInput:
    """A choice."""

    purpose: str = strawberry.field(description="What the data may be used for: marketing.email ...")
    state: Choice = strawberry.field(description="What she chooses.")
    most_per_month: int | None = strawberry.field(
        default=strawberry.UNSET, description="With GIVEN: how many messages a month at the most."
    )


@strawberry.input(description="What a customer chooses.")
class SetPreferencesInput(ChangeInput):
    """All that she changes; what is not said stays."""

    customer: strawberry.ID = strawberry.field(description="Whose preferences they are.")
    decisions: list[PreferenceInput] = strawberry.field(
        default_factory=list, description="What she chooses, each purpose once."
    )
    channel: ChannelKind | None = strawberry.field(
        default=strawberry.UNSET, description="The channel on which she wants to be reached."
    )
    notice_version: str | None = strawberry.field(
        default=strawberry.UNSET, description="Privacy notice that was shown beside the choices."
    )
    method: str | None = strawberry.field(
        default=strawberry.UNSET, description="How they were taken. Default: preference centre."
    )


async def set_preferences(act: Act) -> Written:
    """Write all of them. Raises ValueInvalid, and ConsentStepRefused for a yes that cannot follow."""
    decisions = list(act.input.get("decisions") or ())
    named = [purpose_named(one["purpose"]) for one in decisions]
    if len({one.name for one in named}) < len(named):
        raise ValueInvalid("'decisions' names each purpose once.")
    said = {"method": line(act.input, "method") or METHOD, "noticeVersion": line(act.input, "noticeVersion")}
    written: list[str] = []
    for purpose, one in zip(named, decisions, strict=True):
        state = ConsentState[str(chosen(one, "state"))]
        await check_step(act, act.record, purpose, OF_DECISION[state.name])
        given = {**said, "mostPerMonth": most_per_month(one, state)}
        _, fields = await decide(act, act.record, purpose, state, given)
        written += fields
    if (channel := chosen(act.input, "channel")) is not None:
        written += await prefer(act, channel)
    return Written(act.record, list(dict.fromkeys(written)))


SET_PREFERENCES = Mutation(
    name="setPreferences",
    about="Set what a customer chooses, all at once: purposes, how many messages a month, the preferred channel.",
    input=SetPreferencesInput,
    names="customer",
    target="Customer",
    gives="Customer",
    carry_out=set_preferences,
)
