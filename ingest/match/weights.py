"""What was learned about matching: a small versioned file, without any record's values in it.

For each level of each comparison `m` is its probability among records of one person and `u` among two at random
(Fellegi and Sunter 1969). `prior` is the probability that two records at random are one person. How often each name
occurs is personal data and no part of it: frequencies are counted from the records, each time.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ingest.match.features import Features
from ingest.match.levels import COMPARISONS, ELSE

VERSION = 1
SHIPPED = Path(__file__).parent / "weights.json"
DIGITS = 8
"""Digits that are kept: sums in another order differ in the sixteenth, and must not change what is learned."""


@dataclass(frozen=True, slots=True)
class Weights:
    """`m` and `u` by comparison and level. `records` is how many they were learned from."""

    prior: float
    m: Mapping[tuple[str, str], float]
    u: Mapping[tuple[str, str], float]
    records: int = 0

    def bits(self, comparison: str, level: str) -> float:
        """The weight of a level, in bits: log2(m / u)."""
        return math.log2(self.m[comparison, level] / self.u[comparison, level])

    @property
    def start(self) -> float:
        """What counts before anything is compared: the log odds of the prior, in bits."""
        return math.log2(self.prior / (1 - self.prior))


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How often a term occurs among all records that have one, by column."""

    of: Mapping[str, Mapping[str, float]]

    def share(self, column: str, term: str) -> float | None:
        """The share of a term, or None where it was never counted."""
        return self.of[column].get(term)


TERMS = tuple(level.term for one in COMPARISONS.values() for level in one.levels if level.term)


def frequencies(rows: Iterable[Features]) -> Frequencies:
    """Count how often names occur."""
    counted: dict[str, Counter[str]] = {column: Counter() for column in TERMS}
    for row in rows:
        for column in TERMS:
            if term := getattr(row, column):
                counted[column][term] += 1
    return Frequencies(
        {column: {term: n / terms.total() for term, n in terms.items()} for column, terms in counted.items()}
    )


def levels() -> list[tuple[str, str]]:
    """Every comparison and level, `else` included."""
    return [(one.name, name) for one in COMPARISONS.values() for name in (*(x.name for x in one.levels), ELSE)]


def dump(weights: Weights) -> str:
    """The weights as the text of a file."""
    learned = {
        one.name: {
            name: {"m": weights.m[one.name, name], "u": weights.u[one.name, name]}
            for name in (*(level.name for level in one.levels), ELSE)
        }
        for one in COMPARISONS.values()
    }
    content = {"version": VERSION, "records": weights.records, "prior": weights.prior, "comparisons": learned}
    return json.dumps(content, indent=2) + "\n"


def parse(text: str) -> Weights:
    """The weights in the text of a file. Raises ValueError for another version or other levels than these."""
    content: dict[str, Any] = json.loads(text)
    if content.get("version") != VERSION:
        raise ValueError(f"These weights are not of version {VERSION}: learn them anew.")
    learned = {(one, name): value for one, found in content["comparisons"].items() for name, value in found.items()}
    if list(learned) != levels():
        raise ValueError("These weights were learned with other comparisons: learn them anew.")
    return Weights(
        content["prior"],
        {level: value["m"] for level, value in learned.items()},
        {level: value["u"] for level, value in learned.items()},
        content["records"],
    )


@cache
def shipped() -> Weights:
    """The weights that come with the product, learned from its sample company."""
    return parse(SHIPPED.read_text(encoding="utf-8"))
