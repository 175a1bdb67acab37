"""GraphQL operations over any schema, as clients write them: fragments, aliases, merging, directives, variables.

`operations(schema, pool)` is a Hypothesis strategy. `pool` offers values by the name of a scalar, so that ids, names
and days of a test's world occur in arguments beside ones that do not.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeVar

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from hypothesis import strategies as st

from schema.generate_contacts import CONTACTING
from schema.generate_dictionary import DICTIONARY
from schema.generate_explain import EXPLAIN, WHO
from schema.generate_journey import JOURNEY
from schema.generate_rights import RIGHTS
from schema.generate_why import WHY, WHY_NOT

Pool = Mapping[str, Sequence[Any]]
T = TypeVar("T")

DEEPEST = 3
MOST_LISTS = 4
MOST_PARTS = 30
INTROSPECTION = (
    "__schema { queryType { name } }",
    '__type(name: "Node") { __typename kind name fields { name } }',
    "s: __schema { __typename subscriptionType { name } }",
)


@dataclass(frozen=True, slots=True)
class Operation:
    """A document with one operation, and the variables that come with it."""

    text: str
    variables: Mapping[str, Any]


@st.composite
def operations(draw: st.DrawFn, schema: GraphQLSchema, pool: Pool) -> Operation:
    """A query that names only what the schema has. A few do not validate: two fields want one key."""
    return _Writer(draw, schema, pool).operation()


def literal(type_: Any, value: Any) -> str:
    """A JSON value as GraphQL writes it for a type."""
    type_ = get_nullable_type(type_)
    if value is None:
        return "null"
    if is_list_type(type_):
        several = value if isinstance(value, list) else [value]
        return "[" + ", ".join(literal(type_.of_type, one) for one in several) + "]"
    if is_input_object_type(type_):
        return "{" + ", ".join(f"{name}: {literal(type_.fields[name].type, one)}" for name, one in value.items()) + "}"
    return str(value) if is_enum_type(type_) else json.dumps(value)


@dataclass(slots=True)
class _Writer:
    draw: st.DrawFn
    schema: GraphQLSchema
    pool: Pool
    declared: list[str] = field(default_factory=list)
    given: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    lists: int = 0
    parts: int = 0

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) >= 100 - percent

    def pick(self, several: Sequence[T]) -> T:
        return self.draw(st.sampled_from(several))

    def operation(self) -> Operation:
        query = self.schema.query_type
        assert query is not None
        names = [
            name
            for name in query.fields
            if name not in ("viewer", DICTIONARY, EXPLAIN, JOURNEY, RIGHTS, WHO, WHY, WHY_NOT, *CONTACTING)
        ]
        parts = [self.field(query, self.pick(names), 0) for _ in range(self.draw(st.integers(1, 2)))]
        if self.chance(20):
            parts.append("viewer { role __typename purpose }")
        if self.chance(15):
            parts.append(self.pick(INTROSPECTION))
        if self.chance(20):
            parts.append(self.fragment(query, parts.pop()))
        if self.chance(20):
            parts.append("__typename")
        declared = f"({', '.join(self.declared)})" if self.declared else ""
        text = "\n".join((f"query Q{declared} {{ {' '.join(self.draw(st.permutations(parts)))} }}", *self.fragments))
        return Operation(text, dict(self.given))

    def block(self, type_: Any, depth: int) -> str:
        count = self.draw(st.integers(1, 3))
        return "{ " + " ".join(self.part(type_, depth) for _ in range(count)) + " }"

    def part(self, type_: Any, depth: int) -> str:
        self.parts += 1
        if self.parts > MOST_PARTS:
            return "__typename"
        if isinstance(type_, GraphQLUnionType):
            if self.chance(20):
                return "__typename"
            member = self.pick(type_.types)
            return self.pick(["__typename ... on Node { id }", f"... on {member.name} {self.block(member, depth)}"])
        if isinstance(type_, GraphQLInterfaceType) and self.chance(60):
            member = self.pick(sorted(self.schema.get_possible_types(type_), key=lambda one: one.name))
            return self.fragment(member, self.block(member, depth)[2:-2])
        match self.draw(st.integers(0, 9)):
            case 0:
                return self.pick(["__typename", "kindOfIt: __typename"])
            case 1:
                return self.fragment(type_, self.block(type_, depth)[2:-2])
            case 2 if any(one.name == "Node" for one in getattr(type_, "interfaces", ())):
                return self.pick(["... on Node { id }", "... on Node { __typename key: id }"])
            case 3:
                return f"...{self.directive() or ' @include(if: true)'} {self.block(type_, depth)}"
            case _:
                return self.field(type_, self.pick(list(type_.fields)), depth)

    def fragment(self, type_: Any, parts: str) -> str:
        """The parts within a fragment, inline or named; a named one may be spread twice."""
        if self.chance(50):
            return f"... on {type_.name}{self.directive()} {{ {parts} }}"
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {type_.name} {{ {parts} }}")
        return f"...{name}{self.directive()}" + (f" ...{name}" if self.chance(20) else "")

    def directive(self) -> str:
        if not self.chance(20):
            return ""
        asked = self.pick(["include", "skip"])
        if self.chance(40):
            return f" @{asked}(if: {self.pick(['true', 'false'])})"
        name = self.declare("Boolean!", self.pick([True, False]), "true" if self.chance(30) else None)
        return f" @{asked}(if: {name})"

    def declare(self, type_: str, value: Any, default: str | None) -> str:
        """A variable of the operation: given, or left to its default."""
        name = f"v{len(self.declared)}"
        self.declared.append(f"${name}: {type_}" + (f" = {default}" if default else ""))
        if default is None or self.chance(50):
            self.given[name] = value
        return f"${name}"

    def field(self, owner: GraphQLObjectType, name: str, depth: int) -> str:
        held = owner.fields[name]
        type_ = get_named_type(held.type)
        if is_leaf_type(type_):
            alias = self.pick(["", "", "", f"the_{name}_{owner.name}: "])
            return f"{alias}{name}{self.directive()}"
        if name in owner.fields and type_.name.endswith("Connection"):
            self.lists += 1
        if depth >= DEEPEST or self.lists > MOST_LISTS:
            return "__typename"
        arguments = self.arguments(held)
        alias = ""
        if arguments and self.chance(80):
            alias = f"{name}_{owner.name}_{sha256(arguments.encode()).hexdigest()[:6]}: "
        below = type_.name.endswith(("Connection", "Edge")) or type_.name in ("PageInfo", "Withheld")
        return f"{alias}{name}{arguments}{self.directive()} {self.block(type_, depth if below else depth + 1)}"

    def arguments(self, held: GraphQLField) -> str:
        made = []
        taken = {"last", "before", "after"} if self.chance(70) else {"first", "before", "after"}
        names = [name for name in held.args if name not in taken]
        if {"id", "identity"} <= set(names):
            names.remove(self.pick(["id", "identity"]))
        for name in names:
            argument = held.args[name]
            always = is_non_null_type(argument.type) or name in ("id", "identity")
            if always or self.chance(45):
                made.append(f"{name}: {self.argument(argument)}")
        return f"({', '.join(self.draw(st.permutations(made)))})" if made else ""

    def argument(self, argument: GraphQLArgument) -> str:
        value = self.value(argument.type, 0)
        if not self.chance(40):
            return self.written(argument.type, value)
        if is_non_null_type(argument.type):
            return self.declare(str(argument.type), value, None)
        match self.draw(st.integers(0, 4)):
            case 0:
                return self.declare(str(argument.type), None, None)
            case 1:
                name = self.declare(str(argument.type), value, None)
                self.given.pop(name[1:])
                return name
            case 2:
                return self.declare(str(argument.type), value, literal(argument.type, self.value(argument.type, 0)))
            case _:
                return self.declare(str(argument.type), value, None)

    def written(self, type_: Any, value: Any) -> str:
        """A literal, with a variable in some of its leaves."""
        bare = get_nullable_type(type_)
        if is_list_type(bare) and isinstance(value, list):
            return "[" + ", ".join(self.written(bare.of_type, one) for one in value) + "]"
        if is_input_object_type(bare):
            fixed = bare.is_one_of
            return (
                "{"
                + ", ".join(
                    f"{name}: {literal(held.type, one) if fixed else self.written(held.type, one)}"
                    for name, one in value.items()
                    if (held := bare.fields[name])
                )
                + "}"
            )
        return self.declare(str(type_), value, None) if self.chance(25) else literal(type_, value)

    def value(self, type_: Any, depth: int) -> Any:
        bare = get_nullable_type(type_)
        if is_list_type(bare):
            return [self.value(bare.of_type, depth + 1) for _ in range(self.draw(st.integers(0, 2)))]
        if isinstance(bare, GraphQLInputObjectType):
            return self.object(bare, depth)
        if is_enum_type(bare):
            return self.pick(list(bare.values))
        if bare.name == "Int" and depth == 0:
            return self.draw(st.integers(0, 4))
        return self.pick(self.pool[bare.name])

    def object(self, type_: GraphQLInputObjectType, depth: int) -> Mapping[str, Any]:
        fields = [name for name in type_.fields if depth < 2 or name not in ("and", "or", "not")]
        required = [name for name in fields if is_non_null_type(type_.fields[name].type)]
        if required:
            return {name: self.value(type_.fields[name].type, depth + 1) for name in required}
        count = 1 if type_.is_one_of else self.draw(st.integers(0, min(2, len(fields))))
        chosen = self.draw(st.lists(st.sampled_from(fields), min_size=count, max_size=count, unique=True))
        return {name: self.value(type_.fields[name].type, depth + 1) for name in chosen}
