"""What is found in a note that is recorded here: a task for a person, and a block that counts until she has decided.

The same rules and the same consequences as for messages that come in (`ingest.assemble.reviews`). What was said of
somebody else is a task that names nobody: who is meant is for whoever reads it to say.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ingest.assemble.reviews import METHOD
from ingest.changes.consents import stand
from ingest.changes.texts import redacted
from ingest.said.find import findings
from ingest.said.finding import Finding, Kind
from ingest.standing import block, found_on
from ingest.statements import text
from resolvers.mutation import Act
from schema.enums import Direction, InteractionKind, ReviewKind, ReviewState
from schema.purposes import PURPOSES

_OF_A_TASK = ("ReviewTask.kind", "ReviewTask.state", "ReviewTask.purposes", "ReviewTask.quote")
_OF_A_BLOCK = ("Consent.state", "Standing.lawful", "Standing.basis", "Standing.until")


async def find_in_note(act: Act, note: Mapping[str, Any], occurred: datetime) -> list[str]:
    """Enter what the customer said, as the note has it; the fields that were written.

    `note` holds the properties of an interaction of the act's customer that is written already. A mail to her holds
    none of her words.
    """
    is_mail = note["kind"] == InteractionKind.EMAIL.name
    if is_mail and note["direction"] == Direction.OUTBOUND.name:
        return []
    title = note["subject"] if is_mail else None
    said = await asyncio.to_thread(lambda: findings(note["text"], subject=title, noted=not is_mail))
    written: list[str] = []
    for one in said:
        written += await _enter(act, note["id"], one, occurred)
    return list(dict.fromkeys(written))


async def _enter(act: Act, interaction: str, one: Finding, occurred: datetime) -> Sequence[str]:
    key = f"api:{interaction}:{one.kind.value}{':other' if one.other else ''}"
    customer = None if one.other else act.record
    purposes = one.purposes if customer else ()
    (quote_redacted,) = await redacted(act, one.span, names=[one.name])
    task: dict[str, Any] = {
        "id": act.new_id("rev"),
        "sourceKey": key,
        "kind": ReviewKind[one.kind.name].name,
        "state": ReviewState.OPEN.name,
        "purposes": list(one.purposes),
        "aboutAnother": one.other,
        "saidAt": occurred,
        "foundAt": act.now,
        "quote": one.span,
        "quoteRedacted": quote_redacted,
        "confidence": one.confidence,
    }
    blocks = [_block(act, key, name, occurred) for name in purposes]
    given = {"interaction": interaction, "properties": task, "customer": customer, "blocks": blocks}
    await act.run(text("find_in_note"), given)
    for name in purposes:
        await stand(act, act.record, PURPOSES[name])
    if one.kind is not Kind.DECEASED or customer is None:
        return (*_OF_A_TASK, *(_OF_A_BLOCK if purposes else ()))
    await act.run(text("hold_deceased"), {"keys": [key]})
    return (*_OF_A_TASK, "Customer.status")


def _block(act: Act, task: str, name: str, occurred: datetime) -> dict[str, Any]:
    purpose = PURPOSES[name]
    return {
        "id": act.new_id("con"),
        "sourceKey": f"{found_on(task)}:{name}",
        "purpose": name,
        "legalBasis": purpose.basis.name,
        "state": block(purpose).name,
        "capturedAt": occurred,
        "method": METHOD,
        "source": "api",
        "onRecord": found_on(task),
    }
