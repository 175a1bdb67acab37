"""Row rules and indexes: what the graph itself says of each look-up."""

import shutil
from pathlib import Path

import pytest

from auth.policy import SHIPPED
from server.policy_plans import slow_rules, tells_apart, walks_in
from server.rules import rules_of
from tests.sample import Sample

pytest_plugins = ["tests.sample"]
ROLES = ("service_rep", "data_scientist")
FEWEST = 20


@pytest.mark.timeout(1200)
@pytest.mark.asyncio
async def test_no_row_rule_costs_an_index(sample: Sample, tmp_path: Path) -> None:
    """The roles with the longest rules: every type, by id and by each indexed field."""
    for role in ROLES:
        shutil.copy(SHIPPED / f"{role}.toml", tmp_path)
    slow, looked_up = await slow_rules(sample.database, rules_of(tmp_path))
    assert looked_up > FEWEST
    assert slow == []


@pytest.mark.timeout(1200)
@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("label", "name", "apart"),
    [("Customer", "email", True), ("Customer", "id", True), ("ReviewTask", "foundAt", False)],
)
async def test_an_index_of_one_value_accuses_no_rule(sample: Sample, label: str, name: str, apart: bool) -> None:
    """One load finds all that it finds at one time: who looks for that time finds every task there is."""
    assert await tells_apart(sample.database, label, name) is apart


PLANS = {
    "MATCH (n:Customer {id: 'x'}) RETURN n.id": False,
    "MATCH (n:Customer {email: 'x'}) RETURN n.id": False,
    "MATCH (n:Customer) WHERE n.segment = 'x' RETURN n.id": True,
    "MATCH (n:Customer) WHERE n.id IS NOT NULL RETURN n.id": True,
    "MATCH (n) WHERE n.email = 'x' RETURN n.id": True,
}


@pytest.mark.timeout(1200)
@pytest.mark.asyncio
@pytest.mark.parametrize("text", PLANS)
async def test_a_walk_is_told_from_a_look_up(sample: Sample, text: str) -> None:
    """By the plan that the graph really makes."""
    assert bool(walks_in((await sample.database.profile(text)).operators)) is PLANS[text]
