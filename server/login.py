"""Signing in with a browser, where the settings name a client for it: docs/decisions/0012-openid-connect.md.

A session is another way to bring a token, and nothing else: what it may see is decided by that token as by any other.
"""

import asyncio
import hmac
import logging
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from authlib.oauth2.rfc6749.errors import MismatchingStateException, OAuth2Error
from authlib.oauth2.rfc6749.parameters import parse_authorization_code_response
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from auth.fetch import is_loopback
from auth.oauth import Granted, OAuthClient, Pending
from auth.token import TokenVerifier, Verified
from schema.errors import CustomerGraphError, KeysUnavailable, ProviderUnavailable, SignInRefused, TokenRefused
from server.cookies import Cookies
from server.sessions import Session, Sessions

log = logging.getLogger(__name__)

AT_ONCE = 16
SECONDS_BEFORE_EXPIRY = 20
SESSION_HEADER = "x-session"
FRESH = {"cache-control": "no-store"}
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>customer-graph</title>
<body>
<h1>Not signed in</h1>
<p>{code}: {advice}</p>
<p><a href="/login">Sign in</a> or <a href="/graphiql">go back</a></p>
</body>
</html>
"""

Handler = Callable[[Request], Awaitable[Response]]


class Login:
    """Sessions of browsers, and the token that a request with one of them stands for."""

    def __init__(self, client: OAuthClient, address: str, verifier: TokenVerifier, identities: TokenVerifier) -> None:
        """`address` is ours as browsers see it; `verifier` judges access tokens, `identities` ID tokens."""
        self._client = client
        self._address = address
        self._verifier = verifier
        self._identities = identities
        self._cookies = Cookies(secure=address.startswith("https:"))
        self._sessions = Sessions()
        self._asking = asyncio.Semaphore(AT_ONCE)

    def routes(self) -> list[BaseRoute]:
        """Begin, end and look."""
        return [
            Route("/login", told(self.begin), methods=["GET"]),
            Route("/login/callback", told(self.finish), methods=["GET"]),
            Route("/login/session", told(self.look), methods=["GET"]),
            Route("/logout", told(self.leave), methods=["GET"]),
        ]

    async def authorization(self, request: Request) -> str | None:
        """What stands for the header Authorization in a request that has none, None where no session counts.

        A cookie alone never counts: the request must carry `X-Session: 1`, which no form and no link of another site
        can send, and whatever the browser says of where it comes from must be here. Raises ProviderUnavailable.
        """
        name = self._cookies.session_of(request)
        session = self._sessions.find(name) if self._is_ours(request) else None
        if session is None or name is None:
            return None
        if session.expires_at - time.time() < SECONDS_BEFORE_EXPIRY:
            if session.renewal is None or session.renewal.done():
                session.renewal = asyncio.create_task(self._renew(name, session))
            # shielded: newer tokens replace the old ones at the provider, so whoever hangs up must not lose them
            await asyncio.shield(session.renewal)
        if self._sessions.find(name) is None:
            return None
        if session.expires_at <= time.time() and session.refresh_token is not None:
            raise ProviderUnavailable
        return bearer(session.access_token)

    async def begin(self, request: Request) -> Response:
        """Send the browser to the identity provider."""
        here = request.headers.get("host", "")
        there = urlsplit(self._address)
        # cookies of localhost are not those of 127.0.0.1
        if here != there.netloc and is_loopback(request.url.hostname or "") and is_loopback(there.hostname or ""):
            return away(f"{self._address}/login")
        pending, address = await self._client.begin()
        response = away(address)
        self._cookies.keep_pending(response, pending)
        return response

    async def finish(self, request: Request) -> Response:
        """Open a session for the browser that comes back from the identity provider."""
        pending = self._cookies.pending_of(request)
        if pending is None:
            raise SignInRefused
        code = await self._code_of(request, pending)
        if self._asking.locked():
            raise ProviderUnavailable
        async with self._asking:
            session = await self._session_of(await self._client.redeem(code, pending), pending)
        self._sessions.end(self._cookies.session_of(request))
        response = away("/graphiql")
        self._cookies.keep_session(response, self._sessions.open(session))
        self._cookies.forget(response, self._cookies.pending)
        return response

    async def look(self, request: Request) -> Response:
        """What this browser's session may do, for the page: null where there is none."""
        try:
            authorization = await self.authorization(request)
            verified = self._verifier.examine(authorization) if authorization is not None else None
        except TokenRefused:
            verified = None
        if verified is None:
            return JSONResponse(None, headers=FRESH)
        session = self._sessions.find(self._cookies.session_of(request))
        said = {
            "subject": verified.subject,
            "name": session.name if session is not None else None,
            "roles": list(verified.roles),
            "purposes": None if verified.purposes is None else list(verified.purposes),
        }
        return JSONResponse(said, headers=FRESH)

    async def leave(self, request: Request) -> Response:
        """End this browser's session, here and at the identity provider. Without one it only leads back."""
        # the cookie is Strict, so a link on another site ends nobody's session; newer browsers say whence they come
        session = (
            self._sessions.end(self._cookies.session_of(request))
            if request.headers.get("sec-fetch-site", "none") in ("none", "same-origin")
            else None
        )
        if session is None:
            return away("/graphiql")
        if session.refresh_token is not None:
            await self._client.revoke(session.refresh_token)
        response = away(await self._client.farewell(f"{self._address}/graphiql"))
        self._cookies.forget(response, self._cookies.session)
        return response

    def _is_ours(self, request: Request) -> bool:
        return (
            request.headers.getlist(SESSION_HEADER) == ["1"]
            and request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
            and request.headers.get("origin", self._address) == self._address
        )

    async def _code_of(self, request: Request, pending: Pending) -> str:
        """The code that the provider gave for just this sign-in. Raises SignInRefused."""
        try:
            said = parse_authorization_code_response(f"?{request.url.query}", state=pending.state)
        except (OAuth2Error, MismatchingStateException, ValueError):
            raise SignInRefused from None
        issuer = (await self._client.provider()).issuer
        if said.get("iss", issuer) != issuer or not hmac.compare_digest(
            said["state"].encode(), pending.state.encode()
        ):  # RFC 9207: another provider's answer is not ours
            raise SignInRefused
        return str(said["code"])

    async def _session_of(self, granted: Granted, pending: Pending) -> Session:
        if granted.id_token is None:
            raise SignInRefused
        identity = await examined(self._identities, granted.id_token)
        party = identity.claims.get("azp", self._client.client_id) if identity is not None else None
        if identity is None or party != self._client.client_id or identity.claims.get("nonce") != pending.nonce:
            log.warning("A sign-in was refused: its ID token does not count")
            raise SignInRefused
        verified = await examined(self._verifier, granted.access_token)
        if verified is None or verified.subject != identity.subject:
            log.warning("A sign-in was refused: its access token is not one for this API; docs/identity-provider.md")
            raise SignInRefused
        name = identity.claims.get("preferred_username", identity.claims.get("name"))
        return Session(
            verified.subject,
            name if isinstance(name, str) else None,
            granted.access_token,
            granted.refresh_token,
            verified.expires,
        )

    async def _renew(self, name: str, session: Session) -> None:
        """Newer tokens for a session; its end where the provider has ended it. One that is still good outlives a
        provider that is away.
        """
        if session.refresh_token is None:
            return
        try:
            granted = await self._client.refresh(session.refresh_token)
            verified = await examined(self._verifier, granted.access_token)
        except SignInRefused:
            self._sessions.end(name)
            return
        except (ProviderUnavailable, KeysUnavailable):
            return
        if verified is None or verified.subject != session.subject:
            self._sessions.end(name)
            return
        session.access_token, session.expires_at = granted.access_token, verified.expires
        session.refresh_token = granted.refresh_token or session.refresh_token


async def examined(verifier: TokenVerifier, token: str) -> Verified | None:
    """What a token says, None where it does not count. Raises KeysUnavailable."""
    await verifier.ensure(bearer(token))
    try:
        return verifier.examine(bearer(token))
    except TokenRefused:
        return None


def bearer(token: str) -> str:
    """The header that carries a token."""
    return f"Bearer {token}"


def away(address: str) -> Response:
    """Send the browser elsewhere, with a GET."""
    return RedirectResponse(address, 303, headers=FRESH)


def told(handler: Handler) -> Handler:
    """The handler, with refusals as a page for people."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except CustomerGraphError as refusal:
            page = PAGE.format(code=refusal.code, advice=refusal.advice)
            return HTMLResponse(page, refusal.status, headers=FRESH)

    return answer
