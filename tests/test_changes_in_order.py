"""Pulling changes: in the order in which they became visible, each once, none left out, by a cursor that lasts."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.trail import Trail
from graph.constraints import statements
from graph.session import Database, Run
from resolvers.statement_texts import text
from schema.catalogue import complete_model
from server.assembly import Assembly, assemble
from server.settings import load
from tests.test_changes import ADA, BO, CY, PEOPLE, WITHDRAW, Desk, codes

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

PULL = """query ($after: String, $first: Int = 3) { changes(first: $first, after: $after) {
  edges { cursor node { id at name customers { nodes { id } } } } pageInfo { hasNextPage endCursor } } }"""
MOST_HITS_FOR_A_ROW = 20
OFFICER = ("privacy_officer", "pam")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def made(tmp_path_factory: pytest.TempPathFactory, database: Database) -> tuple[Path, Assembly]:
    """The folder of the keys, and an assembly, on a graph with the product's constraints."""
    for statement in statements(complete_model()):
        await database.change_schema(statement)
    folder = tmp_path_factory.mktemp("pull")
    return folder, assemble(load(data=folder))


@pytest_asyncio.fixture(loop_scope="session")
async def desk(made: tuple[Path, Assembly], tmp_path: Path, database: Database) -> AsyncIterator[Desk]:
    """Ada, Bo and Cy, of whom nothing was changed yet."""
    await database.write(PEOPLE, {"ada": ADA, "bo": BO, "cy": CY})
    folder, assembly = made
    async with Trail(tmp_path / "trail") as trail:
        yield Desk(assembly, LocalIssuer(folder), database, trail)


async def changed(desk: Desk, customer: str = ADA) -> dict[str, Any]:
    """One more change."""
    given = {"customer": customer, "purpose": "marketing.email"}
    answer = await desk.ask(WITHDRAW, {"input": given}, *OFFICER)
    assert "errors" not in answer, answer
    return answer


