"""A person who asks to be forgotten: gone from every answer, not rebuilt, every system told; nobody else changes."""

import base64
import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.policy import Policy
from auth.segment import recorded
from auth.trail import Trail
from graph.constraints import statements
from graph.protocols import Graph
from graph.session import Database
from graph.vault.key_encryption import LocalKeyEncryption
from graph.vault.key_store import KeyFolder
from graph.vault.sealed import is_sealed, key_of
from graph.vault.vault import Vault
from ingest.constraints import statements as constraint_statements
from ingest.load import load
from ingest.load import preview as load_preview
from ingest.resealing import reseal_all
from ingest.suppression import Hasher
from ingest.write_back.deliver import Patience, deliver
from ingest.write_back.receivers import Receiver
from privacy.elsewhere import Gone
from privacy.erasure import Means, Receipt, Step, erase, receipt_named, resume
from privacy.previewing import preview
from privacy.suppressing import lift
from privacy.telling import confirm, settle
from privacy.what_stays import let_go, mark_compacted
from schema.catalogue import complete_model
from schema.enums import ErasureState
from schema.errors import (
    DatabaseUnavailable,
    ErasedAlready,
    SubjectHeld,
    SubjectMerged,
    SubjectUnknown,
    SuppressionKeyWrong,
    TrailUnavailable,
)
from server.assembly import Assembly
from server.erasing import elsewhere_of, once
from tests.asking_everything import lists
from tests.planted_persons import ADA, BOB, OLD, email, holding, plant
from tests.small_company import made, mail, person
from tests.test_changes import Desk, codes
from tests.test_changes import made as made_desk  # noqa: F401  a fixture
from tests.test_ingest_load import clear, silent
from tests.webhooks import SECRET, receiving

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

ROOT = Path(__file__).parents[1]
MODEL = complete_model()
NOW = datetime(2026, 3, 1, tzinfo=UTC)
WORD = "canary ada"
LAWFUL = {"Consent.method", "Consent.noticeVersion", "Consent.purpose", "Invoice.currency"}
"""What the shipped registry keeps of texts, and nobody sees."""
PREVIEW = (
    "mutation ($i: PreviewErasureInput!) { previewErasure(input: $i) { erasureReceipt { id state preview going } } }"
)
ERASE = "mutation ($i: EraseCustomerInput!) { eraseCustomer(input: $i) { erasureReceipt { id state reason actor } } }"
CONFIRM = """mutation ($i: ConfirmErasureInput!) { confirmErasure(input: $i) { erasureReceipt { state
  notices { nodes { system records byPerson confirmedBy reference } } } } }"""
LIFT = "mutation ($i: LiftSuppressionInput!) { liftSuppression(input: $i) { erasureReceipt { liftedAt } } }"
HOLD = "MATCH (c:Customer {id: $id}) CREATE (:LegalHold {id: 'hld_1', placedAt: datetime()})-[:HOLDS]->(c)"


