"""What documents say of the code is so: tests, decisions and files that they name are there."""

import re
from pathlib import Path

import pytest

from tests.proof.leaks import LEAKS

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TESTS = {
    name
    for file in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"def (test_\w+)", file.read_text("utf-8"))
}
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


def by_place(document: Path) -> str:
    """The path of a document, as a test's name."""
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_place)
def test_a_test_that_is_named_is_there(document: Path) -> None:
    """A defence whose test has gone is a claim without a proof."""
    assert set(re.findall(r"`(test_\w+)`", document.read_text("utf-8"))) <= TESTS


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_place)
def test_a_link_leads_somewhere(document: Path) -> None:
    """Within the project: to a file or a folder."""
    links = LINK.findall(document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_planted_leaks_that_are_named_are_planted() -> None:
    """In the table of threats, behind the word planted."""
    text = (ROOT / "docs" / "security-model.md").read_text("utf-8")
    named = {name for row in re.findall(r"planted: ([^|\n]+)", text) for name in re.findall(r"`(\w+)`", row)}
    assert len(named) > 15
    assert named <= {leak.name for leak in LEAKS}
