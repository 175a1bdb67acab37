"""What each golden question costs on the sample company: database hits for each row that it gives, with a ceiling.

Ceilings are agreed like the statements (`make agree`), with four times as much as room, for ids differ from load to
load and with them how far a list walks its index until the page is full. A plan that begins to scan costs tens of times
as much and does not fit. A question without a row for a role costs what it costs as a whole.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

import orjson
import pytest

from graph.session import Database, Profile
from tests.golden_cases import CURSOR, ROLES, Compiled, Question, by_name, compiled, questions, request_of, schema_of
from tests.sample import Sample

pytest_plugins = ["tests.sample"]

HEAD_ROOM = 4
KNOWN: dict[tuple[str, str], Mapping[str, Profile]] = {}
STEPS = (1, 1.5, 2, 3, 4, 5, 6, 8)
WRITING = re.compile("Create|Merge|Set|Remove|Delete|Foreach|Drop|Load")
PROCEDURE = re.compile(r"CALL\s+([\w.]+)\(")
READING = {"db.index.fulltext.queryNodes"}
"""The procedures that are called; all of them only read."""


@dataclass(slots=True)
class Profiler:
    """Stands between the resolvers and the database, and has everything profiled that passes."""

    database: Database
    seen: dict[str, Profile] = field(default_factory=dict)

    async def read(self, text: str, parameters: Mapping[str, Any], timeout: float | None = None) -> list[Any]:
        """The first column of every row."""
        self.seen[text] = await self.database.profile(text, parameters)
        return self.seen[text].rows


def rows_in(value: object) -> int:
    """How many nodes stand in what a statement gave, at every depth."""
    match value:
        case Mapping():
            return 1 + sum(rows_in(one) for one in value.values())
        case list():
            return sum(rows_in(one) for one in value)
        case _:
            return 0


def stepped(hits: float) -> float:
    """The ceiling for a cost: with head-room, rounded up to a step."""
    wanted, scale = hits * HEAD_ROOM, 1
    while wanted > 10 * scale:
        scale *= 10
    return next(step * scale for step in (*STEPS, 10) if step * scale >= wanted)


async def profiled(question: Question, role: str, sample: Sample) -> Mapping[str, Profile]:
    """The question asked as production asks it, with every statement profiled, by its text; once a run."""
    if (known := KNOWN.get((question.name, role))) is not None:
        return known
    seen = Profiler(sample.database)
    variables = sample.filled(question.variables)
    marks = {name: int(mark[1]) for name, value in variables.items() if (mark := CURSOR.match(str(value)))}
    request = request_of(role, sample.database, sample.found["busiest"])
    if marks:
        first = await schema_of(role).execute(question.text, variables | dict.fromkeys(marks), context_value=request)
        assert first.errors is None
        cursors = list(cursors_in(first.data))
        variables |= {name: cursors[min(index, len(cursors) - 1)] for name, index in marks.items()}
    request.database = seen
    answer = await schema_of(role).execute(question.text, variables, context_value=request)
    assert not answer.errors, answer.errors
    return KNOWN.setdefault((question.name, role), seen.seen)


def cursors_in(value: object) -> list[str]:
    """The cursors of an answer's edges, in order."""
    match value:
        case Mapping():
            here = [value["cursor"]] if isinstance(value.get("cursor"), str) else []
            return here + [found for one in value.values() for found in cursors_in(one)]
        case list():
            return [found for one in value for found in cursors_in(one)]
        case _:
            return []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "question",
    [pytest.param(one, marks=pytest.mark.thorough if odd % 2 else []) for odd, one in enumerate(questions())],
    ids=by_name,
)
async def test_a_question_stays_under_its_ceiling(question: Question, sample: Sample, agree: bool) -> None:
    """For every role that may ask it: what was agreed is what runs, it only reads, and it costs what it may."""
    file = question.folder / "ceilings.json"
    answering = {role: made for role in ROLES if isinstance(made := compiled(question, role), Compiled)}
    found = {role: await profiled(question, role, sample) for role in answering}
    costs: dict[str, float] = {}
    for role, made in answering.items():
        assert set(found[role]) == set(made.texts)
        profiles = found[role].values()
        assert {name for profile in profiles for name in profile.operators if WRITING.search(name)} == set()
        assert {name for text in made.texts for name in PROCEDURE.findall(text)} <= READING
        rows = sum(rows_in(profile.rows) for profile in profiles)
        costs[role] = sum(profile.hits for profile in profiles) / max(rows, 1)
    if agree:
        ceilings = {role: stepped(cost) for role, cost in costs.items()}
        file.write_bytes(orjson.dumps(ceilings, option=orjson.OPT_INDENT_2) + b"\n")
    agreed = orjson.loads(file.read_bytes())
    assert set(agreed) == set(answering)
    assert {role: cost for role, cost in costs.items() if cost > agreed[role]} == {}


@pytest.mark.asyncio
async def test_a_statement_that_writes_would_be_seen(sample: Sample) -> None:
    """The plan of a statement tells whether it writes, also where it finds nothing to write to."""
    for writing in ("SET x.y = 1", "REMOVE x.y", "DETACH DELETE x", "MERGE (x)-[:Z]->(:Z)", "CREATE (:Z)"):
        profile = await sample.database.profile(f"MATCH (x:Nothing) {writing} RETURN 1")
        assert profile.rows == []
        assert any(WRITING.search(name) for name in profile.operators)


@pytest.mark.asyncio
async def test_the_sample_answers_the_questions(sample: Sample) -> None:
    """A ceiling over nothing would prove nothing: who sees most finds something for every question."""
    role = "privacy_officer"
    empty = []
    for question in questions():
        if isinstance(made := compiled(question, role), Compiled) and made.texts:
            profiles = (await profiled(question, role, sample)).values()
            empty += [] if any(rows_in(profile.rows) for profile in profiles) else [question.name]
    assert empty == []


@pytest.mark.asyncio
async def test_a_scan_would_break_through_a_ceiling(sample: Sample) -> None:
    """The same question without its index costs more than ten times as much."""
    (question,) = (one for one in questions() if one.name == "order-by-number")
    ((text, profile),) = (await profiled(question, "privacy_officer", sample)).items()
    scanning = text.replace("n.number = ", "n.number + '' = ")
    assert scanning != text
    slow = await sample.database.profile(scanning, _parameters(sample, text))
    assert slow.rows == profile.rows
    assert slow.hits > 10 * profile.hits


def _parameters(sample: Sample, text: str) -> dict[str, Any]:
    return {"p0": sample.found["order_number"], "p1": 2, "p2": 21, "p3": 21}


def test_ceilings_have_head_room() -> None:
    """Four times as much, and never less than one."""
    assert [ceil(stepped(cost)) for cost in (0, 1, 10, 100, 101, 333)] == [1, 4, 40, 400, 500, 1500]
