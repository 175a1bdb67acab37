"""The mutation `verifyCaller` as GraphQL knows it. It changes no record: only wrong answers are counted.

A role has it where its policy says by what callers are verified.
"""

from typing import Optional

import strawberry

from schema.enums import CallerFact

VERIFY = "verifyCaller"
ABOUT = (
    "Ask whether what a caller says is what is known of a customer, without seeing what that is. "
    "The customer is told; after a few wrong answers nothing is compared for a while."
)


@strawberry.input(description="What the caller was asked, and what the caller said.")
class VerifyCallerInput:
    """One answer of a caller."""

    customer: strawberry.ID = strawberry.field(description="The customer whom the caller claims to be.")
    fact: CallerFact = strawberry.field(description="What the caller was asked.")
    answer: str = strawberry.field(
        description="What the caller said: 1985-03-27, 12.50, a number, a line of an address. Spelling does not matter."
    )
    client_mutation_id: str | None = strawberry.field(
        default=strawberry.UNSET, description="Comes back as it was sent (Relay)."
    )


@strawberry.type(description="What verifyCaller came to.")
class VerifyCallerPayload:
    """Yes or no."""

    customer: strawberry.ID = strawberry.field(description="The customer.")
    fact: CallerFact = strawberry.field(description="What the caller was asked.")
    matched: bool = strawberry.field(description="Whether the answer is right. Where nothing is on file no answer is.")
    client_mutation_id: str | None = strawberry.field(description="As it was sent.")


def resolve(input: VerifyCallerInput) -> Optional[VerifyCallerPayload]:  # noqa: UP045  read at run time
    """For the schema's sake: `resolvers.change` answers before it is called."""
    raise NotImplementedError("verifyCaller is carried out by resolvers.change")
