"""The command line as people meet it: each command alone, and beside a running server; mistakes in one sentence."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jws

COMMAND = str(Path(sys.executable).with_name("customer-graph"))
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith(("CUSTOMER_GRAPH_", "NEO4J_"))}
SMALL = {**PLAIN, "CUSTOMER_GRAPH_NEO4J_HEAP": "384m", "CUSTOMER_GRAPH_NEO4J_PAGE_CACHE": "64m", "NO_COLOR": "1"}
SECONDS = 120


def command(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [COMMAND, *map(str, words)],
        env={**SMALL, **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Served:
    """A server process on a folder of its own; what it says goes into a file beside it."""

    process: subprocess.Popen[bytes]
    address: str
    data: Path
    log: Path

    def said(self) -> str:
        """All that it has said on stderr."""
        return self.log.read_text(encoding="utf-8")


def launch(data: Path, port: int) -> Served:
    """`customer-graph serve`, without waiting for anything."""
    log = data.parent / f"stderr-{port}"
    with log.open("wb") as stderr:
        words = [COMMAND, "serve", "--data", str(data), "--port", str(port)]
        process = subprocess.Popen(words, env=SMALL, stdout=subprocess.DEVNULL, stderr=stderr)
    return Served(process, f"http://127.0.0.1:{port}", data, log)


def start(data: Path, port: int) -> Served:
    """`customer-graph serve`, once it answers queries."""
    served = launch(data, port)
    wait_for(served, "Ready:")
    return served


def wait_for(served: Served, word: str) -> None:
    """Wait until the server says a word."""
    end = time.monotonic() + SECONDS
    while word not in served.said():
        assert served.process.poll() is None, served.said()
        assert time.monotonic() < end, served.said()
        time.sleep(0.05)


def token(data: Path, role: str, *more: str) -> str:
    """A token as the command prints it."""
    printed = command("token", "--role", role, "--data", data, *more)
    assert printed.returncode == 0, printed.stderr
    return printed.stdout.strip()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that the tests of this module share."""
    running = start(tmp_path_factory.mktemp("served") / "data", free_port())
    yield running
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(SECONDS) == 0


@pytest.fixture
def question(tmp_path: Path) -> Path:
    """A file with a question that needs the graph."""
    file = tmp_path / "question.graphql"
    file.write_text("query Q($n: Int) { customers(first: $n) { nodes { id } } viewer { role purpose } }")
    return file


def claims_of(text: str) -> dict[str, Any]:
    """What a token says."""
    claims: dict[str, Any] = json.loads(jws.extract_compact(text.encode()).payload)
    return claims


def one_sentence(result: subprocess.CompletedProcess[str], status: int) -> str:
    """A failure as it must be: its status, nothing on stdout, one line on stderr, no traceback."""
    assert (result.returncode, result.stdout) == (status, ""), result.stderr
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    assert "Traceback" not in result.stderr
    return result.stderr.strip()


def test_the_help_names_every_command_and_how_to_begin() -> None:
    """A newcomer sees what there is and the one word to begin with."""
    shown = command("--help")
    assert shown.returncode == 0
    for word in (
        "serve",
        "demo",
        "load",
        "tables",
        "token",
        "schema",
        "query",
        "policy",
        "doctor",
        "customer-graph demo",
    ):
        assert word in shown.stdout
    for name in (
        "serve",
        "demo",
        "load",
        "tables",
        "token",
        "schema",
        "query",
        "doctor",
        "policy check",
        "policy matrix",
        "policy explain",
        "policy diff",
    ):
        help_ = command(*name.split(), "--help")
        assert help_.returncode == 0
        assert "Example" in help_.stdout


def test_the_canonical_tables_are_printed_and_a_mistake_in_a_source_is_told_before_neo4j_starts(tmp_path: Path) -> None:
    """One table or all; a source that is wrong ends the command with its code and leaves no database behind."""
    assert "| `handle` | text | yes | Handle of the author. |" in command("tables", "mentions").stdout
    assert "There is no table of that name" in command("tables", "shoes").stderr
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "source.toml").write_text('system = "shop"\n', encoding="utf-8")
    refused = command("load", str(tmp_path / "shop"), "--dry-run", "--data", str(tmp_path / "data"))
    assert refused.returncode == 1
    assert "shop/source.toml: about: Field required" in " ".join(refused.stderr.split())
    assert "CG501" in refused.stderr
    assert not (tmp_path / "data").exists()


