"""Write-back: a change and what systems are told of it are one transaction; it goes out signed and in order."""

import asyncio
import base64
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.trail import Trail
from graph.constraints import statements
from graph.session import Connection, Database
from ingest.exports import delivery
from ingest.load import load as load_sources
from ingest.sources.folder import read_sources
from ingest.write_back.deliver import LONGEST_PAUSE, REFUSALS, Patience, deliver, verdict
from ingest.write_back.post import Answer, is_public, post, trusted
from ingest.write_back.receivers import Receiver, receivers_of
from ingest.write_back.webhook import headers
from schema.catalogue import complete_model
from schema.enums import DeliveryState
from schema.errors import SettingInvalid, SourceInvalid
from server.assembly import Assembly, assemble
from server.settings import load
from tests.serving import serving
from tests.test_changes import ADA, BO, CONSENT, CY, PEOPLE, RECORD, WITHDRAW, Desk, codes
from tests.test_ingest_load import clear, silent
from tests.test_survivorship import company  # noqa: F401  a fixture
from tests.test_tls import NAME, NO_PASSWORD, pair_in
from tests.webhooks import SECRET, Webhooks, receiving, until

GIVEN = {"customer": ADA, "purpose": "marketing.email", "state": "GIVEN", "method": "call"}
QUICK = Patience(attempts=3, first_pause=0.001, answer_seconds=5)
RECEIPTS = (
    "{ deliveries(orderBy: [{createdAt: ASC}, {system: ASC}]) { nodes { id system what state reason attempts } } }"
)
CONSENT_ID = "mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { consent { id } } }"
PREFER = "mutation ($i: SetChannelPreferenceInput!) { setChannelPreference(input: $i) { customer { id } } }"
REPLAY = "mutation ($i: ReplayDeliveryInput!) { replayDelivery(input: $i) { delivery { state attempts } } }"
DISMISS = "mutation ($i: DismissDeliveryInput!) { dismissDelivery(input: $i) { delivery { state } } }"
SYSTEMS = """
MATCH (r:SourceRecord {recordId: 'Ada'}) MATCH (c:Customer {name: 'Ada Lovelace'})
CREATE (:SourceRecord {id: 'src_c', system: 'club', kind: 'customer', recordId: 'M-1'})-[:RESOLVES_TO]->(c)
CREATE (:SourceRecord {id: 'src_d', system: 'club', kind: 'customer', recordId: 'M-2'})-[:RESOLVES_TO]->(c)
CREATE (:SourceRecord {id: 'src_t', system: 'till', kind: 'customer', recordId: 'T-1'})-[:RESOLVES_TO]->(c)
CREATE (:SourceSystem {id: 'sys_crm', name: 'crm', takes: ['consent', 'preference', 'case', 'interaction']})
CREATE (:SourceSystem {id: 'sys_club', name: 'club', takes: ['consent']})
CREATE (:SourceSystem {id: 'sys_till', name: 'till'})
"""


