"""Current: what is made of the policies, as one value that is put in the place of another whole.

A request takes what is current once, when it begins, and ends with that; so a change of policies never mixes two.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from graph.view import View
from resolvers.prepare import Plans
from resolvers.role_schema import RoleSchema
from schema.errors import PurposeRefused, RoleRefused
from server.documents import Documents
from server.rules import Rules
from server.trusted import Trusted

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Served:
    """Who may see what, each role's schema, and what was read and compiled for them."""

    rules: Rules = field(repr=False)
    schemas: Mapping[str, RoleSchema] = field(repr=False)
    documents: Documents
    plans: Plans
    trusted: Trusted = field(default_factory=Trusted, repr=False)

    def view(self, role: str, purpose: str) -> View:
        """The View of a role for a purpose.

        Raises RoleRefused and PurposeRefused for what was there when the token was looked at and is no longer.
        """
        if role not in self.rules.policies:
            raise RoleRefused
        if (role, purpose) not in self.rules.views:
            raise PurposeRefused
        return self.rules.views[role, purpose]


@dataclass(slots=True)
class Current:
    """Holds what is served now. Only `server.reload` puts another in its place."""

    served: Served


class Now(Mapping[str, Value]):
    """A mapping that is read from what is current each time."""

    def __init__(self, read: Callable[[], Mapping[str, Value]]) -> None:
        self._read = read

    def __getitem__(self, key: str) -> Value:
        return self._read()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())
