"""The doctor on the data: what the graph and the inbox hold, checked against what was promised. It changes nothing.

Numbers alone are told, so there is nobody to put on record.
"""

import sys
from collections.abc import Iterator
from datetime import datetime
from sqlite3 import Error as SqliteError

from ingest.live.inbox import FOLDER
from ingest.live.inbox_file import Seen, seen_in
from ingest.sound import Found, erasures, events_missing, found_in, sealed_amiss, waiting
from ingest.suppression import Hasher
from privacy.compaction import state
from schema.errors import InboxUnavailable
from server import logs
from server.assembly import SUPPRESSION_KEY_FILE, suppression_key
from server.compaction import TODO
from server.doctor import Finding, State
from server.run import database_of, graph
from server.settings import Settings
from server.vault import held_to, vault_of


async def look(settings: Settings) -> list[Finding]:
    """Every check. Raises what the database raises, DataFolderBusy beside a server with an embedded Neo4j,
    InboxUnavailable, VaultKeysMissing and VaultUnavailable.
    """
    logs.configure("error")

    def quiet(sentence: str) -> None:
        print(sentence, file=sys.stderr)

    vault = vault_of(settings)
    seen = _seen(settings)  # before the graph: what leaves the inbox afterwards is not missed
    async with graph(settings, quiet) as connection, database_of(settings, connection) as database:
        found = [one async for one in found_in(database)]
        await held_to(database, vault)
        found.append(await sealed_amiss(database, vault))
        found += [one async for one in erasures(database, _hasher(settings))]
        found.append(await events_missing(database, seen))
        due = (await state(database)).due_since
    found += waiting(seen)
    return [*_findings(found), compaction_of(due)]


def compaction_of(since: datetime | None) -> Finding:
    """Whether Neo4j's files hold what was deleted."""
    if since is None:
        return Finding("compaction", State.WELL, "no deletion since the files were made anew")
    return Finding("compaction", State.NOTE, f"the files hold deleted values since {since:%Y-%m-%d}", TODO)


def _hasher(settings: Settings) -> Hasher | None:
    """The key of the erased where there is one: a doctor makes none."""
    there = settings.suppression_key is not None or (settings.data / SUPPRESSION_KEY_FILE).exists()
    return Hasher(suppression_key(settings)) if there else None


def _seen(settings: Settings) -> Seen:
    try:
        return seen_in(settings.data / FOLDER)
    except SqliteError:
        raise InboxUnavailable from None


def _findings(found: list[Found]) -> Iterator[Finding]:
    for one in found:
        if not one.count:
            yield Finding(one.name, State.WELL, f"no {one.said}")
        else:
            state = State.BROKEN if one.wrong else State.NOTE
            yield Finding(one.name, state, f"{one.count} {one.said}", one.todo)