def test_the_signature_is_that_of_the_specification() -> None:
    """By the vector that the libraries of Standard Webhooks are tested with."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', [secret, bytes(32)])
    one, other = made["webhook-signature"].split(" ")
    assert one == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert other.startswith("v1,")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fd00::1", False),
        ("fe80::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::10.0.0.1", False),
        ("2002:0a00:0001::", False),
    ],
)
def test_what_is_private_is_known_in_all_its_forms(address: str, public: bool) -> None:
    """Also within an address of another kind."""
    assert is_public(ip_address(address)) is public


def test_what_an_answer_means() -> None:
    """Accepted, refused, to be sent again after a pause that doubles and is spread, or given up."""
    patience = Patience(attempts=5, first_pause=4.0)
    assert verdict(Answer(204, "status 204"), 5, patience, 0.5).state is DeliveryState.ACCEPTED
    for status in REFUSALS:
        assert verdict(Answer(status, f"status {status}"), 1, patience, 0.5).state is DeliveryState.REFUSED
    for answer in (Answer(None, "timeout"), Answer(503, "status 503"), Answer(302, "status 302"), Answer(401, "x")):
        assert verdict(answer, 4, patience, 0.5).state is DeliveryState.PENDING
        assert verdict(answer, 5, patience, 0.5).state is DeliveryState.DEAD
    busy = Answer(503, "status 503")
    assert [verdict(busy, n, patience, 1.0).pause for n in (1, 2, 3)] == [4.0, 8.0, 16.0]
    assert [verdict(busy, n, patience, 0.0).pause for n in (1, 2, 3)] == [2.0, 4.0, 8.0]
    assert verdict(busy, 90, Patience(attempts=100), 1.0).pause == LONGEST_PAUSE
    assert verdict(replace(busy, again_after=60.0), 1, patience, 1.0).pause == 60.0


SOURCE = """system = "club"
about = "A club."
owner = "Club"
[[cards]]
path = "c.vcf"
[write_back]
url = "https://club.example/changes"
changes = ["consent"]
secret = "CLUB_SECRET"
"""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("https://club.example", "http://club.example"), "write_back.url: must be an https address, or http on this"),
        (("https://club", "https://me:it@club"), "write_back.url: must be an https address"),
        (('["consent"]', '["everything"]'), "write_back.changes.1: must name changes: consent, preference"),
        (('["consent"]', "[]"), "write_back.changes: Tuple should have at least 1 item"),
        (("CLUB_SECRET", "whsec_abc"), "write_back.secret: String should match pattern"),
        (("CLUB_SECRET", "CUSTOMER_GRAPH_SECRET"), "write_back.secret: must name a variable of your own"),
        (("secret = ", "password = "), "write_back.secret: Field required"),
    ],
)
def test_a_declaration_that_is_wrong_says_what_to_correct(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    """A secret never stands in the file."""
    (tmp_path / "source.toml").write_text(SOURCE.replace(*change), encoding="utf-8")
    with pytest.raises(SourceInvalid) as wrong:
        read_sources([tmp_path])
    assert told in str(wrong.value)


def test_secrets_come_from_the_environment(tmp_path: Path) -> None:
    """Or from a file that it names; several at once, so that one can take another's place. None is ever shown."""
    (tmp_path / "source.toml").write_text(SOURCE, encoding="utf-8")
    sources = read_sources([tmp_path])
    (tmp_path / "secret").write_text(f"{SECRET}\n", encoding="ascii")
    (named,) = receivers_of(sources, {"CLUB_SECRET_FILE": str(tmp_path / "secret")})
    (two,) = receivers_of(sources, {"CLUB_SECRET": f"{SECRET} {SECRET}"})
    assert named.secrets == two.secrets[:1] == (bytes(range(32)),)
    assert len(two.secrets) == 2
    assert "whsec" not in repr(two)
    assert str(bytes(range(32))) not in repr(two)
    short = "whsec_" + base64.b64encode(b"canary").decode()
    for environment in ({}, {"CLUB_SECRET": ""}, {"CLUB_SECRET": SECRET[6:]}, {"CLUB_SECRET": short}):
        with pytest.raises(SettingInvalid, match="CLUB_SECRET") as wrong:
            receivers_of(sources, environment)
        assert short not in str(wrong.value)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def made(tmp_path_factory: pytest.TempPathFactory, database: Database) -> tuple[Path, Assembly]:
    """The folder of the keys, and an assembly, on a graph with the product's constraints."""
    for statement in statements(complete_model()):
        await database.change_schema(statement)
    folder = tmp_path_factory.mktemp("write-back")
    return folder, assemble(load(data=folder))


@pytest_asyncio.fixture(loop_scope="session")
async def desk(made: tuple[Path, Assembly], tmp_path: Path, database: Database) -> AsyncIterator[Desk]:
    """Ada has records in the CRM, twice in the club, and in the till; the till takes nothing."""
    await clear(database)
    await database.write(PEOPLE, {"ada": ADA, "bo": BO, "cy": CY})
    await database.write(SYSTEMS)
    folder, assembly = made
    async with Trail(tmp_path / "trail") as trail:
        yield Desk(assembly, LocalIssuer(folder), database, trail)
    await clear(database)


@pytest.fixture
def club() -> Iterator[Webhooks]:
    """The club, which takes changes."""
    with receiving() as received:
        yield received


def at(received: Webhooks, system: str = "club") -> Receiver:
    """A receiver as our own side knows it."""
    return Receiver(system, received.address, (base64.b64decode(received.secret[6:]),))


