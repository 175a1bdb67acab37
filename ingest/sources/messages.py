"""Mails without SQL: a mailbox, one mail, or a folder of mails."""

from collections.abc import Iterator
from pathlib import Path

from ingest.fields import Cells, Unreadable
from ingest.readers.mail import mail
from ingest.readers.rows import Mailbox
from ingest.records import Mail
from ingest.rows import Reject, Row


def messages(exports: Path, named: str) -> Iterator[tuple[Row, Mail | Unreadable]]:
    """Every mail at a path below the exports: of a folder each `.eml` and `.mbox`, by name."""
    path = exports / named
    inside = sorted(path.rglob("*.eml")) + sorted(path.rglob("*.mbox")) if path.is_dir() else [path]
    for one in inside:
        if one.suffix.casefold() == ".eml":
            yield _read(_row(one.relative_to(exports).as_posix(), one.read_bytes()))
        elif one.is_file():
            rows = Mailbox().rows(one, ())
            yield from (_read(row) for row in rows if not isinstance(row, Reject))


def _row(name: str, raw: bytes) -> Row:
    try:
        return Row(name, 1, {"raw": raw.decode("utf-8"), "encoding": "utf-8"})
    except UnicodeDecodeError:
        return Row(name, 1, {"raw": raw.decode("latin-1"), "encoding": "latin-1"})


def _read(row: Row) -> tuple[Row, Mail | Unreadable]:
    try:
        return row, mail(Cells(row.payload))
    except Unreadable as fault:
        return row, fault
