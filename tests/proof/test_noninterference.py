"""No answer depends on what its viewer may not see: values, and how many hidden rows, edges and documents there are.

A statement costs a hundred times as much to plan as to ask again, so a run of the tests puts a part of the probes, each
with many values. `PROVE_ROUNDS` asks for more rounds, `PROVE_ASKINGS` for more values to each question, `PROVE_SHARE`
for more of the probes; `make prove` sets all three.
"""

import os
from dataclasses import replace

import pytest

from graph.session import Database
from tests.proof.leaks import LEAKS, Leak, planted
from tests.proof.rounds import play, prepare, standpoints

ROUNDS = int(os.environ.get("PROVE_ROUNDS", "1"))
ASKINGS = int(os.environ.get("PROVE_ASKINGS", "24"))
SHARE = float(os.environ.get("PROVE_SHARE", "0.27"))
QUESTIONS = 5
FEWEST_ASKED = 2_000
MOST_ROUNDS_FOR_A_LEAK = 30


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize("seed", range(ROUNDS))
@pytest.mark.parametrize(("role", "purpose"), standpoints())
async def test_two_worlds_that_differ_in_what_is_hidden_give_one_answer(
    database: Database, role: str, purpose: str, seed: int
) -> None:
    """Body by body the same in both worlds, and the same as the oracle makes from the visible part alone."""
    drawn = prepare(seed, role, purpose, QUESTIONS, ASKINGS, share=SHARE)
    outcome = await play(database, drawn)
    assert outcome.asked >= QUESTIONS
    assert not outcome.differences, str(outcome.differences[0])


def test_the_worlds_differ_and_the_answers_say_something() -> None:
    """A proof over few questions, empty answers or equal worlds would prove nothing."""
    drawn = [
        prepare(seed, role, purpose, QUESTIONS, ASKINGS, share=SHARE)
        for role, purpose in standpoints()
        for seed in range(ROUNDS)
    ]
    assert sum(len(one.asked) for one in drawn) >= FEWEST_ASKED
    assert sum(one.hidden_changes for one in drawn) > 10 * len(drawn)
    assert all(one.seen.nodes for one in drawn if one.role.policy.role != "service_rep")


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.name)
async def test_a_planted_leak_is_caught(database: Database, leak: Leak) -> None:
    """The same questions find every fault that is put in on purpose."""
    with planted(leak):
        for seed in range(leak.seed, leak.seed + MOST_ROUNDS_FOR_A_LEAK):
            role = leak.roles[seed % len(leak.roles)]
            purpose = next(purpose for name, purpose in standpoints() if name == role)
            drawn = prepare(1_000 + seed, role, purpose, 0, 6, leak.each)
            asked = tuple(one for one in drawn.asked if leak.root in one[0].text)
            outcome = await play(database, replace(drawn, asked=asked), to_the_first=True)
            if outcome.differences:
                return
    pytest.fail(f"nobody noticed that '{leak.breaks}' was broken")
