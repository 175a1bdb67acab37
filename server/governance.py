"""What `customer-graph governance proposals` does: accepted definitions as a patch of the company's registry."""

import asyncio
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ingest.statements import text
from schema.catalogue import complete_model
from schema.errors import GovernanceInvalid
from schema.governance import Governance, read_governance
from schema.governance_change import patch
from server import logs
from server.progress import Stages
from server.run import database_of, graph
from server.settings import Settings

FILE = "governance.toml"
"""How the file is called where a company has none yet."""
_SECONDS = 60.0


def proposals(settings: Settings) -> None:
    """Print the patch. Raises DataFolderBusy, GovernanceInvalid and the errors of the database."""
    logs.configure("error")

    async def asking() -> list[Mapping[str, Any]]:
        async with graph(settings, stages.tell) as connection, database_of(settings, connection) as database:
            return await database.read(text("definitions_accepted"), None, _SECONDS)

    governance = read_governance(complete_model(), settings.governance)
    with Stages() as stages:
        rows = asyncio.run(asking())
        stages.done()
    sys.stdout.write(told(rows, governance, settings.governance))


def told(rows: Iterable[Mapping[str, Any]], governance: Governance, own: Path | None) -> str:
    """The patch of what is accepted and not in force yet; empty where there is nothing. Raises GovernanceInvalid."""
    accepted = waiting(rows, governance)
    if not accepted:
        return ""
    if own is None:
        return patch(FILE, None, accepted)
    try:
        said = own.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise GovernanceInvalid(f"{own.name} cannot be read as text in UTF-8.") from None
    return patch(own.name, said, accepted)


def waiting(rows: Iterable[Mapping[str, Any]], governance: Governance) -> dict[str, str]:
    """By field the last definition that was accepted and is to take the place of the one in force."""
    last = {str(row["field"]): row for row in rows}
    return {
        field: str(row["definition"])
        for field, row in last.items()
        if field in governance.entries and governance.entries[field].definition == row["replaces"]
    }
