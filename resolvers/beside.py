"""Beside a definition: what the graph says of a field, read by one compiled statement where it is asked for.

The statement is the one of the list itself (`qualityMeasures`, `definitionProposals`), over the same View: the
dictionary tells of a field nothing that its role could not ask there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.selection import Field, Many, Node, NodeList
from graph.view import View
from schema.enums import ProposalState
from schema.generate_dictionary import BESIDE, PROPOSALS, QUALITY
from schema.measured import RECORD, ROW
from schema.model import MODEL

MOST = 1_000
ASKED, KEYS = "asked", "keys"
MEASURED_TYPE = "Customer"
"""Measures are of attributes of golden records."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _List:
    """Which records of a list count, in which order, and by which of their fields they are put beside a definition."""

    where: Mapping[str, object]
    order: tuple[Mapping[str, str], ...]
    keys: tuple[str, ...]


_LISTS: Mapping[str, _List] = {
    QUALITY: _List(
        {"latest": {"eq": True}, "attribute": {"notIn": [RECORD, ROW]}},
        ({"system": "ASC"}, {"dimension": "ASC"}),
        ("attribute", "system", "dimension", "latest"),
    ),
    PROPOSALS: _List(
        {"state": {"in": [ProposalState.OPEN, ProposalState.ACCEPTED]}},
        ({"proposedAt": "DESC"},),
        ("field", "state", "replaces", "decidedAt", "proposedAt"),
    ),
}


def has(view: View, name: str) -> bool:
    """Whether a role can be told of it: it sees, as they are, the fields by which it is put beside a definition."""
    seen = view.types.get(BESIDE[name][0])
    return seen is not None and all(key in seen.fields and seen.fields[key].plain for key in _LISTS[name].keys)


def asked(name: str, nodes: tuple[Node, ...]) -> Many:
    """The list to read: what is asked of each record, and what tells to which definition it belongs."""
    type_, how = BESIDE[name][0], _LISTS[name]
    keys = Node(type_, tuple((key, Field(key)) for key in how.keys))
    arguments = {"first": MOST, "where": how.where, "orderBy": list(how.order)}
    return Many(MODEL[type_].plural, ((ASKED, NodeList(nodes)), (KEYS, NodeList((keys,)))), arguments)


def placed(name: str, definitions: Sequence[Row], rows: Sequence[Row]) -> list[list[int]]:
    """For each definition the places of the rows that belong beside it, in their order."""
    found: dict[tuple[str, str], list[int]] = {}
    for place, row in enumerate(rows):
        type_, _, field = (MEASURED_TYPE, ".", row["attribute"]) if name == QUALITY else row["field"].partition(".")
        found.setdefault((type_, field), []).append(place)
    belong = [found.get((one["type"], one["field"]), []) for one in definitions]
    if name == QUALITY:
        return belong
    pairs = zip(definitions, belong, strict=True)
    return [list(_pending(str(one["definition"]), rows, places)) for one, places in pairs]


def _pending(definition: str, rows: Sequence[Row], places: Sequence[int]) -> Iterator[int]:
    """Proposals that wait, and the accepted one that is to be in force: the last, while the field says what it said."""
    accepted = [place for place in places if rows[place]["state"] == ProposalState.ACCEPTED.name]
    last = max(accepted, key=lambda place: str(rows[place]["decidedAt"]), default=None)
    for place in places:
        if rows[place]["state"] == ProposalState.OPEN.name or (place == last and rows[place]["replaces"] == definition):
            yield place
