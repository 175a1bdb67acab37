"""Unknown fields: one document for several roles, with null where a role's schema has nothing.

A field that the role lacks, and that another role has, is replaced by `__typename` under a name that the document does
not use; what is then asked is a document of the role's own schema, and nothing else reaches the planner. In the answer
that name becomes the field's again, and its value null. So fragments, aliases, @skip and @include stay what they were.

Only documents that the company itself lists may be read so: whoever writes a document of their own would learn which
names other roles have.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    NameNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    Visitor,
    get_named_type,
    print_ast,
    visit,
)

REASON = "NOT_IN_SCHEMA"
MARK = "_null_"
TYPENAME = "__typename"

Fragments = Mapping[str, FragmentDefinitionNode]


@dataclass(frozen=True, slots=True)
class Absence:
    """A field that is null because the role lacks it: its coordinate, and the response keys that lead there."""

    coordinate: str
    path: tuple[str, ...]

    def told(self) -> dict[str, Any]:
        """As it stands in the answer's extensions."""
        return {"coordinate": self.coordinate, "path": list(self.path), "reason": REASON}


@dataclass(frozen=True, slots=True)
class Fitted:
    """A document as one role's schema can read it, and what it then lacks, by the name of the operation.

    Without absences it is the document itself.
    """

    node: DocumentNode
    mark: str = MARK
    absences: Mapping[str | None, tuple[Absence, ...]] = field(default_factory=dict)

    def restored(self, data: Any) -> Any:
        """An answer to `node` as the answer to the document that it was made of."""
        return _restored(data, self.mark)


def fitted(document: DocumentNode, role: GraphQLSchema, everyone: GraphQLSchema) -> Fitted:
    """The document without what the role lacks and another role has. `document` fits `everyone`, the roles' schema.

    What stays may still not fit: filters, orders and arguments are left as they are, for validation to refuse.
    """
    walk = _Walk(role, everyone, _conditions(document), _unused(document))
    definitions = [walk.definition(one) for one in document.definitions]
    kept = [one for one in definitions if one is not None]
    fragments = {one.name.value: one for one in kept if isinstance(one, FragmentDefinitionNode)}
    operations = [one for one in kept if isinstance(one, OperationDefinitionNode)]
    spread = {name for one in operations for name in _spread(one, fragments)}
    made = DocumentNode(
        definitions=tuple(
            _without_unused_variables(one, fragments) if isinstance(one, OperationDefinitionNode) else one
            for one in kept
            if not isinstance(one, FragmentDefinitionNode) or one.name.value in spread
        )
    )
    if print_ast(made) == print_ast(document):
        return Fitted(document)
    absences = {
        one.name.value if one.name else None: tuple(dict.fromkeys(walk.absences(one.selection_set, fragments, ())))
        for one in operations
    }
    return Fitted(made, walk.mark, absences)


