"""Running what documents and notebooks show: each piece of Python in its turn, in one namespace, and what it prints.

There is nothing to assert here, so pytest need not rewrite it and others may import it: PYTEST_DONT_REWRITE.
"""

import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PIECE = re.compile(r"```python\n(?P<code>.*?)```\n(?:\n```text\n(?P<printed>.*?)```\n)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some code and what it prints; empty where nothing is shown."""

    code: str
    printed: str


def of_page(page: Path) -> Iterator[Piece]:
    """The pieces of a page of Markdown: Python, and text right behind it."""
    for found in PIECE.finditer(page.read_text(encoding="utf-8")):
        yield Piece(found["code"], found["printed"] or "")


def of_notebook(notebook: Path) -> Iterator[Piece]:
    """The cells of a notebook (nbformat 4). Their outputs are what they print."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            printed = "".join("".join(output["text"]) for output in cell["outputs"])
            yield Piece("".join(cell["source"]), printed)


def printed(piece: Piece, names: dict[str, Any], given: Mapping[str, str] | None = None) -> str:
    """What a piece prints. `given` are texts that stand for others on the machine of whoever reads."""
    code = piece.code
    for shown, here in (given or {}).items():
        code = code.replace(shown, here)
    said = io.StringIO()
    with redirect_stdout(said):
        exec(compile(code, "<piece>", "exec"), names)  # a document of ours
    return said.getvalue()
