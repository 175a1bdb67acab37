"""Graph: the customer graph of one role and purpose, as whoever computes with it asks for it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import pyarrow as pa
import pyarrow.parquet as pq

from customer_graph_client.download import Download, refusal_of
from customer_graph_client.errors import NotThere
from customer_graph_client.progress import shown
from customer_graph_client.tables import Edges, Nodes, edges_of

SECONDS = httpx.Timeout(10.0, read=180.0)
"""The first batch of an export is there when the database has read it."""
ROWS_OF_A_PAGE = 1000
AROUND = """query Around($from: ID!, $hops: Int!, $types: [RelationshipKind!], $first: Int!, $after: String) {
  relationships(from: $from, hops: $hops, types: $types, first: $first, after: $after) {
    truncated
    nodes { kind hops source { __typename id } target { __typename id } }
    pageInfo { hasNextPage endCursor }
  }
}"""


class Graph:
    """The customer graph at an address.

    `token` is a bearer token, or what gives one, asked before each request: tokens expire. `role` and `purpose` choose
    where a token has several. `progress` counts rows on stderr: True always, False never, None on a terminal.
    `client` brings settings of httpx of one's own, such as a certificate authority.

    Every method raises Refused with the server's code, and downloads raise Broken when they get nowhere.
    """

    def __init__(
        self,
        url: str,
        token: str | Callable[[], str],
        *,
        role: str | None = None,
        purpose: str | None = None,
        progress: bool | None = None,
        client: httpx.Client | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._token = token if callable(token) else lambda: token
        self._named = {name: said for name, said in (("x-role", role), ("x-purpose", purpose)) if said is not None}
        self._progress = progress
        self._client = client or httpx.Client(timeout=SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def manifest(self) -> dict[str, Any]:
        """What may be exported: types with their fields, kinds of relationship, the legal basis, what is left out."""
        response = self._client.get(f"{self._url}/export/manifest", headers=self._headers())
        if response.status_code != 200:
            raise refusal_of(response)
        found: dict[str, Any] = response.json()
        return found

    def nodes(self, type: str, fields: Sequence[str] | None = None) -> Nodes:
        """Every node of a type that the role sees, with all fields or these."""
        download = self._nodes(type, fields)
        return Nodes(self._whole(download, type), download.manifest)

    def edges(self, *types: str) -> Edges:
        """Every relationship that the role sees, of all types or these, between nodes that it sees."""
        download = self._edges(types)
        return Edges(self._whole(download, ", ".join(types) or "edges"), download.manifest)

    def node_batches(self, type: str, fields: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The same as `nodes`, a batch of at most 10,000 rows at a time, for what does not fit into memory."""
        yield from shown(self._nodes(type, fields), type, wanted=self._progress)

    def edge_batches(self, *types: str) -> Iterator[pa.RecordBatch]:
        """The same as `edges`, a batch at a time."""
        yield from shown(self._edges(types), ", ".join(types) or "edges", wanted=self._progress)

    def save_nodes(self, path: str | Path, type: str, fields: Sequence[str] | None = None) -> int:
        """The nodes of a type as a Parquet file, written as they come; how many. Nothing stays of what broke off."""
        return self._save(path, self._nodes(type, fields), type)

    def save_edges(self, path: str | Path, *types: str) -> int:
        """Relationships as a Parquet file, written as they come; how many."""
        return self._save(path, self._edges(types), ", ".join(types) or "edges")

    def relationships(self, from_: str, hops: int = 1, types: Sequence[str] | None = None) -> Edges:
        """What is connected with a record, up to four steps away, by the ids of the API. Raises NotThere."""
        found: list[Mapping[str, Any]] = []
        truncated, after = False, None
        while True:
            words = {"from": from_, "hops": hops, "types": types, "first": ROWS_OF_A_PAGE, "after": after}
            page = self.ask(AROUND, words)["relationships"]
            if page is None:
                raise NotThere(f"Nothing with this id is there for you: {from_}")
            found += page["nodes"]
            truncated = truncated or page["truncated"]
            if not page["pageInfo"]["hasNextPage"]:
                return edges_of(found, truncated=truncated)
            after = page["pageInfo"]["endCursor"]

    def ask(self, text: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The data of a GraphQL query."""
        headers = {**self._headers(), "accept": "application/graphql-response+json"}
        body = {"query": text, "variables": dict(variables or {})}
        response = self._client.post(f"{self._url}/graphql", json=body, headers=headers)
        answer = response.json() if response.status_code == 200 else {}
        if response.status_code != 200 or answer.get("errors"):
            raise refusal_of(response)
        data: dict[str, Any] = answer["data"]
        return data

    def _nodes(self, type: str, fields: Sequence[str] | None) -> Download:
        named = {} if fields is None else {"fields": ",".join(fields)}
        return self._download("nodes", {"type": type, **named})

    def _edges(self, types: Sequence[str]) -> Download:
        return self._download("edges", {"types": ",".join(types)} if types else {})

    def _download(self, what: str, words: Mapping[str, str]) -> Download:
        def open_(asked: Mapping[str, str]) -> Any:
            return self._client.stream("GET", f"{self._url}/export/{what}", params=asked, headers=self._headers())

        return Download(open_, words)

    def _whole(self, download: Download, what: str) -> pa.Table:
        batches = list(shown(download, what, wanted=self._progress))
        assert download.schema is not None
        return pa.Table.from_batches(batches, download.schema)

    def _save(self, path: str | Path, download: Download, what: str) -> int:
        target = Path(path)
        passing = target.with_name(f"{target.name}.part")
        writer: pq.ParquetWriter | None = None
        rows = 0
        try:
            for batch in shown(download, what, wanted=self._progress):
                writer = writer or pq.ParquetWriter(passing, batch.schema, compression="zstd")
                writer.write_batch(batch)
                rows += batch.num_rows
            writer = writer or pq.ParquetWriter(passing, download.schema, compression="zstd")
            writer.close()
            passing.replace(target)
        finally:
            if writer is not None:
                writer.close()
            passing.unlink(missing_ok=True)
        return rows

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self._token()}", **self._named}
