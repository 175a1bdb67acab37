"""Matching on labelled records: FEBRL's hold their bars, and the figures are what they are called."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.resolution.febrl import febrl
from bench.resolution.figures import figures
from bench.resolution.plain import THRESHOLDS, plain
from bench.resolution.scale import Measured, alone, by_ours, by_splink
from bench.resolution.silos import Trap, traps
from bench.resolution.synthetic import synthetic
from ingest.match.features import features
from ingest.match.keys import key_of, shared_handles
from ingest.match.learn import weights_for
from ingest.resolve import resolve

A, B, C, D = (("x", letter) for letter in "ABCD")


@pytest.mark.parametrize(
    ("name", "bare", "least"),
    [
        ("FEBRL 3", False, 0.999),
        pytest.param("FEBRL 4", False, 0.999, marks=pytest.mark.thorough),
        pytest.param("FEBRL 3", True, 0.9944, marks=pytest.mark.thorough),
    ],
)
def test_febrl_holds_its_bar(name: str, bare: bool, least: float) -> None:
    """Learned from the records alone. Registers of single persons: the probability decides."""
    data = febrl(name, bare=bare)
    assert len(data.person) == len(data.profiles) >= 5000
    found = resolve(data.profiles, weights_for(data.profiles), families=False)
    assert figures(found.clusters, data.person).f1 >= least


def test_figures_count_pairs() -> None:
    """One of two said pairs is right, one of three real ones is found."""
    found = figures([(A, B, C), (D,)], {A: "1", B: "1", C: "2", D: "1"})
    assert (round(found.precision, 3), round(found.recall, 3), round(found.f1, 3)) == (0.333, 0.333, 0.333)
    assert figures([(A,), (B,)], {A: "1", B: "2"}).f1 == 1.0


def test_traps_are_counted_by_kind(tmp_path: Path) -> None:
    """Pairs of strangers that were joined and pairs of one person that were."""
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "traps.csv").write_text(
        "kind,source_a,record_a,source_b,record_b,same_person\n"
        "twins,x,A,x,B,0\ntwins,x,A,x,C,0\nmoved,x,C,x,D,1\n",
        encoding="utf-8",
    )  # fmt: skip
    assert traps(tmp_path, [(A, B), (C, D)]) == [Trap("moved", True, 1, 1), Trap("twins", False, 2, 1)]


def test_invented_records_are_resolved() -> None:
    """What is invented is easy."""
    data = synthetic(1500)
    assert len(data.person) == len(data.profiles) >= 1500
    found = figures(resolve(data.profiles, weights_for(data.profiles)).clusters, data.person)
    assert found.precision > 0.99
    assert found.recall > 0.9


@pytest.mark.parametrize("measure", [by_ours, pytest.param(by_splink, marks=pytest.mark.thorough)])
def test_time_and_memory_are_those_of_a_process_alone(measure: Callable[[int], Measured]) -> None:
    """What it holds at most has the records in it; it finds what is easy."""
    found = alone(measure, 1500)
    assert found.found.precision > 0.99
    assert found.peak >= found.records > 0
    assert found.processor > 0 < found.wall


@pytest.mark.thorough
def test_plain_splink_runs_beside_ours() -> None:
    """Its clusters at each threshold hold every record once, and fewer pairs the higher it is."""
    data = febrl("FEBRL 3")
    shared = shared_handles({key_of(one): one for one in data.profiles})
    found = plain([features(one, shared) for one in data.profiles])
    assert tuple(found) == THRESHOLDS
    assert all(sum(map(len, clusters)) == len(data.profiles) for clusters in found.values())
    assert [len(found[least]) for least in THRESHOLDS] == sorted(len(found[least]) for least in THRESHOLDS)
