"""The mutation `reveal` as GraphQL knows it. It changes no record: what it opens is asked for anew by the client.

A role has it where its policy lets it reveal a field of some type.
"""

from datetime import datetime
from typing import Optional

import strawberry

from schema.enums import RevealReason

REVEAL = "reveal"
ABOUT = (
    "See one field of one record for a short while although it is coarser or withheld. "
    "The subject of the record is told."
)


@strawberry.input(description="What to reveal, and why.")
class RevealInput:
    """One field of one record."""

    id: strawberry.ID = strawberry.field(description="The record.")
    field: str = strawberry.field(description="The field, as it is called here: birthDate.")
    reason: RevealReason = strawberry.field(description="Why; on record, and the subject sees it.")
    reference: str | None = strawberry.field(
        default=strawberry.UNSET, description="Number of the case or ticket that it is for; no words."
    )
    client_mutation_id: str | None = strawberry.field(
        default=strawberry.UNSET, description="Comes back as it was sent (Relay)."
    )


@strawberry.type(description="What reveal came to. Ask for the record again to see the field.")
class RevealPayload:
    """Until when it lasts."""

    id: strawberry.ID = strawberry.field(description="The record.")
    field: str = strawberry.field(description="The field.")
    expires_at: datetime = strawberry.field(description="When it is hidden again.")
    client_mutation_id: str | None = strawberry.field(description="As it was sent.")


def resolve(input: RevealInput) -> Optional[RevealPayload]:  # noqa: UP045  read at run time
    """For the schema's sake: `resolvers.change` answers before it is called."""
    raise NotImplementedError("reveal is carried out by resolvers.change")
