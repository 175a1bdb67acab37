"""Brings a graph into the shape that this version needs: migrations once and in order, then constraints and indexes.

neo4j-python-migrations 0.1.5 was tried and left: it changes the graph and records the change in two transactions, so a
kill between them applies a migration twice, and two replicas that start together both apply it.
"""

import hashlib
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from graph.session import Database
from schema.errors import MigrationInvalid, StatementRefused

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent / "statements" / "migrations"
NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.cypher")
SECONDS_FOR_A_MIGRATION = 3600.0
SECONDS_FOR_INDEXES = 600

RECORDS_ARE_UNIQUE = (
    "CREATE CONSTRAINT graph_migration_version IF NOT EXISTS FOR (m:GraphMigration) REQUIRE m.version IS UNIQUE"
)
RECORDS = "MATCH (m:GraphMigration) RETURN [m.version, m.checksum] ORDER BY m.version"
# Creating, not merging: of two replicas that start together the second waits here and is then refused.
RECORD = "CREATE (m:GraphMigration {version: $version, name: $name, checksum: $checksum, appliedAt: datetime()})"
INDEXES_ARE_READY = "CALL db.awaitIndexes($seconds)"


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its number, its name, its statements and the hash of its text."""

    version: int
    name: str
    statements: tuple[str, ...]
    checksum: str


async def migrate(database: Database, constraints: Iterable[str], folder: Path = FOLDER) -> tuple[str, ...]:
    """Apply what the graph lacks; the names of the migrations that were applied now.

    `constraints` are statements that may be said again (`IF NOT EXISTS`). Raises MigrationInvalid when an applied
    migration was changed, is missing here, or when a new one is numbered below an applied one.
    """
    await database.change_schema(RECORDS_ARE_UNIQUE)
    files = read_folder(folder)
    waiting = pending(files, await applied(database))
    for migration in waiting:
        await apply(database, migration)
    for statement in constraints:
        await database.change_schema(statement)
    await database.write(INDEXES_ARE_READY, {"seconds": SECONDS_FOR_INDEXES}, SECONDS_FOR_INDEXES)
    return tuple(migration.name for migration in waiting)


async def applied(database: Database) -> dict[int, str]:
    """The checksums of the migrations that the graph has on record, by version."""
    return dict(await database.read(RECORDS))


async def apply(database: Database, migration: Migration) -> None:
    """Carry out one migration and record it, both or neither."""
    record = {"version": migration.version, "name": migration.name, "checksum": migration.checksum}
    changes = [(RECORD, record), *((text, None) for text in migration.statements)]
    try:
        await database.write_many(changes, SECONDS_FOR_A_MIGRATION)
        log.info("Migration %s is applied", migration.name)
    except StatementRefused:
        if (await applied(database)).get(migration.version) != migration.checksum:
            raise MigrationInvalid(
                f"Migration {migration.name} was refused by the database; nothing changed."
            ) from None
        log.info("Migration %s was applied by another server at the same time", migration.name)


def pending(files: tuple[Migration, ...], on_record: dict[int, str]) -> tuple[Migration, ...]:
    """The migrations still to apply, in order."""
    known = {migration.version: migration for migration in files}
    for version, checksum in on_record.items():
        if version not in known:
            raise MigrationInvalid(
                f"This graph was migrated by a newer version (migration {version:04}). Start that one."
            )
        if known[version].checksum != checksum:
            raise MigrationInvalid(
                f"Migration {known[version].name} was changed after it was applied. Restore its text."
            )
    waiting = tuple(migration for migration in files if migration.version not in on_record)
    if waiting and on_record and waiting[0].version < max(on_record):
        raise MigrationInvalid(
            f"Migration {waiting[0].name} is numbered below one that was applied. Give it a new number."
        )
    return waiting


def read_folder(folder: Path) -> tuple[Migration, ...]:
    """The migrations of a folder in their order."""
    found: list[Migration] = []
    for path in sorted(folder.glob("*.cypher")):
        named = NAME.fullmatch(path.name)
        if named is None or int(named[1]) != len(found) + 1:
            raise MigrationInvalid(f"{path.name} does not continue the numbers: 0001_what_it_does.cypher, 0002_...")
        text = path.read_text(encoding="utf-8")
        statements = tuple(filter(None, (part.strip() for part in re.split(r";[ \t]*(?:\n|$)", text))))
        found.append(Migration(int(named[1]), path.stem, statements, hashlib.sha256(text.encode()).hexdigest()))
    return tuple(found)
