"""verifyCaller on a real graph: yes or no and nothing else, counted where it is wrong, and on record whatever it is."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import pytest
import pytest_asyncio
from graphql import OperationDefinitionNode, parse
from hypothesis import given
from hypothesis import strategies as st

from auth.policy import load_policies, load_policy
from auth.shipping import rows_of, text
from auth.token import Viewer
from auth.trail import Trail
from graph.constraints import statements
from graph.emit_verify import _street as street_in_the_database
from graph.emit_verify import emit_verify
from graph.session import Database
from resolvers.caller_answer import comparable
from resolvers.change import change
from resolvers.prepare import Plans
from resolvers.read import Request
from schema.enums import CallerFact
from schema.errors import PolicyInvalid, TrailUnavailable, ValueInvalid
from schema.model import MODEL
from schema.spelling import bare, street
from tests.golden_cases import CIPHER, NOW, schema_of, view_of
from tests.keeping import Kept

ADA, BO, CY = "cus_verify_ada", "cus_verify_bo", "cus_verify_cy"
CLEAR = """
MATCH (n) WHERE n.id STARTS WITH 'cus_verify' OR n.id STARTS WITH 'xxx_verify' OR n:CallerAnswers DETACH DELETE n
"""
PEOPLE = """
UNWIND [[$ada, 'GB'], [$bo, 'DE'], [$cy, 'GB']] AS row
CREATE (:Customer {id: row[0], name: row[0], region: row[1], status: 'ACTIVE', kind: 'PERSON', orderCount: 0,
  createdAt: datetime(), updatedAt: datetime()})
WITH count(*) AS all
MATCH (n:Customer) WHERE n.id IN [$ada, $bo]
SET n.birthDate = date('1985-03-27')
CREATE (n)-[:LIVES_AT]->(:Address {id: 'xxx_verify_a' + n.id, line1: 'Körner Straße 12', postalCode: 'SW1A 1AA'})
WITH n UNWIND [['A-1', 1000, '2026-01-01'], ['A-2', 123450, '2026-02-01']] AS made
CREATE (n)-[:PLACED]->(:Order {id: 'xxx_verify_o' + n.id + made[0], number: made[0], total: made[1],
  placedAt: datetime(made[2])})
WITH DISTINCT n UNWIND [['PHONE', '+4930123456', false], ['EMAIL', 'ada@x.example', false],
  ['EMAIL', 'office@x.example', true], ['CUSTOMER_NUMBER', 'K-77', false]] AS handle
CREATE (n)-[:HAS_IDENTITY]->(:Identity {id: 'xxx_verify_i' + n.id + handle[1], kind: handle[0], normalized: handle[1],
  blocked: handle[2], createdAt: datetime()})
