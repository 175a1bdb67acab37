"""The client for data scientists, against a real server: tables, frames, graphs; downloads that break and go on."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import networkx as nx
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import rustworkx
from customer_graph_client import Broken, Graph, LibraryMissing, NotThere, Refused
from customer_graph_client.download import ATTEMPTS, Download, received
from packaging.requirements import Requirement

import graph.export
from auth.disclosure import Disclosure
from schema.errors import TrailUnavailable
from tests.exporting import ExportServer, export_server
from tests.keeping import Kept
from tests.sample import Sample

pytest_plugins = ["tests.sample"]

CLIENT = Path(__file__).parents[1] / "client"


@pytest.fixture(scope="module")
def served(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExportServer]:
    """A server over the sample company."""
    with export_server(tmp_path_factory.mktemp("client") / "data", sample.connection) as running:
        yield running


@pytest.fixture
def data(served: ExportServer) -> Iterator[Graph]:
    """The graph as a data scientist sees it."""
    with Graph(served.address, served.token()) as opened:
        yield opened


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of fifty rows, so that there are many of them."""
    for of in (graph.export.NodeExport, graph.export.EdgeExport):
        whole = of.__init__
        monkeypatch.setattr(of, "__init__", lambda self, *a, _whole=whole, **k: _whole(self, *a, **{**k, "rows": 50}))


def test_nodes_come_as_frames(data: Graph) -> None:
    """The same rows in pandas and polars, each value of its type, and what is said of them."""
    customers = data.nodes("Customer", ["region", "lifetimeValue", "lastInteractionAt"])
    frame, other = customers.to_pandas(), customers.to_polars()
    assert isinstance(frame, pd.DataFrame)
    assert isinstance(other, pl.DataFrame)
    assert list(frame.columns) == other.columns == ["id", "region", "lifetimeValue", "lastInteractionAt"]
    assert len(frame) == len(other) == len(customers) == customers.manifest["rows"] > 100
    assert frame["id"].is_unique
    assert str(frame["lastInteractionAt"].dt.tz) == "UTC"
    assert customers.metadata["purpose"] == "analytics"


def test_edges_come_as_graphs(data: Graph) -> None:
    """Every edge once, between nodes by the names that they have among nodes."""
    edges, customers = data.edges("PLACED", "OF"), data.nodes("Customer", ["region"])
    ways = edges.to_networkx(customers)
    assert isinstance(ways, nx.MultiDiGraph)
    assert ways.number_of_edges() == len(edges) > 100
    one = customers.table.to_pylist()[0]
    assert ways.nodes[one["id"]]["region"] == one["region"]
    quick = edges.to_rustworkx()
    assert isinstance(quick, rustworkx.PyDiGraph)
    assert quick.num_edges() == len(edges)
    named = {(quick[at], quick[to], kind) for at, to, kind in quick.weighted_edge_list()}
    assert named == {(row["source"], row["target"], row["type"]) for row in edges.table.to_pylist()}


def test_what_is_around_a_record_is_walked_by_the_api(data: Graph) -> None:
    """Step by step, by the API's own ids; a record that is not there for one is not there."""
    (one,) = data.ask("{ customers(first: 1, orderBy: [{ orderCount: DESC }]) { nodes { id } } }")["customers"]["nodes"]
    around = data.relationships(one["id"], hops=2)
    assert set(around.table["hops"].to_pylist()) == {1, 2}
    assert around.to_networkx().has_node(one["id"])
    orders = data.relationships(one["id"], types=["PLACED"])
    assert set(orders.table["type"].to_pylist()) == {"PLACED"}
    with pytest.raises(NotThere):
        data.relationships("cus_nowhere")


