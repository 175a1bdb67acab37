"""How much a document and its variables may hold, seen from their shape alone, before anything slower looks at them.

The rules of validation take time with the square of what stands side by side; here each selection is looked at once.
The budget of what may be read stands in `resolvers.budget`; this bounds the work of looking at a question at all.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from schema.errors import DocumentInvalid, OverBudget

MOST_CHARACTERS = 65_536
MOST_LINES = 2_000
MOST_TOKENS = 2_000
MOST_OPERATIONS = 20
MOST_DECLARED = 100
MOST_FIELDS = 500
MOST_FRAGMENTS = 50
MOST_SPREADS = 150
MOST_DIRECTIVES = 50
MOST_ALIKE = 20
MOST_PAIRS = 2_000
MOST_EXPANDED = 5_000
MOST_ENTRIES = 5_000
MOST_OBJECTS = 200
MOST_LISTED = 1_000
DEEPEST = 20
MOST_DESCRIBED = 1_000_000

# What introspection lists hold in a schema of this size; the standard question of tools comes to about 820,000.
LENGTHS = {
    "types": 200,
    "fields": 12,
    "args": 6,
    "inputFields": 12,
    "enumValues": 8,
    "possibleTypes": 25,
    "interfaces": 1,
    "directives": 5,
}
INTROSPECTION = frozenset({"__schema", "__type"})

Fragments = Mapping[str, FragmentDefinitionNode]


def check_text(text: str) -> None:
    """What is bounded before a text is parsed. Every error's place is found by counting lines. Raises OverBudget."""
    _bound(len(text), MOST_CHARACTERS, "characters")
    _bound(text.count("\n") + text.count("\r"), MOST_LINES, "lines")


def check(document: DocumentNode) -> None:
    """Raises OverBudget, telling what there is too much of, and DocumentInvalid for a fragment within itself."""
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    _bound(len(operations), MOST_OPERATIONS, "operations")
    _bound(sum(len(one.variable_definitions or ()) for one in operations), MOST_DECLARED, "variables")
    fields = spreads = directives = 0
    for one in document.definitions:
        directives += len(getattr(one, "directives", None) or ())
    for selections in selection_sets(document):
        alike: Counter[str] = Counter()
        for held in selections.selections:
            directives += len(held.directives or ())
            if isinstance(held, FieldNode):
                fields += 1
                alike[(held.alias or held.name).value] += 1
            elif isinstance(held, FragmentSpreadNode):
                spreads += 1
        _bound(max(alike.values(), default=0), MOST_ALIKE, "fields of one name side by side")
    _bound(directives, MOST_DIRECTIVES, "directives")
    _bound(fields, MOST_FIELDS, "fields")
    _bound(spreads, MOST_SPREADS, "fragment spreads")
    _bound(sum(isinstance(one, FragmentDefinitionNode) for one in document.definitions), MOST_FRAGMENTS, "fragments")
    _refuse_cycles(fragments)
    _check_expanded(document, fragments)
    _bound(_described(document, fragments), MOST_DESCRIBED, "entries of the schema")


def check_variables(given: Mapping[str, Any]) -> None:
    """Entries, objects, the length of a list and the depth of what the request fills in. Raises OverBudget."""
    for value in given.values():
        if isinstance(value, dict | list):
            return _check_nested(given)
    return None


def _check_nested(given: Mapping[str, Any]) -> None:
    entries = objects = depth = 0
    level: list[Any] = [given]
    while level:
        depth += 1
        _bound(depth - 1, DEEPEST, "levels", where="The variables hold")
        for one in level:
            entries += len(one)
            if isinstance(one, dict):
                objects += 1
            else:
                _bound(len(one), MOST_LISTED, "entries in one list", where="The variables hold")
        _bound(entries, MOST_ENTRIES, "entries", where="The variables hold")
        _bound(objects, MOST_OBJECTS, "objects", where="The variables hold")
        held = chain.from_iterable(one.values() if isinstance(one, dict) else one for one in level)
        level = [one for one in held if isinstance(one, dict | list)]


