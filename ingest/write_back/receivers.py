"""Where each source system takes changes, and the secret by which it knows that they are ours.

The address stands in the source's folder, the secret in the environment: a folder of sources may be shown to anyone.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ingest.sources.folder import Source
from schema.errors import SettingInvalid

PREFIX = "whsec_"
SECRET_BYTES = range(24, 65)


@dataclass(frozen=True, slots=True)
class Receiver:
    """A system that is told. Each event is signed with every secret, so that one can take another's place."""

    system: str
    url: str
    secrets: tuple[bytes, ...] = field(repr=False)


def receivers_of(sources: Iterable[Source], environment: Mapping[str, str]) -> tuple[Receiver, ...]:
    """The systems that are told of changes. Raises SettingInvalid for a secret that is missing or is none."""
    return tuple(
        Receiver(one.said.system, said.url, _secrets(said.secret, environment))
        for one in sources
        if (said := one.said.write_back) is not None
    )


def _secrets(name: str, environment: Mapping[str, str]) -> tuple[bytes, ...]:
    """The secrets in a variable, or in the file that NAME_FILE names; several are separated by blanks."""
    text = environment.get(name, "")
    if not text and (path := environment.get(f"{name}_FILE")):
        try:
            text = Path(path).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError):
            raise SettingInvalid(f"{name}_FILE must name a text file that the server may read.") from None
    found = tuple(_secret(name, one) for one in text.split())
    if not found:
        raise SettingInvalid(f"{name} is not set: it holds the secret by which a source knows our changes.")
    return found


def _secret(name: str, text: str) -> bytes:
    try:
        secret = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not text.startswith(PREFIX) or len(secret) not in SECRET_BYTES:
        raise SettingInvalid(f"{name} must be {PREFIX} and 24 to 64 bytes in base64 (Standard Webhooks).")
    return secret
