"""Signals in the graph: worked out of what it holds, kept beside each customer, and seen as each role may."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.narrow import narrow
from auth.policy import load_policies
from auth.trail import Trail
from graph.session import Database
from ingest.statements import text as ingest_text
from insight.kept.signals import PAGE, keep
from privacy import personal
from privacy.parts import parts
from schema.catalogue import complete_model
from server.app import application
from server.assembly import Assembly, assemble
from server.door import Door
from server.settings import load
from tests.test_ingest_load import clear

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
CROWD = 240
COMPANY = """
UNWIND range(0, 5) AS number
CREATE (p:Product {id: 'prd_' + number, sku: 'S' + number, name: 'Product ' + number,
  discontinuedOn: CASE number WHEN 5 THEN date('2026-01-01') END})
WITH count(*) AS products
CREATE (:Campaign {id: 'cmp_1', number: '1', name: 'Spring', purpose: 'marketing', channel: 'EMAIL'})
WITH products
UNWIND $customers AS row
CREATE (c:Customer {id: 'cus_' + row.name, sourceKey: row.name, kind: 'PERSON', status: row.status, name: row.name,
  region: 'GB', orderCount: 0, createdAt: $now, updatedAt: $now})
CREATE (:SourceRecord {id: 'src_' + row.name, sourceKey: 'src_' + row.name})-[:RESOLVES_TO]->(c)
FOREACH (purpose IN row.lawful |
  CREATE (c)-[:STANDS]->(:Standing {id: 'std_' + row.name + purpose, purpose: purpose, lawful: true}))
WITH c, row
UNWIND row.orders AS one
CREATE (c)-[:PLACED]->(o:Order {id: 'ord_' + row.name + one.number, number: row.name + one.number, placedAt: one.at,
  status: one.status, channel: 'web', discovery: one.discovery, itemCount: 1, total: one.total, currency: 'EUR'})
WITH o, one
UNWIND one.products AS number
MATCH (p:Product {id: 'prd_' + number})
CREATE (o)-[:OF]->(p)
"""
EXTRAS = """
MATCH (fay:Customer {id: 'cus_fay'}), (gus:Customer {id: 'cus_gus'}), (ada:Customer {id: 'cus_ada'})
MATCH (cmp:Campaign), (order:Order {id: 'ord_ada0'})
CREATE (fay)<-[:ASKS_ABOUT]-(:ReviewTask {id: 'rev_1', kind: 'COMPLAINT', state: 'OPEN'})
CREATE (gus)-[:HAD]->(:Interaction {id: 'int_1', kind: 'CALL', direction: 'INBOUND', source: 'calls',
  occurredAt: datetime('2025-01-01T10:00:00Z')})
CREATE (ada)-[:RECEIVED]->(:Outreach {id: 'out_1', sentAt: datetime('2025-09-01T08:00:00Z'), channel: 'EMAIL',
  purpose: 'marketing', delivered: true, opened: true, clicked: true, replied: false})-[:PART_OF_CAMPAIGN]->(cmp)
CREATE (order)-[:BILLED_BY]->(:Invoice {id: 'inv_1', number: '1', kind: 'CREDIT_NOTE', issuedOn: date('2026-08-01'),
  amount: -4000, currency: 'EUR', dunningLevel: 0})
