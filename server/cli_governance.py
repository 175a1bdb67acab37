"""The command on the registry of the data."""

from pathlib import Path
from typing import Annotated

import typer

governance_app = typer.Typer(
    help="What fields mean, who answers for them, and what is to change in the registry.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

Data = Annotated[
    Path | None, typer.Option(help="Folder of the server. Default: ./data", metavar="DIR", show_default=False)
]


@governance_app.callback()
def governance() -> None:
    """What fields mean, who answers for them, and what is to change in the registry."""


@governance_app.command(epilog="Example: customer-graph governance proposals > definitions.patch")
def proposals(data: Data = None) -> None:
    """Print the definitions that were accepted and are not in force yet, as a patch of the company's registry.

    Of nobody. Not beside a running server with the same data folder: ask definitionProposals.
    """
    from server.governance import proposals as run
    from server.settings import load

    run(load(data=data))
