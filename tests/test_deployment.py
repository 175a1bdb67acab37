"""The files of a deployment, without a container engine: valid by their schemas, and each reference leads somewhere."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.verification import PolicyBuilder, Store

from server.settings import FROM_FILE, names

ROOT = Path(__file__).parents[1]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
SECRETS = "deploy/secrets/"
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z0-9_]+)")
PINNED = re.compile(r"^[a-z0-9./-]+:[0-9][0-9a-z.-]*$")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """docker-compose.yml."""
    return read(COMPOSE)


@pytest.fixture(scope="module")
def collector() -> dict[str, Any]:
    """deploy/collector.yaml."""
    return read(ROOT / "deploy" / "collector.yaml")


def read(path: Path) -> dict[str, Any]:
    """A YAML file as plain data."""
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def tool(name: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of the test lock to its end."""
    command = [str(Path(sys.executable).with_name(name)), *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)


# What the makers' schemas say


def test_the_compose_file_is_one() -> None:
    """By the schema of the Compose specification, which check-jsonschema brings along."""
    found = tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_schema_would_find_a_mistake(tmp_path: Path) -> None:
    """The check above can fail."""
    (tmp_path / "compose.yml").write_text("services: {api: {imagee: x}}")
    words = ("--builtin-schema", "vendor.compose-spec", str(tmp_path / "compose.yml"))
    assert tool("check-jsonschema", *words).returncode == 1


def test_the_dockerfile_has_no_fault(tmp_path: Path) -> None:
    """By hadolint, which finds one where there is one."""
    found = tool("hadolint", "Dockerfile")
    assert found.returncode == 0, found.stdout + found.stderr
    (tmp_path / "Dockerfile").write_text("FROM python:latest\nRUN cd /tmp && pip install x\n")
    assert tool("hadolint", str(tmp_path / "Dockerfile")).returncode == 1


# The image


def test_every_package_is_in_the_image() -> None:
    """A package that is not copied is missed at the first request that needs it."""
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    copied = re.findall(r"^COPY (\w+) (\w+)$", last, re.MULTILINE)
    assert {name for name, _ in copied} == set(wheel["packages"])
    assert all(name == to for name, to in copied)
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    assert set(wheel["packages"]) <= {line.removeprefix("!") for line in allowed if line.startswith("!")}


def test_what_the_dockerfile_copies_is_there_and_let_in() -> None:
    """Of this repository's files; those of earlier stages are made there."""
    let_in = [line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"]
    sources = [
        word for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE) for word in line.split()[:-1]
    ]
    assert len(sources) > 8
    for source in sources:
        assert (ROOT / source).exists(), source
        assert any(Path(source).match(one) or source.startswith(f"{one}/") or source == one for one in let_in), source


def test_the_image_runs_as_nobody_in_particular_and_is_asked_for_its_health() -> None:
    """Not as root, from tags that mean one thing, with the page in it."""
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]\d+$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    assert "/health/ready" in last
    assert "console/graphiql/dist" in last
    assert all(PINNED.match(image) for image in re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE))
    stages = set(re.findall(r"^FROM \S+ AS (\w+)$", DOCKERFILE, re.MULTILINE))
    assert set(re.findall(r"--from=(\w+)", DOCKERFILE)) == stages


# References


def test_services_name_only_what_there_is(compose: dict[str, Any]) -> None:
    """Services, volumes, networks, secrets, configs; and each of these is used by someone."""
    used: dict[str, set[str]] = {kind: set() for kind in ("volumes", "networks", "secrets", "configs")}
    for service in compose["services"].values():
        assert set(service.get("depends_on", {})) <= set(compose["services"])
        used["volumes"] |= {mount.split(":")[0] for mount in service.get("volumes", ())}
        used["networks"] |= set(service["networks"])
        used["secrets"] |= set(service.get("secrets", ()))
        used["configs"] |= {one["source"] for one in service.get("configs", ())}
    assert {kind: set(compose[kind]) for kind in used} == used


