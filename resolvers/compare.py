"""Compare: `whyMatched` and `whyNotMatched`, for roles that see what records agree on.

The records are those that the viewer sees of customers whom the viewer sees, by the compiled read of both. How they
compare is found out of these records alone, by the package above that matches (`Compare`), so no other record and no
decision on another one has a part in the answer. The look is on record for each of the customers.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from auth.disclosure import Answered, Shown, Sought
from graph.emit import emit
from graph.expr import Value, Variable
from graph.plan import plan_one
from graph.read import ById
from graph.selection import Field, Many, Node, NodeList, One
from graph.vault.vault import Opener
from resolvers.bind import bind
from resolvers.disclose import NOBODY, discloser
from schema.generate_why import WHY, WHY_NOT
from schema.model import MODEL, Scalar

if TYPE_CHECKING:
    from resolvers.read import Reader, Request

NAMES = (WHY, WHY_NOT)
MOST_RECORDS = 50
WHO = "who"
Told = dict[str, Any]
Compare = Callable[["Reader", Opener, Sequence[Sequence[str]]], Awaitable[list[Told]]]
"""How the records of one customer compare with each other, or those of two across; by the ids of records."""
_RECORD = Node("SourceRecord", (("id", Field("id")), ("evidence", Field("evidence"))))
_LIST = Many("sourceRecords", (("nodes", NodeList((_RECORD,))),), {"first": MOST_RECORDS})
_RECORDS = One("customer", (Node("Customer", (("sourceRecords", _LIST),)),))


async def nothing(database: "Reader", keys: Opener, records: Sequence[Sequence[str]]) -> list[Told]:
    """Where nobody compares."""
    del database, keys, records
    return []


async def compared(name: str, asked: Mapping[str, Any], request: "Request") -> tuple[list[Told] | None, Answered]:
    """The answer of one of the roots that compare, null where a customer is not there for the viewer; and what is to
    be recorded. Raises what reading raises.
    """
    customers = [str(asked["customer"])] if name == WHY else [str(asked["one"]), str(asked["other"])]
    read, _ = plan_one(ById(Value(Variable((WHO,)), Scalar.ID)), _RECORDS, request.view)
    statement, told = emit(read, name), discloser(read.legs, None)
    records: list[list[str]] = []
    shown: list[Shown] = []
    for customer in customers:
        rows: Sequence[Any] = ()
        if customer.partition("_")[0] == MODEL["Customer"].prefix:
            sealer = request.sealer({})
            values = bind(
                statement, {WHO: customer}, request.viewer, request.view, sealer, request.now, request.reveals
            )
            rows = await request.database.read(statement.text, values)
        if not rows:
            return None, Answered(name, (), Sought("id", customer, False), ())
        records.append([row["id"] for row in rows[0]["sourceRecords"][:MOST_RECORDS]])
        shown += told.shown(rows)
    about = {subject for one in shown for subject in one.subjects if subject != NOBODY}
    what = Shown(("SourceRecord.evidence",), (), tuple(sorted(about)))
    return await request.compare(request.database, request.keys, records), Answered(name, (what,), None, ())
