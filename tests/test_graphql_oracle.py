"""graphql-core's own execution as the oracle of the compiled path: the same document, the same bytes, the same errors.

Each generated operation is answered twice. The product compiles it. The oracle asks for the same rows in canonical form
(no fragment, no directive, no variable, every field under a name of our own, nothing promised to be there), builds the
role's schema anew from its SDL, and lets graphql-core complete the operation over those rows.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import orjson
import pytest
import pytest_asyncio
from graphql import (
    BooleanValueNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    build_schema,
    execute_sync,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    parse,
    print_ast,
    validate,
)
from hypothesis import HealthCheck, Phase, assume, given, settings

from auth.narrow import narrow
from graph.constraints import statements
from graph.session import Database
from graph.view import View
from resolvers.read import CompiledRead
from resolvers.role_schema import RoleSchema
from schema.errors import RecordIncomplete
from schema.model import ENUMS, NodeType, Property, Scalar
from tests.golden_cases import MODEL, POLICIES, ROLES, request_of, schema_of
from tests.operations import Operation, literal, operations

OPERATIONS_FOR_A_ROLE = 28
FEWEST_COMPARED = 200
NODES_OF_A_TYPE = 7
ME = "cus_1"
TEXTS = ("a", "b", "de", "DE", "a@example.org", "Ünal 'x' \\", "")
POOL: Mapping[str, tuple[Any, ...]] = {
    "ID": ("xyz_1", "", *(f"{kind.prefix}_{number}" for kind in MODEL.values() for number in (1, 3))),
    "String": (*TEXTS, "marketing.email", "%", "' OR true //"),
    "Int": (0, 1, 3, -2),
    "Float": (0.5, -1, 2.25),
    "Boolean": (True, False),
    "Date": ("2026-01-05", "1985-03-27"),
    "DateTime": ("2026-03-05T10:00:00Z", "2026-03-05T12:00:00+02:00", "2026-09-01T00:00:00.250Z"),
    "Decimal": ("12.50", "0.01", 7, "-3"),
}


# The world: every type, every edge, values that tie, nulls, and records that lack what they must have.


def node_of(kind: NodeType, number: int, chance: random.Random, *, whole: bool) -> dict[str, Any]:
    """The properties of one node as the graph holds them."""
    made: dict[str, Any] = {"id": f"{kind.prefix}_{number}"}
    for held in kind.properties.values():
        missing = 0.3 if not held.required else 0 if whole else 0.15
        if held.name != "id" and chance.random() >= missing:
            made[held.name] = [value_of(held, chance) for _ in range(2)] if held.many else value_of(held, chance)
    if kind.name == "Customer":
        made["status"] = chance.choice(["ACTIVE"] * 5 + ["RESTRICTED", "DECEASED", "ERASED"])
    return made


def value_of(held: Property, chance: random.Random) -> Any:
    """A value of a few, so that values tie."""
    match held.scalar:
        case Scalar.ENUM:
            return chance.choice(list(ENUMS[str(held.enum)].__members__))
        case Scalar.DATE:
            return chance.choice(["2026-01-05", "1985-03-27", "2026-02-28"])
        case Scalar.DATETIME:
            return chance.choice(["2026-03-05T10:00:00Z", "2026-09-01T00:00:00.25Z", "2025-12-31T23:59:59Z"])
        case Scalar.DECIMAL:
            return chance.choice([1250, 1, -305, 0])
        case Scalar.INT:
            return chance.choice([0, 1, 3])
        case Scalar.FLOAT:
            return chance.choice([0.5, -1.0, 2.25])
        case Scalar.BOOLEAN:
            return chance.choice([True, False])
        case _:
            return chance.choice(TEXTS)


def temporal(kind: NodeType) -> str:
    """The assignments that make texts of a row into what they are in the graph."""
    functions = {Scalar.DATE: "date", Scalar.DATETIME: "datetime"}
    return "".join(
        f" SET n.{held.name} = {functions[held.scalar]}(row.{held.name})"
        for held in kind.properties.values()
        if held.scalar in functions
    )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(database: Database) -> AsyncIterator[Database]:
    """A small world in which every edge leads somewhere."""
    chance = random.Random(360)
    await database.write("MATCH (n) DETACH DELETE n")
    for statement in statements(MODEL):
        await database.change_schema(statement)
    for kind in MODEL.values():
        rows = [node_of(kind, number, chance, whole=number < 4) for number in range(1, NODES_OF_A_TYPE + 1)]
        text = f"UNWIND $rows AS row CREATE (n:{kind.name}) SET n = row{temporal(kind)}"
        await database.write(text, {"rows": rows})
    for kind in MODEL.values():
        for edge in (edge for edge in kind.edges.values() if edge.outward):
            pairs = [
                {"from": f"{kind.prefix}_{number}", "to": f"{MODEL[chance.choice(edge.targets)].prefix}_{end}"}
                for number in range(1, NODES_OF_A_TYPE + 1)
                for end in chance.sample(range(1, NODES_OF_A_TYPE + 1), 3 if edge.many else 1)
            ]
            text = (
                f"UNWIND $pairs AS pair MATCH (a:{kind.name} {{id: pair.from}}) "
                f"MATCH (b:{'|'.join(edge.targets)} {{id: pair.to}}) CREATE (a)-[:{edge.type}]->(b)"
            )
            await database.write(text, {"pairs": pairs})
    purposes = [purpose for policy in POLICIES.values() for purpose in policy.said.purposes]
    text = (
        "MATCH (c:Customer {id: $id}) UNWIND $purposes AS purpose "
        "CREATE (c)-[:STANDS]->(:Standing {id: 'std_' + c.id + purpose, purpose: purpose, lawful: true})"
    )
    for number in (1, 2, 4, 6):
        await database.write(text, {"id": f"cus_{number}", "purposes": purposes})
    yield database
    await database.write("MATCH (n) DETACH DELETE n")


# The oracle.


@cache
def unpromising(role: str) -> tuple[View, RoleSchema]:
    """The role's view and schema over a model in which no value is promised: nothing fails for want of one."""
    model = MappingProxyType(
        {
            name: replace(
                kind,
                properties=MappingProxyType(
                    {key: replace(held, required=False) for key, held in kind.properties.items()}
                ),
            )
            for name, kind in MODEL.items()
        }
    )
    view = narrow(model, POLICIES[role], POLICIES[role].said.purposes[0])
    return view, RoleSchema(view, [CompiledRead])


