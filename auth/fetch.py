"""What is asked of an identity provider: over https or on this machine, no redirect, bounded in time and size.

Knows no key and no token.
"""

import asyncio
import json
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from schema.errors import SettingInvalid

LARGEST_DOCUMENT_BYTES = 256 * 1024
FAILURES = (httpx.HTTPError, TimeoutError, OSError, ValueError, RecursionError)
"""What `fetched` raises where there is no document to be had."""


async def fetched(uri: str, timeout_seconds: float, accept: str = "application/json") -> dict[str, object]:
    """The JSON object at a checked address, within that time altogether. Raises one of FAILURES."""
    status, body = await _answer("GET", uri, timeout_seconds, {"Accept": accept})
    if status != httpx.codes.OK:
        raise ValueError("the answer is not 200")
    return document_of(body)


async def posted(uri: str, timeout_seconds: float, headers: Mapping[str, str], body: str) -> tuple[int, bytes]:
    """Status and body of the answer to a form at a checked address, as bounded. Raises one of FAILURES."""
    form = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded", **headers}
    return await _answer("POST", uri, timeout_seconds, form, body.encode("utf-8"))


async def _answer(
    method: str, uri: str, timeout_seconds: float, headers: Mapping[str, str], content: bytes | None = None
) -> tuple[int, bytes]:
    client = httpx.AsyncClient(timeout=timeout_seconds, trust_env=is_outward(uri), follow_redirects=False)
    asked = {**headers, "Accept-Encoding": "identity"}
    async with (
        asyncio.timeout(timeout_seconds),
        client,
        client.stream(method, uri, headers=asked, content=content) as response,
    ):
        body = bytearray()
        async for part in response.aiter_bytes():
            body += part
            if len(body) > LARGEST_DOCUMENT_BYTES:
                raise ValueError("the document is too large")
        return response.status_code, bytes(body)


def document_of(text: bytes) -> dict[str, object]:
    """A JSON object. Raises ValueError for everything else."""
    document = json.loads(text.decode("utf-8"))
    if isinstance(document, dict):
        return document
    raise ValueError("not a JSON object")


def is_outward(uri: str) -> bool:
    """Whether a proxy may see the request: it is for the way out, not for what stays on this machine."""
    return uri.startswith("https:")


def checked_uri(uri: str) -> str:
    """The address if documents may be fetched from there. Raises SettingInvalid."""
    refusal = SettingInvalid("The address of the keys must be https, or http on this machine (127.0.0.1 or localhost).")
    try:
        parts = urlsplit(uri)
        host = parts.hostname or ""
    except ValueError:
        raise refusal from None
    if not host or parts.username is not None or parts.fragment:
        raise refusal
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)):
        return uri
    raise refusal


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
