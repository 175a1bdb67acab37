"""One request to a source system: no redirect, no private address, bounded in time; the status is all that counts.

A host is looked up once, all of its addresses are checked, and the connection goes to the one that was checked: a name
that leads elsewhere a moment later (DNS rebinding) leads nowhere.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpx

from auth.fetch import is_loopback

_NAT64 = IPv6Network("64:ff9b::/96")
Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Answer:
    """The status of an answer, or why there is none; `again_after` seconds as the system asked."""

    status: int | None
    reason: str
    again_after: float | None = None


async def post(url: str, headers: Mapping[str, str], body: bytes, *, seconds: float, private: bool = False) -> Answer:
    """Send a body within that time altogether. `private` allows addresses that are not public. Raises nothing."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(seconds):
            found = await _addresses(host, port)
            if not (private or is_loopback(host)) and not all(map(is_public, found)):
                return Answer(None, "private address")
            return await _sent(url, host, found[0], headers, body)
    except TimeoutError:
        return Answer(None, "timeout")
    except (httpx.HTTPError, OSError, ValueError, IndexError):
        return Answer(None, "unreachable")


@cache
def trusted() -> ssl.SSLContext:
    """The certificates that count: the usual authorities, or those that SSL_CERT_FILE names. Costly, so made once."""
    return httpx.create_ssl_context()


async def _addresses(host: str, port: int) -> list[Address]:
    known = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(str(one[4][0]).partition("%")[0]) for one in known]


def is_public(address: Address) -> bool:
    """Whether the address is one of the Internet at large, also where it stands within another."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


async def _sent(url: str, host: str, address: Address, headers: Mapping[str, str], body: bytes) -> Answer:
    pinned = httpx.URL(url).copy_with(host=str(address))
    asked = {**headers, "host": urlsplit(url).netloc, "user-agent": "customer-graph", "accept-encoding": "identity"}
    # Without the environment: a proxy would look the name up anew.
    async with (
        httpx.AsyncClient(verify=trusted(), timeout=None, trust_env=False, follow_redirects=False) as client,  # noqa: S113  `post` bounds it
        client.stream("POST", pinned, headers=asked, content=body, extensions={"sni_hostname": host}) as response,
    ):
        return Answer(response.status_code, f"status {response.status_code}", _again_after(response))


def _again_after(response: httpx.Response) -> float | None:
    given = response.headers.get("retry-after", "")
    return float(given) if given.isascii() and given.isdigit() and len(given) < 6 else None
