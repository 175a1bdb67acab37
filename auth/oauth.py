"""Signing in: the authorization code flow with PKCE (RFC 6749, RFC 7636), as a client of the identity provider.

The messages are authlib's. They are sent by our own bounded requests, since authlib's client for httpx has no bound for
what it reads and has left httpx. Knows no session, no cookie and no role.
"""

from dataclasses import dataclass, field

from authlib.common.security import generate_token
from authlib.common.urls import add_params_to_qs, add_params_to_uri
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from auth.discovery import Discovery, Provider
from auth.fetch import FAILURES, document_of, posted
from schema.errors import ProviderUnavailable, SignInRefused

LARGEST_TOKENS = 32 * 1024
SECONDS_FOR_AN_ANSWER = 5.0


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in under way: what the browser brings back is compared with it."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Granted:
    """The tokens that the provider gave; the ID token only at a sign-in."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    id_token: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """This server as a client of the identity provider: a public one without a secret; PKCE is used either way."""

    discovery: Discovery = field(repr=False)
    client_id: str
    client_secret: str | None = field(repr=False)
    redirect_uri: str
    scope: str = "openid"

    async def begin(self) -> tuple[Pending, str]:
        """A sign-in, and the address to send the browser to. Raises ProviderUnavailable."""
        provider = await self.provider()
        pending = Pending(generate_token(43), generate_token(43), generate_token(64))
        address: str = prepare_grant_uri(
            provider.authorization_endpoint,
            client_id=self.client_id,
            response_type="code",
            redirect_uri=self.redirect_uri,
            scope=self.scope,
            state=pending.state,
            nonce=pending.nonce,
            code_challenge=create_s256_code_challenge(pending.code_verifier),
            code_challenge_method="S256",
        )
        return pending, address

    async def redeem(self, code: str, pending: Pending) -> Granted:
        """The tokens for a code. Raises SignInRefused and ProviderUnavailable."""
        return await self._granted(
            "authorization_code", code=code, redirect_uri=self.redirect_uri, code_verifier=pending.code_verifier
        )

    async def refresh(self, refresh_token: str) -> Granted:
        """Newer tokens. Raises SignInRefused, when the provider has ended it, and ProviderUnavailable."""
        return await self._granted("refresh_token", refresh_token=refresh_token)

    async def revoke(self, refresh_token: str) -> None:
        """Have the provider forget a token (RFC 7009). Raises nothing: whether it did changes nothing here."""
        provider = await self.discovery.provider()
        if provider is None or provider.revocation_endpoint is None:
            return
        body = add_params_to_qs("", [("token", refresh_token), ("token_type_hint", "refresh_token")])
        try:
            await self._post(provider.revocation_endpoint, body)
        except ProviderUnavailable:
            return

    async def farewell(self, back_to: str) -> str:
        """Where a browser ends its session at the provider (OpenID Connect RP-Initiated Logout 1.0).

        Without the ID token as a hint, which would put claims about a person into an address.
        """
        provider = await self.discovery.provider()
        if provider is None or provider.end_session_endpoint is None:
            return back_to
        asked = [("client_id", self.client_id), ("post_logout_redirect_uri", back_to)]
        address: str = add_params_to_uri(provider.end_session_endpoint, asked)
        return address

    async def provider(self) -> Provider:
        """The provider, able to sign people in. Raises ProviderUnavailable."""
        provider = await self.discovery.provider()
        if provider is None or provider.authorization_endpoint is None or provider.token_endpoint is None:
            raise ProviderUnavailable
        return provider

    async def _granted(self, grant_type: str, **asked: str) -> Granted:
        provider = await self.provider()
        assert provider.token_endpoint is not None
        status, body = await self._post(provider.token_endpoint, prepare_token_request(grant_type, **asked))
        if 400 <= status < 500:
            raise SignInRefused
        try:
            return granted_of(status, body)
        except (ValueError, RecursionError):
            raise ProviderUnavailable from None

    async def _post(self, address: str, body: str) -> tuple[int, bytes]:
        way = "none" if self.client_secret is None else "client_secret_basic"
        client = ClientAuth(self.client_id, self.client_secret, way)
        address, headers, body = client.prepare("POST", address, {}, body)
        try:
            return await posted(address, SECONDS_FOR_AN_ANSWER, headers, body)
        except FAILURES:
            raise ProviderUnavailable from None


def granted_of(status: int, body: bytes) -> Granted:
    """The tokens in an answer of the token endpoint (RFC 6749, section 5.1). Raises ValueError."""
    if status != 200 or len(body) > LARGEST_TOKENS:
        raise ValueError("not an answer with tokens")
    said = document_of(body)
    access, refresh, identity = (said.get(name) for name in ("access_token", "refresh_token", "id_token"))
    if not isinstance(access, str) or str(said.get("token_type")).lower() != "bearer":
        raise ValueError("not a bearer token")
    return Granted(
        access, refresh if isinstance(refresh, str) else None, identity if isinstance(identity, str) else None
    )
