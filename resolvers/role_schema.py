"""The schema of one role: what its View does not have is not in SDL, introspection, validation or suggestions."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry
from graphql import (
    GraphQLError,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_introspection_type,
    is_object_type,
    is_required_argument,
    is_required_input_field,
    is_union_type,
    validate_schema,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.types.base_scalars import DateDefinition, DateTimeDefinition, DecimalDefinition
from strawberry.types import ExecutionContext
from strawberry.types.scalar import ScalarDefinition

from graph.aggregate import dimension, measure
from graph.expr import FALSE
from graph.search import searched
from graph.traverse import steps
from graph.view import TypeView, View
from resolvers.beside import has as has_beside
from resolvers.followed_lists import LISTS, followable
from resolvers.mutation import Mutation, mutation_type
from schema.enums import CallerFact
from schema.errors import ModelInvalid
from schema.generate import made, make_types, roots
from schema.generate_aggregate import GUARDED
from schema.generate_dictionary import BESIDE, DEFINITION
from schema.generate_paths import shouted
from schema.model import MODEL

ALWAYS = ("Query", "PageInfo", "Viewer", "Withheld", "WithheldReason", "OrderDirection", "Node", "IdentityInput")
Extensions = Sequence[type[SchemaExtension] | Callable[[], SchemaExtension]]


def _as_it_is(value: object) -> object:
    return value


def _scalar(base: ScalarDefinition, about: str) -> ScalarDefinition:
    return ScalarDefinition(
        name=base.name,
        description=about,
        specified_by_url=base.specified_by_url,
        serialize=_as_it_is,
        parse_value=base.parse_value,
        parse_literal=base.parse_literal,
        origin=base.origin,
    )


SCALARS: dict[object, ScalarDefinition] = {
    date: _scalar(DateDefinition, "A day, ISO 8601: 1985-03-27. Where a mask says so, of reduced precision: 1985."),
    datetime: _scalar(DateTimeDefinition, "A moment, RFC 3339 in UTC: 2026-03-27T10:00:00Z."),
    Decimal: _scalar(DecimalDefinition, 'An amount of money with two decimals, as text: "12.50".'),
}


class RoleSchema(strawberry.Schema):
    """One role's schema; a converter of its own, so that its types can be pruned without touching another role's."""

    def __init__(
        self,
        view: View,
        extensions: Extensions = (),
        query: type | None = None,
        mutations: Sequence[Mutation] = (),
        **kwargs: Any,
    ) -> None:
        self.role = view.role
        self.mutations = {one.name: one for one in mutations if one.name in view.changes}
        query = query or make_types(MODEL)
        super().__init__(
            query=query,
            mutation=mutation_type(mutations) if mutations else None,
            types=[getattr(made(), name) for name in (*MODEL, *GUARDED.values())],
            extensions=list(extensions),
            config=StrawberryConfig(disable_field_suggestions=True, scalar_map=SCALARS),
            **kwargs,
        )
        gone = prune(self._schema, permission(view))
        relax(self._schema, view)
        guard_figures(self._schema, view)
        old: dict[str, Any] = dict(self._schema.to_kwargs())

        def root(type_: GraphQLObjectType | None) -> GraphQLObjectType | None:
            return None if type_ is None or type_.name in gone else type_

        nodes = [self._schema.type_map[name] for name in view.types if name not in gone]
        self._schema = GraphQLSchema(
            **{
                **old,
                "types": nodes,
                "query": root(old["query"]),
                "mutation": root(old["mutation"]),
                "subscription": root(old["subscription"]),
            }
        )
        self._schema._strawberry_schema = self  # type: ignore[attr-defined]  # Strawberry finds itself by it
        for name in list(self.schema_converter.type_map):
            if name not in self._schema.type_map:
                self.schema_converter.type_map.pop(name)
        if errors := validate_schema(self._schema):
            raise ModelInvalid(f"The schema of {view.role} does not hold together: {errors[0].message}")

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log nothing: Strawberry's lines hold the document, and with it what a client wrote into it."""

    @property
    def graphql(self) -> GraphQLSchema:
        """The role's schema as graphql-core knows it."""
        return self._schema


