"""`python -m bench.resolution`: matching on labelled records, ours and plain Splink in one run."""

import resource
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench.resolution.febrl import Labelled, febrl
from bench.resolution.figures import figures
from bench.resolution.plain import plain
from bench.resolution.scale import PLAIN_FROM, alone, by_ours, by_splink
from bench.resolution.silos import silos, traps
from ingest.match.features import features, identifier
from ingest.match.keys import Key, key_of, shared_handles
from ingest.match.learn import weights_for
from ingest.resolve import resolve

BARS = {"FEBRL 3": 0.999, "FEBRL 4": 0.999, "FEBRL 3 without SSN and birth date": 0.9944}
WIDTH = 130
_MILLION = 1_000_000


def compared(console: Console, data: Labelled, *, families: bool) -> Sequence[Sequence[Key]]:
    """Resolve both ways and print a table; our clusters come back."""
    table = Table("", "precision", "recall", "F1", "seconds", "of ours", title=f"{data.name}: {len(data.profiles):,}")
    started = time.monotonic()
    ours = resolve(data.profiles, weights_for(data.profiles), families=families).clusters
    took = time.monotonic() - started
    _row(table, "ours", ours, data, took, took)
    started = time.monotonic()
    shared = shared_handles({key_of(one): one for one in data.profiles})
    theirs = plain([features(one, shared) for one in data.profiles])
    needed = time.monotonic() - started
    keys = {identifier(key_of(one)): key_of(one) for one in data.profiles}
    for least, found in theirs.items():
        _row(table, f"plain Splink, p >= {least}", [[keys[key] for key in one] for one in found], data, needed, took)
    if bar := BARS.get(data.name):
        table.caption = f"bar: F1 at least {bar}"
    console.print(table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(f"Peak of resident memory so far: {peak:,.0f} MiB")
    return ours


def _row(table: Table, name: str, clusters: Sequence[Sequence[Key]], data: Labelled, took: float, ours: float) -> None:
    found = figures(clusters, data.person)
    shares = (f"{share:.4f}" for share in (found.precision, found.recall, found.f1))
    table.add_row(name, *shares, f"{took:.1f}", f"{took / ours:.2f}")


def shown(console: Console, folder: Path, clusters: Sequence[Sequence[Key]]) -> None:
    """Print what became of the traps."""
    table = Table("pairs", "number", "joined", "share", "bar")
    for trap in traps(folder, clusters):
        bar = "at least 85 %" if trap.same else "at most 2 %"
        table.add_row(trap.kind, f"{trap.pairs}", f"{trap.joined}", f"{trap.joined / trap.pairs:.1%}", bar)
    console.print(table)


def scaled(console: Console, records: int) -> None:
    """Resolve invented records both ways, each in its own process, and print time and memory."""
    title = f"{records:,} synthetic records"
    table = Table(
        "", "precision", "recall", "F1", "seconds", "of the processor", "MiB at most", "of these records", title=title
    )
    for name, measure in (("ours", by_ours), (f"plain Splink, p >= {PLAIN_FROM}", by_splink)):
        found = alone(measure, records)
        shares = (f"{one:.4f}" for one in (found.found.precision, found.found.recall, found.found.f1))
        sizes = (found.wall, found.processor, found.peak, found.records)
        table.add_row(name, *shares, *(f"{one:,.0f}" for one in sizes))
    console.print(table)


def command(
    folder: Annotated[Path | None, typer.Option(help="Exports and answers: export/ and answers/ in it.")] = None,
    records: Annotated[int, typer.Option(min=0, help="So many synthetic records too.")] = 0,
    million: Annotated[bool, typer.Option("--million", help="A million synthetic records too; takes long.")] = False,
    febrl_too: Annotated[bool, typer.Option("--febrl/--no-febrl", help="FEBRL 3 and 4.")] = True,
) -> None:
    """Measure; other jobs on the machine disturb both sides, so of times only ratios mean anything."""
    console = Console(width=max(WIDTH, Console().width))
    if febrl_too:
        # Registers of single persons: no relatives who share a house, so nothing but the probability decides.
        for data in (febrl("FEBRL 3"), febrl("FEBRL 4"), febrl("FEBRL 3", bare=True)):
            compared(console, data, families=False)
    if folder is not None:
        shown(console, folder, compared(console, silos(folder), families=True))
    if records:
        scaled(console, records)
    if million:
        scaled(console, _MILLION)


if __name__ == "__main__":
    typer.run(command)
