"""Select, of the root `aggregate`: tables, groups, keys and figures, as graph.selection has them."""

from collections.abc import Mapping
from typing import Any, Protocol

from graphql import GraphQLObjectType, get_named_type
from graphql.execution.collect_fields import FieldDetails

from graph.selection import (
    Aggregate,
    Calendar,
    Field,
    FiguresOf,
    GroupFigures,
    GroupKey,
    Groups,
    Plain,
    Table,
    Typename,
)
from schema.model import MODEL

Details = list[FieldDetails]
TYPENAME = "__typename"


class Walk(Protocol):
    """What `resolvers.select` knows of the document."""

    def arguments(self, owner: GraphQLObjectType, details: Details) -> Mapping[str, object]:
        """The arguments of a field, coerced."""
        ...

    def below(self, type_: GraphQLObjectType, details: Details) -> Mapping[str, Details]:
        """What is asked of a field, merged, by response key."""
        ...


def aggregate(walk: Walk, type_: Any, details: Details) -> Aggregate:
    """What is asked of the root `aggregate`."""
    kinds = {kind.plural: kind.name for kind in MODEL.values()}
    items: list[tuple[str, Typename | Table]] = []
    for key, found in walk.below(type_, details).items():
        name = _name(found)
        if name == TYPENAME:
            items.append((key, Typename(type_.name)))
            continue
        result = get_named_type(type_.fields[name].type)
        parts = [
            (key_, _groups(walk, result, below) if _name(below) == "groups" else _plain(result, below))
            for key_, below in walk.below(result, found).items()
        ]
        items.append((key, Table(kinds[name], tuple(parts), walk.arguments(type_, found))))
    return Aggregate(tuple(items))


def _groups(walk: Walk, table: Any, details: Details) -> Groups:
    type_ = get_named_type(table.fields["groups"].type)
    items: list[tuple[str, Typename | Plain | GroupKey | GroupFigures]] = []
    for key, found in walk.below(type_, details).items():
        match _name(found):
            case "by":
                items.append((key, _key(walk, get_named_type(type_.fields["by"].type), found)))
            case "figures":
                items.append((key, _figures(walk, get_named_type(type_.fields["figures"].type), found)))
            case _:
                items.append((key, _plain(type_, found)))
    return Groups(tuple(items))


def _key(walk: Walk, type_: Any, details: Details) -> GroupKey:
    items: list[tuple[str, Typename | Field | Calendar]] = []
    for key, found in walk.below(type_, details).items():
        name = _name(found)
        if name == TYPENAME:
            items.append((key, Typename(type_.name)))
            continue
        part = get_named_type(type_.fields[name].type)
        of_day = isinstance(part, GraphQLObjectType)
        items.append((key, Calendar(name, _names(walk, part, found)) if of_day else Field(name)))
    return GroupKey(tuple(items))


def _figures(walk: Walk, type_: Any, details: Details) -> GroupFigures:
    items: list[tuple[str, Typename | FiguresOf]] = []
    for key, found in walk.below(type_, details).items():
        name = _name(found)
        if name == TYPENAME:
            items.append((key, Typename(type_.name)))
        else:
            items.append((key, FiguresOf(name, _names(walk, get_named_type(type_.fields[name].type), found))))
    return GroupFigures(tuple(items))


def _names(walk: Walk, type_: Any, details: Details) -> tuple[tuple[str, str], ...]:
    return tuple((key, _name(found)) for key, found in walk.below(type_, details).items())


def _plain(type_: Any, details: Details) -> Typename | Plain:
    name = _name(details)
    return Typename(type_.name) if name == TYPENAME else Plain(name)


def _name(details: Details) -> str:
    return details[0].node.name.value
