"""Loading into a real Neo4j: nothing lost, nothing doubled, nothing renamed, and to be resumed after a kill."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from graph.session import Database
from ingest.constraints import ATTACHED, WAITS_FOR, statements
from ingest.exports import Exports, read_folder
from ingest.load import LoadReport, is_loaded, load
from ingest.patience import Graph, Patient
from ingest.records import Profile
from ingest.statements import OWN_LABELS, Statement
from schema.catalogue import complete_model
from schema.errors import DatabaseUnavailable
from schema.model import Scalar
from schema.purposes import PURPOSES
from tests.sample import Sample

pytest_plugins = ["tests.sample"]

SAMPLE = Path(__file__).parent.parent / "examples" / "acme-home"
SMALL = ("billing.csv", "shipping.csv", "consents.csv", "agents.csv")
HIDDEN = {
    "workedOutOf",
    "sourceKey",
    "sourceDigest",
    "updatedDigest",
    "onRecord",
    "onRecords",
    "takes",
    "kept",
    "firstFor",
    "held",
}

pytestmark = pytest.mark.asyncio(loop_scope="session")


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


async def clear(database: Database) -> None:
    """Take away all nodes."""
    patient = Patient(database, 60)
    while (await patient.write_many([("MATCH (n) WITH n LIMIT 5000 DETACH DELETE n RETURN count(*) AS taken", None)]))[
        0
    ][0]:
        pass


async def census(database: Database) -> tuple[dict[str, int], dict[str, int], dict[str, str]]:
    """Nodes by label, relationships by type, and the id of each node by label and key."""
    labels = await database.read("MATCH (n) UNWIND labels(n) AS label WITH label, count(*) AS n RETURN [label, n]")
    types = await database.read("MATCH ()-[r]->() WITH type(r) AS type, count(*) AS n RETURN [type, n]")
    ids = await database.read("MATCH (n) WHERE n.id IS NOT NULL RETURN [labels(n)[0] + ' ' + n.sourceKey, n.id]")
    return dict(labels), dict(types), dict(ids)


@pytest.fixture
def company(sample: Sample) -> Database:
    """The sample company in a graph with nothing else in it."""
    return sample.database


@pytest.fixture
def loaded(sample: Sample) -> LoadReport:
    """What its load said."""
    return sample.loaded


@pytest.fixture(scope="module")
def exports() -> Exports:
    """What the files of the sample company hold."""
    return read_folder(SAMPLE, silent)


async def test_every_row_of_every_file_is_kept_whole(company: Database, loaded: LoadReport, exports: Exports) -> None:
    """As many source records as rows, by silo; each payload is its row."""
    kept = await company.read("MATCH (r:SourceRecord)-[:FROM]->(s:SourceSystem) RETURN [s.name, r.payload]")
    assert Counter(system for system, _ in kept) == Counter(one.source.system for one in exports.reads)
    payloads = Counter((system, json.dumps(json.loads(payload), sort_keys=True)) for system, payload in kept)
    rows = Counter((one.source.system, json.dumps(dict(one.row.payload), sort_keys=True)) for one in exports.reads)
    assert payloads == rows
    assert not loaded.rejects


async def test_the_graph_holds_what_the_report_says(company: Database, loaded: LoadReport) -> None:
    """Counts by label and by type."""
    labels, types, _ = await census(company)
    assert labels.pop("LoadedFolder") == labels.pop("LogClock") == 1
    assert labels.pop("Change") == types.pop("CHANGED")  # which the sample adds
    assert labels.pop("QualityMeasure") > 0  # of the load itself
    assert labels.pop("JourneyFlow") > 0  # what was kept of it since
    assert labels.pop("Signal") == types.pop("SHOWS") > 0
    assert types.pop("OFFERS") > 0
    assert types.pop("BEGAN_WITH") > 0
    assert labels == loaded.nodes
    assert types == loaded.relationships


async def test_what_was_delivered_twice_happened_once(company: Database, loaded: LoadReport, exports: Exports) -> None:
    """Two source records, one interaction."""
    twice = [
        key
        for key, times in Counter(one.record.key for one in exports.reads if one.source.system == "events").items()
        if times > 1
    ]
    assert twice
    found = await company.read(
        "MATCH (r:SourceRecord {system: 'events'})-[:RECORDS]->(i:Interaction) WHERE r.recordId IN $keys "
        "WITH i, count(r) AS records RETURN records",
        {"keys": twice},
    )
    assert set(found) <= {2}


async def test_every_node_is_as_its_type_demands(company: Database, loaded: LoadReport) -> None:
    """Required fields are there, lists are never null, and nothing is there that the model does not name."""
    del loaded
    for label, kind in complete_model().items():
        needed = [one.name for one in kind.properties.values() if one.required]
        missing = await company.read(
            f"MATCH (n:{label}) UNWIND $needed AS name WITH n, name WHERE n[name] IS NULL RETURN DISTINCT name",
            {"needed": needed},
        )
        beside = [name for one in kind.properties.values() for name in one.hidden]
        unknown = await company.read(
            f"MATCH (n:{label}) UNWIND keys(n) AS name WITH DISTINCT name WHERE NOT name IN $known RETURN name",
            {"known": [*kind.properties, *beside, *HIDDEN]},
        )
        assert (label, missing, unknown) == (label, [], [])


async def test_values_are_held_in_their_types(company: Database, loaded: LoadReport) -> None:
    """Days as DATE, times as ZONED DATETIME, money as INTEGER hundredths, lists as lists."""
    del loaded
    held = {
        Scalar.DATE: "DATE NOT NULL",
        Scalar.DATETIME: "ZONED DATETIME NOT NULL",
        Scalar.DECIMAL: "INTEGER NOT NULL",
        Scalar.INT: "INTEGER NOT NULL",
        Scalar.BOOLEAN: "BOOLEAN NOT NULL",
        Scalar.STRING: "STRING NOT NULL",
        Scalar.ENUM: "STRING NOT NULL",
        Scalar.ID: "STRING NOT NULL",
    }
    for label, kind in complete_model().items():
        for one in kind.properties.values():
            types = await company.read(
                f"MATCH (n:{label}) WHERE n.{one.name} IS NOT NULL RETURN DISTINCT valueType(n.{one.name})"
            )
            if one.many:
                assert all(type_.startswith("LIST<") for type_ in types), (label, one.name)
            elif one.scalar in held:
                assert set(types) <= {held[one.scalar]}, (label, one.name)


async def test_edges_to_one_lead_to_one(company: Database, loaded: LoadReport) -> None:
    """Where the model says one, no node has two."""
    del loaded
    for label, kind in complete_model().items():
        for way in kind.edges.values():
            if not way.many:
                arrow = f"-[:{way.type}]->" if way.outward else f"<-[:{way.type}]-"
                target = "|".join(way.targets)
                doubled = await company.read(
                    f"MATCH (n:{label}){arrow}(m:{target}) WITH n, count(DISTINCT m) AS many WHERE many > 1 RETURN many"
                )
                assert (label, way.name, doubled) == (label, way.name, [])


async def test_every_profile_is_one_customers_and_every_customer_stands_on_every_purpose(
    company: Database, loaded: LoadReport, exports: Exports
) -> None:
    """No customer without standings, no standing twice."""
    resolved = await company.read(
        "MATCH (:SourceRecord {kind: 'customer'})-[r:RESOLVES_TO]->(:Customer) RETURN r.method"
    )
    assert len(resolved) == len(exports.of(Profile))
    assert all(resolved)
    standings = await company.read(
        "MATCH (c:Customer) RETURN COLLECT { MATCH (c)-[:STANDS]->(s:Standing) RETURN s.purpose ORDER BY s.purpose }"
    )
    assert len(standings) == loaded.customers
    assert all(one == sorted(PURPOSES) for one in standings)


async def test_unknown_people_get_no_customer(company: Database, loaded: LoadReport) -> None:
    """Interactions of nobody are kept, and their source records say so."""
    del loaded
    states = await company.read(
        "MATCH (r:SourceRecord)-[:RECORDS]->(i:Interaction) "
        "RETURN DISTINCT [r.resolution, EXISTS { (i)<-[:HAD]-(:Customer) }]"
    )
    assert sorted(map(tuple, states)) == [("RESOLVED", True), ("UNATTRIBUTED", False)]


async def test_a_second_load_changes_nothing(company: Database, loaded: LoadReport) -> None:
    """No count, no id, no time."""
    stamps = "MATCH (c:Customer) RETURN [c.id, toString(c.createdAt), toString(c.updatedAt)] ORDER BY c.id"
    before, stamped = await census(company), await company.read(stamps)
    again = await load(company, SAMPLE, silent)
    assert again == loaded
    assert await census(company) == before
    assert await company.read(stamps) == stamped


class Dying:
    """A database that is lost after some transactions."""

    def __init__(self, database: Database, transactions: int) -> None:
        self._database, self._left = database, transactions

    async def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, timeout: float | None = None
    ) -> list[Any]:
        """As the database."""
        return await self._database.read(text, parameters, timeout)

    async def write_many(self, statements: Iterable[Statement], timeout: float | None = None) -> list[list[Any]]:
        """As the database, until it is lost."""
        self._left -= 1
        if self._left < 0:
            raise DatabaseUnavailable
        return await self._database.write_many(statements, timeout)

    async def change_schema(self, text: str, timeout: float = 60.0) -> None:
        """As the database."""
        await self._database.change_schema(text, timeout)


async def test_a_database_that_comes_back_in_time_is_waited_for() -> None:
    """The loader asks again: all of its statements may be said twice."""

    class Waking:
        asked = 0

        async def write_many(self, statements: Iterable[Statement], timeout: float | None = None) -> list[list[Any]]:
            self.asked += 1
            if self.asked < 3:
                raise DatabaseUnavailable
            return [[statement[0]] for statement in statements]

    waking = Waking()
    assert await Patient(cast("Graph", waking), 60).write_many(iter([("a", None)])) == [["a"]]
    with pytest.raises(DatabaseUnavailable):
        await Patient(cast("Graph", Waking()), 0).write_many([("a", None)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A smaller company: the beginnings of some exports of the sample."""
    for name in SMALL:
        begins(name, tmp_path)
    return tmp_path


