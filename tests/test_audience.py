"""Lists of customers to write to: the same rules as for one customer, compiled into one statement."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.emit_contact import FACTS
from graph.gates import ADDRESS, CAMPAIGN, CAP, COMPLAINT, LAWFUL, ORDER, STATUS
from graph.view import View
from insight.api import WAYS
from insight.channel import Refusal, may_contact
from insight.contacting.counting import folded, told_gates
from insight.contacting.facts import Facts, facts_of, situation_of
from insight.contacting.sight import told
from resolvers.read import Request
from resolvers.role_schema import RoleSchema
from schema.contact_rules import SENDING, shipped_contact_rules
from tests.golden_cases import GOLDEN, NOW, ROLES, Question, compiled, request_of, schema_of, view_of
from tests.sample import Sample, sample  # noqa: F401  a fixture

RULES = shipped_contact_rules()
AT: Mapping[Refusal, str] = {
    Refusal.NO_CONSENT: LAWFUL,
    Refusal.WITHDRAWN: LAWFUL,
    Refusal.WITHDRAWN_IN_MESSAGE: LAWFUL,
    Refusal.RESTRICTED: STATUS,
    Refusal.DECEASED: STATUS,
    Refusal.OPEN_COMPLAINT: COMPLAINT,
    Refusal.NO_ADDRESS: ADDRESS,
    Refusal.WEEK_CAP: CAP,
    Refusal.PHONE_CAP: CAP,
    Refusal.MONTH_LIMIT: CAP,
    Refusal.DUPLICATE_SEND: CAMPAIGN,
}
"""At which gate a reason holds somebody back; quiet hours at none."""
LIST = """query ($p: String!, $k: ChannelKind!, $g: ID, $w: CustomerFilter, $after: String) {
  audience(purpose: $p, channel: $k, campaign: $g, where: $w, first: 300, after: $after) {
    totalCount nodes { id } pageInfo { hasNextPage endCursor } }
  audienceGates(purpose: $p, channel: $k, campaign: $g, where: $w) { segment members losses { gate lost } } }"""


@cache
def schema(role: str) -> RoleSchema:
    """The schema of a role, that answers."""
    return schema_of(role)


def request(role: str, sample: Sample, now: datetime = NOW) -> Request:  # noqa: F811  a fixture
    """A request that knows how contacts are answered."""
    made = request_of(role, sample.database)
    made.ways, made.now = WAYS, now
    return made


async def asked(
    role: str,
    sample: Sample,  # noqa: F811  a fixture
    variables: Mapping[str, Any],
    now: datetime = NOW,
) -> dict[str, Any]:
    """The audience and what is lost."""
    result = await schema(role).execute(LIST, dict(variables), context_value=request(role, sample, now))
    assert not result.errors, result.errors
    return dict(result.data or {})


async def everybody(sample: Sample) -> dict[str, Facts]:  # noqa: F811  a fixture
    """The facts of every customer."""
    rows = await sample.database.read(f"MATCH (n:Customer) RETURN {{id: n.id, facts: {FACTS}}}")
    return {row["id"]: facts_of(row["id"], row["facts"]) for row in rows}


def lost_at(facts: Facts, channel: str, purpose: str, campaign: str | None, now: datetime) -> str | None:
    """The first gate that one customer does not pass, by the rules for one customer."""
    found = may_contact(situation_of(facts, RULES, now), channel, purpose, campaign).refusals
    gates = {AT[one] for one in found if one is not Refusal.QUIET_HOURS}
    return next((gate for gate in ORDER if gate in gates), None)


@pytest.mark.timeout(0)
@pytest.mark.asyncio(loop_scope="session")
async def test_an_audience_is_who_may_be_contacted_one_by_one(sample: Sample) -> None:  # noqa: F811  a fixture
    """Every customer of the sample company, for each purpose and channel, when much was sent and when little was."""
    facts = await everybody(sample)
    busy = max(one.at for known in facts.values() for one in known.sent)
    (campaign,) = await sample.database.read(
        "MATCH (c:Campaign)<-[:PART_OF_CAMPAIGN]-(o) WITH c, count(o) AS sent ORDER BY sent DESC LIMIT 1 RETURN c.id"
    )
    times = sorted(one.at for known in facts.values() for one in known.sent)
    reached: Counter[str | None] = Counter()
    for now in (NOW, busy, times[len(times) // 2], times[len(times) * 9 // 10]):
        for purpose in sorted(SENDING):
            for channel, of in (("EMAIL", None), ("PHONE", None), ("PUSH", campaign), ("POST", campaign)):
                given = {"p": purpose, "k": channel, "g": of}
                answer = await asked("privacy_officer", sample, given, now)
                expected = {who: lost_at(one, channel, purpose, of, now) for who, one in facts.items()}
                members = {who for who, gate in expected.items() if gate is None}
                listed = {one["id"] for one in answer["audience"]["nodes"]}
                if answer["audience"]["pageInfo"]["hasNextPage"]:
                    more = await asked(
                        "privacy_officer", sample, {**given, "after": answer["audience"]["pageInfo"]["endCursor"]}, now
                    )
                    listed |= {one["id"] for one in more["audience"]["nodes"]}
                assert listed == members, given
                counts = Counter(expected.values())
                reached += counts
                told_of = {one["gate"]: one["lost"] for one in answer["audienceGates"]["losses"]}
                assert told_of == {gate: count for gate, count in counts.items() if gate is not None}
                assert answer["audienceGates"]["members"] == answer["audience"]["totalCount"] == len(members)
                assert answer["audienceGates"]["segment"] == len(facts)
    assert set(reached) == {None, *ORDER}, reached


@pytest.mark.timeout(0)
@pytest.mark.asyncio(loop_scope="session")
async def test_a_role_lists_whom_it_sees_and_is_told_what_it_may_know(sample: Sample) -> None:  # noqa: F811
    """A marketer's segment is who agreed; what she is not shown is one number."""
    answer = await asked("marketer", sample, {"p": "marketing.email", "k": "EMAIL"})
    facts = await everybody(sample)
    agreed = [
        one for one in facts.values() if lost_at(one, "EMAIL", "marketing.email", None, NOW) not in (LAWFUL, STATUS)
    ]
    members = {one.customer for one in agreed if lost_at(one, "EMAIL", "marketing.email", None, NOW) is None}
    assert {one["id"] for one in answer["audience"]["nodes"]} == members
    losses = {one["gate"]: one["lost"] for one in answer["audienceGates"]["losses"]}
    assert answer["audienceGates"]["members"] == len(members)
    assert set(losses) <= {"CAP", "OTHER"}
    assert sum(losses.values()) == answer["audienceGates"]["segment"] - len(members)


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"p": "marketing.phone", "k": "EMAIL"}, "CG714"),
        ({"p": "analytics", "k": "EMAIL"}, "CG714"),
        ({"p": "marketing.email", "k": "WEB"}, "CG202"),
        ({"p": "marketing.email", "k": "EMAIL", "w": {"name": {"startsWith": "Mc"}}}, "CG716"),
        ({"p": "marketing.email", "k": "EMAIL", "w": {"not": {"or": [{"language": {"eq": "pl"}}]}}}, "CG716"),
        ({"p": "marketing.email", "k": "EMAIL", "w": {"balance": {"gt": "5"}}}, "CG202"),
    ],
)
async def test_misuse_is_refused_when_the_list_is_made(variables: dict[str, Any], code: str) -> None:
    """Another purpose, a channel on which nothing is sent, what tells of origin, what the role is not shown."""

    class Nobody:
        """A database that nobody may ask."""

        async def read(self, *_: object, **__: object) -> list[Any]:
            raise AssertionError("refused before the database is asked")

    made = request_of("marketer", Nobody())
    made.ways = WAYS
    for root in (
        "audience(purpose: $p, channel: $k, where: $w) { nodes { id } }",
        "audienceGates(purpose: $p, channel: $k, where: $w) { members }",
    ):
        text = f"query ($p: String!, $k: ChannelKind!, $w: CustomerFilter) {{ {root} }}"
        result = await schema("marketer").execute(text, variables, context_value=made)
        assert [str((error.extensions or {}).get("code")) for error in result.errors or ()] in ([code], ["None"]), (
            result
        )
        assert not any((result.data or {}).values())


