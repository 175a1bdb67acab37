"""A bearer token becomes one viewer, or a refusal that says nothing of why."""

import asyncio
import base64
import hashlib
import hmac
import json
import string
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from auth.issuer import ALGORITHM, AUDIENCE, ISSUER, LocalIssuer, parse_claims
from auth.keys import KeyRing, RemoteKeys, StaticKeys
from auth.token import LARGEST_TOKEN_BYTES, TokenVerifier, Trust, Viewer
from schema.errors import (
    ClaimInvalid,
    CustomerGraphError,
    KeysUnavailable,
    PurposeRefused,
    RoleRefused,
    SettingInvalid,
    TokenRefused,
)

NOW = 1_800_000_000
KEY = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
OTHER = ECKey.generate_key("P-256", {"kid": "two", "use": "sig"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
POLICY = {"service_rep": ("service",), "marketer": ("analytics", "marketing.email"), "auditor": ("audit",)}
TRUST = Trust(issuer="https://idp.example", audience="customer-graph", leeway_seconds=30)


def jwks(*keys: ECKey | RSAKey | OKPKey) -> dict[str, object]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


def verifier(
    *keys: ECKey | RSAKey | OKPKey, trust: Trust = TRUST, clock: Callable[[], float] = lambda: NOW, remembered: int = 64
) -> TokenVerifier:
    return TokenVerifier(trust, StaticKeys(jwks(*(keys or (KEY,)))), POLICY, clock=clock, remembered=remembered)


def claims(**changes: object) -> dict[str, object]:
    """Good claims; a change to None leaves the claim out."""
    whole: dict[str, object] = {
        "iss": "https://idp.example",
        "aud": "customer-graph",
        "sub": "rep-7",
        "iat": NOW - 60,
        "exp": NOW + 600,
        "roles": ["service_rep"],
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def bearer(
    said: Mapping[str, object] | None = None,
    header: Mapping[str, object] | None = None,
    key: ECKey | RSAKey | OKPKey = KEY,
) -> str:
    """An Authorization header with a token that the key signed, whatever it says."""
    whole = {"alg": "ES256", "kid": key.kid, "typ": "JWT", **(header or {})}
    return signed(json.dumps(whole), json.dumps(claims() if said is None else dict(said)), key)


def signed(header: str, payload: str, key: ECKey | RSAKey | OKPKey = KEY) -> str:
    """The same from JSON texts, for texts that a library would not write."""
    start = f"{encoded(header.encode())}.{encoded(payload.encode())}"
    algorithm = {"EC": "ES256", "RSA": "RS256", "OKP": "EdDSA"}[key.key_type]
    signature = jws.JWSRegistry.algorithms[algorithm].sign(start.encode(), key)
    return f"Bearer {start}.{encoded(signature)}"


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def assert_refused(authorization: str | None, judge: TokenVerifier | None = None) -> None:
    """Refused with the one answer that every fault of a token gets, and with no trace of the cause."""
    with pytest.raises(TokenRefused) as caught:
        (judge or verifier()).verify(authorization, None, None)
    assert caught.value.code == "CG101"
    assert str(caught.value) == TokenRefused.advice
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.fixture(scope="module")
def good() -> str:
    return bearer()


class KeyServer:
    """A live HTTP server on loopback that counts what it is asked."""

    def __init__(self) -> None:
        self.document: bytes = b"{}"
        self.status = 200
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(outer.document)))
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(outer.document)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.address = f"http://127.0.0.1:{self._server.server_port}/keys"
        self._thread.start()

    def serve(self, *keys: ECKey | RSAKey | OKPKey) -> None:
        self.document = json.dumps(jwks(*keys)).encode()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def key_server() -> Iterator[KeyServer]:
    server = KeyServer()
    yield server
    server.close()


class Clock:
    def __init__(self, now: float = 0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


# what a good token gives


def test_a_good_token_becomes_a_viewer(good: str) -> None:
    viewer = verifier().verify(good, "service_rep", "service")
    assert (viewer.subject, viewer.role, viewer.purpose) == ("rep-7", "service_rep", "service")
    assert viewer.expires_at == NOW + 600


def test_rules_read_every_claim_but_the_registered_ones() -> None:
    viewer = verifier().verify(bearer(claims(regions=["GB"], tier=2, nested={"a": [1]})), None, None)
    assert viewer.claims["regions"] == ("GB",)
    assert viewer.claims["tier"] == 2
    assert viewer.claims["id"] == "rep-7"
    assert not {"iss", "sub", "aud", "exp", "nbf", "iat", "jti"} & viewer.claims.keys()


def test_a_claim_called_id_does_not_displace_the_subject() -> None:
    assert verifier().verify(bearer(claims(id="someone else")), None, None).claims["id"] == "rep-7"


def test_nothing_of_a_viewer_can_be_changed() -> None:
    viewer = verifier().verify(bearer(claims(nested={"a": [1]})), None, None)
    assert isinstance(viewer.claims, MappingProxyType)
    nested = viewer.claims["nested"]
    assert isinstance(nested, MappingProxyType)
    assert nested["a"] == (1,)
    with pytest.raises(FrozenInstanceError):
        viewer.role = "auditor"  # type: ignore[misc]  # what the test is about


def test_a_printed_viewer_shows_no_personal_data() -> None:
    shown = repr(verifier().verify(bearer(claims(sub="ada@example.org", email="ada@example.org")), None, None))
    assert "ada" not in shown
    assert "service_rep" in shown


def test_an_audience_among_several_is_ours_too() -> None:
    assert verifier().verify(bearer(claims(aud=["shop", "customer-graph"])), None, None).role == "service_rep"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(good: str, scheme: str) -> None:
    assert verifier().verify(good.replace("Bearer", scheme), None, None).role == "service_rep"


@pytest.mark.parametrize("kind", ["JWT", "jwt", "at+jwt", "application/at+jwt"])
def test_jwt_and_access_token_are_the_types_we_take(kind: str) -> None:
    assert verifier().verify(bearer(header={"typ": kind}), None, None).role == "service_rep"


def test_a_token_without_a_type_counts_as_jwt() -> None:
    token = signed('{"alg":"ES256","kid":"one"}', json.dumps(claims()))
    assert verifier().verify(token, None, None).role == "service_rep"
    assert_refused(token, verifier(trust=Trust("https://idp.example", "customer-graph", types=("at+jwt",))))


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("RS256", RSA),
        ("EdDSA", OKPKey.generate_key("Ed25519", {"kid": "ed"})),
        ("Ed25519", OKPKey.generate_key("Ed25519", {"kid": "ed"})),
    ],
)
def test_the_other_default_algorithms_are_verified(algorithm: str, key: RSAKey | OKPKey) -> None:
    token = bearer(header={"alg": algorithm}, key=key)
    assert verifier(KEY, key).verify(token, None, None).role == "service_rep"


