"""Rights: `rightsOffered`, which rights a customer has by the legal bases on which her data is used now.

Her standings are read as the viewer sees them, by the compiled read; what follows from them is `schema.rights`. The
look is on record.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from auth.disclosure import Answered, Sought
from graph.emit import emit
from graph.expr import Value, Variable
from graph.plan import plan_one
from graph.read import ById
from graph.selection import Field, Many, Node, NodeList, One
from resolvers.bind import bind
from resolvers.disclose import discloser
from schema.generate_rights import RIGHTS
from schema.model import MODEL, Scalar
from schema.purposes import PURPOSES, LegalBasis
from schema.rights import Offered, in_words, rights_offered

if TYPE_CHECKING:
    from resolvers.read import Request

NAMES = (RIGHTS,)
WHO = "who"
_STANDING = Node("Standing", tuple((name, Field(name)) for name in ("purpose", "lawful", "basis", "until")))
_LIST = Many("standings", (("nodes", NodeList((_STANDING,))),), {"first": 2 * len(PURPOSES)})
_STANDINGS = One("customer", (Node("Customer", (("standings", _LIST),)),))


async def offered(
    name: str, asked: Mapping[str, Any], request: "Request"
) -> tuple[list[dict[str, Any]] | None, Answered]:
    """The rights, null where the customer is not there for the viewer; and what is to be recorded."""
    customer = str(asked["customer"])
    read, _ = plan_one(ById(Value(Variable((WHO,)), Scalar.ID)), _STANDINGS, request.view)
    statement, told = emit(read, name), discloser(read.legs, None)
    rows: Sequence[Any] = ()
    if customer.partition("_")[0] == MODEL["Customer"].prefix:
        values = bind(
            statement, {WHO: customer}, request.viewer, request.view, request.sealer({}), request.now, request.reveals
        )
        rows = await request.database.read(statement.text, values)
    if not rows:
        return None, Answered(name, (), Sought("id", customer, False), ())
    carried = {
        str(one["purpose"]): LegalBasis[one["basis"]]
        for one in rows[0]["standings"][: 2 * len(PURPOSES)]
        if one["lawful"] and one["basis"] and one["purpose"] and _lasts(one["until"], request.now)
    }
    ordered = dict(sorted(carried.items()))  # their ids say nothing to whoever reads it
    return [_told(one) for one in rights_offered(ordered)], Answered(name, told.shown(rows), None, ())


def _lasts(until: str | None, now: datetime) -> bool:
    return until is None or datetime.fromisoformat(until).astimezone(UTC) > now


def _told(one: Offered) -> dict[str, Any]:
    return {
        "__typename": "OfferedRight",
        "right": one.right.name,
        "law": one.law,
        "about": in_words(one),
        "purposes": list(one.purposes),
        "limitedBy": list(one.limited_by),
    }
