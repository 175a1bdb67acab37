"""What is found: the kinds of things that customers say, and one of them with the words that say so."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What was said."""

    WITHDRAWAL = "withdrawal"
    OBJECTION = "objection"
    DECEASED = "deceased"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a text says.

    `purposes` are what may not be done any more, empty where nothing is to be blocked; `span` is the sentence that says
    so; `confidence` goes from 0 to 1. `other` is whether it concerns someone other than the customer whose message it
    is, and `name` who that is, where it is said.
    """

    kind: Kind
    purposes: tuple[str, ...]
    span: str
    confidence: float
    other: bool = False
    name: str | None = None


SURE = 0.95
LIKELY = 0.8
POSSIBLE = 0.6
