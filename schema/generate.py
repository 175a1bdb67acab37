"""Makes the GraphQL types from the model: objects, connections, edges, filters and orders, and the read roots.

Everything that GraphQL knows of a node type is derived here from its declaration, and nowhere else.
"""

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import GenericAlias, ModuleType
from typing import Annotated, Any, Optional, Union, get_args

import strawberry

from schema.enums import IdentityKind
from schema.generate_aggregate import AGGREGATE, aggregate_types, table_fields
from schema.generate_contacts import ADVICE, AUDIENCE, BEST, COUNTED, GATES, MAY, VERDICT
from schema.generate_contacts import ARGUMENTS as CONTACT_ARGUMENTS
from schema.generate_dictionary import ARGUMENTS as DICTIONARY_ARGUMENTS
from schema.generate_dictionary import DEFINITIONS, DICTIONARY
from schema.generate_explain import ARGUMENTS, EXPLAIN, EXPLANATION, EXPLANATIONS, WHO
from schema.generate_journey import ARGUMENTS as JOURNEY_ARGUMENTS
from schema.generate_journey import JOURNEY, TOLD_JOURNEY
from schema.generate_paths import (
    Default,
    relationship_arguments,
    relationship_types,
    search_arguments,
    search_types,
)
from schema.generate_rights import ARGUMENTS as RIGHTS_ARGUMENTS
from schema.generate_rights import OFFERED, RIGHTS
from schema.generate_why import ARGUMENTS as WHY_ARGUMENTS
from schema.generate_why import COMPARISONS, WHY, WHY_NOT
from schema.model import ENUMS, Edge, Model, NodeType, Property, Scalar

PLAIN: Mapping[Scalar, Any] = {
    Scalar.ID: strawberry.ID,
    Scalar.STRING: str,
    Scalar.INT: int,
    Scalar.FLOAT: float,
    Scalar.BOOLEAN: bool,
    Scalar.DATE: date,
    Scalar.DATETIME: datetime,
    Scalar.DECIMAL: Decimal,
}
ORDERED = ("lt", "lte", "gt", "gte")
OPERATORS: Mapping[Scalar, tuple[str, ...]] = {
    Scalar.ID: ("eq", "in"),
    Scalar.STRING: ("eq", "ne", "in", "notIn", "startsWith", "endsWith", "contains"),
    Scalar.INT: ("eq", "ne", "in", "notIn", *ORDERED),
    Scalar.FLOAT: ("eq", "ne", *ORDERED),
    Scalar.BOOLEAN: ("eq",),
    Scalar.DATE: ("eq", "ne", "in", "notIn", *ORDERED),
    Scalar.DATETIME: ("eq", "ne", *ORDERED),
    Scalar.DECIMAL: ("eq", "ne", *ORDERED),
    Scalar.ENUM: ("eq", "ne", "in", "notIn"),
}
MADE = "schema.made"
IDENTITY_INPUT = "IdentityInput"


@strawberry.interface
class Node:
    """Anything that has an id."""

    id: strawberry.ID


@strawberry.enum
class OrderDirection(Enum):
    """Which way to sort. Records without a value come last either way."""

    ASC = "ASC"
    DESC = "DESC"


@strawberry.enum
class WithheldReason(Enum):
    """Why a field is not shown as it is."""

    POLICY = strawberry.enum_value("POLICY", description="The role never sees it.")
    MASKED = strawberry.enum_value("MASKED", description="The role sees a coarser form.")
    NO_LEGAL_BASIS = strawberry.enum_value(
        "NO_LEGAL_BASIS", description="There is no legal basis for the purpose with this customer."
    )
    CONDITION = strawberry.enum_value("CONDITION", description="A condition of the policy does not hold here.")
    AGGREGATE = strawberry.enum_value("AGGREGATE", description="The role is told of groups alone: see `aggregate`.")
    ERASED = strawberry.enum_value("ERASED", description="The value was erased: nobody can read it any more.")


