"""GraphQL over HTTP as clients meet it: media types, statuses, limits, refusals, and nothing said that need not be."""

import json
import logging
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from graphql import (
    GraphQLField,
    get_introspection_query,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_required_argument,
)
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from auth.issuer import LocalIssuer
from server.app import application
from server.assembly import Assembly, assemble
from server.door import Door
from server.graphiql import POLICY, routes
from server.settings import load
from tests.keeping import Kept
from tests.sample import Sample

pytest_plugins = ["tests.sample"]

GRAPHQL, JSON = "application/graphql-response+json", "application/json"
CANARY = "jane.canary@example.org"
ASK = "{ customers(first: 2) { nodes { id name } } }"


class Service:
    """The application over the sample company, asked in this process, and whoever issues tokens for it."""

    def __init__(self, assembly: Assembly, issuer: LocalIssuer, door: Door) -> None:
        self.assembly = assembly
        self.issuer = issuer
        self.door = door

    def client(self, assembly: Assembly | None = None, door: Any = None) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(application(assembly or self.assembly, door or self.door, Kept()))
        return httpx.AsyncClient(transport=transport, base_url="http://here")

    def token(self, role: str = "service_rep", **named: Any) -> str:
        policy = self.assembly.rules.policies[role].said
        return self.issuer.issue(role, **{"claims": dict(policy.example_claims), **named})

    def headers(self, role: str = "service_rep", accept: str = GRAPHQL, **named: Any) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token(role, **named)}", "accept": accept}


@pytest.fixture(scope="module")
def unopened(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """The service before its database is there."""
    folder = tmp_path_factory.mktemp("service")
    settings = load(data=folder, viewer_requests=0, viewer_questions=0, viewer_lookups=0)
    return Service(assemble(settings), LocalIssuer(folder), Door())


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def service(unopened: Service, sample: Sample) -> Service:
    """The service with the sample company in it."""
    return Service(unopened.assembly, unopened.issuer, Door(sample.database))


async def ask(service: Service, body: Any, accept: str = GRAPHQL, role: str = "service_rep") -> httpx.Response:
    """Post a body as a role."""
    headers = {**service.headers(role, accept), "content-type": JSON}
    async with service.client() as client:
        return await client.post("/graphql", content=json.dumps(body), headers=headers)


def codes(response: httpx.Response) -> list[str]:
    """The codes of all errors; every error has one."""
    return [error["extensions"]["code"] for error in response.json().get("errors", [])]


# What is answered, and how


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (GRAPHQL, GRAPHQL),
        (JSON, JSON),
        ("*/*", JSON),
        ("", JSON),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0.1, {JSON}", JSON),
        (f"{GRAPHQL};q=0", JSON),
        (f"{GRAPHQL};q=nonsense, text/plain", JSON),
    ],
)
async def test_the_answer_comes_in_the_media_type_the_client_likes_best(
    service: Service, accept: str, media: str
) -> None:
    """Both types are spoken; who does not say gets JSON."""
    response = await ask(service, {"query": ASK}, accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media}; charset=utf-8"
    assert len(response.json()["data"]["customers"]["nodes"]) == 2


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"query": "{ customers { nodes { id "}, "CG201"),
        ({"query": "{ noSuchField }"}, "CG201"),
        ({"query": "query A { __typename } query B { __typename }"}, "CG201"),
        ({"query": ASK, "operationName": "Nobody"}, "CG201"),
        ({"query": '{ customers(first: "three") { nodes { id } } }'}, "CG202"),
        ({"query": "query ($n: Int!) { customers(first: $n) { nodes { id } } }"}, "CG202"),
        ({"query": "query ($n: Int!) { customers(first: $n) { nodes { id } } }", "variables": {"n": "three"}}, "CG202"),
        ({"query": "query ($id: ID!) { customer(id: $id) { id } }", "variables": {"id": [1]}}, "CG202"),
        ({"query": '{ customers(after: "made up") { nodes { id } } }'}, "CG203"),
    ],
)
async def test_what_is_wrong_with_the_document_has_no_data(service: Service, body: Any, code: str) -> None:
    """400 under the newer type; 200 under application/json, whose clients read no other; never a data entry."""
    for accept, status in ((GRAPHQL, 400), (JSON, 200)):
        response = await ask(service, body, accept)
        assert (response.status_code, codes(response)) == (status, [code])
        assert "data" not in response.json()


