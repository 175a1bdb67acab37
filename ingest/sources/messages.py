"""Mails without SQL: a mailbox in mbox form (RFC 4155), one mail (RFC 5322), or a folder of both."""

import mailbox
from collections.abc import Iterator
from pathlib import Path

from ingest.fields import Unreadable
from ingest.records import Mail
from ingest.rows import Row
from ingest.sources.mail import mail


def messages(exports: Path, named: str) -> Iterator[tuple[Row, Mail | Unreadable]]:
    """Every mail at a path below the exports: of a folder each `.eml` and `.mbox`, by name.

    The payload of its row is the message as it was sent, under `raw`; its line the ordinal of the message.
    """
    path = exports / named
    inside = sorted(path.rglob("*.eml")) + sorted(path.rglob("*.mbox")) if path.is_dir() else [path]
    for one in inside:
        for ordinal, raw in enumerate(_raw(one), 1):
            row = Row(one.relative_to(exports).as_posix(), ordinal, _payload(raw))
            try:
                yield row, mail(raw)
            except Unreadable as fault:
                yield row, fault


def _raw(path: Path) -> Iterator[bytes]:
    if path.suffix.casefold() == ".eml":
        yield path.read_bytes()
    elif path.is_file():
        box = mailbox.mbox(path, create=False)
        try:
            for key in box.iterkeys():
                yield box.get_bytes(key).replace(b"\n>From ", b"\nFrom ")
        finally:
            box.close()


def _payload(raw: bytes) -> dict[str, str]:
    try:
        return {"raw": raw.decode("utf-8"), "encoding": "utf-8"}
    except UnicodeDecodeError:
        return {"raw": raw.decode("latin-1"), "encoding": "latin-1"}
