"""docs/for-data-scientists.md and the notebook: every piece of code runs against a server, and prints what is shown.

They are written anew by: pytest --agree tests/test_data_science_docs.py; read the difference.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.exporting import ExportServer, export_server
from tests.sample import Sample
from tests.snippets import PIECE, of_notebook, of_page, printed

pytest_plugins = ["tests.sample"]

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "for-data-scientists.md"
NOTEBOOK = ROOT / "examples" / "notebooks" / "relationships.ipynb"
URL, TOKEN = "http://127.0.0.1:8000", 'Path("token.txt").read_text().strip()'


@pytest.fixture(scope="module")
def served(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExportServer]:
    """A server over the sample company."""
    with export_server(tmp_path_factory.mktemp("docs") / "data", sample.connection) as running:
        yield running


def given(server: ExportServer) -> dict[str, str]:
    """What stands in the documents for what is otherwise here."""
    return {URL: server.address, TOKEN: repr(server.token())}


def test_the_page_shows_what_is_printed(
    served: ExportServer, agree: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first piece to the last, as somebody types them."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__main__"}
    outputs = [printed(piece, names, given(served)) for piece in of_page(PAGE)]
    names["graph"].close()
    assert len(outputs) > 8
    if agree:
        write_page(outputs)
    assert [piece.printed for piece in of_page(PAGE)] == outputs


def write_page(outputs: list[str]) -> None:
    """The page with these outputs."""
    left = iter(outputs)

    def piece(found: re.Match[str]) -> str:
        said = next(left)
        return f"```python\n{found['code']}```\n" + (f"\n```text\n{said}```\n" if said else "")

    PAGE.write_text(PIECE.sub(piece, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def test_the_notebook_prints_what_it_holds(served: ExportServer, agree: bool) -> None:
    """Cell by cell, as Jupyter would run them all."""
    names: dict[str, Any] = {"__name__": "__main__"}
    outputs = [printed(piece, names, given(served)) for piece in of_notebook(NOTEBOOK)]
    names["graph"].close()
    assert len(outputs) > 4
    if agree:
        write_notebook(outputs)
    assert [piece.printed for piece in of_notebook(NOTEBOOK)] == outputs


def write_notebook(outputs: list[str]) -> None:
    """The notebook with these outputs."""
    held = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    cells = [cell for cell in held["cells"] if cell["cell_type"] == "code"]
    for number, (cell, said) in enumerate(zip(cells, outputs, strict=True), 1):
        text = said.splitlines(keepends=True)
        cell["execution_count"] = number
        cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": text}] if said else []
    NOTEBOOK.write_text(json.dumps(held, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def test_the_notebook_is_one_that_jupyter_opens() -> None:
    """nbformat 4.5: every cell has an id of its own."""
    held = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert (held["nbformat"], held["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in held["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", one) for one in ids)


def test_every_command_of_the_page_is_one() -> None:
    """Of the product, of pip or of curl; those of the product are tried elsewhere."""
    lines = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    words = {line.split()[0] for block in lines for line in block.splitlines() if line and not line.startswith(" ")}
    assert words <= {"customer-graph", "pip", "curl"}
