"""What `customer-graph privacy` does with requests of data subjects: list those that wait, and answer one by an export.

An answer goes the way of any change: guarded by the View of a privacy officer, and on record under the name of the user
of this machine.
"""

import asyncio
import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from graphql import OperationDefinitionNode, parse
from rich.console import Console
from rich.table import Table

from auth.disclosure import Recorder
from auth.token import Viewer
from graph.session import Database
from privacy.folder import MANIFEST
from privacy.requests import OPEN, Step, after
from privacy.statements import text
from resolvers.change import change
from resolvers.prepare import Plans
from resolvers.read import Reader, Request
from schema.enums import PrivacyRequestKind, PrivacyRequestState
from schema.errors import FulfilmentMissing, RequestStepRefused, RequestUnfit, SettingInvalid
from server import logs
from server.alone import alone
from server.assembly import Assembly, assemble
from server.settings import Settings

ROLE, PURPOSE = "privacy_officer", "privacy"
BEGIN = "mutation ($begin: BeginRequestInput!) { beginRequest(input: $begin) { privacyRequest { state } } }"
FULFIL = "mutation ($fulfil: FulfilRequestInput!) { fulfilRequest(input: $fulfil) { privacyRequest { state } } }"


def requests(settings: Settings) -> None:
    """Show the requests that wait, the most urgent first; nobody is named. Raises DataFolderBusy."""
    logs.configure("error")
    assembly = assemble(settings)

    async def found() -> list[dict[str, Any]]:
        async with alone(settings, assembly, lambda said: print(said, file=sys.stderr)) as (database, _):
            return await waiting(database)

    show(asyncio.run(found()), datetime.now(UTC))


async def waiting(database: Reader) -> list[dict[str, Any]]:
    """The requests that are not answered, by when they are due."""
    return await database.read(text("requests_open"), {"open": [state.name for state in OPEN]})


def show(found: list[dict[str, Any]], now: datetime) -> None:
    """One line each; days left are whole ones, and below nought where it is late."""
    table = Table("request", "kind", "state", "due", box=None, pad_edge=False)
    table.add_column("days left", justify="right")
    for one in found:
        due = datetime.fromtimestamp(one["due"] / 1000, UTC)
        table.add_row(one["id"], one["kind"], one["state"], f"{due:%Y-%m-%d}", str((due - now).days))
    Console(highlight=False, soft_wrap=True).print(table)


async def ready(database: Reader, request: str, what: str, customer: str) -> PrivacyRequestState:
    """The state of a request that an export of a customer can answer. Raises RequestUnfit for any other."""
    rows = await database.read(text("request"), {"request": request})
    if not rows or rows[0]["kind"] != what.upper() or rows[0]["customer"] != customer:
        raise RequestUnfit
    state = PrivacyRequestState[rows[0]["state"]]
    try:
        begun = after(PrivacyRequestKind[rows[0]["kind"]], state, Step.BEGIN)
    except RequestStepRefused:
        begun = state
    if begun is not PrivacyRequestState.IN_PROGRESS:
        raise RequestUnfit
    return state


async def answered(
    assembly: Assembly, database: Database, trail: Recorder, request: str, state: PrivacyRequestState, made: Path
) -> None:
    """Enter that an export answers a request. Raises FulfilmentMissing where it was answered meanwhile."""
    digest = hashlib.sha256((made / MANIFEST).read_bytes()).hexdigest()
    if state is PrivacyRequestState.IDENTIFIED:
        await _changed(assembly, database, trail, BEGIN, {"begin": {"request": request}})
    given = {"fulfil": {"request": request, "reference": f"sha256:{digest}"}}
    await _changed(assembly, database, trail, FULFIL, given)


async def _changed(
    assembly: Assembly, database: Database, trail: Recorder, document: str, given: dict[str, Any]
) -> None:
    view, schema = assembly.rules.views.get((ROLE, PURPOSE)), assembly.schemas.get(ROLE)
    if view is None or schema is None:
        raise SettingInvalid(
            f"The policies have no role {ROLE} with the purpose {PURPOSE}: requests are answered by it."
        )
    viewer = Viewer(psutil.Process().username(), ROLE, PURPOSE, {}, expires_at=0)
    asked = Request(viewer, view, database, Plans(), assembly.cipher, datetime.now(UTC), trail, assembly.budget)
    read = parse(document)
    operation = read.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    result = await change(schema, read, document, operation, given, asked)
    if result.errors:
        raise FulfilmentMissing(
            f"The export is made, but the request is not answered by it: {result.errors[0].message}"
        )
