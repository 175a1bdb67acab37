"""The trail says who was shown what about whom: compared with what the oracle resolved, field by field.

Complete: whatever the oracle resolved of a node is on record for one of those whom the node is about. Sound: whatever
is on record was resolved. Shared nodes may be about several; those on the way to them are on record.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

import graph.plan
import resolvers.disclose
from graph.session import Database
from resolvers.cursor import Sealer
from resolvers.prepare import Plans
from schema.model import MODEL
from tests.keeping import Kept
from tests.proof.asking import CIPHER, request, unfailed
from tests.proof.oracle import Answerer
from tests.proof.oracle_sight import Seen
from tests.proof.rounds import Round, prepare
from tests.proof.worlds import Entity, World, store

Told = set[tuple[str, str]]
MOST_ROUNDS_FOR_A_GAP = 12
SHARE = 0.3  # of the probes: what is planned anew takes most of the time


@dataclass(frozen=True, slots=True)
class Watched(Answerer):
    """The oracle, which also notes what it was asked for of which node: (id, field).

    Of an empty masked field it cannot tell whether it is empty or withheld: that may be on record, and need not.
    What was neither coarser nor withheld is `whole`.
    """

    told: Told = field(default_factory=set)
    perhaps: Told = field(default_factory=set)
    whole: Told = field(default_factory=set)

    def of_node(self, node: Seen, name: str, info: Any, arguments: dict[str, Any]) -> Any:
        """One field of one node."""
        nothing = name in dict(node.withheld) and node.shown[name] is None
        if name != "_withheld":
            (self.perhaps if nothing else self.told).add((node.id, f"{node.type}.{name}"))
            if name not in dict(node.withheld):
                self.whole.add((node.id, f"{node.type}.{name}"))
        return Answerer.of_node(self, node, name, info, arguments)


def owners(world: World, one: Entity) -> set[str]:
    """Whom a node is about."""
    if one.type == "Customer":
        return {one.id}
    subject = MODEL[one.type].subject
    return set() if subject is None else {id_ for up in world.follow(one, subject) for id_ in owners(world, up)}


async def on_record(database: Database, drawn: Round, text: str, given: Mapping[str, Any]) -> Kept:
    """What the product records of one question."""
    kept = Kept()
    asked = request(drawn.role, drawn.who, database)
    asked.trail = kept
    asked.plans = Plans()
    unfailed(await drawn.role.schema.execute(text, dict(given), context_value=asked))
    return kept


def resolved(drawn: Round, text: str, given: Mapping[str, Any]) -> tuple[Told, Told, Told]:
    """What the oracle resolves of one question for certain, what at the most, and what of it as it is."""
    viewer = (drawn.who.subject, drawn.role.policy.role, drawn.who.purpose)
    sealer = lambda values: Sealer(CIPHER, viewer, values)  # noqa: E731  as the oracle takes it
    watched = Watched(drawn.role.bare, drawn.seen, drawn.who, drawn.role.policy.role, sealer)
    watched.answer(text, given)
    return watched.told, watched.told | watched.perhaps, watched.whole


def recorded(kept: Kept, *, masked: bool = True) -> Iterator[tuple[str, str]]:
    """Pairs of subject and field; what is about nobody has the subject ''. With or without what was shown coarser."""
    for disclosure in kept.disclosures:
        for answered in disclosure.answers:
            for shown in answered.shown:
                for subject in shown.subjects or ("",):
                    yield from ((subject, name) for name in (*shown.fields, *(shown.masked if masked else ())))


async def fault(database: Database, drawn: Round) -> tuple[str, int]:
    """The first question of which too little or too much is on record, empty where there is none; and how much was
    compared.
    """
    world = drawn.worlds[0]
    await store(database, world)
    compared = 0
    for question, given in drawn.asked:
        kept = await on_record(database, drawn, question.text, given)
        found = set(recorded(kept))
        told, most, whole = resolved(drawn, question.text, given)
        compared += len(told)
        for id_, what in told:
            about = owners(world, world.entities[id_])
            subjects = {subject for subject, field_ in found if field_ == what}
            if not (subjects & about if about else subjects):
                return f"{what} is not on record: {question.text}", compared
        for (subject, what), of in [
            *((one, most) for one in found),
            *((one, whole) for one in recorded(kept, masked=False)),
        ]:
            whose = [owners(world, world.entities[id_]) for id_, field_ in of if field_ == what]
            if not what.endswith(".totalCount") and not any(not about or subject in ("", *about) for about in whose):
                return f"{what} was not shown of {subject}, or not as it is: {question.text}", compared
    return "", compared


STANDPOINTS = [
    ("service_rep", "service"),
    ("privacy_officer", "privacy"),
    ("customer", "self"),
    ("marketer", "marketing.email"),
]


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize(
    "seed", [0, pytest.param(2, marks=pytest.mark.thorough)]
)  # worlds in which each of these roles is told enough
@pytest.mark.parametrize(("name", "purpose"), STANDPOINTS)
async def test_what_is_shown_is_on_record(database: Database, name: str, purpose: str, seed: int) -> None:
    """Neither less nor more, over generated worlds and questions."""
    found, compared = await fault(database, prepare(seed, name, purpose, 6, 3, share=SHARE))
    assert found == ""
    assert compared > 10


def _nothing_masked(whole: Any) -> Any:
    return lambda leg, holds: replace(whole(leg, holds), masked=())


def _no_edges(whole: Any) -> Any:
    return lambda leg, holds: whole(replace(leg, branches=()), holds)


def _first_rows(whole: Any) -> Any:
    return lambda self, rows: whole(self, rows[:1])


def _always_as_above(whole: Any) -> Any:
    return lambda self, above: whole(self, above) if above is None else None


def _conditions_hold(whole: Any) -> Any:
    return lambda leg, holds: whole(leg, dict.fromkeys(holds, True))


GAPS = (
    ("masked fields are forgotten", resolvers.disclose, "_told", _nothing_masked, "id email phone _withheld"),
    ("edges are forgotten", resolvers.disclose, "_told", _no_edges, "household {"),
    ("only the first row is looked at", resolvers.disclose.Discloser, "shown", _first_rows, "[{name: ASC}]"),
    (
        "what hangs below is about whom the row above is about",
        graph.plan._Leg,
        "about",
        _always_as_above,
        "reviewTasks(first: 50)",
    ),
    ("conditions are taken to hold", resolvers.disclose, "_told", _conditions_hold, "nodes { id birthDate"),
)
"""Each shows in questions that hold the words named last."""


@pytest.mark.timeout(0)
@pytest.mark.asyncio
@pytest.mark.parametrize(("what", "where", "name", "by", "words"), GAPS, ids=[gap[0].replace(" ", "_") for gap in GAPS])
async def test_a_gap_in_the_record_is_found(
    database: Database, monkeypatch: pytest.MonkeyPatch, what: str, where: Any, name: str, by: Any, words: str
) -> None:
    """The same comparison finds every gap that is made on purpose."""
    monkeypatch.setattr(where, name, by(getattr(where, name)))
    for seed in range(MOST_ROUNDS_FOR_A_GAP):
        drawn = prepare(101 + seed, "service_rep", "service", 0, 3)
        asked = tuple(one for one in drawn.asked if words in one[0].text)
        found, _ = await fault(database, replace(drawn, asked=asked))
        if found:
            return
    pytest.fail(f"nobody noticed that {what}")
