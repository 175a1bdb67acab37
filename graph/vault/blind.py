"""Blind index: what a sealed value is found by, and what a mask needs of it, both beside the value in the graph.

A keyed hash (HMAC-SHA-256, RFC 2104) of the value in the spelling that is compared, under a key that lives with the
data keys and never in the graph: whoever copies the graph can neither compute one nor try values out. Label and
property go in, so that one value in two fields does not look alike. Who may look up has the key, so it answers a whole
value that is offered and nothing else: no part, no order.
"""

import hmac
import unicodedata
from dataclasses import dataclass, field
from hashlib import sha256

MARK = "blind.1."
"""How every entry of an index begins."""
SHOWN = 4
"""So many characters are shown by the mask `last4`."""
SHORTEST = 2 * SHOWN
"""Of a value that has fewer characters nothing stands beside it: a mask shows half of it at the most."""


@dataclass(frozen=True, slots=True)
class BlindKey:
    """The key of the index. Its name stands in every entry; the key itself shows in no representation."""

    name: str
    key: bytes = field(repr=False, compare=False)


def bare(value: str) -> str:
    """Letters and digits alone, in the forms that people type (NFKC)."""
    return "".join(one for one in unicodedata.normalize("NFKC", value) if one.isalnum())


def compared(value: str) -> str:
    """The spelling in which values are compared: without signs, blanks and capitals; one of signs alone as it is."""
    return bare(value).casefold() or value


def begins_with(key: BlindKey) -> str:
    """How every entry that this key made begins."""
    return f"{MARK}{key.name}."


def entry(key: BlindKey, label: str, name: str, value: str) -> str:
    """What stands beside a value, and what a look-up of the same value asks for."""
    parts = [part.encode() for part in (label, name, compared(value))]
    said = b"".join(len(part).to_bytes(4, "big") + part for part in parts)  # no part can be taken for another
    return begins_with(key) + hmac.digest(key.key, said, sha256).hex()


def last4(value: str) -> str | None:
    """The end of a value, for its mask; None of one that is too short to show a part of."""
    said = bare(value)
    return said[-SHOWN:] if len(said) >= SHORTEST else None
