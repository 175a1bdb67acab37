"""Bulk import: the graph of bench.graph as CSV files, read by Neo4j's own import tool into a store that is still empty.

Fifty times as quick as statements. The tool comes with the distribution that the embedded server runs.
"""

import asyncio
import csv
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from bench.graph import COLUMNS, Row, households
from graph import distribution
from graph.embedded_home import RUNTIME_FLAGS, Home, Memory, prepare, write_settings
from graph.java_process import java, plain_environment

EDGES: Mapping[str, tuple[str, str]] = {
    "identities": ("HAS_IDENTITY", "Identity"),
    "channels": ("REACHABLE_ON", "Channel"),
    "consents": ("GAVE", "Consent"),
    "standings": ("STANDS", "Standing"),
    "interactions": ("HAD", "Interaction"),
}
OFF_HEAP = "4g"  # the tool would take nine tenths of the machine
HEAP = "-Xmx2g"


@dataclass(slots=True)
class Files:
    """CSV files of a folder: one a label, one a type of edge. Nodes are numbered in the order in which they come."""

    folder: Path
    nodes: int = 0
    opened: list[TextIOWrapper] = field(default_factory=list)
    writers: dict[str, Any] = field(default_factory=dict)

    def write(self, household: Row) -> None:
        """A household: two customers, the phone they share, and all that hangs on each."""
        phone = self.node("Identity", household["phone"])
        for one in household["customers"]:
            customer = self.node("Customer", one["properties"])
            self.edge("HAS_IDENTITY", customer, phone)
            for part, (edge, label) in EDGES.items():
                for each in one[part]:
                    self.edge(edge, customer, self.node(label, each))

    def node(self, label: str, properties: Row) -> int:
        """One node; its number."""
        if label not in self.writers:
            self._open(label, [":ID", *(f"{name}:{kind}" for name, kind in COLUMNS[label].items())])
        self.nodes += 1
        self.writers[label].writerow([self.nodes, *(written(properties.get(name)) for name in COLUMNS[label])])
        return self.nodes

    def edge(self, kind: str, start: int, end: int) -> None:
        """One edge."""
        if kind not in self.writers:
            self._open(kind, [":START_ID", ":END_ID"])
        self.writers[kind].writerow([start, end])

    def close(self) -> None:
        """Close all files."""
        for file in self.opened:
            file.close()

    def arguments(self) -> Iterable[str]:
        """How the tool is told of the files."""
        for name in self.writers:
            kind = "nodes" if name in COLUMNS else "relationships"
            yield f"--{kind}={name}={self.folder / name}.csv"

    def _open(self, name: str, header: list[str]) -> None:
        self.opened.append((self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="", buffering=1 << 20))
        self.writers[name] = csv.writer(self.opened[-1], lineterminator="\n")
        self.writers[name].writerow(header)


def written(value: Any) -> Any:
    """A value as the tool reads it; nothing stands for null."""
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return ";".join(value)
        case _:
            return value


def write_files(folder: Path, customers: int, interactions: int, seed: int) -> tuple[Files, list[str]]:
    """The graph as files, and the ids of its customers."""
    files, ids = Files(folder), []
    try:
        for household in households(customers, interactions, seed):
            files.write(household)
            ids += [one["properties"]["id"] for one in household["customers"]]
    finally:
        files.close()
    return files, ids


async def imported(data: Path, files: Files) -> None:
    """Read the files into the store of a data folder in which no Neo4j has run.

    The folder is an absolute path. Raises RuntimeError with what the tool said.
    """
    home = Home(data)
    prepare(home)
    class_path = await asyncio.to_thread(distribution.install, distribution.cache_folder(), lambda _: None)
    write_settings(home, 0, Memory())
    tool = await asyncio.create_subprocess_exec(
        *(java(), *RUNTIME_FLAGS, HEAP, "-cp", os.pathsep.join(map(str, class_path)), "org.neo4j.cli.AdminTool"),
        *("database", "import", "full", "neo4j", "--id-type=integer", f"--max-off-heap-memory={OFF_HEAP}"),
        *("--path-pattern-style=none", f"--report-file={files.folder / 'import.report'}", *files.arguments()),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**plain_environment(), "NEO4J_HOME": str(home.neo4j), "NEO4J_CONF": str(home.settings)},
    )
    said, _ = await tool.communicate()
    if tool.returncode != 0:
        raise RuntimeError(f"The import failed: {said.decode(errors='replace')[-2000:]}")
