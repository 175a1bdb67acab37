"""What was erased when a person asked for it (GDPR art. 17), and which systems were told. Nothing that is gone."""

from datetime import datetime
from typing import TYPE_CHECKING

import strawberry

from schema.enums import ErasureState
from schema.model import Category as Is
from schema.model import Connection, edge, node, prop

if TYPE_CHECKING:
    from schema.delivery import Delivery

__all__ = ["ErasureNotice", "ErasureReceipt"]


@node(prefix="era", plural="erasureReceipts")
class ErasureReceipt:
    """One erasure: what went, what has to stay and why, how far it is. It is about nobody who is still there."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    customer: strawberry.ID = prop(Is.KEY, "The id that she had; nothing is known under it any more.", indexed=True)
    merged: list[str] = prop(Is.KEY, "Ids of customers who had been merged into her.")
    state: ErasureState = prop(Is.OPERATIONS, "How far it is.", indexed=True)
    asked_at: datetime = prop(Is.OPERATIONS, "When it was looked at first, or began.", indexed=True)
    asked_by: str = prop(Is.OPERATIONS, "As what someone asked for it.")
    step: str | None = prop(Is.OPERATIONS, "The step that is under way; empty before the first and after the last.")
    steps: list[str] = prop(Is.OPERATIONS, "Steps that began, each with its time.")
    removed_at: datetime | None = prop(Is.OPERATIONS, "When all was gone from every answer.")
    done_at: datetime | None = prop(Is.OPERATIONS, "When every system had answered, too.")
    keys_forgotten_at: datetime | None = prop(Is.OPERATIONS, "When keys of her data, where there were any, were gone.")
    compacted_at: datetime | None = prop(Is.OPERATIONS, "When no byte of it was left in the files of the database.")
    lifted_at: datetime | None = prop(Is.OPERATIONS, "When she could come back by her own wish.")
    preview: str = prop(Is.OPERATIONS, "Hash of what was to go and to stay before it began.")
    going: list[str] = prop(Is.OPERATIONS, "What goes, by type: how many records, values and relationships.")
    staying: list[str] = prop(Is.OPERATIONS, "What has to stay, by which duty and until when.")
    left_out: list[str] = prop(
        Is.OPERATIONS,
        "Systems that sent a new record with a handle of hers; it was not taken in. Which kinds, no values.",
    )
    reason: str | None = prop(Is.EVIDENCE, "Why, in the words of who asked.")
    actor: str | None = prop(Is.STAFF, "Who asked for it.")

    notices: Connection["ErasureNotice"] = edge("NOTIFIES", "The systems that are told.")


@node(prefix="ern", plural="erasureNotices")
class ErasureNotice:
    """One source system that held records of someone who was erased, and has to erase them as well (art. 17, 19)."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    system: str = prop(Is.OPERATIONS, "The system.", indexed=True)
    records: list[str] = prop(
        Is.IDENTIFIER, "Its own records, each `kind key`, until it answered: whoever tells it needs them."
    )
    by_person: bool = prop(Is.OPERATIONS, "Whether a person has to tell it: nothing is sent to this system.")
    confirmed_at: datetime | None = prop(Is.OPERATIONS, "When it answered, or a person said that it knows.")
    confirmed_by: str | None = prop(Is.OPERATIONS, "By what: system, or as what a person said so.")
    reference: str | None = prop(Is.EVIDENCE, "Under what the system's owner keeps it: a ticket, a letter.")
    actor: str | None = prop(Is.STAFF, "Who said so.")

    receipt: "ErasureReceipt | None" = edge("NOTIFIES", "The erasure.", outward=False)
    delivery: "Delivery | None" = edge("CARRIED_BY", "How it is told, where it takes such events.")
