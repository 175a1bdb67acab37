"""What live sources send becomes part of the graph: whose it is, once whatever dies, and beside loads of exports."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph.vault.blind import entry
from graph.vault.sealed import Place, key_of, unseal
from ingest.corrections import alike
from ingest.live.inbox_file import rejects_in
from ingest.load import load
from ingest.normalise import place
from ingest.opening import opened
from ingest.records import PostalAddress
from ingest.resealing import amiss
from ingest.statements import text
from schema.purposes import PURPOSES
from tests.live_graph import ADA, OWNERS, Live
from tests.live_sources import APP
from tests.test_ingest_load import census, clear, silent

pytest_plugins = ["tests.live_graph"]
pytestmark = pytest.mark.asyncio(loop_scope="session")

# Who it is


async def test_who_identifies_becomes_a_customer(live: Live) -> None:
    """With a golden record, handles, a standing for each purpose, and the raw event kept as it came."""
    message: dict[str, Any] = {
        "userId": "u-1",
        "anonymousId": "d-1",
        "traits": {**ADA, "plan": "gold"},
        "context": {"ip": "192.0.2.1"},
    }
    arrival = live.arrival("identify", **message)
    await live.send(arrival)
    (customer,) = await live.ask("MATCH (c:Customer) RETURN properties(c)")
    assert (customer["name"], customer["email"], customer["region"]) == ("Ada Byron", ADA["email"], "DE")
    assert customer["id"].startswith("cus_")
    assert sorted(await live.ask("MATCH (:Customer)-[:HAS_IDENTITY]->(i) RETURN i.sourceKey")) == [
        "DEVICE:d-1",
        f"EMAIL:{ADA['email']}",
        "USER_ID:u-1",
    ]
    assert len(await live.ask("MATCH (:Customer)-[:STANDS]->(s) RETURN s.id")) == len(PURPOSES)
    assert await live.ask(OWNERS) == [["Signed In", ADA["email"]]]
    kept = await live.ask("MATCH (r:SourceRecord {kind: 'event'}) RETURN {place: r.sourceKey, payload: r.payload}")
    rows = await opened(live.vault, kept, {"payload": "payload"})
    assert [json.loads(one["payload"]) for one in rows] == [dict(arrival.payload)]
    assert await live.ask("MATCH (r:SourceRecord)-[:RESOLVES_TO]->(:Customer) RETURN [r.sourceKey, r.resolution]") == [
        ["web:u-1", "RESOLVED"]
    ]
    assert await live.ask("MATCH (:Interaction)-[:VIA]->(c:Channel)<-[:REACHABLE_ON]-(:Customer) RETURN c.kind") == [
        "WEB"
    ]


async def test_what_a_visitor_did_before_comes_along(live: Live) -> None:
    """Nobody's until she identifies on the same device; then hers, without anything being sent again."""
    pages = [live.arrival("page", anonymousId="d-1", name=f"Page {number}") for number in range(3)]
    await live.send(*pages, live.arrival("page", anonymousId="d-2", name="Other"))
    assert {owner for _, owner in await live.ask(OWNERS)} == {None}
    assert set(await live.ask("MATCH (r:SourceRecord) RETURN r.resolution")) == {"UNATTRIBUTED"}
    assert await live.ask("MATCH (c:Customer) RETURN c.id") == []
    await live.send(live.arrival("identify", userId="u-1", anonymousId="d-1", traits=ADA))
    owners = dict(await live.ask(OWNERS))
    assert owners == {
        "Page 0": ADA["email"],
        "Page 1": ADA["email"],
        "Page 2": ADA["email"],
        "Other": None,
        "Signed In": ADA["email"],
    }
    assert sorted(await live.ask("MATCH (r:SourceRecord {kind: 'event'}) RETURN r.resolution")) == [
        *["RESOLVED"] * 4,
        "UNATTRIBUTED",
    ]
    assert len(await live.ask("MATCH (r:SourceRecord) WHERE r.arrival IS NOT NULL RETURN r.sourceKey")) == 1


