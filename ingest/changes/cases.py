"""openCase and updateCase: the ticket that a caller needs, and how it goes on."""

from enum import Enum
from typing import Any

import strawberry

from ingest.changes.texts import NAMES, chosen, line, redacted
from ingest.statements import text
from ingest.write_back.changed import Changed
from ingest.write_back.outbox import announce
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.enums import ChannelKind
from schema.errors import ValueInvalid


@strawberry.enum(description="Where a case stands.")
class CaseProgress(Enum):
    """The states that a person gives a case."""

    OPEN = "open"
    PENDING = "pending"
    CLOSED = "closed"


@strawberry.input(description="A new case at the service desk.")
class OpenCaseInput(ChangeInput):
    """A new case."""

    customer: strawberry.ID = strawberry.field(description="Whose case it is.")
    subject: str = strawberry.field(description="What it is about, in a line.")
    channel: ChannelKind | None = strawberry.field(default=strawberry.UNSET, description="How it came in.")
    order: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The customer's order that it is about."
    )
    team: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The team that takes it; yours where nothing is said."
    )


@strawberry.input(description="How a case goes on. What is not said stays.")
class UpdateCaseInput(ChangeInput):
    """How a case goes on."""

    case: strawberry.ID = strawberry.field(description="The case.")
    status: CaseProgress | None = strawberry.field(default=strawberry.UNSET, description="Where it stands.")
    resolution: str | None = strawberry.field(default=strawberry.UNSET, description="How it ended.")


async def open_case(act: Act) -> Written:
    """Write the case. The viewer works on it, with the viewer's team, unless another team takes it."""
    subject = line(act.input, "subject")
    if subject is None:
        raise ValueInvalid("'subject' says in a line what the case is about.")
    (subject_redacted,) = await redacted(act, subject)
    id_ = act.new_id("cas")
    properties: dict[str, Any] = {
        "id": id_,
        "sourceKey": f"api:{id_}",
        "number": f"CS-{id_.removeprefix('cas_')[:10].upper()}",
        "status": CaseProgress.OPEN.value,
        "channel": (chosen(act.input, "channel") or "").lower() or None,
        "subject": subject,
        "subjectRedacted": subject_redacted,
        "handovers": 0,
        "queueHistory": [],
    }
    await act.run(
        text("open_case"),
        {
            "customer": act.record,
            "properties": properties,
            "now": act.now,
            "number": act.viewer.subject,
            "order": act.input.get("order") or None,
            "team": act.input.get("team") or None,
        },
    )
    told = {name: properties[name] for name in ("id", "number", "status", "channel")}
    await announce(act, act.record, Changed.CASE, told | {"openedAt": act.now})
    return Written(
        id_, [f"Case.{name}" for name in ("number", "openedAt", "status", "channel", "subject", "subjectRedacted")]
    )


async def update_case(act: Act) -> Written:
    """Write what is said of the case. Raises ValueInvalid where nothing is."""
    status = chosen(act.input, "status")
    resolution = line(act.input, "resolution")
    if status is None and resolution is None:
        raise ValueInvalid("Say the status of the case, how it ended, or both.")
    changed = {
        name: value
        for name, value in (
            ("status", CaseProgress[status].value if status else None),
            ("resolution", resolution),
        )
        if value is not None
    }
    for found in await act.run(text("update_case"), {"case": act.record, "properties": changed, "now": act.now}):
        told = {"id": act.record, "number": found["number"], **changed}
        await announce(act, found["customer"], Changed.CASE, told)
    return Written(act.record, [f"Case.{name}" for name in (*changed, *(["closedAt"] if status else []))])


OPEN_CASE = Mutation(
    name="openCase",
    about="Open a case for a customer.",
    input=OpenCaseInput,
    names="customer",
    target="Customer",
    gives="Case",
    carry_out=open_case,
    reads=NAMES,
    related=(("order", "Order"), ("team", "Team")),
)
UPDATE_CASE = Mutation(
    name="updateCase",
    about="Say where a case stands and how it ended.",
    input=UpdateCaseInput,
    names="case",
    target="Case",
    gives="Case",
    carry_out=update_case,
)
