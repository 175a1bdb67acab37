"""What the server is made of beside HTTP: assembly, keys, the door, documents, explanations, the note of who runs."""

import asyncio
import re
import stat
from pathlib import Path

import pytest
from graphql import parse

from auth.policy import SHIPPED
from graph.session import Connection, Database
from graph.view import View
from resolvers.role_schema import RoleSchema
from schema.enums import CallerFact
from schema.errors import ClaimInvalid, DatabaseUnavailable, DocumentInvalid, OverBudget, PolicyInvalid, SettingInvalid
from schema.model import MODEL
from server import record
from server.api import RoleSchemas, role_schema
from server.assembly import CURSOR_KEY_FILE, Assembly, Rules, assemble, cursor_key, rules_of
from server.documents import Documents, examined
from server.door import Door
from server.explain import Access, access, explain, matrix, snake
from server.limits import check
from server.settings import load
from server.tables import tables


@pytest.fixture(scope="module")
def rules() -> Rules:
    """The shipped policies over the whole model."""
    return rules_of()


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    """Everything a request needs, made once for this module."""
    return assemble(load(data=tmp_path_factory.mktemp("assembly")))


# Assembly and keys


def test_every_role_has_a_view_for_each_purpose_and_one_schema(rules: Rules, assembly: Assembly) -> None:
    """What the verifier lets in, there is a View and a schema for."""
    assert set(assembly.schemas) == set(rules.policies)
    assert set(assembly.rules.views) == {(role, one) for role, all_ in rules.purposes_of.items() for one in all_}
    assert {schema.role for schema in assembly.schemas.values()} == set(assembly.schemas)