def selection_sets(document: DocumentNode) -> Iterator[SelectionSetNode]:
    """Every selection set of a document, however deep, each once."""
    waiting = [
        one.selection_set
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode | FragmentDefinitionNode)
    ]
    while waiting:
        selections = waiting.pop()
        yield selections
        waiting += [
            one.selection_set
            for one in selections.selections
            if isinstance(one, FieldNode | InlineFragmentNode) and one.selection_set is not None
        ]


def _bound(found: int, most: int, what: str, *, where: str = "The document holds") -> None:
    if found > most:
        raise OverBudget(f"{where} more than {most} {what}. {OverBudget.advice}")


def _refuse_cycles(fragments: Fragments) -> None:
    """A fragment that is spread within itself has no end; validation says so only after comparing what is in it."""
    below = {
        name: {
            held.name.value
            for selections in _sets_of(one.selection_set)
            for held in selections.selections
            if isinstance(held, FragmentSpreadNode) and held.name.value in fragments
        }
        for name, one in fragments.items()
    }
    while ends := [name for name, spread in below.items() if not spread & below.keys()]:
        for name in ends:
            del below[name]
    if below:
        raise DocumentInvalid("A fragment is spread within itself.")


def _sets_of(selections: SelectionSetNode) -> Iterator[SelectionSetNode]:
    waiting = [selections]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += [
            held.selection_set
            for held in one.selections
            if isinstance(held, FieldNode | InlineFragmentNode) and held.selection_set is not None
        ]


def _check_expanded(document: DocumentNode, fragments: Fragments) -> None:
    """What execution would collect, fragments put in, and how many pairs validation compares in it.

    Fields of one name are merged, and each is compared with each (GraphQL, section 5.3.2); fragments too.
    """
    expanded = pairs = 0
    waiting: list[list[SelectionSetNode]] = [
        [one.selection_set]
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode | FragmentDefinitionNode)
    ]
    while waiting:
        alike: dict[str, list[SelectionSetNode | None]] = {}
        spread: set[str] = set()
        level = waiting.pop()
        while level:
            for one in level.pop().selections:
                expanded += 1
                match one:
                    case FieldNode(alias=alias, name=name, selection_set=below):
                        alike.setdefault((alias or name).value, []).append(below)
                    case InlineFragmentNode(selection_set=below):
                        level.append(below)
                    case FragmentSpreadNode(name=name) if name.value in fragments and name.value not in spread:
                        spread.add(name.value)
                        level.append(fragments[name.value].selection_set)
            _bound(expanded, MOST_EXPANDED, "fields, with its fragments put in,")
        pairs += _pairs(len(spread))
        for held in alike.values():
            pairs += _pairs(len(held))
            if deeper := [below for below in held if below is not None]:
                waiting.append(deeper)
        _bound(pairs, MOST_PAIRS, "pairs of fields of one name")


def _pairs(of: int) -> int:
    return of * (of - 1) // 2


def _described(document: DocumentNode, fragments: dict[str, FragmentDefinitionNode]) -> int:
    """How many entries the answers to `__schema` and `__type` would hold, all together."""
    known: dict[str, int] = {}

    def entries(selections: Iterable[SelectionNode]) -> int:
        total = 0
        for one in selections:
            match one:
                case FieldNode(name=name, selection_set=below):
                    inner = entries(below.selections) if below is not None else 0
                    total += LENGTHS.get(name.value, 1) * (1 + inner)
                case InlineFragmentNode(selection_set=below):
                    total += entries(below.selections)
                case FragmentSpreadNode(name=name) if name.value in fragments:
                    if name.value not in known:
                        known[name.value] = 0  # a cycle is refused by validation
                        known[name.value] = entries(fragments[name.value].selection_set.selections)
                    total += known[name.value]
        return min(total, MOST_DESCRIBED + 1)

    return sum(
        entries([one])
        for selections in selection_sets(document)
        for one in selections.selections
        if isinstance(one, FieldNode) and one.name.value in INTROSPECTION
    )