@pytest.mark.parametrize("first", ["alias", "identify"])
async def test_an_alias_ties_a_device_to_a_user(live: Live, first: str) -> None:
    """Whichever comes first, the alias or who the user is; the interactions of the device are hers."""
    await live.send(live.arrival("track", anonymousId="d-1", event="Product Viewed"))
    calls = [
        live.arrival("alias", userId="u-1", previousId="d-1"),
        live.arrival("identify", userId="u-1", traits=ADA),
    ]
    for one in calls if first == "alias" else reversed(calls):
        await live.send(one)
    assert sorted(await live.ask(OWNERS)) == [["Product Viewed", ADA["email"]], ["Signed In", ADA["email"]]]


async def test_what_cannot_be_told_stays_open(live: Live) -> None:
    """Two people on one device: what is sent by the device alone is nobody's; by the user, hers."""
    bo = {"firstName": "Bo", "lastName": "Chen", "email": "bo.chen@example.org"}
    await live.send(
        live.arrival("identify", userId="u-1", anonymousId="d-1", traits=ADA),
        live.arrival("identify", userId="u-2", anonymousId="d-1", traits=bo),
    )
    await live.send(
        live.arrival("page", anonymousId="d-1", name="Whose"),
        live.arrival("page", anonymousId="d-1", userId="u-2", name="Hers"),
    )
    owners = dict(await live.ask(OWNERS))
    assert (owners["Whose"], owners["Hers"]) == (None, bo["email"])
    assert len(await live.ask("MATCH (c:Customer) RETURN c.id")) == 2


async def test_who_says_more_later_is_still_the_same(live: Live) -> None:
    """The record is made anew of all that was said; null takes a value back; what came late does not undo it."""
    await live.send(
        live.arrival("identify", userId="u-1", timestamp="2026-01-01T00:00:00Z", traits={"firstName": "Ada"})
    )
    (first,) = await live.ask("MATCH (c:Customer) RETURN c.id")
    await live.send(
        live.arrival(
            "identify", userId="u-1", timestamp="2026-01-03T00:00:00Z", traits={**ADA, "phone": "+4915112345678"}
        ),
        live.arrival("identify", userId="u-1", timestamp="2026-01-02T00:00:00Z", traits={"lastName": "Lovelace"}),
        live.arrival("identify", userId="u-1", timestamp="2026-01-04T00:00:00Z", traits={"phone": None}),
    )
    (customer,) = await live.ask("MATCH (c:Customer) RETURN properties(c)")
    assert customer["id"] == first
    assert (customer["name"], customer["email"], customer.get("phone")) == ("Ada Byron", ADA["email"], None)
    assert len(await live.ask("MATCH (r:SourceRecord {kind: 'customer'}) RETURN r.id")) == 1


async def test_one_person_in_two_sources_is_one_customer(live: Live) -> None:
    """By mailbox and name; another given name on the same mailbox is another person, however alike the rest is."""
    await live.send(live.arrival("identify", userId="u-1", traits=ADA))
    await live.send(
        live.row("customers", {"id": "K-1", "name": "Ada Byron", "email": ADA["email"], "country": "GB"}),
        live.row("customers", {"id": "K-2", "name": "Ralph Byron", "email": ADA["email"], "country": "GB"}),
    )
    owners = await live.ask(
        "MATCH (r:SourceRecord {kind: 'customer'})-[how:RESOLVES_TO]->(c:Customer) "
        "WITH c, r, how ORDER BY r.sourceKey "
        "WITH c.name AS name, collect(r.sourceKey) AS records, collect(how.method) AS methods "
        "RETURN [name, records, methods]"
    )
    assert sorted(owners) == [
        ["Ada Byron", ["office:K-1", "web:u-1"], ["email_and_name", "alone"]],
        ["Ralph Byron", ["office:K-2"], ["alone"]],
    ]


async def test_a_mailbox_alone_leads_to_the_one_who_has_it(live: Live) -> None:
    """Somebody who says nothing else is no other person; her user id is known from then on."""
    await live.send(live.row("customers", {"id": "K-1", "name": "Ada Byron", "email": ADA["email"], "country": "GB"}))
    await live.send(live.arrival("identify", userId="u-1", traits={"email": ADA["email"]}))
    await live.send(live.arrival("track", userId="u-1", event="Product Viewed"))
    assert await live.ask("MATCH (c:Customer)-[:HAD]->(i) RETURN [c.name, i.name] ORDER BY i.name") == [
        ["Ada Byron", "Product Viewed"],
        ["Ada Byron", "Signed In"],
    ]
    assert len(await live.ask("MATCH (c:Customer) RETURN c.id")) == 1


