"""Two servers with a data folder each on one Neo4j: they share what they must, and keep apart what they must."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from auth.issuer import ISSUER, LocalIssuer
from auth.segment import newest_in, verified
from auth.trail import FOLDER
from graph.session import Connection, Database
from tests.serving import Served, serving, until

pytestmark = pytest.mark.timeout(900)  # a loaded machine takes minutes to start Neo4j and servers

PEOPLE = """MATCH (old) WHERE NOT old:GraphMigration DETACH DELETE old WITH count(*) AS gone
UNWIND range(1, 6) AS n CREATE (:Customer {id: 'cus_r' + n, name: 'N' + n, region: 'GB', status: 'ACTIVE',
  kind: 'PERSON', orderCount: 0, createdAt: datetime(), updatedAt: datetime()})"""
PAGE = """query ($after: String) { customers(first: 2, after: $after, orderBy: [{name: ASC}]) {
  nodes { name } pageInfo { endCursor hasNextPage } } }"""
LOOKS = "{ accessRecords(first: 50) { nodes { request viewer } } }"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two servers, and one issuer whose tokens both take."""

    servers: tuple[Served, Served]
    issuer: LocalIssuer

    def ask(self, which: int, text: str, subject: str = "ann", role: str = "service_rep", **variables: Any) -> Any:
        """The answer of one of them, with the request's id."""
        claims = {"regions": ["*"]} if role == "service_rep" else None
        response = httpx.post(
            f"{self.servers[which].address}/graphql",
            json={"query": text, "variables": variables},
            headers={"authorization": f"Bearer {self.issuer.issue(role, subject=subject, claims=claims)}"},
            timeout=90,
        )
        return response.json(), response.headers["x-request-id"]


@pytest.fixture(scope="module")
def pair(neo4j: Connection, database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Both started at once, as a deployment does."""
    folder = tmp_path_factory.mktemp("replicas")
    issuer = LocalIssuer(folder / "issuer")
    (folder / "keys.json").write_text(json.dumps(issuer.jwks()))
    shared = {
        "CUSTOMER_GRAPH_ISSUER": ISSUER,
        "CUSTOMER_GRAPH_JWKS_FILE": str(folder / "keys.json"),
        "CUSTOMER_GRAPH_CURSOR_KEY": "5e" * 64,
    }
    with serving(folder / "a" / "data", neo4j, **shared) as one, serving(folder / "b" / "data", neo4j, **shared) as two:
        yield Pair((one, two), issuer)


@pytest.mark.asyncio
async def test_pages_go_on_at_the_other_server(pair: Pair, database: Database) -> None:
    """No client needs to come back to the server it was at; a cursor still belongs to its viewer."""
    await database.write(PEOPLE)
    names: list[str] = []
    after = None
    for turn in range(3):
        answer, _ = pair.ask(turn % 2, PAGE, after=after)
        page = answer["data"]["customers"]
        names += [node["name"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert names == ["N1", "N2", "N3", "N4", "N5", "N6"]
    stranger, _ = pair.ask(1, PAGE, subject="bob", after=after)
    assert stranger["errors"][0]["extensions"]["code"] == "CG203"


@pytest.mark.asyncio
async def test_each_keeps_a_trail_of_its_own_and_both_reach_the_graph(pair: Pair, database: Database) -> None:
    """Segments have names of their own, each is whole by itself, and an auditor asks either server about both."""
    await database.write(PEOPLE)
    asked = {pair.ask(which, "{ customers(first: 2) { nodes { name } } }")[1] for which in (0, 1)}

    def shipped() -> bool:
        answer, _ = pair.ask(1, LOOKS, "aud", "auditor")
        return asked <= {one["request"] for one in answer["data"]["accessRecords"]["nodes"]}

    until(shipped, "both segments are in the graph")
    segments = set()
    for served in pair.servers:
        verdict = verified(served.data / FOLDER)
        assert verdict is not None
        assert verdict.faults == ()
        newest = newest_in(served.data / FOLDER)
        assert newest is not None
        segments.add(newest.segment)
    assert len(segments) == 2


def test_both_are_ready_and_one_goes_on_alone(pair: Pair) -> None:
    """Last here, for it ends one of them: what the balancer sends to the other is answered."""
    assert [httpx.get(f"{one.address}/health/ready", timeout=90).status_code for one in pair.servers] == [200, 200]
    pair.servers[0].process.terminate()
    assert pair.servers[0].process.wait(120) == 0
    answer, _ = pair.ask(1, "{ customers(first: 1) { nodes { id } } }")
    assert "errors" not in answer
