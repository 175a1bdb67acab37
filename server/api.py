"""The types under which everything can be asked: each package's own, merged here into one query and one mutation type.

A package that adds questions adds its types below; `merge_types` keeps their order. One that adds changes lists its
mutations in its own `api.py`, and stands in MUTATIONS.
"""

from typing import Any

from strawberry.tools import merge_types

from auth.policy import Policy
from graph.view import View
from ingest.api import MUTATIONS as CHANGES_OF_RECORDS
from resolvers.follow import subscription_type
from resolvers.mutation import Mutation
from resolvers.role_schema import Extensions, RoleSchema
from schema.errors import PolicyInvalid
from schema.generate import make_types
from schema.model import MODEL

MUTATIONS: tuple[Mutation, ...] = (*CHANGES_OF_RECORDS,)


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


def check_changes(policy: Policy) -> None:
    """Raises PolicyInvalid for a change that there is none of, or of records that the role does not see."""
    known = {one.name: one for one in MUTATIONS}
    for name in policy.said.change.allow:
        where = f"{policy.file.name}:{policy.line_of('[change]', name)}"
        if name not in known:
            raise PolicyInvalid(f"{where}: there is no change '{name}'; there are {', '.join(known)}.")
        if unseen := {known[name].target, known[name].gives} - set(policy.said.see):
            raise PolicyInvalid(f"{where}: '{name}' needs {min(unseen)}: add [see.{min(unseen)}].")


def _merged(name: str, types: tuple[type, ...]) -> Any:
    if len(types) < 2:
        return types[0] if types else None
    return merge_types(name, types)