async def sent(desk: Desk, receiver: Receiver, patience: Patience = QUICK) -> int:
    """Deliver until nothing is due any more; how many attempts that were."""
    count, idle = 0, 0
    while idle < 5:
        found = await deliver(desk.database, receiver, patience)
        count, idle = count + found, 0 if found else idle + 1
        await asyncio.sleep(0.01)
    return count


async def receipts(desk: Desk, role: str = "data_steward", subject: str = "sue") -> list[dict[str, Any]]:
    """The deliveries that a role sees."""
    answer = await desk.ask(RECEIPTS, role=role, subject=subject)
    assert "errors" not in answer, answer
    nodes: list[dict[str, Any]] = answer["data"]["deliveries"]["nodes"]
    return nodes


asynchronous = pytest.mark.asyncio(loop_scope="session")


@asynchronous
async def test_a_change_tells_the_systems_that_hold_the_customer_and_take_it(desk: Desk, club: Webhooks) -> None:
    """Signed, once, with their own ids and what the change is; the customer sees what became of it."""
    answer = await desk.ask(CONSENT, {"input": {**GIVEN, "idempotencyKey": "k"}})
    await desk.ask(CONSENT, {"input": {**GIVEN, "idempotencyKey": "k"}})
    assert "errors" not in answer, answer
    waiting = await receipts(desk)
    assert [(one["system"], one["state"], one["attempts"]) for one in waiting] == [
        ("club", "PENDING", 0),
        ("crm", "PENDING", 0),
    ]
    assert await sent(desk, at(club)) == 1
    assert club.faults == []
    (event,) = club.events
    consent = event["data"].pop("consent")
    assert consent.pop("id").startswith("con_")
    assert consent.pop("capturedAt") == event["time"]
    assert consent == {"purpose": "marketing.email", "legalBasis": "CONSENT", "state": "GIVEN", "method": "call"}
    assert event == {
        "specversion": "1.0",
        "id": waiting[0]["id"],
        "source": "urn:customer-graph",
        "type": "customer-graph.consent",
        "time": event["time"],
        "subject": ADA,
        "sequence": "000000000001",
        "datacontenttype": "application/json",
        "data": {"records": ["M-1", "M-2"]},
    }
    text = "{ customers { nodes { deliveries { nodes { system state change { name } } } } } }"
    answer = await desk.ask(text, role="customer", subject=ADA)
    (mine,) = answer["data"]["customers"]["nodes"]
    assert sorted((one["system"], one["state"]) for one in mine["deliveries"]["nodes"]) == [
        ("club", "ACCEPTED"),
        ("crm", "PENDING"),
    ]
    assert mine["deliveries"]["nodes"][0]["change"] == {"name": "recordConsent"}
    assert await receipts(desk, "customer", BO) == []
    held = "MATCH (d:Delivery {state: 'ACCEPTED'}) RETURN d.body"
    assert await desk.database.read(held) == [None]


@asynchronous
async def test_each_kind_of_change_goes_to_who_takes_it_and_no_text_leaves(desk: Desk, club: Webhooks) -> None:
    """What was said stays here; the system learns that there is something."""
    call = {"customer": ADA, "kind": "CALL", "direction": "INBOUND", "channel": "PHONE", "outcome": "callback"}
    await desk.ask(RECORD, {"input": {**call, "subject": "Secret subject", "text": "Secret text"}})
    await desk.ask(PREFER, {"i": {"customer": ADA, "channel": "EMAIL"}})
    case = "mutation ($o: OpenCaseInput!, $u: UpdateCaseInput!) { openCase(input: $o) { case { id } } "
    case += "updateCase(input: $u) { case { id } } }"
    opened = {"o": {"customer": ADA, "subject": "Secret case"}, "u": {"case": "cas_Ada", "status": "CLOSED"}}
    assert "errors" not in await desk.ask(case, opened)
    assert await sent(desk, at(club)) == 0
    assert await sent(desk, at(club, "crm")) == 4
    kinds = [event["type"].removeprefix("customer-graph.") for event in club.events]
    assert kinds == ["interaction", "preference", "case", "case"]
    assert [event["data"]["records"] for event in club.events] == [["Ada"]] * 4
    assert club.events[1]["data"]["preference"] == {"channel": "EMAIL"}
    assert club.events[3]["data"]["case"] == {"id": "cas_Ada", "number": "CS-Ada", "status": "closed"}
    assert b"Secret" not in b"".join(club.raw)
    assert b"Lovelace" not in b"".join(club.raw)
    assert club.faults == []


