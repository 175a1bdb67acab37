"""setChannelPreference: the channel on which a customer wants to be reached."""

import strawberry

from ingest.changes.texts import chosen
from ingest.statements import text
from ingest.write_back.changed import Changed
from ingest.write_back.outbox import announce
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.enums import ChannelKind


@strawberry.input(description="The channel on which a customer wants to be reached.")
class SetChannelPreferenceInput(ChangeInput):
    """A preference."""

    customer: strawberry.ID = strawberry.field(description="Whose preference it is.")
    channel: ChannelKind = strawberry.field(description="The channel.")


async def set_channel_preference(act: Act) -> Written:
    """Write it to the customer and to her channels."""
    wanted = {"customer": act.record, "channel": chosen(act.input, "channel"), "now": act.now}
    await act.run(text("prefer_channel"), wanted)
    await announce(act, act.record, Changed.PREFERENCE, {"channel": wanted["channel"]})
    return Written(act.record, ["Customer.preferredChannel", "Customer.updatedAt", "Channel.preferred"])


SET_CHANNEL_PREFERENCE = Mutation(
    name="setChannelPreference",
    about="Say on which channel a customer wants to be reached.",
    input=SetChannelPreferenceInput,
    names="customer",
    target="Customer",
    gives="Customer",
    carry_out=set_channel_preference,
)
