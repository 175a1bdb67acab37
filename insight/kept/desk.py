"""The service desk as the graph holds it: contacts, cases and redacted texts, as the cores read them.

Texts are the redacted ones alone. Addresses, numbers and names of people are not read: whose a contact is, ingest has
found. What customers say that they will is asked of the words as written, by who is given to this module.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from graph.protocols import Reads
from insight.contacts import Contact, Key, Medium, ServiceCase
from insight.statements import text
from insight.themes.bundles import Told

PURPOSE = "operations"
"""For which insights are made: of whom nothing may be worked with for it, nothing is read."""
SECONDS = 120.0
CASES = "cases"
_CUSTOMER = "CUSTOMER"
_KINDS = {"EMAIL": Medium.MAIL, "CALL": Medium.CALL, "CHAT": Medium.CHAT}
_MEDIA = {
    **dict.fromkeys(("e-mail", "email", "mail"), Medium.MAIL),
    **dict.fromkeys(("phone", "call"), Medium.CALL),
    "chat": Medium.CHAT,
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = re.compile(r"^\d{4}-\d\d-\d\d[T ]\S+ (.+)$")


@dataclass(frozen=True, slots=True)
class Words:
    """What a customer said, as written: of a mail with its subject, of a chat her own lines alone."""

    subject: str | None
    said: str | None
    noted: bool
    language: str | None


Row = Mapping[str, Any]
Wills = Callable[[Words], bool]
"""Whether a text says what its customer wills."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk. `ids` are the nodes of contacts and cases, `took` the cases that contacts were found to belong to.

    `cases` carry redacted subjects, `told` redacted texts, both without names of products.
    """

    contacts: tuple[Contact, ...]
    cases: tuple[ServiceCase, ...]
    told: tuple[Told, ...]
    ids: Mapping[Key, str]
    took: Mapping[Key, str]
    products: Mapping[Key, Sequence[str]]
    willed: Set[Key]

    @property
    def titles(self) -> dict[Key, str]:
        """The titles of cases."""
        return {(CASES, one.key): one.subject for one in self.cases}

    @property
    def customers(self) -> dict[Key, str]:
        """Whose contacts and cases are, where that is known."""
        own = {one.key: one.customer for one in self.contacts if one.customer}
        return own | {(CASES, one.key): one.customer for one in self.cases if one.customer}


async def read_desk(graph: Reads, wills: Wills = lambda words: False) -> Desk:
    """Everything at once. Raises the errors of the database."""
    contacts = await graph.read(text("desk_contacts"), {"purpose": PURPOSE}, SECONDS)
    cases = await graph.read(text("desk_cases"), {"purpose": PURPOSE}, SECONDS)
    products = await graph.read(text("product_names"), None, SECONDS)
    return await asyncio.to_thread(desk_of, contacts, cases, products, wills)


def desk_of(rows: Sequence[Row], tickets: Sequence[Row], products: Sequence[str], wills: Wills) -> Desk:
    """The desk of rows as the statements give them, and of the names of products."""
    names = _pattern(products)
    numbers = {row["id"]: _key(row)[1] for row in tickets}
    threads = _threads(rows)
    contacts = tuple(_contact(row, numbers, threads) for row in rows)
    both = tuple(zip(contacts, rows, strict=True))
    return Desk(
        contacts,
        tuple(_case(row, names) for row in tickets),
        tuple(
            Told(one.key, one.at, names.sub(" ", _redacted(row)), not one.by_customer, one.thread) for one, row in both
        ),
        {_key(row): row["id"] for row in rows} | {(CASES, _key(row)[1]): row["id"] for row in tickets},
        {_key(row): numbers[row["took"]] for row in rows if row["took"] in numbers},
        {_key(row): row["products"] for row in rows if row["products"]},
        {one.key for one, row in both if one.by_customer and wills(_words(row))},
    )


def channel_of(channel: str | None) -> Medium | None:
    """How a case came in, in the words of the desk."""
    return _MEDIA.get((channel or "").casefold())


def teams_of(history: Sequence[str]) -> tuple[str, ...]:
    """The teams that held a case, one after the other, of steps that are each `time team`."""
    return tuple(found[1] if (found := _STEP.match(step.strip())) else step for step in history)


def moment(milliseconds: int | None) -> datetime | None:
    """A moment of the graph."""
    return None if milliseconds is None else at(milliseconds)


def at(milliseconds: int) -> datetime:
    """A moment of the graph that is never missing."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _key(row: Row) -> Key:
    system, _, key = (row["key"] or f"api:{row['id']}").partition(":")
    return system, key


def _pattern(names: Sequence[str]) -> re.Pattern[str]:
    longest = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, longest)) or r"(?!)", re.IGNORECASE)


def _threads(rows: Sequence[Row]) -> dict[str, str]:
    """The first message of each message's thread, by node."""
    above = {row["id"]: row["replyTo"] for row in rows}
    keys = {row["id"]: _key(row)[1] for row in rows}
    found: dict[str, str] = {}
    for row in rows:
        first, seen = row["id"], {row["id"]}
        while (before := above.get(first)) in keys and before not in seen:
            seen.add(before)
            first = before
        found[row["id"]] = keys[first]
    return found


def _contact(row: Row, numbers: Mapping[str, str], threads: Mapping[str, str]) -> Contact:
    medium = _KINDS[row["kind"]]
    return Contact(
        _key(row),
        at(row["at"]),
        medium,
        medium is not Medium.MAIL or bool(row["inbound"]),
        row["customer"],
        agent=row["agent"],
        thread=threads[row["id"]] if medium is Medium.MAIL else None,
        cases=tuple(numbers[one] for one in row["cases"] if one in numbers),
        orders=frozenset(row["orders"]),
    )


def _case(row: Row, products: re.Pattern[str]) -> ServiceCase:
    return ServiceCase(
        _key(row)[1],
        at(row["opened"]),
        moment(row["closed"]),
        moment(row["responded"]),
        channel_of(row["channel"]),
        teams_of(row["history"] or ()),
        row["team"],
        row["customer"],
        agent=row["agent"],
        orders=frozenset(row["orders"]),
        subject=products.sub(" ", row["subject"] or ""),
        resolution=row["resolution"],
    )


def _redacted(row: Row) -> str:
    return _joined(row["subjectRedacted"], _hers(row["textRedacted"], row["speakers"]))


def _words(row: Row) -> Words:
    return Words(row["subject"], _hers(row["text"], row["speakers"]), row["kind"] == "CALL", row["language"])


def _hers(said: str | None, speakers: Sequence[str] | None) -> str | None:
    """The lines that the customer says; all of them where nobody says who speaks."""
    if not said or not speakers:
        return said
    return "\n".join(line for line, who in zip(said.split("\n"), speakers, strict=False) if who == _CUSTOMER)


def _joined(*parts: str | None) -> str:
    return "\n".join(part or "" for part in parts)
