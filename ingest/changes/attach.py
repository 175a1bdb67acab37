"""attachInteraction and detachInteraction: whose an interaction of nobody is, because a person says so.

Kept as a decision on records, as who is who: the interaction's own, and the customer's at that time. The interaction
then goes with the customer through merges and splits; no load and no event of a live source moves it.
"""

from collections.abc import Sequence

import strawberry

from ingest.changes.regroup import Desk, Taken
from ingest.changes.texts import reason_of
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.enums import MatchVerdict
from schema.errors import DecisionImpossible, DecisionSuperseded

FORM = "attach"
"""The form of the decision: what taking it back has to do."""
WRITTEN = ("MatchDecision.verdict", "MatchDecision.reason", "Interaction.customer")


@strawberry.input(description="An interaction of nobody, and whose it is.")
class AttachInteractionInput(ChangeInput):
    """Whose an interaction is."""

    interaction: strawberry.ID = strawberry.field(description="An interaction of nobody yet.")
    customer: strawberry.ID = strawberry.field(description="The person whose it is.")
    reason: str = strawberry.field(description="Why, in a line.")


@strawberry.input(description="An interaction that a person attached, and that is not the customer's.")
class DetachInteractionInput(ChangeInput):
    """What to take back."""

    interaction: strawberry.ID = strawberry.field(description="An interaction that a person attached.")
    reason: str = strawberry.field(description="Why, in a line.")


async def attach_interaction(act: Act) -> Written:
    """Give the interaction to the customer. Raises DecisionImpossible where it is somebody's."""
    desk, reason, customer = Desk(act), reason_of(act), str(act.input["customer"])
    (key,) = (await desk.persons([customer])).values()
    found = await desk.attachable(act.record)
    if found["owned"] or not found["records"]:
        raise DecisionImpossible
    profiles = [one for one in await desk.held([customer]) if one.is_profile]
    sides = [
        *({"id": record, "side": 0, "customer": None} for record in found["records"]),
        *({"id": one.id, "side": 1, "customer": one.customer} for one in profiles),
    ]
    decision = await desk.take(MatchVerdict.ATTACHED, FORM, reason, sides, survivor=key)
    await desk.remember(decision, key)
    await desk.attach(act.record, customer, decision)
    await desk.renew([customer], decision)
    await desk.hold(found["tasks"])
    return Written(act.record, WRITTEN, (customer,))


async def detach_interaction(act: Act) -> Written:
    """Take the decision back by which it was attached. Raises DecisionSuperseded where there is none."""
    desk, reason = Desk(act), reason_of(act)
    by = (await desk.attachable(act.record))["by"]
    if by is None:
        raise DecisionSuperseded
    taken = await desk.taken(by)
    decision = await desk.take(MatchVerdict.UNDONE, None, reason, taken.sides, undoes=by)
    return Written(act.record, WRITTEN, await take_back(desk, taken, decision))


async def take_back(desk: Desk, taken: Taken, decision: str) -> Sequence[str]:
    """The interaction is nobody's again, until its person appears; the ids of whose it was."""
    about = await desk.detach(taken.id, [one["id"] for one in taken.records])
    if about:
        await desk.renew(about, decision, void=taken.id)
    return about


ATTACH_INTERACTION = Mutation(
    name="attachInteraction",
    about="Say whose an interaction of nobody is. No later load or event overrides it.",
    input=AttachInteractionInput,
    names="interaction",
    target="Interaction",
    gives="Interaction",
    carry_out=attach_interaction,
    also=("customer", "Customer"),
)
DETACH_INTERACTION = Mutation(
    name="detachInteraction",
    about="Take back that an interaction is a customer's, where a person said so. It is nobody's again.",
    input=DetachInteractionInput,
    names="interaction",
    target="Interaction",
    gives="Interaction",
    carry_out=detach_interaction,
)
