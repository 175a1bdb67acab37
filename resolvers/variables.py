"""Variables: what a request fills in, split into its shape, which decides the statement, and its values, which do not.

Leaves that only become parameters are replaced by `graph.expr.Variable`; booleans, enum values, nulls, page sizes and
the type prefix of ids stay, because they change what is read. Requests of one shape share a statement.
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    type_from_ast,
)
from graphql.execution.values import VariableValues, get_variable_values

from graph.expr import Variable
from schema.errors import ValueInvalid

Shape = tuple[object, ...]
CHOICES = ("SearchType", "RelationshipKind")
"""Enums whose values decide what is read."""


def coerced(schema: GraphQLSchema, operation: OperationDefinitionNode, given: Mapping[str, Any]) -> VariableValues:
    """The request's variables, coerced. Raises ValueInvalid without repeating what was given."""
    found = get_variable_values(
        schema, operation.variable_definitions or (), dict(given), max_errors=1, hide_suggestions=True
    )
    if isinstance(found, list):
        raise ValueInvalid(_told(found[0].message))
    return found


def _told(message: str) -> str:
    """The part of graphql-core's message that names the variable, without the value."""
    name = message.split("'$", 1)[1].split("'", 1)[0] if "'$" in message else ""
    known = name.split(".", 1)[0]
    return (
        f"The variable ${known} is missing or does not fit its type." if known.isidentifier() else ValueInvalid.advice
    )


def symbolic(
    schema: GraphQLSchema, operation: OperationDefinitionNode, values: VariableValues, prefixes: frozenset[str]
) -> tuple[VariableValues, Shape]:
    """The variables with Variable in place of what only becomes a parameter, and the shape of the rest."""
    made: dict[str, Any] = {}
    shapes: list[object] = []
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        if name not in values.coerced:
            continue
        type_ = type_from_ast(schema, definition.type)
        made[name], shape = _symbol(type_, values.coerced[name], (name,), prefixes)
        shapes.append((name, shape))
    return VariableValues(values.sources, made), tuple(shapes)


def _symbol(type_: Any, value: Any, path: tuple[str | int, ...], prefixes: frozenset[str]) -> tuple[Any, object]:
    if value is None:
        return None, None
    if is_non_null_type(type_):
        type_ = type_.of_type
    named = get_named_type(type_)
    if is_input_object_type(named):
        if is_list_type(type_):
            items = value if isinstance(value, list) else [value]
            parts = [_symbol(type_.of_type, one, (*path, index), prefixes) for index, one in enumerate(items)]
            return [part for part, _ in parts], tuple(shape for _, shape in parts)
        entries = {
            name: _symbol(named.fields[name].type, one, (*path, name), prefixes)
            for name, one in value.items()
            if name in named.fields
        }
        return {name: part for name, (part, _) in entries.items()}, tuple(
            (name, shape) for name, (_, shape) in entries.items()
        )
    if named.name in CHOICES:
        several = value if isinstance(value, list) else [value]
        return several, tuple(str(getattr(one, "name", one)) for one in several)
    if is_list_type(type_):
        return Variable(path), "list"
    if isinstance(value, bool) or is_enum_type(named):
        return value, getattr(value, "name", value)
    if named.name == "Int" and len(path) == 1:
        return value, value
    if named.name == "ID":
        prefix = str(value).partition("_")[0]
        known = prefix if prefix in prefixes else None
        return Variable(path, known or ""), ("id", known)
    return Variable(path), named.name


def resolved(value: Any, values: Mapping[str, Any]) -> Any:
    """A value of a selection with the request's variables put in."""
    match value:
        case Variable(path):
            found: Any = values
            for step in path:
                found = found[step]
            return found
        case list() | tuple():
            return [resolved(one, values) for one in value]
        case Mapping():
            return {name: resolved(one, values) for name, one in value.items()}
        case _:
            return value