def permission(view: View) -> Callable[[str], bool]:  # noqa: C901  one question for each kind of name
    """Which types, `Type.field`s, enum values and arguments the role has, by path."""
    known = {root.name: root for root in roots(MODEL)}
    lookups = {kind.upper() for seen in view.types.values() for kind in seen.find_by}
    whole = {name for name, seen in view.types.items() if seen.fields}
    kinds = {step.type for step in steps(view)}
    findable = {name for name in whole if searched(view.types[name])}

    def node(name: str) -> TypeView | None:
        return view.types[name] if name in whole else None

    def root_field(path: str) -> bool:
        name, _, argument = path.partition(".")
        root = known.get(name)
        if root is None or root.way in ("viewer", "node", "aggregate", "define"):
            return True
        if root.way == "search":
            return bool(findable)
        if root.way == "explain":
            return view.explains
        if root.way == "compare":
            return _compares(view)
        if root.way == "rights":
            return _knows_rights(view)
        if root.way in ("contact", "audience", "gates"):
            return bool(view.contacts) and node("Customer") is not None
        if root.way == "journey":
            return _sees_journeys(view)
        if root.way == "relationships":
            return bool(kinds)
        seen = node(root.type)
        if seen is None:
            return False
        if root.way == "unattributed":
            return seen.unattributed != FALSE
        return bool(seen.find_by) if root.way == "callers" or argument == "identity" else True

    def subscription(rest: str) -> bool:
        name = rest.partition(".")[0]
        return name not in LISTS or followable(view, name)

    named: Mapping[str, Callable[[str], bool]] = {
        "Query": root_field,
        "Mutation": lambda rest: rest.partition(".")[0] in view.changes,
        "Subscription": subscription,
        DEFINITION: lambda rest: rest not in BESIDE or has_beside(view, rest),
        "CallerFact": lambda rest: CallerFact[rest] in view.verifying.facts,
        "SearchType": lambda rest: rest in {shouted(name) for name in findable},
        "RelationshipKind": lambda rest: rest in kinds,
        "SearchHit": lambda rest: rest in findable,
    }

    def may(path: str) -> bool:
        owner, _, rest = path.partition(".")
        if owner in named:
            return not rest or named[owner](rest)
        if owner == "LookupKind":
            return bool(lookups) if not rest else rest in lookups
        for suffix, has in MADE_OF_A_TYPE.items():
            if owner.endswith(suffix) and owner.removesuffix(suffix) in MODEL:
                seen = node(owner.removesuffix(suffix))
                return seen is not None and (not rest or has(seen, rest))
        if owner not in MODEL:
            return True
        seen = node(owner)
        name = rest.partition(".")[0]
        return seen is not None and (not rest or name in seen.fields or name in seen.edges or name == "_withheld")

    return may


def _filtered(seen: TypeView, name: str) -> bool:
    if name in ("and", "or", "not"):
        return any(field.is_filter() for field in seen.fields.values())
    return name in seen.fields and seen.fields[name].is_filter()


def _sorted(seen: TypeView, name: str) -> bool:
    return name in seen.fields and seen.fields[name].compared is not None


MADE_OF_A_TYPE: Mapping[str, Callable[[TypeView, str], bool]] = {
    "Connection": lambda seen, name: True,
    "Edge": lambda seen, name: True,
    "Filter": _filtered,
    "Order": _sorted,
    "Table": lambda seen, name: True,
    "Group": lambda seen, name: True,
    "Key": lambda seen, name: dimension(seen, name) is not None,
    "Figures": lambda seen, name: measure(seen, name) is not None or name in seen.guarded,
}
"""The types that are made of a node type, by the end of their names, and which of their fields there are."""


def relax(schema: GraphQLSchema, view: View) -> None:
    """A field that the graph always has may still be empty for a role that does not always see it."""
    for name, seen in view.types.items():
        made_type = schema.type_map.get(name)
        if not isinstance(made_type, GraphQLObjectType):
            continue
        for field in seen.fields.values():
            held = made_type.fields.get(field.property.name)
            if held is not None and not field.plain and isinstance(held.type, GraphQLNonNull):
                held.type = held.type.of_type


