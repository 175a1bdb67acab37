"""setChannelPreference: the channel on which a customer wants to be reached."""

import orjson
import strawberry

from ingest.changes.texts import chosen
from ingest.corrections import place_of
from ingest.normalise import folded
from ingest.statements import text
from ingest.write_back.changed import Changed
from ingest.write_back.outbox import announce
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.enums import ChannelKind

ATTRIBUTE = "preferredChannel"


@strawberry.input(description="The channel on which a customer wants to be reached.")
class SetChannelPreferenceInput(ChangeInput):
    """A preference."""

    customer: strawberry.ID = strawberry.field(description="Whose preference it is.")
    channel: ChannelKind = strawberry.field(description="The channel.")


async def set_channel_preference(act: Act) -> Written:
    """Write it to the customer and to her channels."""
    return Written(act.record, await prefer(act, str(chosen(act.input, "channel"))))


async def prefer(act: Act, channel: str) -> list[str]:
    """Write a preferred channel; the fields that were written."""
    await act.run(text("prefer_channel"), {"customer": act.record, "channel": channel, "now": act.now})
    await _kept(act, channel)
    await announce(act, act.record, Changed.PREFERENCE, {"channel": channel})
    return ["Customer.preferredChannel", "Customer.updatedAt", "Channel.preferred", "Correction.value"]


async def _kept(act: Act, channel: str) -> None:
    """Keep what she asked for beside what sources say of it, so that a load does not forget it."""
    asked = {"customer": act.record, "attribute": ATTRIBUTE}
    rows = await act.run(text("values_held"), asked)
    held = {place_of(row["system"], row["record"]): folded(row["value"]) for row in rows if row["value"]}
    first = rows[0] if rows else {"system": "", "record": ""}
    row = {
        "id": (id_ := act.new_id("cor")),
        "sourceKey": f"api:{id_}",
        "attribute": ATTRIBUTE,
        "value": channel,
        "reason": None,
        "role": act.viewer.role,
        "viewer": None if act.viewer.subject == act.record else act.viewer.subject,
        "address": None,
        "on": [first["system"], first["record"]],
        "held": orjson.dumps(held, option=orjson.OPT_SORT_KEYS).decode(),
    }
    await act.run(text("correct"), {"customer": act.record, "rows": [row], "now": act.now})


SET_CHANNEL_PREFERENCE = Mutation(
    name="setChannelPreference",
    about="Say on which channel a customer wants to be reached.",
    input=SetChannelPreferenceInput,
    names="customer",
    target="Customer",
    gives="Customer",
    carry_out=set_channel_preference,
)
