"""Errors: every one documented, with a code that nothing else has and words that help."""

import re
from pathlib import Path

from schema.errors import STAGES, CustomerGraphError, every_error, page

ROOT = Path(__file__).parents[1]


def test_the_documented_errors_are_the_real_ones() -> None:
    """docs/errors.md is written by: python -m schema.errors."""
    assert page() == (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")


def test_every_error_has_a_code_of_its_own_and_is_on_the_page() -> None:
    """Stage by stage; a stage without a title would not be listed."""
    errors: list[type[CustomerGraphError]] = [CustomerGraphError, *every_error()]
    codes = [error.code for error in errors]
    assert len(set(codes)) == len(codes)
    for error in errors:
        assert re.fullmatch(r"CG\d{3}", error.code)
        assert error is CustomerGraphError or error.code[2] in STAGES
        assert page().count(f"| `{error.code}` | {error.__name__} |") == 1
        assert "|" not in f"{error.__doc__}{error.advice}"


def test_every_error_says_when_and_what_to_do() -> None:
    """In sentences, and the same for everyone: nothing is filled in."""
    for error in every_error():
        assert error.__doc__ is not None
        assert error.__doc__ != CustomerGraphError.__doc__
        assert re.search(r"[.\w]$", error.advice.strip())
        assert not re.search(r"[{}%]", error.advice)