def guard_figures(schema: GraphQLSchema, view: View) -> None:
    """Fields that are told of groups alone have neither least nor greatest."""
    for name, seen in view.types.items():
        figures = schema.type_map.get(f"{name}Figures")
        for field, held in seen.guarded.items():
            if isinstance(figures, GraphQLObjectType) and field in figures.fields:
                figures.fields[field].type = GraphQLNonNull(schema.type_map[GUARDED[held.property.scalar]])


def prune(schema: GraphQLSchema, may: Callable[[str], bool]) -> set[str]:
    """Remove what `may` denies, and whatever is left empty or needs what is gone, until nothing more goes."""
    types = [type_ for type_ in schema.type_map.values() if not is_introspection_type(type_)]
    gone = {type_.name for type_ in types if not may(type_.name)}
    before = -1
    while before != len(gone):
        before = len(gone)
        for type_ in types:
            if type_.name not in gone and not _left(type_, may, gone):
                gone.add(type_.name)
    return gone


def _left(type_: Any, may: Callable[[str], bool], gone: set[str]) -> bool:  # noqa: C901  one case a kind of type
    """Prune one type in place; whether anything is left of it."""

    def lost(path: str, held: Any) -> bool:
        return not may(path) or get_named_type(held).name in gone

    name = type_.name
    if is_enum_type(type_):
        for value in [value for value in type_.values if not may(f"{name}.{value}")]:
            del type_.values[value]
        type_.__dict__.pop("_value_lookup", None)  # graphql-core keeps it once made
        return bool(type_.values)
    if is_union_type(type_):
        kept = (member for member in type_.types if member.name not in gone and may(f"{name}.{member.name}"))
        type_.__dict__["types"] = tuple(kept)
        return bool(type_.types)
    if is_input_object_type(type_):
        dead = {field for field, held in type_.fields.items() if lost(f"{name}.{field}", held.type)}
        if any(is_required_input_field(type_.fields[field]) for field in dead):
            return False
        for field in dead:
            del type_.fields[field]
        return bool(type_.fields)
    if not (is_object_type(type_) or is_interface_type(type_)):
        return True
    type_.__dict__["interfaces"] = tuple(one for one in type_.interfaces if one.name not in gone)
    for field, held in list(type_.fields.items()):
        path = f"{name}.{field}"
        dead = {argument for argument, one in held.args.items() if lost(f"{path}.{argument}", one.type)}
        if lost(path, held.type) or any(is_required_argument(held.args[argument]) for argument in dead):
            del type_.fields[field]
            continue
        for argument in dead:
            del held.args[argument]
    for interface in type_.interfaces:
        for field in set(interface.fields) - set(type_.fields):
            del interface.fields[field]
    return bool(type_.fields)


def _knows_rights(view: View) -> bool:
    """Whether a role may ask for a customer's rights: it sees requests, and what the rights follow from."""
    request, standing, customer = (view.types.get(name) for name in ("PrivacyRequest", "Standing", "Customer"))
    if request is None or standing is None or customer is None or "standings" not in customer.edges:
        return False
    return all(
        name in standing.fields and standing.fields[name].plain for name in ("purpose", "lawful", "basis", "until")
    )


def _sees_journeys(view: View) -> bool:
    """Whether a role may ask for a customer's journey: it sees of her interactions what they are and when they were."""
    interaction, customer = view.types.get("Interaction"), view.types.get("Customer")
    if interaction is None or customer is None or "interactions" not in customer.edges:
        return False
    if "id" not in customer.fields:
        return False
    return all(
        name in interaction.fields and interaction.fields[name].plain
        for name in ("id", "kind", "direction", "occurredAt")
    )


def _compares(view: View) -> bool:
    """Whether a role may ask: it sees what pairs and records agree on."""
    pair, record, customer = (view.types.get(name) for name in ("MatchCandidate", "SourceRecord", "Customer"))
    if pair is None or record is None or customer is None or "sourceRecords" not in customer.edges:
        return False
    return all("evidence" in one.fields and one.fields["evidence"].plain for one in (pair, record))
