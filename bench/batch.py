"""A batch load to measure: exports of a shop that is made up, loaded by the command that anyone loads with."""

import asyncio
import csv
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.ceilings import plain
from bench.servers import OURS, cpu_seconds
from graph.session import Database

AT_ONCE = 1_000
EVENTS_OF_A_CUSTOMER = 5
NODES = "MATCH (n) RETURN count(n)"
SOURCE = """system = "{system}"
about = "A shop that is made up."
owner = "Nobody, nobody@example.org"

[[exports]]
file = "customers.csv"

[[exports]]
file = "events.csv"
"""
CUSTOMERS = """SELECT id, name, email, phone, 'DE' AS country, changed_at, _row FROM csv_rows('customers.csv')"""
EVENTS = """SELECT id, kind, happened_at, user_id, name, false AS app,
  if(email = '', '{}', '{"email": "' || email || '"}') AS traits, '{}' AS properties, _row
FROM csv_rows('events.csv')"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A load: its rows and nodes, the nodes a second of it and of bare CREATE, processor seconds of a row."""

    rows: int
    nodes: int
    pace: float
    bare: float
    ours: float
    java: float

    @property
    def ratio(self) -> float:
        """How much of the ceiling it reaches."""
        return self.pace / self.bare


async def loaded(
    database: Database, java: psutil.Process, data: Path, folder: Path, settings: Mapping[str, str], run: str, rows: int
) -> Loaded:
    """Load so many rows into the graph that the settings name, and write as many nodes by bare CREATE.

    `run` tells its people and events from those of other runs; `data` is the data folder, `folder` gets the exports.
    """
    exported(folder, run, rows)
    (before,) = await database.read(NODES)
    java_before, began = cpu_seconds(java), time.perf_counter()
    program = str(Path(sys.executable).with_name("customer-graph"))
    environment = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
    child = await asyncio.create_subprocess_exec(
        *(program, "load", str(folder), "--data", str(data)),
        env={**environment, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    used = asyncio.create_task(_used(psutil.Process(child.pid)))
    said, _ = await child.communicate()
    seconds = time.perf_counter() - began
    if child.returncode != 0:
        raise RuntimeError(f"The load failed: {said.decode(errors='replace')[-2000:]}")
    (after,) = await database.read(NODES)
    ours, spent = await used, cpu_seconds(java) - java_before
    nodes = after - before
    bare = await plain(database, nodes, AT_ONCE)
    return Loaded(rows, nodes, nodes / seconds, bare, ours / rows, spent / rows)


async def _used(process: psutil.Process) -> float:
    """Processor seconds of a process until it ended, to a tenth of a second."""
    seconds = 0.0
    while True:
        try:
            seconds = cpu_seconds(process)
        except psutil.Error:
            return seconds
        await asyncio.sleep(0.1)


def exported(folder: Path, run: str, rows: int) -> None:
    """A source with its exports: customers, and events of each, of which the first tells who the user is."""
    folder.mkdir(parents=True)
    (folder / "source.toml").write_text(SOURCE.format(system=f"shop{run}"), encoding="utf-8")
    (folder / "customers.sql").write_text(CUSTOMERS, encoding="utf-8")
    (folder / "events.sql").write_text(EVENTS, encoding="utf-8")
    people = max(1, rows // (1 + EVENTS_OF_A_CUSTOMER))
    with (folder / "customers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "name", "email", "phone", "changed_at"))
        for number in range(people):
            name, phone = f"Given{number % 1009} Family{run}{number}", f"+4930{number:07d}"
            writer.writerow((f"{run}-{number}", name, email_of(run, number), phone, "2026-01-01T00:00:00Z"))
    with (folder / "events.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "kind", "happened_at", "user_id", "name", "email"))
        for number in range(rows - people):
            user, moment = f"{run}-{number % people}", f"2026-01-{1 + number // people:02d}T12:00:00Z"
            said = (
                ("track", f"Event {number % 50}", "") if number >= people else ("identify", "", email_of(run, number))
            )
            writer.writerow((f"{run}-{number}", said[0], moment, user, *said[1:]))


def email_of(run: str, number: int) -> str:
    """The mailbox of a person, by which a user is known to be her."""
    return f"{run}.{number}@example.org"
