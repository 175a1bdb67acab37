"""What a sender logged goes with whose it is: through loads, loads that merge, merges and their undoing."""

from dataclasses import replace

import pytest

from ingest.load import load
from tests.small_company import made
from tests.test_changes import made as made_desk  # noqa: F401  a fixture
from tests.test_ingest_load import silent
from tests.test_requests_merged import merged, undo
from tests.test_retention import ANN, BOB, NOW, Office, office  # noqa: F401  a fixture

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

LOG = "mutation ($i: LogOutreachInput!) { logOutreach(input: $i) { outreach { id } } }"
WHOSE = "MATCH (o:Outreach {id: $id})<-[:RECEIVED]-(c:Customer) RETURN c.id"


async def logged(office: Office, name: str) -> str:  # noqa: F811  a fixture
    """A message about an order, which needs no consent, to a customer with a mailbox; its id."""
    await office.database.write("MATCH (c:Customer) SET c.region = 'GB'")  # which the rep serves
    customer = await office.id_of(name)
    given = {"customer": customer, "purpose": "service.messages", "channel": "EMAIL"}
    answer = await office.ask(LOG, {"i": given}, "service_rep", "rep-7")
    assert "errors" not in answer, answer
    return str(answer["data"]["logOutreach"]["outreach"]["id"])


async def whose(office: Office, sent: str) -> list[str]:  # noqa: F811  a fixture
    """Who received it."""
    return await office.database.read(WHOSE, {"id": sent})


async def test_it_survives_a_load_and_goes_with_a_merge_and_back(office: Office) -> None:  # noqa: F811  a fixture
    """It is Bob's, then of both, then Bob's again."""
    sent = await logged(office, "Bob Stone")
    await load(office.database, made((ANN, BOB)), silent, now=NOW)
    assert await whose(office, sent) == [await office.id_of("Bob Stone")]
    ann, bob, decision = await merged(office)
    assert await whose(office, sent) == [ann]
    await undo(office, decision)
    assert await whose(office, sent) == [bob]


@pytest.mark.parametrize("name", ["Ann Leigh", "Bob Stone"])
async def test_a_load_that_merges_keeps_it(office: Office, name: str) -> None:  # noqa: F811  a fixture
    """Whosever it was: caps count it for the one that is left."""
    sent = await logged(office, name)
    again = replace(BOB, name=ANN.name, emails=ANN.emails)
    await load(office.database, made((ANN, again)), silent, now=NOW)
    assert await office.database.read("MATCH (c:Customer) RETURN count(c)") == [1]
    assert len(await whose(office, sent)) == 1
