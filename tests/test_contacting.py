"""Whether a customer may be contacted: asked before sending, by all the graph knows now, told as the role may know.

`logOutreach` says that a message is sent, and is refused by the same rules in one transaction.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.shipping import ship
from auth.trail import Trail
from graph.session import Database
from insight.contacting.learning import keep
from schema.contact_rules import read_contact_rules, shipped_contact_rules
from schema.errors import ContactRulesInvalid
from server.assembly import Assembly
from tests.test_changes import ADA, BO, CY, PEOPLE, Desk, codes
from tests.test_changes import made as made_desk  # noqa: F401  a fixture

MAY = """query ($c: ID!, $p: String!, $k: ChannelKind!, $g: ID) {
  mayContact(customer: $c, purpose: $p, channel: $k, campaign: $g) {
  allowed channel reasons { reason words } words again }
}"""
LOG = """mutation ($i: LogOutreachInput!) { logOutreach(input: $i) {
  clientMutationId outreach { id sentAt channel purpose delivered
  customer { id } campaign { id } } } }"""
BEHIND = """
MATCH (c:Customer) SET c.status = CASE c.status WHEN 'RESTRICTED' THEN 'RESTRICTED' ELSE 'ACTIVE' END
CREATE (c)-[:STANDS]->(:Standing {id: 'stm_' + c.givenName, purpose: 'service.messages', lawful: true,
  basis: 'CONTRACT'})
CREATE (c)-[:STANDS]->(:Standing {id: 'stp_' + c.givenName, purpose: 'marketing.phone', lawful: true, basis: 'CONSENT',
  mostPerMonth: 2})
