"""The types under which everything can be asked: each package's own, merged here into one query and one mutation type.

A package that adds questions or changes adds its types to the tuples below; `merge_types` keeps their order.
"""

from typing import Any

from strawberry.tools import merge_types

from graph.view import View
from resolvers.role_schema import Extensions, RoleSchema
from schema.generate import make_types
from schema.model import MODEL

MUTATIONS: tuple[type, ...] = ()
SUBSCRIPTIONS: tuple[type, ...] = ()


def queries() -> tuple[type, ...]:
    """The query types of all packages; the reads that the model gives come first."""
    return (make_types(MODEL),)


def role_schema(view: View, extensions: Extensions = ()) -> RoleSchema:
    """The schema of a role, with everything that can be asked, pruned by its View."""
    return RoleSchema(
        view,
        extensions,
        query=_merged("Query", queries()),
        mutation=_merged("Mutation", MUTATIONS),
        subscription=_merged("Subscription", SUBSCRIPTIONS),
    )


def _merged(name: str, types: tuple[type, ...]) -> Any:
    if len(types) < 2:
        return types[0] if types else None
    return merge_types(name, types)
