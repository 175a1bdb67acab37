"""A viewer in one of two worlds, who changes and follows as well as asks."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLObjectType,
    OperationDefinitionNode,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    parse,
)

from graph.session import Database
from resolvers.change import change
from resolvers.prepare import Plans
from resolvers.read import Request, answer
from resolvers.role_schema import RoleSchema
from server.api import role_schema
from tests.proof import asking
from tests.proof.rounds import Round

MOST_OF_A_TYPE = 4


@cache
def schema_of(name: str, purpose: str) -> RoleSchema:
    """The schema of a shipped role, with its changes and subscriptions."""
    return role_schema(asking.role(name, purpose).view)


def selection(type_: GraphQLObjectType, deeper: bool = True) -> str:
    """All values of a type, why some are not shown, and all values of the single records beside it."""
    parts = ["__typename"]
    for name, held in type_.fields.items():
        inner = get_named_type(held.type)
        if any(is_required_argument(one) for one in held.args.values()):
            continue
        if is_leaf_type(inner):
            parts.append(name)
        elif name == "_withheld":
            parts.append("_withheld { field reason }")
        elif deeper and isinstance(inner, GraphQLObjectType) and not held.args:
            parts.append(f"{name} {{ {selection(inner, False)} }}")
    return " ".join(parts)


@dataclass(slots=True)
class Counter:
    """Ids that are the same in every world: the first, the second ..."""

    count: int = 0

    def __call__(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}_made{self.count}"


@dataclass(slots=True)
class Scene:
    """A round's viewer in one of its worlds."""

    drawn: Round
    schema: RoleSchema
    database: Database
    ids: Counter = field(default_factory=Counter)
    plans: Plans = field(default_factory=Plans)

    def request(self) -> Request:
        """What the server would hand on."""
        made = asking.request(self.drawn.role, self.drawn.who, self.database)
        return replace(made, plans=self.plans, new_id=self.ids)

    async def run(self, text: str, variables: Mapping[str, Any]) -> ExecutionResult:
        """The answer to a query or a mutation."""
        document = parse(text)
        (operation,) = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
        way = change if operation.operation.value == "mutation" else answer
        return asking.unfailed(await way(self.schema, document, text, operation, variables, self.request()))


def scene(drawn: Round, database: Database) -> Scene:
    """The round's viewer, before anything is asked."""
    said = drawn.role.policy.role
    return Scene(drawn, schema_of(said, drawn.who.purpose), database)


def targets(drawn: Round, type_: str) -> list[str]:
    """Records that a viewer may name: some that are visible, some that are hidden or only in one world, and none."""
    chance = random.Random(drawn.seed)
    everywhere = {one.id for world in drawn.worlds for one in world.of(type_)}
    seen = sorted(everywhere & set(drawn.seen.nodes))
    hidden = sorted(everywhere - set(drawn.seen.nodes))
    some = [chance.sample(ids, min(len(ids), MOST_OF_A_TYPE // 2)) for ids in (seen, hidden)]
    return [*some[0], *some[1], f"{'cus' if type_ == 'Customer' else 'cas'}_nowhere", "con_nowhere"]
