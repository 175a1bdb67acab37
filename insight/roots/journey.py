"""The root `journey`: what happened with one customer, read as the viewer sees it, and what follows from that.

Two statements: one reads the customer, the other what the company's journeys teach of what comes next. Both are
compiled through the viewer's View, and the look is on record.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from auth.disclosure import Answered, Shown, Sought
from graph.emit import emit
from graph.expr import Bond, Value, Variable
from graph.plan import plan_many, plan_one
from graph.read import ById, ByLabel
from graph.selection import Field, Many, Node, NodeList
from insight.flows import ANY
from insight.journey import Journeys, Repeat, Stage, Step, Visit, journeys
from insight.journey_chances import END, START
from insight.journey_words import in_words, repeat_in_words
from insight.roots.journey_read import SINCE, UNTIL, moments, more, selection
from resolvers.bind import bind
from resolvers.disclose import discloser
from resolvers.read import Request
from resolvers.shape import Missing, Shaper, connection, filled, shaper
from schema.errors import RecordIncomplete, ValueInvalid
from schema.generate_journey import JOURNEY
from schema.model import MODEL, Scalar

WHO, AT, BEFORE = "who", "at", "before"
AT_ONCE = 500
LATEST_VISITS = 100
LATEST_REPEATS = 20
LATEST_RECORDS = 50
LEAST_TOLD = 0.5
"""How much of what may come next has to be told, as a share."""
BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
NOTHING_MORE = "nothing more comes"
_FLOW = ("month", "segment", "channel", "before", "fromStage", "toStage", "chance")
_FLOWS = Many(
    "journeyFlows",
    (("nodes", NodeList((Node("JourneyFlow", tuple((name, Field(name)) for name in _FLOW)),))),),
    {
        "first": 200,
        "where": {
            "month": {"eq": ANY},
            "segment": {"eq": ANY},
            "channel": {"eq": ANY},
            "fromStage": {"eq": Variable((AT,))},
            "before": {"in": Variable((BEFORE,))},
        },
    },
)


async def journey_told(
    name: str, asked: Mapping[str, Any], request: Request
) -> tuple[dict[str, Any] | None, Answered | None]:
    """The journey, null where the customer is not there for the viewer; and what is to be recorded.

    Raises ValueInvalid for a time that cannot be, CursorInvalid, RecordIncomplete, and the errors of the database.
    """
    since, until = asked.get("since"), asked.get("until")
    if any(one is not None and one.tzinfo is None for one in (since, until)):
        raise ValueInvalid("'since' and 'until' are moments with their offset from UTC.")
    since, until = since or BEGINNING, min(until or request.now, request.now)
    customer = str(asked["customer"])
    row, shape, shown = await _read(name, customer, since, until, request)
    if row is None:
        return None, Answered(name, (), Sought("id", customer, False), ())
    stages = tuple(Stage(one.name, one.title, one.drop_off, one.gap) for one in request.journey.stages)

    def worked_out() -> tuple[Journeys, bool]:
        told = _made(shape, {"row": row}, request)
        return journeys(moments(told, request.journey, since, until), stages, request.now), more(told)

    # Ten thousand interactions take a while of the processor; the loop goes on meanwhile.
    many = len(row["interactions"]) > AT_ONCE
    found, truncated = await asyncio.to_thread(worked_out) if many else worked_out()
    following, chances_shown = await _following(name, found, request)
    answer = {
        "__typename": "Journey",
        "words": in_words(found, stages, request.now, following or {}),
        "journeys": found.count,
        "stepCount": len(found.steps),
        "truncated": truncated,
        "channelChanges": found.channel_changes,
        "handOvers": found.hand_overs,
        **_steps(found.steps, asked, request),
        "visits": [_visit(one, stages) for one in found.visits[-LATEST_VISITS:]],
        "repeats": [_repeat(one) for one in found.repeats[-LATEST_REPEATS:]],
        "next": None if following is None else _chances(following, stages),
    }
    return answer, Answered(name, (*shown, *chances_shown), None, ("Interaction.occurredAt",))


async def _read(
    name: str, customer: str, since: datetime, until: datetime, request: Request
) -> tuple[Mapping[str, Any] | None, Shaper, tuple[Shown, ...]]:
    """The row of the customer, None where she is not there for the viewer; how it is shaped; and what it tells."""
    read, placed = plan_one(ById(Value(Variable((WHO,)), Scalar.ID)), selection(request.view), request.view)
    given = {WHO: customer, SINCE: since, UNTIL: until}
    rows: Sequence[Any] = ()
    if customer.partition("_")[0] == MODEL["Customer"].prefix:
        rows = await _rows(name, emit(read, name), given, request)
    return rows[0] if rows else None, shaper(placed), discloser(read.legs, None).shown(rows)


async def _following(name: str, found: Journeys, request: Request) -> tuple[dict[str, float] | None, tuple[Shown, ...]]:
    """How likely each stage comes next; None where the viewer does not see the company's figures, or none are kept."""
    seen = request.view.types.get("JourneyFlow")
    if seen is None or any(one not in seen.fields or not seen.fields[one].plain for one in _FLOW) or not found.visits:
        return None, ()
    last = found.visits[-1]
    earlier = [one.stage for one in found.visits[:-1] if one.journey == last.journey]
    at = START if last.over else last.stage
    if at is None:
        return None, ()
    before = ANY if last.over else (earlier[-1] if earlier else START) or ANY
    read, placed = plan_many(ByLabel(), _FLOWS, request.view, "JourneyFlow")
    rows = await _rows(name, emit(read, name), {AT: at, BEFORE: [before, ANY]}, request)
    flows = _made(connection(placed), {"rows": rows}, request)["nodes"]
    kinds = ({one["toStage"]: float(one["chance"]) for one in flows if one["before"] == way} for way in (before, ANY))
    # Figures of a few are not kept: where most of what may come is among them, the others would mislead.
    chances = next((told for told in kinds if sum(told.values()) >= LEAST_TOLD), None)
    return chances, discloser(read.legs, read.page).shown(rows)


