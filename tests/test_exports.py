"""Exports: what a role may see as Arrow and Parquet, as the API would tell it; on record first; and gone on with."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import pytest_asyncio
from starlette.types import Message

import graph.export
import server.app
import server.exports
from auth.narrow import narrow
from auth.policy import load_policies
from graph.emit_export import emit_edges, emit_nodes
from graph.export import ROWS_OF_A_PAGE, plan_edges, plan_nodes
from insight.exports.writing import AFTER, MANIFEST, Format
from schema.catalogue import complete_model
from schema.errors import ExportBusy, ExportInvalid, TrailUnavailable
from server.app import application
from server.assembly import assemble
from server.door import Door
from server.rules import rules_of
from server.settings import load
from server.wire import ABORT
from tests.keeping import Kept
from tests.sample import Sample
from tests.test_http import Service

pytest_plugins = ["tests.sample"]

ROOT = Path(__file__).parents[1]
ROLE = "data_scientist"
FIELDS = "region,birthDate,lifetimeValue,orderCount,lastInteractionAt,customerSince"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def exporting(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> "Exporting":
    """The sample company, exported from in this process."""
    folder = tmp_path_factory.mktemp("exporting")
    service = Service(assemble(load(data=folder, viewer_requests=0, viewer_lookups=0)), None, Door(sample.database))  # type: ignore[arg-type]
    from auth.issuer import LocalIssuer

    service.issuer = LocalIssuer(folder)
    return Exporting(service)


class Exporting:
    """Asks for exports as a client does."""

    def __init__(self, service: Service) -> None:
        self.service = service

    async def get(self, path: str, role: str = ROLE, trail: Any = None, **named: Any) -> httpx.Response:
        """The response to one request."""
        app = application(self.service.assembly, self.service.door, trail or Kept())
        headers = {"authorization": f"Bearer {self.service.token(role, **named)}"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            return await client.get(f"/export/{path}", headers=headers)

    async def rows(self, path: str, **named: Any) -> list[dict[str, Any]]:
        """The rows of an Arrow stream."""
        found: list[dict[str, Any]] = table_of(await self.get(path, **named)).to_pylist()
        return found

    async def broken(self, path: str, trail: Any) -> bytes:
        """What came of an export that was broken off: the body so far, of an answer that had no end."""
        app = application(self.service.assembly, self.service.door, trail)
        sent: list[Message] = []
        aborted: list[bool] = []
        address, _, query = f"/export/{path}".partition("?")
        authorization = f"Bearer {self.service.token(ROLE)}".encode()

        async def receive() -> Message:
            await asyncio.Event().wait()
            raise AssertionError

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "GET",
            "path": address,
            "query_string": query.encode(),
            "headers": [(b"authorization", authorization)],
            ABORT: lambda: aborted.append(True),
        }
        await app(scope, receive, send)
        assert aborted == [True]
        assert all(message.get("more_body", True) for message in sent)
        return b"".join(message.get("body", b"") for message in sent)

    async def ask(self, text: str, role: str = ROLE) -> Any:
        """The API's answer to a question."""
        async with self.service.client() as client:
            response = await client.post("/graphql", json={"query": text}, headers=self.service.headers(role))
        return response.json()["data"]


def table_of(response: httpx.Response) -> pa.Table:
    """An Arrow stream as a table."""
    assert response.status_code == 200, response.text
    return pa.ipc.open_stream(response.content).read_all()


def batches_of(content: bytes) -> list[tuple[pa.RecordBatch, Mapping[bytes, bytes]]]:
    """The batches of a stream, also of a broken one, with what is said beside each."""
    found: list[tuple[pa.RecordBatch, Mapping[bytes, bytes]]] = []
    stream = pa.ipc.open_stream(content)
    while True:
        try:
            batch, said = stream.read_next_batch_with_custom_metadata()
        except StopIteration:
            return found
        found.append((batch, dict(said or {})))


def manifest_of(response: httpx.Response) -> Any:
    """The manifest at the end of a stream."""
    return json.loads(batches_of(response.content)[-1][1][MANIFEST.encode()])


