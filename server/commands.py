"""What the commands that need the graph do: serve, demo, query."""

import asyncio
import ssl
import sys
from pathlib import Path
from typing import Any

import orjson

from schema.errors import ClaimInvalid, CustomerGraphError, SettingInvalid
from server import logs, record
from server.alone import alone
from server.assembly import assemble
from server.guide import show_guide, show_report
from server.policy_plans import Slow, slow_rules
from server.progress import Stages
from server.rules import Rules
from server.run import Started, database_of, graph, run
from server.sample import asked, load_once, sample_customer
from server.settings import Settings
from server.tls import own_context

SECONDS_FOR_AN_ANSWER = 30.0


def serve(settings: Settings) -> None:
    """Serve until told to stop."""
    logs.configure(settings.log_level, settings.log_format)
    stages = Stages()

    async def before(started: Started) -> None:
        """Nothing to do."""

    async def after(started: Started) -> None:
        stages.tell(f"Ready: {started.address}/graphql")

    run(settings, stages.tell, before=before, after=after)


def demo(settings: Settings) -> None:
    """Serve the sample company, and say what to try."""
    logs.configure("warning" if settings.log_level == "info" else settings.log_level, settings.log_format)
    with Stages() as stages:

        async def before(started: Started) -> None:
            report = await load_once(started, stages.progress)
            stages.done()
            if report is not None:
                show_report(report, settings)

        async def after(started: Started) -> None:
            stages.done()
            show_guide(started, await sample_customer(started))

        run(settings, stages.tell, before=before, after=after)


def slow_rules_of(rules: Rules) -> tuple[list[Slow], int]:
    """Which row rules cost an index on the graph that the settings name; an embedded one is started for it."""
    from server.settings import load as load_settings

    def quiet(sentence: str) -> None:
        print(sentence, file=sys.stderr)

    async def looking() -> tuple[list[Slow], int]:
        settings = load_settings()
        logs.configure("error")
        async with graph(settings, quiet) as connection, database_of(settings, connection) as database:
            return await slow_rules(database, rules)

    return asyncio.run(looking())


def query(settings: Settings, token: str, file: Path, variables: str | None, operation: str | None) -> None:
    """Ask, and print the answer; the exit code is 1 when it holds errors."""
    text = document_in(file)
    values = variables_in(variables)
    server = record.running(settings.data)
    if server is not None:
        answer = ask_server(server.address, token, text, values, operation, own_context(settings))
    else:
        logs.configure("error")
        answer = asyncio.run(_ask_alone(settings, token, text, values, operation))
    sys.stdout.write(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode() + "\n")
    sys.stdout.flush()
    if answer.get("errors"):
        sys.exit(1)


def document_in(file: Path) -> str:
    """The GraphQL document in a file; - is standard input. Raises SettingInvalid."""
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SettingInvalid(f"The file {file} cannot be read as text. Name one with a GraphQL document.") from None


def variables_in(given: str | None) -> dict[str, Any]:
    """Variables, written as JSON or as @FILE. Raises ClaimInvalid and SettingInvalid."""
    if given is None:
        return {}
    text = document_in(Path(given[1:])) if given.startswith("@") else given
    try:
        values = orjson.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise ClaimInvalid("--variables must be a JSON object, such as '{\"first\": 3}', or @FILE with one.")
    return values


def ask_server(
    address: str,
    token: str,
    text: str,
    variables: dict[str, Any],
    operation: str | None,
    verify: ssl.SSLContext | bool = True,
) -> dict[str, Any]:
    """The answer of the running server. Raises DatabaseUnavailable's like in a sentence of our own."""
    import httpx

    try:
        response = httpx.post(
            f"{address}/graphql",
            json={"query": text, "variables": variables, "operationName": operation},
            headers={"Authorization": f"Bearer {token}", "Accept": "application/graphql-response+json"},
            timeout=SECONDS_FOR_AN_ANSWER,
            trust_env=False,
            verify=verify,
        )
        answer = response.json()
    except (httpx.HTTPError, ValueError):
        raise CustomerGraphError(
            "The running server did not answer. See what it says with: customer-graph doctor"
        ) from None
    return answer if isinstance(answer, dict) else {}


async def _ask_alone(
    settings: Settings, token: str, text: str, variables: dict[str, Any], operation: str | None
) -> dict[str, Any]:
    def quiet(sentence: str) -> None:
        print(sentence, file=sys.stderr)

    assembly = assemble(settings)
    async with alone(settings, assembly, quiet) as (database, trail):
        return await asked(assembly, database, trail, token, text, variables, operation)
