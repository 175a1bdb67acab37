"""Policies change while the server runs: all of them or none, and no request sees two."""

import asyncio
import logging
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from auth.issuer import LocalIssuer
from auth.policy import SHIPPED
from auth.trail import Trail
from graph.session import Database
from schema.errors import PurposeRefused, RoleRefused
from server.app import application
from server.assembly import Assembly, assemble
from server.door import Door
from server.reload import Reload
from server.settings import Settings, load

FILTER = '{ customers(where: {birthDate: {gt: "1980-01-01"}}) { totalCount } }'


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A policy folder of one's own."""
    shutil.copytree(SHIPPED, tmp_path / "policy")
    return load(data=tmp_path / "data", policy=tmp_path / "policy")


def edit(settings: Settings, role: str, before: str, after: str) -> None:
    """Change one file of the folder."""
    assert settings.policy is not None
    file = settings.policy / f"{role}.toml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def faults(assembly: Assembly, role: str, text: str) -> int:
    """How many faults a document has for a role just now."""
    return len(assembly.documents.read(assembly.schemas[role], text).errors)


@pytest.mark.timeout(600)
def test_what_changes_is_taken_over_whole(settings: Settings) -> None:
    """Views, schemas, documents and plans are others; who began before ends with what was."""
    assembly = assemble(settings)
    before = assembly.current.served
    assert faults(assembly, "marketer", FILTER) == 1

    async def changed() -> None:
        reload = Reload(settings, assembly.current)
        assert await reload.look() is False
        edit(settings, "marketer", 'birth_date = "mask:year"', 'birth_date = "show"')
        assert await reload.look() is False, "it may still be changing"
        assert await reload.look() is True
        assert await reload.look() is False

    asyncio.run(changed())
    assert faults(assembly, "marketer", FILTER) == 0
    assert len(before.documents.read(before.schemas["marketer"], FILTER).errors) == 1
    after = assembly.current.served
    assert all(one is not other for one, other in zip(_parts(before), _parts(after), strict=True))


def _parts(served: Any) -> list[Any]:
    return [served.rules, served.schemas, served.documents, served.plans]


@pytest.mark.timeout(600)
def test_one_fault_keeps_all_as_they_were(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """Told once, with code, file and line; a good change beside it waits until the other is mended."""
    assembly = assemble(settings)
    before = assembly.current.served

    async def changed() -> None:
        reload = Reload(settings, assembly.current)
        edit(settings, "marketer", 'birth_date = "mask:year"', 'birth_date = "show"')
        edit(settings, "auditor", 'hide       = ["serves"]', 'hide       = ["servers"]')
        for _ in range(4):
            assert await reload.look() is False
        assert assembly.current.served is before
        edit(settings, "auditor", 'hide       = ["servers"]', 'hide       = ["serves"]')
        assert [await reload.look() for _ in range(2)] == [False, True]

    with caplog.at_level(logging.ERROR):
        asyncio.run(changed())
    (told,) = [one.getMessage() for one in caplog.records if one.name == "server.reload"]
    assert "auditor.toml:" in told
    assert "Team has no edge 'servers'" in told
    assert told.endswith("(CG901)")
    assert faults(assembly, "marketer", FILTER) == 0


@pytest.mark.timeout(600)
def test_who_may_come_in_changes_with_the_policies(settings: Settings) -> None:
    """A role that goes is refused although its token is good, also to who was let in a moment before."""
    assembly = assemble(settings)
    assert settings.policy is not None
    issuer = LocalIssuer(settings.data)
    old, new = (f"Bearer {issuer.issue(role)}" for role in ("auditor", "examiner"))
    assert assembly.verifier.verify(old, None, None).role == "auditor"
    with pytest.raises(RoleRefused):
        assembly.verifier.verify(new, None, None)
    edit(settings, "auditor", 'role     = "auditor"', 'role     = "examiner"')

    async def changed() -> None:
        reload = Reload(settings, assembly.current)
        reload._known = b""
        assert await reload.look() is True

    asyncio.run(changed())
    assert assembly.verifier.verify(new, None, None).role == "examiner"
    with pytest.raises(RoleRefused):
        assembly.verifier.verify(old, None, None)
    with pytest.raises(RoleRefused):
        assembly.current.served.view("auditor", "audit")
    with pytest.raises(PurposeRefused):
        assembly.current.served.view("examiner", "service")
    assert "examiner" in assembly.policies


def test_a_setting_of_0_looks_never(settings: Settings) -> None:
    """Who deploys by restart has no watcher."""
    assembly = assemble(settings)
    asyncio.run(Reload(settings.model_copy(update={"policy_seconds": 0.0}), assembly.current).keep())


PEOPLE = """
MATCH (old) WHERE NOT old:GraphMigration DETACH DELETE old
WITH count(*) AS gone
UNWIND ['a', 'b', 'c'] AS name
CREATE (c:Customer {id: 'cus_' + name, name: name, region: 'GB', status: 'ACTIVE', kind: 'PERSON', orderCount: 0,
  birthDate: date('1985-03-27'), createdAt: datetime(), updatedAt: datetime()})
"""
PAGE = """query ($after: String) { customers(first: 1, after: $after, orderBy: [{name: ASC}]) {
  nodes { name birthDate } pageInfo { endCursor } } }"""


@pytest.mark.timeout(600)
@pytest.mark.asyncio
async def test_a_cursor_from_before_leads_on(settings: Settings, database: Database, tmp_path: Path) -> None:
    """Over HTTP: the next page is the next page, shown as the new policy says."""
    await database.write(PEOPLE)
    assembly = await asyncio.to_thread(assemble, settings)
    token = LocalIssuer(settings.data).issue("service_rep", claims={"regions": ["GB"]})
    async with Trail(tmp_path / "trail") as trail:
        transport = httpx.ASGITransport(application(assembly, Door(database), trail))
        async with httpx.AsyncClient(transport=transport, base_url="http://here", timeout=120) as client:

            async def page(after: str | None) -> dict[str, Any]:
                response = await client.post(
                    "/graphql",
                    json={"query": PAGE, "variables": {"after": after}},
                    headers={"authorization": f"Bearer {token}"},
                )
                found: dict[str, Any] = response.json()["data"]["customers"]
                return found

            first = await page(None)
            reload = Reload(settings, assembly.current)
            edit(settings, "service_rep", 'birth_date = "mask:year"', 'birth_date = "mask:month"')
            assert [await reload.look() for _ in range(2)] == [False, True]
            second = await page(first["pageInfo"]["endCursor"])
    assert first["nodes"] == [{"name": "a", "birthDate": "1985"}]
    assert second["nodes"] == [{"name": "b", "birthDate": "1985-03"}]