async def test_a_call_is_hers_by_the_number_it_came_from(live: Live) -> None:
    """As typed by a telephone; what was noted is redacted by the names that are known of her."""
    await live.send(
        live.row("customers", {"id": "K-1", "name": "Ada Byron", "phone": "+4915112345678", "country": "DE"})
    )
    call = {
        "id": "c-1",
        "started_at": "2026-01-02T03:04:05Z",
        "caller": "0151 12345678",
        "notes": "Byron wants her parcel",
    }
    await live.send(live.row("calls", call), live.row("calls", {**call, "id": "c-2", "caller": "+4915199999999"}))
    assert await live.ask(
        "MATCH (i:Interaction) OPTIONAL MATCH (c)-[:HAD]->(i) OPTIONAL MATCH (i)-[:VIA]->(h) "
        "RETURN [i.sourceKey, c.name, h.address, i.textRedacted] ORDER BY i.sourceKey"
    ) == [
        ["calls:c-1", "Ada Byron", "+4915112345678", "[NAME] wants her parcel"],
        ["calls:c-2", None, None, "Byron wants her parcel"],
    ]
    changed = {**call, "outcome": "solved"}
    await live.send(
        live.row("calls", changed, time="2099-01-01T00:00:00Z"), live.row("calls", call, time="2026-01-01T00:00:00Z")
    )
    assert await live.ask("MATCH (i:Interaction {sourceKey: 'calls:c-1'}) RETURN i.outcome") == ["solved"]


async def test_a_record_of_another_source_cannot_be_taken_over(live: Live) -> None:
    """A key is its table's own: the second source that uses it is told of among the rejects, and changes nothing."""
    await live.send(live.arrival("track", messageId="m", anonymousId="d", event="First"))
    await live.send(live.arrival("track", APP, messageId="m", anonymousId="d", event="Second"))
    assert await live.ask("MATCH (i:Interaction) RETURN i.name") == ["First"]
    (reject,) = rejects_in(live.folder)
    assert (reject.system, reject.field, reject.reason, reject.held) == ("app", "id", "key of another source", True)
    assert len(live.inbox) == 0


# Consent


async def test_a_decision_stands_at_once_and_a_later_load_does_not_forget_it(live: Live, few: Path) -> None:
    """Given, then withdrawn, by the back office; the load of exports counts it beside what they say."""
    stands = "MATCH (:Customer {name: 'Ada Byron'})-[:STANDS]->(s {purpose: 'marketing.email'}) RETURN s.lawful"
    decision = {"id": "d-1", "customer": "K-1", "purpose": "marketing.email", "legal_basis": "CONSENT"}
    await live.send(live.row("customers", {"id": "K-1", "name": "Ada Byron", "email": ADA["email"], "country": "GB"}))
    assert await live.ask(stands) == [False]
    await live.send(live.row("consents", {**decision, "state": "GIVEN", "decided_at": "2026-01-01T00:00:00Z"}))
    assert await live.ask(stands) == [True]
    await live.send(
        live.row("consents", {**decision, "id": "d-2", "state": "WITHDRAWN", "decided_at": "2026-01-02T00:00:00Z"})
    )
    assert await live.ask(stands) == [False]
    await load(live.database, few, silent, keys=live.vault)
    assert await live.ask(stands) == [False]
    await live.send(
        live.row("consents", {**decision, "id": "d-3", "state": "GIVEN", "decided_at": "2026-01-03T00:00:00Z"})
    )
    await load(live.database, few, silent, keys=live.vault)
    assert await live.ask(stands) == [True]
    assert await live.ask("MATCH (:Customer {name: 'Ada Byron'})-[:GAVE]->(g) RETURN count(g)") == [3]


async def test_a_decision_that_comes_before_its_customer_waits_for_her(live: Live) -> None:
    """Back offices do not promise an order; a withdrawal must not be lost by it."""
    decision = {"customer": "K-1", "purpose": "marketing.email", "legal_basis": "CONSENT"}
    await live.send(
        live.row("consents", {**decision, "id": "d-1", "state": "GIVEN", "decided_at": "2026-01-01T00:00:00Z"})
    )
    await live.send(live.row("customers", {"id": "K-1", "name": "Ada Byron", "country": "GB"}))
    stands = "MATCH (:Customer)-[:STANDS]->(s {purpose: 'marketing.email'}) RETURN s.lawful"
    assert await live.ask(stands) == [True]
    assert await live.ask("MATCH (r:SourceRecord {kind: 'decision'}) RETURN r.resolution") == ["RESOLVED"]


