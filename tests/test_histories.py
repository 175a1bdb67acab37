"""Histories at random: what the product lets each role do with each customer is what the documentation says it may.

Two persons a history: what an export says they decided, a mail in which one of them stops all advertising, and then
decisions, withdrawals, objections, restrictions, a merge and its end, in any order, all by the product's own mutations.
Beside it stands an interpreter that is slow and obvious, written from docs/consent.md, docs/privacy.md and decisions 5,
19 and 27 alone. All histories are in one graph; at the end every role is asked once.
"""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.trail import Trail
from graph.session import Database
from ingest.records import Profile, Record
from server.assembly import Assembly
from tests.small_company import decided, house, mail, person
from tests.test_changes import made as made_desk  # noqa: F401  a fixture
from tests.test_ingest_load import clear
from tests.test_stewards_desk import MERGE, SPLIT, UNDO, Steward

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

FEW, MANY = 150, 1_000
AT_ONCE = 4
BY_CONSENT = ("marketing.email", "marketing.phone", "analytics", "sharing")
UNTIL_OBJECTED = ("service", "service.messages", "fraud", "operations")
ALWAYS = ("stewardship", "privacy", "self", "audit")
NO = ("REFUSED", "WITHDRAWN", "OBJECTED")
STRICTER = ("GIVEN", "UNKNOWN", "EXPIRED", "REFUSED", "WITHDRAWN", "OBJECTED")
EXPORTED = {"granted": "GIVEN", "denied": "REFUSED", "withdrawn": "WITHDRAWN", "objected": "OBJECTED"}
NAMED = {"marketing.email": "marketing_email", "marketing.phone": "marketing_phone", "analytics": "profiling"}
NAMED |= {"sharing": "third_party_sharing", "fraud": "fraud_prevention", "service.messages": "service_messages"}
WROTE_AT = datetime(2025, 6, 1, 9, tzinfo=UTC)
SOON = 2.0
"""Seconds after which a consent ends that is to be over when everybody is asked."""


# The interpreter


@dataclass
class Said:
    """One decision: on which records it stands, and whether it was only found in a message."""

    purpose: str
    state: str
    at: float
    on: tuple[str, ...]
    found: bool = False
    ends: bool = False


@dataclass
class Person:
    """What is known of one person."""

    name: str
    said: list[Said] = field(default_factory=list)
    restricted: bool = False


