"""docs/privacy.md, "One person's way": asked, decided, corrected, taken away, forgotten, back, as the page says it."""

import json
import re
import shlex
import subprocess
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
import pytest_asyncio

from graph.session import Connection, Database
from tests.serving import PATIENT, Served, serving, settings_of
from tests.test_bring_your_own_company import clear, write
from tests.test_cli import COMMAND, SMALL, token

PAGE = (Path(__file__).parents[1] / "docs" / "privacy.md").read_text(encoding="utf-8")
WAY = PAGE.partition("# One person's way\n")[2].partition("\n# ")[0]
STEP = re.compile(
    r"<!-- (?P<role>\w+)(?: for (?P<purpose>\S+))? -->\n```graphql\n(?P<asked>.*?)```\n```json\n(?P<answer>.*?)```"
    r"|```\n(?P<commands>\$ .*?)```",
    re.DOTALL,
)
ELLIPSIS = "…"
OFFICER = "officer-1"
SECONDS = 120.0


@dataclass(slots=True)
class Way:
    """What has been done so far: a server while questions are asked, none while commands are run."""

    folder: Path
    connection: Connection
    ids: dict[str, str] = field(default_factory=dict)
    _served: Served | None = None
    _serving: ExitStack = field(default_factory=ExitStack)

    def step(self, found: re.Match[str]) -> None:
        """Ask or run what the page says, and compare."""
        if found["commands"]:
            self.run(found["commands"])
        else:
            self.ask(found["role"], found["purpose"], found["asked"], json.loads(found["answer"]))

    def ask(self, role: str, purpose: str | None, asked: str, expected: Any) -> None:
        """A question is put until its answer is the page's: the trail and an erasure take seconds. A change once."""
        if self._served is None:
            self._served = self._serving.enter_context(serving(self.folder / "data", self.connection))
        subject = self.ids.get("cus_", "") if role == "customer" else OFFICER
        more = ["--purpose", purpose] if purpose else []
        bearer = token(self.folder / "data", role, "--subject", subject, *more)
        text, answers = self.named(asked), []

        def right() -> bool:
            response = httpx.post(
                f"{self._served.address}/graphql",  # type: ignore[union-attr]
                json={"query": text},
                headers={"authorization": f"Bearer {bearer}"},
                timeout=120,
            )
            answers.append(response.json())
            return "data" in answers[-1] and self.matches(expected, answers[-1]["data"])

        if asked.startswith("mutation"):
            assert right(), (asked, answers)
        else:
            end = monotonic() + SECONDS
            while not right():
                assert monotonic() < end, (asked, answers[-1])
                sleep(0.2)

    def run(self, commands: str) -> None:
        """Each command ends well; what the page shows below it is said in this order."""
        self.stop()
        for part in re.split(r"^\$ ", commands, flags=re.MULTILINE)[1:]:
            line, *shown = part.strip("\n").split("\n")
            program, *words = shlex.split(self.named(line))
            assert program == "customer-graph"
            done = subprocess.run(
                [COMMAND, *words, "--data", "data"],
                cwd=self.folder,
                env={**SMALL, **PATIENT, **settings_of(self.connection)},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, (line, done.stderr)
            said = iter([*done.stdout.splitlines(), *done.stderr.splitlines()])
            for one in map(self.named, shown):
                assert any(self.matches(one, other) for other in said), (line, one, done.stdout, done.stderr)

    def stop(self) -> None:
        """End the server."""
        self._serving.close()
        self._serving, self._served = ExitStack(), None

    def named(self, text: str) -> str:
        """With ids in place of what stands for them."""
        for prefix, value in self.ids.items():
            text = text.replace(prefix + ELLIPSIS, value)
        return text

    def matches(self, expected: Any, found: Any) -> bool:
        """Whether something is what the page shows, where an ellipsis is anything; what is named is remembered."""
        match expected, found:
            case dict(), dict():
                return expected.keys() == found.keys() and all(self.matches(expected[key], found[key]) for key in found)
            case list(), list():
                return len(expected) == len(found) and all(map(self.matches, expected, found))
            case str(), str() if expected == f"digest:{ELLIPSIS}":
                self.ids["digest:"] = found
                return re.fullmatch("[0-9a-f]{64}", found) is not None
            case str(), str() if ELLIPSIS in expected:
                if re.fullmatch(rf"[a-z]{{3}}_{ELLIPSIS}", expected) and found.startswith(expected[:-1]):
                    self.ids[expected[:-1]] = found
                return re.fullmatch(re.escape(expected).replace(ELLIPSIS, ".*"), found) is not None
        return bool(expected == found)


@pytest_asyncio.fixture(loop_scope="session")
async def way(tmp_path: Path, neo4j: Connection, database: Database) -> AsyncIterator[Way]:
    """The company of the other page, loaded, and nothing else in the graph; she who asks is known by her id."""
    await clear(database)
    write(tmp_path)
    on_it = Way(tmp_path, neo4j)
    on_it.run("$ customer-graph load sources --exports exports\nLoaded 15 rows of 8 exports: 3 customers, …")
    asked = '{ customers(where: {name: {eq: "Chloé Martin"}}) { nodes { id } } }'
    on_it.ask("privacy_officer", None, asked, {"customers": {"nodes": [{"id": "cus_…"}]}})
    yield on_it
    on_it.stop()
    await clear(database)


@pytest.mark.asyncio(loop_scope="session")
async def test_one_person_goes_the_whole_way(way: Way) -> None:
    """Every step of the page, and in the end she is somebody else."""
    steps = list(STEP.finditer(WAY))
    assert len(steps) > 20
    assert WAY.count("```") == sum(2 if found["commands"] else 4 for found in steps), "a block that is not tried"
    before = way.ids["cus_"]
    for found in steps:
        way.step(found)
    assert way.ids["cus_"] != before
    assert list((way.folder / "chloe").iterdir()), "the export is there"


@pytest.mark.parametrize(
    ("expected", "found", "right"),
    [
        ({"a": "cus_…"}, {"a": "cus_1"}, True),
        ({"a": "cus_…"}, {"a": "req_1"}, False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        (["a"], ["a", "a"], False),
        ("until …", "until 2029", True),
        ("until …", "from 2029", False),
    ],
)
def test_an_ellipsis_stands_for_what_differs_and_nothing_else(expected: Any, found: Any, right: bool) -> None:
    """Or the page could say anything."""
    assert Way(Path(), Connection("", "", "", "")).matches(expected, found) is right