@pytest.mark.asyncio
async def test_a_question_may_come_by_get(service: Service) -> None:
    """Queries only; variables are JSON in the address."""
    document = "query A($n: Int) { customers(first: $n) { nodes { id } } } query B { __typename }"
    asked = {"query": document, "variables": '{"n": 1}', "operationName": "A", "extensions": "{}"}
    async with service.client() as client:
        response = await client.get("/graphql", params=asked, headers=service.headers())
        assert len(response.json()["data"]["customers"]["nodes"]) == 1
        for wrong in ({"query": ""}, {**asked, "variables": "{"}, {**asked, "variables": "[1]"}, {}):
            refused = await client.get("/graphql", params=wrong, headers=service.headers())
            assert (refused.status_code, codes(refused)) == (400, ["CG204"])
        twice = await client.get("/graphql?query=%7Ba%7D&query=%7Bb%7D", headers=service.headers())
        assert codes(twice) == ["CG204"]


@pytest.mark.asyncio
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_other_methods_are_refused(service: Service, method: str) -> None:
    """Also the preflight of a stranger's page: by default there is no CORS."""
    async with service.client() as client:
        response = await client.request(method, "/graphql", headers={"origin": "https://elsewhere.example"})
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"
    assert not [name for name in response.headers if name.startswith("access-control")]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "content",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=latin-1", ""],
)
async def test_only_json_is_read(service: Service, content: str) -> None:
    """What a browser sends to strangers unasked is refused by its type (CSRF)."""
    async with service.client() as client:
        response = await client.post(
            "/graphql", content=json.dumps({"query": ASK}), headers={**service.headers(), "content-type": content}
        )
    assert (response.status_code, codes(response)) == (415, ["CG206"])


@pytest.mark.asyncio
async def test_the_charset_may_be_said(service: Service) -> None:
    """UTF-8, in any spelling of the word."""
    async with service.client() as client:
        response = await client.post(
            "/graphql",
            content=json.dumps({"query": ASK}),
            headers={**service.headers(), "content-type": 'Application/JSON; charset="UTF-8"'},
        )
    assert response.status_code == 200


# What is refused


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b"[]",
        b"[{}]",
        b"null",
        b'"query"',
        b"{}",
        b'{"query": 1}',
        b'{"query": ""}',
        b'{"query": null}',
        b'{"query": ["{a}"]}',
        b'{"query": "{__typename}", "variables": [1]}',
        b'{"query": "{__typename}", "variables": "{}"}',
        b'{"query": "{__typename}", "operationName": 7}',
        b'{"query": "{__typename}", "extensions": []}',
        b'{"query": "{__typename}", "variables": {"a": NaN}}',
        b'{"query": "\\ud800"}',
        b'{"query": "\xff"}',
        b"[" * 100_000,
        b'{"query": "{__typename}", "variables": {"a": ' + b"[" * 5_000 + b"]" * 5_000 + b"}}",
    ],
)
async def test_a_body_that_is_no_question_is_refused(service: Service, body: bytes) -> None:
    """400 and CG204 for both media types, however the body is broken."""
    for accept in (GRAPHQL, JSON):
        headers = {**service.headers(accept=accept), "content-type": JSON}
        async with service.client() as client:
            response = await client.post("/graphql", content=body, headers=headers)
        assert (response.status_code, codes(response)) == (400, ["CG204"])


