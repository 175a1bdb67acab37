"""Insights in the graph: they are what the cores find in the exports, what one counts by hand, and the same twice."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.policy import SHIPPED, load_policies
from auth.trail import Trail
from bench.insight.feed import contacts, service_cases
from bench.insight.feed_supply import parcels, purchases
from bench.insight.feed_texts import titled, told
from bench.insight.found import grouping
from ingest.assemble.reviews import messages
from ingest.company import Company, find_out
from ingest.exports import read_folder
from ingest.records import Call, Chat, Mail, OrderRecord, Parcel, ProductRecord, Purchase, Ticket
from insight.kept import alerts, service
from insight.links import case_links, shown_links
from insight.suppliers import late_suppliers
from insight.themes.themes import Nature, Theme, themes
from schema.enums import ServiceMetric
from schema.governance import ServiceThreshold
from server.assembly import assemble
from server.finding import PARTS, WORK, Declared, carry_out
from server.settings import load
from server.turns import claimed
from tests.sample import COMPANY, Sample
from tests.test_changes import Desk

pytest_plugins = ["tests.sample"]

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
OURS = ["RecurringIssue", "ServiceFigure", "ServiceAlert", "SupplierDelay"]
NODES = """MATCH (n) WHERE labels(n)[0] IN $ours
RETURN [labels(n)[0], n { .* }, COLLECT { MATCH (n)-[r]-(o) RETURN type(r) + o.id ORDER BY type(r), o.id }]
ORDER BY n.id"""
TOOK = "MATCH (n:Case)-[r:TOOK]->(i) RETURN [n.number, i.sourceKey, r.shown] ORDER BY i.sourceKey"


FIGURES = """MATCH (n:ServiceFigure {team: '*', channel: $channel, metric: $metric})
RETURN [n.month, n.value, n.counted]"""


@dataclass(frozen=True, slots=True)
class Found:
    """The sample company with insights in it, and the same company as its exports have it."""

    sample: Sample
    company: Company
    said: Mapping[str, str]

    async def ask(self, text: str, **named: Any) -> list[Any]:
        """The first column of every row."""
        return await self.sample.database.read(text, named)

    async def everything(self) -> list[Any]:
        """All that insights keep."""
        return [await self.ask(NODES, ours=OURS), await self.ask(TOOK)]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def found(sample: Sample) -> AsyncIterator[Found]:
    """Insights found once; the sample is as it was afterwards."""
    company = find_out(read_folder(COMPANY, lambda stage, done, total: None), NOW, {})
    came = await carry_out(sample.database, Declared(), NOW)
    yield Found(sample, company, {one.name: one.said for one in came})
    await sample.database.write("MATCH (n) WHERE labels(n)[0] IN $ours DETACH DELETE n", {"ours": OURS})
    await sample.database.write("MATCH ()-[r:TOOK]->() DELETE r")


def key(one: tuple[str, str]) -> str:
    """The key of a contact or case in the graph."""
    return ":".join(one)


def of_exports(company: Company) -> tuple[dict[str, str], tuple[Theme, ...]]:
    """Which case each contact belongs to, and the themes, by the cores from the exports.

    The graph keeps neither addresses nor names of whom nobody knows, nor orders that a title alone names, so these do
    not help here either.
    """
    texts, headed = told(company, contacts(company)), titled(company, service_cases(company))
    nobody = frozenset[str]()
    talks = [replace(one, handles=nobody, names=nobody) for one in contacts(company)]
    orders = {one.key for one in company.exports.of(OrderRecord)}
    about = {one.key: frozenset({one.order or ""} & orders) for one in company.exports.of(Ticket)}
    cases = [replace(one, handles=nobody, names=nobody, orders=about[one.key]) for one in service_cases(company)]
    titles = {("cases", case.key): case.subject for case in headed}
    links = case_links(talks, cases, grouping(texts, titles, shown_links(talks, cases)).alone)
    willed = {(one.system, one.key) for one in messages(company)}
    owners = {one.key: one.customer for one in talks if one.customer}
    owners |= {("cases", one.key): one.customer for one in cases if one.customer}
    groups = grouping(texts, titles, links)
    return {key(one.contact): one.case for one in links}, themes(texts, headed, groups, NOW, willed, owners)


@pytest.mark.asyncio(loop_scope="session")
async def test_contacts_and_issues_are_those_of_the_exports(found: Found) -> None:
    """Each contact with its case, each issue with its members, its course, its titles and its words."""
    links, known = of_exports(found.company)
    assert {contact: number for number, contact, _ in await found.ask(TOOK)} == links
    issues = {one.key: one for one in known if one.nature is Nature.ISSUE}
    rows = await found.ask("""MATCH (n:RecurringIssue) RETURN n { .*, since: n.firstSeen.epochMillis,
      members: COLLECT { MATCH (n)-[:GATHERS]->(o) RETURN o.sourceKey ORDER BY o.sourceKey },
      shown: COLLECT { MATCH (n)-[:EXEMPLIFIED_BY]->(o) RETURN o.sourceKey } }""")
    assert {row["sourceKey"] for row in rows} == set(issues)
    for row in rows:
        issue = issues[row["sourceKey"]]
        assert row["members"] == sorted(map(key, issue.members))
        assert set(row["shown"]) == set(map(key, issue.shown))
        assert (row["trend"], row["since"]) == (issue.trend.name, round(issue.since.timestamp() * 1000))
        assert (row["caseCount"], row["contactCount"]) == (issue.cases, issue.records - issue.cases)
        assert row["customerCount"] == issue.customers
        assert row["titles"] == list(issue.titles)
        assert set(row["words"]) <= set(issue.words)


CHATS = """MATCH (i:Interaction {kind: 'CHAT'}) WHERE i.text IS NOT NULL
RETURN [size(i.speakers), size(split(i.text, '\n')), size(split(i.textRedacted, '\n'))]"""


@pytest.mark.asyncio(loop_scope="session")
async def test_each_line_of_a_chat_has_its_speaker(found: Found) -> None:
    """As written and redacted."""
    counted = await found.ask(CHATS)
    assert len(counted) > 100
    assert [one for one in counted if len(set(one)) > 1] == []


def mean(values: Sequence[float]) -> float:
    """The mean."""
    return sum(values) / len(values)


def months_of(rows: Iterable[tuple[str, float]]) -> dict[str, list[float]]:
    """Values by month."""
    result: dict[str, list[float]] = defaultdict(list)
    for month, value in rows:
        result[month].append(value)
    return result


@pytest.mark.asyncio(loop_scope="session")
async def test_figures_of_cases_are_what_one_counts_in_the_exports(found: Found) -> None:
    """Counted with plain loops over the exports; which contacts a case took is read from the graph."""
    tickets = {one.key: one for one in found.company.exports.of(Ticket)}
    mails = found.company.exports.of(Mail)
    desk = {f"mail:{one.key}" for one in mails if (one.from_address or "").endswith("@acmehome.example")}
    took: dict[str, list[str]] = defaultdict(list)
    for number, contact, _ in await found.ask(TOOK):
        if contact not in desk:
            took[number].append(contact)
    hours: list[tuple[str, float]] = []
    closed: list[tuple[str, float]] = []
    first: list[tuple[str, float]] = []
    handovers: list[tuple[str, float]] = []
    repeats, cases = Counter[str](), Counter[str]()
    for one in tickets.values():
        month = f"{one.opened_at:%Y-%m}"
        cases[month] += 1
        repeats[month] += max(len(took[one.key]) - 1, 0)
        handovers.append((month, max(len(one.history) - 1, 0)))
        if one.first_response_at and one.channel == "e-mail":
            hours.append((month, (one.first_response_at - one.opened_at) / timedelta(hours=1)))
        if one.closed_at:
            closed.append((month, (one.closed_at - one.opened_at) / timedelta(hours=1)))
            first.append((month, float(len(took[one.key]) <= 1 and len(one.history) <= 1)))
    expected: dict[tuple[str, str], float] = {(month, "CASES"): number for month, number in cases.items()}
    expected |= {(month, "REPEATS_PER_CASE"): number / cases[month] for month, number in repeats.items()}
    figures: tuple[tuple[str, list[tuple[str, float]], Callable[[Sequence[float]], float]], ...] = (
        ("MEDIAN_FIRST_RESPONSE_HOURS", hours, median),
        ("MEDIAN_RESOLUTION_HOURS", closed, median),
        ("CLOSED", closed, len),
        ("FIRST_CONTACT_RESOLUTION", first, mean),
        ("HANDOVERS_PER_CASE", handovers, mean),
    )
    for metric, rows, how in figures:
        expected |= {(month, metric): how(values) for month, values in months_of(rows).items()}
    kept = await found.ask("MATCH (n:ServiceFigure {team: '*', channel: '*'}) RETURN [n.month, n.metric, n.value]")
    names = {metric for _, metric in expected}
    assert {(month, metric): value for month, metric, value in kept if metric in names} == {
        asked: pytest.approx(value) for asked, value in expected.items() if asked[0] >= "2024-11"
    }


@pytest.mark.asyncio(loop_scope="session")
async def test_figures_of_contacts_are_what_one_counts_in_the_exports(found: Found) -> None:
    """Callers who gave up or waited, chats that the desk answered, answers to 'how did we do', whose contacts are."""
    exports, owner = found.company.exports, found.company.attribution
    calls = [(f"{one.started_at:%Y-%m}", one) for one in exports.of(Call)]
    chats = [(f"{one.started_at:%Y-%m}", one) for one in exports.of(Chat)]
    given_up = months_of((month, one.outcome == "abandoned") for month, one in calls)
    waited = months_of((month, one.waited_seconds) for month, one in calls if one.waited_seconds is not None)
    answered = months_of((month, any(not line.by_visitor for line in one.lines)) for month, one in chats)
    seen = months_of((month, owner.of("chats", one.key) is not None) for month, one in chats)
    liked = months_of((month, one.satisfaction) for month, one in chats if one.satisfaction is not None)
    for one in exports.of(Ticket):
        if one.satisfaction is not None and one.channel == "chat":
            liked[f"{one.opened_at:%Y-%m}"].append(one.satisfaction)

    asked: tuple[tuple[str, str, dict[str, list[float]], Callable[[Sequence[float]], float]], ...] = (
        ("CALL", "SHARE_ABANDONED", given_up, mean),
        ("CALL", "CONTACTS", given_up, len),
        ("CALL", "MEDIAN_WAITED_SECONDS", waited, median),
        ("CHAT", "ABILITY_TO_ANSWER", answered, mean),
        ("CHAT", "ABILITY_TO_VIEW", seen, mean),
        ("CHAT", "MEAN_SATISFACTION", liked, mean),
    )
    for channel, metric, rows, how in asked:
        kept = await found.ask(
            FIGURES,
            channel=channel,
            metric=metric,
        )
        lately = {month: values for month, values in rows.items() if month >= "2024-11"}
        assert {month: value for month, value, _ in kept} == {
            month: pytest.approx(how(values)) for month, values in lately.items()
        }, metric
        assert {month: counted for month, _, counted in kept} == {
            month: len(values) for month, values in lately.items()
        }, metric


@pytest.mark.asyncio(loop_scope="session")
async def test_late_suppliers_are_those_of_the_exports(found: Found) -> None:
    """With their periods; orders that came late are counted with plain loops."""
    exports = found.company.exports
    known = {one.supplier: one for one in late_suppliers(purchases(exports), parcels(exports), NOW.date())}
    rows = await found.ask("""MATCH (n:SupplierDelay)-[:BY_SUPPLIER]->(s)
      RETURN n { .*, supplier: s.number, since: toString(n.since), until: toString(n.until),
        orders: COLLECT { MATCH (n)-[:DELAYED]->(o) RETURN o.number ORDER BY o.number },
        customers: COUNT { MATCH (n)-[:DELAYED]->()<-[:PLACED]-(c) RETURN DISTINCT c } }""")
    assert known
    assert {row["supplier"] for row in rows} == set(known)
    of = {one.key: one.supplier for one in exports.of(ProductRecord)}
    placed = {one.key: one for one in exports.of(OrderRecord)}
    for row in rows:
        period = known[row["supplier"]]
        assert (row["since"], row["until"]) == (f"{period.since}", f"{period.until}")
        promised = sorted(
            (one.promised_on, max((one.received_on - one.promised_on).days, 0))
            for one in exports.of(Purchase)
            if one.supplier == row["supplier"]
            and one.promised_on
            and one.promised_on >= period.since
            and one.received_on
        )
        days = [late for _, late in promised[: row["purchaseCount"]]]
        assert row["lateCount"] == sum(late > 3 for late in days)
        assert row["meanDaysLate"] == pytest.approx(mean(days))
        assert row["orders"] == sorted(
            {
                one.order
                for one in exports.of(Parcel)
                if one.promised_on
                and one.order in placed
                and row["supplier"] in {of.get(line.sku) for line in placed[one.order].lines}
                and period.since <= one.promised_on <= period.until
                and (one.delivered_at is None or one.delivered_at.date() > one.promised_on)
            }
        )
        assert (row["orderCount"], row["customerCount"]) == (len(row["orders"]), row["customers"])


@pytest.mark.asyncio(loop_scope="session")
async def test_a_second_run_changes_nothing(found: Found) -> None:
    """Neither nodes nor ids nor relationships."""
    before = await found.everything()
    again = await carry_out(found.sample.database, Declared(), NOW)
    assert await found.everything() == before
    assert [one.name for one in again] == [one.name for one in PARTS]
    assert all("0 new, 0 gone" in one.said for one in again if one.name in {"contacts", "issues"})
    assert "0 changed, 0 gone" in again[2].said
    assert not await claimed(found.sample.database, WORK, 3600)
    assert await claimed(found.sample.database, WORK, 0)


# What roles see

ISSUES = """{ recurringIssues(first: 100) { nodes { id title customerCount months
  examples { nodes { id } } interactions(first: 100) { nodes { id } } } } }"""


@pytest_asyncio.fixture(loop_scope="session")
async def desk(found: Found, tmp_path: Path) -> AsyncIterator[Desk]:
    """The application over the sample company with insights in it."""
    assembly = assemble(load(data=tmp_path))
    async with Trail(tmp_path / "trail") as trail:
        yield Desk(assembly, LocalIssuer(tmp_path), found.sample.database, trail)


@pytest.mark.asyncio(loop_scope="session")
async def test_an_issue_of_a_few_is_told_to_nobody_who_sees_groups_alone(found: Found, desk: Desk) -> None:
    """Operations managers and reps see those of five customers and more, privacy officers all, others none."""
    few = "iss_few"
    await found.sample.database.write(
        "CREATE (n:RecurringIssue {id: $id, title: 'few', titles: [], words: [], trend: 'STEADY', contactCount: 9, "
        "caseCount: 1, customerCount: 4, months: [], firstSeen: $now, lastSeen: $now})",
        {"id": few, "now": NOW},
    )
    all_of_them = set(await found.ask("MATCH (n:RecurringIssue) RETURN n.id"))
    folded = set(await found.ask("MATCH (n:RecurringIssue) WHERE n.customerCount >= 5 RETURN n.id"))
    assert few not in folded
    for role in load_policies(SHIPPED):
        answer = await desk.ask(ISSUES.replace("months", ""), role=role, subject="someone")
        if role in ("operations_manager", "service_rep", "privacy_officer"):
            told = {node["id"] for node in answer["data"]["recurringIssues"]["nodes"]}
            assert told == (all_of_them if role == "privacy_officer" else folded), role
        else:
            assert [error["extensions"]["code"] for error in answer["errors"]] == ["CG201"], role
    await found.sample.database.write("MATCH (n:RecurringIssue {id: $id}) DELETE n", {"id": few})


@pytest.mark.asyncio(loop_scope="session")
async def test_examples_are_those_whose_interactions_the_role_sees(found: Found, desk: Desk) -> None:
    """A rep for Great Britain sees hers among them, whole; an operations manager those of customers she may work with,
    with identifiers taken out.
    """
    answer = await desk.ask(ISSUES, role="service_rep")
    told = {one["id"] for node in answer["data"]["recurringIssues"]["nodes"] for one in node["interactions"]["nodes"]}
    regions = set(await found.ask("MATCH (i)<-[:HAD]-(c) WHERE i.id IN $ids RETURN c.region", ids=sorted(told)))
    assert regions == {"GB"}
    answer = await desk.ask(
        "{ recurringIssues(first: 9) { nodes { examples { nodes { textRedacted } } } } }", role="operations_manager"
    )
    texts = [one for node in answer["data"]["recurringIssues"]["nodes"] for one in node["examples"]["nodes"]]
    assert any(one["textRedacted"] for one in texts)
    refused = await desk.ask("{ recurringIssues { nodes { examples { nodes { text } } } } }", role="operations_manager")
    assert refused["errors"][0]["extensions"]["code"] == "CG201"


@pytest.mark.asyncio(loop_scope="session")
async def test_months_and_figures_of_a_few_are_folded(found: Found, desk: Desk) -> None:
    """A month of an issue with contacts of four customers or fewer is told as `<5`; such a figure is not told."""
    answer = await desk.ask(ISSUES, role="operations_manager")
    months = [month.split() for node in answer["data"]["recurringIssues"]["nodes"] for month in node["months"]]
    assert {"<5", "0"} < {count for _, count in months}
    assert all(count in ("<5", "0") or int(count) >= 5 for _, count in months)
    answer = await desk.ask(
        "{ serviceFigures(first: 500) { nodes { team month metric value counted customerCount } } }",
        role="operations_manager",
    )
    figures = answer["data"]["serviceFigures"]["nodes"]
    assert figures
    assert all(one["customerCount"] >= 5 for one in figures)
    assert await found.ask("MATCH (n:ServiceFigure) WHERE n.customerCount < 5 RETURN count(n) > 0") == [True]


# Alerts

OPEN = "MATCH (n:ServiceAlert) RETURN [n.rule, n.team, n.state, n.month, n.value] ORDER BY n.raisedAt, n.rule, n.team"


@pytest.mark.asyncio(loop_scope="session")
async def test_what_is_worse_is_raised_once_and_cleared_when_it_is_no_more(found: Found, desk: Desk) -> None:
    """One alert while it is so; a threshold that is met or taken away clears it; the next time is another one."""
    database = found.sample.database
    await database.write("MATCH (n:ServiceAlert) DELETE n")
    (value,) = await found.ask(
        "MATCH (n:ServiceFigure {team: '*', channel: '*', month: '2026-10', metric: 'FIRST_CONTACT_RESOLUTION'}) "
        "WHERE n.customerCount >= 5 RETURN n.value"
    )
    asked = ServiceThreshold("at_once", ServiceMetric.FIRST_CONTACT_RESOLUTION, "*", "*", value + 0.01, None)
    for _ in range(2):
        await alerts.keep(database, NOW, [asked])
        assert await found.ask(OPEN) == [["at_once", "*", "OPEN", "2026-10", value]]
    answer = await desk.ask(
        "{ serviceAlerts(where: {state: {eq: OPEN}}) { nodes { rule metric team value least most } } }",
        role="operations_manager",
    )
    assert answer["data"]["serviceAlerts"]["nodes"] == [
        {"rule": "at_once", "metric": "FIRST_CONTACT_RESOLUTION", "team": "*", "value": value, "least": value + 0.01,
         "most": None}
    ]  # fmt: skip
    # In a month that tells nothing it stays.
    await alerts.keep(database, NOW + timedelta(days=400), [asked])
    assert [row[2] for row in await found.ask(OPEN)] == ["OPEN"]
    await alerts.keep(database, NOW, [replace(asked, least=value)])
    assert await found.ask(OPEN) == [["at_once", "*", "CLEARED", "2026-10", value]]
    await alerts.keep(database, NOW + timedelta(days=1), [asked])
    assert [row[2] for row in await found.ask(OPEN)] == ["CLEARED", "OPEN"]
    await alerts.keep(database, NOW + timedelta(days=2), [])
    assert [row[2] for row in await found.ask(OPEN)] == ["CLEARED", "CLEARED"]


@pytest.mark.asyncio(loop_scope="session")
async def test_what_comes_later_enters_at_the_next_run(found: Found) -> None:
    """A call that was noted since counts; what may not be worked with any more is left out; and back again."""
    database = found.sample.database
    counted = (
        "MATCH (n:ServiceFigure {team: '*', channel: 'CALL', month: '2026-10', metric: 'CONTACTS'}) RETURN n.value"
    )
    (before,) = await found.ask(counted)
    (customer,) = await database.write(
        "MATCH (c:Customer {status: 'ACTIVE'}) WITH c ORDER BY c.id LIMIT 1 "
        "CREATE (c)-[:HAD]->(:Interaction {id: 'int_later', sourceKey: 'api:int_later', kind: 'CALL', "
        "direction: 'INBOUND', occurredAt: datetime('2026-10-15T10:00:00Z'), tags: [], speakers: [], source: 'api'}) "
        "RETURN c.id"
    )
    await service.keep(database, NOW)
    assert await found.ask(counted) == [before + 1]
    await database.write("MATCH (c:Customer {id: $id}) SET c.status = 'RESTRICTED'", {"id": customer})
    theirs = await found.ask(
        "MATCH (:Customer {id: $id})-[:HAD]->(i {kind: 'CALL'}) WHERE i.id <> 'int_later' "
        "AND date.truncate('month', i.occurredAt) = date('2026-10-01') RETURN i.id",
        id=customer,
    )
    await service.keep(database, NOW)
    assert await found.ask(counted) == [before - len(theirs)]
    await database.write("MATCH (c:Customer {id: $id}) SET c.status = 'ACTIVE'", {"id": customer})
    await database.write("MATCH (i:Interaction {id: 'int_later'}) DETACH DELETE i")
    await service.keep(database, NOW)
    assert await found.ask(counted) == [before]
