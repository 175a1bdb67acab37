"""Canaries: strings planted in all that a request or the graph can hold are found in nothing that a server tells.

A real server at log level debug, with telemetry on and a Neo4j of its own, is asked what succeeds, what is refused and
what fails; then every place that operators look at is searched. What is searched is proven to hold what it should.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import psutil
import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from graph.session import Connection, Database
from graph.vault.sealed import Place
from ingest.sealing_field import FieldSealer
from schema.catalogue import complete_model
from server.settings import load as load_settings
from server.vault import vault_of
from tests.bytes_on_disk import where
from tests.receiver import Received, receiving
from tests.serving import Served, serving

pytestmark = [pytest.mark.database, pytest.mark.timeout(900)]  # a loaded machine takes minutes to start all of it

WHOLE = "application/graphql-response+json"
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
CANARIES = {
    place: f"canary{place}{sha256(place.encode()).hexdigest()[:8]}"
    for place in (
        *("name", "email", "text", "wrongtype", "unfinished"),  # in the graph
        "nationalid",  # in the graph, sealed; and asked for as it is
        *("variable", "variablename", "literal", "comment", "alias", "operation", "fragment", "field", "cursor"),
        *("subject", "claim", "role", "purpose", "bearer", "useragent", "cookie", "accept", "tracestate", "baggage"),
        *("path", "query", "extension", "body", "method", "requestid", "forwarded", "traceparent", "type"),
    )
}
ASKED_BY_NAME = ("alias", "operation", "fragment", "field", "variablename", "type")
"""Names that stand in the document: an error may repeat them to whoever wrote it (decision 6), and to nobody else."""
PLANT = """CREATE (c:Customer {id: 'cus_canary', name: $name, email: $email, region: 'GB', status: 'ACTIVE',
  kind: 'PERSON', orderCount: 0, birthDate: date('1985-03-27'), createdAt: datetime(), updatedAt: datetime(),
  sourceKey: 'canary'})
SET c += $sealed
CREATE (c)-[:HAS_IDENTITY]->(:Identity {id: 'idn_canary', kind: 'EMAIL', value: $email, normalized: $email,
  blocked: false, createdAt: datetime()})
CREATE (c)-[:STANDS]->(:Standing {id: 'std_canary', purpose: 'service', lawful: true})
CREATE (c)-[:STANDS]->(:Standing {id: 'std_canary_2', purpose: 'analytics', lawful: true})
CREATE (c)-[:HAD]->(:Interaction {id: 'int_canary', kind: 'CALL', text: $text, occurredAt: datetime()})
CREATE (:Customer {id: 'cus_wrong', name: $wrongtype, birthDate: [$wrongtype], region: 'GB', status: 'ACTIVE',
  kind: 'PERSON', orderCount: 0, createdAt: datetime(), updatedAt: datetime()})
CREATE (:Customer {id: 'cus_unfinished', name: $unfinished, region: 'GB', status: 'ACTIVE', kind: 'PERSON'})"""
ASK = """query ($e: String!) { customer(identity: {kind: EMAIL, value: $e}) {
  id name email nationalId interactions(first: 1) { nodes { text } } } }"""
FIND = "query ($n: String!) { customers(first: 1, where: {nationalId: {eq: $n}}) { nodes { id nationalId } } }"


@dataclass(slots=True)
class Told:
    """All that came out of one server: answers by what was provoked, what its operators can see, and which files of its
    data folder hold what is sealed.
    """

    canaries: Mapping[str, str]
    answers: dict[str, httpx.Response] = field(default_factory=dict)
    places: dict[str, bytes] = field(default_factory=dict)
    files: Mapping[str, set[str]] = field(default_factory=dict)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A server that was asked everything below and then ended."""
    folder = tmp_path_factory.mktemp("canaries") / "data"
    longer = {name: f"{CANARIES[name]}-{sha256(name.encode()).hexdigest()}" for name in ("text", "nationalid")}
    told = Told(CANARIES | {"email": f"{CANARIES['email']}@mail.example"} | longer)  # no store packs what is long
    with receiving() as received:
        settings = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": received.address,
            "OTEL_BSP_SCHEDULE_DELAY": "100",
            "OTEL_METRIC_EXPORT_INTERVAL": "500",
            "CUSTOMER_GRAPH_LOG_LEVEL": "debug",
            "CUSTOMER_GRAPH_STATEMENT_SECONDS": "60",
        }
        with serving(folder, None, **settings) as served:
            async with Database(embedded_in(folder)) as database:
                planted = {name: told.canaries[name] for name in ("name", "email", "text", "wrongtype", "unfinished")}
                await database.write(PLANT, {**planted, "sealed": await sealed(folder, told.canaries["nationalid"])})
            provoke(told, served, LocalIssuer(folder))
        collect(told, served, received, folder)
        told.files = where(folder, [told.canaries["nationalid"], told.canaries["text"]])
    return told


