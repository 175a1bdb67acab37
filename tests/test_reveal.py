"""Reveals and pseudonyms on a real graph: shown for a while, on record, never a way to ask; no two projects alike."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import orjson
import pytest
import pytest_asyncio
from graphql import OperationDefinitionNode, parse

from auth.reveals import Reveals
from auth.token import Viewer
from graph.session import Database
from resolvers.change import change
from resolvers.prepare import Plans
from resolvers.read import Request
from resolvers.reveal import reveal
from schema.enums import RevealReason
from schema.errors import RevealRefused, TrailUnavailable, ValueInvalid
from server.api import role_schema
from tests.golden_cases import CIPHER, NOW, schema_of, view_of
from tests.keeping import Kept

ADA, BO = "cus_reveal_ada", "cus_reveal_bo"
CLEAR = "MATCH (n) WHERE n.id STARTS WITH 'cus_reveal' OR n.id STARTS WITH 'idn_reveal' DETACH DELETE n"
PEOPLE = """
UNWIND [[$ada, 'Ada', 'GB', 12345], [$bo, 'Bo', 'DE', -1]] AS row
CREATE (c:Customer {id: row[0], name: row[1], region: row[2], status: 'ACTIVE', kind: 'PERSON', orderCount: 0,
  balance: row[3], birthDate: date('1985-03-27'), createdAt: datetime(), updatedAt: datetime()})
CREATE (c)-[:HAS_IDENTITY]->(:Identity {id: 'idn_reveal_' + row[1], kind: 'EMAIL', normalized: row[1] + '@x.example',
  value: row[1], blocked: false, createdAt: datetime()})
CREATE (c)-[:STANDS]->(:Standing {id: 'cus_reveal_std_' + row[1], purpose: 'analytics', lawful: true})
"""
READ = "{ customer(id: %s) { birthDate balance _withheld { field reason } } }"


@dataclass(slots=True)
class Desk:
    """One viewer in front of the graph."""

    request: Request

    async def ask(self, text: str, *, minutes: int = 0) -> Any:
        """The answer, so many minutes later."""
        later = replace(self.request, now=NOW + timedelta(minutes=minutes))
        found = await schema_of(self.request.view.role).execute(text, context_value=later)
        assert not found.errors, found.errors
        return found.data

    async def see(self, id_: str, *, minutes: int = 0) -> tuple[Any, list[str]]:
        """A birth date, and the reason why it is not shown as it is."""
        shown = (await self.ask(READ % orjson.dumps(id_).decode(), minutes=minutes))["customer"]
        return shown["birthDate"], [one["reason"] for one in shown["_withheld"] if one["field"] == "birthDate"]


def desk(database: Database, role: str, **claims: Any) -> Desk:
    """A viewer with a store of reveals of one's own."""
    view = view_of(role)
    viewer = Viewer("rep-7", role, view.purpose, MappingProxyType(claims), 2**40)
    return Desk(Request(viewer, view, database, Plans(), CIPHER, NOW, Kept(), reveals=Reveals()))


@pytest_asyncio.fixture(loop_scope="session")
async def people(database: Database) -> AsyncIterator[Database]:
    """Ada in Britain and Bo in Germany."""
    await database.write(CLEAR)
    await database.write(PEOPLE, {"ada": ADA, "bo": BO})
    yield database
    await database.write(CLEAR)


@pytest.mark.timeout(600)
@pytest.mark.asyncio
async def test_a_revealed_field_is_whole_for_a_while_and_for_one_node(people: Database) -> None:
    """A quarter of an hour, to one viewer in one role; the next node, the next viewer and a restart see the mask."""
    here = desk(people, "service_rep", regions=("*",))
    assert await here.see(ADA) == ("1985", ["MASKED"])
    until = await reveal(here.request, ADA, "birthDate", RevealReason.IDENTITY_CHECK, "CS-1")
    assert until == NOW + timedelta(minutes=15)
    assert await here.see(ADA) == ("1985-03-27", [])
    assert await here.see(ADA, minutes=14) == ("1985-03-27", [])
    assert await here.see(BO) == ("1985", ["MASKED"])
    other = replace(here.request, viewer=replace(here.request.viewer, subject="rep-8"))
    assert await Desk(other).see(ADA) == ("1985", ["MASKED"])
    assert await here.see(ADA, minutes=15) == ("1985", ["MASKED"])
    assert await here.see(ADA, minutes=0) == ("1985", ["MASKED"]), "what is over is forgotten"