def begins(name: str, folder: Path, lines: int = 120) -> None:
    """Copy the beginning of an export: so many lines, and what is left of a row that stands on several."""
    taken = b""
    with (SAMPLE / name).open("rb") as whole:
        for number, line in enumerate(whole):
            if number >= lines and taken.count(b'"') % 2 == 0:
                break
            taken += line
    (folder / name).write_bytes(taken)


async def test_a_load_that_was_broken_off_is_resumed(database: Database, folder: Path) -> None:
    """Wherever it was broken off, the next load ends with the same graph, and only then the folder counts as loaded."""
    await clear(database)
    whole = await load(database, folder, silent)
    expected = (await census(database))[:2]
    await clear(database)
    for transactions in (2, 9):
        dying: Graph = Dying(database, transactions)
        with pytest.raises(DatabaseUnavailable):
            await load(dying, folder, silent, patience=0)
        assert not await is_loaded(database, folder)
    assert await load(database, folder, silent) == whole
    assert (await census(database))[:2] == expected
    assert await is_loaded(database, folder)
    await clear(database)


async def test_customers_keep_their_ids_when_another_silo_comes_in(database: Database, folder: Path) -> None:
    """Matching may join or split on new evidence: an id stays with records it had, and none is left without any."""
    await clear(database)
    await load(database, folder, silent)
    whose = "MATCH (r:SourceRecord {system: 'billing'})-[:RESOLVES_TO]->(c:Customer) RETURN [r.recordId, c.id]"
    before = dict(await database.read(whose))
    begins("crm.csv", folder)
    assert not await is_loaded(database, folder)
    await load(database, folder, silent)
    after = dict(await database.read(whose))
    assert set(after) == set(before)
    for customer in set(after.values()) & set(before.values()):
        assert {key for key in after if after[key] == customer} & {key for key in before if before[key] == customer}
    assert sum(after[key] == before[key] for key in before) > 0.9 * len(before)
    assert await database.read("MATCH (c:Customer) WHERE NOT EXISTS { (c)<-[:RESOLVES_TO]-() } RETURN c.id") == []
    await clear(database)


