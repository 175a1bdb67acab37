"""Definitions of fields: proposed by one, decided by another, in force by a file; and what stands beside them."""

import subprocess
import tomllib
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from auth.issuer import LocalIssuer
from auth.trail import Trail
from graph.session import Database
from ingest.load import load
from ingest.statements import text
from resolvers.beside import placed
from schema.catalogue import complete_model
from schema.errors import GovernanceInvalid
from schema.governance import read_governance
from schema.governance_change import patch, with_definitions
from server.app import application
from server.assembly import Assembly, assemble
from server.door import Door
from server.governance import told, waiting
from server.settings import load as settings
from tests.small_company import house, made, person
from tests.test_changes import codes
from tests.test_ingest_load import clear, silent

MODEL = complete_model()
FIELDS = st.sampled_from(["Customer.email", "Customer.phone", "Invoice.amount"])
WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)

OWN = """# Ours.
[category.contact]
steward = "address office"

[field."Customer.email"]   # decided in May
definition = "Any mailbox."
why = "To write."

[retention.outreach]
type = "Outreach"
since = "sentAt"
months = 12
forget = ["record"]
why = "A year."
"""

# The file


def test_a_patch_changes_the_definitions_and_no_other_line() -> None:
    """In the table of a field, or in one more at the end."""
    accepted = {"Customer.email": "Where she reads mail.", "Customer.phone": 'Says "call me".'}
    lines = patch("own.toml", OWN, accepted).splitlines()
    assert [line for line in lines if line[0] in "+-"] == [
        "--- a/own.toml",
        "+++ b/own.toml",
        '-definition = "Any mailbox."',
        '+definition = "Where she reads mail."',
        "+",
        '+[field."Customer.phone"]',
        '+definition = "Says \\"call me\\"."',
    ]


def test_a_company_without_a_file_gets_one() -> None:
    """As a new file."""
    assert patch("governance.toml", None, {"Customer.phone": "Where she is called."}) == (
        "--- /dev/null\n+++ b/governance.toml\n@@ -0,0 +1,2 @@\n"
        '+[field."Customer.phone"]\n+definition = "Where she is called."\n'
    )


@given(st.dictionaries(FIELDS, WORDS, max_size=3), st.dictionaries(FIELDS, WORDS, max_size=3))
def test_what_is_accepted_is_what_the_file_says_then(first: dict[str, str], then: dict[str, str]) -> None:
    """Once, and over again; nothing else is said otherwise."""
    once = with_definitions(OWN, first)
    found = tomllib.loads(with_definitions(once, then))
    expected = tomllib.loads(OWN)
    for field, definition in (first | then).items():
        expected["field"].setdefault(field, {})["definition"] = definition
    assert found == expected


@pytest.mark.parametrize(
    "said", ['[field]\n"Customer.phone" = {owner = "x"}\n', 'field."Customer.phone".owner = "x"\n', "[field"]
)
def test_what_cannot_be_changed_surely_is_left_to_a_person(said: str) -> None:
    """Rather than written wrong."""
    with pytest.raises(GovernanceInvalid):
        with_definitions(said, {"Customer.phone": "Where she is called."})


def test_a_definition_of_the_registry_takes_the_place_of_the_models(tmp_path: Path) -> None:
    """Of one field; what else is said of it stays."""
    (tmp_path / "own.toml").write_text('[field."Customer.phone"]\ndefinition = "A number."\n', encoding="utf-8")
    before, after = read_governance(MODEL), read_governance(MODEL, tmp_path / "own.toml")
    assert before.entries["Customer.phone"].definition == MODEL["Customer"].properties["phone"].about
    assert after.entries["Customer.phone"].definition == "A number."
    assert after.entries["Customer.phone"].owner == before.entries["Customer.phone"].owner
    (tmp_path / "own.toml").write_text('[category.contact]\ndefinition = "All."\n', encoding="utf-8")
    with pytest.raises(GovernanceInvalid, match=r"category\.contact\.definition"):
        read_governance(MODEL, tmp_path / "own.toml")


# What waits