def refused(response: httpx.Response) -> tuple[int, str]:
    """The status and the code of a refusal."""
    return response.status_code, response.json()["errors"][0]["extensions"]["code"]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of seven rows, so that there are many of them."""
    for of in (graph.export.NodeExport, graph.export.EdgeExport):
        whole = of.__init__
        monkeypatch.setattr(of, "__init__", lambda self, *a, _whole=whole, **k: _whole(self, *a, **{**k, "rows": 7}))


# What is in it


@pytest.mark.asyncio
async def test_an_export_holds_what_the_api_tells(exporting: Exporting) -> None:
    """Every customer and every value that the role is answered, and no other: amounts, days, moments and masks."""
    rows = await exporting.rows(f"nodes?type=Customer&fields={FIELDS}")
    told: list[Any] = []
    after = ""
    while True:
        page = (
            await exporting.ask(
                f"{{ customers(first: 500{after}) {{ nodes {{ {FIELDS.replace(',', ' ')} }} "
                "pageInfo { hasNextPage endCursor } } }"
            )
        )["customers"]
        told += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = f', after: "{page["pageInfo"]["endCursor"]}"'
    assert len(rows) == len(told) > 100
    written = [
        {
            **row,
            "lifetimeValue": None if row["lifetimeValue"] is None else str(row["lifetimeValue"]),
            "lastInteractionAt": moment(row["lastInteractionAt"]),
            "customerSince": None if row["customerSince"] is None else row["customerSince"].isoformat(),
        }
        for row in rows
    ]
    for row in written:
        row.pop("id")
    told = [{**one, "lastInteractionAt": moment(one["lastInteractionAt"])} for one in told]
    key = lambda row: json.dumps(row, sort_keys=True, default=str)  # noqa: E731
    assert sorted(written, key=key) == sorted(told, key=key)


def moment(said: Any) -> Any:
    """A moment, however it is written."""
    return datetime.fromisoformat(said) if isinstance(said, str) else said


@pytest.mark.asyncio
async def test_a_column_has_the_type_of_its_field(exporting: Exporting) -> None:
    """What a mask may have made of a value is text; each column says what it is and why it may be missing."""
    schema = table_of(await exporting.get(f"nodes?type=Customer&fields={FIELDS}")).schema
    assert [(field.name, str(field.type)) for field in schema] == [
        ("id", "string"),
        ("region", "string"),
        ("birthDate", "string"),
        ("lifetimeValue", "decimal128(19, 2)"),
        ("orderCount", "int64"),
        ("lastInteractionAt", "timestamp[us, tz=UTC]"),
        ("customerSince", "date32[day]"),
    ]
    assert schema.field("birthDate").metadata[b"withheld"] == b"MASKED"
    assert schema.field("region").metadata[b"category"] == b"profile"


@pytest.mark.asyncio
async def test_the_schema_says_for_whom_and_on_which_basis(exporting: Exporting) -> None:
    """Role, purpose, basis, policy, product and the moment; and no word of what the role does not have."""
    response = await exporting.get("nodes?type=Customer")
    said = {name.decode(): value.decode() for name, value in table_of(response).schema.metadata.items()}
    assert said["customer_graph.role"] == ROLE
    assert said["customer_graph.purpose"] == "analytics"
    assert said["customer_graph.lawful_basis"] == "CONSENT"
    assert said["customer_graph.ids"] == "pseudonyms"
    assert len(said["customer_graph.policy"]) == 16
    assert said["customer_graph.product"]
    assert datetime.fromisoformat(said["customer_graph.as_of"]) <= datetime.now(UTC)
    for hidden in (b"email", b"familyName", b"SourceRecord", b"vatNumber"):
        assert hidden not in response.content


@pytest.mark.asyncio
async def test_edges_lead_from_a_node_of_the_export_to_another(exporting: Exporting) -> None:
    """The same names as among nodes, in the direction in which the graph has them, and as many as the API lists."""
    edges = await exporting.rows("edges?types=PLACED,OF")
    ids = {
        name: {row["id"] for row in await exporting.rows(f"nodes?type={name}&fields=id")}
        for name in ("Customer", "Order", "Product")
    }
    assert {(one["type"], one["sourceType"], one["targetType"]) for one in edges} == {
        ("PLACED", "Customer", "Order"),
        ("OF", "Order", "Product"),
    }
    for one in edges:
        assert one["source"] in ids[one["sourceType"]]
        assert one["target"] in ids[one["targetType"]]
    placed = {one["target"] for one in edges if one["type"] == "PLACED"}
    assert placed == ids["Order"]
    assert len(set(map(str, edges))) == len(edges) > 100


@pytest.mark.asyncio
async def test_ids_are_names_of_the_project_and_of_no_other(exporting: Exporting, sample: Sample) -> None:
    """Stable within a project; no id and no order of theirs in common with another."""
    path = "nodes?type=Customer&fields=customerSince"
    claims: dict[str, Any] = {"claims": {"project": "other"}}
    first, again = [await exporting.get(path), await exporting.get(path)]
    other = await exporting.get(path, **claims)
    one, same, another = ([row["id"] for row in table_of(found).to_pylist()] for found in (first, again, other))
    assert one == same == sorted(one)
    assert another == sorted(another)
    assert not set(one) & set(another)
    assert not any(name.startswith("cus_") for name in one)
    edges = await exporting.rows("edges?types=PLACED", **claims)
    assert {edge["source"] for edge in edges} <= set(another)
    pseudonym = (await exporting.rows("nodes?type=Identity&fields=normalized"))[0]
    assert pseudonym["normalized"] not in (None, pseudonym["id"])


@pytest.mark.asyncio
async def test_parquet_holds_the_same(exporting: Exporting) -> None:
    """With the manifest in its footer."""
    arrow = table_of(await exporting.get(f"nodes?type=Customer&fields={FIELDS}"))
    response = await exporting.get(f"nodes?type=Customer&fields={FIELDS}&format=parquet")
    assert response.headers["content-type"] == Format.PARQUET.media
    assert response.headers["content-disposition"] == 'attachment; filename="Customer.parquet"'
    file = pq.ParquetFile(BytesIO(response.content))
    assert file.read().to_pylist() == arrow.to_pylist()
    manifest = json.loads(file.metadata.metadata[MANIFEST.encode()])
    assert manifest["rows"] == arrow.num_rows
    edges = pq.read_table(BytesIO((await exporting.get("edges?format=parquet")).content))
    assert edges.num_rows == table_of(await exporting.get("edges")).num_rows > 1000


@pytest.mark.asyncio
async def test_every_type_and_every_kind_can_be_exported(exporting: Exporting) -> None:
    """All that the manifest offers, with all its fields."""
    offer = (await exporting.get("manifest")).json()
    assert {one["type"] for one in offer["nodes"]} > {"Customer", "Interaction", "Order", "Product"}
    for one in offer["nodes"]:
        table = table_of(await exporting.get(f"nodes?type={one['type']}"))
        assert table.column_names == [field["name"] for field in one["fields"]]
    kinds = {(one["type"], one["source"], one["target"]) for one in offer["edges"]}
    found = await exporting.rows("edges")
    assert {(one["type"], one["sourceType"], one["targetType"]) for one in found} <= kinds


# What is told of it


@pytest.mark.asyncio
async def test_the_manifest_says_what_was_left_out_in_general_alone(exporting: Exporting) -> None:
    """Counts of what left; of what did not, neither a count nor a name."""
    response = await exporting.get("nodes?type=Customer")
    manifest = manifest_of(response)
    assert manifest["rows"] == table_of(response).num_rows
    assert manifest["nodes"] == "Customer"
    assert manifest["lawfulBasis"]["basis"] == "CONSENT"
    assert manifest["asOf"] <= manifest["until"]
    assert any("restricted" in one for one in manifest["leftOut"])
    offer = await exporting.get("manifest")
    for hidden in ("email", "familyName", "SourceRecord", "Invoice", "vatNumber"):
        assert hidden not in json.dumps(manifest)
        assert f'"{hidden}"' not in offer.text


@pytest.mark.asyncio
@pytest.mark.usefixtures("small_pages")
async def test_each_batch_is_on_record_before_it_leaves(exporting: Exporting) -> None:
    """Of whom and which fields, masked ones apart; ids that leave as pseudonyms count as masked. One request."""
    kept = Kept()
    response = await exporting.get("nodes?type=Customer&fields=region,birthDate", trail=kept)
    rows = table_of(response).num_rows
    subjects = [one for told in kept.disclosures for shown in told.answers[0].shown for one in shown.subjects]
    assert len(subjects) == len(set(subjects)) == rows
    assert all(one.startswith("cus_") for one in subjects)
    shown = kept.disclosures[0].answers[0].shown[0]
    assert shown.fields == ("Customer.region",)
    assert shown.masked == ("Customer.birthDate", "Customer.id")
    assert {(one.role, one.purpose, one.answers[0].root) for one in kept.disclosures} == {
        (ROLE, "analytics", "exportNodes")
    }
    assert len({one.request for one in kept.disclosures}) == 1
    assert len(kept.disclosures) == -(-rows // 7)


@pytest.mark.asyncio
async def test_edges_are_on_record_for_those_whom_their_ends_are_about(exporting: Exporting, sample: Sample) -> None:
    """An order's product tells of whoever ordered it."""
    kept = Kept()
    assert table_of(await exporting.get("edges?types=OF", trail=kept)).num_rows
    (shown,) = (shown for told in kept.disclosures for shown in told.answers[0].shown)
    assert shown.fields == ("Order.products",)
    assert shown.masked == ("Order.id", "Product.id")
    ordering = await sample.database.read("MATCH (c:Customer)-[:PLACED]->()-[:OF]->(:Product) RETURN DISTINCT c.id")
    assert set(shown.subjects) <= set(ordering)
    assert len(shown.subjects) > 50


