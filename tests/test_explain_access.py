"""Who can see what, and why: told by the API to those who check others, on record with the person it is about."""

from collections.abc import AsyncIterator
from types import MappingProxyType
from typing import Any

import pytest
import pytest_asyncio

from auth.narrow import narrow
from auth.token import Viewer
from graph.session import Database
from resolvers.prepare import Plans
from resolvers.read import Request
from tests.golden_cases import CIPHER, MODEL, NOW, POLICIES, ROLES, schema_of, view_of
from tests.keeping import Kept

ADA, BO = "cus_explain_ada", "cus_explain_bo"
VIEWS = {
    (role, purpose): narrow(MODEL, policy, purpose)
    for role, policy in POLICIES.items()
    for purpose in policy.said.purposes
}
CLEAR = "MATCH (n) WHERE n.id STARTS WITH 'cus_explain' OR n.id STARTS WITH 'ord_explain' DETACH DELETE n"
PEOPLE = """
UNWIND [[$ada, 'Ada', 'GB', true], [$bo, 'Bo', 'DE', false]] AS row
CREATE (c:Customer {id: row[0], name: row[1], region: row[2], status: 'ACTIVE', kind: 'PERSON', orderCount: 0,
  email: toLower(row[1]) + '@x.example', createdAt: datetime(), updatedAt: datetime()})
CREATE (c)-[:STANDS]->(:Standing {id: 'cus_explain_std_' + row[1], purpose: 'service', lawful: row[3]})
CREATE (c)-[:PLACED]->(:Order {id: 'ord_explain_' + row[1], number: row[1], status: 'completed', itemCount: 1,
  placedAt: datetime()})
"""
ONE = """query ($id: ID!, $field: String!, $regions: [String!]!) {
  explainAccess(role: "service_rep", type: "Customer", field: $field, id: $id, subject: "rep-7",
    claims: [{name: "regions", values: $regions}]) { role purpose access asks visible shown condition line }
}"""


def request(role: str, database: Database) -> Request:
    """What the server would hand over."""
    view = view_of(role)
    viewer = Viewer("checker", role, view.purpose, MappingProxyType({"regions": ("*",)}), 2**40)
    return Request(viewer, view, database, Plans(), CIPHER, NOW, Kept(), policies=POLICIES, views=VIEWS)


async def asked(of: Request, text: str, **variables: Any) -> Any:
    """The answer of one root, or the code of its error."""
    found = await schema_of(of.view.role).execute(text, variables, context_value=of)
    if found.errors:
        return (found.errors[0].extensions or {}).get("code", "CG201")
    return next(iter((found.data or {}).values()))


@pytest_asyncio.fixture(loop_scope="session")
async def people(database: Database) -> AsyncIterator[Database]:
    """Ada has a legal basis for service, Bo has none."""
    await database.write(CLEAR)
    await database.write(PEOPLE, {"ada": ADA, "bo": BO})
    yield database
    await database.write(CLEAR)


@pytest.mark.timeout(600)
@pytest.mark.asyncio
async def test_one_record_is_explained_by_the_rules_that_decide(people: Database) -> None:
    """As the role would see it: with its rows, its condition, and whoever would carry it."""
    officer = request("privacy_officer", people)
    ada = await asked(officer, ONE, id=ADA, field="email", regions=["*"])
    assert (ada["access"], ada["visible"], ada["shown"], ada["condition"], ada["asks"]) == (
        "CONDITIONAL",
        True,
        "SHOW",
        "lawful(purpose)",
        True,
    )
    assert ada["line"].startswith("service_rep.toml:")
    bo = await asked(officer, ONE, id=BO, field="email", regions=["DE"])
    assert (bo["visible"], bo["shown"]) == (True, "COARSER")
    hidden = await asked(officer, ONE, id=BO, field="email", regions=["GB"])
    assert (hidden["visible"], hidden["shown"]) == (False, None)
    money = await asked(officer, ONE, id=ADA, field="lifetimeValue", regions=["*"])
    assert (money["access"], money["shown"], money["asks"]) == ("WITHHELD", "WITHHELD", False)


