"""Finding insights in the server's life: the parts, what carries them out, and the task that repeats it.

PARTS are carried out one after the other: what one keeps, a later one reads.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from graph.protocols import Graph
from graph.session import Database
from ingest.said.find import findings
from insight.contacting import learning
from insight.kept import alerts, contacts, issues, journeys, service, signals, suppliers
from insight.kept.desk import Words
from schema.contact_rules import ContactRules, shipped_contact_rules
from schema.errors import CustomerGraphError, SettingInvalid
from schema.governance import Governance, shipped_governance
from schema.journey import Stages, shipped_journey
from server.assembly import Assembly
from server.settings import Settings
from server.turns import claimed

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 300.0
_HOUR = 3600.0
WORK = "insights"

Keep = Callable[[Graph, datetime], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Declared:
    """What the company declares and insights keep to; what it left out is as shipped."""

    governance: Governance = field(default_factory=shipped_governance)
    journey: Stages = field(default_factory=shipped_journey)
    contact_rules: ContactRules = field(default_factory=shipped_contact_rules)

    @classmethod
    def of(cls, assembly: Assembly) -> "Declared":
        """What the settings name."""
        return cls(assembly.governance, assembly.journey, assembly.contact_rules)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of the insights: its name, and what keeps it, by what the company declares."""

    name: str
    keep: Callable[[Declared], Keep]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a part said, and how many seconds it took."""

    name: str
    said: str
    seconds: float


def plain(keep: Keep) -> Callable[[Declared], Keep]:
    """A part that asks for nothing that is declared."""
    return lambda declared: keep


def wills(words: Words) -> bool:
    """Whether a text says what its customer wills: a withdrawal, an objection, a death, a complaint."""
    return bool(findings(words.said, subject=words.subject, noted=words.noted, language=words.language))


PARTS: tuple[Part, ...] = (
    Part("contacts", plain(contacts.keep)),
    Part("issues", plain(lambda graph, now: issues.keep(graph, now, wills))),
    Part("service", plain(service.keep)),
    Part("alerts", lambda said: lambda graph, now: alerts.keep(graph, now, said.governance.service)),
    Part("suppliers", plain(suppliers.keep)),
    Part("journeys", lambda said: lambda graph, now: journeys.keep(graph, now, said.journey)),
    Part("signals", plain(signals.keep)),
    Part("channels", lambda said: lambda graph, now: learning.keep(graph, now, said.contact_rules)),
)


def chosen(only: str | None) -> tuple[Part, ...]:
    """All parts, or the one of a name. Raises SettingInvalid, naming the parts that there are."""
    parts = tuple(one for one in PARTS if only in (None, one.name))
    if not parts:
        raise SettingInvalid(f"There is no part {only}. The parts: {', '.join(one.name for one in PARTS)}.")
    return parts


async def carry_out(database: Graph, declared: Declared, now: datetime, parts: tuple[Part, ...] = PARTS) -> list[Kept]:
    """Every part in its order. Raises the errors of the database; what was kept by then stays."""
    found = []
    for one in parts:
        started = time.monotonic()
        said = await one.keep(declared)(database, now)
        found.append(Kept(one.name, said, time.monotonic() - started))
    if parts == PARTS:
        await claimed(database, WORK, 0)  # a server need not begin with what is found
    return found


async def keep_finding(settings: Settings, assembly: Assembly, database: Database) -> None:
    """Find insights anew as often as the settings say, by one server of those that share a graph."""
    if not settings.insight_hours:
        return
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        try:
            if await claimed(database, WORK, settings.insight_hours * _HOUR):
                for one in await carry_out(database, Declared.of(assembly), datetime.now(UTC)):
                    log.info("Insights, %s: %s", one.name, one.said)
        except CustomerGraphError as problem:
            log.warning("Insights wait to be found: %s", problem.code)
