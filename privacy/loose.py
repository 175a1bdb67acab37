"""Loose rows: rows of sources that are nobody's and yet name a person, or wait for her.

What they say stands sealed, so the database cannot look for a name in them: they are opened here, page by page.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from graph.protocols import Graph
from graph.vault.vault import Opener
from ingest.opening import opened
from privacy.graph import SECONDS, Handle, text
from schema.enums import IdentityKind
from schema.model import Model

PAGE = 2_000


async def loose_rows(
    graph: Graph, keys: Opener, model: Model, handles: Sequence[Handle], written: Sequence[str], places: Sequence[str]
) -> AsyncIterator[str]:
    """The rows, as nodes. Raises the errors of the database and of the vault."""
    words = [form for one in written for form in (f'"{one.lower()}"', f"<{one.lower()}>")]
    asked: dict[str, Any] = {
        "owning": sorted({kind.subject.type for kind in model.values() if kind.subject is not None}),
        "users": [value for kind, value in handles if kind is IdentityKind.USER_ID],
        "devices": [value for kind, value in handles if kind is IdentityKind.DEVICE],
        "places": list(places),
        "most": PAGE,
    }
    after = ""
    while page := await graph.read(text("loose_rows"), {**asked, "after": after}, SECONDS):
        for row in await opened(keys, page, {"payload": "payload"}):
            if row["waits"] or _names(row, words):
                yield row["row"]
        after = page[-1]["place"]


def _names(row: Mapping[str, Any], words: Sequence[str]) -> bool:
    """Whether a row holds a handle as a whole value, or a mailbox within `<>`."""
    said = (row["payload"] or "").lower()
    return any(word in said for word in words)
