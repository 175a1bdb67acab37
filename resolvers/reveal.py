"""Reveal: one masked or withheld field of one node, shown to one viewer for a short while, for a reason on record.

A declassification: it goes through the View, so that what is not there for the viewer cannot be revealed, and it opens
neither filter nor order, which read what is disclosed to everyone of the role.
"""

import re
from datetime import datetime, timedelta

from auth.disclosure import Answered, Disclosure, Shown, Sought, Why
from graph.emit import emit
from graph.expr import Value
from graph.plan import plan_one
from graph.read import ById
from graph.selection import Field, Node, One
from resolvers.bind import bind
from resolvers.budget import Cost
from resolvers.disclose import discloser
from resolvers.read import Request
from resolvers.select import type_of_id
from schema.enums import RevealReason
from schema.errors import RevealRefused, ValueInvalid
from schema.model import Scalar

ROOT = "reveal"
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,39}")
"""The number of a case or ticket. Words would be about a person, and what is on record cannot be taken back."""


async def reveal(
    request: Request, id_: str, field: str, reason: RevealReason, reference: str | None = None
) -> datetime:
    """Reveal a field, by its name in GraphQL, of the node with this id; until when it is revealed.

    On record, durably, before it holds. Raises RevealRefused for what is not there for the viewer or not the role's to
    reveal, ValueInvalid for a reference that is not one, TooOften for too many look-ups, and what reading and recording
    raise.
    """
    if reference is not None and not REFERENCE.fullmatch(reference):
        raise ValueInvalid("A reference is the number of a case or ticket: letters, digits and ./_- up to 40.")
    why = Why(reason, reference)
    kind = type_of_id(id_)
    seen = request.view.types.get(kind.name) if kind is not None else None
    if seen is None or field not in seen.reveals:
        raise RevealRefused
    request.pace.charge(Cost(lookups=1))
    read, _ = plan_one(ById(Value(id_, Scalar.ID)), One(ROOT, (Node(seen.name, (("id", Field("id")),)),)), request.view)
    statement = emit(read, ROOT)
    parameters = bind(statement, {}, request.viewer, request.view, request.sealer({}), request.now, request.reveals)
    rows = await request.database.read(statement.text, parameters)
    if not rows:
        await _record(request, Answered(ROOT, (), Sought("id", id_, False), (), why))
        raise RevealRefused
    about = {subject for shown in discloser(read.legs, None).shown(rows) for subject in shown.subjects}
    name = f"{seen.name}.{field}"
    await _record(request, Answered(ROOT, (Shown((name,), (), tuple(sorted(about))),), None, (), why))
    until = request.now + timedelta(minutes=request.view.reveal_minutes)
    request.reveals.grant(request.viewer, name, id_, until)
    return until


async def _record(request: Request, answered: Answered) -> None:
    viewer = request.viewer
    await request.trail.record(
        Disclosure(request.now, viewer.subject, viewer.role, viewer.purpose, request.id, ROOT, (answered,))
    )
