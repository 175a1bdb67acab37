"""The model: what kinds of node there are, what each field is, where edges lead.

A field says what it IS (its category). Who may see it is said in a policy, never here. A field that does not say
what it is cannot be imported. A new node type is one class with `@node`; everything else (connections, filters, orders,
constraints, indexes) is derived from what stands here.
"""

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Any, Generic, TypeVar, dataclass_transform

from schema.errors import ModelInvalid


class Category(StrEnum):
    """What a field is. Policies grant by category, so each has one meaning for every node type."""

    KEY = "key"  # an opaque handle that means nothing outside
    IDENTITY = "identity"  # names a person: name, birth date
    IDENTIFIER = "identifier"  # a number under which another system knows the person
    CONTACT = "contact"  # reaches a person: e-mail, phone, address
    PROFILE = "profile"  # a coarse group a person belongs to: region, segment, language
    PREFERENCE = "preference"  # what the person wants and agreed to
    BEHAVIOUR = "behaviour"  # what a person did
    CONTENT = "content"  # what a person said, in the person's own words
    REDACTED = "redacted"  # the same words with names, numbers and addresses taken out
    FINANCIAL = "financial"  # money of a person
    EVIDENCE = "evidence"  # values as single sources hold them, with what they contradict
    SECRET = "secret"  # noqa: S105  raw payloads, national ids, payment references
    OPERATIONS = "operations"  # about the record or the work, not about the person
    STAFF = "staff"  # about an employee
    REFERENCE = "reference"  # about the company's own things: products, campaigns, suppliers


class Scalar(StrEnum):
    """How a property is typed in GraphQL; graph.scalars says how each is held in Neo4j and sent."""

    ID = "ID"
    STRING = "String"
    INT = "Int"
    FLOAT = "Float"
    BOOLEAN = "Boolean"
    DATE = "Date"
    DATETIME = "DateTime"
    DECIMAL = "Decimal"  # money: two decimals, held as an integer count of hundredths
    ENUM = "Enum"


@dataclass(frozen=True, slots=True)
class Property:
    """One value of a node, under the same camelCase name in GraphQL and in the graph."""

    name: str
    scalar: Scalar
    category: Category
    required: bool
    many: bool
    about: str
    enum: str | None = None
    indexed: bool = False
    unique: bool = False
    searched: bool = False
    names_field: bool = False
    blind_index: bool = False
    beside: str | None = None

    @property
    def sealed(self) -> bool:
        """Whether its values stand in the graph sealed under a key of whose they are (`graph.vault`)."""
        return self.category is Category.SECRET

    @property
    def found_by(self) -> str | None:
        """The hidden property by which a sealed value is found: an entry of the blind index (`graph.vault.blind`)."""
        return f"{self.name}Blind" if self.blind_index else None

    @property
    def masked_by(self) -> str | None:
        """The hidden property that holds what the one mask of a sealed value shows, so that the value stays shut."""
        return f"{self.name}{self.beside.capitalize()}" if self.beside else None

    @property
    def hidden(self) -> tuple[str, ...]:
        """The hidden properties that stand beside it, and go with it."""
        return tuple(name for name in (self.found_by, self.masked_by) if name is not None)


@dataclass(frozen=True, slots=True)
class Edge:
    """A relationship as seen from one node type. `targets` has several names where the far end is a union.

    `every` is said of the way to a subject: the node is there only where all that it leads to are.
    """

    name: str
    type: str
    targets: tuple[str, ...]
    outward: bool
    many: bool
    subject: bool
    about: str
    every: bool = False


@dataclass(frozen=True, slots=True)
class NodeType:
    """One kind of node. `prefix` begins every id of the type; `plural` is the name of its root field.

    `log` names the time by which nodes of the type are a log: each has a later one than all that were written before.
    """

    name: str
    prefix: str
    plural: str
    about: str
    properties: Mapping[str, Property]
    edges: Mapping[str, Edge]
    declared: type
    log: str | None = None

    @property
    def subject(self) -> Edge | None:
        """The edge that leads to whom the node is about, directly or through another node."""
        return next((edge for edge in self.edges.values() if edge.subject), None)

    @property
    def searched(self) -> tuple[str, ...]:
        """The fields in which words are searched."""
        return tuple(held.name for held in self.properties.values() if held.searched)


Model = Mapping[str, NodeType]
_MODEL: dict[str, NodeType] = {}
MODEL: Model = MappingProxyType(_MODEL)
_ENUMS: dict[str, type[Enum]] = {}
ENUMS: Mapping[str, type[Enum]] = MappingProxyType(_ENUMS)

