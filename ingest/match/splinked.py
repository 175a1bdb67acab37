"""Splink's side: the model as its settings, the records as its table, and an engine to count in.

The engine is DuckDB, in this process and without the network. Another one that Splink knows (Spark, for very many
records) takes its place by another Engine: the settings are the same, but for functions of strings and lists that are
named as DuckDB names them in `ingest.match.levels`.
"""

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ingest.match.features import COLUMNS, Features
from ingest.match.levels import COMPARISONS, ELSE, Comparison
from ingest.match.weights import Weights

if TYPE_CHECKING:
    from splink import Linker

Engine = Callable[[int], Any]
"""Makes a database of Splink's for so many records."""

_ALONE = 200_000  # up to so many records one thread counts: sums come out the same from run to run


def duckdb_engine(records: int) -> Any:
    """A DuckDB in memory."""
    import duckdb
    from splink import DuckDBAPI

    config: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    if records <= _ALONE:
        config["threads"] = 1
    return DuckDBAPI(duckdb.connect(":memory:", config=config))


def linker(rows: Sequence[Features], settings: dict[str, Any], engine: Engine) -> "Linker":
    """A linker of Splink's over these records."""
    from splink import Linker

    logging.getLogger("splink").setLevel(logging.ERROR)  # it tells of the data, and at length
    database = engine(len(rows))
    return Linker(database.register(table(rows)), settings, log_level=logging.ERROR)


def table(rows: Sequence[Features]) -> Any:
    """The records as an Arrow table, column by column: a million of them as dictionaries would take gigabytes."""
    import pyarrow as pa

    lists, numbers = (
        {"forms", "emails", "own_emails", "locals", "phones", "own_phones", "references", "blocks"},
        {"lost"},
    )
    types = {name: pa.list_(pa.string()) if name in lists else pa.string() for name in COLUMNS}
    types |= {name: pa.int32() for name in numbers}
    return pa.table({name: pa.array([getattr(row, name) for row in rows], kind) for name, kind in types.items()})


def settings(weights: Weights | None = None) -> dict[str, Any]:
    """The model as Splink's settings: to be trained, or with what was learned."""
    from splink import block_on

    found: dict[str, Any] = {
        "link_type": "dedupe_only",
        "unique_id_column_name": "key",
        "comparisons": [_comparison(one, weights) for one in COMPARISONS.values()],
        "blocking_rules_to_generate_predictions": [block_on("blocks", arrays_to_explode=["blocks"])],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "max_iterations": 50,
    }
    return found | ({"probability_two_random_records_match": weights.prior} if weights else {})


def _comparison(comparison: Comparison, weights: Weights | None) -> dict[str, Any]:
    null: dict[str, Any] = {
        "sql_condition": comparison.null.sql,
        "label_for_charts": comparison.null.name,
        "is_null_level": True,
    }
    levels: list[dict[str, Any]] = [
        {"sql_condition": one.sql, "label_for_charts": one.name}
        | ({"tf_adjustment_column": one.term} if one.term else {})
        for one in comparison.levels
    ]
    levels.append({"sql_condition": "ELSE", "label_for_charts": ELSE})
    if weights:
        for level in levels:
            at = comparison.name, str(level["label_for_charts"])
            level |= {"m_probability": weights.m[at], "u_probability": weights.u[at]}
    return {"output_column_name": comparison.name, "comparison_levels": [null, *levels]}