LookupKind: Any = Enum("LookupKind", {kind.name: kind.name for kind in IdentityKind})  # type: ignore[misc]  # the same names
LookupKind.__doc__ = "Kinds of handle by which the role may find customers."


@strawberry.type
class Withheld:
    """A field that is empty or coarser because of who asks and for what, not because nothing is known."""

    field: str
    reason: WithheldReason


@strawberry.type
class PageInfo:
    """Where a page stands in its list (Relay Cursor Connections)."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class Viewer:
    """Who asks, as which role, for what."""

    id: strawberry.ID
    role: str
    purpose: str


@dataclass(frozen=True, slots=True)
class RootField:
    """What a root field reads: `way` is viewer, node, one, callers, list, unattributed, search, relationships, explain,
    compare, define, rights, journey, contact, audience, gates or aggregate.
    """

    name: str
    way: str
    type: str
    about: str


def roots(model: Model) -> tuple[RootField, ...]:
    """The read roots, in the order of the schema."""
    lists = tuple(RootField(kind.plural, "list", kind.name, kind.about) for kind in model.values())
    return (
        RootField("viewer", "viewer", "Viewer", "Who asks."),
        RootField("node", "node", "Node", "Anything by its id (Relay)."),
        RootField("customer", "one", "Customer", "One customer, by id or by a handle that leads to exactly one."),
        RootField("callers", "callers", "Customer", "Everyone who uses a handle: a family may share a phone."),
        RootField("unattributed", "unattributed", "Interaction", "Interactions whose customer is not known."),
        RootField("search", "search", "Search", "Whatever holds these words in a field that you may see."),
        RootField("relationships", "relationships", "Relationship", "What is connected with a record, step by step."),
        RootField(EXPLAIN, "explain", "AccessExplanation", "What a role has of a field, and why; of one record by id."),
        RootField(WHO, "explain", "AccessExplanation", "Which roles have a field, for which purposes, and why."),
        RootField(
            DICTIONARY, "define", "FieldDefinition", "What the fields mean that you may see, and why they are held."
        ),
        RootField(WHY, "compare", "RecordComparison", "What holds the records of a customer together."),
        RootField(WHY_NOT, "compare", "RecordComparison", "What speaks for two customers being one, and against it."),
        RootField(RIGHTS, "rights", "OfferedRight", "What a customer may ask for about her data, and by which law."),
        RootField(MAY, "contact", "ContactVerdict", "Whether a customer may be contacted now: ask before you send."),
        RootField(BEST, "contact", "ChannelAdvice", "On which channel a customer is best reached now, and why."),
        RootField(AUDIENCE, "audience", "Customer", "Customers who may be written to now; each is asked about again."),
        RootField(GATES, "gates", "AudienceCount", "How large an audience is, and at what the others are lost."),
        RootField(
            JOURNEY, "journey", "Journey", "What happened with a customer, from every channel, in order and in stages."
        ),
        RootField("aggregate", "aggregate", AGGREGATE, "Counts, sums and averages of groups, without their records."),
        *lists,
    )


@cache
def made() -> ModuleType:
    """The module that holds the generated types by name, so that they can refer to each other."""
    module = ModuleType(MADE, "GraphQL types made from the model.")
    sys.modules[MADE] = module
    return module


def make_types(model: Model) -> type:
    """Make every type of the model and the class `Query` with the read roots. Idempotent for one model.

    The types stand in the module `schema.made`, under their GraphQL names.
    """
    module = made()
    enums: dict[str, Any] = {**ENUMS, "LookupKind": LookupKind}
    for name, enum in enums.items():
        if not hasattr(module, name):
            setattr(module, name, _described(enum))
    if not hasattr(module, IDENTITY_INPUT):
        _identity_input(module)
    for kind in model.values():
        if not hasattr(module, kind.name):
            _object(module, kind)
            _add(module, f"{kind.name}Edge", f"One {kind.name} in a list.", _edge_fields(kind.name))
            _add(module, f"{kind.name}Connection", f"A page of {kind.name}.", _connection_fields(kind.name))
            _filter(module, kind)
            _order(module, kind)
    search_types(module, model)
    relationship_types(module, model)
    aggregate_types(module, model)
    _tables(module, model)
    query = type("Query", (), {"__doc__": "What can be read.", "__annotations__": {}})
    for root in roots(model):
        _attach(query, root.name, _root_type(root), root.about, _root_arguments(root))
    return strawberry.type(query, description=query.__doc__)


def _described(enum: Any) -> Any:
    """The enum as a GraphQL type; one that an input has made into one already stays the same type."""
    if (known := getattr(enum, "__strawberry_definition__", None)) is None:
        return strawberry.enum(enum, description=inspect.getdoc(enum))
    known.description = inspect.getdoc(enum)
    return enum


def _tables(module: ModuleType, model: Model) -> None:
    cls = type(AGGREGATE, (), {"__annotations__": {}, "__module__": MADE})
    for name, (type_, about, arguments) in table_fields(model).items():
        _attach(cls, name, type_, about, arguments)
    setattr(module, AGGREGATE, strawberry.type(cls, description="Tables of groups, one a node type."))


def _identity_input(module: ModuleType) -> None:
    cls = type(IDENTITY_INPUT, (), {"__annotations__": {}, "__module__": MADE})
    for name, (type_, about) in {
        "kind": (module.LookupKind, "What kind of handle."),
        "value": (str, "The handle, in whatever spelling it is offered."),
    }.items():
        cls.__annotations__[name] = type_
        setattr(cls, name, strawberry.field(name=name, description=about))
    about = "A handle that someone offers: it finds who is behind it without being shown."
    setattr(module, IDENTITY_INPUT, strawberry.input(cls, description=about))


def lazily(name: str) -> Any:
    """A reference to a generated type by its name."""
    return Annotated[name, strawberry.lazy(MADE)]


def _optional(type_: Any) -> Any:
    return Optional[type_]  # noqa: UP045  `|` knows neither NewType nor Annotated names


def _any_of(types: tuple[Any, ...]) -> Any:
    return Union[types]  # noqa: UP007  made from a tuple


def _several(type_: Any) -> Any:
    return GenericAlias(list, (type_,))


def _add(module: ModuleType, name: str, about: str, fields: Mapping[str, tuple[Any, str]]) -> None:
    cls = type(name, (), {"__annotations__": {}, "__module__": MADE})
    for field, (type_, described) in fields.items():
        cls.__annotations__[field] = type_
        setattr(cls, field, strawberry.field(description=described, name=field))
    setattr(module, name, strawberry.type(cls, description=about))


def _edge_fields(target: str) -> Mapping[str, tuple[Any, str]]:
    return {
        "cursor": (str, "Where it stands; pass it as after or before."),
        "node": (lazily(target), "The node."),
    }


def _connection_fields(target: str) -> Mapping[str, tuple[Any, str]]:
    return {
        "edges": (_several(lazily(f"{target}Edge")), "The page, with a cursor each."),
        "nodes": (_several(lazily(target)), "The page without cursors."),
        "pageInfo": (PageInfo, "Where the page stands."),
        "totalCount": (int, "How many there are, counted up to 10,000."),
    }


def _scalar(held: Property, *, always: bool = False) -> Any:
    plain = getattr(made(), held.enum) if held.enum else PLAIN[held.scalar]
    if held.many and not always:
        plain = _several(plain)
    return plain if held.required or always else _optional(plain)


def _object(module: ModuleType, kind: NodeType) -> None:
    cls = type(kind.name, (Node,), {"__annotations__": {}, "__module__": MADE})
    for held in kind.properties.values():
        _attach(cls, held.name, _scalar(held), held.about)
    for edge in kind.edges.values():
        if edge.many:
            _attach(cls, edge.name, lazily(_connection_name(module, kind, edge)), edge.about, _page_arguments(edge))
        else:
            _attach(cls, edge.name, _optional(lazily(edge.targets[0])), edge.about)
    _attach(cls, "_withheld", list[Withheld], "Which fields are empty or coarser because of who asks, and why.")
    setattr(module, kind.name, strawberry.type(cls, description=kind.about))


def _connection_name(module: ModuleType, kind: NodeType, edge: Edge) -> str:
    """The connection of an edge; one of its own where it leads to several types."""
    if len(edge.targets) == 1:
        return f"{edge.targets[0]}Connection"
    name = f"{kind.name}{edge.name[0].upper()}{edge.name[1:]}"
    if not hasattr(module, f"{name}Connection"):
        members = tuple(lazily(target) for target in edge.targets)
        setattr(module, name, Annotated[_any_of(members), strawberry.union(name=name, description=edge.about)])
        _add(module, f"{name}Edge", f"One entry of {kind.name}.{edge.name}.", _edge_fields(name))
        _add(module, f"{name}Connection", f"A page of {kind.name}.{edge.name}.", _connection_fields(name))
    return f"{name}Connection"


Arguments = Mapping[str, Any]
PAGE: Arguments = {
    "first": int | None,
    "after": str | None,
    "last": int | None,
    "before": str | None,
}


def _page_arguments(edge: Edge) -> Arguments:
    return PAGE if len(edge.targets) > 1 else _list_arguments(edge.targets[0])


def _list_arguments(target: str) -> Arguments:
    return {
        **PAGE,
        "where": _optional(lazily(f"{target}Filter")),
        "orderBy": _optional(_several(lazily(f"{target}Order"))),
    }


def _root_arguments(root: RootField) -> Arguments:  # noqa: C901  one case a way
    match root.way:
        case "node":
            return {"id": strawberry.ID}
        case "one":
            return {"id": strawberry.ID | None, "identity": _optional(lazily(IDENTITY_INPUT))}
        case "callers":
            return {"identity": lazily(IDENTITY_INPUT), **PAGE}
        case "list" | "unattributed":
            return _list_arguments(root.type)
        case "search":
            return search_arguments()
        case "explain":
            return ARGUMENTS[root.name]
        case "compare":
            return WHY_ARGUMENTS[root.name]
        case "define":
            return DICTIONARY_ARGUMENTS[root.name]
        case "rights":
            return RIGHTS_ARGUMENTS[root.name]
        case "contact":
            return CONTACT_ARGUMENTS[root.name]
        case "audience":
            return {**CONTACT_ARGUMENTS[root.name], **_list_arguments(root.type)}
        case "gates":
            return {**CONTACT_ARGUMENTS[root.name], "where": _optional(lazily("CustomerFilter"))}
        case "journey":
            return JOURNEY_ARGUMENTS[root.name]
        case "relationships":
            return relationship_arguments()
        case _:
            return {}


def _root_type(root: RootField) -> Any:
    match root.way:
        case "viewer":
            return Viewer
        case "node":
            return Node | None
        case "explain":
            return EXPLANATIONS if root.name == WHO else EXPLANATION
        case "compare":
            return COMPARISONS
        case "define":
            return DEFINITIONS
        case "rights":
            return OFFERED
        case "contact":
            return VERDICT if root.name == MAY else ADVICE
        case "gates":
            return COUNTED
        case "journey":
            return TOLD_JOURNEY
        case "one" | "aggregate":
            return _optional(lazily(root.type))
        case _:
            return _optional(lazily(f"{root.type}Connection"))


def _attach(cls: type, name: str, type_: Any, about: str, arguments: Arguments | None = None) -> None:
    """Give a class one more Strawberry field; with arguments, as a method that the compiled read stands in for."""
    python_name = name if not name.startswith("_") else f"f{name}"
    if arguments is None:
        cls.__annotations__[python_name] = type_
        setattr(cls, python_name, strawberry.field(description=about, name=name))
        return
    setattr(cls, python_name, strawberry.field(_method(python_name, type_, arguments), description=about, name=name))


def _method(name: str, type_: Any, arguments: Arguments) -> Callable[..., Any]:
    """A resolver with the given arguments, for the schema's sake: `resolvers.read` answers before it is called."""

    def resolve(self: Any, **_: Any) -> Any:
        raise NotImplementedError(f"{name} is answered by the compiled read")

    types = {argument: hint.type if isinstance(hint, Default) else hint for argument, hint in arguments.items()}
    values = {argument: strawberry.UNSET for argument, hint in types.items() if type(None) in get_args(hint)}
    values |= {argument: hint.value for argument, hint in arguments.items() if isinstance(hint, Default)}
    parameters = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    parameters += [
        inspect.Parameter(
            argument,
            inspect.Parameter.KEYWORD_ONLY,
            default=values.get(argument, inspect.Parameter.empty),
            annotation=hint,
        )
        for argument, hint in types.items()
    ]
    resolve.__signature__ = inspect.Signature(parameters, return_annotation=type_)  # type: ignore[attr-defined]  # functions take one
    resolve.__annotations__ = {**types, "return": type_}
    resolve.__name__ = name
    return resolve


