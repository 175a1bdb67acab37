"""Trusted documents: asked by id, alone, compiled beforehand; and one for several roles, with nulls and reasons."""

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import (
    REMOVE,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLResolveInfo,
    GraphQLSchema,
    InlineFragmentNode,
    NameNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    execute_sync,
    parse,
    print_ast,
    validate,
    visit,
)

from resolvers.prepare import Plans
from resolvers.shared_schema import shared
from resolvers.unknown_fields import fitted
from schema.errors import SettingInvalid, TrustedDocumentInvalid
from schema.model import MODEL
from server.assembly import Assembly, trusted_documents
from server.current import Current
from server.rehearse import compiled, planned
from server.settings import load
from server.trusted import Trusted, trusted_of
from tests.sample import Sample
from tests.test_http import Service, codes, service, unopened

__all__ = ["service", "unopened"]
pytest_plugins = ["tests.sample"]

COMMON = "query Common($n: Int) { customers(first: $n) { totalCount nodes { id orderCount } } }\n"
CALLER = "query Caller($value: String!) { callers(identity: {kind: PHONE, value: $value}) { nodes { id name } } }"
LOOKS = "{ accessRecords(first: 1) { nodes { id } } }"
SHARED = """query Card($id: ID!, $orders: Int = 3, $cases: Int = 2, $brief: Boolean = false, $rest: Boolean!) {
  again: customer(id: $id) { vatNumber id }
  customer(id: $id) {
    vatNumber
    called: name
    kind
    ...Standing
    company: vatNumber @skip(if: $brief)
    cases(first: $cases) @include(if: $rest) { totalCount nodes { id customer { ...Standing } } }
    orders(first: $orders) { totalCount edges { cursor node { number id shipments { nodes { number } } } } }
    provenance(first: 1) { nodes { id } }
    household { members { nodes { id } } }
    _withheld { field reason }
    email
  }
  node(id: $id) {
    __typename
    ... on Case { ...Problem }
    ... on Customer { createdAt status segment ... on Node { id } ... { vatNumber } }
  }
  cases(first: 1) { nodes { ...Problem } }
  __typename
}
fragment Standing on Customer { status standings(first: 1) { nodes { purpose lawful } } household { id } }
fragment Problem on Case { id customer { vatNumber } }
"""
ONLY_ABSENT = "query Two($id: ID!) { customer(id: $id) { vatNumber interactions(first: 1) { nodes { text } } } }"
COMPARED = '{ customers(first: 1, where: {vatNumber: {eq: "a"}}) { nodes { id vatNumber } } }'


def digest(text: str) -> str:
    """The id of a text."""
    return "sha256:" + sha256(text.encode()).hexdigest()


def serving(assembly: Assembly, trusted: Trusted) -> Assembly:
    """The assembly as it serves these documents, with nothing compiled yet."""
    return replace(assembly, current=Current(replace(assembly.current.served, trusted=trusted, plans=Plans())))


def listing(tmp_path: Path, service: Service, **files: object) -> Trusted:
    """The trusted documents of a folder with these files; `__` in a name stands for a dot."""
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return trusted_of(tmp_path, service.assembly.schemas, ())


def trusting(service: Service, trusted: Trusted) -> httpx.AsyncClient:
    """A client of a server with these documents."""
    return service.client(serving(service.assembly, trusted))


async def post(client: httpx.AsyncClient, service: Service, role: str, body: Any, **headers: str) -> httpx.Response:
    """What a role is answered."""
    return await client.post("/graphql", json=body, headers={**service.headers(role), **headers})


# By which ids, and who


@pytest.mark.asyncio
async def test_a_trusted_document_is_asked_by_any_of_its_ids(service: Service, tmp_path: Path) -> None:
    """The digest as the specification writes it, Apollo's form, the ids of manifests, and the very text."""
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "common.graphql").write_text(COMMON)
    trusted = listing(
        tmp_path,
        service,
        relay__json={"relay-id": COMMON},
        apollo__json={
            "format": "apollo-persisted-query-manifest",
            "version": 1,
            "operations": [{"id": "apollo-id", "name": "Common", "type": "query", "body": COMMON}],
        },
        readme__md="Nothing to see here",
    )
    assert len(trusted) == 1
    async with trusting(service, trusted) as client:
        plain = await post(service.client(), service, "service_rep", {"query": COMMON})
        for body in (
            {"documentId": digest(COMMON)},
            {"documentId": "relay-id", "extensions": {}},
            {"documentId": "apollo-id", "operationName": "Common"},
            {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest(COMMON)[7:]}}},
            {"query": COMMON},
            {"query": COMMON, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest(COMMON)[7:]}}},
        ):
            assert (await post(client, service, "service_rep", body)).text == plain.text
        asked = {"documentId": digest(COMMON), "variables": '{"n": 1}'}
        one = await client.get("/graphql", params=asked, headers=service.headers("marketer"))
        assert len(one.json()["data"]["customers"]["nodes"]) == 1