@asynchronous
async def test_what_is_refused_here_is_told_to_nobody(desk: Desk) -> None:
    """A change and its entries are one transaction."""
    assert codes(await desk.ask(CONSENT, {"input": {**GIVEN, "customer": BO}})) == ["CG210"]
    assert codes(await desk.ask(CONSENT, {"input": {**GIVEN, "purpose": "nonsense"}})) == ["CG202"]
    assert await receipts(desk) == []


@asynchronous
async def test_a_refusal_ends_a_delivery_and_holds_up_nothing(desk: Desk, club: Webhooks) -> None:
    """The system has decided; what comes after it is told."""
    club.answer = lambda event: 422 if event["data"]["consent"]["state"] == "GIVEN" else 200
    await desk.ask(CONSENT, {"input": GIVEN})
    await desk.ask(WITHDRAW, {"input": {"customer": ADA, "purpose": "marketing.email"}})
    assert await sent(desk, at(club)) == 2
    told = [one for one in await receipts(desk) if one["system"] == "club"]
    assert [(one["state"], one["reason"]) for one in told] == [("REFUSED", "status 422"), ("ACCEPTED", None)]


@asynchronous
async def test_what_cannot_be_told_is_dead_until_a_person_sees_to_it_and_nothing_overtakes(
    desk: Desk, club: Webhooks
) -> None:
    """Sent as often as was said; then what comes after it waits, until it is sent again or dismissed."""
    club.answer = lambda event: 503
    await desk.ask(CONSENT, {"input": GIVEN})
    await desk.ask(WITHDRAW, {"input": {"customer": ADA, "purpose": "marketing.email"}})
    assert await sent(desk, at(club)) == 3
    first, second = [one for one in await receipts(desk) if one["system"] == "club"]
    assert (first["state"], first["reason"], first["attempts"]) == ("DEAD", "status 503", 3)
    assert (second["state"], second["attempts"]) == ("PENDING", 0)
    assert {event["id"] for event in club.events} == {first["id"]}
    assert len({bytes(one) for one in club.raw}) == 1
    assert codes(await desk.ask(REPLAY, {"i": {"delivery": first["id"]}}))[0] == "CG201"  # a rep may not

    club.answer = lambda event: 200
    again = await desk.ask(REPLAY, {"i": {"delivery": first["id"]}}, "data_steward", "sue")
    assert again["data"]["replayDelivery"]["delivery"] == {"state": "PENDING", "attempts": 0}
    assert await sent(desk, at(club)) == 2
    assert club.ids() == [first["id"], second["id"]]
    assert [one["id"] for one in club.accepted] == [first["id"], second["id"]]
    done = await desk.ask(REPLAY, {"i": {"delivery": first["id"]}}, "privacy_officer", "pam")
    assert done["data"]["replayDelivery"]["delivery"]["state"] == "ACCEPTED"
    assert await sent(desk, at(club)) == 0

    club.answer = lambda event: 500
    await desk.ask(CONSENT, {"input": GIVEN})
    await desk.ask(WITHDRAW, {"input": {"customer": ADA, "purpose": "marketing.email"}})
    assert await sent(desk, at(club)) == 3
    dead, last = [one for one in await receipts(desk) if one["system"] == "club"][-2:]
    gone = await desk.ask(DISMISS, {"i": {"delivery": dead["id"]}}, "privacy_officer", "pam")
    assert gone["data"]["dismissDelivery"]["delivery"]["state"] == "DISMISSED"
    club.answer = lambda event: 200
    assert await sent(desk, at(club)) == 1
    assert club.accepted[-1]["id"] == last["id"]
    names = await desk.ask("{ changes { nodes { name } } }", role="privacy_officer", subject="pam")
    made_by_persons = {one["name"] for one in names["data"]["changes"]["nodes"]}
    assert {"replayDelivery", "dismissDelivery"} <= made_by_persons


