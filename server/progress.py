"""What the start is doing, for whoever waits: a live line and a bar on a terminal, plain lines elsewhere."""

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn

WORDS = {"read": "Reading the exports", "write": "Writing the graph", "match": "Finding who is who"}
QUARTERS = 4


class Stages:
    """Sentences and counts, shown on stderr. May be told from another thread."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._said: tuple[str, int] | None = None
        self._live = self._console.is_terminal

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        self.done()

    def tell(self, sentence: str) -> None:
        """Say what is being done."""
        if not self._live:
            print(sentence, file=sys.stderr, flush=True)
            return
        self._show(sentence, None)

    def progress(self, stage: str, done: int, total: int) -> None:
        """Say how much of a stage is done."""
        words = WORDS.get(stage, stage.capitalize())
        if self._live:
            self._show(words, (done, total))
            return
        quarter = QUARTERS * done // max(total, 1)
        if self._said != (stage, quarter):
            self._said = (stage, quarter)
            print(f"{words}: {done} of {total}", file=sys.stderr, flush=True)

    def done(self) -> None:
        """Take the line away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = self._task = None

    def _show(self, words: str, counts: tuple[int, int] | None) -> None:
        if self._bar is None:
            columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=30), MofNCompleteColumn())
            self._bar = Progress(*columns, console=self._console, transient=True)
            self._bar.start()
            self._task = self._bar.add_task(words, total=None)
        assert self._task is not None
        done, total = counts or (0, None)
        self._bar.update(self._task, description=words, completed=done, total=total)
