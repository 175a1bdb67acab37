"""Read: a query from document to data, past graphql-core's field-by-field execution.

Strawberry parses and validates against the role's schema; `CompiledRead` then answers the operation with one statement
a root field, all at once. What is not a query goes on to Strawberry's own execution.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, cast

from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    execute,
)
from strawberry.extensions import SchemaExtension

from auth.token import Viewer
from graph.view import View
from resolvers.bind import bind
from resolvers.budget import Budget
from resolvers.cursor import Sealer
from resolvers.prepare import Plans, Prepared
from resolvers.role_schema import RoleSchema
from resolvers.shape import Missing, Shaper, filled
from resolvers.variables import coerced
from schema.errors import CustomerGraphError, RecordIncomplete

log = logging.getLogger(__name__)


class Reader(Protocol):
    """What reads need of the database."""

    async def read(self, text: str, parameters: Mapping[str, Any], timeout: float | None = None) -> list[Any]:
        """The first column of every row."""
        ...


@dataclass(slots=True)
class Request:
    """All that one request brings: who asks, what that makes of the graph, and with what it is read."""

    viewer: Viewer
    view: View
    database: Reader
    plans: Plans
    cipher: AESSIV
    now: datetime
    budget: Budget = field(default_factory=Budget)


class CompiledRead(SchemaExtension):
    """Answers queries by compiled statements; the context of the execution is a Request."""

    async def on_execute(self) -> AsyncIterator[None]:
        """Set the result, so that nothing is left to execute."""
        context = self.execution_context
        document = cast(DocumentNode, context.graphql_document)
        operation = _operation(document.definitions, context.operation_name)
        if operation is not None and operation.operation is OperationType.QUERY:
            schema = cast(RoleSchema, context.schema)
            context.result = await answer(
                schema, document, context.query or "", operation, context.variables or {}, context.context
            )
        yield


def _operation(definitions: Any, name: str | None) -> OperationDefinitionNode | None:
    found = [one for one in definitions if isinstance(one, OperationDefinitionNode)]
    if name is not None:
        found = [one for one in found if one.name and one.name.value == name]
    return found[0] if len(found) == 1 else None


async def answer(
    schema: RoleSchema,
    document: DocumentNode,
    text: str,
    operation: OperationDefinitionNode,
    given: Mapping[str, Any],
    request: Request,
) -> ExecutionResult:
    """The answer to a validated query. A refusal of the whole is one coded error; one of a root leaves the others."""
    try:
        variables = coerced(schema.graphql, operation, given)
        plan = request.plans.plan(schema, request.view, document, text, operation, variables, request.budget)
        sealer = Sealer(
            request.cipher, (request.viewer.subject, request.view.role, request.view.purpose), variables.coerced
        )
        asked = [(root, _bound(root, variables.coerced, request, sealer)) for root in plan.roots]
    except CustomerGraphError as refusal:
        return ExecutionResult(None, [coded(refusal)])
    reads = [_read(root, parameters, request, sealer) for root, parameters in asked]
    found = [await reads[0]] if len(reads) == 1 else await asyncio.gather(*reads)
    errors: list[GraphQLError] = []
    data: dict[str, Any] = {}
    for root, (value, faults) in zip(plan.roots, found, strict=True):
        errors += faults
        data[root.key] = value
    if plan.introspection:
        described = request.plans.described(
            schema.role,
            text,
            operation,
            lambda: _introspect(schema, document, operation, plan.introspection, given),
        )
        data |= described.data or {}
        errors += described.errors or []
    return ExecutionResult({key: data[key] for key in plan.keys if key in data}, errors or None)


def _bound(root: Prepared, variables: Mapping[str, Any], request: Request, sealer: Sealer) -> Mapping[str, Any] | None:
    if root.statement is None:
        return None
    return bind(root.statement, variables, request.viewer, request.view, sealer, request.now)


async def _read(
    root: Prepared, parameters: Mapping[str, Any] | None, request: Request, sealer: Sealer
) -> tuple[Any, list[GraphQLError]]:
    """The value of one root field, and the errors that stand for what is null in it."""
    if root.statement is None:
        return _known(root, request), []
    shape = cast(Shaper, root.shape)
    try:
        rows = await request.database.read(root.statement.text, parameters or {})
    except CustomerGraphError as refusal:
        return None, [coded(refusal, [root.key])]
    sealer.holes.clear()
    try:
        if root.many is None:
            made = shape({"row": rows[0] if rows else None}, sealer)
        else:
            made = shape(rows[0] if root.statement.counted else {"rows": rows}, sealer)
    except Missing as missing:
        return None, [coded(RecordIncomplete(), [root.key, *missing.path])]
    if not sealer.holes:
        return made, []
    made, lacking = filled(made, (root.key,))
    return made, [coded(RecordIncomplete(), path) for path in lacking]


def _known(root: Prepared, request: Request) -> Any:
    """Roots that need no database: the viewer, `__typename`, and a node whose id leads nowhere."""
    if root.name == "__typename":
        return root.items[0][1]
    if root.name != "viewer":
        return None
    words = {
        "id": request.viewer.subject,
        "role": request.viewer.role,
        "purpose": request.viewer.purpose,
        "__typename": "Viewer",
    }
    return {key: words[name] for key, name in root.items}


def _introspect(
    schema: RoleSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    fields: tuple[FieldNode, ...],
    given: Mapping[str, Any],
) -> ExecutionResult:
    """`__schema` and `__type`, by graphql-core, over the role's own schema."""
    alone = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        variable_definitions=operation.variable_definitions,
        directives=(),
        selection_set=SelectionSetNode(selections=fields),
    )
    fragments = tuple(one for one in document.definitions if isinstance(one, FragmentDefinitionNode))
    found = execute(schema.graphql, DocumentNode(definitions=(alone, *fragments)), variable_values=dict(given))
    return cast(ExecutionResult, found)


def coded(refusal: CustomerGraphError, path: list[str | int] | None = None) -> GraphQLError:
    """A refusal as a GraphQL error with its code."""
    return GraphQLError(str(refusal), path=path, extensions=dict(refusal.extensions), original_error=None)
