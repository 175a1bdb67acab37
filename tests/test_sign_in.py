"""Sessions and sign-ins under way are bounded, sealed and over in time; a provider that errs opens no session.

The whole way with a real provider stands in tests/test_oidc.py.
"""

from collections.abc import Iterator

import pytest
from starlette.requests import Request
from starlette.responses import Response

from auth.discovery import WELL_KNOWN, Discovery
from auth.oauth import LARGEST_TOKENS, OAuthClient, Pending
from schema.errors import ProviderUnavailable, SignInRefused
from server.cookies import SECONDS_TO_SIGN_IN, Cookies
from server.sessions import MOST_OF_ONE_SUBJECT, SECONDS_ALTOGETHER, SECONDS_UNUSED, Session, Sessions
from tests.loopback import Loopback, loopback

PENDING = Pending("the-state", "the-nonce", "the-verifier")


class Clock:
    """A clock that stands still until told."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def session(subject: str = "s-1") -> Session:
    return Session(subject, None, "access", "refresh", 2_000_000.0)


# Sessions


def test_a_session_is_found_by_its_name_until_it_is_ended() -> None:
    """Names are 256 random bits; the memory holds no name."""
    sessions = Sessions()
    names = [sessions.open(session(f"s-{number}")) for number in range(3)]
    assert len(set(names)) == 3
    assert all(len(name) == 43 for name in names)
    found = sessions.find(names[0])
    assert found is not None
    assert found.subject == "s-0"
    assert not any(name in repr(vars(sessions)) for name in names)
    assert sessions.end(names[0]) is found
    assert sessions.find(names[0]) is None
    assert [sessions.find(wrong) for wrong in (None, "", "x", "\ud800")] == [None] * 4


def test_a_session_ends_unused_and_after_a_day_of_work_however_used() -> None:
    """Both, whichever comes first."""
    clock = Clock()
    sessions = Sessions(clock=clock)
    idle, busy = sessions.open(session("idle")), sessions.open(session("busy"))
    began = clock.now
    while clock.now - began < SECONDS_ALTOGETHER:
        assert sessions.find(busy) is not None
        clock.now += SECONDS_UNUSED - 1
    assert sessions.find(idle) is None
    assert sessions.find(busy) is None
    assert len(sessions) == 0


def test_one_person_cannot_push_out_another() -> None:
    """Who opens too many loses the oldest of their own; altogether there is a bound as well."""
    sessions = Sessions(most=20)
    other = sessions.open(session("other"))
    names = [sessions.open(session("greedy")) for _ in range(MOST_OF_ONE_SUBJECT * 5)]
    assert sessions.find(other) is not None
    assert [sessions.find(name) is not None for name in names].count(True) == MOST_OF_ONE_SUBJECT
    assert sessions.find(names[-1]) is not None
    for number in range(50):
        sessions.open(session(f"s-{number}"))
    assert len(sessions) == 20


# A sign-in under way


def carried(cookies: Cookies, value: str) -> Request:
    """A request with this cookie."""
    header = f"{cookies.pending}={value}".encode("latin-1")
    return Request({"type": "http", "headers": [(b"cookie", header)]})


def sealed(cookies: Cookies) -> str:
    response = Response()
    cookies.keep_pending(response, PENDING)
    return response.headers["set-cookie"].partition("=")[2].partition(";")[0]


def test_a_sign_in_under_way_is_read_by_its_own_server_alone_and_not_for_long() -> None:
    """Nobody reads it, nobody makes one, and after ten minutes it is nothing."""
    clock = Clock()
    cookies = Cookies(secure=True, clock=clock)
    value = sealed(cookies)
    assert not any(word in value for word in ("the-state", "the-nonce", "the-verifier"))
    assert cookies.pending_of(carried(cookies, value)) == PENDING
    assert Cookies(secure=True, clock=clock).pending_of(carried(cookies, value)) is None
    head, _, rest = value.partition(".")
    for wrong in ("", "x", f"{head}.{rest[::-1]}", value[:-4] + "AAAA", f"{'A' * 20}.{rest}", "y" * 5000):
        assert cookies.pending_of(carried(cookies, wrong)) is None
    clock.now += SECONDS_TO_SIGN_IN + 1
    assert cookies.pending_of(carried(cookies, value)) is None


# A provider that errs


@pytest.fixture
def provider() -> Iterator[Loopback]:
    """An issuer whose token endpoint answers as told."""
    with loopback() as server:
        server.serve(
            WELL_KNOWN,
            {
                "issuer": server.address,
                "jwks_uri": f"{server.address}/keys",
                "authorization_endpoint": f"{server.address}/authorize",
                "token_endpoint": f"{server.address}/token",
            },
        )
        yield server


def client_of(provider: Loopback) -> OAuthClient:
    return OAuthClient(Discovery(provider.address), "browser", "secret-1", "http://127.0.0.1:8000/login/callback")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b"<html>",
        b'{"access_token": 7, "token_type": "Bearer"}',
        b'{"access_token": "a", "token_type": "mac"}',
        b'{"token_type": "Bearer"}',
        b'{"access_token": "' + b"a" * LARGEST_TOKENS + b'", "token_type": "Bearer"}',
        b"[" * 100_000,
        b" " * 300_000,
    ],
)
async def test_an_answer_that_is_no_token_opens_nothing(provider: Loopback, document: bytes) -> None:
    """Whatever it is, and however large."""
    provider.documents["/token"] = document
    with pytest.raises(ProviderUnavailable) as caught:
        await client_of(provider).redeem("code", PENDING)
    assert (caught.value.code, caught.value.__cause__) == ("CG107", None)


@pytest.mark.asyncio
async def test_a_provider_that_refuses_ends_the_sign_in_and_one_that_is_broken_does_not_open_it(
    provider: Loopback,
) -> None:
    """400 is an answer about this sign-in, 500 is not; neither is a redirect, which is not followed."""
    provider.documents["/token"] = b'{"error": "invalid_grant"}'
    expected = {400: SignInRefused, 401: SignInRefused, 500: ProviderUnavailable, 302: ProviderUnavailable}
    client = client_of(provider)
    await client.begin()
    for status, error in expected.items():
        provider.status = status
        with pytest.raises(error):
            await client.refresh("refresh")
    assert provider.asked == [WELL_KNOWN, *["/token"] * 4]


@pytest.mark.asyncio
async def test_without_an_endpoint_there_is_no_sign_in_and_signing_out_leads_back(provider: Loopback) -> None:
    """A provider need not let anybody sign in, revoke or sign out."""
    provider.serve(WELL_KNOWN, {"issuer": provider.address, "jwks_uri": f"{provider.address}/keys"})
    client = client_of(provider)
    with pytest.raises(ProviderUnavailable):
        await client.begin()
    await client.revoke("refresh")
    assert await client.farewell("http://127.0.0.1:8000/graphiql") == "http://127.0.0.1:8000/graphiql"
    assert "secret-1" not in repr(client)