class Interpreter:
    """What two persons' histories amount to, step by step."""

    def __init__(self) -> None:
        self.persons = {"A": Person("A"), "B": Person("B")}
        self.together: list[Said] | None = None  # what was decided while the two were one
        self.open_finding: str | None = None

    def whose(self, name: str) -> list[Person]:
        """Who is meant by a name now."""
        return list(self.persons.values()) if self.together is not None else [self.persons[name]]

    def decides(self, name: str, purpose: str, state: str, at: float, ends: bool = False) -> None:
        """At the desk, and of one whose records belong together surely also on each of them."""
        if self.together is not None:
            self.together.append(Said(purpose, state, at, ("desk of A",), ends=ends))
        else:
            person = self.persons[name]
            # It stands for her record as well, if she ever decided on it.
            on = (name,) if any(name in one.on for one in person.said) else ()
            person.said.append(Said(purpose, state, at, (*on, f"desk of {name}"), ends=ends))

    def exported(self, name: str, purpose: str, state: str, at: float) -> None:
        """As a silo holds it, on its record."""
        self.persons[name].said.append(Said(purpose, state, at, (name,)))

    def writes(self, name: str, at: float) -> list[str]:
        """She stops all advertising; what she decided later is newer. The purposes that are blocked."""
        person = self.persons[name]
        blocked = [
            purpose
            for purpose in ("marketing.email", "marketing.phone")
            if not any(one.purpose == purpose and one.at > at for one in person.said)
        ]
        person.said += [Said(purpose, "UNKNOWN", at, ("message",), found=True) for purpose in blocked]
        self.open_finding = name if blocked else None
        return blocked

    def settles(self, confirmed: bool, at: float) -> None:
        """A person has read the message: what was found is void, and confirmed it is a decision."""
        name, self.open_finding = str(self.open_finding), None
        blocked = [one.purpose for one in self.persons[name].said if one.found]
        self.persons[name].said = [one for one in self.persons[name].said if not one.found]
        if confirmed:
            for purpose in blocked:
                self.decides(name, purpose, "WITHDRAWN", at)

    def merges(self) -> None:
        """They are found to be one."""
        self.together = []

    def parts(self) -> None:
        """They are two again: what was decided meanwhile is the first one's, and a no may have been the other's."""
        assert self.together is not None
        self.persons["A"].said += self.together
        self.persons["B"].said += [replace(one, on=("desk of B",)) for one in self.together if one.state != "GIVEN"]
        self.together = None

    def lawful(self, name: str, purpose: str) -> bool:
        """The latest on each record counts, and of those the strictest."""
        if purpose in ALWAYS:
            return True
        said = [one for person in self.whose(name) for one in person.said] + (self.together or [])
        said = [one for one in said if one.purpose == purpose]
        told = [one.at for one in said if not one.found]
        said = [one for one in said if not (one.found and told and max(told) > one.at)]
        latest: dict[str, Said] = {}
        for one in said:
            for record in one.on:
                if record not in latest or (one.at, STRICTER.index(one.state)) > (
                    latest[record].at,
                    STRICTER.index(latest[record].state),
                ):
                    latest[record] = one
        states = ["EXPIRED" if one.ends and one.state == "GIVEN" else one.state for one in latest.values()]
        if purpose in BY_CONSENT:
            return bool(states) and all(state == "GIVEN" for state in states)
        return not any(state in NO for state in states)

    def restricted(self, name: str) -> bool:
        """A restriction is of all who are one."""
        return any(one.restricted for one in self.whose(name))


# The product