def test_a_schema_is_made_when_it_is_asked_for_or_at_once(rules: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command makes those that it needs, a server all of them before anyone asks; each is made once."""
    made: list[str] = []

    def making(view: View) -> RoleSchema:
        made.append(view.role)
        return role_schema(view)

    monkeypatch.setattr("server.api.role_schema", making)
    schemas = RoleSchemas({role: rules.usual_view(role) for role in ("auditor", "marketer")})
    assert made == []
    assert "marketer" in schemas
    assert "nobody" not in schemas
    assert schemas["marketer"] is schemas["marketer"]
    assert made == ["marketer"]
    schemas.make_all()
    assert made == ["marketer", "auditor"]
    with pytest.raises(KeyError):
        schemas["nobody"]


def test_the_key_of_cursors_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """A cursor outlives a restart of the server."""
    settings = load(data=tmp_path / "data")
    key = cursor_key(settings)
    file = settings.data / CURSOR_KEY_FILE
    assert (len(key), cursor_key(settings)) == (64, key)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("damaged")
    with pytest.raises(SettingInvalid, match="damaged"):
        cursor_key(settings)


def test_replicas_share_the_key_that_is_set(tmp_path: Path) -> None:
    """And nothing is written then."""
    settings = load(data=tmp_path / "data", cursor_key="ab" * 64)
    assert cursor_key(settings) == b"\xab" * 64
    assert not settings.data.exists()


def test_the_printed_form_of_the_assembly_shows_no_key(assembly: Assembly) -> None:
    """It might end in a log."""
    for word in ("AESSIV", "verifier", "cipher"):
        assert word not in repr(assembly)


def test_a_policy_that_names_what_is_not_there_does_not_start(tmp_path: Path) -> None:
    """The sentence says file, line and what is wrong."""
    text = (SHIPPED / "auditor.toml").read_text().replace("[see.Consent]", "[see.Konsent]")
    (tmp_path / "auditor.toml").write_text(text)
    with pytest.raises(PolicyInvalid, match=r"auditor\.toml:\d+: .*Konsent"):
        rules_of(tmp_path)


@pytest.mark.parametrize(
    ("role", "allow", "said"),
    [("service_rep", '"openCases"', r":\d+: there is no change 'openCases'"), ("auditor", '"openCase"', "needs Case")],
)
def test_a_policy_that_allows_what_cannot_be_changed_does_not_start(
    tmp_path: Path, role: str, allow: str, said: str
) -> None:
    """A change that there is not, and one of records that the role does not see."""
    text = re.sub(r"\[change\]\nallow = \[[^]]*\]\n", "", (SHIPPED / f"{role}.toml").read_text())
    (tmp_path / f"{role}.toml").write_text(f"{text}\n[change]\nallow = [{allow}]\n")
    with pytest.raises(PolicyInvalid, match=said):
        rules_of(tmp_path)


# The door


@pytest.mark.asyncio
async def test_a_door_without_a_database_says_so_at_once() -> None:
    """Nobody waits for a database that was never there."""
    door = Door()
    assert await door.ready() is False
    with pytest.raises(DatabaseUnavailable):
        await door.read("RETURN 1", {})


@pytest.mark.asyncio
async def test_readiness_is_told_in_bounded_time_and_looked_at_once(unused_tcp_port: int) -> None:
    """A thousand who ask at once cost one look; a database that does not answer costs two seconds."""
    async with Database(Connection(f"bolt://127.0.0.1:{unused_tcp_port}", "neo4j", "x")) as database:
        door = Door(database)
        async with asyncio.timeout(30):
            assert not any(await asyncio.gather(*(door.ready() for _ in range(1_000))))


# Documents


def test_documents_are_kept_by_role_and_text_and_never_without_bound(assembly: Assembly) -> None:
    """A valid text is parsed once for a role; what was refused and what is huge is not kept."""
    schema = assembly.schemas["service_rep"]
    documents = Documents(3)
    first = documents.read(schema, "{ viewer { id } }")
    assert documents.read(schema, "{ viewer { id } }") is first
    assert documents.read(assembly.schemas["marketer"], "{ viewer { id } }") is not first
    assert documents.read(schema, "{ nonsense }").errors
    assert documents.read(schema, "{ viewer { id } }" + " " * 20_000).errors == ()
    assert len(documents) == 2
    for number in range(9):
        documents.read(schema, f"{{ a{number}: viewer {{ id }} }}")
    assert len(documents) == 3


def test_an_operation_must_be_named_where_there_are_several(assembly: Assembly) -> None:
    """And a name must be one that the document has."""
    schema = assembly.schemas["auditor"].graphql
    document = examined(schema, "query A { __typename } query B { __typename }")
    assert document.operation("A") is not document.operation("B")
    for name in (None, "C", ""):
        with pytest.raises(DocumentInvalid, match="operationName"):
            document.operation(name)


def test_a_syntax_error_says_what_was_found_but_not_what_stood_in_it(assembly: Assembly) -> None:
    """The kind of the token and its place suffice to correct it."""
    schema = assembly.schemas["auditor"].graphql
    said = {
        text: examined(schema, text).errors[0] for text in ("{ a", '{ "secret" }', "{ a(b: ) }", "{ a(b: 12x) }", "")
    }
    assert said["{ a"].message == "Syntax Error: Expected Name, found <EOF>."
    assert said['{ "secret" }'].message == "Syntax Error: Expected Name, found String."
    assert said["{ a(b: ) }"].message == "Syntax Error: Unexpected ')'."
    assert said["{ a(b: 12x) }"].message == "Syntax Error: this cannot be read."
    assert [(place.line, place.column) for place in said['{ "secret" }'].locations or ()] == [(1, 3)]


def test_limits_count_what_is_there_and_name_it() -> None:
    """A document within them passes; one over them is told which."""
    check(parse("{ a { b c ...F } } fragment F on X { d e }"))
    for document, words in (
        ("{ " + "a " * 21 + "}", "of one name"),
        ("{ " + " ".join(f"a{n} {{ b }}" for n in range(501)) + " }", "fields"),
        ("{ a } " + " ".join(f"fragment F{n} on X {{ a }}" for n in range(101)), "fragments"),
        (
            "{ __schema { types { fields { args { name type { fields { args { name } } } } } } } }",
            "entries of the schema",
        ),
        ("{ ...F } fragment F on Query { a { ...G } } fragment G on T { b { ...G c } }", "within itself"),
    ):
        with pytest.raises((OverBudget, DocumentInvalid), match=words):
            check(parse(document))


# Explanations


def test_the_matrix_says_what_views_hold(rules: Rules) -> None:
    """Every field of the model for every role; what is not in the View is nothing, what is plain is shown."""
    views = [rules.usual_view(role) for role in rules.policies]
    rows = matrix(rules.model, rules.policies, views)
    fields = [row for row in rows if row.type in MODEL]
    assert len(fields) == sum(len(kind.properties) for kind in MODEL.values())
    verified = [row for row in rows if row.type not in MODEL]
    assert [row.access for row in verified] == [
        tuple(Access.VERIFY if fact in view.verifying.facts else Access.NOTHING for view in views)
        for fact in CallerFact
    ]
    for row in fields:
        for view, one in zip(views, row.access, strict=True):
            seen = view.types.get(row.type)
            field = seen.fields.get(row.field) if seen else None
            assert (one is Access.NOTHING) == (field is None)
            assert (one is Access.SHOW) == (field is not None and field.plain)


def test_each_kind_of_access_is_told_apart(rules: Rules) -> None:
    """As the shipped policies use them."""
    seen = rules.usual_view("service_rep").types["Customer"]
    held = MODEL["Customer"].properties
    found = {
        name: access(rules.policies["service_rep"], seen, held[name])
        for name in ("name", "birthDate", "email", "lifetimeValue")
    }
    assert found == {
        "name": Access.SHOW,
        "birthDate": Access.MASK,
        "email": Access.WHEN,
        "lifetimeValue": Access.WITHHOLD,
    }


def test_an_explanation_cites_the_line_that_decides(rules: Rules) -> None:
    """Whoever reads it can open the file there."""
    policy = rules.policies["service_rep"]
    said = "\n".join(explain(rules.model, policy, [rules.usual_view("service_rep")], "Customer.birth_date"))
    cited = next(line for line in policy.text.splitlines() if line.startswith("birth_date"))
    number = policy.text.splitlines().index(cited) + 1
    assert f"service_rep.toml:{number}" in said
    assert "the year alone" in said
    assert "cannot be filtered" in said
    assert "may be revealed of one record for 15 minutes" in said
    steps = "\n".join(explain(rules.model, policy, [rules.usual_view("service_rep")], "Customer.balance"))
    assert "the lower end of its step of 100" in steps


def test_every_type_and_field_can_be_explained_to_every_role(rules: Rules) -> None:
    """No question about the policies is left without a sentence."""
    for role, policy in rules.policies.items():
        views = [rules.views[role, purpose] for purpose in policy.said.purposes]
        for kind in MODEL.values():
            assert len(list(explain(rules.model, policy, views, kind.name))) > 1
            for name in (*kind.properties, *kind.edges):
                assert len(list(explain(rules.model, policy, views, f"{kind.name}.{snake(name)}"))) > 1


def test_what_is_asked_about_must_be_there(rules: Rules) -> None:
    """The refusal names what there is."""
    policy, views = rules.policies["auditor"], [rules.usual_view("auditor")]
    with pytest.raises(ClaimInvalid, match=r"no type 'Custommer'.*Customer"):
        list(explain(rules.model, policy, views, "Custommer"))
    with pytest.raises(ClaimInvalid, match=r"no field 'mail'.*birth_date"):
        list(explain(rules.model, policy, views, "Customer.mail"))


def test_a_narrow_terminal_gets_the_roles_in_several_tables(rules: Rules) -> None:
    """No line is wider than the room, and every role is in one of them."""
    roles = list(rules.policies)
    rows = [
        row
        for row in matrix(rules.model, rules.policies, [rules.usual_view(role) for role in roles])
        if row.type == "Case"
    ]
    lines = [line.plain.rstrip() for line in tables(rows, roles, 80)]
    assert max(map(len, lines)) <= 80
    assert all(any(role in line for line in lines if line.startswith("field")) for role in roles)
    assert len([line for line in tables(rows, roles, None) if line.plain.startswith("field")]) == 1


# The note


def test_the_note_of_a_running_server_is_believed_only_while_it_runs(tmp_path: Path) -> None:
    """After a kill -9 the note stays, and its process id may be someone else's."""
    assert record.running(tmp_path) is None
    record.note(tmp_path, "http://127.0.0.1:1")
    found = record.running(tmp_path)
    assert found is not None
    assert found.address == "http://127.0.0.1:1"
    file = tmp_path / record.FILE
    file.write_text(file.read_text().replace(str(found.since), str(found.since - 60)))
    assert record.running(tmp_path) is None
    record.remove(tmp_path)
    assert not file.exists()
    file.write_text("{}")
    assert record.running(tmp_path) is None
