"""The GraphQL types of the roots that say why records are one person's, or are not."""

from types import GenericAlias
from typing import Any, Optional

import strawberry

WHY, WHY_NOT = "whyMatched", "whyNotMatched"


@strawberry.type
class RecordComparison:
    """How two records compare, in words and without values."""

    one: strawberry.ID = strawberry.field(description="A source record.")
    other: strawberry.ID = strawberry.field(description="Another.")
    rule: str | None = strawberry.field(description="The rule by which the two alone would be one person's, if any.")
    probability: float = strawberry.field(
        description="How likely they are of one person, whatever rules say; names count as neither rare nor common."
    )
    speaks_for: list[str] = strawberry.field(name="speaksFor", description="What agrees.")
    speaks_against: list[str] = strawberry.field(name="speaksAgainst", description="What does not, or excludes it.")
    decided: str | None = strawberry.field(description="What a person decided on the two: MERGED or SPLIT.")


COMPARISONS: Any = Optional[GenericAlias(list, (RecordComparison,))]  # noqa: UP045  `|` knows no made list
ARGUMENTS: dict[str, dict[str, Any]] = {
    WHY: {"customer": strawberry.ID},
    WHY_NOT: {"one": strawberry.ID, "other": strawberry.ID},
}