@pytest.mark.asyncio
async def test_what_the_specification_does_not_know_is_left_aside(service: Service) -> None:
    """Members of later versions do not break today's server; of a member that is there twice the last one counts."""
    content = '{"query": "{ nonsense }", "later": {"a": [1]}, "variables": null, "query": "{ __typename }"}'
    async with service.client() as client:
        response = await client.post("/graphql", content=content, headers={**service.headers(), "content-type": JSON})
    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.asyncio
async def test_a_large_body_is_refused_and_not_read(service: Service) -> None:
    """Said or not said beforehand, never more than the limit is taken in."""
    taken = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(100):
            taken += 64 * 1024
            yield b" " * 64 * 1024

    async with service.client() as client:
        headers = {**service.headers(), "content-type": JSON}
        unsaid = await client.post("/graphql", content=pieces(), headers=headers)
        said = await client.post("/graphql", content=b" " * 300_000, headers=headers)
    assert (unsaid.status_code, codes(unsaid)) == (said.status_code, codes(said)) == (413, ["CG302"])


@pytest.mark.asyncio
async def test_nothing_is_read_before_the_token_is_verified(service: Service) -> None:
    """A stranger cannot make the server parse anything, and learns nothing from the refusal."""

    read = []

    async def body() -> AsyncIterator[bytes]:
        read.append(True)
        yield b"{}"

    old = service.token(lifetime=timedelta(hours=-1))
    answers = set()
    async with service.client() as client:
        for authorization in (
            None,
            "Bearer",
            "Bearer a.b.c",
            f"Bearer {old}",
            "Basic YTpi",
            f"Bearer {old}, Bearer {old}",
        ):
            headers = {"content-type": "text/plain", **({"authorization": authorization} if authorization else {})}
            response = await client.post("/graphql", content=body(), headers=headers)
            assert response.status_code == 401
            assert response.headers["www-authenticate"] == "Bearer"
            answers.add(response.content)
    assert read == []
    (answer,) = answers
    assert json.loads(answer)["errors"][0]["extensions"] == {"code": "CG101"}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"x-role": "privacy_officer"}, "CG102"),
        ({"x-role": "no_such_role"}, "CG102"),
        ({"x-purpose": "marketing.email"}, "CG103"),
        ({"x-purpose": "no such purpose"}, "CG103"),
    ],
)
async def test_roles_and_purposes_that_are_not_the_viewers_are_refused(
    service: Service, headers: Mapping[str, str], code: str
) -> None:
    """403; what exists for others is refused as what does not exist."""
    async with service.client() as client:
        response = await client.post("/graphql", json={"query": ASK}, headers={**service.headers(), **headers})
    assert (response.status_code, codes(response)) == (403, [code])


@pytest.mark.asyncio
async def test_a_token_without_the_claims_of_its_role_is_refused(service: Service) -> None:
    """Unknown means no: without regions a rep sees nobody, and is told why."""
    async with service.client() as client:
        response = await client.post("/graphql", json={"query": ASK}, headers=service.headers(claims={}))
    assert (response.status_code, codes(response)) == (403, ["CG104"])


# How much is asked


FULL = get_introspection_query()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "document",
    [
        "{" + "customers{nodes{orders{nodes{customer{" * 300,
        "{" + "... on Query {" * 300 + "__typename" + "}" * 300 + "}",
        "{ customers(where: {and: " + "[" * 500 + "]" * 500 + "}) { nodes { id } } }",
        "{" + " ".join(f"a{i}: __typename" for i in range(4_000)) + "}",
        "{" + "__typename " * 4_000 + "}",
        "{" + "customers { nodes { id } } " * 600 + "}",
        "{"
        + " ".join(f"...F{i}" for i in range(250))
        + "} "
        + " ".join(f"fragment F{i} on Query {{ a: __typename b: __typename }}" for i in range(250)),
        FULL.replace(
            "{\n  __schema {",
            "{ " + " ".join(f"a{i}: __schema {{ ...S }}" for i in range(20)) + " }\n fragment S on __Schema {",
            1,
        ),
        "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
        "{" + " ".join(f"a{i}: customers {{ nodes {{ id }} }}" for i in range(30)) + "}",
        "{ customers(first: 500) { nodes { interactions(first: 200) { nodes { id } } } } }",
    ],
    ids=range(11),
)
async def test_a_document_that_asks_too_much_is_refused(service: Service, document: str) -> None:
    """By what it holds, whoever asks, and before the database is asked."""
    response = await ask(service, {"query": document})
    assert response.status_code == 400
    assert set(codes(response)) <= {"CG301", "CG201"}
    assert "data" not in response.json()


