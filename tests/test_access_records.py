"""Who looked at whose data: from an answer over the trail into the graph, and from there to whoever may ask."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.segment import FILE
from auth.shipping import anchored, ship
from auth.token import Viewer
from auth.trail import Trail
from graph.session import Database
from resolvers.read import Request
from resolvers.reveal import reveal
from schema.enums import RevealReason
from schema.errors import TrailDamaged
from server.app import application
from server.assembly import Assembly, assemble
from server.door import Door
from server.settings import load

ADA, BO = "cus_ada0000000000000000000000000000", "cus_bo00000000000000000000000000000"
PEOPLE = """
MATCH (old) WHERE NOT old:GraphMigration DETACH DELETE old
WITH count(*) AS gone
UNWIND [[$ada, 'Ada', 'GB'], [$bo, 'Bo', 'DE']] AS row
CREATE (c:Customer {id: row[0], name: row[1], region: row[2], email: toLower(row[1]) + '@x.example', status: 'ACTIVE',
  kind: 'PERSON', orderCount: 0, birthDate: date('1985-03-27'), createdAt: datetime(), updatedAt: datetime()})
CREATE (c)-[:HAS_IDENTITY]->(:Identity {id: 'idn_' + row[1], kind: 'EMAIL', value: c.email, normalized: c.email,
  blocked: false})
CREATE (c)-[:STANDS]->(:Standing {id: 'std_' + row[1], purpose: 'service', lawful: row[1] = 'Ada'})
"""
RECORDS = """{ accessRecords(first: 50, orderBy: [{at: ASC}]) { nodes {
  role purpose viewer root fields masked compared soughtBy found customers { nodes { id } } } } }"""


class Office:
    """The application over a small graph with a trail of its own."""

    def __init__(self, assembly: Assembly, issuer: LocalIssuer, database: Database, trail: Trail) -> None:
        self.assembly = assembly
        self.issuer = issuer
        self.database = database
        self.trail = trail

    async def ask(self, role: str, text: str, subject: str | None = None, **claims: Any) -> dict[str, Any]:
        """The answer to a question."""
        said = {**self.assembly.rules.policies[role].said.example_claims, **claims}
        token = self.issuer.issue(role, subject=subject, claims=said)
        transport = httpx.ASGITransport(application(self.assembly, Door(self.database), self.trail))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            response = await client.post(
                "/graphql", json={"query": text}, headers={"authorization": f"Bearer {token}"}, timeout=30
            )
        answer: dict[str, Any] = response.json()
        return answer

    async def records(self, role: str = "auditor", subject: str = "ann", text: str = RECORDS) -> list[dict[str, Any]]:
        """What the graph knows of looks, once the trail is shipped."""
        while await ship(self.trail, self.database):
            pass
        answer = await self.ask(role, text, subject)
        assert "errors" not in answer, answer
        found: list[dict[str, Any]] = answer["data"]["accessRecords"]["nodes"]
        return found


@pytest_asyncio.fixture(loop_scope="session")
async def office(tmp_path: Path, database: Database) -> AsyncIterator[Office]:
    """An office whose trail is empty."""
    await database.write(PEOPLE, {"ada": ADA, "bo": BO})
    async with Trail(tmp_path / "trail") as trail:
        yield Office(assemble(load(data=tmp_path)), LocalIssuer(tmp_path), database, trail)


@pytest.mark.asyncio
async def test_an_auditor_sees_who_looked_at_what_of_whom(office: Office) -> None:
    """Fields as they were shown to each: Bo has no legal basis, so that her address was only shown in part."""
    await office.ask("service_rep", "{ customers(first: 5, orderBy: [{name: ASC}]) { nodes { name email } } }", "rep-7")
    told = {
        record["customers"]["nodes"][0]["id"]: (record["fields"], record["masked"])
        for record in await office.records()
        if record["viewer"] == "rep-7"
    }
    assert told == {
        ADA: (["Customer.email", "Customer.name"], []),
        BO: (["Customer.name"], ["Customer.email"]),
    }
    (one, _) = (record for record in await office.records() if record["viewer"] == "rep-7")
    assert (one["role"], one["purpose"], one["root"], one["compared"], one["found"]) == (
        "service_rep",
        "service",
        "customers",
        ["Customer.name"],
        True,
    )


@pytest.mark.asyncio
async def test_a_customer_sees_who_looked_at_her_data(office: Office) -> None:
    """Her own records, not Bo's, and as what someone looked, not who (CJEU C-579/21)."""
    await office.ask("service_rep", f'{{ customer(id: "{ADA}") {{ name }} }}', "rep-7")
    await office.ask("service_rep", f'{{ customer(id: "{BO}") {{ phone }} }}', "rep-7")
    text = "{ accessRecords { nodes { role fields customers { nodes { id } } } } }"
    found = await office.records("customer", ADA, text)
    assert [(one["role"], one["fields"]) for one in found] == [("service_rep", ["Customer.name"])]
    refused = await office.ask("customer", "{ accessRecords { nodes { viewer } } }", ADA)
    assert "viewer" in refused["errors"][0]["message"]


