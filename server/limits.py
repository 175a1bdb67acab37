"""How much a document may hold, seen from its shape alone, before the rules whose work grows with its square.

The budget of what may be read stands in `resolvers.budget`; this bounds the work of looking at a document at all.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

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

from schema.errors import OverBudget

MOST_FIELDS = 1_000
MOST_FRAGMENTS = 100
MOST_SPREADS = 300
MOST_ALIKE = 20
MOST_DESCRIBED = 2_000_000

# What introspection lists hold in a schema of this size; the standard question of tools comes to about 700,000.
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


def check(document: DocumentNode) -> None:
    """Raises OverBudget, telling what there is too much of."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    fields = spreads = 0
    for selections in selection_sets(document):
        alike: Counter[str] = Counter()
        for one in selections.selections:
            if isinstance(one, FieldNode):
                fields += 1
                alike[one.alias.value if one.alias else one.name.value] += 1
            elif isinstance(one, FragmentSpreadNode):
                spreads += 1
        _bound(max(alike.values(), default=0), MOST_ALIKE, "fields of one name side by side")
    _bound(fields, MOST_FIELDS, "fields")
    _bound(spreads, MOST_SPREADS, "fragment spreads")
    _bound(len(fragments), MOST_FRAGMENTS, "fragments")
    _bound(_described(document, fragments), MOST_DESCRIBED, "entries of the schema")


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


def _bound(found: int, most: int, what: str) -> None:
    if found > most:
        raise OverBudget(f"The document holds more than {most} {what}. {OverBudget.advice}")


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
