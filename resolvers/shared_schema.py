"""The schema of several roles together: what at least one of them has, for documents that they share.

Made of the roles' own schemas and of nothing else, so no name is in it that no role has. What one of the roles lacks
may be null in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any, cast

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    UnionTypeDefinitionNode,
    build_ast_schema,
    parse,
    print_schema,
)

Definitions = dict[str, Any]


def shared(schemas: Sequence[GraphQLSchema]) -> GraphQLSchema:
    """The schema that has what any of these has."""
    return build_ast_schema(shared_sdl(schemas))


def shared_sdl(schemas: Sequence[GraphQLSchema]) -> DocumentNode:
    """The same as a document in the schema definition language."""
    every = [{_name(one): one for one in parse(print_schema(schema)).definitions} for schema in schemas]
    return DocumentNode(definitions=tuple(reduce(_joined, every).values()))


def _joined(one: Definitions, other: Definitions) -> Definitions:
    made = {name: _both(held, other[name]) if name in other else held for name, held in one.items()}
    return made | {name: held for name, held in other.items() if name not in one}


def _both(one: Any, other: Any) -> Any:
    match one:
        case ObjectTypeDefinitionNode() | InterfaceTypeDefinitionNode():
            return replace(one, fields=_fields(one.fields, other.fields), interfaces=_named(one.interfaces, other))
        case InputObjectTypeDefinitionNode():
            return replace(one, fields=_inputs(one.fields, other.fields))
        case EnumTypeDefinitionNode():
            return replace(one, values=_either(one.values, other.values))
        case UnionTypeDefinitionNode():
            return replace(one, types=_either(one.types, other.types))
    return one


def _fields(one: Any, other: Any) -> tuple[FieldDefinitionNode, ...]:
    """Fields of both, and of either as ones that may be null."""
    ours, theirs = _by_name(one), _by_name(other)
    made = []
    for name, held in (theirs | ours).items():
        if name not in ours or name not in theirs:
            made.append(replace(held, type=_perhaps(held.type)))
            continue
        there = theirs[name]
        type_ = held.type if isinstance(there.type, NonNullTypeNode) else _perhaps(held.type)
        made.append(replace(held, type=type_, arguments=_inputs(held.arguments, there.arguments)))
    return tuple(made)


def _inputs(one: Any, other: Any) -> tuple[InputValueDefinitionNode, ...]:
    """What either takes; demanded where both demand it."""
    ours, theirs = _by_name(one), _by_name(other)
    return tuple(
        held
        if name in ours and name in theirs and isinstance(theirs[name].type, NonNullTypeNode)
        else replace(held, type=_perhaps(held.type))
        for name, held in (theirs | ours).items()
    )


def _either(one: Any, other: Any) -> tuple[Any, ...]:
    return tuple((_by_name(other) | _by_name(one)).values())


def _named(interfaces: Any, other: Any) -> tuple[Any, ...]:
    return _either(interfaces, other.interfaces)


def _by_name(nodes: Iterable[Any] | None) -> Definitions:
    return {_name(node): node for node in nodes or ()}


def _name(node: Any) -> str:
    return cast(str, node.name.value)


def _perhaps(type_: Any) -> Any:
    return type_.type if isinstance(type_, NonNullTypeNode) else type_