def test_an_accepted_definition_stands_beside_the_field_until_the_file_says_something_else() -> None:
    """The last one that was accepted, and all that are open."""
    rows: list[Mapping[str, Any]] = [
        {"field": "Customer.phone", "state": "OPEN", "replaces": "old", "decidedAt": None},
        {"field": "Customer.phone", "state": "ACCEPTED", "replaces": "old", "decidedAt": "2026-01-02T00:00:00Z"},
        {"field": "Customer.phone", "state": "ACCEPTED", "replaces": "old", "decidedAt": "2026-01-01T00:00:00Z"},
        {"field": "Customer.email", "state": "ACCEPTED", "replaces": "older", "decidedAt": "2026-01-01T00:00:00Z"},
    ]
    definitions = [
        {"type": "Customer", "field": field, "definition": "old"} for field in ("email", "phone", "name", "kind")
    ]
    assert placed("proposals", definitions, rows) == [[], [0, 1], [], []]


def test_what_is_printed_is_the_last_that_still_replaces_what_is_in_force() -> None:
    """Later ones over earlier ones; fields that are gone are passed over."""
    governance = read_governance(MODEL)
    now = governance.entries["Customer.phone"].definition
    rows = [
        {"field": "Customer.phone", "definition": "first", "replaces": now},
        {"field": "Customer.phone", "definition": "last", "replaces": now},
        {"field": "Customer.email", "definition": "late", "replaces": "what it never said"},
        {"field": "Customer.gone", "definition": "none", "replaces": "x"},
    ]
    assert waiting(rows, governance) == {"Customer.phone": "last"}
    assert told(rows[2:], governance, None) == ""


# Over the API


class Office:
    """The application over one registry, asked by people of several offices."""

    def __init__(self, assembly: Assembly, issuer: LocalIssuer, database: Database, trail: Trail) -> None:
        self.assembly, self.issuer, self.database = assembly, issuer, database
        self.app = application(assembly, Door(database), trail)

    async def ask(
        self, said: str, subject: str = "sue", role: str = "data_steward", offices: tuple[str, ...] = (), **named: Any
    ) -> dict[str, Any]:
        """The answer, as JSON."""
        claims: dict[str, object] = {"offices": list(offices)} if offices else {}
        claims |= {"regions": ["*"]} if role == "service_rep" else {}
        token = self.issuer.issue(role, subject=subject, claims=claims)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://here") as client:
            response = await client.post(
                "/graphql",
                json={"query": said, "variables": named},
                headers={"authorization": f"Bearer {token}"},
                timeout=30,
            )
        answer: dict[str, Any] = response.json()
        return answer

    async def propose(self, type: str = "Customer", field: str = "phone", **named: Any) -> dict[str, Any]:
        """Propose another definition."""
        given = {"type": type, "field": field, "definition": "Where she is called by day.", "reason": "Nights are not."}
        return await self.ask(PROPOSE, i={**given, **named.pop("given", {})}, **named)


PROPOSE = """mutation ($i: ProposeDefinitionInput!) { proposeDefinition(input: $i) { definitionProposal {
  id field definition replaces state proposedBy reason actor decidedAt } } }"""
ACCEPT = """mutation ($i: AcceptDefinitionInput!) { acceptDefinition(input: $i) { definitionProposal {
  state decidedBy answer decider } } }"""
REFUSE = "mutation ($i: RefuseDefinitionInput!) { refuseDefinition(input: $i) { definitionProposal { state } } }"
BESIDE = '{ dictionary(type: "Customer") { field definition proposals { id state definition } } }'
DATABASE = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]