def test_without_a_key_id_the_only_key_counts() -> None:
    token = signed('{"alg":"ES256","typ":"JWT"}', json.dumps(claims()))
    assert verifier(KEY).verify(token, None, None).role == "service_rep"
    assert_refused(token, verifier(KEY, OTHER))


def test_roles_may_lie_deeper_or_under_a_name_with_dots() -> None:
    deep = Trust("https://idp.example", "customer-graph", roles_claim="realm_access.roles")
    token = bearer(claims(roles=None, realm_access={"roles": ["offline_access", "marketer"]}))
    assert verifier(trust=deep).verify(token, None, None).role == "marketer"
    dotted = Trust("https://idp.example", "customer-graph", roles_claim="https://example.com/roles")
    token = bearer(claims(roles=None, **{"https://example.com/roles": ["auditor"]}))
    assert verifier(trust=dotted).verify(token, None, None).role == "auditor"


# the algorithm


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE", ""])
def test_algorithm_none_is_refused(name: str) -> None:
    header, payload = encoded(json.dumps({"alg": name, "kid": "one"}).encode()), encoded(json.dumps(claims()).encode())
    assert_refused(f"Bearer {header}.{payload}.")
    assert_refused(f"Bearer {header}.{payload}.AAAA")
    assert_refused(bearer(header={"alg": name}))


@pytest.mark.parametrize("secret_form", ["pem", "der", "jwk"])
def test_hs256_signed_with_the_public_key_is_refused(secret_form: str) -> None:
    secret = {
        "pem": RSA.as_pem(private=False),
        "der": RSA.as_der(private=False),
        "jwk": json.dumps(RSA.as_dict(private=False)).encode(),
    }[secret_form]
    header = encoded(json.dumps({"alg": "HS256", "kid": "rsa", "typ": "JWT"}).encode())
    start = f"{header}.{encoded(json.dumps(claims()).encode())}"
    forged = f"Bearer {start}.{encoded(hmac.new(secret, start.encode(), hashlib.sha256).digest())}"
    assert_refused(forged, verifier(RSA))
    assert_refused(forged, verifier(KEY, RSA))


def test_a_secret_in_the_key_document_is_never_a_key() -> None:
    secret = OctKey.generate_key(256, {"kid": "secret"})
    document = {"keys": [secret.as_dict(private=True), KEY.as_dict(private=False)]}
    judge = TokenVerifier(TRUST, StaticKeys(document), POLICY, clock=lambda: NOW)
    assert_refused("Bearer " + jwt.encode({"alg": "HS256", "kid": "secret"}, claims(), secret, ["HS256"]), judge)


@pytest.mark.parametrize("named", [(), ("none",), ("HS256",), ("ES256", "HS512"), ("RS256", "none")])
def test_only_asymmetric_signatures_can_be_trusted(named: tuple[str, ...]) -> None:
    with pytest.raises(SettingInvalid):
        Trust("https://idp.example", "customer-graph", algorithms=named)


def test_an_algorithm_that_is_sound_but_not_named_is_refused() -> None:
    assert_refused(bearer(), verifier(trust=Trust("https://idp.example", "customer-graph", algorithms=("RS256",))))


def test_an_algorithm_of_another_kind_of_key_is_refused() -> None:
    assert_refused(bearer(header={"alg": "RS256"}))
    assert_refused(bearer(header={"alg": "ES256"}, key=RSA), verifier(RSA))


@pytest.mark.parametrize("odd", [None, 1, [], ["ES256"], {"ES256": 1}, True])
def test_an_algorithm_that_is_no_text_is_refused(odd: object) -> None:
    assert_refused(bearer(header={"alg": odd}))


# the key


