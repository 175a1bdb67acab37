"""replayDelivery and dismissDelivery: what a person does about a change that a source system could not be told of.

A delivery that is not dead stays as it is, so that saying it twice does no harm.
"""

import strawberry

from ingest.statements import text
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.enums import DeliveryState


@strawberry.input(description="A delivery that was given up is to be sent again.")
class ReplayDeliveryInput(ChangeInput):
    """Which one."""

    delivery: strawberry.ID = strawberry.field(description="The delivery.")


@strawberry.input(description="A delivery that was given up is not to be sent any more.")
class DismissDeliveryInput(ChangeInput):
    """Which one."""

    delivery: strawberry.ID = strawberry.field(description="The delivery.")


async def replay_delivery(act: Act) -> Written:
    """Make it pending, with all its attempts before it; what waits behind it goes on once it is accepted."""
    return await _reopen(act, DeliveryState.PENDING)


async def dismiss_delivery(act: Act) -> Written:
    """Take it out of the way of what waits behind it."""
    return await _reopen(act, DeliveryState.DISMISSED)


async def _reopen(act: Act, state: DeliveryState) -> Written:
    await act.run(text("reopen_delivery"), {"id": act.record, "state": state.name, "now": act.now})
    return Written(act.record, ["Delivery.state", "Delivery.attempts", "Delivery.nextAttemptAt"])


REPLAY_DELIVERY = Mutation(
    name="replayDelivery",
    about="Send a delivery again that was given up (DEAD).",
    input=ReplayDeliveryInput,
    names="delivery",
    target="Delivery",
    gives="Delivery",
    carry_out=replay_delivery,
)
DISMISS_DELIVERY = Mutation(
    name="dismissDelivery",
    about="Give up a delivery for good that is DEAD, so that later changes of the customer are delivered.",
    input=DismissDeliveryInput,
    names="delivery",
    target="Delivery",
    gives="Delivery",
    carry_out=dismiss_delivery,
)
