"""Forged tokens over HTTP: one answer for all of them, to the byte, and nobody is asked anything on their behalf.

tests/test_token.py holds the same against the verifier, with many more forms of each.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from joserfc import jwe, jws, jwt
from joserfc.jwk import ECKey, RSAKey

from auth.discovery import WELL_KNOWN
from server.app import application
from server.assembly import Assembly, assemble
from server.door import Door
from server.settings import load, names
from tests.keeping import Kept
from tests.loopback import Loopback, loopback

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})
CURVE = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
ASK = {"query": "{ __typename }"}
KEYS = [WELL_KNOWN, "/keys"]


@dataclass(frozen=True, slots=True)
class World:
    """The application, an issuer that it trusts, and a listener that a forged token would like it to ask."""

    assembly: Assembly
    issuer: Loopback
    bait: Loopback

    async def ask(self, authorization: str) -> httpx.Response:
        transport = httpx.ASGITransport(application(self.assembly, Door(), Kept()))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.post("/graphql", json=ASK, headers={"authorization": authorization})


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An issuer found by discovery, with one RSA key."""
    with loopback() as issuer, loopback() as bait, pytest.MonkeyPatch.context() as environment:
        for name in names():
            environment.delenv(name, raising=False)
        issuer.serve(WELL_KNOWN, {"issuer": issuer.address, "jwks_uri": f"{issuer.address}/keys"})
        issuer.serve("/keys", {"keys": [KEY.as_dict(private=False)]})
        bait.serve("/keys", {"keys": [OTHER.as_dict(private=False)]})
        settings = load(data=tmp_path_factory.mktemp("attacked"), issuer=issuer.address)
        yield World(assemble(settings), issuer, bait)


def claims(world: World, **changes: object) -> dict[str, object]:
    now = int(time.time())
    whole = {"iss": world.issuer.address, "aud": "customer-graph", "sub": "s", "exp": now + 600, "roles": ["auditor"]}
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def signed(said: Mapping[str, object], header: Mapping[str, object] | None = None, key: RSAKey = KEY) -> str:
    """A token that the key signed, whatever its header says."""
    whole = {"alg": "RS256", "kid": "one", "typ": "JWT", **(header or {})}
    return put_together(json.dumps(whole), json.dumps(said), lambda text: signature(text, key))


def signature(text: bytes, key: RSAKey) -> bytes:
    return jws.JWSRegistry.algorithms["RS256"].sign(text, key)


def put_together(header: str, payload: str, sign: Callable[[bytes], bytes]) -> str:
    start = f"{part(header.encode())}.{part(payload.encode())}"
    return f"Bearer {start}.{part(sign(start.encode()))}"


def part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def confused(world: World) -> str:
    """HS256 with the public key as the secret."""
    secret = KEY.as_pem(private=False)
    header = json.dumps({"alg": "HS256", "kid": "one", "typ": "JWT"})
    return put_together(header, json.dumps(claims(world)), lambda text: hmac.new(secret, text, hashlib.sha256).digest())


def encrypted(world: World) -> str:
    """A genuine token inside a JWE for our own public key."""
    inner = signed(claims(world)).removeprefix("Bearer ").encode()
    sealing = RSAKey.import_key({name: KEY.as_dict(private=False)[name] for name in ("kty", "n", "e")})
    return "Bearer " + jwe.encrypt_compact({"alg": "RSA-OAEP", "enc": "A256GCM", "cty": "JWT"}, inner, sealing)


def pointing(name: str, value: Callable[[World], object]) -> Callable[[World], str]:
    """A token of a stranger's key that points to where that key is."""
    return lambda world: signed(claims(world), {"kid": "two", name: value(world)}, OTHER)