Target = TypeVar("Target")


class Connection(Generic[Target]):
    """Annotation of an edge to many nodes: `orders: Connection["Order"] = edge("PLACED", ...)`."""


@dataclass(frozen=True, slots=True)
class _Prop:
    category: Category
    about: str
    indexed: bool
    unique: bool
    searched: bool
    names_field: bool
    blind_index: bool
    beside: str | None


@dataclass(frozen=True, slots=True)
class _Edge:
    type: str
    about: str
    outward: bool
    subject: bool
    every: bool


BESIDE = frozenset({"last4"})
"""Masks that a sealed value may have: what they show stands beside it."""


def prop(
    category: Category,
    about: str,
    *,
    indexed: bool = False,
    unique: bool = False,
    searched: bool = False,
    names_field: bool = False,
    blind_index: bool = False,
    beside: str | None = None,
) -> Any:
    """Declare a property: what it is, and one sentence about it.

    `indexed` where people look things up by it, `searched` where they look for words in it. With `names_field` its
    value names a field of the model (`Customer.email`), and the node is there only for who has that field. Of a secret
    one, which is sealed: `blind_index` where it is found by its whole value, `beside` the mask of which the outcome is
    kept.
    """
    return _Prop(category, about, indexed, unique, searched, names_field, blind_index, beside)


def edge(relationship: str, about: str, *, outward: bool = True, subject: bool = False, every: bool = False) -> Any:
    """Declare a relationship. `subject=True` on the edge that leads to whom the node is about.

    Where that is several, one of them makes the node visible; with `every=True` all of them have to be visible.
    """
    return _Edge(relationship, about, outward, subject, every)


T = TypeVar("T", bound=type)
E = TypeVar("E", bound=type[Enum])


def enumeration(cls: E) -> E:
    """Enter an enum in the model; its members' names are what the graph holds."""
    _ENUMS[cls.__name__] = cls
    return cls


@dataclass_transform(kw_only_default=True, field_specifiers=(prop, edge))
def node(*, prefix: str, plural: str, log: str | None = None) -> Any:
    """Enter a class in the model as a node type.

    With `log` its nodes are listed in the order of that time where no other is asked for, and only as far as nothing
    earlier can be written any more. Whoever writes them takes the time from the type's clock, last of all.

    Raises ModelInvalid when a field does not say what it is, when a name or prefix is taken, or a type is unknown.
    """

    def enter(cls: T) -> T:
        name = cls.__name__
        if name in _MODEL:
            raise ModelInvalid(f"Two node types are named {name}: give one of them another name.")
        if taken := next((other.name for other in _MODEL.values() if other.prefix == prefix), None):
            raise ModelInvalid(f"{name} and {taken} both begin their ids with '{prefix}': choose another prefix.")
        _MODEL[name] = NodeType(
            name=name,
            prefix=prefix,
            plural=plural,
            about=(cls.__doc__ or "").strip(),
            properties=MappingProxyType(dict(_properties(cls))),
            edges=MappingProxyType(dict(_edges(cls))),
            declared=cls,
            log=log,
        )
        return cls

    return enter


