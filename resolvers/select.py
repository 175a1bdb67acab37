"""Select: what a GraphQL operation asks for, as a graph.selection. Knows the role's schema and no database.

Fragments, aliases, @skip and @include, merging of fields under one key and the coercion of arguments are graphql-core's
own: this walks what it collects.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    get_named_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues, get_argument_values

from graph.expr import Variable
from graph.selection import (
    CursorOf,
    EdgeList,
    End,
    Field,
    Item,
    Items,
    Many,
    Node,
    NodeList,
    One,
    PageInfo,
    Part,
    Plain,
    Related,
    RelatedList,
    Root,
    TotalCount,
    Truncated,
    Typename,
    WithheldList,
)
from resolvers.beside import asked as asked_beside
from resolvers.select_aggregate import aggregate
from schema.errors import ValueInvalid
from schema.generate import roots
from schema.generate_dictionary import BESIDE
from schema.model import MODEL, NodeType

Details = list[FieldDetails]
TYPENAME = "__typename"
INTROSPECTION = ("__schema", "__type")


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation taken apart: `roots` are ours to read, `introspection` is graphql-core's, `keys` is the order."""

    keys: tuple[str, ...]
    roots: tuple[Root, ...]
    introspection: tuple[FieldNode, ...]


def select(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: VariableValues
) -> Asked:
    """Take a validated query apart. Raises ValueInvalid for an argument that does not fit."""
    fragments = {
        definition.name.value: FragmentDetails(definition)
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    walk = _Walk(schema, fragments, variables, operation)
    query = cast(GraphQLObjectType, schema.query_type)
    try:
        found = collect_fields(schema, fragments, variables, query, operation, True).grouped_field_set
        return walk.operation_of(query, found)
    except GraphQLError:
        raise ValueInvalid("An argument is missing or does not fit its type.") from None


@dataclass(frozen=True, slots=True)
class Acted:
    """One field of a mutation or a subscription: what it is asked with, and what is asked of the record that it gives.

    `items` are (key, One | the name of a plain field). `direct` says that the record is the field's own value, not a
    part of a payload.
    """

    key: str
    name: str
    node: FieldNode
    arguments: Mapping[str, object]
    items: tuple[tuple[str, "One | str"], ...]
    direct: bool


def select_acts(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: VariableValues
) -> tuple[Acted, ...]:
    """The fields of a validated mutation or subscription, in order. Raises ValueInvalid."""
    fragments = {
        definition.name.value: FragmentDetails(definition)
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    walk = _Walk(schema, fragments, variables, operation)
    root = cast(GraphQLObjectType, schema.get_root_type(operation.operation))
    try:
        found = collect_fields(schema, fragments, variables, root, operation, True).grouped_field_set
        return tuple(walk.acted(root, key, details) for key, details in found.items())
    except GraphQLError:
        raise ValueInvalid("An argument is missing or does not fit its type.") from None


@dataclass(frozen=True, slots=True)
class _Walk:
    schema: GraphQLSchema
    fragments: dict[str, FragmentDetails]
    variables: VariableValues
    operation: OperationDefinitionNode

    def operation_of(self, query: GraphQLObjectType, found: Mapping[str, Details]) -> Asked:
        ways = {root.name: root for root in roots(MODEL)}
        read: list[Root] = []
        introspection: list[FieldNode] = []
        for key, details in found.items():
            name = details[0].node.name.value
            if name in INTROSPECTION:
                introspection += [one.node for one in details]
            elif name == TYPENAME:
                read.append(Root(key, name, {}, None, ((key, query.name),)))
            else:
                read.append(self.root(key, name, ways[name].way, query, details))
        return Asked(tuple(found), tuple(read), tuple(introspection))

    def root(self, key: str, name: str, way: str, query: GraphQLObjectType, details: Details) -> Root:
        arguments = self.arguments(query, details)
        result = get_named_type(query.fields[name].type)
        match way:
            case "define":
                return self.definitions(key, name, arguments, result, details)
            case "viewer" | "explain" | "compare" | "rights" | "contact" | "gates" | "journey":
                return Root(key, name, arguments, None, self.parts(result, details))
            case "node":
                target = type_of_id(arguments.get("id"))
                held = self.schema.type_map.get(target.name) if target else None
                if not isinstance(held, GraphQLObjectType):
                    return Root(key, name, arguments, None)
                return Root(key, name, arguments, One(name, (self.node(held, details),)))
            case "relationships":
                start = type_of_id(arguments.get("from"))
                if start is None or start.name not in self.schema.type_map:
                    return Root(key, name, arguments, None)
                return Root(key, name, arguments, self.connection(start.name, result, details, arguments))
            case "one":
                return Root(key, name, arguments, One(name, self.nodes(result, details)))
            case "aggregate":
                return Root(key, name, arguments, aggregate(self, result, details))
            case _:
                return Root(key, name, arguments, self.connection(name, result, details, arguments))

    def definitions(self, key: str, name: str, arguments: Mapping[str, object], result: Any, details: Details) -> Root:
        """What is asked of each definition: its own words, and lists that are read beside them."""
        items: list[tuple[str, str]] = []
        lists: list[tuple[str, str, Many]] = []
        for below, found in self.below(result, details).items():
            part = found[0].node.name.value
            if part in BESIDE:
                place = f"{part} {below}"  # no field is called so
                nodes = self.nodes(get_named_type(result.fields[part].type), found)
                lists.append((place, part, asked_beside(part, nodes)))
                part = place
            items.append((below, part))
        return Root(key, name, arguments, None, tuple(items), tuple(lists))

    def acted(self, root: GraphQLObjectType, key: str, details: Details) -> Acted:
        node = details[0].node
        name = node.name.value
        if name == TYPENAME:
            return Acted(key, name, node, {}, ((key, root.name),), direct=True)
        arguments = self.arguments(root, details)
        result = get_named_type(root.fields[name].type)
        if result.name in MODEL:
            return Acted(key, name, node, arguments, ((key, One(name, self.nodes(result, details))),), direct=True)
        items: list[tuple[str, One | str]] = []
        for below, found in self.below(cast(GraphQLObjectType, result), details).items():
            part = found[0].node.name.value
            held = None if part == TYPENAME else get_named_type(cast(Any, result).fields[part].type)
            if held is not None and held.name in MODEL:
                items.append((below, One(part, self.nodes(held, found))))
            else:
                items.append((below, part))
        return Acted(key, name, node, arguments, tuple(items), direct=False)

    def arguments(self, owner: GraphQLObjectType, details: Details) -> Mapping[str, object]:
        node = details[0].node
        return get_argument_values(
            owner.fields[node.name.value], node, self.variables, details[0].fragment_variable_values, True
        )

    def below(self, type_: GraphQLObjectType, details: Details) -> Mapping[str, Details]:
        return collect_subfields(
            self.schema, self.fragments, self.variables, self.operation, type_, details, True
        ).grouped_field_set

    def plain(self, type_: Any, details: Details) -> tuple[tuple[str, str], ...]:
        return tuple((key, found[0].node.name.value) for key, found in self.below(type_, details).items())

    def parts(self, type_: Any, details: Details) -> Items:
        """As `plain`, of an object that may have others in it."""
        items: list[tuple[str, str | Part]] = []
        for key, found in self.below(type_, details).items():
            name = found[0].node.name.value
            held = get_named_type(type_.fields[name].type) if name in type_.fields else None
            deeper = isinstance(held, GraphQLObjectType)
            items.append((key, Part(name, self.parts(held, found)) if deeper else name))
        return tuple(items)

    def nodes(self, result: Any, details: Details) -> tuple[Node, ...]:
        """What is asked of each type that the field may give."""
        if isinstance(result, GraphQLUnionType | GraphQLInterfaceType):
            return tuple(self.node(one, details) for one in self.schema.get_possible_types(result))
        return (self.node(result, details),)

    def node(self, type_: GraphQLObjectType, details: Details) -> Node:
        kind = MODEL[type_.name]
        return Node(
            type_.name, tuple((key, self.item(type_, kind, found)) for key, found in self.below(type_, details).items())
        )

    def item(self, type_: GraphQLObjectType, kind: NodeType, details: Details) -> Item:
        name = details[0].node.name.value
        if name == TYPENAME:
            return Typename(type_.name)
        if name == "_withheld":
            return WithheldList(self.plain(self.schema.type_map["Withheld"], details))
        if name in kind.properties:
            return Field(name)
        result = get_named_type(type_.fields[name].type)
        if kind.edges[name].many:
            return self.connection(name, result, details, self.arguments(type_, details))
        return One(name, self.nodes(result, details))

    def connection(self, edge: str, type_: Any, details: Details, arguments: Mapping[str, object]) -> Many:
        items: list[tuple[str, Any]] = []
        for key, found in self.below(type_, details).items():
            match found[0].node.name.value:
                case "edges":
                    items.append((key, self.edges(get_named_type(type_.fields["edges"].type), found)))
                case "nodes" if type_.name == "RelationshipConnection":
                    items.append((key, RelatedList(self.related(found))))
                case "nodes":
                    items.append((key, NodeList(self.nodes(get_named_type(type_.fields["nodes"].type), found))))
                case "truncated":
                    items.append((key, Truncated()))
                case "pageInfo":
                    items.append((key, PageInfo(self.plain(self.schema.type_map["PageInfo"], found))))
                case "totalCount":
                    items.append((key, TotalCount()))
                case _:
                    items.append((key, Typename(type_.name)))
        return Many(edge, tuple(items), arguments)

    def edges(self, type_: Any, details: Details) -> EdgeList:
        items: list[tuple[str, Any]] = []
        for key, found in self.below(type_, details).items():
            match found[0].node.name.value:
                case "cursor":
                    items.append((key, CursorOf()))
                case "node" if type_.name == "RelationshipEdge":
                    items.append((key, self.related(found)))
                case "node":
                    items.append((key, self.nodes(get_named_type(type_.fields["node"].type), found)))
                case "match":
                    items.append((key, Plain("match")))
                case _:
                    items.append((key, Typename(type_.name)))
        return EdgeList(tuple(items))

    def related(self, details: Details) -> Related:
        type_ = cast(GraphQLObjectType, self.schema.type_map["Relationship"])
        items: list[tuple[str, Typename | Plain | End]] = []
        for key, found in self.below(type_, details).items():
            match found[0].node.name.value:
                case "source" | "target" as name:
                    items.append((key, End(name, self.nodes(get_named_type(type_.fields[name].type), found))))
                case "kind" | "hops" as name:
                    items.append((key, Plain(name)))
                case _:
                    items.append((key, Typename(type_.name)))
        return Related(tuple(items))


def type_of_id(id_: object) -> NodeType | None:
    """The node type of an id, which begins with its prefix."""
    prefix = id_.prefix if isinstance(id_, Variable) else str(id_).partition("_")[0]
    return next((kind for kind in MODEL.values() if kind.prefix == prefix), None)