class Failing(Kept):
    """A trail that takes so many records and no more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    async def record(self, disclosure: Any) -> None:
        """Keep it, or refuse."""
        if len(self.disclosures) == self.most:
            raise TrailUnavailable
        self.disclosures.append(disclosure)


@pytest.mark.asyncio
@pytest.mark.usefixtures("small_pages")
async def test_without_a_record_no_batch_leaves(exporting: Exporting) -> None:
    """The first is refused as any answer is; a later one breaks the stream off, which then has no end."""
    assert refused(await exporting.get("nodes?type=Customer", trail=Failing(0))) == (503, "CG405")
    found = batches_of_broken(await exporting.broken("nodes?type=Customer", Failing(3)))
    assert sum(batch.num_rows for batch, _ in found) == 21
    assert not any(MANIFEST.encode() in said for _, said in found)


def batches_of_broken(content: bytes) -> list[tuple[pa.RecordBatch, Mapping[bytes, bytes]]]:
    """The whole batches of a stream that broke off."""
    found: list[tuple[pa.RecordBatch, Mapping[bytes, bytes]]] = []
    stream = pa.ipc.open_stream(content)
    try:
        while True:
            batch, said = stream.read_next_batch_with_custom_metadata()
            found.append((batch, dict(said or {})))
    except (pa.ArrowInvalid, OSError, StopIteration):
        return found


# Going on


@pytest.mark.asyncio
@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("path", ["nodes?type=Customer&fields=region", "edges?types=PLACED,OF"])
async def test_a_broken_export_goes_on_where_it_broke(exporting: Exporting, path: str) -> None:
    """What came and what comes then is the whole, once each; the manifest counts all of it, as of the beginning."""
    whole = await exporting.get(path)
    came = batches_of_broken(await exporting.broken(path, Failing(4)))
    rest = await exporting.get(f"{path}&after={came[-1][1][AFTER.encode()].decode()}")
    rows = [row for batch, _ in came for row in batch.to_pylist()] + table_of(rest).to_pylist()
    key = lambda row: sorted(map(str, row.items()))  # noqa: E731
    assert sorted(rows, key=key) == sorted(table_of(whole).to_pylist(), key=key)
    assert manifest_of(rest)["rows"] == len(rows) == manifest_of(whole)["rows"]
    assert manifest_of(rest)["asOf"] < manifest_of(rest)["until"]


@pytest.mark.asyncio
@pytest.mark.usefixtures("small_pages")
async def test_an_export_that_lacked_its_end_alone_gets_it(exporting: Exporting) -> None:
    """The token after the last rows leads to the manifest."""
    whole = await exporting.get("nodes?type=Product")
    after = batches_of(whole.content)[-2][1][AFTER.encode()].decode()
    rest = await exporting.get(f"nodes?type=Product&after={after}")
    assert table_of(rest).num_rows == 0
    assert manifest_of(rest)["rows"] == manifest_of(whole)["rows"] == table_of(whole).num_rows


@pytest.mark.asyncio
@pytest.mark.usefixtures("small_pages")
async def test_a_token_is_good_for_its_own_export_alone(exporting: Exporting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for other fields, types, viewers, projects or policies, not for a file that cannot be gone on with, and not
    for ever.
    """
    whole = await exporting.get("nodes?type=Customer&fields=region")
    after = batches_of(whole.content)[0][1][AFTER.encode()].decode()
    going_on = f"nodes?type=Customer&fields=region&after={after}"
    assert table_of(await exporting.get(going_on)).num_rows
    wrong = (400, "CG703")
    assert refused(await exporting.get(f"nodes?type=Customer&fields=segment&after={after}")) == wrong
    assert refused(await exporting.get(f"nodes?type=Order&after={after}")) == wrong
    assert refused(await exporting.get(f"edges?after={after}")) == wrong
    assert refused(await exporting.get(f"{going_on}&format=parquet")) == wrong
    assert refused(await exporting.get(f"{going_on[:-4]}AAAA")) == wrong
    assert refused(await exporting.get(going_on, claims={"project": "other"})) == wrong
    assert refused(await exporting.get(going_on, subject="somebody-else")) == wrong
    late = lambda: datetime.now(UTC) + timedelta(hours=25)  # noqa: E731
    monkeypatch.setattr(server.app, "Exports", partial(server.exports.Exports, clock=late))
    assert refused(await exporting.get(going_on)) == wrong