def test_who_waits_for_health_waits_for_someone_who_is_asked(compose: dict[str, Any]) -> None:
    """Otherwise it would wait for ever; the image of the server brings its own question."""
    for service in compose["services"].values():
        for name, condition in service.get("depends_on", {}).items():
            if condition["condition"] == "service_healthy":
                assert "healthcheck" in compose["services"][name]


def test_every_file_is_there_or_made_by_us(compose: dict[str, Any], made: Path) -> None:
    """Configs stand in the repository; secrets do not, and one command makes all of them."""
    files = {one["file"] for one in compose["configs"].values()}
    assert {file for file in files if not (ROOT / file).is_file()} == set()
    secrets = {one["file"] for one in compose["secrets"].values()}
    assert all(file.startswith(SECRETS) for file in secrets)
    assert {file.removeprefix(SECRETS) for file in secrets} == {file.name for file in made.iterdir()}
    assert SECRETS in (ROOT / ".gitignore").read_text().splitlines()
    assert (ROOT / compose["services"]["api"]["build"] / "Dockerfile").is_file()


def test_paths_below_secrets_are_secrets_of_the_service(compose: dict[str, Any]) -> None:
    """A setting that names /run/secrets/x needs the secret x."""
    for name, service in compose["services"].items():
        said = yaml.safe_dump({key: service.get(key) for key in ("environment", "command", "entrypoint")})
        assert set(re.findall(r"/run/secrets/(\w+)", said)) <= set(service.get("secrets", ())), name


def test_hosts_that_are_named_can_be_reached(compose: dict[str, Any], collector: dict[str, Any]) -> None:
    """An address of another service is one in a network that both are in."""
    networks = {name: set(service["networks"]) for name, service in compose["services"].items()}
    said = {
        name: " ".join(map(str, service.get("environment", {}).values()))
        for name, service in compose["services"].items()
    }
    said["collector"] += yaml.safe_dump(collector["exporters"])
    found = [
        (name, host)
        for name, text in said.items()
        for host in re.findall(r"(?://|\s)([a-z0-9]+):\d+", text)
        if host != "localhost"
    ]
    assert {("api", "neo4j"), ("api", "keycloak"), ("api", "collector"), ("collector", "jaeger")} <= set(found)
    for name, host in found:
        assert host in networks, (name, host)
        assert networks[name] & networks[host], (name, host)


def test_settings_of_the_server_are_settings(compose: dict[str, Any]) -> None:
    """A misspelt one would stop the start; OTEL_ and SSL_CERT_FILE belong to libraries."""
    known = {*names(), *(name + FROM_FILE for name in names())}
    given = set(compose["services"]["api"]["environment"])
    given |= set(re.findall(r"^\s+(CUSTOMER_GRAPH_\w+)=", DOCKERFILE, re.MULTILINE))
    assert {name for name in given if not name.startswith(("OTEL_", "SSL_"))} <= known
    assert "CUSTOMER_GRAPH_LOG_FORMAT" in given | set(re.findall(r"(CUSTOMER_GRAPH_\w+)=", DOCKERFILE))


def test_every_variable_is_documented(compose: dict[str, Any]) -> None:
    """What may be set from outside stands in docs/deploy.md, and none of it is a secret with a default."""
    variables = set(VARIABLE.findall(COMPOSE.read_text()))
    assert variables
    for name in variables:
        assert f"`{name}`" in GUIDE, name
        assert not re.search("PASSWORD|KEY|SECRET|TOKEN", name)


def test_no_secret_stands_in_a_file(compose: dict[str, Any]) -> None:
    """Passwords and keys come as files, whose paths alone are told."""
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|_KEY|SECRET|AUTH|TOKEN", name):
                assert str(value).startswith("/run/secrets/"), name


