"""Very many records, ours and plain Splink's: each in a process of its own, so that its memory is its own.

Both make the same invented records first. What they hold of them counts for both and is told apart.
"""

import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from bench.resolution.febrl import Labelled
from bench.resolution.figures import Figures, figures
from bench.resolution.plain import plain
from bench.resolution.synthetic import synthetic
from ingest.match.features import features, identifier
from ingest.match.keys import Key, key_of, shared_handles
from ingest.match.learn import weights_for
from ingest.resolve import resolve

PLAIN_FROM = 0.9
"""The threshold of plain Splink's that is shown."""
_MIB = 1024  # kibibytes, in which Linux counts


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds on the clock and of the processor (all threads), and memory at most, in MiB, with the records in it."""

    found: Figures
    wall: float
    processor: float
    peak: float
    records: float


def by_ours(number: int) -> Measured:
    """Weights learned from the records, and the records resolved."""
    return _measured(number, lambda data: resolve(data.profiles, weights_for(data.profiles)).clusters)


def by_splink(number: int) -> Measured:
    """Plain Splink on the same."""
    return _measured(number, _plain)


def alone(measure: Callable[[int], Measured], number: int) -> Measured:
    """Measure in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
        return one.submit(measure, number).result()


def _plain(data: Labelled) -> Sequence[Sequence[Key]]:
    keys = {identifier(key_of(one)): key_of(one) for one in data.profiles}
    shared = shared_handles({key_of(one): one for one in data.profiles})
    found = plain([features(one, shared) for one in data.profiles], (PLAIN_FROM,))
    return [[keys[key] for key in one] for one in found[PLAIN_FROM]]


def _measured(number: int, matched: Callable[[Labelled], Sequence[Sequence[Key]]]) -> Measured:
    data = synthetic(number)
    records, wall, processor = _peak(), time.monotonic(), time.process_time()
    clusters = matched(data)
    wall, processor, peak = time.monotonic() - wall, time.process_time() - processor, _peak()
    return Measured(figures(clusters, data.person), wall, processor, peak, records)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MIB
