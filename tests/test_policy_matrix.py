"""What each shipped role has of each field, agreed as one table: the difference of a change shows who gains what."""

import subprocess
import sys
from pathlib import Path

from tests.golden_cases import GOLDEN

MATRIX = GOLDEN / "policy-matrix.txt"


def test_the_matrix_is_what_was_agreed(agree: bool) -> None:
    """As the command prints it, to the letter."""
    told = subprocess.run(
        [sys.executable, "-c", "from server.cli import main; main()", "policy", "matrix"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        cwd=Path(__file__).parents[1],
    ).stdout
    if agree:
        MATRIX.write_text(told, encoding="utf-8")
    assert MATRIX.exists(), "The matrix is not agreed yet: make agree, and read the difference."
    assert told == MATRIX.read_text(encoding="utf-8")
    assert "AccessRecord.viewer" in told