@pytest.mark.asyncio
async def test_tools_may_read_the_schema_of_the_role(service: Service) -> None:
    """The introspection that every tool sends is within the limits, for the role with the largest schema too."""
    for role in service.assembly.rules.policies:
        response = await ask(service, {"query": FULL}, role=role)
        assert response.json()["data"]["__schema"]["queryType"]["name"] == "Query"


@pytest.mark.asyncio
async def test_deep_variables_are_refused_with_a_code(service: Service) -> None:
    """A filter that is nested in itself costs a refusal, not the stack."""
    where: Any = {}
    for _ in range(250):
        where = {"and": [where]}
    body = {"query": "query ($w: CustomerFilter) { customers(where: $w) { nodes { id } } }", "variables": {"w": where}}
    response = await ask(service, body)
    assert response.status_code < 500
    assert not codes(response) or set(codes(response)) <= {"CG202", "CG301"}


# What is said, and what is not


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "document",
    [
        '{ customers(first: "CANARY") { nodes { id } } }',
        "{ customers(where: {region: {eq: 12345678}}) { nodes { id } } }",
        '{ customers(where: {region: {eq: {no: "CANARY"}}}) { nodes { id } } }',
        '{ customers(where: {nothing: "CANARY"}) { nodes { id } } }',
        '{ customers(where: {status: {eq: "CANARY"}}) { nodes { id } } }',
        '{ customers(where: "CANARY") { nodes { id } } }',
        '{ customers(orderBy: [{name: "CANARY"}]) { nodes { id } } }',
        '{ customers(orderBy: [{name: ASC, id: "CANARY"}]) { nodes { id } } }',
        '{ callers(identity: {value: "CANARY"}) { nodes { id } } }',
        '{ interactions(where: {occurredAt: {gt: "CANARY"}}) { nodes { id } } }',
        '{ orders(where: {total: {gt: "CANARY"}}) { nodes { id } } }',
        '{ customers(where: {birthDate: {eq: "CANARY"}}) { nodes { id } } }',
        'query ($a: Int = "CANARY") { customers(first: $a) { nodes { id } } }',
        '{ customers "CANARY" { nodes { id } } }',
        '{ customers(first: "CANARY',
        '{ customers(first: """CANARY',
        '"CANARY"',
        '{ a: customers(after: "CANARY") { nodes { id } } a: customers(after: "x") { nodes { id } } }',
        '{ __typename @include(if: "CANARY") }',
        '{ __type(name: 5, nome: "CANARY") { name } }',
        '{ customer(id: "CANARY", identity: {kind: EMAIL, value: "CANARY"}) { id } }',
        '{ customers(after: "CANARY") { nodes { id } } }',
    ],
)
async def test_no_error_repeats_a_value(service: Service, document: str, caplog: pytest.LogCaptureFixture) -> None:
    """What was written into a document may be personal data: it is in no message and in no log line."""
    with caplog.at_level(logging.DEBUG):
        response = await ask(service, {"query": document.replace("CANARY", CANARY)})
    assert codes(response)
    for value in ("canary", "12345678"):
        assert value not in response.text
        assert value not in caplog.text