@cache
def from_sdl(role: str) -> GraphQLSchema:
    """The role's schema as a client would build it: no resolver, no scalar and no enum of ours."""
    return build_schema(schema_of(role).as_str())


@dataclass(slots=True)
class Canonical:
    """The same rows in canonical form."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    operation: OperationDefinitionNode
    given: Mapping[str, Any]

    def text(self) -> str:
        """The canonical document."""
        query = self.schema.query_type
        assert query is not None
        return "{ " + self.block(query, [self.operation.selection_set]) + " }"

    def block(self, type_: Any, asked: list[SelectionSetNode]) -> str:
        if isinstance(type_, GraphQLObjectType):
            return " ".join(["__typename", *self.fields(type_, asked)])
        members = sorted(self.schema.get_possible_types(type_), key=lambda one: one.name)
        parts = [f"... on {one.name} {{ {' '.join(found)} }}" for one in members if (found := self.fields(one, asked))]
        return " ".join(["__typename", *parts])

    def fields(self, type_: GraphQLObjectType, asked: list[SelectionSetNode]) -> list[str]:
        found: dict[str, tuple[FieldNode, list[SelectionSetNode]]] = {}
        for one in asked:
            self.collect(type_, one, found)
        made = []
        for key, (node, below) in found.items():
            result = get_named_type(type_.fields[node.name.value].type)
            inner = "" if is_leaf_type(result) else f" {{ {self.block(result, below)} }}"
            made.append(f"{key}: {node.name.value}{self.arguments(type_, node)}{inner}")
        return made

    def collect(
        self, type_: GraphQLObjectType, asked: SelectionSetNode, found: dict[str, tuple[FieldNode, list[Any]]]
    ) -> None:
        for one in asked.selections:
            if self.left_out(one):
                continue
            match one:
                case FieldNode() if not one.name.value.startswith("__"):
                    _, below = found.setdefault(self.key(type_, one), (one, []))
                    below += [one.selection_set] if one.selection_set else []
                case FragmentSpreadNode():
                    fragment = self.fragments[one.name.value]
                    if self.fits(type_, fragment.type_condition.name.value):
                        self.collect(type_, fragment.selection_set, found)
                case InlineFragmentNode(type_condition=condition):
                    if condition is None or self.fits(type_, condition.name.value):
                        self.collect(type_, one.selection_set, found)

    def fits(self, type_: GraphQLObjectType, condition: str) -> bool:
        return condition == type_.name or any(one.name == condition for one in type_.interfaces)

    def left_out(self, one: Any) -> bool:
        for directive in one.directives or ():
            value = directive.arguments[0].value
            said = value.value if isinstance(value, BooleanValueNode) else self.variable(value.name.value)
            if (said == "true" or said is True) is (directive.name.value == "skip"):
                return True
        return False

    def variable(self, name: str) -> Any:
        """The JSON value of a variable, or the text of its default."""
        if name in self.given:
            return self.given[name]
        (found,) = (one for one in self.operation.variable_definitions or () if one.variable.name.value == name)
        return None if found.default_value is None else print_ast(found.default_value)

    def absent(self, node: Any) -> bool:
        if not isinstance(node, VariableNode):
            return False
        name = node.name.value
        (found,) = (one for one in self.operation.variable_definitions or () if one.variable.name.value == name)
        return name not in self.given and found.default_value is None

    def key(self, type_: GraphQLObjectType, node: FieldNode) -> str:
        """The canonical name of a field with these arguments."""
        said = f"{type_.name} {node.name.value} {self.arguments(type_, node)}"
        return f"{node.name.value}_{sha256(said.encode()).hexdigest()[:8]}"

    def arguments(self, type_: GraphQLObjectType, node: FieldNode) -> str:
        known = type_.fields[node.name.value].args
        made = {
            one.name.value: self.written(known[one.name.value].type, one.value)
            for one in node.arguments or ()
            if not self.absent(one.value)
        }
        return f"({', '.join(f'{name}: {made[name]}' for name in sorted(made))})" if made else ""

    def written(self, type_: Any, node: Any) -> str:
        bare = get_nullable_type(type_)
        match node:
            case VariableNode():
                name = node.name.value
                return literal(type_, self.given[name]) if name in self.given else str(self.variable(name))
            case ListValueNode() if is_list_type(bare):
                return "[" + ", ".join(self.written(bare.of_type, one) for one in node.values) + "]"
            case ObjectValueNode():
                fields = [one for one in node.fields if not self.absent(one.value)]
                return (
                    "{"
                    + ", ".join(
                        f"{one.name.value}: {self.written(bare.fields[one.name.value].type, one.value)}"
                        for one in fields
                    )
                    + "}"
                )
            case _:
                return print_ast(node)


def canonical(schema: GraphQLSchema, asked: Operation) -> Canonical:
    """The canonical form of an operation."""
    document = parse(asked.text)
    (operation,) = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    return Canonical(schema, fragments, operation, asked.variables)


def completed(role: str, asked: Operation, form: Canonical, rows: Any) -> ExecutionResult:
    """What graphql-core makes of the operation over the canonical rows."""

    def resolve(source: Any, info: GraphQLResolveInfo[Any], **_: Any) -> Any:
        return source[form.key(info.parent_type, info.field_nodes[0])]

    return execute_sync(
        from_sdl(role),
        parse(asked.text),
        root_value=rows,
        variable_values=dict(asked.variables),
        field_resolver=resolve,
        type_resolver=lambda value, *_: str(value["__typename"]),
    )


def paths_of(errors: list[GraphQLError] | None) -> set[tuple[str | int, ...]]:
    """Where errors are."""
    return {tuple(error.path or ()) for error in errors or ()}


def nulled(paths: set[tuple[str | int, ...]], data: Any) -> set[tuple[str | int, ...]]:
    """The positions that are null because of the errors. One error explains a position; more of them may be told."""
    found = set()
    for path in paths:
        held, depth = data, 0
        while held is not None and depth < len(path):
            held, depth = held[path[depth]], depth + 1
        found.add(path[:depth])
    return found


def codes_of(errors: list[GraphQLError] | None) -> set[object]:
    """The codes of errors."""
    return {(error.extensions or {}).get("code") for error in errors or ()}


SEEN: Counter[str] = Counter()


async def compared(role: str, asked: Operation, database: Database) -> None:
    """Answer an operation both ways and compare."""
    view, schema = unpromising(role)
    form = canonical(from_sdl(role), asked)
    request = request_of(role, database, ME)
    answer, rows = await asyncio.gather(
        schema_of(role).execute(asked.text, dict(asked.variables), context_value=request),
        schema.execute(form.text(), context_value=replace(request, view=view)),
    )
    if answer.data is None:
        assert codes_of(answer.errors) == codes_of(rows.errors) != {None}
        SEEN["refused"] += 1
        return
    assert rows.errors is None
    expected = completed(role, asked, form, rows.data)
    assert orjson.dumps(answer.data) == orjson.dumps(expected.data)
    told, prescribed = paths_of(answer.errors), paths_of(expected.errors)
    assert nulled(told, answer.data) == nulled(prescribed, expected.data)
    assert told <= prescribed
    assert len(told) == len(answer.errors or ())
    assert codes_of(answer.errors) <= {RecordIncomplete.code}
    SEEN["compared"] += 1
    SEEN["with rows"] += any(f'"__typename":"{name}"'.encode() in orjson.dumps(rows.data) for name in MODEL)
    SEEN["incomplete"] += bool(answer.errors)
    SEEN["fragments"] += "..." in asked.text
    SEEN["variables"] += bool(asked.variables)


@pytest.mark.asyncio
@pytest.mark.parametrize("role", ROLES)
async def test_the_compiled_answer_is_the_one_graphql_prescribes(role: str, world: Database) -> None:
    """Fragments, aliases, merging, directives, variables, introspection and null propagation, as generated."""
    loop = asyncio.get_running_loop()
    schema = from_sdl(role)

    @settings(
        max_examples=OPERATIONS_FOR_A_ROLE,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(operations(schema, POOL))
    def hold(asked: Operation) -> None:
        assume(not validate(schema, parse(asked.text)))
        asyncio.run_coroutine_threadsafe(compared(role, asked, world), loop).result()

    await asyncio.to_thread(hold)


def test_enough_was_compared() -> None:
    """Documents that are refused or find nothing prove little."""
    if len(SEEN) == 0:
        pytest.skip("nothing was compared in this run")
    assert SEEN["compared"] >= FEWEST_COMPARED
    for kind in ("with rows", "fragments", "variables"):
        assert SEEN[kind] >= SEEN["compared"] / 4, SEEN
    assert SEEN["incomplete"] >= 3, SEEN
