"""`mayContact` and `bestChannel` tell what follows from what their viewer sees, and beyond it one word: OTHER.

Two worlds that differ in what is hidden are asked about every customer: what is told is the same but for OTHER, and
where OTHER is the same, all of it is, byte by byte.
"""

import random
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import pytest

import insight.contacting.advising
import insight.contacting.sight
from graph.session import Database
from insight.answer_rates import Settings, Usual
from insight.api import WAYS
from insight.contacting.learning import kept
from insight.statements import text
from tests.proof.asking import Role, asker, policies, request, role
from tests.proof.oracle_sight import Asker, project
from tests.proof.twins import twin
from tests.proof.worlds import NOW, UNTIDY, World, store, world

STANDPOINTS = (
    ("service_rep", "service"),
    ("marketer", "marketing.email"),
    ("marketer", "marketing.phone"),
    ("privacy_officer", "privacy"),
)
CHANNELS = ("EMAIL", "PHONE", "PUSH")
NOBODY = "cus_nobody"
MOST_ROUNDS_FOR_A_LEAK = 8
MAY = """query ($who: ID!, $for: String!, $on: ChannelKind!, $of: ID) {
  mayContact(customer: $who, purpose: $for, channel: $on, campaign: $of) {
    allowed reasons { reason words } words again } }"""
BEST = """query ($who: ID!, $for: String!) { bestChannel(customer: $who, purpose: $for) {
  rate { channel rate deviation tried answered } others { channel rate deviation tried answered }
  rejected { channel reasons { reason } again } } }"""
USUAL = Usual(Settings(), {(None, name): rate for name, rate in (("EMAIL", 0.2), ("PHONE", 0.4), ("POST", 0.1))})

Answers = dict[str, Any]


async def answers(database: Database, drawn: World, of: Role, who: Asker) -> Answers:
    """What the role is told of everybody, by question."""
    await store(database, drawn)
    await database.write(text("keep_rates"), {"kept": kept(USUAL), "now": NOW, "contacts": 0})
    found: Answers = {}
    customers = sorted(one.id for one in drawn.of("Customer"))
    campaign = min((one.id for one in drawn.of("Campaign")), default=None)
    for purpose in sorted(of.view.contacts):
        for customer in (*customers, NOBODY):
            found[f"{customer} {purpose}"] = await told(
                database, of, who, BEST, {"who": customer, "for": purpose}, "bestChannel"
            )
            for channel in CHANNELS:
                given = {"who": customer, "for": purpose, "on": channel, "of": campaign}
                found[f"{customer} {purpose} {channel}"] = await told(database, of, who, MAY, given, "mayContact")
    return found


async def told(
    database: Database, of: Role, who: Asker, question: str, given: Mapping[str, Any], root: str
) -> dict[str, Any] | None:
    """One answer."""
    asked = request(of, who, database)
    asked.ways = WAYS
    result = await of.schema.execute(question, dict(given), context_value=asked)
    assert not result.errors, result.errors
    answer: dict[str, Any] | None = (result.data or {})[root]
    return answer


def verdicts(answer: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """The verdicts in an answer."""
    if answer is not None:
        yield from answer.get("rejected", [answer])


def others(answer: dict[str, Any] | None) -> list[tuple[str, bool]]:
    """Of which verdicts OTHER is a reason, or the only thing that makes them."""
    return [(one.get("channel", ""), "OTHER" in reasons(one)) for one in verdicts(answer)]


def reasons(verdict: Mapping[str, Any]) -> list[str]:
    """The reasons by name."""
    return [one["reason"] for one in verdict["reasons"]]


def known(answer: dict[str, Any] | None) -> Any:
    """What is told beside OTHER, and beside what follows from its being there."""
    if answer is None or "rejected" not in answer:
        return answer and [one for one in reasons(answer) if one != "OTHER"]
    rates = [one for one in (answer["rate"], *answer["others"]) if one is not None]
    return {
        "rates": {one["channel"]: one for one in rates},
        "rejected": {one["channel"]: [why for why in reasons(one) if why != "OTHER"] for one in answer["rejected"]},
    }


def differs(one: Any, other: Any) -> bool:
    """Whether two answers differ in more than OTHER."""
    if others(one) == others(other):
        return orjson.dumps(one) != orjson.dumps(other)
    left, right = known(one), known(other)
    if not isinstance(left, dict) or not isinstance(right, dict):
        return bool(left != right)
    shared = left["rates"].keys() & right["rates"].keys()
    if any(left["rates"][channel] != right["rates"][channel] for channel in shared):
        return True
    channels = left["rejected"].keys() | right["rejected"].keys()
    return any(left["rejected"].get(channel, []) != right["rejected"].get(channel, []) for channel in channels)


async def fault(database: Database, seed: int, name: str, purpose: str) -> tuple[str, int, int]:
    """The first answers that differ in more than OTHER, empty for none; how many told something, and how many OTHER."""
    chance = random.Random(seed)
    drawn = world(chance, 4, UNTIDY)
    who, of = asker(chance, drawn, name, purpose), role(name, purpose)
    other, _ = twin(chance, drawn, policies()[name], who)
    seen = project(drawn, policies()[name], who)
    first, second = await answers(database, drawn, of, who), await answers(database, other, of, who)
    for question in first.keys() & second.keys():
        if question.partition(" ")[0] not in seen.nodes and first[question] is not None:
            return f"{seed} {question}: {first[question]}, of somebody who is not there", 0, 0
        if differs(first[question], second[question]):
            return f"{seed} {question}: {first[question]} and {second[question]}", 0, 0
    said = [one for answer in first.values() for one in verdicts(answer)]
    return "", sum(bool(reasons(one)) for one in said), sum("OTHER" in reasons(one) for one in said)


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize(("name", "purpose"), STANDPOINTS)
async def test_beyond_what_is_seen_one_word_is_told(database: Database, name: str, purpose: str) -> None:
    """Of each customer of some worlds and of one whom there is not, on several channels, for all purposes."""
    telling = other = 0
    for seed in range(4):
        found, told_of, hidden = await fault(database, seed, name, purpose)
        assert found == ""
        telling, other = telling + told_of, other + hidden
    assert telling > 0
    assert other > 0 or name != "marketer"  # the others are shown nearly everything


@pytest.mark.timeout(0)
@pytest.mark.asyncio
async def test_a_reason_that_the_role_is_not_shown_is_noticed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where every role is taken to see everything, the same comparison says so."""

    def everything(view: object, evidence: object, purposes: object = ()) -> bool:
        return True

    monkeypatch.setattr(insight.contacting.sight, "sees", everything)
    monkeypatch.setattr(insight.contacting.advising, "sees", everything)
    for seed in range(MOST_ROUNDS_FOR_A_LEAK):
        for name, purpose in STANDPOINTS[:3]:
            if (await fault(database, seed, name, purpose))[0]:
                return
    pytest.fail("nobody noticed that hidden reasons are told")