# Who may


@pytest.mark.asyncio
async def test_only_who_is_allowed_to_may_export(exporting: Exporting) -> None:
    """By the policy, for the purpose; whoever has no token gets the one answer."""
    for path in ("nodes?type=Customer", "edges", "manifest"):
        assert refused(await exporting.get(path, role="service_rep")) == (403, "CG701")
    async with exporting.service.client() as client:
        assert refused(await client.get("/export/edges")) == (401, "CG101")
        assert refused(await client.post("/export/edges", headers=exporting.service.headers(ROLE))) == (405, "CG205")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path",
    [
        "nodes",
        "nodes?type=Customer&fields=",
        "nodes?type=Customer&fields=email",
        "nodes?type=Customer&fields=nothingLikeIt",
        "nodes?type=SourceRecord",
        "nodes?type=NothingLikeIt",
        "nodes?type=Customer&type=Order",
        "nodes?type=Customer&limit=1",
        "nodes?type=Customer&format=csv",
        "edges?type=Customer",
        "edges?types=RESOLVES_TO",
        "edges?types=NOTHING_LIKE_IT",
        "edges?types=",
        "manifest?type=Customer",
    ],
)
async def test_what_a_role_lacks_and_what_there_is_not_are_one_answer(exporting: Exporting, path: str) -> None:
    """Word for word."""
    response = await exporting.get(path)
    assert refused(response) == (400, "CG702")
    assert response.json() == (await exporting.get("nodes?type=Other")).json()


