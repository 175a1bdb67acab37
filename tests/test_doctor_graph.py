"""The doctor on the data: the sample company is sound, and every fault that is planted is told by its own check."""

import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph.session import Connection, Database
from ingest.live.inbox_file import InboxFile, seen_in
from ingest.load import load
from ingest.resealing import reseal_all
from ingest.sound import CHECKS, events_missing, found_in, sealed_amiss, waiting
from server.settings import load as load_settings
from server.vault import vault_of
from tests.live_graph import Live
from tests.serving import SECONDS, keys_of, settings_of
from tests.small_company import made
from tests.test_cli import COMMAND, SMALL
from tests.test_ingest_load import clear, silent
from tests.test_stewards_desk import COMPANY

pytest_plugins = ["tests.live_graph"]
pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

ROW = {"name": "Ada Byron", "email": "ada@example.org", "country": "GB"}
FAULTS: dict[str, str] = {
    "records_twice": "MATCH (r:SourceRecord {recordId: 'c9'}) CREATE (x:SourceRecord) "
    "SET x = r { .*, id: 'src_x', sourceKey: 'calls:another' } RETURN 1",
    "records_of_several": "MATCH (r:SourceRecord {recordId: 'C-9'}), (c:Customer {givenName: 'Ann'}) "
    "CREATE (r)-[:RESOLVES_TO]->(c) RETURN 1",
    "records_of_nobody": "MATCH (:SourceRecord {recordId: 'C-9'})-[r:RESOLVES_TO]->() DELETE r RETURN 1",
    "customers_without_records": "MATCH (:SourceRecord {recordId: 'C-9'})-[r:RESOLVES_TO]->() DELETE r RETURN 1",
    "identities_of_nobody": "CREATE (:Identity {id: 'idn_x', kind: 'EMAIL', sourceKey: 'x'}) RETURN 1",
    "interactions_of_several": "MATCH (i:Interaction {sourceKey: 'calls:c9'}), (c:Customer {givenName: 'Ann'}) "
    "CREATE (c)-[:HAD]->(i) RETURN 1",
    "interactions_both_ways": "MATCH (:Customer)-[h:HAD]->(:Interaction {sourceKey: 'calls:c9'}) DELETE h RETURN 1",
    "golden_without_provenance": "MATCH (c:Customer {givenName: 'Bob'}) SET c.vatNumber = 'X1' RETURN 1",
    "provenance_without_record": "MATCH (r:SourceRecord {recordId: 'C-9'}) SET r.recordId = 'C-10' RETURN 1",
    "erased_remains": "MATCH (c:Customer {givenName: 'Bob'}) SET c.status = 'ERASED' RETURN 1",
    "decisions": "CREATE (:MatchDecision {id: 'dec_x', verdict: 'UNDONE'}) RETURN 1",
    "standings": "MATCH (:Customer {givenName: 'Bob'})-[:STANDS]->(s {purpose: 'analytics'}) "
    "SET s.lawful = true RETURN 1",
}


async def wrong(database: Database) -> dict[str, int]:
    """What is wrong, by the sentence that says it."""
    return {one.said: one.count async for one in found_in(database) if one.wrong and one.count}


SENTENCES = {one.statement: one.wrong for one in CHECKS} | {
    "standings": "standings disagree with the decisions that they are derived from"
}


async def test_a_loaded_company_is_sound(database: Database) -> None:
    """Nothing to tell after a load, nor after the same once more."""
    await clear(database)
    for _ in range(2):
        await load(database, made(COMPANY), silent)
        assert await wrong(database) == {}


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_is_told_by_its_check(database: Database, name: str) -> None:
    """One fault each; others may tell of it too."""
    await clear(database)
    await load(database, made(COMPANY), silent)
    await database.write(FAULTS[name])
    assert (await wrong(database)).get(SENTENCES[name], 0) >= 1
    await clear(database)


async def test_what_is_not_sealed_by_the_key_of_whose_it_is_is_told(database: Database, tmp_path: Path) -> None:
    """What is plain, and what is another's: counted, and sealed by the command, after which nothing is left."""
    await clear(database)
    vault = vault_of(load_settings(data=tmp_path))
    await load(database, made(COMPANY), silent, keys=vault)
    assert (await sealed_amiss(database, vault)).count == 0
    await database.write("MATCH (r:SourceRecord {sourceKey: 'calls:c1'}) SET r.payload = '{}' RETURN 1")
    await database.write(
        "MATCH (r:SourceRecord {sourceKey: 'calls:c9'})-[:RECORDS]->(i)<-[old:HAD]-(), (c:Customer {givenName: 'Ann'}) "
        "CREATE (c)-[:HAD]->(i) DELETE old RETURN 1"
    )
    assert (await sealed_amiss(database, vault)).count == 2
    assert (await reseal_all(database, vault)).sealed == 2
    assert (await sealed_amiss(database, vault)).count == 0
    await clear(database)


