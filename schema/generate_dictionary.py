"""The GraphQL types of the dictionary: what each field is, who answers for it, why it is held, and how long."""

from types import GenericAlias
from typing import Any, Optional

import strawberry

from schema.purposes import LegalBasis

DICTIONARY = "dictionary"


@strawberry.type
class FieldDefinition:
    """A field that you may see: what it means, and on what it rests that it is there."""

    type: str
    field: str
    definition: str = strawberry.field(description="What it says.")
    category: str = strawberry.field(description="What it is; policies grant by category.")
    owner: str = strawberry.field(description="Who answers for it.")
    steward: str = strawberry.field(description="Who looks after its values.")
    basis: LegalBasis = strawberry.field(description="The legal basis on which it is held (GDPR art. 6(1)).")
    why: str = strawberry.field(description="What it is held for.")
    kept: list[str] = strawberry.field(description="When it is forgotten; empty where it stays with its record.")
    decided_by: list[str] = strawberry.field(
        name="decidedBy",
        description="Where sources disagree: the rules that choose the golden value, in their order.",
    )


DEFINITIONS: Any = Optional[GenericAlias(list, (FieldDefinition,))]  # noqa: UP045  `|` knows no made list
ARGUMENTS: dict[str, dict[str, Any]] = {DICTIONARY: {"type": str | None}}
