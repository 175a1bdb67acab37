"""The dictionary: what the fields are that a viewer's role may see. It is about no person and asks no database; what
the graph says of a field is read beside it (`resolvers.beside`), where it is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graph.view import TypeView
from schema.errors import ValueInvalid
from schema.generate_dictionary import DICTIONARY
from schema.governance import Retention
from schema.purposes import LegalBasis

if TYPE_CHECKING:
    from resolvers.read import Request

NAMES = (DICTIONARY,)


@dataclass(frozen=True, slots=True)
class Definition:
    """What is known of one field. `kept` says when it is forgotten, `decided_by` what chooses among sources' values."""

    type: str
    field: str
    definition: str
    category: str
    owner: str
    steward: str
    basis: LegalBasis
    why: str
    kept: tuple[Retention, ...] = ()
    decided_by: tuple[str, ...] = ()


async def defined(name: str, asked: Mapping[str, Any], request: "Request") -> tuple[list[dict[str, Any]], None]:
    """The definitions of the fields that the viewer's role has, in the order of the model; of nobody, so not recorded.

    No field that the role does not have is named in them either.
    Raises ValueInvalid for a type that the role does not have.
    """
    wanted = asked.get("type")
    types = request.view.types
    if wanted is not None and not (wanted in types and types[wanted].fields):
        raise ValueInvalid("There is no such type.")
    return [
        _told(one, types[one.type])
        for one in request.dictionary
        if (wanted is None or one.type == wanted) and one.type in types and one.field in types[one.type].fields
    ], None


def _told(one: Definition, seen: TypeView) -> dict[str, Any]:
    return {
        "__typename": "FieldDefinition",
        "type": one.type,
        "field": one.field,
        "definition": one.definition,
        "category": one.category,
        "owner": one.owner,
        "steward": one.steward,
        "basis": one.basis.name,
        "why": one.why,
        "kept": [rule.in_words(named=rule.since in seen.fields) for rule in one.kept],
        "decidedBy": list(one.decided_by),
    }
