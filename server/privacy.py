"""What `customer-graph privacy` does: exports for a person who asks for her data, made under her own policy.

Whoever holds the data folder makes them, and stands on record as the one who did, for the purpose self and about her.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import psutil

from auth.disclosure import Recorder
from auth.token import Viewer
from privacy.access import Made, access
from privacy.folder import check_free
from privacy.portability import portability
from privacy.reading import UNHURRIED, OnRecord, Reading, survivor_of
from resolvers.prepare import Plans
from resolvers.read import Reader, Request
from schema.errors import SettingInvalid
from server import logs
from server.alone import alone
from server.assembly import Assembly, assemble
from server.requests import answered, ready
from server.settings import Settings

ROLE, PURPOSE = "customer", "self"

Export = Callable[[Reading, Path, Mapping[str, object]], Awaitable[Made]]
EXPORTS: Mapping[str, Export] = {"access": access, "portability": portability}


@dataclass(frozen=True, slots=True)
class Exported:
    """What was made, and of whom it is where she was merged into another record."""

    made: Made
    survivor: str | None


def export(settings: Settings, what: str, customer: str, target: Path, request: str | None = None) -> None:
    """Make an export and say what it holds; it answers a `request` where one is named.

    Raises what exports raise, DataFolderBusy, SettingInvalid, and RequestUnfit before anything is made.
    """
    logs.configure("error")
    check_free(target.absolute())

    def tell(sentence: str) -> None:
        print(sentence, file=sys.stderr)

    async def making() -> Exported:
        assembly = assemble(settings)
        async with alone(settings, assembly, tell) as (database, trail):
            if request is None:
                return await exported(assembly, database, trail, what, customer, target)
            whose = await survivor_of(database, customer) or customer
            state = await ready(database, request, what, whose)
            made = await exported(assembly, database, trail, what, customer, target)
            await answered(assembly, database, trail, request, state, target)
            return made

    found = asyncio.run(making())
    if found.survivor is not None:
        tell(
            f"This record was merged into {found.survivor}: that one was exported. Make sure that both are one person."
        )
    if found.made.restricted:
        tell(
            "Processing of these data is restricted (GDPR art. 18); that does not limit what she may see or take away."
        )
    tell(f"{found.made.total:,} records. manifest.json has the hash of each file.")
    print(target)


async def exported(
    assembly: Assembly, database: Reader, trail: Recorder, what: str, customer: str, target: Path
) -> Exported:
    """Make an export in a folder. Raises what exports raise, and SettingInvalid without a policy for customers."""
    survivor = await survivor_of(database, customer)
    whose = survivor or customer
    request_id = f"{what}-{uuid4().hex}"
    reading = Reading(
        assembly.schemas.get(ROLE) or _no_policy(),
        request_of(assembly, database, OnRecord(trail, psutil.Process().username()), whose, request_id),
        whose,
    )
    said = {"madeAt": reading.request.now.isoformat(timespec="seconds"), "request": request_id}
    if survivor is not None:
        said["askedFor"] = customer
    return Exported(await EXPORTS[what](reading, target, said), survivor)


def request_of(assembly: Assembly, database: Reader, trail: Recorder, customer: str, id: str) -> Request:
    """The request of a customer who asks for what is hers. Raises SettingInvalid without a policy for it."""
    view = assembly.rules.views.get((ROLE, PURPOSE)) or _no_policy()
    viewer = Viewer(customer, ROLE, PURPOSE, {"id": customer}, expires_at=0)
    now = datetime.now(UTC)
    return Request(viewer, view, database, Plans(), assembly.cipher, now, trail, UNHURRIED, id=id, keys=assembly.vault)


def _no_policy() -> NoReturn:
    raise SettingInvalid(f"The policies have no role {ROLE} with the purpose {PURPOSE}: exports are made under it.")