ATTACKS: dict[str, Callable[[World], str]] = {
    "none": lambda w: put_together('{"alg":"none"}', json.dumps(claims(w)), lambda _: b""),
    "none with a signature": lambda w: put_together(
        '{"alg":"None","kid":"one"}', json.dumps(claims(w)), lambda text: signature(text, KEY)
    ),
    "HS256 by the public key": confused,
    "ES256 under the id of an RSA key": lambda w: (
        "Bearer " + jwt.encode({"alg": "ES256", "kid": "one"}, claims(w), CURVE, algorithms=["ES256"])
    ),
    "a stranger's key": lambda w: signed(claims(w), {}, OTHER),
    "kid as a path": lambda w: signed(claims(w), {"kid": "../../../../dev/null"}, OTHER),
    "kid as a file": lambda w: signed(claims(w), {"kid": "file:///etc/passwd"}, OTHER),
    "kid as SQL": lambda w: signed(claims(w), {"kid": "' UNION SELECT 'x' --"}, OTHER),
    "kid as an address": pointing("kid", lambda w: f"{w.bait.address}/keys"),
    "kid that is no text": lambda w: signed(claims(w), {"kid": ["one"]}),
    "jku": pointing("jku", lambda w: f"{w.bait.address}/keys"),
    "x5u": pointing("x5u", lambda w: f"{w.bait.address}/keys"),
    "jwk": pointing("jwk", lambda w: OTHER.as_dict(private=False)),
    "x5c": pointing("x5c", lambda w: [base64.b64encode(OTHER.as_der(private=False)).decode()]),
    "crit": lambda w: signed(claims(w), {"crit": ["exp"]}),
    "b64": lambda w: signed(claims(w), {"b64": False}),
    "another issuer": lambda w: signed(claims(w, iss=w.bait.address)),
    "an issuer that begins alike": lambda w: signed(claims(w, iss=f"{w.issuer.address}/")),
    "no issuer": lambda w: signed(claims(w, iss=None)),
    "another audience": lambda w: signed(claims(w, aud="another-api")),
    "no audience": lambda w: signed(claims(w, aud=None)),
    "expired": lambda w: signed(claims(w, exp=int(time.time()) - 3600)),
    "no expiry": lambda w: signed(claims(w, exp=None)),
    "an expiry without end": lambda w: signed(claims(w, exp=10**400)),
    "not yet valid": lambda w: signed(claims(w, nbf=int(time.time()) + 3600)),
    "issued in the future": lambda w: signed(claims(w, iat=int(time.time()) + 3600)),
    "no subject": lambda w: signed(claims(w, sub=None)),
    "oversized": lambda w: signed(claims(w, note="x" * 16_000)),
    "a token inside a token": lambda w: signed(claims(w), {"cty": "JWT"}),
    "encrypted": encrypted,
    "a claim twice": lambda w: put_together(
        '{"alg":"RS256","kid":"one"}',
        json.dumps(claims(w, sub="s"))[:-1] + ',"roles":["privacy_officer"]}',
        lambda text: signature(text, KEY),
    ),
    "a header twice": lambda w: put_together(
        '{"alg":"none","alg":"RS256","kid":"one"}', json.dumps(claims(w)), lambda text: signature(text, KEY)
    ),
    "an ID token's type": lambda w: signed(claims(w), {"typ": "logout+jwt"}),
    "a signature of something else": lambda w: signed(claims(w))[:-20] + signed(claims(w, sub="t"))[-20:],
    "garbage": lambda _: "Bearer a.b.c",
    "nothing": lambda _: "Bearer ",
    "another scheme": lambda w: signed(claims(w)).replace("Bearer", "Basic"),
}


@pytest.mark.asyncio
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda name: name.replace(" ", "-"))
async def test_a_forged_token_gets_the_one_answer_and_makes_the_server_ask_nobody(world: World, attack: str) -> None:
    """401, CG101, the same bytes; the keys were looked at once at most, and nothing else was."""
    good = await world.ask(signed(claims(world)))
    assert good.json()["data"] == {"__typename": "Query"}
    before = list(world.issuer.asked)
    refused = await world.ask(ATTACKS[attack](world))
    assert refused.status_code == 401
    assert json.loads(refused.content)["errors"][0]["extensions"] == {"code": "CG101"}
    assert answer_of(refused) == answer_of(await nothing(world))
    assert world.issuer.asked == before == KEYS
    assert world.bait.asked == []


@pytest.mark.asyncio
async def test_a_flood_of_unknown_keys_asks_nobody_within_the_pause(world: World) -> None:
    """The keys were fetched a moment ago; who sends a thousand names of keys causes no request."""
    await world.ask(signed(claims(world)))
    answers = {
        answer_of(await world.ask(signed(claims(world), {"kid": f"{number}"}, OTHER))) for number in range(1_000)
    }
    assert answers == {answer_of(await nothing(world))}
    assert world.issuer.asked == KEYS
    assert world.bait.asked == []


async def nothing(world: World) -> httpx.Response:
    """The answer to who brings no token at all."""
    return await world.ask("")


def answer_of(response: httpx.Response) -> Any:
    """What a client sees of a response, without the request id and how many refusals its connection is good for."""
    kept = {name: value for name, value in response.headers.items() if name not in ("x-request-id", "connection")}
    return (response.status_code, response.content, tuple(sorted(kept.items())))
