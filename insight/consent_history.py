"""What a customer's decisions on a purpose amounted to at some moment in the past.

The company's rule for records of one person: of the latest decisions on each record the strictest counts. What she
took back in a message counts from the moment she said it until she decides anew herself (GDPR art. 7(3): as easily as
consent was given).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Will(Enum):
    """What a customer wills for one purpose, from the least strict to the strictest."""

    GRANTED = "granted"
    NONE = "none"
    WITHDRAWN = "withdrawn"
    WITHDRAWN_IN_MESSAGE = "withdrawn_in_message"


_STRICTNESS = (Will.GRANTED, Will.NONE, Will.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Willed:
    """One decision on one purpose: the record on which it was taken, or the message in which it was said.

    `will` is GRANTED, NONE (refused, or asked and not answered) or WITHDRAWN (also objected to).
    """

    customer: str
    purpose: str
    record: str
    will: Will
    at: datetime
    in_message: bool = False


def will_at(decisions: Iterable[Willed], moment: datetime) -> Will:
    """What the decisions of one customer on one purpose amount to at a moment; no decision is no consent."""
    latest: dict[str, Willed] = {}
    said: datetime | None = None
    for one in decisions:
        if one.at > moment:
            continue
        if one.in_message:
            said = one.at if said is None else max(said, one.at)
        elif (held := latest.get(one.record)) is None or (one.at, _strict(one)) > (held.at, _strict(held)):
            latest[one.record] = one
    if not latest:
        return Will.NONE
    strictest = max(latest.values(), key=_strict).will
    if strictest is Will.GRANTED and said and all(one.at < said for one in latest.values()):
        return Will.WITHDRAWN_IN_MESSAGE
    return strictest


def _strict(decision: Willed) -> int:
    return _STRICTNESS.index(decision.will)
