"""`customer-graph keys`: what is sealed, and by what."""

from typing import Annotated

import typer

from server.cli import Data

keys_app = typer.Typer(help="Tell of the keys of sealed values, rotate them, seal what is plain.", no_args_is_help=True)


@keys_app.command(epilog="Example: customer-graph keys status --data ./data")
def status(data: Data = None) -> None:
    """Print how many data keys there are and by which key they are wrapped; never a key.

    Works beside a running server.
    """
    from server.keys import status as run
    from server.settings import load

    run(load(data=data))


@keys_app.command(epilog="Example: customer-graph keys rotate")
def rotate(
    data_keys: Annotated[
        bool, typer.Option("--data-keys", help="Seal every value anew, too. Not beside any server on this graph.")
    ] = False,
    data: Data = None,
) -> None:
    """Wrap every data key by another key, after which the old one may be destroyed. Goes on where it broke off.

    Works beside a running server. Where CUSTOMER_GRAPH_KEY gives the key, give it both first, the new one in front.
    """
    from server.keys import rotate as run
    from server.settings import load

    run(load(data=data), data_keys=data_keys)


@keys_app.command(epilog="Example: customer-graph keys seal --data ./data")
def seal(data: Data = None) -> None:
    """Seal what an older version left plain in the graph. Goes on where it broke off; a load does it, too.

    Not beside a running server that keeps its Neo4j in the same data folder: stop it first.
    """
    from server.keys import seal as run
    from server.settings import load

    run(load(data=data))
