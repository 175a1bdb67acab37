"""Prepare mutations and subscriptions: for each record that they give, the statement by which it is read.

It is the statement of `node(id)`, over the same View; the id is known once the change is made or something happened.
"""

from dataclasses import replace

from graphql import DocumentNode, OperationDefinitionNode, OperationType
from graphql.execution.values import VariableValues

from graph.emit import emit
from graph.expr import Value, Variable
from graph.plan import plan_one
from graph.read import ById
from graph.selection import One, Root
from graph.view import View
from resolvers.budget import Budget, check
from resolvers.disclose import discloser
from resolvers.prepare import Plan, Prepared, PreparedAct
from resolvers.role_schema import RoleSchema
from resolvers.select import Acted, select_acts
from resolvers.shape import shaper
from schema.model import Scalar

RECORD = "the record"
"""The variable under which the id of a record is bound; no document can name one like it."""
COST_OF_A_CHANGE = 1_000


def prepare_acts(
    schema: RoleSchema,
    view: View,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: VariableValues,
    budget: Budget,
) -> Plan:
    """Select, check the budget, plan and emit what a mutation or subscription shows. Raises what those raise."""
    acts = select_acts(schema.graphql, document, operation, variables)
    spent = check(tuple(root for one in acts for root in _roots(one)), budget)
    if operation.operation is OperationType.MUTATION:
        spent = replace(spent, estimate=spent.estimate + COST_OF_A_CHANGE * len(acts))
    made = tuple(_prepared(one, schema, view) for one in acts)
    reads = tuple(part for one in made for _, part in one.items if isinstance(part, Prepared))
    return Plan(tuple(one.key for one in acts), reads, (), spent, made)


def _roots(act: Acted) -> list[Root]:
    plain = tuple((key, part) for key, part in act.items if isinstance(part, str))
    reads = [Root(key, "node", {}, part) for key, part in act.items if isinstance(part, One)]
    return reads or [Root(act.key, act.name, {}, None, plain)]


def _prepared(act: Acted, schema: RoleSchema, view: View) -> PreparedAct:
    mutation = schema.mutations.get(act.name)
    seen = mutation.through(view) if mutation is not None else view
    items = tuple(
        (key, part if isinstance(part, str) else read_of(key, act.name, part, seen)) for key, part in act.items
    )
    return PreparedAct(act, items)


def read_of(key: str, name: str, asked: One, view: View) -> Prepared:
    """How the record whose id is bound as RECORD is read."""
    read, placed = plan_one(ById(Value(Variable((RECORD,)), Scalar.ID)), asked, view)
    return Prepared(key, name, emit(read, name), shaper(placed), None, (), discloser(read.legs, None))