def test_images_are_pinned_and_ports_stay_on_this_machine(compose: dict[str, Any]) -> None:
    """A tag that means another image tomorrow is no tag; what is open to the world is opened by the operator."""
    for name, service in compose["services"].items():
        assert "build" in service or PINNED.match(service["image"]), name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ())), name


def test_every_service_has_limits_and_time_to_end(compose: dict[str, Any]) -> None:
    """None may take the machine from the others, or be cut off in what it does."""
    for service in compose["services"].values():
        assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
        assert service["stop_grace_period"]
        assert service["restart"] == "unless-stopped"
    api = compose["services"]["api"]
    assert (
        int(api["stop_grace_period"].removesuffix("s")) > float(api["environment"]["CUSTOMER_GRAPH_DRAIN_SECONDS"]) + 20
    )
    assert api["read_only"] is True


def test_the_database_is_reached_by_nobody_else(compose: dict[str, Any]) -> None:
    """Its network leads nowhere else and holds the server alone; no port of it is open."""
    members = {name for name, service in compose["services"].items() if "graph" in service["networks"]}
    assert members == {"api", "neo4j"}
    assert compose["networks"]["graph"] == {"internal": True}
    assert "ports" not in compose["services"]["neo4j"]


def test_the_pipelines_of_the_collector_lead_from_end_to_end(collector: dict[str, Any]) -> None:
    """Each names what is defined, what is defined is used, and the server's address is where it listens."""
    used: dict[str, set[str]] = {kind: set() for kind in ("receivers", "processors", "exporters")}
    for pipeline in collector["service"]["pipelines"].values():
        for kind, of in used.items():
            of |= set(pipeline[kind])
    assert {kind: set(collector[kind]) for kind in used} == used
    assert collector["receivers"]["otlp"]["protocols"]["http"]["endpoint"].endswith(":4318")
    assert set(collector["service"]["pipelines"]) == {"traces", "metrics"}


# Secrets


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What deploy/make_secrets.py makes."""
    folder = tmp_path_factory.mktemp("made") / "secrets"
    make(folder)
    return folder


def make(folder: Path) -> None:
    """Run the command of the guide."""
    subprocess.run([sys.executable, str(ROOT / "deploy" / "make_secrets.py"), str(folder)], check=True, timeout=240)


def contents(folder: Path) -> Iterator[tuple[str, str]]:
    """The files of a folder with their text."""
    return ((file.name, file.read_text()) for file in sorted(folder.iterdir()))


def test_secrets_are_random_made_once_and_fit_together(made: Path, tmp_path: Path) -> None:
    """A second run changes nothing, another folder gets others, and the certificate is good for its name."""
    before = dict(contents(made))
    make(made)
    assert dict(contents(made)) == before
    make(tmp_path / "others")
    assert not set(dict(contents(tmp_path / "others")).values()) & set(before.values())
    assert made.stat().st_mode & 0o077 == 0
    assert before["neo4j_auth"] == f"neo4j/{before['neo4j_password']}"
    assert re.fullmatch(r"[0-9a-f]{128}", before["cursor_key"])
    leaf = x509.load_pem_x509_certificate(before["keycloak.pem"].encode())
    key = load_pem_private_key(before["keycloak_key.pem"].encode(), None)
    assert leaf.public_key() == key.public_key()
    store = Store([x509.load_pem_x509_certificate(before["ca.pem"].encode())])
    PolicyBuilder().store(store).build_server_verifier(x509.DNSName("keycloak")).verify(leaf, [])


def test_the_guide_names_metrics_that_there_are() -> None:
    """An alert on a name that nobody sends never rings."""
    section = GUIDE.partition("## What to alert on")[2].partition("\n## ")[0]
    named = set(re.findall(r"`((?:customer_graph|http|db)\.[a-z_.]+)`", section))
    known = set(re.findall(r"^\| `([a-z_.]+)` \|", (ROOT / "docs" / "telemetry.md").read_text(), re.MULTILINE))
    assert named
    assert named <= known
