"""merge, split, keepApart and undo: what a data steward decides about who is who.

The decision is kept, what it takes follows in the same transaction (`ingest.changes.regroup`), and every later load
keeps to it (`ingest.decisions`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import strawberry

from ingest.changes import attach
from ingest.changes.regroup import Desk, Taken
from ingest.changes.texts import reason_of
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.enums import MatchVerdict
from schema.errors import DecisionImpossible, DecisionSuperseded

MERGE, SPLIT, REVIVE, APART = "merge", "split", "revive", "apart"
"""The forms of a decision: what taking it back has to do."""
MOST_AT_ONCE = 20
DECIDED = ("MatchDecision.verdict", "MatchDecision.reason", "SourceRecord.customer")


@strawberry.input(description="Customers who are one person.")
class MergeInput(ChangeInput):
    """A merge."""

    customer: strawberry.ID = strawberry.field(description="Who stays: the others become part of this customer.")
    others: list[strawberry.ID] = strawberry.field(description="Who else this is; their ids come back with an undo.")
    reason: str = strawberry.field(description="Why, in a line.")


@strawberry.input(description="Records that are not the customer's.")
class SplitInput(ChangeInput):
    """A split."""

    customer: strawberry.ID = strawberry.field(description="From whom: the other records stay with this customer.")
    records: list[strawberry.ID] = strawberry.field(description="Source records of one other person.")
    reason: str = strawberry.field(description="Why, in a line.")


@strawberry.input(description="Two records that are two people's.")
class KeepApartInput(ChangeInput):
    """An answer to a question of matching."""

    candidate: strawberry.ID = strawberry.field(description="The question.")
    reason: str = strawberry.field(description="Why, in a line.")


@strawberry.input(description="A decision to take back.")
class UndoInput(ChangeInput):
    """A decision to take back."""

    decision: strawberry.ID = strawberry.field(description="The decision.")
    reason: str = strawberry.field(description="Why, in a line.")


async def merge(act: Act) -> Written:
    """Make one customer of several. Raises DecisionImpossible for what are not several persons."""
    desk, reason = Desk(act), reason_of(act)
    others = [str(one) for one in act.input["others"]]
    ids = [act.record, *others]
    if not 0 < len(others) <= MOST_AT_ONCE or len(set(ids)) != len(ids):
        raise DecisionImpossible
    keys = await desk.persons(ids)
    profiles = [one for one in await desk.held(ids) if one.is_profile]
    sides = [{"id": one.id, "side": 0, "customer": one.customer} for one in profiles]
    decision = await desk.take(MatchVerdict.MERGED, MERGE, reason, sides, survivor=keys[act.record])
    await desk.remember(decision, keys[act.record])
    for other in others:
        await desk.absorb(keys[other], keys[act.record], decision)
    await desk.renew([act.record], decision)
    await desk.answer(decision, joins=True)
    return Written(decision, DECIDED)


async def split(act: Act) -> Written:
    """Take records off a customer: they are whose they were before a merge, or a new customer's.

    Raises DecisionImpossible where they are not some of the customer's, or all of them.
    """
    desk, reason = Desk(act), reason_of(act)
    named = {str(one) for one in act.input["records"]}
    (survivor,) = (await desk.persons([act.record])).values()
    profiles = [one for one in await desk.held([act.record]) if one.is_profile]
    keys = {one.key for one in profiles if one.id in named}
    off = {one.id for one in profiles if one.key in keys}  # with rows that were delivered twice
    if not named or not named <= off or len(off) == len(profiles):
        raise DecisionImpossible
    absorbed = await desk.absorbed_into(act.record)
    back = next((one for one in absorbed if one["records"] and off.issuperset(one["records"])), None)
    target = back["key"] if back else desk.new_key()
    decision = await desk.take(
        MatchVerdict.SPLIT,
        REVIVE if back else SPLIT,
        reason,
        [{"id": one.id, "side": int(one.id in off), "customer": one.customer} for one in profiles],
        survivor=survivor,
        target=target,
        within=back["by"] if back else None,
    )
    await desk.remember(decision, survivor)
    new = await (desk.revive(target, survivor, back["at"]) if back else desk.make(target, survivor))
    await desk.part([act.record, new], dict.fromkeys(keys, target), back["owned"] if back else None)
    await desk.renew([act.record, new], decision, void=back["by"] if back else None)
    await desk.answer(decision, joins=False)
    return Written(decision, DECIDED, (act.record, new))


async def keep_apart(act: Act) -> Written:
    """Answer a question of matching by no. Raises DecisionImpossible where the records are one customer's."""
    desk, reason = Desk(act), reason_of(act)
    compared = await desk.compared(act.record)
    if len({one["customer"] for one in compared}) < 2:
        raise DecisionImpossible
    sides = [
        {"id": record, "side": side, "customer": one["customer"]}
        for side, one in enumerate(compared)
        for record in one["records"]
    ]
    decision = await desk.take(MatchVerdict.SPLIT, APART, reason, sides)
    await desk.answer(decision, joins=False)
    return Written(decision, DECIDED[:2])


