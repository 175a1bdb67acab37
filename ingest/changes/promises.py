"""makePromise, keepPromise, breakPromise, withdrawPromise: what a caller is told will be done, and what became of it.

A promise is closed once. What is promised instead is a new one, so that nothing that was said is rewritten.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import strawberry

from ingest.changes.texts import NAMES, line, redacted
from ingest.statements import text
from ingest.write_back.changed import Changed
from ingest.write_back.outbox import announce
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.enums import PromiseState
from schema.errors import PromiseClosed, ValueInvalid


@strawberry.input(description="What the company will do for a customer, and by when.")
class MakePromiseInput(ChangeInput):
    """A promise."""

    customer: strawberry.ID = strawberry.field(description="Who is promised it.")
    what: str = strawberry.field(description="What will be done, in a line.")
    due_at: datetime = strawberry.field(description="By when, with the offset from UTC; later than now.")
    case: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The customer's case in which it is promised."
    )
    order: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The customer's order that it is about."
    )


@strawberry.input(description="A promise that was kept.")
class KeepPromiseInput(ChangeInput):
    """A promise that was kept."""

    promise: strawberry.ID = strawberry.field(description="The promise.")
    outcome: str | None = strawberry.field(default=strawberry.UNSET, description="How it was kept, in a line.")


@strawberry.input(description="A promise that was not kept and will not be.")
class BreakPromiseInput(ChangeInput):
    """A promise that was broken."""

    promise: strawberry.ID = strawberry.field(description="The promise.")
    outcome: str = strawberry.field(description="Why it was not kept, in a line.")


@strawberry.input(description="A promise that need not be kept any more.")
class WithdrawPromiseInput(ChangeInput):
    """A promise that was withdrawn."""

    promise: strawberry.ID = strawberry.field(description="The promise.")
    outcome: str = strawberry.field(description="Why it need not be kept, in a line.")


async def make_promise(act: Act) -> Written:
    """Write the promise. Raises ValueInvalid for one without words, or that is due already."""
    what, due = line(act.input, "what"), act.input["dueAt"]
    if what is None:
        raise ValueInvalid("'what' says in a line what is promised.")
    if due.tzinfo is None or due <= act.now:
        raise ValueInvalid("'dueAt' is a moment with its offset from UTC, later than now.")
    (what_redacted,) = await redacted(act, what)
    id_ = act.new_id("prm")
    properties: dict[str, Any] = {
        "id": id_,
        "sourceKey": f"api:{id_}",
        "what": what,
        "whatRedacted": what_redacted,
        "state": PromiseState.OPEN.name,
        "madeAt": act.now,
        "dueAt": due.astimezone(UTC),
    }
    beside = {name: act.input.get(name) or None for name in ("case", "order")}
    await act.run(
        text("make_promise"),
        {"customer": act.record, "properties": properties, "number": act.viewer.subject, **beside},
    )
    await announce(
        act, act.record, Changed.PROMISE, {name: properties[name] for name in ("id", "state", "madeAt", "dueAt")}
    )
    return Written(id_, [f"Promise.{name}" for name in ("what", "whatRedacted", "state", "madeAt", "dueAt")])


def _closing(state: PromiseState) -> Callable[[Act], Awaitable[Written]]:
    """What closes a promise in a state."""

    async def close(act: Act) -> Written:
        outcome = line(act.input, "outcome")
        if outcome is None and state is not PromiseState.KEPT:
            raise ValueInvalid("'outcome' says in a line why.")
        properties = {"state": state.name, "closedAt": act.now, "outcome": outcome}
        found = await act.run(text("close_promise"), {"promise": act.record, "properties": properties})
        if not found:
            raise PromiseClosed
        (row,) = found
        told = {"id": act.record, "state": state.name, "closedAt": act.now}
        told |= {name: datetime.fromtimestamp(row[name] / 1000, UTC) for name in ("madeAt", "dueAt")}
        await announce(act, row["customer"], Changed.PROMISE, told)
        return Written(act.record, [f"Promise.{name}" for name, value in properties.items() if value is not None])

    return close


MAKE_PROMISE = Mutation(
    name="makePromise",
    about="Promise a customer that something will be done, and by when.",
    input=MakePromiseInput,
    names="customer",
    target="Customer",
    gives="Promise",
    carry_out=make_promise,
    reads=NAMES,
    related=(("case", "Case"), ("order", "Order")),
)
KEEP_PROMISE = Mutation(
    name="keepPromise",
    about="Say that a promise was kept.",
    input=KeepPromiseInput,
    names="promise",
    target="Promise",
    gives="Promise",
    carry_out=_closing(PromiseState.KEPT),
)
BREAK_PROMISE = Mutation(
    name="breakPromise",
    about="Say that a promise was not kept and will not be.",
    input=BreakPromiseInput,
    names="promise",
    target="Promise",
    gives="Promise",
    carry_out=_closing(PromiseState.BROKEN),
)
WITHDRAW_PROMISE = Mutation(
    name="withdrawPromise",
    about="Say that a promise need not be kept any more.",
    input=WithdrawPromiseInput,
    names="promise",
    target="Promise",
    gives="Promise",
    carry_out=_closing(PromiseState.WITHDRAWN),
)
