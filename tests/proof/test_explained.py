"""What `explainAccess` says of a record is what the role sees of it; of what the asker may not see it says nothing.

Compared with the oracle, which looks at the same world as the asker and as the role that is asked about.
"""

import random
from dataclasses import replace
from typing import Any

import pytest

import resolvers.explain
from auth.narrow import narrow
from graph.expr import TRUE
from graph.session import Database
from schema.catalogue import complete_model
from tests.proof.asking import asker, policies, request, role
from tests.proof.oracle_sight import project
from tests.proof.worlds import UNTIDY, store, world

ASKING, PURPOSE = "privacy_officer", "privacy"
ABOUT, FOR = "service_rep", "service"
FIELDS = (("Customer", "email"), ("Customer", "birthDate"), ("Order", "number"), ("Case", "subject"))
SEEDS = range(2)
MOST_ROUNDS_FOR_A_LEAK = 6
TEXT = """query ($id: ID!, $type: String!, $field: String!, $subject: String!, $claims: [ClaimInput!]) {
  explainAccess(role: "service_rep", type: $type, field: $field, id: $id, subject: $subject, claims: $claims) {
    visible shown } }"""


async def fault(database: Database, seed: int) -> str:
    """The first explanation that is not the truth, or that the asker should not have been given; empty for none."""
    chance = random.Random(seed)
    drawn = world(chance, 6, UNTIDY)
    checks, checked = asker(chance, drawn, ASKING, PURPOSE), asker(chance, drawn, ABOUT, FOR)
    checked = replace(checked, revealed=frozenset(), expired=frozenset())
    mine = project(drawn, policies()[ASKING], checks).nodes
    theirs = project(drawn, policies()[ABOUT], checked).nodes
    await store(database, drawn)
    of, model = role(ASKING, PURPOSE), complete_model()
    asked = request(of, checks, database)
    asked.policies = policies()
    asked.views = {
        (name, purpose): narrow(model, policy, purpose)
        for name, policy in policies().items()
        for purpose in policy.said.purposes
    }
    claims = [{"name": "regions", "values": list(checked.claims["regions"])}]
    compared = 0
    for type_, field in FIELDS:
        for one in drawn.of(type_):
            given = {"id": one.id, "type": type_, "field": field, "subject": checked.subject, "claims": claims}
            result = await of.schema.execute(TEXT, given, context_value=asked)
            assert not result.errors, result.errors
            told: Any = (result.data or {})["explainAccess"]
            if (told is not None) != (one.id in mine):
                return f"{type_} {one.id} is explained, or not, against what the asker may see"
            if told is None:
                continue
            compared += 1
            if told["visible"] != (one.id in theirs):
                return f"{type_} {one.id} is visible to the role, or not, other than told"
            if told["visible"]:
                whole = field in theirs[one.id].shown and field not in dict(theirs[one.id].withheld)
                if (told["shown"] == "SHOW") != whole:
                    return f"{type_}.{field} of {one.id} is shown to the role, or not, other than told"
    assert compared > 5
    return ""


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize("seed", SEEDS)
async def test_an_explanation_is_what_the_role_sees(database: Database, seed: int) -> None:
    """Record by record: whether it is there for the role, and whether the field is shown whole."""
    assert await fault(database, seed) == ""


def _without_my_rows(whole: Any) -> Any:
    def plan(id_: Any, seen: Any, other: Any, mine: Any, given: Any) -> Any:
        opened = {name: replace(held, rows=TRUE) for name, held in mine.types.items()}
        return whole(id_, seen, other, replace(mine, types=opened), given)

    return plan


def _anybody(whole: Any) -> Any:
    return lambda view, asked: {**whole(view, asked), "regions": ["*"]}


def _always_visible(whole: Any) -> Any:
    return lambda told, view, asked, held, request: _seen(whole(told, view, asked, held, request))


async def _seen(answer: Any) -> Any:
    told, answered = await answer
    return (told and {**told, "visible": True, "shown": told["shown"] or "SHOW"}), answered


LEAKS = (
    ("what the asker may not see is not explained", "plan_explanation", _without_my_rows),
    ("the claims are those that were asked about", "_claims", _anybody),
    ("the role's rows decide", "_of_one", _always_visible),
)


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize(("what", "name", "by"), LEAKS, ids=[leak[0].replace(" ", "_") for leak in LEAKS])
async def test_a_planted_fault_is_found(
    database: Database, monkeypatch: pytest.MonkeyPatch, what: str, name: str, by: Any
) -> None:
    """The same comparison finds every fault that is put in on purpose."""
    monkeypatch.setattr(resolvers.explain, name, by(getattr(resolvers.explain, name)))
    for seed in range(MOST_ROUNDS_FOR_A_LEAK):
        if await fault(database, 100 + seed):
            return
    pytest.fail(f"nobody noticed that '{what}' was broken")
