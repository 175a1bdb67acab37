"""What `customer-graph privacy erase` and `lift` do: erase a person, say what that takes, note what systems know."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import psutil
from rich.console import Console
from rich.table import Table

from ingest.live.arrival import Arrival
from ingest.live.inbox import FOLDER as INBOX
from ingest.live.inbox_file import FILE, InboxFile
from privacy.erasure import Means, Receipt, receipt_named
from privacy.erasure import erase as carry_out
from privacy.previewing import Preview
from privacy.previewing import preview as looked_at
from privacy.suppressing import lift as lifted
from privacy.telling import confirm, settle
from schema.enums import ErasureState
from schema.errors import ErasedAlready, InboxUnavailable, SettingInvalid
from server import logs
from server.alone import alone
from server.assembly import assemble
from server.erasing import means_of
from server.progress import Stages
from server.settings import Settings

ROLE = "operator"
"""As what someone acts who holds the data folder."""
Answer = TypeVar("Answer")


def erase(
    settings: Settings,
    customer: str,
    *,
    preview: bool,
    reason: str | None,
    confirmed: str | None,
    reference: str | None,
) -> None:
    """Erase, look, or note. Raises what an erasure raises, DataFolderBusy, and SettingInvalid for what is not said."""
    if preview:
        show_preview(_with_means(settings, lambda means: _look(means, customer)))
        return
    if confirmed is not None:
        if not (reference or "").strip():
            raise SettingInvalid("--confirm needs --reference: under what it is on file that the system knows.")
        show_receipt(_with_means(settings, lambda means: _confirm(means, customer, confirmed, str(reference))))
        return
    if not (reason or "").strip():
        raise SettingInvalid("--reason is missing: why she is erased, without a name. --preview says what would go.")
    show_receipt(_with_means(settings, lambda means: _erase(means, customer, str(reason))))


def lift(settings: Settings, customer: str) -> None:
    """Let a person come back. Raises ErasedAlready where there is no erasure that is through."""

    async def lifting(means: Means) -> Receipt:
        await lifted(means.graph, (await _named(means, customer)).id, datetime.now(UTC))
        return await _named(means, customer)

    show_receipt(_with_means(settings, lifting))


async def _look(means: Means, customer: str) -> Preview:
    return await looked_at(means.graph, customer, model=means.model, governance=means.governance, keys=means.opener)


async def _erase(means: Means, customer: str, reason: str) -> Receipt:
    return await carry_out(means, customer, reason=reason, actor=psutil.Process().username(), role=ROLE)


async def _confirm(means: Means, customer: str, system: str, reference: str) -> Receipt:
    receipt, now = (await _named(means, customer)).id, datetime.now(UTC)
    actor = psutil.Process().username()
    await confirm(means.graph, receipt, system, reference, role=ROLE, actor=actor, now=now)
    await settle(means.graph, now)
    return await _named(means, receipt)


async def _named(means: Means, id_: str) -> Receipt:
    found = await receipt_named(means.graph, id_)
    if found is None or found.state is ErasureState.PREVIEWED:
        raise ErasedAlready("There is no erasure under this id.")
    return found


def _with_means(settings: Settings, work: Callable[[Means], Awaitable[Answer]]) -> Answer:
    """Do something with the graph, the trail and the inbox of the data folder."""
    logs.configure("error")
    assembly = assemble(settings)  # before Neo4j is started: a mistake in a file is told at once

    async def working() -> Answer:
        async with alone(settings, assembly, stages.tell) as (database, trail), _inbox(settings.data / INBOX) as inbox:
            return await work(means_of(assembly, database, trail, inbox))

    with Stages() as stages:
        answer = asyncio.run(working())
        stages.done()
    return answer


@dataclass(frozen=True, slots=True)
class ClosedInbox:
    """An inbox that no server has open. Raises InboxUnavailable."""

    file: InboxFile

    async def erase(self, hers: Callable[[Arrival], bool], events: Sequence[tuple[str, str]] = ()) -> int:
        """Take away what is of somebody."""
        try:
            return await asyncio.to_thread(self.file.erase, hers, events)
        except sqlite3.Error:
            raise InboxUnavailable from None


@asynccontextmanager
async def _inbox(folder: Path) -> AsyncIterator[ClosedInbox | None]:
    """The inbox in a folder; none where no event ever came."""
    if not (folder / FILE).exists():
        yield None
        return
    try:
        file = InboxFile(folder)
    except (OSError, sqlite3.Error):
        raise InboxUnavailable from None
    try:
        yield ClosedInbox(file)
    finally:
        file.close()


ELSEWHERE = (
    "Exports that were taken out, and backups, hold it until they are overwritten: delete or let them expire. "
    "The trail keeps that somebody was looked at, and not who. The source systems hold it until they erase it. "
    "Words of other people that mention her are not found."
)


def show_preview(found: Preview) -> None:
    """What an erasure would take."""
    console = Console(highlight=False, soft_wrap=True)
    if found.held:
        console.print("A legal hold protects these data: an erasure is refused (CG607).")
    if found.merged:
        console.print(f"With her go {len(found.merged)} records that were merged into her: {', '.join(found.merged)}")
    table = _table("goes", "records", "values", "relationships")
    for one in found.going:
        table.add_row(one.type, f"{one.records:,}", f"{one.values:,}", f"{one.relationships:,}")
    console.print(table)
    for stays in found.staying:
        console.print(f"stays: {stays.in_words()}")
    for kept in found.kept:
        console.print(f"loses the way to her: {kept.type} {kept.records:,}")
    for system in found.systems:
        how = "by a person" if system.by_person else "by an event"
        console.print(f"is told {how}: {system.system}, of {system.records:,} records")
    console.print(f"Exports are kept from rebuilding her by {found.handles:,} handles and by the keys of all her rows.")
    console.print(ELSEWHERE)
    console.print("Nothing was changed.")


def show_receipt(found: Receipt) -> None:
    """How far an erasure is."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{found.id}: {found.state.name}")
    for one in found.steps:
        console.print(f"  {one}")
    for stays in found.staying:
        console.print(f"stays: {stays}")
    for notice in found.notices:
        if notice.confirmed_at is not None:
            said = "knows"
        elif notice.by_person or notice.delivery in ("REFUSED", "DISMISSED"):
            said = f"is to be told by a person: --confirm {notice.system} --reference TEXT"
        else:
            said = f"is being told by a server ({notice.delivery})"
        console.print(f"{notice.system} {said}")
    for left in found.left_out:
        console.print(f"sent a new record with a handle of hers, which was left out: {left}")
    console.print("removed from all answers: " + _moment(found.removed_at))
    console.print("no byte left in the data folder: " + _moment(found.compacted_at))
    if found.lifted_at:
        console.print(f"may come back since {_moment(found.lifted_at)}")


def _table(first: str, *numbers: str) -> Table:
    table = Table(first, box=None, pad_edge=False)
    for heading in numbers:
        table.add_column(heading, justify="right")
    return table


def _moment(said: str | None) -> str:
    """A moment in UTC as the database writes it, to the second."""
    return f"{said[:19]}Z" if said else "not yet"