# Once


async def test_what_is_written_twice_is_there_once(live: Live) -> None:
    """A process that dies after the commit and before the inbox knows does all of it again."""
    arrivals = [
        live.arrival("page", anonymousId="d-1", name="Home"),
        live.arrival("identify", userId="u-1", anonymousId="d-1", traits=ADA),
        live.arrival("alias", userId="u-1", previousId="d-0"),
        live.row("calls", {"id": "c-1", "started_at": "2026-01-02T03:04:05Z", "notes": "x"}),
    ]
    await live.send(*arrivals)
    before = await census(live.database)
    for _ in range(2):
        await live.drain.write(arrivals)
    assert await census(live.database) == before


async def test_who_follows_is_told(live: Live) -> None:
    """By the id of the interaction and of the customer, as subscriptions know them; nobody's are not told."""
    await live.send(live.arrival("identify", userId="u-1", anonymousId="d-1", traits=ADA))
    await live.send(live.arrival("page", anonymousId="d-9", name="Nobody"))
    ((customer, interaction),) = await live.ask("MATCH (c:Customer)-[:HAD]->(i) RETURN [c.id, i.id]")
    assert [(one.record, one.about, one.name) for one in live.told] == [
        (interaction, frozenset({customer}), "recordInteraction")
    ]


# Beside loads


async def test_loads_and_live_sources_do_not_disturb_one_another(live: Live, few: Path) -> None:
    """First live, then a load, then live again, then the same load: nobody twice, nothing lost, nobody renamed."""
    stranger = {"firstName": "Zdenka", "lastName": "Nowhere", "email": "zdenka@nowhere.example"}
    await live.send(
        live.arrival("identify", userId="u-9", anonymousId="d-9", traits=stranger),
        live.arrival("page", anonymousId="d-9", name="Hers"),
        live.arrival("page", anonymousId="d-8", name="Nobody's"),
    )
    alone = await census(live.database)
    await load(live.database, few, silent, keys=live.vault)
    labels, _, ids = await census(live.database)
    assert {key: ids[key] for key in alone[2]} == alone[2]
    (known,) = await live.ask(
        "MATCH (c:Customer {kind: 'PERSON'}) WHERE c.email IS NOT NULL AND COUNT { (c)<-[:RESOLVES_TO]-() } > 1 "
        "AND NOT EXISTS { (c)-[:HAS_IDENTITY]->(i {blocked: true}) } "
        "RETURN {id: c.id, given: c.givenName, family: c.familyName, email: c.email} ORDER BY c.sourceKey LIMIT 1"
    )
    traits = {"firstName": known["given"], "lastName": known["family"], "email": known["email"]}
    await live.send(
        live.arrival("identify", userId="u-7", anonymousId="d-7", traits=traits),
        live.arrival("track", anonymousId="d-7", event="Product Viewed", properties={"product_id": "AH-1001"}),
    )
    hers = "MATCH (c:Customer {id: $id})-[:HAD]->(i:Interaction {source: 'web'}) RETURN i.name ORDER BY i.name"
    assert await live.ask(hers, id=known["id"]) == ["Product Viewed", "Signed In"]
    assert len(await live.ask("MATCH (c:Customer) RETURN c.id")) == labels["Customer"]
    latest = "MATCH (c:Customer {id: $id}) RETURN toString(c.lastInteractionAt)"
    at = await live.ask(latest, id=known["id"])
    before = await census(live.database)
    await load(live.database, few, silent, keys=live.vault)
    after = await census(live.database)
    assert {key: after[2].get(key) for key in before[2]} == before[2]
    assert after[0]["Customer"] == before[0]["Customer"]
    assert {label: after[0][label] for label in ("Interaction", "SourceRecord")} == {
        label: before[0][label] for label in ("Interaction", "SourceRecord")
    }
    assert after[1]["HAD"] == before[1]["HAD"]
    assert await live.ask(hers, id=known["id"]) == ["Product Viewed", "Signed In"]
    assert await live.ask(latest, id=known["id"]) == at
    assert dict(await live.ask(OWNERS))["Hers"] == stranger["email"]
    assert dict(await live.ask(OWNERS))["Nobody's"] is None


