"""Insights in the graph: they are what the cores find in the exports, what one counts by hand, and the same twice."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import pytest
import pytest_asyncio

from bench.insight.feed import contacts, service_cases
from bench.insight.feed_supply import parcels, purchases
from bench.insight.feed_texts import titled, told
from bench.insight.found import grouping
from ingest.assemble.reviews import messages
from ingest.company import Company, find_out
from ingest.exports import read_folder
from ingest.records import Call, Chat, Mail, OrderRecord, Parcel, ProductRecord, Purchase, Ticket
from insight.links import case_links, shown_links
from insight.suppliers import late_suppliers
from insight.themes.themes import Nature, Theme, themes
from schema.governance import shipped_governance
from server.finding import PARTS, carry_out
from tests.sample import COMPANY, Sample

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
    came = await carry_out(sample.database, shipped_governance(), NOW)
    yield Found(sample, company, {one.name: one.said for one in came})
    await sample.database.write("MATCH (n) WHERE labels(n)[0] IN $ours DETACH DELETE n", {"ours": OURS})
    await sample.database.write("MATCH ()-[r:TOOK]->() DELETE r")


def key(one: tuple[str, str]) -> str:
    """The key of a contact or case in the graph."""
    return ":".join(one)


def of_exports(company: Company) -> tuple[dict[str, str], tuple[Theme, ...]]:
    """Which case each contact belongs to, and the themes, by the cores from the exports.

    The graph keeps neither addresses nor names of whom nobody knows, so these do not help here either.
    """
    texts, headed = told(company, contacts(company)), titled(company, service_cases(company))
    nobody = frozenset[str]()
    talks = [replace(one, handles=nobody, names=nobody) for one in contacts(company)]
    cases = [replace(one, handles=nobody, names=nobody) for one in service_cases(company)]
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
    outside = {
        f"mail:{one.key}"
        for one in found.company.exports.of(Mail)
        if (one.from_address or "").endswith("acmehome.example")
    }
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
        within = [
            one
            for one in exports.of(Purchase)
            if one.supplier == row["supplier"] and one.promised_on and period.since <= one.promised_on <= period.until
        ]
        days = [(one.received_on - one.promised_on).days for one in within if one.received_on and one.promised_on]
        assert row["lateCount"] == sum(late > 3 for late in days)
        assert row["purchaseCount"] <= len(within)
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
    again = await carry_out(found.sample.database, shipped_governance(), NOW)
    assert await found.everything() == before
    assert [one.name for one in again] == [one.name for one in PARTS]
    assert all("0 new, 0 gone" in one.said for one in again if one.name in {"contacts", "issues"})
    assert "0 changed, 0 gone" in again[2].said