@dataclass(slots=True)
class _Walk:
    role: GraphQLSchema
    everyone: GraphQLSchema
    conditions: Mapping[str, str]
    mark: str
    coordinates: dict[int, tuple[str, FieldNode]] = field(default_factory=dict)

    def definition(self, one: Any) -> Any:
        match one:
            case OperationDefinitionNode(operation=operation, selection_set=selections):
                root = self.role.get_root_type(operation)
                return replace(one, selection_set=self.selections(selections, root.name)) if root else one
            case FragmentDefinitionNode(type_condition=condition, selection_set=selections):
                type_ = condition.name.value
                if self.elsewhere(type_):
                    return None
                return replace(one, selection_set=self.selections(selections, type_))
        return one

    def elsewhere(self, type_: str) -> bool:
        """Whether the role lacks a type that another has."""
        return type_ not in self.role.type_map and type_ in self.everyone.type_map

    def selections(self, of: SelectionSetNode, type_: str) -> SelectionSetNode:
        kept = [made for one in of.selections if (made := self.selection(one, type_)) is not None]
        if not kept:  # a selection of nothing cannot be asked
            kept = [_field(TYPENAME, self.mark)]
        return replace(of, selections=tuple(kept))

    def selection(self, one: SelectionNode, type_: str) -> SelectionNode | None:
        match one:
            case FieldNode():
                return self.fitted(one, type_)
            case InlineFragmentNode(type_condition=condition, selection_set=selections):
                inner = condition.name.value if condition else type_
                if self.elsewhere(inner):
                    return None
                return replace(one, selection_set=self.selections(selections, inner))
            case FragmentSpreadNode(name=name):
                return None if self.elsewhere(self.conditions.get(name.value, "")) else one
        return one

    def fitted(self, one: FieldNode, type_: str) -> FieldNode:
        name = one.name.value
        if name.startswith("__"):
            return one
        held = _fields(self.role, type_).get(name)
        if held is not None:
            if one.selection_set is None:
                return one
            return replace(one, selection_set=self.selections(one.selection_set, get_named_type(held.type).name))
        if name not in _fields(self.everyone, type_):
            return one
        made = replace(_field(TYPENAME, self.mark + _key(one)), directives=one.directives)
        self.coordinates[id(made)] = f"{type_}.{name}", made
        return made

    def absences(self, selections: SelectionSetNode, fragments: Fragments, path: tuple[str, ...]) -> Iterator[Absence]:
        for one in selections.selections:
            match one:
                case FieldNode() if id(one) in self.coordinates:
                    key = _key(one).removeprefix(self.mark)
                    yield Absence(self.coordinates[id(one)][0], (*path, key))
                case FieldNode(selection_set=SelectionSetNode() as below):
                    yield from self.absences(below, fragments, (*path, _key(one)))
                case InlineFragmentNode(selection_set=below):
                    yield from self.absences(below, fragments, path)
                case FragmentSpreadNode(name=name) if name.value in fragments:
                    yield from self.absences(fragments[name.value].selection_set, fragments, path)


def _restored(value: Any, mark: str) -> Any:
    match value:
        case dict():
            made: dict[str, Any] = {}
            for key, held in value.items():
                if not key.startswith(mark):
                    made[key] = _restored(held, mark)
                elif key != mark:
                    made.setdefault(key.removeprefix(mark), None)
            return made
        case list():
            return [_restored(one, mark) for one in value]
    return value


def _unused(document: DocumentNode) -> str:
    """A beginning that no response key of the document has."""
    keys = {_key(one) for one in _nodes(document) if isinstance(one, FieldNode)}
    mark = MARK
    while any(key.startswith(mark) for key in keys):
        mark = f"_{mark}"
    return mark


def _conditions(document: DocumentNode) -> dict[str, str]:
    return {
        one.name.value: one.type_condition.name.value
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }


def _without_unused_variables(operation: OperationDefinitionNode, fragments: Fragments) -> OperationDefinitionNode:
    """What was a variable of the fields that are gone is a variable no more; it would not be valid."""
    asked: list[Node] = [operation.selection_set, *(operation.directives or ())]
    asked += [fragments[name] for name in _spread(operation, fragments)]
    used = {node.name.value for one in asked for node in _nodes(one) if isinstance(node, VariableNode)}
    kept = [one for one in operation.variable_definitions or () if one.variable.name.value in used]
    return replace(operation, variable_definitions=tuple(kept))


def _spread(operation: OperationDefinitionNode, fragments: Fragments) -> set[str]:
    """The fragments that an operation comes to."""
    found: set[str] = set()
    waiting: list[Node] = [operation]
    while waiting:
        for node in _nodes(waiting.pop()):
            if isinstance(node, FragmentSpreadNode) and node.name.value not in found and node.name.value in fragments:
                found.add(node.name.value)
                waiting.append(fragments[node.name.value])
    return found


class _Every(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Node] = []

    def enter(self, node: Node, *_: Any) -> None:
        self.found.append(node)


def _nodes(of: Node) -> list[Node]:
    """The node and every node below it."""
    visitor = _Every()
    visit(of, visitor)
    return visitor.found


def _fields(schema: GraphQLSchema, type_: str) -> Mapping[str, Any]:
    return getattr(schema.type_map.get(type_), "fields", {})


def _field(name: str, alias: str) -> FieldNode:
    return FieldNode(name=NameNode(value=name), alias=NameNode(value=alias), arguments=(), directives=())


def _key(one: FieldNode) -> str:
    return (one.alias or one.name).value
