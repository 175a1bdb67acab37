"""The floor: the least code that answers the same questions to whoever has a genuine token. It knows no policy.

Run as `python -m bench.floor PORT FOLDER` with NEO4J_URI, NEO4J_USERNAME and NEO4J_PASSWORD; the folder holds the
issuer's keys.
"""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import uvicorn
from neo4j import READ_ACCESS, AsyncDriver, AsyncGraphDatabase
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from auth.issuer import LocalIssuer
from auth.token import TokenVerifier
from bench.questions import QUESTIONS
from schema.errors import CustomerGraphError

REMEMBERS = "BENCH_FLOOR_REMEMBERS"
"""In the environment: how many genuine tokens the floor remembers; none unless told, so each request is checked."""


def driver_of(uri: str, username: str, password: str) -> AsyncDriver:
    """The official driver as one would set it up."""
    return AsyncGraphDatabase.driver(
        uri, auth=(username, password), max_connection_pool_size=64, notifications_min_severity="OFF"
    )


async def rows_of(driver: AsyncDriver, text: str, parameters: dict[str, Any]) -> list[Any]:
    """The one column of a statement, in an auto-commit transaction."""
    async with driver.session(database="neo4j", default_access_mode=READ_ACCESS, fetch_size=-1) as session:
        result = await session.run(text, parameters)
        return await result.value()


def application(folder: Path, remembered: int = 0) -> Starlette:
    """The whole of it."""
    issuer = LocalIssuer(folder)
    roles = {"service_rep": ("service",)}
    verifier = TokenVerifier(issuer.trust, issuer.keys(), roles, remembered=remembered)
    driver = driver_of(os.environ["NEO4J_URI"], os.environ["NEO4J_USERNAME"], os.environ["NEO4J_PASSWORD"])

    async def ask(request: Request) -> Response:
        try:
            await verifier.admit(request.headers.get("authorization"), None, None)
        except CustomerGraphError:
            return Response(status_code=401)
        asked = orjson.loads(await request.body())
        rows = await rows_of(driver, QUESTIONS[asked["question"]].cypher, asked["variables"])
        return Response(orjson.dumps({"data": rows}), media_type="application/json")

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        async with driver:
            yield

    return Starlette(routes=[Route("/", ask, methods=["POST"])], lifespan=life)


def main() -> None:
    """Serve until told to stop."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    remembered = int(os.environ.get(REMEMBERS, "0"))
    uvicorn.run(
        application(folder, remembered),
        port=port,
        ws="none",
        access_log=False,
        log_level="error",
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=65,
    )


if __name__ == "__main__":
    main()
