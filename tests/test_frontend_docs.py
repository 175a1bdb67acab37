"""docs/for-frontend-teams.md: every snippet is taken from a file that the tests run, every command works."""

import re
import shlex
from pathlib import Path

import pytest
from graphql import build_schema

from tests.test_cli import command

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "for-frontend-teams.md").read_text(encoding="utf-8")
SNIPPET = re.compile(r"(?:<!-- (?P<file>\S+) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)```", re.DOTALL)
COMMANDS = [found["text"].strip() for found in SNIPPET.finditer(PAGE) if found["language"] == "sh"]


def test_every_snippet_stands_in_the_file_that_it_names() -> None:
    """As it is, to the blank; commands are tried below."""
    snippets = [found for found in SNIPPET.finditer(PAGE) if found["language"] != "sh"]
    assert len(snippets) > 8
    for found in snippets:
        assert found["file"], found["text"]
        assert found["text"] in (ROOT / found["file"]).read_text(encoding="utf-8"), found["text"]


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_gives_a_schema(line: str) -> None:
    """One role's, or that of several together."""
    program, *words = shlex.split(line.partition(">")[0])
    assert program == "customer-graph"
    printed = command(*words)
    assert printed.returncode == 0, printed.stderr
    assert build_schema(printed.stdout).query_type is not None