@pytest.mark.asyncio
@pytest.mark.parametrize("value", [CANARY, {"x": CANARY}, [CANARY], {"eq": CANARY}, {CANARY: 1}, 5, None])
@pytest.mark.parametrize("type_", ["Int!", "CustomerFilter!", "[CustomerOrder!]!", "IdentityInput!", "ID!"])
async def test_no_error_repeats_a_variable(service: Service, type_: str, value: Any) -> None:
    """Values of variables neither."""
    argument = {"Int!": "first", "CustomerFilter!": "where", "[CustomerOrder!]!": "orderBy"}.get(type_)
    text = {"IdentityInput!": "callers(identity: $v) { nodes { id } }", "ID!": "node(id: $v) { id }"}.get(
        type_, f"customers({argument}: $v) {{ nodes {{ id }} }}"
    )
    response = await ask(service, {"query": f"query ($v: {type_}) {{ {text} }}", "variables": {"v": value}})
    assert response.status_code < 500
    assert "canary" not in response.text


@pytest.mark.asyncio
async def test_a_hidden_name_is_refused_like_one_that_never_was(service: Service) -> None:
    """Byte for byte, for every field, argument, type and value that the role's schema lacks."""
    hidden, absent = "lifetimeValueQ", "lifetimeValueZ"
    everything = service.assembly.schemas["privacy_officer"].graphql
    for role in ("marketer", "auditor", "operations_manager", "service_rep"):
        known = service.assembly.schemas[role].graphql
        ours = set(known.type_map["Customer"].fields)  # type: ignore[attr-defined]  # an object type in every schema
        theirs = set(everything.type_map["Customer"].fields)  # type: ignore[attr-defined]  # an object type
        for name in [*sorted(theirs - ours), hidden]:
            seen = await ask(service, {"query": f"{{ customers {{ nodes {{ {name} }} }} }}"}, role=role)
            never = await ask(service, {"query": f"{{ customers {{ nodes {{ {absent} }} }} }}"}, role=role)
            assert seen.text.replace(name, absent) == never.text
            assert seen.status_code == never.status_code
        for name in sorted(set(everything.type_map) - set(known.type_map)):
            seen = await ask(service, {"query": f"query ($a: {name}) {{ __typename }}"}, role=role)
            never = await ask(service, {"query": f"query ($a: {absent}) {{ __typename }}"}, role=role)
            assert seen.text.replace(name, absent) == never.text


@pytest.mark.asyncio
async def test_no_error_names_what_the_client_did_not_name(service: Service) -> None:
    """No suggestions: they would hand out the schema one guess at a time."""
    for document in (
        "{ custmers { nodes { id } } }",
        "{ customers { nodes { nam } } }",
        "{ customers(fist: 1) { nodes { id } } }",
    ):
        response = await ask(service, {"query": document})
        for name in ("customers", "name", "first", "Did you mean"):
            assert f"'{name}'" not in response.text
            assert "Did you mean" not in response.text


HOSTILE = (
    "' OR 1=1 --",
    "'}) DETACH DELETE n //",
    "\\u0027",
    "`",
    "$actor_id",
    "{{7*7}}",
    "\x00",
    "\u202e",
    "😀" * 50,
    "a" * 10_000,
    "*:* AND",
    "../../etc/passwd",
    "${jndi:ldap://127.0.0.1}",
)


@pytest.mark.asyncio
async def test_hostile_text_in_every_argument_is_only_text(service: Service) -> None:
    """Every string that every root takes, also inside filters: an answer or a coded refusal, never a failure."""
    schema = service.assembly.schemas["service_rep"].graphql
    assert schema.query_type is not None
    asked = 0
    for name, field in schema.query_type.fields.items():
        kind = get_named_type(field.type).name
        below = "{ nodes { __typename } }" if kind.endswith("Connection") else "{ __typename }"
        for argument, held in field.args.items():
            for value in HOSTILE[asked % 4 :: 4]:
                for variable in text_in(held.type, value):
                    others = ""
                    others += "".join(f", {one}: {GIVEN.get(one, TEXT)}" for one in demanded(field) if one != argument)
                    document = f"query ($v: {held.type}) {{ {name}({argument}: $v{others}) {below} }}"
                    response = await ask(service, {"query": document, "variables": {"v": variable}})
                    assert set(codes(response)) <= {"CG202", "CG203", "CG714"}, (document, value)
                    assert response.status_code in (200, 400)
                    asked += 1
    assert asked > 100