def database_test(test: Any) -> Any:
    """A test over the database."""
    for mark in DATABASE:
        test = mark(test)
    return test


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the keys."""
    return tmp_path_factory.mktemp("office")


@pytest_asyncio.fixture(loop_scope="session")
async def office(folder: Path, tmp_path: Path, database: Database) -> AsyncIterator[Office]:
    """An office over an empty graph."""
    await clear(database)
    await database.change_schema("CREATE CONSTRAINT IF NOT EXISTS FOR (n:Change) REQUIRE n.sourceKey IS UNIQUE")
    async with Trail(tmp_path / "trail") as trail:
        yield Office(assemble(settings(data=folder)), LocalIssuer(folder), database, trail)


def beside(answer: Mapping[str, Any], field: str = "phone") -> dict[str, Any]:
    """One field of the dictionary."""
    (found,) = [one for one in answer["data"]["dictionary"] if one["field"] == field]
    return dict(found)


@database_test
async def test_a_definition_is_proposed_accepted_and_in_force_by_the_file(
    office: Office, folder: Path, tmp_path: Path
) -> None:
    """Each of them sees it beside the field; the patch is what is reviewed; then nothing waits any more."""
    made_ = (await office.propose())["data"]["proposeDefinition"]["definitionProposal"]
    old = MODEL["Customer"].properties["phone"].about
    assert {**made_, "id": ""} == {
        "id": "",
        "field": "Customer.phone",
        "definition": "Where she is called by day.",
        "replaces": old,
        "state": "OPEN",
        "proposedBy": "data_steward",
        "reason": "Nights are not.",
        "actor": "sue",
        "decidedAt": None,
    }
    open_ = [{"id": made_["id"], "state": "OPEN", "definition": made_["definition"]}]
    shown = beside(await office.ask(BESIDE, "pat", "privacy_officer"))
    assert shown == {"field": "phone", "definition": old, "proposals": open_}
    accepted = await office.ask(
        ACCEPT, "owen", offices=("customer service",), i={"proposal": made_["id"], "reason": "Yes."}
    )
    assert accepted["data"]["acceptDefinition"]["definitionProposal"] == {
        "state": "ACCEPTED",
        "decidedBy": "data_steward",
        "answer": "Yes.",
        "decider": "owen",
    }
    assert beside(await office.ask(BESIDE))["proposals"] == [{**open_[0], "state": "ACCEPTED"}]

    own = tmp_path / "registry" / "own.toml"
    own.parent.mkdir()
    own.write_text(OWN, encoding="utf-8")
    rows = await office.database.read(text("definitions_accepted"))
    printed = told(rows, read_governance(MODEL, own), own)
    subprocess.run(["git", "apply", "-"], input=printed, text=True, check=True, cwd=own.parent)
    async with Trail(tmp_path / "another") as trail:
        after = Office(assemble(settings(data=folder, governance=own)), office.issuer, office.database, trail)
        shown = beside(await after.ask(BESIDE))
        assert (shown["definition"], shown["proposals"]) == ("Where she is called by day.", [])
    assert told(rows, read_governance(MODEL, own), own) == ""


@database_test
async def test_a_proposal_is_decided_by_the_owner_and_never_by_who_made_it(office: Office) -> None:
    """Once; whoever answers for other fields does not answer for this one."""
    id_ = (await office.propose())["data"]["proposeDefinition"]["definitionProposal"]["id"]
    asked = {"proposal": id_, "reason": "Yes."}
    for subject, offices in (("sue", ("*",)), ("owen", ()), ("owen", ("marketing", "finance"))):
        for said in (ACCEPT, REFUSE):
            assert codes(await office.ask(said, subject, offices=offices, i=asked)) == ["CG629"]
    assert codes(await office.ask(ACCEPT, "owen", offices=("*",), i={**asked, "reason": " "})) == ["CG202"]
    assert codes(await office.ask(REFUSE, "owen", offices=("customer service",), i=asked)) == []
    for said in (ACCEPT, REFUSE):
        assert codes(await office.ask(said, "olga", offices=("*",), i=asked)) == ["CG628"]
    assert beside(await office.ask(BESIDE))["proposals"] == []
    (change,) = await office.database.read(
        "MATCH (c:Change {name: 'refuseDefinition'}) RETURN [c.record, c.viewer, c.role, c.fields]"
    )
    fields = [f"DefinitionProposal.{name}" for name in ("state", "decidedAt", "decidedBy", "answer", "decider")]
    assert change == [id_, "owen", "data_steward", fields]


@database_test
async def test_what_replaces_another_definition_than_the_one_in_force_is_not_accepted(office: Office) -> None:
    """The field was defined anew since; to refuse it is possible still."""
    id_ = (await office.propose())["data"]["proposeDefinition"]["definitionProposal"]["id"]
    await office.database.write("MATCH (p:DefinitionProposal) SET p.replaces = 'older' RETURN 1")
    asked = {"proposal": id_, "reason": "Yes."}
    assert codes(await office.ask(ACCEPT, "owen", offices=("*",), i=asked)) == ["CG628"]
    assert codes(await office.ask(REFUSE, "owen", offices=("*",), i=asked)) == []


@database_test
@pytest.mark.parametrize(
    "given",
    [
        {"definition": " "},
        {"definition": "x" * 301},
        {"definition": "a\u0000b"},
        {"definition": MODEL["Customer"].properties["phone"].about},
        {"reason": ""},
        {"field": "phones"},
        {"type": "Nobody"},
    ],
)
async def test_what_is_no_definition_is_not_proposed(office: Office, given: Mapping[str, str]) -> None:
    """Nothing is written."""
    assert codes(await office.propose(given=given)) == ["CG202"]
    assert await office.database.read("MATCH (p:DefinitionProposal) RETURN p.id") == []


@database_test
async def test_a_field_that_the_role_does_not_have_is_one_that_there_is_not(office: Office) -> None:
    """It cannot be proposed for; what others propose for it is not there, in whatever way it is asked for."""
    hidden = await office.propose("Invoice", "amount")
    assert hidden == await office.propose("Invoice", "nothing")
    by_officer = await office.propose("Invoice", "amount", subject="pat", role="privacy_officer")
    id_ = by_officer["data"]["proposeDefinition"]["definitionProposal"]["id"]
    seen = "{ definitionProposals { totalCount nodes { field } } }"
    steward, officer = await office.ask(seen), await office.ask(seen, "pat", "privacy_officer")
    assert steward["data"]["definitionProposals"] == {"totalCount": 0, "nodes": []}
    assert officer["data"]["definitionProposals"] == {"totalCount": 1, "nodes": [{"field": "Invoice.amount"}]}
    assert (await office.ask("query ($id: ID!) { node(id: $id) { id } }", id=id_))["data"] == {"node": None}
    refused = await office.ask(ACCEPT, "owen", offices=("*",), i={"proposal": id_, "reason": "Yes."})
    missing = await office.ask(ACCEPT, "owen", offices=("*",), i={"proposal": "dfp_none", "reason": "Yes."})
    assert (refused, codes(refused)) == (missing, ["CG210"])


@database_test
async def test_a_role_without_proposals_and_measures_has_a_dictionary_without_them(office: Office) -> None:
    """The same answer as for a field that there never was."""
    for part in ("proposals", "quality"):
        asked = await office.ask(f"{{ dictionary {{ field {part} {{ id }} }} }}", "rita", "service_rep")
        never = await office.ask("{ dictionary { field nothing0 { id } } }", "rita", "service_rep")
        assert codes(asked) == codes(never) == ["CG201"]
        assert asked["errors"][0]["message"].replace(part, "nothing0") == never["errors"][0]["message"]
    assert codes(await office.ask("{ dictionary { field } }", "rita", "service_rep")) == []


@database_test
async def test_the_latest_quality_stands_beside_the_field(office: Office) -> None:
    """Of each system what the last load of it found, in one request with the rules that choose among them."""
    ann = person("crm", "C-1", "Ann", "Leigh", email="ann@x.example", lives=house(1))
    same = person("billing", "B-1", "Ann", "Leigh", lives=house(1))
    await load(office.database, made([ann]), silent, now=datetime(2026, 1, 1, tzinfo=UTC))
    await load(office.database, made([ann, same]), silent, now=datetime(2026, 2, 1, tzinfo=UTC))
    asked = """{ dictionary(type: "Customer") { f: field decidedBy
      quality { system dimension value counted at } again: quality { value } } }"""
    answer = await office.ask(asked)
    assert "errors" not in answer, answer
    (email,) = [one for one in answer["data"]["dictionary"] if one["f"] == "email"]
    assert email["decidedBy"][0] == "usable"
    measured = [(one["system"], one["dimension"], one["value"], one["counted"]) for one in email["quality"]]
    assert measured == [
        ("billing", "COMPLETENESS", 0.0, 1),
        ("crm", "COMPLETENESS", 1.0, 1),
        ("crm", "UNIQUENESS", 1.0, 1),
        ("crm", "VALIDITY", 1.0, 1),
    ]
    assert {one["at"] for one in email["quality"]} == {"2026-02-01T00:00:00Z"}
    assert [one["value"] for one in email["again"]] == [one["value"] for one in email["quality"]]
    names = [one["f"] for one in answer["data"]["dictionary"] if one["quality"]]
    assert {"email", "givenName", "region"} <= set(names)
    assert list(email) == ["f", "decidedBy", "quality", "again"]
    every = await office.ask("{ dictionary { type field quality { attribute } } }")
    assert {one["type"] for one in every["data"]["dictionary"] if one["quality"]} == {"Customer"}
    assert all(beside["attribute"] == one["field"] for one in every["data"]["dictionary"] for beside in one["quality"])