class Office(Desk):
    """A desk over two persons, with the means of erasing one."""

    @property
    def hasher(self) -> Hasher:
        """The key of this desk."""
        assert self.assembly.suppression is not None
        return self.assembly.suppression

    @property
    def vault(self) -> Vault:
        """The keys of this desk."""
        assert isinstance(self.assembly.vault, Vault)
        return self.assembly.vault

    @property
    def means(self) -> Means:
        """As a server has them, without an inbox."""
        elsewhere = elsewhere_of(self.trail, None)
        return Means(self.database, self.hasher, elsewhere, self.trail.segment, self.vault)

    async def erase(self, customer: str = ADA) -> Receipt:
        """Erase her by a command."""
        return await erase(self.means, customer, reason="request 7", actor="me", role="operator", now=NOW)

    async def confirmed(self, receipt: Receipt) -> Receipt:
        """Every system knows."""
        for one in receipt.notices:
            await confirm(self.database, receipt.id, one.system, "T-1", role="operator", actor="me", now=NOW)
        await settle(self.database, NOW)
        found = await receipt_named(self.database, receipt.id)
        assert found is not None
        return found

    async def everything(self, *roles: str) -> dict[tuple[str, str], Any]:
        """All that these roles are told, or every role, by role and list."""
        told = {}
        for role, policy in self.assembly.policies.items():
            if roles and role not in roles:
                continue
            for name, document in lists(self.assembly.schemas[role].graphql):
                answer = await self.as_one_of(role, policy, document)
                assert "errors" not in answer, (role, name, answer["errors"])
                told[role, name] = answer["data"][name]["nodes"]
        return told

    async def telling_of_her(self) -> set[str]:
        """The lists of a privacy officer that hold a word of hers."""
        told = await self.everything("privacy_officer")
        return {name for (_, name), nodes in told.items() if WORD in json.dumps(nodes)}

    async def as_one_of(self, role: str, policy: Policy, document: str) -> dict[str, Any]:
        """The answer to someone of a role who sees as much as one of it can; a customer is Ada."""
        regions = {"regions": ["GB"]} if "regions" in policy.said.claims else {}
        claims = {**policy.said.example_claims, **regions}
        subject = ADA if role == "customer" else "rep-7"
        return await self.ask_with(role, subject, claims, document)

    async def ask_with(self, role: str, subject: str, claims: Mapping[str, Any], document: str) -> dict[str, Any]:
        """The answer, as JSON."""
        import httpx

        token = self.issuer.issue(role, subject=subject, claims=dict(claims))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://here") as client:
            response = await client.post(
                "/graphql",
                json={"query": document, "variables": {}},
                headers={"authorization": f"Bearer {token}"},
                timeout=60,
            )
        answer: dict[str, Any] = response.json()
        return answer


@pytest_asyncio.fixture(loop_scope="session")
async def office(
    made_desk: tuple[Path, Assembly],  # noqa: F811  a fixture
    tmp_path: Path,
    database: Database,
) -> AsyncIterator[Office]:
    """Ada and Bob, and all that is held of them."""
    for statement in (*statements(MODEL), *constraint_statements()):
        await database.change_schema(statement)
    await plant(database)
    folder, assembly = made_desk
    async with Trail(tmp_path / "trail") as trail:
        yield Office(assembly, LocalIssuer(folder), database, trail)
    await clear(database)


async def test_nothing_of_her_is_left_in_the_graph(office: Office) -> None:
    """But what a law keeps, in the fields that it needs, on nodes that lead to nobody; and the id."""
    before = await holding(office.database, WORD)
    assert {"Customer.name", "SourceRecord.payload", "AbsorbedCustomer.name", "CustomerBefore.name"} <= set(before)
    assert await holding(office.database, email("ada")) != []
    found = await office.erase()
    assert found.state is ErasureState.REMOVED
    assert set(await holding(office.database, WORD)) <= LAWFUL | {"ErasureNotice.records", "Delivery.body"}
    found = await office.confirmed(found)
    assert found.state is ErasureState.DONE
    assert set(await holding(office.database, WORD)) == LAWFUL
    assert await holding(office.database, email("ada")) == []
    left = await office.database.read("MATCH (c:Customer) WHERE c.status = 'ERASED' RETURN [c.id, size(keys(c))]")
    assert sorted(left) == [[ADA, 2], [OLD, 2]]
    ways = "MATCH (c:Customer {status: 'ERASED'})-[r]-() RETURN type(r)"
    assert await office.database.read(ways) == []
    kept = "MATCH (:ErasureReceipt)-[:KEEPS]->(n) RETURN [head(labels(n)), COUNT { (n)--() }, n.sourceKey]"
    assert sorted(await office.database.read(kept)) == [
        ["Consent", 1, None],
        ["Invoice", 1, None],
        ["PrivacyRequest", 1, None],
    ]
    held = "MATCH (d:Delivery)<-[:CARRIED_BY]-() RETURN d.body"
    assert await office.database.read(held) == [None]


