"""Interactions that persons attach: no load and no event takes them away, and merges and splits take them along."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.policy import SHIPPED
from auth.trail import Trail
from graph.session import Database
from graph.vault.vault import Vault
from ingest.load import load
from ingest.resealing import amiss
from ingest.sound import found_in
from schema.errors import DecisionImpossible, DecisionSuperseded, NotThere
from server.assembly import Assembly, assemble
from server.settings import load as load_settings
from tests.live_graph import ADA, OWNERS, Live
from tests.small_company import call, decided, made
from tests.test_changes import codes
from tests.test_ingest_load import clear, silent
from tests.test_stewards_desk import ANN, BOB, MERGE, UNDO, Steward, everything

pytest_plugins = ["tests.live_graph"]
pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

STRANGER = "+441134960000"
COMPANY = (*ANN, *BOB, call("c7", caller=STRANGER))
ATTACH = """mutation ($input: AttachInteractionInput!) { attachInteraction(input: $input) {
  interaction { id customer { id } } } }"""
DETACH = "mutation ($input: DetachInteractionInput!) { detachInteraction(input: $input) { interaction { id } } }"
BY = "MATCH (d:MatchDecision {verdict: 'ATTACHED'}) RETURN d.id ORDER BY d.at DESC"
BECAME = "MATCH (r:SourceRecord {recordId: $key}) RETURN [r.resolution, r.method]"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Assembly]:
    """What all tests share: the folder of the keys, and an assembly."""
    folder = tmp_path_factory.mktemp("attach")
    return folder, assemble(load_settings(data=folder))


@pytest_asyncio.fixture(loop_scope="session")
async def desk(keys: tuple[Path, Assembly], tmp_path: Path, database: Database) -> AsyncIterator[Steward]:
    """A steward over Ann and Bob, and a call of nobody."""
    await clear(database)
    folder, assembly = keys
    await load(database, made(COMPANY), silent, keys=assembly.vault)
    async with Trail(tmp_path / "trail") as trail:
        yield Steward(assembly, LocalIssuer(folder), database, trail)


async def interaction(desk: Steward, key: str) -> str:
    """The id of an interaction."""
    (found,) = await desk.database.read("MATCH (i:Interaction {sourceKey: $key}) RETURN i.id", {"key": key})
    return str(found)


async def sound(database: Database) -> list[str]:
    """What the doctor finds wrong."""
    return [one.said async for one in found_in(database) if one.wrong and one.count]


async def test_what_is_attached_stays_whatever_is_loaded(desk: Steward) -> None:
    """The same exports again change nothing; exports by which it would be another's do not take it away."""
    whose, one = await desk.whose(), await interaction(desk, "calls:c7")
    ann, bob = whose["K-100001"], whose["C-9"]
    told = await desk.do(ATTACH, interaction=one, customer=bob)
    assert told == {"id": one, "customer": {"id": bob}}
    assert await desk.own(bob) == ["calls:c7", "calls:c9"]
    assert await desk.database.read(BECAME, {"key": "c7"}) == [["RESOLVED", "person"]]
    before = await everything(desk.database)
    await desk.load(*COMPANY)
    assert await everything(desk.database) == before
    ann_calls_from_there = (replace(ANN[0], phones=(STRANGER,)), *ANN[1:])
    await desk.load(*ann_calls_from_there, *BOB, call("c7", caller=STRANGER), call("c8", caller=STRANGER))
    assert await desk.own(bob) == ["calls:c7", "calls:c9"]
    assert "calls:c8" in await desk.own(ann), "the next call from there is hers"
    assert await sound(desk.database) == []
    await desk.do(DETACH, interaction=one)
    assert await desk.own(bob) == ["calls:c9"]
    await desk.load(*ann_calls_from_there, *BOB, call("c7", caller=STRANGER), call("c8", caller=STRANGER))
    assert "calls:c7" in await desk.own(ann), "what is nobody's comes along when its person appears"