@asynchronous
async def test_a_redirect_is_not_followed_and_a_silent_system_is_left(desk: Desk, club: Webhooks) -> None:
    """Neither the body nor the secret's work goes anywhere else."""
    with receiving() as elsewhere:
        club.extra["location"] = elsewhere.address
        club.answer = lambda event: 307
        await desk.ask(CONSENT, {"input": GIVEN})
        assert await sent(desk, at(club), replace(QUICK, attempts=1)) == 1
        assert elsewhere.events == []
    club.answer = lambda event: 0
    await desk.ask(REPLAY, {"i": {"delivery": club.ids()[0]}}, "data_steward", "sue")
    assert await sent(desk, at(club), Patience(1, 0.001, answer_seconds=0.5)) == 1
    (told,) = [one for one in await receipts(desk) if one["system"] == "club"]
    assert (told["state"], told["reason"]) == ("DEAD", "timeout")


@asynchronous
async def test_servers_share_the_work_and_neither_doubles_nor_overtakes(desk: Desk, club: Webhooks) -> None:
    """Four of them at once over many changes of three customers."""
    await desk.database.write(
        "MATCH (c:Customer) WHERE c.id <> $ada CREATE (:SourceRecord {id: 'src_x' + c.id, system: 'club', "
        "recordId: 'X-' + c.givenName})-[:RESOLVES_TO]->(c) SET c.region = 'GB', c.status = 'ACTIVE'",
        {"ada": ADA},
    )
    for number in range(18):
        who = (ADA, BO, CY)[number % 3]
        assert "errors" not in await desk.ask(CONSENT, {"input": {**GIVEN, "customer": who, "method": str(number)}})
    await asyncio.gather(*(sent(desk, at(club)) for _ in range(4)))
    assert len(club.events) == len(club.ids()) == 18
    for who in (ADA, BO, CY):
        told = [event["sequence"] for event in club.events if event["subject"] == who]
        assert told == sorted(told)
        assert len(told) == 6
    assert {one["state"] for one in await receipts(desk) if one["system"] == "club"} == {"ACCEPTED"}