@dataclass
class History:
    """Two persons, what is loaded of them, and what happens to them."""

    number: int
    chance: random.Random
    expected: Interpreter = field(default_factory=Interpreter)
    told: list[str] = field(default_factory=list)
    few: tuple[str, ...] = ()  # of few purposes, so that decisions meet

    def __post_init__(self) -> None:
        self.few = tuple(self.chance.sample((*BY_CONSENT, *UNTIL_OBJECTED), 2))

    def key(self, name: str) -> str:
        """The key of a person's record."""
        return f"C-{self.number}{name}"

    def records(self) -> Iterator[Record]:
        """What the silos hold."""
        for place, name in enumerate(("A", "B")):
            yield person(
                "crm",
                self.key(name),
                _word(self.chance),
                _word(self.chance),
                email=self.mailbox(name),
                lives=house(self.number % 90 + 1, f"{_word(self.chance)[:3].upper()} {self.number}{place}"),
            )
            named = [purpose for purpose in self.few if purpose in NAMED]
            for purpose in self.chance.sample(named, self.chance.randint(0, len(named))):
                for turn in range(self.chance.choice((1, 1, 2))):
                    word = self.chance.choice(list(EXPORTED))
                    at = datetime(2025, self.chance.choice((3, 9)), 1 + 2 * turn, 12, tzinfo=UTC)
                    one = decided(f"D-{self.number}{name}{purpose}{turn}", "crm", self.key(name), NAMED[purpose], word)
                    self.expected.exported(name, purpose, EXPORTED[word], at.timestamp())
                    self.told.append(f"{name} {purpose} {word} {at:%b %d}")
                    yield replace(one, decided_at=at)
        if self.chance.random() < 0.4:
            name = self.chance.choice("AB")
            blocked = self.expected.writes(name, WROTE_AT.timestamp())
            self.told.append(f"{name} writes, blocks {blocked}")
            wrote = mail(f"M-{self.number}", self.mailbox(name))
            yield replace(wrote, sent_at=WROTE_AT, text="Please stop all advertising.", subject="Hello")

    def mailbox(self, name: str) -> str:
        """A person's address."""
        return f"{name.lower()}.{self.number}@x.example"

    async def live(self, desk: "Histories") -> None:
        """Carry out some steps, each as the product does it and as the interpreter does."""
        decision = None
        merged_once = False
        lifted: str | None = None
        for _ in range(self.chance.randint(2, 6)):
            steps = ["says", "says", "says", "asks"]
            steps += ["settles", "settles"] if self.expected.open_finding else []
            steps += ["merges"] if not merged_once else []
            steps += ["parts", "parts"] if self.expected.together is not None else []
            steps += ["restricts"] if self.expected.together is None and lifted is None else []
            steps += ["lifts", "lifts"] if lifted else []
            step = self.chance.choice(steps)
            name = self.chance.choice("AB") if self.expected.together is None else "A"
            match step:
                case "says":
                    await self.says(desk, name)
                case "asks":
                    await self.asks(desk, name)
                case "settles":
                    confirmed = self.chance.random() < 0.5
                    self.told.append(f"finding {'confirmed' if confirmed else 'dismissed'}")
                    await desk.settle(self.number, confirmed=confirmed)
                    self.expected.settles(confirmed, time.time())
                case "merges":
                    merged_once = True
                    self.told.append("merged")
                    decision = await desk.merge(self.key("A"), self.key("B"))
                    self.expected.merges()
                case "parts":
                    undone = self.chance.random() < 0.5
                    self.told.append("undone" if undone else "split")
                    await (desk.undo(str(decision)) if undone else desk.split(self.key("A"), self.key("B")))
                    self.expected.parts()
                case "restricts":
                    self.told.append(f"{name} restricted")
                    lifted = await desk.request(self.key(name), "RESTRICTION")
                    self.expected.persons[name].restricted = True
                case "lifts":
                    self.told.append("lifted")
                    await desk.lift(str(lifted))
                    for one in self.expected.persons.values():
                        one.restricted = False
                    lifted = "over"
                    return

    async def says(self, desk: "Histories", name: str) -> None:
        """A decision on the phone, some of which end soon."""
        purpose = self.chance.choice(self.few)
        state = self.chance.choice(("GIVEN", "GIVEN", "REFUSED", "OBJECTED", "WITHDRAWN"))
        ends = state == "GIVEN" and self.chance.random() < 0.3
        self.told.append(f"{name} {purpose} {state}{' ends' if ends else ''}")
        until = {"expiresAt": (datetime.now(UTC) + timedelta(seconds=SOON)).isoformat()} if ends else {}
        await desk.decide(self.key(name), purpose, state, **until)
        self.expected.decides(name, purpose, state, time.time(), ends)

    async def asks(self, desk: "Histories", name: str) -> None:
        """A request that is fulfilled at once."""
        kind, state, purposes = self.chance.choice(
            (
                ("OBJECTION", "OBJECTED", ("fraud", "operations", "marketing.email", "marketing.phone")),
                ("WITHDRAWAL", "WITHDRAWN", BY_CONSENT),
                ("OPT_OUT_OF_SALE", "OBJECTED", ("sharing",)),
            )
        )
        purpose = self.chance.choice(purposes)
        self.told.append(f"{name} asks {kind} {purpose}")
        await desk.request(self.key(name), kind, [purpose])
        self.expected.decides(name, purpose, state, time.time())


