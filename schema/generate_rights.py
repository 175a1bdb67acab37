"""The GraphQL type of the root that says which rights a person has."""

from types import GenericAlias
from typing import Any, Optional

import strawberry

from schema.enums import PrivacyRequestKind

RIGHTS = "rightsOffered"


@strawberry.type
class OfferedRight:
    """Something that a person may ask for, as the legal bases on which her data is used now give it to her."""

    right: PrivacyRequestKind = strawberry.field(description="What makeRequest takes.")
    law: str = strawberry.field(description="The law that gives it.")
    about: str = strawberry.field(description="In words, for the person.")
    purposes: list[str] = strawberry.field(description="As to which purposes.")
    limited_by: list[str] = strawberry.field(
        name="limitedBy", description="Purposes for which data stays although the right is used."
    )


OFFERED: Any = Optional[GenericAlias(list, (OfferedRight,))]  # noqa: UP045  `|` knows no made list
ARGUMENTS: dict[str, dict[str, Any]] = {RIGHTS: {"customer": strawberry.ID}}
