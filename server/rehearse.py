"""Rehearse: every trusted document compiled for every role and purpose that may ask it, before anybody does.

What decides a statement is the shape of the variables: each operation is compiled with the variables that it demands,
with one more, and with all that it takes. The database then plans the statements, so that the first client waits no
longer than the hundredth, and so that one which the database would refuse stops the start.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    Visitor,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
    type_from_ast,
    visit,
)

from graph.cypher import Parameter
from graph.emit import Statement
from graph.expr import CursorKey, Sending, Value
from graph.search import Words
from graph.session import Database
from graph.view import View
from resolvers.prepare import Handle
from resolvers.sending import LIKE
from resolvers.variables import coerced
from schema.errors import CustomerGraphError, DatabaseUnavailable, TrustedDocumentInvalid, ValueInvalid
from schema.model import MODEL, Scalar
from server.assembly import Assembly
from server.documents import is_query
from server.trusted import Allowed

AT_ONCE = 4
SECONDS_BETWEEN_TRIES = 2.0
PAGE = 10
"""The page size that is taken for one that a client fills in: sizes are part of a statement."""

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
PLAIN: Mapping[str, Any] = {
    "Int": PAGE,
    "Float": 1.0,
    "String": "a",
    "Boolean": True,
    "Date": "2026-01-01",
    "DateTime": "2026-01-01T00:00:00Z",
    "Decimal": "1.00",
}
HELD: Mapping[Scalar, Any] = {
    Scalar.INT: 1,
    Scalar.FLOAT: 1.0,
    Scalar.BOOLEAN: True,
    Scalar.DECIMAL: 100,
    Scalar.DATE: "2026-01-01",
    Scalar.DATETIME: "2026-01-01T00:00:00Z",
}
CLAIMS: Mapping[str, Any] = {"list[string]": ["a"], "string": "a", "integer": 1, "boolean": True}


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A statement that a trusted document becomes, with parameters of the right types, and the document's place."""

    place: str
    text: str
    parameters: Mapping[str, Any]


def compiled(assembly: Assembly) -> list[Rehearsal]:
    """Every statement of the trusted documents, each once; the plans are kept for those who ask.

    Raises TrustedDocumentInvalid with the place of a document that cannot be asked, and why.
    """
    found: dict[str, Rehearsal] = {}
    for (role, _), allowed in assembly.trusted.allowed.items():
        for purpose in assembly.rules.policies[role].said.purposes:
            view = assembly.rules.views[role, purpose]
            for statement in _statements(assembly, view, allowed):
                found.setdefault(statement.text, Rehearsal(allowed.place, statement.text, _parameters(statement, view)))
    return list(found.values())


async def planned(rehearsals: list[Rehearsal], database: Database, tell: Callable[[str], None]) -> None:
    """Have the database plan them. Raises TrustedDocumentInvalid for one that it refuses."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def plan(one: Rehearsal) -> None:
        async with turn:
            while True:
                try:
                    return await database.explain(one.text, one.parameters)
                except DatabaseUnavailable:
                    await asyncio.sleep(SECONDS_BETWEEN_TRIES)
                except CustomerGraphError as refusal:
                    raise TrustedDocumentInvalid(f"{one.place}: {refusal} ({refusal.code})") from None

    if rehearsals:
        tell(f"Planning {len(rehearsals)} statements of the trusted documents")
        try:
            async with asyncio.TaskGroup() as together:
                for one in rehearsals:
                    together.create_task(plan(one))
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from None


def _statements(assembly: Assembly, view: View, allowed: Allowed) -> Iterator[Statement]:
    schema, document = assembly.schemas[view.role], allowed.document.node
    assert document is not None
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode) or not is_query(operation):
            continue
        for more, given in variables(schema.graphql, document, operation):
            try:
                values = coerced(schema.graphql, operation, given)
                plan = assembly.plans.plan(schema, view, document, allowed.text, operation, values, assembly.budget)
            except CustomerGraphError as refusal:
                if more and isinstance(refusal, ValueInvalid):
                    continue  # not all go together: before and after, an id and a handle
                raise TrustedDocumentInvalid(
                    f"{allowed.place}, asked by {view.role}: {refusal} ({refusal.code})"
                ) from None
            yield from (root.statement for root in plan.roots if root.statement is not None)


def variables(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
) -> Iterator[tuple[bool, dict[str, Any]]]:
    """Values for the variables of an operation: those that it demands, then (True) one more, and all that it takes.

    Ids come once with the prefix of each type that the document names.
    """
    types = {one.variable.name.value: type_from_ast(schema, one.type) for one in operation.variable_definitions or ()}
    defaults = {
        one.variable.name.value for one in operation.variable_definitions or () if one.default_value is not None
    }
    demanded = {name: type_ for name, type_ in types.items() if is_non_null_type(type_) and name not in defaults}
    ids = any(getattr(get_named_type(type_), "name", "") == "ID" for type_ in types.values())
    for prefix in prefixes(document) if ids else ("",):
        every = {name: _filled(type_, prefix) for name, type_ in types.items() if name not in defaults}
        least = {name: every[name] for name in demanded}
        yield False, least
        for name in every.keys() - demanded.keys():
            yield True, {**least, name: every[name]}
        if len(every) > len(least) + 1:
            yield True, every


def prefixes(document: DocumentNode) -> tuple[str, ...]:
    """Which ids the document may be asked with: of the types that its fragments name, else of customers."""
    visitor = _Conditions()
    visit(document, visitor)
    return tuple(MODEL[name].prefix for name in dict.fromkeys(visitor.found) if name in MODEL) or (
        MODEL["Customer"].prefix,
    )


class _Conditions(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def enter(self, node: Node, *_: Any) -> None:
        if isinstance(node, InlineFragmentNode | FragmentDefinitionNode) and node.type_condition is not None:
            self.found.append(node.type_condition.name.value)


def _filled(type_: Any, prefix: str) -> Any:
    """A value of an input type; of an object only what it demands."""
    type_ = get_nullable_type(type_)
    if is_list_type(type_):
        return [_filled(type_.of_type, prefix)]
    if is_enum_type(type_):
        return next(iter(type_.values))
    if is_input_object_type(type_):
        return {
            name: _filled(held.type, prefix) for name, held in type_.fields.items() if is_required_input_field(held)
        }
    return f"{prefix}_a" if type_.name == "ID" else PLAIN[type_.name]


def _parameters(statement: Statement, view: View) -> dict[str, Any]:
    """Parameters of the types that requests bring: a plan is kept for the types, too."""
    made = {name: _held(parameter) for name, parameter in statement.parameters.items()}
    made |= {f"actor_{name}": "a" if name == "id" else CLAIMS[view.claims[name]] for name in statement.claims}
    if statement.asks_purpose:
        made["purpose"] = view.purpose
    if statement.asks_now:
        made["now"] = MOMENT
    return made


def _held(parameter: Parameter) -> Any:
    match parameter:
        case int():
            return parameter
        case CursorKey(_, _, scalar):
            return HELD.get(scalar, "a")
        case Value(Sending(part), _, _):
            return LIKE[part]
        case Value(Handle() | Words(), _, _):
            return ["a"]
        case Value(_, scalar, many):
            value = HELD.get(scalar, "a")
            return [value] if many else value
