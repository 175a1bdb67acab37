"""What the demo says when it is ready: where to look, who one can be, what to ask first."""

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from auth.issuer import LocalIssuer
from auth.policy import Policy
from server.examples import FIRST_QUESTION
from server.graphiql import PAGE
from server.run import Started
from server.settings import Settings

if TYPE_CHECKING:
    from ingest.load import LoadReport


def show_report(report: "LoadReport", settings: Settings) -> None:
    """What a load did, in a few lines."""
    console = Console(stderr=True, highlight=False)
    rows, nodes = sum(report.rows.values()), sum(report.nodes.values())
    console.print(
        f"Loaded {rows:,} rows of {len(report.rows)} exports: {report.customers:,} customers, {nodes:,} nodes, "
        f"{sum(report.relationships.values()):,} relationships.",
        soft_wrap=True,
    )
    if report.rejects:
        console.print(
            f"{len(report.rejects):,} rows could not be read; {settings.data / 'rejects.csv'} says where and why.",
            soft_wrap=True,
        )
    if report.conflicts:
        counted = ", ".join(f"{one.attribute} {one.customers:,}" for one in report.conflicts)
        console.print(f"Sources disagree; customers by attribute: {counted}.", soft_wrap=True)
    for sentence in report.notes:
        console.print(f"Note: {sentence.removesuffix('.')}.", soft_wrap=True, markup=False)


def show_guide(started: Started, customer: str | None) -> None:
    """The guide, on stdout: pieces to be copied stand on one line each, however long."""
    console = Console(highlight=False)
    for line in guide(started, customer):
        console.print(line, soft_wrap=True)


def guide(started: Started, customer: str | None) -> Iterator[Text | str | Padding]:
    """The lines of the guide."""
    local = started.settings.issuer is None
    if local:
        issuer = LocalIssuer(started.settings.data)
        yield heading("Tokens, good for twelve hours")
        for policy in started.assembly.rules.policies.values():
            token = token_of(policy, issuer, customer)
            yield ""
            yield Text.assemble(
                "  ", (policy.role, "bold cyan"), f"  {policy.said.about} For: {', '.join(policy.said.purposes)}"
            )
            yield Text(f"  {token}" if token else "  needs --subject with the id of a customer", "dim")
        yield ""
    yield heading("customer-graph is ready")
    yield ""
    yield pair(
        "In the browser",
        f"{started.address}/graphiql" if (PAGE / "index.html").is_file() else "run make graphiql first",
    )
    if local:
        yield Text("                  There, 'Add token' takes any of the tokens above.", "dim")
    yield pair("The API", f"{started.address}/graphql")
    yield ""
    if local:
        yield Text("  The first question, as a service rep:")
        yield ""
        yield Text(f"  {first_curl(started)}", "green")
        yield ""
        yield pair("Another token", f"{command()} token --role marketer{data_option(started.settings)}")
        yield pair("Who sees what", f"{command()} policy matrix")
    else:
        yield Text("  Tokens come from your identity provider; send one as 'Authorization: Bearer ...'.")
    yield pair("To stop", "Ctrl-C")
    yield ""


def heading(text: str) -> Text:
    """The head of a part."""
    return Text(text, "bold")


def pair(name: str, value: str) -> Text:
    """A name and what belongs to it."""
    return Text.assemble(f"  {name:<16}", (value, "cyan"))


def token_of(policy: Policy, issuer: LocalIssuer, customer: str | None) -> str | None:
    """A token for a role with its example claims; for the customer herself, with her id as subject."""
    from server.cli import needs_a_subject

    if needs_a_subject(policy):
        return (
            issuer.issue(policy.role, subject=customer, claims=dict(policy.said.example_claims)) if customer else None
        )
    return issuer.issue(policy.role, claims=dict(policy.said.example_claims))


def first_curl(started: Started) -> str:
    """One line for a shell that asks the first question."""
    token = f"$({command()} token --role service_rep{data_option(started.settings)})"
    body = f'{{"query": "{FIRST_QUESTION}"}}'
    return (
        f'curl -s {started.address}/graphql -H "Authorization: Bearer {token}" '
        f"-H 'Content-Type: application/json' -d '{body}'"
    )


def command() -> str:
    """How this program was called, so that a line can be copied as it is."""
    return shlex.quote(sys.argv[0]) if Path(sys.argv[0]).name == "customer-graph" else "customer-graph"


def data_option(settings: Settings) -> str:
    """The option that names the data folder, where it is not the usual one."""
    return "" if settings.data == Path("data") else f" --data {shlex.quote(str(settings.data))}"
