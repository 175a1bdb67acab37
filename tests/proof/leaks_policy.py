"""Leaks of policies: faults planted in rules, masks and reveals, each of which the proof must catch."""

from typing import Any

import auth.rule
from tests.proof.planting import Leak


def _long_ago(whole: Any) -> Any:
    """A rule of time that reaches back as far as one can say."""
    return lambda tree: auth.rule.MOST_DAYS


LEAKS_OF_POLICIES: tuple[Leak, ...] = (
    Leak(
        "time_forgotten",
        "what is older than the rule says is not there",
        auth.rule,
        "_days",
        _long_ago,
        ("data_scientist",),
    ),
)
