"""What customers and the service desk had to do with each other, as the insights read it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Key = tuple[str, str]
"""The system that has a record, and the record's own key there."""


class Medium(StrEnum):
    """How a contact came about, and how a case began."""

    MAIL = "mail"
    CALL = "call"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Contact:
    """One mail, call or chat.

    `by_customer` says that the customer wrote or spoke in it: so in a call back, and not in an answer of the desk.
    `customer` is whose it was found to be. `handles` are the addresses and numbers under which the customer spoke, and
    `names` the words with which she was named. `text` is what she said, or what was noted of it; of what the desk wrote
    it is what the desk wrote. `cases` and `orders` are those that any part of the record names.
    """

    key: Key
    at: datetime
    medium: Medium
    by_customer: bool = True
    customer: str | None = None
    handles: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    agent: str | None = None
    thread: str | None = None
    cases: tuple[str, ...] = ()
    orders: frozenset[str] = frozenset()
    text: str = ""


@dataclass(frozen=True, slots=True)
class ServiceCase:
    """One case of the service desk. `teams` are those that held it, one after the other; the last holds it now."""

    key: str
    opened_at: datetime
    closed_at: datetime | None = None
    first_response_at: datetime | None = None
    medium: Medium | None = None
    teams: tuple[str, ...] = ()
    team: str | None = None
    customer: str | None = None
    handles: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    agent: str | None = None
    orders: frozenset[str] = frozenset()
    origin: str | None = None
    thread: str | None = None
    subject: str = ""
    resolution: str | None = None