def _filter(module: ModuleType, kind: NodeType) -> None:
    name = f"{kind.name}Filter"
    cls = type(name, (), {"__annotations__": {}, "__module__": MADE})
    for held in kind.properties.values():
        _input(cls, held.name, _optional(_comparison(module, held)), held.about)
    _input(cls, "and", _optional(_several(lazily(name))), "All of these hold.")
    _input(cls, "or", _optional(_several(lazily(name))), "One of these holds.")
    _input(cls, "not", _optional(lazily(name)), "This does not hold.")
    setattr(module, name, strawberry.input(cls, description=f"Which {kind.plural} to show."))


def _comparison(module: ModuleType, held: Property) -> Any:
    """The input type that compares values of one scalar; made once for each."""
    plain = _scalar(held, always=True)
    base = held.enum or held.scalar.value.capitalize() if held.scalar is not Scalar.DATETIME else "DateTime"
    base = "ID" if held.scalar is Scalar.ID else base
    name = f"{base}ListFilter" if held.many else SEALED_FILTER if held.blind_index else f"{base}Filter"
    if not hasattr(module, name):
        cls = type(name, (), {"__annotations__": {}, "__module__": MADE})
        if held.many:
            _input(cls, "has", _optional(plain), "The list holds this.")
        else:
            for operator in ("eq", "in") if held.blind_index else OPERATORS[held.scalar]:
                several = operator in ("in", "notIn")
                _input(cls, operator, _optional(_several(plain) if several else plain), WORDS[operator])
            if held.scalar is not Scalar.ID and not held.blind_index:
                _input(cls, "isNull", bool | None, "There is no value, or none that you may see.")
        about = FINDS_WHOLE if held.blind_index else "Compares a value; several comparisons all hold."
        setattr(module, name, strawberry.input(cls, description=about))
    return getattr(module, name)


