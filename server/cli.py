"""The command line: customer-graph serve, demo, load, survivorship, tables, resolution, write-key, rejects, token,
schema, query, keys, policy, governance, privacy, trail, quality, insights, compact, doctor.

Whatever is heavy is imported by the command that needs it, so that `--help` is quick. A mistake is told in one sentence
on stderr with what to do next, and ends with 2 where the words were wrong, with 1 where the deed failed.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schema.errors import ClaimInvalid, CustomerGraphError, SettingInvalid
from server.cli_governance import governance_app
from server.cli_privacy import privacy_app

if TYPE_CHECKING:
    from auth.policy import Policy
    from server.settings import Settings

ABOUT = """One 360-degree customer graph that each role asks in GraphQL, as far as law and consent allow.

Begin with: customer-graph demo
"""

app = typer.Typer(
    help=ABOUT, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich"
)

Data = Annotated[
    Path | None,
    typer.Option(help="Folder for everything the server keeps. Default: ./data", metavar="DIR", show_default=False),
]
Port = Annotated[
    int | None, typer.Option(help="Port to listen on. Default: 8000", min=1, max=65535, show_default=False)
]
Host = Annotated[str | None, typer.Option(help="Address to listen on. Default: 127.0.0.1", show_default=False)]
Role = Annotated[str, typer.Option(help="Who asks: a role of the policy.", show_default=False)]
Purpose = Annotated[str | None, typer.Option(help="What for; by default the role's usual purpose.", show_default=False)]
Subject = Annotated[
    str | None, typer.Option(help="Who exactly; for the role customer the id of a customer.", show_default=False)
]
Claims = Annotated[
    list[str] | None,
    typer.Option(
        "--claim", metavar="NAME=VALUE", help="A claim, such as regions=DE,FR; again for more.", show_default=False
    ),
]


def main() -> None:
    """Run the command line, with every expected failure told in one sentence."""
    try:
        app(prog_name="customer-graph")
    except CustomerGraphError as refusal:
        say(f"{refusal} ({refusal.code})")
        sys.exit(2 if isinstance(refusal, ClaimInvalid) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read along has gone; nothing is left to be told, also not while Python closes its streams.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def say(text: str) -> None:
    """One sentence for the person at the terminal, apart from what a command gives."""
    print(text, file=sys.stderr)


def settings_of(**chosen: Any) -> "Settings":
    """The settings, from the options and the environment."""
    from server.settings import load

    return load(**chosen)


@app.command(epilog="Example: customer-graph serve --port 8080 --data /var/lib/customer-graph")
def serve(
    data: Data = None,
    port: Port = None,
    host: Host = None,
    trusted_documents: Annotated[
        Path | None,
        typer.Option(
            help="Folder with the documents that may be asked; without it, all.", metavar="DIR", show_default=False
        ),
    ] = None,
) -> None:
    """Answer questions at /graphql until told to stop.

    Starts and keeps a Neo4j of its own in the data folder, or uses the one that NEO4J_URI names.
    """
    from server.commands import serve as run

    run(settings_of(data=data, port=port, host=host, trusted_documents=trusted_documents))


@app.command(epilog="Example: customer-graph demo, then open the address that it prints")
def demo(data: Data = None, port: Port = None, host: Host = None) -> None:
    """Start the server with a sample company in it, and say what to try.

    The first start downloads Neo4j (about 150 MB) and loads the company; the next one is ready in seconds.
    """
    from server.commands import demo as run

    run(settings_of(data=data, port=port, host=host))


@app.command(epilog="Example: customer-graph load sources/ --exports exports/ --dry-run")
def load(
    folder: Annotated[
        list[Path], typer.Argument(help="Sources, or folders of sources; or one folder of exports.", show_default=False)
    ],
    exports: Annotated[
        Path | None,
        typer.Option(
            help="Folder with the exports; without it, beside each source.", metavar="DIR", show_default=False
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")] = False,
    survivorship: Annotated[
        Path | None,
        typer.Option(
            help="File with the rules of survivorship; without it, survivorship.toml beside the sources.",
            metavar="FILE",
            show_default=False,
        ),
    ] = None,
    data: Data = None,
) -> None:
    """Load what the sources of a company deliver; the same again changes nothing.

    A source is a folder with source.toml and SQL (docs/bring-your-own-company.md). Name all sources of the
    company at once: a customer is made of what they say together. Rows that cannot be read are listed in rejects.csv in
    the data folder.
    Not beside a running server that keeps its Neo4j in the same data folder: stop it first.
    """
    from server.loading import load as run

    for named in [*folder, *([exports] if exports else [])]:
        if not named.is_dir():
            raise SettingInvalid(f"There is no folder {named}. Name one with sources or exports.")
    run(settings_of(data=data), folder, exports, survivorship, dry_run=dry_run)


@app.command(epilog="Example: customer-graph survivorship sources/ --exports exports/ --file NEW.toml > changes.csv")
def survivorship(
    folder: Annotated[list[Path], typer.Argument(help="What customer-graph load is given.", show_default=False)],
    file: Annotated[Path, typer.Option(help="File with other rules.", metavar="FILE", show_default=False)],
    exports: Annotated[
        Path | None,
        typer.Option(
            help="Folder with the exports; without it, beside each source.", metavar="DIR", show_default=False
        ),
    ] = None,
    data: Data = None,
) -> None:
    """Say which golden values other rules of survivorship would change, and write nothing.

    Standard output is CSV: attribute, customer_id; a summary goes to standard error. No value is printed. The trail
    keeps that you looked. Not beside a running server that keeps its Neo4j in the same data folder: stop it first.
    """
    from server.survivorship import rehearse

    for named in [*folder, *([exports] if exports else [])]:
        if not named.is_dir():
            raise SettingInvalid(f"There is no folder {named}. Name one with sources or exports.")
    rehearse(settings_of(data=data), folder, exports, file)


@app.command(epilog="Example: customer-graph write-key")
def write_key() -> None:
    """Print a new write key for a live source, and the line for its entry in live.toml.

    The key goes to the source, the line into the file that CUSTOMER_GRAPH_LIVE_SOURCES names; nothing is kept here.
    """
    from ingest.live.sources import digest_of, new_key

    key = new_key()
    print(f'{key}\nkeys_sha256 = ["{digest_of(key)}"]')


@app.command(epilog="Example: customer-graph rejects --data ./data")
def rejects(data: Data = None) -> None:
    """Print which events of live sources could not be kept: when, source, field, reason; never a value.

    Works beside a running server. An event that is said to be held was accepted, and is kept whole in the data folder.
    """
    from server.intake_rejects import show

    show(settings_of(data=data))


@app.command(epilog="Example: customer-graph tables orders")
def tables(
    table: Annotated[str | None, typer.Argument(help="One table; without it, all.", show_default=False)] = None,
) -> None:
    """Print which columns the SQL of a source selects for each canonical table."""
    from ingest.tables import TABLES
    from ingest.tables.page import page, part

    if table is not None and table not in TABLES:
        raise SettingInvalid(f"There is no table of that name. The tables: {', '.join(TABLES)}.")
    print(part(TABLES[table]) if table else page(), end="")


@app.command(epilog="Example: customer-graph resolution --exports exports/ > resolution.csv")
def resolution(
    exports: Annotated[
        Path | None,
        typer.Option(
            help="Folder with exports, resolved here and now; no database.", metavar="DIR", show_default=False
        ),
    ] = None,
    data: Data = None,
) -> None:
    """Print whose every record is, as CSV: source, record_id, customer_id (empty: it cannot be told).

    With --exports the folder is read and matched and nothing is kept. Otherwise the loaded graph is asked, and the
    trail keeps that you looked. Not beside a running server with the same data folder: stop it first.
    """
    from server.resolution import of_exports, of_graph

    if exports is not None and data is not None:
        raise SettingInvalid("Name either --exports for a folder of exports or --data for a loaded graph.")
    if exports is not None and not exports.is_dir():
        raise SettingInvalid(f"There is no folder {exports}. Name the one that holds the exports.")
    if exports is not None:
        of_exports(exports)
    else:
        of_graph(settings_of(data=data))


@app.command(epilog='Example: curl -H "Authorization: Bearer $(customer-graph token --role service_rep)" ...')
def token(
    role: Role,
    purpose: Purpose = None,
    subject: Subject = None,
    claim: Claims = None,
    data: Data = None,
) -> None:
    """Print a token for a role, good for twelve hours, and nothing else.

    Works beside a running server. Without --claim the role's example claims are put in.
    """
    settings = settings_of(data=data)
    print(token_for(settings, role, purpose, subject, claim))


@app.command(epilog="Example: customer-graph schema --role marketer > marketer.graphql")
def schema(
    role: Annotated[
        list[str],
        typer.Option(help="A role of the policy; again for what several have together.", show_default=False),
    ],
) -> None:
    """Print the GraphQL schema of a role. Needs no server and no database.

    Of several roles: what at least one of them has, for documents that they share.
    """
    from server.api import role_schema
    from server.assembly import rules_of

    rules = rules_of(settings_of().policy)
    for one in role:
        known_role(rules.policies, one)
    schemas = [role_schema(rules.usual_view(one)) for one in role]
    if len(schemas) == 1:
        print(schemas[0].as_str())
        return
    from graphql import print_ast

    from resolvers.shared_schema import shared_sdl

    print(print_ast(shared_sdl([one.graphql for one in schemas])))


@app.command(
    epilog="Example: customer-graph query --role service_rep --file customers.graphql --variables '{\"first\": 3}'"
)
def query(
    role: Role,
    file: Annotated[
        Path, typer.Option(help="File with the GraphQL document; - for standard input.", show_default=False)
    ],
    variables: Annotated[
        str | None, typer.Option(help="Variables as a JSON object, or @FILE.", metavar="JSON", show_default=False)
    ] = None,
    operation: Annotated[
        str | None, typer.Option(help="Name of the operation, where the document has several.", show_default=False)
    ] = None,
    purpose: Purpose = None,
    subject: Subject = None,
    claim: Claims = None,
    data: Data = None,
) -> None:
    """Ask a question as a role and print the answer; ends with 1 when it holds errors.

    Asks the running server, or starts the graph for this one question.
    """
    from server.commands import query as run

    settings = settings_of(data=data)
    run(settings, token_for(settings, role, purpose, subject, claim), file, variables, operation)


@app.command(epilog="Example: customer-graph doctor --graph --data ./data")
def doctor(
    data: Data = None,
    graph: Annotated[
        bool, typer.Option("--graph", help="Look at the data in the graph instead: counts alone, never a value.")
    ] = False,
) -> None:
    """Say what is configured, what is reachable, what is missing and what to do; ends with 1 if something is broken."""
    from server.doctor import report, report_of_graph

    if not (report_of_graph(data) if graph else report(data)):
        raise typer.Exit(1)


@app.command(epilog="Example: customer-graph quality --data ./data")
def quality(data: Data = None) -> None:
    """Print how good what the sources deliver is, over the last loads, and what is below what is asked.

    Shares and counts alone, of nobody. Not beside a running server with the same data folder: ask qualityMeasures.
    """
    from server.quality import quality as run

    run(settings_of(data=data))


@app.command(epilog="Example: customer-graph insights --data ./data")
def insights(
    only: Annotated[
        str | None, typer.Option(help="One part; without it, all.", metavar="NAME", show_default=False)
    ] = None,
    data: Data = None,
) -> None:
    """Find issues, figures of service, alerts, late suppliers, journeys, signals and best channels anew, and keep them.

    Prints a line for each part. A load does the same at its end, and a running server every day. Not beside a running
    server with the same data folder.
    """
    from server.insights import insights as run

    run(settings_of(data=data), only)


@app.command(epilog="Example: customer-graph compact --data ./data")
def compact(
    data: Data = None,
    done: Annotated[
        bool, typer.Option("--done", help="Note that the files of the Neo4j of NEO4J_URI were made anew.")
    ] = False,
) -> None:
    """Make the files of the embedded Neo4j anew, so that what was deleted is in none of them.

    Needs about as much room again as the graph takes. Cut off at any moment, nothing is lost: the next start finishes
    it or undoes it. Not beside a running server: stop it first.
    """
    from server.compact import compact as run
    from server.compact import done as note

    (note if done else run)(settings_of(data=data))


def token_for(
    settings: "Settings", role: str, purpose: str | None, subject: str | None, claim: list[str] | None
) -> str:
    """A token of the local issuer. Raises ClaimInvalid with what to do, and SettingInvalid for a foreign issuer."""
    from auth.issuer import LocalIssuer, parse_claims
    from auth.policy import SHIPPED, load_policies

    if settings.issuer is not None:
        raise SettingInvalid("Tokens come from the issuer that CUSTOMER_GRAPH_ISSUER names: ask it for one.")
    policy = known_role(load_policies(settings.policy or SHIPPED), role)
    if purpose is not None and purpose not in policy.said.purposes:
        raise ClaimInvalid(f"The role {role} has no purpose '{purpose}'; it has {', '.join(policy.said.purposes)}.")
    if subject is None and needs_a_subject(policy):
        raise ClaimInvalid(
            f"The role {role} sees one person: name her with --subject ID. "
            "Ids are found with: customer-graph query --role service_rep and { customers { nodes { id name } } }"
        )
    claims = parse_claims(claim, policy.said.claims) if claim else dict(policy.said.example_claims)
    return LocalIssuer(settings.data).issue(role, purpose, subject, claims)


def known_role(policies: Any, role: str) -> "Policy":
    """The policy of a role. Raises ClaimInvalid, naming the roles that there are."""
    policy: Policy | None = policies.get(role)
    if policy is None:
        raise ClaimInvalid(f"There is no role '{role}'; there are {', '.join(policies)}.")
    return policy


def needs_a_subject(policy: "Policy") -> bool:
    """Whether the role sees a person only if she is the one who asks."""
    grants = policy.said.see.get("Customer")
    return grants is not None and grants.rows.replace(" ", "") == "id==actor.id"


from server.cli_keys import keys_app  # noqa: E402  it needs what stands above
from server.cli_policy import policy_app  # noqa: E402  it needs what stands above
from server.cli_trail import trail_app  # noqa: E402  it needs the types above

app.add_typer(keys_app, name="keys")
app.add_typer(policy_app, name="policy")
app.add_typer(governance_app, name="governance")
app.add_typer(privacy_app, name="privacy")
app.add_typer(trail_app, name="trail")