async def test_no_role_is_told_anything_of_her_and_of_others_all_as_before(office: Office) -> None:
    """Every list of every role with every value; and what Bob's records say is byte for byte what they said."""
    before = await office.everything()
    told = json.dumps(list(before.values()))
    assert len(set(re.findall(r"canary ada [\w.]+", told))) > 40
    assert email("ada") in told
    found = await office.confirmed(await office.erase())
    after = await office.everything()
    told = json.dumps(list(after.values()))
    assert WORD not in told
    assert email("ada") not in told
    assert found.id in told  # a receipt names her by the id that she had
    of_bob = {f"{kind.prefix}_bob" for kind in MODEL.values()}
    compared = 0
    for place, nodes in before.items():
        now = {one["id"]: one for one in after[place]}
        for one in nodes:
            if one["id"] in of_bob:
                compared += 1
                assert json.dumps(_of_others(one)) == json.dumps(_of_others(now[one["id"]])), place
    assert compared > 60
    for role in ("privacy_officer", "customer"):
        assert codes(
            await office.ask('{ search(text: "canary", first: 20) { nodes { __typename } } }', None, role)
        ) in (
            [],
            ["CG201"],
        )


def _but_loads(told: list[str]) -> list[str]:
    """Without what each load says of itself."""
    return [one for one in told if "LoadedFolder" not in one and "'QualityMeasure'" not in one]