counts = st.dictionaries(st.sampled_from(ORDER), st.integers(1, 30))


@given(counts, st.integers(0, 50), st.sets(st.sampled_from(ORDER)), st.integers(1, 10))
def test_no_small_loss_is_told_and_none_can_be_worked_out(
    lost: dict[str, int], members: int, may_know: set[str], fewest: int
) -> None:
    """All of them are told in sum; a gate is told by itself or is in a number that is no smaller than the least."""
    rows = [{"gate": gate, "customers": count} for gate, count in lost.items()]
    found = folded([*rows, {"gate": None, "customers": members}], frozenset(may_know), fewest)
    told_of = {one["gate"]: one["lost"] for one in found["losses"]}
    assert sum(told_of.values()) == sum(lost.values()) == found["segment"] - found["members"]
    assert set(told_of) - {"OTHER"} <= may_know
    assert all(count >= fewest for gate, count in told_of.items() if gate != "OTHER")
    assert told_of.get("OTHER", fewest) >= fewest or set(told_of) == {"OTHER"}


def test_what_each_role_is_told_of_contacts_is_what_was_agreed(agree: bool) -> None:
    """Reasons by role, purpose and channel, for somebody in a country with one clock who has no channels."""
    lines = []
    for role in ROLES:
        view: View = view_of(role)
        for purpose in sorted(view.contacts):
            for channel in sorted(RULES.ways):
                reasons = sorted(one.name for one in told(view, RULES, NOBODY_YET, channel, purpose))
                gates = [gate for gate in ORDER if gate in told_gates(view, RULES, purpose, channel)]
                lines.append(
                    f"{role} {view.purpose}: {purpose} {channel}\n  {' '.join(reasons)}\n  {' '.join(gates)}\n"
                )
    file, text = GOLDEN / "contact-reasons.txt", "".join(lines)
    if agree:
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8"), "make agree, and read the difference."


AUDIENCE = """query ($purpose: String!, $campaign: ID, $since: DateTime) {
  audience(
    purpose: $purpose
    channel: EMAIL
    campaign: $campaign
    where: { region: { in: ["DE", "FR"] }, lastInteractionAt: { gt: $since } }
    first: 100
  ) {
    totalCount
    nodes { id region }
    pageInfo { hasNextPage endCursor }
  }
}
"""
OF = {"purpose": "x", "campaign": "cmp_0000000000000000000000000000000f", "since": "2025-01-01T00:00:00Z"}


def test_what_an_audience_becomes_for_each_role_is_what_was_agreed(agree: bool) -> None:
    """One statement a page, the gates below the role's own rows; what is bound comes from the rules of the company."""
    question = Question("audience-of-a-campaign", AUDIENCE, OF)
    text = "\n".join(f"// {role}\n{compiled(question, role).written()}" for role in ROLES)
    file = GOLDEN / "audience-of-a-campaign.txt"
    if agree:
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8"), "make agree, and read the difference."


NOBODY_YET = Facts("cus_1", "ACTIVE", "GB", None, (), (), (), (), ())