async def test_refused_rows_are_told_by_place_and_reason(database: Database, folder: Path, tmp_path: Path) -> None:
    """In the report and in a file; never with a value."""
    await clear(database)
    lines = (SAMPLE / "agents.csv").read_text(encoding="utf-8").splitlines()
    (folder / "agents.csv").write_text(
        "\n".join([*lines, "secret1,Ann,ann@x.example,T,US,en,yesterday,"]), encoding="utf-8"
    )
    rejects = tmp_path / "data" / "rejects.csv"
    report = await load(database, folder, silent, rejects=rejects)
    assert [(one.file, one.line, one.column, one.reason) for one in report.rejects] == [
        ("agents.csv", len(lines) + 1, "since", "not a date")
    ]
    assert rejects.read_text(encoding="utf-8").splitlines() == [
        "file,line,column,reason",
        f"agents.csv,{len(lines) + 1},since,not a date",
    ]
    await clear(database)


async def test_constraints_may_be_made_again(database: Database) -> None:
    """One for each label, and one each for what events wait for, was attached or erased; each with IF NOT EXISTS."""
    for _ in range(2):
        for statement in statements():
            await database.change_schema(statement)
    assert len(statements()) == len(complete_model()) + len(OWN_LABELS) + len((*WAITS_FOR, ATTACHED, "hash"))
