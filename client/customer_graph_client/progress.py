"""Progress: how many rows have come, on a terminal. Nobody knows before the end how many there will be."""

import sys
from collections.abc import Iterable, Iterator

import pyarrow as pa
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


def shown(batches: Iterable[pa.RecordBatch], what: str, *, wanted: bool | None) -> Iterator[pa.RecordBatch]:
    """The batches, counted on stderr where that is a terminal or it is wanted."""
    console = Console(stderr=True, force_terminal=True if wanted else None)
    if wanted is False or (wanted is None and not sys.stderr.isatty()):
        yield from batches
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}  {task.completed:,} rows"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=not wanted) as progress:
        task = progress.add_task(what, total=None)
        for batch in batches:
            progress.advance(task, batch.num_rows)
            yield batch
