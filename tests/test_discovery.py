"""The issuer's own configuration says where its keys are, if it is the issuer's own; and its words become ours."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from auth.discovery import WELL_KNOWN, DiscoveredKeys, Discovery, configuration_address, provider_of
from auth.token import TokenVerifier, Trust
from schema.errors import RoleRefused, SettingInvalid, TokenRefused
from server.assembly import Rules, check_names, rules_of, trust_and_keys
from server.doctor import State, sign_in, tokens
from server.settings import load, names
from tests.loopback import Loopback, loopback

KEY = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
NEWER = ECKey.generate_key("P-256", {"kid": "two", "use": "sig"})
POLICY = {"service_rep": ("service",), "auditor": ("audit",)}


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine at hand reaches a test."""
    for name in names():
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def provider() -> Iterator[Loopback]:
    """An issuer on this machine with its configuration and one key."""
    with loopback() as server:
        configure(server)
        server.serve("/keys", jwks(KEY))
        yield server


def configure(server: Loopback, **changes: object) -> None:
    """Its configuration, with changes; a change to None leaves the member out."""
    said: dict[str, object] = {
        "issuer": server.address,
        "jwks_uri": f"{server.address}/keys",
        "authorization_endpoint": f"{server.address}/authorize",
        "token_endpoint": f"{server.address}/token",
        **changes,
    }
    server.serve(WELL_KNOWN, {name: value for name, value in said.items() if value is not None})


def jwks(*keys: ECKey) -> dict[str, object]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


def bearer(issuer: str, key: ECKey = KEY, **claims: object) -> str:
    now = int(time.time())
    said = {
        "iss": issuer,
        "aud": "customer-graph",
        "sub": "rep-7",
        "exp": now + 600,
        "roles": ["service_rep"],
        **claims,
    }
    return "Bearer " + jwt.encode({"alg": "ES256", "kid": key.kid}, said, key, algorithms=["ES256"])


# Discovery


@pytest.mark.asyncio
async def test_the_keys_are_found_at_first_use_and_kept(provider: Loopback) -> None:
    """Nothing is asked before there is a token; then the configuration once and the keys once."""
    keys = DiscoveredKeys(Discovery(provider.address))
    judge = TokenVerifier(Trust(provider.address, "customer-graph"), keys, POLICY)
    assert provider.asked == []
    for _ in range(3):
        assert (await judge.admit(bearer(provider.address), None, None)).role == "service_rep"
    assert provider.asked == [WELL_KNOWN, "/keys"]


@pytest.mark.asyncio
async def test_a_new_key_is_found_at_its_first_use_and_a_flood_of_unknown_ones_is_one_request(
    provider: Loopback,
) -> None:
    """As with keys whose address is set: one attempt a pause, however many ask."""
    now = 0.0
    keys = DiscoveredKeys(Discovery(provider.address), pause_seconds=30, clock=lambda: now)
    judge = TokenVerifier(Trust(provider.address, "customer-graph"), keys, POLICY)
    await judge.admit(bearer(provider.address), None, None)
    provider.serve("/keys", jwks(NEWER))
    stranger = [ECKey.generate_key("P-256", {"kid": f"k{number}"}) for number in range(20)]
    now = 31.0
    refused = await asyncio.gather(
        *(judge.admit(bearer(provider.address, key), None, None) for key in stranger), return_exceptions=True
    )
    assert {type(one) for one in refused} == {TokenRefused}
    assert provider.asked == [WELL_KNOWN, "/keys", "/keys"]
    assert (await judge.admit(bearer(provider.address, NEWER), None, None)).subject == "rep-7"
    with pytest.raises(TokenRefused):
        await judge.admit(bearer(provider.address, KEY), None, None)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://another.example"},
        {"issuer": None},
        {"issuer": ["x"]},
        {"jwks_uri": None},
        {"jwks_uri": "http://keys.example/"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": 7},
        {"token_endpoint": "http://tokens.example/"},
    ],
)
async def test_a_configuration_that_is_not_the_issuers_own_or_not_safe_is_none(
    provider: Loopback, change: Mapping[str, object]
) -> None:
    """Its keys are not even looked at."""
    configure(provider, **change)
    keys = DiscoveredKeys(Discovery(provider.address))
    await keys.ensure("one")
    assert keys.ring.keys == ()
    assert provider.asked == [WELL_KNOWN]


