"""Read: a query from document to data, past graphql-core's field-by-field execution.

Strawberry parses and validates against the role's schema; `CompiledRead` then answers the operation with one statement
a root field, all at once. What is not a query goes on to Strawberry's own execution.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol, cast
from uuid import uuid4

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

from auth.disclosure import Answered, Disclosure, Recorder, Sought
from auth.policy import Policy
from auth.reveals import Reveals
from auth.token import Viewer
from graph.masks import PROJECT
from graph.selection import Items, Part
from graph.vault.vault import PLAIN, Keys
from graph.view import View
from resolvers.beside import ASKED, KEYS, placed
from resolvers.bind import bind
from resolvers.budget import Budget, Cost
from resolvers.compare import NAMES as COMPARING
from resolvers.compare import Compare, compared, nothing
from resolvers.cursor import Sealer
from resolvers.dictionary import NAMES as DEFINING
from resolvers.dictionary import Definition, defined
from resolvers.explain import NAMES as EXPLAINING
from resolvers.explain import explained
from resolvers.happened import Happened
from resolvers.observe import UNOBSERVED, Observer
from resolvers.prepare import Plans, Prepared
from resolvers.rights import NAMES as OFFERING
from resolvers.rights import offered
from resolvers.role_schema import RoleSchema
from resolvers.shape import Missing, Shaper, filled
from resolvers.variables import coerced, resolved
from schema.contact_rules import ContactRules, shipped_contact_rules
from schema.errors import CustomerGraphError, RecordIncomplete
from schema.governance import Governance, shipped_governance
from schema.journey import Stages, shipped_journey

log = logging.getLogger(__name__)
DESCRIBING = ThreadPoolExecutor(1, "describing")
"""Introspection takes a tenth of a second: it shares the processor with the loop instead of stopping it."""


class Reader(Protocol):
    """What reads need of the database."""

    async def read(self, text: str, parameters: Mapping[str, Any], timeout: float | None = None) -> list[Any]:
        """The first column of every row."""
        ...


class Pace(Protocol):
    """What a request counts before the work is done. Both raise where it is too much."""

    def charge(self, cost: Cost) -> None:
        """What the question asks for."""
        ...

    def fresh(self, several: int = 1) -> None:
        """Statements that nobody asked before."""
        ...


class Unhurried:
    """Counts nothing."""

    def charge(self, cost: Cost) -> None:
        """Whatever it costs."""

    def fresh(self, several: int = 1) -> None:
        """However new."""


@dataclass(slots=True)
class Request:
    """All that one request brings: who asks, what that makes of the graph, and with what it is read.

    `policies` and `views` are those of all roles, for the roots that explain; `compare` is for those that compare,
    `ways` answer the roots of packages above, and `contact_rules` are the company's for contacting customers.
    `dictionary` says what every field is, `governance` why it is held, `journey` which stage what happened belongs to,
    and `keys` open secret values.
    """

    viewer: Viewer
    view: View
    database: Reader
    plans: Plans
    cipher: AESSIV
    now: datetime
    trail: Recorder
    budget: Budget = field(default_factory=Budget)
    pace: Pace = field(default_factory=Unhurried)
    id: str = ""
    observer: Observer = UNOBSERVED
    reveals: Reveals = field(default_factory=Reveals)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    views: Mapping[tuple[str, str], View] = field(default_factory=dict)
    tell: Callable[[Happened], None] = field(default=lambda happened: None)
    compare: Compare = nothing
    keys: Keys = PLAIN
    dictionary: Sequence[Definition] = ()
    ways: Mapping[str, "Way"] = field(default_factory=dict)
    contact_rules: ContactRules = field(default_factory=shipped_contact_rules)
    governance: Governance = field(default_factory=shipped_governance)
    journey: Stages = field(default_factory=shipped_journey)
    new_id: Callable[[str], str] = field(default=lambda prefix: f"{prefix}_{uuid4().hex}")

    def sealer(self, variables: Mapping[str, Any]) -> Sealer:
        """What seals the cursors of this viewer and makes the pseudonyms of the viewer's project."""
        viewer = (self.viewer.subject, self.view.role, self.view.purpose)
        return Sealer(self.cipher, viewer, variables, str(self.viewer.claims.get(PROJECT, "")))

    async def finder(self, parts: Iterable[Prepared], variables: Mapping[str, Any]) -> Sealer:
        """The same; where one of these parts looks for secret values, with the key by which they are found.

        Raises VaultUnavailable and VaultKeysMissing.
        """
        sealer = self.sealer(variables)
        if any(part.statement is not None and part.statement.looks_up for part in parts):
            return replace(sealer, index=await self.keys.indexing(make=False))
        return sealer


