"""`customer-graph resolution`: every record of every source that tells of people, once, with its customer or none."""

import csv
import io
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from auth.disclosure import Disclosure
from graph.session import Database
from ingest.exports import read_folder
from ingest.load import load
from ingest.placement import COLUMNS, TELLING, Placed, placements_of_folder, write
from schema.errors import TrailUnavailable
from server.resolution import FIELDS, on_record
from tests.keeping import Kept
from tests.test_ingest_load import SAMPLE, clear, silent

COMMAND = Path(sys.executable).parent / "customer-graph"
PROFILES = ("billing", "shipping", "crm")
FEW = ("billing.csv", "shipping.csv", "crm.csv", "consents.csv", "orders.jsonl", "chats.jsonl", "cases.csv")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some of the sample company's exports."""
    folder = tmp_path_factory.mktemp("few")
    for name in FEW:
        shutil.copy2(SAMPLE / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def placed(few: Path) -> list[Placed]:
    """Whose the records of those exports are."""
    return placements_of_folder(few, silent)


def test_every_record_is_told_once(few: Path, placed: list[Placed]) -> None:
    """None is left out, none is doubled, and a profile record always has a customer."""
    expected = {
        (one.source.system, one.record.key)
        for one in read_folder(few, silent).reads
        if isinstance(one.record, TELLING)
    }  # fmt: skip
    assert Counter((one.source, one.record) for one in placed) == Counter(expected)
    assert all(one.customer for one in placed if one.source in PROFILES)
    assert not all(one.customer for one in placed)


def test_it_is_written_as_csv(placed: list[Placed]) -> None:
    """With a header; who cannot be told is empty."""
    out = io.StringIO()
    write(placed, out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert tuple(rows[0]) == COLUMNS
    assert [Placed(row["source"], row["record_id"], row["customer_id"] or None) for row in rows] == placed


def test_the_command_prints_it_and_needs_no_database(few: Path, placed: list[Placed]) -> None:
    """Standard output is the CSV and nothing else."""
    run = subprocess.run(
        [COMMAND, "resolution", "--exports", few], capture_output=True, text=True, timeout=300, check=True
    )
    out = io.StringIO()
    write(placed, out)
    assert run.stdout == out.getvalue()


def test_a_folder_or_a_graph_but_not_both(few: Path) -> None:
    """Told in one sentence."""
    command = [str(COMMAND), "resolution", "--exports", str(few), "--data", str(few)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 1
    assert "either --exports" in run.stderr


@pytest_asyncio.fixture(loop_scope="session")
async def emptied(database: Database) -> AsyncIterator[Database]:
    """A graph with nothing in it, before and after."""
    await clear(database)
    yield database
    await clear(database)


class Refusing:
    """A trail that can keep nothing."""

    async def record(self, disclosure: Disclosure) -> None:
        """Refuse."""
        raise TrailUnavailable


@pytest.mark.asyncio(loop_scope="session")
async def test_the_graph_says_the_same_as_the_folder(emptied: Database, few: Path, placed: list[Placed]) -> None:
    """What was loaded is what was resolved, with the ids of customers; and it is on record with each of them."""
    await load(emptied, few, silent)
    kept = Kept()
    found = await on_record(emptied, kept)
    assert [(one.source, one.record) for one in found] == [(one.source, one.record) for one in placed]
    ids = dict(await emptied.read("MATCH (c:Customer) RETURN [c.sourceKey, c.id]"))
    assert [one.customer for one in found] == [one.customer and ids[one.customer] for one in placed]
    shown = [part for one in kept.disclosures for answer in one.answers for part in answer.shown]
    assert {part.fields for part in shown} == {FIELDS}
    assert {id_ for part in shown for id_ in part.subjects} == {one.customer for one in found if one.customer}
    assert all(one.viewer and one.role == "operator" for one in kept.disclosures)
    with pytest.raises(TrailUnavailable):
        await on_record(emptied, Refusing())