@pytest.mark.timeout(600)
@pytest.mark.asyncio
async def test_a_reveal_is_on_record_before_it_holds(people: Database) -> None:
    """Who, as what, which field of whom, why; and what is shown of it then counts as shown in full."""
    here = desk(people, "service_rep", regions=("*",))
    await reveal(here.request, ADA, "birthDate", RevealReason.COMPLAINT, "CS-1")
    trail = here.request.trail
    assert isinstance(trail, Kept)
    ((answered,),) = [one.answers for one in trail.disclosures]
    assert answered.why is not None
    assert (answered.root, answered.why.reason, answered.why.reference) == ("reveal", RevealReason.COMPLAINT, "CS-1")
    assert [(one.fields, one.subjects) for one in answered.shown] == [(("Customer.birthDate",), (ADA,))]
    await here.see(ADA)
    (told,) = trail.disclosures[-1].answers[0].shown
    assert "Customer.birthDate" in told.fields
    assert "Customer.balance" in told.masked


class Full:
    """A trail that cannot be written."""

    async def record(self, disclosure: object) -> None:
        """Never durable."""
        raise TrailUnavailable


@pytest.mark.timeout(600)
@pytest.mark.asyncio
async def test_without_a_record_nothing_is_revealed(people: Database) -> None:
    """The disk is full: the mask stays."""
    here = desk(people, "service_rep", regions=("*",))
    with pytest.raises(TrailUnavailable):
        await reveal(replace(here.request, trail=Full()), ADA, "birthDate", RevealReason.COMPLAINT)
    assert await here.see(ADA) == ("1985", ["MASKED"])


@pytest.mark.timeout(600)
@pytest.mark.asyncio
async def test_what_is_not_there_for_the_viewer_cannot_be_revealed(people: Database) -> None:
    """Not yours, not there, not a field of your grant, not an id: one answer, and the attempt is on record."""
    here = desk(people, "service_rep", regions=("GB",))
    said: set[tuple[str, str]] = set()
    for id_, field in ((BO, "birthDate"), ("cus_reveal_nobody", "birthDate"), (ADA, "lifetimeValue"), ("x", "id")):
        with pytest.raises(RevealRefused) as refusal:
            await reveal(here.request, id_, field, RevealReason.COMPLAINT)
        said.add((refusal.value.code, str(refusal.value)))
    assert len(said) == 1
    trail = here.request.trail
    assert isinstance(trail, Kept)
    sought = [one.answers[0].sought for one in trail.disclosures]
    assert [(one.value, one.found) for one in sought if one] == [(BO, False), ("cus_reveal_nobody", False)]
    with pytest.raises(RevealRefused):
        await reveal(desk(people, "data_scientist", project="a").request, ADA, "birthDate", RevealReason.COMPLAINT)


@pytest.mark.asyncio
async def test_a_reference_is_a_number_and_no_sentence(database: Database) -> None:
    """What stands on record for good must not be about a person."""
    with pytest.raises(ValueInvalid):
        await reveal(
            desk(database, "service_rep", regions=("*",)).request,
            ADA,
            "birthDate",
            RevealReason.COMPLAINT,
            "she is ill",
        )


@pytest.mark.timeout(600)
@pytest.mark.asyncio
async def test_a_number_in_buckets_says_no_more_than_its_bucket(people: Database) -> None:
    """The lower end of the step, also below nothing."""
    here = desk(people, "service_rep", regions=("*",))
    shown = [(await here.ask(READ % f'"{id_}"'))["customer"]["balance"] for id_ in (ADA, BO)]
    assert shown == ["100.00", "-100.00"]


PSEUDONYMS = (
    '{ identities(first: 50, where: {id: {in: ["idn_reveal_Ada", "idn_reveal_Bo"]}}) { nodes { id normalized } } }'
)