def test_the_issuer_must_be_equal_to_the_letter() -> None:
    """A slash at the end is a difference, and the configuration stands under the address without it."""
    with_slash = "https://idp.example/"
    assert configuration_address(with_slash) == f"https://idp.example{WELL_KNOWN}"
    document = {"issuer": with_slash, "jwks_uri": "https://idp.example/keys"}
    assert provider_of(document, with_slash).jwks_uri == "https://idp.example/keys"
    with pytest.raises(ValueError, match="another issuer"):
        provider_of(document, "https://idp.example")


def test_an_issuer_elsewhere_cannot_point_at_this_machine() -> None:
    """It would make the server ask its own neighbours."""
    document = {"issuer": "https://idp.example", "jwks_uri": "http://127.0.0.1:8080/keys"}
    with pytest.raises(ValueError, match="this machine"):
        provider_of(document, "https://idp.example")


@pytest.mark.parametrize(
    "issuer", ["customer graph", "http://idp.example", "https://idp.example?x=1", "https://", "idp"]
)
def test_only_an_address_can_be_discovered(issuer: str) -> None:
    """Others need an address or a file of keys."""
    with pytest.raises(SettingInvalid):
        Discovery(issuer)


@pytest.mark.asyncio
async def test_while_the_provider_is_away_what_was_known_stays(provider: Loopback) -> None:
    """One attempt a pause, then what there was."""
    now = 0.0
    discovery = Discovery(provider.address, lifetime_seconds=600, pause_seconds=5, clock=lambda: now)
    known = await discovery.provider()
    assert known is not None
    provider.status = 500
    now = 700.0
    assert [await discovery.provider() for _ in range(3)] == [known] * 3
    assert provider.asked == [WELL_KNOWN] * 2


@pytest.mark.asyncio
async def test_an_address_to_which_the_configuration_redirects_is_not_followed(provider: Loopback) -> None:
    """The configuration stands where the issuer says, or nowhere."""
    provider.status = 302
    provider.serve("/elsewhere", {"issuer": provider.address, "jwks_uri": f"{provider.address}/keys"})
    assert await Discovery(provider.address).provider() is None
    assert provider.asked == [WELL_KNOWN]


# Settings and the doctor


def test_the_issuer_alone_is_enough(provider: Loopback, tmp_path: Path) -> None:
    """And a file or an address of keys still goes before discovery."""
    _, keys = trust_and_keys(load(data=tmp_path, issuer=provider.address))
    assert isinstance(keys, DiscoveredKeys)
    _, keys = trust_and_keys(load(data=tmp_path, issuer=provider.address, jwks_uri="https://idp.example/keys"))
    assert not isinstance(keys, DiscoveredKeys)
    with pytest.raises(SettingInvalid, match="CUSTOMER_GRAPH_ISSUER must be"):
        load(data=tmp_path, jwks_uri="https://idp.example/keys")


def test_the_doctor_says_what_of_the_issuer_can_be_reached(provider: Loopback, tmp_path: Path) -> None:
    """Configuration and keys are two things that can be wrong."""
    settings = load(data=tmp_path, issuer=provider.address, login_client_id="browser")
    assert (tokens(settings).state, tokens(settings).said) == (
        State.WELL,
        "issued by the named issuer, 1 keys, found by discovery",
    )
    assert sign_in(settings).state is State.WELL
    assert "http://127.0.0.1:8000/login/callback" in sign_in(settings).said
    provider.documents.pop("/keys")
    assert (tokens(settings).state, "keys" in tokens(settings).said) == (State.BROKEN, True)
    configure(provider, issuer="https://another.example")
    assert (tokens(settings).state, "configuration" in tokens(settings).said) == (State.BROKEN, True)
    assert sign_in(settings).state is State.BROKEN


# What the issuer's words mean here


@pytest.fixture(scope="module")
def rules() -> Rules:
    """The shipped policies over the whole model."""
    return rules_of()