async def undo(act: Act) -> Written:
    """Take a decision back: what it moved goes back. Raises DecisionSuperseded where it cannot go back."""
    desk, reason = Desk(act), reason_of(act)
    taken = await desk.taken(act.record)
    if taken.void or taken.form is None:
        raise DecisionSuperseded
    decision = await desk.take(MatchVerdict.UNDONE, None, reason, taken.sides, undoes=act.record)
    match taken.form:
        case "merge":
            about = await _unmerge(desk, taken, decision)
        case attach.FORM:
            about = await attach.take_back(desk, taken, decision)
        case "apart":
            about = []
        case _:
            about = await _rejoin(desk, taken, decision)
    await desk.ask_again(act.record)
    return Written(decision, DECIDED, about)


async def _unmerge(desk: Desk, taken: Taken, decision: str) -> Sequence[str]:
    if not taken.absorbed or any(one["customer"] != taken.survivor for one in taken.records):
        raise DecisionSuperseded
    back = [await desk.revive(key, taken.survivor, taken.at) for key in reversed(taken.absorbed)]
    customers = [await desk.id_of(taken.survivor), *back]
    await desk.part(customers, {_key(one): one["was"] for one in taken.records}, taken.owned, follow=True)
    await desk.renew(customers, decision, void=taken.id)
    return customers


async def _rejoin(desk: Desk, taken: Taken, decision: str) -> Sequence[str]:
    now = {0: taken.survivor, 1: taken.target}
    if any(one["customer"] != now[one["side"]] for one in taken.records):
        raise DecisionSuperseded
    revived = taken.form == REVIVE
    await desk.absorb(str(taken.target), taken.survivor, taken.within or taken.id, journal=revived)
    customers = [await desk.id_of(taken.survivor)]
    await desk.renew(customers, decision, void=taken.id)
    if not revived:
        await desk.leave_bare(str(taken.target))
    return customers


def _key(record: Mapping[str, Any]) -> tuple[str, str]:
    return record["system"], record["key"]


MERGE_CUSTOMERS = Mutation(
    name="merge",
    about="Make one customer of several who are one person. Every later load keeps to it.",
    input=MergeInput,
    names="customer",
    target="Customer",
    gives="MatchDecision",
    carry_out=merge,
    also=("others", "Customer"),
)
SPLIT_CUSTOMER = Mutation(
    name="split",
    about="Take records off a customer that are another person's. Every later load keeps to it.",
    input=SplitInput,
    names="customer",
    target="Customer",
    gives="MatchDecision",
    carry_out=split,
    also=("records", "SourceRecord"),
)
KEEP_APART = Mutation(
    name="keepApart",
    about="Say of two records that matching asks about that they are two people's. They are not asked about again.",
    input=KeepApartInput,
    names="candidate",
    target="MatchCandidate",
    gives="MatchDecision",
    carry_out=keep_apart,
)
UNDO = Mutation(
    name="undo",
    about="Take a decision back. What it moved goes back; what came in meanwhile follows its record.",
    input=UndoInput,
    names="decision",
    target="MatchDecision",
    gives="MatchDecision",
    carry_out=undo,
)
