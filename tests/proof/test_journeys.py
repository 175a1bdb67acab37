"""`journey` tells what follows from what its viewer sees of a customer, and nothing of one who is not there.

What the viewer sees is asked of the oracle, as the document that the selection of the root amounts to.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import pytest
from graphql import ExecutionResult

from graph.selection import Field, Many, Node, NodeList, One, Typename
from graph.session import Database
from insight.api import WAYS
from insight.journey import journeys
from insight.journey_words import in_words
from insight.kept.journeys import stages_of
from insight.roots.journey import BEGINNING
from insight.roots.journey_read import moments, selection
from schema.journey import shipped_journey
from tests.proof.asking import Role, asker, expected, policies, request, role
from tests.proof.leaks import LEAKS, planted
from tests.proof.oracle_sight import Asker, Projection, project
from tests.proof.worlds import NOW, UNTIDY, store, world

STANDPOINTS = (
    ("customer", "self"),
    ("service_rep", "service"),
    ("operations_manager", "operations"),
    ("data_scientist", "analytics"),
    ("data_steward", "stewardship"),
    ("privacy_officer", "privacy"),
)
MOST_ROUNDS_FOR_A_LEAK = 8
NOBODY = "cus_nobody"
TEXT = """query ($id: ID!) { journey(customer: $id, last: 1000) {
  words journeys stepCount truncated channelChanges handOvers earlier
  steps { record what at journey stage channel about channelChanged handedOver repeat }
  visits { journey stage since until hours steps over droppedOff channels }
  repeats { about times records } } }"""
STAGES = shipped_journey()


def written(asked: Node) -> str:
    """A selection as GraphQL."""
    return " ".join(f"{key}: {_part(part)}" for key, part in asked.items)


def _part(part: object) -> str:
    match part:
        case Typename():
            return "__typename"
        case Field(name):
            return name
        case One(edge, (node,)):
            return f"{edge} {{ {written(node)} }}"
        case Many(edge, ((_, NodeList(nodes)),), arguments):
            return f"{edge}{_arguments(arguments)} {{ nodes {{ {_several(nodes)} }} }}"
    raise AssertionError(part)


def _several(nodes: Sequence[Node]) -> str:
    if len(nodes) == 1:
        return written(nodes[0])
    return " ".join(f"... on {node.type} {{ {written(node)} }}" for node in nodes)


def _arguments(arguments: Mapping[str, Any]) -> str:
    given = [f"first: {min(1000, arguments['first'])}"]
    if "where" in arguments:
        given.append(f'where: {{occurredAt: {{gte: "{BEGINNING.isoformat()}", lte: "{NOW.isoformat()}"}}}}')
    if "orderBy" in arguments:
        ((name, direction),) = arguments["orderBy"][0].items()
        given.append(f"orderBy: [{{{name}: {direction}}}]")
    return f"({', '.join(given)})"


def right(of: Role, who: Asker, seen: Projection, customer: str) -> dict[str, Any] | None:
    """What follows from what the oracle sees."""
    (node,) = selection(of.view).nodes
    text = f"query ($id: ID!) {{ customer(id: $id) {{ {written(node)} }} }}"
    answer = orjson.loads(expected(of, who, seen, text, {"id": customer}))
    assert not answer["errors"], answer
    told = answer["data"]["customer"]
    if told is None:
        return None
    stages = stages_of(STAGES)
    found = journeys(moments(told, STAGES, BEGINNING, NOW), stages, NOW)
    return {
        "words": in_words(found, stages, NOW, {}),
        "journeys": found.count,
        "stepCount": len(found.steps),
        "steps": [
            (one.moment.key, one.moment.what, one.moment.at.isoformat(), one.stage, one.moment.channel, one.repeat)
            for one in found.steps
        ],
        "visits": [(one.journey, one.stage, one.steps, one.over, one.dropped) for one in found.visits[-100:]],
        "repeats": [(one.subject, one.times, list(one.keys)) for one in found.repeats[-20:]],
        "changes": (found.channel_changes, found.hand_overs),
    }


def said(told: dict[str, Any] | None) -> dict[str, Any] | None:
    """The product's answer in the same form."""
    if told is None:
        return None
    assert (told["truncated"], told["earlier"]) == (False, None)
    steps = ("record", "what", "at", "stage", "channel", "repeat")
    visits = ("journey", "stage", "steps", "over", "droppedOff")
    return {
        **{name: told[name] for name in ("words", "journeys", "stepCount")},
        "steps": [
            tuple(one[name].replace("Z", "+00:00") if name == "at" else one[name] for name in steps)
            for one in told["steps"]
        ],
        "visits": [tuple(one[name] for name in visits) for one in told["visits"]],
        "repeats": [(one["about"], one["times"], one["records"]) for one in told["repeats"]],
        "changes": (told["channelChanges"], told["handOvers"]),
    }


async def fault(database: Database, seed: int, name: str, purpose: str) -> tuple[str, int]:
    """The first answer that is not what follows from what is seen, empty for none; and how many told a step."""
    chance = random.Random(seed)
    drawn = world(chance, 4, UNTIDY)
    who, of = asker(chance, drawn, name, purpose), role(name, purpose)
    seen, telling = project(drawn, policies()[name], who), 0
    await store(database, drawn)
    for customer in (*(one.id for one in drawn.of("Customer")), NOBODY):
        asked = request(of, who, database)
        asked.ways = WAYS
        result: ExecutionResult | Any = await of.schema.execute(TEXT, {"id": customer}, context_value=asked)
        assert not result.errors, result.errors
        told, follows = said((result.data or {})["journey"]), right(of, who, seen, customer)
        if told != follows:
            return f"{customer}: {told} and not {follows}", telling
        telling += bool(told and told["steps"])
    return "", telling


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize(("name", "purpose"), STANDPOINTS)
async def test_a_journey_is_what_follows_from_what_is_seen(database: Database, name: str, purpose: str) -> None:
    """For each customer of some worlds, and for one whom there is not."""
    telling = 0
    for seed in range(4):
        found, told = await fault(database, seed, name, purpose)
        assert found == ""
        telling += told
    assert telling > 0


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("leak", "name", "purpose"),
    [
        ("row_rule_forgotten", "service_rep", "service"),
        ("status_gate_forgotten", "service_rep", "service"),
        ("standing_for_anything", "data_scientist", "analytics"),
        ("below_unguarded", "data_scientist", "analytics"),
    ],
)
async def test_what_may_not_be_seen_is_in_no_journey(database: Database, leak: str, name: str, purpose: str) -> None:
    """Where the View lets through what it should not, the same comparison says so."""
    (one,) = (one for one in LEAKS if one.name == leak)
    with planted(one):
        for seed in range(MOST_ROUNDS_FOR_A_LEAK):
            if (await fault(database, seed, name, purpose))[0]:
                return
    pytest.fail(f"nobody noticed that '{one.breaks}' was broken")