@pytest.mark.parametrize("by_decision", [True, False])
async def test_taking_it_back_leaves_everything_as_it_was(desk: Steward, by_decision: bool) -> None:
    """By the decision or by the interaction; and it can be attached again."""
    whose, one = await desk.whose(), await interaction(desk, "calls:c7")
    before = await everything(desk.database)
    await desk.do(ATTACH, interaction=one, customer=whose["C-9"])
    if by_decision:
        (decision,) = await desk.database.read(BY)
        assert (await desk.do(UNDO, decision=decision))["undoes"] == {"id": decision}
    else:
        assert await desk.do(DETACH, interaction=one) == {"id": one}
    assert await everything(desk.database) == before
    assert await desk.refused(DETACH, interaction=one) == [DecisionSuperseded.code]
    await desk.do(ATTACH, interaction=one, customer=whose["K-100001"])
    assert "calls:c7" in await desk.own(whose["K-100001"])
    assert await sound(desk.database) == []


async def test_it_goes_with_its_customer_and_comes_back(desk: Steward) -> None:
    """Into a merge and out of it; what was attached to the one who stayed stays."""
    whose, one = await desk.whose(), await interaction(desk, "calls:c7")
    ann, bob = whose["K-100001"], whose["C-9"]
    await desk.do(ATTACH, interaction=one, customer=bob)
    merged = await desk.do(MERGE, customer=ann, others=[bob])
    assert "calls:c7" in await desk.own(ann)
    await desk.load(*COMPANY)
    assert "calls:c7" in await desk.own(ann)
    await desk.do(UNDO, decision=merged["id"])
    assert await desk.own(bob) == ["calls:c7", "calls:c9"]
    await desk.do(DETACH, interaction=one)
    merged = await desk.do(MERGE, customer=ann, others=[bob])
    await desk.do(ATTACH, interaction=one, customer=ann)
    await desk.do(UNDO, decision=merged["id"])
    assert "calls:c7" in await desk.own(ann)
    assert await desk.own(bob) == ["calls:c9"]
    assert await sound(desk.database) == []


async def test_what_cannot_be_attached_is_refused_before_anything_is_written(desk: Steward) -> None:
    """Somebody's, hidden, not there, without a reason."""
    whose = await desk.whose()
    ann, bob = whose["K-100001"], whose["C-9"]
    free, hers = await interaction(desk, "calls:c7"), await interaction(desk, "mail:m1")
    before = await everything(desk.database)
    assert await desk.refused(ATTACH, interaction=hers, customer=bob) == [DecisionImpossible.code]
    assert await desk.refused(ATTACH, interaction="int_nowhere", customer=bob) == [NotThere.code]
    assert await desk.refused(ATTACH, interaction=free, customer="cus_nowhere") == [NotThere.code]
    assert await desk.refused(ATTACH, interaction=free, customer=free) == [NotThere.code]
    assert await desk.refused(ATTACH, interaction=free, customer=bob, reason=" ") == ["CG202"]
    await desk.database.write("MATCH (c:Customer {id: $id}) SET c.status = 'ERASED' RETURN 1", {"id": bob})
    assert await desk.refused(ATTACH, interaction=free, customer=bob) == [NotThere.code]
    await desk.database.write("MATCH (c:Customer {id: $id}) SET c.status = 'ACTIVE' RETURN 1", {"id": bob})
    assert await everything(desk.database) == before
    answer = await desk.ask(ATTACH, {"input": {"interaction": free, "customer": ann, "reason": "x"}})
    assert set(codes(answer)) == {"CG201"}, "the shipped rep has no such change"