"""
EVERYTHING = """MATCH (s:Signal) OPTIONAL MATCH (s)-[r:OFFERS|BEGAN_WITH]->(o)
WITH s, o ORDER BY o.id WITH s, collect(o.id) AS ends
RETURN {signal: properties(s), ends: ends, whose: [(c)-[:SHOWS]->(s) | c.id]} AS row ORDER BY s.sourceKey"""
OF = """MATCH (c:Customer {id: $id})-[:SHOWS]->(s:Signal {kind: $kind})
RETURN s {.*, campaigns: [(s)-[:BEGAN_WITH]->(cmp) | cmp.id],
  products: COLLECT { MATCH (s)-[:OFFERS]->(p) RETURN p.id ORDER BY p.id }}"""
LAWFUL = ("service", "operations", "analytics", "marketing.email")


def _customer(name: str, orders: list[dict[str, Any]], lawful: tuple[str, ...] = LAWFUL, status: str = "ACTIVE") -> Any:
    return {"name": name, "status": status, "lawful": list(lawful), "orders": orders}


def _order(number: int, ago: int, products: list[int], **said: Any) -> dict[str, Any]:
    at = NOW - timedelta(days=ago)
    return {
        "number": number,
        "at": at,
        "status": "completed",
        "discovery": None,
        "total": 100_00,
        "products": products,
    } | said


def _crowd() -> list[Any]:
    """More customers than a page holds, who order at rates of their own; half have products 0 and 1, half 2 and 3."""
    return [
        _customer(
            f"p{place:03}",
            [
                _order(time, 30 + (place * 7) % 200 + time * (20 + place % 90), [place % 2 * 2, place % 2 * 2 + 1])
                for time in range(1 + place % 4)
            ],
        )
        for place in range(CROWD)
    ]


@pytest_asyncio.fixture(loop_scope="session")
async def company(database: Database) -> AsyncIterator[Database]:
    """A company of which little is known, and seven customers of whom everything is."""
    await clear(database)
    usual = [_order(0, 100, [0], total=140_00), _order(1, 140, [0]), _order(2, 400, [0], discovery="friend")]
    named = [
        _customer("ada", usual),
        _customer("bo", usual, ("service", "operations", "analytics")),
        _customer("cy", usual, ("service", "analytics", "marketing.email")),
        _customer("di", usual, status="RESTRICTED"),
        _customer("ed", usual, status="DECEASED"),
        _customer("fay", usual),
        _customer("gus", []),
    ]
    await database.write(COMPANY, {"customers": named + _crowd(), "now": NOW})
    await database.write(EXTRAS)
    yield database
    await clear(database)


async def one(database: Database, name: str, kind: str) -> dict[str, Any]:
    """The one signal of a kind that a customer has."""
    (found,) = await database.read(OF, {"id": f"cus_{name}", "kind": kind})
    signal: dict[str, Any] = found
    return signal


async def kinds(database: Database, name: str) -> list[str]:
    """Which kinds of signals a customer has."""
    return await database.read(
        "MATCH (:Customer {id: $id})-[:SHOWS]->(s) RETURN s.kind ORDER BY s.kind", {"id": f"cus_{name}"}
    )


@pytest.mark.asyncio
async def test_signals_are_worked_out_and_kept(company: Database) -> None:
    """Of more customers than a page holds; each says why."""
    assert CROWD > PAGE
    said = await keep(company, NOW)
    assert said == "244 customers; 243 value, 243 churn, 243 cross-sell, 244 discovery; 0 taken away"
    value = await one(company, "ada", "VALUE")
    assert (value["amount"], value["amountEver"], value["currency"]) == (200_00, 300_00, "EUR")
    assert value["words"].startswith("2 orders within twelve months, 3 orders over all time; ")
    assert value["words"].endswith(f"{value['band']} of persons who ever ordered in EUR, by the last twelve months.")
    churn = await one(company, "ada", "CHURN")
    assert churn["words"].startswith("Ordered 3 times, every 150 days on average, last on 2026-07-24, 100 days ago; ")
    assert 0 < churn["orderProbability"] < churn["probability"] <= 1
    offer = await one(company, "ada", "CROSS_SELL")
    assert offer["products"] == ["prd_1", "prd_2", "prd_3"]
    assert "of those who bought Product 0 bought it" in offer["words"]
    found = await one(company, "ada", "DISCOVERY")
    assert (found["band"], found["certainty"], found["campaigns"]) == ("e-mail", "inferred", ["cmp_1"])
    found = await one(company, "gus", "DISCOVERY")
    assert (found["band"], found["certainty"]) == ("phone", "guessed")


@pytest.mark.asyncio
async def test_a_second_run_changes_nothing_and_a_later_one_what_is_not_so_any_more(company: Database) -> None:
    """Ids stay; a signal goes with what it was worked out of."""
    await keep(company, NOW)
    before = await company.read(EVERYTHING)
    assert len(before) == 3 * 243 + 244
    await keep(company, NOW)
    assert await company.read(EVERYTHING) == before
    await company.write("MATCH (:Customer {id: 'cus_ada'})-[:PLACED]->(o:Order) DETACH DELETE o")
    await keep(company, NOW + timedelta(days=1))
    assert await kinds(company, "ada") == ["DISCOVERY"]
    after = {row["signal"]["sourceKey"]: row["signal"]["id"] for row in await company.read(EVERYTHING)}
    kept = {row["signal"]["sourceKey"]: row["signal"]["id"] for row in before}
    assert after.items() < kept.items()


@pytest.mark.asyncio
async def test_who_may_not_be_profiled_has_no_signals(company: Database) -> None:
    """Who objected to it, the restricted and the deceased; who becomes so loses hers with the next run."""
    await keep(company, NOW)
    for name in ("cy", "di", "ed"):
        assert await kinds(company, name) == []
    await company.write("MATCH (c:Customer {id: 'cus_ada'}) SET c.status = 'RESTRICTED'")
    await company.write("MATCH (:Customer {id: 'cus_bo'})-[:STANDS]->(s {purpose: 'operations'}) SET s.lawful = false")
    assert (await keep(company, NOW)).endswith("; 8 taken away")
    assert await kinds(company, "ada") == await kinds(company, "bo") == []


@pytest.mark.asyncio
async def test_where_nothing_may_be_offered_it_says_so(company: Database) -> None:
    """Advertising is not lawful for Bo, Fay has a complaint; nothing was worked out for them."""
    await keep(company, NOW)
    bo, fay = await one(company, "bo", "CROSS_SELL"), await one(company, "fay", "CROSS_SELL")
    assert (bo["products"], bo["words"], bo["cautions"]) == (
        [],
        "Nothing is offered.",
        ["marketing is not lawful for her"],
    )
    assert (fay["products"], fay["words"], fay["cautions"]) == ([], "Nothing is offered.", ["a complaint is open"])
    assert (await one(company, "fay", "CHURN"))["cautions"] == ["a complaint is open"]
    ada = await company.read("MATCH (s:Signal {kind: 'CROSS_SELL'})-[:OFFERS]->(p) RETURN DISTINCT p.id")
    assert "prd_5" not in ada  # it is not sold any more
    await company.write("MATCH (t:ReviewTask) SET t.state = 'DISMISSED'")
    await keep(company, NOW)
    assert (await one(company, "fay", "CROSS_SELL"))["products"] == ["prd_1", "prd_2", "prd_3"]


@pytest.mark.asyncio
async def test_what_was_worked_out_of_other_records_goes(company: Database) -> None:
    """As merging, splitting and loading do it: a signal holds while the records it was made of are hers."""
    await keep(company, NOW)
    await company.write(ingest_text("forget_signals"), {"customers": None})
    assert len(await kinds(company, "ada")) == 4
    await company.write(
        """MATCH (r:SourceRecord {id: 'src_bo'})-[old:RESOLVES_TO]->() MATCH (ada:Customer {id: 'cus_ada'})
        CREATE (r)-[:RESOLVES_TO]->(ada) DELETE old"""
    )
    await company.write(ingest_text("forget_signals"), {"customers": ["cus_ada"]})
    assert (await kinds(company, "ada"), len(await kinds(company, "bo"))) == ([], 4)
    await company.write(ingest_text("forget_signals"), {"customers": None})
    assert (await kinds(company, "bo"), len(await kinds(company, "fay"))) == ([], 4)


class Asked:
    """The application over the company."""

    def __init__(self, assembly: Assembly, issuer: LocalIssuer, database: Database, trail: Trail) -> None:
        self.assembly, self.issuer, self.database, self.trail = assembly, issuer, database, trail

    async def __call__(self, role: str, fields: str, of: str, subject: str | None = None) -> list[dict[str, Any]]:
        """The signals of one customer that a role sees."""
        said = self.assembly.rules.policies[role].said.example_claims
        token = self.issuer.issue(role, subject=subject, claims=said)
        transport = httpx.ASGITransport(application(self.assembly, Door(self.database), self.trail))
        question = (
            f'{{ customer(id: "{of}") {{ signals(first: 9, orderBy: [{{kind: ASC}}]) {{ nodes {{ {fields} }} }} }} }}'
        )
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            response = await client.post(
                "/graphql", json={"query": question}, headers={"authorization": f"Bearer {token}"}, timeout=60
            )
        answer: dict[str, Any] = response.json()
        assert "errors" not in answer, answer
        whose = answer["data"]["customer"]
        return whose["signals"]["nodes"] if whose else []


@pytest_asyncio.fixture(loop_scope="session")
async def asked(tmp_path: Path, company: Database) -> AsyncIterator[Asked]:
    """Asking, once signals were kept."""
    await keep(company, NOW)
    async with Trail(tmp_path / "trail") as trail:
        yield Asked(assemble(load(data=tmp_path)), LocalIssuer(tmp_path), company, trail)


@pytest.mark.asyncio
async def test_each_role_sees_its_part(asked: Asked) -> None:
    """A rep ranks and words without money or offers, a marketer what she may use, a customer all about herself."""
    rep = await asked("service_rep", "kind band words amount cautions", "cus_fay")
    assert [one["kind"] for one in rep] == ["CHURN", "DISCOVERY", "VALUE"]
    assert all(one["words"] and one["amount"] is None for one in rep)
    assert rep[0]["cautions"] == ["a complaint is open"]
    assert [one["kind"] for one in await asked("service_rep", "kind", "cus_ada")] == ["CHURN", "DISCOVERY", "VALUE"]
    await asked.database.write(
        "MATCH (c:Customer {id: 'cus_ada'}) "
        "CREATE (c)-[:STANDS]->(:Standing {id: 'sta_phone', purpose: 'marketing.phone', lawful: true})"
    )
    called = await asked("service_rep", "kind products { nodes { name } }", "cus_ada")
    assert [one["kind"] for one in called] == ["CHURN", "CROSS_SELL", "DISCOVERY", "VALUE"], "she may be called"
    marketer = await asked("marketer", "kind words products { nodes { name } }", "cus_ada")
    assert [one["kind"] for one in marketer] == ["CHURN", "CROSS_SELL", "DISCOVERY"]
    assert [one["name"] for one in marketer[1]["products"]["nodes"]] == ["Product 1", "Product 2", "Product 3"]
    herself = await asked("customer", "kind amount words cautions", "cus_fay", "cus_fay")
    assert [one["kind"] for one in herself] == ["CHURN", "CROSS_SELL", "DISCOVERY", "VALUE"]
    assert herself[3]["amount"] == "240.00"
    assert await asked("customer", "kind", "cus_ada", "cus_fay") == []
    scientist = await asked("data_scientist", "kind amount", "cus_ada")
    assert len(scientist) == 4
    assert [one["kind"] for one in await asked("auditor", "kind at", "cus_ada")] == [
        "CHURN",
        "CROSS_SELL",
        "DISCOVERY",
        "VALUE",
    ]
    assert [one["kind"] for one in await asked("operations_manager", "kind band", "cus_ada")] == ["CHURN", "DISCOVERY"]


@pytest.mark.asyncio
async def test_an_objection_counts_at_once(asked: Asked) -> None:
    """Before any run: to advertising, and to being profiled; a restricted customer is not there for them at all."""
    assert len(await asked("marketer", "kind", "cus_ada")) == 3
    await asked.database.write(
        "MATCH (:Customer {id: 'cus_ada'})-[:STANDS]->(s {purpose: 'operations'}) SET s.lawful = false"
    )
    assert await asked("marketer", "kind", "cus_ada") == await asked("service_rep", "kind", "cus_ada") == []
    assert len(await asked("customer", "kind", "cus_ada", "cus_ada")) == 4
    await asked.database.write(
        "MATCH (:Customer {id: 'cus_fay'})-[:STANDS]->(s {purpose: 'marketing.email'}) SET s.lawful = false"
    )
    assert await asked("marketer", "kind", "cus_fay") == []


def test_what_speaks_against_an_offer_is_not_for_marketers() -> None:
    """A complaint is a conversation; and nobody but the customer, who answers for her and who learns sees money."""
    policies = load_policies()
    assert "cautions" not in policies["marketer"].said.see["Signal"].fields
    shown = {
        role
        for role, one in policies.items()
        if (of := one.said.see.get("Signal")) and of.categories.get("financial") == "show"
    }
    assert shown == {"customer", "privacy_officer", "data_scientist"}
    assert "data_steward" not in {role for role, one in policies.items() if "Signal" in one.said.see}


def test_signals_are_in_the_access_export_and_are_not_portable() -> None:
    """They were worked out, not provided (WP 242 rev.01)."""
    kind = complete_model()["Signal"]
    assert personal.personal(kind.properties["words"])
    assert not any(personal.provided(kind, held) for held in kind.properties.values())
    view = narrow(complete_model(), load_policies()["customer"], "self")
    whole = parts(complete_model(), view, personal.every_field)
    assert "signals" in {way.name for way in whole.ways}
    assert "signals" not in {way.name for way in parts(complete_model(), view, personal.provided).ways}
