"""Files for their owner alone, whole or not at all: keys and what else must never be seen half written."""

import os
import secrets
from pathlib import Path


def write_once(path: Path, text: str) -> None:
    """Write a file unless another process was faster. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = _beside(path, text)
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink(missing_ok=True)


def write_over(path: Path, text: str) -> None:
    """Replace a file in one step. Raises OSError."""
    _beside(path, text).replace(path)


def _beside(path: Path, text: str) -> Path:
    """A durable new file next to the path."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return fresh
