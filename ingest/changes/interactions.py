"""recordInteraction: what a rep notes of a call, a mail, a chat or a visit, and what the customer said in it."""

from datetime import UTC, datetime
from enum import Enum
from typing import Any

import strawberry

from ingest.changes.findings import find_in_note
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
    VISIT = "VISIT"


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
    case: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The customer's case that it was about."
    )
    order: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The customer's order that it was about."
    )


async def record_interaction(act: Act) -> Written:
    """Write the interaction, its redacted twin, how it hangs together, and what is found in what the customer said."""
    subject, said = line(act.input, "subject"), line(act.input, "text", LONGEST_TEXT)
    occurred = act.input.get("occurredAt") or act.now
    if occurred.tzinfo is None or occurred > act.now:
        raise ValueInvalid("'occurredAt' is a moment with its offset from UTC, not later than now.")
    occurred = occurred.astimezone(UTC)
    subject_redacted, text_redacted = await redacted(act, subject, said)
    kind, direction = (
        InteractionKind[str(chosen(act.input, "kind"))],
        Direction[str(chosen(act.input, "direction"))],
    )
    properties: dict[str, Any] = {
        "id": act.new_id("int"),
        "kind": kind.name,
        "direction": direction.name,
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
            "case": act.input.get("case") or None,
            "order": act.input.get("order") or None,
        },
    )
    told = {name: properties[name] for name in ("id", "kind", "direction", "outcome")}
    told |= {"channel": chosen(act.input, "channel"), "occurredAt": occurred}
    await announce(act, act.record, Changed.INTERACTION, told)
    written = [
        name for name, value in properties.items() if value not in (None, []) and name not in ("id", "sourceKey")
    ]
    found = await find_in_note(act, properties, occurred)
    return Written(properties["id"], [*(f"Interaction.{name}" for name in ("occurredAt", *written)), *found])


RECORD_INTERACTION = Mutation(
    name="recordInteraction",
    about="Note what happened between a customer and the company. What she takes back in it counts at once.",
    input=RecordInteractionInput,
    names="customer",
    target="Customer",
    gives="Interaction",
    carry_out=record_interaction,
    reads=NAMES,
    related=(("case", "Case"), ("order", "Order")),
)