async def sealed(data: Path, value: str) -> dict[str, str | None]:
    """A national id as it stands in the graph of a server."""
    vault = vault_of(load_settings(data=data))
    key = (await vault.sealing(["cus_canary"]))["cus_canary"]
    field_sealer = FieldSealer(await vault.indexing())
    of = complete_model()["Customer"].properties["nationalId"]
    return field_sealer.sealed(key, of, value, Place("Customer", of.name, "canary"))


def embedded_in(data: Path) -> Connection:
    """The Neo4j that a server keeps in its data folder."""
    conf = (data / "neo4j" / "conf" / "neo4j.conf").read_text()
    address = re.search(r"server\.bolt\.listen_address=(\S+)", conf)
    assert address is not None
    return Connection(f"bolt://{address[1]}", "neo4j", (data / "neo4j" / "password").read_text().strip())


def provoke(told: Told, served: Served, issuer: LocalIssuer) -> None:
    """Ask what succeeds, what is refused and what fails, with a canary wherever one can be put."""
    canaries = told.canaries
    claims = {"regions": ["*", canaries["claim"]], canaries["claim"]: canaries["claim"]}
    token = issuer.issue("service_rep", subject=canaries["subject"], claims=claims)
    headers = {
        "authorization": f"Bearer {token}",
        "accept": WHOLE,
        "user-agent": canaries["useragent"],
        "cookie": f"a={canaries['cookie']}",
        "traceparent": TRACEPARENT,
        "tracestate": f"v={canaries['tracestate']}",
        "baggage": f"customer={canaries['baggage']}",
        "x-request-id": canaries["requestid"],
        "x-forwarded-for": canaries["forwarded"],
        canaries["useragent"]: canaries["useragent"],
    }
    with httpx.Client(base_url=served.address, headers=headers, timeout=90) as client:
        for name, request in requests(canaries).items():
            told.answers[name] = client.send(client.build_request(**request))
        scientist = issuer.issue("data_scientist", subject=canaries["subject"], claims={"project": canaries["claim"]})
        officer = issuer.issue("privacy_officer", subject=canaries["subject"])
        asked_for = {"query": FIND, "variables": {"n": canaries["nationalid"].upper()}}
        told.answers["found by what is sealed"] = client.post(
            "/graphql", json=asked_for, headers={"authorization": f"Bearer {officer}"}
        )
        told.answers["refused to find by what is sealed"] = client.post("/graphql", json=asked_for)
        for name, asked in exports(canaries).items():
            told.answers[name] = client.get(asked, headers={"authorization": f"Bearer {scientist}"})
        java = psutil.Process(int((served.data / "neo4j" / "process").read_text()))
        java.suspend()
        try:
            told.answers["the database stands still"] = ask(client, canaries)
        finally:
            java.resume()
        java.kill()
        told.answers["the database is gone"] = ask(client, canaries)


def ask(client: httpx.Client, canaries: Mapping[str, str]) -> httpx.Response:
    """A question that succeeds when all is well."""
    return client.post("/graphql", json={"query": ASK, "variables": {"e": canaries["email"]}})