def test_a_key_that_is_not_ours_is_refused() -> None:
    assert_refused(bearer(key=ECKey.generate_key("P-256", {"kid": "one"})))


def test_an_unknown_key_id_is_refused() -> None:
    assert_refused(bearer(key=OTHER))
    assert_refused(bearer(header={"kid": "unknown"}))


@pytest.mark.parametrize(
    "kid",
    [
        "../../../../dev/null",
        "one' OR '1'='1",
        "one\u0000",
        "one\r\nX: y",
        "one ",
        "ONE",
        "",
        "$(id)",
        "http://127.0.0.1/",
        None,
        0,
        True,
        ["one"],
        {"one": "one"},
    ],
)
def test_a_key_id_is_compared_and_nothing_else(kid: object) -> None:
    assert_refused(bearer(header={"kid": kid}))


def test_two_keys_under_one_id_are_no_key() -> None:
    twin = ECKey.generate_key("P-256", {"kid": "one"})
    assert_refused(bearer(), verifier(KEY, twin))


@pytest.mark.parametrize("pointer", ["jku", "x5u"])
def test_addresses_in_the_header_are_never_asked(pointer: str, key_server: KeyServer) -> None:
    """A forged token is refused and a genuine one accepted; the server that both point at sees no request."""
    attacker = ECKey.generate_key("P-256", {"kid": "one"})
    key_server.serve(attacker)
    judge = verifier()

    async def both() -> Viewer:
        with pytest.raises(TokenRefused):
            await judge.admit(bearer(header={pointer: key_server.address}, key=attacker), None, None)
        return await judge.admit(bearer(header={pointer: key_server.address}), None, None)

    assert asyncio.run(both()).role == "service_rep"
    assert key_server.asked == []


def test_a_key_in_the_header_is_never_used() -> None:
    attacker = ECKey.generate_key("P-256", {"kid": "one"})
    assert_refused(bearer(header={"jwk": attacker.as_dict(private=False)}, key=attacker))
    assert_refused(bearer(header={"x5c": [encoded(attacker.as_der(private=False))]}, key=attacker))


@pytest.mark.parametrize(
    "entry",
    [
        {"use": "enc"},
        {"key_ops": ["encrypt"]},
        {"key_ops": "verify"},
        {"kty": "AKP"},
        {"kty": None},
        {"crv": "P-999"},
        {"x": "!"},
        {"use": 1},
        {"alg": "RS256"},
    ],
)
def test_a_key_for_another_use_or_not_understood_does_not_verify(entry: dict[str, object]) -> None:
    document = {"keys": ["text", None, {**KEY.as_dict(private=False), **entry}, OTHER.as_dict(private=False)]}
    judge = TokenVerifier(TRUST, StaticKeys(document), POLICY, clock=lambda: NOW)
    assert_refused(bearer(), judge)
    assert judge.verify(bearer(key=OTHER), None, None).role == "service_rep"


@pytest.mark.parametrize("entry", [{"use": "enc"}, {"key_ops": ["encrypt"]}])
def test_a_key_for_another_use_does_not_count_beside_the_only_key(entry: dict[str, object]) -> None:
    beside = ECKey.generate_key("P-256", {"kid": "two"}).as_dict(private=False)
    document = {"keys": [{**beside, **entry}, KEY.as_dict(private=False)]}
    judge = TokenVerifier(TRUST, StaticKeys(document), POLICY, clock=lambda: NOW)
    token = signed('{"alg":"ES256","typ":"JWT"}', json.dumps(claims()))
    assert judge.verify(token, None, None).subject == "rep-7"


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_short_rsa_key_does_not_verify() -> None:
    short = RSAKey.generate_key(1024, {"kid": "short"})
    assert_refused(bearer(header={"alg": "RS256"}, key=short), verifier(KEY, short))


@pytest.mark.parametrize("document", [{}, {"keys": []}, {"keys": {}}, {"keys": [{"kty": "oct", "k": "AAAA"}]}])
def test_a_document_without_a_usable_key_does_not_start(document: dict[str, object]) -> None:
    with pytest.raises(SettingInvalid):
        StaticKeys(document)


# the claims


@pytest.mark.parametrize(
    "issuer", [None, "", "https://idp.example/", "HTTPS://idp.example", ["https://idp.example"], 1]
)
def test_another_issuer_is_refused(issuer: object) -> None:
    assert_refused(bearer(claims(iss=issuer)))


@pytest.mark.parametrize("audience", [None, "", "shop", [], ["shop"], {"customer-graph": 1}, ["customer-graph", 1], 1])
def test_another_audience_is_refused(audience: object) -> None:
    assert_refused(bearer(claims(aud=audience)))


@pytest.mark.parametrize("subject", [None, "", 7, ["rep-7"], {}, "\ud800"])
def test_a_missing_subject_is_refused(subject: object) -> None:
    assert_refused(bearer(claims(sub=subject)))


@pytest.mark.parametrize("expiry", [None, NOW - 31, NOW - 30, 0, -1, "4102444800", True, [], 10**15, 10**400])
def test_an_expired_token_and_one_without_a_sound_expiry_are_refused(expiry: object) -> None:
    assert_refused(bearer(claims(exp=expiry)))