TEXT = '"a"'
GIVEN = {"identity": '{kind: EMAIL, value: "a"}', "from": '"cus_a"', "id": '"cus_a"', "hops": "1"}
"""Values of arguments that must be given."""


def demanded(field: GraphQLField) -> list[str]:
    """The arguments that a field must be given."""
    return [name for name, held in field.args.items() if is_required_argument(held)]


def text_in(type_: Any, value: str) -> list[Any]:
    """Values of an input type that hold a text, one for each field that takes one."""
    plain = get_nullable_type(type_)
    if is_list_type(plain):
        return [[one] for one in text_in(plain.of_type, value)]
    if plain.name in ("String", "ID"):
        return [value]
    if plain.name == "IdentityInput":
        return [{"kind": "EMAIL", "value": value}]
    if plain.name.endswith("Filter"):
        texts = ("StringFilter", "IDFilter")
        found = [name for name, held in plain.fields.items() if get_named_type(held.type).name in texts]
        return [{name: {"eq": value}} for name in found[:2]] + [{name: {"in": [value]}} for name in found[:1]]
    return []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
bodies = json_values | st.fixed_dictionaries(
    {
        "query": st.sampled_from(
            [ASK, "query ($a: CustomerFilter) { customers(where: $a, first: 1) { nodes { id } } }"]
        )
        | json_values
    },
    optional={
        "variables": json_values | st.fixed_dictionaries({"a": json_values}),
        "operationName": json_values,
        "extensions": json_values,
    },
)


@pytest.mark.asyncio
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies)
async def test_no_body_whatever_breaks_the_server(service: Service, body: Any) -> None:
    """Every JSON value gets an answer or a refusal with a code."""
    response = await ask(service, body)
    assert response.status_code in (200, 400)
    assert set(codes(response)) <= {"CG201", "CG202", "CG203", "CG204", "CG301"}


@pytest.mark.asyncio
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(alphabet=st.characters(exclude_categories=["Cs"]) | st.sampled_from('{}()[]"$:@!.# \n'), max_size=60)
)
async def test_no_text_whatever_breaks_the_parser(service: Service, text: str) -> None:
    """Every text gets an answer or a refusal with a code."""
    response = await ask(service, {"query": text})
    assert response.status_code in (200, 400)
    assert response.status_code == 200 or codes(response)


class Broken:
    """A database that fails in a way that nobody expected, with a text that nobody may see."""

    async def read(self, text: str, parameters: Mapping[str, Any], timeout: float | None = None) -> list[Any]:
        raise RuntimeError(CANARY)

    async def ready(self) -> bool:
        raise RuntimeError(CANARY)


@pytest.mark.asyncio
async def test_what_nobody_expected_says_nothing(unopened: Service, caplog: pytest.LogCaptureFixture) -> None:
    """500, CG000, and the class of the error in the log: its text could be anything."""
    with caplog.at_level(logging.DEBUG):
        async with unopened.client(door=Broken()) as client:
            asked = await client.post("/graphql", json={"query": ASK}, headers=unopened.headers())
            looked = await client.get("/health/ready")
    for response in (asked, looked):
        assert (response.status_code, codes(response)) == (500, ["CG000"])
        assert "data" not in response.json()
        assert "canary" not in response.text
    assert "RuntimeError" in caplog.text
    assert "canary" not in caplog.text


# Beside GraphQL


@pytest.mark.asyncio
async def test_ready_means_that_a_query_works(unopened: Service, service: Service) -> None:
    """Live at once; ready only with a database that answers. Neither needs a token."""
    for one, status in ((unopened, 503), (service, 200)):
        async with one.client() as client:
            assert (await client.get("/health/live")).status_code == 200
            assert (await client.get("/health/ready")).status_code == status


