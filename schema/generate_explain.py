"""The GraphQL types of the roots that explain: what a role has of a field, and why."""

from enum import Enum
from types import GenericAlias
from typing import Any, Optional

import strawberry

EXPLAIN, WHO = "explainAccess", "whoCanSee"


@strawberry.enum
class AccessKind(Enum):
    """What a role has of a field."""

    SHOW = strawberry.enum_value("SHOW", description="The value.")
    COARSER = strawberry.enum_value("COARSER", description="A coarser form of it.")
    CONDITIONAL = strawberry.enum_value("CONDITIONAL", description="It depends on the record.")
    WITHHELD = strawberry.enum_value("WITHHELD", description="It is empty, with the reason.")
    ABSENT = strawberry.enum_value("ABSENT", description="The role has no such field.")


@strawberry.input
class ClaimInput:
    """A claim of the token of someone in the role."""

    name: str
    values: list[str]


@strawberry.type
class AccessExplanation:
    """What a role has of a field for a purpose, and what the policy says that makes it so."""

    role: str
    purpose: str
    type: str
    field: str
    access: AccessKind = strawberry.field(description="What the role has of the field in general.")
    asks: bool = strawberry.field(description="Whether the role may filter and sort by it.")
    rows: str | None = strawberry.field(description="Which records the role sees, as its policy says; null for none.")
    condition: str | None = strawberry.field(description="The rule that decides what is shown of it, if there is one.")
    line: str | None = strawberry.field(description="File and line of the policy that says so.")
    visible: bool | None = strawberry.field(description="Whether the role sees the record; null without an id.")
    shown: AccessKind | None = strawberry.field(description="As what the field of this record is shown to the role.")


EXPLANATION: Any = Optional[AccessExplanation]  # noqa: UP045  beside the list below
EXPLANATIONS: Any = Optional[GenericAlias(list, (AccessExplanation,))]  # noqa: UP045  `|` knows no made list
ARGUMENTS: dict[str, dict[str, Any]] = {
    EXPLAIN: {
        "role": str,
        "type": str,
        "field": str,
        "purpose": str | None,
        "id": strawberry.ID | None,
        "subject": str | None,
        "claims": Optional[GenericAlias(list, (ClaimInput,))],  # noqa: UP045  `|` knows no made list
    },
    WHO: {"type": str, "field": str},
}
