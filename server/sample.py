"""The sample company of the demo: loaded once, and the one customer who stands for all in the guide."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from auth.disclosure import Recorder
from auth.issuer import LocalIssuer
from graph.session import Database
from server.assembly import Assembly
from server.finding import Declared, carry_out
from server.graphql import GraphQL
from server.http import Media, Question
from server.live import Live
from server.live_hub import Hub
from server.pace import Graph
from server.run import Started, database_of
from server.vault import vault_of

if TYPE_CHECKING:
    from ingest.exports import Progress
    from ingest.load import LoadReport

FOLDER = Path(__file__).parents[1] / "examples" / "acme-home"
REJECTS = "rejects.csv"

LIVELIEST = """{
  customers(first: 50, where: { kind: { eq: PERSON } }, orderBy: [{ orderCount: DESC }]) {
    nodes { id cases(first: 1) { totalCount } interactions(first: 1) { totalCount } }
  }
}"""


async def load_once(started: Started, progress: "Progress", folder: Path = FOLDER) -> "LoadReport | None":
    """Load the folder and find insights in it, unless its very bytes were loaded before; None if they were.

    In a thread with an event loop of its own: reading and matching take seconds, in which the server still answers.
    """
    from ingest.exports import delivery
    from ingest.load import is_loaded, load

    sources = delivery([folder], journey=started.assembly.journey)
    async with database_of(started.settings, started.connection) as database:
        if await is_loaded(database, sources):
            return None

    rejects, asked = started.settings.data / REJECTS, started.assembly.governance.quality

    async def loading() -> "LoadReport":
        async with Database(started.connection) as database:
            report = await load(
                database,
                sources,
                progress,
                rejects=rejects,
                asked=asked,
                keys=vault_of(started.settings),
                suppression=started.assembly.suppression,
            )
            await carry_out(database, Declared.of(started.assembly), datetime.now(UTC))
            return report

    return await asyncio.to_thread(asyncio.run, loading())


async def asked(
    assembly: Assembly,
    database: Graph,
    trail: Recorder,
    token: str,
    text: str,
    variables: Mapping[str, Any] | None = None,
    operation: str | None = None,
) -> dict[str, Any]:
    """The answer to a question, in this process: the way of a request without HTTP. Raises what tokens raise."""
    viewer = await assembly.verifier.admit(f"Bearer {token}", None, None)
    question = Question(text, variables or {}, operation)
    response = await GraphQL(assembly, database, trail, Live(Hub(database))).ask(viewer, question, Media.JSON)
    answer: dict[str, Any] = orjson.loads(response.body)
    return answer


async def sample_customer(started: Started) -> str | None:
    """The id of the person with the most to see, None where the policies have no service rep to find her."""
    policy = started.assembly.rules.policies.get("service_rep")
    if policy is None or started.settings.issuer is not None:
        return None
    token = LocalIssuer(started.settings.data).issue(policy.role, claims=dict(policy.said.example_claims))
    answer = await asked(started.assembly, started.door, started.trail, token, LIVELIEST)
    nodes = ((answer.get("data") or {}).get("customers") or {}).get("nodes") or []
    liveliest = max(
        nodes, key=lambda node: (bool(node["cases"]["totalCount"]), node["interactions"]["totalCount"]), default=None
    )
    return liveliest["id"] if liveliest else None