@pytest.mark.asyncio
async def test_free_documents_are_refused_but_for_the_roles_that_may(service: Service, tmp_path: Path) -> None:
    """Introspection too: a role's schema is read from a file, not from the server."""
    trusted = listing(tmp_path, service, common__graphql=COMMON)
    some = replace(trusted, free=frozenset({"privacy_officer"}))
    for text in (COMMON.strip(), "{ __typename }", "{ __schema { types { name } } }", "{ noSuchField }", "{"):
        async with trusting(service, trusted) as closed, trusting(service, some) as open_to_some:
            for client, role in ((closed, "privacy_officer"), (open_to_some, "marketer")):
                response = await post(client, service, role, {"query": text}, accept="application/json")
                assert (response.status_code, codes(response)) == (403, ["CG222"])
            assert codes(await post(open_to_some, service, "privacy_officer", {"query": text})) in ([], ["CG201"])


@pytest.mark.asyncio
async def test_a_document_that_the_role_cannot_ask_is_like_one_that_is_not_there(
    service: Service, tmp_path: Path
) -> None:
    """Byte for byte: an id tells nothing of what others ask. An Apollo client registers nothing."""
    trusted = listing(tmp_path, service, caller__graphql=CALLER, looks__graphql=LOOKS)
    unlisted = {"query": COMMON, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest(COMMON)[7:]}}}
    async with trusting(service, trusted) as client:
        never = await post(client, service, "marketer", {"documentId": digest("never")})
        theirs = await post(client, service, "marketer", {"documentId": digest(CALLER)})
        assert (never.status_code, codes(never)) == (400, ["CG221"])
        assert (theirs.status_code, theirs.text) == (never.status_code, never.text)
        assert "data" in (await post(client, service, "auditor", {"documentId": digest(LOOKS)})).json()
        assert codes(await post(client, service, "marketer", unlisted)) == ["CG222"]
        assert codes(await post(client, service, "marketer", {"documentId": digest(COMMON)})) == ["CG221"]
    async with service.client() as client:  # without trusted documents no id means anything
        assert codes(await post(client, service, "marketer", {"documentId": digest(COMMON)})) == ["CG221"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "body",
    [
        {"documentId": 1},
        {"documentId": ["a"]},
        {"documentId": "a", "query": COMMON},
        {"extensions": {"persistedQuery": {"sha256Hash": 1}}},
        {"extensions": {"persistedQuery": 1}},
        {"extensions": []},
    ],
)
async def test_an_id_that_is_none_is_no_question(service: Service, tmp_path: Path, body: Any) -> None:
    """An id in place of a text, never both."""
    async with trusting(service, listing(tmp_path, service, common__graphql=COMMON)) as client:
        response = await post(client, service, "marketer", body)
    assert (response.status_code, codes(response)) == (400, ["CG204"])