@pytest.mark.parametrize("expiry", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_an_expiry_that_is_no_number_is_refused(expiry: str) -> None:
    payload = json.dumps(claims()).replace(str(NOW + 600), expiry)
    assert expiry in payload
    assert_refused(signed('{"alg":"ES256","kid":"one"}', payload))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_no_rule_ever_reads_a_number_that_json_does_not_have(number: str) -> None:
    payload = json.dumps(claims(tier=[7777])).replace("7777", number)
    assert_refused(signed('{"alg":"ES256","kid":"one"}', payload))


def test_a_clock_may_be_off_by_the_leeway() -> None:
    assert verifier().verify(bearer(claims(exp=NOW - 29, nbf=NOW + 30, iat=NOW + 30)), None, None).subject == "rep-7"


@pytest.mark.parametrize("claim", ["nbf", "iat"])
def test_a_token_that_is_not_yet_valid_is_refused(claim: str) -> None:
    assert_refused(bearer(claims(**{claim: NOW + 31})))
    assert_refused(bearer(claims(**{claim: "soon"})))


@pytest.mark.parametrize(
    "roles", ["service_rep", {"service_rep": True}, [["service_rep"]], ["service_rep", 1], 1, [""]]
)
def test_roles_of_a_wrong_type_are_refused(roles: object) -> None:
    assert_refused(bearer(claims(roles=roles)))


def test_roles_and_purposes_that_are_null_are_refused() -> None:
    assert_refused(bearer(claims() | {"roles": None}))
    assert_refused(bearer(claims() | {"purposes": None}))


@pytest.mark.parametrize("purposes", ["service", {}, [1], [""]])
def test_purposes_of_a_wrong_type_are_refused(purposes: object) -> None:
    assert_refused(bearer(claims(purposes=purposes)))


# the form


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Bearer  ",
        "Bearer .",
        "Bearer ..",
        "Bearer a.b.c",
        "Bearer e30.e30.",
        "Basic YTpi",
        "Bearer !!!!.????.****",
        "Bearer " + "." * 2000,
        "Bearer é.é.é",
        "Bearer \ud800.a.b",
    ],
)
def test_an_empty_header_and_garbage_are_refused(authorization: str | None) -> None:
    assert_refused(authorization)


@pytest.mark.parametrize(
    "change", ["{1}", "Token {1}", "Bearer{1}", "{0}\n", "{0} ", " {0}", "{0}=", "{0}.", "Bearer\t{1}"]
)
def test_anything_but_bearer_and_one_token_is_refused(good: str, change: str) -> None:
    assert_refused(change.format(good, good.removeprefix("Bearer ")))


def test_a_header_sent_twice_is_refused(good: str) -> None:
    assert_refused(f"{good}, {good}")
    assert_refused(f"{good},{good}")


def test_a_name_that_stands_twice_in_header_or_claims_is_refused() -> None:
    payload = json.dumps(claims())
    assert_refused(signed('{"alg":"none","alg":"ES256","kid":"one"}', payload))
    assert_refused(signed('{"alg":"ES256","kid":"two","kid":"one"}', payload))
    assert_refused(signed('{"alg":"ES256","kid":"one"}', payload[:-1] + ',"roles":["auditor"]}'))


def test_a_token_of_more_than_eight_kilobytes_is_refused() -> None:
    judge = verifier()
    room = 3 * (LARGEST_TOKEN_BYTES - len(bearer())) // 4
    assert judge.verify(bearer(claims(note="x" * (room - 20))), None, None).subject == "rep-7"
    assert_refused(bearer(claims(note="x" * (room + 20))), judge)


def test_a_nested_token_is_refused() -> None:
    inner = bearer().removeprefix("Bearer ")
    assert_refused(bearer(header={"cty": "JWT"}))
    assert_refused(signed('{"alg":"ES256","kid":"one","cty":"JWT"}', inner))
    assert_refused(signed('{"alg":"ES256","kid":"one"}', inner))
    assert_refused(signed('{"alg":"ES256","kid":"one"}', json.dumps(inner)))


def test_an_encrypted_token_is_refused() -> None:
    header = encoded(b'{"alg":"ECDH-ES","enc":"A256GCM","kid":"one"}')
    assert_refused(f"Bearer {header}..AAAA.AAAA.AAAA")
    assert_refused(f"Bearer {header}.AAAA.AAAA.AAAA.AAAA")


@pytest.mark.parametrize("payload", ["null", "[]", "1", '"text"', "", "{", "[" * 3000, "\ufeff{}"])
def test_claims_that_are_no_object_are_refused(payload: str) -> None:
    assert_refused(signed('{"alg":"ES256","kid":"one"}', payload))


@pytest.mark.parametrize("header", ["null", "[]", '["alg"]', "1", '"alg"', "", "{", "[" * 1400, "{}", '{"alg"}'])
def test_a_header_that_is_no_object_is_refused(header: str) -> None:
    assert_refused(signed(header, json.dumps(claims())))


@pytest.mark.parametrize("kind", ["JOSE", "dpop+jwt", "logout+jwt", "secevent+jwt", "", 1, None, ["JWT"]])
def test_a_token_of_another_type_is_refused(kind: object) -> None:
    assert_refused(bearer(header={"typ": kind}))


