"""A second company of another shape, brought by docs/bring-your-own-company.md alone: its files and its graph."""

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
import pytest_asyncio

from graph.session import Database
from ingest.exports import delivery
from ingest.load import LoadReport, is_loaded, load, preview
from ingest.patience import Patient
from server.loading import show_preview

PAGE = Path(__file__).parents[1] / "docs" / "bring-your-own-company.md"
BLOCK = re.compile(r"<!-- (file|parquet|sqlite|output): (\S+) ?(\S*) -->\n```\w*\n(.*?)```\n", re.DOTALL)
NOW = datetime(2026, 10, 1, tzinfo=UTC)

pytestmark = pytest.mark.asyncio(loop_scope="session")


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


def blocks() -> list[tuple[str, str, str, str]]:
    """What the page shows: kind, name, encoding, text."""
    return [(kind, name, more, text) for kind, name, more, text in BLOCK.findall(PAGE.read_text(encoding="utf-8"))]


def write(folder: Path) -> None:
    """Every file of the page."""
    for kind, name, more, text in blocks():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind == "file":
            path.write_text(text, encoding=more or "utf-8")
        elif kind == "parquet":
            duckdb.sql(f"COPY ({text}) TO '{path}' (FORMAT parquet)")
        elif kind == "sqlite":
            with closing(sqlite3.connect(path)) as database:
                database.executescript(text)


async def clear(database: Database) -> None:
    """Take away all nodes."""
    taken = "MATCH (n) WITH n LIMIT 5000 DETACH DELETE n RETURN count(*) AS taken"
    while (await Patient(database, 60).write_many([(taken, None)]))[0][0]:
        pass


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the page makes."""
    folder = tmp_path_factory.mktemp("company")
    write(folder)
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def loaded(database: Database, company: Path) -> AsyncIterator[LoadReport]:
    """The company in the graph, and nothing else."""
    await clear(database)
    sources = delivery([company / "sources"], company / "exports")
    yield await load(database, sources, silent, rejects=company / "data" / "rejects.csv", now=NOW)
    await clear(database)


async def test_a_dry_run_says_what_the_page_says_and_writes_nothing(
    database: Database, company: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is loaded, all is new."""
    await clear(database)
    show_preview(await preview(database, delivery([company / "sources"], company / "exports"), silent, now=NOW))
    (shown,) = [text for kind, _, _, text in blocks() if kind == "output"]
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == shown.splitlines()
    assert await database.read("MATCH (n) RETURN count(n)") == [0]


async def test_people_of_several_systems_are_one_customer(database: Database, loaded: LoadReport) -> None:
    """Chloé of the club and the till, Linh of the club and the address book, and Paul, whom only the till knows."""
    assert loaded.customers == 3
    found = await database.read(
        "MATCH (c:Customer)<-[:RESOLVES_TO]-(r:SourceRecord) WITH c, r ORDER BY r.system "
        "WITH c, collect(r.system + ' ' + r.recordId) AS records "
        "RETURN [c.name, c.email, c.phone, c.birthDate, c.region, records] ORDER BY c.name"
    )
    assert found == [
        [
            "Chloé Martin",
            "chloe.martin@courrier.example",
            "+33612345678",
            date(1987, 3, 2),
            "FR",
            ["caisse C7", "club 1001"],
        ],
        [
            "Linh Nguyen",
            "linh@courrier.example",
            "+33711223344",
            date(1992, 7, 17),
            "FR",
            ["accueil carnet-1", "club 1003"],
        ],
        ["Paul Petit", None, None, None, "FR", ["caisse C8"]],
    ]


async def test_what_they_did_is_theirs(database: Database, loaded: LoadReport) -> None:
    """Orders of both shops, calls, the mail; in hundredths, in UTC, and lawful as they decided."""
    del loaded
    orders = await database.read(
        "MATCH (o:Order) OPTIONAL MATCH (c:Customer)-[:PLACED]->(o) "
        "RETURN [o.number, o.total, o.itemCount, o.status, c.givenName] ORDER BY o.number"
    )
    assert orders == [
        ["W-88", 1980, 2, "livrée", "Chloé"],
        ["caisse-501", 12990, 1, "completed", "Chloé"],
        ["caisse-502", 4500, 2, "returned", "Paul"],
        ["caisse-503", 990, 1, "completed", None],
    ]
    said = await database.read(
        "MATCH (c:Customer)-[:HAD]->(i:Interaction) "
        "RETURN [c.givenName, i.kind, i.source, i.text] ORDER BY i.occurredAt"
    )
    assert said == [
        ["Chloé", "CALL", "accueil", "Chloé demande si la corde est arrivée"],
        ["Chloé", "EMAIL", "accueil", "Bonjour, où en est ma commande ?"],
        ["Linh", "CALL", "accueil", "adhésion à renouveler"],
    ]
    lawful = await database.read(
        "MATCH (c:Customer)-[:STANDS]->(s:Standing {purpose: 'marketing.email'}) RETURN [c.givenName, s.lawful] "
        "ORDER BY c.givenName"
    )
    assert lawful == [["Chloé", True], ["Linh", False], ["Paul", False]]


async def test_refused_rows_are_listed_without_their_values(loaded: LoadReport, company: Path) -> None:
    """File, line, column, class."""
    assert len(loaded.rejects) == 4
    told = (company / "data" / "rejects.csv").read_text(encoding="utf-8")
    assert told.splitlines() == [
        "file,line,column,reason",
        "journal.csv,3,kind,unknown kind",
        "boutique.json,2,placed_at,not a time",
        "adherents.txt,5,,too many columns",
        "adherents.txt,3,birth_date,not a date",
    ]


async def test_the_same_again_changes_nothing_and_a_corrected_export_only_adds(
    database: Database, loaded: LoadReport, company: Path
) -> None:
    """A dry run says so beforehand."""
    sources, held = delivery([company / "sources"], company / "exports"), "MATCH (n) RETURN [n.sourceKey, n.id]"
    before = sorted(await database.read(held), key=repr)
    assert await is_loaded(database, sources)
    assert await load(database, sources, silent, now=NOW) == loaded
    assert sorted(await database.read(held), key=repr) == before

    members = company / "exports" / "adherents.txt"
    text = members.read_text(encoding="utf-16")
    members.write_text(text.replace("31/11/1979", "30/11/1979").replace("NGUYEN", "NGUYEN-LE"), encoding="utf-16")
    assert not await is_loaded(database, sources)
    would = await preview(database, sources, silent, now=NOW)
    customers = would.tables["customers"]
    # The card of the renamed member is changed too: another rule joins it to her.
    assert (customers.new, customers.changed, customers.same, customers.gone, customers.refused) == (1, 2, 3, 0, 1)
    assert (would.customers.new, would.joined) == (1, 0)
    assert sorted(await database.read(held), key=repr) == before
    report = await load(database, sources, silent, now=NOW)
    assert report.customers == 4
    assert {key for key, _ in before} <= {key for key, _ in await database.read(held)}  # nothing is taken away
    members.write_text(text, encoding="utf-16")
    gone = await preview(database, sources, silent, now=NOW)
    assert gone.tables["customers"].gone == 1