async def test_an_interaction_that_is_there_twice_is_told(database: Database) -> None:
    """The key is unique in a graph of ours, so the constraint has to go first."""
    await clear(database)
    names = await database.read(
        "SHOW CONSTRAINTS YIELD name, labelsOrTypes, properties WHERE labelsOrTypes = ['Interaction'] "
        "AND properties = ['sourceKey'] RETURN name"
    )
    for name in names:
        await database.change_schema(f"DROP CONSTRAINT {name}")
    try:
        await load_without_constraints(database)
        assert (await wrong(database)).get(SENTENCES["things_twice"]) == 1
    finally:
        await clear(database)
        for name in names:
            await database.change_schema(
                f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:Interaction) REQUIRE n.sourceKey IS UNIQUE"
            )


async def load_without_constraints(database: Database) -> None:
    """Two of one key."""
    await database.write("UNWIND [1, 2] AS x CREATE (:Interaction {id: 'int_' + x, sourceKey: 'calls:x'})")


async def test_an_accepted_event_that_is_nowhere_is_told(live: Live) -> None:
    """Waiting, in the graph, or put aside: all three are well. Gone from all of them is not."""
    await live.send(live.arrival("page", anonymousId="d-1", name="Home"), live.row("customers", {**ROW, "id": "K-1"}))
    await live.inbox.take([live.arrival("page", anonymousId="d-1", name="Next")])
    seen = seen_in(live.folder)
    assert [one.count for one in waiting(seen)] == [1, 0]
    assert (await events_missing(live.database, seen)).count == 0
    await live.ask("MATCH (r:SourceRecord {kind: 'event'}) RETURN r.id")
    await live.database.write("MATCH (r:SourceRecord {kind: 'event'}) DETACH DELETE r")
    assert (await events_missing(live.database, seen)).count == 1


async def test_an_inbox_of_an_older_version_goes_on(tmp_path: Path) -> None:
    """The column is made where it is not there; what was seen before is not asked about."""
    file = InboxFile(tmp_path)
    file.close()
    with closing(sqlite3.connect(tmp_path / "inbox.sqlite", isolation_level=None)) as database:
        database.execute("ALTER TABLE seen DROP COLUMN event")
        database.execute("INSERT INTO seen VALUES (x'00', 1, ?)", (datetime.now(UTC).isoformat(),))
    assert seen_in(tmp_path).events == frozenset()
    InboxFile(tmp_path).close()
    assert seen_in(tmp_path).events == frozenset()


def doctor(data: Path, connection: Connection) -> subprocess.CompletedProcess[str]:
    """The command."""
    return subprocess.run(
        [COMMAND, "doctor", "--graph", "--data", str(data)],
        env={**SMALL, **settings_of(connection)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        stdin=subprocess.DEVNULL,
    )


async def test_the_command_tells_numbers_alone_and_ends_with_one_where_something_is_wrong(
    neo4j: Connection, database: Database, tmp_path: Path
) -> None:
    """Plain sentences, what to do, and nobody's name."""
    await clear(database)
    keys = keys_of(neo4j)
    folder, key = Path(keys["CUSTOMER_GRAPH_KEYS"]), keys["CUSTOMER_GRAPH_KEY"]
    vault = vault_of(load_settings(data=tmp_path, keys=folder, key=key))
    await load(database, made(COMPANY), silent, keys=vault)
    told = doctor(tmp_path, neo4j)
    assert told.returncode == 0, told.stdout
    assert "no records are there more than once" in told.stdout
    assert "no rows hold what is not sealed by the key of whose they are" in told.stdout
    await database.write(FAULTS["standings"])
    told = doctor(tmp_path, neo4j)
    assert told.returncode == 1
    assert "1 standings disagree with the decisions that they are derived from" in told.stdout
    everything: list[Any] = await database.read("MATCH (c:Customer) RETURN [c.name, c.email, c.id, c.sourceKey]")
    for value in (value for row in everything for value in row if value):
        assert value not in told.stdout + told.stderr
    await clear(database)