def judge_of(provider: Loopback, rules: Rules, **named: object) -> TokenVerifier:
    """Who judges tokens of this issuer under these settings."""
    trust, keys = trust_and_keys(load(issuer=provider.address, **named))
    check_names(trust, rules)
    return TokenVerifier(trust, keys, rules.purposes_of)


@pytest.mark.asyncio
async def test_the_issuers_names_of_roles_become_ours(provider: Loopback, rules: Rules) -> None:
    """Once names are mapped, no other name counts, not even one that is ours."""
    judge = judge_of(provider, rules, role_names="kc-reps=service_rep, Group A=auditor,b=auditor")
    viewer = await judge.admit(bearer(provider.address, roles=["kc-reps", "offline_access"]), None, None)
    assert viewer.role == "service_rep"
    assert (await judge.admit(bearer(provider.address, roles=["Group A", "b"]), None, None)).role == "auditor"
    with pytest.raises(RoleRefused):
        await judge.admit(bearer(provider.address, roles=["service_rep"]), None, None)


@pytest.mark.asyncio
async def test_claims_that_policies_read_may_stand_elsewhere(provider: Loopback, rules: Rules) -> None:
    """And then count from there alone: what stands under the usual name may be anybody's to write."""
    judge = judge_of(provider, rules, claim_paths="regions=work.countries")
    viewer = await judge.admit(bearer(provider.address, work={"countries": ["GB"]}, regions=["*"]), None, None)
    assert viewer.claims["regions"] == ("GB",)
    viewer = await judge.admit(bearer(provider.address, regions=["*"]), None, None)
    assert "regions" not in viewer.claims


@pytest.mark.asyncio
async def test_how_far_clocks_may_differ_is_a_setting(provider: Loopback, rules: Rules) -> None:
    """A minute is too much by default and may be allowed."""
    late = bearer(provider.address, exp=int(time.time()) - 60)
    with pytest.raises(TokenRefused):
        await judge_of(provider, rules).admit(late, None, None)
    assert (await judge_of(provider, rules, clock_skew_seconds=300).admit(late, None, None)).subject == "rep-7"


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"role_names": "kc-reps=service_reps"}, r"ROLE_NAMES: there is no role service_reps"),
        ({"claim_paths": "reigons=work.countries"}, r"CLAIM_PATHS: no policy reads a claim reigons"),
        ({"claim_paths": "sub=email"}, r"stand where they stand"),
        ({"role_names": "a=service_rep,a=auditor"}, r"CUSTOMER_GRAPH_ROLE_NAMES must be"),
        ({"role_names": "service_rep"}, r"CUSTOMER_GRAPH_ROLE_NAMES must be"),
        ({"claim_paths": "=x"}, r"CUSTOMER_GRAPH_CLAIM_PATHS must be"),
        ({"clock_skew_seconds": 301}, r"CUSTOMER_GRAPH_CLOCK_SKEW_SECONDS must be"),
        ({"login_client_id": "customer-graph"}, r"CUSTOMER_GRAPH_LOGIN_CLIENT_ID must be"),
        ({"login_client_secret": "x"}, r"CUSTOMER_GRAPH_LOGIN_CLIENT_SECRET must be"),
        ({"login_client_id": "b", "host": "0.0.0.0"}, r"CUSTOMER_GRAPH_PUBLIC_ADDRESS must be"),
        ({"login_client_id": "b", "public_address": "http://graph.example"}, r"CUSTOMER_GRAPH_PUBLIC_ADDRESS must be"),
        ({"login_client_id": "b", "public_address": "https://graph.example/x"}, r"PUBLIC_ADDRESS must be"),
        ({"login_scope": "profile"}, r"CUSTOMER_GRAPH_LOGIN_SCOPE must be"),
    ],
)
def test_a_mapping_to_what_is_not_there_does_not_start(rules: Rules, named: dict[str, object], message: str) -> None:
    """It would otherwise be a role that nobody has, or a sign-in that cannot end."""
    with pytest.raises(SettingInvalid, match=message):
        check_names(trust_and_keys(load(issuer="https://idp.example", **named))[0], rules)