@pytest.mark.asyncio
async def test_a_look_that_led_nowhere_is_on_record(office: Office) -> None:
    """Whom the rep may not see she is not shown, and the person sees that someone tried."""
    nothing = await office.ask("service_rep", f'{{ customer(id: "{BO}") {{ name }} }}', "rep-7", regions=["GB"])
    assert nothing == {"data": {"customer": None}}
    (tried,) = await office.records("customer", BO, "{ accessRecords { nodes { role fields found soughtBy } } }")
    assert tried == {"role": "service_rep", "fields": [], "found": False, "soughtBy": "id"}


@pytest.mark.asyncio
async def test_a_look_by_handle_is_on_record_without_the_handle(office: Office) -> None:
    """Found or not; nobody reads from the record who was sought in vain."""
    for value in ("ada@x.example", "canary.nobody@x.example"):
        await office.ask(
            "service_rep", f'{{ customer(identity: {{kind: EMAIL, value: "{value}"}}) {{ id }} }}', "rep-7"
        )
    looks = [one for one in await office.records() if one["soughtBy"] == "EMAIL"]
    assert sorted(one["found"] for one in looks) == [False, True]
    kept = await office.database.read("MATCH (r:AccessRecord) RETURN properties(r)")
    assert not any("canary" in str(value) for value in kept)


@pytest.mark.timeout(600)
@pytest.mark.asyncio
async def test_the_customer_sees_what_was_revealed_and_why(office: Office) -> None:
    """As what someone revealed which field, and the reason; the number of the case stays in the trail."""
    rules = office.assembly.rules
    viewer = Viewer("rep-7", "service_rep", "service", MappingProxyType({"regions": ("*",)}), 2**40)
    request = Request(
        viewer,
        rules.usual_view("service_rep"),
        office.database,
        office.assembly.plans,
        office.assembly.cipher,
        datetime.now(UTC),
        office.trail,
        reveals=office.assembly.reveals,
    )
    await reveal(request, ADA, "birthDate", RevealReason.IDENTITY_CHECK, "CASE-77")
    shown = await office.ask("service_rep", f'{{ customer(id: "{ADA}") {{ birthDate }} }}', "rep-7")
    assert shown == {"data": {"customer": {"birthDate": "1985-03-27"}}}
    text = "{ accessRecords(orderBy: [{at: ASC}]) { nodes { role root reason fields } } }"
    first, second = await office.records("customer", ADA, text)
    assert first == {
        "role": "service_rep",
        "root": "reveal",
        "reason": "IDENTITY_CHECK",
        "fields": ["Customer.birthDate"],
    }
    assert (second["root"], second["reason"], second["fields"]) == ("customer", None, ["Customer.birthDate"])
    assert "CASE-77" not in str(await office.database.read("MATCH (r:AccessRecord) RETURN properties(r)"))
    assert "CASE-77" in str(
        await office.trail._do(lambda held: held._database.execute("SELECT body FROM records").fetchall())
    )


@pytest.mark.asyncio
async def test_counting_is_a_disclosure_too(office: Office) -> None:
    """Nobody is named, and yet the number was told."""
    await office.ask("service_rep", '{ customers(where: {region: {eq: "DE"}}) { totalCount } }', "rep-7")
    (one,) = (record for record in await office.records() if record["viewer"] == "rep-7")
    assert (one["fields"], one["compared"], one["customers"]["nodes"]) == (
        ["Customer.totalCount"],
        ["Customer.region"],
        [],
    )


@pytest.mark.asyncio
async def test_without_a_record_nothing_is_disclosed(office: Office) -> None:
    """The trail is gone: an answer that tells of a person does not leave, one that tells of nobody does."""
    await office.trail.close()
    answer = await office.ask("service_rep", f'{{ customer(id: "{ADA}") {{ name }} }}')
    assert answer["errors"][0]["extensions"]["code"] == "CG405"
    assert answer.get("data") is None
    assert "Ada" not in str(answer)
    assert (await office.ask("service_rep", "{ viewer { role } }"))["data"] == {"viewer": {"role": "service_rep"}}


@pytest.mark.asyncio
async def test_shipping_twice_is_as_good_as_once(office: Office) -> None:
    """A crash between writing to the graph and noting it only repeats what is there."""
    await office.ask("service_rep", f'{{ customer(id: "{ADA}") {{ name }} }}', "rep-7")
    await ship(office.trail, office.database)
    count = "MATCH (r:AccessRecord) OPTIONAL MATCH (r)-[l:LOOKED_AT]->() RETURN count(r) + 1000 * count(l)"
    before = await office.database.read(count)
    await office.trail._do(lambda segment: segment._database.execute("UPDATE segment SET shipped = 0"))
    await ship(office.trail, office.database)
    assert await office.database.read(count) == before
    assert before[0] >= 1001


@pytest.mark.asyncio
async def test_a_trail_that_was_cut_short_is_found_at_the_next_start(
    office: Office, tmp_path: Path, database: Database
) -> None:
    """Records and checkpoints of the end are gone from the file; the graph remembers the last checkpoint."""
    for _ in range(3):
        await office.ask("service_rep", f'{{ customer(id: "{ADA}") {{ name }} }}', "rep-7")
    await ship(office.trail, office.database)
    await anchored(office.trail, database)
    await office.trail.close()
    with closing(sqlite3.connect(tmp_path / "trail" / FILE)) as file, file:
        file.execute("DELETE FROM records WHERE sequence = 3")
        file.execute("DELETE FROM checkpoints WHERE sequence = 3")
    async with Trail(tmp_path / "trail") as trail:
        with pytest.raises(TrailDamaged):
            await anchored(trail, database)
