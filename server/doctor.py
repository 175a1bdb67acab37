"""The doctor: what is configured, reachable and missing, and what to do. Tells no secret, changes nothing."""

import asyncio
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rich.console import Console
from rich.text import Text

from auth.discovery import DiscoveredKeys, Discovery
from auth.keys import Keys
from schema.errors import CustomerGraphError
from server import record
from server.settings import Settings, callback_of, load

ROOM_NEEDED = 1_000_000_000
SECONDS_FOR_AN_ANSWER = 5.0
SECRETS = ("issuer.json", "cursor.key", "neo4j/password", "vault.key", "keys/keys.sqlite")


class State(StrEnum):
    """How one thing is."""

    WELL = "ok"
    NOTE = "note"
    BROKEN = "broken"


STYLES = {State.WELL: "green", State.NOTE: "yellow", State.BROKEN: "bold red"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `todo` says what to do where it is not well."""

    what: str
    state: State
    said: str
    todo: str = ""


def report(data: Path | None) -> bool:
    """Look at everything and print it; whether nothing is broken."""
    return shown(findings(data))


def report_of_graph(data: Path | None) -> bool:
    """Look at the data in the graph and print what is wrong with it; whether nothing is."""
    from server.doctor_graph import look

    try:
        found = asyncio.run(look(load(data=data)))
    except CustomerGraphError as refusal:
        return shown([Finding("graph", State.BROKEN, str(refusal), "customer-graph doctor without --graph says more.")])
    return shown(found)


def shown(found: Iterable[Finding]) -> bool:
    """Print findings; whether nothing is broken."""
    console = Console(highlight=False)
    whole = True
    for finding in found:
        whole = whole and finding.state is not State.BROKEN
        mark = Text(f"{finding.state.value:<7}", STYLES[finding.state])
        console.print(Text.assemble(mark, (f"{finding.what:<13}", "bold"), finding.said), soft_wrap=True)
        if finding.todo:
            console.print(Text(f"{'':<20}{finding.todo}", "cyan"), soft_wrap=True)
    return whole


def findings(data: Path | None) -> Iterator[Finding]:
    """What there is to say, in the order in which things are needed."""
    yield python()
    try:
        settings = load(data=data)
    except CustomerGraphError as refusal:
        yield Finding("settings", State.BROKEN, str(refusal), "Correct it and run customer-graph doctor again.")
        return
    yield Finding("settings", State.WELL, "all settings are right", "")
    server = record.running(settings.data)
    checks: list[Callable[[], Finding]] = [
        lambda: folder(settings),
        lambda: secrets(settings),
        lambda: vault(settings),
        lambda: policies(settings),
        lambda: tokens(settings),
        lambda: sign_in(settings),
        lambda: database(settings, server),
        lambda: listening(settings, server),
        page,
    ]
    for check in checks:
        try:
            yield check()
        except CustomerGraphError as refusal:
            yield Finding("", State.BROKEN, str(refusal))


def python() -> Finding:
    """The interpreter, and that our packages are ours."""
    import schema

    said = f"Python {sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    ours = Path(__file__).parents[1]
    if not Path(str(schema.__file__)).is_relative_to(ours):
        return Finding("python", State.BROKEN, f"{said}, but the package 'schema' is a stranger's", "Run make setup.")
    return Finding("python", State.WELL, said)


def folder(settings: Settings) -> Finding:
    """The data folder: there, ours, and with room."""
    data = settings.data.absolute()
    if not data.exists():
        above = next(one for one in data.parents if one.exists())
        if os.access(above, os.W_OK | os.X_OK):
            return Finding("data", State.NOTE, f"{data} is not there yet; the first start makes it")
        return Finding(
            "data", State.BROKEN, f"{data} cannot be made", "Name another with --data, or make it for this user."
        )
    if not data.is_dir() or not os.access(data, os.W_OK | os.X_OK):
        return Finding(
            "data", State.BROKEN, f"{data} cannot be written", "Name another with --data, or give it to this user."
        )
    free = shutil.disk_usage(data).free
    said = f"{data}, {free / 1e9:.0f} GB free"
    if free < ROOM_NEEDED:
        return Finding("data", State.BROKEN, said, "Make room: the graph needs at least 1 GB.")
    return Finding("data", State.WELL, said)


def secrets(settings: Settings) -> Finding:
    """Files with secrets are for their owner alone."""
    there = [path for name in SECRETS if (path := settings.data / name).is_file()]
    open_ones = [path for path in there if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if open_ones:
        names = " ".join(str(path) for path in open_ones)
        return Finding("secrets", State.BROKEN, "others may read files with secrets", f"Run: chmod 600 {names}")
    return Finding("secrets", State.WELL, f"{len(there)} files with secrets, readable by their owner alone")


def vault(settings: Settings) -> Finding:
    """The keys of sealed values, and that the key here opens them."""
    from server.keys import status_of
    from server.vault import folder_of, vault_of

    if not folder_of(settings).exists():
        return Finding("keys", State.NOTE, "no keys of sealed values yet; the first start makes them")
    try:
        counted = status_of(vault_of(settings)).counted
    except CustomerGraphError as refusal:
        return Finding("keys", State.BROKEN, f"{refusal} ({refusal.code})", "Put them back from your backup.")
    said = f"{counted.keys - counted.destroyed} data keys in {folder_of(settings)}, {counted.destroyed} destroyed"
    if len(counted.wrapped_by) > 1:
        return Finding("keys", State.NOTE, f"{said}; a rotation broke off", "Run: customer-graph keys rotate")
    return Finding("keys", State.WELL, said)


def policies(settings: Settings) -> Finding:
    """The policies, checked against the model."""
    from server.assembly import rules_of

    try:
        rules = rules_of(settings.policy)
    except CustomerGraphError as refusal:
        return Finding("policy", State.BROKEN, str(refusal), "Correct it, then: customer-graph policy check")
    where = settings.policy or "the shipped ones"
    return Finding("policy", State.WELL, f"{len(rules.policies)} roles from {where}: {', '.join(rules.policies)}")


def tokens(settings: Settings) -> Finding:
    """Who issues the tokens that count, and whether their keys can be had."""
    from auth.issuer import KEY_FILE, LocalIssuer
    from server.assembly import trust_and_keys

    if settings.issuer is None:
        if (settings.data / KEY_FILE).exists():
            LocalIssuer(settings.data)
        said = "issued here: customer-graph token --role R"
        return Finding(
            "tokens", State.NOTE, said, "For others than yourself, name your identity provider: docs/settings.md."
        )
    try:
        _, keys = trust_and_keys(settings)
    except CustomerGraphError as refusal:
        return Finding("tokens", State.BROKEN, str(refusal), "Correct CUSTOMER_GRAPH_JWKS_URI or _JWKS_FILE.")
    found = asyncio.run(looked_for(keys))
    if not found:
        return Finding(
            "tokens",
            State.BROKEN,
            "the issuer's configuration cannot be fetched, or is another issuer's",
            "Check CUSTOMER_GRAPH_ISSUER, to the letter, and the network; docs/identity-provider.md.",
        )
    if not keys.ring.keys:
        return Finding(
            "tokens",
            State.BROKEN,
            "the keys of the issuer cannot be fetched",
            "Check CUSTOMER_GRAPH_JWKS_URI and the network.",
        )
    how = ", found by discovery" if isinstance(keys, DiscoveredKeys) else ""
    return Finding("tokens", State.WELL, f"issued by the named issuer, {len(keys.ring.keys)} keys{how}")


async def looked_for(keys: Keys) -> bool:
    """Fetch what can be fetched; false where the keys' address itself could not be found."""
    await keys.ensure(None)
    return not isinstance(keys, DiscoveredKeys) or await keys.discovery.provider() is not None


def sign_in(settings: Settings) -> Finding:
    """Whether people can sign in with a browser."""
    if settings.login_client_id is None:
        return Finding("sign-in", State.NOTE, "off: in a browser, people paste a token")
    assert settings.issuer is not None
    provider = asyncio.run(Discovery(settings.issuer).provider())
    if provider is None or not provider.authorization_endpoint or not provider.token_endpoint:
        return Finding(
            "sign-in",
            State.BROKEN,
            "the issuer's configuration names nowhere to sign in",
            "Check CUSTOMER_GRAPH_ISSUER and the network; docs/identity-provider.md.",
        )
    return Finding("sign-in", State.WELL, f"on; the issuer must allow {callback_of(settings)} to be returned to")


def database(settings: Settings, server: record.Running | None) -> Finding:
    """Neo4j: the named one answers, or the embedded one is there to be started."""
    if settings.neo4j_uri is not None:
        return named_database(settings)
    if server is not None:
        return Finding("graph", State.WELL, "embedded Neo4j, kept by the running server")
    from graph.distribution import VERSION, cache_folder, jars

    cache = settings.cache or cache_folder()
    repository = cache / f"neo4j-{VERSION}"
    if all(jar.path_in(repository).is_file() for jar in jars()):
        return Finding(
            "graph", State.WELL, f"embedded Neo4j {VERSION} is installed in {cache}; no server runs on this folder"
        )
    return Finding(
        "graph",
        State.NOTE,
        f"embedded Neo4j {VERSION} is not installed yet; the first start downloads it into {cache}",
        "On a closed network: fill that folder on another machine, or name your own Neo4j with NEO4J_URI.",
    )


def named_database(settings: Settings) -> Finding:
    """The Neo4j that NEO4J_URI names."""
    from server.run import database_of, graph

    async def reached() -> None:
        async with graph(settings, lambda _: None) as connection, database_of(settings, connection) as opened:
            await opened.ping()

    try:
        asyncio.run(reached())
    except CustomerGraphError as refusal:
        return Finding(
            "graph",
            State.BROKEN,
            f"NEO4J_URI: {refusal}",
            "Check NEO4J_URI, NEO4J_USERNAME, NEO4J_PASSWORD and the network.",
        )
    return Finding("graph", State.WELL, "the Neo4j that NEO4J_URI names answers")


def listening(settings: Settings, server: record.Running | None) -> Finding:
    """The server: at work and ready, or free to start."""
    from server.run import listening as listen

    if server is None:
        try:
            with listen(settings):
                return Finding(
                    "server", State.NOTE, f"does not run; port {settings.port} is free", "Start it: customer-graph demo"
                )
        except CustomerGraphError as refusal:
            return Finding("server", State.NOTE, f"does not run here. {refusal}")
    import httpx

    from server.tls import own_context

    try:
        answer = httpx.get(
            f"{server.address}/health/ready",
            timeout=SECONDS_FOR_AN_ANSWER,
            trust_env=False,
            verify=own_context(settings),
        )
    except (httpx.HTTPError, OSError):
        return Finding(
            "server",
            State.BROKEN,
            f"process {server.pid} does not answer at {server.address}",
            "Stop it and start it again.",
        )
    if answer.status_code != 200:
        return Finding(
            "server",
            State.BROKEN,
            f"runs at {server.address}, but a query would fail",
            "See what it says; Neo4j's own log is in neo4j/logs.",
        )
    said = f"runs at {server.address} and answers queries"
    if since := answer.json().get("compactionDueSince"):
        from server.compaction import TODO

        return Finding("server", State.NOTE, f"{said}; Neo4j's files hold deleted values since {since}", TODO)
    return Finding("server", State.WELL, said)


def page() -> Finding:
    """The GraphiQL page."""
    from server.graphiql import PAGE

    if (PAGE / "index.html").is_file():
        return Finding("page", State.WELL, "GraphiQL is built")
    return Finding("page", State.NOTE, "GraphiQL is not built; the API works without it", "Build it: make graphiql")
