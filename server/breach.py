"""What `customer-graph privacy breach` does: say whose data was seen in a time, from the trail of this data folder.

It reads beside a running server. The ids of the persons go to a file, and that is on record first like any look.
"""

import asyncio
import csv
import os
from datetime import UTC, datetime
from pathlib import Path

from auth.segment import recorded, verified
from auth.trail import FOLDER, Trail
from privacy.breach import Breach, breach
from privacy.breach_page import page
from schema.errors import SettingInvalid
from server.assembly import rules_of
from server.resolution import told
from server.settings import Settings

ROOT, FIELDS = "breach", ("Customer.id",)
HEADER = ("customer_id", "viewer", "role", "purpose", "first", "last")


def report(
    settings: Settings,
    since: datetime,
    until: datetime | None,
    viewers: frozenset[str],
    roles: frozenset[str],
    persons: Path | None,
) -> str:
    """The page. Raises SettingInvalid, TrailDamaged, and for a file of persons also DataFolderBusy."""
    since, until = time_of(since, until)
    rules = rules_of(settings.policy)
    folder = settings.data / FOLDER
    found = breach(rules.model, rules.views, recorded(folder, since, until), since, until, viewers=viewers, roles=roles)
    if unknown := sorted(roles - rules.policies.keys() - {one.role for one in found.looks}):
        raise SettingInvalid(
            f"There is no role {unknown[0]}, nor did anybody look as it; there are {', '.join(rules.policies)}."
        )
    if persons is not None:
        if persons.exists():
            raise SettingInvalid(f"{persons.name} is there already; name a file with --persons that is not.")
        asyncio.run(_handed_over(found, folder, persons))
    return page(found, trail_told(folder))


def time_of(since: datetime, until: datetime | None) -> tuple[datetime, datetime]:
    """From when until when, in UTC; until now where that is not said. Raises SettingInvalid."""
    since, until = _utc(since), datetime.now(UTC) if until is None else _utc(until)
    if until <= since:
        raise SettingInvalid("The time ends before it begins: --until has to be later than --since.")
    return since, until


def _utc(at: datetime) -> datetime:
    """A time without a zone is one of UTC."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def trail_told(folder: Path) -> str:
    """Whether the trail in a folder is whole, in a sentence."""
    verdict = verified(folder)
    if verdict is None:
        return "There is no trail in this data folder yet: nothing was disclosed from here."
    if verdict.faults:
        return f"THE TRAIL IS NOT WHOLE, so more may have been seen: {' '.join(verdict.faults)}"
    return (
        f"The trail of this data folder is whole up to its record {verdict.sequence:,}. Other servers have trails of "
        "their own: ask in each data folder."
    )


async def _handed_over(found: Breach, folder: Path, file: Path) -> None:
    async with Trail(folder) as trail:
        await told(trail, ROOT, FIELDS, found.persons)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEADER)
        for one in found.looks:
            for person in sorted(one.persons):
                writer.writerow(
                    (person, one.viewer, one.role, one.purpose, one.first.isoformat(), one.last.isoformat())
                )
