"""`customer-graph privacy` as an operator meets it: a folder, or one sentence."""

import json
import stat
import subprocess
from pathlib import Path

import pytest

from graph.session import Connection, Database
from privacy.folder import MANIFEST
from tests.filled_graph import WHO, change, fill
from tests.serving import settings_of
from tests.test_cli import command, one_sentence


def said(result: subprocess.CompletedProcess[str], status: int) -> str:
    """What it told on standard error, as one line."""
    assert result.returncode == status, result.stderr
    assert "Traceback" not in result.stderr
    return " ".join(result.stderr.split())


@pytest.mark.asyncio(loop_scope="session")
async def test_an_operator_makes_both_exports(neo4j: Connection, database: Database, tmp_path: Path) -> None:
    """Each in a new folder; what happened beside that is said; the trail is whole; nothing is made twice."""
    await fill(database)
    await change(database, "MATCH (c:Customer {id: 'cus_1'}) SET c.status = 'RESTRICTED'")
    data, there = tmp_path / "data", settings_of(neo4j)
    for what in ("access", "portability"):
        made = command("privacy", what, WHO, "--to", tmp_path / what, "--data", data, **there)
        told = said(made, 0)
        assert made.stdout.strip() == str(tmp_path / what)
        assert "restricted (GDPR art. 18)" in told
        manifest = json.loads((tmp_path / what / MANIFEST).read_text())
        assert (manifest["customer"], manifest["format"]) == (WHO, f"customer-graph {what} 1")
        assert f"{sum(manifest['records'].values())} records." in told
        assert stat.S_IMODE((tmp_path / what / f"{what}.json").stat().st_mode) == 0o600
    whole = command("trail", "verify", "--data", data)
    assert "records, whole and in order" in whole.stdout
    again = command("privacy", "access", WHO, "--to", tmp_path / "access", "--data", data, **there)
    assert "CG603" in one_sentence(again, 1)
    nobody = command("privacy", "access", "cus_nobody", "--to", tmp_path / "nobody", "--data", data, **there)
    assert "CG601" in said(nobody, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["access", "data", "portability"]


def test_a_folder_that_is_taken_is_told_before_anything_starts(tmp_path: Path) -> None:
    """No database is started for it."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter").touch()
    told = one_sentence(command("privacy", "access", WHO, "--to", tmp_path / "mine", "--data", tmp_path / "data"), 1)
    assert "CG603" in told
    assert not (tmp_path / "data").exists()


def test_the_help_says_how() -> None:
    """An example each."""
    for what in ("access", "portability", "requests", "receipt"):
        assert "Example: customer-graph privacy" in command("privacy", what, "--help").stdout