async def pulled(
    desk: Desk, after: str | None, role: str = "privacy_officer", subject: str = "pam"
) -> tuple[list[dict[str, Any]], str | None]:
    """All changes after a cursor, page after page, and the cursor to come back with."""
    found: list[dict[str, Any]] = []
    while True:
        answer = await desk.ask(PULL, {"after": after}, role, subject)
        assert "errors" not in answer, answer
        page = answer["data"]["changes"]
        found += [edge["node"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"] or after
        if not page["pageInfo"]["hasNextPage"]:
            return found, after


def remembered(id_: str) -> dict[str, Any]:
    """The parameters by which a change begins."""
    properties = {"id": id_, "name": "slow", "role": "x", "purpose": "x", "source": "api", "fields": []}
    return {"key": f"api:{id_}", "id": id_, "properties": properties}


async def test_a_change_that_commits_late_comes_after_what_was_pulled(desk: Desk) -> None:
    """It began first and is there last: its time is that at which it became visible."""
    began, go_on = asyncio.Event(), asyncio.Event()

    async def slow(run: Run) -> None:
        await run(text("begin_change"), remembered("chg_slow"))
        began.set()
        await go_on.wait()
        await run(text("end_change"), {"id": "chg_slow", "record": None, "fields": [], "about": [BO]})
        await run(text("tick"), {"id": "chg_slow"})

    late = asyncio.create_task(desk.database.transaction(slow))
    await began.wait()
    await changed(desk)
    first, cursor = await pulled(desk, None)
    assert [one["name"] for one in first] == ["withdrawConsent"]
    go_on.set()
    await late
    second, cursor = await pulled(desk, cursor)
    assert [one["id"] for one in second] == ["chg_slow"]
    assert second[0]["at"] > first[0]["at"]
    assert await pulled(desk, cursor) == ([], cursor)


async def test_whoever_pulls_meanwhile_misses_nothing_and_has_nothing_twice(desk: Desk) -> None:
    """Many changes of several customers at once, and somebody who pulls all the time."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    await desk.database.write("MATCH (c:Customer) SET c.status = 'ACTIVE'")
    places = asyncio.Semaphore(6)

    async def one(number: int) -> None:
        async with places:
            await changed(desk, (ADA, BO, CY)[number % 3])

    making = asyncio.gather(*map(one, range(24)))
    while not making.done():
        some, cursor = await pulled(desk, cursor)
        found += some
    await making
    found += (await pulled(desk, cursor))[0]
    assert len(found) == 24
    assert found == (await pulled(desk, None))[0]
    times = await desk.database.read("MATCH (c:Change) RETURN toString(c.at) AS at")
    assert len(set(times)) == 24


async def test_what_the_clock_has_not_reached_is_not_told_yet(desk: Desk) -> None:
    """Something earlier may still come: a reader may see the newest of two changes before the other."""
    await changed(desk)
    await desk.database.write(
        "CREATE (:Change {id: 'chg_ahead', at: datetime() + duration('PT1H'), name: 'x', fields: [], role: 'x', "
        "purpose: 'x', source: 'api'})"
    )
    found, _ = await pulled(desk, None)
    assert [one["name"] for one in found] == ["withdrawConsent"]


async def test_a_clock_that_was_set_back_does_not_put_changes_back(desk: Desk) -> None:
    """They go on from the last."""
    await changed(desk)
    await desk.database.write("MATCH (c:LogClock) SET c.at = datetime() + duration('P1D')")
    await desk.database.write("MATCH (n:Change), (c:LogClock) SET n.at = c.at")
    _, cursor = await pulled(desk, None)
    await changed(desk, BO)
    await changed(desk, BO)
    found, _ = await pulled(desk, cursor)
    assert [one["customers"]["nodes"] for one in found] == [[{"id": BO}]] * 2


async def test_a_customer_pulls_her_own(desk: Desk) -> None:
    """What others change of others is not there, nor does it leave a gap that can be seen."""
    for customer in (ADA, BO, ADA, BO):
        await changed(desk, customer)
    found, cursor = await pulled(desk, None, "customer", ADA)
    assert [one["customers"]["nodes"] for one in found] == [[{"id": ADA}]] * 2
    await changed(desk, BO)
    assert await pulled(desk, cursor, "customer", ADA) == ([], cursor)


async def test_a_cursor_outlives_the_server_and_its_rules_but_not_its_role(
    desk: Desk, made: tuple[Path, Assembly], tmp_path: Path
) -> None:
    """Kept for weeks, opened by a server that was started anew and whose policy shows less; by nobody else."""
    for _ in range(4):
        await changed(desk)
    _, cursor = await pulled(desk, None)
    policies = tmp_path / "policy"
    policies.mkdir()
    for file in (Path(__file__).parents[1] / "auth" / "policy").glob("*.toml"):
        said = file.read_text(encoding="utf-8")
        if file.stem == "privacy_officer":
            head, change, rest = said.partition("[see.Change]")
            said = head + change + rest.replace('staff      = "show"', "", 1)
        (policies / file.name).write_text(said, encoding="utf-8")
    await changed(desk, BO)
    other = Desk(assemble(load(data=made[0], policy=policies)), desk.issuer, desk.database, desk.trail)
    assert codes(await other.ask("{ changes { nodes { viewer } } }", None, *OFFICER)) == ["CG201"]
    found, _ = await pulled(other, cursor)
    assert [one["customers"]["nodes"] for one in found] == [[{"id": BO}]]
    for role, subject in (("auditor", "pam"), ("privacy_officer", "eve")):
        assert codes(await other.ask(PULL, {"after": cursor}, role, subject)) == ["CG203"]


async def test_a_page_costs_what_a_page_costs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever in a long log it stands."""
    await desk.database.write(
        "UNWIND range(1, 20000) AS i CREATE (:Change {id: 'chg_' + i, name: 'x', fields: [], role: 'x', purpose: 'x', "
        "source: 'api', at: datetime('2026-01-01T00:00:00Z') + duration({seconds: i})})"
    )
    await changed(desk)
    hits: list[float] = []
    read = desk.database.read

    async def profiled(
        text: str, parameters: Mapping[str, Any] | None = None, timeout: float | None = None
    ) -> list[Any]:
        if not text.startswith("OPTIONAL MATCH (clock:LogClock"):
            return await read(text, parameters, timeout)
        profile = await desk.database.profile(text, parameters or {})
        hits.append(profile.hits)
        return profile.rows

    monkeypatch.setattr(desk.database, "read", profiled)
    cursor = None
    for _ in range(3):
        answer = await desk.ask(PULL, {"after": cursor, "first": 500}, *OFFICER)
        cursor = answer["data"]["changes"]["pageInfo"]["endCursor"]
    assert len(hits) == 3
    assert max(hits) < 500 * MOST_HITS_FOR_A_ROW, hits
