"""A client that makes a frame of all edges from customers to interactions, and says on stdout what that took.

python -m bench.export_client export|graphql ADDRESS < token
"""

import json
import resource
import sys
import time
from typing import Any

import httpx
import pandas as pd
from customer_graph_client import Graph

PAGE = """query ($after: String) {
  interactions(first: 1000, after: $after) {
    nodes { id customer { id } }
    pageInfo { hasNextPage endCursor }
  }
}"""


def by_export(address: str, token: str) -> pd.DataFrame:
    """By the client for data scientists."""
    with Graph(address, token, progress=False) as graph:
        return graph.edges("HAD").to_pandas()


def by_graphql(address: str, token: str) -> pd.DataFrame:
    """Page by page, as large as a page may be."""
    rows: list[tuple[str, str]] = []
    after: str | None = None
    headers = {"authorization": f"Bearer {token}", "accept": "application/graphql-response+json"}
    with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        while True:
            response = client.post("/graphql", json={"query": PAGE, "variables": {"after": after}})
            response.raise_for_status()
            page: Any = response.json()["data"]["interactions"]
            rows += [(one["customer"]["id"], one["id"]) for one in page["nodes"] if one["customer"] is not None]
            if not page["pageInfo"]["hasNextPage"]:
                return pd.DataFrame(rows, columns=["source", "target"])
            after = page["pageInfo"]["endCursor"]


WAYS = {"export": by_export, "graphql": by_graphql}


def main() -> None:
    """Ask, and say so."""
    way, address = sys.argv[1:]
    token = sys.stdin.read().strip()
    started = time.perf_counter()
    frame = WAYS[way](address, token)
    took = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"rows": len(frame), "seconds": took, "peak": peak}))


if __name__ == "__main__":
    main()