@pytest.mark.timeout(600)
@pytest.mark.asyncio
async def test_a_pseudonym_is_of_one_project(people: Database) -> None:
    """Stable in it, another in each other one, and neither the value nor the id can be asked for by it."""
    one, again, other = [
        await desk(people, "data_scientist", project=name).ask(PSEUDONYMS) for name in ("alpha", "alpha", "beta")
    ]
    names = [[node["normalized"] for node in told["identities"]["nodes"]] for told in (one, other)]
    assert one == again
    assert len({*names[0], *names[1]}) == 4
    assert all(len(name) == 26 and "@" not in name for name in (*names[0], *names[1]))
    here = desk(people, "data_scientist", project="alpha")
    assert await here.ask(f'{{ node(id: "{names[0][0]}") {{ id }} }}') == {"node": None}
    refused = await schema_of("data_scientist").execute(
        '{ identities(where: {normalized: {eq: "x"}}) { totalCount } }', context_value=here.request
    )
    assert refused.errors


@pytest.mark.timeout(600)
@pytest.mark.asyncio
async def test_whoever_is_in_no_project_has_no_pseudonyms(people: Database) -> None:
    """A token without the claim is refused where a pseudonym is asked for, and only there."""
    request = desk(people, "data_scientist").request
    found = await schema_of("data_scientist").execute(PSEUDONYMS, context_value=request)
    assert found.errors
    assert (found.errors[0].extensions or {})["code"] == "CG104"
    alone = await schema_of("data_scientist").execute(
        "{ identities(first: 1) { nodes { id } } }", context_value=request
    )
    assert not alone.errors


def test_the_store_of_reveals_is_bounded() -> None:
    """Of too many the oldest are masked again."""
    store = Reveals(most_of_a_viewer=2, most_viewers=2)
    viewers = [Viewer(name, "service_rep", "service", MappingProxyType({}), 2**40) for name in "abc"]
    for id_ in ("1", "2", "3"):
        store.grant(viewers[0], "Customer.birthDate", id_, NOW + timedelta(minutes=1))
    assert store.ids(viewers[0], "Customer.birthDate", NOW) == ["2", "3"]
    for viewer in viewers[1:]:
        store.grant(viewer, "Customer.birthDate", "1", NOW + timedelta(minutes=1))
    assert [store.ids(viewer, "Customer.birthDate", NOW) for viewer in viewers] == [[], ["1"], ["1"]]


MUTATION = """mutation ($id: ID!, $field: String!) {
  reveal(input: {id: $id, field: $field, reason: IDENTITY_CHECK, clientMutationId: "m1"}) {
    __typename id field expiresAt clientMutationId
  }
}"""


async def by_mutation(rep: Desk, id_: str, field: str) -> Any:
    """The answer to the mutation, as the endpoint gives it."""
    document = parse(MUTATION)
    (operation,) = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    schema = role_schema(rep.request.view)
    return await change(schema, document, MUTATION, operation, {"id": id_, "field": field}, rep.request)


@pytest.mark.asyncio
async def test_the_mutation_reveals_and_says_until_when(people: Database) -> None:
    """What it gives is the moment of its end; the record is asked for anew, and shows the field until then."""
    rep = desk(people, "service_rep", regions=("GB",))
    answer = await by_mutation(rep, ADA, "birthDate")
    assert answer.errors is None
    until = (NOW + timedelta(minutes=15)).strftime("%Y-%m-%dT%H:%M:%SZ")
    payload = {"id": ADA, "field": "birthDate", "expiresAt": until, "clientMutationId": "m1"}
    assert answer.data == {"reveal": {"__typename": "RevealPayload", **payload}}
    assert await rep.see(ADA) == ("1985-03-27", [])
    assert await rep.see(ADA, minutes=16) == ("1985", ["MASKED"])


@pytest.mark.asyncio
async def test_the_mutation_answers_alike_for_what_is_not_there_and_not_the_viewers(people: Database) -> None:
    """Another region, nobody, a field that may not be revealed, a field that is none."""
    rep = desk(people, "service_rep", regions=("GB",))
    found = [
        await by_mutation(rep, id_, field)
        for id_, field in ((BO, "birthDate"), ("cus_reveal_nobody", "birthDate"), (ADA, "balance"), (ADA, "nothing"))
    ]
    said = [(one.data, [(error.message, error.extensions) for error in one.errors or ()]) for one in found]
    assert said == [said[0]] * 4
    assert said[0][0] == {"reveal": None}
    assert said[0][1][0][1]["code"] == "CG207"
