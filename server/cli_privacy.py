"""The commands on the rights of a person, on how long data is kept, and on what a supervisory authority may ask for."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

privacy_app = typer.Typer(
    help="Answer a person who asks for her data or wants to be forgotten; forget what is over.",
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


Answering = Annotated[
    str | None,
    typer.Option("--request", metavar="REQUEST_ID", help="The request that this answers.", show_default=False),
]


@privacy_app.command(epilog="Example: customer-graph privacy requests")
def requests(data: Data = None) -> None:
    """List the requests of data subjects that wait, the most urgent first. It names nobody."""
    from server.requests import requests as told
    from server.settings import load

    told(load(data=data))


@privacy_app.command(epilog="Example: customer-graph privacy access cus_... --to answers/4711")
def access(customer: Customer, to: To, request: Answering = None, data: Data = None) -> None:
    """Write all that the person may see: access.json, and index.html to read (GDPR art. 15).

    The trail keeps that you made it. Not beside a running server with the same data folder: stop it first.
    """
    _export("access", customer, to, request, data)


@privacy_app.command(epilog="Example: customer-graph privacy portability cus_... --to answers/4711")
def portability(customer: Customer, to: To, request: Answering = None, data: Data = None) -> None:
    """Write what the person provided or was observed doing: JSON, CSV and a vCard (GDPR art. 20).

    The trail keeps that you made it. Not beside a running server with the same data folder: stop it first.
    """
    _export("portability", customer, to, request, data)


@privacy_app.command(epilog="Example: customer-graph privacy receipt con_... > receipt.json")
def receipt(
    consent: Annotated[str, typer.Argument(metavar="CONSENT_ID", help="Id of the consent.", show_default=False)],
    data: Data = None,
) -> None:
    """Print the receipt of one consent, for the person to keep (ISO/IEC TS 27560), as JSON.

    The trail keeps that you made it. Not beside a running server with the same data folder: stop it first.
    """
    from server.receipt import receipt as told
    from server.settings import load

    print(told(load(data=data), consent))


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


@privacy_app.command(epilog='Example: customer-graph privacy erase cus_... --reason "request 2026-117"')
def erase(
    customer: Customer,
    preview: Annotated[bool, typer.Option("--preview", help="Say what would go, and change nothing.")] = False,
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why, without a name: it stays.", show_default=False)
    ] = None,
    confirm: Annotated[
        str | None,
        typer.Option(metavar="SYSTEM", help="Say that this system was told of an erasure.", show_default=False),
    ] = None,
    reference: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Under what that is on file.", show_default=False)
    ] = None,
    data: Data = None,
) -> None:
    """Erase a person who asks to be forgotten (GDPR art. 17), or go on with what was begun; the receipt is printed.

    What a law demands stays in part, and the source systems are told. Not beside a running server with the same data
    folder: there a privacy officer erases by eraseCustomer.
    """
    from server.erase import erase as carry_out
    from server.settings import load

    carry_out(load(data=data), customer, preview=preview, reason=reason, confirmed=confirm, reference=reference)


@privacy_app.command(epilog="Example: customer-graph privacy lift cus_...")
def lift(customer: Customer, data: Data = None) -> None:
    """Let a person who was erased come back by her own wish: the next load makes a new customer of her.

    Name her by the id that she had, or by the id of the receipt.
    """
    from server.erase import lift as carry_out
    from server.settings import load

    carry_out(load(data=data), customer)


MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]


@privacy_app.command(epilog="Example: customer-graph privacy breach --since 2026-11-20 --viewer rep-7")
def breach(
    since: Annotated[datetime, typer.Option(formats=MOMENTS, help="From when, in UTC.", show_default=False)],
    until: Annotated[
        datetime | None, typer.Option(formats=MOMENTS, help="Until when. Default: now.", show_default=False)
    ] = None,
    viewer: Annotated[
        list[str] | None, typer.Option(help="Whose looks; again for more. Default: everybody's.", show_default=False)
    ] = None,
    role: Annotated[
        list[str] | None, typer.Option(help="Looks as this role; again for more.", show_default=False)
    ] = None,
    persons: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the ids of those who have to be told (art. 34).", show_default=False),
    ] = None,
    data: Data = None,
) -> None:
    """Say whose data was seen in a time, by whom, and what could have been seen: for a notice of a breach (art. 33).

    It reads the trail, also beside a running server. Only --persons, which is on record first, needs it stopped.
    """
    from server.breach import report as told
    from server.settings import load

    said = frozenset(viewer or ()), frozenset(role or ())
    print(told(load(data=data), since, until, *said, persons), end="")


@privacy_app.command(epilog="Example: customer-graph privacy review --since 2026-10-01 > review.md")
def review(
    since: Annotated[
        datetime | None,
        typer.Option(formats=MOMENTS, help="From when, in UTC. Default: 90 days ago.", show_default=False),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=MOMENTS, help="Until when. Default: now.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of Markdown.")] = False,
    data: Data = None,
) -> None:
    """Say who can see what, beside who did: rights that nobody used, and viewers who saw unusually many persons.

    It reads policies and the trail, also beside a running server, and names no customer.
    """
    from server.review import report as told
    from server.settings import load

    print(told(load(data=data), since, until, as_json=as_json), end="")


def _export(what: str, customer: str, to: Path, request: str | None, data: Path | None) -> None:
    from server.privacy import export
    from server.settings import load

    export(load(data=data), what, customer, to, request)