async def test_who_came_live_first_is_found_by_a_later_load(live: Live, few: Path) -> None:
    """One customer, under the id that she had; what she did stays hers."""
    await load(live.database, few, silent, keys=live.vault)
    (known,) = await live.ask(
        "MATCH (c:Customer {kind: 'PERSON'}) WHERE c.email IS NOT NULL AND COUNT { (c)<-[:RESOLVES_TO]-() } > 1 "
        "AND NOT EXISTS { (c)-[:HAS_IDENTITY]->(i {blocked: true}) } "
        "RETURN {given: c.givenName, family: c.familyName, email: c.email} ORDER BY c.sourceKey LIMIT 1"
    )
    people = len(await live.ask("MATCH (c:Customer) RETURN c.id"))
    await clear(live.database)
    traits = {"firstName": known["given"], "lastName": known["family"], "email": known["email"]}
    await live.send(live.arrival("identify", userId="u-7", anonymousId="d-7", traits=traits))
    (first,) = await live.ask("MATCH (c:Customer) RETURN c.id")
    await load(live.database, few, silent, keys=live.vault)
    assert await live.ask("MATCH (c:Customer)-[:HAD]->(:Interaction {source: 'web'}) RETURN [c.id, c.email]") == [
        [first, known["email"]]
    ]
    assert len(await live.ask("MATCH (c:Customer) RETURN c.id")) == people


async def test_whom_a_load_finds_to_be_two_of_live_takes_what_both_had(live: Live, few: Path) -> None:
    """Two live records that exports tie together: one customer goes, and leaves the other what she had."""
    await live.send(
        live.arrival("identify", userId="u-1", anonymousId="d-1", traits={"firstName": "Ada", "lastName": "Byron"}),
        live.arrival("identify", userId="u-2", anonymousId="d-2", traits=ADA),
    )
    assert len(await live.ask("MATCH (c:Customer) RETURN c.id")) == 2
    await live.send(live.arrival("identify", userId="u-1", traits={"email": ADA["email"]}))
    await live.send(live.arrival("page", userId="u-1", name="One"), live.arrival("page", userId="u-2", name="Two"))
    await load(live.database, few, silent, keys=live.vault)
    (her,) = await live.ask("MATCH (c:Customer {name: 'Ada Byron'}) RETURN c.id")
    assert await live.ask(
        "MATCH (c:Customer {id: $id})-[:HAD]->(i) RETURN i.name ORDER BY i.name, i.sourceKey", id=her
    ) == ["One", "Signed In", "Signed In", "Signed In", "Two"]
    assert sorted(await live.ask("MATCH (:Customer {id: $id})-[:HAS_IDENTITY]->(i) RETURN i.sourceKey", id=her)) == [
        "DEVICE:d-1",
        "DEVICE:d-2",
        f"EMAIL:{ADA['email']}",
        "USER_ID:u-1",
        "USER_ID:u-2",
    ]
    assert (
        await live.ask("MATCH (i:Interaction {source: 'web'}) WHERE NOT EXISTS { (i)-[:VIA]->() } RETURN i.name") == []
    )


# What is said in a call


async def test_what_a_caller_says_blocks_at_once_and_asks_a_person(live: Live) -> None:
    """The same as in a load, once whatever comes twice; a call of nobody blocks nobody."""
    decision = {"id": "d-1", "customer": "K-1", "purpose": "marketing.phone", "legal_basis": "CONSENT"}
    phone = "+4915112345678"
    await live.send(
        live.row("customers", {"id": "K-1", "name": "Ada Byron", "phone": phone, "country": "DE"}),
        live.row("consents", {**decision, "state": "GIVEN", "decided_at": "2026-01-01T00:00:00Z"}),
    )
    stands = "MATCH (:Customer)-[:STANDS]->(s {purpose: 'marketing.phone'}) RETURN s.lawful"
    assert await live.ask(stands) == [True]
    call = {"id": "c-1", "started_at": "2026-01-02T03:04:05Z", "caller": phone, "notes": "wants no more sales calls"}
    await live.send(live.row("calls", call), live.row("calls", {**call, "id": "c-2", "caller": "+4915199999999"}))
    await live.send(live.row("calls", call))
    assert await live.ask(stands) == [False]
    assert await live.ask(
        "MATCH (t:ReviewTask)-[:FOUND_IN]->(i) OPTIONAL MATCH (t)-[:ASKS_ABOUT]->(c) "
        "RETURN [t.kind, t.state, i.sourceKey, c.name] ORDER BY i.sourceKey"
    ) == [["WITHDRAWAL", "OPEN", "calls:c-1", "Ada Byron"], ["WITHDRAWAL", "OPEN", "calls:c-2", None]]
    await live.send(live.row("calls", {**call, "id": "c-3", "notes": "customer deceased, per daughter"}))
    assert await live.ask("MATCH (c:Customer) RETURN c.status") == ["DECEASED"]


