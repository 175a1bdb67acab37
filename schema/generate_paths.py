"""Makes the GraphQL types of the roots that lead through the whole graph: search and relationships.

Made like `schema.generate` makes the others, from the model alone; they stand in the same module under their names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import GenericAlias, ModuleType
from typing import Annotated, Any, Optional, Union

import strawberry

from schema.model import Model

FIRST_AND_AFTER: Mapping[str, Any] = {"first": int | None, "after": str | None}
PAGE_INFO: Any = Annotated["PageInfo", strawberry.lazy("schema.generate")]  # noqa: F821  found when it is needed
NODE: Any = Annotated["Node", strawberry.lazy("schema.generate")]  # noqa: F821  found when it is needed
SEARCH_HIT = "SearchHit"
MATCHES = {
    "EXACT": "A field is the text, but for case.",
    "PREFIX": "A field begins with the text.",
    "WORD": "A field holds every word of the text as the beginning of a word.",
}


@dataclass(frozen=True, slots=True)
class Default:
    """The type of an argument that has a value where none is given."""

    type: Any
    value: object


def search_types(module: ModuleType, model: Model) -> None:
    """`SearchConnection` and what it is made of: node types with a field in which words are searched."""
    names = [kind.name for kind in model.values() if kind.searched]
    if [member.value for member in getattr(module, "SearchType", ())] == names:
        return
    _enum(module, "SearchType", {shouted(name): name for name in names}, "What can be searched.")
    if not hasattr(module, "SearchMatch"):
        _enum(
            module, "SearchMatch", {name: _described(name, about) for name, about in MATCHES.items()}, "How it matches."
        )
    hit = strawberry.union(name=SEARCH_HIT, description="What a search can find.")
    setattr(module, SEARCH_HIT, Annotated[_any_of(tuple(map(_lazily, names))), hit])
    edge = {
        "cursor": (str, "Where it stands; pass it as after."),
        "node": (_lazily(SEARCH_HIT), "The record."),
        "match": (_lazily("SearchMatch"), "How its best field matches."),
    }
    _add(module, "SearchEdge", "One hit.", edge)
    page = {
        "edges": (_several(_lazily("SearchEdge")), "The page, with a cursor each."),
        "nodes": (_several(_lazily(SEARCH_HIT)), "The page without cursors."),
        "pageInfo": (PAGE_INFO, "Where the page stands."),
    }
    _add(module, "SearchConnection", "Hits: exact ones first, then those that begin alike, then the others.", page)


def relationship_types(module: ModuleType, model: Model) -> None:
    """`RelationshipConnection` and what it is made of."""
    kinds = sorted({edge.type for kind in model.values() for edge in kind.edges.values()})
    if [member.value for member in getattr(module, "RelationshipKind", ())] == kinds:
        return
    _enum(module, "RelationshipKind", {kind: kind for kind in kinds}, "What joins two records, as the graph names it.")
    one = {
        "kind": (_lazily("RelationshipKind"), "What it is."),
        "hops": (int, "How many steps away it was met: 1 begins or ends at the record itself."),
        "source": (NODE, "The record from which it leads."),
        "target": (NODE, "The record to which it leads."),
    }
    _add(module, "Relationship", "What joins two records.", one)
    edge = {
        "cursor": (str, "Where it stands; pass it as after."),
        "node": (_lazily("Relationship"), "The relationship."),
    }
    _add(module, "RelationshipEdge", "One Relationship in a list.", edge)
    page = {
        "edges": (_several(_lazily("RelationshipEdge")), "The page, with a cursor each."),
        "nodes": (_several(_lazily("Relationship")), "The page without cursors."),
        "pageInfo": (PAGE_INFO, "Where the page stands."),
        "truncated": (bool, "There was more on the way than is walked; what is farther away may be missing."),
    }
    _add(module, "RelationshipConnection", "Relationships: the nearest first.", page)


def relationship_arguments() -> Mapping[str, Any]:
    """What `relationships` takes."""
    return {
        "from_": Annotated[strawberry.ID, strawberry.argument(name="from")],
        "to": strawberry.ID | None,
        "hops": Default(int | None, 1),
        "types": _optional(_several(_lazily("RelationshipKind"))),
        **FIRST_AND_AFTER,
    }


def search_arguments() -> Mapping[str, Any]:
    """What `search` takes."""
    return {"text": str, "types": _optional(_several(_lazily("SearchType"))), **FIRST_AND_AFTER}


def shouted(name: str) -> str:
    """`PurchaseOrder` -> `PURCHASE_ORDER`."""
    return "".join(f"_{char}" if char.isupper() and index else char for index, char in enumerate(name)).upper()


def _lazily(name: str) -> Any:
    return Annotated[name, strawberry.lazy("schema.made")]


def _optional(type_: Any) -> Any:
    return Optional[type_]  # noqa: UP045  `|` knows no names


def _any_of(types: tuple[Any, ...]) -> Any:
    return Union[types]  # noqa: UP007  made from a tuple


def _several(type_: Any) -> Any:
    return GenericAlias(list, (type_,))


def _described(name: str, about: str) -> Any:
    return strawberry.enum_value(name, description=about)


def _enum(module: ModuleType, name: str, members: Mapping[str, Any], about: str) -> None:
    made: Any = Enum("made", members)  # type: ignore[misc]  # made from the model
    made.__name__ = name
    setattr(module, name, strawberry.enum(made, name=name, description=about))


def _add(module: ModuleType, name: str, about: str, fields: Mapping[str, tuple[Any, str]]) -> None:
    cls = type(name, (), {"__annotations__": {}, "__module__": module.__name__})
    for field, (type_, described) in fields.items():
        cls.__annotations__[field] = type_
        setattr(cls, field, strawberry.field(description=described, name=field))
    setattr(module, name, strawberry.type(cls, description=about))
