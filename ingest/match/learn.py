"""Learns the weights from records alone, by Splink: nobody has to say which belong together.

`u` is counted on pairs drawn at random; `m` comes from expectation maximisation (Winkler 1988) over pairs that agree
on something, in several turns so that every comparison is learned in one that does not block on it. What the records
do not tell (no pair was on a level, a column is empty) is taken from the weights that came with the product.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from ingest.match.features import Features, features
from ingest.match.keys import key_of, shared_handles
from ingest.match.splinked import Engine, duckdb_engine, linker, settings
from ingest.match.weights import DIGITS, Weights, levels, shipped
from ingest.records import Profile

LEARN_FROM = 2000
"""Fewer records than this are matched with the weights that came with the product: too few tell by chance."""
_SEED = 20
_PAIRS = 3e5
_MOST = 2e6
_RECALL = 0.6  # of the certain pairs below, among all that there are; the prior depends on it by little
_LEAST_M, _LEAST_U = 1e-3, 1e-6  # what was never seen among these is not impossible
_CERTAIN = (
    "l.given = r.given AND l.family = r.family AND l.birth = r.birth",
    "l.own_emails[1] = r.own_emails[1] AND l.given = r.given AND l.family = r.family",
    "l.street = r.street AND l.given = r.given AND l.family = r.family",
)
_TURNS = (
    "l.code = r.code",
    "l.given = r.given AND l.family = r.family",
    "l.birth = r.birth",
    "l.own_emails[1] = r.own_emails[1]",
)


def weights_for(profiles: Iterable[Profile]) -> Weights:
    """Weights for these records: learned from them where they are enough, otherwise those that came along."""
    listed = sorted(profiles, key=key_of)
    if len(listed) < LEARN_FROM:
        return shipped()
    shared = shared_handles({key_of(one): one for one in listed})
    return learn([features(one, shared) for one in listed], shipped())


def learn(rows: Sequence[Features], otherwise: Weights | None = None, engine: Engine = duckdb_engine) -> Weights:
    """Learn from records. The same records in the same order give the same weights.

    `otherwise` says what is not learned; without it such a level weighs nothing.
    """
    from splink.internals.exceptions import EMTrainingException

    found = linker(rows, settings(), engine)
    found.training.estimate_probability_two_random_records_match(list(_CERTAIN), recall=_RECALL)
    found.training.estimate_u_using_random_sampling(max_pairs=_PAIRS, seed=_SEED)
    model = found.misc.save_model_to_json()
    for turn in _TURNS:
        try:
            found.training.estimate_parameters_using_expectation_maximisation(turn, max_pairs=_MOST)
            model = found.misc.save_model_to_json()
        except (EMTrainingException, ValueError):
            # No two records agree on it, or all that do are one person: Splink forgets what it was learning.
            found = linker(rows, model, engine)
    return _learned(model, len(rows), otherwise)


def _learned(model: dict[str, Any], records: int, otherwise: Weights | None) -> Weights:
    said = {
        (comparison["output_column_name"], level["label_for_charts"]): level
        for comparison in model["comparisons"]
        for level in comparison["comparison_levels"]
    }
    m: dict[tuple[str, str], float] = {}
    u: dict[tuple[str, str], float] = {}
    for level in levels():
        both = (said.get(level, {}).get("m_probability"), said.get(level, {}).get("u_probability"))
        if None in both:
            both = (otherwise.m[level], otherwise.u[level]) if otherwise else (1.0, 1.0)
        m[level], u[level] = _kept(both[0], _LEAST_M), _kept(both[1], _LEAST_U)
    return Weights(_kept(model["probability_two_random_records_match"], _LEAST_U), m, u, records)


def _kept(value: Any, least: float) -> float:
    return max(round(float(value), DIGITS), least)