@asynchronous
async def test_the_certificate_is_that_of_the_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Though the connection goes to an address; another name, or an unknown authority, is nobody."""
    pair = pair_in(tmp_path, NO_PASSWORD)

    async def looked_up(self: Any, host: str, port: int, **_: Any) -> list[Any]:
        return [(0, 0, 0, "", ("127.0.0.1", port))]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", looked_up)
    try:
        with receiving(pair) as received:
            port = received.address.rpartition(":")[2]
            assert (await _post(f"https://{NAME}:{port}", private=True)).reason == "unreachable"
            monkeypatch.setenv("SSL_CERT_FILE", str(pair[0]))
            trusted.cache_clear()
            assert (await _post(f"https://{NAME}:{port}", private=True)).status == 204
            assert (await _post(f"https://other.example:{port}", private=True)).reason == "unreachable"
            assert len(received.raw) == 1
    finally:
        trusted.cache_clear()


async def _post(url: str, **options: Any) -> Answer:
    return await post(url, {}, b'{"id": "x"}', seconds=30, **options)


@asynchronous
async def test_private_addresses_are_refused_unless_allowed(monkeypatch: pytest.MonkeyPatch, club: Webhooks) -> None:
    """A name is looked up once, and every address behind it counts; what was checked is where it goes."""
    port = int(club.address.rpartition(":")[2].partition("/")[0])
    found = ["127.0.0.1"]

    async def looked_up(self: Any, host: str, port: int, **_: Any) -> list[Any]:
        return [(0, 0, 0, "", (one, port)) for one in found]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", looked_up)
    assert await _post(f"http://club.example:{port}/changes") == Answer(None, "private address")
    found[:] = ["93.184.216.34", "10.0.0.1"]
    assert await _post("https://club.example/changes") == Answer(None, "private address")
    assert club.raw == []
    found[:] = ["127.0.0.1"]
    assert (await _post(f"http://club.example:{port}/changes", private=True)).status == 204
    assert club.headers[0]["host"] == f"club.example:{port}"
    found[:] = []
    assert (await _post("https://club.example/changes")).reason == "unreachable"


@asynchronous
async def test_a_load_says_who_takes_what_and_an_echo_is_no_news(database: Database, company: Path) -> None:  # noqa: F811  the fixture above
    """A row that names our event is left out where it was told to that very system; others are decisions."""
    await clear(database)
    folder = company / "sources" / "club"
    said = (folder / "source.toml").read_text(encoding="utf-8")
    more = '[[exports]]\nfile = "consents.csv"\n[write_back]\nurl = "http://127.0.0.1:9/"\nchanges = ["consent"]\n'
    (folder / "source.toml").write_text(said + more + 'secret = "CLUB"\n', encoding="utf-8")
    columns = "id,customer,purpose,legal_basis,state,decided_at,event"
    (folder / "consents.sql").write_text(f"SELECT {columns}, _row FROM csv_rows('consents.csv')", encoding="utf-8")
    rows = [f"{columns}\n", "e1,1,analytics,CONSENT,GIVEN,2026-05-01,dlv_ours\n"]
    rows += ["e2,1,analytics,CONSENT,REFUSED,2026-04-01,dlv_theirs\n", "e3,2,analytics,CONSENT,GIVEN,2026-04-01,\n"]
    (folder / "consents.csv").write_text("".join(rows), encoding="utf-8")
    await database.write(
        "CREATE (:Delivery {id: 'dlv_ours', system: 'club'}), (:Delivery {id: 'dlv_theirs', system: 'till'})"
    )
    await load_sources(database, delivery([company / "sources"]), silent)
    takes = dict(await database.read("MATCH (s:SourceSystem) RETURN [s.name, s.takes]"))
    assert takes == {"club": ["consent"], "till": []}
    keys = await database.read("MATCH (k:Consent) RETURN k.sourceKey ORDER BY k.sourceKey")
    assert [key.rpartition(":")[2] for key in keys] == ["e2", "e3"]
    await clear(database)


@asynchronous
async def test_a_server_that_is_killed_loses_nothing_and_tells_nothing_out_of_order(
    neo4j: Connection, database: Database, desk: Desk, tmp_path: Path
) -> None:
    """With the club silent, then answering: whatever was acknowledged arrives, of each customer in order."""
    sources = tmp_path / "sources" / "club"
    sources.mkdir(parents=True)
    with ExitStack() as stack:
        club = stack.enter_context(receiving())
        text = SOURCE.replace("https://club.example/changes", club.address)
        (sources / "source.toml").write_text(text, encoding="utf-8")
        settings = {
            "CUSTOMER_GRAPH_SOURCES": str(sources.parent),
            "CUSTOMER_GRAPH_WRITE_BACK_SECONDS": "0.05",
            "CUSTOMER_GRAPH_WRITE_BACK_ATTEMPTS": "100",
            "CLUB_SECRET": SECRET,
        }
        told: list[str] = []

        def ask(address: str, number: int) -> None:
            token = LocalIssuer(tmp_path / "data").issue("privacy_officer", subject="pam")
            asked = {"query": CONSENT_ID, "variables": {"input": {**GIVEN, "method": str(number)}}}
            done = httpx.post(
                f"{address}/graphql", json=asked, headers={"authorization": f"Bearer {token}"}, timeout=120
            )
            told.append(done.json()["data"]["recordConsent"]["consent"]["id"])

        club.answer = lambda event: 0 if len(club.events) == 3 else 200
        with serving(tmp_path / "data", neo4j, **settings) as served:
            for number in range(6):
                ask(served.address, number)
            until(lambda: len(club.events) >= 3, "nothing arrives")
            os.kill(served.process.pid, signal.SIGKILL)
            served.process.wait()
        club.answer = lambda event: 200
        club.held.set()
        with serving(tmp_path / "data", neo4j, **settings) as served:
            ask(served.address, 6)
            until(lambda: len(club.ids()) == 7 and len(club.accepted) >= 7, "something is lost")
        first = list(dict.fromkeys(event["data"]["consent"]["id"] for event in club.events))
        assert first == told
        again = [event["sequence"] for event in club.events]
        assert again == sorted(again)
        assert club.faults == []
    rows = await database.read("MATCH (d:Delivery {system: 'club'}) RETURN d.state")
    assert rows == ["ACCEPTED"] * 7