Way = Callable[[str, Mapping[str, Any], Request], Awaitable[tuple[Any, Answered | None]]]
"""How roots are answered that are not one compiled statement: by name and arguments, and what is to be recorded."""
TOLD_OTHERWISE: Mapping[str, Way] = {
    **dict.fromkeys(EXPLAINING, explained),
    **dict.fromkeys(COMPARING, compared),
    **dict.fromkeys(DEFINING, defined),
    **dict.fromkeys(OFFERING, offered),
}


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
        with request.observer.planning() as stage:
            variables = coerced(schema.graphql, operation, given)
            made_before = request.plans.misses
            plan = request.plans.plan(
                schema, request.view, document, text, operation, variables, request.budget, request.pace.fresh
            )
            stage.known(request.plans.misses == made_before)
        request.pace.charge(plan.cost)
        sealer = await request.finder(plan.roots, variables.coerced)
        asked = [(root, bound(root, variables.coerced, request, sealer)) for root in plan.roots]
    except CustomerGraphError as refusal:
        return ExecutionResult(None, [coded(refusal)])
    reads = [read_root(root, parameters, variables.coerced, request, sealer) for root, parameters in asked]
    found = [await reads[0]] if len(reads) == 1 else await asyncio.gather(*reads)
    errors: list[GraphQLError] = []
    data: dict[str, Any] = {}
    answers: list[Answered] = []
    for root, read in zip(plan.roots, found, strict=True):
        errors += read.errors
        data[root.key] = read.value
        if read.answered is not None:
            answers.append(read.answered)
    if answers:
        try:
            with request.observer.recording():
                await request.trail.record(disclosure(request, text, tuple(answers)))
        except CustomerGraphError as refusal:
            return ExecutionResult(None, [coded(refusal)])
    if plan.introspection:
        described = await asyncio.get_running_loop().run_in_executor(
            DESCRIBING,
            request.plans.described,
            schema.role,
            text,
            operation,
            lambda: _introspect(schema, document, operation, plan.introspection, given),
        )
        data |= described.data or {}
        errors += described.errors or []
    return ExecutionResult({key: data[key] for key in plan.keys if key in data}, errors or None)


def bound(root: Prepared, variables: Mapping[str, Any], request: Request, sealer: Sealer) -> Mapping[str, Any] | None:
    """The parameters of a root field's statement. Raises what `bind` raises."""
    if root.statement is None:
        return None
    return bind(
        root.statement,
        variables,
        request.viewer,
        request.view,
        sealer,
        request.now,
        request.reveals,
        request.contact_rules,
    )


@dataclass(frozen=True, slots=True)
class RootAnswer:
    """The value of one root field, the errors that stand for what is null in it, and what it tells about whom."""

    value: Any
    errors: list[GraphQLError]
    answered: Answered | None


async def read_root(
    root: Prepared, parameters: Mapping[str, Any] | None, variables: Mapping[str, Any], request: Request, sealer: Sealer
) -> RootAnswer:
    """Run a root field's statement and shape what it gives."""
    if (way := TOLD_OTHERWISE.get(root.name) or request.ways.get(root.name)) is not None:
        return await _explained(way, root, variables, request)
    if root.statement is None:
        return RootAnswer(_known(root, request), [], None)
    shape = cast(Shaper, root.shape)
    try:
        with request.observer.reading(root.name, root.statement.text) as stage:
            rows = await request.database.read(root.statement.text, parameters or {})
            listed = rows[0].get("rows") or () if root.statement.counted else rows
            stage.rows(len(listed))
    except CustomerGraphError as refusal:
        return RootAnswer(None, [coded(refusal, [root.key])], None)
    answered = _answered(root, listed, variables)
    try:
        made = await _shaped(root, shape, rows, request, sealer)
    except Missing as missing:
        return RootAnswer(None, [coded(RecordIncomplete(), [root.key, *missing.path])], answered)
    except CustomerGraphError as refusal:
        return RootAnswer(None, [coded(refusal, [root.key])], answered)
    if not sealer.holes:
        return RootAnswer(made, [], answered)
    made, lacking = filled(made, (root.key,))
    return RootAnswer(made, [coded(why(), path) for path, why in lacking], answered)