@pytest.mark.asyncio
async def test_before_the_database_is_there_a_question_is_told_so(unopened: Service) -> None:
    """A coded error at the field, not a failure."""
    response = await ask(unopened, {"query": ASK})
    assert (response.status_code, codes(response)) == (200, ["CG401"])


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["/graphql", "/health/live", "/graphiql", "/graphiql/config.json", "/nowhere", "/"])
async def test_every_response_bears_the_headers_that_protect_its_reader(unopened: Service, path: str) -> None:
    """No sniffing, no framing, no referrer, nothing from elsewhere; and an id for the log."""
    async with unopened.client() as client:
        response = await client.get(path)
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-request-id"]
    assert "server" not in response.headers


@pytest.mark.asyncio
async def test_an_answer_is_kept_by_nobody(service: Service) -> None:
    """Neither browsers nor what stands between may store what a role was shown."""
    assert (await ask(service, {"query": ASK})).headers["cache-control"] == "no-store"


@pytest.mark.asyncio
async def test_the_page_is_told_public_names_only(unopened: Service) -> None:
    """Roles, titles, purposes and examples; no token, no claim. Its first example works for a service rep."""
    async with unopened.client() as client:
        told = (await client.get("/graphiql/config.json")).json()
    assert told["endpoint"] == "/graphql"
    assert {one["role"] for one in told["roles"]} == set(unopened.assembly.rules.policies)
    assert all(set(one) == {"role", "title", "purposes"} and one["purposes"] for one in told["roles"])
    schema = unopened.assembly.schemas["service_rep"]
    assert unopened.assembly.documents.read(schema, told["examples"][0]["query"]).errors == ()


@pytest.mark.asyncio
async def test_every_example_fits_the_schema_of_a_role(service: Service) -> None:
    """An example that nobody can ask would be a bad beginning."""
    async with service.client() as client:
        examples = (await client.get("/graphiql/config.json")).json()["examples"]
    for example in examples:
        answers = [
            await ask(service, {"query": example["query"], "variables": example.get("variables")}, role=role)
            for role in service.assembly.rules.policies
        ]
        assert any("errors" not in answer.json() for answer in answers), example["title"]


@pytest.mark.asyncio
async def test_the_page_and_its_assets_are_served_as_they_must_be_kept(unopened: Service, tmp_path: Path) -> None:
    """The page is asked for anew each time, its assets never again; both under the page's policy."""
    from starlette.applications import Starlette

    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>customer-graph</title>")
    (tmp_path / "assets" / "index-12345678.js").write_text("let a = 1;\n" * 500)
    app = Starlette(routes=routes(unopened.assembly.rules.policies, tmp_path))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        for path in ("/graphiql", "/graphiql/"):
            page = await client.get(path)
            assert "customer-graph" in page.text
            assert page.headers["cache-control"] == "no-cache"
            assert page.headers["content-security-policy"] == POLICY
        asset = await client.get("/graphiql/assets/index-12345678.js")
        assert asset.headers["cache-control"].endswith("immutable")
        assert asset.headers["content-encoding"] == "gzip"
        assert (await client.get("/graphiql/assets/../../pyproject.toml")).status_code == 404
    missing = Starlette(routes=routes(unopened.assembly.rules.policies, tmp_path / "none"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(missing), base_url="http://here") as client:
        assert "make graphiql" in (await client.get("/graphiql")).text


@pytest.mark.asyncio
async def test_who_types_the_address_of_the_api_into_a_browser_finds_the_page(unopened: Service) -> None:
    """A browser asks for HTML and has no question."""
    async with unopened.client() as client:
        for path in ("/graphql", "/"):
            response = await client.get(path, headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
            assert (response.status_code, response.headers["location"]) == (303, "/graphiql")
