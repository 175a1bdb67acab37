"""Erasures in the server's life: what was begun is brought to its end, also after a kill, and answers are noted."""

import asyncio
import logging
from datetime import UTC, datetime

from auth.trail import Trail
from graph.session import Database
from graph.vault.vault import Vault
from ingest.live.inbox import Inbox
from ingest.suppression import Hasher
from privacy.elsewhere import Elsewhere, OfTheInbox, OfTheTrail, forget_here
from privacy.elsewhere import Inbox as WaitingEvents
from privacy.erasure import Means, resume
from privacy.telling import settle
from privacy.what_stays import let_go
from schema.errors import CustomerGraphError
from server.assembly import Assembly

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 2.0
LOOKS_BETWEEN_LETTING_GO = 300


def means_of(assembly: Assembly, database: Database, trail: Trail, inbox: WaitingEvents | None) -> Means:
    """With what this process erases: the graph, its own trail, and its own inbox where it has one."""
    assert assembly.suppression is not None
    return Means(
        database,
        assembly.suppression,
        elsewhere_of(trail, inbox),
        trail.segment,
        assembly.vault if isinstance(assembly.vault, Vault) else None,
        model=assembly.rules.model,
        governance=assembly.governance,
    )


def elsewhere_of(trail: Trail, inbox: WaitingEvents | None) -> list[Elsewhere]:
    """What this process keeps outside the graph."""
    return [OfTheTrail(trail), *([OfTheInbox(inbox)] if inbox is not None else [])]


async def keep_erasing(assembly: Assembly, database: Database, trail: Trail, inbox: Inbox | None) -> None:
    """For ever: take the steps of erasures that were begun, and have this server's files forget whom others erased."""
    means, looks, failing = means_of(assembly, database, trail, inbox), 0, False
    while True:
        try:
            await once(means, means.hasher, let_over_go=looks % LOOKS_BETWEEN_LETTING_GO == 0)
            looks, failing = looks + 1, False
        except CustomerGraphError as problem:
            if not failing:
                log.warning("Erasures wait to be carried on: %s", problem.code)
            failing = True
        except Exception as problem:  # a task that ended would leave erasures where they are
            log.error("Erasures met what nobody expected: %s", type(problem).__name__)
            failing = True
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def once(means: Means, hasher: Hasher, *, let_over_go: bool = False) -> None:
    """One look. Raises what its parts raise; what is left is taken up at the next one."""
    await resume(means)
    await settle(means.graph, datetime.now(UTC))
    if means.place is not None:
        await forget_here(means.graph, means.place, means.elsewhere, hasher)
    if let_over_go:
        await let_go(means.graph, datetime.now(UTC))