# At the start


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.graphql", "{ customers { nodes { id ", "a.graphql fits no role: Syntax Error"),
        ("a.graphql", "{ noSuchField }", "a.graphql fits no role: Cannot query field 'noSuchField'"),
        ("a.gql", "{ customers { nodes { id } } accessRecords { nodes { id } } x: callers { id } }", "a.gql fits no"),
        ("a.graphql", "{" + "customers { nodes { id } } " * 600 + "}", "a.graphql fits no role: The document holds"),
        ("a.json", "{", "a.json is not a manifest"),
        ("a.json", "[]", "a.json is not a manifest"),
        ("a.json", {"operations": [{"id": "a"}]}, "a.json is not a manifest"),
        ("a.json", {"one": 1}, "a.json is not a manifest"),
        ("a.json", {"one": "{ __typename", "two": COMMON}, "a.json, one fits no role"),
        ("a.json", {"operations": [{"id": "a", "body": COMMON}, {"id": "a", "body": LOOKS}]}, "has the same id"),
    ],
)
def test_what_no_role_can_ask_stops_the_start(
    unopened: Service, tmp_path: Path, name: str, content: Any, said: str
) -> None:
    """With the file and the reason."""
    (tmp_path / name).write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(TrustedDocumentInvalid) as refused:
        trusted_of(tmp_path, unopened.assembly.schemas, ())
    assert said in str(refused.value)


def test_a_document_that_asks_too_much_stops_the_start(unopened: Service, tmp_path: Path) -> None:
    """It would be refused each time."""
    much = "{ customers(first: 1000) { nodes { orders(first: 1000) { nodes { id } } } } }"
    trusted = listing(tmp_path, unopened, much__graphql=much)
    with pytest.raises(TrustedDocumentInvalid, match=r"much\.graphql, asked by \w+: .*CG301"):
        compiled(serving(unopened.assembly, trusted))


def test_roles_for_free_documents_must_be_there(unopened: Service, tmp_path: Path) -> None:
    """A misspelt role would leave its people without GraphiQL and without a reason."""
    settings = load(trusted_documents=tmp_path, free_documents_roles=("privacy_oficer",))
    with pytest.raises(SettingInvalid, match=r"privacy_oficer; there are auditor, "):
        trusted_documents(settings, unopened.assembly.schemas)
    with pytest.raises(SettingInvalid, match="CUSTOMER_GRAPH_FREE_DOCUMENTS_ROLES must be"):
        load(free_documents_roles=("privacy_officer",))


@pytest.mark.asyncio
async def test_everything_is_compiled_before_anybody_asks(service: Service, sample: Sample, tmp_path: Path) -> None:
    """For each role and purpose, with the least and with all variables; the database has planned the very texts."""
    trusted = listing(tmp_path, service, common__graphql=COMMON, caller__graphql=CALLER, card__graphql=SHARED)
    assembly = serving(service.assembly, trusted)
    rehearsals = compiled(assembly)
    assert {one.place for one in rehearsals} == {"common.graphql", "caller.graphql", "card.graphql"}
    said: list[str] = []
    await planned(rehearsals, sample.database, said.append)
    assert said == [f"Planning {len(rehearsals)} statements of the trusted documents"]
    texts, misses = {one.text for one in rehearsals}, assembly.plans.misses
    seen: list[str] = []

    class Watched:
        async def read(self, text: str, parameters: Mapping[str, Any], timeout: float | None = None) -> list[Any]:
            seen.append(text)
            return await sample.database.read(text, parameters, timeout)

    busiest = str(sample.found["busiest"])
    async with service.client(assembly, Watched()) as client:
        for role in ("service_rep", "marketer"):
            for purpose in assembly.rules.policies[role].said.purposes:
                for few in ({}, {"n": 10}):
                    asked = {"documentId": digest(COMMON), "variables": few}
                    assert not codes(await post(client, service, role, asked, **{"x-purpose": purpose}))
            for more in ({}, {"brief": False}):
                asked = {"documentId": digest(SHARED), "variables": {"id": busiest, "rest": True, **more}}
                assert not codes(await post(client, service, role, asked, **{"x-unknown-fields": "null"}))
    assert assembly.plans.misses == misses
    assert set(seen) <= texts
    assert len(seen) > 10


@pytest.mark.asyncio
async def test_a_statement_that_the_database_refuses_stops_the_start(service: Service, sample: Sample) -> None:
    """With the document's place, and without a word of the database's."""
    from server.rehearse import Rehearsal

    broken = Rehearsal("broken.graphql", "RETURN no_such_function()", {})
    with pytest.raises(TrustedDocumentInvalid, match=r"^broken\.graphql: .*\(CG403\)$"):
        await planned([broken], sample.database, lambda sentence: None)


# One document for several roles


@pytest.mark.asyncio
@pytest.mark.parametrize("role", ["marketer", "service_rep", "auditor", "data_steward", "privacy_officer"])
@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"rest": True}, id="usual", marks=pytest.mark.thorough),
        pytest.param({"rest": False, "brief": True}, id="brief"),
        pytest.param({"rest": True, "orders": 1, "cases": 1}, id="counted"),
    ],
)
async def test_a_shared_document_is_answered_with_nulls_where_the_role_has_nothing(
    service: Service, sample: Sample, tmp_path: Path, role: str, given: Mapping[str, Any]
) -> None:
    """As graphql-core answers the whole document, over what the role is answered to the part that is its own."""
    trusted = listing(tmp_path, service, card__graphql=SHARED)
    schema = service.assembly.schemas[role].graphql
    variables = {"id": sample.found["busiest"], **given}
    asked = {"documentId": digest(SHARED), "variables": variables}
    async with trusting(service, trusted) as client:
        answer = await post(client, service, role, asked, **{"x-unknown-fields": "null"})
        without = await post(client, service, role, asked)
    assert answer.status_code == 200
    own = without_what_is_not_there(schema, SHARED)
    async with service.client() as client:
        plain = (await post(client, service, role, {"query": own, "variables": variables})).json()
    assert "errors" not in plain
    expected = by_graphql_core(service, SHARED, variables, plain["data"])
    assert json.dumps(answer.json()["data"]) == json.dumps(expected)
    assert "errors" not in answer.json()
    withheld = answer.json()["extensions"]["withheld"] if "extensions" in answer.json() else []
    assert {one["reason"] for one in withheld} <= {"NOT_IN_SCHEMA"}
    assert {one["coordinate"] for one in withheld} == absent(schema, SHARED)
    if absent(schema, SHARED):
        assert codes(without) == ["CG221"]


