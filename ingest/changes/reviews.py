"""confirmReview and dismissReview: a person has read the message in which something was found, and says what it says.

What was found counts already, provisionally. To confirm makes a decision of it like one that was taken on the phone; to
dismiss takes the provisional one back. Both are further events: nothing that was recorded is changed. A task that a
person decided stays decided, whatever is loaded later.
"""

from collections.abc import Mapping
from typing import Any

import strawberry

from ingest.changes.consents import decide, stand
from ingest.changes.texts import line
from ingest.standing import found_on
from ingest.statements import text
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.enums import ConsentState, ReviewKind, ReviewState
from schema.errors import ReviewDecided, ValueInvalid
from schema.purposes import PURPOSES

CONFIRMED = "found in a message, confirmed"
DISMISSED = "found in a message, dismissed"
_DECIDED = ("state", "closedAt", "closedBy", "actor")
_FINAL = {ReviewKind.WITHDRAWAL.name: ConsentState.WITHDRAWN, ReviewKind.OBJECTION.name: ConsentState.OBJECTED}


@strawberry.input(description="What was found in a message is so.")
class ConfirmReviewInput(ChangeInput):
    """A finding that is right."""

    task: strawberry.ID = strawberry.field(description="The task.")
    concerns: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Whom it concerns, one customer, where the task does not say."
    )
    reason: str | None = strawberry.field(default=strawberry.UNSET, description="Why, in a line.")


@strawberry.input(description="What was found in a message is not so.")
class DismissReviewInput(ChangeInput):
    """A finding that is wrong."""

    task: strawberry.ID = strawberry.field(description="The task.")
    reason: str = strawberry.field(description="Why, in a line.")


async def confirm_review(act: Act) -> Written:
    """Make what was found final. Raises ReviewDecided where a person confirmed it, ValueInvalid without a customer."""
    task = await _task(act)
    if task["state"] == ReviewState.CONFIRMED.name:
        raise ReviewDecided
    customer = _concerned(act, task)
    written = await _close(act, ReviewState.CONFIRMED, customer)
    if task["kind"] == ReviewKind.DECEASED.name:
        await act.run(text("died"), {"task": act.record})
        written.append("Customer.status")
    if customer and (state := _FINAL.get(task["kind"])):
        for name in _purposes(task):
            more = {"settles": found_on(task["key"]), "method": CONFIRMED}
            _, fields = await decide(act, customer, PURPOSES[name], state, more)
            written += fields
    return Written(act.record, list(dict.fromkeys(written)), (customer,) if customer else ())


async def dismiss_review(act: Act) -> Written:
    """Take back what was provisional. Raises ReviewDecided for a decision on a purpose that was confirmed."""
    task = await _task(act)
    is_decision = task["kind"] in _FINAL
    if task["state"] == ReviewState.DISMISSED.name or (is_decision and task["state"] == ReviewState.CONFIRMED.name):
        raise ReviewDecided
    customer = task["customer"]
    written = await _close(act, ReviewState.DISMISSED, None)
    if task["kind"] == ReviewKind.DECEASED.name:
        await act.run(text("lives"), {"task": act.record})
        written.append("Customer.status")
    if customer and is_decision:
        for name in _purposes(task):
            await _lift(act, customer, name, found_on(task["key"]))
            written += ["Consent.state", "Standing.lawful", "Standing.basis", "Standing.until"]
    return Written(act.record, list(dict.fromkeys(written)), (customer,) if customer else ())


async def _task(act: Act) -> Mapping[str, Any]:
    (row,) = await act.run(text("review_task"), {"task": act.record})
    found: Mapping[str, Any] = row
    return found


def _purposes(task: Mapping[str, Any]) -> list[str]:
    """What a task blocks, of the purposes that there are."""
    return [name for name in task["purposes"] or () if name in PURPOSES]


def _concerned(act: Act, task: Mapping[str, Any]) -> str | None:
    """The customer whom a task concerns, as it says or as is said now."""
    named = [str(one) for one in act.input.get("concerns") or ()]
    known: str | None = task["customer"]
    if len(named) > 1 or (named and known and named != [known]):
        raise ValueInvalid("'concerns' names one customer, where the task names none.")
    found = known or (named[0] if named else None)
    if found is None and task["kind"] != ReviewKind.COMPLAINT.name:
        raise ValueInvalid("The task names no customer: say in 'concerns' whom it is about.")
    return found


async def _close(act: Act, state: ReviewState, customer: str | None) -> list[str]:
    reason = line(act.input, "reason")
    said = {"task": act.record, "state": state.name, "now": act.now, "reason": reason, "customer": customer}
    await act.run(text("close_review"), said | {"role": act.viewer.role, "actor": act.viewer.subject})
    return [f"ReviewTask.{name}" for name in (*_DECIDED, *(["reason"] if reason else []))]


async def _lift(act: Act, customer: str, name: str, record: str) -> None:
    id_, purpose = act.new_id("con"), PURPOSES[name]
    properties = {
        "id": id_,
        "sourceKey": f"api:{id_}",
        "purpose": name,
        "legalBasis": purpose.basis.name,
        "state": ConsentState.UNKNOWN.name,
        "method": DISMISSED,
        "source": "api",
        "onRecord": record,
        "settles": record,
    }
    await act.run(text("lift_block"), {"customer": customer, "properties": properties, "now": act.now})
    await stand(act, customer, purpose)


CONFIRM_REVIEW = Mutation(
    name="confirmReview",
    about="Say that a message says what was found in it. What was blocked stays so, as decided by the customer.",
    input=ConfirmReviewInput,
    names="task",
    target="ReviewTask",
    gives="ReviewTask",
    carry_out=confirm_review,
    also=("concerns", "Customer"),
)
DISMISS_REVIEW = Mutation(
    name="dismissReview",
    about="Say that a message does not say what was found in it. What was blocked for it is as it was before.",
    input=DismissReviewInput,
    names="task",
    target="ReviewTask",
    gives="ReviewTask",
    carry_out=dismiss_review,
)
