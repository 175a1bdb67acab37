"""recordInteraction: what a rep notes of a call, a mail or a chat with the customer on the line."""

from datetime import datetime
from enum import Enum
from typing import Any

import strawberry

from ingest.changes.texts import LONGEST_TEXT, NAMES, chosen, line, redacted
from ingest.statements import text
from ingest.write_back.changed import Changed
from ingest.write_back.outbox import announce
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.enums import ChannelKind, Direction, InteractionKind
from schema.errors import ValueInvalid


@strawberry.enum(description="What someone can note who was part of it.")
class ContactKind(Enum):
    """Kinds of interaction between people; the others are recorded by systems."""

    CALL = "CALL"
    CHAT = "CHAT"
    EMAIL = "EMAIL"


@strawberry.input(description="What happened between a customer and the company.")
class RecordInteractionInput(ChangeInput):
    """What happened."""

    customer: strawberry.ID = strawberry.field(description="With whom.")
    kind: ContactKind = strawberry.field(description="What happened.")
    direction: Direction = strawberry.field(description="Who began.")
    channel: ChannelKind | None = strawberry.field(
        default=strawberry.UNSET, description="The customer's channel that it came or went on."
    )
    occurred_at: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="When it happened; now where nothing is said, never later than now."
    )
    subject: str | None = strawberry.field(default=strawberry.UNSET, description="What it was about, in a line.")
    text: str | None = strawberry.field(default=strawberry.UNSET, description="What was said.")
    outcome: str | None = strawberry.field(
        default=strawberry.UNSET, description="How it ended: solved, callback, transferred ..."
    )


async def record_interaction(act: Act) -> Written:
    """Write the interaction, its redacted twin, and how it hangs together."""
    subject, said = line(act.input, "subject"), line(act.input, "text", LONGEST_TEXT)
    occurred = act.input.get("occurredAt") or act.now
    if occurred.tzinfo is None or occurred > act.now:
        raise ValueInvalid("'occurredAt' is a moment with its offset from UTC, not later than now.")
    subject_redacted, text_redacted = await redacted(act, subject, said)
    properties: dict[str, Any] = {
        "id": act.new_id("int"),
        "kind": InteractionKind[str(chosen(act.input, "kind"))].name,
        "direction": chosen(act.input, "direction"),
        "subject": subject,
        "text": said,
        "subjectRedacted": subject_redacted,
        "textRedacted": text_redacted,
        "outcome": line(act.input, "outcome"),
        "tags": [],
        "speakers": [],
        "source": "api",
        "sourceKey": None,
    }
    properties["sourceKey"] = f"api:{properties['id']}"
    await act.run(
        text("record_interaction"),
        {
            "customer": act.record,
            "properties": properties,
            "occurredAt": occurred,
            "channel": chosen(act.input, "channel"),
            "number": act.viewer.subject,
        },
    )
    told = {name: properties[name] for name in ("id", "kind", "direction", "outcome")}
    told |= {"channel": chosen(act.input, "channel"), "occurredAt": occurred}
    await announce(act, act.record, Changed.INTERACTION, told)
    written = [
        name for name, value in properties.items() if value not in (None, []) and name not in ("id", "sourceKey")
    ]
    return Written(str(properties["id"]), [f"Interaction.{name}" for name in ("occurredAt", *written)])


RECORD_INTERACTION = Mutation(
    name="recordInteraction",
    about="Note what happened between a customer and the company.",
    input=RecordInteractionInput,
    names="customer",
    target="Customer",
    gives="Interaction",
    carry_out=record_interaction,
    reads=NAMES,
)
