"""A lock on a folder, held by one process for as long as it has the file open. It says who has it."""

import fcntl
import os
from pathlib import Path
from typing import IO

from schema.errors import DataFolderBusy


def lock(file: Path, folder: Path) -> IO[str]:
    """Take a folder for this process; closing the file, or the end of the process, gives it back.

    Raises DataFolderBusy, which names the folder and the process that has it.
    """
    held = open(file, "a+", encoding="ascii", opener=_for_the_owner)  # noqa: SIM115  held open on purpose
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.seek(0)
        owner = held.read().strip() or "unknown"
        held.close()
        raise DataFolderBusy(
            f"The data folder {folder} is in use by process {owner}. Stop it or name another folder with --data."
        ) from None
    held.truncate(0)
    held.write(str(os.getpid()))
    held.flush()
    return held


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