@pytest.mark.parametrize(
    "extension",
    [{"crit": ["exp"], "exp": NOW}, {"crit": []}, {"crit": ["b64"], "b64": False}, {"b64": False}, {"b64": True}],
)
def test_critical_extensions_are_refused(extension: dict[str, object]) -> None:
    assert_refused(bearer(header=extension))


@given(st.data())
def test_changing_any_character_of_a_token_is_refused(data: st.DataObject) -> None:
    """Also the bits of base64url that carry nothing: there is one spelling of a token, so one entry in the memory."""
    token = FLIPPED.removeprefix("Bearer ")
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(
        st.sampled_from(string.ascii_letters + string.digits + "-_.=+/ ").filter(lambda c: c != token[at])
    )
    assert_refused("Bearer " + token[:at] + other + token[at + 1 :], FLIPPED_BY)


def test_unused_bits_at_the_end_of_each_part_must_be_zero() -> None:
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    parts = FLIPPED.removeprefix("Bearer ").split(".")
    tried = 0
    for place, part in enumerate(parts):
        meaning = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        for last in alphabet:
            twin = part[:-1] + last
            if twin != part and base64.urlsafe_b64decode(twin + "=" * (-len(twin) % 4)) == meaning:
                tried += 1
                assert_refused("Bearer " + ".".join([*parts[:place], twin, *parts[place + 1 :]]), FLIPPED_BY)
    assert tried >= 15


@given(st.one_of(st.text(), st.from_regex(r"[A-Za-z0-9_-]{0,60}(\.[A-Za-z0-9_-]{0,60}){0,5}", fullmatch=True)))
@example("e30.e30.e30")
def test_no_text_whatever_does_anything_but_be_refused(text: str) -> None:
    assert_refused(text, FLIPPED_BY)
    assert_refused("Bearer " + text, FLIPPED_BY)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