SEALED_FILTER = "SealedFilter"
FINDS_WHOLE = "Finds a sealed value by the whole of it; capitals, blanks and signs do not count."
WORDS: Mapping[str, str] = {
    "eq": "Equal.",
    "ne": "Not equal; there is a value.",
    "in": "One of these.",
    "notIn": "None of these; there is a value.",
    "lt": "Less, or before.",
    "lte": "Less or equal, not after.",
    "gt": "Greater, or after.",
    "gte": "Greater or equal, not before.",
    "startsWith": "Begins with this; case counts.",
    "endsWith": "Ends with this; case counts.",
    "contains": "Holds this; case counts.",
}


def _order(module: ModuleType, kind: NodeType) -> None:
    cls = type(f"{kind.name}Order", (), {"__annotations__": {}, "__module__": MADE})
    for held in kind.properties.values():
        if not held.many:
            _input(cls, held.name, _optional(OrderDirection), held.about)
    described = strawberry.input(cls, one_of=True, description=f"How to sort {kind.plural}: one field.")
    setattr(module, f"{kind.name}Order", described)


def _input(cls: type, name: str, type_: Any, about: str) -> None:
    python_name = f"{name}_" if name in ("and", "or", "not", "in") else name
    cls.__annotations__[python_name] = type_
    setattr(cls, python_name, strawberry.field(name=name, description=about, default=strawberry.UNSET))
