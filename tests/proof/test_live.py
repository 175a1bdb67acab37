"""Changes and subscriptions do not depend on what their viewer may not see, and every planted fault is found."""

import os

import pytest

from graph.session import Database
from tests.proof.changes import fault_of_changes
from tests.proof.leaks import LIVE_LEAKS, LiveLeak, planted
from tests.proof.live import fault_of_events, fault_of_expiry
from tests.proof.rounds import standpoints
from tests.proof.verifying import fault_of_verifying

ROUNDS = int(os.environ.get("PROVE_ROUNDS", "1"))
CHANGING = ("service_rep", "customer", "privacy_officer", "data_steward")
FOLLOWING = (
    "service_rep",
    "customer",
    pytest.param("marketer", marks=pytest.mark.thorough),
    pytest.param("operations_manager", marks=pytest.mark.thorough),
    "auditor",
)
MOST_ROUNDS_FOR_A_LEAK = 6


def purpose_of(role: str) -> str:
    """The usual purpose of a role."""
    return next(purpose for name, purpose in standpoints() if name == role)


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize("seed", range(ROUNDS))
@pytest.mark.parametrize("role", CHANGING)
async def test_changes_tell_nothing_of_what_is_hidden(database: Database, role: str, seed: int) -> None:
    """A record that is hidden is one that is not there; a payload is what a query tells; twins give one answer."""
    assert await fault_of_changes(database, 2_000 + seed, role, purpose_of(role)) == ""


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize("seed", range(ROUNDS))
@pytest.mark.parametrize("role", FOLLOWING)
async def test_events_tell_nothing_of_what_is_hidden(database: Database, role: str, seed: int) -> None:
    """Neither by what they say nor by how many there are; what is hidden from now on ends them."""
    assert await fault_of_events(database, 2_000 + seed, role, purpose_of(role)) == ""


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_verifying_tells_nothing_but_right_from_wrong(database: Database, seed: int) -> None:
    """A hidden caller is one who is not there; a wrong answer is answered alike in both worlds, whatever is on file."""
    assert await fault_of_verifying(database, 2_000 + seed, "service_rep", purpose_of("service_rep")) == ""


@pytest.mark.timeout(0)
@pytest.mark.asyncio
async def test_a_subscription_ends_with_its_token(database: Database) -> None:
    """By itself, with the code of tokens."""
    assert await fault_of_expiry(database, 2_000, "privacy_officer", purpose_of("privacy_officer")) == ""


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize("planted_leak", LIVE_LEAKS, ids=lambda one: one.leak.name)
async def test_a_leak_of_changes_or_events_is_caught(database: Database, planted_leak: LiveLeak) -> None:
    """The same comparisons find every fault that is put in on purpose."""
    leak = planted_leak.leak
    with planted(leak):
        for seed in range(leak.seed, leak.seed + MOST_ROUNDS_FOR_A_LEAK):
            role = leak.roles[seed % len(leak.roles)]
            if await planted_leak.found_by(database, 3_000 + seed, role, purpose_of(role)):
                return
    pytest.fail(f"nobody noticed that '{leak.breaks}' was broken")