def requests(canaries: Mapping[str, str]) -> Mapping[str, dict[str, Any]]:
    """Everything that is asked, by what should come of it."""
    alias, operation, fragment = (canaries[name] for name in ("alias", "operation", "fragment"))
    named = (
        f"# {canaries['comment']}\nquery {operation}(${canaries['variablename']}: String!) {{ {alias}: "
        f"customer(identity: {{kind: EMAIL, value: ${canaries['variablename']}}}) {{ ...{fragment} }} }}"
        f" fragment {fragment} on Customer {{ {alias}: name email }}"
    )

    def post(text: str, variables: Any = None, **more: Any) -> dict[str, Any]:
        body = {"query": text, "variables": variables, "extensions": {"x": canaries["extension"]}}
        return {"method": "POST", "url": "/graphql", "json": body, **more}

    def raw(body: bytes, **headers: str) -> dict[str, Any]:
        told = {"content-type": "application/json", **headers}
        return {"method": "POST", "url": "/graphql", "content": body, "headers": told}

    literal, variable = canaries["literal"], canaries["variable"]
    return {
        "answered": post(ASK, {"e": canaries["email"]}),
        "answered with names": {
            **post(named, {canaries["variablename"]: canaries["email"]}),
        },
        "answered in the address": {
            "method": "GET",
            "url": f"/graphql?query={quote('{ viewer { id } }')}&extra={canaries['query']}",
        },
        "found nobody": post(ASK, {"e": f"{variable}@mail.example"}),
        "filtered by a literal": post(f'{{ customers(where: {{name: {{eq: "{literal}"}}}}) {{ nodes {{ id }} }} }}'),
        "searched": post(f'{{ search(text: "{literal}") {{ nodes {{ __typename }} }} }}'),
        "a syntax error": post(f'{{ customers "{literal}" }}'),
        "an unknown field": post(f"{{ customers {{ nodes {{ {canaries['field']} }} }} }}"),
        "an unknown type": post(f"query ($a: {canaries['type']}) {{ viewer {{ id }} }}"),
        "a literal of a wrong type": post(f'{{ customers(first: "{literal}") {{ nodes {{ id }} }} }}'),
        "a variable of a wrong type": post(
            "query ($n: Int) { customers(first: $n) { nodes { id } } }", {"n": variable}
        ),
        "a variable that nobody declared": post("{ viewer { id } }", {canaries["variablename"]: variable}),
        "a cursor that is none": post(f'{{ customers(first: 1, after: "{canaries["cursor"]}") {{ nodes {{ id }} }} }}'),
        "an id that is none": post("query ($i: ID!) { customer(id: $i) { id } }", {"i": variable}),
        "an operation that is not there": {
            "method": "POST",
            "url": "/graphql",
            "json": {"query": "{ viewer { id } }", "operationName": operation},
        },
        "a value of a wrong type in the graph": post('{ customer(id: "cus_wrong") { name birthDate } }'),
        "a record that lacks a value": post('{ customer(id: "cus_unfinished") { name createdAt updatedAt } }'),
        "no JSON": raw(f'{{"query": "{canaries["body"]}'.encode()),
        "no object": raw(json.dumps([canaries["body"]]).encode()),
        "another type of content": raw(canaries["body"].encode(), **{"content-type": canaries["body"]}),
        "too large": raw(json.dumps({"query": "{ viewer { id } }", "x": canaries["body"] * 40_000}).encode()),
        "too large a head": raw(b"{}", **{"x-long": canaries["useragent"] * 3_000}),
        "too deep": post(
            "{ customers { nodes { " + "interactions { nodes { customer { " * 20 + alias + " } } }" * 20 + " } } }"
        ),
        "a role of another": raw(b"{}", **{"x-role": canaries["role"]}),
        "a purpose of another": raw(b"{}", **{"x-purpose": canaries["purpose"]}),
        "no token at all": raw(b"{}", authorization=f"Bearer {canaries['bearer']}"),
        "a media type of one's own": post("{ nonsense }", headers={"accept": canaries["accept"]}),
        "a trace of one's own": post("{ viewer { id } }", headers={"traceparent": f"00-{canaries['traceparent']}-01"}),
        "another method": {"method": "DELETE", "url": f"/graphql?{canaries['query']}"},
        "a method that is none": {"method": canaries["method"].upper(), "url": "/graphql"},
        "nothing there": {"method": "GET", "url": f"/{canaries['path']}?a={canaries['query']}"},
        "no page there": {"method": "GET", "url": f"/graphiql/assets/{canaries['path']}.js"},
    }


def exports(canaries: Mapping[str, str]) -> Mapping[str, str]:
    """Addresses of exports: of what there is, and what is refused."""
    return {
        "nodes exported": "/export/nodes?type=Customer",
        "edges exported": "/export/edges?types=HAD",
        "an export of no type": f"/export/nodes?type={canaries['path']}",
        "an export of no field": f"/export/nodes?type=Customer&fields={canaries['query']}",
        "an export that goes on from nowhere": f"/export/nodes?type=Customer&after={canaries['cursor']}",
    }


def collect(told: Told, served: Served, received: Received, data: Path) -> None:
    """Everything that an operator can look at, once the server has ended."""
    told.places["what the server says"] = served.log.read_bytes()
    told.places["what is sent by OTLP"] = b"\n".join(received.raw)
    for path in sorted((data / "neo4j" / "logs").rglob("*")):
        if path.is_file():
            told.places[f"Neo4j's {path.name}"] = path.read_bytes()


def spellings(canary: str) -> Iterator[bytes]:
    """The forms in which a string may hide: as it is, encoded, or as a digest of which the beginning is shown."""
    yield canary.encode()
    yield quote(canary, safe="").encode()
    yield canary.encode().hex().encode()
    yield sha256(canary.encode()).hexdigest()[:12].encode()
    yield base64.b64encode(canary.encode()).rstrip(b"=")[:-1]
    yield canary.encode("utf-16-le")


