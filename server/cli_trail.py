"""The commands on the trail of disclosures: verify, checkpoint."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schema.errors import SettingInvalid

if TYPE_CHECKING:
    from auth.chain import Checkpoint

trail_app = typer.Typer(
    help="Verify the record of who looked at whose data.", no_args_is_help=True, pretty_exceptions_enable=False
)

Data = Annotated[
    Path | None, typer.Option(help="Folder of the server. Default: ./data", metavar="DIR", show_default=False)
]


def folder_of(data: Path | None) -> Path:
    """The folder of the trail."""
    from auth.trail import FOLDER
    from server.settings import load

    return load(data=data).data / FOLDER


@trail_app.command(epilog="Example: customer-graph trail verify --checkpoint /media/auditor/checkpoints.jsonl")
def verify(
    data: Data = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option(help="File with checkpoints that were kept elsewhere, one a line.", show_default=False),
    ] = None,
    public_key: Annotated[
        str | None, typer.Option(help="The public key as the auditor knows it, in hexadecimal.", show_default=False)
    ] = None,
) -> None:
    """Follow the chain from its first record; ends with 1 if a record was altered, removed or moved.

    Works beside a running server. A checkpoint that was kept elsewhere also finds what somebody did who has the key.
    """
    from auth.segment import verified

    verdict = verified(folder_of(data), kept_in(checkpoint), public_key)
    if verdict is None:
        print("There is no trail in this data folder yet: nothing was disclosed from here.")
        return
    for fault in verdict.faults:
        print(fault)
    if verdict.faults:
        print("The trail is not what was written. Keep the folder as it is, and tell the auditor.")
        raise typer.Exit(1)
    print(f"{verdict.sequence:,} records, whole and in order; {verdict.checkpoints:,} checkpoints.")
    print(f"Signed up to record {verdict.vouched:,}. The chain ends in {verdict.hash}.")


@trail_app.command(epilog="Example: customer-graph trail checkpoint >> /media/auditor/checkpoints.jsonl")
def checkpoint(data: Data = None) -> None:
    """Print the newest signed checkpoint as one line, to be kept where nobody who runs the server can write."""
    from auth.segment import newest_in

    found = newest_in(folder_of(data))
    if found is None:
        raise SettingInvalid("There is no checkpoint in this data folder yet: nothing was disclosed from here.")
    print(found.line())


def kept_in(file: Path | None) -> "list[Checkpoint]":
    """The checkpoints in a file. Raises SettingInvalid and TrailDamaged."""
    from auth.chain import Checkpoint

    if file is None:
        return []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise SettingInvalid(f"The file {file} cannot be read. Name one with checkpoints, one a line.") from None
    return [Checkpoint.read(line) for line in lines if line.strip()]
