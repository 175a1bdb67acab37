"""docs/for-service-reps.md: a call from the first ring to a promise, over the sample company, as the page says it."""

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.trail import Trail
from graph.constraints import statements
from graph.session import Connection, Database
from ingest.load import load
from schema.catalogue import complete_model
from server.app import application
from server.assembly import assemble
from server.door import Door
from server.finding import PARTS, Declared, carry_out
from server.settings import load as settings
from tests.sample import COMPANY
from tests.test_ingest_load import clear, silent
from tests.test_walk_through import Way

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "for-service-reps.md").read_text(encoding="utf-8")
STEP = re.compile(
    r"<!-- (?P<role>\w+) -->\n```graphql\n(?P<asked>.*?)```\n(?:```json\n(?P<given>[^`]*?)```\n)?"
    r"answers\n```json\n(?P<answer>.*?)```",
    re.DOTALL,
)
GOLDEN = (ROOT / "tests" / "golden" / "rep-at-a-call" / "query.graphql").read_text(encoding="utf-8")
FOUND_AT = datetime(2026, 11, 1, tzinfo=UTC)
FOUND = ("journeys", "signals", "channels")
SUBJECTS = {"service_rep": "agent08", "operations_manager": "ops-1"}
TEAM = {"service_rep": {"regions": ["GB"]}}


@pytest_asyncio.fixture(loop_scope="session")
async def ask(tmp_path: Path, database: Database) -> AsyncIterator[Any]:
    """Asks the application over the sample company, and nothing else in the graph."""
    await clear(database)
    for statement in statements(complete_model()):
        await database.change_schema(statement)
    assembly = assemble(settings(data=tmp_path))
    await load(database, COMPANY, silent, keys=assembly.vault)
    await carry_out(database, Declared.of(assembly), FOUND_AT, tuple(one for one in PARTS if one.name in FOUND))
    issuer = LocalIssuer(tmp_path)
    async with Trail(tmp_path / "trail") as trail:
        app = application(assembly, Door(database), trail)

        async def asked(role: str, text: str, variables: dict[str, Any]) -> dict[str, Any]:
            token = issuer.issue(role, subject=SUBJECTS[role], claims=TEAM.get(role, {}))
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
                response = await client.post(
                    "/graphql",
                    json={"query": text, "variables": variables},
                    headers={"authorization": f"Bearer {token}"},
                    timeout=120,
                )
            found: dict[str, Any] = response.json()
            return found

        yield asked
    await clear(database)


@pytest.mark.database
@pytest.mark.asyncio(loop_scope="session")
async def test_a_call_goes_as_the_page_says(ask: Any) -> None:
    """Every question is put in order, and answered with what stands below it."""
    steps = list(STEP.finditer(PAGE))
    assert len(steps) > 6
    blocks = sum(3 if found["given"] else 2 for found in steps)
    assert PAGE.count("```") == 2 * blocks, "a block that is not tried"
    way = Way(Path(), Connection("", "", "", ""))
    for found in steps:
        variables = json.loads(way.named(found["given"])) if found["given"] else {}
        answer = await ask(found["role"], way.named(found["asked"]), variables)
        expected = json.loads(found["answer"])
        told = answer.get("data") or {}
        if "errors" in answer:
            told |= {"errors": [{"code": one["extensions"]["code"]} for one in answer["errors"]]}
        assert way.matches(expected, told), (found["asked"], json.dumps(told, ensure_ascii=False))


def test_the_query_of_the_page_is_the_one_that_is_compiled_and_measured() -> None:
    """The golden question, word for word."""
    assert GOLDEN in PAGE
