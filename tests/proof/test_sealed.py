"""Two worlds that differ in sealed values alone are one world to who may not see them; to who sees their ends, where
these are the same.
"""

from dataclasses import replace

import pytest

from graph.session import Database
from schema.model import MODEL
from tests.proof.oracle_sight import project
from tests.proof.oracle_values import letters
from tests.proof.rounds import Round, play, prepare, standpoints
from tests.proof.worlds import World

FIELDS = tuple((kind.name, held.name) for kind in MODEL.values() for held in kind.properties.values() if held.sealed)
MASKED, OPEN = ("service_rep", "service"), ("privacy_officer", "privacy")
SHUT = (("data_steward", "stewardship"), ("operations_manager", "operations"), ("data_scientist", "analytics"))
ABOUT = ("nationalId", "paymentReference", "payload", "{ customers(first: 2) {", "{ cases(first: 50) {")
"""What is asked: probes that hold one of these."""


def otherwise(value: str | None) -> str | None:
    """Another value with the same end, as far as an end is shown."""
    if value is None:
        return None
    end = letters(value)[-4:] if len(letters(value)) >= 8 else ""
    return f"{end[::-1]}{end}" if end and f"{end[::-1]}{end}" != letters(value) else f"other {len(value) % 3}"


def resealed(world: World) -> World:
    """The same world with other sealed values."""
    made = world.copy()
    for label, name in FIELDS:
        for one in made.of(label):
            one.values[name] = otherwise(one.values[name])
    return made


def drawn(name: str, purpose: str) -> Round:
    """A round about sealed values: none may say which world it is."""
    made = prepare(38, name, purpose, 0, 6)
    first = made.worlds[0]
    asked = tuple(one for one in made.asked if any(word in one[0].text for word in ABOUT))
    return replace(made, worlds=(first, resealed(first)), asked=asked)


def test_the_worlds_differ_for_who_may_see() -> None:
    """Sealed values occur, long ones and short ones; who sees them can tell, and of these one role is shipped."""
    made = drawn(*OPEN)
    first, second = made.worlds
    assert project(first, made.role.policy, made.who) != project(second, made.role.policy, made.who)
    lengths = {len(str(one.values[name])) for label, name in FIELDS for one in first.of(label)}
    assert min(lengths) < 8 <= max(lengths)
    assert OPEN in standpoints()


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize(("name", "purpose"), [MASKED, *SHUT])
async def test_who_may_not_see_cannot_tell_them_apart(database: Database, name: str, purpose: str) -> None:
    """Body by body, and as the oracle says it, with what filters there are."""
    made = drawn(name, purpose)
    if (name, purpose) == MASKED:  # what is revealed to her she sees
        made = replace(made, who=replace(made.who, revealed=frozenset()))
        made = replace(made, seen=project(made.worlds[0], made.role.policy, made.who))
    assert project(made.worlds[1], made.role.policy, made.who) == made.seen
    outcome = await play(database, made)
    assert outcome.asked >= len(made.asked) > 0
    assert not outcome.differences, str(outcome.differences[0])


@pytest.mark.timeout(0)
@pytest.mark.asyncio
async def test_who_may_see_can_tell_them_apart(database: Database) -> None:
    """The same questions tell, so it is not that they say nothing."""
    outcome = await play(database, drawn(*OPEN))
    assert {one.kind for one in outcome.differences} == {"twins"}
