"""The GraphQL types of the dictionary: what each field is, who answers for it, why it is held, and how long."""

from types import GenericAlias
from typing import Annotated, Any, Optional, TypeVar

import strawberry

from schema.purposes import LegalBasis

DICTIONARY = "dictionary"
DEFINITION = "FieldDefinition"
QUALITY, PROPOSALS = "quality", "proposals"
BESIDE: dict[str, tuple[str, str]] = {
    QUALITY: (
        "QualityMeasure",
        (
            "How good it is that source systems deliver, as the latest load of each found it. Where sources disagree, "
            "CONSISTENCY says how often each of them has the value that the rules of `decidedBy` choose."
        ),
    ),
    PROPOSALS: (
        "DefinitionProposal",
        "Other definitions, the latest first: those that wait, and the one that was accepted, until it is in force.",
    ),
}
"""What is told of a field beside its definition, read of the database where it is asked for: of which type, and how."""
Defining = TypeVar("Defining", bound=type)


def _with_what_is_beside(cls: Defining) -> Defining:
    for name, (type_, about) in BESIDE.items():
        node: Any = Annotated[type_, strawberry.lazy("schema.made")]
        cls.__annotations__[name] = Optional[GenericAlias(list, (node,))]  # noqa: UP045  `|` knows no made list
        setattr(cls, name, strawberry.field(name=name, description=about))
    return cls


@strawberry.type
@_with_what_is_beside
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
