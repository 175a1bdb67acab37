"""Against a real Keycloak with the realm that we ship: its tokens, its keys, its pages, and its absence."""

import asyncio
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import pytest

from auth.discovery import DiscoveredKeys, Discovery
from auth.keys import KeyRing
from auth.oauth import Granted, OAuthClient, Pending
from auth.token import TokenVerifier, Trust
from schema.errors import KeysUnavailable, ProviderUnavailable, PurposeRefused, RoleRefused, SignInRefused, TokenRefused
from server.app import application
from server.assembly import Assembly, assemble, login_of, trust_and_keys
from server.doctor import State, sign_in, tokens
from server.door import Door
from server.settings import load, names
from tests.keeping import Kept
from tests.keycloak import PUBLIC_ADDRESS, Keycloak, asked, signed_in
from tests.sample import Sample

pytest_plugins = ["tests.keycloak", "tests.sample"]
pytestmark = [pytest.mark.database, pytest.mark.timeout(1500)]

BROWSER = "customer-graph-browser"
ROLES = (
    "auditor",
    "customer",
    "data_scientist",
    "data_steward",
    "marketer",
    "operations_manager",
    "privacy_officer",
    "service_rep",
)
SESSION, PENDING = "customer-graph-session", "customer-graph-sign-in"
OURS = {"x-session": "1", "origin": PUBLIC_ADDRESS, "sec-fetch-site": "same-origin"}
ASK = {"query": "{ __typename }"}