WITH count(*) AS people
UNWIND ['spring', 'summer'] AS name
CREATE (:Campaign {id: 'cmp_' + name, number: name, name: name, purpose: 'marketing', channel: 'EMAIL'})
"""


class Sender(Desk):
    """The desk, asked as somebody who sends."""

    async def asked(
        self, text: str, variables: Mapping[str, Any], role: str, purpose: str, subject: str = "m-1"
    ) -> dict[str, Any]:
        """The answer for a purpose."""
        claims = {"regions": ["GB"]} if role == "service_rep" else {}
        token = self.issuer.issue(role, subject=subject, claims=claims)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://here") as client:
            response = await client.post(
                "/graphql",
                json={"query": text, "variables": dict(variables)},
                headers={"authorization": f"Bearer {token}", "x-purpose": purpose},
                timeout=30,
            )
        answer: dict[str, Any] = response.json()
        return answer

    async def may(self, who: tuple[str, str], channel: str = "EMAIL", **more: Any) -> dict[str, Any]:
        """The verdict on Ada, or whom `c` names."""
        role, purpose = who
        asked = {"c": ADA, "p": purpose, "k": channel, **more}
        asks_for = {"service_rep": "service", "privacy_officer": "privacy"}.get(role, purpose)
        answer = await self.asked(MAY, asked, role, asks_for)
        assert "errors" not in answer, answer
        return answer["data"]["mayContact"]  # type: ignore[no-any-return]

    async def why(self, who: tuple[str, str], channel: str = "EMAIL", **more: Any) -> list[str]:
        """The reasons against."""
        found = await self.may(who, channel, **more)
        assert found["allowed"] is not bool(found["reasons"])
        return [one["reason"] for one in found["reasons"]]

    async def log(self, purpose: str = "marketing.email", channel: str = "EMAIL", **more: Any) -> dict[str, Any]:
        """What logging a message to Ada comes to."""
        given = {"customer": ADA, "purpose": purpose, "channel": channel, **more}
        return await self.asked(LOG, {"i": given}, "marketer", purpose)


EMAIL, PHONE = ("marketer", "marketing.email"), ("marketer", "marketing.phone")
SERVICE, OFFICE = ("service_rep", "service.messages"), ("privacy_officer", "marketing.email")
REFUSED = "CG713"


@pytest_asyncio.fixture(loop_scope="session")
async def desk(
    made_desk: tuple[Path, Assembly],  # noqa: F811  a fixture
    tmp_path: Path,
    database: Database,
) -> AsyncIterator[Sender]:
    """Ada and Bo, who agreed to all, and Cy, whose record is restricted; two campaigns."""
    await database.write(PEOPLE, {"ada": ADA, "bo": BO, "cy": CY})
    await database.write(BEHIND)
    folder, assembly = made_desk
    async with Trail(tmp_path / "trail") as trail:
        yield Sender(assembly, LocalIssuer(folder), database, trail)


async def sent(
    desk: Sender, days: float, channel: str = "POST", purpose: str = "marketing", campaign: str = ""
) -> None:
    """Something that was sent to Ada so many days ago, as a campaign tool exports it."""
    await desk.database.write(
        """MATCH (c:Customer {id: $ada}) CREATE (c)-[:RECEIVED]->(o:Outreach {id: 'out_' + randomUUID(), sentAt: $at,
        channel: $channel, purpose: $purpose, delivered: true, opened: false, clicked: false, replied: false,
        converted: false, complained: false})
        WITH o MATCH (g:Campaign {id: $campaign}) CREATE (o)-[:PART_OF_CAMPAIGN]->(g)""",
        {
            "ada": ADA,
            "at": datetime.now(UTC) - timedelta(days=days),
            "channel": channel,
            "purpose": purpose,
            "campaign": campaign,
        },
    )


async def change(desk: Sender, text: str) -> None:
    """Alter the graph around Ada."""
    await desk.database.write(f"MATCH (c:Customer {{id: $ada}}) {text}", {"ada": ADA})


pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]


async def test_who_agreed_may_be_contacted_by_every_sender(desk: Sender) -> None:
    """The same question for marketing, for service and for the privacy office."""
    found = await desk.may(EMAIL)
    assert found == {"allowed": True, "channel": "EMAIL", "reasons": [], "words": "EMAIL may be used.", "again": None}
    assert await desk.why(SERVICE) == []
    assert await desk.why(OFFICE) == []


async def test_a_withdrawal_is_in_force_for_the_next_question(desk: Sender) -> None:
    """For marketers she is not there any more; the privacy office is told why; service goes on."""
    text = "mutation ($i: WithdrawConsentInput!) { withdrawConsent(input: $i) { consent { id } } }"
    given = {"i": {"customer": ADA, "purpose": "marketing.email"}}
    assert "errors" not in await desk.ask(text, given, "service_rep", "rep-7")
    assert await desk.may(EMAIL) is None
    assert await desk.why(OFFICE) == ["WITHDRAWN"]
    assert await desk.why(SERVICE) == []
    assert codes(await desk.log()) == ["CG210"]


@pytest.mark.parametrize(
    ("happened", "who", "channel", "reasons"),
    [
        ("MATCH (c)-[:STANDS]->(s {purpose: 'marketing.email'}) SET s.lawful = false", OFFICE, "EMAIL", ["NO_CONSENT"]),
        ("MATCH (c)-[:STANDS]->(s {purpose: 'marketing.email'}) DETACH DELETE s", OFFICE, "EMAIL", ["NO_CONSENT"]),
        (
            "MATCH (c)-[:STANDS]->(s {purpose: 'marketing.email'}) SET s.until = datetime() - duration({days: 1})",
            OFFICE,
            "EMAIL",
            ["NO_CONSENT"],
        ),
        (
            """MATCH (c)-[:STANDS]->(s {purpose: 'marketing.email'}) SET s.lawful = false
            CREATE (c)<-[:ASKS_ABOUT]-(:ReviewTask {id: 'rev_1', kind: 'WITHDRAWAL', state: 'OPEN',
            aboutAnother: false, purposes: ['marketing.email'], saidAt: datetime(), foundAt: datetime()})""",
            OFFICE,
            "EMAIL",
            ["WITHDRAWN_IN_MESSAGE"],
        ),
        ("MATCH (c)-[:REACHABLE_ON]->(w {kind: 'EMAIL'}) DETACH DELETE w", SERVICE, "EMAIL", ["NO_ADDRESS"]),
        ("MATCH (c)-[:REACHABLE_ON]->(w {kind: 'EMAIL'}) DETACH DELETE w", EMAIL, "EMAIL", ["OTHER"]),
        ("SET c.region = null", OFFICE, "PHONE", ["QUIET_HOURS"]),
        ("SET c.status = 'DECEASED'", ("privacy_officer", "service.messages"), "EMAIL", ["DECEASED"]),
        ("SET c.status = 'RESTRICTED'", OFFICE, "EMAIL", ["RESTRICTED"]),
    ],
)
async def test_each_reason_is_told_to_who_is_shown_from_what_it_follows(
    desk: Sender, happened: str, who: tuple[str, str], channel: str, reasons: list[str]
) -> None:
    """What a role is not shown is OTHER."""
    await change(desk, happened)
    assert await desk.why(who, channel) == reasons


async def test_who_is_not_there_for_the_viewer_is_one_answer(desk: Sender) -> None:
    """Of another region, restricted, nobody, dead for marketing: null, on record as looked for."""
    await change(desk, "SET c.status = 'DECEASED'")
    for who, customer in ((SERVICE, BO), (SERVICE, CY), (SERVICE, "cus_nobody"), (SERVICE, "cas_Ada"), (EMAIL, ADA)):
        assert await desk.may(who, c=customer) is None, customer


async def test_a_complaint_stops_marketing_alone_and_is_not_told_to_it(desk: Sender) -> None:
    """Open until a person dismissed it, or its case is closed."""
    task = """CREATE (c)<-[:ASKS_ABOUT]-(t:ReviewTask {id: 'rev_1', kind: 'COMPLAINT', state: 'OPEN',
      aboutAnother: false, purposes: [], saidAt: datetime(), foundAt: datetime(), confidence: 1.0})
      CREATE (t)-[:FOUND_IN]->(i:Interaction {id: 'int_1', kind: 'EMAIL', direction: 'INBOUND', occurredAt: datetime(),
      tags: [], source: 'x'})<-[:HAD]-(c) WITH c, i MATCH (c)-[:OPENED]->(case) CREATE (i)-[:ABOUT]->(case)"""
    await change(desk, task)
    assert await desk.why(EMAIL) == ["OTHER"]
    assert (await desk.may(EMAIL))["words"] == "EMAIL may not be used: something that your role is not shown."
    assert await desk.why(OFFICE) == ["OPEN_COMPLAINT"]
    assert await desk.why(SERVICE) == []
    await change(desk, "MATCH (t:ReviewTask {id: 'rev_1'}) SET t.state = 'CONFIRMED'")
    assert await desk.why(EMAIL) == ["OTHER"]
    await change(desk, "MATCH (c)-[:OPENED]->(case) SET case.closedAt = datetime()")
    assert await desk.why(EMAIL) == []


async def test_caps_and_when_it_may_again(desk: Sender) -> None:
    """Three in a week, one call in thirty days, two a month as she agreed; what serves her is not counted."""
    for days in (1, 2, 6):
        await sent(desk, days)
    await sent(desk, 3, purpose="service")
    found = await desk.may(EMAIL)
    assert [one["reason"] for one in found["reasons"]] == ["WEEK_CAP"]
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert abs(datetime.fromisoformat(found["again"]) - tomorrow) < timedelta(minutes=5)
    assert await desk.why(SERVICE) == []
    await sent(desk, 20, "PHONE")
    await sent(desk, 21, "SMS")
    await sent(desk, 22, "SMS")
    assert {"WEEK_CAP", "PHONE_CAP", "MONTH_LIMIT"} <= set(await desk.why(PHONE, "PHONE"))
    assert (await desk.may(PHONE, "PHONE"))["again"] is not None


async def test_a_campaign_reaches_her_once(desk: Sender) -> None:
    """However long ago, and on whatever channel."""
    await sent(desk, 90, campaign="cmp_spring")
    assert await desk.why(EMAIL, g="cmp_spring") == ["DUPLICATE_SEND"]
    assert await desk.why(EMAIL, g="cmp_summer") == []


async def test_an_address_from_which_mail_came_back_does_not_work_until_it_is_another(desk: Sender) -> None:
    """What is known of the last message to it counts."""
    await change(desk, "MATCH (c)-[:REACHABLE_ON]->(w {kind: 'EMAIL'}) SET w.address = 'ada@x.example'")
    await sent(desk, 9, "EMAIL", "service")
    await change(desk, "MATCH (c)-[:RECEIVED]->(o) SET o.address = 'ada@x.example', o.delivered = false")
    assert await desk.why(OFFICE) == ["NO_ADDRESS"]
    assert await desk.why(SERVICE) == ["OTHER"]  # to what address it went is nothing that a rep is shown
    await change(desk, "MATCH (c)-[:REACHABLE_ON]->(w {kind: 'EMAIL'}) SET w.address = 'ada@y.example'")
    assert await desk.why(OFFICE) == []


async def test_a_purpose_that_the_role_does_not_contact_for_is_refused(desk: Sender) -> None:
    """A role's own purpose is asked for as itself: under its own rules."""
    for role, asks_for, purpose in (
        ("marketer", "marketing.email", "marketing.phone"),
        ("marketer", "marketing.email", "service.messages"),
        ("marketer", "marketing.email", "analytics"),
        ("service_rep", "service", "marketing.email"),
    ):
        answer = await desk.asked(MAY, {"c": ADA, "p": purpose, "k": "EMAIL"}, role, asks_for)
        assert codes(answer) == ["CG714"], (role, purpose)
    assert codes(await desk.asked(MAY, {"c": ADA, "p": EMAIL[1], "k": "WEB"}, *EMAIL)) == ["CG202"]
    nothing = await desk.asked(MAY, {"c": ADA, "p": "self", "k": "EMAIL"}, "customer", "self", ADA)
    assert codes(nothing) == ["CG201"]


