"""Everything that a role can be told: each list of its schema with all values, and one step along every edge.

PYTEST_DONT_REWRITE.
"""

from collections.abc import Iterator

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_object_type,
    is_required_argument,
)

MANY = 50


def lists(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """The name of each list, and a document that asks for all of it."""
    assert schema.query_type is not None
    for name, field in schema.query_type.fields.items():
        node = _listed(field)
        if node is not None and "first" in field.args and not any(map(is_required_argument, field.args.values())):
            yield name, f"{{ {name}(first: {MANY}) {{ nodes {{ {' '.join(_fields(node))} }} }} }}"


def _listed(field: GraphQLField) -> GraphQLObjectType | None:
    """The type of what a connection lists."""
    connection = get_named_type(field.type)
    if not isinstance(connection, GraphQLObjectType) or "nodes" not in connection.fields:
        return None
    node = get_named_type(connection.fields["nodes"].type)
    return node if isinstance(node, GraphQLObjectType) else None


def _fields(node: GraphQLObjectType) -> Iterator[str]:
    for name, field in node.fields.items():
        kind = get_named_type(field.type)
        if is_leaf_type(kind):
            yield name
        elif (other := _listed(field)) is not None and "id" in other.fields:
            yield f"{name}(first: 5) {{ nodes {{ id }} }}"
        elif is_object_type(kind) and "id" in kind.fields:
            yield f"{name} {{ id }}"