def test_help_does_not_wait_for_heavy_libraries() -> None:
    """Neither the driver nor GraphQL nor the web server is imported for it."""
    code = "import sys, server.cli; print({'neo4j', 'graphql', 'uvicorn', 'starlette', 'duckdb'} & set(sys.modules))"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "set()"


def test_a_token_is_printed_and_nothing_else(tmp_path: Path) -> None:
    """One line on stdout, ready for a shell; the role's example claims are in it, of the policy's types."""
    printed = command("token", "--role", "service_rep", "--data", tmp_path / "data")
    assert (printed.returncode, printed.stderr) == (0, "")
    assert printed.stdout.count("\n") == 1
    claims = claims_of(printed.stdout.strip())
    assert (claims["roles"], claims["regions"]) == (["service_rep"], ["*"])
    narrower = claims_of(token(tmp_path / "data", "service_rep", "--claim", "regions=GB", "--subject", "E1"))
    assert (narrower["regions"], narrower["sub"]) == (["GB"], "E1")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--role", "nobody"], "There is no role 'nobody'; there are auditor, customer"),
        (["--role", "customer"], "--subject"),
        (["--role", "marketer", "--purpose", "fraud"], "it has marketing.email, marketing.phone"),
        (["--role", "service_rep", "--claim", "regions"], "name=value"),
        (["--role", "service_rep", "--claim", "sub=x"], "cannot be given"),
    ],
)
def test_a_mistake_with_tokens_is_told_in_a_sentence(tmp_path: Path, words: list[str], told: str) -> None:
    """On stderr, with what to do, and 2 for wrong words."""
    assert told in one_sentence(command("token", *words, "--data", tmp_path), 2)


def test_wrong_words_end_with_2() -> None:
    """As every command line does."""
    for words in (["tokn"], ["token"], ["token", "--rol", "x"], ["serve", "--port", "0"], ["schema"]):
        result = command(*words)
        assert result.returncode == 2
        assert "Traceback" not in result.stderr


def test_a_setting_that_is_wrong_is_named(tmp_path: Path) -> None:
    """Before anything is started."""
    result = command("serve", "--data", tmp_path, CUSTOMER_GRAPH_MAX_DEPTH="many")
    assert "CUSTOMER_GRAPH_MAX_DEPTH must be a whole number" in one_sentence(result, 1)


def test_the_schema_of_a_role_needs_no_server() -> None:
    """SDL on stdout; what the role may not see is not in it."""
    printed = command("schema", "--role", "marketer")
    assert printed.returncode == 0
    assert "type Query" in printed.stdout
    assert "interactions" not in printed.stdout
    assert "there are auditor" in one_sentence(command("schema", "--role", "x"), 2)


def test_policies_are_checked_shown_and_explained(tmp_path: Path) -> None:
    """check, matrix and explain; a broken folder is told with file and line."""
    assert command("policy", "check").stdout.endswith("All policies fit the model.\n")
    shown = command("policy", "matrix", "--type", "Customer", "--role", "marketer").stdout
    assert "Customer.birthDate" in shown
    assert "mask" in shown
    explained = command("policy", "explain", "marketer", "Customer.birth_date")
    assert "marketer.toml:" in explained.stdout
    assert "there are auditor" in one_sentence(command("policy", "explain", "x", "Customer"), 2)
    (tmp_path / "x.toml").write_text('role = "x"\n')
    assert "x.toml" in one_sentence(command("policy", "check", tmp_path), 1)


