"""What `customer-graph privacy receipt` does: the receipt of one consent, read as the person herself would read it."""

import asyncio
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
import psutil
from graphql import OperationDefinitionNode, parse

from auth.disclosure import Recorder
from privacy.reading import OnRecord
from privacy.receipt import QUESTION
from privacy.receipt import receipt as receipt_of
from privacy.statements import text
from resolvers.read import Reader, answer
from schema.errors import ExportBroken, SubjectUnknown
from server import logs
from server.alone import alone
from server.assembly import Assembly, assemble
from server.privacy import ROLE, request_of
from server.settings import Settings


def receipt(settings: Settings, consent: str) -> str:
    """The receipt as JSON. Raises SubjectUnknown for a consent that there is not, DataFolderBusy and ExportBroken."""
    logs.configure("error")
    assembly = assemble(settings)

    async def making() -> dict[str, Any]:
        async with alone(settings, assembly, lambda said: print(said, file=sys.stderr)) as (database, trail):
            return await made(assembly, database, trail, consent)

    return orjson.dumps(asyncio.run(making()), option=orjson.OPT_INDENT_2).decode()


async def made(assembly: Assembly, database: Reader, trail: Recorder, consent: str) -> dict[str, Any]:
    """The receipt of a consent, on record as a look of hers. Raises SubjectUnknown and ExportBroken."""
    found = await database.read(text("giver"), {"consent": consent})
    if not found:
        raise SubjectUnknown
    recorder = OnRecord(trail, psutil.Process().username())
    request = request_of(assembly, database, recorder, str(found[0]), f"receipt-{uuid4().hex}")
    document = parse(QUESTION)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    told = await answer(assembly.schemas[ROLE], document, QUESTION, operation, {"id": consent}, request)
    if told.errors or told.data is None:
        raise ExportBroken
    if told.data["node"] is None:
        raise SubjectUnknown
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return receipt_of(told.data["node"], assembly.governance.controller, at)