async def test_what_is_logged_counts_at_once(desk: Sender) -> None:
    """Written with its campaign and remembered as a change; the fourth in a week is refused and writes nothing."""
    first = await desk.log(campaign="cmp_spring", clientMutationId="a")
    made = first["data"]["logOutreach"]
    assert made["clientMutationId"] == "a"
    assert made["outreach"].pop("id").startswith("out_")
    assert made["outreach"].pop("sentAt")
    assert made["outreach"] == {
        "channel": "EMAIL",
        "purpose": "marketing.email",
        "delivered": None,
        "customer": {"id": ADA},
        "campaign": {"id": "cmp_spring"},
    }
    again = await desk.log(campaign="cmp_spring")
    assert again["data"] == {"logOutreach": None}
    (error,) = again["errors"]
    assert error["extensions"] == {"code": REFUSED, "reasons": ["DUPLICATE_SEND"], "again": None}
    for _ in range(2):
        assert "errors" not in await desk.log()
    over = (await desk.log())["errors"][0]["extensions"]
    assert (over["code"], over["reasons"]) == (REFUSED, ["WEEK_CAP"])
    assert over["again"] is not None
    assert (await desk.count("Outreach"), await desk.count("Change")) == (3, 3)
    assert codes(await desk.log(campaign="cmp_none")) == ["CG210"]
    assert codes(await desk.log("service.messages")) in (["CG103"], ["CG714"], [])