def test_a_port_that_is_taken_is_told_at_once(tmp_path: Path) -> None:
    """Before Neo4j is started, with the option that names another."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = one_sentence(command("serve", "--data", tmp_path / "data", "--port", port), 1)
    assert f"Port {port} is in use" in told
    assert "--port" in told
    assert not (tmp_path / "data" / "neo4j").exists()


def test_the_doctor_tells_what_is_broken_and_no_secret(tmp_path: Path) -> None:
    """1 where something is broken, 0 where things are only not there yet; never a secret."""
    assert command("doctor", "--data", tmp_path / "data").returncode == 0
    token(tmp_path / "data", "auditor")
    (tmp_path / "data" / "issuer.json").chmod(0o644)
    found = command("doctor", "--data", tmp_path / "data")
    assert found.returncode == 1
    assert "chmod 600" in found.stdout
    named = command("doctor", "--data", tmp_path, NEO4J_URI="bolt://127.0.0.1:1", NEO4J_PASSWORD="not-to-be-told")
    assert named.returncode == 1
    assert "NEO4J_URI" in named.stdout
    assert "not-to-be-told" not in named.stdout + named.stderr


def test_a_question_in_a_wrong_form_is_told(tmp_path: Path, question: Path) -> None:
    """Before anything is started."""
    role = ("query", "--role", "auditor", "--data", tmp_path / "data")
    assert "cannot be read" in one_sentence(command(*role, "--file", tmp_path / "none.graphql"), 1)
    assert "JSON object" in one_sentence(command(*role, "--file", question, "--variables", "[1]"), 2)


# Beside a running server


@pytest.mark.database
def test_commands_work_beside_a_running_server(served: Served, question: Path) -> None:
    """token, schema, query and doctor find what they need while the server has the graph."""
    asked = command(
        *("query", "--role", "auditor", "--file", question, "--variables", '{"n": 1}', "--data", served.data)
    )
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    assert answer == {"data": {"customers": {"nodes": []}, "viewer": {"role": "auditor", "purpose": "audit"}}}
    found = command("doctor", "--data", served.data)
    assert found.returncode == 0, found.stdout
    assert served.address in found.stdout


@pytest.mark.database
def test_an_answer_with_errors_is_printed_and_ends_with_1(served: Served, tmp_path: Path) -> None:
    """A script can tell."""
    (tmp_path / "wrong.graphql").write_text("{ nothing }")
    asked = command("query", "--role", "auditor", "--file", tmp_path / "wrong.graphql", "--data", served.data)
    assert asked.returncode == 1
    assert json.loads(asked.stdout)["errors"][0]["extensions"]["code"] == "CG201"


@pytest.mark.database
def test_the_token_of_the_command_is_a_token_of_the_server(served: Served) -> None:
    """And a rotated folder's is not: another folder's key opens nothing here."""
    body = {"query": "{ viewer { role } }"}
    good = httpx.post(
        f"{served.address}/graphql", json=body, headers={"authorization": f"Bearer {token(served.data, 'auditor')}"}
    )
    assert good.json() == {"data": {"viewer": {"role": "auditor"}}}
    stranger = token(served.data.parent / "elsewhere", "auditor")
    bad = httpx.post(f"{served.address}/graphql", json=body, headers={"authorization": f"Bearer {stranger}"})
    assert bad.status_code == 401


@pytest.mark.database
def test_a_second_server_on_the_same_folder_is_refused(served: Served) -> None:
    """It would destroy the store; the sentence names who has it."""
    result = command("serve", "--data", served.data, "--port", free_port())
    assert result.returncode == 1
    assert str(served.process.pid) in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr


@pytest.mark.database
def test_what_leaves_the_server_is_in_no_log(served: Served) -> None:
    """Nothing that a client sent is on the server's stderr; it says what it does and then keeps silent."""
    canary = "jane.canary@example.org"
    headers = {"authorization": f"Bearer {token(served.data, 'service_rep')}"}
    where = {"email": {"eq": canary}}
    asked = httpx.get(
        f"{served.address}/graphql",
        params={
            "query": "query($w: CustomerFilter) { customers(where: $w) { nodes { id } } }",
            "variables": json.dumps({"w": where}),
        },
        headers=headers,
    )
    assert asked.json() == {"data": {"customers": {"nodes": []}}}
    assert canary not in served.said()
    logs = list((served.data / "neo4j" / "logs").glob("*"))
    assert logs
    assert [path.name for path in logs if canary in path.read_text(errors="replace")] == []