"""
MUTATION = """mutation ($customer: ID!, $fact: CallerFact!, $answer: String!) {
  v: verifyCaller(input: {customer: $customer, fact: $fact, answer: $answer, clientMutationId: "m1"}) {
    __typename customer fact matched clientMutationId
  }
}"""


@dataclass(slots=True)
class Desk:
    """One rep with a caller on the line."""

    request: Request

    async def ask(self, customer: str, fact: str, answer: str) -> Any:
        """The answer to the mutation, as the endpoint gives it."""
        document = parse(MUTATION)
        (operation,) = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
        given = {"customer": customer, "fact": fact, "answer": answer}
        return await change(schema_of("service_rep"), document, MUTATION, operation, given, self.request)

    async def matched(self, customer: str, fact: str, answer: str) -> bool:
        """Yes or no."""
        found = await self.ask(customer, fact, answer)
        assert not found.errors, found.errors
        return bool(found.data["v"]["matched"])

    async def code(self, customer: str, fact: str, answer: str) -> str:
        """The code of the refusal."""
        found = await self.ask(customer, fact, answer)
        assert found.data == {"v": None}
        return str(found.errors[0].extensions["code"])


def rep(database: Database, subject: str = "rep-7", regions: tuple[str, ...] = ("GB",)) -> Desk:
    """A service rep of some regions."""
    view = view_of("service_rep")
    viewer = Viewer(subject, "service_rep", view.purpose, MappingProxyType({"regions": regions}), 2**40)
    return Desk(Request(viewer, view, database, Plans(), CIPHER, NOW, Kept()))


@pytest_asyncio.fixture(loop_scope="session")
async def people(database: Database) -> AsyncIterator[Database]:
    """Ada in Britain, Bo in Germany with the same values, and Cy of whom nothing is on file."""
    for statement in statements(MODEL):
        await database.change_schema(statement)
    await database.write(CLEAR)
    await database.write(PEOPLE, {"ada": ADA, "bo": BO, "cy": CY})
    yield database
    await database.write(CLEAR)


RIGHT = {
    "BIRTH_DATE": ("1985-03-27", "27.03.1985", "27.3.1985", "27/03/1985", "03/27/1985"),
    "ADDRESS_LINE": ("Körner Straße 12", "koernerstr 12", "KÖRNER STR. 12"),
    "POSTAL_CODE": ("SW1A 1AA", "sw1a1aa"),
    "LAST_ORDER_NUMBER": ("A-2", "a2"),
    "LAST_ORDER_TOTAL": ("1234.50", "1.234,50", "1,234.5", "1234,50 €"),
    "CUSTOMER_NUMBER": ("K-77", " k-77 "),
    "PHONE": ("+49 30 123456", "0049 30 123456", "030 123456"),
    "EMAIL": ("ADA@x.example",),
}
WRONG = {
    "BIRTH_DATE": "1985-03-28",
    "ADDRESS_LINE": "Körner Straße 13",
    "POSTAL_CODE": "SW1A 1AB",
    "LAST_ORDER_NUMBER": "A-1",
    "LAST_ORDER_TOTAL": "10.00",
    "CUSTOMER_NUMBER": "K-78",
    "PHONE": "+49 30 123457",
    "EMAIL": "office@x.example",
}


@pytest.mark.asyncio
async def test_a_right_answer_is_told_however_it_is_spelt_and_nothing_else_is(people: Database) -> None:
    """Case, marks, blanks and notation do not matter; what is on file does."""
    here = rep(people)
    for fact, answers in RIGHT.items():
        for answer in answers:
            assert await here.matched(ADA, fact, answer), (fact, answer)
    told = await here.ask(ADA, "BIRTH_DATE", "1985-03-27")
    payload = {"customer": ADA, "fact": "BIRTH_DATE", "matched": True, "clientMutationId": "m1"}
    assert told.data == {"v": {"__typename": "VerifyCallerPayload", **payload}}
    for number, (fact, answer) in enumerate(WRONG.items()):
        await people.write("MATCH (n:CallerAnswers) DELETE n")
        assert not await rep(people, f"rep-{number}").matched(ADA, fact, answer), fact


@pytest.mark.asyncio
async def test_nothing_on_file_is_answered_as_a_wrong_answer_is(people: Database) -> None:
    """To the byte, and counted alike."""
    for fact, answer in WRONG.items():
        await people.write("MATCH (n:CallerAnswers) DELETE n")
        of_ada, of_cy = [await rep(people).ask(one, fact, answer) for one in (ADA, CY)]
        assert of_ada.errors is None
        assert of_cy.errors is None
        assert {**of_ada.data["v"], "customer": CY} == of_cy.data["v"]
        counts = await people.read("MATCH (n:CallerAnswers) RETURN size(n.wrongAt)")
        assert sorted(counts) == [1, 1, 2]


@pytest.mark.asyncio
async def test_a_caller_who_is_not_the_viewers_is_not_there(people: Database) -> None:
    """Right or wrong, in another region or nowhere: one answer, nothing is counted, and the attempt is on record."""
    here = rep(people)
    asked = [
        (BO, "BIRTH_DATE", "1985-03-27"),
        (BO, "BIRTH_DATE", "1985-03-28"),
        ("cus_verify_nobody", "BIRTH_DATE", "1985-03-27"),
        ("ord_verify", "BIRTH_DATE", "1985-03-27"),
    ]
    found = [await here.ask(*one) for one in asked]
    said = {(str(one.data), one.errors[0].message, str(one.errors[0].extensions)) for one in found}
    assert len(said) == 1
    assert found[0].errors[0].extensions["code"] == "CG210"
    assert await people.read("MATCH (n:CallerAnswers) RETURN n.of") == []
    trail = here.request.trail
    assert isinstance(trail, Kept)
    sought = [one.answers[0].sought for one in trail.disclosures]
    assert [(one.value, one.found) for one in sought if one] == [(BO, False), (BO, False), ("cus_verify_nobody", False)]


@pytest.mark.asyncio
async def test_after_three_wrong_answers_about_a_customer_nobody_compares_any_more(people: Database) -> None:
    """Whoever asks and whatever the answer is; the count is in the graph, so a restart changes nothing; it ends."""
    for number in range(3):
        assert not await rep(people, f"rep-{number}").matched(ADA, "POSTAL_CODE", "SW1A 1AB")
    refused = await rep(people, "rep-9").ask(ADA, "POSTAL_CODE", "SW1A 1AA")
    assert refused.data == {"v": None}
    assert refused.errors[0].extensions["code"] == "CG306"
    assert 0 < refused.errors[0].extensions["retryAfter"] <= 1800
    assert await rep(people).matched(CY, "POSTAL_CODE", "SW1A 1AA") is False, "the next customer is not concerned"
    assert await rep(people, "rep-9").code(ADA, "POSTAL_CODE", "x") == "CG306", "and no further answer is counted"
    await people.write(
        "MATCH (n:CallerAnswers) SET n.wrongAt = [at IN n.wrongAt | at - duration({minutes: 31})] RETURN 1"
    )
    assert await rep(people, "rep-9").matched(ADA, "POSTAL_CODE", "SW1A 1AA")
    assert await people.read("MATCH (n:CallerAnswers {of: $of}) RETURN n.wrongAt", {"of": f"customer {ADA}"}) == [[]]


@pytest.mark.asyncio
async def test_a_viewer_who_guesses_about_many_is_stopped(people: Database) -> None:
    """Ten wrong answers, whomever they are about; right ones between them take none back."""
    here = rep(people)
    for _ in range(10):
        assert await here.matched(ADA, "EMAIL", "ada@x.example")
        assert not await here.matched(CY, "EMAIL", "a@x.example")
        await people.write("MATCH (n:CallerAnswers) WHERE n.of STARTS WITH 'customer' DELETE n")
    assert await here.code(ADA, "EMAIL", "ada@x.example") == "CG306"
    assert await rep(people, "rep-8").matched(ADA, "EMAIL", "ada@x.example")


@pytest.mark.asyncio
async def test_every_answer_is_on_record_with_the_customer(people: Database, tmp_path: Any) -> None:
    """Right, wrong, refused: what was compared and of whom, found or not, and never what was said."""
    async with Trail(tmp_path / "trail") as trail:
        here = Desk(replace(rep(people).request, trail=trail))
        assert await here.matched(ADA, "BIRTH_DATE", "1985-03-27")
        for _ in range(3):
            assert not await here.matched(ADA, "BIRTH_DATE", "1985-03-28")
        assert await here.code(ADA, "BIRTH_DATE", "1985-03-27") == "CG306"
        kept = await trail.unshipped(10)
        assert "1985" not in str(kept)
        rows = [row for one in kept for row in rows_of(one, trail.segment)]
        await people.write(text("ship"), {"rows": rows})
    told = await people.read(
        "MATCH (r:AccessRecord)-[:LOOKED_AT]->(:Customer {id: $id}) "
        "RETURN [r.root, r.viewer, r.found, r.compared] ORDER BY r.id",
        {"id": ADA},
    )
    await people.write("MATCH (r:AccessRecord {root: 'verifyCaller'}) DETACH DELETE r")
    first, *wrong, refused = told
    assert first == ["verifyCaller", "rep-7", True, ["Customer.birthDate"]]
    assert wrong == [["verifyCaller", "rep-7", False, ["Customer.birthDate"]]] * 3
    assert refused == ["verifyCaller", "rep-7", False, []]


class Full:
    """A trail that cannot be written."""

    async def record(self, disclosure: object) -> None:
        """Never durable."""
        raise TrailUnavailable


@pytest.mark.asyncio
async def test_without_a_record_nothing_is_told_but_the_wrong_answer_counts(people: Database) -> None:
    """The disk is full."""
    here = Desk(replace(rep(people).request, trail=Full()))
    assert await here.code(ADA, "BIRTH_DATE", "1985-03-27") == "CG405"
    assert await here.code(ADA, "BIRTH_DATE", "1985-03-28") == "CG405"
    assert sum(await people.read("MATCH (n:CallerAnswers) RETURN size(n.wrongAt)")) == 2


@pytest.mark.asyncio
async def test_what_cannot_be_an_answer_is_refused_for_everyone_alike(people: Database) -> None:
    """By its letters alone, before anyone is looked for; it counts as nothing."""
    cases = {
        "BIRTH_DATE": ("", "yesterday", "1985-02-30", "03/04/1985", "85-03-27"),
        "LAST_ORDER_TOTAL": ("much", "1.2.3", ""),
        "EMAIL": ("ada",),
        "PHONE": ("call me",),
        "POSTAL_CODE": ("--", "x" * 201),
    }
    for fact, answers in cases.items():
        for answer in answers:
            codes = {await rep(people).code(one, fact, answer) for one in (ADA, BO, "cus_verify_nobody")}
            assert codes == {"CG202"}, (fact, answer)
    assert await people.read("MATCH (n:CallerAnswers) RETURN n.of") == []


LETTERS = st.text(st.sampled_from("abzÄÖüßẞøåÆłŁıİđœéñŞ019 -.,/'Straße rd Σς Жж٣ a\u0301_?"), max_size=20)


@pytest.mark.asyncio
async def test_the_database_folds_a_line_as_the_answer_is_folded(database: Database) -> None:
    """Whatever letters it has: the two spellings are one, or right answers would be wrong."""
    found: list[str] = []

    @given(LETTERS)
    def gather(said: str) -> None:
        found.append(said)

    gather()
    found += ["Main Street 12", "Kaiserstraße 1a", "ul. Długa 3", "5 Rue de l'Église", "12 Park Ave"]
    folded = f"UNWIND $texts AS said RETURN {street_in_the_database('said')}"
    assert await database.read(folded, {"texts": found}) == [street(one) for one in found]


def test_an_order_number_and_a_postal_code_are_compared_bare() -> None:
    """Blanks and strokes are nobody's to remember."""
    assert bare("SW1A-1aa ") == "sw1a1aa"
    assert comparable(CallerFact.LAST_ORDER_NUMBER, "a-2") == ["a2"]
    with pytest.raises(ValueInvalid):
        comparable(CallerFact.LAST_ORDER_TOTAL, "one hundred")


def test_no_value_of_a_customer_leaves_the_statement() -> None:
    """One row, two columns: her id, which the viewer said, and yes or no."""
    for fact in CallerFact:
        returned = emit_verify(fact, view_of("service_rep")).text.rpartition("\nRETURN {")[2]
        assert returned.lstrip().startswith("id: n.id,\n  matched: "), fact


def test_a_policy_says_by_what_callers_are_verified(tmp_path: Any) -> None:
    """Roles that do not say it have neither the mutation nor its words; a fact that there is not stops the start."""
    with_it = {role for role, policy in load_policies().items() if policy.said.verify.facts}
    assert with_it == {"service_rep"}
    for role in load_policies():
        types = schema_of(role).graphql.type_map
        assert ("CallerFact" in types) == (role in with_it)
        assert ("VerifyCallerPayload" in types) == (role in with_it)
    shipped = load_policies()["service_rep"]
    file = tmp_path / "service_rep.toml"
    file.write_text(shipped.text.replace('"postal_code"', '"shoe_size"'), encoding="utf-8")
    with pytest.raises(PolicyInvalid, match="'shoe_size' is not what a caller may be asked"):
        load_policy(file)