@pytest.mark.timeout(600)
@pytest.mark.asyncio
async def test_only_whether_leaves_the_database_and_the_look_is_on_record(people: Database) -> None:
    """No value is read; the person's record shows what was asked about her."""

    class Watched:
        """The database, and all that left it."""

        rows: list[Any]

        async def read(self, text: str, parameters: Any, timeout: float | None = None) -> list[Any]:
            self.rows = await people.read(text, parameters, timeout)
            return self.rows

    watched = Watched()
    officer = request("auditor", people)
    officer.database = watched
    await asked(officer, ONE, id=ADA, field="email", regions=["*"])
    (row,) = watched.rows
    assert {type(value) for name, value in row.items() if name.startswith("_rule")} == {bool}
    assert {name for name in row if not name.startswith("_rule")} == {"_about"}
    assert "example" not in str(row)
    trail = officer.trail
    assert isinstance(trail, Kept)
    ((answered,),) = [one.answers for one in trail.disclosures]
    assert answered.root == "explainAccess"
    assert [(one.fields, one.subjects) for one in answered.shown] == [(("Customer.email as service_rep",), (ADA,))]


@pytest.mark.timeout(600)
@pytest.mark.asyncio
async def test_what_is_not_there_for_the_one_who_asks_is_not_explained(people: Database) -> None:
    """Not there, of a type that the asking role lacks, of another type: one answer."""
    auditor = request("auditor", people)
    text = """query ($id: ID!, $type: String!) {
      explainAccess(role: "privacy_officer", type: $type, field: "id", id: $id) { visible } }"""
    told = [
        await asked(auditor, text, id=id_, type=type_)
        for id_, type_ in (("cus_explain_nobody", "Customer"), ("ord_explain_Ada", "Order"), (ADA, "Consent"))
    ]
    assert told == [None, None, None]
    assert await asked(request("privacy_officer", people), text, id="ord_explain_Ada", type="Order") == {
        "visible": True
    }
    absent = (
        'query ($id: ID!) { explainAccess(role: "marketer", type: "Invoice", field: "amount", id: $id) { access } }'
    )
    assert await asked(request("privacy_officer", people), absent, id="inv_none") is None


@pytest.mark.timeout(600)
@pytest.mark.asyncio
async def test_claims_that_the_rules_read_must_be_said(people: Database) -> None:
    """A guess would explain somebody else's access."""
    text = """query ($id: ID!) {
      explainAccess(role: "service_rep", type: "Customer", field: "name", id: $id%s) { visible } }"""
    officer = request("privacy_officer", people)
    assert await asked(officer, text % "", id=ADA) == "CG202"
    assert await asked(officer, text % ', subject: "x", claims: [{name: "level", values: ["1"]}]', id=ADA) == "CG202"


@pytest.mark.asyncio
async def test_who_can_see_is_read_off_the_policies(database: Database) -> None:
    """Every role and purpose that has the field, as what, with the line; nobody's record is asked for."""
    officer = request("auditor", database)
    told = await asked(
        officer, '{ whoCanSee(type: "Customer", field: "birth_date") { role purpose access asks line } }'
    )
    assert {(one["role"], one["access"], one["asks"]) for one in told} == {
        ("customer", "SHOW", True),
        ("data_scientist", "COARSER", False),
        ("data_steward", "SHOW", True),
        ("marketer", "COARSER", False),
        ("privacy_officer", "SHOW", True),
        ("service_rep", "COARSER", False),
    }
    assert all(one["line"].startswith(f"{one['role']}.toml:") for one in told)
    trail = officer.trail
    assert isinstance(trail, Kept)
    assert trail.disclosures == []
    assert await asked(officer, '{ whoCanSee(type: "Customer", field: "shoeSize") { role } }') == "CG202"


@pytest.mark.parametrize("role", ROLES)
def test_only_those_who_check_others_may_ask(role: str) -> None:
    """For everyone else the fields do not exist."""
    query = schema_of(role).graphql.query_type
    assert query is not None
    expected = role in ("privacy_officer", "auditor")
    assert ("explainAccess" in query.fields, "whoCanSee" in query.fields) == (expected, expected)
    assert ("AccessExplanation" in schema_of(role).graphql.type_map) is expected
