"""Rounds: one viewer, two worlds that the viewer must not be able to tell apart, many questions put to both.

The oracle answers from what the viewer may see alone. So whatever agrees with it in both worlds cannot depend on
anything else.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson

from graph.session import Database
from tests.proof.asking import Role, ask, asker, expected, policies, role
from tests.proof.oracle_aggregate import declassifies
from tests.proof.oracle_sight import Asker, Projection, project
from tests.proof.probes import askable
from tests.proof.questions import Question, Writer, pools_of
from tests.proof.steady import drawing, within
from tests.proof.twins import twin
from tests.proof.worlds import UNTIDY, World, store, world

Asked = TypeVar("Asked")


def standpoints() -> list[tuple[str, str]]:
    """Every shipped role with every purpose that it may work for."""
    return [(name, purpose) for name, policy in policies().items() for purpose in policy.said.purposes]


@dataclass(frozen=True, slots=True)
class Difference:
    """A counter-example."""

    seed: int
    kind: str
    question: str
    variables: Mapping[str, Any]
    answers: tuple[bytes, ...]

    def __str__(self) -> str:
        """All of it, so that whoever reads of it can ask again."""
        answers = "\n".join(one.decode() for one in self.answers)
        return f"{self.kind}, round {self.seed}\n{self.question}\n{dict(self.variables)}\n{answers}"


@dataclass(slots=True)
class Outcome:
    """What a round came to. `telling` counts answers that hold at least one node."""

    asked: int = 0
    telling: int = 0
    hidden_changes: int = 0
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Round:
    """A round before it is played."""

    seed: int
    role: Role
    who: Asker
    worlds: tuple[World, World]
    seen: Projection
    hidden_changes: int
    asked: tuple[tuple[Question, Mapping[str, Any]], ...]


def prepare(
    seed: int, name: str, purpose: str, questions: int, askings: int, each: int = 0, share: float = 1.0
) -> Round:
    """Draw the worlds, the viewer and the questions of a round: a share of the probes that fit, and others at random.

    `each` asks for larger worlds than usual: so many nodes of every type, and of customers twice as many;
    and where the model promises one, there are often two.
    """
    of = role(name, purpose)
    # Of some fields groups alone are told, and those need persons to be made of.
    first = world(drawing(seed), each or (8 if of.policy.said.aggregate.by else 3), 0.5 if each else UNTIDY)
    who = asker(drawing(seed, name), first, name, purpose)
    second, changes = twin(drawing(seed, name, purpose), first, of.policy, who)
    pools = pools_of(first, second)
    probes = askable(of.bare)
    if share < 1.0:  # the same ones in every round: a statement is planned once
        probes = [one for one in probes if within(share, name, purpose, one.text)]
    written = [*probes, *(Writer(of.bare, drawing(seed, number)).question() for number in range(questions))]
    asked = tuple(
        (one, one.variables(drawing(seed, one.text, number), pools))
        for one in written
        for number in range(askings if one.slots else 1)
    )
    return Round(seed, of, who, (first, second), project(first, of.policy, who), changes, asked)


MOST_PAGES = 6
AT_ONCE = 4
"""Questions under way at a time: Neo4j plans and runs some while we write and compare others."""


async def play(database: Database, drawn: Round, *, to_the_first: bool = False) -> Outcome:
    """Put every question to the first world and to the oracle, then to the second world."""
    outcome = Outcome(hidden_changes=drawn.hidden_changes)
    asked: list[tuple[str, Mapping[str, Any], bytes]] = []
    await store(database, drawn.worlds[0])
    for some in _together(drawn.asked):
        answered = await asyncio.gather(*(_pages(database, drawn, one.text, given) for one, given in some))
        for text, given, answer in (page for pages in answered for page in pages):
            asked.append((text, given, answer))
            right = expected(drawn.role, drawn.who, drawn.seen, text, given)
            outcome.asked += 1
            outcome.telling += b'id":"' in answer
            if answer != right:
                outcome.differences.append(Difference(drawn.seed, "oracle", text, given, (answer, right)))
                if to_the_first:
                    return outcome
    await store(database, drawn.worlds[1])
    # What groups tell of declassified fields is told on purpose, and compared with the oracle above.
    telling_nothing = [one for one in asked if not declassifies(drawn.role.bare, one[0])]
    for again in _together(telling_nothing):
        answers = await asyncio.gather(*(ask(drawn.role, drawn.who, database, text, given) for text, given, _ in again))
        for (text, given, before), answer in zip(again, answers, strict=True):
            if answer != before:
                outcome.differences.append(Difference(drawn.seed, "twins", text, given, (before, answer)))
                if to_the_first:
                    return outcome
    return outcome


async def _pages(
    database: Database, drawn: Round, text: str, given: Mapping[str, Any]
) -> list[tuple[str, Mapping[str, Any], bytes]]:
    """A question and the pages that follow its answer, one after the other."""
    pages: list[tuple[str, Mapping[str, Any], bytes]] = []
    page: Mapping[str, Any] | None = given
    while page is not None and len(pages) < MOST_PAGES:
        answer = await ask(drawn.role, drawn.who, database, text, page)
        pages.append((text, page, answer))
        page = next_page(text, page, answer)
    return pages


def _together(of: Sequence[Asked]) -> Iterator[Sequence[Asked]]:
    return (of[start : start + AT_ONCE] for start in range(0, len(of), AT_ONCE))


def next_page(text: str, given: Mapping[str, Any], answer: bytes) -> Mapping[str, Any] | None:
    """The values with which the same question asks for the next page; None where there is none or it has no pages."""
    for variable, more, cursor in (("after", "hasNextPage", "endCursor"), ("before", "hasPreviousPage", "startCursor")):
        if f"${variable}:" not in text:
            continue
        shown = orjson.loads(answer)["data"]
        pages = [one["pageInfo"] for one in (shown or {}).values() if one is not None]
        if pages and pages[0][more] and pages[0][cursor]:
            return {**given, variable: pages[0][cursor]}
    return None
