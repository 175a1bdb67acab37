"""Plain Splink as its tutorials use it: its own comparisons of the library, one threshold, connected components."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from ingest.match.features import Features
from ingest.match.splinked import duckdb_engine, table

THRESHOLDS = (0.5, 0.9, 0.999)


def plain(rows: Sequence[Features], thresholds: Sequence[float] = THRESHOLDS) -> dict[float, list[list[str]]]:
    """Clusters of the records' keys at each threshold."""
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.blocking_rule_library import CustomRule

    logging.getLogger("splink").setLevel(logging.ERROR)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="key",
        comparisons=[
            cl.JaroWinklerAtThresholds("given", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("family", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("birth", [1, 2]),
            cl.ArrayIntersectAtSizes("emails", [1]),
            cl.ArrayIntersectAtSizes("phones", [1]),
            cl.LevenshteinAtThresholds("street", [2]),
            cl.ExactMatch("code"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("given", "family"),
            block_on("birth"),
            block_on("street"),
            CustomRule("l.emails[1] = r.emails[1]"),
            CustomRule("l.phones[1] = r.phones[1]"),
            block_on("code", "family"),
            block_on("code", "given"),
        ],
        retain_matching_columns=False,
    )
    database = duckdb_engine(len(rows))
    linker: Any = Linker(database.register(table(rows)), settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("given", "family", "code"), block_on("given", "family", "birth")], recall=0.6
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=3e5, seed=20)
    for turn in (block_on("code"), block_on("given", "family"), block_on("street")):
        linker.training.estimate_parameters_using_expectation_maximisation(turn, max_pairs=2e6)
    found = linker.inference.predict(threshold_match_probability=min(thresholds))
    columns = found.as_pyarrow_table().select(["key_l", "key_r", "match_probability"]).to_pydict()
    pairs = list(zip(columns["key_l"], columns["key_r"], columns["match_probability"], strict=True))
    keys = [row.key for row in rows]
    return {least: _connected(keys, [(a, b) for a, b, p in pairs if p >= least]) for least in thresholds}


def _connected(keys: Sequence[str], pairs: Sequence[tuple[str, str]]) -> list[list[str]]:
    parent = {key: key for key in keys}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for one, other in pairs:
        parent[root(one)] = root(other)
    found: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        found[root(key)].append(key)
    return list(found.values())
