"""The types under which everything can be asked: each package's own, merged here into one query and one mutation type.

A package that adds questions adds its types below; `merge_types` keeps their order. One that adds changes lists its
mutations in its own `api.py`, and stands in MUTATIONS.
"""

from collections.abc import Iterator, Mapping
from threading import Lock
from typing import Any

from strawberry.tools import merge_types

from auth.policy import Policy
from graph.view import View
from ingest.api import MUTATIONS as CHANGES_OF_RECORDS
from insight.api import MUTATIONS as CONTACTS
from privacy.api import MUTATIONS as RIGHTS
from resolvers.follow import subscription_type
from resolvers.mutation import Mutation
from resolvers.role_schema import Extensions, RoleSchema
from schema.errors import PolicyInvalid
from schema.generate import make_types
from schema.model import MODEL

MUTATIONS: tuple[Mutation, ...] = (*CHANGES_OF_RECORDS, *CONTACTS, *RIGHTS)


def queries() -> tuple[type, ...]:
    """The query types of all packages; the reads that the model gives come first."""
    return (make_types(MODEL),)


def role_schema(view: View, extensions: Extensions = ()) -> RoleSchema:
    """The schema of a role, with everything that can be asked, pruned by its View."""
    return RoleSchema(
        view,
        extensions,
        query=_merged("Query", queries()),
        mutations=MUTATIONS,
        subscription=subscription_type(),
    )


class RoleSchemas(Mapping[str, RoleSchema]):
    """Each role's schema, made when it is asked for first: a command needs one of them, or none.

    Making one takes some tenths of a second of the processor; `make_all` is for whoever cannot wait for that later.
    """

    def __init__(self, views: Mapping[str, View]) -> None:
        self._views = views
        self._made: dict[str, RoleSchema] = {}
        self._lock = Lock()

    def make_all(self) -> None:
        """Make those that are not there yet. Raises ModelInvalid where one does not hold together."""
        for role in self._views:
            self[role]

    def __getitem__(self, role: str) -> RoleSchema:
        with self._lock:
            if role not in self._made:
                self._made[role] = role_schema(self._views[role])
            return self._made[role]

    def __contains__(self, role: object) -> bool:
        return role in self._views

    def __iter__(self) -> Iterator[str]:
        return iter(self._views)

    def __len__(self) -> int:
        return len(self._views)


def check_changes(policy: Policy) -> None:
    """Raises PolicyInvalid for a change that there is none of, or of records that the role does not see."""
    known = {one.name: one for one in MUTATIONS}
    for name in policy.said.change.allow:
        where = f"{policy.file.name}:{policy.line_of('[change]', name)}"
        if name not in known:
            raise PolicyInvalid(f"{where}: there is no change '{name}'; there are {', '.join(known)}.")
        needed = {known[name].target or known[name].gives, known[name].gives}
        if unseen := needed - set(policy.said.see):
            raise PolicyInvalid(f"{where}: '{name}' needs {min(unseen)}: add [see.{min(unseen)}].")


def _merged(name: str, types: tuple[type, ...]) -> Any:
    if len(types) < 2:
        return types[0] if types else None
    return merge_types(name, types)