async def _shaped(root: Prepared, shape: Shaper, rows: Sequence[Any], request: Request, sealer: Sealer) -> Any:
    """What the rows are shaped to. Where that met secret values whose keys were not at hand, once more with these.

    Raises Missing, VaultUnavailable and VaultKeysMissing.
    """
    of = {"row": rows[0] if rows else None} if root.many is None else None
    if of is None:
        of = rows[0] if root.statement is not None and root.statement.counted else {"rows": rows}
    sealer.holes.clear()
    made = shape(of, sealer)
    if sealer.sought:
        names = frozenset(sealer.sought)
        sealer.sought.clear()
        found = await request.keys.opening(names)
        if unknown := names - found.keys():
            sealer.unknown.update(unknown)
        sealer.keys.update(found)
        sealer.holes.clear()
        made = shape(of, sealer)
    return made


async def _explained(way: Way, root: Prepared, variables: Mapping[str, Any], request: Request) -> RootAnswer:
    try:
        told, answered = await way(root.name, resolved(root.arguments, variables), request)
    except CustomerGraphError as refusal:
        return RootAnswer(None, [coded(refusal, [root.key])], None)
    several = told if isinstance(told, list) else [told]
    errors: list[GraphQLError] = []
    for place, part in root.beside:
        sealer = request.sealer(variables)
        found = await read_root(part, bound(part, variables, request, sealer), variables, request, sealer)
        if found.value is None:
            codes = [GraphQLError(one.message, path=[root.key], extensions=one.extensions) for one in found.errors]
            return RootAnswer(None, codes, found.answered)
        answered = answered or Answered(root.name, (), None, ())
        errors += _put_beside(several, place, part, found, root)
    return RootAnswer(_parts(several if isinstance(told, list) else several[0], root.items), errors, answered)


def _put_beside(
    several: list[Any], place: str, part: Prepared, found: RootAnswer, root: Prepared
) -> list[GraphQLError]:
    """Put what was read beside each definition that it belongs to; the errors, with their paths from there."""
    errors: list[GraphQLError] = []
    (key,) = (key for key, name in root.items if name == place)
    for number, places in enumerate(placed(part.name, several, found.value[KEYS])):
        several[number] = {**several[number], place: [found.value[ASKED][one] for one in places]}
        for error in found.errors:
            path = list(error.path or ())
            if len(path) > 2 and path[1] == ASKED and path[2] in places:
                at = [root.key, number, key, places.index(path[2]), *path[3:]]
                errors.append(GraphQLError(error.message, path=at, extensions=error.extensions))
    return errors


def _parts(told: Any, items: Items) -> Any:
    """Of what is told, that which was asked for."""
    if isinstance(told, list):
        return [_parts(one, items) for one in told]
    if told is None:
        return None
    return {key: _parts(told[part.name], part.items) if isinstance(part, Part) else told[part] for key, part in items}


def _answered(root: Prepared, rows: Sequence[Any], variables: Mapping[str, Any]) -> Answered:
    """What a root field tells. A look for someone by a handle counts as one, whether or not anybody is found."""
    sought = None
    if root.sought is not None:
        kind, value = (resolved(one, variables) for one in root.sought)
        if not rows or kind != "id":
            sought = Sought(str(getattr(kind, "name", kind)), str(value), bool(rows))
    told = root.discloser
    return Answered(
        root.name, told.shown(rows) if told is not None else (), sought, told.compared if told is not None else ()
    )


def disclosure(request: Request, text: str, answers: tuple[Answered, ...]) -> Disclosure:
    """What goes on the trail for one answer."""
    viewer = request.viewer
    return Disclosure(
        at=request.now,
        viewer=viewer.subject,
        role=viewer.role,
        purpose=viewer.purpose,
        request=request.id,
        document=sha256(text.encode()).hexdigest()[:16],
        answers=answers,
    )


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
    return {key: words[str(name)] for key, name in root.items}


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