@pytest.fixture(scope="module")
def assembly(keycloak: Keycloak, tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    """The server's parts with nothing set but the issuer and the client for browsers."""
    with pytest.MonkeyPatch.context() as environment:
        for name in names():
            environment.delenv(name, raising=False)
        return assemble(
            load(
                data=tmp_path_factory.mktemp("oidc"),
                issuer=keycloak.issuer(),
                login_client_id=BROWSER,
                public_address=PUBLIC_ADDRESS,
            )
        )


@pytest.fixture(scope="module")
def passwords(keycloak: Keycloak) -> dict[str, str]:
    """The sample users' passwords, given by an administrator."""
    return {name: keycloak.give_password(name) for name in ("sam.service", "pia.privacy", "mira.marketer")}


def judge_of(assembly: Assembly, issuer: str) -> TokenVerifier:
    """A verifier of its own, which knows no key yet."""
    trust = Trust(issuer, "customer-graph", algorithms=("RS256", "ES256"))
    return TokenVerifier(trust, DiscoveredKeys(Discovery(trust.issuer)), assembly.rules.purposes_of)


async def signed_in_as(keycloak: Keycloak, username: str, password: str, scope: str = "openid") -> Granted:
    """The tokens of a person who filled in the form, by the code flow with PKCE."""
    client = OAuthClient(Discovery(keycloak.issuer()), BROWSER, None, f"{PUBLIC_ADDRESS}/login/callback", scope)
    pending, address = await client.begin()
    back = asked(await asyncio.to_thread(signed_in, address, username, password))
    assert back["state"] == pending.state
    return await client.redeem(back["code"], pending)


# What arrives


@pytest.mark.asyncio
async def test_a_person_arrives_with_role_purpose_and_regions(
    keycloak: Keycloak, assembly: Assembly, passwords: dict[str, str]
) -> None:
    """Found by discovery, signed by a key that was never set, mapped by no setting at all."""
    granted = await signed_in_as(keycloak, "sam.service", passwords["sam.service"])
    viewer = await assembly.verifier.admit(f"Bearer {granted.access_token}", None, None)
    assert (viewer.role, viewer.purpose) == ("service_rep", "service")
    assert viewer.claims["regions"] in (("DE", "GB"), ("GB", "DE"))
    assert viewer.claims["purposes"] == ("service",)
    assert not {"email", "name", "preferred_username"} & set(viewer.claims), "the token carries no more than is needed"


@pytest.mark.asyncio
async def test_several_roles_need_one_to_be_named_and_others_are_none(
    keycloak: Keycloak, assembly: Assembly, passwords: dict[str, str]
) -> None:
    """Keycloak's own roles (offline_access, default-roles) are not in the way."""
    granted = await signed_in_as(keycloak, "pia.privacy", passwords["pia.privacy"])
    header = f"Bearer {granted.access_token}"
    with pytest.raises(RoleRefused):
        await assembly.verifier.admit(header, None, None)
    assert (await assembly.verifier.admit(header, "auditor", None)).role == "auditor"
    with pytest.raises(RoleRefused):
        await assembly.verifier.admit(header, "service_rep", None)


@pytest.mark.asyncio
async def test_purposes_of_the_token_limit_those_of_the_role(
    keycloak: Keycloak, assembly: Assembly, passwords: dict[str, str]
) -> None:
    """Who has none named may work for all of the role."""
    sam = await signed_in_as(keycloak, "sam.service", passwords["sam.service"])
    with pytest.raises(PurposeRefused):
        await assembly.verifier.admit(f"Bearer {sam.access_token}", None, "audit")
    mira = await signed_in_as(keycloak, "mira.marketer", passwords["mira.marketer"])
    for purpose in assembly.rules.purposes_of["marketer"]:
        assert (await assembly.verifier.admit(f"Bearer {mira.access_token}", None, purpose)).purpose == purpose


@pytest.mark.asyncio
async def test_roles_may_come_as_keycloak_writes_them_and_under_other_names(
    keycloak: Keycloak, assembly: Assembly, passwords: dict[str, str]
) -> None:
    """realm_access.roles, and a mapping of names."""
    granted = await signed_in_as(keycloak, "sam.service", passwords["sam.service"], "openid roles")
    trust = Trust(
        keycloak.issuer(),
        "customer-graph",
        roles_claim="realm_access.roles",
        role_names={"service_rep": "data_steward"},
        claim_paths={"regions": "realm_access.roles"},
    )
    judge = TokenVerifier(trust, DiscoveredKeys(Discovery(trust.issuer)), assembly.rules.purposes_of)
    with pytest.raises(PurposeRefused):  # the purpose that her token names is none of this role's
        await judge.admit(f"Bearer {granted.access_token}", None, None)
    verified = judge.examine(f"Bearer {granted.access_token}")
    assert verified.roles == ("data_steward",)
    assert verified.claims["regions"] == ("service_rep",)


@pytest.mark.asyncio
async def test_a_program_is_let_in_as_anybody(keycloak: Keycloak, assembly: Assembly) -> None:
    """A service account: no name, its own subject, the roles that it was given."""
    token = await asyncio.to_thread(keycloak.service_token)
    viewer = await assembly.verifier.admit(f"Bearer {token}", None, None)
    assert viewer.role == "data_scientist"
    assert "preferred_username" not in viewer.claims
    assert re.fullmatch(r"[0-9a-f-]{36}", viewer.subject)


def test_the_realm_has_our_roles_and_no_password_and_no_secret(keycloak: Keycloak, assembly: Assembly) -> None:
    """What is committed lets nobody in."""
    text = (Path(__file__).parents[1] / "deploy/keycloak/customer-graph-realm.json").read_text()
    assert not re.search(r'"(credentials|secret|value|clientSecret)"', text)
    named = {role["name"] for role in keycloak.admin("GET", "/roles")}
    assert set(assembly.rules.policies) == set(ROLES) == named & set(ROLES)


def test_people_cannot_give_themselves_regions(keycloak: Keycloak) -> None:
    """What policies read is written by administrators alone."""
    attributes = {one["name"]: one for one in keycloak.admin("GET", "/users/profile")["attributes"]}
    for name in ("regions", "purposes"):
        assert attributes[name]["permissions"]["edit"] == ["admin"]


def test_a_sign_in_without_pkce_is_refused_by_the_realm(keycloak: Keycloak) -> None:
    """A code that was overheard is worth nothing."""
    asked_for = {
        "client_id": BROWSER,
        "response_type": "code",
        "scope": "openid",
        "redirect_uri": f"{PUBLIC_ADDRESS}/login/callback",
    }
    answer = httpx.get(
        f"{keycloak.issuer()}/protocol/openid-connect/auth", params=asked_for, trust_env=False, timeout=60
    )
    assert "code_challenge" in asked(answer.headers["location"])["error_description"]


# What is refused


@pytest.mark.asyncio
async def test_a_token_for_another_audience_or_of_another_realm_is_refused(
    keycloak: Keycloak, assembly: Assembly, passwords: dict[str, str]
) -> None:
    """Genuine, and not for us; nor is an ID token, which is for the client."""
    admin = await asyncio.to_thread(
        lambda: keycloak.token(
            "master", grant_type="password", client_id="admin-cli", username="admin", password=keycloak.password
        )
    )
    granted = await signed_in_as(keycloak, "sam.service", passwords["sam.service"])
    assert granted.id_token is not None
    assert granted.refresh_token is not None
    for token in (admin["access_token"], granted.id_token, granted.refresh_token):
        with pytest.raises(TokenRefused):
            await assembly.verifier.admit(f"Bearer {token}", None, None)
    trust = Trust(keycloak.issuer(), "another-api")
    elsewhere = TokenVerifier(trust, DiscoveredKeys(Discovery(trust.issuer)), assembly.rules.purposes_of)
    with pytest.raises(TokenRefused):
        await elsewhere.admit(f"Bearer {granted.access_token}", None, None)


@pytest.mark.asyncio
async def test_a_realm_of_the_same_shape_beside_ours_is_a_stranger(keycloak: Keycloak, assembly: Assembly) -> None:
    """Same server, same audience, same role: another issuer with other keys."""

    def token_of_the_other() -> str:
        keycloak.admin("POST", "", {"realm": "other", "enabled": True}, realm="")
        audience = {
            "name": "audience",
            "protocol": "openid-connect",
            "protocolMapper": "oidc-audience-mapper",
            "config": {"included.custom.audience": "customer-graph", "access.token.claim": "true"},
        }
        made = {"clientId": "program", "serviceAccountsEnabled": True, "secret": "s", "protocolMappers": [audience]}
        keycloak.admin("POST", "/clients", made, realm="other")
        said = keycloak.token("other", grant_type="client_credentials", client_id="program", client_secret="s")
        return str(said["access_token"])

    try:
        token = await asyncio.to_thread(token_of_the_other)
        with pytest.raises(TokenRefused):
            await assembly.verifier.admit(f"Bearer {token}", None, None)
        theirs = judge_of(assembly, keycloak.issuer("other"))
        with pytest.raises(RoleRefused):  # to whom it is addressed, it is genuine
            await theirs.admit(f"Bearer {token}", None, None)
    finally:
        await asyncio.to_thread(keycloak.admin, "DELETE", "", realm="other")


# Keys come and go


@pytest.mark.asyncio
async def test_a_new_key_counts_from_its_first_token_and_a_removed_one_no_more(
    keycloak: Keycloak, assembly: Assembly
) -> None:
    """One look at the keys, and no more than one in a pause."""
    now = 0.0
    trust = Trust(keycloak.issuer(), "customer-graph", algorithms=("RS256",))
    keys = DiscoveredKeys(Discovery(trust.issuer), pause_seconds=30, clock=lambda: now)
    judge = TokenVerifier(trust, keys, assembly.rules.purposes_of)
    older = await asyncio.to_thread(keycloak.service_token)
    await judge.admit(f"Bearer {older}", None, None)
    first = keys.ring
    realm_id, before, made = await asyncio.to_thread(rotated, keycloak)
    try:
        newer = await asyncio.to_thread(keycloak.service_token)
        with pytest.raises(TokenRefused):  # within the pause nobody looks
            await judge.admit(f"Bearer {newer}", None, None)
        assert keys.ring is first
        now = 31.0
        assert (await judge.admit(f"Bearer {newer}", None, None)).role == "data_scientist"
        assert (await judge.admit(f"Bearer {older}", None, None)).role == "data_scientist"
        await asyncio.to_thread(enable, keycloak, before, enabled=False)
        now = 631.0  # older than its lifetime: renewed behind the back of a request
        await judge.admit(f"Bearer {newer}", None, None)
        await until_changed(keys, keys.ring)
        with pytest.raises(TokenRefused):
            await judge.admit(f"Bearer {older}", None, None)
        assert (await judge.admit(f"Bearer {newer}", None, None)).role == "data_scientist"
    finally:
        await asyncio.to_thread(enable, keycloak, before, enabled=True)
        await asyncio.to_thread(keycloak.admin, "DELETE", f"/components/{made}")
    assert realm_id


def rotated(keycloak: Keycloak) -> tuple[str, dict[str, Any], str]:
    """Give the realm a newer signing key; the realm, the provider of the older key, the id of the newer one."""
    realm = str(keycloak.admin("GET", "")["id"])
    kind = "org.keycloak.keys.KeyProvider"
    older = next(
        one
        for one in keycloak.admin("GET", f"/components?type={kind}&parent={realm}")
        if one["providerId"] == "rsa-generated"
    )
    newer = {
        "name": "newer",
        "providerId": "rsa-generated",
        "providerType": kind,
        "parentId": realm,
        "config": {"priority": ["1000"], "enabled": ["true"], "active": ["true"], "algorithm": ["RS256"]},
    }
    keycloak.admin("POST", "/components", newer)
    found = keycloak.admin("GET", f"/components?type={kind}&parent={realm}&name=newer")
    return realm, older, str(found[0]["id"])


def enable(keycloak: Keycloak, provider: dict[str, Any], *, enabled: bool) -> None:
    """Withdraw a key, or bring it back."""
    config = {**provider["config"], "enabled": [str(enabled).lower()], "active": [str(enabled).lower()]}
    keycloak.admin("PUT", f"/components/{provider['id']}", {**provider, "config": config})


async def until_changed(keys: DiscoveredKeys, ring: KeyRing) -> None:
    """Wait for keys that are fetched in the background."""
    for _ in range(600):
        if keys.ring is not ring:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the keys were not renewed")


@contextmanager
def relay(port: int) -> Iterator[tuple[str, socket.socket]]:
    """A port that leads to Keycloak for as long as its socket is open: closing it is Keycloak gone."""
    listener = socket.create_server(("127.0.0.1", 0))

    def carry(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                sink.sendall(piece)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def connect(near: socket.socket) -> None:
        with near, socket.create_connection(("127.0.0.1", port)) as far:
            back = threading.Thread(target=carry, args=(far, near))
            back.start()
            carry(near, far)
            back.join()

    def accept() -> None:
        carried = []
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                carried.append(threading.Thread(target=connect, args=(near,)))
                carried[-1].start()
        for one in carried:
            one.join()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}", listener
    finally:
        gone(listener)
        thread.join()


def gone(listener: socket.socket) -> None:
    """Nobody answers there any more."""
    with suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()


@pytest.mark.asyncio
async def test_while_keycloak_is_away_known_keys_go_on_and_unknown_ones_wait(
    keycloak: Keycloak, assembly: Assembly
) -> None:
    """Known: let in. No key ever loaded: CG105, for the fault is not the client's."""
    with relay(int(keycloak.address.rpartition(":")[2])) as (place, listener):
        beside = Keycloak(f"http://{place}", keycloak.password, keycloak.process)
        token = await asyncio.to_thread(beside.service_token)
        known, unknown = (judge_of(assembly, beside.issuer()) for _ in range(2))
        assert (await known.admit(f"Bearer {token}", None, None)).role == "data_scientist"
        another = await asyncio.to_thread(beside.service_token)
        gone(listener)
        for good in (token, another):
            assert (await known.admit(f"Bearer {good}", None, None)).role == "data_scientist"
        with pytest.raises(KeysUnavailable) as caught:
            await unknown.admit(f"Bearer {token}", None, None)
        assert caught.value.code == "CG105"
        client = OAuthClient(Discovery(beside.issuer()), BROWSER, None, f"{PUBLIC_ADDRESS}/login/callback")
        with pytest.raises(ProviderUnavailable):
            await client.begin()


# The graph


@pytest.mark.asyncio
async def test_what_keycloak_says_of_a_person_decides_which_customers_there_are(
    assembly: Assembly, passwords: dict[str, str], sample: Sample
) -> None:
    """A service rep for two countries meets their customers and no others; who is not hers is not there."""
    client = await signed_in_browser(assembly, "sam.service", passwords["sam.service"], Door(sample.database))
    question = {"query": "{ customers(first: 100) { totalCount nodes { region } } }"}
    found = (await client.post("/graphql", json=question, headers=OURS)).json()["data"]["customers"]
    [everyone] = await sample.database.read("MATCH (c:Customer) RETURN count(c)", {})
    assert {node["region"] for node in found["nodes"]} == {"DE", "GB"}
    assert 0 < found["totalCount"] < everyone


# Signing in with a browser


def browser(
    assembly: Assembly,
    cookies: httpx.Cookies | None = None,
    address: str = PUBLIC_ADDRESS,
    door: Door | None = None,
) -> httpx.AsyncClient:
    """A browser in front of the server."""
    transport = httpx.ASGITransport(application(assembly, door or Door(), Kept()))
    return httpx.AsyncClient(transport=transport, base_url=address, cookies=cookies, follow_redirects=False)


async def callback_of(client: httpx.AsyncClient, username: str, password: str) -> str:
    """Begin to sign in and fill in the form; the address to which Keycloak sends the browser."""
    begun = await client.get("/login")
    assert begun.status_code == 303, begun.text
    back = await asyncio.to_thread(signed_in, begun.headers["location"], username, password)
    assert back.startswith(f"{PUBLIC_ADDRESS}/login/callback?")
    return back


async def signed_in_browser(
    assembly: Assembly, username: str, password: str, door: Door | None = None
) -> httpx.AsyncClient:
    """A browser with a session."""
    client = browser(assembly, door=door)
    ended = await client.get(await callback_of(client, username, password))
    assert (ended.status_code, ended.headers["location"]) == (303, "/graphiql"), ended.text
    return client


@pytest.mark.asyncio
async def test_a_browser_signs_in_asks_and_signs_out(
    keycloak: Keycloak, assembly: Assembly, passwords: dict[str, str]
) -> None:
    """The whole way; the page is told who it is, and no token ever reaches the browser."""
    client = await signed_in_browser(assembly, "sam.service", passwords["sam.service"])
    seen = (await client.get("/login/session", headers=OURS)).json()
    assert (seen["roles"], seen["purposes"]) == (["service_rep"], ["service"])
    answer = await client.post("/graphql", json=ASK, headers=OURS)
    assert (answer.status_code, answer.json()["data"]) == (200, {"__typename": "Query"})
    [name] = client.cookies
    assert name == SESSION
    assert len(client.cookies[SESSION]) == 43

    left = await client.get("/logout")
    assert left.status_code == 303
    assert left.headers["location"].startswith(f"{keycloak.issuer()}/protocol/openid-connect/logout?")
    assert asked(left.headers["location"]) == {
        "client_id": BROWSER,
        "post_logout_redirect_uri": f"{PUBLIC_ADDRESS}/graphiql",
    }
    assert not client.cookies
    assert (await client.get("/login/session", headers=OURS)).json() is None
    again = await client.get("/logout")
    assert again.headers["location"] == "/graphiql"


@pytest.mark.asyncio
async def test_a_session_that_was_ended_is_over_for_whoever_kept_its_cookie(
    keycloak: Keycloak, assembly: Assembly, passwords: dict[str, str]
) -> None:
    """Signing out is the server's doing, not the browser's: also at Keycloak, which forgets the refresh token."""
    client = await signed_in_browser(assembly, "pia.privacy", passwords["pia.privacy"])
    kept = httpx.Cookies(client.cookies)
    assert assembly.login is not None
    session = assembly.login._sessions.find(kept[SESSION])
    assert session is not None
    assert session.refresh_token is not None
    await client.get("/logout")
    async with browser(assembly, kept) as thief:
        refused = await thief.post("/graphql", json=ASK, headers={**OURS, "x-role": "auditor"})
        assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (401, "CG101")
    with pytest.raises(SignInRefused):
        await assembly.login._client.refresh(session.refresh_token)


@pytest.mark.asyncio
async def test_cookies_are_out_of_reach(assembly: Assembly, passwords: dict[str, str]) -> None:
    """Of scripts, of other hosts, and of other sites."""
    client = browser(assembly)
    begun = await client.get("/login")
    pending = SimpleCookie(begun.headers["set-cookie"])[PENDING]
    assert (pending["httponly"], pending["samesite"], pending["path"], pending["domain"]) == (True, "lax", "/", "")
    assert asked(begun.headers["location"])["code_challenge_method"] == "S256"
    for secret in ("state", "nonce"):
        assert asked(begun.headers["location"])[secret] not in pending.value
    back = await asyncio.to_thread(signed_in, begun.headers["location"], "sam.service", passwords["sam.service"])
    ended = await client.get(back)
    made = SimpleCookie("; ".join(one for one in ended.headers.get_list("set-cookie") if one.startswith(SESSION)))
    session = made[SESSION]
    assert (session["httponly"], session["samesite"], session["path"], session["domain"]) == (True, "strict", "/", "")
    assert ended.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-session": "0"},
        {"origin": PUBLIC_ADDRESS},
        {**OURS, "origin": "https://evil.example"},
        {**OURS, "origin": "null"},
        {**OURS, "origin": "http://127.0.0.1:8001"},
        {**OURS, "sec-fetch-site": "cross-site"},
        {**OURS, "sec-fetch-site": "same-site"},
        {**OURS, "sec-fetch-site": "none"},
    ],
)
@pytest.mark.asyncio
async def test_a_request_that_another_site_could_cause_is_nobodys(
    assembly: Assembly, passwords: dict[str, str], headers: dict[str, str]
) -> None:
    """The cookie alone is no credential, whatever the method and the type of the body: it changes no answer."""
    client = await signed_in_browser(assembly, "sam.service", passwords["sam.service"])
    nobody = browser(assembly)
    assert (await client.post("/graphql", json=ASK, headers=OURS)).status_code == 200
    for question in (
        {"method": "POST", "json": ASK},
        {"method": "GET", "params": ASK},
        {"method": "POST", "content": "query=%7B__typename%7D"},
    ):
        answer = await client.request(url="/graphql", headers=headers, **question)
        theirs = await nobody.request(url="/graphql", headers=headers, **question)
        assert answer.status_code in (401, 403)
        assert (answer.status_code, answer.content) == (theirs.status_code, theirs.content)
    assert (await client.get("/login/session", headers=headers)).json() is None


