"""Durable: what was written, renamed or removed is on the disk before somebody relies on it."""

import os
from pathlib import Path


def on_disk(path: Path) -> None:
    """A file's bytes, or what a folder names, are on the disk on return. Raises OSError."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
