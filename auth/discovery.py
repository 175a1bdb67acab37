"""OpenID Connect Discovery 1.0: an issuer's own configuration says where its keys and endpoints are. Knows no token."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from auth.fetch import FAILURES, checked_uri, fetched, is_loopback
from auth.keys import RemoteKeys
from schema.errors import SettingInvalid

WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Provider:
    """What an issuer says of itself. Every address is https, or on this machine where the issuer is too."""

    issuer: str
    jwks_uri: str
    authorization_endpoint: str | None = None
    token_endpoint: str | None = None
    revocation_endpoint: str | None = None
    end_session_endpoint: str | None = None


class Discovery:
    """The configuration of one issuer, fetched at first use and again when it is old.

    One attempt each `pause_seconds`, shared by all who wait; a failed one leaves what was known in force. Belongs to
    one event loop.
    """

    def __init__(
        self,
        issuer: str,
        *,
        lifetime_seconds: float = 600,
        pause_seconds: float = 5,
        timeout_seconds: float = 3,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises SettingInvalid unless the issuer is an https address, or http on this machine itself."""
        self._issuer = issuer
        self.address = configuration_address(issuer)
        self._lifetime_seconds = lifetime_seconds
        self._pause_seconds = pause_seconds
        self._timeout_seconds = timeout_seconds
        self._clock = clock
        self._provider: Provider | None = None
        self._loaded_at = float("-inf")
        self._tried_at = float("-inf")
        self._under_way: asyncio.Task[None] | None = None

    async def provider(self) -> Provider | None:
        """The configuration, None while it was never to be had. Raises nothing."""
        if self._provider is not None and self._clock() - self._loaded_at < self._lifetime_seconds:
            return self._provider
        if self._under_way is None or self._under_way.done():
            if self._clock() - self._tried_at < self._pause_seconds:
                return self._provider
            self._tried_at = self._clock()
            self._under_way = asyncio.create_task(self._refresh())
        # shielded: a client that hangs up must not spoil the attempt for the others
        await asyncio.shield(self._under_way)
        return self._provider

    async def _refresh(self) -> None:
        try:
            self._provider = provider_of(await fetched(self.address, self._timeout_seconds), self._issuer)
        except FAILURES:
            return
        self._loaded_at = self._clock()


class DiscoveredKeys(RemoteKeys):
    """Keys behind the `jwks_uri` that the issuer's configuration names; bounded as all remote keys are."""

    def __init__(
        self,
        discovery: Discovery,
        *,
        lifetime_seconds: float = 600,
        pause_seconds: float = 30,
        timeout_seconds: float = 3,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(
            discovery.address,
            lifetime_seconds=lifetime_seconds,
            pause_seconds=pause_seconds,
            timeout_seconds=timeout_seconds,
            clock=clock,
        )
        self.discovery = discovery

    async def _address(self) -> str:
        provider = await self.discovery.provider()
        if provider is None:
            raise ValueError("the issuer's configuration cannot be had")
        return provider.jwks_uri


def configuration_address(issuer: str) -> str:
    """Where an issuer publishes its configuration (section 4). Raises SettingInvalid."""
    if "?" in issuer or "#" in issuer:
        raise SettingInvalid("The address of the issuer has neither a query nor a fragment.")
    return checked_uri(issuer).removesuffix("/") + WELL_KNOWN


def provider_of(document: Mapping[str, object], issuer: str) -> Provider:
    """The configuration as the issuer's. Raises ValueError where it is another's or names an address that is not safe.

    The names must be equal to the letter (section 4.3): whoever answers for another issuer answers for nobody.
    """
    if document.get("issuer") != issuer:
        raise ValueError("the configuration is another issuer's")
    keys = _endpoint(document, "jwks_uri", issuer)
    if keys is None:
        raise ValueError("the configuration names no keys")
    return Provider(
        issuer,
        keys,
        _endpoint(document, "authorization_endpoint", issuer),
        _endpoint(document, "token_endpoint", issuer),
        _endpoint(document, "revocation_endpoint", issuer),
        _endpoint(document, "end_session_endpoint", issuer),
    )


def _endpoint(document: Mapping[str, object], name: str, issuer: str) -> str | None:
    address = document.get(name)
    if address is None:
        return None
    try:
        checked_uri(address if isinstance(address, str) else "")
    except SettingInvalid:
        raise ValueError("an endpoint is neither https nor on this machine") from None
    assert isinstance(address, str)
    # an issuer elsewhere has no business on this machine
    if is_loopback(urlsplit(address).hostname or "") and not is_loopback(urlsplit(issuer).hostname or ""):
        raise ValueError("an endpoint is on this machine and the issuer is not")
    return address