@pytest.mark.asyncio
async def test_what_is_null_says_where_and_why(service: Service, sample: Sample, tmp_path: Path) -> None:
    """By coordinate and response keys, also where nothing of a selection is left; another role is told nothing."""
    trusted = listing(tmp_path, service, two__graphql=ONLY_ABSENT)
    asked = {"documentId": digest(ONLY_ABSENT), "variables": {"id": sample.found["busiest"]}}
    async with trusting(service, trusted) as client:
        marketer = (await post(client, service, "marketer", asked, **{"x-unknown-fields": "null"})).json()
        rep = (await post(client, service, "service_rep", asked, **{"x-unknown-fields": "null"})).json()
    assert marketer["data"] == {"customer": {"vatNumber": None, "interactions": None}}
    assert marketer["extensions"]["withheld"] == [
        {"coordinate": f"Customer.{name}", "path": ["customer", name], "reason": "NOT_IN_SCHEMA"}
        for name in ("vatNumber", "interactions")
    ]
    assert rep["data"]["customer"]["interactions"]["nodes"]
    assert "extensions" not in rep


@pytest.mark.asyncio
async def test_nulls_are_for_trusted_documents_alone(service: Service, tmp_path: Path) -> None:
    """Whoever may write the document would learn names by it, so the very wish is refused, whatever the document."""
    trusted = replace(listing(tmp_path, service, two__graphql=ONLY_ABSENT), free=frozenset({"marketer"}))
    answers = set()
    for client in (service.client(), trusting(service, trusted)):
        async with client:
            for field in ("vatNumber", "email", "neverThere"):
                text = f"{{ customers(first: 1) {{ nodes {{ {field} }} }} }}"
                free = await post(client, service, "marketer", {"query": text}, **{"x-unknown-fields": "null"})
                assert (free.status_code, codes(free)) == (400, ["CG224"])
                answers.add(free.text)
            wrong = await post(client, service, "marketer", {"query": COMMON}, **{"x-unknown-fields": "yes"})
            assert codes(wrong) == ["CG204"]
    assert len(answers) == 1


@pytest.mark.asyncio
async def test_nobody_filters_by_what_the_role_does_not_have(service: Service, tmp_path: Path) -> None:
    """A null there would be another question: the document is none of that role's."""
    trusted = listing(tmp_path, service, compared__graphql=COMPARED)
    async with trusting(service, trusted) as client:
        asked = {"documentId": digest(COMPARED)}
        assert codes(await post(client, service, "marketer", asked, **{"x-unknown-fields": "null"})) == ["CG221"]
        assert not codes(await post(client, service, "service_rep", asked, **{"x-unknown-fields": "null"}))


def test_the_mark_is_no_key_of_the_document(unopened: Service) -> None:
    """Whatever a document calls its fields, what stands in for a null has another name."""
    everyone = shared([one.graphql for one in unopened.assembly.schemas.values()])
    document = parse("{ customers(first: 1) { nodes { _null_id: id __null_: id vatNumber } } }")
    found = fitted(document, unopened.assembly.schemas["marketer"].graphql, everyone)
    assert found.mark not in ("_null_", "__null_")
    data = {"nodes": [{"_null_id": 1, "__null_": 2, f"{found.mark}vatNumber": "Customer"}]}
    assert found.restored(data) == {"nodes": [{"_null_id": 1, "__null_": 2, "vatNumber": None}]}


