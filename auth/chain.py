"""The chain: every record carries the hash of all before it, and signed checkpoints vouch for the whole so far.

Who alters, removes or moves a record breaks the hashes that follow; who writes all of them anew lacks the key of the
checkpoints (Ed25519, RFC 8032); who has the key, too, is found out by a checkpoint that is kept elsewhere.
"""

import hmac
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from auth.secret_file import write_once
from schema.errors import TrailDamaged

KEY_FILE = "signing.key"


def beginning(segment: str) -> str:
    """The hash before the first record of a segment."""
    return sha256(f"customer-graph trail\n{segment}".encode()).hexdigest()


def link(before: str, sequence: int, body: bytes) -> str:
    """The hash of a record, which covers all before it."""
    return sha256(b"%s\n%d\n%s" % (before.encode(), sequence, body)).hexdigest()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement: the record `sequence` of this segment had this hash at this time."""

    segment: str
    sequence: int
    hash: str
    at: str
    signature: str

    def line(self) -> str:
        """As one line of JSON, to be kept elsewhere."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, line: str) -> "Checkpoint":
        """A checkpoint from its line. Raises TrailDamaged."""
        try:
            found = cls(**json.loads(line))
            return cls(str(found.segment), int(found.sequence), str(found.hash), str(found.at), str(found.signature))
        except (ValueError, TypeError):
            raise TrailDamaged("This is not a checkpoint of a trail. Give the line that it was printed as.") from None


def _said(segment: str, sequence: int, hash_: str, at: str) -> bytes:
    return f"customer-graph trail checkpoint\n{segment}\n{sequence}\n{hash_}\n{at}".encode()


class Signer:
    """Signs checkpoints with a key that lives beside the trail, readable by its owner alone."""

    def __init__(self, folder: Path) -> None:
        path = folder / KEY_FILE
        if not path.exists():
            write_once(path, Ed25519PrivateKey.generate().private_bytes_raw().hex())
        try:
            self._key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))
        except ValueError:
            raise TrailDamaged(f"The file {KEY_FILE} of the trail is damaged. {TrailDamaged.advice}") from None

    @property
    def public(self) -> str:
        """The public key, in hexadecimal digits: what an auditor needs to verify."""
        return self._key.public_key().public_bytes_raw().hex()

    def secret_for(self, use: str) -> bytes:
        """A key for another use, which tells nothing of this one."""
        return hmac.digest(self._key.private_bytes_raw(), use.encode(), "sha256")

    def checkpoint(self, segment: str, sequence: int, hash_: str, at: str) -> Checkpoint:
        """Vouch for a record and all before it."""
        signature = self._key.sign(_said(segment, sequence, hash_, at)).hex()
        return Checkpoint(segment, sequence, hash_, at, signature)


def genuine(checkpoint: Checkpoint, public: str) -> bool:
    """Whether the holder of the key made this checkpoint."""
    said = _said(checkpoint.segment, checkpoint.sequence, checkpoint.hash, checkpoint.at)
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(checkpoint.signature), said)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Link:
    """A record as it is stored."""

    sequence: int
    body: bytes
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an examination of a segment came to. Without faults the trail is whole up to `sequence`."""

    segment: str
    sequence: int
    hash: str
    checkpoints: int
    vouched: int
    faults: tuple[str, ...]


MOST_FAULTS = 20


def examine(
    segment: str, links: Iterable[Link], checkpoints: Sequence[Checkpoint], public: str, kept: Sequence[Checkpoint] = ()
) -> Verdict:
    """Follow the chain from its beginning. `checkpoints` are the segment's own, `kept` are from elsewhere."""
    marks: dict[int, list[Checkpoint]] = {}
    faults: list[str] = []
    for one in [*checkpoints, *kept]:
        if one.segment != segment:
            faults.append(f"A checkpoint at record {one.sequence} is of another trail.")
        elif not genuine(one, public):
            faults.append(f"The checkpoint at record {one.sequence} was not signed with the key of this trail.")
        else:
            marks.setdefault(one.sequence, []).append(one)
    last, before, vouched = 0, beginning(segment), 0
    for found in links:
        faults += _gap(last, found.sequence)
        if link(before, found.sequence, found.body) != found.hash:
            faults.append(f"Record {found.sequence} was altered, moved or does not follow the one before it.")
        for mark in marks.get(found.sequence, ()):
            if mark.hash == found.hash:
                vouched = found.sequence
            else:
                faults.append(f"Record {found.sequence} is not the one for which a checkpoint of {mark.at} vouches.")
        last, before = found.sequence, found.hash
        if len(faults) >= MOST_FAULTS:
            break
    else:
        faults += _cut_off(last, marks)
    return Verdict(segment, last, before, len(checkpoints), vouched, tuple(faults[:MOST_FAULTS]))


def _gap(last: int, sequence: int) -> Iterator[str]:
    if sequence > last + 1:
        missing = f"Record {last + 1} is" if sequence == last + 2 else f"Records {last + 1} to {sequence - 1} are"
        yield f"{missing} missing."
    elif sequence <= last:
        yield f"Record {sequence} stands after record {last}."


def _cut_off(last: int, marks: Iterable[int]) -> Iterator[str]:
    if (newest := max(marks, default=0)) > last:
        missing = f"Record {newest} is" if newest == last + 1 else f"Records {last + 1} to {newest} are"
        yield f"{missing} missing at the end: a checkpoint vouches for {newest}."