class Histories(Steward):
    """The product: everything by its mutations."""

    async def step(self, name: str, given: Mapping[str, Any], gives: str, shows: str = "id") -> dict[str, Any]:
        """A mutation of a privacy officer; its payload's record."""
        type_ = f"{name[0].upper()}{name[1:]}Input"
        text = f"mutation ($i: {type_}!) {{ {name}(input: $i) {{ {gives} {{ {shows} }} }} }}"
        answer = await self.ask(text, {"i": dict(given)}, "privacy_officer", "dpo-1")
        assert "errors" not in answer, (name, given, answer)
        found: dict[str, Any] = answer["data"][name][gives]
        return found

    async def customer(self, key: str) -> str:
        """Whose a record is."""
        text = "MATCH (:SourceRecord {sourceKey: $key})-[:RESOLVES_TO]->(c:Customer) RETURN c.id"
        (found,) = await self.database.read(text, {"key": f"crm:{key}"})
        return str(found)

    async def decide(self, key: str, purpose: str, state: str, **more: Any) -> None:
        """A decision."""
        given = {"customer": await self.customer(key), "purpose": purpose, **more}
        if state == "WITHDRAWN":
            await self.step("withdrawConsent", given, "consent")
        else:
            await self.step("recordConsent", {**given, "state": state}, "consent")

    async def request(self, key: str, kind: str, purposes: list[str] | None = None) -> str:
        """A request that is fulfilled; its id."""
        asked = {"customer": await self.customer(key), "kind": kind, "purposes": purposes}
        made = {"request": (await self.step("makeRequest", asked, "privacyRequest"))["id"]}
        await self.step("proveIdentity", {**made, "method": "IN_PERSON"}, "privacyRequest")
        return str((await self.step("fulfilRequest", made, "privacyRequest"))["id"])

    async def lift(self, request: str) -> None:
        """The end of a restriction."""
        told = {"request": request, "reason": "Checked.", "toldAt": datetime.now(UTC).isoformat()}
        await self.step("liftRestriction", told, "privacyRequest")

    async def settle(self, number: int, *, confirmed: bool) -> None:
        """A person has read a message."""
        text = "MATCH (t:ReviewTask) WHERE t.sourceKey STARTS WITH $key RETURN t.id"
        (task,) = await self.database.read(text, {"key": f"mail:M-{number}:"})
        name = "confirmReview" if confirmed else "dismissReview"
        await self.step(name, {"task": task, "reason": "Read."}, "reviewTask")

    async def merge(self, one: str, other: str) -> str:
        """Two are one; the decision."""
        made = await self.do(MERGE, customer=await self.customer(one), others=[await self.customer(other)])
        return str(made["id"])

    async def undo(self, decision: str) -> None:
        """A decision is taken back."""
        await self.do(UNDO, decision=decision)

    async def split(self, one: str, other: str) -> None:
        """The other's record is another's."""
        text = "MATCH (r:SourceRecord {sourceKey: $key}) RETURN r.id"
        (record,) = await self.database.read(text, {"key": f"crm:{other}"})
        await self.do(SPLIT, customer=await self.customer(one), records=[record])

    async def all_of(self, role: str, shows: str, purpose: str | None = None) -> list[dict[str, Any]]:
        """Every customer that a role sees, page by page."""
        claims = {"regions": ["*"]} if role == "service_rep" else {"project": "p"} if role == "data_scientist" else {}
        headers = {"authorization": f"Bearer {self.issuer.issue(role, subject='x', claims=claims)}"}
        headers |= {"x-purpose": purpose} if purpose else {}
        page = f"pageInfo {{ hasNextPage endCursor }} nodes {{ {shows} }}"
        text = f"query ($a: String) {{ customers(first: 100, after: $a) {{ {page} }} }}"
        found: list[dict[str, Any]] = []
        after = None
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://here") as client:
            while True:
                body = {"query": text, "variables": {"a": after}}
                answer = (await client.post("/graphql", json=body, headers=headers, timeout=120)).json()
                assert "errors" not in answer, answer
                listed = answer["data"]["customers"]
                found += listed["nodes"]
                if not listed["pageInfo"]["hasNextPage"]:
                    return found
                after = listed["pageInfo"]["endCursor"]


def _word(chance: random.Random) -> str:
    """A name that nobody else has."""
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(5)).capitalize()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(
    made_desk: tuple[Path, Assembly],  # noqa: F811  a fixture
    tmp_path: Path,
    database: Database,
) -> AsyncIterator[Histories]:
    """An empty graph, and the application over it."""
    await clear(database)
    folder, assembly = made_desk
    async with Trail(tmp_path / "trail") as trail:
        yield Histories(assembly, LocalIssuer(folder), database, trail)