def _of_others(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without what compares a record with one of hers."""
    return {name: value for name, value in node.items() if name != "candidates"}


async def test_what_would_go_is_told_and_nothing_changes(office: Office) -> None:
    """By type; what stays, and by which duty; what loses the way to her; who is told."""
    before = await census(office.database)
    found = await preview(office.database, ADA, now=NOW)
    assert await census(office.database) == before
    going = {one.type: one for one in found.going}
    assert going["Customer"].records == 2
    assert going["Interaction"].records == 1
    assert going["SourceRecord"].records == 4
    assert going["Interaction"].values > 5
    assert going["Interaction"].relationships >= 3
    assert not {"Invoice", "Consent", "PrivacyRequest", "AccessRecord", "Change", "Household"} & set(going)
    rules = {"Invoice": "invoices", "Consent": "consents", "PrivacyRequest": "requests"}
    assert {one.type: one.rule for one in found.staying} == rules
    until = {one.type: f"{one.until:%Y-%m-%d}" for one in found.staying}
    assert until == {"Invoice": "2036-01-02", "Consent": "2029-03-01", "PrivacyRequest": "2029-03-01"}
    assert {one.type for one in found.kept} == {"Identity", "Household", "AccessRecord", "Change"}
    assert [(one.system, one.by_person) for one in found.systems] == [("crm", True), ("shop", False)]
    assert (found.merged, found.held) == ((OLD,), False)
    assert found.digest == (await preview(office.database, ADA, now=NOW)).digest
    await office.database.write("MATCH (i:Interaction {id: 'int_ada'}) DETACH DELETE i")
    assert found.digest != (await preview(office.database, ADA, now=NOW)).digest


async def test_a_legal_hold_goes_before(office: Office) -> None:
    """Whoever asks; also where it is placed after it was looked for, in the statement that begins."""
    await office.database.write(HOLD, {"id": ADA})
    assert (await preview(office.database, ADA)).held
    before = await census(office.database)
    with pytest.raises(SubjectHeld):
        await office.erase()
    assert await census(office.database) == before
    await office.database.write("MATCH (h:LegalHold {id: 'hld_1'}) DETACH DELETE h")

    @dataclass
    class Meanwhile:
        """A graph in which a hold is placed just before the erasure begins."""

        read = staticmethod(office.database.read)

        async def write(
            self, text: str, given: Mapping[str, Any] | None = None, timeout: float | None = None
        ) -> list[Any]:
            """As it writes."""
            if "SET receipt = $receipt" in text:
                await office.database.write(HOLD, {"id": ADA})
            return list(await office.database.write(text, given, timeout))

    with pytest.raises(SubjectHeld):
        await erase(replace(office.means, graph=Meanwhile()), ADA, reason="x", actor="me", role="operator", now=NOW)
    assert await office.count("ErasureReceipt") == 0
    assert await office.database.read("MATCH (c:Customer {id: $id}) RETURN c.status", {"id": ADA}) == ["ACTIVE"]


async def test_whom_no_erasure_can_be_about(office: Office) -> None:
    """Of a record that was merged the other's id is told: a person has to choose. Nobody is erased twice."""
    with pytest.raises(SubjectMerged, match=ADA):
        await preview(office.database, OLD)
    with pytest.raises(SubjectUnknown):
        await office.erase("cus_nobody")
    await office.erase()
    for id_ in (ADA, OLD):
        with pytest.raises(ErasedAlready):
            await office.erase(id_)


# Broken off


async def census(database: Database) -> list[str]:
    """The graph, without what is made anew each time: ids and times of receipts, hashes."""
    text = """MATCH (n) WHERE NOT n:GraphMigration
    RETURN {labels: labels(n), ways: [(n)-[r]->(m) | type(r) + ' ' + head(labels(m))],
      held: n {.*, id: null, at: null, receipt: null, hash: CASE WHEN n:Suppression THEN n.hash END}} AS row"""
    found = []
    for row in await database.read(text):
        made = row["labels"][0] in ("ErasureReceipt", "ErasureNotice", "Delivery", "Suppression")
        unsaid = {"sourceKey", "queue", "body", "steps", "preview", "createdAt", "nextAttemptAt", "forgottenBy"}
        held = {name: value for name, value in row["held"].items() if value is not None}
        said = {name: value for name, value in held.items() if not (made and name in unsaid)}
        found.append(str((sorted(row["labels"]), sorted(row["ways"]), sorted((k, str(v)) for k, v in said.items()))))
    return sorted(found)


@dataclass
class Dying:
    """A graph that is away after so many writes: the last one is carried out, and nobody hears of it."""

    database: Database
    left: int
    said: list[str] = field(default_factory=list)

    async def read(self, text: str, given: Mapping[str, Any] | None = None, timeout: float | None = None) -> list[Any]:
        """As it reads."""
        return list(await self.database.read(text, given, timeout))

    async def write(self, text: str, given: Mapping[str, Any] | None = None, timeout: float | None = None) -> list[Any]:
        """As it writes, for a while."""
        found = list(await self.database.write(text, given, timeout))
        self.said.append(str((given or {}).get("step", "")))
        self.left -= 1
        if self.left == 0:
            raise DatabaseUnavailable
        return found


async def broken_off(office: Office, graph: Graph) -> None:
    """Begin an erasure on a graph."""
    await erase(replace(office.means, graph=graph), ADA, reason="request 7", actor="me", role="operator", now=NOW)


async def test_whoever_is_killed_at_any_moment_leaves_it_to_be_brought_to_the_same_end(office: Office) -> None:
    """After every single write, whether the step was marked before or not: what is made of it is the same."""
    whole = Dying(office.database, 10_000)
    await broken_off(office, whole)
    wanted = await census(office.database)
    assert [one for one in whole.said if one] == [step.value for step in Step]
    for number in range(1, len(whole.said)):
        await plant(office.database)
        with pytest.raises(DatabaseUnavailable):
            await broken_off(office, Dying(office.database, number))
        begun = await office.database.read("MATCH (r:ErasureReceipt {state: 'BEGUN'}) RETURN r.id")
        assert len(begun) == (number < len(whole.said) - 1)  # all but the last write, which says that it is through
        assert await resume(office.means, now=NOW) == begun
        assert await census(office.database) == wanted, f"after write {number} of {len(whole.said)}"


async def test_a_server_goes_on_with_what_a_command_began(office: Office) -> None:
    """At its start, and nothing says done before."""
    with pytest.raises(DatabaseUnavailable):
        await broken_off(office, Dying(office.database, 8))
    (receipt,) = await office.database.read("MATCH (r:ErasureReceipt) RETURN [r.state, r.removedAt, r.doneAt]")
    assert receipt == ["BEGUN", None, None]
    await once(office.means, office.hasher)
    found = await receipt_named(office.database, ADA)
    assert found is not None
    assert found.state is ErasureState.REMOVED
    assert found.steps[0].startswith("SUPPRESS 20")
    assert [one.split(" ")[0] for one in found.steps] == [step.value for step in Step]


async def test_what_cannot_forget_is_asked_again(office: Office) -> None:
    """A place outside the graph that fails keeps the erasure from being removed, and of the rest nothing is told."""

    class Failing:
        """A place that is away once."""

        asked = 0

        async def forget(self, gone: Gone) -> None:
            """Not at first."""
            self.asked += 1
            if self.asked == 1:
                raise TrailUnavailable
            assert gone.customers == (ADA, OLD)
            assert [value for _, value in gone.handles] == [email("ada")]

    place = Failing()
    means = replace(office.means, elsewhere=[place])
    with pytest.raises(TrailUnavailable):
        await erase(means, ADA, reason="x", actor="me", role="operator", now=NOW)
    assert await office.telling_of_her() <= {"reviewTasks", "erasureNotices"}  # from its beginning on
    await resume(means, now=NOW)
    assert place.asked == 2
    assert set(await holding(office.database, WORD)) <= LAWFUL | {"ErasureNotice.records", "Delivery.body"}


async def test_what_a_load_brought_meanwhile_is_swept(office: Office) -> None:
    """A load that began before and wrote after her rows were removed: its rows are known again."""

    @dataclass
    class Loading:
        """A graph into which a load writes when the golden record is emptied."""

        read = staticmethod(office.database.read)

        async def write(
            self, text: str, given: Mapping[str, Any] | None = None, timeout: float | None = None
        ) -> list[Any]:
            """As it writes."""
            found = list(await office.database.write(text, given, timeout))
            if (given or {}).get("step") == Step.KEYS:
                await office.database.write(LATE)
            return found

    await broken_off(office, Loading())
    assert await holding(office.database, "canary late") == []
    found = await receipt_named(office.database, ADA)
    assert found is not None
    assert "cus_late" in found.merged


LATE = """CREATE (c:Customer {id: 'cus_late', sourceKey: 'late', status: 'ACTIVE', kind: 'PERSON', name: 'canary late'})
CREATE (:SourceRecord {id: 'src_late', sourceKey: 'crm:ada', system: 'crm', kind: 'customer', recordId: 'ada',
  loadedAt: datetime('2026-03-01T00:00:00Z'), payload: 'canary late'})-[:RESOLVES_TO]->(c)
CREATE (c)-[:HAD]->(:Interaction {id: 'int_late', text: 'canary late'})"""


# The trail, and systems


async def test_the_trail_stays_whole_and_knows_her_no_more(office: Office, tmp_path: Path) -> None:
    """Neither by her id nor by handles that somebody looked for; that there was a look stays."""
    ask = '{ customer(id: "cus_ada") { name } other: customer(identity: {kind: EMAIL, value: "%s"}) { id } }'
    await office.ask(ask % email("ada"), None, "privacy_officer", "dpo-1")
    await office.ask('{ customer(id: "cus_bob") { name } }', None, "privacy_officer", "dpo-1")
    folder, forever = tmp_path / "trail", (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    names = {name for one in recorded(folder, *forever) for name in one.names.values()}
    assert {ADA, BOB} < names
    assert len(names) == 3
    await office.erase()
    records = list(recorded(folder, *forever))
    assert {name for one in records for name in one.names.values()} == {BOB}
    assert len(records) == 2
    assert ADA.encode() not in (folder / "trail.sqlite").read_bytes()


async def test_another_server_forgets_her_in_its_own_files(office: Office, tmp_path: Path) -> None:
    """Once it looks; and only once."""
    async with Trail(tmp_path / "other") as other:
        means = replace(office.means, elsewhere=elsewhere_of(other, None), place=other.segment)
        desk = Office(office.assembly, office.issuer, office.database, other)
        await desk.ask('{ customer(id: "cus_ada") { name } }', None, "privacy_officer", "dpo-1")
        await office.erase()
        for _ in range(2):
            await once(means, office.hasher)
        asked = "MATCH (r:ErasureReceipt) RETURN r.forgottenBy"
        assert await office.database.read(asked) == [[office.trail.segment, other.segment]]
    forever = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    assert [one.names for one in recorded(tmp_path / "other", *forever)] == [{}]


async def test_every_system_is_told_before_it_is_done(office: Office) -> None:
    """One by an event with its own keys, signed and retried; the other by a person, with where that is on file."""
    found = await office.erase()
    assert [(one.system, one.by_person, one.records) for one in found.notices] == [("crm", True, 2), ("shop", False, 2)]
    with receiving() as shop:
        shop.answer = lambda event: 503 if len(shop.events) == 1 else 204
        to = Receiver("shop", shop.address, (base64.b64decode(SECRET[6:]),))
        for _ in range(2):
            await office.database.write("MATCH (d:Delivery) SET d.nextAttemptAt = datetime() - duration('PT1S')")
            assert await deliver(office.database, to, Patience(attempts=5, first_pause=0.001)) == 1
        assert shop.faults == []
    assert shop.raw[0] == shop.raw[1]
    event = shop.events[0]
    assert (event["type"], event["subject"]) == ("customer-graph.customer.erased", ADA)
    assert event["data"] == {"records": [], "rows": {"call": ["call-ada"], "event": ["w-1"]}}
    await settle(office.database, NOW)
    found = await receipt_named(office.database, ADA) or found
    assert found.state is ErasureState.REMOVED
    assert [(one.confirmed_at is not None, one.records) for one in found.notices] == [(False, 2), (True, 0)]
    given = {"receipt": found.id, "system": "crm", "reference": "TICKET-9"}
    assert codes(await office.ask(CONFIRM, {"i": {**given, "system": "nowhere"}}, "privacy_officer", "dpo-1")) == [
        "CG605"
    ]
    answer = await office.ask(CONFIRM, {"i": given}, "privacy_officer", "dpo-1")
    told = answer["data"]["confirmErasure"]["erasureReceipt"]
    assert told["state"] == "DONE"
    assert {
        "system": "crm",
        "records": [],
        "byPerson": True,
        "confirmedBy": "privacy_officer",
        "reference": "TICKET-9",
    } in told["notices"]["nodes"]


# A privacy officer, on a server


async def test_a_privacy_officer_looks_and_erases(office: Office) -> None:
    """What was looked at is what is erased; from the answer on nobody sees her; the server does the rest."""
    for role in ("service_rep", "data_steward", "auditor"):
        assert codes(await office.ask(PREVIEW, {"i": {"customer": ADA}}, role)) == ["CG201"] * len(
            codes(await office.ask(PREVIEW, {"i": {"customer": ADA}}, role))
        )
    looked = (await office.ask(PREVIEW, {"i": {"customer": ADA}}, "privacy_officer", "dpo-1"))["data"]
    receipt = looked["previewErasure"]["erasureReceipt"]
    assert receipt["state"] == "PREVIEWED"
    assert any(one.startswith("Interaction: 1 record,") for one in receipt["going"])
    given = {"customer": ADA, "reason": "request 7", "previewed": "of another"}
    assert codes(await office.ask(ERASE, {"i": given}, "privacy_officer", "dpo-1")) == ["CG606"]
    answer = await office.ask(ERASE, {"i": {**given, "previewed": receipt["preview"]}}, "privacy_officer", "dpo-1")
    begun = answer["data"]["eraseCustomer"]["erasureReceipt"]
    assert (begun["state"], begun["reason"], begun["actor"]) == ("BEGUN", "request 7", "dpo-1")
    assert await office.telling_of_her() <= {"reviewTasks"}  # one about Bob that quotes her, until that is removed
    assert codes(await office.ask(ERASE, {"i": given}, "privacy_officer", "dpo-1")) == ["CG210"]
    await once(office.means, office.hasher, let_over_go=True)
    assert set(await holding(office.database, WORD)) <= LAWFUL | {"ErasureNotice.records", "Delivery.body"}
    changes = '{ changes(where: {name: {eq: "eraseCustomer"}}) { nodes { record customers { nodes { id } } } } }'
    (change,) = (await office.ask(changes, None, "auditor"))["data"]["changes"]["nodes"]
    assert change == {"record": begun["id"], "customers": {"nodes": []}}
    assert await office.count("ErasureReceipt") == 1


async def test_a_hold_refuses_a_privacy_officer(office: Office) -> None:
    """By its code; nothing of the case is told."""
    await office.database.write(HOLD, {"id": ADA})
    assert codes(await office.ask(PREVIEW, {"i": {"customer": ADA}}, "privacy_officer", "dpo-1")) == ["CG607"]
    given = {"customer": ADA, "reason": "request 7", "previewed": "x"}
    assert codes(await office.ask(ERASE, {"i": given}, "privacy_officer", "dpo-1")) == ["CG607"]
    assert await office.count("ErasureReceipt") == 0


async def test_what_a_law_keeps_goes_when_its_time_is_over(office: Office) -> None:
    """Nobody has to remember it."""
    await office.erase()
    await let_go(office.database, NOW + timedelta(days=3 * 366))
    assert set(await holding(office.database, WORD)) <= {"Invoice.currency", "ErasureNotice.records", "Delivery.body"}
    await let_go(office.database, NOW + timedelta(days=10 * 366))
    assert await office.count("Invoice") == 1  # Bob's


async def test_what_happened_to_the_files_is_told_apart(office: Office) -> None:
    """Gone from all answers is one thing, no byte left another; a rebuild that was earlier says nothing."""
    found = await office.erase()
    assert (found.removed_at is not None, found.compacted_at) == (True, None)
    assert await mark_compacted(office.database, NOW - timedelta(days=1)) == 0
    assert await mark_compacted(office.database, NOW + timedelta(days=1)) == 1
    again = await receipt_named(office.database, ADA)
    assert again is not None
    assert again.compacted_at is not None


async def test_what_is_sealed_of_her_is_found_and_shut(office: Office, tmp_path: Path) -> None:
    """Rows of nobody that name her are found though nobody can read them, and hers open nowhere any more."""
    vault = Vault(KeyFolder(tmp_path / "keys"), LocalKeyEncryption(lambda: (b"1" * 64,)))
    assert (await reseal_all(office.database, vault)).unreadable == 0
    rows = "MATCH (row:SourceRecord) WHERE row.payload IS NOT NULL RETURN [row.id, row.payload]"
    sealed = dict(await office.database.read(rows))
    assert {"src_ada", "src_bob", "src_role", "src_waits"} <= sealed.keys() | {"src_waits"}
    assert all(is_sealed(one) for one in sealed.values())
    means = replace(office.means, keys=vault)
    found = await erase(means, ADA, reason="request 7", actor="me", role="operator", now=NOW)
    assert found.keys_forgotten_at is not None
    left = await office.database.read("MATCH (row:SourceRecord) RETURN row.id")
    assert not {"src_ada", "src_call", "src_role", "src_waits"} & set(left)
    assert "src_bob" in left
    keys = await vault.opening({key_of(one) for one in sealed.values()})
    assert keys[key_of(sealed["src_ada"])] is None
    assert keys[key_of(sealed["src_bob"])] is not None


# Loads


ANN = person("crm", "C-1", "Ann", "Leigh", email="ann@x.example")
CLUB = person("billing", "K-100001", "Ann", "Leigh", email="ann@x.example")
CARL = person("crm", "C-2", "Carl", "Stone", email="carl@x.example")
EXPORTS = (ANN, CLUB, CARL, mail("M-1", "ann@x.example"), mail("M-2", "carl@x.example"))
NAMES = "MATCH (c:Customer) WHERE c.name IS NOT NULL RETURN c.name ORDER BY c.name"


async def test_a_load_does_not_rebuild_her_until_it_is_lifted(office: Office) -> None:
    """She comes back as a new customer; the rows that were left out are counted."""
    database, key = office.database, office.hasher
    await clear(database)
    await load(database, made(EXPORTS), silent, now=NOW, suppression=key)
    (ann,) = await database.read("MATCH (c:Customer {name: 'Ann Leigh'}) RETURN c.id")
    found = await office.confirmed(await office.erase(ann))
    before = await census(database)
    for _ in range(2):
        report = await load(database, made(EXPORTS), silent, now=NOW, suppression=key)
        assert report.notes == ("Not taken in again, of persons who were erased: 3 rows.",)
        assert await database.read(NAMES) == ["Carl Stone"]
        assert await database.read("MATCH (i:Interaction) RETURN i.sourceKey") == ["mail:M-2"]
    assert _but_loads(await census(database)) == _but_loads(before)
    would = await load_preview(database, made(EXPORTS), silent, now=NOW, suppression=key)
    assert all(one.new == one.changed == 0 for one in would.tables.values())
    assert would.customers.new == 0
    await lift(database, found.id, NOW)
    await load(database, made(EXPORTS), silent, now=NOW, suppression=key)
    assert await database.read(NAMES) == ["Ann Leigh", "Carl Stone"]
    (again,) = await database.read("MATCH (c:Customer {name: 'Ann Leigh'}) RETURN c.id")
    assert again != ann


async def test_a_new_row_with_a_handle_of_hers_is_left_out_and_told(office: Office) -> None:
    """Without values, to a privacy officer. Of whom the graph knows the handle meanwhile, it is taken in."""
    database, key = office.database, office.hasher
    await clear(database)
    await load(database, made(EXPORTS), silent, now=NOW, suppression=key)
    (ann,) = await database.read("MATCH (c:Customer {name: 'Ann Leigh'}) RETURN c.id")
    await office.erase(ann)
    more = (
        *EXPORTS,
        person("shipping", "S-9", "Anna", "Lee", email="ann@x.example"),
        mail("M-3", "ann@x.example"),
        mail("M-4", "carl@x.example"),
    )
    report = await load(database, made(more), silent, now=NOW, suppression=key)
    assert len(report.notes) == 2
    assert "new rows with a handle of persons who were erased: 2." in report.notes[1]
    assert await database.read(NAMES) == ["Carl Stone"]
    assert await holding(database, "ann@x.example") == []
    text = "{ erasureReceipts { nodes { leftOut } } }"
    told = (await office.ask(text, None, "privacy_officer"))["data"]["erasureReceipts"]["nodes"]
    assert told == [{"leftOut": ["mail mail", "shipping customer"]}]
    await database.write(
        "MATCH (c:Customer {name: 'Carl Stone'}) CREATE (c)-[:HAS_IDENTITY]->(:Identity {id: 'idn_x', kind: 'EMAIL', "
        "value: 'ann@x.example', normalized: 'ann@x.example', sourceKey: 'EMAIL:ann@x.example', blocked: false})"
    )
    await load(database, made(more), silent, now=NOW, suppression=key)
    assert await database.read("MATCH (i:Interaction {sourceKey: 'mail:M-3'}) RETURN count(i)") == [1]


async def test_without_the_key_nothing_is_taken_in(office: Office) -> None:
    """It could be of somebody who was erased. With nobody erased no key is needed."""
    await clear(office.database)
    await load(office.database, made(EXPORTS), silent, now=NOW)
    (ann,) = await office.database.read("MATCH (c:Customer {name: 'Ann Leigh'}) RETURN c.id")
    (carl,) = await office.database.read("MATCH (c:Customer {name: 'Carl Stone'}) RETURN c.id")
    await office.erase(ann)
    for key in (None, Hasher(bytes(32))):
        with pytest.raises(SuppressionKeyWrong):
            await load(office.database, made(EXPORTS), silent, now=NOW, suppression=key)
    other = replace(office.means, hasher=Hasher(bytes(32)))
    with pytest.raises(SuppressionKeyWrong):
        await erase(other, carl, reason="x", actor="me", role="operator", now=NOW)
    assert await office.database.read("MATCH (c:Customer {id: $id}) RETURN c.status", {"id": carl}) == ["ACTIVE"]