# What comes back


async def test_a_decision_that_we_told_the_source_of_is_no_news(live: Live) -> None:
    """A row that names our event is left out where it was told to that very system."""
    await live.database.write(
        "CREATE (:Delivery {id: 'dlv_ours', system: 'office'}), (:Delivery {id: 'dlv_till', system: 'till'})"
    )
    decided = {"customer": "1", "purpose": "analytics", "legal_basis": "CONSENT", "state": "GIVEN"}
    decided |= {"decided_at": "2026-05-01T00:00:00Z"}
    events = {"d-1": "dlv_ours", "d-2": "dlv_till", "d-3": None}
    await live.send(
        live.row("customers", {"id": "1", "name": "Ada Byron", "country": "DE"}),
        *(live.row("consents", {**decided, "id": id_, "event": event}) for id_, event in events.items()),
    )
    assert await live.ask("MATCH (:Customer)-[:GAVE]->(c) RETURN c.sourceKey ORDER BY c.sourceKey") == [
        "consents:d-2",
        "consents:d-3",
    ]
    assert await live.ask("MATCH (r:SourceRecord {recordId: 'd-1'}) RETURN r.id") == []


async def test_an_address_that_was_set_right_stands_until_the_source_has_a_new_one(live: Live) -> None:
    """The old one again, and our own come back, are no news."""
    said = {"id": "1", "name": "Ada Byron", "country": "GB", "postal_code": "AB1 2CD", "city": "Leeds"}
    lives = "MATCH (:Customer)-[:LIVES_AT]->(a) RETURN a.line1"

    async def sent(street: str, day: int) -> list[Any]:
        moment = f"2030-05-{day:02}T00:00:00Z"
        await live.send(live.row("customers", {**said, "street": street, "changed_at": moment}, time=moment))
        return await live.ask(lives)

    assert await sent("1 High Street", 1) == ["1 High Street"]
    right = PostalAddress("9 High Street", None, "AB1 2CD", "Leeds", None, "GB", "GB|9|x")
    held = {"office:1": alike(_address("1 High Street"), "")}
    row: dict[str, Any] = {
        "id": "cor_1",
        "sourceKey": "api:cor_1",
        "attribute": "address",
        "value": "9 High Street, AB1 2CD Leeds, GB",
    }
    row |= {"on": ["office", "1"], "held": json.dumps(held), "role": "service_rep"}
    row |= {"address": json.dumps(asdict(replace(right, place=_address("9 High Street").place)))}
    (customer,) = await live.ask("MATCH (c:Customer) RETURN c.id")
    now = datetime(2030, 5, 2, tzinfo=UTC)
    await live.database.write(text("correct"), {"customer": customer, "rows": [row], "now": now})
    assert await sent("1 High Street", 3) == ["9 High Street"]
    assert await sent("9 HIGH STREET", 4) == ["9 High Street"]
    assert await sent("5 New Lane", 5) == ["5 New Lane"]


def _address(street: str) -> PostalAddress:
    return PostalAddress(street, None, "AB1 2CD", "Leeds", None, "GB", place(street, "AB1 2CD", "GB"))


# What a browser says by itself

