"""How a WebSocket is refused where no key to verify tokens with can be had: for a while, and not for ever."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from graphql import ExecutionResult

from auth.keys import RemoteKeys
from auth.token import TokenVerifier, Viewer
from server.http import Question
from server.live_operations import Headers, Operations
from server.live_socket import PROTOCOL, Sockets
from tests.test_cli import free_port
from tests.test_token import POLICY, TRUST, bearer


async def results(
    viewer: Viewer, headers: Headers, question: Question, id_: str
) -> AsyncGenerator[ExecutionResult, None]:
    """Nobody is admitted, so nothing is asked."""
    yield ExecutionResult(None, [])
    pytest.fail("An operation ran for somebody unknown.")


@pytest.mark.asyncio
async def test_without_any_key_a_client_is_told_to_try_again_later() -> None:
    """Close code 1013, upon which graphql-ws connects again; upon 4401 it would give up."""
    verifier = TokenVerifier(TRUST, RemoteKeys(f"http://127.0.0.1:{free_port()}/keys"), POLICY)

    async def admit(headers: Headers) -> Viewer:
        return await verifier.admit(headers.authorization, headers.role, headers.purpose)

    hello = {"type": "connection_init", "payload": {"Authorization": bearer()}}
    incoming: list[dict[str, Any]] = [{"type": "websocket.connect"}]
    incoming.append({"type": "websocket.receive", "text": json.dumps(hello)})
    outgoing: list[Any] = []

    async def receive() -> dict[str, Any]:
        return incoming.pop(0)

    async def send(message: Any) -> None:
        outgoing.append(message)

    scope = {"type": "websocket", "path": "/graphql", "headers": [], "subprotocols": [PROTOCOL]}
    async with asyncio.timeout(60):
        await Sockets(Operations(admit, results, asyncio.Event()))(scope, receive, send)
    assert [message["type"] for message in outgoing] == ["websocket.accept", "websocket.close"]
    assert outgoing[-1]["code"] == 1013
