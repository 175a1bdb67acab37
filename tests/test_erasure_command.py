"""`customer-graph privacy erase` and `lift` as an operator meets them."""

import re
from pathlib import Path

import pytest

from graph.constraints import statements
from graph.session import Connection, Database
from ingest.constraints import statements as constraint_statements
from schema.catalogue import complete_model
from tests.planted_persons import ADA, OLD, holding, plant
from tests.serving import settings_of
from tests.test_cli import command, one_sentence
from tests.test_ingest_load import clear
from tests.test_privacy_command import said

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]


async def test_an_operator_looks_erases_confirms_and_lifts(
    neo4j: Connection, database: Database, tmp_path: Path
) -> None:
    """What would go, what went, who is to be told by a person; no name and no value is printed."""
    for statement in (*statements(complete_model()), *constraint_statements()):
        await database.change_schema(statement)
    await plant(database)
    data, there = tmp_path / "data", settings_of(neo4j)

    def privacy(*words: str) -> str:
        made = command("privacy", *words, "--data", data, **there)
        said(made, 0)
        assert "canary" not in made.stdout + made.stderr
        return made.stdout

    looked = privacy("erase", ADA, "--preview")
    assert re.search(r"^Interaction +1 ", looked, re.MULTILINE)
    assert f"With her go 1 records that were merged into her: {OLD}" in looked
    assert "stays: Invoice: 1 in part until 2036-01-02. Books have to be kept" in looked
    assert "is told by an event: shop, of 2 records" in looked
    assert "Nothing was changed." in looked
    assert "CG902" in one_sentence(command("privacy", "erase", ADA, "--data", data, **there), 1)
    told = privacy("erase", ADA, "--reason", "request 7")
    receipt = re.match(r"era_\w+", told)
    assert receipt is not None
    assert "REMOVED" in told
    assert "crm is to be told by a person: --confirm crm --reference TEXT" in told
    assert "shop is being told by a server (PENDING)" in told
    assert re.search(r"removed from all answers: 20\d\d-", told)
    assert "no byte left in the data folder: not yet" in told
    assert "CG605" in said(command("privacy", "erase", ADA, "--reason", "x", "--data", data, **there), 1)
    assert "CG601" in said(command("privacy", "access", ADA, "--to", tmp_path / "a", "--data", data, **there), 1)
    for system in ("crm", "shop"):
        told = privacy("erase", ADA, "--confirm", system, "--reference", "T-1")
    assert f"{receipt[0]}: DONE" in told
    assert await database.read("MATCH (r:ErasureReceipt) RETURN [r.state, r.askedBy, r.reason]") == [
        ["DONE", "operator", "request 7"]
    ]
    assert "may come back since 20" in privacy("lift", ADA)
    assert await database.read("MATCH (s:Suppression) RETURN count(s)") == [0]
    assert "SourceRecord.payload" not in await holding(database, "canary ada")
    assert (data / "suppression.key").stat().st_mode & 0o777 == 0o600
    assert "records, whole and in order" in command("trail", "verify", "--data", data).stdout
    await clear(database)