def found(canary: str, place: bytes) -> bool:
    """Whether a string stands in a place in any spelling, whatever its case."""
    low = place.lower()
    return any(spelling.lower() in low for spelling in spellings(canary))


def test_every_provocation_came_to_what_it_is_called(told: Told) -> None:
    """A canary that was never asked for proves nothing."""
    codes = {
        name: [error["extensions"]["code"] for error in answer.json().get("errors", [])] if answer.content else []
        for name, answer in told.answers.items()
        if "json" in answer.headers.get("content-type", "")
    }
    expected = {
        "answered": [],
        "answered with names": [],
        "found nobody": [],
        "found by what is sealed": [],
        "refused to find by what is sealed": ["CG201"],
        "a syntax error": ["CG201"],
        "an unknown field": ["CG201"],
        "a variable of a wrong type": ["CG202"],
        "a cursor that is none": ["CG203"],
        "a value of a wrong type in the graph": ["CG403"],
        "too large": ["CG302"],
        "a role of another": ["CG102"],
        "a purpose of another": ["CG103"],
        "no token at all": ["CG101"],
        "the database stands still": ["CG401"],
    }
    assert {name: codes.get(name) for name in expected} == expected
    assert codes["a record that lacks a value"][:1] == ["CG408"]
    assert told.answers["too large a head"].status_code == 431
    assert [told.answers[name].status_code for name in exports(told.canaries)] == [200, 200, 400, 400, 400]
    assert told.answers["nodes exported"].content.startswith(b"\xff\xff\xff\xff")  # an Arrow stream


def test_the_canaries_are_where_they_should_be(told: Told) -> None:
    """Whoever may see them is shown them: they were in the graph, and in what was asked."""
    shown = told.answers["answered"].json()["data"]["customer"]
    assert shown["name"] == told.canaries["name"]
    assert shown["email"] == told.canaries["email"]
    assert shown["interactions"]["nodes"] == [{"text": told.canaries["text"]}]
    assert shown["nationalId"] == f"…{told.canaries['nationalid'][-4:]}"
    (node,) = told.answers["found by what is sealed"].json()["data"]["customers"]["nodes"]
    assert node == {"id": "cus_canary", "nationalId": told.canaries["nationalid"]}
    named = told.answers["answered with names"].json()["data"]
    assert named[told.canaries["alias"]][told.canaries["alias"]] == told.canaries["name"]
    assert told.canaries["subject"] in told.answers["answered in the address"].text


def test_the_places_hold_what_they_should(told: Told) -> None:
    """What is searched is what is written: each place holds a word that belongs there."""
    request = told.answers["answered"].headers["x-request-id"]
    assert found(request, told.places["what the server says"])
    assert found("service_rep", told.places["what is sent by OTLP"])
    assert found("CG401", told.places["what is sent by OTLP"])
    assert found("customer_graph.refusals", told.places["what is sent by OTLP"])
    assert found("Bolt enabled", told.places["Neo4j's neo4j.log"])
    assert "Neo4j's debug.log" in told.places


@pytest.mark.parametrize("spelling", range(6))
def test_a_canary_would_be_found_in_each_spelling(spelling: int) -> None:
    """The search itself can fail."""
    hidden = list(spellings("canary0name"))[spelling]
    assert found("canary0name", b"before" + hidden + b"after")
    assert not found("canary1name", b"before" + hidden + b"after")


@pytest.mark.parametrize("canary", CANARIES)
def test_no_canary_is_in_what_operators_see(told: Told, canary: str) -> None:
    """Log, telemetry, and Neo4j's own logs."""
    assert [place for place, text in told.places.items() if found(told.canaries[canary], text)] == []


def test_what_is_sealed_is_in_no_file_of_the_data_folder(told: Told) -> None:
    """Neither in Neo4j's stores and logs of transactions, nor on the trail; what stands plain is found there."""
    assert told.files[told.canaries["nationalid"]] == set()
    assert any(file.startswith("neo4j/") for file in told.files[told.canaries["text"]])


def test_no_error_repeats_a_value(told: Told) -> None:
    """Neither of the graph nor of the request, its headers or its token; names go back to whoever wrote them."""
    for name, answer in told.answers.items():
        if "errors" not in answer.text:
            continue
        told_wrong = json.dumps(answer.json()["errors"]).encode() + repr(answer.headers.raw).encode()
        for canary, text in told.canaries.items():
            if canary not in ASKED_BY_NAME:
                assert not found(text, told_wrong), (name, canary)