async def test_senders_at_once_do_not_pass_the_cap_together(desk: Sender) -> None:
    """Twelve of them: three are let through, whoever they are, and nine are told why."""
    answers = await asyncio.gather(*(desk.log() for _ in range(12)))
    refused = [one for one in answers if "errors" in one]
    assert len(refused) == 9
    assert {tuple(one["errors"][0]["extensions"]["reasons"]) for one in refused} == {("WEEK_CAP",)}
    assert await desk.count("Outreach") == 3


async def test_the_same_key_is_the_same_message(desk: Sender) -> None:
    """A sender that asks again is not counted twice."""
    answers = [await desk.log(idempotencyKey="k-1") for _ in range(5)]
    assert len({one["data"]["logOutreach"]["outreach"]["id"] for one in answers}) == 1
    assert await desk.count("Outreach") == 1


async def test_each_look_is_on_record(desk: Sender) -> None:
    """A verdict and a refusal name whom they are about and the fields from which what was told follows."""
    await desk.may(OFFICE)
    for _ in range(4):
        await desk.log()
    while await ship(desk.trail, desk.database):
        pass
    hers = "{ accessRecords(first: 50) { nodes { role root fields soughtBy } } }"
    seen = await desk.asked(hers, {}, "customer", "self", ADA)
    assert "errors" not in seen, seen
    told = [(one["root"], one["role"]) for one in seen["data"]["accessRecords"]["nodes"] if one["fields"]]
    assert told.count(("mayContact", "privacy_officer")) == 1
    assert told.count(("logOutreach", "marketer")) == 4, told  # the one that was refused, too