@pytest.mark.usefixtures("small_pages")
def test_a_download_that_breaks_goes_on(served: ExportServer, data: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Again and again, wherever it breaks: nothing is missing and nothing is there twice."""
    pauses: list[float] = []
    monkeypatch.setattr(Download, "pause", pauses.append, raising=False)
    monkeypatch.setattr("customer_graph_client.download.time.sleep", pauses.append)
    whole = data.edges("PLACED").table
    served.breaking.after = [3, 0, 1, 4]
    broken = data.edges("PLACED")
    assert sorted(map(str, broken.table.to_pylist())) == sorted(map(str, whole.to_pylist()))
    assert broken.manifest["rows"] == len(broken) == whole.num_rows
    assert served.breaking.after == []


@pytest.mark.usefixtures("small_pages")
def test_what_the_server_breaks_off_is_no_fault_of_the_web_server(
    data: Graph, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A batch that cannot be recorded ends the stream; the log says so once, by its code, and the client goes on."""
    monkeypatch.setattr("customer_graph_client.download.time.sleep", lambda seconds: None)
    calls = count(1)

    async def record(self: Kept, disclosure: Disclosure) -> None:
        if next(calls) == 3:
            raise TrailUnavailable

    monkeypatch.setattr(Kept, "record", record)
    edges = data.edges("PLACED")
    assert len(edges) == edges.manifest["rows"] > 100
    assert [one.name for one in caplog.records if "CG405" in one.getMessage()] == ["server.export_stream"]
    assert not [one for one in caplog.records if one.name.startswith("uvicorn")]


@pytest.mark.usefixtures("small_pages")
def test_a_download_that_gets_nowhere_gives_up(
    served: ExportServer, data: Graph, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """After some attempts in a row that brought nothing, with longer and longer pauses; and leaves no file behind."""
    pauses: list[float] = []
    monkeypatch.setattr("customer_graph_client.download.time.sleep", pauses.append)
    served.breaking.after = [2, *([0] * ATTEMPTS)]
    with pytest.raises(Broken):
        data.save_edges(tmp_path / "edges.parquet", "PLACED")
    assert list(tmp_path.iterdir()) == []
    served.breaking.after = []


def test_what_is_refused_is_told_by_its_code(served: ExportServer, data: Graph) -> None:
    """At once: waiting would help nobody."""
    with pytest.raises(Refused) as refused:
        data.nodes("Customer", ["email"])
    assert (refused.value.code, refused.value.status) == ("CG702", 400)
    with Graph(served.address, "no token") as stranger, pytest.raises(Refused, match="CG101"):
        stranger.manifest()
    with Graph(served.address, served.token("service_rep")) as rep, pytest.raises(Refused, match="CG701"):
        rep.edges()
    with pytest.raises(Refused, match="CG201"):
        data.ask("{ nothingLikeIt }")


def test_files_are_written_as_rows_come(data: Graph, tmp_path: Path) -> None:
    """Parquet that holds what a table would, also of a type of which there is nothing."""
    rows = data.save_nodes(tmp_path / "orders.parquet", "Order")
    assert pq.read_table(tmp_path / "orders.parquet").num_rows == rows == len(data.nodes("Order"))
    products = data.nodes("Product")
    products.to_parquet(tmp_path / "products.parquet")
    kept = pq.ParquetFile(tmp_path / "products.parquet")
    assert kept.metadata.num_rows == len(products)
    assert b"customer_graph.manifest" in kept.metadata.metadata
    assert sorted(path.name for path in tmp_path.iterdir()) == ["orders.parquet", "products.parquet"]


def test_a_library_that_is_missing_is_named(data: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the words that install it."""
    products, edges = data.nodes("Product"), data.edges("SUPPLIES")
    for name, form in (
        ("pandas", products.to_pandas),
        ("polars", products.to_polars),
        ("networkx", edges.to_networkx),
        ("rustworkx", edges.to_rustworkx),
    ):
        monkeypatch.setitem(sys.modules, name, None)
        with pytest.raises(LibraryMissing, match=rf"pip install 'customer-graph-client\[{name}\]'"):
            form()


def test_progress_is_shown_on_wish(served: ExportServer, capsys: pytest.CaptureFixture[str]) -> None:
    """On stderr, so that a script's output stays its own."""
    with Graph(served.address, served.token(), progress=True) as told:
        orders = told.nodes("Order")
    printed = capsys.readouterr()
    assert f"{len(orders):,} rows" in printed.err
    assert printed.out == ""


def test_the_client_needs_nothing_of_the_server() -> None:
    """What it imports beside the standard library is what it says that it needs."""
    said: dict[str, Any] = tomllib.loads((CLIENT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {Requirement(one).name for one in said["dependencies"]}
    optional = {Requirement(one).name for one in said["optional-dependencies"]["all"]}
    found = set()
    for file in (CLIENT / "customer_graph_client").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add((node.module or "").partition(".")[0])
    assert found - set(sys.stdlib_module_names) == {*needed, "customer_graph_client"}
    assert optional == set(said["optional-dependencies"]) - {"all"}
    assert needed == {"httpx", "pyarrow", "rich"}


@pytest.mark.parametrize("size", [1, 7, 65_537])
def test_a_body_comes_in_whatever_pieces_it_likes(size: int) -> None:
    """A batch is larger than what the network brings at a time."""
    table = pa.table({"id": [f"{number:032x}" for number in range(10_000)]})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    body = sink.getvalue().to_pybytes()
    pieces = (body[start : start + size] for start in range(0, len(body), size))
    assert pa.ipc.open_stream(received(pieces)).read_all().equals(table)


def test_a_token_that_expires_is_renewed(served: ExportServer) -> None:
    """Where the client is told how to get one, it asks before each request."""
    asked: list[str] = []

    def token() -> str:
        asked.append(served.token())
        return asked[-1]

    with Graph(served.address, token, client=httpx.Client(timeout=60)) as renewing:
        renewing.manifest()
        renewing.nodes("Supplier")
    assert len(asked) == 2
