"""The running server's note in its data folder: where it listens. Other commands find it there."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "server.json"


@dataclass(frozen=True, slots=True)
class Running:
    """A server at work: its process, when that began (epoch seconds), and its address."""

    pid: int
    since: float
    address: str


def note(data: Path, address: str) -> None:
    """Leave the note; whole or not at all."""
    import psutil

    mine = Running(os.getpid(), psutil.Process().create_time(), address)
    fresh = data / f".{FILE}.{mine.pid}"
    fresh.write_text(json.dumps(asdict(mine)), encoding="utf-8")
    fresh.replace(data / FILE)


def remove(data: Path) -> None:
    """Take the note away, if it is ours."""
    found = _read(data)
    if found is not None and found.pid == os.getpid():
        (data / FILE).unlink(missing_ok=True)


def running(data: Path) -> Running | None:
    """The server that works on this data folder; None for a note that a killed one left behind."""
    import psutil

    found = _read(data)
    try:
        if found is not None and abs(psutil.Process(found.pid).create_time() - found.since) < 1:
            return found
    except psutil.Error:
        pass
    return None


def _read(data: Path) -> Running | None:
    try:
        return Running(**json.loads((data / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