def test_the_schema_of_all_roles_names_what_some_role_has_and_nothing_else(unopened: Service) -> None:
    """Field by field; and what one of them lacks may be null."""
    schemas = [one.graphql for one in unopened.assembly.schemas.values()]
    everyone = shared(schemas)
    assert names(everyone) == set().union(*map(names, schemas))
    marketer, rep = (unopened.assembly.schemas[role].graphql for role in ("marketer", "service_rep"))
    two = shared([marketer, rep])
    assert str(two.type_map["Customer"].fields["id"].type) == "ID!"  # type: ignore[attr-defined]  # an object type
    lacking = two.type_map["Customer"].fields["interactions"]  # type: ignore[attr-defined]  # an object type
    assert str(lacking.type) == "InteractionConnection"
    assert str(rep.type_map["Customer"].fields["interactions"].type) == "InteractionConnection!"  # type: ignore[attr-defined]  # an object type


# The oracle


def names(schema: GraphQLSchema) -> set[str]:
    """Every type, field, argument, input field and enum value of a schema."""
    found = set()
    for name, type_ in schema.type_map.items():
        if name.startswith("__"):
            continue
        found.add(name)
        for below in (*getattr(type_, "fields", {}), *getattr(type_, "values", {})):
            found.add(f"{name}.{below}")
        for field, held in getattr(type_, "fields", {}).items():
            found |= {f"{name}.{field}({argument})" for argument in getattr(held, "args", {})}
    return found


class Removing(Visitor):
    """Takes out what the schema does not have, as graphql-core's own TypeInfo finds it."""

    def __init__(self, info: TypeInfo, conditions: Mapping[str, str], schema: GraphQLSchema) -> None:
        super().__init__()
        self.info, self.conditions, self.schema = info, conditions, schema
        self.removed: set[str] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> Any:
        parent = self.info.get_parent_type()
        if parent is not None and self.info.get_field_def() is None:
            self.removed.add(f"{parent.name}.{node.name.value}")
            return REMOVE
        return None

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> Any:
        gone = node.type_condition is not None and node.type_condition.name.value not in self.schema.type_map
        return REMOVE if gone else None

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> Any:
        return None if self.conditions[node.name.value] in self.schema.type_map else REMOVE

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: Any) -> Any:
        return None if node.type_condition.name.value in self.schema.type_map else REMOVE

    def leave_selection_set(self, node: SelectionSetNode, *_: Any) -> Any:
        if node.selections:
            return None
        return SelectionSetNode(selections=(FieldNode(name=NameNode(value="__typename"), arguments=(), directives=()),))


class Using(Visitor):
    """Which variables and fragments are used."""

    def __init__(self) -> None:
        super().__init__()
        self.used: set[str] = set()

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> Any:
        return False

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.used.add(f"${node.name.value}")

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self.used.add(node.name.value)


class Tidying(Visitor):
    """Takes out definitions that nothing uses any more."""

    def __init__(self, used: set[str]) -> None:
        super().__init__()
        self.used = used

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> Any:
        return None if f"${node.variable.name.value}" in self.used else REMOVE

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: Any) -> Any:
        return None if node.name.value in self.used else REMOVE


def reduced(schema: GraphQLSchema, text: str) -> tuple[str, set[str]]:
    """The part of a document that a schema has, and the coordinates of the rest."""
    document = parse(text)
    conditions = {
        one.name.value: one.type_condition.name.value
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    info = TypeInfo(schema)
    removing = Removing(info, conditions, schema)
    document = visit(document, TypeInfoVisitor(info, removing))
    while True:
        using = Using()
        visit(document, using)
        tidied = visit(document, Tidying(using.used))
        if tidied == document:
            assert validate(schema, document) == []
            return print_ast(document), removing.removed
        document = tidied


def without_what_is_not_there(schema: GraphQLSchema, text: str) -> str:
    """The document that the role could write itself."""
    return reduced(schema, text)[0]


def absent(schema: GraphQLSchema, text: str) -> set[str]:
    """What it could not write."""
    return reduced(schema, text)[1]


def by_graphql_core(service: Service, text: str, variables: Mapping[str, Any], data: Any) -> Any:
    """The whole document over an answer, by graphql-core: each field is what stands under its response key, or null."""
    everyone = shared([one.graphql for one in service.assembly.schemas.values()])

    def resolve(source: Any, info: GraphQLResolveInfo[Any], **_: Any) -> Any:
        return source.get(info.path.key)

    def type_of(value: Any, *_: Any) -> str:
        return next(name for name, kind in MODEL.items() if kind.prefix == str(value["id"]).partition("_")[0])

    found = execute_sync(
        everyone,
        parse(text),
        root_value=data,
        variable_values=dict(variables),
        field_resolver=resolve,
        type_resolver=type_of,
    )
    assert found.errors is None
    return found.data