BEST = """query ($c: ID!, $p: String!, $g: ID) { bestChannel(customer: $c, purpose: $p, campaign: $g) {
  channel confidence words rate { channel rate tried answered } others { channel rate }
  rejected { channel reasons { reason } words } } }"""
MANY = """UNWIND range(1, 25) AS number
CREATE (c:Customer {id: 'cus_many' + number, status: 'ACTIVE', kind: 'PERSON', orderCount: 0, createdAt: datetime(),
  updatedAt: datetime(), birthDate: date({year: 1980 + number % 2 * 40 * (number / 25)})})
CREATE (c)-[:STANDS]->(:Standing {id: 'sta_' + number, purpose: 'analytics', lawful: number < 25, basis: 'CONSENT'})
WITH c, number UNWIND ['EMAIL', 'PHONE', 'POST'] AS channel UNWIND range(1, 4) AS time
CREATE (c)-[:RECEIVED]->(:Outreach {id: 'out_' + channel + number + '_' + time, channel: channel, purpose: 'marketing',
  sentAt: $now - duration({days: 40 + time}), opened: false, replied: false, converted: false, complained: false,
  clicked: channel = 'PHONE' AND time < 4 OR channel = 'EMAIL' AND time < 3})
"""


async def test_the_best_channel_is_the_one_on_which_she_likely_answers(desk: Sender) -> None:
    """By what is usual, then by what she did herself; what may not be used is told with the reasons."""
    asked = {"c": ADA, "p": "service.messages"}
    assert codes(await desk.asked(BEST, asked, "service_rep", "service")) == ["CG715"]
    now = datetime.now(UTC)
    await desk.database.write(MANY, {"now": now})
    assert await keep(desk.database, now) == "Rates of answers on 3 channels and of 1 segments, from 288 contacts."
    (before,) = await desk.database.read("MATCH (kept:AnswerRates) RETURN properties(kept)")
    assert set(before["segments"]) == {"", "age 40"}
    await change(desk, "MATCH (c)-[:REACHABLE_ON]->(w {kind: 'PHONE'}) DETACH DELETE w")
    answer = await desk.asked(BEST, asked, "service_rep", "service")
    advice = answer["data"]["bestChannel"]
    assert advice["channel"] == "EMAIL", answer
    assert advice["rate"] == {"channel": "EMAIL", "rate": pytest.approx(0.5, abs=0.01), "tried": 0, "answered": 0}
    rejected = {one["channel"]: {why["reason"] for why in one["reasons"]} for one in advice["rejected"]}
    assert set(rejected) == {"PHONE", "SMS", "PUSH", "POST"}
    assert all(reasons - {"QUIET_HOURS"} == {"NO_ADDRESS"} for reasons in rejected.values())
    for days in (1, 2, 3, 4):
        await sent(desk, days, "EMAIL", "service")
    later = (await desk.asked(BEST, asked, "service_rep", "service"))["data"]["bestChannel"]
    assert later["rate"]["tried"] == 4
    assert later["rate"]["rate"] < advice["rate"]["rate"]
    assert (await desk.asked(BEST, {"c": BO, "p": asked["p"]}, "service_rep", "service"))["data"] == {
        "bestChannel": None
    }


async def test_rules_of_a_company_take_the_place_of_the_sections_they_name(tmp_path: Path) -> None:
    """The rest stays as shipped; what cannot be is told with its place."""
    own = tmp_path / "contacts.toml"
    own.write_text("[cap.WEEK_CAP]\nmost = 1\ndays = 2\n", encoding="utf-8")
    rules = read_contact_rules(own)
    assert [(one.name, one.most, one.within) for one in rules.caps] == [("WEEK_CAP", 1, timedelta(days=2))]
    assert rules.consent == shipped_contact_rules().consent
    assert read_contact_rules(None) == shipped_contact_rules()
    for wrong, told in (
        ("[consent]\nEMAIL = 'service'\n", r"consent"),
        ("[quiet]\nsince = 20:00:00\n", r"quiet.until"),
        ("[channels]\nPIGEON = 'POST'\n", r"channels"),
        ("[cap.YEAR_CAP]\nmost = 1\ndays = 2\n", r"cap.YEAR_CAP"),
        ("[", "not TOML"),
    ):
        own.write_text(wrong, encoding="utf-8")
        with pytest.raises(ContactRulesInvalid, match=told):
            read_contact_rules(own)
