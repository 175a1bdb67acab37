"""The commands on the rights of a person, on how long data is kept, and on what a supervisory authority may ask for."""

from pathlib import Path
from typing import Annotated

import typer

privacy_app = typer.Typer(
    help="Answer a person who asks for her data; forget what is over.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

Customer = Annotated[str, typer.Argument(metavar="CUSTOMER_ID", help="Id of the customer.", show_default=False)]
To = Annotated[
    Path, typer.Option("--to", metavar="FOLDER", help="Folder to make; nothing is written over.", show_default=False)
]
Data = Annotated[
    Path | None, typer.Option(help="Folder of the server. Default: ./data", metavar="DIR", show_default=False)
]


@privacy_app.command(epilog="Example: customer-graph privacy access cus_... --to answers/4711")
def access(customer: Customer, to: To, data: Data = None) -> None:
    """Write all that the person may see: access.json, and index.html to read (GDPR art. 15).

    The trail keeps that you made it. Not beside a running server with the same data folder: stop it first.
    """
    _export("access", customer, to, data)


@privacy_app.command(epilog="Example: customer-graph privacy portability cus_... --to answers/4711")
def portability(customer: Customer, to: To, data: Data = None) -> None:
    """Write what the person provided or was observed doing: JSON, CSV and a vCard (GDPR art. 20).

    The trail keeps that you made it. Not beside a running server with the same data folder: stop it first.
    """
    _export("portability", customer, to, data)


@privacy_app.command(epilog="Example: customer-graph privacy retention --dry-run")
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")] = False,
    data: Data = None,
) -> None:
    """Forget what is older than the rules of retention keep it (GDPR art. 5(1)(e)).

    What went stays told as retentionRuns. Not beside a running server with the same data folder: it has a schedule.
    """
    from server.retention import retention as carry_out
    from server.settings import load

    carry_out(load(data=data), dry_run=dry_run)


@privacy_app.command(epilog="Example: customer-graph privacy report > register.md")
def report(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of Markdown.")] = False,
) -> None:
    """Print the record of processing activities (GDPR art. 30), made of policies, registry and rules of retention.

    It holds no personal data and asks no database.
    """
    from server.register import report as told
    from server.settings import load

    print(told(load(), as_json=as_json), end="")


def _export(what: str, customer: str, to: Path, data: Path | None) -> None:
    from server.privacy import export
    from server.settings import load

    export(load(data=data), what, customer, to)
