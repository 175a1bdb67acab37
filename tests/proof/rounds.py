"""Rounds: one viewer, two worlds that the viewer must not be able to tell apart, many questions put to both.

The oracle answers from what the viewer may see alone. So whatever agrees with it in both worlds cannot depend on
anything else.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.session import Database
from tests.proof.asking import Role, ask, asker, expected, policies, role
from tests.proof.oracle import Asker, Projection, project
from tests.proof.probes import askable
from tests.proof.questions import Question, Writer, pools_of
from tests.proof.twins import twin
from tests.proof.worlds import World, store, world


def standpoints() -> list[tuple[str, str]]:
    """Every shipped role with every purpose that it may work for."""
    return [(name, purpose) for name, policy in policies().items() for purpose in policy.said.purposes]


@dataclass(frozen=True, slots=True)
class Difference:
    """A counter-example."""

    seed: int
    kind: str
    question: str
    variables: Mapping[str, Any]
    answers: tuple[bytes, ...]


@dataclass(slots=True)
class Outcome:
    """What a round came to. `telling` counts answers that hold at least one node."""

    asked: int = 0
    telling: int = 0
    hidden_changes: int = 0
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Round:
    """A round before it is played."""

    seed: int
    role: Role
    who: Asker
    worlds: tuple[World, World]
    seen: Projection
    hidden_changes: int
    asked: tuple[tuple[Question, Mapping[str, Any]], ...]


def prepare(seed: int, name: str, purpose: str, questions: int, askings: int) -> Round:
    """Draw the worlds, the viewer and the questions of a round: the probes that fit, and others at random."""
    chance = random.Random(seed)
    of = role(name, purpose)
    first = world(chance)
    who = asker(chance, first, name, purpose)
    second, changes = twin(chance, first, of.policy, who)
    pools = pools_of(first, second)
    written = [*askable(of.bare), *(Writer(of.bare, chance).question() for _ in range(questions))]
    asked = tuple((one, one.variables(chance, pools)) for one in written for _ in range(askings if one.slots else 1))
    return Round(seed, of, who, (first, second), project(first, of.policy, who), changes, asked)


async def play(database: Database, drawn: Round, *, to_the_first: bool = False) -> Outcome:
    """Put every question to the first world and to the oracle, then to the second world."""
    outcome = Outcome(hidden_changes=drawn.hidden_changes)
    answers: list[bytes] = []
    await store(database, drawn.worlds[0])
    for question, given in drawn.asked:
        answer = await ask(drawn.role, drawn.who, database, question.text, given)
        answers.append(answer)
        outcome.asked += 1
        outcome.telling += b'id":"' in answer
        right = expected(drawn.role, drawn.who, drawn.seen, question.text, given)
        if answer != right:
            outcome.differences.append(Difference(drawn.seed, "oracle", question.text, given, (answer, right)))
            if to_the_first:
                return outcome
    await store(database, drawn.worlds[1])
    for (question, given), before in zip(drawn.asked, answers, strict=True):
        answer = await ask(drawn.role, drawn.who, database, question.text, given)
        if answer != before:
            outcome.differences.append(Difference(drawn.seed, "twins", question.text, given, (before, answer)))
            if to_the_first:
                return outcome
    return outcome
