"""Requests and restrictions go with whose they are, through merges, their undoing, and loads that merge."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.load import load
from tests.small_company import made
from tests.test_changes import made as made_desk  # noqa: F401  a fixture
from tests.test_ingest_load import silent
from tests.test_retention import ANN, BOB, MERGE, NOW, UNDO, Office, office  # noqa: F401  a fixture

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

WHOSE = "MATCH (r:PrivacyRequest)-[:REQUESTED_BY]->(c:Customer) RETURN c.id"
STATUSES = "MATCH (c:Customer) WHERE c.name IN ['Ann Leigh', 'Bob Stone'] RETURN [c.name, c.status] ORDER BY c.name"


async def step(office: Office, name: str, type_: str, given: dict[str, Any]) -> str:  # noqa: F811  a fixture
    """A step of a privacy officer; the request."""
    text = f"mutation ($i: {type_}!) {{ {name}(input: $i) {{ privacyRequest {{ id }} }} }}"
    answer = await office.ask(text, {"i": given}, "privacy_officer", "dpo-1")
    assert "errors" not in answer, answer
    return str(answer["data"][name]["privacyRequest"]["id"])


async def restricted(office: Office, name: str) -> str:  # noqa: F811  a fixture
    """Restrict a customer; the request."""
    asked = {"customer": await office.id_of(name), "kind": "RESTRICTION"}
    request = await step(office, "makeRequest", "MakeRequestInput", asked)
    await step(office, "proveIdentity", "ProveIdentityInput", {"request": request, "method": "IN_PERSON"})
    return await step(office, "fulfilRequest", "FulfilRequestInput", {"request": request})


async def merged(office: Office) -> tuple[str, str, str]:  # noqa: F811  a fixture
    """Ann with Bob: both, and the decision."""
    ann, bob = await office.id_of("Ann Leigh"), await office.id_of("Bob Stone")
    given = {"customer": ann, "others": [bob], "reason": "same"}
    answer = await office.ask(MERGE, {"i": given}, "data_steward", "ds-1")
    assert "errors" not in answer, answer
    return ann, bob, str(answer["data"]["merge"]["matchDecision"]["id"])


async def undo(office: Office, decision: str) -> None:  # noqa: F811  a fixture
    """Take a decision back."""
    answer = await office.ask(UNDO, {"i": {"decision": decision, "reason": "not the same"}}, "data_steward", "ds-1")
    assert "errors" not in answer, answer


async def test_a_restriction_goes_with_a_merge_and_back(office: Office) -> None:  # noqa: F811  a fixture
    """Who she is merged into is restricted while she is one with her, and not afterwards."""
    await restricted(office, "Bob Stone")
    ann, bob, decision = await merged(office)
    assert await office.database.read(WHOSE) == [ann]
    assert await office.database.read("MATCH (c:Customer {id: $id}) RETURN c.status", {"id": ann}) == ["RESTRICTED"]
    await undo(office, decision)
    assert await office.database.read(WHOSE) == [bob]
    assert await office.database.read(STATUSES) == [["Ann Leigh", "ACTIVE"], ["Bob Stone", "RESTRICTED"]]


async def test_one_that_is_lifted_meanwhile_does_not_come_back(office: Office) -> None:  # noqa: F811  a fixture
    """It was hers, and it has ended."""
    request = await restricted(office, "Bob Stone")
    _, bob, decision = await merged(office)
    told = {"request": request, "reason": "Checked.", "toldAt": datetime.now(UTC).isoformat()}
    await step(office, "liftRestriction", "LiftRestrictionInput", told)
    await undo(office, decision)
    assert await office.database.read(WHOSE) == [bob]
    assert await office.database.read(STATUSES) == [["Ann Leigh", "ACTIVE"], ["Bob Stone", "ACTIVE"]]


@pytest.mark.parametrize("name", ["Ann Leigh", "Bob Stone"])
async def test_a_load_that_merges_keeps_it(office: Office, name: str) -> None:  # noqa: F811  a fixture
    """Whichever of the two was restricted."""
    await restricted(office, name)
    again = replace(BOB, name=ANN.name, emails=ANN.emails)
    await load(office.database, made((ANN, again)), silent, now=NOW)
    (survivor,) = await office.database.read("MATCH (c:Customer {status: 'RESTRICTED'}) RETURN c.id")
    assert await office.database.read(WHOSE) == [survivor]
    assert await office.database.read("MATCH (c:Customer) RETURN c.id") == [survivor]