SHARING = """MATCH (c:Customer)-[:GAVE]->(made:Consent {purpose: 'sharing', method: 'Global Privacy Control'})
RETURN [made.state, made.onRecord]"""
MAY_SHARE = "MATCH (:Customer)-[:STANDS]->(s:Standing {purpose: 'sharing'}) RETURN s.lawful"
YES_HERE = """MATCH (c:Customer) CREATE (c)-[:GAVE]->(:Consent {id: 'con_1', sourceKey: 'api:con_1', purpose: 'sharing',
  state: 'GIVEN', legalBasis: 'CONSENT', source: 'api', capturedAt: datetime(),
  onRecords: ['web:u-1', 'office:K-1']})"""


async def test_a_browser_that_opts_out_is_heard_once_she_is_known(live: Live, few: Path) -> None:
    """Of sharing, at once and after every later load; said once for a visitor."""
    await live.send(replace(live.arrival("page", anonymousId="d-1", name="Before"), opted_out=True))
    assert await live.ask(SHARING) == []
    await live.send(live.arrival("identify", userId="u-1", anonymousId="d-1", traits=ADA))
    said = ["OBJECTED", "web:d-1"]
    assert await live.ask(SHARING) == [said]
    assert await live.ask(MAY_SHARE) == [False]
    await live.send(*(replace(live.arrival("page", anonymousId="d-1", name="More"), opted_out=True) for _ in range(3)))
    assert await live.ask(SHARING) == [said]
    await load(live.database, few, silent, keys=live.vault)
    assert await live.ask(SHARING) == [said]


async def test_an_opt_out_takes_a_yes_back_until_she_says_so_again(live: Live) -> None:
    """That her browser goes on saying it does not undo what she decides afterwards."""
    decision = {"customer": "K-1", "purpose": "sharing", "legal_basis": "CONSENT", "state": "GIVEN"}
    await live.send(live.row("customers", {"id": "K-1", "name": "Ada Byron", "email": ADA["email"], "country": "DE"}))
    await live.send(live.arrival("identify", userId="u-1", traits=ADA))
    await live.send(live.row("consents", {**decision, "id": "d-1", "decided_at": "2026-01-01T00:00:00Z"}))
    assert await live.ask(MAY_SHARE) == [True]
    await live.send(replace(live.arrival("page", userId="u-1", name="Shop"), opted_out=True))
    assert await live.ask(MAY_SHARE) == [False]
    await live.database.write(YES_HERE)
    await live.send(live.row("consents", {**decision, "id": "d-2", "decided_at": "2026-01-02T00:00:00Z"}))
    assert await live.ask(MAY_SHARE) == [True]
    await live.send(replace(live.arrival("page", userId="u-1", name="Shop"), opted_out=True))
    assert (await live.ask(MAY_SHARE), len(await live.ask(SHARING))) == ([True], 1)


async def test_what_is_secret_of_a_live_customer_is_sealed(live: Live) -> None:
    """Under her key, with what it is found by; when more is said of her, and when another source says she is one."""
    said = {"id": "K-1", "name": "Ada Byron", "email": ADA["email"], "country": "GB"}
    await live.send(live.row("customers", {**said, "national_id": "QQ 12 34 56 C"}))
    index = await live.vault.indexing()
    assert index is not None
    for again in ({}, {"phone": "+441132345678"}):
        if again:
            await live.send(live.row("customers", {**said, **again, "national_id": "QQ123456C"}))
        (customer,) = await live.ask("MATCH (c:Customer) RETURN properties(c)")
        key = (await live.vault.opening([key_of(customer["nationalId"])]))[key_of(customer["nationalId"])]
        assert key is not None
        assert key.owner == customer["id"]
        assert (
            unseal(key, customer["nationalId"], Place("Customer", "nationalId", customer["sourceKey"])) == "QQ123456C"
        )
        assert customer["nationalIdBlind"] == entry(index, "Customer", "nationalId", "qq123456c")
        assert customer["nationalIdLast4"] == "456C"
    assert await amiss(live.database, live.vault) == []
    plain = "MATCH (n) WHERE any(name IN keys(n) WHERE n[name] IS :: STRING AND n[name] CONTAINS $one) RETURN labels(n)"
    assert await live.ask(plain, one="QQ123456C") + await live.ask(plain, one="12 34 56") == []
    await live.send(live.row("customers", {**said, "phone": "+441132345678"}))
    (customer,) = await live.ask("MATCH (c:Customer) RETURN properties(c)")
    assert not {"nationalId", "nationalIdBlind", "nationalIdLast4"} & customer.keys()
