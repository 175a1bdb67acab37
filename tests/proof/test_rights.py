"""`rightsOffered` says what follows from standings that its viewer sees, and nothing of a customer who is not there.

Compared with the oracle's sight of the same world, customer by customer.
"""

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

import resolvers.rights
from graph.session import Database
from schema.purposes import LegalBasis
from schema.rights import rights_offered
from tests.proof.asking import asker, policies, request, role
from tests.proof.leaks import LEAKS, planted
from tests.proof.oracle_sight import Projection, project
from tests.proof.worlds import NOW, UNTIDY, store, world

STANDPOINTS = (
    ("customer", "self"),
    ("service_rep", "service"),
    ("privacy_officer", "privacy"),
    ("auditor", "audit"),
)
MOST_ROUNDS_FOR_A_LEAK = 6
NOBODY = "cus_nobody"
TEXT = "query ($id: ID!) { rightsOffered(customer: $id) { right law purposes limitedBy } }"


def expected(seen: Projection, customer: str) -> list[dict[str, Any]] | None:
    """What the oracle makes of what may be seen."""
    if customer not in seen.nodes:
        return None
    carried: dict[str, LegalBasis] = {}
    for id_ in seen.nodes[customer].edges.get("standings", ()):
        shown = seen.nodes[id_].shown
        ends = shown["until"]
        ends = datetime.fromisoformat(ends) if isinstance(ends, str) else ends
        if shown["lawful"] and shown["basis"] and shown["purpose"] and (ends is None or ends > NOW):
            carried[shown["purpose"]] = LegalBasis[shown["basis"]]
    return [
        {
            "right": one.right.name,
            "law": one.law,
            "purposes": list(one.purposes),
            "limitedBy": list(one.limited_by),
        }
        for one in rights_offered(dict(sorted(carried.items())))
    ]


async def fault(database: Database, seed: int, name: str, purpose: str) -> tuple[str, int]:
    """The first answer that is not what follows from what is seen, empty for none; and how many told something."""
    chance = random.Random(seed)
    drawn = world(chance, 4, UNTIDY)
    who, of = asker(chance, drawn, name, purpose), role(name, purpose)
    seen, telling = project(drawn, policies()[name], who), 0
    await store(database, drawn)
    for customer in (*(one.id for one in drawn.of("Customer")), NOBODY):
        result = await of.schema.execute(TEXT, {"id": customer}, context_value=request(of, who, database))
        assert not result.errors, result.errors
        told: Any = (result.data or {})["rightsOffered"]
        right = expected(seen, customer)
        if told != right:
            return f"{customer}: {told} and not {right}", telling
        telling += bool(told)
    return "", telling


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize(("name", "purpose"), STANDPOINTS)
async def test_rights_are_what_follows_from_what_is_seen(database: Database, name: str, purpose: str) -> None:
    """For each customer of some worlds, and for one whom there is not."""
    telling = 0
    for seed in range(4):
        found, told = await fault(database, seed, name, purpose)
        assert found == ""
        telling += told
    assert telling > 0


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize("leak", ["row_rule_forgotten", "status_gate_forgotten"])
async def test_a_customer_who_is_not_there_has_none(database: Database, leak: str) -> None:
    """Where the View lets somebody through whom it should not, the same comparison says so."""
    (one,) = (one for one in LEAKS if one.name == leak)
    with planted(one):
        for seed in range(MOST_ROUNDS_FOR_A_LEAK):
            if (await fault(database, seed, "service_rep", "service"))[0]:
                return
    pytest.fail(f"nobody noticed that '{one.breaks}' was broken")


def _lasts_for_ever(whole: Callable[..., bool]) -> Callable[..., bool]:
    return lambda until, now: True


@pytest.mark.timeout(0)
@pytest.mark.asyncio
async def test_a_basis_that_has_ended_gives_no_right(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it goes on for ever, the same comparison says so."""
    monkeypatch.setattr(resolvers.rights, "_lasts", _lasts_for_ever(resolvers.rights._lasts))
    for seed in range(MOST_ROUNDS_FOR_A_LEAK):
        if (await fault(database, seed, "privacy_officer", "privacy"))[0]:
            return
    pytest.fail("nobody noticed that standings never end")
