"""Questions: documents over one role's schema, drawn at random, with values that occur and some that do not.

A question keeps its text while its values change, so that many questions share a statement, as they do in use.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    get_named_type,
    is_list_type,
    is_non_null_type,
    is_union_type,
)

from schema.generate_contacts import CONTACTING
from schema.generate_dictionary import DICTIONARY
from schema.generate_explain import EXPLAIN, WHO
from schema.generate_journey import JOURNEY
from schema.generate_rights import RIGHTS
from schema.generate_why import WHY, WHY_NOT
from schema.model import MODEL, Scalar
from tests.proof.questions_aggregate import tables
from tests.proof.steady import pick
from tests.proof.worlds import World

MOST_DEPTH = 3
OFTEN = ("customers", "node", "customer", "aggregate", "relationships")
"""The heart of the graph is asked for most."""
Pools = Mapping[str, list[Any]]
TEXTS = (
    "ada",
    "ZOE",
    "o'n",
    "x.ex",
    "a x.example",
    "+4930",
    " bo ",
    "umit",
    "ada bo",
    "!",
    "*",
    "name:ada",
    '"',
    "a* OR b",
)


@dataclass(frozen=True, slots=True)
class Question:
    """A document, and how many values it takes: `slots` are (variable, what pool it is drawn from)."""

    text: str
    slots: tuple[tuple[str, str, bool], ...]

    def variables(self, chance: random.Random, pools: Pools) -> dict[str, Any]:
        """Values for one asking."""
        return {
            name: [pick(chance, pools[pool]) for _ in range(chance.randrange(3))] if many else pick(chance, pools[pool])
            for name, pool, many in self.slots
        }


def pools_of(*worlds: World) -> Pools:
    """Values that occur in the worlds, for each property, each kind of id and each handle."""
    found: dict[str, set[Any]] = {
        "ID": {"cus_000000", "nothing", ""},
        "customer": {"cus_000000"},
        "shared": {"prd_000000"},
        "handle": {"a@x.example", "nobody"},
        "Float:": {0.25},
    }
    for made in worlds:
        for one in made.entities.values():
            found["ID"].add(one.id)
            for held in MODEL[one.type].properties.values():
                values = one.values[held.name]
                for value in values if isinstance(values, list) else [values]:
                    if value is not None:
                        found.setdefault(f"{held.scalar.value}:{held.enum or ''}", set()).add(
                            _given(held.scalar, value)
                        )
        found["customer"].update(one.id for one in made.of("Customer"))
        found["shared"].update(one.id for kind in ("Product", "Campaign") for one in made.of(kind))
        for one in made.of("Identity"):
            found["handle"].add(str(one.values["normalized"]))
    found.setdefault("ID:", set()).update(found["ID"])
    found["text"] = {*TEXTS, *found.get("String:", ())}
    return {name: sorted(values, key=str) for name, values in found.items()}


def _given(scalar: Scalar, value: Any) -> Any:
    """A value as a client writes it in variables."""
    if isinstance(value, datetime | date):
        return value.isoformat().replace("+00:00", "Z")
    return str(Decimal(value).scaleb(-2)) if scalar is Scalar.DECIMAL else value


@dataclass(slots=True)
class Writer:
    """Writes one question."""

    schema: GraphQLSchema
    chance: random.Random
    declared: list[tuple[str, str]] = field(default_factory=list)
    slots: list[tuple[str, str, bool]] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)
    aliases: int = 0

    def question(self) -> Question:
        """One question with one or two roots."""
        several = self.chance.choice((1, 1, 2))
        roots = [self.root(f"r{index}: ", alone=several == 1) for index in range(several)]
        head = ", ".join(f"${name}: {type_}" for name, type_ in self.declared)
        body = "\n".join(roots)
        text = f"query{f'({head})' if head else ''} {{\n{body}\n}}\n" + "\n".join(self.fragments)
        return Question(text, tuple(self.slots))

    def variable(self, type_: str, pool: str, many: bool = False) -> str:
        name = f"v{len(self.declared)}"
        self.declared.append((name, type_))
        self.slots.append((name, pool, many))
        return f"${name}"

    def root(self, key: str, *, alone: bool = False) -> str:
        """One root field. What stands `alone` may be paged: the cursor of each answer goes into the next question."""
        query = self.schema.query_type
        assert query is not None
        names = [
            name
            for name in query.fields
            if name not in ("viewer", DICTIONARY, EXPLAIN, JOURNEY, RIGHTS, WHO, WHY, WHY_NOT, *CONTACTING)
        ]
        name = self.chance.choice([*names, *[one for one in OFTEN if one in names] * 4])
        made = query.fields[name]
        target = get_named_type(made.type)
        if name == "node":
            return f"{key}node(id: {self.variable('ID!', 'ID')}) {self.any_node(1)}"
        arguments: list[str] = []
        if name == "customer":
            handle = "identity" in made.args and self.chance.random() < 0.6
            arguments.append(self.identity(made) if handle else f"id: {self.variable('ID!', 'ID')}")
            return f"{key}customer({arguments[0]}) {self.node(target, 0)}"
        if name == "aggregate":
            return f"{key}{name} {tables(self, target)}"
        if name == "search":
            return f"{key}{name}{self.search(target)}"
        if name == "relationships":
            return f"{key}{name}{self.relationships(alone)}"
        if name == "callers":
            arguments.append(self.identity(made))
        arguments += self.paging(made)
        return f"{key}{name}{_listed(arguments)} {self.connection(target, 0)}"

    def search(self, type_: GraphQLObjectType) -> str:
        hit = get_named_type(get_named_type(type_.fields["edges"].type).fields["node"].type)
        arguments = [f"text: {self.variable('String!', 'text')}", f"first: {self.chance.choice((0, 1, 3, 50))}"]
        kinds = self.schema.type_map["SearchType"]
        if self.chance.random() < 0.3 and isinstance(kinds, GraphQLEnumType):
            arguments.append(f"types: [{self.chance.choice(list(kinds.values))}]")
        page = "pageInfo { hasNextPage startCursor endCursor }"
        return f"{_listed(arguments)} {{ edges {{ cursor match node {self.node(hit, 1)} }} {page} }}"

    def relationships(self, paged: bool) -> str:
        chance = self.chance
        arguments = [f"from: {self.variable('ID!', chance.choice(('customer', 'customer', 'shared', 'ID')))}"]
        if chance.random() < 0.8:
            arguments.append(f"hops: {chance.choice((1, 2, 2, 3, 4))}")
        if chance.random() < 0.4:
            arguments.append(f"to: {self.variable('ID', chance.choice(('customer', 'ID')))}")
        kinds = self.schema.type_map["RelationshipKind"]
        assert isinstance(kinds, GraphQLEnumType)
        if chance.random() < 0.5:
            named = chance.sample(list(kinds.values), min(len(kinds.values), chance.randrange(1, 5)))
            arguments.append(f"types: [{', '.join(named)}]")
        if paged and chance.random() < 0.6:
            self.declared.append(("after", "String"))
            arguments += [f"first: {chance.choice((1, 3, 4))}", "after: $after"]
        else:
            arguments.append(f"first: {chance.choice((0, 3, 50))}")
        end = chance.choice(("source", "target"))
        other = "target" if end == "source" else "source"
        one = f"{{ kind hops {end} {self.any_node(2)} {other} {{ __typename id }} }}"
        page = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
        return f"{_listed(arguments)} {{ truncated edges {{ cursor node {one} }} {page} }}"

    def any_node(self, depth: int) -> str:
        """What is asked of a node that may be of any type."""
        shown = self.chance.sample([one for one in MODEL if one in self.schema.type_map], 2)
        inline = " ".join(
            f"... on {one} {self.node(self.schema.type_map[one], depth)}" for one in sorted({*shown, "Customer"})
        )
        return f"{{ __typename id {inline} }}"

    def identity(self, made: Any) -> str:
        kinds = self.schema.type_map["LookupKind"]
        assert isinstance(kinds, GraphQLEnumType)
        kind = self.chance.choice(list(kinds.values))
        return f"identity: {{kind: {kind}, value: {self.variable('String!', 'handle')}}}"

    def paging(self, made: Any) -> list[str]:
        arguments = [f"{self.chance.choice(('first', 'last'))}: {self.chance.choice((0, 1, 2, 3, 50))}"]
        if "where" in made.args and self.chance.random() < 0.6:
            arguments.append(f"where: {self.filter(get_named_type(made.args['where'].type), 2)}")
        if "orderBy" in made.args and self.chance.random() < 0.6:
            arguments.append(f"orderBy: [{', '.join(self.order(made) for _ in range(self.chance.choice((1, 1, 2))))}]")
        return arguments

    def order(self, made: Any) -> str:
        keys = get_named_type(made.args["orderBy"].type)
        return f"{{{self.chance.choice(list(keys.fields))}: {self.chance.choice(('ASC', 'DESC'))}}}"

    def filter(self, type_: GraphQLInputObjectType, depth: int) -> str:
        parts = []
        for name in self.chance.sample(list(type_.fields), min(2, len(type_.fields))):
            if name in ("and", "or"):
                below = [self.filter(type_, depth - 1) for _ in range(self.chance.randrange(3))] if depth else []
                parts.append(f"{name}: [{', '.join(below)}]")
            elif name == "not":
                parts.append(f"not: {self.filter(type_, depth - 1) if depth else '{}'}")
            else:
                parts.append(f"{name}: {{{self.comparison(get_named_type(type_.fields[name].type))}}}")
        return f"{{{', '.join(parts)}}}"

    def comparison(self, type_: GraphQLInputObjectType) -> str:
        name = self.chance.choice(list(type_.fields))
        held = type_.fields[name].type
        inner = get_named_type(held)
        if name == "isNull":
            return f"isNull: {self.chance.choice(('true', 'false'))}"
        if isinstance(inner, GraphQLEnumType):
            values = self.chance.sample(list(inner.values), min(2, len(inner.values)))
            return f"{name}: [{', '.join(values)}]" if is_list_type(held) else f"{name}: {values[0]}"
        many = is_list_type(held)
        pool = f"{inner.name}:"
        return f"{name}: {self.variable(f'[{inner.name}!]!' if many else f'{inner.name}!', pool, many)}"

    def connection(self, type_: GraphQLObjectType, depth: int) -> str:
        target = get_named_type(get_named_type(type_.fields["edges"].type).fields["node"].type)
        parts = [f"edges {{ cursor node {self.node(target, depth + 1)} }}"]
        if self.chance.random() < 0.4:
            parts.append("totalCount")
        if self.chance.random() < 0.4:
            parts.append("pageInfo { hasNextPage hasPreviousPage startCursor endCursor }")
        if self.chance.random() < 0.2:
            parts.append(f"nodes {self.node(target, MOST_DEPTH)}")
        return f"{{ {' '.join(parts)} }}"

    def node(self, type_: Any, depth: int) -> str:
        if is_union_type(type_):
            inline = " ".join(f"... on {one.name} {self.node(one, depth)}" for one in type_.types)
            return f"{{ __typename {inline} }}"
        scalars = [name for name, held in type_.fields.items() if _is_leaf(held.type)]
        edges = [name for name, held in type_.fields.items() if not _is_leaf(held.type) and name != "_withheld"]
        taken = self.chance.sample(scalars, min(len(scalars), self.chance.randrange(1, 6)))
        parts = [f"{type_.name}_{name}: {name}" for name in taken]
        if self.chance.random() < 0.3:
            parts.append("_withheld { field reason }")
        for name in self.chance.sample(edges, min(len(edges), 2 if depth == 0 else 1)) if depth < MOST_DEPTH else ():
            held = type_.fields[name]
            below = get_named_type(held.type)
            is_page = below.name.endswith("Connection")
            self.aliases += 1
            key = f"k{self.aliases}: "
            parts.append(
                f"{key}{name}{_listed(self.paging(held))} {self.connection(below, depth)}"
                if is_page
                else f"{key}{name} {self.node(below, depth + 1)}"
            )
        return f"{{ {' '.join(dict.fromkeys(parts))} }}"


def _listed(arguments: list[str]) -> str:
    return f"({', '.join(arguments)})" if arguments else ""


def _is_leaf(type_: Any) -> bool:
    bare = type_.of_type if is_non_null_type(type_) else type_
    named = get_named_type(bare)
    return isinstance(named, GraphQLScalarType | GraphQLEnumType)
