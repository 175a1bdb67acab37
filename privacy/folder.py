"""Folders of an export: for their owner alone, never written over, and whole or not there at all.

All is written into a folder of another name beside the wanted one. The manifest comes last, and then one rename.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from graph.durable import on_disk
from schema.errors import ExportFolderTaken

MANIFEST = "manifest.json"
UNFINISHED = ".unfinished"


@dataclass(slots=True)
class Written:
    """One file under way: what is written into it is counted and hashed."""

    file: BinaryIO
    digest: Any = field(default_factory=hashlib.sha256)
    size: int = 0
    records: int = 0

    def write(self, text: str | bytes) -> int:
        """Write text as UTF-8, or bytes. csv.writer takes this for a file."""
        data = text.encode("utf-8", "replace") if isinstance(text, str) else text
        self.file.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)


@dataclass(slots=True)
class Folder:
    """A folder under way."""

    path: Path
    files: dict[str, Written] = field(default_factory=dict)

    def file(self, name: str) -> Written:
        """A new file of the folder; `/` in its name makes folders."""
        path = self.path / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        opened = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self.files[name] = made = Written(opened)
        return made

    def close(self) -> None:
        """Make every file durable."""
        for one in self.files.values():
            one.file.flush()
            os.fsync(one.file.fileno())
            one.file.close()

    def seal(self, said: Mapping[str, Any]) -> None:
        """Close the files, and say of each what it holds."""
        self.close()
        listed = [
            {"name": name, "sha256": one.digest.hexdigest(), "bytes": one.size, "records": one.records}
            for name, one in sorted(self.files.items())
        ]
        manifest = Folder(self.path)
        manifest.file(MANIFEST).write(orjson.dumps({**said, "files": listed}, option=orjson.OPT_INDENT_2) + b"\n")
        manifest.close()


@contextmanager
def folder(target: Path) -> Iterator[Folder]:
    """A folder that has its name once the block has sealed it; after any other end nothing of it is left.

    Raises ExportFolderTaken where something is there already, and where the folder cannot be made.
    """
    target = target.absolute()
    check_free(target)
    try:
        path = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=UNFINISHED, dir=target.parent))
    except OSError:
        raise ExportFolderTaken(f"No folder can be made in {target.parent}. Name another with --to.") from None
    made = Folder(path)
    try:
        yield made
        try:
            path.rename(target)
        except OSError:
            raise ExportFolderTaken from None
        on_disk(target.parent)
    finally:
        for one in made.files.values():
            one.file.close()
        shutil.rmtree(path, ignore_errors=True)


def check_free(target: Path) -> None:
    """Raises ExportFolderTaken unless the folder is not there, or is empty."""
    try:
        taken = target.is_symlink() or (target.exists() and (not target.is_dir() or any(target.iterdir())))
    except OSError:
        taken = True
    if taken:
        raise ExportFolderTaken