HEADER_NAMES = st.sampled_from(["alg", "kid", "typ", "cty", "crit", "b64", "jku", "jwk", "x5u", "x5c", "x5t"])
CLAIM_NAMES = st.sampled_from(["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "roles", "purposes", "id", "regions"])


@given(st.dictionaries(HEADER_NAMES, JSON, max_size=3), st.dictionaries(CLAIM_NAMES, JSON, max_size=3))
def test_whatever_a_token_says_the_answer_is_a_viewer_or_a_refusal(
    header: dict[str, object], said: dict[str, object]
) -> None:
    try:
        viewer = FLIPPED_BY.verify(bearer(claims() | said, header), None, None)
    except (TokenRefused, RoleRefused, PurposeRefused):
        return
    assert viewer.role in POLICY
    assert viewer.subject


# role and purpose


def refusal_of(authorization: str, role: str | None, purpose: str | None = None) -> type[CustomerGraphError]:
    with pytest.raises(CustomerGraphError) as caught:
        verifier().verify(authorization, role, purpose)
    assert str(caught.value) == type(caught.value).advice
    return type(caught.value)


def test_a_role_that_the_token_does_not_carry_is_refused(good: str) -> None:
    for role in ["auditor", "nobody", "", "SERVICE_REP", "service_rep,auditor", "service_rep "]:
        assert refusal_of(good, role) is RoleRefused


def test_several_roles_need_one_to_be_named() -> None:
    both = bearer(claims(roles=["service_rep", "auditor"]))
    assert refusal_of(both, None) is RoleRefused
    assert verifier().verify(both, "auditor", None).role == "auditor"
    assert verifier().verify(bearer(claims(roles=["auditor", "auditor"])), None, None).role == "auditor"


def test_roles_that_no_policy_knows_are_no_roles_here() -> None:
    assert verifier().verify(bearer(claims(roles=["uma_authorization", "auditor"])), None, None).role == "auditor"
    assert refusal_of(bearer(claims(roles=["uma_authorization"])), None) is RoleRefused
    assert refusal_of(bearer(claims(roles=["uma_authorization"])), "uma_authorization") is RoleRefused


def test_a_token_without_roles_has_none() -> None:
    assert refusal_of(bearer(claims(roles=[])), None) is RoleRefused
    assert refusal_of(bearer(claims(roles=None)), "service_rep") is RoleRefused


def test_a_purpose_must_be_permitted_by_the_role_and_by_the_token() -> None:
    marketer = bearer(claims(roles=["marketer"]))
    assert verifier().verify(marketer, None, "marketing.email").purpose == "marketing.email"
    for purpose in ["service", "", "marketing.email, analytics", "unknown"]:
        assert refusal_of(marketer, None, purpose) is PurposeRefused
    narrowed = bearer(claims(roles=["marketer"], purposes=["marketing.email", "service"]))
    assert refusal_of(narrowed, None, "analytics") is PurposeRefused
    assert refusal_of(narrowed, None, "service") is PurposeRefused


def test_without_a_purpose_it_is_the_first_of_the_role_that_the_token_permits() -> None:
    def purpose_of(**changes: object) -> str:
        return verifier().verify(bearer(claims(**changes)), None, None).purpose

    assert purpose_of(roles=["service_rep"]) == "service"
    assert purpose_of(roles=["marketer"]) == "analytics"
    assert purpose_of(roles=["marketer"], purposes=["marketing.email"]) == "marketing.email"
    assert purpose_of(roles=["marketer"], purposes=["marketing.email", "analytics"]) == "analytics"


@pytest.mark.parametrize("purposes", [[], ["audit"]])
def test_a_token_that_permits_no_purpose_of_the_role_is_refused(purposes: list[str]) -> None:
    assert refusal_of(bearer(claims(purposes=purposes)), None) is PurposeRefused


# the memory


def test_a_remembered_token_is_refused_after_its_expiry(good: str) -> None:
    clock = Clock(NOW)
    judge = verifier(clock=clock)
    assert judge.verify(good, None, None).subject == "rep-7"
    clock.now = NOW + 600 + 29
    assert judge.verify(good, None, None).subject == "rep-7"
    clock.now = NOW + 600 + 30
    assert_refused(good, judge)
    clock.now = NOW
    assert judge.verify(good, None, None).subject == "rep-7"


class ChangingKeys:
    """Keys that a test changes by hand."""

    def __init__(self, ring: KeyRing) -> None:
        self.ring = ring
        self.looked_up = 0

    async def ensure(self, kid: str | None) -> None:
        self.looked_up += 1


def test_a_remembered_token_is_refused_once_its_key_is_gone(good: str) -> None:
    keys = ChangingKeys(StaticKeys(jwks(KEY)).ring)
    judge = TokenVerifier(TRUST, keys, POLICY, clock=lambda: NOW)
    assert judge.verify(good, None, None).subject == "rep-7"
    keys.ring = StaticKeys(jwks(OTHER)).ring
    assert_refused(good, judge)


def test_the_memory_is_bounded_and_changes_no_answer() -> None:
    judge = verifier(remembered=3)
    tokens = [bearer(claims(sub=f"rep-{number}")) for number in range(8)]
    for _ in range(2):
        for number, token in enumerate(tokens):
            assert judge.verify(token, None, None).subject == f"rep-{number}"
            assert len(judge._known) <= 3


def test_one_remembered_token_serves_each_of_its_roles() -> None:
    judge, both = verifier(), bearer(claims(roles=["service_rep", "auditor"]))
    assert [judge.verify(both, role, None).role for role in ("service_rep", "auditor")] == ["service_rep", "auditor"]
    with pytest.raises(RoleRefused):
        judge.verify(both, None, None)


def test_many_threads_may_verify_at_once() -> None:
    judge = verifier(remembered=2)
    tokens = [bearer(claims(sub=f"rep-{number}")) for number in range(6)] * 50
    with ThreadPoolExecutor(8) as pool:
        subjects = list(pool.map(lambda token: judge.verify(token, None, None).subject, tokens))
    assert subjects == [f"rep-{number}" for number in range(6)] * 50


# keys behind an address


def test_remote_keys_are_fetched_once_and_kept(key_server: KeyServer, good: str) -> None:
    key_server.serve(KEY)
    judge = TokenVerifier(TRUST, RemoteKeys(key_server.address), POLICY, clock=lambda: NOW)

    async def ask() -> list[Viewer]:
        return await asyncio.gather(*(judge.admit(good, None, None) for _ in range(20)))

    assert len(asyncio.run(ask())) == 20
    assert key_server.asked == ["/keys"]


def test_a_flood_of_unknown_key_ids_causes_one_request(key_server: KeyServer, good: str) -> None:
    key_server.serve(KEY)
    clock = Clock()
    keys = RemoteKeys(key_server.address, pause_seconds=30, clock=clock)
    judge = TokenVerifier(TRUST, keys, POLICY, clock=lambda: NOW)

    async def flood() -> None:
        await judge.admit(good, None, None)
        clock.now = 31
        for number in range(50):
            with pytest.raises(TokenRefused):
                await judge.admit(bearer(header={"kid": f"unknown-{number}"}), None, None)

    asyncio.run(flood())
    assert len(key_server.asked) == 2


def test_garbage_causes_no_request(key_server: KeyServer) -> None:
    judge = TokenVerifier(TRUST, RemoteKeys(key_server.address), POLICY, clock=lambda: NOW)
    for authorization in [None, "", "Bearer a.b.c", bearer(header={"alg": "none"}), bearer(header={"crit": ["x"]})]:
        with pytest.raises(TokenRefused):
            asyncio.run(judge.admit(authorization, None, None))
    assert key_server.asked == []


def test_a_rotated_key_is_found_at_its_first_use(key_server: KeyServer, good: str) -> None:
    key_server.serve(KEY)
    clock = Clock()
    judge = TokenVerifier(TRUST, RemoteKeys(key_server.address, clock=clock), POLICY, clock=lambda: NOW)

    async def rotate() -> None:
        await judge.admit(good, None, None)
        key_server.serve(OTHER)
        clock.now = 31
        assert (await judge.admit(bearer(key=OTHER), None, None)).role == "service_rep"
        with pytest.raises(TokenRefused):
            await judge.admit(good, None, None)

    asyncio.run(rotate())


NEWER = json.dumps(jwks(OTHER)).encode()


@pytest.mark.parametrize(
    ("status", "document"),
    [
        (500, NEWER),
        (302, NEWER),
        (200, b"x"),
        (200, b"{}"),
        (200, b"\xff"),
        (200, b"[" * 99_000),
        (200, NEWER + b" " * 2**18),
    ],
    ids=["error", "redirect", "text", "no keys", "no text", "too deep", "too large"],
)
def test_old_keys_stay_when_a_refresh_fails(key_server: KeyServer, good: str, status: int, document: bytes) -> None:
    key_server.serve(KEY)
    clock = Clock()
    keys = RemoteKeys(key_server.address, clock=clock)
    judge = TokenVerifier(TRUST, keys, POLICY, clock=lambda: NOW)

    async def fail() -> None:
        await judge.admit(good, None, None)
        key_server.status, key_server.document = status, document
        clock.now = 10_000
        await keys.ensure("unknown")
        assert (await judge.admit(good, None, None)).role == "service_rep"

    asyncio.run(fail())
    assert key_server.asked == ["/keys", "/keys"]


def test_old_keys_are_renewed_behind_the_back_of_a_request(key_server: KeyServer, good: str) -> None:
    """So a key that the provider withdrew stops to count, though no new one was ever named."""
    key_server.serve(KEY)
    clock = Clock()
    keys = RemoteKeys(key_server.address, lifetime_seconds=600, clock=clock)
    judge = TokenVerifier(TRUST, keys, POLICY, clock=lambda: NOW)

    async def withdraw() -> None:
        await judge.admit(good, None, None)
        key_server.serve(OTHER)
        clock.now = 599
        await judge.admit(good, None, None)
        assert key_server.asked == ["/keys"]
        clock.now = 600
        await judge.admit(good, None, None)
        while keys.ring.find("two") is None:  # noqa: ASYNC110  the ring tells nobody that it changed
            await asyncio.sleep(0.01)
        with pytest.raises(TokenRefused):
            await judge.admit(good, None, None)

    asyncio.run(asyncio.wait_for(withdraw(), 30))


def test_the_same_keys_fetched_again_forget_no_token(key_server: KeyServer) -> None:
    key_server.serve(KEY)
    clock = Clock()
    keys = RemoteKeys(key_server.address, clock=clock)

    async def twice() -> tuple[KeyRing, KeyRing]:
        await keys.ensure("one")
        before, clock.now = keys.ring, 31
        await keys.ensure("unknown")
        return before, keys.ring

    before, after = asyncio.run(twice())
    assert len(key_server.asked) == 2
    assert before is after


def test_without_any_key_the_answer_is_to_try_again(good: str, key_server: KeyServer) -> None:
    key_server.close()
    judge = TokenVerifier(TRUST, RemoteKeys(key_server.address), POLICY, clock=lambda: NOW)
    with pytest.raises(KeysUnavailable):
        asyncio.run(judge.admit(good, None, None))


@pytest.mark.parametrize("dripping", [False, True], ids=["silent", "dripping"])
def test_a_slow_key_server_holds_nobody_longer_than_the_time_limit(good: str, dripping: bool) -> None:
    document = json.dumps(jwks(KEY)).encode()
    connections: list[asyncio.StreamWriter] = []

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        text = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(document), document)
        connections.append(writer)
        for byte in text if dripping else b"":
            writer.write(bytes([byte]))
            await asyncio.sleep(0.02)

    async def slow() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/keys"
        judge = TokenVerifier(TRUST, RemoteKeys(address, timeout_seconds=0.3), POLICY, clock=lambda: NOW)
        with pytest.raises(KeysUnavailable):
            await judge.admit(good, None, None)
        server.close()
        for connection in connections:
            connection.transport.abort()
        await asyncio.sleep(0.01)

    asyncio.run(slow())


@pytest.mark.parametrize(
    "address",
    [
        "http://idp.example/keys",
        "http://127.0.0.1.example/keys",
        "http://10.0.0.1/keys",
        "file:///etc/passwd",
        "ftp://127.0.0.1/keys",
        "https://",
        "https://user:secret@idp.example/keys",
        "http://[::1/keys",
        "",
    ],
)
def test_keys_come_over_https_or_from_this_machine(address: str) -> None:
    with pytest.raises(SettingInvalid):
        RemoteKeys(address)


@pytest.mark.parametrize(
    "address", ["https://idp.example/keys", "http://127.0.0.1:8180/keys", "http://localhost/keys", "http://[::1]/keys"]
)
def test_such_addresses_are_taken(address: str) -> None:
    assert RemoteKeys(address).ring == KeyRing()


# our own issuer


def local(issuer: LocalIssuer) -> TokenVerifier:
    return TokenVerifier(issuer.trust, issuer.keys(), POLICY)


def test_our_own_token_is_verified(tmp_path: Path) -> None:
    issuer = LocalIssuer(tmp_path / "data")
    token = issuer.issue("marketer", "analytics", "ada", {"regions": ["GB", "US"]})
    viewer = local(issuer).verify(f"Bearer {token}", None, None)
    assert (viewer.subject, viewer.role, viewer.purpose) == ("ada", "marketer", "analytics")
    assert viewer.claims["regions"] == ("GB", "US")
    assert 11 * 3600 < viewer.expires_at - time.time() <= 12 * 3600


def test_our_own_tokens_name_us_and_differ(tmp_path: Path) -> None:
    issuer = LocalIssuer(tmp_path)
    key = ECKey.import_key(issuer.jwks()["keys"][0])  # type: ignore[index]  # the document is JSON
    first, second = (jwt.decode(issuer.issue("auditor"), key, [ALGORITHM]).claims for _ in range(2))
    assert (first["iss"], first["aud"], first["sub"]) == (ISSUER, AUDIENCE, "local:auditor")
    assert first["jti"] != second["jti"]


def test_our_own_key_is_for_its_owner_alone_and_never_shown(tmp_path: Path) -> None:
    issuer = LocalIssuer(tmp_path)
    assert [(path.name, path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == [("issuer.json", 0o600)]
    issuer.rotate()
    assert [(path.name, path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == [("issuer.json", 0o600)]
    assert (tmp_path / "issuer.json").read_text().count('"d"') == 1, "the key before is kept without its secret"
    assert '"d"' not in json.dumps(issuer.jwks())
    assert not any(key.is_private for key in issuer.keys().ring.keys)


def test_our_own_key_is_made_once_even_when_many_start_together(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        documents = list(pool.map(lambda _: json.dumps(LocalIssuer(tmp_path).jwks()), range(16)))
    assert len(set(documents)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["issuer.json"]


def test_a_rotation_keeps_the_key_before_and_drops_older_ones(tmp_path: Path) -> None:
    """Also for a server that runs while another process rotates."""
    issuer = LocalIssuer(tmp_path)
    judge = local(issuer)
    tokens = [f"Bearer {issuer.issue('auditor')}"]

    async def accepted() -> list[bool]:
        answers = []
        for token in tokens:
            try:
                answers.append((await judge.admit(token, None, None)).role == "auditor")
            except TokenRefused:
                answers.append(False)
        return answers

    assert asyncio.run(accepted()) == [True]
    for expected in ([True, True], [False, True, True]):
        LocalIssuer(tmp_path).rotate()
        tokens.append(f"Bearer {issuer.issue('auditor')}")
        assert asyncio.run(accepted()) == expected


def test_a_broken_key_file_keeps_the_keys_of_a_running_server(tmp_path: Path) -> None:
    issuer = LocalIssuer(tmp_path)
    judge, token = local(issuer), f"Bearer {issuer.issue('auditor')}"
    for broken in ["{}", '{"keys": []}', "{"]:
        (tmp_path / "issuer.json").write_text(broken)
        assert asyncio.run(judge.admit(token, None, None)).role == "auditor"
    with pytest.raises(SettingInvalid):
        LocalIssuer(tmp_path)
    with pytest.raises(SettingInvalid):
        StaticKeys.read(tmp_path / "issuer.json")


def test_our_own_token_can_run_out(tmp_path: Path) -> None:
    issuer = LocalIssuer(tmp_path)
    assert_refused(f"Bearer {issuer.issue('auditor', lifetime=timedelta(minutes=-5))}", local(issuer))


@pytest.mark.parametrize("name", ["exp", "iss", "sub", "roles", "purposes", "id"])
def test_a_claim_that_the_issuer_sets_cannot_be_given(tmp_path: Path, name: str) -> None:
    with pytest.raises(ClaimInvalid):
        LocalIssuer(tmp_path).issue("auditor", claims={name: "x"})
    with pytest.raises(ClaimInvalid):
        parse_claims([f"{name}=x"])


@pytest.mark.parametrize(("roles", "extra"), [([], {}), ("", {}), (["a", ""], {}), ("auditor", {"note": "x" * 9000})])
def test_a_token_without_a_role_or_too_large_is_not_issued(
    tmp_path: Path, roles: list[str], extra: dict[str, str]
) -> None:
    with pytest.raises(ClaimInvalid):
        LocalIssuer(tmp_path).issue(roles, claims=extra)


def test_claims_of_the_command_line_are_strings_or_lists() -> None:
    given_so = ["regions=GB,US", "tier=2", 'teams=["a b"]', "note=a=b", "empty="]
    assert parse_claims(given_so) == {
        "regions": ["GB", "US"],
        "tier": "2",
        "teams": ["a b"],
        "note": "a=b",
        "empty": "",
    }


def test_claims_of_the_command_line_follow_their_declared_types() -> None:
    read = parse_claims(
        ["regions=GB", "tier=-2", "vip=true", "name=a,b", "none="],
        {"regions": "list[string]", "tier": "integer", "vip": "boolean", "name": "string", "none": "list[string]"},
    )
    assert read == {"regions": ["GB"], "tier": -2, "vip": True, "name": "a,b", "none": []}


@pytest.mark.parametrize(
    "given_so",
    [
        ["regions"],
        ["=secret"],
        ["a b=secret"],
        ["regions=secret,,US"],
        ["regions=[secret"],
        ['regions=["secret", 1]'],
        ["tier=secret"],
        ["tier=٣"],
        ["tier=1.5"],
        ["tier=" + "9" * 30],
        ["vip=secret"],
        ["vip=True"],
        ["note=secret", "note=secret"],
    ],
)
def test_a_mistake_in_a_claim_is_told_in_one_sentence_without_its_value(given_so: list[str]) -> None:
    with pytest.raises(ClaimInvalid) as caught:
        parse_claims(given_so, {"tier": "integer", "vip": "boolean"})
    assert caught.value.code == "CG906"
    assert "secret" not in str(caught.value)
    assert str(caught.value).count(". ") == 0
    assert str(caught.value).endswith(".")


FLIPPED = bearer()
FLIPPED_BY = verifier()