@pytest.mark.asyncio
async def test_one_export_of_a_viewer_is_made_at_a_time(exporting: Exporting) -> None:
    """And so many of all as the settings say; whoever has to wait is told so."""
    limits = server.exports.UnderWay(1)
    with limits.of("one"), pytest.raises(ExportBusy), limits.of("another"):
        pass
    with limits.of("another"):
        pass
    closed = replace(exporting.service.assembly, exports=replace(exporting.service.assembly.exports, at_once=0))
    app = application(closed, exporting.service.door, Kept())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        response = await client.get("/export/edges", headers=exporting.service.headers(ROLE))
    assert refused(response) == (429, "CG704")
    assert response.headers["retry-after"] == "5"


@pytest.mark.asyncio
async def test_a_missing_claim_is_refused_before_anything_is_sent(exporting: Exporting) -> None:
    """Without a project there are no pseudonyms."""
    assert refused(await exporting.get("nodes?type=Identity", claims={})) == (403, "CG104")
    assert refused(await exporting.get("edges", claims={})) == (403, "CG104")


def test_what_is_sealed_stays_whoever_may_read_it() -> None:
    """A customer reads the rows of her sources; in a file they would lie open, so none holds them."""
    view = narrow(complete_model(), load_policies()["customer"], "self")
    assert "payload" in view.types["SourceRecord"].fields
    assert "payload" not in [one.property.name for one in plan_nodes(view, "SourceRecord").fields]
    with pytest.raises(ExportInvalid):
        plan_nodes(view, "SourceRecord", ["payload"])


def test_a_server_that_exports_nothing_does_not_load_arrow() -> None:
    """45 MiB of its memory: the library is taken in at the first export."""
    code = (
        "from graph.driver import take_in_the_driver; take_in_the_driver(); import sys, server.app, server.run; "
        "print(sorted({'pyarrow', 'pandas'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert said.stdout.strip() == "[]"


@pytest.mark.asyncio
@pytest.mark.parametrize("what", ["HAD", "OF", "Interaction"])
async def test_a_page_costs_what_is_on_it(sample: Sample, what: str) -> None:
    """The index leads in the order of ids and the reading stops with the page; nothing sorts all that there is."""
    view = rules_of().views[ROLE, "analytics"]
    hits = []
    for rows in (7, ROWS_OF_A_PAGE):
        if what == "Interaction":
            statement = emit_nodes(replace(plan_nodes(view, what), rows=rows))
        else:
            statement = emit_edges(replace(plan_edges(view, [what])[0], rows=rows))
        values = {name: held if isinstance(held, int) else "" for name, held in statement.parameters.items()}
        given = {**values, "purpose": "analytics", "now": datetime.now(UTC)}
        profile = await sample.database.profile(statement.text, given)
        assert len(profile.rows[0]) == 7 or rows > 7
        assert not {"Sort", "Top", "Eager"} & set(profile.operators)
        hits.append(profile.hits)
    assert 10 * hits[0] < hits[1]
