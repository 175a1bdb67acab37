"""previewErasure, eraseCustomer, confirmErasure, liftSuppression: erasure by a privacy officer, on a server that runs.

The mutation begins an erasure in its own transaction, so that from its answer on nobody sees the person; the server
takes the further steps, and the receipt says how far it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry

from ingest.changes.texts import line, reason_of
from privacy.erasure import Asked, begin, receipt_named, receipt_of
from privacy.graph import SECONDS, text
from privacy.previewing import preview
from privacy.suppressing import lift
from privacy.telling import confirm, settle
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.enums import ErasureState
from schema.errors import SubjectHeld, ValueInvalid


@strawberry.input(description="What would the erasure of a customer take?")
class PreviewErasureInput(ChangeInput):
    """Whose."""

    customer: strawberry.ID = strawberry.field(description="Who asked to be forgotten.")


@strawberry.input(description="A customer is to be erased (GDPR art. 17).")
class EraseCustomerInput(ChangeInput):
    """Whose erasure, why, and what was looked at before."""

    customer: strawberry.ID = strawberry.field(description="Who asked to be forgotten.")
    reason: str = strawberry.field(description="Why, in a line without a name: her request, its number.")
    previewed: str = strawberry.field(description="`preview` of the receipt that previewErasure gave.")


@strawberry.input(description="A source system was told by a person that somebody was erased.")
class ConfirmErasureInput(ChangeInput):
    """Which, and where that is on file."""

    receipt: strawberry.ID = strawberry.field(description="The erasure.")
    system: str = strawberry.field(description="The system, by its name.")
    reference: str = strawberry.field(description="Under what its owner keeps that: a ticket, a letter.")


@strawberry.input(description="Somebody who was erased comes back by her own wish.")
class LiftSuppressionInput(ChangeInput):
    """Whose."""

    receipt: strawberry.ID = strawberry.field(description="The erasure.")


@dataclass(frozen=True, slots=True)
class _InTransaction:
    """The graph as one change sees it: what it writes is there once the change is."""

    act: Act

    async def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, timeout: float | None = None
    ) -> list[Any]:
        """The first column of every row."""
        return list(await self.act.run(text, dict(parameters or {})))

    async def write(
        self, text: str, parameters: Mapping[str, Any] | None = None, timeout: float | None = None
    ) -> list[Any]:
        """The same."""
        return await self.read(text, parameters)


def _asked(act: Act, reason: str | None) -> Asked:
    return Asked(act.viewer.subject, act.viewer.role, reason, act.now)


async def preview_erasure(act: Act) -> Written:
    """Keep what an erasure would take, for a day: whoever erases says what was looked at. Raises SubjectHeld."""
    graph = _InTransaction(act)
    found = await preview(graph, act.record, governance=act.governance, keys=act.keys, now=act.now)
    if found.held:
        raise SubjectHeld
    receipt = receipt_of(found, ErasureState.PREVIEWED, _asked(act, None), act.new_id("era"))
    await graph.write(text("look"), {"receipt": receipt}, SECONDS)
    return Written(receipt["id"], [f"ErasureReceipt.{name}" for name in ("state", "preview", "going", "staying")])


async def erase_customer(act: Act) -> Written:
    """Begin it. Raises SubjectHeld, PreviewOutdated and ErasedAlready."""
    receipt = await begin(
        _InTransaction(act),
        act.record,
        _asked(act, reason_of(act)),
        governance=act.governance,
        keys=act.keys,
        previewed_as=act.input["previewed"],
        id_=act.new_id("era"),
    )
    return Written(receipt, ["Customer.status", "ErasureReceipt.state", "ErasureReceipt.reason"])


async def confirm_erasure(act: Act) -> Written:
    """Note it; the erasure is done where this was the last system. Raises ErasedAlready and ValueInvalid."""
    reference = line(act.input, "reference")
    if reference is None:
        raise ValueInvalid("'reference' says under what it is on file.")
    graph, viewer = _InTransaction(act), act.viewer
    system = act.input["system"]
    await confirm(graph, act.record, system, reference, role=viewer.role, actor=viewer.subject, now=act.now)
    await settle(graph, act.now)
    return Written(act.record, ["ErasureNotice.confirmedAt", "ErasureNotice.reference", "ErasureReceipt.state"])


async def lift_suppression(act: Act) -> Written:
    """Let her come back; saying it twice does no harm. Raises ErasedAlready while the erasure is not through."""
    graph = _InTransaction(act)
    found = await receipt_named(graph, act.record)
    await lift(graph, act.record, act.now)
    fresh = found is not None and found.lifted_at is None
    return Written(act.record, ["ErasureReceipt.liftedAt"] if fresh else [])


PREVIEW_ERASURE = Mutation(
    name="previewErasure",
    about="Tell what the erasure of a customer would take, what has to stay and why. Nothing of hers is changed.",
    input=PreviewErasureInput,
    names="customer",
    target="Customer",
    gives="ErasureReceipt",
    carry_out=preview_erasure,
)
ERASE_CUSTOMER = Mutation(
    name="eraseCustomer",
    about="Erase a customer as it was previewed. Nobody sees her from now on; the receipt says how far it is.",
    input=EraseCustomerInput,
    names="customer",
    target="Customer",
    gives="ErasureReceipt",
    carry_out=erase_customer,
)
CONFIRM_ERASURE = Mutation(
    name="confirmErasure",
    about="Say that a source system to which nothing is sent, or which did not take it, was told of an erasure.",
    input=ConfirmErasureInput,
    names="receipt",
    target="ErasureReceipt",
    gives="ErasureReceipt",
    carry_out=confirm_erasure,
)
LIFT_SUPPRESSION = Mutation(
    name="liftSuppression",
    about="Let somebody who was erased come back by her own wish: exports and events make a new customer of her.",
    input=LiftSuppressionInput,
    names="receipt",
    target="ErasureReceipt",
    gives="ErasureReceipt",
    carry_out=lift_suppression,
)