async def _rows(name: str, statement: Any, given: Mapping[str, Any], request: Request) -> Sequence[Any]:
    values = bind(statement, given, request.viewer, request.view, request.sealer({}), request.now, request.reveals)
    with request.observer.reading(name, statement.text) as stage:
        rows = await request.database.read(statement.text, values)
        stage.rows(len(rows))
    return rows


def _made(shape: Any, row: Mapping[str, Any], request: Request) -> Any:
    """What the rows say, as the API would tell it: pseudonyms are made, and what is lacking is null."""
    try:
        return filled(shape(row, request.sealer({})), ())[0]
    except Missing:
        raise RecordIncomplete from None


def _steps(steps: Sequence[Step], asked: Mapping[str, Any], request: Request) -> dict[str, Any]:
    """The latest steps before a cursor, and a cursor to those before them."""
    bond = Bond(JOURNEY, ("at", "record", "what"), {one: asked.get(one) for one in ("customer", SINCE, UNTIL)})
    sealer = request.sealer({})
    if (before := asked.get("before")) is not None:
        limit = sealer.open(before, bond)
        steps = [one for one in steps if _position(one) < limit]
    page = steps[-asked["last"] :] if asked["last"] else []
    left = len(steps) > len(page)
    return {
        "steps": [_step(one) for one in page],
        "earlier": sealer.seal(_position(page[0]), sealer.bond(bond)) if left and page else None,
    }


def _position(one: Step) -> list[str]:
    return [one.moment.at.isoformat(), one.moment.key, one.moment.what, one.moment.team or ""]


def _step(one: Step) -> dict[str, Any]:
    return {
        "__typename": "JourneyStep",
        "record": one.moment.key,
        "what": one.moment.what,
        "at": _text(one.moment.at),
        "journey": one.journey,
        "stage": one.stage,
        "channel": one.moment.channel,
        "about": one.moment.subject,
        "channelChanged": one.channel_changed,
        "handedOver": one.handed_over,
        "repeat": one.repeat,
    }


def _visit(one: Visit, stages: Sequence[Stage]) -> dict[str, Any]:
    return {
        "__typename": "JourneyVisit",
        "journey": one.journey,
        "stage": one.stage,
        "title": next((stage.title for stage in stages if stage.name == one.stage), None),
        "since": _text(one.since),
        "until": _text(one.until),
        "hours": round(one.dwell.total_seconds() / 3600, 2),
        "steps": one.steps,
        "channels": list(one.channels),
        "over": one.over,
        "droppedOff": one.dropped,
    }


def _repeat(one: Repeat) -> dict[str, Any]:
    return {
        "__typename": "JourneyRepeat",
        "about": one.subject,
        "times": one.times,
        "words": repeat_in_words(one),
        "records": list(one.keys[-LATEST_RECORDS:]),
    }


def _chances(following: Mapping[str, float], stages: Sequence[Stage]) -> list[dict[str, Any]]:
    titles = {stage.name: stage.title for stage in stages} | {END: NOTHING_MORE}
    return [
        {"__typename": "JourneyChance", "stage": name, "title": titles[name], "chance": round(following[name], 3)}
        for name in sorted(following, key=lambda one: (-following[one], one))
        if name in titles
    ]


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
