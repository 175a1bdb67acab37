"""A Neo4j that stands still: what a hanging disk or a paused machine looks like from outside."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS_TO_STOP = 30


@contextmanager
def frozen(pid: int | None) -> Iterator[None]:
    """The process stands still, in all its threads, until the end of the block.

    A signal takes effect when one of the threads is next given a processor: on a busy machine the others go on for a
    while, and answer.
    """
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        ends = time.monotonic() + SECONDS_TO_STOP
        while not all(_stopped(each) for each in Path(f"/proc/{pid}/task").iterdir()):
            assert time.monotonic() < ends, "the process does not stop"
            time.sleep(0.01)
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _stopped(thread: Path) -> bool:
    """By proc(5): the state is the first word after the name in parentheses."""
    try:
        return (thread / "stat").read_text().rpartition(") ")[2][0] in "Tt"
    except FileNotFoundError:
        return True