async def test_a_rep_attaches_what_the_caller_says_where_the_policy_lets_her(
    keys: tuple[Path, Assembly], desk: Steward, tmp_path: Path
) -> None:
    """To customers whom she sees, and to no other; what she attached is what a query tells."""
    folder, _ = keys
    policies = tmp_path / "policy"
    policies.mkdir()
    for file in SHIPPED.glob("*.toml"):
        (policies / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    rep = (policies / "service_rep.toml").read_text(encoding="utf-8")
    granted = rep.replace('"recordInteraction"', '"attachInteraction", "recordInteraction"', 1)
    granted = granted.replace(
        '[see.Interaction]\nrows       = "all"', '[see.Interaction]\nrows = "all"\nunattributed = true'
    )
    assert granted.count("attachInteraction") == granted.count("unattributed") == 1
    (policies / "service_rep.toml").write_text(granted, encoding="utf-8")
    assembly = assemble(load_settings(data=folder, policy=policies))
    here = Steward(assembly, LocalIssuer(folder), desk.database, desk.trail)
    free, bob = await interaction(desk, "calls:c7"), (await desk.whose())["C-9"]
    await desk.database.write("MATCH (c:Customer {id: $id}) SET c.region = 'FR' RETURN 1", {"id": bob})
    given = {"input": {"interaction": free, "customer": bob, "reason": "on the line"}}
    assert codes(await here.ask(ATTACH, given)) == [NotThere.code]
    await desk.database.write("MATCH (c:Customer {id: $id}) SET c.region = 'GB' RETURN 1", {"id": bob})
    told = await here.ask(ATTACH, given)
    assert told["data"]["attachInteraction"]["interaction"] == {"id": free, "customer": {"id": bob}}


async def test_live_events_do_not_take_it_away_either(keys: tuple[Path, Assembly], live: Live, tmp_path: Path) -> None:
    """Attached while its visitor is unknown; then she identifies. Taken back, it comes along with the next event."""
    folder, assembly = keys
    assert isinstance(assembly.vault, Vault)
    live.vault = assembly.vault
    await live.send(
        live.arrival(
            "identify", userId="u-2", anonymousId="d-2", traits={"firstName": "Bo", "email": "bo@example.org"}
        ),
        live.arrival("page", anonymousId="d-1", name="Before"),
        live.arrival("page", anonymousId="d-1", name="Also"),
    )
    (bo,) = await live.ask("MATCH (c:Customer) RETURN c.id")
    async with Trail(tmp_path / "trail") as trail:
        steward = Steward(assembly, LocalIssuer(folder), live.database, trail)
        (page,) = await live.ask("MATCH (i:Interaction {name: 'Before'}) RETURN i.id")
        await steward.do(ATTACH, interaction=page, customer=bo)
        await live.send(live.arrival("identify", userId="u-1", anonymousId="d-1", traits=ADA))
        owners = dict(await live.ask(OWNERS))
        assert (owners["Before"], owners["Also"]) == ("bo@example.org", ADA["email"])
        assert await sound(live.database) == []
        await steward.do(DETACH, interaction=page)
        assert dict(await live.ask(OWNERS))["Before"] is None
        await live.send(live.arrival("track", userId="u-1", anonymousId="d-1", event="Later"))
        assert dict(await live.ask(OWNERS))["Before"] == ADA["email"]
        assert await amiss(live.database, assembly.vault) == []
        assert await sound(live.database) == []


@pytest.mark.parametrize(
    ("told", "then"),
    [("wants no more sales calls", ["ACTIVE", False, 1]), ("customer passed away, son calling", ["DECEASED", True, 1])],
)
async def test_what_it_says_concerns_who_it_is_attached_to(desk: Steward, told: str, then: list[object]) -> None:
    """From then on, and no longer than that; a load in between changes nothing."""
    agreed = decided("D-9", "crm", "C-9", "marketing.phone", "GIVEN")
    company = (*ANN, *BOB, agreed, replace(call("c7", caller=STRANGER), notes=told))
    await desk.load(*company)
    whose, one = await desk.whose(), await interaction(desk, "calls:c7")
    bob = {"bob": whose["C-9"]}
    stands = """MATCH (c:Customer {id: $bob})-[:STANDS]->(s {purpose: 'marketing.phone'})
    RETURN [c.status, s.lawful, COUNT { (c)<-[:ASKS_ABOUT]-() }]"""
    before = await everything(desk.database)
    assert await desk.database.read(stands, bob) == [["ACTIVE", True, 0]]
    await desk.do(ATTACH, interaction=one, customer=whose["C-9"])
    assert await desk.database.read(stands, bob) == [then]
    assert await sound(desk.database) == []
    attached = await everything(desk.database)
    await desk.load(*company)
    assert await everything(desk.database) == attached
    await desk.do(DETACH, interaction=one)
    assert await everything(desk.database) == before
    assert await sound(desk.database) == []