def camel(name: str) -> str:
    """`birth_date` -> `birthDate`, the one spelling in GraphQL and in the graph."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


_SCALARS = {
    "ID": Scalar.ID,
    "str": Scalar.STRING,
    "int": Scalar.INT,
    "float": Scalar.FLOAT,
    "bool": Scalar.BOOLEAN,
    "date": Scalar.DATE,
    "datetime": Scalar.DATETIME,
    "Decimal": Scalar.DECIMAL,
}


_FORWARD = re.compile(r"ForwardRef\('(.+?)'(?:, [^)]*)?\)|<(?:class|enum) '(.+?)'>")
_QUALIFIED = re.compile(r"(?:\w+\.)+(\w+)")


def _annotations(cls: type) -> dict[str, str]:
    """The annotations as written, whether or not the module postpones their evaluation."""
    return {name: _written(hint) for name, hint in inspect.get_annotations(cls).items()}


def _written(hint: object) -> str:
    text = hint if isinstance(hint, str) else repr(hint)
    text = _FORWARD.sub(lambda found: found[1] or found[2], text)
    return _QUALIFIED.sub(r"\1", text).replace('"', "").replace("'", "")


def _properties(cls: type) -> list[tuple[str, Property]]:
    found = []
    for name, hint in _annotations(cls).items():
        match cls.__dict__.get(name):
            case _Prop() as said:
                found.append((camel(name), _property(cls, name, hint, said)))
            case _Edge():
                continue
            case _:
                raise ModelInvalid(f"{cls.__name__}.{name} does not say what it is: declare it with prop() or edge().")
    if "id" not in dict(found):
        raise ModelInvalid(f"{cls.__name__} has no id: declare 'id: strawberry.ID = prop(Category.KEY, ...)'.")
    return found


def _property(cls: type, name: str, hint: str, said: _Prop) -> Property:
    required = not hint.endswith("| None")
    bare = hint.removesuffix("| None").strip()
    many = bare.startswith("list[")
    bare = bare.removeprefix("list[").removesuffix("]") if many else bare
    if bare in _SCALARS:
        scalar, enum = _SCALARS[bare], None
    elif bare in _ENUMS:
        scalar, enum = Scalar.ENUM, bare
    else:
        raise ModelInvalid(f"{cls.__name__}.{name} has the type '{hint}', which is neither a scalar nor an enum.")
    if said.names_field and (scalar is not Scalar.STRING or many or not required):
        raise ModelInvalid(f"{cls.__name__}.{name} names no field: it has to be one text, always.")
    if said.searched and (scalar is not Scalar.STRING or many):
        raise ModelInvalid(f"{cls.__name__}.{name} is not one text: only texts are searched.")
    if said.category is Category.SECRET and (scalar is not Scalar.STRING or many or required):
        raise ModelInvalid(f"{cls.__name__}.{name} is secret, so it is sealed: it has to be one text, or None.")
    if said.category is Category.SECRET and (said.indexed or said.unique or said.searched):
        raise ModelInvalid(f"{cls.__name__}.{name} is secret, so it is sealed: only a blind_index finds it.")
    if said.category is not Category.SECRET and (said.blind_index or said.beside):
        raise ModelInvalid(
            f"{cls.__name__}.{name} is not secret: only what is sealed has a blind_index or a mask beside."
        )
    if said.beside is not None and said.beside not in BESIDE:
        raise ModelInvalid(
            f"{cls.__name__}.{name} keeps '{said.beside}' beside it; there are {', '.join(sorted(BESIDE))}."
        )
    return Property(
        name=camel(name),
        scalar=scalar,
        category=said.category,
        required=required,
        many=many,
        about=said.about,
        enum=enum,
        indexed=said.indexed or said.unique,
        unique=said.unique,
        searched=said.searched,
        names_field=said.names_field,
        blind_index=said.blind_index,
        beside=said.beside,
    )


_CONNECTION = re.compile(r"^Connection\[(.+)\]$")


def _edges(cls: type) -> list[tuple[str, Edge]]:
    found = []
    for name, hint in _annotations(cls).items():
        match cls.__dict__.get(name):
            case _Edge(type_, about, outward, subject, every):
                connection = _CONNECTION.match(hint)
                many = connection is not None
                inner = connection.group(1) if connection else hint.removesuffix("| None").strip()
                targets = tuple(part.strip() for part in inner.split("|"))
                found.append((camel(name), Edge(camel(name), type_, targets, outward, many, subject, about, every)))
    if sum(1 for _, one in found if one.subject) > 1:
        raise ModelInvalid(f"{cls.__name__} names two edges to its subject: keep one.")
    return found


@dataclass(frozen=True, slots=True)
class ModelFault:
    """One thing that is wrong with the model as a whole."""

    where: str
    what: str = field(default="")


def faults(model: Model) -> list[ModelFault]:
    """What cannot be seen while single classes are read: edges that lead nowhere, ids that are not keys."""
    found = []
    for kind in model.values():
        if kind.properties["id"].category is not Category.KEY or not kind.properties["id"].required:
            found.append(ModelFault(f"{kind.name}.id", "must be a required field of category key"))
        if kind.log is not None and not _is_a_time(kind.properties.get(kind.log)):
            found.append(ModelFault(f"{kind.name}.{kind.log}", "orders a log and must be a required, indexed time"))
        for way in kind.edges.values():
            found += [
                ModelFault(f"{kind.name}.{way.name}", f"leads to {target}, which is not a node type")
                for target in way.targets
                if target not in model
            ]
            if way.subject and len(way.targets) != 1:
                found.append(ModelFault(f"{kind.name}.{way.name}", "leads to a subject and must name one node type"))
    return found


def _is_a_time(held: Property | None) -> bool:
    return held is not None and held.scalar is Scalar.DATETIME and held.required and held.indexed


def inverse(model: Model, source: str, way: Edge, target: str) -> Edge | None:
    """The same relationship as `target` declares it, or None where it does not."""
    return next(
        (
            back
            for back in model[target].edges.values()
            if back.type == way.type and back.outward != way.outward and source in back.targets
        ),
        None,
    )