async def test_a_no_is_not_lost_in_a_merge(desk: Histories) -> None:
    """Of two of whom no silo holds a decision, each decided on the phone: the strictest counts, not the last."""
    history = History(0, random.Random("two persons"))
    people = [one for one in history.records() if isinstance(one, Profile)]
    await desk.load(*people)
    await desk.decide(history.key("B"), "sharing", "REFUSED")
    await desk.decide(history.key("A"), "sharing", "GIVEN")
    await desk.merge(history.key("A"), history.key("B"))
    text = "MATCH (:Customer {id: $id})-[:STANDS]->(s {purpose: 'sharing'}) RETURN s.lawful"
    assert await desk.database.read(text, {"id": await desk.customer(history.key("A"))}) == [False]


@pytest.mark.timeout(0)
@pytest.mark.parametrize("many", [FEW, pytest.param(MANY, marks=pytest.mark.thorough)])
async def test_every_role_may_do_what_the_history_of_each_customer_allows(desk: Histories, many: int) -> None:
    """For every purpose of every customer, and for whom each role sees at all and how."""
    seed = int(os.environ.get("PROVE_SEED", "1"))
    histories = [History(number, random.Random(f"{seed} {number}")) for number in range(many)]
    await desk.load(*(record for one in histories for record in one.records()))
    turn = asyncio.Semaphore(AT_ONCE)

    async def live(history: History) -> None:
        async with turn:
            await history.live(desk)

    await asyncio.gather(*map(live, histories))
    last = max((one.at for one in _of_all(histories) if one.ends), default=0.0)
    await asyncio.sleep(max(0.0, last + SOON - time.time()))  # until what was to end soon has ended
    ids = {key: await desk.customer(key) for one in histories for key in (one.key("A"), one.key("B"))}
    expected = {ids[one.key(name)]: (one, name) for one in histories for name in ("B", "A")}
    await _standings(desk, expected)
    await _sights(desk, expected)


def _of_all(histories: list[History]) -> Iterator[Said]:
    for one in histories:
        yield from one.expected.together or ()
        for each in one.expected.persons.values():
            yield from each.said


async def _standings(desk: Histories, expected: Mapping[str, tuple[History, str]]) -> None:
    shows = "id status standings(first: 20) { nodes { purpose lawful until } }"
    seen = {one["id"]: one for one in await desk.all_of("privacy_officer", shows)}
    assert seen.keys() == expected.keys()
    now = datetime.now(UTC)
    wrong: list[tuple[object, ...]] = []
    for id_, (history, name) in expected.items():
        stands = {
            one["purpose"]: one["lawful"]
            and (one["until"] is None or datetime.fromisoformat(one["until"].replace("[UTC]", "")) > now)
            for one in seen[id_]["standings"]["nodes"]
        }
        for purpose in (*BY_CONSENT, *UNTIL_OBJECTED, *ALWAYS):
            if stands[purpose] is not history.expected.lawful(name, purpose):
                wrong += [(history.number, name, purpose, stands[purpose], history.told)]
        if (seen[id_]["status"] == "RESTRICTED") is not history.expected.restricted(name):
            wrong.append((history.number, name, seen[id_]["status"], history.told))
    assert wrong == []


async def _sights(desk: Histories, expected: Mapping[str, tuple[History, str]]) -> None:
    """Whom roles see that see the lawful alone, and of whom a rep has the whole address."""
    for role, purpose in (
        ("marketer", "marketing.email"),
        ("marketer", "marketing.phone"),
        ("data_scientist", "analytics"),
        ("operations_manager", "operations"),
    ):
        seen = {one["id"] for one in await desk.all_of(role, "id", purpose)}
        may = {
            id_
            for id_, (history, name) in expected.items()
            if history.expected.lawful(name, purpose) and not history.expected.restricted(name)
        }
        assert seen == may, (role, purpose, [expected[id_][0].told for id_ in seen ^ may])
    of_rep = {one["id"]: one["email"] for one in await desk.all_of("service_rep", "id email")}
    assert of_rep.keys() == {id_ for id_, (one, name) in expected.items() if not one.expected.restricted(name)}
    for id_, email in of_rep.items():
        history, name = expected[id_]
        whole = not str(email).startswith("…")
        assert whole is history.expected.lawful(name, "service"), history.told