@pytest.mark.asyncio
async def test_a_token_in_the_header_goes_before_a_session(assembly: Assembly, passwords: dict[str, str]) -> None:
    """Who brings a token is judged by it; a wrong one is not made good by a cookie."""
    client = await signed_in_browser(assembly, "sam.service", passwords["sam.service"])
    answer = await client.post("/graphql", json=ASK, headers={**OURS, "authorization": "Bearer a.b.c"})
    assert answer.status_code == 401


@pytest.mark.asyncio
async def test_another_site_cannot_sign_anybody_out(assembly: Assembly, passwords: dict[str, str]) -> None:
    """Its links bring no cookie (Strict), and newer browsers say whence they come."""
    client = await signed_in_browser(assembly, "sam.service", passwords["sam.service"])
    answer = await client.get("/logout", headers={"sec-fetch-site": "cross-site"})
    assert answer.headers["location"] == "/graphiql"
    assert (await client.get("/login/session", headers=OURS)).json() is not None


@pytest.mark.asyncio
async def test_a_sign_in_ends_only_where_and_as_it_began(assembly: Assembly, passwords: dict[str, str]) -> None:
    """Another browser, another state, another issuer, a code used twice, no code: one page, no session."""
    client = browser(assembly)
    back = await callback_of(client, "sam.service", passwords["sam.service"])
    said = asked(back)
    pending = httpx.Cookies(client.cookies)
    strangers = [
        (None, back),
        (pending, back.replace(said["state"], said["state"][::-1])),
        (pending, back.replace("state=", "x=")),
        (pending, f"{PUBLIC_ADDRESS}/login/callback?state={said['state']}"),
        (pending, f"{PUBLIC_ADDRESS}/login/callback?state={said['state']}&error=access_denied"),
        (
            pending,
            f"{PUBLIC_ADDRESS}/login/callback?state={said['state']}&code={said['code']}&iss=https://evil.example",
        ),
        (httpx.Cookies({PENDING: "x.y.z.a.b"}), back),
        (httpx.Cookies({PENDING: pending[PENDING][:-8] + "AAAAAAAA"}), back),
        (httpx.Cookies({PENDING: "x" * 3000}), back),
    ]
    pages = set()
    for cookies, address in strangers:
        async with browser(assembly, cookies) as stranger:
            refused = await stranger.get(address)
            assert refused.status_code == 400
            assert SESSION not in stranger.cookies
            pages.add(refused.content)
    assert len(pages) == 1
    assert b"CG106" in pages.pop()
    assert (await client.get(back)).status_code == 303
    async with browser(assembly, pending) as replayed:
        assert (await replayed.get(back)).status_code == 400


