"""TLS by settings: HTTPS alone, nothing older than 1.2, and no start with a key that others can read."""

import ssl
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from schema.errors import SettingInvalid
from server.settings import load
from server.tls import own_context, server_context
from tests.test_cli import COMMAND, PLAIN, SECONDS, command, free_port, one_sentence

NAME = "graph.example.com"
NO_PASSWORD = serialization.NoEncryption()


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for another name than this machine's, and its key."""
    return pair_in(tmp_path_factory.mktemp("tls"), NO_PASSWORD)


def pair_in(folder: Path, protection: serialization.KeySerializationEncryption) -> tuple[Path, Path]:
    """A certificate and its key, fresh."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.touch(0o600)
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection),
    )
    return certificate, private


def named(pair: tuple[Path, Path]) -> dict[str, str]:
    """The settings that name both files."""
    return {"CUSTOMER_GRAPH_TLS_CERTIFICATE": str(pair[0]), "CUSTOMER_GRAPH_TLS_KEY": str(pair[1])}


@pytest.fixture(scope="module")
def address(pair: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with that certificate whose database is not there: it listens all the same."""
    port = free_port()
    nowhere = {"NEO4J_URI": f"bolt://127.0.0.1:{free_port()}", "NEO4J_PASSWORD": "none"}
    process = subprocess.Popen(
        [COMMAND, "serve", "--data", str(tmp_path_factory.mktemp("tls-data")), "--port", str(port)],
        env={**PLAIN, **named(pair), **nowhere},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + SECONDS
    while True:
        try:
            httpx.get(f"https://127.0.0.1:{port}/health/live", verify=False, trust_env=False)
            break
        except httpx.TransportError:
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.1)
    yield f"https://127.0.0.1:{port}"
    process.terminate()
    assert process.wait(SECONDS) == 0


def test_answers_come_by_https_and_tell_browsers_to_stay_there(address: str, pair: tuple[Path, Path]) -> None:
    """Whoever asks for plain HTTP gets nothing; this machine's own commands know the certificate whatever its name."""
    settings = load(tls_certificate=pair[0], tls_key=pair[1])
    answer = httpx.get(f"{address}/health/live", verify=own_context(settings), trust_env=False)
    assert answer.status_code == 200
    assert int(answer.headers["strict-transport-security"].partition("=")[2]) > 0
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{address.replace('https', 'http')}/health/live", trust_env=False)


def test_another_certificate_is_not_taken_for_the_servers_own(address: str, tmp_path: Path) -> None:
    """That the name is not compared does not mean that anybody would do."""
    other = pair_in(tmp_path, NO_PASSWORD)
    settings = load(tls_certificate=other[0], tls_key=other[1])
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/health/live", verify=own_context(settings), trust_env=False)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("newest", "spoken"),
    [(ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)],
)
def test_nothing_older_than_tls_1_2_is_spoken(address: str, newest: ssl.TLSVersion, spoken: bool) -> None:
    """RFC 9325, section 3.1.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = context.maximum_version = newest
    context.set_ciphers("ALL:@SECLEVEL=0")
    try:
        answered = httpx.get(f"{address}/health/live", verify=context, trust_env=False).status_code == 200
    except httpx.ConnectError:
        answered = False
    assert answered is spoken


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o606, 0o660])
def test_a_key_that_others_may_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    """With what to do about it."""
    pair = pair_in(tmp_path, NO_PASSWORD)
    pair[1].chmod(mode)
    with pytest.raises(SettingInvalid, match=r"CUSTOMER_GRAPH_TLS_KEY.*chmod 600"):
        server_context(load(tls_certificate=pair[0], tls_key=pair[1]))


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    """Nor is a password asked for at the terminal, and nothing of either file is repeated."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = pair_in(tmp_path / "a", NO_PASSWORD)
    other = pair_in(tmp_path / "b", serialization.BestAvailableEncryption(b"secret"))
    for pair in ((one[0], other[1]), other, (one[1], one[1])):
        with pytest.raises(SettingInvalid, match="CUSTOMER_GRAPH_TLS_CERTIFICATE and CUSTOMER_GRAPH_TLS_KEY"):
            server_context(load(tls_certificate=pair[0], tls_key=pair[1]))
    with pytest.raises(SettingInvalid, match="CUSTOMER_GRAPH_TLS_KEY must be"):
        load(tls_certificate=one[0])


def test_a_refused_key_stops_the_start(tmp_path: Path) -> None:
    """Before anything listens, and before a data folder is made."""
    pair = pair_in(tmp_path, NO_PASSWORD)
    pair[1].chmod(0o644)
    assert "chmod 600" in one_sentence(command("serve", "--data", tmp_path / "data", **named(pair)), 1)
    assert not (tmp_path / "data").exists()
