"""The same pairs weighed in memory, as the product does, and by Splink in its engine: both have to say the same."""

from collections.abc import Iterable, Sequence
from typing import Any

from ingest.match.features import Features
from ingest.match.score import Scorer
from ingest.match.splinked import Engine, duckdb_engine, linker, settings
from ingest.match.weights import Weights, frequencies

Weighed = tuple[str, str, float]
"""Two records and their match weight, in bits."""


def in_memory(rows: Sequence[Features], pairs: Iterable[tuple[str, str]], weights: Weights) -> list[Weighed]:
    """The weight of each pair."""
    scorer, by = Scorer(weights, frequencies(rows)), {row.key: row for row in rows}
    return [(one, other, scorer.weight(by[one], by[other])) for one, other in pairs]


def by_splink(
    rows: Sequence[Features], weights: Weights, least: float, engine: Engine = duckdb_engine
) -> list[Weighed]:
    """The pairs of the rows' blocks that weigh at least so much, in the order of keys."""
    found: Any = linker(rows, settings(weights), engine).inference.predict(threshold_match_weight=least)
    columns = found.as_pyarrow_table().select(["key_l", "key_r", "match_weight"]).to_pydict()
    pairs = zip(columns["key_l"], columns["key_r"], columns["match_weight"], strict=True)
    return sorted((min(a, b), max(a, b), weight) for a, b, weight in pairs)