@pytest.mark.asyncio
async def test_a_session_outlives_its_token_by_a_newer_one_and_ends_when_keycloak_says(
    keycloak: Keycloak, assembly: Assembly, passwords: dict[str, str]
) -> None:
    """Renewed once however many requests ask at the same time; an administrator can end it."""
    client = await signed_in_browser(assembly, "mira.marketer", passwords["mira.marketer"])
    assert assembly.login is not None
    session = assembly.login._sessions.find(client.cookies[SESSION])
    assert session is not None
    first = session.access_token
    session.expires_at = 0
    answers = await asyncio.gather(*(client.post("/graphql", json=ASK, headers=OURS) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert session.access_token != first
    user = await asyncio.to_thread(keycloak.admin, "GET", "/users?exact=true&username=mira.marketer")
    await asyncio.to_thread(keycloak.admin, "POST", f"/users/{user[0]['id']}/logout")
    session.expires_at = 0
    assert (await client.post("/graphql", json=ASK, headers=OURS)).status_code == 401
    assert (await client.get("/login/session", headers=OURS)).json() is None


@pytest.mark.asyncio
async def test_at_https_the_cookies_are_bound_to_the_host(
    keycloak: Keycloak, tmp_path: Path, assembly: Assembly
) -> None:
    """Their names say so, and browsers hold them to it."""
    settings = load(
        data=tmp_path, issuer=keycloak.issuer(), login_client_id=BROWSER, public_address="https://graph.example"
    )
    trust, keys = trust_and_keys(settings)
    login = login_of(settings, trust, keys, assembly.verifier)
    assert login is not None
    async with browser(replace(assembly, login=login), address="https://graph.example") as client:
        begun = await client.get("/login")
    [(name, cookie)] = SimpleCookie(begun.headers["set-cookie"]).items()
    assert name == f"__Host-{PENDING}"
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


@pytest.mark.asyncio
async def test_localhost_is_led_to_the_address_that_cookies_are_for(assembly: Assembly) -> None:
    """The two names of this machine do not share cookies."""
    async with browser(assembly, address="http://localhost:8000") as client:
        assert (await client.get("/login")).headers["location"] == f"{PUBLIC_ADDRESS}/login"


@pytest.mark.asyncio
async def test_without_a_client_there_is_nothing_to_sign_in_with(assembly: Assembly) -> None:
    """The page then offers the box for tokens alone."""
    async with browser(replace(assembly, login=None)) as client:
        assert [(await client.get(path)).status_code for path in ("/login", "/login/session", "/logout")] == [404] * 3
        assert (await client.get("/graphiql/config.json")).json()["login"] is False
    async with browser(assembly) as client:
        assert (await client.get("/graphiql/config.json")).json()["login"] is True


@pytest.mark.asyncio
async def test_nothing_of_a_sign_in_is_printed(assembly: Assembly, passwords: dict[str, str]) -> None:
    """Tokens and secrets stay out of whatever prints an object."""
    client = await signed_in_browser(assembly, "sam.service", passwords["sam.service"])
    assert assembly.login is not None
    session = assembly.login._sessions.find(client.cookies[SESSION])
    assert session is not None
    told = f"{session!r}{assembly!r}{Pending('s-1', 'n-1', 'v-1')!r}{Granted('a-1', 'r-1', 'i-1')!r}"
    assert not any(word in told for word in (session.access_token, "s-1", "n-1", "v-1", "a-1", "r-1", "i-1"))


def test_the_doctor_reaches_keycloak(keycloak: Keycloak, tmp_path: Path) -> None:
    """Configuration, keys and where to sign in."""
    settings = load(data=tmp_path, issuer=keycloak.issuer(), login_client_id=BROWSER, public_address=PUBLIC_ADDRESS)
    assert tokens(settings).state is sign_in(settings).state is State.WELL
    wrong = load(data=tmp_path, issuer=keycloak.issuer("nobody"))
    assert tokens(wrong).state is State.BROKEN
