"""Asking: one document put to the product, as a request puts it, and to the oracle."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

import orjson
from graphql import ExecutionResult
from strawberry.extensions import ParserCache, ValidationCache

from auth.narrow import narrow
from auth.policy import Policy, load_policies
from auth.reveals import Reveals
from auth.token import Viewer
from graph.session import Database
from graph.view import View
from resolvers.budget import Budget
from resolvers.cursor import Sealer
from resolvers.prepare import Plans
from resolvers.read import CompiledRead, Request
from resolvers.role_schema import Extensions, RoleSchema
from schema.catalogue import complete_model
from schema.errors import DatabaseUnavailable, StatementTimedOut
from schema.model import camel
from tests.keeping import Kept
from tests.proof.oracle import Answerer, bare
from tests.proof.oracle_sight import KEY, Asker, Projection
from tests.proof.sealing import KEYS
from tests.proof.worlds import NOW, REGIONS, World

CIPHER = KEY
PROJECTS = ("alpha", "beta")
WIDE = Budget(depth=20, rows=10**9, fields=10_000, comparisons=1_000, estimate=10**12)


@cache
def policies() -> Mapping[str, Policy]:
    """The shipped policies; the smallest group that is told is as small as the worlds."""
    complete_model()
    return {name: _for_small_worlds(policy) for name, policy in load_policies().items()}


def _for_small_worlds(policy: Policy) -> Policy:
    told = policy.said.aggregate
    small = told.model_copy(update={"minimum": min(told.minimum, 2)})
    if told.by:
        small = told.model_copy(update={"minimum": 3, "percent": 1, "by": {"Customer": ("region",)}})
    return replace(policy, said=policy.said.model_copy(update={"aggregate": small}))


@dataclass(frozen=True, slots=True)
class Role:
    """One role for one purpose, ready to be asked."""

    policy: Policy
    view: View
    schema: RoleSchema
    bare: Any
    plans: Plans


DOCUMENTS_KEPT = 4_096
EXTENSIONS: Extensions = (CompiledRead, lambda: ParserCache(DOCUMENTS_KEPT), lambda: ValidationCache(DOCUMENTS_KEPT))
"""As the server keeps them: a question that is asked with many values is parsed and validated once."""


@cache
def role(name: str, purpose: str) -> Role:
    """The shipped role, its schema, and the same schema for the oracle."""
    view = narrow(complete_model(), policies()[name], purpose)
    return Role(policies()[name], view, RoleSchema(view, EXTENSIONS), bare(RoleSchema(view).graphql), Plans())


def asker(chance: random.Random, world: World, name: str, purpose: str) -> Asker:
    """Someone who may carry the role in this world."""
    subjects = [str(one.values["number"]) for one in world.of("Employee")]
    subject = chance.choice([one.id for one in world.of("Customer")] if name == "customer" else subjects)
    regions = chance.choice([[], ["*"], chance.sample(REGIONS, 1), chance.sample(REGIONS, 2)])
    claims = {"regions": regions, "project": chance.choice(PROJECTS)}
    could = revealable(world, name)
    now = frozenset(one for one in could if chance.random() < 0.5)
    return Asker(subject, purpose, claims, now, frozenset(could) - now)


def revealable(world: World, name: str) -> list[tuple[str, str]]:
    """What the policy lets be revealed: field and id."""
    return [
        (f"{type_}.{camel(field)}", one.id)
        for type_, grants in policies()[name].said.see.items()
        for field in grants.reveal
        for one in world.of(type_)
    ]


def reveals(viewer: Viewer, who: Asker) -> Reveals:
    """What is revealed, as the product keeps it, beside what was until just now."""
    kept = Reveals()
    for name, id_ in who.expired:
        kept.grant(viewer, name, id_, NOW)
    for name, id_ in who.revealed:
        kept.grant(viewer, name, id_, NOW + timedelta(minutes=1))
    return kept


def request(of: Role, who: Asker, database: Database) -> Request:
    """What the server would hand to the read."""
    claims = {name: tuple(value) if isinstance(value, list) else value for name, value in who.claims.items()}
    viewer = Viewer(who.subject, of.policy.role, who.purpose, claims, 2**40)
    return Request(
        viewer, of.view, database, of.plans, CIPHER, NOW, Kept(), WIDE, reveals=reveals(viewer, who), keys=KEYS
    )


async def ask(of: Role, who: Asker, database: Database, text: str, variables: Mapping[str, Any]) -> bytes:
    """The product's answer, as bytes. Raises what the database failed with."""
    return body(unfailed(await of.schema.execute(text, dict(variables), context_value=request(of, who, database))))


def unfailed(result: ExecutionResult | Any) -> ExecutionResult | Any:
    """An answer that was given. What the database failed with is none to compare, and is raised."""
    for error in result.errors or ():
        if isinstance(error.original_error, DatabaseUnavailable | StatementTimedOut):
            raise error.original_error
    return result


def expected(of: Role, who: Asker, seen: Projection, text: str, variables: Mapping[str, Any]) -> bytes:
    """The oracle's answer, as bytes."""
    viewer = (who.subject, of.policy.role, who.purpose)
    answerer = Answerer(of.bare, seen, who, of.policy.role, lambda values: Sealer(CIPHER, viewer, values))
    return body(answerer.answer(text, variables))


def body(result: ExecutionResult | Any) -> bytes:
    """An answer as it would leave, without its timing."""
    errors = [
        {"message": str(one.message), "path": one.path, "extensions": one.extensions} for one in result.errors or ()
    ]
    return orjson.dumps({"data": result.data, "errors": errors}, option=orjson.OPT_PASSTHROUGH_DATACLASS)
