"""Disclosure: what one answer told whom about whom. Plain data between the read, which knows it, and the trail.

Names of fields and ids of subjects, never a value (GDPR art. 5(2), 15(1)(c), 30; what an auditor asks and what a data
subject may ask).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schema.enums import RevealReason


@dataclass(frozen=True, slots=True)
class Shown:
    """The same fields of several subjects. Fields are `Customer.email`; an edge that was followed is one, too.

    `subjects` are ids of customers; what is about nobody has none.
    """

    fields: tuple[str, ...]
    masked: tuple[str, ...]
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """Someone was looked for: by `id`, or by a handle of a kind such as EMAIL. Whether anyone was found is told."""

    kind: str
    value: str
    found: bool


@dataclass(frozen=True, slots=True)
class Why:
    """Why something was revealed: one of a few reasons, and the number of a case or ticket; never a sentence."""

    reason: RevealReason
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What one root field told: `compared` are the fields by which rows were chosen or sorted."""

    root: str
    shown: tuple[Shown, ...]
    sought: Sought | None
    compared: tuple[str, ...]
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One answer: who got it, as what, for what, when; request and document are names without a meaning."""

    at: datetime
    viewer: str
    role: str
    purpose: str
    request: str
    document: str
    answers: tuple[Answered, ...]


class Recorder(Protocol):
    """What keeps disclosures."""

    async def record(self, disclosure: Disclosure) -> None:
        """Return once the disclosure is durable. Raises TrailUnavailable."""
        ...
