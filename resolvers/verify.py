"""Verify: whether what a caller says is what is known of a customer, told by yes and no alone.

A declassification: it goes through the View, so that who is not there for the viewer cannot be verified; what is on
file never leaves the database, and nothing on file is answered as a wrong answer is. Wrong answers are counted in the
graph, of each viewer and about each customer, so that neither guessing nor a restart leads anywhere.
"""

from typing import cast

from auth.disclosure import Answered, Disclosure, Shown, Sought
from graph.emit_verify import ANSWERS, emit_verify
from graph.emit_write import TARGET
from graph.session import Run
from resolvers.bind import bind
from resolvers.budget import Cost
from resolvers.caller_answer import comparable
from resolvers.mutation import Writer
from resolvers.read import Request
from resolvers.select import type_of_id
from resolvers.statement_texts import text
from schema.caller_facts import FIELDS
from schema.enums import CallerFact
from schema.errors import NotThere, TooManyWrongAnswers
from schema.model import MODEL

ROOT = "verifyCaller"


async def verify(request: Request, customer: str, fact: CallerFact, answer: str) -> bool:
    """Whether the answer is right. On record, durably, before it is told, and counted where it is wrong.

    Raises ValueInvalid for an answer that can be none, NotThere for who is not there for the viewer or a fact that the
    role may not verify by, TooManyWrongAnswers before anything is compared, TooOften, and what writing and recording
    raise.
    """
    request.pace.charge(Cost(lookups=1))
    answers = comparable(fact, answer)
    verifying = request.view.verifying
    name = ".".join(FIELDS[fact])
    if type_of_id(customer) is not MODEL["Customer"] or fact not in verifying.facts:
        raise NotThere
    statement = emit_verify(fact, request.view)
    parameters = bind(
        statement, {TARGET: customer, ANSWERS: answers}, request.viewer, request.view, request.sealer({}), request.now
    )

    async def work(run: Run) -> tuple[bool, int] | None:
        rows = await run(statement.text, parameters)
        if not rows:
            return None
        counted = {
            "viewer": f"viewer {request.viewer.subject}",
            "customer": f"customer {customer}",
            "matched": rows[0]["matched"],
            "mostOfViewer": verifying.of_viewer,
            "mostOfCustomer": verifying.of_customer,
            "minutes": verifying.minutes,
        }
        (told,) = await run(text("count_answer"), counted)
        return (False, int(told["seconds"])) if told["refused"] else (bool(rows[0]["matched"]), 0)

    found = await cast(Writer, request.database).transaction(work)
    sought = Sought("id", customer, found is not None and found[0])
    if found is None:
        await _record(request, Answered(ROOT, (), sought, ()))
        raise NotThere
    matched, seconds = found
    # Of a wrong answer the trail knows whom it was about by who was sought, of a right one by who was found.
    shown = (Shown((), (), (customer,)),) if matched else ()
    await _record(request, Answered(ROOT, shown, sought, (name,) if not seconds else ()))
    if seconds:
        raise TooManyWrongAnswers(seconds=seconds)
    return matched


async def _record(request: Request, answered: Answered) -> None:
    viewer = request.viewer
    await request.trail.record(
        Disclosure(request.now, viewer.subject, viewer.role, viewer.purpose, request.id, ROOT, (answered,))
    )
